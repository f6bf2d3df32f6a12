//! Firm capacity against the arithmetic of redundancy schemes, and the laws that it keeps.

use crate::support::{close, embedded, layout};
use gigasite::power::case::{Branch, Bus, BusKind, Case, Generator};
use gigasite::power::dc::Linear;
use gigasite::power::model::Model;
use gigasite::site::{Node, NodeKind, Site};
use gigasite::study::firm::{FirmCapacity, capacity};
use gigasite::study::input::prepare;
use gigasite::study::{Estimator, SolveOptions};
use proptest::prelude::*;
use std::sync::Arc;

/// A node of one machine: id, sources, sources behind open switches, capacity.
type Drawn<'a> = (&'a str, NodeKind, &'a [&'a str], &'a [&'a str], f64);

const T: NodeKind = NodeKind::MainTransformer;
const BAR: NodeKind = NodeKind::Substation;

fn node((id, kind, from, alternate, capacity): Drawn) -> Node {
    let all = |ids: &[&str]| ids.iter().map(|s| (*s).to_owned()).collect();
    Node {
        id: id.into(),
        name: id.to_uppercase(),
        kind,
        from: all(from),
        alternate: all(alternate),
        capacity_mw: Some(capacity),
        firm_mw: None,
        efficiency_frac: Some(1.0),
        equipment: None,
        voltage_kv: None,
        phase: None,
        scheme: None,
        spare_on_site: false,
        emergency_long_ratio: None,
        emergency_long_h: None,
        emergency_short_ratio: None,
        emergency_short_min: None,
        capacitor_mvar: None,
        at: [0.0; 2],
        size: [1.0; 2],
    }
}

/// A site of feeds and nodes alone; its ends are its loads.
fn site(feeds: &[(&str, f64)], nodes: &[Drawn]) -> Site {
    let mut site = layout("pilot-20mw");
    site.halls.clear();
    let campus = Arc::make_mut(&mut site.campus);
    campus.loops.clear();
    let feed = campus.feeds[0].clone();
    campus.feeds = feeds
        .iter()
        .map(|&(id, mw)| gigasite::site::Feed {
            id: id.into(),
            name: id.to_uppercase(),
            capacity_mw: Some(mw),
            firm_mw: None,
            ..feed.clone()
        })
        .collect();
    campus.nodes = nodes.iter().map(|n| node(*n)).collect();
    site
}

fn firm(site: &Site) -> FirmCapacity {
    capacity(site, &embedded()).unwrap()
}

/// Two feeds that are never short, each with a bar.
const FEEDS: [(&str, f64); 2] = [("f1", 1e4), ("f2", 1e4)];

/// A bar on both feeds, so that neither can be missed.
const TOP: Drawn = ("top", BAR, &["f1", "f2"], &[], 1e4);

fn with_top(nodes: &[Drawn]) -> FirmCapacity {
    firm(&site(&FEEDS, &[&[TOP], nodes].concat()))
}

/// Two transformers of 100 MW that bear a fifth more after an outage.
#[test]
fn firm_capacity_takes_the_long_time_rating_of_what_is_left() {
    let nodes: &[Drawn] = &[
        ("t1", T, &["f"], &[], 100.0),
        ("t2", T, &["f"], &[], 100.0),
        ("bar", BAR, &["t1", "t2"], &[], 250.0),
    ];
    let mut plain = site(&[("f", 300.0)], nodes);
    Arc::make_mut(&mut plain.campus).feeds[0].firm_mw = Some(300.0);
    let firm = |site: &Site| capacity(site, &embedded()).unwrap().nodes["bar"].mw;
    close(firm(&plain), 100.0, 1e-9, "without emergency ratings");
    let mut rated = plain.clone();
    for n in Arc::make_mut(&mut rated.campus).nodes.iter_mut().filter(|n| n.kind == T) {
        n.emergency_long_ratio = Some(1.2);
    }
    close(firm(&rated), 120.0, 1e-9, "with them");
}

#[test]
fn without_redundancy_nothing_survives() {
    let found = with_top(&[("t", T, &["top"], &[], 50.0), ("hall", BAR, &["t"], &[], 50.0)]);
    assert_eq!((found.site_mw, found.nodes["hall"].mw, found.nodes["t"].mw), (0.0, 0.0, 0.0));
    close(found.site_nameplate_mw, 50.0, 1e-9, "nameplate");
    let said = &found.nodes["hall"].sentence;
    assert_eq!(said, "HALL: firm 0.0 of 50.0 MW, for after the loss of T nothing takes over");
}

#[test]
fn n_plus_1_keeps_n_of_n_plus_1() {
    for n in 1..6_usize {
        let ids: Vec<String> = (0..=n).map(|i| format!("t{i}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut nodes: Vec<Drawn> =
            ids.iter().map(|id| (*id, T, &["top"] as &[&str], &[] as &[&str], 30.0)).collect();
        nodes.push(("hall", BAR, &ids, &[], 1e4));
        let found = with_top(&nodes);
        let whole = 30.0 * (n + 1) as f64;
        let share = n as f64 / (n + 1) as f64;
        close(found.nodes["hall"].mw / whole, share, 1e-9, "behind the units");
        close(found.nodes["t0"].mw / 30.0, share, 1e-9, "each of them");
        close(found.site_mw / found.site_nameplate_mw, share, 1e-6, "the site");
        assert_eq!(found.nodes["hall"].left.len(), n, "the survivors are full together");
    }
}

#[test]
fn machines_of_one_node_count_one_by_one() {
    let mut site = site(&FEEDS, &[TOP, ("us", NodeKind::UnitSubstation, &["top"], &[], 17.64)]);
    let us = &mut Arc::make_mut(&mut site.campus).nodes[1];
    us.equipment = Some("unit-transformer".into());
    let listed = firm(&site);
    close(listed.nodes["us"].mw, 17.64, 1e-9, "five bear a fifth more by the catalogue");
    Arc::make_mut(&mut site.campus).nodes[1].emergency_long_ratio = Some(1.0);
    let found = firm(&site);
    close(found.nodes["us"].mw, 17.64 * 5.0 / 6.0, 1e-9, "six of 3 MVA");
    let said = &found.nodes["us"].sentence;
    assert_eq!(said, "US: firm 14.7 of 17.6 MW, for the loss of one of its 6 machines leaves 5");
}

#[test]
fn two_sides_keep_half() {
    let sides: [Drawn; 3] = [
        ("a", T, &["f1"], &[], 40.0),
        ("b", T, &["f2"], &[], 40.0),
        ("hall", BAR, &["a", "b"], &[], 80.0),
    ];
    let found = firm(&site(&FEEDS, &sides));
    close(found.nodes["hall"].mw, 40.0, 1e-9, "2N");
    close(found.nodes["a"].mw, 20.0, 1e-9, "each carries half");
    close(found.site_mw, 40.0, 1e-6, "the site");
}

#[test]
fn distributed_units_keep_two_of_three_and_three_of_four() {
    for n in [3_usize, 4] {
        let ids: Vec<String> = (0..n).map(|i| format!("u{i}")).collect();
        let pairs: Vec<(String, [&str; 2])> = (0..n)
            .flat_map(|i| (i + 1..n).map(move |k| (i, k)))
            .map(|(i, k)| (format!("l{i}{k}"), [ids[i].as_str(), ids[k].as_str()]))
            .collect();
        let mut nodes: Vec<Drawn> = ids
            .iter()
            .map(|id| (id.as_str(), T, &["top"] as &[&str], &[] as &[&str], 60.0))
            .collect();
        nodes.extend(
            pairs.iter().map(|(id, from)| (id.as_str(), BAR, &from[..], &[] as &[&str], 1e3)),
        );
        let found = with_top(&nodes);
        let share = (n - 1) as f64 / n as f64;
        close(found.site_mw / (60.0 * n as f64), share, 1e-6, "loads on every pair of units");
    }
}

#[test]
fn a_catcher_covers_one_of_n() {
    for n in 1..5_usize {
        let ids: Vec<(String, String)> =
            (0..n).map(|i| (format!("u{i}"), format!("l{i}"))).collect();
        let froms: Vec<[&str; 1]> = ids.iter().map(|(u, _)| [u.as_str()]).collect();
        let mut nodes: Vec<Drawn> = vec![("catcher", T, &["top"], &[], 25.0)];
        for ((u, l), from) in ids.iter().zip(&froms) {
            nodes.push((u, T, &["top"], &[], 25.0));
            nodes.push((l, BAR, from, &["catcher"], 1e3));
        }
        let found = with_top(&nodes);
        let installed = 25.0 * (n + 1) as f64;
        let share = n as f64 / (n + 1) as f64;
        close(found.site_mw / installed, share, 1e-6, "block redundant");
        assert_eq!(found.site_without_ties_mw, 0.0, "without its switches nothing is caught");
        close(found.nodes["u0"].mw, 25.0, 1e-9, "each block is firm in full");
    }
}

#[test]
fn a_loop_with_an_open_point_keeps_half() {
    let found = with_top(&[
        ("a", T, &["top"], &[], 36.0),
        ("b", T, &["top"], &[], 36.0),
        ("ring-a", BAR, &["a"], &["b"], 1e3),
        ("ring-b", BAR, &["b"], &["a"], 1e3),
    ]);
    close(found.site_mw, 36.0, 1e-6, "either feeder carries both");
    close(found.site_nameplate_mw, 72.0, 1e-6, "nameplate");
    assert_eq!(found.site_without_ties_mw, 0.0);
    assert_eq!(found.nodes["ring-a"].without_ties_mw, 0.0);
}

#[test]
fn what_a_feed_keeps_by_the_utilitys_word_is_kept() {
    let mut site = site(&[("f1", 500.0)], &[("hall", BAR, &["f1"], &[], 1e3)]);
    assert_eq!(firm(&site).site_mw, 0.0);
    Arc::make_mut(&mut site.campus).feeds[0].firm_mw = Some(250.0);
    let found = firm(&site);
    close(found.site_mw, 250.0, 1e-6, "one of two circuits");
    close(found.nodes["hall"].mw, 250.0, 1e-9, "below it");
}

/// Shares of what three unequal transformers carry after one is lost, by LODF of a network
/// with the same relative impedance each, and by capacity.
#[test]
fn survivors_share_as_the_power_flow_says() {
    let ratings = [40.0, 60.0, 100.0];
    let bus = |id: &str, kind| Bus { id: id.into(), kind, vm_pu: 1.0, ..Bus::default() };
    let mut case = Case { base_mva: 100.0, ..Case::default() };
    case.buses = vec![bus("top", BusKind::Slack), bus("hall", BusKind::Load)];
    case.generators =
        vec![Generator { id: "g".into(), vset_pu: 1.0, in_service: true, ..Generator::default() }];
    for rating in ratings {
        case.branches.push(Branch {
            id: format!("t{rating}"),
            to: 1,
            x_pu: 0.1 * 100.0 / rating,
            tap_ratio: 1.0,
            in_service: true,
            ..Branch::default()
        });
    }
    let model = Model::of(&case).unwrap();
    let mut linear = Linear::new(&model).unwrap();
    let share: Vec<f64> = linear.ptdf(1).unwrap().iter().map(|f| -f).collect();
    let mut least = f64::INFINITY;
    for lost in 0..3 {
        let moved = linear.lodf(lost).unwrap().unwrap();
        for left in (0..3).filter(|&i| i != lost) {
            let after = share[left] + moved[left] * share[lost];
            least = least.min(ratings[left] / after);
        }
    }
    let nodes: [Drawn; 4] = [
        ("t1", T, &["top"], &[], ratings[0]),
        ("t2", T, &["top"], &[], ratings[1]),
        ("t3", T, &["top"], &[], ratings[2]),
        ("hall", BAR, &["t1", "t2", "t3"], &[], 1e3),
    ];
    close(with_top(&nodes).nodes["hall"].mw, least, 1e-9, "LODF");
    close(least, 100.0, 1e-9, "the loss of the largest leaves the others");
}

#[test]
fn the_campus_keeps_what_its_transformers_keep() {
    let site = layout("campus-1gw");
    let found = firm(&site);
    for id in ["sub-a1", "sub-b4"] {
        close(found.nodes[id].mw, 183.75 * 0.995, 1e-9, "its neighbours take all of it alone");
        assert_eq!(found.nodes[id].without_ties_mw, 0.0, "{id} hangs on one feed");
    }
    close(found.nodes["t-a1"].mw, 183.75, 1e-9, "what its feeders reach behind other sections");
    assert!(found.site_mw <= 980.0 + 1e-6 && found.site_mw > 960.0, "{}", found.site_mw);
    assert_eq!(found.site_without_ties_mw, 0.0, "each half hangs on one feed");
    let mut cut = site.clone();
    let campus = Arc::make_mut(&mut cut.campus);
    campus.nodes.iter_mut().filter(|n| n.id.starts_with("t-")).for_each(|n| n.alternate.clear());
    assert_eq!(firm(&cut).site_mw, 0.0, "without the transfer between feeds nothing is firm");
    let said = &firm(&cut).nodes["sub-a1"].sentence;
    assert!(said.ends_with("for after the loss of Feed 1, 345 kV nothing takes over"), "{said}");
}

/// Capacities of the units; of each bar the units that feed it, as bits, and its tie; capacity
/// of the bars.
type Random = (Vec<f64>, Vec<(u8, Option<u8>)>, f64);

/// A random network of three layers: one to three units, bars on some of them, perhaps with a
/// tie to another unit.
fn drawn() -> impl Strategy<Value = Random> {
    let unit = 10.0..60.0_f64;
    let bar = (any::<u8>(), proptest::option::of(any::<u8>()));
    (proptest::collection::vec(unit, 1..4), proptest::collection::vec(bar, 1..4), 5.0..80.0_f64)
}

fn built((units, bars, bar_mw): &Random) -> Site {
    let mut made = site(&FEEDS, &[TOP]);
    let nodes = &mut Arc::make_mut(&mut made.campus).nodes;
    let id = |i: usize| format!("u{i}");
    for (i, mw) in units.iter().enumerate() {
        nodes.push(node((&id(i), T, &["top"], &[], *mw)));
    }
    for (k, (mask, tie)) in bars.iter().enumerate() {
        let mut from: Vec<String> =
            (0..units.len()).filter(|i| mask >> i & 1 == 1).map(id).collect();
        if from.is_empty() {
            from.push(id(0));
        }
        let mut bar = node((&format!("l{k}"), BAR, &[], &[], *bar_mw));
        let tie = tie.map(|t| id(usize::from(t) % units.len()));
        bar.alternate = tie.filter(|t| !from.contains(t)).into_iter().collect();
        bar.from = from;
        nodes.push(bar);
    }
    made
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn firm_is_at_most_nameplate(drawn in drawn()) {
        let found = firm(&built(&drawn));
        prop_assert!(found.site_mw <= found.site_nameplate_mw + 1e-6);
        prop_assert!(found.site_without_ties_mw <= found.site_mw + 1e-6);
        for (id, n) in &found.nodes {
            prop_assert!(n.mw >= 0.0 && n.mw <= n.nameplate_mw + 1e-9, "{id}: {n:?}");
            prop_assert!(n.without_ties_mw <= n.mw + 1e-9, "{id}: {n:?}");
        }
    }

    #[test]
    fn a_unit_in_parallel_never_lowers_firm(drawn in drawn()) {
        let before = built(&drawn);
        let mut after = before.clone();
        let nodes = &mut Arc::make_mut(&mut after.campus).nodes;
        let twin = Node { id: "twin".into(), ..nodes.iter().find(|n| n.id == "u0").unwrap().clone() };
        for n in nodes.iter_mut().filter(|n| n.from.iter().any(|s| s == "u0")) {
            n.from.push("twin".into());
        }
        nodes.push(twin);
        let (before, after) = (firm(&before), firm(&after));
        prop_assert!(after.site_mw >= before.site_mw - 1e-6, "{} {}", before.site_mw, after.site_mw);
        for (id, n) in before.nodes.iter().filter(|(id, _)| id.starts_with('l')) {
            prop_assert!(after.nodes[id].mw >= n.mw - 1e-9, "{id}: {n:?} {:?}", after.nodes[id]);
        }
    }

    #[test]
    fn an_opened_tie_never_raises_firm(drawn in drawn()) {
        let before = built(&drawn);
        let mut after = before.clone();
        let nodes = &mut Arc::make_mut(&mut after.campus).nodes;
        let Some(tied) = nodes.iter_mut().find(|n| !n.alternate.is_empty()) else { return Ok(()) };
        tied.alternate.clear();
        let (before, after) = (firm(&before), firm(&after));
        prop_assert!(after.site_mw <= before.site_mw + 1e-6);
        for (id, n) in &before.nodes {
            prop_assert!(after.nodes[id].mw <= n.mw + 1e-9, "{id}: {n:?} {:?}", after.nodes[id]);
        }
    }
}

/// A catalogue with a transformer of 8 % beside that of 10 %.
fn unequal() -> gigasite::catalog::Catalog {
    let mut catalog = embedded();
    let mut other = catalog.equipment["main-transformer"].clone();
    other.impedance_frac.as_mut().unwrap().value = gigasite::catalog::Known::Is(0.08);
    catalog.equipment.insert("stiff".into(), other);
    catalog
}

/// Two of 100 MW and 10 %, one of 60 MW and 8 %, on one bar.
fn three(with: &[&str]) -> Site {
    let mut nodes: Vec<Drawn> = Vec::new();
    for id in with {
        nodes.push((id, T, &["f"], &[], if *id == "t3" { 60.0 } else { 100.0 }));
    }
    nodes.push(("bar", BAR, with, &[], 300.0));
    let mut site = site(&[("f", 400.0)], &nodes);
    let campus = Arc::make_mut(&mut site.campus);
    campus.feeds[0].firm_mw = Some(400.0);
    for n in campus.nodes.iter_mut().filter(|n| n.kind == T) {
        n.equipment = Some(if n.id == "t3" { "stiff" } else { "main-transformer" }.into());
        n.efficiency_frac = None;
        n.voltage_kv = Some(34.5);
        n.emergency_long_ratio = Some(1.0);
    }
    site
}

#[test]
fn unequal_transformers_share_by_their_impedances_as_ac_power_flow_says() {
    use gigasite::power::electrical::{Draw, electrical};
    use gigasite::power::{Network, flow};
    let (site, catalog) = (three(&["t1", "t3"]), unequal());
    // 100 / 0.10 beside 60 / 0.08, where capacity would say 5 to 3.
    let share = 1000.0 / 1750.0;
    let network = Network::of(&site, &catalog).unwrap();
    let path = network.path("bar").unwrap();
    let carried = |id: &str| {
        let at = network.find(id).unwrap();
        path.carriers.iter().find(|(c, _)| *c == at).unwrap().1
    };
    close(carried("t1") / (carried("t1") + carried("t3")), share, 1e-9, "closed form");

    let draw = Draw {
        node: "bar".into(),
        p_mw: 120.0,
        power_factor_frac: 0.98,
        firm_frac: 1.0,
        transfer: None,
    };
    let made = electrical(&site, &catalog, &[draw]).unwrap();
    let solved = flow::ac(&made.case).unwrap();
    let through = |id: &str| solved.branches.iter().find(|b| b.id == id).unwrap().p_to_mw.abs();
    close(through("t1") / 120.0, share, 1e-3, "AC power flow");
}

#[test]
fn firm_capacity_of_unequal_transformers_ends_where_the_stiffer_one_is_full() {
    let mut catalog = unequal();
    let bar = |catalog: &_| capacity(&three(&["t1", "t2", "t3"]), catalog).unwrap().nodes["bar"].mw;
    // Without t1, t3 takes 750 of 1750 parts and is full at 140 MW.
    let output = 0.995;
    close(bar(&catalog), 60.0 / (750.0 / 1750.0) * output, 1e-9, "by impedance");
    // Where an impedance is unknown, capacity tells: 160 MW.
    catalog.equipment.get_mut("stiff").unwrap().impedance_frac = None;
    close(bar(&catalog), 160.0 * output, 1e-9, "by capacity");
}

/// Two sides with a tie in the middle of unlike ways: shares against the nodal equations of the
/// linear model, per unit by hand.
#[test]
fn sources_behind_unlike_ways_share_by_the_whole_way() {
    use gigasite::power::Network;
    let nodes: &[Drawn] = &[
        ("a", T, &["f1"], &[], 100.0),
        ("bar-a", BAR, &["a"], &[], 100.0),
        ("b", T, &["f2"], &[], 100.0),
        ("bar-b", BAR, &["b"], &[], 100.0),
        ("c", T, &["bar-a"], &[], 50.0),
        ("d", T, &["bar-b"], &[], 25.0),
        ("end", BAR, &["c", "d"], &[], 100.0),
    ];
    let mut site = site(&[("f1", 400.0), ("f2", 400.0)], nodes);
    for n in Arc::make_mut(&mut site.campus).nodes.iter_mut().filter(|n| n.kind == T) {
        n.equipment = Some("main-transformer".into());
    }
    let network = Network::of(&site, &embedded()).unwrap();
    let end = network.find("end").unwrap();
    let shares: Vec<f64> = network.carriers[end].sources().map(|s| s.1).collect();
    // 1/100 + 1/50 beside 1/100 + 1/25.
    let (left, right) = (0.03, 0.05);
    close(shares[0], right / (left + right), 1e-9, "over c");
}

/// Racks on side A with a transfer switch to side B.
#[test]
fn racks_with_a_path_b_keep_what_the_smaller_side_carries() {
    let mut site = layout("pilot-20mw");
    let campus = Arc::make_mut(&mut site.campus);
    let feed = campus.feeds[0].clone();
    campus.loops.clear();
    campus.feeds = [("f1", 60.0), ("f2", 60.0)]
        .map(|(id, mw)| gigasite::site::Feed {
            id: id.into(),
            capacity_mw: Some(mw),
            firm_mw: None,
            ..feed.clone()
        })
        .to_vec()
        .into();
    let sides: [Drawn; 2] = [("a", T, &["f1"], &[], 40.0), ("b", T, &["f2"], &[], 25.0)];
    campus.nodes = sides.iter().map(|n| node(*n)).collect();
    site.halls.truncate(1);
    let group = Arc::make_mut(&mut site.halls[0]);
    group.blocks.truncate(1);
    group.blocks[0].node = Some("a".into());
    group.blocks[0].node_b = Some("b".into());
    let with = capacity(&site, &embedded()).unwrap();
    close(with.site_mw, 25.0, 1e-6, "side B carries all after the loss of A");
    close(with.nodes["a"].mw, 25.0, 1e-9, "of side A");
    close(with.site_without_ties_mw, 0.0, 1e-9, "without the transfer nothing is firm");
    close(with.site_nameplate_mw, 40.0, 1e-6, "with everything in service");
    let group = Arc::make_mut(&mut site.halls[0]);
    group.blocks[0].node_b = None;
    close(capacity(&site, &embedded()).unwrap().site_mw, 0.0, 1e-9, "without path B");
}

#[test]
fn what_is_kept_of_a_network_is_what_it_is_after_every_change() {
    let (mut site, catalog) = (layout("mixed-250mw"), embedded());
    let options = SolveOptions::default();
    let mut keeps = Estimator::default();
    let mut seen: Vec<Option<FirmCapacity>> = Vec::new();
    for step in 0..6 {
        match step {
            // Nothing of the network.
            1 => Arc::make_mut(&mut site.terms).finance.discount_frac = Some(0.2),
            2 => Arc::make_mut(&mut site.campus).feeds[0].capacity_mw = Some(31.0),
            // A load elsewhere, and one less.
            3 => {
                let other = site.campus.loops[1].node.clone();
                Arc::make_mut(&mut site.campus).loops[0].node = other;
            }
            4 => drop(site.halls.remove(0)),
            5 => site = layout("mixed-250mw"),
            _ => {}
        }
        let kept = prepare(&site, &catalog, &options, &mut keeps);
        let anew = prepare(&site, &catalog, &options, &mut Estimator::default());
        assert!(kept.firm.is_some() && kept.firm == anew.firm, "step {step}");
        assert_eq!((kept.outages, kept.input), (anew.outages, anew.input), "step {step}");
        seen.push(kept.firm);
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[1], seen[2]);
    assert_eq!(seen[0], seen[5]);
}
