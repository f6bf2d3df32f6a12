//! Replacement of racks by another type: what it costs and brings, and the plan after it.

use super::sample::campus;
use crate::support::{answer, changed, close, layout};
use gigasite::finance::project::{Statements, evaluate};
use gigasite::site::Site;
use gigasite::study::finance::{SiteFinance, value};
use gigasite::study::input::price_with_support_usd;
use gigasite::study::{Outcome, SolveOptions};
use std::sync::LazyLock;

static SOLVED: LazyLock<(Site, Outcome)> = LazyLock::new(|| {
    let site = layout("estimated-100mw");
    let outcome = answer(site.clone(), &[], &SolveOptions::default());
    (site, outcome)
});

/// Prices that stay and nine years of operation: racks are replaced once, after five.
fn with(changes: &[(&str, &str)]) -> SiteFinance {
    let mut all = vec![
        ("finance.operating_years", "9"),
        ("costs.price-decline-frac-per-year", "0.02"),
        ("costs.rack-residual-frac", "0.1"),
    ];
    all.extend(changes);
    let (site, catalog) = changed(SOLVED.0.clone(), &all);
    value(&site, &SOLVED.1, &catalog).unwrap()
}

#[test]
fn the_first_replacement_may_cost_another_share_than_those_after_it() {
    let mut project = campus();
    for line in &mut project.capex {
        if let Some(refresh) = &mut line.refresh {
            refresh.next_cost_frac = Some(1.3);
        }
    }
    let e = evaluate(&project).unwrap();
    for check in &e.statements.checks {
        assert!(check.holds(), "{}: off by {} USD", check.name, check.off_usd);
    }
    let own: Vec<_> = e.assets.iter().filter(|a| a.line == "one racks").collect();
    assert!(own.len() >= 3, "{own:?}");
    close(own[1].cost_usd, 1.3 * own[0].cost_usd, 1e-12, "first replacement");
    close(own[2].cost_usd, 0.8 * own[1].cost_usd, 1e-12, "second replacement");
    let by_class: f64 = e.results.capex.refresh_by_class.iter().map(|(_, usd)| usd).sum();
    close(by_class, e.results.capex.refresh_usd, 1e-12, "by class");
}

#[test]
fn another_rack_type_is_bought_at_its_price_and_runs_in_the_plan_of_the_years_after() {
    let same = with(&[]);
    assert!(same.plans.renewed().is_none());
    let f = with(&[("finance.refresh_rack", "\"vr-nvl72\"")]);
    for check in &f.evaluation.statements.checks {
        assert!(check.holds(), "{}: off by {} USD", check.name, check.off_usd);
    }
    let last = f.plans.of_year(5).unwrap();
    assert_eq!(last.year, 5);
    let running: Vec<&str> = last.plan.blocks.iter().map(|b| b.rack.as_str()).collect();
    assert!(!running.is_empty() && running.iter().all(|rack| *rack == "vr-nvl72"), "{running:?}");
    // The same positions, within the same contract.
    let renewed = f.plans.renewed().unwrap();
    let racks: f64 = renewed.iter().map(|r| r.racks).sum();
    let positions: u32 = SOLVED.0.blocks().filter_map(|b| b.count).sum();
    assert!(racks > 0.0 && racks <= f64::from(positions) + 1e-6, "{racks} on {positions}");
    assert!(last.plan.grid_mw <= SOLVED.0.terms.site.grid_contract_mw.unwrap() * (1.0 + 1e-9));
    // Each costs its own price with its support racks, contingency and sales tax as the first.
    let (_, catalog) = changed(SOLVED.0.clone(), &[]);
    let price = price_with_support_usd(&catalog, &catalog.racks["vr-nvl72"]).unwrap();
    let capex = &f.evaluation.results.capex;
    let classes = ["racks", "network and storage"];
    let first = |class: &str| -> (f64, f64) {
        let own = f.take_off.iter().filter(|i| i.class.as_deref() == Some(class));
        let hard = own.clone().filter(|i| i.unit == "racks").map(|i| i.amount_usd).sum();
        (hard, own.map(|i| i.total_usd()).sum())
    };
    let mut hard = 0.0;
    for class in classes {
        let (own, whole) = first(class);
        let paid = capex.refresh_by_class.iter().find(|(id, _)| id == class).unwrap().1;
        hard += paid / (whole / own);
    }
    close(hard, racks * price, 1e-9, "price of what replaces");
    // The old ones sell for a tenth of their cost in the last month of their life.
    let proceeds =
        Statements::row(&f.evaluation.statements.cash_flow, "proceeds of disposal").unwrap();
    let sold = f.project.phases[0].service_month + 60;
    let old: f64 = classes.iter().map(|class| first(class).1).sum();
    close(proceeds[sold - 1], 0.1 * old, 1e-9, "what the old ones bring");
    // Sales and energy of the sixth year are those of its plan.
    let tokens: f64 = last.plan.tiers.iter().map(|t| t.tokens_per_s).sum();
    let before: f64 = f.plans.of_year(0).unwrap().plan.tiers.iter().map(|t| t.tokens_per_s).sum();
    assert!(tokens > before, "{tokens} after {before}");
}

#[test]
fn gpu_hours_power_and_licences_follow_the_racks_that_are_in_service() {
    let f = with(&[
        ("finance.refresh_rack", "\"vr-nvl72\""),
        ("finance.running.licences_usd_per_gpu_year", "1000"),
        ("costs.inflation-frac", "0"),
    ]);
    let (_, catalog) = changed(SOLVED.0.clone(), &[]);
    let gpus = |list: &mut dyn Iterator<Item = (&str, f64)>| -> f64 {
        list.map(|(rack, n)| n * catalog.racks[rack].gpus.get().unwrap()).sum()
    };
    let blocks = &SOLVED.1.plan.blocks;
    let first = gpus(&mut blocks.iter().map(|b| (b.rack.as_str(), b.racks.unwrap())));
    let renewed = f.plans.renewed().unwrap();
    let then = gpus(&mut renewed.iter().map(|r| (r.rack.as_str(), r.racks)));
    assert!((then / first - 1.0).abs() > 0.01, "{first} and {then} GPUs");
    let s = &f.evaluation.statements;
    let hours = Statements::row(&s.quantities, "GPU-hours in service").unwrap();
    let service = f.project.phases[0].service_month;
    close(hours[service + 59], first * 730.0, 1e-9, "the last month of the first racks");
    close(hours[service + 60], then * 730.0, 1e-9, "the first month of those after them");
    let licences = Statements::row(&s.income, "opex: licences").unwrap();
    close(licences[service + 59], first * 1000.0 / 12.0, 1e-9, "licences before");
    close(licences[service + 60], then * 1000.0 / 12.0, 1e-9, "licences after");
    let mw = &f.project.phases[0].it_ratio;
    let plan = &f.plans.of_year(5).unwrap().plan;
    close(mw.at_year(4), 1.0, 1e-12, "power of the first racks");
    close(mw.at_year(5), plan.it_mw / SOLVED.1.plan.it_mw, 1e-12, "power of those after them");
}

#[test]
fn a_rack_type_that_the_catalogue_has_not_is_refused() {
    let (site, catalog) = changed(
        SOLVED.0.clone(),
        &[("finance.operating_years", "9"), ("finance.refresh_rack", "\"vr-nvl\"")],
    );
    let error = value(&site, &SOLVED.1, &catalog).unwrap_err().to_string();
    assert!(
        error.starts_with("finance.refresh_rack: the catalogue has no rack `vr-nvl`"),
        "{error}"
    );
}
