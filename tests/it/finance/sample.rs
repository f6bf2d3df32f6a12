//! Projects to evaluate: one of two phases with everything in it, and one that is as simple as
//! the project of one owner by the year.

use gigasite::finance::depreciation::TaxClass;
use gigasite::finance::project::{
    AssetClass, Calendar, CapexLine, Component, Contract, DebtTerms, Driver, OpexRow, Path, Phase,
    Project, Rates, Refresh, Repayment, Spend, Stream, Unit, WorkingCapital,
};
use gigasite::finance::tax::{InterestLimit, Losses, TaxRules};

pub fn flat(start: f64) -> Path {
    Path::Escalating { start, per_year_frac: 0.0 }
}

fn class(id: &str, life: Option<usize>, tax_class: TaxClass, terminal_frac: f64) -> AssetClass {
    let component = match id {
        "it" => Component::Racks,
        _ => Component::Site,
    };
    AssetClass {
        id: id.to_owned(),
        component,
        book_life_months: life,
        salvage_frac: 0.0,
        tax_class,
        bonus_frac: 1.0,
        state_bonus_frac: 0.0,
        terminal_frac,
    }
}

fn line(id: &str, class: &str, phase: &str, amount_usd: f64, months: &[usize]) -> CapexLine {
    let frac = 1.0 / months.len() as f64;
    CapexLine {
        id: id.to_owned(),
        class: class.to_owned(),
        phase: phase.to_owned(),
        amount_usd,
        contingency_frac: 0.05,
        spend: months.iter().map(|month| Spend { month: *month, frac }).collect(),
        service_month: None,
        refresh: None,
    }
}

fn row(id: &str, driver: Driver, price: Path) -> OpexRow {
    let component = match driver {
        Driver::Mwh | Driver::Demand { .. } => Component::Energy,
        _ => Component::Opex,
    };
    OpexRow {
        id: id.to_owned(),
        component,
        phase: None,
        driver,
        price,
        from_month: None,
        until_month: None,
    }
}

fn phase(id: &str, service_month: usize) -> Phase {
    Phase {
        id: id.to_owned(),
        it_mw: 250.0,
        gpus: 100_000.0,
        it_ratio: Path::one(),
        gpu_ratio: Path::one(),
        service_month,
        ramp_months: 9,
        ramp_start_frac: 0.2,
        utilisation_frac: 0.7,
        degradation_frac: 0.01,
        energy_mwh_per_year: flat(2.4e6),
        idle_energy_frac: 0.3,
        demand_mw: flat(290.0),
    }
}

/// Two phases of 250 MW, fifteen years, with refreshes, contract, loan and reserve.
pub fn campus() -> Project {
    let mut accelerators = Vec::new();
    let mut streams = Vec::new();
    let mut others = Vec::new();
    for (id, at) in [("one", 24usize), ("two", 36)] {
        let mut it = line(&format!("{id} racks"), "it", id, 6.2e9, &[at - 6, at - 3, at - 1]);
        it.refresh = Some(Refresh {
            next_cost_frac: None,
            every_months: 60,
            cost_frac: 0.8,
            residual_frac: 0.1,
            least_remaining_months: 24,
        });
        accelerators.push(it);
        let power: Vec<usize> = (at - 20..at).collect();
        others.push(line(&format!("{id} electrical"), "electrical", id, 2.1e9, &power));
        others.push(line(&format!("{id} shell"), "shell", id, 0.9e9, &power));
        streams.push(Stream {
            id: format!("{id} tokens"),
            phase: id.to_owned(),
            unit: Unit::MillionTokens,
            units_per_year: flat(6e9),
            price: Path::Escalating { start: 1.7, per_year_frac: -0.12 },
            mix: flat(1.0),
            demand_per_year: None,
            contract: (id == "one").then(|| Contract {
                aged_months: 0,
                term_months: 96,
                price: flat(1.2),
                take_or_pay_frac: 0.5,
                service_credit_frac: 0.0,
                prepaid: None,
            }),
        });
    }
    others.push(line("land", "land", "one", 1.2e8, &[0]));
    accelerators.extend(others);
    Project {
        calendar: Calendar {
            start_year: 2027,
            start_month: 4,
            fiscal_year_end: 12,
            build_step_months: 1,
            operation_step_months: 12,
            horizon_months: 36 + 180,
        },
        rates: Rates {
            discount_frac: 0.10,
            equity_frac: 0.14,
            finance_frac: 0.08,
            reinvest_frac: 0.10,
        },
        phases: vec![phase("one", 24), phase("two", 36)],
        classes: vec![
            class("land", None, TaxClass::Land, 1.0),
            class("it", Some(60), TaxClass::Macrs(5), 0.05),
            class("electrical", Some(180), TaxClass::Macrs(15), 0.0),
            class("shell", Some(360), TaxClass::Real39, 0.2),
            class("financing", Some(120), TaxClass::StraightLine(10), 0.0),
        ],
        capex: accelerators,
        streams,
        opex: vec![
            row("energy", Driver::Mwh, Path::Escalating { start: 62.0, per_year_frac: 0.02 }),
            OpexRow {
                from_month: Some(18),
                ..row(
                    "demand",
                    Driver::Demand {
                        contract_mw: 600.0,
                        minimum_frac: 0.85,
                        ratchet_frac: 0.0,
                        look_back_months: 0,
                    },
                    flat(9_000.0),
                )
            },
            row("carbon", Driver::Tonne { t_per_mwh: 0.3 }, flat(20.0)),
            row("staff", Driver::Year, flat(9e6)),
            row("maintenance", Driver::CostOf("electrical".to_owned()), flat(0.02)),
            row("royalty", Driver::Revenue, flat(0.03)),
            row("transit", Driver::UnitOf("one tokens".to_owned()), flat(0.002)),
            row("halls", Driver::ItMw, flat(1.1e5)),
            row("restoration", Driver::Amounts(vec![(215, 4e7)]), flat(1.0)),
        ],
        working_capital: WorkingCapital { receivable_days: 45.0, payable_days: 30.0 },
        debt: Some(DebtTerms {
            gearing_cap_frac: 0.6,
            rate_frac: 0.09,
            term_start_month: 48,
            tenor_months: 84,
            interest_only_months: 6,
            repayment: Repayment::Sculpted { dscr: 1.35 },
            least_dscr: None,
            contracted_only: false,
            cover_after_tax: true,
            upfront_frac: 0.02,
            commitment_frac: 0.01,
            reserve_months: 6,
            sweep_frac: 0.25,
            lockup_dscr: Some(1.2),
            cost_class: "financing".to_owned(),
        }),
        tax: TaxRules {
            federal_frac: 0.21,
            state_frac: 0.05,
            losses: Losses::CarriedForward { limit_frac: 0.8 },
            interest_limit: Some(InterestLimit { frac: 0.3, before_depreciation: true }),
        },
        delay_months: 0,
    }
}

/// 1,000 M$ paid at the end of year 1, 170 M$ a year for ten years after it.
pub fn simple(debt: Option<DebtTerms>) -> Project {
    Project {
        calendar: Calendar {
            start_year: 2027,
            start_month: 1,
            fiscal_year_end: 12,
            build_step_months: 1,
            operation_step_months: 12,
            horizon_months: 12 * 11,
        },
        rates: Rates {
            discount_frac: 0.08,
            equity_frac: 0.08,
            finance_frac: 0.08,
            reinvest_frac: 0.08,
        },
        phases: vec![Phase {
            ramp_months: 0,
            utilisation_frac: 1.0,
            degradation_frac: 0.0,
            ..phase("all", 12)
        }],
        classes: vec![
            AssetClass { bonus_frac: 0.0, ..class("it", Some(60), TaxClass::Macrs(5), 0.0) },
            class("financing", Some(60), TaxClass::StraightLine(5), 0.0),
        ],
        capex: vec![CapexLine { contingency_frac: 0.0, ..line("all", "it", "all", 1e9, &[11]) }],
        streams: vec![Stream {
            id: "tokens".to_owned(),
            phase: "all".to_owned(),
            unit: Unit::MillionTokens,
            units_per_year: flat(1e6),
            price: flat(200.0),
            mix: flat(1.0),
            demand_per_year: None,
            contract: None,
        }],
        opex: vec![row("running", Driver::Year, flat(3e7))],
        working_capital: WorkingCapital::default(),
        debt,
        tax: TaxRules {
            federal_frac: 0.21,
            state_frac: 0.0,
            losses: Losses::UsedAtOnce,
            interest_limit: None,
        },
        delay_months: 0,
    }
}

/// A loan without fee, reserve, sweep or lock-up.
pub fn plain_loan(repayment: Repayment, gearing_cap_frac: f64, rate_frac: f64) -> DebtTerms {
    DebtTerms {
        gearing_cap_frac,
        rate_frac,
        term_start_month: 12,
        tenor_months: 84,
        interest_only_months: 0,
        repayment,
        least_dscr: None,
        contracted_only: false,
        cover_after_tax: false,
        upfront_frac: 0.0,
        commitment_frac: 0.0,
        reserve_months: 0,
        sweep_frac: 0.0,
        lockup_dscr: None,
        cost_class: "financing".to_owned(),
    }
}
