//! Contracts of a layout in two phases against closed forms: every kind, its term, steps of price,
//! share that is paid for anyway, money ahead and credits for missed service.

use crate::support::{answer, changed, close, layout};
use gigasite::finance::project::{Statements, Stream};
use gigasite::site::Site;
use gigasite::study::finance::{NoFinance, Plans, SiteFinance, tier_of, value_on};
use gigasite::study::{Outcome, SolveOptions};
use std::sync::LazyLock;

const MTOK: f64 = 31.536;

static SOLVED: LazyLock<(Site, Outcome)> = LazyLock::new(|| {
    let site = layout("mixed-250mw");
    let outcome = answer(site.clone(), &[], &SolveOptions::default());
    (site, outcome)
});

fn with(contracts: &str, more: &[(&str, &str)]) -> Result<SiteFinance, NoFinance> {
    let mut changes = vec![
        ("costs.ramp-months", "0"),
        ("finance.degradation_frac", "0"),
        ("costs.inflation-frac", "0"),
        ("costs.price-decline-frac-per-year", "0"),
        // Few hands: the second phase is in service later.
        ("finance.trade_workers", "600"),
    ];
    changes.extend((!contracts.is_empty()).then_some(("finance.contracts", contracts)));
    changes.extend(more);
    let (site, catalog) = changed(SOLVED.0.clone(), &changes);
    value_on(&site, &SOLVED.1, &catalog, &Plans::held(&SOLVED.1.plan))
}

/// Months of service of both phases.
fn service(f: &SiteFinance) -> [usize; 2] {
    let months: Vec<usize> = f.project.phases.iter().map(|p| p.service_month).collect();
    [months[0], months[1]]
}

/// Revenue of all parts of a contract by month.
fn revenue(f: &SiteFinance, id: &str) -> Vec<f64> {
    let rows = &f.evaluation.statements.income;
    let own = |s: &&Stream| s.id == id || s.id.starts_with(&format!("{id}, "));
    let mut sum = vec![0.0; f.project.calendar.horizon_months];
    for stream in f.project.streams.iter().filter(own) {
        let row = Statements::row(rows, &format!("revenue: {}", stream.id)).unwrap();
        sum.iter_mut().zip(row).for_each(|(sum, usd)| *sum += usd);
    }
    sum
}

#[track_caller]
fn holds(f: &SiteFinance) {
    for check in &f.evaluation.statements.checks {
        assert!(check.holds(), "{}: off by {} USD", check.name, check.off_usd);
    }
}

/// A tier that sells tokens in both phases, and what each makes of it a year at the plan's load,
/// in million tokens.
fn tokens() -> (String, [f64; 2]) {
    let f = with("", &[]).unwrap();
    let tier = SOLVED.1.plan.tiers.iter().filter(|t| t.tokens_per_s > 0.0);
    let tier = tier.max_by(|a, b| a.tokens_per_s.total_cmp(&b.tokens_per_s)).unwrap();
    let of = |phase: &str| {
        let id = format!("{}, {phase}", tier.id);
        let own = f.project.streams.iter().find(|s| s.id == id).unwrap();
        own.units_per_year.at_year(0) * f.project.phases[0].utilisation_frac
    };
    (tier.id.clone(), [of("p1"), of("p2")])
}

#[test]
fn a_contract_larger_than_the_first_phase_is_served_by_both() {
    let (tier, [first, second]) = tokens();
    let units = first + 0.5 * second;
    let rate = units / MTOK;
    let contract = format!(
        "[(id: \"anchor\", kind: \"Tokens\", tier: {tier:?}, volume_tok_s: {rate:?}, \
         prices_usd: [3.0, 2.0, 1.5], term_months: 40, take_or_pay_frac: 1.0, \
         service_credit_frac: 0.05)]"
    );
    let f = with(&contract, &[]).unwrap();
    holds(&f);
    let [a, b] = service(&f);
    assert!(b > a);
    let revenue = revenue(&f, "anchor");
    let price = |month: usize| [3.0, 2.0, 1.5][((month - a) / 12).min(2)] * 0.95;
    for (month, paid) in revenue.iter().enumerate().skip(a).take(40) {
        let served = if month < b { first } else { units };
        close(*paid, served / 12.0 * price(month), 1e-9, &format!("month {month}"));
    }
    // Prices are those of the year of the contract for both phases, and both end with it.
    let parts: Vec<&Stream> =
        f.project.streams.iter().filter(|s| s.id.starts_with("anchor")).collect();
    assert_eq!(parts.len(), 2);
    let site = changed(SOLVED.0.clone(), &[("finance.contracts", &contract)]).0;
    for part in &parts {
        let phase = f.project.phases.iter().find(|p| p.id == part.phase).unwrap();
        assert_eq!(phase.service_month + part.contract.as_ref().unwrap().term_months, a + 40);
        assert_eq!(tier_of(&site, &part.id), tier);
    }
    let more =
        contract.replace(&format!("{rate:?}"), &format!("{:?}", (first + second) / MTOK * 1.01));
    let NoFinance::Input(error) = with(&more, &[]).unwrap_err() else { panic!("no input error") };
    assert_eq!(error.field, "finance.contracts.anchor.tier");
}

#[test]
fn money_ahead_of_a_contract_of_two_phases_comes_at_once_and_is_used_up() {
    let (tier, [first, second]) = tokens();
    let rate = (first + 0.5 * second) / MTOK;
    let contract = format!(
        "[(id: \"anchor\", kind: \"Tokens\", tier: {tier:?}, volume_tok_s: {rate:?}, \
         prices_usd: [3.0], term_months: 60, take_or_pay_frac: 1.0, prepaid_usd: 9e6, \
         prepaid_months: 6)]"
    );
    let f = with(&contract, &[]).unwrap();
    holds(&f);
    let [a, _] = service(&f);
    let owed = Statements::row(&f.evaluation.statements.balance, "prepaid by customers").unwrap();
    assert_eq!(owed[a - 7], 0.0);
    close(owed[a - 6], 9e6, 1e-12, "received");
    assert!(owed.last().unwrap().abs() < 1e-6);
    let without = with(&contract.replace("prepaid_usd: 9e6, prepaid_months: 6", ""), &[]);
    let total = |f: &SiteFinance| revenue(f, "anchor").iter().sum::<f64>();
    close(total(&f), total(&without.unwrap()), 1e-9, "revenue");
}

#[test]
fn reserved_gpu_hours_are_paid_by_the_hour() {
    let tier = "reserved-gb300";
    let sold = SOLVED.1.plan.tiers.iter().find(|t| t.id == tier).unwrap().gpus;
    assert!(sold > 0.0);
    let contract = format!(
        "[(id: \"lab\", kind: \"GpuHours\", tier: {tier:?}, volume_gpus: {:?}, \
         prices_usd: [4.0, 3.5], term_months: 24, take_or_pay_frac: 1.0)]",
        0.25 * sold
    );
    let f = with(&contract, &[]).unwrap();
    holds(&f);
    let [a, _] = service(&f);
    let revenue = revenue(&f, "lab");
    for (month, price) in [(a, 4.0), (a + 11, 4.0), (a + 12, 3.5), (a + 23, 3.5)] {
        close(revenue[month], 0.25 * sold * 730.0 * price, 1e-9, &format!("month {month}"));
    }
}

#[test]
fn a_powered_shell_is_paid_by_the_kilowatt_month_whatever_is_used() {
    let spare = [("site.grid_contract_mw", "400")];
    let contract = "[(id: \"shell\", kind: \"PoweredShell\", shell_kw: 5000.0, \
                    prices_usd: [150.0, 155.0], term_months: 36)]";
    let f = with(contract, &spare).unwrap();
    holds(&f);
    let [a, _] = service(&f);
    let revenue = revenue(&f, "shell");
    for (month, price) in [(a, 150.0), (a + 11, 150.0), (a + 12, 155.0), (a + 35, 155.0)] {
        close(revenue[month], 5000.0 * price, 1e-9, &format!("month {month}"));
    }
    // Beyond the grid contract nothing can be let.
    let NoFinance::Input(error) =
        with(&contract.replace("5000.0", "400001.0"), &spare).unwrap_err()
    else {
        panic!("no input error")
    };
    assert_eq!(error.field, "finance.contracts.shell.shell_kw");
}

#[test]
fn credits_are_used_at_the_steps_of_their_price_and_breakage_is_earned_when_they_expire() {
    let (tier, [first, _]) = tokens();
    // A tenth of the first phase for two years, the second at half the price.
    let used = 0.1 * first * (2.0 + 1.0);
    let usd = used / 0.8;
    let contract = format!(
        "[(id: \"credits\", kind: \"Credits\", tier: {tier:?}, credits_usd: {usd:?}, \
         prices_usd: [2.0, 1.0], term_months: 36, expiry_months: 24, breakage_frac: 0.2, \
         prepaid_months: 3)]"
    );
    let f = with(&contract, &[]).unwrap();
    holds(&f);
    let [a, _] = service(&f);
    let revenue = revenue(&f, "credits");
    close(revenue[a], 0.1 * first / 12.0 * 2.0, 1e-9, "first year");
    close(revenue[a + 12], 0.1 * first / 12.0, 1e-9, "second year");
    // In the month of expiry: what is never used, and an invoice of its own.
    close(revenue[a + 24], 0.2 * usd + 0.1 * first / 12.0, 1e-9, "breakage");
    let owed = Statements::row(&f.evaluation.statements.balance, "prepaid by customers").unwrap();
    close(owed[a - 1], usd, 1e-12, "received");
    close(owed[a + 23], 0.2 * usd, 1e-9, "left");
    assert!(owed[a + 24].abs() < 1e-6);
}

#[test]
fn take_or_pay_pays_its_share_when_less_is_sold() {
    let (tier, [first, _]) = tokens();
    let rate = 0.5 * first / MTOK;
    let contract = format!(
        "[(id: \"anchor\", kind: \"Tokens\", tier: {tier:?}, volume_tok_s: {rate:?}, \
         prices_usd: [3.0], term_months: 24, take_or_pay_frac: 0.7)]"
    );
    // Half of the plan's load is sold: the contract pays for 70 % of its volume.
    let half = SOLVED.1.plan.hours.iter().map(|h| h.utilisation_frac * h.weight_h).sum::<f64>();
    let half = format!("{:?}", 0.5 * half / 8760.0);
    let f = with(&contract, &[("finance.utilisation_frac", &half)]).unwrap();
    let [a, _] = service(&f);
    close(revenue(&f, "anchor")[a], 0.7 * 0.5 * first / 12.0 * 3.0, 1e-9, "take or pay");
    // After the term the same capacity sells in the market.
    let later = revenue(&f, "anchor")[a + 24];
    assert!(later > 0.0);
    let contracted = Statements::row(&f.evaluation.statements.income, "of it under contract");
    assert_eq!(contracted.unwrap()[a + 24], 0.0);
}

#[test]
fn a_lender_reads_covers_of_contracts_alone_and_sizes_on_them() {
    let (tier, [first, second]) = tokens();
    let rate = 0.9 * (first + second) / MTOK;
    let contract = format!(
        "[(id: \"anchor\", kind: \"Tokens\", tier: {tier:?}, volume_tok_s: {rate:?}, \
         prices_usd: [20.0], term_months: 40, take_or_pay_frac: 1.0)]"
    );
    let loan = [("finance.loan.share_frac", "0.6"), ("finance.loan.tenor_years", "3")];
    let f = with(&contract, &loan).unwrap();
    holds(&f);
    let l = f.evaluation.results.loan.as_ref().unwrap();
    assert!(l.amount_usd > 0.0);
    let s = &f.evaluation.statements;
    let row = |rows: &[gigasite::finance::project::Row], name: &str| {
        Statements::row(rows, name).unwrap().to_vec()
    };
    let (ebitda, tax) = (row(&s.income, "EBITDA"), row(&s.income, "current tax"));
    let (revenue, sure) = (row(&s.income, "revenue"), row(&s.income, "of it under contract"));
    let rise = row(&s.cash_flow, "rise of working capital");
    let start = service(&f)[1];
    let monthly = f.project.debt.as_ref().unwrap().rate_frac / 12.0;
    let worth = |until: usize, contracts: bool| -> f64 {
        let cash = |n: usize| {
            let all = ebitda[n] - tax[n] + rise[n];
            if contracts { all - revenue[n] + sure[n] } else { all }
        };
        let of = |n: usize| cash(n) / (1.0 + monthly).powi((n - start + 1) as i32);
        (start..until).map(of).sum::<f64>() / l.amount_usd
    };
    let end = ebitda.len();
    close(l.loan_life_cover.unwrap(), worth(start + 36, false), 1e-9, "LLCR");
    close(l.contracted_loan_life_cover.unwrap(), worth(start + 36, true), 1e-9, "LLCR, contracts");
    close(l.project_life_cover.unwrap(), worth(end, false), 1e-9, "PLCR");
    close(l.contracted_project_life_cover.unwrap(), worth(end, true), 1e-9, "PLCR, contracts");
    // On all cash a smaller contract lends as much, on itself less.
    let small = contract.replace("prices_usd: [20.0]", "prices_usd: [0.1]");
    let of = |more: &[(&str, &str)]| {
        let terms: Vec<(&str, &str)> = loan.iter().chain(more).copied().collect();
        with(&small, &terms).unwrap().evaluation.results.loan.unwrap().amount_usd
    };
    assert!(of(&[("finance.loan.merchant_cash", "true")]) > of(&[]));
    // The usual tenor ends with operation.
    let usual = with(&contract, &loan[..1]).unwrap();
    let debt = usual.project.debt.as_ref().unwrap();
    assert_eq!(debt.term_start_month + debt.tenor_months, usual.project.calendar.horizon_months);
}
