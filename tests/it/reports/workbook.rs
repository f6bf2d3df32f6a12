//! The workbook against the engine: its formulas are a second implementation of the project.

mod colours;
mod conventions;
mod financed;
mod legible;
mod lint;
mod office;

use super::Shipped;
use crate::finance::sample::{campus, flat, simple};
use crate::support::root;
use gigasite::finance::Undefined;
use gigasite::finance::project::{Component, Driver, OpexRow, Project, evaluate};
use gigasite::report::workbook::book::Value;
use gigasite::report::workbook::evaluate::Defect;
use gigasite::report::workbook::{Asked, Made, Source, make};
use gigasite::report::writers::xlsx;
use gigasite::study::finance::{SiteFinance, value, value_on};
use gigasite::study::risk::{Change, apply};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A layout, its value and its workbook.
struct Valued {
    shipped: Shipped,
    finance: SiteFinance,
    made: Made,
}

/// All layouts that have a value, by name.
fn layouts() -> &'static [(String, Valued)] {
    static ALL: OnceLock<Vec<(String, Valued)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let of = |name: String| {
            let shipped = Shipped::solved(&name);
            let outcome = shipped.outcome.clone()?;
            let finance = value(&shipped.site, &outcome, &shipped.catalog).ok()?;
            let made = gigasite::report::workbook::of(
                &shipped.site,
                &shipped.catalog,
                &outcome,
                &finance,
                &Asked::default(),
            )
            .unwrap();
            Some((name, Valued { shipped, finance, made }))
        };
        let files = std::fs::read_dir(root().join("layouts")).unwrap();
        let name = |f: std::fs::DirEntry| f.file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> = files
            .filter_map(|f| name(f.unwrap()).strip_suffix(".ron").map(str::to_owned))
            .collect();
        names.sort();
        names.into_iter().filter_map(of).collect()
    })
}

/// Shipped layouts, and those that are financed in other ways.
fn all() -> impl Iterator<Item = &'static (String, Valued)> {
    layouts().iter().chain(financed::financed())
}

fn write(made: &Made) -> Vec<u8> {
    xlsx::write(made).unwrap()
}

fn monthly(mut project: Project) -> Project {
    project.calendar.build_step_months = 1;
    project.calendar.operation_step_months = 1;
    project
}

fn made(project: &Project) -> Result<Made, Defect> {
    let evaluation = evaluate(project).unwrap();
    make(&Source {
        name: "Test",
        labels: &[],
        origin: "test",
        date: (2027, 4, 1),
        project,
        evaluation: &evaluation,
        keys: &[],
        assumptions: &[],
        longest: None,
        asked: &Asked::default(),
        take_off: &[],
        renewal: &[],
        schedule: None,
        contract_mw: None,
        overrides: &[],
        catalog_version: "test",
    })
}

/// Names of the checks that fail.
fn failing(made: &Made) -> Vec<String> {
    let sheet = made.book.sheets.iter().position(|s| s.name == "Checks").unwrap();
    let rows = made.book.sheets[sheet].lines.len() as u32;
    let text = |row| match made.worked_out.get(sheet, row, 0) {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    };
    let off = |row| made.worked_out.get(sheet, row, 1).clone();
    (0..rows)
        .filter(|row| *made.worked_out.get(sheet, *row, 4) == Value::Number(0.0))
        .map(|row| format!("{} {:?}", text(row), off(row)))
        .collect()
}

#[test]
fn formulas_give_what_the_engine_gives() {
    let loan = monthly(campus());
    let late = Project { delay_months: 7, ..loan.clone() };
    let mut alone = loan.clone();
    let ramp = alone.phases.iter().map(|p| p.ramp_months).max().unwrap();
    alone.debt.iter_mut().for_each(|debt| debt.interest_only_months = ramp);
    let mut other = Project { debt: None, ..loan.clone() };
    let refreshes = other.capex.iter_mut().filter_map(|line| line.refresh.as_mut());
    refreshes.for_each(|refresh| refresh.next_cost_frac = Some(1.4));
    let without = Project { debt: None, ..loan.clone() };
    let mut faults = Vec::new();
    for (name, project) in [
        ("no loan", &without),
        ("simple", &monthly(simple(None))),
        ("loan", &loan),
        ("late", &late),
        ("another type of racks", &other),
        ("interest alone in the ramp", &alone),
    ] {
        match made(project) {
            Err(defect) => faults.push(format!("{name}: {defect}")),
            Ok(made) => faults.extend(told(name, &made)),
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn formulas_of_every_layout_give_what_the_engine_gives() {
    let faults: Vec<String> = all().flat_map(|(name, v)| told(name, &v.made)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What differs, by line, and the checks that fail.
fn told(name: &str, made: &Made) -> Vec<String> {
    let mut lines: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (cell, engine, formula) in made.differences(1e-9) {
        let (sheet, rest) = cell.split_once('!').unwrap();
        let (at, label) = rest.split_once(' ').unwrap();
        let entry = lines.entry(format!("{sheet}: {label}")).or_default();
        entry.0 += 1;
        if entry.0 == 1 {
            entry.1 = format!("{at}: {engine} by the engine, {formula} by the formula");
        }
    }
    let told = |(label, (count, first)): (String, (usize, String))| {
        format!("{name}: {label}: {count} cells, {first}")
    };
    let failing = failing(made).into_iter().map(|check| format!("{name}: fails: {check}"));
    lines.into_iter().map(told).chain(failing).collect()
}

/// Paths of the five inputs that a reader changes first, each with another value.
fn five(finance: &SiteFinance) -> Vec<(String, f64)> {
    let of = |test: &dyn Fn(&str) -> bool| {
        finance.assumptions.iter().find(|a| test(&a.path)).map(|a| (a.path.clone(), a.value))
    };
    let energy = |p: &str| p.starts_with("tariffs.") && p.ends_with("energy_usd_per_mwh");
    let life = |p: &str| p.ends_with("rack_life_years") || p.ends_with("rack-life-years");
    let list = [
        of(&energy).map(|(path, v)| (path, v * 1.4)),
        of(&life).map(|(path, v)| (path, v + 1.5)),
        of(&life).map(|(path, v)| (path, v - 1.25)),
        of(&|p| p.ends_with("price-decline-frac-per-year"))
            .map(|(path, v)| (path, if v > 0.07 { v - 0.07 } else { v / 2.0 })),
        of(&|p| p == "finance.delay_months").map(|(path, v)| (path, v + 9.0)),
        of(&|p| p == "finance.utilisation_frac").map(|(path, v)| (path, v * 0.8)),
    ];
    list.into_iter().flatten().collect()
}

/// Value by the engine under a changed input, the plan held.
fn held(v: &Valued, path: &str, to: f64) -> Option<f64> {
    let found = held_under(v, &[(path.to_owned(), to)])?;
    Some(found.evaluation.results.unlevered.npv_usd)
}

/// The finance under changed inputs, the plan held.
fn held_under(v: &Valued, changes: &[(String, f64)]) -> Option<SiteFinance> {
    let (mut site, mut catalog) = (v.shipped.site.clone(), v.shipped.catalog.clone());
    for (path, to) in changes {
        let value = if path.ends_with("_months") { format!("{to}") } else { format!("{to:?}") };
        apply(&mut site, &mut catalog, &Change { path: path.clone(), value }).unwrap();
    }
    let outcome = v.shipped.outcome.as_ref().unwrap();
    // A loan that outlives the site is refused.
    value_on(&site, outcome, &catalog, &v.finance.plans).ok()
}

#[test]
fn five_inputs_move_the_value_as_the_engine_does_with_the_plan_held() {
    let (mut faults, mut count) = (Vec::new(), 0);
    for (name, v) in all() {
        for (path, to) in five(&v.finance) {
            let Some(engine) = held(v, &path, to) else { continue };
            count += 1;
            match v.made.changed(&[(&path, to)]) {
                Err(defect) => faults.push(format!("{name}: {path}={to}: {defect}")),
                Ok(made) => {
                    let found = made.number("after/npv").unwrap();
                    if !office::close(found, engine, 1e-9) {
                        faults.push(format!("{name}: {path}={to}: {found}, engine {engine}"));
                    }
                }
            }
        }
    }
    assert!(count > 60, "{count} changes");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Changes that leave little or nothing, or very much, to be earned.
fn severe(v: &Valued) -> Vec<Vec<(String, f64)>> {
    let all = || v.finance.assumptions.iter().map(|a| (a.path.clone(), a.value));
    let of = |test: &dyn Fn(&str) -> bool, to: &dyn Fn(f64) -> f64| -> Vec<(String, f64)> {
        let own = all().filter(|(path, _)| test(path) && v.made.input(path).is_some());
        own.map(|(path, value)| (path, to(value))).collect()
    };
    let prices = |ratio: f64| -> Vec<(String, f64)> {
        let list = costs(v).into_iter().filter(|(path, _)| path.starts_with("racks."));
        list.map(|(path, usd)| (path, usd * ratio)).collect()
    };
    let utilisation = |path: &str| path == "finance.utilisation_frac";
    let decline = |path: &str| path.ends_with("price-decline-frac-per-year");
    let energy = |path: &str| path.ends_with("energy_usd_per_mwh");
    let lists = [
        of(&utilisation, &|v| v * 0.3),
        of(&utilisation, &|v| v * 0.02),
        of(&utilisation, &|_| 0.0),
        of(&decline, &|_| 0.7),
        of(&decline, &|_| 0.0),
        of(&energy, &|v| v * 30.0),
        prices(5.0),
        prices(0.02),
    ];
    lists.into_iter().filter(|list| !list.is_empty()).collect()
}

#[test]
fn severe_changes_leave_the_rates_that_the_engine_finds() {
    let (mut faults, mut counts) = (Vec::new(), [0; 3]);
    for (name, v) in all() {
        for changes in severe(v) {
            let Some(found) = held_under(v, &changes) else { continue };
            let list: Vec<(&str, f64)> = changes.iter().map(|(p, to)| (p.as_str(), *to)).collect();
            let made = match v.made.changed(&list) {
                Ok(made) => made,
                Err(defect) => {
                    faults.push(format!("{name}: {list:?}: {defect}"));
                    continue;
                }
            };
            let results = &found.evaluation.results;
            for (view, engine) in [
                ("after", &results.unlevered.irr),
                ("pretax", &results.pretax.irr),
                ("owners", &results.levered.irr),
            ] {
                // Those of the loan follow when it is sized anew.
                if view == "owners" && results.loan.is_some() {
                    continue;
                }
                counts[engine.rates().len().min(2)] += 1;
                let own = rates(&made, view);
                let pairs = own.iter().zip(engine.rates());
                let same = pairs.clone().all(|(a, b)| office::close(1.0 + a, 1.0 + b, 1e-9));
                if own.len() != engine.rates().len() || !same {
                    faults.push(format!("{name}: {view} {list:?}: {own:?}, engine {engine:?}"));
                }
                let (sheet, row, column) =
                    made.program.places.cell(&format!("{view}/irr")).unwrap();
                let told = match (made.worked_out.get(sheet, row, column), own.as_slice()) {
                    (Value::Number(rate), [one]) => (rate - one).abs() < 1e-12,
                    (Value::Text(words), []) => words.starts_with("n/a ("),
                    (Value::Text(words), [_, _, ..]) => words.starts_with("ambiguous"),
                    _ => false,
                };
                assert!(told, "{name}: {view} {list:?}: {own:?}");
            }
        }
    }
    eprintln!("{counts:?} flows without, with one and with several rates");
    assert!(counts[1] > 100, "{counts:?}");
    assert!(faults.is_empty(), "{} faults: {}", faults.len(), faults.join("\n"));
}

/// A project whose owner restores the site for so much in the last month.
fn restored(price_usd: f64, restoration_usd: f64) -> Project {
    let mut project = monthly(simple(None));
    project.streams[0].price = flat(price_usd);
    let last = project.calendar.horizon_months - 1;
    project.opex.push(OpexRow {
        id: "restoration".to_owned(),
        component: Component::Opex,
        phase: None,
        driver: Driver::Amounts(vec![(last, restoration_usd)]),
        price: flat(1.0),
        from_month: None,
        until_month: None,
    });
    project
}

#[test]
fn rates_and_paybacks_are_words_where_there_is_none_or_several() {
    let words = |made: &Made, key: &str| {
        let (sheet, row, column) = made.program.places.cell(key).unwrap();
        match made.worked_out.get(sheet, row, column) {
            Value::Text(words) => Err(words.clone()),
            Value::Number(number) => Ok(*number),
            Value::Blank => Err(String::new()),
        }
    };
    for (price, restoration, count, why) in [
        (0.0, 0.0, 0, Undefined::NoSignChange.to_string()),
        (300.0, 4e9, 0, Undefined::NoRoot.to_string()),
        (200.0, 0.0, 1, String::new()),
        (600.0, 5e9, 2, "ambiguous: see the rates below".to_owned()),
    ] {
        let project = restored(price, restoration);
        let results = evaluate(&project).unwrap().results;
        let made = made(&project).unwrap();
        let faults = told("", &made);
        assert!(faults.is_empty(), "{price}: {}", faults.join("\n"));
        for (view, engine) in [("after", &results.unlevered), ("pretax", &results.pretax)] {
            let (own, found) = (rates(&made, view), engine.irr.rates());
            assert_eq!(own.len(), found.len(), "{price} {view}: {own:?}, engine {found:?}");
            // Before tax the flow has so many; a loss takes tax back.
            assert!(view == "after" || own.len() == count, "{price}: {own:?}");
            let same = own.iter().zip(found).all(|(a, b)| (a - b).abs() < 1e-9);
            assert!(same, "{price} {view}: {own:?}, engine {found:?}");
            match (words(&made, &format!("{view}/irr")), engine.irr.single()) {
                (Ok(rate), Ok(known)) => assert!((rate - known).abs() < 1e-9),
                (Err(told), Err(_)) if view == "pretax" => assert_eq!(told, why, "{price}"),
                (Err(_), Err(_)) => {}
                other => panic!("{price} {view}: {other:?}"),
            }
            for (key, known) in [
                ("payfirst", engine.payback.first),
                ("paylast", engine.payback.last),
                ("dpayfirst", engine.discounted_payback.first),
                ("dpaylast", engine.discounted_payback.last),
                ("mirr", engine.mirr),
                ("index", engine.profitability_index),
                ("multiple", engine.multiple),
            ] {
                let own = words(&made, &format!("{view}/{key}"));
                let same = match (&own, known) {
                    (Ok(own), Ok(known)) => office::close(*own, known, 1e-9),
                    (Err(own), Err(known)) => *own == known.to_string(),
                    _ => false,
                };
                assert!(same, "{price} {view} {key}: {own:?}, engine {known:?}");
            }
        }
    }
}

/// Rates that the workbook finds, rising.
fn rates(made: &Made, view: &str) -> Vec<f64> {
    let places = &made.program.places;
    let (sheet, row, first, last) = places.span(&format!("{view}/r/rate")).unwrap();
    let change = places.line(&format!("{view}/r/change")).unwrap().1;
    let number = |row: u32, column: u16| match made.worked_out.get(sheet, row, column) {
        Value::Number(n) => *n,
        _ => 0.0,
    };
    let found = (first..=last).filter(|c| number(change, *c) == 1.0);
    found.map(|c| number(row, c)).collect()
}

/// Paths of what capital and fixed cost follow from, each with another value.
fn costs(v: &Valued) -> Vec<(String, f64)> {
    let bought = v.finance.take_off.iter().chain(&v.finance.renewal);
    let prices = bought.filter_map(|i| i.price.as_ref());
    let prices = prices.filter(|p| p.path.starts_with("racks."));
    let costs = v.finance.assumptions.iter().filter(|a| {
        let name = a.path.rsplit('.').next().unwrap_or_default().replace('_', "-");
        [
            "site-capex-usd-per-mw",
            "short-lived-plant-frac",
            "soft-frac",
            "soft-cost-frac",
            "contingency-frac",
            "rack-contingency-frac",
            "sales-tax-frac",
            "duty-frac",
            "land-usd-per-m2",
            "fixed-opex-usd-per-mw-year",
            "insurance-frac",
            "maintenance-frac",
            "rack-maintenance-frac",
            "staff-usd-per-year",
        ]
        .contains(&name.as_str())
    });
    let mut list: Vec<(String, f64)> = Vec::new();
    for a in prices.chain(costs) {
        let known = list.iter().any(|(path, _)| *path == a.path);
        if !known && v.made.input(&a.path).is_some() && a.value > 0.0 {
            list.push((a.path.clone(), a.value * 1.15));
        }
    }
    list
}

#[test]
fn prices_and_costs_move_the_value_as_the_engine_does_with_the_plan_held() {
    let (mut faults, mut count) = (Vec::new(), 0);
    for (name, v) in all() {
        for (path, to) in costs(v) {
            count += 1;
            let engine = held(v, &path, to).unwrap();
            let found = v.made.changed(&[(&path, to)]).unwrap().number("after/npv").unwrap();
            let base = v.finance.evaluation.results.unlevered.npv_usd;
            if !office::close(found, engine, 1e-9) || found == base {
                faults.push(format!("{name}: {path}={to}: {found}, engine {engine}, was {base}"));
            }
        }
    }
    assert!(count > 40, "{count} changes");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_take_off_of_the_workbook_is_that_of_the_engine() {
    for (name, v) in layouts() {
        let total = v.made.number("take/total").unwrap();
        let known: f64 =
            v.finance.take_off.iter().map(gigasite::study::finance::Item::total_usd).sum();
        assert!((total - known).abs() < 0.005, "{name}: {total}, engine {known}");
        let items = v.finance.take_off.len();
        let sheet = v.made.book.sheets.iter().find(|s| s.name == "Take-off").unwrap();
        assert!(sheet.lines.len() > items, "{name}: {} lines, {items} items", sheet.lines.len());
        // One rack more: its price, contingency and what is a share of it.
        let n = v.finance.take_off.iter().position(|i| i.unit == "racks" && i.class.is_some());
        let item = &v.finance.take_off[n.unwrap()];
        let cell = v.made.program.places.cell(&format!("take/{}/quantity", n.unwrap()));
        assert!(cell.is_some(), "{name}: {}", item.name);
    }
}

#[test]
fn contracts_of_two_phases_clean_energy_and_carbon_are_worked_out_as_by_the_engine() {
    let (_, v) = layouts().iter().find(|(name, _)| name == "mixed-250mw").unwrap();
    let outcome = v.shipped.outcome.as_ref().unwrap();
    let tier = outcome.plan.tiers.iter().max_by(|a, b| a.tokens_per_s.total_cmp(&b.tokens_per_s));
    let (tier, rate) = tier.map(|t| (&t.id, 0.7 * t.tokens_per_s)).unwrap();
    let mut site = v.shipped.site.clone();
    let contracts = format!(
        "[(id: \"anchor\", kind: \"Tokens\", tier: {tier:?}, volume_tok_s: {rate:?}, prices_usd: \
         [3.0, 2.0, 1.0], term_months: 40, take_or_pay_frac: 0.8, prepaid_usd: 5e6, \
         prepaid_months: 3)]"
    );
    let clean = "[(id: \"wind\", kind: \"Ppa\", mw: 60.0, usd_per_mwh: 40.0, rise_frac: 0.02, \
                 term_months: 48), (id: \"rest\", kind: \"Certificates\", mwh_per_year: 1e5, \
                 usd_per_mwh: 2.0)]";
    for (path, value) in [
        ("finance.contracts", contracts.as_str()),
        ("finance.clean_energy", clean),
        ("finance.carbon.usd_per_t", "30.0"),
    ] {
        site.set(path, value).unwrap();
    }
    let plan = &gigasite::study::finance::Plans::held(&outcome.plan);
    let found = value_on(&site, outcome, &v.shipped.catalog, plan).unwrap();
    assert!(found.project.streams.iter().filter(|s| s.id.starts_with("anchor")).count() == 2);
    let made = gigasite::report::workbook::of(
        &site,
        &v.shipped.catalog,
        outcome,
        &found,
        &Asked::default(),
    )
    .unwrap();
    let faults = told("contracts", &made);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_second_export_is_the_same_file() {
    let (_, v) = &layouts()[0];
    let outcome = v.shipped.outcome.as_ref().unwrap();
    let again = gigasite::report::workbook::of(
        &v.shipped.site,
        &v.shipped.catalog,
        outcome,
        &v.finance,
        &Asked::default(),
    );
    assert_eq!(write(&v.made), write(&again.unwrap()));
}
