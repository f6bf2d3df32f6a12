//! Which numbers of a project follow from assumptions: one cell then moves all of them. A link is
//! kept where its formula gives the number that the project has, so that none can be wrong.

use super::context::{Source, cell_of};
use super::take_off;
use crate::finance::project::Path;
use crate::study::finance::Assumption;
use std::collections::BTreeMap;

/// Months of delay for which there are columns, where a layout can be late.
const DELAY_MONTHS: usize = 36;

pub(super) struct Links {
    /// Id of the number, its formula.
    pub formulas: BTreeMap<String, String>,
    /// Paths of assumptions that something follows from.
    pub used: Vec<String>,
    /// Least and greatest value of an assumption that the columns have room for.
    pub limits: BTreeMap<String, (f64, f64)>,
    /// Columns beyond the length of the model.
    pub spare_months: usize,
}

pub(super) struct Finder<'a> {
    assumptions: &'a [Assumption],
    contract_mw: Option<f64>,
    links: Links,
}

/// Path of the grid contract, which is no assumption but the layout's own.
pub(super) const CONTRACT: &str = "site.grid_contract_mw";

/// A formula over assumptions and the value that it gives.
pub(super) type Candidate = Option<(String, f64, Vec<String>)>;

impl Finder<'_> {
    /// An assumption of the layout or of the catalogue: its cell and value.
    pub fn get(&self, paths: &[&str]) -> Candidate {
        if paths == [CONTRACT] {
            return Some((cell_of(CONTRACT), self.contract_mw?, Vec::new()));
        }
        let found = paths.iter().find_map(|p| self.assumptions.iter().find(|a| a.path == *p))?;
        Some((cell_of(&found.path), found.value, vec![found.path.clone()]))
    }

    pub fn link(&mut self, id: String, value: f64, candidate: Candidate) {
        let Some((formula, given, used)) = candidate else { return };
        if (given - value).abs() <= 1e-12 * value.abs().max(1.0) {
            self.links.formulas.insert(id, formula);
            self.links.used.extend(used);
        }
    }
}

pub(super) fn map(candidate: &Candidate, of: impl Fn(&str, f64) -> (String, f64)) -> Candidate {
    let (formula, value, used) = candidate.as_ref()?;
    let (formula, value) = of(formula, *value);
    Some((formula, value, used.clone()))
}

/// Years as whole months.
fn months(candidate: &Candidate) -> Candidate {
    map(candidate, |f, v| (format!("ROUND({f}*[const:months],0)"), (v * 12.0).round()))
}

pub(super) fn join(
    a: &Candidate,
    b: &Candidate,
    of: impl Fn(&str, &str, f64, f64) -> (String, f64),
) -> Candidate {
    let (Some((fa, va, ua)), Some((fb, vb, ub))) = (a, b) else { return None };
    let (formula, value) = of(fa, fb, *va, *vb);
    Some((formula, value, ua.iter().chain(ub).cloned().collect()))
}

pub(super) fn find(source: &Source) -> Links {
    let links = Links {
        formulas: BTreeMap::new(),
        used: Vec::new(),
        limits: BTreeMap::new(),
        spare_months: 0,
    };
    let contract_mw = source.contract_mw;
    let mut finder = Finder { assumptions: source.assumptions, contract_mw, links };
    rates(&mut finder, source);
    time(&mut finder, source);
    classes(&mut finder, source);
    prices(&mut finder, source);
    take_off::link(&mut finder, source);
    keep_room(&mut finder);
    finder.links
}

fn rates(finder: &mut Finder, source: &Source) {
    let project = source.project;
    let discount = finder.get(&["finance.discount_frac", "costs.discount-frac"]);
    let rates = &project.rates;
    let equity = finder.get(&["finance.equity_frac"]);
    finder.link("rates.equity_frac".to_owned(), rates.equity_frac, equity);
    for (id, value) in [
        ("discount_frac", rates.discount_frac),
        ("finance_frac", rates.finance_frac),
        ("reinvest_frac", rates.reinvest_frac),
    ] {
        finder.link(format!("rates.{id}"), value, discount.clone());
    }
    let tax = &project.tax;
    for (id, path, value) in [
        ("tax.federal_frac", "costs.federal-tax-frac", tax.federal_frac),
        ("tax.state_frac", "costs.state-tax-frac", tax.state_frac),
    ] {
        let rate = finder.get(&[path]);
        finder.link(id.to_owned(), value, rate);
    }
    if let crate::finance::tax::Losses::CarriedForward { limit_frac } = tax.losses {
        let share = finder.get(&["costs.loss-offset-frac"]);
        finder.link("tax.losses.limit_frac".to_owned(), limit_frac, share);
    }
}

fn time(finder: &mut Finder, source: &Source) {
    let project = source.project;
    let build = finder.get(&["costs.build-months"]);
    let service = map(&build, |f, v| (format!("MAX(ROUND({f},0),1)"), v.round().max(1.0)));
    let operating = months(&finder.get(&["finance.operating_years"]));
    let end = join(&service, &operating, |s, o, vs, vo| (format!("{s}+{o}"), vs + vo));
    finder.link("calendar.horizon_months".to_owned(), project.calendar.horizon_months as f64, end);
    let whole = |c: &Candidate| map(c, |f, v| (format!("ROUND({f},0)"), v.round()));
    let delay = whole(&finder.get(&["finance.delay_months"]));
    finder.link("delay_months".to_owned(), project.delay_months as f64, delay);
    let ramp = whole(&finder.get(&["costs.ramp-months"]));
    let utilisation = finder.get(&["finance.utilisation_frac"]);
    let lost = finder.get(&["finance.degradation_frac", "costs.degradation-frac"]);
    for phase in &project.phases {
        let id = |field: &str| format!("phases.{}.{field}", phase.id);
        finder.link(id("service_month"), phase.service_month as f64, service.clone());
        finder.link(id("ramp_months"), phase.ramp_months as f64, ramp.clone());
        finder.link(id("utilisation_frac"), phase.utilisation_frac, utilisation.clone());
        finder.link(id("degradation_frac"), phase.degradation_frac, lost.clone());
    }
    let Some(debt) = &project.debt else { return };
    let id = |field: &str| format!("debt.{field}");
    finder.link(id("term_start_month"), debt.term_start_month as f64, service);
    let tenor = months(&finder.get(&["finance.loan.tenor_years", "costs.loan-tenor-years"]));
    finder.link(id("tenor_months"), debt.tenor_months as f64, tenor);
    for (field, own, cost, value) in [
        ("gearing_cap_frac", "share_frac", "", debt.gearing_cap_frac),
        ("rate_frac", "rate_frac", "loan-rate-frac", debt.rate_frac),
        ("upfront_frac", "upfront_frac", "loan-upfront-frac", debt.upfront_frac),
        ("commitment_frac", "commitment_frac", "loan-commitment-frac", debt.commitment_frac),
    ] {
        let found = finder.get(&[&format!("finance.loan.{own}"), &format!("costs.{cost}")]);
        finder.link(id(field), value, found);
    }
}

fn classes(finder: &mut Finder, source: &Source) {
    let lives = [
        finder.get(&["finance.rack_life_years", "costs.rack-life-years"]),
        finder.get(&["finance.site_life_years", "costs.site-life-years"]),
        finder.get(&["costs.shell-life-years"]),
    ];
    let operating = months(&finder.get(&["finance.operating_years"]));
    let bonus = finder.get(&["costs.first-year-deduction-frac"]);
    let residual = finder.get(&["finance.rack_residual_frac", "costs.rack-residual-frac"]);
    let again = finder.get(&["finance.refresh_cost_ratio", "costs.refresh-cost-ratio"]);
    for line in &source.project.capex {
        let Some(refresh) = line.refresh else { continue };
        let id = |field: &str| format!("capex.{}.refresh.{field}", line.id);
        for years in &lives {
            finder.link(id("every_months"), refresh.every_months as f64, months(years));
        }
        finder.link(id("residual_frac"), refresh.residual_frac, residual.clone());
        finder.link(id("cost_frac"), refresh.cost_frac, again.clone());
    }
    for class in &source.project.classes {
        let id = |field: &str| format!("classes.{}.{field}", class.id);
        finder.link(id("bonus_frac"), class.bonus_frac, bonus.clone());
        let Some(life) = class.book_life_months else { continue };
        for years in &lives {
            finder.link(id("book_life_months"), life as f64, months(years));
        }
        let cell = cell_of(&id("book_life_months"));
        // What is left of its life on a straight line.
        let left = map(&operating, |f, v| {
            (format!("MAX(1-{f}/{cell},0)"), (1.0 - v / life as f64).max(0.0))
        });
        finder.link(id("terminal_frac"), class.terminal_frac, left);
        let line = source.project.capex.iter().find(|l| l.class == class.id && l.refresh.is_some());
        if let Some((line, refresh)) = line.and_then(|l| Some((l, l.refresh?))) {
            let least = cell_of(&format!("capex.{}.refresh.least_remaining_months", line.id));
            let worn = last_generation(
                &operated(source, &line.phase, &operating),
                (&cell, life),
                (&least, refresh.least_remaining_months),
            );
            let left = join(&worn, &residual, |w, r, vw, vr| {
                (format!("1-(1-{r})*MIN({w},1)"), 1.0 - (1.0 - vr) * vw.min(1.0))
            });
            finder.link(id("terminal_frac"), class.terminal_frac, left);
        }
    }
}

/// Months that a phase operates until the end of the model.
fn operated(source: &Source, phase: &str, operating: &Candidate) -> Candidate {
    let (_, _, used) = operating.as_ref()?;
    let service = source.project.phases.iter().find(|p| p.id == phase)?.service_month;
    let months = source.project.calendar.horizon_months.checked_sub(service)?;
    let end = cell_of("calendar.horizon_months");
    let formula = format!("({end}-{})", cell_of(&format!("phases.{phase}.service_month")));
    Some((formula, months as f64, used.clone()))
}

/// Age of the last generation at the end over its life.
fn last_generation(operating: &Candidate, life: (&str, usize), least: (&str, usize)) -> Candidate {
    let ((cell, life), (left, least)) = (life, least);
    map(operating, |f, v| {
        let life = life as f64;
        let replaced = ((v - least as f64) / life).floor().max(0.0);
        (format!("{f}/{cell}-MAX(INT(({f}-{left})/{cell}),0)"), v / life - replaced)
    })
}

fn prices(finder: &mut Finder, source: &Source) {
    let decline = finder.get(&["costs.price-decline-frac-per-year"]);
    let decline = map(&decline, |f, v| (format!("-{f}"), -v));
    let inflation = finder.get(&["costs.inflation-frac"]);
    let project = source.project;
    fixed(finder, source);
    let streams = project.streams.iter().map(|s| (format!("streams.{}.price", s.id), &s.price));
    for (id, path) in streams {
        if let Path::Escalating { per_year_frac, .. } = path {
            finder.link(format!("{id}.per_year_frac"), *per_year_frac, decline.clone());
        }
    }
    let tariffs: Vec<Candidate> = finder
        .assumptions
        .iter()
        .filter(|a| a.path.starts_with("tariffs."))
        .map(|a| Some((cell_of(&a.path), a.value, vec![a.path.clone()])))
        .collect();
    for row in &project.opex {
        let id = format!("opex.{}.price", row.id);
        if let Path::Escalating { start, per_year_frac } = &row.price {
            finder.link(format!("{id}.per_year_frac"), *per_year_frac, inflation.clone());
            for tariff in &tariffs {
                finder.link(format!("{id}.start"), *start, tariff.clone());
            }
        }
    }
}

/// Rows of running cost that lie within the fixed cost per MW.
const WITHIN: [&str; 7] = [
    "water",
    "staff",
    "network",
    "maintenance of the plant",
    "support and spares of racks",
    "insurance",
    "property tax",
];

/// Fixed cost is entered per MW of the grid contract; the product of both is the row's price, less
/// what has rows of its own.
fn fixed(finder: &mut Finder, source: &Source) {
    if !source.take_off.is_empty() {
        take_off::shares(finder, source);
    }
    for (name, path) in [("water", "water"), ("staff", "staff"), ("network", "network")] {
        let usd = finder.get(&[&format!("finance.running.{path}_usd_per_year")]);
        if let Some(start) = start(source, name) {
            finder.link(format!("opex.{name}.price.start"), start, usd);
        }
    }
    if let (Some(early), Some(later)) = (start(source, ABATED), start(source, "property tax")) {
        let formula =
            format!("{}*(1-{})", cell_of("opex.property tax.price.start"), cell_of(ABATEMENT));
        let usd = later * (1.0 - abatement(early, later));
        finder.link(format!("opex.{ABATED}.price.start"), early, Some((formula, usd, Vec::new())));
    }
    let per_mw = ["finance.fixed_opex_usd_per_mw_year", "costs.fixed-opex-usd-per-mw-year"];
    let per_mw = finder.get(&per_mw);
    let contract = finder.get(&[CONTRACT]);
    let cost = join(&per_mw, &contract, |a, b, va, vb| (format!("{a}*{b}"), va * vb));
    let (within, cells) = within(source);
    let cell = cell_of(FIXED_WITHIN);
    let rest = map(&cost, |f, v| (format!("MAX({f}-{cell},0)"), (v - within).max(0.0)));
    let candidate = if cells.is_empty() { cost } else { rest };
    for row in source.project.opex.iter().filter(|r| r.id.starts_with("fixed operating cost")) {
        if let Path::Escalating { start, .. } = &row.price {
            finder.link(format!("opex.{}.price.start", row.id), *start, candidate.clone());
        }
    }
    if !cells.is_empty() {
        let formula = cells.join("+");
        finder.link(FIXED_WITHIN.to_owned(), within, Some((formula, within, Vec::new())));
    }
}

/// Row of the property tax of the first years, and the share of it that is not paid.
const ABATED: &str = "property tax, abated";
pub(super) const ABATEMENT: &str = "finance.running.abatement_frac";

fn abatement(early: f64, later: f64) -> f64 {
    if later > 0.0 { 1.0 - early / later } else { 0.0 }
}

/// The abated share of the property tax, where some of it is.
pub(super) fn abated(source: &Source) -> Option<f64> {
    Some(abatement(start(source, ABATED)?, start(source, "property tax")?))
}

/// Id of the fixed cost that stands in rows of its own.
pub(super) const FIXED_WITHIN: &str = "opex.within_fixed";

/// That cost, USD a year at first prices, and the cells that it is the sum of.
pub(super) fn within(source: &Source) -> (f64, Vec<String>) {
    let rows = WITHIN.iter().filter_map(|id| Some((*id, start(source, id)?)));
    let rows: Vec<(&str, f64)> = rows.collect();
    let cells = rows.iter().map(|(id, _)| cell_of(&format!("opex.{id}.price.start"))).collect();
    (rows.iter().map(|(_, usd)| usd).sum(), cells)
}

/// First price of a row of running cost.
fn start(source: &Source, id: &str) -> Option<f64> {
    let row = source.project.opex.iter().find(|r| r.id == id)?;
    match &row.price {
        Path::Escalating { start, .. } => Some(*start),
        Path::ByYear(_) => None,
    }
}

/// An assumption that is another one unless it is entered.
pub(super) fn follows(a: &Assumption, all: &[Assumption]) -> Option<String> {
    let paths = match (a.path.as_str(), a.source.as_str()) {
        ("finance.operating_years", "one life of the racks") => {
            ["finance.rack_life_years", "costs.rack-life-years"]
        }
        ("finance.equity_frac", "the discount rate") => {
            ["finance.discount_frac", "costs.discount-frac"]
        }
        _ => return None,
    };
    let found = paths.iter().find_map(|p| all.iter().find(|o| o.path == *p))?;
    (found.value == a.value).then(|| cell_of(&found.path))
}

/// Longest delay, and longest life of the racks where it is the length of operation: what columns
/// are kept for.
pub fn room(assumptions: &[Assumption]) -> Room {
    let of = |paths: &[&str]| assumptions.iter().find(|a| paths.contains(&a.path.as_str()));
    let delay = of(&["finance.delay_months"])
        .map(|a| (a.path.clone(), a.value, a.value.max(0.0) + DELAY_MONTHS as f64));
    let life = of(&["finance.rack_life_years", "costs.rack-life-years"]);
    let operating = of(&["finance.operating_years"]);
    let leads = operating.is_some_and(|o| follows(o, assumptions).is_some());
    let life = life.filter(|_| leads).map(|a| {
        let high = a.range.map_or(a.value, |r| r.1).max(a.value + 2.0);
        (a.path.clone(), a.value, high)
    });
    Room { delay, life }
}

/// Path of the assumption, its value, its greatest value.
type Reach = Option<(String, f64, f64)>;

/// What columns are kept for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Room {
    pub delay: Reach,
    pub life: Reach,
}

fn keep_room(finder: &mut Finder) {
    let Room { delay, life } = room(finder.assumptions);
    let mut spare = 0.0;
    if let Some((path, value, most)) = delay {
        spare += most - value;
        finder.links.limits.insert(path, (0.0, most));
    }
    if let Some((path, value, most)) = life {
        spare += ((most - value) * 12.0).ceil();
        finder.links.limits.insert(path, (0.25, most));
    }
    finder.links.spare_months = spare.max(0.0) as usize;
}
