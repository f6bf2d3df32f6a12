//! The slider of the price level, with a mark where the margin is zero.

use crate::gui::components::paint::{self, Text};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use eframe::egui::{EventFilter, Key, Rect, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Ends of the bar.
pub const LOWEST: f64 = 0.02;
pub const HIGHEST: f64 = 5.0;
/// Steps of the keys over the bar.
const STEPS: f64 = 100.0;
/// How near a level snaps to the layout's own.
const SNAP: f64 = 0.02;

fn share(level: f64) -> f64 {
    (level.clamp(LOWEST, HIGHEST) / LOWEST).ln() / (HIGHEST / LOWEST).ln()
}

fn at(share: f64) -> f64 {
    let level = LOWEST * (HIGHEST / LOWEST).powf(share.clamp(0.0, 1.0));
    // Two digits after the first: a slider is no place for more.
    let step = 10f64.powf(level.log10().floor() - 2.0);
    let rounded = (level / step).round() * step;
    if (rounded - 1.0).abs() < SNAP { 1.0 } else { rounded }
}

/// Shows the bar over the width that is left; the level that was asked for.
pub fn slider(ui: &mut Ui, level: f64, mark: Option<f64>) -> Option<f64> {
    let theme = Theme::of(ui.ctx());
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::click_and_drag());
    let track = Rect::from_min_max(
        pos2(rect.left() + 8.0, rect.top() + 10.0),
        pos2(rect.right() - 8.0, rect.top() + 15.0),
    );
    let x = |level: f64| track.left() + track.width() * share(level) as f32;
    let painter = ui.painter();
    painter.rect_filled(track, 2.5, theme.color(Token::Raised));
    let done = track.with_max_x(x(level));
    painter.rect_filled(done, 2.5, theme.color(Token::Accent));
    let inside = |m: &f64| (LOWEST..=HIGHEST).contains(m);
    if let Some(zero) = mark.filter(inside) {
        let (top, bottom) = (track.top() - 5.0, track.bottom() + 5.0);
        let edge = Stroke::new(2.0, theme.color(Token::WarnFill));
        painter.line_segment([pos2(x(zero), top), pos2(x(zero), bottom)], edge);
        let text = Rect::from_center_size(pos2(x(zero), rect.bottom() - 9.0), vec2(90.0, 14.0));
        let text = text.translate(vec2((rect.left() - text.left()).max(0.0), 0.0));
        let text = text.translate(vec2((rect.right() - text.right()).min(0.0), 0.0));
        Text::new("break-even", TextRole::Small, theme.color(Token::Warn))
            .center()
            .paint(painter, text);
    }
    let knob = pos2(x(level), track.center().y);
    painter.circle_filled(knob, 8.0, theme.color(Token::Handle));
    painter.circle_stroke(knob, 8.0, Stroke::new(1.6, theme.color(Token::Accent)));
    if response.has_focus() {
        paint::focus_ring(painter, rect, 5.0, theme);
    }
    let spoken = format!("Price level {}", crate::units::format::ratio(level));
    response.widget_info(|| WidgetInfo::slider(true, level, &spoken));
    let pointed =
        response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked());
    if let Some(to) = pointed {
        let share = f64::from((to.x - track.left()) / track.width());
        return Some(at(share)).filter(|l| *l != level);
    }
    if !response.has_focus() {
        return None;
    }
    let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
    let steps =
        ui.input(|i| i.num_presses(Key::ArrowRight) as f64 - i.num_presses(Key::ArrowLeft) as f64);
    (steps != 0.0).then(|| at(share(level) + steps / STEPS)).filter(|l| *l != level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_runs_from_end_to_end_and_holds_the_present_price() {
        assert_eq!((at(0.0), at(1.0)), (LOWEST, HIGHEST));
        assert_eq!(at(share(1.0)), 1.0);
        let mut last = 0.0;
        for step in 0..=100 {
            let level = at(f64::from(step) / 100.0);
            assert!(level > last, "{level} after {last}");
            last = level;
        }
    }
}
