//! Sales, running cost and the three statements by fiscal year.

use super::Desk;
use crate::finance::project::Row as Line;
use crate::scene::chart::money::Id;

/// Rows of the statements that are sums of those above.
const INCOME: [&str; 6] =
    ["revenue", "operating cost", "EBITDA", "EBIT", "profit before tax", "net income"];
const BALANCE: [&str; 2] = ["total assets", "total liabilities and equity"];
const CASH: [&str; 4] =
    ["cash from operation", "cash from investing", "cash from financing", "change of cash"];

pub fn write(desk: &mut Desk) {
    let years = desk.facts.years.clone();
    let of = |part: &str, sum: &str| -> Vec<Line> {
        years.income.iter().filter(|r| r.name.starts_with(part) || r.name == sum).cloned().collect()
    };
    desk.chapter("Revenue and running cost");
    let size = (desk.width, 270.0);
    let caption = "Sales by tier and fiscal year; tiers from the cheapest upwards.";
    let figure = desk.facts.figure(Id::RevenueByTier, size, caption, desk.measure);
    desk.push(figure);
    desk.section("Revenue by tier");
    desk.by_year(&of("revenue: ", "revenue"), &["revenue"], true);
    desk.section("Running cost");
    desk.by_year(&of("opex: ", "operating cost"), &["operating cost"], true);
    desk.chapter("Financial statements");
    desk.say(
        "Statements run by month; the tables show fiscal years. Flows are sums over the months of \
         a year, stocks those at its end. Figures in parentheses are negative; a dash is zero.",
    );
    desk.section("Income statement");
    let income: Vec<Line> =
        years.income.iter().filter(|r| !r.name.contains(": ")).cloned().collect();
    desk.by_year(&income, &INCOME, true);
    desk.section("Balance sheet");
    desk.by_year(&years.balance, &BALANCE, false);
    desk.section("Cash flow statement");
    desk.by_year(&years.cash_flow, &CASH, true);
    desk.section("Flows that returns are made of");
    desk.by_year(&years.flows, &["after tax, no loan"], true);
}
