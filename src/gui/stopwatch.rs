//! How long the window takes to come: to its first painted frame, and to the first plan in it.
//! It must not know what is painted.

use super::app::App;
use eframe::egui::{self, Ui, ViewportCommand};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A moment of the start.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Moment {
    /// Processor time that all threads of the program have used; unknown where the system
    /// does not tell it in a file.
    pub cpu_s: Option<f64>,
    /// Since the program was called.
    pub wall_s: f64,
}

impl Moment {
    /// Now, of a program that began then.
    pub fn since(began: Instant) -> Self {
        Self { cpu_s: cpu().map(|t| t.as_secs_f64()), wall_s: began.elapsed().as_secs_f64() }
    }
}

/// The moments of a start; absent where the window was closed before.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct Start {
    /// The window is about to be made: the catalogue and the layout have been read.
    pub window: Option<Moment>,
    /// The first frame has been painted.
    pub first_frame: Option<Moment>,
    /// A frame with a plan, as a preview or whole, has been painted.
    pub first_plan: Option<Moment>,
}

/// Takes the moments of one start; a clone tells them once the window is gone.
#[derive(Clone, Debug)]
pub struct Stopwatch {
    began: Instant,
    start: Arc<Mutex<Start>>,
}

impl Stopwatch {
    /// For a program that began then.
    pub fn new(began: Instant) -> Self {
        Self { began, start: Arc::default() }
    }

    pub fn start(&self) -> Start {
        *self.start.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a moment, the first time.
    pub(super) fn take(&self, which: impl FnOnce(&mut Start) -> &mut Option<Moment>) {
        let mut start = self.start.lock().unwrap_or_else(PoisonError::into_inner);
        which(&mut start).get_or_insert_with(|| Moment::since(self.began));
    }
}

/// Ticks of a second in which Linux tells processor time.
const TICKS_PER_S: f64 = 100.0;

/// Processor time of this process.
fn cpu() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name in brackets may hold spaces; state is the third field, user time the 14th.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at - 3)?.parse::<f64>().ok();
    Some(Duration::from_secs_f64((ticks(14)? + ticks(15)?) / TICKS_PER_S))
}

/// The window with a stopwatch in front of it, closed once its first plan is shown.
pub(super) struct Timed {
    app: App,
    stopwatch: Stopwatch,
    has_painted: bool,
    has_plan: bool,
}

impl Timed {
    pub fn new(app: App, stopwatch: Stopwatch) -> Self {
        Self { app, stopwatch, has_painted: false, has_plan: false }
    }
}

impl eframe::App for Timed {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        // What was asked for in one frame is on the screen when the next begins.
        if self.has_painted {
            self.stopwatch.take(|s| &mut s.first_frame);
            if self.has_plan {
                self.stopwatch.take(|s| &mut s.first_plan);
                ctx.send_viewport_cmd(ViewportCommand::Close);
            } else {
                ctx.request_repaint();
            }
        }
        self.app.logic(ctx, frame);
        self.has_plan = self.app.session().outcome().is_some();
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        self.app.ui(ui, frame);
        self.has_painted = true;
        ui.ctx().request_repaint();
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        self.app.clear_color(visuals)
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_grows_with_work() {
        let Some(before) = cpu() else { return };
        let began = Instant::now();
        let mut sum = 0u64;
        while cpu().is_some_and(|now| now <= before) {
            sum = (0..100_000u64).fold(sum, |s, n| s.wrapping_mul(31).wrapping_add(n));
            assert!(began.elapsed() < Duration::from_secs(60), "{sum}");
        }
    }

    #[test]
    fn moments_are_taken_once() {
        let watch = Stopwatch::new(Instant::now());
        watch.take(|s| &mut s.first_frame);
        let first = watch.start().first_frame.map(|m| m.wall_s);
        std::thread::sleep(Duration::from_millis(5));
        watch.take(|s| &mut s.first_frame);
        assert_eq!(watch.start().first_frame.map(|m| m.wall_s), first);
        assert!(watch.start().first_plan.is_none());
    }
}
