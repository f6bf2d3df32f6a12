//! Measures typed while something is dragged: digits open a small field at the pointer, Tab
//! goes to the other measure, Enter applies both exactly, Escape ends the gesture.

use super::badge::floating;
use crate::gui::components::entry::{Entry, Rule, Scale};
use crate::gui::components::paint::{self as text, Text};
use crate::gui::measure;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use crate::units::format::unit_of_suffix;
use eframe::egui::{
    Event, Key, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// What two measures are called.
pub type Names = [&'static str; 2];

/// How a move is measured, and how a size.
pub const MOVE: Names = ["dx", "dy"];
pub const SIZE: Names = ["width", "height"];

/// Texts typed so far; an empty one follows the pointer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Typed {
    texts: [String; 2],
    axis: usize,
    /// Why Enter was refused.
    wrong: Option<String>,
}

/// What the keys of a frame say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Nothing,
    /// Applies what is typed and ends the gesture.
    Apply,
    Cancel,
}

/// Whether typing can begin with it.
fn opens(typed: &str) -> bool {
    typed.starts_with(|c: char| c.is_ascii_digit() || "-+.(".contains(c))
}

/// Takes the keys of a frame. `axes` says which measures the gesture has.
pub fn read(ui: &Ui, typed: &mut Option<Typed>, axes: [bool; 2]) -> Said {
    let mut said = Said::Nothing;
    let first = usize::from(!axes[0]);
    ui.input_mut(|input| {
        input.events.retain(|event| {
            let fresh = || Typed { axis: first, ..Typed::default() };
            match event {
                Event::Text(new) if typed.is_some() || opens(new) => {
                    let typed = typed.get_or_insert_with(fresh);
                    typed.wrong = None;
                    typed.texts[typed.axis].push_str(new);
                }
                Event::Key { key: Key::Escape, pressed: true, .. } => said = Said::Cancel,
                Event::Key { key: Key::Enter, pressed: true, .. } if typed.is_some() => {
                    said = Said::Apply;
                }
                Event::Key { key: Key::Tab, pressed: true, .. } => {
                    let typed = typed.get_or_insert_with(fresh);
                    if axes == [true, true] {
                        typed.axis = 1 - typed.axis;
                    }
                }
                Event::Key { key: Key::Backspace, pressed: true, .. } => {
                    if let Some(typed) = typed {
                        typed.texts[typed.axis].pop();
                        typed.wrong = None;
                    }
                }
                _ => return true,
            }
            false
        });
    });
    said
}

impl Typed {
    /// The measures that were typed, metres; those that mean nothing yet are absent.
    pub fn values(&self, ui: &Ui, least: f64) -> [Option<f64>; 2] {
        [0, 1].map(|i| self.value(ui, i, least).and_then(Result::ok))
    }

    /// Says why what is typed cannot be; the field stays open.
    pub fn refuse(&mut self, why: &str) {
        self.wrong = Some(why.to_owned());
    }

    /// The first text that means nothing is kept as the reason; true where there is none.
    pub fn holds(&mut self, ui: &Ui, least: f64) -> bool {
        self.wrong = (0..2).find_map(|i| self.value(ui, i, least)?.err());
        self.wrong.is_none()
    }

    fn value(&self, ui: &Ui, axis: usize, least: f64) -> Option<Result<f64, String>> {
        let text = self.texts[axis].trim();
        if text.is_empty() {
            return None;
        }
        let scale = Scale::within(measure::system(ui.ctx()), unit_of_suffix("m"), None);
        Some(match scale.entry(text, "m", Rule { least, whole: false }) {
            Ok(Entry::Number(value)) => Ok(value),
            Ok(_) => Err("a length is needed".to_owned()),
            Err(why) => Err(why),
        })
    }

    /// The field at the pointer; `now` is what the gesture has come to, metres.
    pub fn show(&self, ui: &Ui, at: Pos2, (names, now): (Names, [f64; 2]), room: Rect) {
        let theme = Theme::of(ui.ctx());
        let painter = ui.painter();
        let unit = unit_of_suffix("m");
        let scale = Scale::within(measure::system(ui.ctx()), unit, None);
        let widths = names.map(|name| text::width(painter, name, TextRole::Small) + 84.0);
        let wrong = self.wrong.as_deref();
        let tall = if wrong.is_some() { 46.0 } else { 30.0 };
        let words = wrong.map_or(0.0, |why| text::width(painter, why, TextRole::Small) + 18.0);
        let whole = vec2((widths[0] + widths[1] + 14.0).max(words), tall);
        let least = room.min + vec2(4.0, 4.0);
        let most = (room.max - whole - vec2(4.0, 4.0)).max(least);
        let plate = Rect::from_min_size((at + vec2(14.0, 18.0)).clamp(least, most), whole);
        floating(painter, plate, theme);
        let mut x = plate.left() + 6.0;
        for (axis, (name, wide)) in names.into_iter().zip(widths).enumerate() {
            let cell = Rect::from_min_size(pos2(x, plate.top() + 4.0), vec2(wide, 22.0));
            x += wide + 2.0;
            let active = axis == self.axis;
            let typed = &self.texts[axis];
            let shown = match typed.is_empty() {
                true => scale.digits(unit, (now[axis] * 1e4).round() / 1e4),
                false => typed.clone(),
            };
            self.cell(ui, cell, (name, &shown, scale.label), active);
        }
        if let Some(why) = wrong {
            let row = plate.with_min_y(plate.top() + 27.0).translate(vec2(8.0, 0.0));
            Text::new(why, TextRole::Small, theme.color(Token::Err)).paint(painter, row);
        }
    }

    fn cell(&self, ui: &Ui, cell: Rect, (name, shown, unit): (&str, &str, &str), active: bool) {
        let theme = Theme::of(ui.ctx());
        let painter = ui.painter();
        let label = Text::new(name, TextRole::Small, theme.color(Token::Text3));
        let named = label.paint(painter, cell);
        let field = cell.with_min_x(named.right() + 5.0).with_max_x(cell.right() - 4.0);
        let edge = if active { Token::Accent } else { Token::Line };
        let stroke = Stroke::new(1.0, theme.color(edge));
        painter.rect(field, 4.0, theme.color(Token::Inset), stroke, StrokeKind::Inside);
        let inner = field.shrink2(vec2(6.0, 0.0));
        let grey = theme.color(Token::Text3);
        let unit_at = Text::new(unit, TextRole::Small, grey).right().paint(painter, inner);
        let digits = Text::new(shown, TextRole::Body, theme.color(Token::Text1));
        let written = digits.paint(painter, inner.with_max_x(unit_at.left() - 3.0));
        if active {
            let caret = Stroke::new(1.0, theme.color(Token::Accent));
            painter.vline(written.right() + 1.5, inner.shrink2(vec2(0.0, 4.0)).y_range(), caret);
        }
        let id = ui.scope_id().with(("typed", name));
        let spoken = format!("{name} {shown} {unit}");
        let node = ui.interact(field, id, Sense::hover());
        node.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    }
}
