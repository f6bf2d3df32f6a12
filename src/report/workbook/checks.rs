//! What must hold, each with its tolerance, and the one state of all.

use super::book::{Axis, Cell, Form, Line, Role, Sheet};
use super::capital::Group;
use super::context::{Context, cell_of};
use super::loan::sized_by_cover;

/// A check: name, how far off, and the constant that it may be off by.
struct Check {
    name: &'static str,
    off: String,
    tolerance: &'static str,
    unit: &'static str,
}

const CENT: &str = "[const:cent]";
const DOLLAR: &str = "[const:dollar]";
const NONE: &str = "[const:none]";

fn check(name: &'static str, off: impl Into<String>, tolerance: &'static str) -> Check {
    let unit = if tolerance == NONE { "number" } else { "USD" };
    Check { name, off: off.into(), tolerance, unit }
}

/// To the cent, so that what is left of rounding is nothing.
fn cents(formula: &str) -> String {
    format!("ROUND(ABS({formula}),[const:cents])")
}

pub(super) fn sheet(context: &mut Context, groups: &[Group]) -> Sheet {
    let mut sheet = context.other("Checks", Axis::None, 0);
    sheet.widths = vec![64.0, 18.0, 16.0, 18.0, 16.0];
    sheet.lines.truncate(2);
    sheet.heads((0..).zip(["Check", "Off by", "Unit", "May be off by", "State"]), &[0, 2, 4]);
    let mut list = capital(context, groups);
    list.extend(books(context));
    list.extend(results(context));
    let last = list.len() - 1;
    for (n, check) in list.into_iter().enumerate() {
        let state = format!("([check/{n}/off]<=[check/{n}/most])*1");
        sheet.add(Line::of(vec![
            Cell::text(0, check.name, Role::Plain),
            Cell::formula(1, check.off, Form::Dollars).key(format!("check/{n}/off")),
            Cell::text(2, check.unit, Role::Subtitle),
            Cell::formula(3, check.tolerance, Form::Dollars).key(format!("check/{n}/most")),
            Cell::formula(4, state, Form::Whole).role(Role::State).key(format!("check/{n}")),
        ]));
    }
    sheet.add(Line::default());
    let all = format!("MIN([check/0::check/{last}])");
    sheet.add(Line::of(vec![
        Cell::text(0, "All of them", Role::Total),
        Cell::text(1, "", Role::Total),
        Cell::text(2, "", Role::Total),
        Cell::text(3, "", Role::Total),
        Cell::formula(4, all, Form::Whole).role(Role::State).key("check/all"),
    ]));
    let words = "IF([check/all]=1,\"All checks hold\",\"CHECKS FAIL\")";
    sheet.add(Line::of(vec![
        Cell::text(0, "In words, as at the head of every sheet", Role::Plain),
        Cell::formula(4, words, Form::General).role(Role::StateText).key("check/state"),
    ]));
    sheet.add(Line::default());
    sheet.add(Line::of(vec![
        Cell::text(
            0,
            "Inputs changed since the export (no check: pasted figures are those of the export)",
            Role::Plain,
        ),
        Cell::formula(1, "[inputs/changed]", Form::Whole).key("check/changed"),
    ]));
    sheet
}

fn capital(context: &Context, groups: &[Group]) -> Vec<Check> {
    let project = context.project();
    let mut list = vec![
        check("Capital paid is the take-off", cents("[capex/paid$]-[capex/paid#]"), CENT),
        check("Capital by phase is capital by class", cents("[capex/phases#]-[capex/paid#]"), CENT),
        check("Capital by year is capital by month", cents("[s/c/capital#]+[capex/paid#]"), CENT),
    ];
    if !context.source.take_off.is_empty() {
        let name = "The items of the take-off are the capital paid";
        list.push(check(name, cents("[take/total]-[capex/paid#]"), CENT));
    }
    if context.source.schedule.is_some() {
        let name = "What is committed in the end is the capital";
        list.push(check(name, cents("MAX([committed/ordered:])-[capex/paid#]"), CENT));
    }
    let profiles: Vec<String> = (0..project.capex.len())
        .filter(|n| {
            let line = project.capex.get(*n);
            let first = project.capex.iter().position(|l| line.is_some_and(|o| o.spend == l.spend));
            first == Some(*n)
        })
        .map(|n| format!("profile/{n}"))
        .collect();
    if let (Some(first), Some(last)) = (profiles.first(), profiles.last()) {
        let block = format!("{first}..{last}#");
        let off = format!("ROUND(MAX(1-MIN([{block}]),MAX([{block}])-1),[const:digits])");
        list.push(check("Shares of payment sum to 1 for each profile", off, NONE));
    }
    if !groups.is_empty() {
        let late = cents("[books/late#]");
        list.push(check("Nothing is paid after the month of service", late, CENT));
    }
    if context.source.contract_mw.is_some() && !project.phases.is_empty() {
        let last = project.phases.len() - 1;
        let contract = cell_of(super::links::CONTRACT);
        let off = format!("MAX(SUM([phase/0/it..phase/{last}/it$])-{contract},0)");
        list.push(Check { unit: "MW", ..check("IT power is within the contract", off, NONE) });
    }
    list.push(check(
        "The model ends within the columns",
        "MAX([time/horizon$]-MAX([time/n:]),0)",
        NONE,
    ));
    list
}

fn books(context: &Context) -> Vec<Check> {
    let loan = context.project().debt.is_some();
    let mut list = vec![
        check(
            "Balance sheet balances in every year",
            "ROUND(SUMPRODUCT(ABS([s/assets:]-[s/claims:])),[const:cents])",
            DOLLAR,
        ),
        check("Book depreciation and disposal write off the cost", cents("[books/proof$]"), CENT),
        check(
            "Federal deductions and disposal write off the basis",
            cents("[tax/proof_federal$]"),
            CENT,
        ),
        check(
            "State deductions and disposal write off the basis",
            cents("[tax/proof_state$]"),
            CENT,
        ),
        check("Tax paid by month is tax by year", cents("[u/paid#]-[u/tax#]"), CENT),
        check(
            "Nothing is left at the end",
            "ROUND(ABS(INDEX([s/assets:],[time/lastyear$]+1)),[const:cents])",
            CENT,
        ),
        check("Revenue by year is revenue by month", cents("[s/revenue#]-[revenue#]"), CENT),
        check("Running cost by year is running cost by month", cents("[s/opex#]-[opex#]"), CENT),
        check("Flow by year is flow by month", cents("[s/free#]-[after/flow#]"), CENT),
    ];
    if loan {
        list.push(check(
            "Change of cash is change of the balance",
            cents("[s/c/change#]-INDEX([s/cash:],[time/lastyear$]+1)"),
            CENT,
        ));
        list.push(check(
            "Cash is never negative",
            "ROUND(MAX(-MIN([loan/kept:]),-MIN([loan/reserve:]),0),[const:cents])",
            CENT,
        ));
        list.push(check(
            "The loan is drawn and repaid in full",
            cents("[s/c/drawn#]+[s/c/repaid#]"),
            CENT,
        ));
        list.push(check(
            "Nothing is owed when the term ends",
            "ROUND(SUMPRODUCT([loan/closes:]*[loan/balance:]),[const:cents])",
            CENT,
        ));
    } else {
        list.push(check("Change of cash is nothing without a loan", cents("[s/c/change#]"), CENT));
    }
    list
}

fn results(context: &Context) -> Vec<Check> {
    let project = context.project();
    let mut list = vec![
        check(
            "Net present value by factors and by dates differ by less than 0.2 % of the inflows",
            "ROUND(ABS([after/xnpv]*(1+[time/rate$])^-(1/[time/months$])-[after/npv]),[const:cents])",
            "[const:dates]*[after/pvin]",
        ),
        check("Present value by year is that by month", cents("[s/value#]-[after/npv]"), CENT),
        check(
            "Value equals the engine's, as long as no input is changed",
            "ROUND(ABS([after/npv]-[engine/npv])*([inputs/changed]=0),[const:cents])",
            DOLLAR,
        ),
    ];
    let asked = context.source.asked;
    if asked.tornado.is_some() || asked.two_way.is_some() || asked.draws.is_some() {
        let name = "The base of the sensitivities is the engine's value";
        list.push(check(name, cents("[risk/base]-[engine/npv]"), DOLLAR));
    }
    if !project.streams.is_empty() {
        list.push(check(
            "No more is sold than could be made",
            "ROUND(MAX([sales/over:]),[const:cents])",
            NONE,
        ));
    }
    if let Some(terms) = &project.debt {
        let size = match terms.repayment {
            crate::finance::project::Repayment::Sculpted { .. } => {
                "MIN([loan/gearing$]*[loan/uses$],MAX([loan/capacity:]),[loan/alone$])"
            }
            _ if sized_by_cover(terms) => "MIN([loan/gearing$]*[loan/uses$],[loan/carries$])",
            _ => "[loan/gearing$]*[loan/uses$]",
        };
        list.push(check(
            "The pasted loan is the one that the terms give",
            cents(&format!("[loan/amount$]-{size}")),
            DOLLAR,
        ));
        list.push(check(
            "The pasted uses are those of the months",
            cents("[loan/uses$]-[loan/used#]"),
            DOLLAR,
        ));
        list.push(check(
            "The tax that the loan is based on is the tax due",
            "ROUND(SUMPRODUCT(ABS([loan/tax:]-[l/paid:])),[const:cents])",
            DOLLAR,
        ));
    }
    list
}
