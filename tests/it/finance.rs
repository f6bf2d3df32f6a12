//! Finance against independent answers: published cases, closed forms, properties.

mod cases;
mod clean;
mod contracts;
mod debts;
mod depreciation;
mod extremes;
mod pools;
mod project;
mod refresh;
mod returns;
pub mod sample;
mod sites;
mod streams;
mod tariffs;
mod taxes;
