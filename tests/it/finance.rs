//! Finance against independent answers: published cases, closed forms, properties.

mod cases;
mod debts;
mod depreciation;
mod extremes;
mod project;
mod returns;
pub mod sample;
mod sites;
mod streams;
mod tariffs;
mod taxes;
