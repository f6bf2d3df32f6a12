//! The breakers of a site as a list, for the keyboard and for elements that are small on the
//! plan.

use super::Page;
use crate::gui::components::field::{Field, FieldLook};
use crate::gui::components::paint::{self, Text};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::Site;
use crate::study::fix;
use eframe::egui::{Id, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

const ROW: f32 = 30.0;

pub(super) fn show(ui: &mut Ui, page: &mut Page, site: &Site) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let (place, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    let id = Id::unique("challenge-filter");
    let field = Field {
        id,
        name: "Find a breaker",
        shown: if page.filter.is_empty() { "Find a breaker" } else { &page.filter },
        edited: &page.filter,
        unit: "",
        look: if page.filter.is_empty() { FieldLook::Absent } else { FieldLook::Rest },
    };
    let output = field.show(ui, place);
    let typed = match output.response.has_focus() {
        true => ui.data(|d| d.get_temp::<String>(id)),
        false => output.committed,
    };
    if let Some(text) = typed {
        page.filter = text;
    }
    let wanted = page.filter.trim().to_lowercase();
    let all = fix::breakers(site);
    let found: Vec<_> = all.iter().filter(|b| b.1.to_lowercase().contains(&wanted)).collect();
    ui.add_space(8.0);
    ScrollArea::vertical().id_salt("breakers").show_rows(ui, ROW, found.len(), |ui, rows| {
        for (path, name, kind) in found.get(rows).unwrap_or_default() {
            let open = page.open.as_deref() == Some(path.as_str());
            if row(ui, (name, kind), open) {
                page.open = (!open).then(|| path.clone());
            }
        }
    });
}

fn row(ui: &mut Ui, (name, kind): (&str, &str), open: bool) -> bool {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let painter = ui.painter();
    if open {
        painter.rect_filled(rect, size::RADIUS_MARK, theme.color(Token::ErrBg));
    } else if response.hovered() {
        painter.rect_filled(rect, size::RADIUS_MARK, theme.color(Token::Raised));
    }
    if response.has_focus() {
        paint::focus_ring(painter, rect, size::RADIUS_MARK, theme);
    }
    // A breaker: filled while it is closed, hollow while it is open.
    let mark = Rect::from_center_size(pos2(rect.left() + 14.0, rect.center().y), vec2(11.0, 11.0));
    let token = if open { Token::Err } else { Token::Text2 };
    if open {
        let edge = eframe::egui::Stroke::new(1.4, theme.color(token));
        painter.rect_stroke(mark, 0.0, edge, eframe::egui::StrokeKind::Inside);
    } else {
        painter.rect_filled(mark, 0.0, theme.color(token));
    }
    let text = rect.with_min_x(rect.left() + 30.0).with_max_x(rect.right() - 130.0);
    Text::new(name, TextRole::BodyMedium, theme.color(Token::Text1)).paint(painter, text);
    let right = rect.with_max_x(rect.right() - 10.0);
    Text::new(kind, TextRole::Small, theme.color(Token::Text3)).right().paint(painter, right);
    let line = theme.color(Token::Line);
    paint::hairline(painter, rect.left(), rect.right(), rect.bottom() - 0.5, line);
    let verb = if open { "Close" } else { "Open" };
    let spoken = format!("{verb} the breaker of {name}");
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, open, &spoken));
    response.clicked()
}
