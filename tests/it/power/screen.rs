//! Screening checks against figures worked out by hand.

use crate::support::{embedded, layout};
use gigasite::catalog::Catalog;
use gigasite::power::case::{Branch, Bus, BusKind, Case, Generator, Load};
use gigasite::power::taps::{TapChanger, regulate};
use gigasite::site::{Node, Site};
use gigasite::study::network;
use gigasite::study::screen::{Row, Screening, State, screen};
use gigasite::study::{self, SolveOptions};
use std::sync::Arc;

fn screened(site: &Site, catalog: &Catalog) -> Screening {
    let outcome = study::run(site, catalog, &SolveOptions::default());
    screen(site, catalog, &outcome).unwrap()
}

fn of<'a>(found: &'a Screening, code: &str) -> &'a Row {
    found.rows.iter().find(|r| r.code == code).unwrap_or_else(|| panic!("{code}: {found:?}"))
}

fn practice(catalog: &mut Catalog, id: &str, value: f64) {
    let fact = &mut catalog.practice.get_mut(id).unwrap().value;
    fact.value = gigasite::catalog::Known::Is(value);
}

#[test]
fn a_cable_is_derated_for_warm_soil_and_for_neighbours() {
    let pilot = screened(&layout("pilot-20mw"), &embedded());
    // One circuit of 600 A: 90 C conductor, 25 C soil in place of 20.
    let row = of(&pilot, "ampacity");
    let rated = 35.1 / 0.98 / (3f64.sqrt() * 34.5) * 1e3;
    let limit = rated * (65.0f64 / 70.0).sqrt();
    assert!((row.limit.unwrap() / limit - 1.0).abs() < 1e-9, "{row:?} {limit}");
    assert_eq!(row.state, State::Pass);
    let mut hot = embedded();
    practice(&mut hot, "soil-c", 75.0);
    let row = of(&screened(&layout("pilot-20mw"), &hot), "ampacity").clone();
    assert_eq!(row.state, State::Warn, "{row:?}");
    // Three circuits side by side carry 80 % of one each.
    let three = screened(&layout("mixed-250mw"), &embedded());
    let row = of(&three, "ampacity");
    assert!((row.limit.unwrap() / (limit * 0.8) - 1.0).abs() < 1e-3, "{row:?}");
    // Of ten the factor of twelve counts, of thirty that of twenty.
    for (circuits, factor) in [(10.0, 0.59), (30.0, 0.53)] {
        let mut site = layout("pilot-20mw");
        for node in &mut Arc::make_mut(&mut site.campus).nodes {
            let more = if node.id == "cable" { circuits } else { 1.0 };
            node.capacity_mw = node.capacity_mw.map(|mw| mw * more);
        }
        let many = screened(&site, &embedded());
        let row = of(&many, "ampacity");
        let share = row.limit.unwrap() / (limit * factor);
        assert!((share - 1.0).abs() < 1e-3, "{circuits}: {row:?}");
    }
}

#[test]
fn breakers_of_racks_stand_beside_peak_and_installed_supply() {
    let unknown = screened(&layout("pilot-20mw"), &embedded());
    let row = of(&unknown, "rack-breaker");
    assert_eq!(row.state, State::NotChecked);
    assert!(row.note.contains("feed_kw is unknown"), "the nodes stand in: {row:?}");
    let mut catalog = embedded();
    for rack in catalog.racks.values_mut() {
        rack.feed_kw = Some(rack.installed_kw.clone());
    }
    let all = screened(&layout("campus-1gw"), &catalog);
    let rows: Vec<_> = all.rows.iter().filter(|r| r.code == "rack-breaker").collect();
    assert!(rows.iter().all(|r| r.state == State::Pass), "{rows:?}");
    for rack in catalog.racks.values_mut() {
        let kw = rack.installed_kw.get().map(|kw| kw * 0.9);
        rack.feed_kw = kw.map(|kw| {
            let mut fact = rack.installed_kw.clone();
            fact.value = gigasite::catalog::Known::Is(kw);
            fact
        });
    }
    let short = screened(&layout("campus-1gw"), &catalog);
    let row = of(&short, "rack-breaker");
    assert_eq!(row.state, State::Warn, "{row:?}");
    assert!((row.figure.unwrap() / row.limit.unwrap() - 1.0 / 0.9).abs() < 1e-9);
}

#[test]
fn medium_voltage_has_a_narrower_band_than_low() {
    let (site, catalog) = (layout("pilot-20mw"), embedded());
    let outcome = study::run(&site, &catalog, &SolveOptions::default());
    let checked = network::check(&site, &catalog, &outcome).unwrap();
    for bus in &checked.electrical.case.buses {
        let kv = bus.base_kv.unwrap();
        let (low, after) = if kv > 1.0 && kv < 69.0 { (0.975, 0.95) } else { (0.95, 0.917) };
        assert_eq!((bus.vmin_pu, bus.outage_band_pu), (Some(low), Some([after, 1.058])), "{bus:?}");
    }
}

#[test]
fn the_drop_of_a_feeder_is_resistance_and_reactance_times_what_flows() {
    let (site, catalog) = (layout("pilot-20mw"), embedded());
    let outcome = study::run(&site, &catalog, &SolveOptions::default());
    let checked = network::check(&site, &catalog, &outcome).unwrap();
    let i = checked.electrical.node_of_branch.iter().position(|n| n == "cable").unwrap();
    let (b, s) = (&checked.electrical.case.branches[i], &checked.solution.branches[i]);
    let drop = (b.r_pu * s.p_from_mw + b.x_pu * s.q_from_mvar) / checked.electrical.case.base_mva;
    let found = screen(&site, &catalog, &outcome).unwrap();
    let row = of(&found, "drop-feeder");
    assert!((row.figure.unwrap() / (drop * 100.0) - 1.0).abs() < 0.05, "{row:?} {drop}");
    assert_eq!(row.limit, Some(3.0));
}

#[test]
fn missing_reactive_power_mends_the_power_factor() {
    let (mut site, catalog) = (layout("pilot-20mw"), embedded());
    let path = "nodes.t-1.capacitor_mvar";
    assert_eq!(of(&screened(&site, &catalog), "power-factor").state, State::Pass);
    site.set(path, "unknown").expect("is set");
    let outcome = study::run(&site, &catalog, &SolveOptions::default());
    let checked = network::check(&site, &catalog, &outcome).unwrap();
    let (p, q) = (checked.solution.slack_p_mw, checked.solution.slack_q_mvar);
    let row = of(&screen(&site, &catalog, &outcome).unwrap(), "power-factor").clone();
    assert!((row.figure.unwrap() - p / p.hypot(q)).abs() < 1e-12);
    assert_eq!(row.state, State::Warn);
    let words: Vec<&str> = row.note.split(' ').collect();
    let mvar: f64 = words[1].parse().unwrap();
    let mended = p / p.hypot(q - mvar);
    assert!((mended - 0.95).abs() < 2e-3, "{} {mended}", row.note);
}

#[test]
fn a_ramp_is_checked_only_where_its_figures_are_entered() {
    let site = layout("pilot-20mw");
    let row = of(&screened(&site, &embedded()), "ramp").clone();
    assert_eq!(row.state, State::NotChecked);
    assert!(row.note.contains("gpu-ramp-w-per-s"), "{}", row.note);
    let mut catalog = embedded();
    practice(&mut catalog, "gpu-ramp-w-per-s", 100.0);
    let row = of(&screened(&site, &catalog), "ramp").clone();
    assert_eq!(row.state, State::NotChecked, "no limit, no verdict");
    let outcome = study::run(&site, &catalog, &SolveOptions::default());
    let racks: f64 = outcome.plan.blocks.iter().filter_map(|b| b.racks).sum();
    // 72 GPUs of 100 W/s each, over the path's efficiency.
    let at_racks = racks * 72.0 * 100.0 * 60.0 / 1e6;
    let ratio = row.figure.unwrap() / at_racks;
    assert!((1.0..1.08).contains(&ratio), "{row:?} {at_racks}");
    practice(&mut catalog, "ramp-limit-mw-per-min", 10.0);
    assert_eq!(of(&screened(&site, &catalog), "ramp").state, State::Warn);
}

#[test]
fn a_loop_past_half_and_a_pair_sold_twice_are_named() {
    let mut site = layout("pilot-20mw");
    let campus = Arc::make_mut(&mut site.campus);
    let cable = campus.nodes.iter().position(|n| n.id == "cable").unwrap();
    campus.nodes[cable].capacity_mw = Some(14.0);
    let like = campus.nodes[cable].clone();
    let (id, name) = ("cable-2".to_owned(), "Cable 2".to_owned());
    campus.nodes.push(Node { id, name, ..like });
    for node in &mut campus.nodes {
        let (from, to) = match node.id.as_str() {
            "us-1" => ("cable", "cable-2"),
            "us-2" | "mech" => ("cable-2", "cable"),
            _ => continue,
        };
        (node.from, node.alternate) = (vec![from.to_owned()], vec![to.to_owned()]);
    }
    let found = screened(&site, &embedded());
    let row = of(&found, "feeder-loop");
    assert_eq!((row.state, row.limit), (State::Warn, Some(50.0)), "{row:?}");
    let row = of(&found, "shared-capacity");
    assert_eq!(row.state, State::Warn);
    assert!(row.note.contains("counted on twice"), "{row:?}");
    let finding = found.findings.iter().find(|f| f.code == "shared-capacity").unwrap();
    assert!(finding.path.starts_with("nodes.cable"), "{finding}");
}

#[test]
fn what_stands_by_is_said() {
    let found = screened(&layout("campus-1gw"), &embedded());
    assert_eq!(found.standby.len(), 2, "{:?}", found.standby);
    assert!(found.standby[0].contains("72.0 MW") && found.standby[0].contains("stands by"));
    let loss = found.rows.iter().filter(|r| r.code == "largest-loss");
    let mw = loss.filter_map(|r| r.figure).fold(0.0, f64::max);
    assert!((900.0..1_020.0).contains(&mw), "the whole campus should it not ride through: {mw}");
}

/// A slack, a transformer and a load behind it.
fn behind_a_transformer(load: Load) -> Case {
    let bus = |id: &str, kind, load| Bus {
        id: id.to_owned(),
        kind,
        load,
        vm_pu: 1.0,
        base_kv: Some(34.5),
        ..Bus::default()
    };
    let mut case = Case { base_mva: 100.0, ..Case::default() };
    case.buses.push(bus("hv", BusKind::Slack, Load::default()));
    case.buses.push(bus("mv", BusKind::Load, load));
    case.generators.push(Generator {
        id: "g".into(),
        vset_pu: 1.0,
        in_service: true,
        ..Generator::default()
    });
    case.branches.push(Branch {
        id: "t".into(),
        to: 1,
        x_pu: 0.1,
        tap_ratio: 1.0,
        in_service: true,
        ..Branch::default()
    });
    case
}

#[test]
fn taps_hold_their_voltage_within_a_step_and_end_at_their_range() {
    let load = Load { p_mw: 80.0, q_mvar: 40.0, ..Load::default() };
    let changer = |target_pu| TapChanger {
        branch: 0,
        bus: 1,
        target_pu,
        step_frac: 0.00625,
        range_frac: 0.1,
    };
    let mut case = behind_a_transformer(load);
    let held = regulate(&mut case, &[changer(1.02)]).unwrap();
    let vm = held.buses[1].vm_pu.unwrap();
    assert!((vm / 1.02 - 1.0).abs() <= 0.00625 + 1e-9, "{vm}");
    let steps = (case.branches[0].tap_ratio - 1.0) / 0.00625;
    assert!((steps - steps.round()).abs() < 1e-9 && steps < 0.0, "whole steps: {steps}");
    // Without load nothing drops: the ratio itself makes the voltage.
    let mut idle = behind_a_transformer(Load::default());
    let held = regulate(&mut idle, &[changer(1.02)]).unwrap();
    let vm = held.buses[1].vm_pu.unwrap();
    assert!((vm * idle.branches[0].tap_ratio - 1.0).abs() < 1e-9, "{vm}");
    let mut far = behind_a_transformer(load);
    regulate(&mut far, &[changer(1.3)]).unwrap();
    assert!((far.branches[0].tap_ratio - 0.9).abs() < 1e-9, "{}", far.branches[0].tap_ratio);
}
