//! The value of the newest plan and its risk: handed to their threads and taken to the panels.

use super::App;
use crate::editor::SolveStatus;
use crate::editor::appraisal::AppraisalWatch;
use crate::editor::risk::RiskWatch;
use crate::editor::valuation::ValueWatch;
use crate::gui::action::{Run, Tab};
use eframe::egui;

impl App {
    /// Has plans valued beside the window.
    pub fn watch_finance(&mut self, ctx: &egui::Context) {
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        self.values = ValueWatch::new(wake.clone()).ok();
        self.risks = RiskWatch::new(wake.clone()).ok();
        self.appraisals = AppraisalWatch::new(wake).ok();
    }

    /// Whether the value of the newest answer is shown.
    pub(super) fn is_valued(&self) -> bool {
        self.values.as_ref().is_none_or(ValueWatch::is_settled)
            && self.appraisals.as_ref().is_none_or(AppraisalWatch::is_settled)
            && !(self.told.risks.studying || self.told.risks.draws.running)
    }

    /// Starts or ends draws of the newest value.
    pub(super) fn run_draws(&mut self, run: Run) {
        let Some(watch) = &mut self.risks else { return };
        match run {
            Run::Draws(count) => {
                let valued = self.told.finances.valued.as_ref();
                if let Some(valued) = valued.filter(|v| v.finance.is_ok()) {
                    watch.draw(valued, count);
                }
            }
            Run::StopDraws => watch.stop_draws(),
            Run::Solve => {}
        }
    }

    /// Has the newest value studied while somebody looks, and collects what was found.
    fn study_risk(&mut self) {
        let Some(watch) = &mut self.risks else { return };
        watch.poll();
        let finances = &self.told.finances;
        match &finances.valued {
            None => watch.reset(),
            Some(valued) => {
                let seen = matches!(self.view.prefs.tab, Tab::Finance | Tab::Economics);
                let whole = self.session.status() == SolveStatus::Fresh && !self.in_gesture;
                if seen && whole && !finances.stale && valued.finance.is_ok() {
                    let own = &self.session.editor().document().layout().scenarios;
                    watch.want(valued, own);
                }
                watch.outdate(Some(valued));
            }
        }
        if watch.shown().revision != self.told.risks.revision {
            self.told.risks = watch.shown().clone();
        }
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
        self.study_risk();
    }
}
