//! What a new site can start from.

use super::{Choice, body, buttons, ghost, heading};
use crate::gui::components::paint::{self, Text};
use crate::gui::examples::{self, Example};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{self, Rect, Sense, Stroke, Ui, pos2, vec2};

const CARD: f32 = 64.0;
const GAP: f32 = size::CARD_GAP;

pub(super) fn show(ui: &mut Ui) -> Option<Choice> {
    heading(ui, "New site");
    body(ui, "Starts from a layout that is complete; nothing is written until you save");
    ui.add_space(10.0);
    let width = (ui.available_width() - GAP) / 2.0;
    let mut choice = None;
    ui.spacing_mut().item_spacing = vec2(GAP, GAP);
    for (row, pair) in examples::ALL.chunks(2).enumerate() {
        ui.horizontal(|ui| {
            for (column, example) in pair.iter().enumerate() {
                if card(ui, example, width) {
                    choice = Some(Choice::Template(2 * row + column));
                }
            }
        });
    }
    choice.or(buttons(ui, |ui| ghost(ui, "Cancel").then_some(Choice::Cancel)))
}

/// One template; true when it was chosen.
fn card(ui: &mut Ui, example: &Example, width: f32) -> bool {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(width, CARD), Sense::click());
    let painter = ui.painter();
    let hot = response.hovered() || response.is_pointer_button_down_on();
    let edge = if hot { Token::Line2 } else { Token::Line };
    let fill = theme.color(if hot { Token::Raised } else { Token::Panel });
    paint::plate(painter, rect, size::RADIUS_CARD, fill, Stroke::new(1.0, theme.color(edge)));
    if response.has_focus() {
        paint::focus_ring(painter, rect, size::RADIUS_CARD, theme);
    }
    let plate = Rect::from_center_size(pos2(rect.left() + 32.0, rect.center().y), vec2(36.0, 36.0));
    let raised = theme.color(Token::Raised);
    paint::plate(painter, plate, size::RADIUS_CARD, raised, Stroke::NONE);
    example.icon.paint(painter, plate.center(), theme.color(Token::Text2));
    let left = rect.left() + 62.0;
    let text = |top: f32| {
        Rect::from_min_max(
            pos2(left, rect.top() + top),
            pos2(rect.right() - 10.0, rect.top() + top + 20.0),
        )
    };
    let (name, what) = (theme.color(Token::Text1), theme.color(Token::Text2));
    Text::new(example.name, TextRole::BodyStrong, name).paint(painter, text(12.0));
    Text::new(example.what, TextRole::Body, what).paint(painter, text(32.0));
    let spoken = format!("{}: {}", example.name, example.what);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &spoken));
    response.clicked()
}
