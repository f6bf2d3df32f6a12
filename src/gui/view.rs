//! What the window shows and how: tabs, folds, theme. Preferences are a part of
//! it and survive the program; nothing of the plan does.

use super::action::{BottomTab, Tab, View};
use super::canvas::Tool;
use super::challenge::Challenge;
use super::chooser::Chooser;
use super::context_menu::ContextMenu;
use super::measure;
use super::palette::PaletteState;
use super::panels::catalogue::{CatalogueSearch, CatalogueView, RacksMemo};
use super::panels::compare::CompareState;
use super::panels::contingencies::{ContingenciesMemo, ContingenciesView};
use super::panels::cooling::CoolingState;
use super::panels::economics::{EconomicsState, LadderCharts};
use super::panels::estimator::EstimatorState;
use super::panels::finance::FinanceState;
use super::panels::headline::HeadlineMemo;
use super::panels::limits::{LimitsMemo, LimitsView};
use super::panels::one_line::OneLineState;
use super::panels::present::{self, Presentation};
use super::panels::site_plan::PlanViewState;
use super::panels::tree::{TreeMemo, TreeView};
use super::records::Records;
use super::wizard::Wizard;
use crate::editor::ElementId;
use crate::scene::plan::Overlay;
use crate::study::network::Scenario;
use crate::units::format::System;
use eframe::egui::{self, ThemePreference};
use std::path::PathBuf;

/// What is kept between two runs of the program.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Prefs {
    pub theme: ThemePreference,
    pub zoom_factor: f32,
    pub units: System,
    pub tab: Tab,
    pub bottom: BottomTab,
    pub tree: TreeView,
    pub limits: LimitsView,
    pub contingencies: ContingenciesView,
    pub catalogue: CatalogueView,
    /// Files opened or saved, newest first, as this window last knew the list that all windows
    /// share; missing ones go when they are opened.
    pub recent: Vec<PathBuf>,
}

impl Default for Prefs {
    fn default() -> Self {
        Self {
            theme: ThemePreference::Dark,
            zoom_factor: 1.0,
            units: System::default(),
            tab: Tab::default(),
            bottom: BottomTab::default(),
            tree: TreeView::default(),
            limits: LimitsView::default(),
            contingencies: ContingenciesView::default(),
            catalogue: CatalogueView::default(),
            recent: Vec::new(),
        }
    }
}

/// The state of the window that is not the plan.
#[derive(Default)]
pub struct ViewState {
    pub prefs: Prefs,
    pub plan: PlanViewState,
    pub one_line: OneLineState,
    pub economics: EconomicsState,
    pub finance: FinanceState,
    /// The ladder in the economics.
    pub ladder: LadderCharts,
    pub estimator: EstimatorState,
    pub compare: CompareState,
    pub cooling: CoolingState,
    /// Under way over the whole window.
    pub presentation: Option<Presentation>,
    pub palette: PaletteState,
    pub catalogue: CatalogueSearch,
    pub wizard: Wizard,
    pub challenge: Challenge,
    pub records: Records,
    /// A question lies over everything.
    pub is_asked: bool,
    pub context_menu: ContextMenu,
    pub chooser: Chooser,
    pub shows_shortcuts: bool,
    pub shows_about: bool,
    pub racks_memo: RacksMemo,
    pub headline_memo: HeadlineMemo,
    pub tree_memo: TreeMemo,
    pub limits_memo: LimitsMemo,
    /// What is searched among the outages.
    pub outage_search: String,
    pub contingencies_memo: ContingenciesMemo,
    /// What happens to the network, while somebody looks at it; no part of the document.
    pub scenario: Option<Scenario>,
    pub at_once: bool,
}

/// Steps of the zoom.
const ZOOMS: [f32; 9] = [0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0];

impl ViewState {
    pub fn new(prefs: Prefs) -> Self {
        Self { prefs, plan: PlanViewState::new(), ..Self::default() }
    }

    /// Brings theme and zoom of the preferences into a context.
    pub fn apply_prefs(&self, ctx: &egui::Context) {
        ctx.set_theme(self.prefs.theme);
        measure::set_system(ctx, self.prefs.units);
        ctx.set_zoom_factor(self.prefs.zoom_factor.clamp(0.7, 2.0));
    }

    /// Whether something that takes the keyboard lies over the panels.
    pub fn is_covered(&self) -> bool {
        self.shows_shortcuts
            || self.shows_about
            || self.presentation.is_some()
            || self.palette.is_open()
            || self.wizard.is_open()
            || self.challenge.is_open()
            || self.records.is_open()
            || self.context_menu.is_open()
            || self.chooser.is_open()
    }

    /// Applies what changes the view alone; selections are the session's and stay out.
    pub fn apply(&mut self, ctx: &egui::Context, view: &View) {
        match view {
            View::Tab(tab) => self.prefs.tab = *tab,
            View::BottomTab(tab) => self.prefs.bottom = *tab,
            View::WhatIf(scenario) => self.what_if(scenario.clone()),
            View::WhatIfAtOnce(at_once) => self.at_once = *at_once,
            View::Fit if self.prefs.tab == Tab::OneLine => self.one_line.fit(),
            View::Fit => self.plan.fit(),
            View::Calibrate(underlay) => {
                self.prefs.tab = Tab::SitePlan;
                self.plan.calibrate(underlay);
            }
            // The application asks for the distance.
            View::Calibrated { .. } => {}
            View::DrawConstraint => {
                self.prefs.tab = Tab::SitePlan;
                self.plan.draw_outline();
            }
            View::Jump(element)
                if self.prefs.tab == Tab::OneLine && OneLineState::holds(element) =>
            {
                self.one_line.jump(element);
            }
            View::Jump(element) => {
                self.prefs.tab = Tab::SitePlan;
                self.plan.jump(element);
            }
            View::Theme(preference) => {
                self.prefs.theme = *preference;
                ctx.set_theme(*preference);
            }
            View::ZoomIn => self.zoom(ctx, 1),
            View::ZoomOut => self.zoom(ctx, -1),
            View::ZoomReset => self.set_zoom(ctx, 1.0),
            View::ShowShortcuts(shown) => self.shows_shortcuts = *shown,
            View::ShowAbout(shown) => self.shows_about = *shown,
            View::Units(system) => {
                self.prefs.units = *system;
                measure::set_system(ctx, *system);
            }
            View::Place(what) | View::Carry(what) => {
                self.prefs.tab = Tab::SitePlan;
                self.prefs.catalogue.remember(what);
                self.plan.place(what.clone(), matches!(view, View::Carry(_)));
            }
            View::Array(elements) => {
                self.prefs.tab = Tab::SitePlan;
                let ids = elements.iter().map(|e| ElementId::new(e.path()));
                self.plan.repeat(ids.collect());
            }
            View::Palette(text) => self.palette.open(ctx, text),
            View::DrawConnections => self.draw_connections(),
            View::Tool(tool) => self.take_tool(*tool),
            View::Snap => self.plan.snap = !self.plan.snap,
            View::Overlay(overlay) => self.colour(*overlay),
            View::Choose(ask) => self.chooser.open(ctx, *ask),
            View::ClosePalette => self.palette.close(ctx),
            View::ContextMenu(at) => self.context_menu.open(ctx, *at),
            View::EditField(path) => {
                if matches!(self.prefs.tab, Tab::Throughput | Tab::Cooling | Tab::Compare) {
                    self.prefs.tab = Tab::SitePlan;
                }
                super::panels::rows::ask_for_keyboard(ctx, path);
            }
            View::Present(on) => self.present(ctx, *on),
            View::PresentStep(step) => {
                if let Some(presentation) = &mut self.presentation {
                    presentation.step = *step;
                }
            }
            View::CopyText(text) => ctx.copy_text(text.clone()),
            // The application knows site and catalogue.
            View::Challenge => {}
            View::Select(_) | View::Toggle(_) | View::SelectRelated(_) => {}
        }
    }

    /// Another what-if shows the state that lasts first.
    fn what_if(&mut self, scenario: Option<Scenario>) {
        (self.scenario, self.at_once) = (scenario, false);
    }

    /// Everything is larger while presenting, and the window fills the screen.
    fn present(&mut self, ctx: &egui::Context, on: bool) {
        if self.presentation.is_some() == on {
            return;
        }
        self.presentation = on.then(Presentation::default);
        let zoom = self.prefs.zoom_factor.clamp(0.7, 2.0);
        ctx.set_zoom_factor(if on { zoom * present::ENLARGED } else { zoom });
        ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(on));
    }

    fn draw_connections(&mut self) {
        if self.prefs.tab == Tab::OneLine {
            self.one_line.connects = !self.one_line.connects;
            return;
        }
        let on = self.prefs.tab == Tab::SitePlan && self.plan.tool == Tool::Connect;
        self.prefs.tab = Tab::SitePlan;
        self.plan.tool = if on { Tool::Select } else { Tool::Connect };
    }

    /// A tool of the plan; the diagram has no other than its own.
    fn take_tool(&mut self, tool: Tool) {
        if self.prefs.tab == Tab::OneLine && tool == Tool::Select {
            self.one_line.connects = false;
        } else {
            self.prefs.tab = Tab::SitePlan;
            self.plan.take(tool);
        }
    }

    /// Another meaning of the colours, of the page that is shown where it can say that.
    fn colour(&mut self, overlay: Overlay) {
        if self.prefs.tab == Tab::OneLine && overlay.is_of_network() {
            self.one_line.overlay = overlay;
        } else {
            self.prefs.tab = Tab::SitePlan;
            self.plan.overlay = overlay;
        }
    }

    fn zoom(&mut self, ctx: &egui::Context, steps: isize) {
        let now = self.prefs.zoom_factor;
        let near = ZOOMS
            .iter()
            .enumerate()
            .min_by(|a, b| (a.1 - now).abs().total_cmp(&(b.1 - now).abs()))
            .map_or(3, |(index, _)| index);
        let next = near.saturating_add_signed(steps).min(ZOOMS.len() - 1);
        if let Some(factor) = ZOOMS.get(next) {
            self.set_zoom(ctx, *factor);
        }
    }

    fn set_zoom(&mut self, ctx: &egui::Context, factor: f32) {
        self.prefs.zoom_factor = factor;
        ctx.set_zoom_factor(factor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zoom_walks_its_steps_and_stops_at_the_ends() {
        let ctx = egui::Context::default();
        let mut view = ViewState::default();
        view.apply(&ctx, &View::ZoomIn);
        assert_eq!(view.prefs.zoom_factor, 1.1);
        for _ in 0..20 {
            view.apply(&ctx, &View::ZoomIn);
        }
        assert_eq!(view.prefs.zoom_factor, 2.0);
        view.apply(&ctx, &View::ZoomReset);
        view.apply(&ctx, &View::ZoomOut);
        assert_eq!(view.prefs.zoom_factor, 0.9);
    }

    #[test]
    fn units_are_remembered_and_preferences_without_them_still_read() {
        let ctx = egui::Context::default();
        let mut view = ViewState::default();
        view.apply(&ctx, &View::Units(System::Us));
        assert_eq!(measure::system(&ctx), System::Us);
        let text = serde_json::to_string(&view.prefs).expect("writes");
        let read: Prefs = serde_json::from_str(&text).expect("reads");
        assert_eq!(read.units, System::Us);
        let next = egui::Context::default();
        ViewState::new(read).apply_prefs(&next);
        assert_eq!(measure::system(&next), System::Us);
        let old: Prefs = serde_json::from_str("{\"zoom_factor\": 1.1}").expect("reads");
        assert_eq!(old.units, System::Metric);
    }

    #[test]
    fn a_jump_brings_the_plan_to_the_front() {
        let ctx = egui::Context::default();
        let mut view = ViewState::default();
        view.prefs.tab = Tab::Economics;
        let hall = crate::gui::context::Element::new(crate::gui::context::Kind::Hall, "h1");
        view.apply(&ctx, &View::Jump(hall.clone()));
        assert_eq!(view.prefs.tab, Tab::SitePlan);
        view.prefs.tab = Tab::OneLine;
        view.apply(&ctx, &View::Jump(hall));
        assert_eq!(view.prefs.tab, Tab::OneLine, "the diagram shows halls itself");
        let area = crate::gui::context::Element::new(crate::gui::context::Kind::Area, "road");
        view.apply(&ctx, &View::Jump(area));
        assert_eq!(view.prefs.tab, Tab::SitePlan, "a road has no place on a diagram");
    }
}
