//! An input field: text that is committed with Enter, Tab or a click elsewhere
//! and left with Escape; its edge says how good the value is.

use super::paint::{self, Text};
use crate::gui::theme::{Theme, font};
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{
    self, Frame, Id, Key, Margin, Rect, Response, Stroke, TextEdit, Ui, pos2,
    text::{CCursor, CCursorRange},
    text_edit::TextEditState,
};

/// How good the value in a field is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldLook {
    #[default]
    Rest,
    /// Beyond the published range; still computes.
    Outside,
    /// Refused; the last good value stays in force.
    Wrong,
    /// Nobody knows it; what needs it stops.
    Unknown,
    /// Not entered, and nothing stops for it: the word is no value.
    Absent,
    /// Not to be changed here.
    Disabled,
}

/// A field in a place of its own.
pub struct Field<'a> {
    pub id: Id,
    /// Accessible name.
    pub name: &'a str,
    /// Shown while the field has no keyboard.
    pub shown: &'a str,
    /// Put into the field when it gets the keyboard.
    pub edited: &'a str,
    pub unit: &'a str,
    pub look: FieldLook,
}

/// What a field tells its owner.
pub struct FieldOutput {
    pub response: Response,
    /// Text that was typed and left in place, where it differs from `edited`.
    pub committed: Option<String>,
}

impl Field<'_> {
    /// Shows the field in `rect`.
    pub fn show(&self, ui: &mut Ui, rect: Rect) -> FieldOutput {
        let theme = Theme::of(ui.ctx());
        let focused = ui.memory(|m| m.has_focus(self.id));
        self.paint_box(ui, rect, focused);
        let unit_width = if self.unit.is_empty() || self.look == FieldLook::Absent && !focused {
            0.0
        } else {
            let right = Rect::from_min_max(rect.min, pos2(rect.right() - 8.0, rect.bottom()));
            let unit = Text::new(self.unit, TextRole::Small, theme.color(Token::Text3)).right();
            unit.paint(ui.painter(), right).width() + 6.0
        };
        let mut text = if focused {
            self.buffer(ui).unwrap_or_else(|| self.edited.to_owned())
        } else {
            self.shown.to_owned()
        };
        let color = match self.look {
            FieldLook::Unknown | FieldLook::Disabled | FieldLook::Absent if !focused => {
                Token::Text3
            }
            _ => Token::Text1,
        };
        let inner = Rect::from_min_max(
            pos2(rect.left() + 7.0, rect.top()),
            pos2(rect.right() - 8.0 - unit_width, rect.bottom()),
        );
        let edit = TextEdit::singleline(&mut text)
            .id(self.id)
            .font(font(TextRole::Body))
            .text_color(theme.color(color))
            .frame(Frame::NONE)
            .margin(Margin::ZERO)
            .align(egui::Align2::LEFT_CENTER)
            .desired_width(inner.width())
            .interactive(self.look != FieldLook::Disabled);
        let response = ui
            .scope(|ui| {
                // The theme's least height is that of buttons, more than a field has.
                ui.spacing_mut().interact_size.y = inner.height();
                ui.place(inner, edit)
            })
            .inner
            .accessible_name(self.name);
        let committed = self.follow(ui, &response, text);
        FieldOutput { response, committed }
    }

    /// Keeps what is typed between frames and says when it counts.
    fn follow(&self, ui: &Ui, response: &Response, text: String) -> Option<String> {
        if response.gained_focus() {
            let edited = self.edited.to_owned();
            select_all(ui, self.id, edited.chars().count());
            ui.data_mut(|d| d.insert_temp(self.id, edited));
            return None;
        }
        if response.has_focus() {
            ui.data_mut(|d| d.insert_temp(self.id, text));
            return None;
        }
        if response.lost_focus() {
            let typed = if response.changed() { Some(text) } else { self.buffer(ui) };
            ui.data_mut(|d| d.remove_temp::<String>(self.id));
            if ui.input(|i| i.key_pressed(Key::Escape)) {
                return None;
            }
            return typed.filter(|t| t.trim() != self.edited.trim());
        }
        None
    }

    fn buffer(&self, ui: &Ui) -> Option<String> {
        ui.data(|d| d.get_temp::<String>(self.id))
    }

    fn paint_box(&self, ui: &Ui, rect: Rect, focused: bool) {
        let t = Theme::of(ui.ctx());
        let painter = ui.painter();
        let hovered = ui.rect_contains_pointer(rect) && self.look != FieldLook::Disabled;
        let fill = match self.look {
            FieldLook::Disabled => t.color(Token::Panel),
            _ => t.color(Token::Inset),
        };
        let edge = match self.look {
            FieldLook::Outside => t.color(Token::WarnFill),
            FieldLook::Wrong => t.color(Token::Err),
            FieldLook::Unknown => egui::Color32::TRANSPARENT,
            FieldLook::Rest | FieldLook::Absent if hovered => t.color(Token::Line2),
            FieldLook::Rest | FieldLook::Absent | FieldLook::Disabled => t.color(Token::Line),
        };
        paint::plate(painter, rect, size::RADIUS_INPUT, fill, Stroke::new(1.0, edge));
        if focused {
            paint::focus_ring(painter, rect, size::RADIUS_INPUT, t);
        } else if self.look == FieldLook::Unknown {
            paint::dashed_box(painter, rect, Stroke::new(1.0, t.color(Token::WarnFill)));
        }
    }
}

/// Selects the whole text, so that typing replaces it.
fn select_all(ui: &Ui, id: Id, characters: usize) {
    if let Some(mut state) = TextEditState::load(ui.ctx(), id) {
        let range = CCursorRange::two(CCursor::new(0), CCursor::new(characters));
        state.cursor.set_char_range(Some(range));
        state.store(ui.ctx(), id);
    }
}
