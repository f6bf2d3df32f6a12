//! The window, driven by accessibility label.

mod app;
mod appraisal;
mod arrange;
mod array;
mod checks;
mod commands;
mod connect;
mod contingencies;
mod cooling;
mod documents;
mod every_command;
mod export;
mod finance;
mod imports;
mod palette;
mod pipe;
mod place;
mod presentation;
mod records;
mod states;
mod variants;
mod window;
mod wizard;

use crate::canvas::demo::Demo;
use crate::canvas::look;
use eframe::egui::{self, Key, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use gigasite::diag::Diagnostic;
use gigasite::gui::action::{Action, Actions, Edit, Gesture, Tab, View};
use gigasite::gui::context::{Context, Document, Element, Kind};
use gigasite::gui::view::{Prefs, ViewState};
use gigasite::gui::{shell, theme};
use gigasite::scene::plan::Overlay;

/// A window without a program behind it: what was asked for is kept.
pub struct Window {
    pub demo: Demo,
    pub view: ViewState,
    pub actions: Actions,
    pub undo: Option<String>,
    pub problems: Vec<Diagnostic>,
}

impl Window {
    fn new(demo: Demo) -> Self {
        let mut view = ViewState::new(Prefs::default());
        view.plan.reduce_motion = true;
        Self { demo, view, actions: Actions::new(), undo: None, problems: Vec::new() }
    }

    fn selecting(kind: Kind, id: &str) -> Self {
        let mut window = Self::new(Demo::campus());
        window.demo.selection = vec![Element::new(kind, id)];
        window
    }

    /// The values that were asked for, as path and RON text.
    fn sets(&self) -> Vec<(&str, &str)> {
        self.actions
            .iter()
            .filter_map(|a| match a {
                Action::Edit(Edit::Set { path, value, .. }) => {
                    Some((path.as_str(), value.as_str()))
                }
                _ => None,
            })
            .collect()
    }
}

fn paint(ui: &mut egui::Ui, w: &mut Window) {
    let document = Document {
        undo: w.undo.as_deref(),
        dirty: w.undo.is_some(),
        title: "Cedar Ridge 1 GW",
        ..Document::default()
    };
    let cx = Context { document, problems: &w.problems, ..w.demo.context() };
    let mut actions = Actions::new();
    shell::show(ui, &cx, &mut w.view, &mut actions);
    w.actions.extend(actions);
}

fn window(start: Window, size: Vec2) -> Harness<'static, Window> {
    let mut harness = Harness::builder()
        .with_size(size)
        .with_theme(egui::Theme::Dark)
        .with_context_setup(theme::install)
        .wgpu()
        .build_ui_state(paint, start);
    harness.run_steps(3);
    harness
}

const FULL: Vec2 = vec2(1616.0, 1016.0);

/// Types into the input with that name and leaves it with Enter.
fn enter<S>(harness: &mut Harness<'_, S>, name: &str, text: &str) {
    harness.get_by_label(name).click();
    harness.run_steps(2);
    harness.get_by_label(name).type_text(text);
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
}

#[test]
fn a_number_edited_in_the_inspector_comes_out_as_a_set_of_its_path() {
    let mut harness = window(Window::new(Demo::campus()), FULL);
    enter(&mut harness, "Grid contract", "1000+20");
    let state = harness.state();
    assert_eq!(state.sets(), [("site.grid_contract_mw", "1020")]);
    let Some(Action::Edit(Edit::Set { label, gesture, .. })) = state.actions.last() else {
        panic!("{:?}", state.actions)
    };
    assert_eq!(label, "Set grid contract to 1,020 MW");
    assert_eq!(*gesture, Gesture::Once);
}

#[test]
fn a_number_that_means_nothing_changes_nothing_and_says_why() {
    let mut harness = window(Window::new(Demo::campus()), FULL);
    enter(&mut harness, "Grid contract", "-4");
    assert_eq!(harness.state().sets(), []);
    harness.get_by_label("must be 0 or more");
}

#[test]
fn escape_leaves_a_field_without_a_change() {
    let mut harness = window(Window::new(Demo::campus()), FULL);
    harness.get_by_label("Grid contract").click();
    harness.run_steps(2);
    harness.get_by_label("Grid contract").type_text("77");
    harness.run_steps(2);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert_eq!(harness.state().sets(), []);
}

#[test]
fn a_price_of_a_tier_is_edited_step_by_step() {
    let mut harness = window(Window::selecting(Kind::Tier, "premium"), FULL);
    enter(&mut harness, "Price of Premium, step 2", "30");
    let path = "tiers.premium.demand.1.price_usd_per_mtok";
    assert_eq!(harness.state().sets(), [(path, "30")]);
}

#[test]
fn a_bare_volume_of_a_tier_counts_millions_as_its_header_says() {
    let mut harness = window(Window::selecting(Kind::Tier, "premium"), FULL);
    enter(&mut harness, "Volume of Premium, step 1", "5.5");
    let path = "tiers.premium.demand.0.volume_tok_s";
    assert_eq!(harness.state().sets(), [(path, "5500000")]);
}

#[test]
fn a_commitment_is_edited_in_the_unit_of_what_the_tier_sells() {
    let mut harness = window(Window::selecting(Kind::Tier, "reserved-rubin"), FULL);
    enter(&mut harness, "Least volume of Reserved Rubin", "7.5k");
    enter(&mut harness, "Penalty of Reserved Rubin", "4");
    let base = "tiers.reserved-rubin.commitment";
    let (volume, penalty) = (format!("{base}.volume"), format!("{base}.penalty_usd_per_gpu_h"));
    assert_eq!(harness.state().sets(), [(volume.as_str(), "7500"), (penalty.as_str(), "4")]);
    let mut start = Window::selecting(Kind::Tier, "reserved-rubin");
    start.demo.site.set("tiers.reserved-rubin.commitment", "unknown").expect("is set");
    let mut harness = window(start, FULL);
    harness.get_by_label("Add commitment").click();
    harness.run_steps(2);
    assert_eq!(harness.state().sets(), [(base, "(volume: 100.0)")]);
}

#[test]
fn a_demand_step_can_be_added_and_removed() {
    let mut harness = window(Window::selecting(Kind::Tier, "premium"), FULL);
    harness.get_by_label("Add step").click();
    harness.run_steps(2);
    harness.get_by_label("Remove step 3 of Premium").click();
    harness.run_steps(2);
    let sets = harness.state().sets();
    assert_eq!(sets.len(), 2, "{sets:?}");
    assert!(sets.iter().all(|(path, _)| *path == "tiers.premium.demand"));
    assert_eq!(sets[0].1.matches("price_usd_per_mtok").count(), 4);
    assert_eq!(sets[1].1.matches("price_usd_per_mtok").count(), 2);
}

#[test]
fn undo_says_what_it_takes_back() {
    let mut start = Window::new(Demo::campus());
    start.undo = Some("Set grid contract to 1,020 MW".into());
    let mut harness = window(start, FULL);
    harness.get_by_label("Undo \"Set grid contract to 1,020 MW\"").click();
    harness.run_steps(2);
    assert_eq!(harness.state().actions, [Action::Edit(Edit::Undo)]);
}

#[test]
fn tabs_ask_for_their_page() {
    let mut harness = window(Window::new(Demo::campus()), FULL);
    harness.get_by_label("Economics").click();
    harness.run_steps(2);
    assert_eq!(harness.state().actions, [Action::View(View::Tab(Tab::Economics))]);
}

#[test]
fn plan_and_diagram_share_their_overlay_where_both_have_it() {
    let mut start = Window::new(Demo::campus());
    start.view.prefs.tab = Tab::OneLine;
    let mut harness = window(start, FULL);
    harness.get_by_label("Overlay: Loading, worst hour").click();
    harness.run_steps(4);
    harness.get_by_label("Headroom, worst hour").click();
    harness.run_steps(4);
    assert_eq!(harness.state().view.plan.overlay, Overlay::Headroom);
    let state = harness.state_mut();
    state.view.prefs.tab = Tab::SitePlan;
    state.view.plan.overlay = Overlay::Firm;
    harness.run_steps(3);
    assert_eq!(harness.state().view.one_line.overlay, Overlay::Firm);
    harness.state_mut().view.plan.overlay = Overlay::Tier;
    harness.run_steps(3);
    assert_eq!(harness.state().view.one_line.overlay, Overlay::Tier);
    harness.state_mut().view.plan.overlay = Overlay::None;
    harness.run_steps(3);
    let diagram = harness.state().view.one_line.overlay;
    assert_eq!(diagram, Overlay::Tier, "generations have no network");
}

#[test]
fn a_site_without_a_network_says_so_on_the_diagram() {
    let mut start = Window::new(Demo::of("keynote-rubin-1gw.ron"));
    start.view.prefs.tab = Tab::OneLine;
    let harness = window(start, FULL);
    harness.get_by_label_contains("No diagram to draw");
}

#[test]
fn the_theme_button_asks_for_the_other_theme() {
    let mut harness = window(Window::new(Demo::campus()), FULL);
    harness.get_by_label("Switch to the light theme").click();
    harness.run_steps(2);
    let wanted = Action::View(View::Theme(egui::ThemePreference::Light));
    assert_eq!(harness.state().actions, [wanted]);
}

#[test]
fn a_click_on_a_limit_selects_its_element() {
    let mut harness = window(Window::new(Demo::campus()), FULL);
    let limit = harness
        .state()
        .demo
        .outcome
        .plan
        .limits
        .iter()
        .find(|l| l.kind == "demand")
        .map(|l| (format!("Limit {}", l.name), l.element.clone()));
    let (label, tier) = limit.expect("a demand limit");
    harness.get_by_label(&label).click();
    harness.run_steps(2);
    let wanted = Action::View(View::Select(vec![Element::new(Kind::Tier, tier)]));
    assert_eq!(harness.state().actions, [wanted]);
}

#[test]
fn a_problem_jumps_to_its_element() {
    let mut start = Window::new(Demo::campus());
    start.view.prefs.bottom = gigasite::gui::action::BottomTab::Problems;
    start.problems = vec![Diagnostic::error(
        "unknown-capacity",
        "halls.h1.positions",
        "The number of positions is unknown",
        "Enter it",
    )];
    let mut harness = window(start, FULL);
    harness.get_by_label("Problem The number of positions is unknown").click();
    harness.run_steps(2);
    let wanted = Action::View(View::Jump(Element::new(Kind::Hall, "h1")));
    assert_eq!(harness.state().actions, [wanted]);
}

#[test]
fn a_tile_opens_its_derivation_with_sources() {
    let mut harness = window(Window::new(Demo::campus()), FULL);
    let tile = harness.get_by_label_contains("Revenue, 2026-11 prices,").rect();
    harness.hover_at(tile.center());
    harness.get_by_label_contains("Revenue, 2026-11 prices,").click();
    harness.run_steps(4);
    harness.get_by_label("Copy with sources");
    look(&mut harness, "derivation");
}

#[test]
fn a_row_of_the_tree_selects_and_its_chevron_unfolds() {
    let mut harness = window(Window::new(Demo::campus()), FULL);
    let name = harness.state().demo.site.halls[0].hall.as_ref().expect("a hall").name.clone();
    harness.get_by_label(&format!("Unfold {name}")).click();
    harness.run_steps(3);
    harness.get_by_label(&format!("Fold {name}"));
    assert_eq!(harness.state().actions, [], "unfolding does not select");
}

#[test]
fn the_rack_type_of_a_block_is_chosen_from_the_catalogue() {
    let site = Demo::campus().site;
    let block = site.blocks().find(|b| b.count.is_some()).expect("an installed block").clone();
    let mut harness = window(Window::selecting(Kind::Block, &block.id), FULL);
    harness.get_by_label_contains("Rack type:").click();
    harness.run_steps(3);
    look(&mut harness, "rack-choice");
    harness.get_by_label("HGX H200, 4 systems").click();
    harness.run_steps(3);
    let path = format!("blocks.{}.rack", block.id);
    assert_eq!(harness.state().sets(), [(path.as_str(), "\"hgx-h200\"")]);
}

#[test]
fn a_catalogue_value_shows_its_source_and_is_overridden_by_an_edit() {
    let site = Demo::campus().site;
    let block = site.blocks().find(|b| b.count.is_some()).expect("an installed block");
    let rack = block.rack.clone().expect("a rack type");
    let mut harness = window(Window::selecting(Kind::Block, &block.id), FULL);
    let short = harness.state().demo.catalog.racks[&rack].short.clone();
    harness.get_by_label(&format!("Source of Installed supply of {short}")).click();
    harness.run_steps(3);
    look(&mut harness, "source");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    enter(&mut harness, &format!("Peak of {short}"), "150 kW");
    let path = format!("racks.{rack}.peak_kw");
    assert_eq!(harness.state().sets(), [(path.as_str(), "150")]);
}

#[test]
fn the_window_paints_in_both_themes() {
    let mut start = Window::selecting(Kind::Tier, "premium");
    start.undo = Some("Add 16 VR racks to hall 8".into());
    let mut harness = window(start, FULL);
    look(&mut harness, "window-dark");
    harness.ctx.set_theme(egui::Theme::Light);
    harness.run_steps(3);
    look(&mut harness, "window-light");
    harness.state_mut().view.prefs.tab = Tab::Economics;
    harness.state_mut().demo.selection.clear();
    harness.run_steps(3);
    look(&mut harness, "economics-light");
    harness.ctx.set_theme(egui::Theme::Dark);
    harness.run_steps(3);
    look(&mut harness, "economics-dark");
}
