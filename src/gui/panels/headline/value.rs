//! The tiles of the value: what the plan is worth and what a million tokens cost, with what the
//! last change did to both.

use super::{field_words, with};
use crate::finance::Figure;
use crate::gui::components::tile::{MarkTone, Tile, TileState};
use crate::gui::context::Context;
use crate::gui::panels::finance::irr_words;
use crate::study::finance::{NoFinance, SiteFinance};
use crate::units::format;
use crate::units::{Money, TokenPrice};

/// What stands in a tile while there is no value.
fn none(cx: &Context<'_>) -> Tile {
    let tile = |value: &str, context: String, state| Tile {
        value: value.to_owned(),
        context,
        state,
        ..Tile::default()
    };
    let dash = format::DASH;
    match cx.finances.missing() {
        Some(NoFinance::Unknown(path)) => {
            tile("stopped", format!("{} unknown", field_words(cx, path)), TileState::Stopped)
        }
        Some(why) => tile("stopped", why.to_string(), TileState::Stopped),
        None => tile(dash, "not valued yet".to_owned(), TileState::Stale),
    }
}

/// A tile that is of an older plan says so.
fn aged(cx: &Context<'_>, tile: Tile) -> Tile {
    let is_old = cx.finances.stale && tile.state == TileState::Rest;
    if is_old { Tile { state: TileState::Stale, ..tile } } else { tile }
}

pub(super) fn npv(cx: &Context<'_>) -> Tile {
    let Some(finance) = cx.finances.now() else { return none(cx) };
    let returns = &finance.evaluation.results.unlevered;
    let mut tile = with(&format::money(Money::usd(returns.npv_usd)));
    tile.context = format!("IRR {}", irr_words(&returns.irr));
    // The base case alone flatters: where draws are known, the low one stands with it.
    if let Some(drawn) = cx.risks.draws.found.as_ref().filter(|_| !cx.risks.draws.stale) {
        let low = format::money(Money::usd(drawn.npv_usd.p90));
        tile.context = format!("{}, P90 {low}", tile.context);
    }
    let of = |f: &SiteFinance| f.evaluation.results.unlevered.npv_usd;
    if let Some(change) = changed(cx, |f| Ok(of(f))) {
        tile.mark = format::money_change(Money::usd(change));
        tile.mark_tone = if change > 0.0 { MarkTone::Good } else { MarkTone::Bad };
        tile.context = format!("last change, {}", tile.context);
    }
    aged(cx, tile)
}

pub(super) fn cost(cx: &Context<'_>) -> Tile {
    let Some(finance) = cx.finances.now() else { return none(cx) };
    let levelised = finance.evaluation.results.levelised_usd_per_mtok;
    let mut tile = match levelised {
        Ok(usd) => {
            let text = format::price(TokenPrice::usd_per_mtok(usd));
            with(text.trim_end_matches(" per M"))
        }
        Err(why) => {
            Tile { value: "n/a".into(), context: reason(&why.to_string()), ..Tile::default() }
        }
    };
    if levelised.is_err() {
        return aged(cx, tile);
    }
    tile.context = "output, levelised, before tax".into();
    if let Some(change) = changed(cx, |f| f.evaluation.results.levelised_usd_per_mtok) {
        let size = format::price(TokenPrice::usd_per_mtok(change.abs()));
        let sign = if change > 0.0 { "+" } else { "−" };
        tile.mark = format!("{sign}{}", size.trim_end_matches(" per M"));
        tile.mark_tone = if change < 0.0 { MarkTone::Good } else { MarkTone::Bad };
        tile.context = "last change, levelised".into();
    }
    aged(cx, tile)
}

/// `no sign change` of `n/a (no sign change)`.
fn reason(words: &str) -> String {
    words.trim_start_matches("n/a (").trim_end_matches(')').to_owned()
}

/// What the last change did to a figure, where that can be seen.
fn changed(cx: &Context<'_>, of: impl Fn(&SiteFinance) -> Figure) -> Option<f64> {
    let (now, before) = (cx.finances.now()?, cx.finances.earlier()?);
    let (now, before) = (of(now).ok()?, of(before).ok()?);
    let change = now - before;
    (change.abs() > 1e-9 * now.abs().max(before.abs())).then_some(change)
}
