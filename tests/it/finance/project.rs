//! The project model: identities of its statements, the project of one owner as a special case,
//! searches and extremes.

use super::sample::{campus, flat, plain_loan, simple};
use gigasite::finance::Undefined;
use gigasite::finance::depreciation::TaxClass;
use gigasite::finance::project::{
    Basis, Driver, Evaluation, Path, Project, Repayment, Statements, breakeven_price, evaluate,
    results,
};
use gigasite::finance::single_owner::{Allocation, Borrowing, SingleOwner};
use gigasite::finance::tax::Losses;
use proptest::prelude::*;

fn row<'a>(e: &'a Evaluation, name: &str) -> &'a [f64] {
    let s = &e.statements;
    let found = [&s.income, &s.balance, &s.cash_flow]
        .into_iter()
        .find_map(|rows| Statements::row(rows, name));
    found.unwrap_or_else(|| panic!("no row {name}"))
}

#[track_caller]
fn holds(e: &Evaluation) {
    for check in &e.statements.checks {
        assert!(check.holds(), "{}: off by {} USD", check.name, check.off_usd);
    }
}

/// The same project as [`simple`], by the year.
fn owner(borrowing: Borrowing, losses: Losses) -> SingleOwner {
    let project = simple(None);
    SingleOwner {
        capex: 1e9,
        output_per_year: 1e6,
        price: 200.0,
        price_escalation: 0.0,
        fixed_cost: 3e7,
        cost_per_unit: 0.0,
        years: 10,
        inflation: 0.0,
        real_rate: 0.08,
        tax: gigasite::finance::tax::TaxRules { losses, ..project.tax },
        allocations: vec![Allocation { class: TaxClass::Macrs(5), frac: 1.0 }],
        bonus_frac: 0.0,
        state_bonus_frac: 0.0,
        borrowing,
        salvage_frac: 0.0,
        property_tax_frac: 0.0,
        insurance_frac: 0.0,
    }
}

#[test]
fn every_identity_of_the_campus_holds() {
    let e = evaluate(&campus()).unwrap();
    holds(&e);
    assert!(e.results.converged);
    assert!(e.statements.checks.len() >= 10);
}

#[test]
fn the_take_off_is_the_same_by_class_by_phase_in_cash_and_as_basis() {
    let project = campus();
    let e = evaluate(&project).unwrap();
    let take_off: f64 =
        project.capex.iter().map(|c| c.amount_usd * (1.0 + c.contingency_frac)).sum();
    let sum = |list: &[(String, f64)]| list.iter().map(|(_, usd)| usd).sum::<f64>();
    let capex = &e.results.capex;
    let paid: f64 = -row(&e, "capital").iter().sum::<f64>();
    let land = 1.2e8 * 1.05;
    let first = |land: bool| -> f64 {
        let of = |a: &&gigasite::finance::project::Asset| a.first && (a.class == "land") == land;
        e.assets.iter().filter(of).map(|a| a.cost_usd).sum()
    };
    let all = [
        capex.total_usd,
        sum(&capex.by_class),
        sum(&capex.by_phase),
        paid,
        first(false) + first(true),
    ];
    for usd in all {
        assert!((usd - take_off).abs() < 0.005, "{usd} {take_off}");
    }
    assert!((first(true) - land).abs() < 0.005);
    assert!(capex.refresh_usd > 0.0);
}

#[test]
fn cash_of_the_owners_is_what_the_site_leaves_after_tax_and_loan() {
    let e = evaluate(&campus()).unwrap();
    let n = e.statements.periods.len();
    for t in 0..n {
        let moved = row(&e, "EBITDA")[t] + row(&e, "rise of working capital")[t]
            - row(&e, "current tax")[t]
            + row(&e, "capital")[t]
            + row(&e, "refresh")[t]
            + row(&e, "interest during construction and fees")[t]
            + row(&e, "proceeds of disposal")[t]
            - row(&e, "interest")[t]
            + row(&e, "drawn")[t]
            + row(&e, "repaid")[t];
        let owners = -row(&e, "distributions")[t] - row(&e, "contributions")[t];
        let cash = |t: usize| row(&e, "cash kept")[t] + row(&e, "debt service reserve")[t];
        let kept = cash(t) - if t > 0 { cash(t - 1) } else { 0.0 };
        assert!((moved - owners - kept).abs() < 0.01, "{}", e.statements.labels[t]);
    }
}

#[test]
fn the_flows_that_are_shown_have_the_values_that_are_stated() {
    let e = evaluate(&campus()).unwrap();
    let (s, r) = (&e.statements, &e.results);
    let levered = &r.levered;
    for (name, rate, npv) in [
        ("before tax, no loan", r.pretax.rate, r.pretax.npv_usd),
        ("after tax, no loan", r.unlevered.rate, r.unlevered.npv_usd),
        ("owners", levered.rate, levered.npv_usd),
    ] {
        let flows = Statements::row(&s.flows, name).unwrap();
        let value: f64 = s.present(rate, flows).iter().sum();
        assert!((value - npv).abs() <= 1e-12 * npv.abs(), "{name}: {value} {npv}");
    }
    let of = |name| Statements::row(&s.flows, name).unwrap();
    let tax = of("tax, no loan");
    for (n, (before, after)) in
        of("before tax, no loan").iter().zip(of("after tax, no loan")).enumerate()
    {
        assert!((before - tax[n] - after).abs() < 1e-6);
    }
}

#[test]
fn the_project_of_one_owner_is_a_special_case() {
    let level = plain_loan(Repayment::Level, 0.6, 0.08);
    let sculpted = plain_loan(Repayment::Sculpted { dscr: 1.3 }, 1.0, 0.07);
    let carried = Losses::CarriedForward { limit_frac: 0.8 };
    for losses in [Losses::UsedAtOnce, carried] {
        for (loan, borrowing) in [
            (None, Borrowing::None),
            (
                Some(level.clone()),
                Borrowing::Share { frac: 0.6, years: 7, rate: 0.08, equal_principal: false },
            ),
            (Some(sculpted.clone()), Borrowing::Dscr { dscr: 1.3, years: 7, rate: 0.07 }),
        ] {
            let mut project = simple(loan.clone());
            project.tax.losses = losses;
            let e = evaluate(&project).unwrap();
            holds(&e);
            let by_year = owner(borrowing, losses).evaluate().unwrap();
            // Capital is paid at the end of year 1 here, at once there.
            let ours = e.results.levered.npv_usd * 1.08;
            assert!((ours - by_year.npv).abs() < 1.0, "{borrowing:?}: {ours} {}", by_year.npv);
            let (a, b) = (e.results.levered.irr.rates(), by_year.irr.rates());
            assert_eq!(a.len(), b.len());
            assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9));
            if let Some(loan) = &e.results.loan {
                assert!((loan.amount_usd - by_year.debt_amount).abs() < 0.01);
                if matches!(borrowing, Borrowing::Dscr { .. }) {
                    assert!((loan.cover.least.unwrap() - 1.3).abs() < 1e-9);
                    assert!((loan.cover.average.unwrap() - 1.3).abs() < 1e-9);
                }
            }
        }
    }
}

#[test]
fn the_levelised_cost_is_the_price_of_no_value_before_tax() {
    let mut project = simple(None);
    project.tax.federal_frac = 0.0;
    let levelised = results(&project).unwrap().levelised_usd_per_mtok.unwrap();
    let breakeven = breakeven_price(&project, Basis::Unlevered).unwrap();
    assert!((levelised - breakeven).abs() < 1e-9 * levelised, "{levelised} {breakeven}");
    // The annuity of 1,000 at 8 % over ten years and 30 of running cost, over a million units.
    let annuity = 1e9 * 0.08 / (1.0 - 1.08f64.powi(-10));
    assert!((levelised - (annuity + 3e7) / 1e6).abs() < 1e-6);
}

#[test]
fn the_breakeven_price_put_back_has_no_value() {
    for basis in [Basis::Unlevered, Basis::Levered] {
        let project = campus();
        let price = breakeven_price(&project, basis).unwrap();
        let now = results(&project).unwrap().mean_usd_per_mtok.unwrap();
        let mut back = project.clone();
        for stream in &mut back.streams {
            for path in std::iter::once(&mut stream.price)
                .chain(stream.contract.as_mut().map(|c| &mut c.price))
            {
                if let Path::Escalating { start, .. } = path {
                    *start *= price / now;
                }
            }
        }
        let r = results(&back).unwrap();
        let value = match basis {
            Basis::Unlevered => r.unlevered.npv_usd,
            Basis::Levered => r.levered.npv_usd,
        };
        assert!(value.abs() < 100.0, "{basis:?}: {value} USD of billions");
        assert!((r.mean_usd_per_mtok.unwrap() - price).abs() < 1e-9 * price);
    }
}

#[test]
fn value_rises_with_price_and_falls_with_delay_cost_and_rate() {
    let value = |change: &dyn Fn(&mut Project)| {
        let mut project = campus();
        change(&mut project);
        results(&project).unwrap().unlevered.npv_usd
    };
    let base = value(&|_| {});
    let dearer = |p: &mut Project| {
        p.streams.iter_mut().for_each(|s| {
            if let Path::Escalating { start, .. } = &mut s.price {
                *start *= 1.1
            }
        })
    };
    assert!(value(&dearer) > base);
    assert!(value(&|p| p.capex.iter_mut().for_each(|c| c.amount_usd *= 1.1)) < base);
    let late = |p: &mut Project| p.phases.iter_mut().for_each(|f| f.service_month += 6);
    // Capital is spent as before, revenue waits.
    assert!(value(&late) < base);
    assert!(value(&|p| p.opex[0].price = flat(80.0)) < base);
}

#[test]
fn the_reserve_holds_six_months_of_service_and_goes_back() {
    let e = evaluate(&campus()).unwrap();
    let reserve = row(&e, "debt service reserve");
    let most = reserve.iter().fold(0.0f64, |m, r| m.max(*r));
    assert!(most > 0.0);
    assert!(reserve.last().unwrap().abs() < 0.01);
    let loan = e.results.loan.as_ref().unwrap();
    assert!(loan.interest_during_construction_usd > 0.0 && loan.fees_usd > 0.0);
    assert!(loan.gearing.unwrap() <= 0.6 + 1e-9);
    assert!(loan.contracted_cover.least.unwrap() < loan.cover.least.unwrap());
    // Sized at 1.35 on the cash of its life.
    assert!(loan.loan_life_cover.unwrap() >= 1.35 - 1e-6);
    assert!(loan.project_life_cover.unwrap() >= loan.loan_life_cover.unwrap());
    assert!(loan.outlives_assets && loan.outlives_contracts);
}

#[test]
fn a_lock_up_keeps_cash_until_cover_is_back() {
    let mut project = campus();
    if let Some(debt) = &mut project.debt {
        debt.lockup_dscr = Some(5.0);
        debt.sweep_frac = 0.0;
    }
    let e = evaluate(&project).unwrap();
    holds(&e);
    assert!(!e.results.loan.as_ref().unwrap().locked.is_empty());
    assert!(row(&e, "cash kept").iter().any(|c| *c > 0.0));
    // Waiting for money costs the owners value.
    let free = evaluate(&Project {
        debt: project.debt.clone().map(|mut d| {
            d.lockup_dscr = None;
            d
        }),
        ..project.clone()
    })
    .unwrap();
    assert!(e.results.levered.npv_usd < free.results.levered.npv_usd);
}

#[test]
fn a_sweep_repays_sooner() {
    let swept = |frac: f64| {
        let mut project = campus();
        if let Some(debt) = &mut project.debt {
            debt.sweep_frac = frac;
        }
        let e = evaluate(&project).unwrap();
        holds(&e);
        row(&e, "interest").iter().sum::<f64>()
    };
    assert!(swept(1.0) < swept(0.5) && swept(0.5) < swept(0.0));
}

#[test]
fn labels_are_months_while_building_and_fiscal_years_after() {
    let e = evaluate(&campus()).unwrap();
    assert_eq!(e.statements.labels[0], "2027-04");
    // The fiscal year ends in December: the first one is of nine months.
    assert_eq!(e.statements.periods[8].year, 0);
    assert_eq!(e.statements.periods[9].year, 1);
    let years: Vec<&String> = e.statements.labels.iter().filter(|l| l.starts_with("FY")).collect();
    assert_eq!(years.first().map(|l| l.as_str()), Some("FY2032"));
    let months: usize = e.statements.periods.iter().map(|p| p.months).sum();
    assert_eq!(months, 216);
}

#[test]
fn extremes_give_figures_or_reasons() {
    let mut all = vec![simple(None)];
    let mut without = campus();
    without.debt = None;
    without.tax.federal_frac = 0.0;
    without.tax.state_frac = 0.0;
    all.push(without);
    let mut idle = campus();
    idle.streams.iter_mut().for_each(|s| s.units_per_year = flat(0.0));
    all.push(idle);
    let mut free = campus();
    free.capex.iter_mut().for_each(|c| c.amount_usd = 0.0);
    all.push(free);
    let mut huge = campus();
    huge.capex.iter_mut().for_each(|c| c.amount_usd *= 1e4);
    huge.streams.iter_mut().for_each(|s| s.units_per_year.scale(1e4));
    all.push(huge);
    let mut long = campus();
    long.calendar.horizon_months = 60 * 12;
    all.push(long);
    let mut short = simple(None);
    short.calendar.horizon_months = 13;
    all.push(short);
    let mut empty = simple(None);
    empty.capex.clear();
    empty.streams.clear();
    empty.opex.clear();
    all.push(empty.clone());
    for project in &all {
        let e = evaluate(project).unwrap();
        holds(&e);
        let text = serde_json::to_string(&e).unwrap().replace("\"loan\":null", "");
        assert!(
            !text.contains("null"),
            "{:?}",
            text.find("null").map(|at| &text[at - 200..at + 9])
        );
    }
    let nothing = results(&empty).unwrap();
    assert_eq!(nothing.levelised_usd_per_mtok, Err(Undefined::NothingProduced));
    assert_eq!(nothing.levered.irr.single(), Err(Undefined::NoFlows));
    assert!(breakeven_price(&empty, Basis::Levered).is_err());
}

#[test]
fn what_cannot_be_meant_is_refused_by_field() {
    let refused = |change: &dyn Fn(&mut Project)| -> Vec<String> {
        let mut project = campus();
        change(&mut project);
        evaluate(&project).unwrap_err().into_iter().map(|e| e.field).collect()
    };
    assert_eq!(refused(&|p| p.capex[0].class = "gold".to_owned()), ["capex.one racks.class"]);
    assert_eq!(refused(&|p| p.capex[0].spend[0].frac = 0.9), ["capex.one racks.spend"]);
    assert_eq!(refused(&|p| p.capex[0].spend[2].month = 30), ["capex.one racks.spend.month"]);
    assert_eq!(refused(&|p| p.phases[1].id = "one".to_owned())[0], "phases.one");
    assert_eq!(refused(&|p| p.calendar.build_step_months = 2), ["calendar.build_step_months"]);
    assert_eq!(
        refused(&|p| p.debt.as_mut().unwrap().tenor_months = 400),
        ["debt.term_start_month"]
    );
    assert_eq!(
        refused(&|p| p.phases[0].utilisation_frac = f64::NAN),
        ["phases.one.utilisation_frac"]
    );
    assert_eq!(
        refused(&|p| p.opex[0].driver = Driver::UnitOf("x".to_owned())),
        ["opex.energy.driver"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_260_316),
        ..ProptestConfig::default()
    })]

    #[test]
    fn identities_hold_whatever_the_terms(
        repayment in 0..4usize,
        quarters in any::<bool>(),
        start_month in 1u32..=12,
        fiscal_year_end in 1u32..=12,
        share in prop::collection::vec(0.0..1.0f64, 8),
        months in prop::collection::vec(0usize..12, 4),
    ) {
        let mut project = campus();
        project.calendar.start_month = start_month;
        project.calendar.fiscal_year_end = fiscal_year_end;
        project.calendar.build_step_months = if quarters { 3 } else { 1 };
        project.calendar.horizon_months += months[0];
        project.phases[0].ramp_months = months[1];
        project.tax.federal_frac = 0.4 * share[0];
        if share[1] < 0.5 {
            project.tax.losses = Losses::UsedAtOnce;
            project.tax.interest_limit = None;
        }
        project.streams.iter_mut().for_each(|s| s.units_per_year.scale(0.3 + share[7]));
        let debt = project.debt.as_mut().unwrap();
        debt.repayment = [
            Repayment::Level,
            Repayment::EqualPrincipal,
            Repayment::Bullet,
            Repayment::Sculpted { dscr: 1.1 + share[2] },
        ][repayment];
        debt.gearing_cap_frac = share[3];
        debt.sweep_frac = share[4];
        debt.cover_after_tax = share[5] < 0.5;
        debt.reserve_months = months[2];
        debt.interest_only_months = months[3];
        debt.lockup_dscr = (share[6] < 0.5).then_some(1.0 + share[6]);
        let e = evaluate(&project).unwrap();
        for check in &e.statements.checks {
            prop_assert!(check.holds(), "{}: off by {}", check.name, check.off_usd);
        }
        prop_assert!(e.results.loan.as_ref().unwrap().amount_usd <= 1e11);
    }
}

#[test]
fn fiscal_years_sum_the_flows_of_months_and_keep_the_stocks_of_their_end() {
    let mut project = campus();
    project.calendar.operation_step_months = 1;
    project.calendar.fiscal_year_end = 9;
    let e = evaluate(&project).unwrap();
    holds(&e);
    let months = &e.statements;
    assert_eq!(months.periods.len(), project.calendar.horizon_months);
    let years = months.by_year();
    // April 2027 to September 2027 is the first, six months long.
    assert_eq!((years.labels[0].as_str(), years.periods[0].months), ("FY2027", 6));
    assert_eq!(years.labels.len(), years.periods.len());
    assert!(years.periods[1..years.periods.len() - 1].iter().all(|p| p.months == 12));
    for (of_years, of_months) in years.income.iter().zip(&months.income) {
        let first: f64 = of_months.values[..6].iter().sum();
        assert!((of_years.values[0] - first).abs() <= 1e-6, "{}", of_years.name);
        let (a, b): (f64, f64) = (of_years.values.iter().sum(), of_months.values.iter().sum());
        assert!((a - b).abs() <= 1e-12 * b.abs() + 1e-6, "{}", of_years.name);
    }
    for (of_years, of_months) in years.balance.iter().zip(&months.balance) {
        assert_eq!(of_years.values[0], of_months.values[5], "{}", of_years.name);
        assert_eq!(of_years.values.last(), of_months.values.last(), "{}", of_years.name);
    }
}

#[test]
fn a_ramp_does_not_bound_a_sculpted_loan() {
    let with = |ramp: usize, alone: usize| {
        let mut loan = plain_loan(Repayment::Sculpted { dscr: 1.3 }, 1.0, 0.07);
        loan.interest_only_months = alone;
        let mut project = simple(Some(loan));
        project.calendar.operation_step_months = 1;
        project.calendar.build_step_months = 1;
        project.phases[0].ramp_months = ramp;
        let e = evaluate(&project).unwrap();
        holds(&e);
        e.results.loan.unwrap()
    };
    let full = with(0, 0);
    for (alone, what) in [(0, "the first months add their interest"), (12, "interest alone")] {
        let ramp = with(12, alone);
        // Half a year's cash is missing, of seven years.
        let share = ramp.amount_usd / full.amount_usd;
        assert!((0.85..1.0).contains(&share), "{what}: {share}");
        // Every twelve months are covered as asked, those of the ramp as well.
        assert!(ramp.cover.least.unwrap() >= 1.3 - 1e-9, "{what}");
        assert!(ramp.loan_life_cover.unwrap() >= 1.3 - 1e-9, "{what}");
    }
}
