//! Fault levels against closed forms and another program.

use super::support::data;
use crate::support::layout_path;
use gigasite::catalog::Catalog;
use gigasite::power::case::{Branch, Bus, BusKind, Case, Switch};
use gigasite::power::fault::site::{SiteFaultError, site_levels};
use gigasite::power::fault::{
    self, FaultCase, FaultError, Infeed, Level, Motors, Solved, VoltageFactor, levels,
};
use gigasite::site::{Layout, Site, file};
use std::collections::BTreeMap;
use std::sync::Arc;

const FACTOR: VoltageFactor = VoltageFactor { low_ratio: 1.05, high_ratio: 1.1 };
const BASE_MVA: f64 = 100.0;

fn bus(id: &str, kv: f64) -> Bus {
    Bus { id: id.to_owned(), base_kv: Some(kv), vm_pu: 1.0, ..Bus::default() }
}

fn branch(id: String, ends: (usize, usize), z: (f64, f64)) -> Branch {
    let (from, to) = ends;
    let (r_pu, x_pu) = z;
    Branch { id, from, to, r_pu, x_pu, tap_ratio: 1.0, in_service: true, ..Branch::default() }
}

/// Impedance of a transformer from its percentages, per unit of the base.
fn winding(mva: f64, uk_percent: f64, ur_percent: f64) -> (f64, f64) {
    let (z, r) = (uk_percent / 100.0, ur_percent / 100.0);
    (r * BASE_MVA / mva, (z * z - r * r).sqrt() * BASE_MVA / mva)
}

/// Networks of the table with the levels that the other program gives.
#[derive(Default)]
struct Given {
    case: Case,
    infeeds: Vec<Infeed>,
    motors: Vec<Motors>,
    transformers: BTreeMap<usize, f64>,
    results: Vec<(usize, f64, f64)>,
}

fn given() -> BTreeMap<String, Given> {
    let mut all: BTreeMap<String, Given> = BTreeMap::new();
    for line in data("faults.csv").lines().filter(|l| !l.starts_with('#')) {
        let f: Vec<&str> = line.split(',').collect();
        let n = |i: usize| -> f64 { f[i].parse().unwrap() };
        let net = all.entry(f[1].to_owned()).or_default();
        net.case.base_mva = BASE_MVA;
        let at = |i: usize, net: &Given| net.case.bus_index(f[i]).unwrap();
        match f[0] {
            "bus" => net.case.buses.push(bus(f[2], n(3))),
            "grid" => {
                let (id, bus) = (f[2].to_owned(), at(2, net));
                net.infeeds.push(Infeed { id, bus, fault_mva: n(3), xr_ratio: n(4) });
            }
            "trafo" => {
                let id = format!("t{}", net.case.branches.len());
                let ends = (at(2, net), at(3, net));
                net.transformers.insert(net.case.branches.len(), n(4));
                net.case.branches.push(branch(id, ends, winding(n(4), n(5), n(6))));
            }
            "line" => {
                let id = format!("l{}", net.case.branches.len());
                let ends = (at(2, net), at(3, net));
                let ohm = net.case.buses[ends.0].base_kv.unwrap().powi(2) / BASE_MVA;
                net.case.branches.push(branch(id, ends, (n(4) / ohm, n(5) / ohm)));
            }
            "motor" => {
                let bus = at(2, net);
                let (rated_mva, start_ratio, xr_ratio) = (n(3), n(4), n(5));
                net.motors.push(Motors { bus, rated_mva, start_ratio, xr_ratio });
            }
            "result" => net.results.push((at(2, net), n(3), n(4))),
            other => panic!("{other}"),
        }
    }
    all
}

fn solve(net: &Given) -> Result<Vec<Option<Level>>, FaultError> {
    levels(&FaultCase {
        case: &net.case,
        factor: FACTOR,
        infeeds: net.infeeds.clone(),
        motors: net.motors.clone(),
        transformers: net.transformers.clone(),
    })
}

#[test]
fn levels_agree_with_another_program() {
    let given = given();
    assert_eq!(given.len(), 4);
    for (name, net) in &given {
        let found = solve(net).unwrap();
        for &(bus, ik, ip) in &net.results {
            let level = found[bus].unwrap();
            let id = &net.case.buses[bus].id;
            assert!((level.ik_ka / ik - 1.0).abs() < 1e-5, "{name} {id}: {} {ik}", level.ik_ka);
            assert!((level.ip_ka / ip - 1.0).abs() < 1e-4, "{name} {id}: {} {ip}", level.ip_ka);
        }
    }
}

#[test]
fn joining_two_buses_gives_the_levels_of_the_network_with_that_switch_closed() {
    let mut joined = 0;
    for (name, net) in given() {
        let fault = FaultCase {
            case: &net.case,
            factor: FACTOR,
            infeeds: net.infeeds.clone(),
            motors: net.motors.clone(),
            transformers: net.transformers.clone(),
        };
        let solved = Solved::of(&fault).unwrap();
        let count = net.case.buses.len();
        for (a, b) in (0..count).flat_map(|a| (0..a).map(move |b| (a, b))) {
            let mut case = net.case.clone();
            case.switches.push(Switch {
                id: "tie".into(),
                a,
                b,
                closed: true,
                ..Switch::default()
            });
            let Some(found) = solved.joining(a, b).unwrap() else { continue };
            joined += 1;
            let whole = levels(&FaultCase { case: &case, ..fault.clone() }).unwrap();
            for (k, (found, whole)) in found.iter().zip(&whole).enumerate() {
                let (found, whole) = (found.unwrap(), whole.unwrap());
                let same = (found.ik_ka / whole.ik_ka - 1.0).abs() < 1e-9
                    && (found.ip_ka / whole.ip_ka - 1.0).abs() < 1e-9;
                assert!(same, "{name}: {a} with {b}, bus {k}: {found:?}, {whole:?}");
            }
        }
    }
    assert!(joined > 20, "{joined}");
}

/// Grid of 500 MVA without resistance, transformer of 20 MVA and 10 %, all reactance.
#[test]
fn a_transformer_behind_a_grid_is_as_by_hand() {
    let mut net = Given::default();
    net.case.base_mva = BASE_MVA;
    net.case.buses = vec![bus("hv", 110.0), bus("mv", 10.0)];
    net.infeeds.push(Infeed { id: "grid".into(), bus: 0, fault_mva: 500.0, xr_ratio: 1e9 });
    net.case.branches.push(branch("t".into(), (0, 1), (0.0, 0.1 * BASE_MVA / 20.0)));
    net.transformers.insert(0, 20.0);
    let found = solve(&net).unwrap();
    let grid_ohm = 1.1 * 110.0f64.powi(2) / 500.0 * (10.0f64 / 110.0).powi(2);
    let transformer_ohm = 0.1 * 10.0f64.powi(2) / 20.0 * 0.95 * 1.1 / (1.0 + 0.6 * 0.1);
    let ik_ka = 1.1 * 10.0 / (3f64.sqrt() * (grid_ohm + transformer_ohm));
    let level = found[1].unwrap();
    assert!((level.ik_ka / ik_ka - 1.0).abs() < 1e-9, "{} {ik_ka}", level.ik_ka);
    // Without resistance the peak is twice the amplitude.
    assert!((level.ip_ka / (2.0 * 2f64.sqrt() * ik_ka) - 1.0).abs() < 1e-6);
    let grid = found[0].unwrap();
    assert!((grid.sk_mva - 500.0).abs() < 1e-6, "the grid's own level comes back");
}

#[test]
fn peak_follows_resistance() {
    assert!((fault::kappa(0.0) - 2.0).abs() < 1e-12);
    assert!((fault::kappa(0.1) - 1.746).abs() < 5e-4, "the table of the standard's figure 15");
    assert!(fault::kappa(10.0) < 1.0201);
}

#[test]
fn two_equal_grids_give_twice_the_current_and_a_dark_bus_none() {
    let mut net = Given::default();
    net.case.base_mva = BASE_MVA;
    net.case.buses = vec![bus("a", 34.5), bus("alone", 34.5)];
    net.infeeds.push(Infeed { id: "1".into(), bus: 0, fault_mva: 1_000.0, xr_ratio: 10.0 });
    let one = solve(&net).unwrap();
    net.infeeds.push(Infeed { id: "2".into(), bus: 0, fault_mva: 1_000.0, xr_ratio: 10.0 });
    let two = solve(&net).unwrap();
    assert!((two[0].unwrap().ik_ka / one[0].unwrap().ik_ka - 2.0).abs() < 1e-9);
    assert!((two[0].unwrap().ip_ka / one[0].unwrap().ip_ka - 2.0).abs() < 1e-9);
    assert_eq!(two[1], None, "nothing feeds it");
}

#[test]
fn what_is_missing_is_named_and_nothing_is_invented() {
    let mut net = given().remove("radial").unwrap();
    net.case.buses[1].base_kv = None;
    assert_eq!(solve(&net), Err(FaultError::NoVoltage("mv".into())));
    net.infeeds.clear();
    assert_eq!(solve(&net), Err(FaultError::NoInfeed));
    net.infeeds.push(Infeed { id: "g".into(), bus: 0, fault_mva: 0.0, xr_ratio: 10.0 });
    assert_eq!(solve(&net), Err(FaultError::Infeed("g".into())));
    let mut case = Case { base_mva: BASE_MVA, ..Case::default() };
    case.buses = vec![bus("1", 110.0), bus("2", 20.0)];
    case.buses[0].kind = BusKind::Slack;
    case.branches.push(branch("1-2".into(), (0, 1), (0.0, 0.1)));
    case.generators.push(gigasite::power::case::Generator {
        id: "g1".into(),
        in_service: true,
        vset_pu: 1.0,
        ..Default::default()
    });
    let missing = fault::missing(&case, &[]);
    assert_eq!(missing.len(), 2, "{missing:?}");
    assert!(missing[0].contains("generator g1 at bus 1"), "{missing:?}");
    assert!(missing[1].contains("transformer 1-2"), "{missing:?}");
}

fn site(name: &str) -> Site {
    let text = std::fs::read_to_string(layout_path(name)).unwrap();
    let (layout, _) = Layout::from_file(file::parse(&text, name).unwrap()).unwrap();
    layout.variant(0).site.clone()
}

/// Feed, transformer and cable of the pilot by hand: reactances in a line.
#[test]
fn the_level_of_a_site_is_that_of_its_chain() {
    let mut site = site("pilot-20mw");
    Arc::make_mut(&mut site.campus).feeds[0].fault_mva = Some(5_000.0);
    let catalog = Catalog::embedded().unwrap();
    let found = site_levels(&site, &catalog).unwrap();
    assert!(found.assumed.is_empty());
    let of = |path: &str| found.places.iter().find(|p| p.path == path).unwrap();
    assert!((of("feeds.feed-1").level.sk_mva - 5_000.0).abs() < 1e-6);
    // 25 MVA and 10 % at an X/R of 40 behind 1.1 x 5000 MVA at 10.
    let (mva, z) = (25.0, 0.1);
    let x = z / (1.0f64 / 40.0).hypot(1.0);
    let k = 0.95 * 1.1 / (1.0 + 0.6 * x);
    let grid = 1.1 / 5_000.0;
    let grid_x = grid / 0.1f64.hypot(1.0);
    let reactance = grid_x + k * x / mva;
    let resistance = grid_x * 0.1 + k * x / 40.0 / mva;
    let sk = 1.1 / reactance.hypot(resistance);
    let level = of("nodes.t-1").level;
    assert!((level.sk_mva / sk - 1.0).abs() < 1e-6, "{} {sk}", level.sk_mva);
    let cable = found.places.iter().filter(|p| p.kv > 1.0).map(|p| p.level.sk_mva);
    assert!(cable.fold(f64::INFINITY, f64::min) < sk, "a cable takes some of it");
}

#[test]
fn a_tie_raises_the_level_and_gear_that_cannot_bear_it_is_named() {
    let site = site("campus-1gw");
    let catalog = Catalog::embedded().unwrap();
    let found = site_levels(&site, &catalog).unwrap();
    assert_eq!(found.assumed, ["feed-1", "feed-2"], "an assumption is said");
    let sub = found.places.iter().find(|p| p.path == "nodes.sub-a1").unwrap();
    let (tied, _) = sub.tied.as_ref().unwrap();
    assert!(tied.ik_ka > 1.2 * sub.level.ik_ka, "{tied:?} {:?}", sub.level);
    assert_eq!(sub.rated_ka, Some(40.0));
    assert!(found.findings.is_empty(), "{:?}", found.findings);
    // The usual gear bears one transformer, not two while a switch closes.
    let mut weak = site.clone();
    let gear = Arc::make_mut(&mut weak.campus).nodes.iter_mut().find(|n| n.id == "sub-a1");
    gear.unwrap().equipment = Some("mv-switchgear".into());
    let weak = site_levels(&weak, &catalog).unwrap();
    assert_eq!(weak.findings.len(), 1, "{:?}", weak.findings);
    let finding = &weak.findings[0];
    assert_eq!((finding.code.as_str(), finding.path.as_str()), ("fault-level", "nodes.sub-a1"));
    assert!(finding.message.contains("31.5"), "{}", finding.message);
    // One 3 MVA transformer each, not all of a group together.
    let lv = found.places.iter().find(|p| p.path == "nodes.h1-n-r1-us").unwrap();
    assert!((60.0..85.0).contains(&lv.level.ik_ka), "{:?}", lv.level);
}

#[test]
fn a_feed_without_voltage_stops_the_levels_by_name() {
    let mut site = site("pilot-20mw");
    Arc::make_mut(&mut site.campus).feeds[0].voltage_kv = None;
    let error = site_levels(&site, &Catalog::embedded().unwrap()).unwrap_err();
    let SiteFaultError::Unknown(unknown) = error else { panic!("{error}") };
    assert_eq!(unknown.path, "feeds.feed-1.voltage_kv");
}
