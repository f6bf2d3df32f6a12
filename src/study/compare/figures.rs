//! The headline figures: what each is, its unit, and which way is better for the owner.

use super::{FigureRow, Side, halls};
use crate::finance::returns::Irr;
use crate::plan::result::Status;
use crate::site::KeyFigure;
use crate::study::finance::SiteFinance;
use crate::units::format;
use crate::units::{Money, Power, TokenPrice, TokenRate};

/// Which way is better for the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    More,
    Less,
    Neither,
}

/// Changes below this share of the value are rounding of the solver.
const NOISE: f64 = 1e-9;

pub(super) fn rows(a: Side<'_>, b: Side<'_>) -> Vec<FigureRow> {
    let row = |id: KeyFigure| {
        let (x, y) = (figure(id, a), figure(id, b));
        let change = x.zip(y).map(|(x, y)| {
            let change = y - x;
            if change.abs() <= NOISE * x.abs().max(y.abs()) { 0.0 } else { change }
        });
        // A value or a rate may be a loss: no times of anything.
        let has_ratio = |x: f64, y: f64| match id {
            KeyFigure::Npv | KeyFigure::Irr => false,
            _ => x != 0.0 && y * x.signum() >= 0.0,
        };
        let ratio = x.zip(y).filter(|(x, y)| has_ratio(*x, *y)).map(|(x, y)| y / x);
        let b_is_better = change.filter(|c| *c != 0.0).and_then(|c| match better(id) {
            Better::More => Some(c > 0.0),
            Better::Less => Some(c < 0.0),
            Better::Neither => None,
        });
        let (label, unit) = (label(id).to_owned(), unit(id));
        FigureRow { id, label, unit, a: x, b: y, change, ratio, b_is_better }
    };
    KeyFigure::ALL.into_iter().map(row).filter(|r| r.a.is_some() || r.b.is_some()).collect()
}

/// The figure of an answer; `None` where it is unknown or there is no plan.
pub fn figure(id: KeyFigure, side: Side<'_>) -> Option<f64> {
    let (plan, headline) = (&side.outcome.plan, &side.outcome.headline);
    let planned = matches!(plan.status, Status::Optimal)
        || (plan.status == Status::Limit && plan.objective_usd_per_year.is_some());
    if !planned {
        return None;
    }
    match id {
        KeyFigure::GridPower => Some(plan.grid_mw),
        KeyFigure::FirmPower => Some(plan.firm_mw),
        KeyFigure::InterruptiblePower => Some((plan.grid_mw - plan.firm_mw).max(0.0)),
        KeyFigure::ItPower => Some(plan.it_mw),
        KeyFigure::Racks => headline.racks_installed,
        KeyFigure::Gpus => halls::gpus(side),
        KeyFigure::OutputTokens => Some(plan.tokens_per_s.output),
        KeyFigure::Revenue => Some(plan.revenue_usd_per_year),
        KeyFigure::EnergyCost => Some(plan.energy_cost_usd_per_year),
        KeyFigure::Objective => plan.objective_usd_per_year,
        KeyFigure::Capex => headline.capex_usd,
        KeyFigure::EnergyPerMtok => headline.energy_usd_per_mtok,
        KeyFigure::GainOfGridMw => {
            let contract = plan.limits.iter().find(|l| l.kind == "grid_contract");
            contract.and_then(|l| l.gain_usd_per_year)
        }
        KeyFigure::GainOverBaseline => {
            let baseline = side.outcome.baseline.as_ref()?.objective_usd_per_year;
            Some(plan.objective_usd_per_year? - baseline)
        }
        KeyFigure::DesignPue => Some(headline.pue_mean).filter(|pue| *pue > 0.0),
        KeyFigure::WorldRatio => headline.world_ratio,
        KeyFigure::FirstYearRevenue
        | KeyFigure::CapexAllIn
        | KeyFigure::Npv
        | KeyFigure::Irr
        | KeyFigure::LevelisedCost => of_value(id, side.finance?),
    }
}

/// The figures of the value, as every report has them.
fn of_value(id: KeyFigure, finance: &SiteFinance) -> Option<f64> {
    let results = &finance.evaluation.results;
    match (id, &results.unlevered.irr) {
        (KeyFigure::FirstYearRevenue, _) => {
            let stated = &finance.headline_revenue;
            stated.year.map(|_| stated.usd_per_year)
        }
        (KeyFigure::CapexAllIn, _) => Some(results.capex.total_usd),
        (KeyFigure::Npv, _) => Some(results.unlevered.npv_usd),
        (KeyFigure::Irr, Irr::One(rate)) => Some(*rate),
        (KeyFigure::LevelisedCost, _) => results.levelised_usd_per_mtok.ok(),
        _ => None,
    }
}

/// What a planner calls it.
pub const fn label(id: KeyFigure) -> &'static str {
    match id {
        KeyFigure::GridPower => "Grid power, worst hour",
        KeyFigure::FirmPower => "Firm power sold, N-1",
        KeyFigure::InterruptiblePower => "Interruptible power",
        KeyFigure::ItPower => "IT power",
        KeyFigure::Racks => "Racks",
        KeyFigure::Gpus => "GPUs",
        KeyFigure::OutputTokens => "Output tokens",
        KeyFigure::FirstYearRevenue => "Revenue, first full year",
        KeyFigure::Revenue => "Revenue, today's prices",
        KeyFigure::EnergyCost => "Energy cost",
        KeyFigure::Objective => "Revenue less running cost",
        KeyFigure::Capex => "Capex",
        KeyFigure::EnergyPerMtok => "Energy per M tokens",
        KeyFigure::GainOfGridMw => "Gain of 1 MW grid",
        KeyFigure::GainOverBaseline => "Net gain over baseline",
        KeyFigure::DesignPue => "Design PUE, year mean",
        KeyFigure::WorldRatio => "Of the world's tokens",
        KeyFigure::CapexAllIn => "Capex, all in",
        KeyFigure::Npv => "NPV, after tax",
        KeyFigure::Irr => "IRR, after tax",
        KeyFigure::LevelisedCost => "Levelised cost per M",
    }
}

/// Unit of the plain number, as a script reads it.
pub const fn unit(id: KeyFigure) -> &'static str {
    match id {
        KeyFigure::GridPower
        | KeyFigure::FirmPower
        | KeyFigure::InterruptiblePower
        | KeyFigure::ItPower => "MW",
        KeyFigure::Racks => "racks",
        KeyFigure::Gpus => "GPUs",
        KeyFigure::OutputTokens => "tokens/s",
        KeyFigure::FirstYearRevenue
        | KeyFigure::Revenue
        | KeyFigure::EnergyCost
        | KeyFigure::Objective
        | KeyFigure::GainOverBaseline => "USD/year",
        KeyFigure::Capex | KeyFigure::CapexAllIn | KeyFigure::Npv => "USD",
        KeyFigure::Irr => "share",
        KeyFigure::EnergyPerMtok | KeyFigure::LevelisedCost => "USD/Mtok",
        KeyFigure::GainOfGridMw => "USD/year per MW",
        KeyFigure::DesignPue => "",
        KeyFigure::WorldRatio => "times",
    }
}

const fn better(id: KeyFigure) -> Better {
    match id {
        KeyFigure::OutputTokens
        | KeyFigure::FirstYearRevenue
        | KeyFigure::Revenue
        | KeyFigure::Objective
        | KeyFigure::Npv
        | KeyFigure::Irr
        | KeyFigure::GainOfGridMw => Better::More,
        KeyFigure::EnergyCost
        | KeyFigure::Capex
        | KeyFigure::CapexAllIn
        | KeyFigure::LevelisedCost
        | KeyFigure::EnergyPerMtok
        | KeyFigure::DesignPue => Better::Less,
        _ => Better::Neither,
    }
}

/// The figure for people, unit included.
pub fn show(id: KeyFigure, value: f64) -> String {
    match unit(id) {
        "MW" => format::power(Power::mw(value)),
        "racks" | "GPUs" => format::count(value),
        "tokens/s" => format::token_rate(TokenRate::per_s(value)),
        "USD/year" | "USD/year per MW" => format::money_per_year(Money::usd(value)),
        "USD" => format::money(Money::usd(value)),
        "USD/Mtok" => format::price(TokenPrice::usd_per_mtok(value)),
        "share" => format::share(value),
        "times" => format!("× {}", format::fixed(value, if value < 0.1 { 3 } else { 2 })),
        _ => format::fixed(value, 3),
    }
}

/// A change of the figure for people, with its sign.
pub fn show_change(id: KeyFigure, change: f64) -> String {
    match unit(id) {
        "MW" => format::power_change(Power::mw(change)),
        "tokens/s" => format::token_rate_change(TokenRate::per_s(change)),
        "USD/year" | "USD/year per MW" => format::money_change_per_year(Money::usd(change)),
        "USD" => format::money_change(Money::usd(change)),
        "share" => format::share_change(change),
        _ if change == 0.0 => show(id, 0.0).trim_start_matches("× ").to_owned(),
        _ => {
            let sign = if change < 0.0 { "−" } else { "+" };
            format!("{sign}{}", show(id, change.abs()).trim_start_matches("× "))
        }
    }
}
