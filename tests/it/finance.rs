//! Finance against independent answers: published cases, closed forms, properties.

mod cases;
mod debts;
mod depreciation;
mod extremes;
mod returns;
mod tariffs;
mod taxes;
