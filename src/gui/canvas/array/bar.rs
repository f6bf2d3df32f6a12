//! The strip at the bottom of the canvas while an array is made: counts, pitches, what comes
//! of them and why they cannot be.

use super::ArrayTool;
use crate::editor::Array;
use crate::gui::action::Actions;
use crate::gui::canvas::badge::floating;
use crate::gui::canvas::place::label;
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
use eframe::egui::{
    Align, Id, Key, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

const ROW: f32 = 36.0;
const LINE: f32 = 20.0;
/// Clear of the scale bar at the bottom of the canvas.
const ABOVE: f32 = 54.0;
const FIELD: f32 = 68.0;

/// Shows the options of the array in progress, and takes what is entered.
pub fn bar(
    ui: &mut Ui,
    (canvas, canvas_id): (Rect, Id),
    state: &mut PlanViewState,
    actions: &mut Actions,
) {
    let Some(mut tool) = state.array.take() else { return };
    let Some(entered) = tool.entered else { return };
    let lines = lines(&tool);
    let measured = ui.scope_id().with("array-bar-width");
    // As wide as its content was in the last frame.
    let wide: f32 = ui.data(|d| d.get_temp(measured)).unwrap_or(620.0);
    let said = lines.iter().map(|l| paint::width(ui.painter(), &l.0, TextRole::Small) + 44.0);
    let wide = said.fold(wide, f32::max).min(canvas.width() - 20.0);
    let tall = ROW + LINE * lines.len() as f32 + 2.0;
    let corner = pos2(canvas.center().x - wide / 2.0, canvas.bottom() - ABOVE - tall);
    let rect = Rect::from_min_size(corner, vec2(wide, tall));
    // What lies below must not see the pointer.
    ui.interact(rect, ui.scope_id().with("array-bar"), Sense::click_and_drag());
    floating(ui.painter(), rect, Theme::of(ui.ctx()));
    let inside = rect.with_max_y(rect.top() + ROW).shrink2(vec2(12.0, 5.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut ends = false;
    ui.scope_builder(UiBuilder::new().max_rect(inside).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        if fields(ui, &mut tool, entered) {
            // Enter once more creates.
            ui.memory_mut(|m| m.request_focus(canvas_id));
        }
        let ready = tool.ghost.refusal.is_none();
        let create = Button::new("Create").name("Create the array").look(Look::Primary);
        if create.enabled(ready).height(26.0).show(ui).clicked() {
            ends = tool.create(actions);
        }
        let cancel = Button::new("Cancel").name("Cancel the array (Esc)").look(Look::Ghost);
        ends |= cancel.height(26.0).show(ui).clicked();
        let content = ui.min_rect().width() + 24.0;
        if (content - wide).abs() > 0.5 {
            ui.data_mut(|d| d.insert_temp(measured, content));
        }
    });
    say(ui, rect, &lines);
    if !ends {
        state.array = Some(tool);
    }
}

/// What comes of the array: words, why it cannot be, what it leaves to see to.
fn lines(tool: &ArrayTool) -> Vec<(String, Token)> {
    let ghost = &tool.ghost;
    let mut lines = Vec::new();
    match &ghost.refusal {
        Some(why) => lines.push((why.clone(), Token::Err)),
        None => lines.push((ghost.words.clone(), Token::Text2)),
    }
    lines.extend(ghost.remarks.iter().map(|remark| (remark.clone(), Token::Warn)));
    lines
}

fn say(ui: &Ui, rect: Rect, lines: &[(String, Token)]) {
    let theme = Theme::of(ui.ctx());
    for (i, (words, token)) in lines.iter().enumerate() {
        let top = rect.top() + ROW - 3.0 + LINE * i as f32;
        let row = Rect::from_min_max(pos2(rect.left() + 14.0, top), pos2(rect.right(), top + LINE));
        let color = theme.color(*token);
        let text = match token {
            Token::Err | Token::Warn => {
                let icon = if *token == Token::Err { Icon::Cross } else { Icon::Warning };
                icon.paint_sized(ui.painter(), pos2(row.left() + 5.0, row.center().y), 11.0, color);
                row.with_min_x(row.left() + 16.0)
            }
            _ => row,
        };
        Text::new(words, TextRole::Small, color).paint(ui.painter(), text);
        let node = ui.interact(row, ui.scope_id().with(("array-says", i)), Sense::hover());
        let spoken = format!("Array: {words}");
        node.widget_info(|| WidgetInfo::labeled(Role::Status, true, &spoken));
    }
}

/// True where a value was entered with Enter.
fn fields(ui: &mut Ui, tool: &mut ArrayTool, entered: Array) -> bool {
    let any = Rule { least: f64::NEG_INFINITY, whole: false };
    let whole = Rule { least: 1.0, whole: true };
    let mut live = entered;
    let mut now = entered;
    tool.typing = false;
    let mut done = false;
    let counts = [("Columns", &mut live.columns, &mut now.columns)].into_iter().chain([(
        "Rows",
        &mut live.rows,
        &mut now.rows,
    )]);
    for (name, live, now) in counts {
        let cell = number(ui, name, "", (f64::from(*now), whole), &mut tool.fresh);
        tool.typing |= cell.typing;
        done |= cell.done;
        let count = |v: f64| v.min(f64::from(u32::MAX)) as u32;
        *live = cell.live.map_or(*live, count);
        *now = cell.committed.map_or(*now, count);
    }
    for (axis, name) in ["Pitch east", "Pitch south"].into_iter().enumerate() {
        let cell = number(ui, name, "m", (entered.pitch_m[axis], any), &mut tool.fresh);
        tool.typing |= cell.typing;
        done |= cell.done;
        live.pitch_m[axis] = cell.live.unwrap_or(live.pitch_m[axis]);
        now.pitch_m[axis] = cell.committed.unwrap_or(now.pitch_m[axis]);
    }
    if now != entered {
        tool.set(now);
    } else if tool.live != Some(live) {
        tool.live = Some(live);
        // The copies follow with the next frame.
        ui.ctx().request_repaint();
    }
    done
}

/// What a field has come to.
struct Cell {
    /// What is being typed, where it means something.
    live: Option<f64>,
    committed: Option<f64>,
    typing: bool,
    /// Left with Enter.
    done: bool,
}

/// A labelled field. What means nothing is marked and dropped.
fn number(
    ui: &mut Ui,
    name: &str,
    suffix: &str,
    (value, rule): (f64, Rule),
    fresh: &mut bool,
) -> Cell {
    label(ui, name);
    let unit = unit_of_suffix(suffix);
    let scale = Scale::within(measure::system(ui.ctx()), unit, Some(value));
    let digits = if suffix.is_empty() { format::plain(value) } else { scale.digits(unit, value) };
    let (rect, _) = ui.allocate_exact_size(vec2(FIELD, 22.0), Sense::hover());
    let id = ui.scope_id().with(("array", name));
    if std::mem::take(fresh) {
        ui.memory_mut(|m| m.request_focus(id));
    }
    let read = |text: &str| match scale.entry_from(text, suffix, rule, Some(value)) {
        Ok(Entry::Number(v)) if v.is_finite() => Some(v),
        _ => None,
    };
    let typing = ui.memory(|m| m.has_focus(id));
    let typed = |ui: &Ui| ui.data(|d| d.get_temp::<String>(id)).filter(|_| typing);
    let wrong = typed(ui).is_some_and(|text| read(&text).is_none());
    let look = if wrong { FieldLook::Wrong } else { FieldLook::Rest };
    let field = Field { id, name, shown: &digits, edited: &digits, unit: scale.label, look };
    let output = field.show(ui, rect);
    let live = typed(ui).filter(|text| text.trim() != digits).as_deref().and_then(read);
    let done = output.response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    Cell { live, committed: output.committed.as_deref().and_then(read), typing, done }
}
