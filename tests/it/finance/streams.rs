//! Sales and running cost of the project model: delay, demand, years of operation, money received
//! ahead, ratchets, and what a million tokens costs by part.

use super::sample::{campus, flat, plain_loan, simple};
use gigasite::finance::project::{
    Component, Contract, Driver, Evaluation, Path, Prepaid, Project, Repayment, Statements,
    evaluate, results,
};

fn row<'a>(e: &'a Evaluation, name: &str) -> &'a [f64] {
    let s = &e.statements;
    let found = [&s.income, &s.balance, &s.cash_flow, &s.flows]
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

fn by_month(mut project: Project) -> Project {
    project.calendar.operation_step_months = 1;
    project
}

#[test]
fn a_delay_moves_sales_but_neither_spending_nor_the_contract_minimum() {
    let base = by_month(campus());
    let late = Project { delay_months: 5, ..base.clone() };
    let (a, b) = (evaluate(&base).unwrap(), evaluate(&late).unwrap());
    holds(&b);
    assert_eq!(b.statements.periods.len(), a.statements.periods.len() + 5);
    let (sold, sold_late) = (row(&a, "revenue"), row(&b, "revenue"));
    assert_eq!(sold.iter().position(|r| *r > 0.0), Some(24));
    assert_eq!(sold_late.iter().position(|r| *r > 0.0), Some(29));
    for month in 0..36 {
        assert_eq!(row(&a, "capital")[month], row(&b, "capital")[month], "{month}");
    }
    // The contract's 85 % of 600 MW is billed from month 18 on, delayed or not.
    let minimum = 0.85 * 600.0 * 9_000.0;
    for month in 18..24 {
        assert!((row(&b, "opex: demand")[month] - minimum).abs() < 1e-6);
    }
    assert!(b.results.unlevered.npv_usd < a.results.unlevered.npv_usd);
    // Prices follow the calendar: the same month of operation falls into a cheaper year.
    let (x, y) = (row(&a, "revenue: two tokens"), row(&b, "revenue: two tokens"));
    assert!((y[60] - 0.88 * x[55]).abs() < 1e-9 * x[55]);
}

#[test]
fn sales_never_exceed_what_buyers_take() {
    let mut project = by_month(simple(None));
    project.streams[0].demand_per_year = Some(Path::ByYear(vec![4e5, 4e5, 6e5]));
    let e = evaluate(&project).unwrap();
    holds(&e);
    // 200 dollars for each of 400,000 units a year, then 600,000; the site could make a million.
    let monthly = row(&e, "revenue");
    assert!((monthly[12] - 4e5 / 12.0 * 200.0).abs() < 1e-6);
    assert!((monthly[24] - 6e5 / 12.0 * 200.0).abs() < 1e-6);
    let mut fuller = project.clone();
    fuller.phases[0].utilisation_frac = 0.9;
    assert_eq!(
        results(&fuller).unwrap().unlevered.npv_usd,
        results(&project).unwrap().unlevered.npv_usd
    );
    fuller.phases[0].utilisation_frac = 0.3;
    let below = evaluate(&fuller).unwrap();
    assert!((row(&below, "revenue")[12] - 3e5 / 12.0 * 200.0).abs() < 1e-6);
}

#[test]
fn units_prices_and_energy_follow_the_year_of_operation() {
    let mut project = by_month(simple(None));
    project.phases[0].service_month = 15;
    project.streams[0].units_per_year = Path::ByYear(vec![1e6, 2e6]);
    project.streams[0].mix = Path::ByYear(vec![1.0, 0.5]);
    project.streams[0].price = Path::Escalating { start: 200.0, per_year_frac: -0.5 };
    project.phases[0].energy_mwh_per_year = Path::ByYear(vec![1_200.0, 2_400.0]);
    let e = evaluate(&project).unwrap();
    let monthly = row(&e, "revenue");
    // Month 15 is in the second year of the model and the first of operation, month 27 in the
    // third and the second.
    assert!((monthly[15] - 1e6 / 12.0 * 100.0).abs() < 1e-6);
    assert!((monthly[24] - 1e6 / 12.0 * 50.0).abs() < 1e-6);
    assert!((monthly[27] - 2e6 / 12.0 * 0.5 * 50.0).abs() < 1e-6);
    let years = (132 - 15) as f64 / 12.0;
    assert!((e.results.energy_mwh - (1_200.0 + 2_400.0 * (years - 1.0))).abs() < 1e-6);
}

#[test]
fn the_parts_of_the_cost_of_tokens_sum_to_the_whole() {
    for project in [campus(), by_month(campus()), simple(None)] {
        let r = results(&project).unwrap();
        let whole = r.cost_usd_per_mtok.unwrap();
        let sum: f64 = r.cost_parts.iter().map(|p| p.usd_per_mtok).sum();
        assert_eq!(whole.to_bits(), sum.to_bits());
        let tax: f64 = r
            .cost_parts
            .iter()
            .filter(|p| p.component == Component::Tax)
            .map(|p| p.usd_per_mtok)
            .sum();
        let levelised = r.levelised_usd_per_mtok.unwrap();
        assert!((whole - tax - levelised).abs() < 1e-12 * levelised);
        // Value after tax is what tokens earn over what they cost.
        let e = evaluate(&project).unwrap();
        let moved = row(&e, "rise of working capital").iter().any(|v| *v != 0.0);
        if !moved {
            let tokens = r.unlevered.npv_usd / (r.mean_usd_per_mtok.unwrap() - whole);
            let energy_free = e.statements.present(0.08, row(&e, "revenue")).iter().sum::<f64>();
            assert!(
                (tokens * r.mean_usd_per_mtok.unwrap() - energy_free).abs() < 1e-6 * energy_free
            );
        }
    }
}

#[test]
fn credits_are_cash_when_bought_and_revenue_when_used_or_expired() {
    let mut project = by_month(simple(None));
    project.streams[0].contract = Some(Contract {
        aged_months: 0,
        term_months: 36,
        price: flat(200.0),
        take_or_pay_frac: 0.0,
        service_credit_frac: 0.0,
        prepaid: Some(Prepaid {
            usd: 3e7,
            months_before: 6,
            expiry_months: 24,
            breakage_frac: 0.1,
        }),
    });
    let e = evaluate(&project).unwrap();
    holds(&e);
    let owed = row(&e, "prepaid by customers");
    assert_eq!((owed[5], owed[6]), (0.0, 3e7));
    // Invoices of 16.7 M$ a month use 27 M$ in two months; a tenth waits until it expires.
    let invoice = 1e6 / 12.0 * 200.0;
    assert!((owed[12] - (3e7 - invoice)).abs() < 1e-3);
    assert!((owed[13] - 3e6).abs() < 1e-3 && (owed[35] - 3e6).abs() < 1e-3);
    assert!(owed[36].abs() < 1e-3);
    assert!((row(&e, "revenue")[36] - invoice - 3e6).abs() < 1e-3);
    // Nothing of it is lost or made: revenue is that without credits and the breakage.
    let mut without = project.clone();
    without.streams[0].contract.as_mut().unwrap().prepaid = None;
    let plain = evaluate(&without).unwrap();
    let total = |e: &Evaluation| row(e, "revenue").iter().sum::<f64>();
    assert!((total(&e) - total(&plain) - 3e6).abs() < 1e-2);
    // Money that comes earlier is worth more.
    assert!(e.results.pretax.npv_usd > plain.results.pretax.npv_usd + 3e6 * 0.7);
}

#[test]
fn service_credits_and_take_or_pay_change_what_a_contract_pays() {
    let paid = |load: f64, take: f64, credit: f64| {
        let mut project = by_month(simple(None));
        project.phases[0].utilisation_frac = load;
        project.streams[0].contract = Some(Contract {
            aged_months: 0,
            term_months: 24,
            price: Path::ByYear(vec![200.0, 210.0]),
            take_or_pay_frac: take,
            service_credit_frac: credit,
            prepaid: None,
        });
        let e = evaluate(&project).unwrap();
        (row(&e, "revenue")[12], row(&e, "revenue")[24], row(&e, "of it under contract")[24])
    };
    let month = 1e6 / 12.0;
    let (first, second, contracted) = paid(0.4, 0.75, 0.02);
    assert!((first - 0.75 * month * 200.0 * 0.98).abs() < 1e-6);
    assert!((second - 0.75 * month * 210.0 * 0.98).abs() < 1e-6);
    assert_eq!(second, contracted);
}

#[test]
fn a_ratchet_bills_the_highest_demand_of_the_months_before() {
    let mut project = by_month(simple(None));
    project.phases[0].degradation_frac = 0.5;
    project.phases[0].idle_energy_frac = 0.0;
    project.phases[0].demand_mw = flat(100.0);
    project.opex[0].driver = Driver::Demand {
        contract_mw: 100.0,
        minimum_frac: 0.1,
        ratchet_frac: 0.8,
        look_back_months: 11,
    };
    project.opex[0].price = flat(1.0);
    let e = evaluate(&project).unwrap();
    let billed = row(&e, "opex: running");
    // Load halves after twelve months: the ratchet holds 80 MW for eleven more, then 50.
    assert_eq!(billed[12], 100.0);
    assert_eq!((billed[24], billed[34], billed[35]), (80.0, 80.0, 50.0));
}

#[test]
fn cover_is_measured_over_the_last_twelve_months() {
    let mut project = by_month(simple(Some(plain_loan(Repayment::Level, 0.5, 0.08))));
    // Half of the year earns nothing: months swing, years do not.
    let demand = [2e6, 0.0].repeat(6);
    project.streams[0].demand_per_year = Some(Path::ByYear(demand));
    project.calendar.horizon_months = 12 * 11;
    let e = evaluate(&project).unwrap();
    let loan = e.results.loan.as_ref().unwrap();
    assert!(loan.cover.dscr[..11].iter().all(Result::is_err));
    let service: f64 = (12..24).map(|n| row(&e, "interest")[n] - row(&e, "repaid")[n]).sum();
    let cash: f64 = (12..24).map(|n| row(&e, "EBITDA")[n]).sum();
    assert!((loan.cover.dscr[11].unwrap() - cash / service).abs() < 1e-9);
}

#[test]
fn a_level_loan_is_sized_by_its_least_cover() {
    let mut loan = plain_loan(Repayment::Level, 1.0, 0.08);
    loan.least_dscr = Some(1.5);
    let e = evaluate(&by_month(simple(Some(loan)))).unwrap();
    let found = e.results.loan.as_ref().unwrap();
    // 170 M$ a year over 1.5 pays this much over seven years at 8 % by the month.
    let monthly: f64 = 170e6 / 1.5 / 12.0;
    let rate: f64 = 0.08 / 12.0;
    let amount = monthly * (1.0 - (1.0 + rate).powi(-84)) / rate;
    assert!((found.amount_usd - amount).abs() < 1.0, "{} {amount}", found.amount_usd);
    assert!((found.cover.least.unwrap() - 1.5).abs() < 1e-6);
}

#[test]
fn a_loan_on_contracts_alone_ignores_what_the_market_pays() {
    let sized = |contracted_only: bool| {
        let mut project = by_month(campus());
        let debt = project.debt.as_mut().unwrap();
        debt.contracted_only = contracted_only;
        let e = evaluate(&project).unwrap();
        holds(&e);
        e.results.loan.unwrap().amount_usd
    };
    assert!(sized(true) < sized(false));
}
