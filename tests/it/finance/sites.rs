//! Layouts as projects: the take-off ties to the capital whatever the layout, value moves the
//! right way, loans and contracts are those of the layout, extremes give figures or reasons.

use crate::support::{answer, changed, close, layout};
use gigasite::finance::project::{Component, Statements, Unit};
use gigasite::finance::tariff::{Load, Sample, Tariff, UseSchedule, bill};
use gigasite::site::Site;
use gigasite::study::finance::{CostKind, NoFinance, Plans, SiteFinance, plans, value, value_on};
use gigasite::study::{Outcome, SolveOptions};
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

const SMALL: &str = "estimated-100mw";
const PHASED: &str = "mixed-250mw";

struct Solved {
    site: Site,
    outcome: Outcome,
    plans: Plans,
}

fn solved(name: &str) -> Solved {
    let site = layout(name);
    let outcome = answer(site.clone(), &[], &SolveOptions::default());
    let (_, catalog) = changed(site.clone(), &[]);
    let plans = plans(&site, &outcome, &catalog).unwrap();
    Solved { site, outcome, plans }
}

static ONE: LazyLock<Solved> = LazyLock::new(|| solved(SMALL));
static TWO: LazyLock<Solved> = LazyLock::new(|| solved(PHASED));

/// Value of changed terms with the plan held.
fn held(solved: &Solved, changes: &[(&str, &str)]) -> Result<SiteFinance, NoFinance> {
    let (site, catalog) = changed(solved.site.clone(), changes);
    value_on(&site, &solved.outcome, &catalog, &solved.plans)
}

fn npv(solved: &Solved, changes: &[(&str, &str)]) -> f64 {
    held(solved, changes).unwrap().evaluation.results.unlevered.npv_usd
}

#[track_caller]
fn ties(f: &SiteFinance) {
    let items: f64 = f.take_off.iter().filter(|i| i.class.is_some()).map(|i| i.total_usd()).sum();
    let sum = |list: &[(String, f64)]| list.iter().map(|(_, usd)| usd).sum::<f64>();
    let capex = &f.evaluation.results.capex;
    let paid = Statements::row(&f.evaluation.statements.cash_flow, "capital").unwrap();
    let assets = &f.evaluation.assets;
    let basis: f64 = assets.iter().filter(|a| a.first).map(|a| a.cost_usd).sum();
    let bound = &f.schedule.commitment;
    // To the cent, and what sums of very large amounts lose to rounding.
    let off = 0.005 + 1e-14 * items;
    for usd in [
        capex.total_usd,
        sum(&capex.by_class),
        sum(&capex.by_phase),
        -paid.iter().sum::<f64>(),
        basis,
        *bound.paid_usd.last().unwrap(),
        *bound.committed_usd.last().unwrap(),
    ] {
        assert!((usd - items).abs() < off, "{usd} is not the take-off of {items}");
    }
    for (paid, committed) in bound.paid_usd.iter().zip(&bound.committed_usd) {
        assert!(*paid <= committed + off);
    }
    for (class, usd) in &capex.by_class {
        let own = f.take_off.iter().filter(|i| i.class.as_ref() == Some(class));
        assert!((own.map(|i| i.total_usd()).sum::<f64>() - usd).abs() < off, "{class}");
    }
    let kinds: f64 = f.capital_by_kind.iter().map(|k| k.amount_usd + k.contingency_usd).sum();
    assert!((kinds - items).abs() < off, "by kind {kinds} is not {items}");
    for check in &f.evaluation.statements.checks {
        assert!(check.holds(), "{}: off by {} USD", check.name, check.off_usd);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_127),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_take_off_of_any_layout_is_its_capital_in_every_view(
        phased in any::<bool>(),
        share in prop::collection::vec(0.0..1.0f64, 9),
        months in prop::collection::vec(1u32..40, 3),
        land in any::<bool>(),
    ) {
        let solved: &Solved = if phased { &TWO } else { &ONE };
        let text = |v: f64| format!("{v:?}");
        let (build, fiscal) = (months[0].to_string(), (months[1] % 12 + 1).to_string());
        let values = [
            ("costs.build-months", build),
            ("costs.short-lived-plant-frac", text(share[0])),
            ("finance.site_capex_usd_per_mw", text(4e7 * share[1])),
            ("finance.capital.soft_frac", text(0.2 * share[2])),
            ("finance.capital.contingency_frac", text(0.3 * share[3])),
            ("finance.capital.rack_contingency_frac", text(0.1 * share[4])),
            ("finance.capital.sales_tax_frac", text(0.1 * share[5])),
            ("finance.capital.duty_frac", text(0.25 * share[6])),
            ("finance.fiscal_year_end_month", fiscal),
            ("finance.operating_years", text(1.0 + 8.0 * share[7])),
            ("finance.capital.land_usd", text(if land { 1e9 * share[8] } else { 0.0 })),
            ("finance.delay_months", (months[2] % 9).to_string()),
        ];
        let changes: Vec<(&str, &str)> = values.iter().map(|(p, v)| (*p, v.as_str())).collect();
        ties(&held(solved, &changes).unwrap());
    }
}

#[test]
fn racks_and_plant_of_the_take_off_are_the_capital_that_the_plan_states() {
    for solved in [&ONE, &TWO] {
        let f = held(solved, &[]).unwrap();
        let plain = f
            .take_off
            .iter()
            .filter(|i| i.class.as_deref().is_some_and(|c| c != "land") && i.unit != "share");
        let hard: f64 = plain.map(|i| i.amount_usd).sum();
        close(hard, solved.outcome.headline.capex_usd.unwrap(), 1e-9, "hard cost");
        assert!(f.take_off.iter().any(|i| i.unit == "m2" && i.quantity > 0.0));
        assert!(f.take_off.iter().any(|i| i.unit == "m" && i.class.is_none()));
        let transformer = f.take_off.iter().find(|i| i.rating.ends_with("MVA")).unwrap();
        assert!(transformer.lead_weeks_p90 > transformer.lead_weeks_p50);
        assert_eq!(transformer.cancellation_frac, None);
    }
}

#[test]
fn every_item_is_of_the_kind_that_a_cost_plan_puts_it_under() {
    let changes = [
        ("finance.capital.soft_frac", "0.06"),
        ("finance.capital.sales_tax_frac", "0.05"),
        ("finance.capital.grid_connection_usd", "2e7"),
    ];
    let f = held(&TWO, &changes).unwrap();
    let of = |kind: CostKind| -> f64 {
        f.capital_by_kind.iter().filter(|k| k.kind == kind).map(|k| k.amount_usd).sum()
    };
    assert_eq!(of(CostKind::GridConnection), 2e7);
    let racks = of(CostKind::Accelerators) + of(CostKind::NetworkAndStorage);
    let plant = of(CostKind::Electrical)
        + of(CostKind::Mechanical)
        + of(CostKind::Shell)
        + of(CostKind::PlantNotItemised);
    close(racks + plant, TWO.outcome.headline.capex_usd.unwrap(), 1e-9, "racks and plant");
    close(of(CostKind::SoftCost), 0.06 * (plant + 2e7), 1e-9, "soft cost");
    let kind = |word: &str| f.take_off.iter().find(|i| i.name.starts_with(word)).unwrap().kind;
    assert_eq!(kind("Heat rejection"), CostKind::Mechanical);
    assert_eq!(kind("Hall: "), CostKind::Shell);
    assert_eq!(kind("Cable route"), CostKind::Electrical);
    assert!(of(CostKind::Electrical) > 0.0);
}

#[test]
fn phases_come_into_service_one_after_the_other_and_their_critical_item_is_named() {
    let f = held(&TWO, &[]).unwrap();
    let phases = &f.schedule.phases;
    assert_eq!(phases.len(), 2);
    // Half a year later, or both when the feed carries the first.
    let apart = phases[1].service_month - phases[0].service_month;
    assert!(apart == 6 || phases[0].waits_for.is_some(), "{phases:?}");
    assert_eq!(f.project.phases.len(), 2);
    let whole: f64 = f.project.phases.iter().map(|p| p.it_mw).sum();
    close(whole, TWO.outcome.plan.it_mw, 1e-9, "IT power");
    assert!(phases[0].critical.as_ref().unwrap().contains("ransformer"), "{phases:?}");
    // 144 weeks and more for a transformer are longer than the 24 months of building.
    assert!(phases[0].order_before_start_months.unwrap() > 6);
    let late = f.diagnostics.iter().find(|d| d.code == "order-by-in-past").unwrap();
    let first = f.schedule.orders.iter().find(|o| o.phase == phases[0].id).unwrap();
    let by = f.month(first.order_p90_month.unwrap());
    assert!(late.message.contains(&first.name) && late.message.contains(&by), "{late:?}");
    // Three years more of building reach back far enough.
    let patient = held(&TWO, &[("costs.build-months", "60")]).unwrap();
    assert!(patient.diagnostics.iter().all(|d| d.code != "order-by-in-past"));
    // Few hands finish later, and the schedule says that it waits for them.
    let slow = held(&TWO, &[("finance.trade_workers", "600")]).unwrap();
    assert!(slow.schedule.phases[1].service_month > phases[1].service_month);
    assert_eq!(slow.schedule.phases[1].waits_for.as_deref(), Some("trade hours"));
}

#[test]
fn nothing_is_sold_before_the_power_is_there() {
    // Of one phase, and of none: the second year of the feed is longer than the building.
    for phases in [&TWO.site.campus.phases[..], &[]] {
        let mut site = TWO.site.clone();
        let campus = Arc::make_mut(&mut site.campus);
        campus.phases = phases.to_vec();
        campus.phases.iter_mut().for_each(|p| p.month += 40);
        campus.feeds.iter_mut().flat_map(|f| &mut f.steps).for_each(|s| s.from_month += 40);
        if phases.is_empty() {
            for hall in &mut site.halls {
                let hall = Arc::make_mut(hall);
                hall.blocks.iter_mut().for_each(|b| b.phase = None);
                hall.hall.iter_mut().for_each(|h| h.phase = None);
            }
        }
        let (_, catalog) = changed(site.clone(), &[]);
        let f = value_on(&site, &TWO.outcome, &catalog, &TWO.plans).unwrap();
        for phase in &f.schedule.phases {
            // The first step carries half of the plan, the second all of it.
            assert!(phase.service_month >= 58, "{phase:?}");
        }
        let revenue = &f.evaluation.statements.income;
        let revenue = Statements::row(revenue, "revenue").unwrap();
        assert!(revenue[..50].iter().all(|usd| *usd == 0.0), "{revenue:?}");
        assert!(revenue.iter().sum::<f64>() > 0.0);
    }
}

#[test]
fn value_falls_with_cost_delay_and_energy_price_and_rises_with_utilisation_and_price() {
    for solved in [&ONE, &TWO] {
        let of = |path: &str, values: [f64; 4]| {
            values.map(|v| npv(solved, &[(path, format!("{v:?}").as_str())]))
        };
        let falls = |list: [f64; 4], path: &str| {
            assert!(list.windows(2).all(|w| w[1] < w[0]), "{path}: {list:?}");
        };
        let energy = "tariffs.us-9c1.energy_usd_per_mwh";
        falls(of(energy, [40.0, 60.0, 91.0, 150.0]), energy);
        let capex = "finance.site_capex_usd_per_mw";
        falls(of(capex, [8e6, 1.2e7, 2e7, 4e7]), capex);
        falls(of("costs.price-decline-frac-per-year", [0.0, 0.1, 0.2, 0.4]), "price");
        falls(of("finance.capital.contingency_frac", [0.0, 0.1, 0.2, 0.3]), "contingency");
        falls(of("finance.degradation_frac", [0.0, 0.02, 0.1, 0.3]), "degradation");
        let late: Vec<f64> = ["0", "3", "6", "12"]
            .iter()
            .map(|v| npv(solved, &[("finance.delay_months", *v)]))
            .collect();
        assert!(late.windows(2).all(|w| w[1] < w[0]), "delay: {late:?}");
    }
}

#[test]
fn a_held_plan_sells_as_before_and_more_use_never_sells_beyond_demand() {
    let base = held(&ONE, &[]).unwrap();
    let full = held(&ONE, &[("finance.utilisation_frac", "1.0")]).unwrap();
    for (a, b) in base.project.streams.iter().zip(&full.project.streams) {
        assert_eq!(a.units_per_year, b.units_per_year);
    }
    assert!(
        full.evaluation.results.unlevered.npv_usd
            >= base.evaluation.results.unlevered.npv_usd - 1e-6
    );
    let half = held(&ONE, &[("finance.utilisation_frac", "0.2")]).unwrap();
    assert!(half.evaluation.results.unlevered.npv_usd < base.evaluation.results.unlevered.npv_usd);
}

#[test]
fn better_software_is_worth_something_and_a_decline_alone_is_warned_of() {
    let told = |changes: &[(&str, &str)]| {
        let (site, catalog) = changed(ONE.site.clone(), changes);
        let found = value(&site, &ONE.outcome, &catalog).unwrap();
        let codes = found.diagnostics.iter().map(|d| d.code.to_string());
        let codes: Vec<String> = codes.filter(|c| c.starts_with("price")).collect();
        (found.evaluation.results.unlevered.npv_usd, codes)
    };
    let (base, codes) = told(&[]);
    assert_eq!(codes, ["price-decline-alone"]);
    let (better, codes) =
        told(&[("finance.software_gain_frac", "0.3"), ("finance.demand_growth_frac", "0.3")]);
    assert!(codes.is_empty() && better > base, "{better} {base}");
}

#[test]
fn a_loan_of_the_layout_is_sized_and_told() {
    let with = |kind: &str| {
        let kind = format!("{kind:?}");
        held(
            &ONE,
            &[
                ("finance.loan.share_frac", "0.6"),
                ("finance.loan.kind", &kind),
                ("finance.loan.merchant_cash", "true"),
            ],
        )
        .unwrap()
    };
    for kind in ["Sculpted", "Level", "EqualPrincipal", "Bullet"] {
        let f = with(kind);
        ties(&f);
        let loan = f.evaluation.results.loan.as_ref().unwrap();
        assert!(loan.gearing.unwrap() <= 0.6 + 1e-9, "{kind}");
        assert!(loan.amount_usd > 0.0, "{kind}");
        assert!(f.assumptions.iter().any(|a| a.path == "costs.loan-rate-frac"));
    }
    // Without contracts no cash is under contract: nothing is lent on it.
    let alone = held(&ONE, &[("finance.loan.share_frac", "0.6")]).unwrap();
    assert_eq!(alone.evaluation.results.loan.unwrap().amount_usd, 0.0);
    let long = held(&ONE, &[("finance.loan.share_frac", "0.6"), ("finance.loan.tenor_years", "9")]);
    let NoFinance::Input(error) = long.unwrap_err() else { panic!("no input error") };
    assert_eq!(error.field, "finance.loan.tenor_years");
}

#[test]
fn a_contract_takes_its_part_of_a_tier_and_the_rest_stays_in_the_market() {
    let base = held(&ONE, &[]).unwrap();
    let stream = base.project.streams.iter().find(|s| s.unit == Unit::MillionTokens).unwrap();
    let tier = stream.id.split(", ").next().unwrap();
    let units = stream.units_per_year.at_year(0) * base.project.phases[0].utilisation_frac;
    let weakest = (0..5).map(|y| stream.units_per_year.at_year(y)).fold(f64::INFINITY, f64::min)
        / stream.units_per_year.at_year(0);
    let rate = units * weakest * 0.5 * 1e6 / 31_536_000.0;
    let offer = |rate: f64| {
        format!(
            "[(id: \"anchor\", kind: \"Tokens\", tier: \"{tier}\", volume_tok_s: {rate:?}, \
             prices_usd: [3.0, 2.5], term_months: 36, take_or_pay_frac: 0.8)]"
        )
    };
    let f = held(&ONE, &[("finance.contracts", &offer(rate))]).unwrap();
    ties(&f);
    let r = &f.evaluation.results;
    assert!(r.contracted_frac.unwrap() > 0.0 && r.contracted_frac.unwrap() < 1.0);
    let sold = |f: &SiteFinance| -> f64 {
        f.project.streams.iter().map(|s| s.units_per_year.at_year(0)).sum()
    };
    close(sold(&f), sold(&base), 1e-9, "units");
    let NoFinance::Input(error) =
        held(&ONE, &[("finance.contracts", &offer(rate * 9.0))]).unwrap_err()
    else {
        panic!("too much is sold ahead")
    };
    assert_eq!(error.field, "finance.contracts.anchor.tier");
}

#[test]
fn rows_of_running_cost_lie_within_the_allowance_or_on_top() {
    let base = held(&ONE, &[]).unwrap();
    let opex = |f: &SiteFinance| -> f64 {
        let s = &f.evaluation.statements;
        Statements::row(&s.income, "operating cost").unwrap().iter().sum()
    };
    let staffed = held(&ONE, &[("finance.running.staff_usd_per_year", "5e6")]).unwrap();
    close(opex(&staffed), opex(&base), 1e-9, "staff lies within the fixed cost");
    let let_out = held(&ONE, &[("finance.running.rent_usd_per_kw_month", "10")]).unwrap();
    assert!(opex(&let_out) > opex(&base) * 1.01);
    let abated = [
        ("finance.running.property_tax_frac", "0.05"),
        ("finance.running.abatement_frac", "0.8"),
        ("finance.running.abatement_years", "3"),
    ];
    let taxed = held(&ONE, &abated).unwrap();
    assert!(opex(&taxed) < opex(&held(&ONE, &abated[..1]).unwrap()));
}

#[test]
fn the_cost_of_a_million_tokens_has_racks_network_site_and_energy() {
    let f = held(&ONE, &[]).unwrap();
    let r = &f.evaluation.results;
    let part = |c: Component| r.cost_parts.iter().find(|p| p.component == c).unwrap().usd_per_mtok;
    for component in [Component::Racks, Component::Network, Component::Site, Component::Energy] {
        assert!(part(component) > 0.0, "{component:?}");
    }
    assert!(part(Component::Racks) > part(Component::Network));
}

#[test]
fn extreme_terms_of_a_layout_give_figures_or_reasons() {
    let cases: [&[(&str, &str)]; 6] = [
        &[("costs.federal-tax-frac", "0"), ("costs.state-tax-frac", "0")],
        &[("finance.rack_life_years", "1"), ("finance.operating_years", "1")],
        &[("finance.operating_years", "60")],
        &[("finance.utilisation_frac", "0")],
        &[("finance.site_capex_usd_per_mw", "0")],
        &[("finance.site_capex_usd_per_mw", "5e10")],
    ];
    for changes in cases {
        let f = held(&ONE, changes).unwrap();
        ties(&f);
        let text = serde_json::to_string(&f.evaluation).unwrap();
        let text = text.replace("\"loan\":null", "");
        assert!(!text.contains("null"), "{changes:?}: a figure is no number");
    }
}

#[test]
fn the_rows_of_the_bill_are_the_bill_of_the_load() {
    let at = |field: &str| format!("tariffs.us-9c1.{field}");
    let set = [
        (at("energy_usd_per_mwh"), "60"),
        (at("peak_usd_per_mwh"), "120"),
        (at("peak_from_h"), "12"),
        (at("peak_to_h"), "20"),
        (at("demand_usd_per_mw_month"), "9000"),
        (at("minimum_frac"), "0.95"),
        (at("ratchet_frac"), "0.5"),
        (at("capacity_usd_per_mw_month"), "500"),
        (at("fixed_usd_per_month"), "7000"),
        (at("surcharge_frac"), "0.05"),
        ("costs.inflation-frac".to_owned(), "0"),
        ("costs.ramp-months".to_owned(), "0"),
    ];
    let changes: Vec<(&str, &str)> = set.iter().map(|(p, v)| (p.as_str(), *v)).collect();
    let (site, catalog) = changed(ONE.site.clone(), &changes);
    let plan = &ONE.outcome.plan;
    let f = value_on(&site, &ONE.outcome, &catalog, &Plans::held(plan)).unwrap();
    let s = &f.evaluation.statements;
    let energy: Vec<&str> = f
        .project
        .opex
        .iter()
        .filter(|r| r.component == Component::Energy)
        .map(|r| r.id.as_str())
        .collect();
    assert_eq!(energy.len(), 4, "{energy:?}");
    let year = f.project.phases[0].service_month..f.project.phases[0].service_month + 12;
    let paid: f64 = energy
        .iter()
        .map(|id| {
            let row = Statements::row(&s.income, &format!("opex: {id}")).unwrap();
            row[year.clone()].iter().sum::<f64>()
        })
        .sum();
    // The same load by month and typical hour, at the tariff in its own form.
    let contract_kw = site.terms.site.grid_contract_mw.unwrap() * 1e3;
    let tariff = Tariff {
        schedule: UseSchedule::peak(12, 20, 0, 11, false),
        energy_usd_per_kwh: vec![0.060, 0.120],
        contract_kw,
        capacity_usd_per_kw_month: 0.5,
        fixed_usd_per_month: 7_000.0,
        surcharge_frac: 0.05,
        ..Tariff::flat(0.0)
    };
    let mut samples = Vec::new();
    for month in 0..12 {
        for hour in &plan.hours {
            let own = site.terms.hours.iter().find(|h| h.id == hour.id).unwrap();
            samples.push(Sample {
                month,
                hour: own.clock_h as u8,
                weekend: false,
                kw: hour.drawn_grid_mw * 1e3,
                hours: hour.weight_h / 12.0,
            });
        }
    }
    let used = bill(&tariff, &Load::typical(samples)).unwrap().total_usd();
    let kw = plan.grid_mw * 1e3;
    let most = Tariff {
        demand_usd_per_kw_month: 9.0,
        minimum_kw: 0.95 * contract_kw,
        surcharge_frac: 0.05,
        ..Tariff::flat(0.0)
    };
    let flat = bill(&most, &Load::hourly(&vec![kw; 8_760], 0)).unwrap().total_usd();
    close(paid, used + flat, 1e-9, "bill");
}

#[test]
fn tiers_share_all_cost_by_power_and_their_revenue_is_that_of_the_site() {
    let f = held(&ONE, &[]).unwrap();
    let r = &f.evaluation.results;
    close(f.tiers.iter().map(|t| t.power_frac).sum(), 1.0, 1e-9, "power");
    let s = &f.evaluation.statements;
    let revenue = Statements::row(&s.income, "revenue").unwrap();
    let present: f64 = s.present(r.unlevered.rate, revenue).iter().sum();
    close(f.tiers.iter().map(|t| t.revenue_usd).sum(), present, 1e-9, "revenue");
    let cost: f64 =
        r.present_cost_usd.iter().filter(|(c, _)| *c != Component::Tax).map(|(_, usd)| usd).sum();
    let earning: Vec<_> = f.tiers.iter().filter(|t| t.revenue_usd > 0.0).collect();
    assert!(!earning.is_empty());
    for tier in earning {
        let loaded = tier.loaded_margin_frac.unwrap();
        close(tier.revenue_usd * (1.0 - loaded), tier.power_frac * cost, 1e-9, &tier.id);
        assert!(tier.direct_margin_frac.unwrap() >= loaded);
    }
}
