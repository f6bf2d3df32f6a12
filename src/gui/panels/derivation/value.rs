//! How the value of the plan and the cost of its tokens came about.

use crate::gui::components::popover::{Derivation, Input};
use crate::gui::context::Context;
use crate::study::finance::{Assumption, SiteFinance, tier_of};
use crate::units::format::{self, money, money_change, money_per_year, plain, price, share};
use crate::units::{Money, TokenPrice};

fn usd(value: f64) -> String {
    money(Money::usd(value))
}

/// What stands in place of a derivation while there is no value.
fn none(cx: &Context<'_>) -> Derivation {
    let note = match cx.finances.missing() {
        Some(why) => format!("{why}."),
        None => "The plan is being valued.".to_owned(),
    };
    Derivation {
        formula: "cash flows of the plan over the life of its racks".into(),
        note,
        ..Derivation::default()
    }
}

/// Assumptions that lead the list, by their paths.
fn leading(finance: &SiteFinance) -> impl Iterator<Item = Input> {
    const PATHS: [&str; 4] = ["discount", "rack_life", "rack-life", "price-decline"];
    let is_leading = |a: &&Assumption| PATHS.iter().any(|p| a.path.contains(p));
    finance.assumptions.iter().filter(is_leading).map(|a| {
        let value = if a.unit.starts_with("share") {
            share(a.value)
        } else {
            format!("{} {}", plain(a.value), a.unit)
        };
        Input::new(a.name.clone(), value, a.source.clone())
    })
}

/// Revenue of the first full year by tier, where the site is valued; nothing where the headline
/// states the plan's year.
pub(super) fn revenue(cx: &Context<'_>) -> Option<Derivation> {
    let finance = cx.finances.now()?;
    let outcome = cx.outcome?;
    let year = finance.headline_revenue.year?;
    let statements = &finance.evaluation.statements;
    let name = statements.years.get(year)?;
    let by_year = statements.by_year();
    let mut tiers: Vec<(&str, f64)> = Vec::new();
    for stream in &finance.project.streams {
        let row =
            by_year.income.iter().find(|r| r.name.strip_prefix("revenue: ") == Some(&stream.id));
        let usd = row.and_then(|r| r.values.get(year)).copied().unwrap_or(0.0);
        let id = tier_of(cx.site, &stream.id);
        match tiers.iter_mut().find(|(tier, _)| *tier == id) {
            Some((_, sum)) => *sum += usd,
            None => tiers.push((id, usd)),
        }
    }
    let sold = tiers.into_iter().filter(|(_, usd)| *usd != 0.0);
    let mut inputs: Vec<Input> = sold
        .map(|(id, usd)| {
            let name = cx.tier(id).map_or("Powered shell", |t| t.name.as_str());
            Input::new(name, usd_per_year(usd), "project model")
        })
        .collect();
    let plan = outcome.plan.revenue_usd_per_year;
    inputs.push(Input::new("Plan's year, today's prices", usd_per_year(plan), "plan"));
    if let Some(base) = &outcome.baseline {
        let gain = money_change(Money::usd(plan - base.revenue_usd_per_year));
        inputs.push(Input::new(format!("of it over {}", base.short_name()), gain, "plan"));
    }
    inputs.extend(leading(finance).filter(|i| i.name.contains("rice")));
    Some(Derivation {
        tag: format!("per year, {name}"),
        result: usd_per_year(finance.headline_revenue.usd_per_year),
        formula: "units sold in the first fiscal year in which every phase runs at full load × \
                  the prices of that year"
            .into(),
        inputs,
        note: "Finance shows every year. No year of the model earns today's prices at full load."
            .into(),
        ..Derivation::default()
    })
}

fn usd_per_year(value: f64) -> String {
    money_per_year(Money::usd(value))
}

pub(super) fn npv(cx: &Context<'_>) -> Derivation {
    let Some(finance) = cx.finances.now() else { return none(cx) };
    let results = &finance.evaluation.results;
    let statements = &finance.evaluation.statements;
    let sum = |rows: &[crate::finance::project::Row], name: &str| -> f64 {
        rows.iter().find(|r| r.name == name).map_or(0.0, |r| r.values.iter().sum())
    };
    let model = || "project model".to_owned();
    let mut inputs = vec![
        Input::new("EBITDA, all years", usd(sum(&statements.income, "EBITDA")), model()),
        Input::new("Capital", usd(-results.capex.total_usd), model()),
        Input::new(
            "Terminal value",
            usd(sum(&statements.cash_flow, "proceeds of disposal")),
            model(),
        ),
        Input::new("Tax", usd(-sum(&statements.flows, "tax, no loan")), results.tax_mode.clone()),
        Input::new("Before tax", usd(results.pretax.npv_usd), model()),
    ];
    inputs.extend(leading(finance));
    if let Some(before) = cx.finances.earlier() {
        let value = before.evaluation.results.unlevered.npv_usd;
        inputs.push(Input::new("Before the last change", usd(value), "project model"));
    }
    Derivation {
        tag: "unlevered, after tax".into(),
        result: usd(results.unlevered.npv_usd),
        formula: "each period's cash flow after tax ÷ (1 + rate)^years, from the first day of the \
                  model"
            .into(),
        inputs,
        note: "Base case. Finance shows the cash flow by year, and every assumption.".into(),
        ..Derivation::default()
    }
}

pub(super) fn cost(cx: &Context<'_>) -> Derivation {
    let Some(finance) = cx.finances.now() else { return none(cx) };
    let results = &finance.evaluation.results;
    let figure = |f: crate::finance::Figure| match f {
        Ok(value) => price(TokenPrice::usd_per_mtok(value)),
        Err(why) => why.to_string(),
    };
    let model = || "project model".to_owned();
    let mut inputs = vec![
        Input::new("Mean price of the plan", figure(results.mean_usd_per_mtok), model()),
        Input::new("Break-even price, after tax", figure(finance.breakeven_usd_per_mtok), model()),
    ];
    inputs.extend(leading(finance));
    if let Some(before) = cx.finances.earlier() {
        let value = figure(before.evaluation.results.levelised_usd_per_mtok);
        inputs.push(Input::new("Before the last change", value, "project model"));
    }
    Derivation {
        tag: "output tokens, before tax".into(),
        result: figure(results.levelised_usd_per_mtok),
        formula: "discounted capital, refreshes and running cost − proceeds".into(),
        divisor: "discounted million output tokens".into(),
        inputs,
        note: format!("Tokens are discounted too. Rate {}.", format::share(results.unlevered.rate)),
        ..Derivation::default()
    }
}
