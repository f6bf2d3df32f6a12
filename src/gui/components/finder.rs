//! The frame of a list over the window that is searched by typing, and its field: of the
//! palette of commands and of the choice of sources. It must not know what is listed.

use super::paint;
use crate::gui::icons::Icon;
use crate::gui::theme::{Theme, font};
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{
    Align2, Context, FontId, Frame, Id, Margin, Modal, ModalResponse, Rect, Response, Stroke,
    TextEdit, Ui, pos2, vec2,
};

/// Size of what is typed, points.
const FIELD_TEXT: f32 = 15.0;
/// From the edge of the list to the glass and to the text.
const GLASS: f32 = 24.0;
const TEXT: f32 = 42.0;

/// The field.
pub struct Search<'a> {
    pub id: Id,
    pub hint: &'a str,
    /// Its accessible name.
    pub name: &'a str,
    /// Tab is typed into it, not to the next widget.
    pub locked: bool,
}

/// Shows a list of at most `width`, its upper edge at `top`.
pub fn float<R>(
    ctx: &Context,
    id: Id,
    (width, top): (f32, f32),
    body: impl FnOnce(&mut Ui) -> R,
) -> ModalResponse<R> {
    let t = Theme::of(ctx);
    let area = Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, top));
    let frame = Frame::new()
        .fill(t.color(Token::Panel))
        .stroke(t.outline())
        .corner_radius(paint::corner(size::RADIUS_PALETTE))
        .shadow(t.shadow())
        .inner_margin(Margin::ZERO);
    let shade = t.tint(Token::Shadow, 0.55);
    let width = width.min(ctx.content_rect().width() - 40.0);
    Modal::new(id).area(area).frame(frame).backdrop_color(shade).show(ctx, |ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        body(ui)
    })
}

impl Search<'_> {
    /// Shows glass and field in a row up to `right`, and a hairline below the row.
    pub fn show(&self, ui: &mut Ui, row: Rect, right: f32, text: &mut String) -> Response {
        let t = Theme::of(ui.ctx());
        let glass = pos2(row.left() + GLASS, row.center().y);
        Icon::Search.paint_sized(ui.painter(), glass, 16.0, t.color(Token::Text2));
        let inner = Rect::from_x_y_ranges(row.left() + TEXT..=right, row.y_range());
        let large = FontId { size: FIELD_TEXT, ..font(TextRole::Body) };
        let response = self.field(ui, inner, large, text);
        let line = t.color(Token::Line);
        paint::hairline(ui.painter(), row.left(), row.right(), row.bottom() - 0.5, line);
        response
    }

    /// Shows glass and field on a plate of its own, ringed while it has the focus.
    pub fn on_plate(&self, ui: &mut Ui, plate: Rect, text: &mut String) -> Response {
        let t = Theme::of(ui.ctx());
        let edge = Stroke::new(1.0, t.color(Token::Line));
        paint::plate(ui.painter(), plate, size::RADIUS_INPUT, t.color(Token::Inset), edge);
        if ui.memory(|m| m.has_focus(self.id)) {
            paint::focus_ring(ui.painter(), plate, size::RADIUS_INPUT, t);
        }
        let glass = pos2(plate.left() + 14.0, plate.center().y);
        Icon::Search.paint_sized(ui.painter(), glass, 13.0, t.color(Token::Text3));
        let inner = plate.with_min_x(plate.left() + 26.0).shrink2(vec2(4.0, 4.0));
        self.field(ui, inner, font(TextRole::Body), text)
    }

    fn field(&self, ui: &mut Ui, inner: Rect, letters: FontId, text: &mut String) -> Response {
        let edit = TextEdit::singleline(text)
            .id(self.id)
            .font(letters)
            .text_color(Theme::of(ui.ctx()).color(Token::Text1))
            .hint_text(self.hint)
            .frame(Frame::NONE)
            .margin(Margin::ZERO)
            .align(Align2::LEFT_CENTER)
            .desired_width(inner.width())
            .lock_focus(self.locked);
        ui.scope(|ui| {
            ui.spacing_mut().interact_size.y = inner.height();
            ui.place(inner, edit)
        })
        .inner
        .accessible_name(self.name)
    }
}
