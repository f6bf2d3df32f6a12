//! Redundancy by wiring against shares worked out by hand.

use crate::support::layout;
use gigasite::catalog::Catalog;
use gigasite::power::redundancy::{Loads, Redundancy, Scheme, of_site};
use gigasite::site::{DeclaredScheme, Node, NodeKind, Site};
use std::collections::BTreeMap;
use std::sync::Arc;

type Wire<'a> = (&'a str, &'a [&'a str], &'a [&'a str], f64);

/// Systems of a capacity on the pilot's feed, and loads on them: (id, closed, open, MW).
fn wired(kind: NodeKind, systems: &[(&str, f64)], loads: &[Wire<'_>]) -> (Site, Redundancy) {
    let mut site = layout("pilot-20mw");
    let campus = Arc::make_mut(&mut site.campus);
    let like = campus.nodes.iter().find(|n| n.id == "ups").unwrap().clone();
    campus.nodes.clear();
    let mut node_mw: BTreeMap<String, f64> = BTreeMap::new();
    let plain = |id: &str| Node {
        id: id.to_owned(),
        name: id.to_uppercase(),
        alternate: Vec::new(),
        firm_mw: None,
        equipment: None,
        ..like.clone()
    };
    for (id, mw) in systems {
        let from = vec!["feed-1".to_owned()];
        campus.nodes.push(Node { kind, from, capacity_mw: Some(*mw), ..plain(id) });
    }
    for (id, closed, open, mw) in loads {
        let own = |ids: &[&str]| ids.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let (from, alternate) = (own(closed), own(open));
        campus.nodes.push(Node { from, alternate, capacity_mw: Some(100.0), ..plain(id) });
        node_mw.insert((*id).to_owned(), *mw);
        for source in *closed {
            *node_mw.entry((*source).to_owned()).or_default() += mw / closed.len() as f64;
        }
    }
    let found = redundancy(&site, &node_mw);
    (site, found)
}

fn redundancy(site: &Site, node_mw: &BTreeMap<String, f64>) -> Redundancy {
    let none: BTreeMap<String, f64> = BTreeMap::new();
    of_site(site, &Catalog::embedded().unwrap(), Loads { node_mw, block_mw: &none })
}

/// Each system of `k` carries `each` towards every other one.
fn distributed(k: usize, capacity: f64, each: f64) -> Redundancy {
    let names: Vec<String> = (0..k).map(|i| format!("s{i}")).collect();
    let systems: Vec<(&str, f64)> = names.iter().map(|n| (n.as_str(), capacity)).collect();
    let mut ids = Vec::new();
    for a in 0..k {
        for b in (0..k).filter(|&b| b != a) {
            ids.push((format!("l{a}{b}"), a, b));
        }
    }
    let ends: Vec<([&str; 1], [&str; 1])> =
        ids.iter().map(|(_, a, b)| ([names[*a].as_str()], [names[*b].as_str()])).collect();
    let loads: Vec<Wire<'_>> = ids
        .iter()
        .zip(&ends)
        .map(|((id, ..), (a, b))| (id.as_str(), &a[..], &b[..], each))
        .collect();
    wired(NodeKind::Substation, &systems, &loads).1
}

#[test]
fn distributed_systems_may_be_loaded_to_k_minus_1_over_k() {
    for (k, scheme) in [(3, "3-to-make-2"), (4, "4-to-make-3"), (5, "5-to-make-4")] {
        // k - 1 loads each; the share of the capacity that makes survivors just full.
        let full = 12.0;
        let usable = (k as f64 - 1.0) / k as f64;
        let each = full * usable / (k as f64 - 1.0);
        let found = distributed(k, full, each);
        let group = &found.groups[0];
        assert_eq!(group.wired.name(), scheme);
        assert_eq!(group.holds, Some(true), "{}", group.sentence);
        assert!((group.worst.as_ref().unwrap().loading_frac - 1.0).abs() < 1e-9);
        assert!((group.wired.usable_frac().unwrap() - usable).abs() < 1e-12);
        assert!((group.load_mw.unwrap() / group.capacity_mw.unwrap() - usable).abs() < 1e-9);
        let more = distributed(k, full, each * 1.01);
        assert_eq!(more.groups[0].holds, Some(false), "a hundredth more is too much");
        assert_eq!(more.groups[0].in_force(), Some(Scheme::N));
        assert_eq!(more.supplies["l01"].scheme, Some(Scheme::N), "{:?}", more.supplies["l01"]);
    }
}

#[test]
fn three_systems_in_a_ring_are_no_3_to_make_2() {
    // Each hands its whole load to the next: the pairs decide, not the number of systems.
    let loads: [Wire<'_>; 3] =
        [("a", &["s0"], &["s1"], 8.0), ("b", &["s1"], &["s2"], 8.0), ("c", &["s2"], &["s0"], 8.0)];
    let systems = [("s0", 12.0), ("s1", 12.0), ("s2", 12.0)];
    let (_, found) = wired(NodeKind::Substation, &systems, &loads);
    let group = &found.groups[0];
    assert_ne!(group.wired, Scheme::Distributed(3));
    assert_eq!(group.holds, Some(false), "16 on 12: {}", group.sentence);
    assert!(group.sentence.contains("133 %"), "{}", group.sentence);
}

#[test]
fn a_catcher_stands_by_for_several_and_carries_one() {
    let loads: [Wire<'_>; 3] =
        [("a", &["s0"], &["c"], 10.0), ("b", &["s1"], &["c"], 10.0), ("d", &["s2"], &["c"], 10.0)];
    let systems = [("s0", 10.0), ("s1", 10.0), ("s2", 10.0), ("c", 10.0)];
    let (_, found) = wired(NodeKind::Substation, &systems, &loads);
    let group = &found.groups[0];
    assert_eq!(group.wired, Scheme::Catcher(3));
    assert_eq!(group.holds, Some(true));
    assert_eq!(group.wired.usable_frac(), Some(0.75));
}

#[test]
fn two_feeders_with_an_open_point_carry_half_each() {
    let loads = |mw: f64| -> [Wire<'static>; 2] {
        [("a", &["f1"], &["f2"], mw), ("b", &["f2"], &["f1"], mw)]
    };
    let systems = [("f1", 35.0), ("f2", 35.0)];
    let found = |mw: f64, kind| wired(kind, &systems, &loads(mw)).1.groups[0].clone();
    assert_eq!(found(17.5, NodeKind::Feeder).wired, Scheme::Loop);
    assert_eq!(found(17.5, NodeKind::Feeder).holds, Some(true));
    assert_eq!(found(18.0, NodeKind::Feeder).holds, Some(false), "loaded past half");
    assert_eq!(found(17.5, NodeKind::Substation).wired, Scheme::TwoN);
}

#[test]
fn parallel_sources_survive_as_many_as_are_not_needed() {
    let systems = [("s0", 5.0), ("s1", 5.0), ("s2", 5.0), ("s3", 5.0)];
    let scheme = |mw: f64| {
        let load: [Wire<'_>; 1] = [("a", &["s0", "s1", "s2", "s3"], &[], mw)];
        wired(NodeKind::Substation, &systems, &load).1.supplies["a"].scheme
    };
    assert_eq!(scheme(16.0), Some(Scheme::N));
    assert_eq!(scheme(15.0), Some(Scheme::Spare(1)));
    assert_eq!(scheme(10.0), Some(Scheme::Spare(2)));
    assert_eq!(scheme(5.0), Some(Scheme::TwoN));
}

#[test]
fn a_label_that_the_wiring_contradicts_is_a_finding() {
    let loads: [Wire<'_>; 2] = [("a", &["s0"], &["s1"], 6.0), ("b", &["s1"], &["s0"], 6.0)];
    let (mut site, found) = wired(NodeKind::Substation, &[("s0", 10.0), ("s1", 10.0)], &loads);
    assert!(found.findings.is_empty(), "no label, no claim");
    let node_mw = [("s0", 6.0), ("s1", 6.0), ("a", 6.0), ("b", 6.0)];
    let node_mw: BTreeMap<String, f64> = node_mw.map(|(id, mw)| (id.to_owned(), mw)).into();
    Arc::make_mut(&mut site.campus).nodes[0].scheme = Some(DeclaredScheme::TwoN);
    let finding = redundancy(&site, &node_mw).findings.remove(0);
    assert_eq!(
        (finding.code.as_str(), finding.path.as_str()),
        ("redundancy-label", "nodes.s0.scheme")
    );
    assert!(finding.message.contains("gives N:") && finding.message.contains("120 %"), "{finding}");
    let half = node_mw.into_iter().map(|(id, mw)| (id, mw / 2.0)).collect();
    assert!(redundancy(&site, &half).findings.is_empty(), "at half the load it is 2N");
}
