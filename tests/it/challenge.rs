//! What an outage takes, what would have helped, and the price at which the margin is zero:
//! against reachability, plans and a search done a second time here.

use crate::support::{close, embedded, layout};
use gigasite::catalog::Catalog;
use gigasite::plan::result::Status;
use gigasite::site::{LayoutFile, Objective, Site};
use gigasite::study::fix::{Change, breakers, fixes};
use gigasite::study::margin::{Margin, break_even, priced};
use gigasite::study::outage::{Effect, Outage, effect, outage};
use gigasite::study::template::{Request, Scheme, campus};
use gigasite::study::{self, Outcome, SolveOptions, Study};
use std::collections::BTreeSet;
use std::sync::Arc;

const MINUTES: f64 = 525_600.0;

fn file(mw: f64, scheme: Scheme, catalog: &Catalog) -> LayoutFile {
    let request = Request { scheme, ..Request::new(catalog, mw) };
    campus(&request, catalog).unwrap().layout
}

fn generated(mw: f64, scheme: Scheme, catalog: &Catalog) -> Site {
    Site::from_file(file(mw, scheme, catalog))
}

fn solved(site: &Site, catalog: &Catalog) -> Outcome {
    let outcome = study::run(site, catalog, &SolveOptions::default());
    assert_eq!(outcome.plan.status, Status::Optimal, "{:?}", outcome.diagnostics);
    outcome
}

fn pulled(site: &Site, whole: &Outcome, path: &str, catalog: &Catalog) -> (Outage, Effect) {
    let lost = outage(site, path).unwrap();
    let mut study = Study::new().unwrap();
    let options = SolveOptions::default();
    let effect = effect(&mut study, (site, whole), &lost, catalog, &options);
    (lost, effect.unwrap_or_else(|| panic!("{path}: no plan")))
}

/// Ids that something still feeds, spreading downwards from the feeds.
fn alive(site: &Site, lost: &str) -> BTreeSet<String> {
    let campus = &site.campus;
    let mut alive: BTreeSet<String> =
        campus.feeds.iter().map(|f| f.id.clone()).filter(|id| id != lost).collect();
    let spread = |alive: &mut BTreeSet<String>, switches: bool| loop {
        let reached = campus.nodes.iter().find(|n| {
            let fed = n.from.iter().any(|s| alive.contains(s));
            let tied = switches && n.alternate.iter().any(|s| alive.contains(s));
            n.id != lost && !alive.contains(&n.id) && (fed || tied)
        });
        match reached {
            Some(node) => alive.insert(node.id.clone()),
            None => break,
        };
    };
    spread(&mut alive, false);
    spread(&mut alive, true);
    alive
}

#[test]
fn only_what_no_feed_reaches_any_more_is_dead() {
    let catalog = embedded();
    let sites = [
        layout("pilot-20mw"),
        layout("campus-1gw"),
        generated(37.0, Scheme::N, &catalog),
        generated(250.0, Scheme::NPlus1, &catalog),
        generated(640.0, Scheme::TwoN, &catalog),
    ];
    for site in &sites {
        for (path, name, _) in breakers(site) {
            let lost = outage(site, &path).unwrap();
            assert_eq!(lost.name, name);
            let id = path.split_once('.').unwrap().1;
            let alive = alive(site, id);
            let left: BTreeSet<String> =
                lost.site.campus.nodes.iter().map(|n| n.id.clone()).collect();
            let expected: BTreeSet<String> = site
                .campus
                .nodes
                .iter()
                .map(|n| n.id.clone())
                .filter(|n| alive.contains(n))
                .collect();
            assert_eq!(left, expected, "{path}");
            let cooled = |l: &str| {
                l != id && site.campus.loops.iter().any(|x| x.id == l && alive.contains(&x.node))
            };
            let standing = |s: &Site| -> u32 { s.blocks().filter_map(|b| b.count).sum() };
            let expected: u32 = site
                .blocks()
                .filter(|b| b.node.iter().chain(&b.node_b).any(|n| alive.contains(n)))
                .filter(|b| cooled(b.cooling_loop.as_ref().unwrap()))
                .filter_map(|b| b.count)
                .sum();
            assert_eq!(standing(&lost.site), expected, "{path}");
            for node in &lost.site.campus.nodes {
                assert!(!node.from.is_empty() && node.from.iter().all(|s| alive.contains(s)));
            }
        }
    }
}

#[test]
fn an_unknown_element_is_refused_by_name() {
    let site = layout("pilot-20mw");
    for path in ["nodes.nope", "feeds.", "tiers.free", "nonsense", "", "loops.t-1"] {
        assert_eq!(outage(&site, path).unwrap_err().0, path);
    }
}

#[test]
fn one_path_of_two_can_go_without_a_loss_and_the_only_feed_takes_all() {
    let catalog = embedded();
    let site = generated(100.0, Scheme::TwoN, &catalog);
    let whole = solved(&site, &catalog);
    for path in ["feeds.feed-1", "feeds.feed-2", "nodes.sub-a", "nodes.t-b1", "nodes.h1-n-ups-a"] {
        let (_, effect) = pulled(&site, &whole, path, &catalog);
        close(effect.after_usd_per_year, whole.plan.revenue_usd_per_year, 1e-9, path);
        assert!(effect.lost_usd_per_minute.abs() < 1e-3, "{path}");
    }
    let site = generated(100.0, Scheme::N, &catalog);
    let whole = solved(&site, &catalog);
    let (lost, effect) = pulled(&site, &whole, "feeds.feed-1", &catalog);
    let all: u32 = site.blocks().filter_map(|b| b.count).sum();
    assert_eq!(lost.racks_down, all);
    let minute = whole.plan.revenue_usd_per_year / MINUTES;
    close(effect.lost_usd_per_minute, minute, 1e-12, "the whole revenue");
    assert!(effect.tiers.iter().all(|t| t.after == (0.0, 0.0)));
}

#[test]
fn lost_revenue_is_that_of_the_same_layout_without_the_dead_racks() {
    let catalog = embedded();
    for (mw, scheme, busway) in
        [(37.0, Scheme::N, "h1-n-r1-bw"), (250.0, Scheme::NPlus1, "h2-s-r3-bw")]
    {
        let whole_file = file(mw, scheme, &catalog);
        let mut without = whole_file.clone();
        without.blocks.retain(|b| b.node.as_deref() != Some(busway));
        assert!(without.blocks.len() < whole_file.blocks.len(), "{busway}");
        for node in &mut without.nodes {
            node.firm_mw = node.capacity_mw;
        }
        for feed in &mut without.feeds {
            feed.firm_mw = feed.capacity_mw;
        }
        let site = Site::from_file(whole_file);
        let whole = solved(&site, &catalog);
        let rest = solved(&Site::from_file(without), &catalog);
        let (_, effect) = pulled(&site, &whole, &format!("nodes.{busway}"), &catalog);
        let lost = whole.plan.revenue_usd_per_year - rest.plan.revenue_usd_per_year;
        assert!(lost > 0.0);
        close(effect.lost_usd_per_minute * MINUTES, lost, 1e-6, busway);
        // What each tier has after sums up to the revenue after.
        let after: f64 = effect.tiers.iter().map(|t| t.after.1).sum();
        close(after, effect.after_usd_per_year, 1e-9, "tiers");
    }
}

#[test]
fn commitments_that_an_outage_breaks_do_not_leave_the_site_without_a_plan() {
    let catalog = embedded();
    let site = layout("campus-1gw");
    let whole = solved(&site, &catalog);
    for path in ["feeds.feed-1", "nodes.sub-a1", "nodes.t-b2", "nodes.h3-mech", "loops.h2-loop"] {
        let (_, effect) = pulled(&site, &whole, path, &catalog);
        assert_eq!(effect.status, Status::Optimal, "{path}");
        assert!(effect.lost_usd_per_minute > -1.0, "{path}: {}", effect.lost_usd_per_minute);
    }
}

#[test]
fn a_fix_recovers_what_it_says_and_the_cheapest_good_one_comes_first() {
    let catalog = embedded();
    for (mw, scheme, path) in [
        (100.0, Scheme::N, "nodes.sub-a"),
        (250.0, Scheme::N, "nodes.t-a1"),
        (250.0, Scheme::NPlus1, "nodes.h1-n-ups"),
    ] {
        let site = generated(mw, scheme, &catalog);
        let whole = solved(&site, &catalog);
        let (lost, effect) = pulled(&site, &whole, path, &catalog);
        let mut study = Study::new().unwrap();
        let options = SolveOptions::default();
        let found = fixes(&mut study, &site, (&lost, &effect), &catalog, &options);
        let missing = effect.before_usd_per_year - effect.after_usd_per_year;
        assert!(missing > 0.0 && !found.is_empty(), "{path}");
        let spare = found.iter().find(|f| f.change == Change::Spare).unwrap();
        // An equal element beside the lost one leaves the site as it was.
        close(spare.recovered_usd_per_year, missing, 1e-6, path);
        assert_eq!(spare.price_usd, None, "the catalogue prices no such equipment");
        let best = found.iter().map(|f| f.recovered_usd_per_year).fold(0.0, f64::max);
        let good: Vec<_> =
            found.iter().filter(|f| f.recovered_usd_per_year >= 0.9 * best).collect();
        let least = good.iter().map(|f| f.added_mw).fold(f64::INFINITY, f64::min);
        assert_eq!(found[0].added_mw, least, "{path}: {found:?}");
        assert!(found[0].recovered_usd_per_year >= 0.9 * best);
    }
}

#[test]
fn known_prices_decide_which_fix_is_the_cheapest() {
    let mut catalog = embedded();
    let site = generated(250.0, Scheme::N, &catalog);
    let price =
        gigasite::catalog::Fact { value: gigasite::catalog::Known::Is(2e6), ..Default::default() };
    catalog.equipment.get_mut("main-transformer").unwrap().price_usd = Some(price);
    let whole = solved(&site, &catalog);
    let (lost, effect) = pulled(&site, &whole, "nodes.t-a1", &catalog);
    let mut study = Study::new().unwrap();
    let options = SolveOptions::default();
    let found = fixes(&mut study, &site, (&lost, &effect), &catalog, &options);
    let spare = found.iter().find(|f| f.change == Change::Spare).unwrap();
    assert_eq!(spare.price_usd, Some(2e6));
}

#[test]
fn without_a_loss_there_is_nothing_to_fix() {
    let catalog = embedded();
    let site = generated(100.0, Scheme::TwoN, &catalog);
    let whole = solved(&site, &catalog);
    let (lost, effect) = pulled(&site, &whole, "feeds.feed-1", &catalog);
    let mut study = Study::new().unwrap();
    let none = fixes(&mut study, &site, (&lost, &effect), &catalog, &SolveOptions::default());
    assert!(none.is_empty(), "{none:?}");
}

/// Margin at a price level by a cold solve, with its parts written out a second time.
fn margin_at(site: &Site, level: f64, catalog: &Catalog) -> f64 {
    let mut site = site.clone();
    for tier in &mut Arc::make_mut(&mut site.terms).tiers {
        for price in [&mut tier.input_usd_per_mtok, &mut tier.cached_usd_per_mtok] {
            *price = price.map(|usd| usd * level);
        }
        for step in &mut tier.demand {
            step.price_usd_per_mtok = step.price_usd_per_mtok.map(|usd| usd * level);
            step.usd_per_gpu_h = step.usd_per_gpu_h.map(|usd| usd * level);
        }
    }
    let options = SolveOptions { objective: Some(Objective::Dispatch), ..Default::default() };
    let outcome = Study::new().unwrap().solve(&site, catalog, &options);
    let plan = &outcome.plan;
    let contract = site.terms.site.grid_contract_mw.unwrap();
    let earned = plan.revenue_usd_per_year
        - plan.energy_cost_usd_per_year
        - plan.variable_cost_usd_per_year
        - plan.penalty_usd_per_year;
    let racks = outcome.headline.capex_usd.unwrap() - 1.48e7 * contract;
    earned - 300_000.0 * contract - racks / 5.0 - 1.48e7 * contract / 15.0
}

#[test]
fn the_margin_is_zero_where_the_break_even_says() {
    let catalog = embedded();
    for site in [
        generated(20.0, Scheme::N, &catalog),
        generated(100.0, Scheme::NPlus1, &catalog),
        layout("pilot-20mw"),
        layout("campus-1gw"),
    ] {
        let name = &site.terms.site.name;
        let mut study = Study::new().unwrap();
        let found = break_even(&mut study, &site, &catalog, &SolveOptions::default()).unwrap();
        close(found.margin.operating(), margin_at(&site, 1.0, &catalog), 1e-6, name);
        let level = found.level_ratio.unwrap();
        // A plain search by halves, on cold solves.
        let (mut low, mut high) = (1e-3, 1e3);
        while high / low > 1.0 + 1e-5 {
            let middle = f64::sqrt(low * high);
            if margin_at(&site, middle, &catalog) < 0.0 { low = middle } else { high = middle }
        }
        close(level, high, 1e-4, name);
        assert!(found.solves <= 40, "{name}: {} solves", found.solves);
    }
}

#[test]
fn an_unknown_rack_price_stops_the_margin_by_name() {
    let catalog = embedded();
    let request = Request { rack: "hgx-h100".into(), ..Request::new(&catalog, 20.0) };
    let site = Site::from_file(campus(&request, &catalog).unwrap().layout);
    let mut study = Study::new().unwrap();
    let why = break_even(&mut study, &site, &catalog, &SolveOptions::default()).unwrap_err();
    assert!(why.to_string().contains("racks.hgx-h100.price_usd"), "{why}");
    let outcome = solved(&site, &catalog);
    assert!(Margin::of(&site, &outcome, &catalog).is_err());
}

#[test]
fn a_level_of_one_changes_no_price() {
    let site = layout("campus-1gw");
    assert_eq!(priced(&site, 1.0), site);
}
