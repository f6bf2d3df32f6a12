//! The card of inputs: requests, serving, where it runs and what ran. It changes the
//! controls and nothing else.

use super::lab::{Answer, Desk};
use super::question::{Controls, drafts, estimable, months, precisions, tiers};
use super::words;
use crate::catalog::{Catalog, Model, Serving};
use crate::estimate::Choice;
use crate::gui::components::card::section;
use crate::gui::components::paint::{self, Text};
use crate::gui::components::segmented::segmented;
use crate::gui::components::select::Select;
use crate::gui::components::slider::{Slider, Spread};
use crate::gui::context::Context;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::units::format::{self, Unit, unit_of_suffix};
use crate::units::month::Month;
use eframe::egui::{Align, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Column of labels.
const LABEL: f32 = 88.0;
const FIELD: f32 = 22.0;
/// Ends of the bars: tokens, and milliseconds to the first token.
const LEAST_TOKENS: f64 = 128.0;
const MOST_TOKENS: f64 = 1_048_576.0;
const MOST_OUTPUT: f64 = 65_536.0;
const FIRST_MS: (f64, f64) = (50.0, 30_000.0);
const MOST_CACHED: f64 = 0.98;

/// Shows the inputs over the width that is left.
pub fn show(ui: &mut Ui, cx: &Context<'_>, controls: &mut Controls, desk: &Desk) {
    let catalog = cx.catalog;
    let Some(model) = controls.model(catalog) else { return };
    section(ui, "Requests", "", true);
    workload(ui, cx, controls);
    choose_model(ui, catalog, model, controls);
    lengths(ui, model, controls);
    section(ui, "Serving", "", false);
    let answer = desk.answer().map(AsRef::as_ref);
    precision(ui, model, answer, controls);
    if let Some(serving) = controls.serving(catalog) {
        software(ui, catalog, serving, controls);
    }
    draft(ui, model, controls);
    section(ui, "Scope", "", false);
    scope(ui, controls);
    ran(ui, desk);
}

/// A row with its label; returns the room of the input.
fn row(ui: &mut Ui, label: &str) -> Rect {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 27.0), Sense::hover());
    let grey = Theme::of(ui.ctx()).color(Token::Text2);
    Text::new(label, TextRole::Body, grey)
        .paint(ui.painter(), rect.with_max_x(rect.left() + LABEL - 6.0));
    let middle = rect.center().y;
    let left = rect.left() + LABEL;
    Rect::from_min_max(pos2(left, middle - FIELD / 2.0), pos2(rect.right(), middle + FIELD / 2.0))
}

/// A choice from a list.
fn select(ui: &mut Ui, label: &str, options: &[String], selected: Option<usize>) -> Option<usize> {
    let rect = row(ui, label);
    let id = ui.scope_id().with(("estimator", label));
    Select { id, name: label, options, selected, placeholder: "own lengths", dot: None }
        .show(ui, rect)
}

/// A choice of a few words, at the left end of the room of inputs.
fn switch(ui: &mut Ui, label: &str, options: &[&str], selected: usize) -> Option<usize> {
    let rect = row(ui, label).expand2(vec2(0.0, 1.0));
    let builder = UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| segmented(ui, label, options, selected)).inner
}

/// Words that cannot be changed.
fn fact(ui: &mut Ui, label: &str, text: &str) {
    let rect = row(ui, label);
    let value = Theme::of(ui.ctx()).color(Token::Text1);
    Text::new(text, TextRole::Body, value).paint(ui.painter(), rect.translate(vec2(8.0, 0.0)));
    spoken(ui, rect, &format!("{label}: {text}"));
}

fn spoken(ui: &Ui, rect: Rect, text: &str) {
    let response = ui.interact(rect, ui.scope_id().with(("said", text)), Sense::hover());
    let name = text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
}

/// A sentence over the whole width, wrapped.
pub fn note(ui: &mut Ui, text: &str, token: Token) {
    let galley = paint::paragraph(ui.painter(), text, TextRole::Small, ui.available_width());
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), galley.size().y + 4.0), Sense::hover());
    let color = Theme::of(ui.ctx()).color(token);
    ui.painter().galley_with_override_text_color(rect.min, galley, color);
    let name = text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
}

/// Requests of one of the site's tiers.
fn workload(ui: &mut Ui, cx: &Context<'_>, controls: &mut Controls) {
    let tiers = tiers(cx.site);
    if tiers.is_empty() {
        return;
    }
    let names: Vec<String> = tiers.iter().map(|t| format!("as tier {}", t.name)).collect();
    let now = tiers.iter().position(|t| controls.is_tier(t, cx.catalog));
    if let Some(tier) = select(ui, "Workload", &names, now).and_then(|i| tiers.get(i)) {
        controls.take_tier(tier, cx.catalog);
    }
}

fn choose_model(ui: &mut Ui, catalog: &Catalog, model: &Model, controls: &mut Controls) {
    let models = estimable(catalog);
    let names: Vec<String> = models.iter().map(|m| m.name.clone()).collect();
    let now = models.iter().position(|m| m.id == model.id);
    if let Some(chosen) = select(ui, "Model", &names, now).and_then(|i| models.get(i)) {
        controls.model = Some(chosen.id.clone());
    }
}

fn lengths(ui: &mut Ui, model: &Model, controls: &mut Controls) {
    let most = model.max_context_tokens.get().unwrap_or(MOST_TOKENS).max(2.0 * LEAST_TOKENS);
    let slider = |ui: &Ui, label: &'static str, value: f64, suffix: &str| Slider {
        id: ui.scope_id().with(("estimator", label)),
        label,
        value,
        unit: unit_of_suffix(suffix),
        low: LEAST_TOKENS,
        high: most,
        spread: Spread::Log,
        open: false,
        label_width: LABEL,
    };
    ui.add_space(4.0);
    let input = slider(ui, "Input length", controls.isl, "tokens");
    set(&mut controls.isl, input.show(ui));
    let output = slider(ui, "Output length", controls.osl, "tokens");
    let output = Slider { low: 16.0, high: most.min(MOST_OUTPUT), ..output };
    set(&mut controls.osl, output.show(ui));
    let cached = slider(ui, "Prefix cache", controls.cached_frac, "frac");
    let cached = Slider { low: 0.0, high: MOST_CACHED, spread: Spread::Linear, ..cached };
    set(&mut controls.cached_frac, cached.show(ui));
    let first = slider(ui, "First token", controls.ttft_ms, "ms");
    let first = Slider { low: FIRST_MS.0, high: FIRST_MS.1, open: true, ..first };
    set(&mut controls.ttft_ms, first.show(ui));
}

fn set(to: &mut f64, value: Option<f64>) {
    if let Some(value) = value {
        *to = value;
    }
}

fn precision(ui: &mut Ui, model: &Model, answer: Option<&Answer>, controls: &mut Controls) {
    let own = precisions(model);
    if let [only] = own.as_slice() {
        fact(ui, "Precision", only.name());
    } else {
        let mut options = vec!["By chip"];
        options.extend(own.iter().map(|p| p.name()));
        let chosen = controls.precision.and_then(|p| own.iter().position(|o| *o == p));
        if let Some(index) = switch(ui, "Precision", &options, chosen.map_or(0, |i| i + 1)) {
            controls.precision = index.checked_sub(1).and_then(|i| own.get(i)).copied();
        }
    }
    let Some(answer) = answer else { return };
    let racks = &answer.question.catalog.racks;
    let narrow = answer.frontiers.iter().filter_map(|f| {
        let rack = racks.get(&f.group.machine.rack)?;
        Some((rack.short.as_str(), f.group.precision, f.group.fallback?))
    });
    let narrow: Vec<_> = narrow.collect();
    if let Some((_, asked, wide)) = narrow.first() {
        let names: Vec<&str> = narrow.iter().map(|(name, ..)| *name).collect();
        let (asked, wide) = (asked.name(), wide.name());
        let text = format!("{}: no {asked} units, computes in {wide}", names.join(", "));
        note(ui, &text, Token::Warn);
    }
}

fn software(ui: &mut Ui, catalog: &Catalog, serving: &Serving, controls: &mut Controls) {
    let names: Vec<String> = serving.frameworks.iter().map(|f| f.name.clone()).collect();
    let now = controls.framework(serving);
    let now = serving.frameworks.iter().position(|f| now == Some(f.id.as_str()));
    let chosen = select(ui, "Framework", &names, now);
    if let Some(framework) = chosen.and_then(|i| serving.frameworks.get(i)) {
        controls.framework = Some(framework.id.clone());
    }
    if catalog.serving.len() > 1 {
        let own = |s: &Serving| words::month(&s.software);
        let dates: Vec<String> = catalog.serving.values().map(own).collect();
        let now = catalog.serving.get_index_of(&serving.id);
        let chosen = select(ui, "Constants", &dates, now);
        if let Some((id, _)) = chosen.and_then(|index| catalog.serving.get_index(index)) {
            controls.serving = Some(id.clone());
            controls.software = None;
        }
    }
    let Some((from, own)) = months(serving) else {
        fact(ui, "Software", &words::month(&serving.software));
        return;
    };
    let slider = Slider {
        id: ui.scope_id().with(("estimator", "Software date")),
        label: "Software date",
        value: controls.software(serving).unwrap_or(own).number(),
        unit: Unit::NONE,
        low: from.number(),
        high: own.number(),
        spread: Spread::Months,
        open: false,
        label_width: LABEL,
    };
    if let Some(month) = slider.show(ui).map(Month::near) {
        controls.software = (month < own).then_some(month);
    }
}

fn draft(ui: &mut Ui, model: &Model, controls: &mut Controls) {
    if !drafts(model) {
        fact(ui, "Drafts", "no layers that draft");
    } else if let Some(index) = switch(ui, "Drafts", &["Off", "On"], usize::from(controls.drafts)) {
        controls.drafts = index == 1;
    }
}

const CHOICES: [Choice; 3] = [Choice::Auto, Choice::Cpu, Choice::Gpu];

fn scope(ui: &mut Ui, controls: &mut Controls) {
    let all = usize::from(controls.all_racks);
    if let Some(index) = switch(ui, "Racks", &["Site", "Catalogue"], all) {
        controls.all_racks = index == 1;
    }
    let now = CHOICES.iter().position(|c| *c == controls.backend).unwrap_or(0);
    let chosen = switch(ui, "Runs on", &["Auto", "CPU", "GPU"], now);
    if let Some(choice) = chosen.and_then(|i| CHOICES.get(i)) {
        controls.backend = *choice;
    }
}

/// What ran: where, how many configurations, how long.
fn ran(ui: &mut Ui, desk: &Desk) {
    ui.add_space(size::SPACE[1]);
    if let Some(why) = desk.failure() {
        note(ui, why, Token::Err);
    }
    let Some(answer) = desk.answer() else { return };
    if answer.evaluated > 0 {
        let (points, time) = (format::count(answer.evaluated as f64), answer.seconds);
        let time = format::seconds(time);
        let text = format!("{}: {points} points in {time}", answer.ran.adapter);
        note(ui, &text, Token::Text3);
    }
    if let Some(why) = &answer.ran.note {
        // Who leaves the choice to the program need not be warned of it.
        let asked = answer.question.backend != Choice::Auto;
        note(ui, why, if asked { Token::Warn } else { Token::Text3 });
    }
}
