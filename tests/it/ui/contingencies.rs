//! Outages of the site's network in the window, by label.

use super::app::{layout, settle};
use super::{look, window};
use eframe::egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::catalog::Catalog;
use gigasite::editor::Session;
use gigasite::gui::action::{Action, BottomTab, Tab, View};
use gigasite::gui::app::App;
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::study::network::{self, Act, Scenario, SiteOutage};
use gigasite::study::{self, SolveOptions};

/// The window with the real engine and the check of its network, once all of it is done.
pub fn watched(name: &str) -> Harness<'static, App> {
    let mut harness = opened(name);
    settle(&mut harness);
    settle(&mut harness);
    harness
}

/// The same once the power flow is there; outages of a large site take longer.
pub fn flowing(name: &str) -> Harness<'static, App> {
    let mut harness = opened(name);
    window::named(&mut harness, "AC power flow: ");
    harness
}

fn opened(name: &str) -> Harness<'static, App> {
    window::studied(name, FakeDialogs::default(), |ctx, app| {
        app.watch_network(ctx);
        app.push(Action::View(View::Tab(Tab::OneLine)));
        app.push(Action::View(View::BottomTab(BottomTab::Contingencies)));
    })
}

/// The single outages of a layout by the engine alone, and the plan's grid power.
fn studied(name: &str) -> (Vec<SiteOutage>, f64) {
    let document = Session::read(&layout(name)).expect("reads");
    let site = document.site().clone();
    let catalog = Catalog::embedded().expect("reads");
    let outcome = study::run(&site, &catalog, &SolveOptions::default());
    let checked = network::check(&site, &catalog, &outcome).expect("flows");
    let outages = checked.outages(&site).expect("studies");
    (outages.into_iter().filter(|o| !o.busbar).collect(), checked.solution.slack_p_mw)
}

/// The accessible names that begin so, in the order of the window.
fn names(harness: &Harness<'_, App>, start: &str) -> Vec<String> {
    let found = harness.query_all_by_label_contains(start);
    let labels = found.filter_map(|n| n.accesskit_node().label().or(n.accesskit_node().value()));
    labels.filter(|l| l.starts_with(start)).collect()
}

#[test]
fn the_tab_lists_what_the_engine_finds_worst_first_with_the_figures_of_the_power_flow() {
    let mut harness = watched("pilot-20mw.ron");
    look(&mut harness, "contingencies");
    let (expected, grid_mw) = studied("pilot-20mw.ron");
    let hold = expected.iter().filter(|o| o.verdict().holds()).count();
    let flow = names(&harness, "AC power flow: ");
    assert!(flow[0].contains(&format!("{grid_mw:.1} MW at the meter")), "{flow:?}");
    let words = format!("{hold} of {} outages hold", expected.len());
    assert!(flow[0].contains(&words), "{words}: {flow:?}");
    let rows = names(&harness, "Outage ");
    assert!(!rows.is_empty());
    let fails =
        |row: &String| ["dark", "overload", "voltage", "diverged"].iter().any(|w| row.contains(w));
    let first_good = rows.iter().position(|r| !fails(r)).unwrap_or(rows.len());
    assert!(rows[first_good..].iter().all(|r| !fails(r)), "what fails comes first: {rows:?}");
    assert_eq!(first_good.min(expected.len() - hold), first_good, "{rows:?}");
}

#[test]
fn a_search_leaves_the_outages_that_it_names() {
    let mut harness = watched("pilot-20mw.ron");
    let all = names(&harness, "Outage ").len();
    harness.get_by_label("Find an outage").click();
    harness.run_steps(2);
    harness.get_by_label("Find an outage").type_text("t-1");
    harness.run_steps(4);
    let found = names(&harness, "Outage ");
    assert!(!found.is_empty() && found.len() < all, "{found:?}");
    let (expected, _) = studied("pilot-20mw.ron");
    let by_hand =
        expected.iter().filter(|o| o.id.contains("t-1") || o.name.to_lowercase().contains("t-1"));
    assert_eq!(found.len(), by_hand.count());
}

#[test]
fn a_row_that_is_clicked_selects_its_element_and_the_arrow_keys_go_on_from_there() {
    let mut harness = watched("pilot-20mw.ron");
    let rows = names(&harness, "Outage ");
    harness.get_by_label(&rows[0]).click();
    harness.run_steps(3);
    let selected = |h: &Harness<'_, App>| h.state().session().editor().selection().ids().to_vec();
    let first = harness.state().view().scenario.clone().expect("an outage is shown");
    assert_eq!(selected(&harness).len(), 1);
    harness.key_press(Key::ArrowDown);
    harness.run_steps(3);
    let second = harness.state().view().scenario.clone().expect("the next one");
    assert_ne!(first, second);
    harness.key_press(Key::Home);
    harness.run_steps(3);
    assert_eq!(harness.state().view().scenario.as_ref(), Some(&first));
}

#[test]
fn a_reference_infrastructure_says_that_it_has_no_network() {
    let mut harness = watched("keynote-rubin-1gw.ron");
    harness.state_mut().push(Action::View(View::Tab(Tab::SitePlan)));
    settle(&mut harness);
    harness.get_by_label("No power flow");
}

fn element(kind: Kind, id: &str) -> Action {
    Action::View(View::Select(vec![Element::new(kind, id)]))
}

#[test]
fn a_transformer_that_fails_shows_what_the_engine_says_and_escape_leaves_it() {
    let mut harness = watched("pilot-20mw.ron");
    harness.state_mut().push(element(Kind::Node, "t-1"));
    harness.run_steps(4);
    harness.key_press(Key::X);
    settle(&mut harness);
    let scenario = Scenario::one(Act::Lose("t-1".into()));
    assert_eq!(harness.state().view().scenario.as_ref(), Some(&scenario));
    let site = harness.state().session().editor().site().clone();
    let outcome = harness.state().session().outcome().expect("a plan").clone();
    let checked =
        network::check(&site, &Catalog::embedded().expect("reads"), &outcome).expect("flows");
    let found = checked.what_if(&site, &scenario).expect("solves");
    let lost = found.lasting().state.lost_mw;
    assert!(lost > 10.0, "the only transformer feeds everything: {lost}");
    harness.get_by_label(&format!("Lost: {lost:.1} MW, normally 0.0 MW"));
    harness.get_by_label_contains("What if does not hold: ");
    harness.get_by_label_contains("Cable to the hall, 600 A, feeder, ");
    look(&mut harness, "what-if-dark");
    let before = harness.state().session().editor().document().is_dirty();
    harness.key_press(Key::Escape);
    harness.run_steps(4);
    assert_eq!(harness.state().view().scenario, None);
    assert!(!before && !harness.state().session().editor().document().is_dirty());
    assert_eq!(harness.state().session().editor().selection().ids().len(), 1, "stays selected");
}

#[test]
fn a_tie_that_is_closed_in_the_inspector_moves_the_load_to_the_other_feed() {
    let mut harness = flowing("campus-1gw.ron");
    harness.state_mut().push(element(Kind::Node, "t-a1"));
    harness.run_steps(4);
    let normal = |h: &Harness<'_, App>| names(h, "Active power: ");
    assert_eq!(normal(&harness).len(), 1);
    harness.get_by_label_contains("Close: From Feed 2").scroll_to_me();
    harness.run_steps(4);
    harness.get_by_label_contains("Close: From Feed 2").click();
    window::named(&mut harness, "From Feed 2, 345 kV: closed");
    let acts = harness.state().view().scenario.clone().expect("a what-if").acts;
    assert_eq!(acts, [Act::Close("feed-2>t-a1".into())]);
    harness.get_by_label_contains("From Feed 2, 345 kV: closed");
    harness.get_by_label_contains("From Feed 1, 345 kV: open");
    look(&mut harness, "what-if-tie");
    harness.state_mut().push(element(Kind::Feed, "feed-1"));
    harness.run_steps(4);
    let flows = names(&harness, "Active power: ");
    let mw = |text: &str| text.split_whitespace().find_map(|w| w.parse::<f64>().ok());
    let (now, was) = flows[0].split_once(", normally ").expect("both figures");
    let (now, was) = (mw(now).expect("a figure"), mw(was).expect("a figure"));
    assert!(was - now > 100.0, "a transformer of feed 1 has gone over: {flows:?}");
}

#[test]
fn voltages_and_loadings_of_the_power_flow_are_overlays_of_plan_and_diagram() {
    let mut harness = watched("pilot-20mw.ron");
    harness.get_by_label_contains("Overlay: ").click();
    harness.run_steps(3);
    harness.get_by_label("Voltage, AC power flow").click();
    harness.run_steps(4);
    let site = harness.state().session().editor().site().clone();
    let outcome = harness.state().session().outcome().expect("a plan").clone();
    let checked =
        network::check(&site, &Catalog::embedded().expect("reads"), &outcome).expect("flows");
    let bus = checked.electrical.bus_of["t-1"];
    let vm = checked.solution.buses[bus].vm_pu.expect("live");
    let said = harness.query_all_by_label_contains(&format!("{vm:.3} pu")).count();
    assert!(said > 0, "the transformer and its neighbours at {vm}");
    look(&mut harness, "overlay-voltage");
    harness.get_by_label("Overlay: Voltage, AC power flow").click();
    harness.run_steps(3);
    harness.get_by_label("Loading, AC power flow").click();
    harness.run_steps(4);
    harness.get_by_label("Overlay: Loading, AC power flow");
    look(&mut harness, "overlay-flow");
}

#[test]
fn the_palette_offers_the_loss_of_every_element() {
    let mut harness = watched("pilot-20mw.ron");
    harness.state_mut().push(Action::View(View::Palette("what if feed 1".into())));
    harness.run_steps(4);
    harness.key_press(Key::Enter);
    settle(&mut harness);
    let acts = harness.state().view().scenario.clone().expect("a what-if").acts;
    assert!(matches!(&acts[..], [Act::Lose(id)] if id.starts_with("feed")), "{acts:?}");
    harness.get_by_label_contains("What if does not hold: No source is left");
}

#[test]
fn the_inspector_sets_the_fault_level_beside_what_the_gear_bears() {
    let mut harness = watched("pilot-20mw.ron");
    let site = harness.state().session().editor().site().clone();
    let catalog = Catalog::embedded().expect("reads");
    let levels = gigasite::power::fault::site::site_levels(&site, &catalog).expect("levels");
    let place = levels.places.iter().find(|p| p.path.starts_with("nodes.")).expect("a node");
    let id = place.path.strip_prefix("nodes.").expect("a node");
    harness.state_mut().push(element(Kind::Node, id));
    window::named(&mut harness, "Three-phase: ");
    let level = &place.level;
    let words = format!("Three-phase: {:.1} kA, peak {:.1} kA", level.ik_ka, level.ip_ka);
    assert_eq!(names(&harness, "Three-phase: "), [words]);
    let verdict = names(&harness, "Verdict: ");
    let holds = place.bears(level);
    assert_eq!(verdict[0].contains("too much"), holds == Some(false), "{verdict:?}");
    // What the screening finds stands among the problems.
    harness.state_mut().push(Action::View(View::BottomTab(BottomTab::Problems)));
    harness.run_steps(4);
    let shown = names(&harness, "Problem ");
    let said = |row: &String| levels.findings.iter().any(|f| row.ends_with(&f.message));
    assert_eq!(shown.iter().any(said), !levels.findings.is_empty(), "{shown:?}");
}

#[test]
fn a_click_on_a_header_sorts_and_once_more_is_worst_first_again() {
    let mut harness = watched("pilot-20mw.ron");
    let worst_first = names(&harness, "Outage ");
    harness.get_by_label("Sort by outage").click();
    harness.run_steps(4);
    let by_name = names(&harness, "Outage ");
    let called = |rows: &[String]| -> Vec<String> {
        rows.iter().map(|r| r.split(": ").next().unwrap_or_default().to_owned()).collect()
    };
    assert!(called(&by_name).is_sorted(), "{by_name:?}");
    assert_ne!(called(&by_name), called(&worst_first));
    harness.get_by_label("Sort by outage").click();
    harness.run_steps(4);
    assert_eq!(names(&harness, "Outage "), worst_first);
}

#[test]
fn the_inspector_tells_the_redundancy_that_the_wiring_gives_and_takes_what_is_declared() {
    let mut harness = watched("pilot-20mw.ron");
    let session = harness.state().session();
    let (site, outcome) = (session.editor().site(), session.outcome().expect("an answer"));
    let catalog = session.editor().catalog_in_force();
    let found = network::redundancy(site, catalog, outcome);
    let node = site.campus.nodes.iter().find(|n| n.scheme.is_none()).expect("one undeclared");
    let (id, supply) = (node.id.clone(), &found.supplies[&node.id]);
    let class = supply.scheme.map_or_else(|| "unknown".to_owned(), |s| s.name());
    harness.state_mut().push(Action::View(View::Select(vec![Element::new(Kind::Node, &id)])));
    harness.run_steps(6);
    harness.get_by_label(&format!("By its wiring: {class}"));
    harness.get_by_label_contains("Declared scheme").scroll_to_me();
    harness.run_steps(3);
    harness.get_by_label_contains("Declared scheme").click();
    harness.run_steps(3);
    harness.get_by_label("3-to-make-2").click();
    settle(&mut harness);
    let site = harness.state().session().editor().site();
    let node = site.campus.nodes.iter().find(|n| n.id == id).expect("is there");
    assert_eq!(node.scheme, Some(gigasite::site::DeclaredScheme::ThreeToMakeTwo));
    let label = harness.state().session().editor().undo_label().expect("an entry").to_owned();
    assert!(label.starts_with("Set declared scheme of "), "{label}");
    assert!(label.ends_with(" to three to make two"), "{label}");
}
