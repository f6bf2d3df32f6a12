//! The bar of steps at the bottom, and what the keys do.

use super::Wish;
use crate::gui::components::button::{Button, Look};
use crate::gui::components::paint::{self, Text};
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::panels::title_bar::paint_mark;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use crate::site::TourStep;
use crate::units::words::lower_first;
use eframe::egui::{Align, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Shows the bar where there are several steps, and the foot below it.
pub(super) fn show(
    ui: &mut Ui,
    tour: &[TourStep],
    step: usize,
    (cx, rect): (&Context<'_>, Rect),
) -> Option<Wish> {
    let mut wish = None;
    if tour.len() > 1 {
        let bar = Rect::from_min_size(rect.min, vec2(rect.width(), 30.0));
        wish = walk(ui, tour, step, bar);
    }
    foot(ui, cx, Rect::from_min_max(pos2(rect.left(), rect.bottom() - 16.0), rect.max));
    wish
}

fn walk(ui: &mut Ui, tour: &[TourStep], step: usize, bar: Rect) -> Option<Wish> {
    let next = match tour.get(step + 1) {
        Some(next) => format!("Next: {}", lower_first(&next.name)),
        None => "End".to_owned(),
    };
    let wide = paint::width(ui.painter(), &next, TextRole::BodyMedium) + 52.0;
    let mut wish = None;
    let left = Rect::from_min_size(bar.min, vec2(28.0, 28.0));
    ui.scope_builder(UiBuilder::new().max_rect(left), |ui| {
        let back = Button::icon(Icon::ArrowLeft, "Back").enabled(step > 0).height(28.0);
        if back.show(ui).clicked() {
            wish = Some(Wish::Back);
        }
    });
    let right = Rect::from_min_max(
        pos2(bar.right() - wide, bar.top()),
        pos2(bar.right(), bar.top() + 28.0),
    );
    let layout = Layout::right_to_left(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(right).layout(layout), |ui| {
        let more = step + 1 < tour.len();
        let button = Button::new(&next).look(Look::Primary).height(28.0);
        let button = if more { button.leading_on() } else { button };
        if button.show(ui).clicked() {
            wish = Some(if more { Wish::Next } else { Wish::End });
        }
    });
    let span = Rect::from_min_max(
        pos2(left.right() + 10.0, bar.top()),
        pos2(right.left() - 10.0, bar.bottom()),
    );
    let width = span.width() / tour.len() as f32;
    for (i, one) in tour.iter().enumerate() {
        let x = span.left() + width * i as f32;
        let place = Rect::from_min_size(pos2(x, span.top()), vec2(width - 8.0, 30.0));
        if segment(ui, place, (i, step), &one.name) {
            wish = Some(Wish::To(i));
        }
    }
    wish
}

/// One step of the bar; true when clicked.
fn segment(ui: &mut Ui, place: Rect, (i, now): (usize, usize), name: &str) -> bool {
    let theme = Theme::of(ui.ctx());
    let response = ui.interact(place, ui.scope_id().with(("step", i)), Sense::click());
    let painter = ui.painter();
    let line = Rect::from_min_size(place.min + vec2(0.0, 2.0), vec2(place.width(), 3.0));
    let fill = if i <= now { Token::Accent } else { Token::Line };
    painter.rect_filled(line, 1.5, theme.color(fill));
    let (role, token) = match (i == now, response.hovered()) {
        (true, _) => (TextRole::BodyStrong, Token::Text1),
        (false, true) => (TextRole::Body, Token::Text1),
        (false, false) => (TextRole::Body, Token::Text2),
    };
    let words = format!("{}  {name}", i + 1);
    let text = Rect::from_min_max(place.min + vec2(0.0, 9.0), place.max);
    Text::new(&words, role, theme.color(token)).paint(painter, text);
    if response.has_focus() {
        paint::focus_ring(painter, place.expand(2.0), 4.0, theme);
    }
    let spoken = format!("Step {}: {name}", i + 1);
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, i == now, &spoken));
    response.clicked()
}

fn foot(ui: &Ui, cx: &Context<'_>, rect: Rect) {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter();
    paint_mark(painter, pos2(rect.left() + 6.0, rect.center().y), 12.0, theme);
    let grey = theme.color(Token::Text3);
    let words = format!("Gigasite     {}     Catalogue {}", cx.document.title, cx.catalog.version);
    let after = Rect::from_min_max(pos2(rect.left() + 18.0, rect.top()), rect.max);
    Text::new(&words, TextRole::Small, grey).paint(painter, after);
    let keys = "Space next · Backspace back · Esc end";
    Text::new(keys, TextRole::Small, grey).right().paint(painter, rect);
}
