//! The picture of a step: plan, diagram, chart, or two plans.

use super::{Presentation, Step};
use crate::gui::canvas::Look;
use crate::gui::components::paint::Text;
use crate::gui::context::{Context, Freshness, Grid};
use crate::gui::panels::finance::chart_card;
use crate::gui::panels::{keynote_chart, one_line};
use crate::gui::theme::Theme;
use crate::scene::chart::money::risk;
use crate::scene::plan::Overlay;
use crate::scene::tokens::{TextRole, Token};
use crate::site::{TourOverlay, TourView};
use crate::study::compare::{Side, compare};
use eframe::egui::{Rect, Ui, UiBuilder, pos2, vec2};

pub fn show(ui: &mut Ui, now: &Step<'_>, state: &mut Presentation, rect: Rect) {
    let theme = Theme::of(ui.ctx());
    let Some(side) = now.shown else {
        let grey = theme.color(Token::Text2);
        Text::new("Computing", TextRole::H1, grey).center().paint(ui.painter(), rect);
        return;
    };
    match now.step.view {
        TourView::SitePlan => plan(ui, now, (state, 0), (side, rect)),
        TourView::OneLine => diagram(ui, now, state, (side, rect)),
        TourView::Economics => {
            let cx = context(now.cx, side);
            keynote_chart::show(ui, &cx, side.outcome, &mut state.economics, rect);
        }
        TourView::Ladder => ladder(ui, now, rect),
        TourView::Compare => match now.from {
            Some(from) => both(ui, now, state, (from, side, rect)),
            None => plan(ui, now, (state, 0), (side, rect)),
        },
    }
}

/// A chart dims what is stale; a step without its answer shows no chart at all.
static ANSWERED: Freshness = Freshness::Full { age_s: 0.0 };

/// The context of a variant that is only shown: nothing of it is selected or edited.
fn context<'a>(cx: &Context<'a>, side: Side<'a>) -> Context<'a> {
    Context {
        site: side.site,
        catalog: side.catalog,
        outcome: Some(side.outcome),
        selection: &[],
        freshness: &ANSWERED,
        grid: Grid::default(),
        ..*cx
    }
}

fn overlay(wanted: Option<TourOverlay>) -> Overlay {
    match wanted {
        None | Some(TourOverlay::None) => Overlay::None,
        Some(TourOverlay::Loading) => Overlay::Loading,
        Some(TourOverlay::Headroom) => Overlay::Headroom,
        Some(TourOverlay::Firm) => Overlay::Firm,
        Some(TourOverlay::Tier) => Overlay::Tier,
    }
}

fn plan(
    ui: &mut Ui,
    now: &Step<'_>,
    (state, which): (&mut Presentation, usize),
    (side, rect): (Side<'_>, Rect),
) {
    let look = Look {
        name: side.name,
        outlined: &now.step.select,
        overlay: overlay(now.step.overlay),
        zoom: now.step.zoom,
    };
    if let Some(thumbnail) = state.plans.get_mut(which) {
        thumbnail.show(ui, &context(now.cx, side), rect, look);
    }
}

fn diagram(ui: &mut Ui, now: &Step<'_>, state: &mut Presentation, (side, rect): (Side<'_>, Rect)) {
    if now.step.overlay.is_some() {
        state.one_line.overlay = overlay(now.step.overlay);
    }
    let cx = context(now.cx, side);
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        // What gestures ask for is dropped: a presentation changes nothing.
        one_line::show(ui, &cx, &mut state.one_line, &mut Vec::new());
    });
}

/// From the keynote figure to the first year, and below it to the value.
fn ladder(ui: &mut Ui, now: &Step<'_>, rect: Rect) {
    let words = |ui: &Ui, text: &str| {
        let grey = Theme::of(ui.ctx()).color(Token::Text2);
        Text::new(text, TextRole::H1, grey).center().paint(ui.painter(), rect);
    };
    let found = match now.ladder {
        Some(Ok(found)) => found,
        Some(Err(why)) => return words(ui, why),
        None => return words(ui, "Each step is being solved anew"),
    };
    let value = risk::value_ladder(found);
    let tall = if value.is_some() { (rect.height() - 12.0) * 0.54 } else { rect.height() };
    let (above, below) = rect.split_top_bottom_at_y(rect.top() + tall);
    chart_card(ui, &risk::ladder(found), above);
    if let Some(value) = value {
        chart_card(ui, &value, below.with_min_y(below.top() + 12.0));
    }
}

/// Before and after, what is changed outlined in the second.
fn both(
    ui: &mut Ui,
    now: &Step<'_>,
    state: &mut Presentation,
    (from, to, rect): (Side<'_>, Side<'_>, Rect),
) {
    let theme = Theme::of(ui.ctx());
    let changed = compare(from, to).changed;
    let half = (rect.width() - 16.0) / 2.0;
    let nothing: &[String] = &[];
    let sides = [(from, nothing), (to, changed.as_slice())];
    for (i, ((side, outlined), thumbnail)) in sides.into_iter().zip(&mut state.plans).enumerate() {
        let x = rect.left() + (half + 16.0) * i as f32;
        let name = Rect::from_min_size(pos2(x, rect.top()), vec2(half, 26.0));
        Text::new(side.name, TextRole::H1, theme.color(Token::Text1)).paint(ui.painter(), name);
        let place = Rect::from_min_max(pos2(x, rect.top() + 34.0), pos2(x + half, rect.bottom()));
        let look =
            Look { name: side.name, outlined, overlay: overlay(now.step.overlay), zoom: false };
        thumbnail.show(ui, &context(now.cx, side), place, look);
    }
}
