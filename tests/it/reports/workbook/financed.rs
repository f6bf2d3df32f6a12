//! The pilot and the campus under loans of each kind, contracts, replacement, delay, and rows of
//! running cost: what the shipped layouts do not have and a workbook must have right as well.

use super::{Asked, Valued, layouts};
use crate::reports::Shipped;
use gigasite::site::{ContractKind, FinanceInputs, LoanInputs, LoanKind, SalesContract};
use gigasite::study::finance::value;
use gigasite::study::risk::{
    self, Appraiser, Question, Range, Watch, apply, default_pair, monte_carlo, tornado, two_way,
};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

fn loan(kind: LoanKind, tenor_years: f64) -> LoanInputs {
    LoanInputs {
        share_frac: Some(0.55),
        kind: Some(kind),
        tenor_years: Some(tenor_years),
        cover_ratio: Some(1.35),
        merchant_cash: Some(true),
        reserve_months: Some(6),
        ..LoanInputs::default()
    }
}

fn sold_ahead(f: &mut FinanceInputs) {
    f.contracts = vec![
        SalesContract {
            id: "anchor".to_owned(),
            tier: Some("medium".to_owned()),
            volume_tok_s: Some(200_000.0),
            prices_usd: vec![1.1, 1.0, 0.9],
            term_months: 40,
            take_or_pay_frac: Some(0.8),
            service_credit_frac: Some(0.02),
            prepaid_usd: Some(4e6),
            prepaid_months: Some(5),
            ..SalesContract::default()
        },
        SalesContract {
            id: "credits".to_owned(),
            kind: ContractKind::Credits,
            tier: Some("medium".to_owned()),
            credits_usd: Some(6e6),
            prices_usd: vec![1.0],
            term_months: 24,
            breakage_frac: Some(0.1),
            prepaid_months: Some(2),
            ..SalesContract::default()
        },
    ];
}

fn running(f: &mut FinanceInputs) {
    f.capital.land_usd = Some(3.2e6);
    f.capital.grid_connection_usd = Some(11e6);
    f.capital.sales_tax_frac = Some(0.04);
    f.capital.duty_frac = Some(0.02);
    let own = &mut f.running;
    own.water_usd_per_year = Some(240e3);
    own.staff_usd_per_year = Some(2.1e6);
    own.maintenance_frac = Some(0.004);
    own.rack_maintenance_frac = Some(0.002);
    own.insurance_frac = Some(0.0015);
    own.property_tax_frac = Some(0.001);
    own.abatement_frac = Some(0.5);
    own.abatement_years = Some(3);
    own.licences_usd_per_gpu_year = Some(300.0);
    own.rent_usd_per_kw_month = Some(1.5);
}

type Change = fn(&mut FinanceInputs);
/// Name, layout, and what of its finance is another.
const CASES: [(&str, &str, Change); 9] = [
    ("sculpted", "pilot-20mw", |f| {
        f.loan = LoanInputs {
            sweep_frac: Some(0.4),
            lockup_ratio: Some(1.5),
            // The first months of the ramp carry less than their interest.
            interest_only_months: Some(0),
            ..loan(LoanKind::Sculpted, 4.0)
        };
    }),
    ("level", "pilot-20mw", |f| {
        f.loan = LoanInputs { interest_only_months: Some(6), ..loan(LoanKind::Level, 4.5) };
        f.interest_limit_frac = Some(0.3);
        f.delay_months = Some(4);
    }),
    ("equal", "pilot-20mw", |f| {
        f.loan = loan(LoanKind::EqualPrincipal, 3.0);
        f.losses_at_once = Some(true);
        sold_ahead(f);
    }),
    ("contracted", "pilot-20mw", |f| {
        f.loan = LoanInputs { merchant_cash: None, ..loan(LoanKind::Level, 3.0) };
        sold_ahead(f);
        if let Some(anchor) = f.contracts.first_mut() {
            anchor.volume_tok_s = Some(5_000_000.0);
        }
    }),
    ("bullet", "pilot-20mw", |f| {
        f.loan = LoanInputs { sweep_frac: Some(0.25), ..loan(LoanKind::Bullet, 3.0) };
        f.fiscal_year_end_month = Some(6);
    }),
    ("replaced", "pilot-20mw", |f| {
        f.operating_years = Some(12.0);
        f.loan = loan(LoanKind::Sculpted, 7.0);
        sold_ahead(f);
        running(f);
    }),
    ("renewed", "pilot-20mw", |f| {
        f.operating_years = Some(9.0);
        f.refresh_rack = Some("vr-nvl72".to_owned());
        f.capital.sales_tax_frac = Some(0.04);
    }),
    ("running", "pilot-20mw", running),
    ("phased", "campus-1gw", |f| {
        f.loan = LoanInputs { sweep_frac: Some(0.3), ..loan(LoanKind::Sculpted, 3.0) };
        f.operating_years = Some(9.0);
        f.delay_months = Some(2);
    }),
];

/// All of them; the last one has answers to what may be asked of a value.
pub fn financed() -> &'static [(String, Valued)] {
    static ALL: OnceLock<Vec<(String, Valued)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let (mut all, mut faults) = (Vec::new(), Vec::new());
        for case in CASES {
            match of(case) {
                Ok(valued) => all.push((case.0.to_owned(), valued)),
                Err(fault) => faults.push(format!("{}: {fault}", case.0)),
            }
        }
        all.push(("asked".to_owned(), asked()));
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        all
    })
}

fn of((_, layout, change): (&str, &str, Change)) -> Result<Valued, String> {
    let (_, known) = layouts().iter().find(|(n, _)| n == layout).unwrap();
    let mut site = known.shipped.site.clone();
    let finance = &mut Arc::make_mut(&mut site.terms).finance;
    // Something that banks lend on: cheaper to build, at prices that last.
    finance.site_capex_usd_per_mw = Some(6e6);
    change(finance);
    let mut catalog = known.shipped.catalog.clone();
    let last = ("costs.price-decline-frac-per-year", "0.03");
    for (path, value) in [
        last,
        ("racks.gb300-nvl72.price_usd", "900000.0"),
        ("racks.vr-nvl72.price_usd", "2000000.0"),
    ] {
        let change = risk::Change { path: path.to_owned(), value: value.to_owned() };
        apply(&mut site, &mut catalog, &change).unwrap();
    }
    // What is financed is the same plan.
    let outcome = known.shipped.outcome.clone();
    let shipped = Shipped { site, catalog, outcome, file: String::new() };
    with(shipped, &Asked::default())
}

fn with(shipped: Shipped, asked: &Asked) -> Result<Valued, String> {
    let outcome = shipped.outcome.as_ref().unwrap();
    let (site, catalog) = (&shipped.site, &shipped.catalog);
    let finance = value(site, outcome, catalog).map_err(|e| e.to_string())?;
    let made = gigasite::report::workbook::of(site, catalog, outcome, &finance, asked);
    let made = made.map_err(|e| e.to_string())?;
    Ok(Valued { shipped, finance, made })
}

fn asked() -> Valued {
    let shipped = Shipped::valued("pilot-20mw");
    let outcome = shipped.outcome.as_ref().unwrap();
    let mut appraiser = Appraiser::of(&shipped.site, &shipped.catalog, outcome).unwrap();
    let (rows, columns) = default_pair(&appraiser);
    let question = Question { draws: 40, seed: 7, ..Question::default() };
    let watch = Watch { cancelled: &AtomicBool::new(false), progress: &|_| () };
    let asked = Asked {
        gaps: Vec::new(),
        tornado: Some(tornado(&mut appraiser, Range::Register, 20)),
        two_way: Some(two_way(&mut appraiser, &rows, &columns).unwrap()),
        draws: Some(monte_carlo(&mut appraiser, &question, &watch).unwrap()),
    };
    with(shipped, &asked).unwrap()
}

#[test]
fn cases_have_what_they_are_for() {
    for (name, v) in financed() {
        let r = &v.finance.evaluation.results;
        let loan = !["running", "asked", "renewed"].contains(&name.as_str());
        assert_eq!(r.loan.is_some(), loan, "{name}");
        if let Some(loan) = &r.loan {
            assert!(loan.amount_usd > 1e6, "{name}: a loan of {}", loan.amount_usd);
        }
    }
    let of = |name: &str| &financed().iter().find(|(n, _)| n == name).unwrap().1;
    assert!(of("replaced").finance.evaluation.results.capex.refresh_usd > 0.0);
    let renewed = &of("renewed").finance;
    assert!(!renewed.renewal.is_empty() && renewed.evaluation.results.capex.refresh_usd > 0.0);
    assert!(of("equal").finance.evaluation.results.contracted_frac.unwrap() > 0.0);
    assert!(of("phased").finance.project.phases.len() > 2);
    let sheets = &of("asked").made.book.sheets;
    assert!(sheets.iter().any(|s| s.name == "Sensitivities" && s.charts.len() == 3));
    assert!(!layouts()[0].1.made.book.sheets.iter().any(|s| s.name == "Sensitivities"));
}
