//! Outages: screening by the linear model beside AC power flow of every one.

use super::support::published;
use gigasite::power::contingency::{self, Element, Outage, Study};
use gigasite::power::flow::{self, Status};

/// Case 14 with ratings a good way above its flows, so that the screening can clear outages.
fn rated(share: f64) -> gigasite::power::case::Case {
    let mut case = published("case14");
    let intact = flow::ac(&case).unwrap();
    for (b, s) in case.branches.iter_mut().zip(&intact.branches) {
        let mva = s.p_from_mw.hypot(s.q_from_mvar).max(s.p_to_mw.hypot(s.q_to_mvar));
        b.ratings.normal_mva = Some(mva.max(20.0) * share);
    }
    case
}

fn by_hand(case: &gigasite::power::case::Case, outage: &Outage) -> flow::Solution {
    flow::ac(&contingency::with_outage(case, outage)).unwrap()
}

fn study(case: &gigasite::power::case::Case) -> Study {
    contingency::study(case, contingency::single(case)).unwrap()
}

#[test]
fn every_outage_equals_a_power_flow_of_its_own() {
    for share in [1.1, 2.0, 6.0] {
        let case = rated(share);
        let study = study(&case);
        for c in &study.consequences {
            let truth = by_hand(&case, &c.outage);
            assert_eq!(c.status, truth.status, "{:?}", c.outage);
            assert!((c.load_lost_mw - truth.load_lost_mw()).abs() < 1e-9);
            let over = |s: &flow::BranchState| s.loading_frac.is_some_and(|f| f > 1.0);
            let overloaded = truth.branches.iter().filter(|b| over(b)).count();
            assert_eq!(c.overloads.len(), overloaded, "{:?} at {share}", c.outage);
        }
    }
}

#[test]
fn the_linear_model_clears_outages_far_from_a_limit() {
    let cleared =
        |share: f64| study(&rated(share)).consequences.iter().filter(|c| !c.solved_ac).count();
    assert!(cleared(6.0) > cleared(1.1), "{} {}", cleared(6.0), cleared(1.1));
}

#[test]
fn the_outage_of_what_is_out_changes_nothing() {
    let mut case = rated(2.0);
    case.branches[3].in_service = false;
    let intact = flow::ac(&case).unwrap();
    let outage = Outage { elements: vec![Element::Branch(3)] };
    let found = contingency::study(&case, vec![outage.clone()]).unwrap();
    assert_eq!(by_hand(&case, &outage), intact);
    assert_eq!(found.consequences[0].status, Status::Converged);
}

#[test]
fn pairs_are_each_two_different_outages() {
    let case = published("case14");
    let singles = contingency::single(&case);
    let pairs = contingency::pairs(&singles);
    assert_eq!(pairs.len(), singles.len() * (singles.len() - 1) / 2);
    assert!(pairs.iter().all(|p| p.elements.len() == 2 && p.elements[0] != p.elements[1]));
}
