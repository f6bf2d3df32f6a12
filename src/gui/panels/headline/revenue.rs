//! The tile of the revenue: that of the first full year where the site is valued, at the prices of
//! that year; until then the plan's year at today's prices.

use super::with;
use crate::gui::components::tile::{MarkTone, Tile, TileState};
use crate::gui::context::Context;
use crate::study::Outcome;
use crate::study::finance::{SiteFinance, StatedRevenue};
use crate::units::Money;
use crate::units::format::{self, money, money_per_year};

/// The stated revenue with the name of its year, where it is one of the statements.
fn stated<'a>(cx: &Context<'a>) -> Option<(&'a StatedRevenue, &'a str)> {
    let finance: &SiteFinance = cx.finances.now()?;
    let stated = &finance.headline_revenue;
    let year = finance.evaluation.statements.years.get(stated.year?)?;
    Some((stated, year))
}

pub(super) fn label(cx: &Context<'_>) -> String {
    match (stated(cx), &cx.site.terms.finance.price_date) {
        (Some(_), _) => "Revenue, first full year".into(),
        (None, Some(date)) => format!("Revenue, {date} prices"),
        (None, None) => "Revenue, today's prices".into(),
    }
}

/// What the figure is, in a sentence.
pub(super) fn tip(cx: &Context<'_>) -> Option<String> {
    let (_, year) = stated(cx)?;
    let plan = cx.outcome?.plan.revenue_usd_per_year;
    Some(format!(
        "Revenue of {year}, the first fiscal year in which every phase runs at full load, at the \
         prices of that year. The plan's year at today's prices would earn {}, which no year of \
         the model does",
        money_per_year(Money::usd(plan))
    ))
}

pub(super) fn tile(cx: &Context<'_>, outcome: &Outcome) -> Tile {
    let plan = outcome.plan.revenue_usd_per_year;
    if let Some((stated, year)) = stated(cx) {
        return of_year(cx, plan, (stated.usd_per_year, year));
    }
    let mut tile = with(&money_per_year(Money::usd(plan)));
    match &outcome.baseline {
        Some(base) => {
            let gain = plan - base.revenue_usd_per_year;
            if gain.abs() < 1e-6 * plan.abs().max(1.0) {
                tile.context = format!("the same with {}", base.short_name());
                return tile;
            }
            tile.mark = format::money_change(Money::usd(gain));
            tile.mark_tone = tone_of(gain);
            tile.context = format!("{} {}", over(gain), base.short_name());
        }
        None => tile.context = "at the prices of the tiers".into(),
    }
    tile
}

/// The figure of a year of the statements. While that of the newest plan is on its way it follows
/// the plan's own year in proportion, and says that it is near.
fn of_year(cx: &Context<'_>, plan: f64, (usd, year): (f64, &str)) -> Tile {
    let valued = cx.finances.valued.as_ref().map(|v| v.outcome.plan.revenue_usd_per_year);
    let moved = valued.filter(|of| cx.finances.stale && *of > 0.0 && *of != plan);
    let mut tile = match moved {
        Some(of) => {
            Tile { state: TileState::Preview, ..with(&money_per_year(Money::usd(usd * plan / of))) }
        }
        None => with(&money_per_year(Money::usd(usd))),
    };
    tile.context = format!("{year}; {} today", money(Money::usd(plan)));
    tile
}

/// A gain is over its baseline, a loss against it.
fn over(change: f64) -> &'static str {
    if change < 0.0 { "against" } else { "over" }
}

fn tone_of(change: f64) -> MarkTone {
    if change > 0.0 {
        MarkTone::Good
    } else if change < 0.0 {
        MarkTone::Bad
    } else {
        MarkTone::Plain
    }
}
