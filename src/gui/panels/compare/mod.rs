//! The compare tab: two variants side by side. Every figure comes from the comparison of
//! their answers; nothing is computed here.

mod cards;
mod scenarios;
mod table;

use super::finance::chart_card;
use crate::catalog::{Catalog, Generation};
use crate::gui::action::{Action, Actions, Edit, View};
use crate::gui::canvas::Thumbnail;
use crate::gui::components::button::Button;
use crate::gui::components::conclusion::{Conclusion, ConclusionTone, conclusion};
use crate::gui::components::empty::empty;
use crate::gui::components::paint::{self, Text};
use crate::gui::context::{Context, VariantAnswer};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::plan::result::Status;
use crate::scene::chart::money::{Chart, site};
use crate::scene::shape::Ink;
use crate::scene::tokens::{Marker, TextRole, Token, size};
use crate::site::Site;
use crate::study::Outcome;
use crate::study::compare::{Comparison, Side, compare};
use crate::study::finance::SiteFinance;
use crate::study::risk::Scenarios;
use eframe::egui::{Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use indexmap::IndexMap;
use std::sync::Arc;

/// What the tab remembers between frames.
#[derive(Default)]
pub struct CompareState {
    /// Ids of the two variants; absent are the first and the second.
    pub a: Option<String>,
    pub b: Option<String>,
    plan_a: Thumbnail,
    plan_b: Thumbnail,
    made: Option<Made>,
}

/// A comparison with the answers that it is of.
struct Made {
    a: Of,
    b: Of,
    comparison: Arc<Comparison>,
    /// Cumulative cash of those of both that have a value.
    cash: Option<Arc<Chart>>,
    /// Names and generations of the racks that stand in one of them.
    racks: Arc<[(String, Generation)]>,
}

/// Which answer to which state of which variant.
struct Of {
    name: String,
    site: Site,
    outcome: *const Outcome,
    finance: Option<*const SiteFinance>,
}

impl PartialEq for Of {
    /// By pointers: the parts of a site are replaced, never changed.
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.site, &other.site);
        self.name == other.name
            && std::ptr::eq(self.outcome, other.outcome)
            && self.finance == other.finance
            && Arc::ptr_eq(&a.terms, &b.terms)
            && Arc::ptr_eq(&a.campus, &b.campus)
            && a.halls.len() == b.halls.len()
            && a.halls.iter().zip(&b.halls).all(|(a, b)| Arc::ptr_eq(a, b))
    }
}

impl CompareState {
    /// Indices of the two variants of a layout.
    pub fn chosen(&self, cx: &Context<'_>) -> (usize, usize) {
        let variants = cx.document.variants;
        let find = |id: &Option<String>| {
            let id = id.as_ref()?;
            variants.iter().position(|v| v.id == *id)
        };
        let a = find(&self.a).unwrap_or(0);
        let other = usize::from(a == 0);
        let b = find(&self.b).filter(|b| *b != a).unwrap_or(other);
        (a, b.min(variants.len().saturating_sub(1)))
    }

    pub fn swap(&mut self, cx: &Context<'_>) {
        let (a, b) = self.chosen(cx);
        let id = |i: usize| cx.document.variants.get(i).map(|v| v.id.clone());
        (self.a, self.b) = (id(b), id(a));
    }

    /// The comparison of two answered variants, made anew when an answer is another one.
    fn made(&mut self, a: &Shown<'_>, b: &Shown<'_>) -> &Made {
        let of = |s: &Shown<'_>| Of {
            name: s.side.name.to_owned(),
            site: s.side.site.clone(),
            outcome: std::ptr::from_ref(s.side.outcome),
            finance: s.side.finance.map(std::ptr::from_ref),
        };
        let (x, y) = (of(a), of(b));
        self.made.take_if(|m| m.a != x || m.b != y);
        self.made.get_or_insert_with(|| Made::of((x, y), (a.side, b.side)))
    }
}

impl Made {
    fn of((x, y): (Of, Of), (a, b): (Side<'_>, Side<'_>)) -> Self {
        let sides = [
            ("A", Ink::token(Token::Text2), Marker::Square, a.finance),
            ("B", Ink::token(Token::Accent), Marker::Circle, b.finance),
        ];
        let valued: Vec<_> =
            sides.into_iter().filter_map(|(n, ink, m, f)| Some((n, ink, m, f?))).collect();
        let cash = (!valued.is_empty()).then(|| Arc::new(site::cumulative(&valued)));
        let comparison = Arc::new(compare(a, b));
        Self { a: x, b: y, comparison, cash, racks: racks_of(a, b) }
    }
}

/// Racks that stand in one of two sites, each once.
fn racks_of(a: Side<'_>, b: Side<'_>) -> Arc<[(String, Generation)]> {
    let mut ids: IndexMap<&str, &Catalog> = IndexMap::new();
    for side in [a, b] {
        for rack in side.site.blocks().filter_map(|block| block.rack.as_deref()) {
            ids.entry(rack).or_insert(side.catalog);
        }
    }
    let named = ids.into_iter().filter_map(|(id, catalog)| {
        let rack = catalog.racks.get(id)?;
        Some((rack.name.clone(), rack.generation))
    });
    named.collect()
}

/// A side with how it stands to the variant as it is now.
struct Shown<'a> {
    index: usize,
    side: Side<'a>,
    scenarios: Option<&'a Scenarios>,
    stale: bool,
}

fn shown<'a>(cx: &Context<'a>, index: usize) -> Option<Shown<'a>> {
    let variant = cx.document.variants.get(index)?;
    let answer: &VariantAnswer = cx.document.answers.get(index)?;
    let outcome = answer.outcome.as_deref()?;
    let (name, site, finance) = (&variant.name, &variant.site, answer.appraised.finance());
    let side = Side { name, site, catalog: &answer.catalog, outcome, finance };
    let scenarios = answer.appraised.scenarios.as_deref();
    Some(Shown { index, side, scenarios, stale: !answer.fresh })
}

/// The choices that belong to the tab, at the right of the bar of tabs; from right to left.
pub fn controls(ui: &mut Ui, cx: &Context<'_>, state: &mut CompareState) {
    if cx.document.variants.len() < 2 {
        return;
    }
    if Button::new("Swap").with_icon(Icon::Compare).show(ui).clicked() {
        state.swap(cx);
    }
    let Some(made) = &state.made else { return };
    let words = format!("Held equal: {}", made.comparison.held_equal.join(", "));
    ui.add_space(8.0);
    let width = paint::width(ui.painter(), &words, TextRole::Body).min(ui.available_width() - 8.0);
    if width > 80.0 {
        let (rect, response) = ui.allocate_exact_size(vec2(width, 16.0), Sense::hover());
        let grey = Theme::of(ui.ctx()).color(Token::Text3);
        Text::new(&words, TextRole::Body, grey).paint(ui.painter(), rect);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
        response.on_hover_text(&words);
    }
}

/// Shows the tab in what is left of `ui`.
pub fn show(ui: &mut Ui, cx: &Context<'_>, state: &mut CompareState, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    let all = ui.available_rect_before_wrap();
    ui.painter().rect_filled(all, 0.0, theme.color(Token::App));
    ui.spacing_mut().item_spacing.y = 0.0;
    if cx.document.variants.len() < 2 {
        let why = "A variant is a copy of this site that you change; its figures then stand \
                   beside those of the original";
        if empty(ui, "Nothing to compare yet", why, Some("New variant...")) {
            actions.push(Action::Edit(Edit::NewVariant));
        }
        return;
    }
    let (a, b) = state.chosen(cx);
    let (Some(a), Some(b)) = (shown(cx, a), shown(cx, b)) else {
        let why = "They stand side by side as soon as each has its first full result";
        empty(ui, "Both variants are being computed", why, None);
        return;
    };
    let made = state.made(&a, &b);
    let (comparison, cash, racks) =
        (Arc::clone(&made.comparison), made.cash.clone(), Arc::clone(&made.racks));
    conclude(ui, &comparison, all.width());
    if a.stale || b.stale {
        let bar = Rect::from_min_size(all.min, vec2(all.width(), 2.0));
        ui.painter().rect_filled(bar, 0.0, theme.color(Token::Text3));
    }
    ScrollArea::vertical().id_salt("compare").auto_shrink(false).show(ui, |ui| {
        let cash = cash.as_deref();
        let page = Page { cx, a: &a, b: &b, comparison: &comparison, cash, racks: &racks };
        page.show(ui, state, actions);
    });
}

fn conclude(ui: &mut Ui, comparison: &Comparison, width: f32) {
    let planned = [comparison.a.status, comparison.b.status].iter().all(|s| *s == Status::Optimal);
    let tone = if planned { ConclusionTone::Neutral } else { ConclusionTone::Bad };
    let detail = if width < 1200.0 { String::new() } else { comparison.detail.clone() };
    let (sentence, caveat) = (comparison.sentence.clone(), comparison.caveat.clone());
    conclusion(ui, &Conclusion { sentence, detail, caveat, tone });
}

/// The page below the conclusion.
struct Page<'a> {
    cx: &'a Context<'a>,
    a: &'a Shown<'a>,
    b: &'a Shown<'a>,
    comparison: &'a Comparison,
    cash: Option<&'a Chart>,
    racks: &'a [(String, Generation)],
}

/// Width from which the cards stand in three columns.
const THREE_COLUMNS: f32 = 1180.0;
const GAP: f32 = size::CARD_GAP;
/// Least height of the chart of cash.
const CHART: f32 = 216.0;
/// Least height of a plan.
const PLAN: f32 = 200.0;
/// Height of a plan for its width, from which more would only show more of what lies around.
const TALLEST: f32 = 0.95;
/// And below which bars stand closer for it.
const LOW: f32 = 0.7;

impl Page<'_> {
    fn show(&self, ui: &mut Ui, state: &mut CompareState, actions: &mut Actions) {
        let room = ui.available_rect_before_wrap();
        let places = match room.width() >= THREE_COLUMNS {
            true => self.three_columns(room, ui.clip_rect().bottom()),
            false => self.two_columns(room),
        };
        self.cards(ui, state, &places, actions);
        let last = [Some(places.binding), Some(places.reading), places.scenarios];
        let bottom = last.into_iter().flatten().map(|r| r.bottom()).fold(0.0, f32::max);
        let whole = Rect::from_min_max(room.min, pos2(room.right(), bottom + GAP));
        ui.allocate_rect(whole, Sense::hover());
    }

    /// Plans at both sides of the table with revenue and cash below them, then what binds and how
    /// to read the plans, scenarios at the bottom; without a value what binds stands in place of
    /// cash. The window's lower edge cuts no chart: all is in view, or plans and charts are.
    fn three_columns(&self, room: Rect, view_bottom: f32) -> Places {
        let c = self.comparison;
        let top = room.top() + GAP;
        let side = ((room.width() - 4.0 * GAP) * 0.295).round();
        let middle = room.width() - 4.0 * GAP - 2.0 * side;
        let left = room.left() + GAP;
        let (mid, right) = (left + side + GAP, left + side + middle + 2.0 * GAP);
        let view = view_bottom - top - GAP;
        let (table, binding) = (table::height(c), cards::binding_height(c));
        let reading = cards::reading_height(self);
        let foot = binding.max(reading);
        let valued = self.is_valued();
        let scenarios = if valued { self.scenarios_height() + GAP } else { 0.0 };
        let under = if valued { CHART } else { foot + GAP + reading };
        let least = PLAN + GAP + cards::bars_least(c).max(under);
        // What stands beside the table, down to its end.
        let below = if valued { foot + GAP } else { 0.0 };
        let fits = table.max(least + below) + scenarios <= view;
        let beside = table - below;
        let upper = match fits {
            true => view - scenarios - below,
            // What binds stands in view as well where the table does.
            false if table <= view && beside >= least => beside,
            false => view.max(least),
        };
        let upper = if valued { upper } else { upper.max(table) };
        let room_above = |chart: f32| upper - GAP - chart.max(under);
        let plan = room_above(cards::bars_height(c));
        let plan = plan.max(room_above(cards::bars_least(c)).min(side * LOW)).min(side * TALLEST);
        let lower = top + plan + GAP;
        let rest = upper - GAP - plan;
        let height = table.max(upper + below);
        let (after, end) = (top + upper + GAP, top + height);
        let last = end + GAP;
        let under_b = at(right, lower, side, rest);
        let (under_b, foot_b) = under_b.split_top_bottom_at_y(under_b.bottom() - reading - GAP);
        Places {
            plan_a: at(left, top, side, plan),
            plan_b: at(right, top, side, plan),
            figures: at(mid, top, middle, height),
            bars: at(left, lower, side, rest),
            cash: valued.then(|| at(right, lower, side, rest)),
            binding: if valued { at(left, after, side, end - after) } else { under_b },
            reading: match valued {
                true => at(right, after, side, end - after),
                false => foot_b.with_min_y(foot_b.top() + GAP),
            },
            scenarios: valued.then(|| at(left, last, room.width() - 2.0 * GAP, scenarios - GAP)),
        }
    }

    fn two_columns(&self, room: Rect) -> Places {
        let c = self.comparison;
        let (left, wide) = (room.left() + GAP, room.width() - 2.0 * GAP);
        let half = (wide - GAP) / 2.0;
        let right = left + half + GAP;
        let top = room.top() + GAP;
        let plan = (half * 0.7).clamp(160.0, 360.0);
        let table_top = top + plan + GAP;
        let table_height = table::height(c);
        let lower = table_top + table_height + GAP;
        let bars = cards::bars_height(c);
        let foot = cards::binding_height(c).max(cards::reading_height(self));
        let valued = self.is_valued();
        let rest = if valued { bars.max(CHART) } else { bars.max(foot) };
        let last = lower + rest + GAP;
        let under = at(right, lower, half, rest);
        let (binding, reading) = match valued {
            true => (at(left, last, half, foot), at(right, last, half, foot)),
            false => (under, at(left, last, wide, cards::reading_height(self))),
        };
        Places {
            plan_a: at(left, top, half, plan),
            plan_b: at(right, top, half, plan),
            figures: at(left, table_top, wide, table_height),
            bars: at(left, lower, half, rest),
            cash: valued.then_some(under),
            binding,
            reading,
            scenarios: valued.then(|| at(left, last + foot + GAP, wide, self.scenarios_height())),
        }
    }

    /// Whether the value of one of the two is known.
    fn is_valued(&self) -> bool {
        self.a.side.finance.is_some() || self.b.side.finance.is_some()
    }

    fn scenarios_height(&self) -> f32 {
        scenarios::height(scenarios::rows(self))
    }

    fn scenarios(&self, of_a: bool) -> Option<&Scenarios> {
        if of_a { self.a.scenarios } else { self.b.scenarios }
    }

    fn name(&self, of_a: bool) -> &str {
        if of_a { self.a.side.name } else { self.b.side.name }
    }

    fn cards(&self, ui: &mut Ui, state: &mut CompareState, places: &Places, actions: &mut Actions) {
        let Places { plan_a, plan_b, figures, bars, binding, reading, .. } = *places;
        let (x, y) = (self.a.index, self.b.index);
        if let Some(id) = cards::plan(self, ui, plan_a, (true, &mut state.plan_a)) {
            state.a = Some(id);
            state.b.get_or_insert_with(|| self.cx.document.variants[y].id.clone());
        }
        if let Some(id) = cards::plan(self, ui, plan_b, (false, &mut state.plan_b)) {
            state.b = Some(id);
            state.a.get_or_insert_with(|| self.cx.document.variants[x].id.clone());
        }
        let scope = UiBuilder::new().max_rect(figures);
        ui.scope_builder(scope, |ui| table::show(ui, self.comparison, figures));
        cards::bars(self, ui, bars);
        cards::binding(self, ui, binding);
        cards::reading(self, ui, reading, actions);
        if let (Some(chart), Some(place)) = (self.cash, places.cash) {
            chart_card(ui, chart, place);
        }
        if let Some(place) = places.scenarios {
            scenarios::show(self, ui, place);
        }
    }
}

/// Where the cards stand.
struct Places {
    plan_a: Rect,
    plan_b: Rect,
    figures: Rect,
    bars: Rect,
    cash: Option<Rect>,
    binding: Rect,
    reading: Rect,
    scenarios: Option<Rect>,
}

fn at(x: f32, y: f32, w: f32, h: f32) -> Rect {
    Rect::from_min_size(pos2(x, y), vec2(w, h))
}

/// Brings a changed element of a variant to the front.
fn jump(element: crate::gui::context::Element) -> Action {
    Action::View(View::Jump(element))
}
