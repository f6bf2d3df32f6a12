//! The strip of options at the bottom of the canvas while something is placed: counts, pitch,
//! size, keep placing.

use super::{PlaceTool, turn};
use crate::editor::place::{Shape, What};
use crate::gui::canvas::badge::floating;
use crate::gui::canvas::state::PlanViewState;
use crate::gui::components::button::{Button, Look};
use crate::gui::components::entry::{Entry, Rule, Scale};
use crate::gui::components::field::{Field, FieldLook};
use crate::gui::components::paint::{self, Text};
use crate::gui::icons::Icon;
use crate::gui::measure;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use crate::units::format::{self, unit_of_suffix};
use eframe::egui::{Align, Layout, Rect, Sense, Ui, UiBuilder, pos2, vec2};

const HEIGHT: f32 = 36.0;
/// Clear of the scale bar at the bottom of the canvas.
const ABOVE: f32 = 54.0;
const FIELD: f32 = 62.0;

/// Shows the options of the tool in progress, and takes what is entered.
pub fn bar(ui: &mut Ui, canvas: Rect, state: &mut PlanViewState) {
    let Some(mut tool) = state.place.take() else { return };
    let measured = ui.scope_id().with("place-bar-width");
    // As wide as its content was in the last frame.
    let wide: f32 = ui.data(|d| d.get_temp(measured)).unwrap_or(420.0);
    let wide = wide.min(canvas.width() - 20.0);
    let corner = pos2(canvas.center().x - wide / 2.0, canvas.bottom() - ABOVE - HEIGHT);
    let rect = Rect::from_min_size(corner, vec2(wide, HEIGHT));
    // What lies below must not see the pointer.
    ui.interact(rect, ui.scope_id().with("place-bar"), Sense::click_and_drag());
    floating(ui.painter(), rect, Theme::of(ui.ctx()));
    let inside = rect.shrink2(vec2(12.0, 5.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut done = false;
    ui.scope_builder(UiBuilder::new().max_rect(inside).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        fields(ui, &mut tool);
        if !matches!(tool.what, What::Parcel) {
            if Button::icon(Icon::Redo, "Turn a quarter (R)").show(ui).clicked() {
                turn(&mut tool);
            }
            keep(ui, &mut tool);
        }
        done = Button::new("Done").name("End placing (Esc)").height(26.0).show(ui).clicked();
        let content = ui.min_rect().width() + 24.0;
        if (content - wide).abs() > 0.5 {
            ui.data_mut(|d| d.insert_temp(measured, content));
            ui.ctx().request_repaint();
        }
    });
    if !done {
        state.keep_placing = tool.keep;
        state.place = Some(tool);
    }
}

fn keep(ui: &mut Ui, tool: &mut PlaceTool) {
    let icon = if tool.keep { Icon::Check } else { Icon::Plus };
    let name = if tool.keep { "Keep placing, on" } else { "Keep placing, off" };
    let look = if tool.keep { Look::Normal } else { Look::Ghost };
    let button = Button::new("Keep placing").with_icon(icon).look(look).name(name).height(26.0);
    if button.show(ui).clicked() {
        tool.keep = !tool.keep;
    }
}

fn fields(ui: &mut Ui, tool: &mut PlaceTool) {
    let unit = matches!(tool.what, What::Unit(_));
    let Some(placing) = &mut tool.placing else { return };
    match &mut placing.shape {
        Shape::Lines { count, lines, pitch_m } => {
            whole(ui, if unit { "Units" } else { "Racks" }, count);
            whole(ui, "Lines", lines);
            if *lines > 1 {
                length(ui, "Pitch", pitch_m);
            }
        }
        Shape::Field { columns, rows, pitch_m } => {
            whole(ui, "Columns", columns);
            whole(ui, "Rows", rows);
            if *columns > 1 || *rows > 1 {
                length(ui, "Pitch east", &mut pitch_m[0]);
                length(ui, "Pitch south", &mut pitch_m[1]);
            }
        }
        Shape::Size(size) => {
            length(ui, "East", &mut size[0]);
            length(ui, "South", &mut size[1]);
        }
        Shape::Outline(_) => {
            let words = "Click the corners; Enter or a double click ends";
            label(ui, words);
        }
    }
}

/// Small words before a field.
pub(in crate::gui::canvas) fn label(ui: &mut Ui, words: &str) {
    let theme = Theme::of(ui.ctx());
    let wide = paint::width(ui.painter(), words, TextRole::Small) + 1.0;
    let (rect, _) = ui.allocate_exact_size(vec2(wide, 26.0), Sense::hover());
    Text::new(words, TextRole::Small, theme.color(Token::Text2)).paint(ui.painter(), rect);
}

fn whole(ui: &mut Ui, name: &str, value: &mut u32) {
    let rule = Rule { least: 1.0, whole: true };
    if let Some(entered) = number(ui, name, "", (f64::from(*value), rule)) {
        *value = entered.min(f64::from(u32::MAX)) as u32;
    }
}

fn length(ui: &mut Ui, name: &str, value: &mut f64) {
    if let Some(entered) = number(ui, name, "m", (*value, Rule::POSITIVE)) {
        *value = entered;
    }
}

/// A labelled field; the value that was entered. What breaks the rule is marked and dropped.
fn number(ui: &mut Ui, name: &str, suffix: &str, (value, rule): (f64, Rule)) -> Option<f64> {
    label(ui, name);
    let unit = unit_of_suffix(suffix);
    let scale = Scale::within(measure::system(ui.ctx()), unit, Some(value));
    let digits = if suffix.is_empty() { format::plain(value) } else { scale.digits(unit, value) };
    let (rect, _) = ui.allocate_exact_size(vec2(FIELD, 22.0), Sense::hover());
    let id = ui.scope_id().with(("place", name));
    let wrong: bool = ui.data(|d| d.get_temp(id.with("wrong"))).unwrap_or_default();
    let field = Field {
        id,
        name,
        shown: &digits,
        edited: &digits,
        unit: scale.label,
        look: if wrong { FieldLook::Wrong } else { FieldLook::Rest },
    };
    let typed = field.show(ui, rect).committed?;
    let read = match scale.entry_from(&typed, suffix, rule, Some(value)) {
        Ok(Entry::Number(v)) if v > 0.0 && v.is_finite() => Some(v),
        _ => None,
    };
    ui.data_mut(|d| d.insert_temp(id.with("wrong"), read.is_none()));
    read
}
