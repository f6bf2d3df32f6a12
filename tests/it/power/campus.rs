//! Plans of shipped sites on their own networks.

use crate::support::{close, layout_path};
use gigasite::catalog::Catalog;
use gigasite::plan::result::Conflict;
use gigasite::power::flow::Status;
use gigasite::power::{flow, matpower};
use gigasite::site::{Layout, Redundancy, Site, file};
use gigasite::study::network::{self, Checked, NetworkError, SiteOutage};
use gigasite::study::{self, Outcome, SolveOptions};
use std::sync::Arc;

pub fn site(name: &str) -> Site {
    let text = std::fs::read_to_string(layout_path(name)).unwrap();
    let (layout, _) = Layout::from_file(file::parse(&text, name).unwrap()).unwrap();
    layout.variant(0).site.clone()
}

pub fn check(site: &Site) -> Result<Checked, NetworkError> {
    let catalog = Catalog::embedded().unwrap();
    let outcome = study::run(site, &catalog, &SolveOptions::default());
    network::check(site, &catalog, &outcome)
}

fn of<'a>(outages: &'a [SiteOutage], id: &str) -> &'a SiteOutage {
    outages.iter().find(|o| o.id == id && !o.busbar).unwrap_or_else(|| panic!("no outage {id}"))
}

#[test]
fn the_plan_and_the_power_flow_agree_at_the_meter() {
    for name in ["pilot-20mw", "estimated-100mw", "mixed-250mw"] {
        let checked = check(&site(name)).unwrap();
        let s = &checked.solution;
        assert_eq!(s.status, Status::Converged, "{name}");
        // Losses as shares are those at full load: the flow may lose less, not more.
        let ratio = s.slack_p_mw / checked.plan_grid_mw;
        assert!((0.99..1.001).contains(&ratio), "{name}: {ratio}");
        let radial = s.cross_check.unwrap();
        assert!(radial.greatest_pu < 1e-9, "{name}: {radial:?}");
        let taken: f64 = checked.electrical.case.buses.iter().map(|b| b.load.p_mw).sum();
        let idle: f64 = checked
            .electrical
            .case
            .buses
            .iter()
            .zip(&s.buses)
            .map(|(b, v)| b.gs_mw * v.vm_pu.unwrap_or(0.0).powi(2))
            .sum();
        assert!((s.slack_p_mw - taken - idle - s.loss_mw).abs() < 1e-5, "{name}: power balances");
    }
}

#[test]
fn the_campus_passes_n_minus_1() {
    let site = site("campus-1gw");
    let checked = check(&site).unwrap();
    let case = &checked.electrical.case;
    assert!(case.buses.len() > 800, "unit substations stand one by one: {}", case.buses.len());
    let outages = checked.outages(&site).unwrap();
    for outage in outages.iter().filter(|o| !o.busbar) {
        assert!(outage.lasting().holds(), "{}: {:?}", outage.name, outage.lasting());
    }
    let feed = of(&outages, "feed-1");
    assert!(feed.at_once.load_lost_mw > 300.0, "half the campus is dark until switches close");
    let remedy = feed.remedy.as_ref().unwrap();
    assert!(remedy.closed.iter().all(|s| s.starts_with("feed-2>t-a")), "{:?}", remedy.closed);
    assert_eq!(remedy.closed.len(), 4, "all four transformers transfer together");
    let one = of(&outages, "t-b1").remedy.as_ref().unwrap();
    assert_eq!(one.closed, ["sub-b2>h5-mech", "sub-b2>h5-n-fd", "sub-b4>h5-s-fd"]);
    assert!(one.run_back_mw > 0.0);
}

#[test]
fn the_campus_passes_n_minus_1_with_smaller_and_larger_banks_of_capacitors() {
    for mvar in [45.0, 70.0] {
        let mut site = site("campus-1gw");
        let banks = Arc::make_mut(&mut site.campus).nodes.iter_mut();
        banks.filter_map(|n| n.capacitor_mvar.as_mut()).for_each(|q| *q = mvar);
        let outages = check(&site).unwrap().outages(&site).unwrap();
        for outage in outages.iter().filter(|o| !o.busbar) {
            let lasting = outage.lasting();
            assert!(lasting.holds(), "{mvar} Mvar, {}: {lasting:?}", outage.name);
        }
    }
}

#[test]
fn a_campus_without_its_open_switches_fails_and_says_why() {
    let mut site = site("campus-1gw");
    let campus = Arc::make_mut(&mut site.campus);
    campus.nodes.iter_mut().filter(|n| n.id.starts_with("t-")).for_each(|n| n.alternate.clear());
    // Nothing is firm any more: leases that promise it have no plan, and the reason is named.
    let outcome = study::run(&site, &Catalog::embedded().unwrap(), &SolveOptions::default());
    assert_eq!(outcome.firm.unwrap().site_mw, 0.0);
    let firm = |c: &Conflict| c.limit.ends_with(".firm_mw");
    assert!(outcome.plan.conflicts.iter().any(firm), "{:?}", outcome.plan.conflicts);
    let tiers = &mut Arc::make_mut(&mut site.terms).tiers;
    tiers.iter_mut().for_each(|t| t.redundancy = Redundancy::Interruptible);
    let outages = check(&site).unwrap().outages(&site).unwrap();
    let feed = of(&outages, "feed-1");
    assert!(!feed.lasting().holds());
    assert_eq!(feed.lasting().status, Status::Islanded);
    assert!(feed.lasting().load_lost_mw > 300.0);
    assert!(feed.lasting().dark.iter().any(|b| b.contains("-bw")), "the dark buses are named");
    let worst = outages.iter().find(|o| !o.busbar).unwrap();
    assert!(worst.id.starts_with("feed-"), "the worst comes first: {}", worst.id);
}

#[test]
fn a_transformer_without_a_rating_is_refused_by_name() {
    let mut site = site("pilot-20mw");
    let campus = Arc::make_mut(&mut site.campus);
    let transformer = campus.nodes.iter_mut().find(|n| n.id == "t-1").unwrap();
    transformer.equipment = None;
    transformer.efficiency_frac = Some(0.995);
    let error = check(&site).unwrap_err().to_string();
    assert_eq!(error, "nodes.t-1.equipment is unknown");
}

#[test]
fn a_reference_infrastructure_has_no_network() {
    assert_eq!(check(&site("keynote-rubin-1gw")).unwrap_err(), NetworkError::Reference);
}

#[test]
fn the_exported_network_solves_to_the_same_flow() {
    let checked = check(&site("pilot-20mw")).unwrap();
    let back = matpower::read(&matpower::write(&checked.electrical.case)).unwrap();
    let found = flow::ac(&back).unwrap();
    assert!((found.slack_p_mw - checked.solution.slack_p_mw).abs() < 1e-6);
    assert!((found.loss_mw - checked.solution.loss_mw).abs() < 1e-6);
}

#[test]
fn racks_with_a_second_path_take_it_when_the_first_is_dark() {
    let mut site = site("pilot-20mw");
    let (a, b) = ("bw-1", "bw-3");
    for group in &mut site.halls {
        for block in &mut Arc::make_mut(group).blocks {
            if block.node.as_deref() == Some(a) {
                block.node_b = Some(b.to_owned());
            }
        }
    }
    let blocks: Vec<String> =
        site.blocks().filter(|b| b.node_b.is_some()).map(|b| b.id.clone()).collect();
    assert!(!blocks.is_empty());
    let checked = check(&site).unwrap();
    let case = &checked.electrical.case;
    let without = check(&self::site("pilot-20mw")).unwrap();
    let grid = |c: &Checked| c.solution.slack_p_mw;
    assert!((grid(&checked) - grid(&without)).abs() < 1e-6, "path B takes nothing normally");
    let load = |id: &str| case.buses[case.bus_index(id).unwrap()].load.p_mw;
    let racks: f64 = blocks.iter().map(|id| load(id)).sum();
    assert!(racks > 1.0, "{racks}");
    let outages = checked.outages(&site).unwrap();
    let fault = outages.iter().find(|o| o.id == a && o.busbar).unwrap();
    assert!(fault.at_once.load_lost_mw >= racks - 1e-9);
    let remedy = fault.remedy.as_ref().unwrap();
    for id in &blocks {
        assert!(remedy.closed.contains(&format!("{b}>{id}")), "{:?}", remedy.closed);
    }
    assert!(remedy.consequence.load_lost_mw < fault.at_once.load_lost_mw - racks + 1e-6);
}

#[test]
fn the_full_answer_plans_with_the_losses_of_the_power_flow() {
    let catalog = Catalog::embedded().unwrap();
    for name in ["pilot-20mw", "estimated-100mw", "mixed-250mw", "campus-1gw"] {
        let site = site(name);
        let mut study = study::Study::new().unwrap();
        let mut outcome = study.solve(&site, &catalog, &SolveOptions::default());
        assert!(outcome.network.is_none(), "{name}: a preview is not checked");
        let rated = outcome.plan.it_mw / outcome.plan.grid_mw;
        study.refine(&mut outcome);
        let found = outcome.network.clone().unwrap();
        assert!(found.settled && found.converged && found.passes <= 4, "{name}: {found:?}");
        let off = (found.meter_mw / found.plan_mw - 1.0).abs();
        assert!(off < 5e-4, "{name}: {off}");
        // An independent solve of the network with the plan's loads says the same.
        let checked = network::check(&site, &catalog, &outcome).unwrap();
        assert!((checked.solution.slack_p_mw - found.meter_mw).abs() < 1e-6, "{name}");
        let planned = outcome.plan.it_mw / outcome.plan.grid_mw;
        assert!((planned / rated - 1.0).abs() < 0.02, "{name}: {rated} {planned}");
        // What is asked afterwards leaves no trace in the full answer.
        let preview = study.solve(&site, &catalog, &SolveOptions::default());
        assert!(preview.labels.iter().any(|l| l.starts_with("preview")), "{name}");
        let mut again = preview;
        study.refine(&mut again);
        let objective = |o: &Outcome| o.plan.objective_usd_per_year.unwrap();
        close(objective(&again), objective(&outcome), 1e-9, name);
        assert_eq!(again.labels, outcome.labels, "{name}");
        let second = again.network.unwrap();
        close(second.meter_mw, found.meter_mw, 1e-9, name);
        assert_eq!(second.passes, found.passes, "{name}");
        study.outages(&mut outcome);
        let outages = outcome.network.unwrap().outages.unwrap();
        assert!(outages.held <= outages.all && outages.all > 20, "{name}: {outages:?}");
        // The pilot hangs on one of everything; the campus holds through all.
        assert_eq!(outages.held == outages.all, name == "campus-1gw", "{name}: {outages:?}");
    }
}

#[test]
fn a_figure_that_the_network_lacks_leaves_rated_losses_and_is_named() {
    let mut site = site("pilot-20mw");
    let transformer = &mut Arc::make_mut(&mut site.campus).nodes[0];
    transformer.equipment = None;
    transformer.efficiency_frac = Some(0.995);
    let outcome = study::run(&site, &Catalog::embedded().unwrap(), &SolveOptions::default());
    let found = outcome.network.unwrap();
    assert_eq!(found.stopped_by.as_deref(), Some("nodes.t-1.equipment"));
    assert!(outcome.plan.objective_usd_per_year.is_some());
}

#[test]
fn a_reference_infrastructure_is_not_put_on_a_network() {
    let catalog = Catalog::embedded().unwrap();
    let outcome = study::run(&site("keynote-rubin-1gw"), &catalog, &SolveOptions::default());
    assert!(outcome.network.is_none() && outcome.firm.is_none());
}

#[test]
fn pairs_of_a_layout_lose_what_a_power_flow_without_both_says() {
    use gigasite::power::contingency::{Element, single, with_outage};
    for name in ["pilot-20mw", "estimated-100mw"] {
        let site = site(name);
        let checked = check(&site).unwrap();
        let found = gigasite::study::pairs::pairs(&checked, &site).unwrap();
        assert!(found.outages.len() > 10, "{name}");
        let case = &checked.electrical.case;
        let alone: Vec<(Element, f64)> = checked
            .outages(&site)
            .unwrap()
            .iter()
            .map(|o| (o.at_once.outage.elements[0], o.at_once.load_lost_mw))
            .collect();
        assert_eq!(alone.len(), single(case).len());
        for pair in &found.outages {
            let truth = flow::ac(&with_outage(case, &pair.at_once.outage));
            let lost = match truth {
                Ok(solved) => solved.load_lost_mw(),
                // No source is left.
                Err(_) => case.buses.iter().map(|b| b.load.p_mw).sum(),
            };
            assert!((pair.at_once.load_lost_mw - lost).abs() < 1e-6, "{name}: {}", pair.id);
            for element in &pair.at_once.outage.elements {
                let one = alone.iter().find(|(e, _)| e == element).unwrap().1;
                assert!(lost >= one - 1e-9, "{name}: {} loses less than one of it", pair.id);
            }
        }
        let worst = found.outages.first().unwrap();
        let least = found.outages.last().unwrap();
        assert!(worst.verdict() >= least.verdict(), "{name}: worst first");
    }
}
