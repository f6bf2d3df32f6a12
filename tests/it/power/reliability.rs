//! Failures and what they cost against closed forms.

use crate::support::{embedded, layout};
use gigasite::power::reliability::{Component, Mending};
use gigasite::site::{Node, Site};
use gigasite::study::reliability::{ElementRisk, Reliability, StepKind, reliability};
use gigasite::study::{self, SolveOptions};
use std::sync::Arc;

const A: Component = Component { failures_per_year: 0.1, out_h: 10.0 };
const B: Component = Component { failures_per_year: 0.2, out_h: 40.0 };

#[test]
fn rates_of_a_series_add_and_its_time_is_their_mean_by_rate() {
    let both = Component::series(&[A, B]);
    assert!((both.failures_per_year - 0.3).abs() < 1e-12);
    assert!((both.out_h - (0.1 * 10.0 + 0.2 * 40.0) / 0.3).abs() < 1e-12);
    assert!((both.out_h_per_year() - 9.0).abs() < 1e-12);
    assert_eq!(Component::series(&[]), Component::default());
}

#[test]
fn two_in_parallel_are_out_together_as_often_as_by_their_unavailability() {
    let both = A.overlap(B);
    assert!((both.failures_per_year - 0.1 * 0.2 * 50.0 / 8_760.0).abs() < 1e-15);
    assert!((both.out_h - 8.0).abs() < 1e-12, "400 over 50");
    // Hours together: the product of the shares out of service, to first order.
    let product = A.unavailability_frac() * B.unavailability_frac() * 8_760.0;
    assert!((both.out_h_per_year() / product - 1.0).abs() < 2e-3, "{product}");
    // A two-state component by hand: 10 h in a cycle of 87,600 + 10 h.
    assert!((A.unavailability_frac() - 10.0 / 87_610.0).abs() < 1e-15);
}

#[test]
fn a_spare_shortens_the_failures_that_end_a_machine() {
    let mending = Mending { repair_h: 100.0, replace_frac: 0.25, spare_h: 300.0, new_h: 10_000.0 };
    assert_eq!(mending.out_h(true), 0.75 * 100.0 + 0.25 * 300.0);
    assert_eq!(mending.out_h(false), 0.75 * 100.0 + 0.25 * 10_000.0);
}

fn found(site: &Site) -> Reliability {
    let catalog = embedded();
    let outcome = study::run(site, &catalog, &SolveOptions::default());
    reliability(site, &catalog, &outcome).unwrap()
}

fn of<'a>(found: &'a Reliability, id: &str) -> &'a ElementRisk {
    found.elements.iter().find(|e| e.id == id).unwrap_or_else(|| panic!("{id}"))
}

#[test]
fn what_stands_in_series_loses_everything_for_its_own_time() {
    let pilot = found(&layout("pilot-20mw"));
    assert!(pilot.unknown.is_empty(), "{:?}", pilot.unknown);
    let load_mw = pilot.served_mwh_per_year / 8_760.0;
    // The catalogue's transformer: 70 % repaired, 30 % replaced by a new one of 144 weeks.
    let out_h = 0.7 * 1_178.5 + 0.3 * 144.0 * 168.0;
    let t = of(&pilot, "t-1");
    assert!((t.out_h - out_h).abs() < 1e-9);
    // What stands in a line is lost whole, with the losses of the UPS.
    assert!(t.lost_mw > load_mw && t.lost_mw < 1.1 * load_mw, "{} {load_mw}", t.lost_mw);
    assert!((t.unserved_mwh_per_year / (0.003 * out_h * t.lost_mw) - 1.0).abs() < 1e-9);
    let feed = of(&pilot, "feed-1");
    assert!((feed.unserved_mwh_per_year / (0.53 * 2.4 * feed.lost_mw) - 1.0).abs() < 1e-9);
    let sum: f64 = pilot.elements.iter().map(|e| e.unserved_mwh_per_year).sum::<f64>()
        + pilot.pairs.iter().map(|p| p.unserved_mwh_per_year).sum::<f64>();
    assert!((sum / pilot.unserved_mwh_per_year - 1.0).abs() < 1e-12);
    let cost = of(&pilot, "t-1").unserved_mwh_per_year * pilot.margin.mean_usd;
    assert!((t.lost_margin_usd_per_year / cost - 1.0).abs() < 1e-9);
}

/// The pilot with a second transformer beside the first.
fn twin() -> Site {
    let mut site = layout("pilot-20mw");
    let campus = Arc::make_mut(&mut site.campus);
    let at = campus.nodes.iter().position(|n| n.id == "t-1").unwrap();
    let like = campus.nodes[at].clone();
    let (id, name) = ("t-2".to_owned(), "T-2".to_owned());
    // Clear of the first, which would be a fault of the plan.
    campus.nodes.push(Node { id, name, at: [like.at[0], like.at[1] + 500.0], ..like });
    for node in campus.nodes.iter_mut().filter(|n| n.from == ["t-1"]) {
        node.from.push("t-2".to_owned());
    }
    site
}

#[test]
fn of_two_transformers_that_carry_all_one_may_fail() {
    let two = found(&twin());
    for id in ["t-1", "t-2"] {
        let e = of(&two, id);
        assert_eq!((e.lost_at_once_mw, e.lost_mw, e.run_back_mw), (0.0, 0.0, 0.0), "{e:?}");
        assert_eq!(e.lost_margin_usd_per_year, 0.0);
    }
    assert!(of(&two, "feed-1").lost_mw > 10.0, "the feed is still alone");
    // The second saves what the first alone would lose.
    let one = found(&layout("pilot-20mw"));
    let step = two.steps.iter().find(|s| s.kind == StepKind::Transformer).unwrap();
    let alone = of(&one, "t-1").lost_margin_usd_per_year;
    let saves = step.saves_usd_per_year.unwrap();
    assert!((saves / alone - 1.0).abs() < 0.02, "{saves} {alone}");
    // 30,000 $ per MVA recovered over 15 years at 10 %.
    let price = step.price_usd.unwrap();
    assert!((price / (30_000.0 * 25.0) - 1.0).abs() < 1e-2, "{price}");
    let annual = price * 0.1 / (1.0 - 1.1f64.powi(-15));
    assert!((step.cost_usd_per_year.unwrap() / annual - 1.0).abs() < 1e-9);
    let adding = one.steps.iter().find(|s| s.kind == StepKind::OneMore).unwrap();
    assert!((adding.saves_usd_per_year.unwrap() / saves - 1.0).abs() < 0.05, "{adding:?}");
    let spare = one.steps.iter().find(|s| s.kind == StepKind::Spare).unwrap();
    let kept = 0.3 * (144.0 * 168.0 - 336.0) / of(&one, "t-1").out_h;
    assert!((spare.saves_usd_per_year.unwrap() / (alone * kept) - 1.0).abs() < 1e-6);
}

#[test]
fn a_spare_on_the_site_counts_for_its_node() {
    let mut site = layout("pilot-20mw");
    let campus = Arc::make_mut(&mut site.campus);
    campus.nodes.iter_mut().filter(|n| n.id == "t-1").for_each(|n| n.spare_on_site = true);
    let with = found(&site);
    let t = of(&with, "t-1");
    assert!(t.spare_on_site);
    assert!((t.out_h - (0.7 * 1_178.5 + 0.3 * 336.0)).abs() < 1e-9, "{}", t.out_h);
}

#[test]
fn an_unknown_rate_is_named_and_nothing_is_counted_for_it() {
    let mut catalog = embedded();
    catalog.equipment.get_mut("mv-cable").unwrap().failures_per_km_year = None;
    let site = layout("pilot-20mw");
    let outcome = study::run(&site, &catalog, &SolveOptions::default());
    let found = reliability(&site, &catalog, &outcome).unwrap();
    assert_eq!(found.unknown, ["equipment.mv-cable.failures_per_km_year"]);
    assert!(found.elements.iter().all(|e| e.id != "cable"));
}

#[test]
fn two_transformers_out_together_lose_what_neither_loses_alone() {
    let two = found(&twin());
    let pair = two.pairs.iter().find(|p| p.id == "t-1 + t-2").unwrap();
    let t = of(&two, "t-1");
    // The second fails while the first is mended: once in lambda squared by twice the time out.
    let rate = 0.003 * 0.003 * 2.0 * t.out_h / 8_760.0;
    assert!((pair.failures_per_year / rate - 1.0).abs() < 1e-9, "{pair:?}");
    assert!((pair.out_h / (t.out_h / 2.0) - 1.0).abs() < 1e-9);
    let load_mw = two.served_mwh_per_year / 8_760.0;
    assert!(pair.lost_mw > load_mw && pair.lost_mw < 1.1 * load_mw, "{pair:?} {load_mw}");
    let mwh = rate * (t.out_h / 2.0 - 5.0 / 3_600.0) * pair.lost_mw;
    assert!((pair.unserved_mwh_per_year / mwh - 1.0).abs() < 1e-9);
    // What stands in a line loses all alone: another failure beside it loses nothing more.
    assert!(two.pairs.iter().all(|p| !p.id.contains("feed-1")), "{:?}", two.pairs);
    let one = found(&layout("pilot-20mw"));
    assert!(one.pairs.iter().all(|p| !p.id.contains("t-1")), "{:?}", one.pairs);
}

#[test]
fn one_more_feed_saves_what_the_only_one_loses() {
    let site = layout("pilot-20mw");
    let one = found(&site);
    let feed = of(&one, "feed-1").lost_margin_usd_per_year;
    let step = one.steps.iter().find(|s| s.kind == StepKind::Feed).unwrap();
    assert!(!step.standing, "{step:?}");
    // All but the seconds until the switch has closed, of 2.4 h.
    let saves = feed * (1.0 - 5.0 / 3_600.0 / 2.4);
    assert!((step.saves_usd_per_year.unwrap() / saves - 1.0).abs() < 1e-6, "{step:?} {saves}");
    let capacity_mw = site.campus.feeds[0].capacity_mw.unwrap();
    assert!((step.price_usd.unwrap() / (100_000.0 * capacity_mw) - 1.0).abs() < 1e-12);
}
