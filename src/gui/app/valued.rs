//! The value of the newest plan: handed to its thread and taken to the panels.

use super::App;
use crate::editor::SolveStatus;
use crate::editor::valuation::ValueWatch;
use eframe::egui;

impl App {
    /// Has plans valued beside the window.
    pub fn watch_finance(&mut self, ctx: &egui::Context) {
        let ctx = ctx.clone();
        self.values = ValueWatch::new(move || ctx.request_repaint()).ok();
    }

    /// Whether the value of the newest answer is shown.
    pub(super) fn is_valued(&self) -> bool {
        self.values.as_ref().is_none_or(ValueWatch::is_settled)
    }

    /// Hands answers to what values them, and collects what it found.
    pub(super) fn value_plan(&mut self) {
        let Some(watch) = &mut self.values else { return };
        let active = self.session.editor().document().variant().id.clone();
        if self.valued_variant != active {
            watch.reset();
            self.valued_variant = active;
        }
        watch.poll();
        let editor = self.session.editor();
        match self.session.outcome() {
            None => watch.reset(),
            Some(outcome) if self.session.is_of_present_site() => {
                let whole = self.session.status() == SolveStatus::Fresh && !self.in_gesture;
                watch.want(editor.site(), editor.catalog_in_force(), (outcome, whole));
            }
            Some(_) => watch.outdate(),
        }
        let shown = watch.shown();
        let told = &self.told.finances;
        if (shown.revision, shown.stale) != (told.revision, told.stale) {
            self.told.finances = shown.clone();
        }
    }
}
