//! Where a canvas looks: pan, zoom, jumps with their flight. It must not know what is drawn.

use super::paint::point;
use crate::scene::geom::{Bounds, Pt, View};
use eframe::egui::{
    Event, Key, Modifiers, MouseWheelUnit, PointerButton, Popup, Response, Ui, Vec2,
};
use std::time::Duration;

/// Zoom of one notch of a wheel.
const NOTCH: f64 = 1.18;
/// Zoom of one press of a key or a button.
pub const ZOOM_STEP: f64 = 1.4;
/// Duration of a jump, and how long its target stays outlined, seconds.
const FLIGHT_S: f64 = 0.18;
pub const FLASH_S: f64 = 0.6;

/// A jump on its way.
#[derive(Clone, Debug)]
struct Flight {
    from: View,
    to: View,
    start_s: f64,
}

/// The view of a canvas.
#[derive(Clone, Debug)]
pub struct Camera {
    pub view: Option<View>,
    flight: Option<Flight>,
    /// Least and greatest zoom.
    limits: (f64, f64),
}

impl Default for Camera {
    fn default() -> Self {
        Self::new(crate::scene::geom::ZOOM_LIMITS)
    }
}

impl Camera {
    pub const fn new(limits: (f64, f64)) -> Self {
        Self { view: None, flight: None, limits }
    }

    pub fn is_flying(&self) -> bool {
        self.flight.is_some()
    }

    /// Asks for the next frame of a jump, or for the one in which its outline goes away.
    pub fn keep_moving(&self, ui: &Ui, flash_until: Option<f64>) {
        if self.is_flying() {
            ui.ctx().request_repaint();
        } else if let Some(until) = flash_until {
            let left = (until - ui.input(|i| i.time)).max(0.0);
            ui.ctx().request_repaint_after(Duration::from_secs_f64(left));
        }
    }

    /// Ends a jump where it is.
    pub fn land(&mut self) {
        self.flight = None;
    }

    /// Shows something else at once.
    pub fn set(&mut self, view: View) {
        self.view = Some(view);
        self.flight = None;
    }

    /// The view on this screen; `fitted` is the first one.
    pub fn on(&mut self, screen: Bounds, fitted: View) -> View {
        let view = self.view.get_or_insert(fitted);
        view.screen = screen;
        *view
    }

    /// Starts a jump; without motion it is there at once.
    pub fn depart(&mut self, to: View, now_s: f64, motion: bool) {
        match self.view {
            Some(from) if motion => self.flight = Some(Flight { from, to, start_s: now_s }),
            _ => self.set(to),
        }
    }

    /// When the outline of a jump's target that starts now goes away.
    pub fn flash_until(now_s: f64) -> f64 {
        now_s + FLIGHT_S + FLASH_S
    }

    /// Moves along a jump.
    pub fn advance(&mut self, screen: Bounds, now_s: f64) {
        let Some(flight) = &mut self.flight else { return };
        flight.to.screen = screen;
        let t = ((now_s - flight.start_s) / FLIGHT_S).clamp(0.0, 1.0);
        let eased = 1.0 - (1.0 - t).powi(3);
        self.view = Some(if t >= 1.0 { flight.to } else { flight.from.towards(&flight.to, eased) });
        if t >= 1.0 {
            self.flight = None;
        }
    }

    /// Middle and secondary drags, and any with Space, move the view; whether one does.
    pub fn dragged(&mut self, ui: &Ui, response: &Response) -> bool {
        let space = ui.input(|i| i.key_down(Key::Space));
        let by = |button| response.dragged_by(button);
        let moves = by(PointerButton::Middle)
            || by(PointerButton::Secondary)
            || space && by(PointerButton::Primary);
        if moves {
            self.land();
            self.pan(response.drag_delta());
        }
        moves
    }

    pub fn pan(&mut self, by: Vec2) {
        if let Some(view) = &mut self.view {
            *view = view.panned(f64::from(by.x), f64::from(by.y));
        }
    }

    /// Zooms within the limits; what stands at `at` (screen) stays.
    pub fn zoom(&mut self, at: Pt, factor: f64) {
        if let Some(view) = &mut self.view {
            let least = (self.limits.0 / view.scale).min(1.0);
            let most = (self.limits.1 / view.scale).max(1.0);
            *view = view.zoomed_at(at, factor.clamp(least, most));
        }
    }

    /// Zooms around the middle of the screen.
    pub fn zoom_middle(&mut self, factor: f64) {
        if let Some(view) = self.view {
            self.zoom(view.screen.centre(), factor);
        }
    }

    /// Wheel and pinch.
    pub fn wheel(&mut self, ui: &Ui, response: &Response) {
        let Some(at) = response.hover_pos() else { return };
        let (mut factor, mut pan) = (f64::from(ui.input(|i| i.zoom_delta())), Vec2::ZERO);
        ui.input(|i| {
            for event in &i.events {
                let Event::MouseWheel { unit, delta, modifiers, .. } = event else { continue };
                // With the zoom key held the wheel is in `zoom_delta` already.
                if modifiers.command || modifiers.ctrl {
                    continue;
                }
                match unit {
                    MouseWheelUnit::Point => pan += *delta,
                    MouseWheelUnit::Line | MouseWheelUnit::Page => {
                        factor *= NOTCH.powf(f64::from(delta.y));
                        pan.x += delta.x * 40.0;
                    }
                }
            }
        });
        if factor != 1.0 || pan != Vec2::ZERO {
            self.zoom(point(at), factor);
            self.pan(pan);
            self.flight = None;
        }
    }

    /// Plus and minus.
    pub fn zoom_keys(&mut self, ui: &Ui) {
        let steps =
            [(Key::Plus, ZOOM_STEP), (Key::Equals, ZOOM_STEP), (Key::Minus, 1.0 / ZOOM_STEP)];
        for (key, factor) in steps {
            if ui.input_mut(|i| i.consume_key(Modifiers::NONE, key)) {
                self.zoom_middle(factor);
            }
        }
    }
}

/// Whether keys are meant for a canvas: it has the focus, or the pointer is over it while
/// nothing else takes keys.
pub fn has_keys(ui: &Ui, response: &Response) -> bool {
    let elsewhere = ui.ctx().egui_wants_keyboard_input() && !response.has_focus();
    // An open menu has the keys, wherever the pointer is.
    let covered =
        Popup::is_any_open(ui.ctx()) || ui.ctx().memory(|m| m.top_modal_layer().is_some());
    !covered && !elsewhere && (response.hovered() || response.has_focus())
}
