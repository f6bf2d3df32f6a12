//! Every number that the value stands on: edited in place, with unit, range, source, how good it
//! is, and the way back to the catalogue's value.

use super::list::List;
use crate::catalog::{Fact, Kind};
use crate::gui::action::{Action, Actions, Edit, Gesture};
use crate::gui::components::button::Button;
use crate::gui::components::chip::{self, Tone};
use crate::gui::components::field::{Field, FieldLook};
use crate::gui::components::paint::{self, Text};
use crate::gui::components::popover::Provenance;
use crate::gui::components::row::{Entry, Rule, Scale};
use crate::gui::components::table::{Column, Layout, Width};
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::panels::rows::{
    kind_word, least_of, provenance, serve_keyboard, set, source_words,
};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use crate::study::finance::Assumption;
use crate::units::format::{self, Unit, Worded, unit_of_suffix};
use eframe::egui::{Id, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

const ROW: f32 = 26.0;
const VALUE: usize = 1;

const COLUMNS: [Column; 6] = [
    Column::left("Assumption", Width::Flex(1.0, 130.0)),
    Column::left("Value", Width::Fixed(108.0)),
    Column::right("Range", Width::Fixed(62.0)),
    Column::left("Source", Width::Fixed(118.0)),
    Column::left("Confidence", Width::Fixed(70.0)),
    Column::left("", Width::Fixed(24.0)),
];

/// Shows the card in `rect`.
pub fn show(
    ui: &mut Ui,
    cx: &Context<'_>,
    assumptions: &[Assumption],
    (rect, actions): (Rect, &mut Actions),
) {
    let edited = assumptions.iter().filter(|a| is_edited(cx, a)).count();
    let caption = match edited {
        0 => format!("{}, all of catalogue and layout", assumptions.len()),
        n => format!("{}, {n} edited", assumptions.len()),
    };
    let (id, title) = ("assumptions", "Assumptions");
    let card = List { id, title, caption: &caption, columns: &COLUMNS, rect, foot: 0.0 };
    card.show(ui, |ui, layout| {
        for assumption in assumptions {
            row(ui, cx, (layout, assumption), actions);
        }
    });
}

/// How a value is shown and typed.
fn scale_of(assumption: &Assumption) -> (Scale, Unit) {
    let (low, high) = assumption.range.unwrap_or_default();
    let largest = assumption.value.abs().max(low.abs()).max(high.abs());
    let worded = Worded::of(&assumption.unit, largest);
    if worded.label.starts_with('%') {
        let percent = unit_of_suffix("frac");
        return (Scale { label: worded.label, ..Scale::of(percent, None) }, percent);
    }
    let unit = unit_of_suffix(if worded.label.starts_with('$') { "usd" } else { "" });
    (Scale { factor: worded.factor, offset: 0.0, label: worded.label }, unit)
}

/// What stands in the catalogue for an assumption: the value itself, or what it falls back to.
fn fact<'a>(cx: &Context<'a>, path: &str) -> Option<&'a Fact> {
    let id = match path.split_once('.')? {
        ("costs", id) => id.to_owned(),
        ("finance", field) => field.replace('_', "-"),
        _ => return None,
    };
    cx.catalog.costs.get(&id).map(|c| &c.value)
}

/// What was replaced, where the value is this site's own.
fn was(cx: &Context<'_>, assumption: &Assumption) -> Option<String> {
    let path = assumption.path.as_str();
    if let Some(found) = cx.site.terms.overrides.iter().find(|o| o.path == path) {
        return Some(found.old.trim().to_owned());
    }
    // An input of the layout stands in place of a cost of the catalogue.
    let is_input = path.starts_with("finance.");
    let stands = if is_input { fact(cx, path)?.get() } else { None };
    stands.map(|v| format!("{v}"))
}

fn is_edited(cx: &Context<'_>, assumption: &Assumption) -> bool {
    was(cx, assumption).is_some()
}

/// How good a number is, by what kind of evidence it rests on.
fn confidence(kind: Option<Kind>) -> (&'static str, Tone) {
    match kind {
        Some(Kind::Measured) => ("high", Tone::Good),
        Some(Kind::Derived | Kind::Vendor | Kind::Press) => ("medium", Tone::Info),
        Some(Kind::Estimate | Kind::Assumed) => ("low", Tone::Warn),
        Some(Kind::Override) => ("edited", Tone::Plain),
        None => ("entered", Tone::Plain),
    }
}

fn row(ui: &mut Ui, cx: &Context<'_>, at: (&Layout<'_>, &Assumption), actions: &mut Actions) {
    let (layout, assumption) = at;
    let theme = Theme::of(ui.ctx());
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
    let painter = ui.painter().clone();
    paint::hairline(&painter, rect.left(), rect.right(), rect.bottom(), theme.color(Token::Line));
    let name = layout.cell(0, rect);
    let one = theme.color(Token::Text1);
    Text::new(&assumption.name, TextRole::Body, one).paint(&painter, name);
    if !assumption.note.is_empty() || !assumption.path.is_empty() {
        let spot = ui.interact(name, field_id(assumption).with("name"), Sense::hover());
        let tip = [assumption.note.as_str(), assumption.path.as_str()]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join("\n");
        spot.on_hover_text(tip);
    }
    value(ui, assumption, (layout.cell(VALUE, rect), actions));
    let (scale, unit) = scale_of(assumption);
    if let Some((low, high)) = assumption.range.filter(|(low, high)| high > low) {
        let text = format!("{}–{}", scale.digits(unit, low), scale.digits(unit, high));
        let outside = assumption.value < low || assumption.value > high;
        let color = theme.color(if outside { Token::Warn } else { Token::Text2 });
        layout.text(&painter, 2, rect, Text::new(&text, TextRole::Small, color));
    }
    source(ui, cx, assumption, (layout.cell(3, rect), actions));
    let (words, tone) = confidence(assumption.kind);
    let place = layout.cell(4, rect);
    chip::paint_tag(&painter, place.left_center(), words, tone, theme);
    let spot = ui.interact(place, field_id(assumption).with("confidence"), Sense::hover());
    let kind = assumption.kind.map_or("of the layout", kind_word);
    let spoken = format!("Confidence of {}: {words}, {kind}", assumption.name);
    spot.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    spot.on_hover_text(format!("By kind of evidence: {kind}"));
    reset(ui, cx, assumption, (layout.cell(5, rect), actions));
}

fn field_id(assumption: &Assumption) -> Id {
    Id::unique(("assumption", assumption.path.as_str()))
}

fn value(ui: &mut Ui, assumption: &Assumption, (cell, actions): (Rect, &mut Actions)) {
    let id = field_id(assumption);
    let (scale, unit) = scale_of(assumption);
    let place = Rect::from_center_size(cell.center(), vec2(cell.width(), 20.0));
    serve_keyboard(ui, &assumption.path, id);
    let wrong_id = id.with("wrong");
    let wrong = ui.data(|d| d.get_temp::<String>(wrong_id));
    let range = assumption.range;
    let outside = range.is_some_and(|(l, h)| assumption.value < l || assumption.value > h);
    let look = match (&wrong, outside) {
        (Some(_), _) => FieldLook::Wrong,
        (None, true) => FieldLook::Outside,
        _ => FieldLook::Rest,
    };
    let digits = scale.digits(unit, assumption.value);
    let name = assumption.name.as_str();
    let field = Field { id, name, shown: &digits, edited: &digits, unit: scale.label, look };
    let output = field.show(ui, place);
    if output.response.gained_focus() {
        ui.data_mut(|d| d.remove_temp::<String>(wrong_id));
    }
    if let Some(why) = &wrong {
        output.response.on_hover_text(why);
    }
    let Some(text) = output.committed else { return };
    let rule = Rule { least: least_of(&assumption.path), whole: false };
    match scale.entry_from(&text, unit.suffix, rule, Some(assumption.value)) {
        Ok(entry @ Entry::Number(_)) => {
            let of = (assumption.name.as_str(), "", unit);
            actions.push(set(&assumption.path, of, &entry, Gesture::Once));
        }
        Ok(_) => {
            let why = "a number is needed; reset goes back to the catalogue".to_owned();
            ui.data_mut(|d| d.insert_temp(wrong_id, why));
        }
        Err(why) => {
            ui.data_mut(|d| d.insert_temp(wrong_id, why));
        }
    }
}

/// Where the number comes from, with the whole of it behind a click.
fn source(
    ui: &mut Ui,
    cx: &Context<'_>,
    assumption: &Assumption,
    (cell, actions): (Rect, &mut Actions),
) {
    let theme = Theme::of(ui.ctx());
    let response = ui.interact(cell, field_id(assumption).with("source"), Sense::click());
    let was = was(cx, assumption);
    let edited = was.is_some();
    let words = match &was {
        Some(was) => {
            let (scale, unit) = scale_of(assumption);
            let old = was.parse::<f64>().map_or(was.clone(), |v| scale.digits(unit, v));
            format!("edited, was {old}")
        }
        // A few words here, all of it behind the click.
        None => fact(cx, &assumption.path)
            .map_or_else(|| assumption.source.clone(), |fact| source_words(cx.catalog, fact)),
    };
    let leads = !edited && assumption.kind.is_some_and(|kind| kind != Kind::Derived);
    let token = if leads { Token::Accent } else { Token::Text2 };
    // Apart from the range, which ends where this begins.
    let cell = cell.with_min_x(cell.left() + 6.0);
    let painted = Text::new(&words, TextRole::Small, theme.color(token)).paint(ui.painter(), cell);
    if response.hovered() || response.has_focus() {
        let (l, r, y) = (painted.left(), painted.right(), painted.bottom());
        paint::hairline(ui.painter(), l, r, y, theme.color(token));
    }
    let spoken = format!("Source of {}: {words}", assumption.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &spoken));
    let mut whole = match fact(cx, &assumption.path) {
        Some(fact) => provenance(cx.catalog, fact, &assumption.path),
        None => Provenance { title: assumption.source.clone(), ..Provenance::default() },
    };
    whole.range = assumption.range.map_or_else(String::new, |(low, high)| {
        let (scale, unit) = scale_of(assumption);
        format!("{} to {} {}", scale.digits(unit, low), scale.digits(unit, high), scale.label)
    });
    whole.note = note(cx, assumption);
    whole.was = was.unwrap_or_default();
    if whole.show(&response) {
        actions.push(reset_action(assumption));
    }
}

/// The note of the number, and who replaced it when.
fn note(cx: &Context<'_>, assumption: &Assumption) -> String {
    let own = cx.site.terms.overrides.iter().find(|o| o.path == assumption.path);
    let by = own.map(|o| format!("Edited by {}, {}.", o.author, o.date)).unwrap_or_default();
    [assumption.note.as_str(), by.as_str()]
        .into_iter()
        .filter(|t| !t.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn reset(
    ui: &mut Ui,
    cx: &Context<'_>,
    assumption: &Assumption,
    (cell, actions): (Rect, &mut Actions),
) {
    if !is_edited(cx, assumption) {
        return;
    }
    let place = Rect::from_center_size(cell.center(), vec2(20.0, 20.0));
    ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
        let name = format!("Reset {} to the catalogue value", assumption.name);
        if Button::icon(Icon::Reset, &name).height(20.0).show(ui).clicked() {
            actions.push(reset_action(assumption));
        }
    });
}

fn reset_action(assumption: &Assumption) -> Action {
    let path = assumption.path.clone();
    if path.starts_with("finance.") {
        let label = format!("Reset {}", assumption.name);
        return Edit::set(path, format::UNKNOWN, label);
    }
    Action::Edit(Edit::Reset(vec![path]))
}

/// Height of so many rows with their headers.
pub fn height(rows: usize) -> f32 {
    List::height(rows, ROW)
}
