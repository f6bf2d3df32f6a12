//! Emergency ratings: what counts after an outage, for how long, and whether what is done about it
//! comes in time.

use crate::support::{embedded, layout};
use gigasite::power::case::{Branch, Bus, BusKind, Case, Controls, Generator, Load, Ratings};
use gigasite::power::contingency::{self, Allowed, Consequence, Control, Element, Outage, Rating};
use gigasite::site::validate;
use std::sync::Arc;

/// Two equal transformers of 60 MVA that carry one load together, half of it interruptible.
fn twins(load_mw: f64, ratings: Ratings, run_back_s: f64) -> Case {
    let bus = |id: &str, kind, p_mw| Bus {
        id: id.into(),
        kind,
        vm_pu: 1.0,
        load: Load { p_mw, interruptible_frac: 0.5, ..Load::default() },
        ..Bus::default()
    };
    let branch = |id: &str| Branch {
        id: id.into(),
        from: 0,
        to: 1,
        x_pu: 1e-3,
        tap_ratio: 1.0,
        in_service: true,
        ratings,
        ..Branch::default()
    };
    Case {
        base_mva: 100.0,
        buses: vec![bus("hv", BusKind::Slack, 0.0), bus("mv", BusKind::Load, load_mw)],
        generators: vec![Generator {
            id: "grid".into(),
            vset_pu: 1.0,
            in_service: true,
            ..Generator::default()
        }],
        branches: vec![branch("t1"), branch("t2")],
        controls: Controls { transfer_s: Some(5.0), run_back_s: Some(run_back_s) },
        ..Case::default()
    }
}

const RATED: Ratings = Ratings {
    normal_mva: Some(60.0),
    long_mva: Some(66.0),
    short_mva: Some(78.0),
    long_h: Some(8.0),
    short_min: Some(30.0),
};

fn lost(case: &Case) -> Consequence {
    let outage = Outage { elements: vec![Element::Branch(0)] };
    contingency::study(case, vec![outage]).unwrap().consequences.remove(0)
}

#[test]
fn within_the_long_time_rating_an_outage_holds_for_its_hours() {
    let found = lost(&twins(65.0, RATED, 30.0));
    assert_eq!(found.overloads.len(), 1, "above the normal rating all the same");
    let over = &found.overloads[0];
    assert_eq!((over.within, over.limit_mva), (Rating::Long, 66.0));
    assert!(found.holds());
    assert_eq!(found.allowed(), Allowed::Minutes(480.0));
    assert_eq!(lost(&twins(59.0, RATED, 30.0)).allowed(), Allowed::Always);

    let unknown = Ratings { long_mva: None, ..RATED };
    assert!(!lost(&twins(65.0, unknown, 30.0)).holds(), "unknown: the normal rating counts");
}

#[test]
fn within_the_short_time_rating_load_is_run_back_to_the_long_time_one_in_time() {
    let case = twins(75.0, RATED, 30.0);
    let found = lost(&case);
    assert!(!found.holds());
    assert_eq!(found.allowed(), Allowed::Minutes(30.0));
    let remedy = contingency::remedy(&case, &found).unwrap();
    // 75 MW less what brings the survivor to 66 MVA, reactive losses aside.
    assert!((remedy.run_back_mw - 9.0).abs() < 0.2, "{}", remedy.run_back_mw);
    assert_eq!((remedy.in_time(), remedy.response_s()), (Some(true), Some(30.0)));
    assert!(remedy.holds());
    let actions = remedy.actions();
    assert_eq!(actions.len(), 1);
    assert_eq!((actions[0].control, actions[0].response_s), (Control::RunBack, Some(30.0)));

    let slow = twins(75.0, RATED, 31.0 * 60.0);
    let remedy = contingency::remedy(&slow, &lost(&slow)).unwrap();
    assert_eq!(remedy.in_time(), Some(false), "a minute too late");
    assert!(!remedy.holds());
}

#[test]
fn each_overloaded_branch_sheds_what_it_needs_whatever_another_one_needs() {
    // Two buses behind twins of their own: 70 MW on one, 77 on the other, all of it interruptible.
    let mut case = twins(70.0, RATED, 30.0);
    let mut other = case.buses[1].clone();
    (other.id, other.load.p_mw) = ("mv-2".into(), 77.0);
    case.buses.push(other);
    case.buses.iter_mut().for_each(|b| b.load.interruptible_frac = 1.0);
    let more: Vec<Branch> = case.branches.clone();
    for (branch, id) in more.into_iter().zip(["t3", "t4"]) {
        case.branches.push(Branch { id: id.into(), to: 2, ..branch });
    }
    let outage = Outage { elements: vec![Element::Branch(0), Element::Branch(2)] };
    let found = contingency::study(&case, vec![outage]).unwrap().consequences.remove(0);
    let remedy = contingency::remedy(&case, &found).unwrap();
    assert!(remedy.holds(), "{remedy:?}");
    // 4 MW here and 11 there; the same share of both would be 21.
    assert!((remedy.run_back_mw - 15.0).abs() < 0.2, "{}", remedy.run_back_mw);
}

#[test]
fn above_every_rating_no_run_back_comes_in_time() {
    let case = twins(80.0, RATED, 30.0);
    let found = lost(&case);
    assert_eq!(found.overloads[0].within, Rating::Beyond);
    assert_eq!(found.allowed(), Allowed::Minutes(0.0));
    let remedy = contingency::remedy(&case, &found).unwrap();
    assert!(remedy.consequence.holds(), "it would be relieved");
    assert_eq!(remedy.in_time(), Some(false));

    let mut unknown = twins(75.0, Ratings { short_min: None, ..RATED }, 30.0);
    let remedy = contingency::remedy(&unknown, &lost(&unknown)).unwrap();
    assert_eq!(remedy.in_time(), None, "how long is unknown");
    unknown.controls.run_back_s = None;
    assert_eq!(contingency::remedy(&unknown, &lost(&unknown)).unwrap().response_s(), None);
}

#[test]
fn the_shorter_time_counts_and_what_may_not_last_at_all_before_what_is_unknown() {
    use Allowed::{Always, Minutes, Unknown};
    assert_eq!(Minutes(30.0).and(Minutes(480.0)), Minutes(30.0));
    assert_eq!(Always.and(Minutes(30.0)), Minutes(30.0));
    assert_eq!(Minutes(30.0).and(Unknown), Unknown);
    assert_eq!(Unknown.and(Minutes(0.0)), Minutes(0.0));
    assert_eq!(Always.and(Always), Always);
}

#[test]
fn an_emergency_rating_below_the_normal_one_is_refused_by_name() {
    let mut site = layout("pilot-20mw");
    let campus = Arc::make_mut(&mut site.campus);
    campus.nodes.iter_mut().filter(|n| n.id == "t-1").for_each(|n| {
        (n.emergency_long_ratio, n.emergency_short_ratio) = (Some(1.2), Some(1.1));
        n.emergency_short_min = Some(0.0);
    });
    let (valid, report) = validate(&site, &embedded());
    assert!(valid.is_none());
    let paths: Vec<&str> = report.items.iter().map(|d| d.path.as_str()).collect();
    assert!(paths.contains(&"nodes.t-1.emergency_short_ratio"), "{paths:?}");
    assert!(paths.contains(&"nodes.t-1.emergency_short_min"), "{paths:?}");
}
