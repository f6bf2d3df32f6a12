//! Clean energy and carbon of layouts against closed forms: what is matched by year and by hour,
//! tonnes by location and by market, and what it costs.

use crate::support::{answer, changed, close, layout};
use gigasite::finance::project::{Driver, Statements};
use gigasite::finance::{Figure, Undefined};
use gigasite::site::Site;
use gigasite::study::finance::{NoFinance, Plans, SiteFinance, keys, value_on};
use gigasite::study::sustainability::climate;
use gigasite::study::{Outcome, SolveOptions};
use std::sync::LazyLock;

static SOLVED: LazyLock<(Site, Outcome)> = LazyLock::new(|| {
    let site = layout("estimated-100mw");
    let outcome = answer(site.clone(), &[], &SolveOptions::default());
    (site, outcome)
});

/// Full load from the first month, no rise of prices: amounts of a year are those of the plan.
const PLAIN: [(&str, &str); 4] = [
    ("costs.ramp-months", "0"),
    ("costs.inflation-frac", "0"),
    ("finance.degradation_frac", "0"),
    ("costs.price-decline-frac-per-year", "0"),
];

fn with(changes: &[(&str, &str)]) -> Result<SiteFinance, NoFinance> {
    let all: Vec<(&str, &str)> = PLAIN.iter().chain(changes).copied().collect();
    let (site, catalog) = changed(SOLVED.0.clone(), &all);
    value_on(&site, &SOLVED.1, &catalog, &Plans::held(&SOLVED.1.plan))
}

/// Energy of the plan's year, MWh, and of it in the day hours of the layout, which stand for 9 to
/// 21 o'clock.
fn energy() -> (f64, f64) {
    let hours = &SOLVED.1.plan.hours;
    let of = |which: &dyn Fn(&str) -> bool| -> f64 {
        hours.iter().filter(|h| which(&h.id)).map(|h| h.drawn_grid_mw * h.weight_h).sum()
    };
    (of(&|_| true), of(&|id| id.ends_with("day")))
}

fn opex(f: &SiteFinance, row: &str) -> f64 {
    let rows = &f.evaluation.statements.income;
    let found = Statements::row(rows, &format!("opex: {row}"));
    found.unwrap_or_else(|| panic!("no row {row}")).iter().sum()
}

fn years(f: &SiteFinance) -> f64 {
    (f.project.calendar.horizon_months - f.project.phases[0].service_month) as f64 / 12.0
}

fn key(f: &SiteFinance, id: &str) -> Figure {
    keys(f).into_iter().find(|k| k.id == id).unwrap().value
}

#[test]
fn without_contract_what_rests_on_contracts_is_unknown() {
    let f = with(&[]).unwrap();
    let (all, _) = energy();
    close(f.climate.carbon_location_t.unwrap(), all * 0.366, 1e-12, "tonnes by location");
    for id in ["carbon_market_t_per_year", "ref_frac", "hourly_matched_frac"] {
        assert_eq!(key(&f, id), Err(Undefined::NotStated), "{id}");
    }
    let carbon = f.carbon.as_ref().unwrap();
    assert!(carbon.years.iter().all(|y| y.market_t.is_none() && y.cost_usd.is_none()));
    let used: f64 = carbon.years.iter().map(|y| y.energy_mwh).sum();
    let tonnes: f64 = carbon.years.iter().map(|y| y.location_t).sum();
    close(used, f.evaluation.results.energy_mwh, 1e-12, "energy of the years");
    close(tonnes, used * 0.366, 1e-12, "tonnes of the years");
    assert_eq!(f.evaluation.results.carbon_t, None);
}

#[test]
fn certificates_count_by_the_year_and_cost_what_they_say() {
    let (all, _) = energy();
    let mwh = 0.4 * all;
    let offer = format!(
        "[(id: \"wind\", kind: \"Certificates\", mwh_per_year: {mwh:?}, usd_per_mwh: 3.0)]"
    );
    let f = with(&[("finance.clean_energy", &offer)]).unwrap();
    close(key(&f, "ref_frac").unwrap(), 0.4, 1e-12, "REF");
    // Flat output below the least load is used in its own hour.
    close(key(&f, "hourly_matched_frac").unwrap(), 0.4, 1e-12, "24/7");
    close(f.climate.carbon_market_t.unwrap(), 0.6 * all * 0.366, 1e-12, "by market");
    close(opex(&f, "clean energy: wind"), mwh * 3.0 * years(&f), 1e-9, "certificates");
    let market: f64 = f.carbon.unwrap().years.iter().map(|y| y.market_t.unwrap()).sum();
    close(market, 0.6 * f.evaluation.results.energy_mwh * 0.366, 1e-9, "by market, all years");
}

#[test]
fn output_by_day_matches_the_load_of_the_day_alone() {
    let (all, day) = energy();
    let shape: Vec<&str> =
        (9..33).map(|h| if h % 24 >= 9 && h % 24 < 21 { "1" } else { "0" }).collect();
    let by_clock: Vec<&str> = (0..24).map(|h| shape[(h + 24 - 9) % 24]).collect();
    let offer = format!(
        "[(id: \"sun\", kind: \"Certificates\", mw: 1e4, hour_frac: [{}], usd_per_mwh: 1.0)]",
        by_clock.join(", ")
    );
    let f = with(&[("finance.clean_energy", &offer)]).unwrap();
    // More than the year uses, and yet by night nothing.
    close(key(&f, "ref_frac").unwrap(), 1.0, 1e-12, "REF");
    close(key(&f, "hourly_matched_frac").unwrap(), day / all, 1e-9, "24/7");
    assert!(f.climate.carbon_market_t.unwrap().abs() < 1e-6);
    close(f.climate.carbon_hourly_t.unwrap(), (all - day) * 0.366, 1e-9, "by the hour");
    // A plant that stands still in half of the months matches half of the days.
    let half = "month_frac: [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], usd_per_mwh";
    let f = with(&[("finance.clean_energy", &offer.replace("usd_per_mwh", half))]).unwrap();
    let days = (31 + 28 + 31 + 30 + 31 + 30) as f64 / 365.0;
    close(key(&f, "hourly_matched_frac").unwrap(), days * day / all, 1e-9, "24/7 of half a year");
}

#[test]
fn a_contract_at_the_price_of_the_tariff_changes_no_cost_and_nuclear_is_not_renewable() {
    let (all, _) = energy();
    let base = with(&[]).unwrap();
    let offer = |usd: f64, mwh: f64| {
        format!(
            "[(id: \"base\", kind: \"Ppa\", mwh_per_year: {mwh:?}, usd_per_mwh: {usd:?}, \
             renewable: false, surplus_usd_per_mwh: 20.0)]"
        )
    };
    let total = |f: &SiteFinance| -> f64 {
        Statements::row(&f.evaluation.statements.income, "operating cost").unwrap().iter().sum()
    };
    let even = with(&[("finance.clean_energy", &offer(91.0, 0.3 * all))]).unwrap();
    close(total(&even), total(&base), 1e-9, "cost at the tariff's price");
    close(key(&even, "ref_frac").unwrap(), 0.0, 1e-12, "REF");
    close(key(&even, "hourly_matched_frac").unwrap(), 0.3, 1e-12, "24/7");
    // Twice the load: what is not used sells at its own price.
    let twice = with(&[("finance.clean_energy", &offer(91.0, 2.0 * all))]).unwrap();
    let matched = key(&twice, "hourly_matched_frac").unwrap() * all;
    let more = (91.0 * 2.0 * all - 91.0 * matched - 20.0 * (2.0 * all - matched)) * years(&base);
    close(total(&twice) - total(&base), more, 1e-6, "surplus");
}

#[test]
fn carbon_costs_by_market_and_a_contract_saves_its_share_while_it_runs() {
    let (all, _) = energy();
    let price = ("finance.carbon.usd_per_t", "50.0");
    let plain = with(&[price]).unwrap();
    let year = all * 0.366 * 50.0;
    close(opex(&plain, "carbon"), year * years(&plain), 1e-9, "all by location");
    let offer = format!(
        "[(id: \"wind\", kind: \"Certificates\", mwh_per_year: {:?}, usd_per_mwh: 0.0, \
         term_months: 24, carbon_kg_per_mwh: 10.0)]",
        0.5 * all
    );
    let f = with(&[price, ("finance.clean_energy", &offer)]).unwrap();
    let saved = 2.0 * 0.5 * all * 0.356 * 50.0;
    close(opex(&f, "carbon saved by wind"), -saved, 1e-9, "saved in two years");
    let carbon = f.carbon.as_ref().unwrap();
    let cost: f64 = carbon.years.iter().map(|y| y.cost_usd.unwrap()).sum();
    let tonnes: f64 = carbon.years.iter().map(|y| y.market_t.unwrap()).sum();
    close(cost, tonnes * 50.0, 1e-9, "cost is tonnes by market at their price");
    assert!(f.project.opex.iter().any(|r| matches!(r.driver, Driver::Tonne { .. })));
}

#[test]
fn what_a_contract_lacks_is_named_and_what_cannot_be_meant_is_refused() {
    let told = |offer: &str| with(&[("finance.clean_energy", offer)]).unwrap_err().to_string();
    for (offer, wanted) in [
        ("[(id: \"a\", kind: \"Ppa\", mw: 10.0)]", "finance.clean_energy.a.usd_per_mwh is unknown"),
        ("[(id: \"a\", kind: \"Ppa\", usd_per_mwh: 30.0)]", "finance.clean_energy.a.mwh_per_year"),
        (
            "[(id: \"a\", kind: \"Ppa\", mw: 1.0, mwh_per_year: 2.0, usd_per_mwh: 30.0)]",
            "finance.clean_energy.a.mw: ",
        ),
        ("[(id: \"a\", kind: \"Ppa\", mw: 1.0, hour_frac: [1.0], usd_per_mwh: 30.0)]", "enter 24"),
        (
            "[(id: \"a\", kind: \"Ppa\", mw: 1e5, usd_per_mwh: 30.0)]",
            "finance.clean_energy.a.surplus_usd_per_mwh is unknown",
        ),
    ] {
        let found = told(offer);
        assert!(found.contains(wanted), "{offer}: {found}");
    }
    let (site, catalog) = changed(
        SOLVED.0.clone(),
        &[("finance.clean_energy", "[(id: \"a\", kind: \"Ppa\", usd_per_mwh: 30.0)]")],
    );
    let c = climate(&site, &SOLVED.1.plan, &catalog);
    assert!(c.clean_stopped_by.contains("finance.clean_energy.a.mwh_per_year"));
    assert_eq!((c.ref_frac, c.carbon_market_t), (None, None));
}

#[test]
fn heat_that_others_use_is_the_reuse_factor() {
    let f = with(&[("finance.carbon.heat_reused_mwh_per_year", "1e5")]).unwrap();
    close(f.climate.erf_frac.unwrap(), 1e5 / energy().0, 1e-12, "ERF");
}
