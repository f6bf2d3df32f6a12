//! The whole window for one context: bars and panels in their places. It paints
//! and pushes actions; it must not apply them.

use super::action::{Action, Actions, BottomTab, Tab, View};
use super::chooser;
use super::components::chip::{self, Tone};
use super::components::empty::empty;
use super::components::paint;
use super::context::{Context, Disk};
use super::context_menu;
use super::palette;
use super::panels::{
    banner, catalogue, compare, contingencies, cooling, economics, estimator, finance, headline,
    inspector, limits, one_line, present, problems, site_plan, status, tabs, title_bar, tree,
};
use super::theme::Theme;
use super::view::ViewState;
use crate::diag::Severity;
use crate::scene::tokens::{Token, size};
use crate::site::Infrastructure;
use eframe::egui::{
    Align, CentralPanel, Color32, Frame, Layout, Panel, Rangef, Rect, Sense, Ui, UiBuilder, pos2,
    vec2,
};

/// Least width, in points, at which the left panel is shown.
const ROOM_FOR_LEFT: f32 = 1040.0;

/// Share of the left panel that the terms of business take at first.
const TERMS_SHARE: f32 = 0.36;

/// Paints the window; what was asked for comes back in `actions`.
pub fn show(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    if let Some(presentation) = &mut view.presentation {
        present::show(ui, cx, (presentation, view.prefs.tab), actions);
        return;
    }
    let theme = Theme::of(ui.ctx());
    ui.painter().rect_filled(ui.max_rect(), 0.0, theme.color(Token::App));
    if view.challenge.is_open() {
        return view.challenge.show(ui);
    }
    if view.records.is_open() {
        return view.records.show(ui, view.is_asked, actions);
    }
    bar(ui, Panel::top("title-bar"), size::TITLE_BAR, |ui| title_bar::show(ui, cx, actions));
    if view.wizard.is_open() {
        bar(ui, Panel::bottom("status"), size::STATUS, |ui| status::show(ui, cx, actions));
        return view.wizard.show(ui, cx, actions);
    }
    bar(ui, Panel::top("headline"), size::HEADLINE, |ui| {
        headline::show(ui, cx, &mut view.headline_memo);
    });
    if cx.document.disk != Disk::Same {
        banner_strip(ui, cx, actions);
    }
    bar(ui, Panel::bottom("status"), size::STATUS, |ui| status::show(ui, cx, actions));
    match view.prefs.tab {
        Tab::SitePlan | Tab::OneLine => canvas_page(ui, cx, view, actions),
        Tab::Economics => economics_page(ui, cx, view, actions),
        Tab::Finance => finance_page(ui, cx, view, actions),
        Tab::Throughput => throughput_page(ui, cx, view, actions),
        Tab::Cooling => cooling_page(ui, cx, view, actions),
        Tab::Compare => compare_page(ui, cx, view, actions),
    }
    context_menu::show(ui, cx, &mut view.context_menu, actions);
    palette::show(ui, cx, &mut view.palette, actions);
    chooser::show(ui, cx, &mut view.chooser, actions);
}

/// News about the document's file, below the headline.
fn banner_strip(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let frame = Frame::new().fill(Theme::of(ui.ctx()).color(Token::WarnBg));
    Panel::top("banner").exact_size(banner::HEIGHT).resizable(false).frame(frame).show(ui, |ui| {
        ui.style_mut().wrap_mode = Some(eframe::egui::TextWrapMode::Extend);
        banner::show(ui, cx, actions);
    });
}

/// A bar of fixed height with a hairline towards the middle of the window.
fn bar(ui: &mut Ui, panel: Panel, height: f32, body: impl FnOnce(&mut Ui)) {
    let theme = Theme::of(ui.ctx());
    let frame = Frame::new().fill(theme.color(Token::Panel));
    panel.exact_size(height).resizable(false).show_separator_line(true).frame(frame).show(
        ui,
        |ui| {
            ui.style_mut().wrap_mode = Some(eframe::egui::TextWrapMode::Extend);
            body(ui);
        },
    );
}

fn side_frame(theme: &Theme) -> Frame {
    Frame::new().fill(theme.color(Token::Panel))
}

/// A page with a canvas in the middle: the plan or the diagram.
fn canvas_page(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    // A narrow or strongly enlarged window keeps the plan and the inspector.
    if ui.available_width() >= ROOM_FOR_LEFT {
        left_panel(ui, cx, view, actions);
    }
    inspector_panel(ui, cx, actions);
    bar(ui, Panel::top("tabs"), size::TABS, |ui| tabs::show(ui, cx, view, actions));
    Panel::bottom("bottom")
        .resizable(true)
        .default_size(size::BOTTOM)
        .size_range(Rangef::new(90.0, 520.0))
        .frame(side_frame(theme))
        .show(ui, |ui| {
            // A panel keeps its size whatever it shows.
            ui.take_available_height();
            bottom(ui, cx, view, actions);
        });
    let frame = Frame::new().fill(theme.color(Token::Canvas));
    CentralPanel::no_frame().frame(frame).show(ui, |ui| {
        if view.prefs.tab == Tab::OneLine {
            diagram(ui, cx, view, actions);
        } else {
            plan(ui, cx, view, actions);
        }
    });
}

fn plan(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    if has_ground(cx) {
        site_plan::show(ui, cx, &mut view.plan, actions);
        // Plan and diagram say the same where both can.
        if view.plan.overlay.is_of_network() {
            view.one_line.overlay = view.plan.overlay;
        }
    } else {
        nothing(ui, "No plan to draw", "a network and halls", actions);
    }
}

fn diagram(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    let campus = &cx.site.campus;
    if campus.feeds.is_empty() && campus.nodes.is_empty() {
        nothing(ui, "No diagram to draw", "an electrical network", actions);
        return;
    }
    let before = view.one_line.overlay;
    one_line::show(ui, cx, &mut view.one_line, actions);
    if view.one_line.overlay != before {
        view.plan.overlay = view.one_line.overlay;
    }
}

/// What stands in place of a canvas that has nothing to show.
fn nothing(ui: &mut Ui, title: &str, missing: &str, actions: &mut Actions) {
    let why = format!("This layout states a reference in place of {missing}");
    if empty(ui, title, &why, Some("Go to economics")) {
        actions.push(Action::View(View::Tab(Tab::Economics)));
    }
}

/// Whether anything of the site stands on the ground.
fn has_ground(cx: &Context<'_>) -> bool {
    let campus = &cx.site.campus;
    cx.site.terms.site.infrastructure == Infrastructure::Built
        || !campus.feeds.is_empty()
        || !campus.nodes.is_empty()
        || !campus.areas.is_empty()
        || cx.site.halls.iter().any(|g| g.hall.is_some())
}

fn left_panel(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    Panel::left("left")
        .default_size(size::LEFT)
        .size_range(Rangef::new(180.0, 420.0))
        .frame(side_frame(theme))
        .show(ui, |ui| {
            ui.take_available_width();
            left(ui, cx, view, actions);
        });
}

fn economics_page(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    // The inspector stays folded away here and opens on a selection.
    if !cx.selection.is_empty() {
        inspector_panel(ui, cx, actions);
    }
    bar(ui, Panel::top("tabs"), size::TABS, |ui| tabs::show(ui, cx, view, actions));
    let frame = Frame::new().fill(theme.color(Token::App));
    CentralPanel::no_frame().frame(frame).show(ui, |ui| {
        economics::show(ui, cx, (&mut view.economics, &mut view.ladder), actions);
    });
}

fn finance_page(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    if !cx.selection.is_empty() {
        inspector_panel(ui, cx, actions);
    }
    bar(ui, Panel::top("tabs"), size::TABS, |ui| tabs::show(ui, cx, view, actions));
    let frame = Frame::new().fill(theme.color(Token::App));
    CentralPanel::no_frame().frame(frame).show(ui, |ui| {
        finance::show(ui, cx, &mut view.finance, actions);
    });
}

fn throughput_page(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    bar(ui, Panel::top("tabs"), size::TABS, |ui| tabs::show(ui, cx, view, actions));
    let frame = Frame::new().fill(theme.color(Token::App));
    CentralPanel::no_frame().frame(frame).show(ui, |ui| {
        estimator::show(ui, cx, &mut view.estimator);
    });
}

fn cooling_page(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    bar(ui, Panel::top("tabs"), size::TABS, |ui| tabs::show(ui, cx, view, actions));
    let frame = Frame::new().fill(theme.color(Token::App));
    CentralPanel::no_frame().frame(frame).show(ui, |ui| {
        cooling::show(ui, cx, &mut view.cooling, actions);
    });
}

fn compare_page(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    bar(ui, Panel::top("tabs"), size::TABS, |ui| tabs::show(ui, cx, view, actions));
    let frame = Frame::new().fill(theme.color(Token::App));
    CentralPanel::no_frame().frame(frame).show(ui, |ui| {
        compare::show(ui, cx, &mut view.compare, actions);
    });
}

/// The content of a page alone, for pictures of it; nothing for those that are drawings.
pub fn page(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState) {
    let mut unasked = Actions::new();
    let frame = Frame::new().fill(Theme::of(ui.ctx()).color(Token::App));
    CentralPanel::no_frame().frame(frame).show(ui, |ui| match view.prefs.tab {
        Tab::Economics => {
            economics::show(ui, cx, (&mut view.economics, &mut view.ladder), &mut unasked);
        }
        Tab::Finance => finance::show(ui, cx, &mut view.finance, &mut unasked),
        Tab::Throughput => estimator::show(ui, cx, &mut view.estimator),
        Tab::Cooling => cooling::show(ui, cx, &mut view.cooling, &mut unasked),
        Tab::Compare => compare::show(ui, cx, &mut view.compare, &mut unasked),
        Tab::SitePlan | Tab::OneLine => {}
    });
}

fn inspector_panel(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    Panel::right("inspector")
        .default_size(size::RIGHT)
        .size_range(Rangef::new(280.0, 520.0))
        .frame(side_frame(theme))
        .show(ui, |ui| {
            ui.take_available_width();
            inspector::show(ui, cx, actions);
        });
}

fn left(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    let rows = 3 + cx.site.terms.tiers.len() + cx.site.terms.hours.len();
    let wanted = 30.0 + size::TREE_ROW * rows as f32;
    // The terms scroll where they are many; most of the height is the site's.
    let room = ui.available_height();
    let share = (room * TERMS_SHARE).clamp(120.0, 320.0);
    Panel::bottom("terms")
        .resizable(true)
        .default_size(wanted.clamp(120.0, share))
        .size_range(Rangef::new(60.0, (room * 0.6).max(120.0)))
        .frame(side_frame(theme))
        .show(ui, |ui| {
            ui.take_available_height();
            tree::terms(ui, cx, actions);
        });
    catalogue::panel(ui, cx, view, actions);
    CentralPanel::no_frame()
        .frame(side_frame(theme))
        .show(ui, |ui| tree::show(ui, cx, (&mut view.prefs.tree, &mut view.tree_memo), actions));
}

fn bottom(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::TABS), Sense::hover());
    bottom_tabs(ui, cx, view, (rect, actions));
    let line = Theme::of(ui.ctx()).color(Token::Line);
    paint::hairline(ui.painter(), rect.left(), rect.right(), rect.bottom() - 0.5, line);
    match view.prefs.bottom {
        BottomTab::Limits => {
            limits::show(ui, cx, (&mut view.prefs.limits, &mut view.limits_memo), actions)
        }
        BottomTab::Problems => problems::show(ui, cx, actions),
        BottomTab::Contingencies => {
            let parts = (
                &mut view.prefs.contingencies,
                view.outage_search.as_str(),
                &mut view.contingencies_memo,
            );
            contingencies::show(ui, cx, parts, actions);
        }
    }
}

fn bottom_tabs(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, at: (Rect, &mut Actions)) {
    let (rect, actions) = at;
    let current = view.prefs.bottom;
    let binding = limits::order(cx, &view.prefs.limits, &mut view.limits_memo).binding;
    let errors = cx.problems.iter().filter(|d| d.severity == Severity::Error).count();
    let left = UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center));
    let tabs = ui.scope_builder(left, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.add_space(6.0);
        if tabs::one(ui, "Limits", None, current == BottomTab::Limits) {
            actions.push(Action::View(View::BottomTab(BottomTab::Limits)));
        }
        if binding > 0 {
            chip::tag(ui, &format!("{binding} binding"), Tone::Warn);
        }
        ui.add_space(8.0);
        if tabs::one(ui, "Problems", None, current == BottomTab::Problems) {
            actions.push(Action::View(View::BottomTab(BottomTab::Problems)));
        }
        if !cx.problems.is_empty() {
            let tone = if errors > 0 { Tone::Bad } else { Tone::Plain };
            chip::tag(ui, &cx.problems.len().to_string(), tone);
        }
        ui.add_space(8.0);
        if tabs::one(ui, "Contingencies", None, current == BottomTab::Contingencies) {
            actions.push(Action::View(View::BottomTab(BottomTab::Contingencies)));
        }
        let parts = (&view.prefs.contingencies, view.outage_search.as_str());
        let count = contingencies::order(cx, parts, &mut view.contingencies_memo).count;
        if let Some((words, tone)) = contingencies::tag(cx, count) {
            chip::tag(ui, &words, tone);
        }
        ui.cursor().left()
    });
    if current == BottomTab::Limits && !cx.limits().is_empty() {
        let right = Rect::from_min_max(pos2(rect.center().x, rect.top()), rect.max);
        let builder = UiBuilder::new().max_rect(right).layout(Layout::right_to_left(Align::Center));
        ui.scope_builder(builder, |ui| {
            ui.add_space(10.0);
            limits::controls(ui, cx, &mut view.prefs.limits, &mut view.limits_memo);
        });
    }
    if current == BottomTab::Contingencies && cx.grid.electrical.outages.is_some() {
        let right = Rect::from_min_max(pos2(tabs.inner + 4.0, rect.top()), rect.max);
        let builder = UiBuilder::new().max_rect(right).layout(Layout::right_to_left(Align::Center));
        ui.scope_builder(builder, |ui| {
            ui.add_space(10.0);
            contingencies::controls(ui, &mut view.prefs.contingencies, &mut view.outage_search);
        });
    }
}

/// Colour behind everything, for the renderer.
pub fn clear_color(theme: &Theme) -> [f32; 4] {
    let c: Color32 = theme.color(Token::App);
    c.to_normalized_gamma_f32()
}
