//! One or two inputs moved: tornado, table, break-evens, time, models, scenarios.

use super::appraiser;
use crate::support::{changed, close, embedded, layout};
use gigasite::finance::project::{Path, results};
use gigasite::site::{Layout, Scenario, file};
use gigasite::study::risk::{
    Appraiser, Change, Driver, Range, break_evens, business_models, default_pair, drivers,
    price_of_time, scenarios, shifted, tornado, tornado_of, two_way,
};

/// Small, and every kind of input acts on it.
const SITE: &str = "pilot-20mw";
/// Nothing is to be bought there, so that capital does not reach the plan.
const INSTALLED: &str = "region-pair-us";

#[test]
fn the_value_of_a_site_without_changes_is_the_one_that_finance_prints() {
    let site = layout(SITE);
    let outcome =
        gigasite::study::run(&site, &embedded(), &gigasite::study::SolveOptions::default());
    let printed = gigasite::study::finance::value(&site, &outcome, &embedded()).unwrap();
    let mut appraiser = Appraiser::of(&site, &embedded(), &outcome).unwrap();
    let npv = printed.evaluation.results.unlevered.npv_usd;
    close(appraiser.npv_usd(&[]).unwrap(), npv, 1e-12, "no change");
    // A change to the value that stands there is none either, and solves nothing.
    let same = appraiser.appraise(&[Change::to("levels.token_price", 1.0)]).unwrap();
    close(same.npv_usd(), npv, 1e-12, "a factor of one");
    assert!(!same.replanned);
}

#[test]
fn a_change_is_worth_what_a_site_made_with_it_is_worth() {
    // The pilot's losses are settled anew there; a reference infrastructure has none to settle.
    let name = "keynote-rubin-1gw";
    let mut appraiser = appraiser(name);
    for (path, value) in [
        ("tiers.high.price_usd_per_mtok", "9"),
        ("costs.build-months", "30"),
        ("site.grid_contract_mw", "800"),
        ("racks.vr-nvl72.price_usd", "5e6"),
        ("costs.price-decline-frac-per-year", "0.4"),
    ] {
        let change = Change { path: path.to_owned(), value: value.to_owned() };
        let moved = appraiser.npv_usd(&[change]).unwrap();
        let (site, catalog) = changed(layout(name), &[(path, value)]);
        let made = Appraiser::new(&site, &catalog).unwrap().base().npv_usd();
        close(moved, made, 1e-9, path);
        assert!((made - appraiser.base().npv_usd()).abs() > 1e6, "{path} does something");
    }
}

#[test]
fn a_changed_path_reaches_the_plan_only_where_the_plan_depends_on_it() {
    let mut appraiser = appraiser(INSTALLED);
    let mut replanned =
        |path: &str, value: f64| appraiser.appraise(&[Change::to(path, value)]).unwrap().replanned;
    assert!(!replanned("costs.build-months", 30.0));
    assert!(!replanned("costs.discount-frac", 0.08));
    assert!(replanned("levels.token_price", 0.9));
    assert!(replanned("tariffs.us-9c1.energy_usd_per_mwh", 60.0));
    // Where racks are bought, the cost of capital decides how many.
    let mut buying = super::appraiser(SITE);
    let dear = [Change::to("costs.discount-frac", 0.15)];
    assert!(buying.appraise(&dear).unwrap().replanned);
}

#[test]
fn money_that_the_plan_does_not_know_is_valued_as_a_site_made_with_it() {
    // The short way for assumptions of the project against the whole way, each of them moved.
    let mut appraiser = appraiser(INSTALLED);
    let paths: Vec<(String, f64)> =
        appraiser.assumptions().iter().map(|a| (a.path.clone(), a.value)).collect();
    let mut moved = 0;
    for (path, value) in paths {
        let change = Change::to(&path, if value == 0.0 { 0.25 } else { value * 0.75 });
        let Ok(short) = appraiser.npv_usd(std::slice::from_ref(&change)) else { continue };
        let (mut site, mut catalog) = (appraiser.site().clone(), appraiser.catalog().clone());
        gigasite::study::risk::apply(&mut site, &mut catalog, &change).unwrap();
        let whole = appraiser.appraise_site(&site, &catalog).unwrap().npv_usd();
        close(short, whole, 1e-9, &path);
        moved += usize::from((whole - appraiser.base().npv_usd()).abs() > 1.0);
    }
    assert!(moved >= 8, "{moved} of them do something");
}

#[test]
fn bars_of_a_tornado_are_the_values_at_the_ends_and_sorted_by_length() {
    let mut appraiser = appraiser(SITE);
    let found = tornado(&mut appraiser, Range::Register, 6);
    assert_eq!(found.bars.len(), 6);
    let lengths: Vec<f64> = found.bars.iter().map(|b| b.swing_usd()).collect();
    assert!(lengths.is_sorted_by(|a, b| a >= b), "{lengths:?}");
    for bar in &found.bars {
        let ends = [(bar.driver.low, &bar.npv_low_usd), (bar.driver.high, &bar.npv_high_usd)];
        for (value, npv) in ends {
            let again = appraiser.npv_usd(&[Change::to(&bar.driver.path, value)]).unwrap();
            close(again, *npv.as_ref().unwrap(), 1e-12, &bar.driver.path);
        }
    }
    let known: Vec<String> = drivers(&appraiser).into_iter().map(|d| d.path).collect();
    let told = |path: &String| {
        found.bars.iter().any(|b| b.driver.path == *path)
            || found.left_out.iter().any(|(p, _)| p == path)
    };
    assert!(known.iter().all(told), "every driver has a bar or a reason");
}

#[test]
fn a_bar_of_what_the_value_is_linear_in_has_the_slope_of_the_closed_form() {
    // Taxes away, value is linear in the cost of the plant: paid evenly over the months of
    // building and sold for what is left of its life.
    let zero = [("costs.federal-tax-frac", "0"), ("costs.state-tax-frac", "0")];
    let (site, catalog) = changed(layout(INSTALLED), &zero);
    let mut appraiser = Appraiser::new(&site, &catalog).unwrap();
    let path = "costs.site-capex-usd-per-mw";
    let base = 1.48e7;
    let driver = Driver {
        path: path.to_owned(),
        name: String::new(),
        unit: String::new(),
        base,
        low: base,
        high: base,
        source: String::new(),
    };
    let found = tornado_of(&mut appraiser, &[driver], Range::Share(0.2), 1);
    let bar = &found.bars[0];
    let (low, high) = (bar.npv_low_usd.clone().unwrap(), bar.npv_high_usd.clone().unwrap());
    let contract = site.terms.site.grid_contract_mw.unwrap();
    let (rate, build, life, plant_life) = (0.1f64, 24, 60.0, 180.0);
    let paid: f64 = (1..=build).map(|m| (1.0 + rate).powf(-f64::from(m) / 12.0)).sum();
    let left = (1.0 - life / plant_life) * (1.0 + rate).powf(-(f64::from(build) + life) / 12.0);
    let slope = contract * (paid / f64::from(build) - left);
    // A tenth of contingency and 6 % of soft cost come on top.
    close(low - high, 1.16 * 0.4 * base * slope, 1e-9, "0.4 of the cost");
    close(0.5 * (low + high), appraiser.base().npv_usd(), 1e-9, "symmetric");
    assert!(!bar.replanned);
}

#[test]
fn a_share_that_is_whole_already_stands_once_in_the_table_and_the_table_says_so() {
    let mut appraiser = appraiser("pilot-20mw");
    let (rows, columns) = default_pair(&appraiser);
    let found = two_way(&mut appraiser, &rows, &columns).unwrap();
    assert!((found.columns.base - 1.0).abs() < 1e-9, "the pilot sells all that it can make");
    let apart = found.columns.values.windows(2).all(|w| w[1] - w[0] > 1e-3);
    assert!(apart && found.columns.values.contains(&found.columns.base), "{:?}", found.columns);
    assert!(found.columns.bound().unwrap().contains("cannot rise"));
    assert_eq!(found.rows.bound(), None);
}

#[test]
fn the_table_holds_the_base_and_agrees_with_its_sides() {
    let mut appraiser = appraiser(SITE);
    let (rows, columns) = ("levels.token_price", "costs.discount-frac");
    let found = two_way(&mut appraiser, rows, columns).unwrap();
    let at = |side: &gigasite::study::risk::Side, value: f64| {
        side.values.iter().position(|v| *v == value).unwrap()
    };
    let (r, c) = (at(&found.rows, 1.0), at(&found.columns, 0.1));
    close(found.npv_usd[r][c].clone().unwrap(), found.base_npv_usd, 1e-12, "base cell");
    let alone = appraiser.npv_usd(&[Change::to(rows, found.rows.values[0])]).unwrap();
    close(found.npv_usd[0][c].clone().unwrap(), alone, 1e-12, "a row at base column");
    let both =
        [Change::to(columns, found.columns.values[0]), Change::to(rows, found.rows.values[0])];
    let corner = appraiser.npv_usd(&both).unwrap();
    close(found.npv_usd[0][0].clone().unwrap(), corner, 1e-12, "order of changes");
    assert!(two_way(&mut appraiser, rows, rows).is_err());
    assert!(two_way(&mut appraiser, rows, "costs.nothing").unwrap_err().contains("costs.nothing"));
}

#[test]
fn a_printed_break_even_put_back_in_is_worth_nothing() {
    let mut appraiser = appraiser("mixed-250mw");
    let found = break_evens(&mut appraiser);
    let capital = appraiser.base().results.capex.total_usd;
    let mut put_back = 0;
    for row in &found.rows {
        let Ok(value) = row.value else { continue };
        // As JSON prints it.
        let printed: f64 = serde_json::to_string(&value).unwrap().parse().unwrap();
        let npv = appraiser.npv_usd(&[Change::to(&row.path, printed)]).unwrap();
        assert!(npv.abs() < 1e-6 * capital, "{}: {npv}", row.path);
        let nudged = appraiser.npv_usd(&[Change::to(&row.path, printed * 1.001)]).unwrap();
        assert!(nudged.abs() > npv.abs(), "{}: it is no flat spot", row.path);
        put_back += 1;
    }
    assert!(put_back >= 3, "{:?}", found.rows);
    assert!(found.rows.iter().any(|r| r.path == "levels.token_price" && r.value.is_ok()));
}

#[test]
fn a_month_is_worth_what_moving_the_project_changes() {
    let appraiser = appraiser(SITE);
    let found = price_of_time(&appraiser);
    let project = &appraiser.base().project;
    let base = results(project).unwrap().unlevered.npv_usd;
    let later = results(&shifted(project, None, 1)).unwrap().unlevered.npv_usd;
    let told = found.steps[0].npv_usd_per_month_later.clone().unwrap();
    close(told, later - base, 1e-9, "a month later");
    // Where prices stay, nothing is taxed and all is paid at the start, every later flow is
    // discounted by one month more.
    let mut plain = project.clone();
    plain.tax.federal_frac = 0.0;
    plain.tax.state_frac = 0.0;
    for stream in &mut plain.streams {
        let start = stream.price.at_year(0);
        stream.price = Path::Escalating { start, per_year_frac: 0.0 };
    }
    for row in &mut plain.opex {
        let start = row.price.at_year(0);
        row.price = Path::Escalating { start, per_year_frac: 0.0 };
    }
    for line in &mut plain.capex {
        line.spend.iter_mut().for_each(|s| s.month = 0);
    }
    let npv = |p: &gigasite::finance::project::Project| results(p).unwrap().unlevered.npv_usd;
    let capital = results(&plain).unwrap().capex.total_usd;
    let month = 1.1f64.powf(-1.0 / 12.0);
    let operation = npv(&plain) + capital * month;
    close(npv(&shifted(&plain, None, 1)), operation * month - capital * month, 1e-9, "closed form");
    assert!(found.no_choice.is_some() && found.choices.is_empty());
}

#[test]
fn conditional_power_without_curtailment_is_worth_the_time_that_it_saves() {
    let step = |month: u32, firm: u32, conditional: u32, hours: u32| {
        format!(
            "{{\"from_month\": {month}, \"firm_mw\": {firm}, \"conditional_mw\": {conditional}, \
             \"curtailable_h_per_year\": {hours}}}"
        )
    };
    let of = |hours: u32| {
        let steps = format!("[{}, {}]", step(24, 0, 20, hours), step(36, 20, 0, 0));
        let site = layout(SITE);
        let feed = site.campus.feeds.iter().next().unwrap().id.clone();
        let (site, catalog) = changed(site, &[(&format!("feeds.{feed}.steps"), &steps)]);
        let appraiser = Appraiser::new(&site, &catalog).unwrap();
        (price_of_time(&appraiser).choices.remove(0), appraiser)
    };
    let (free, appraiser) = of(0);
    let project = &appraiser.base().project;
    let npv = |months: i64| results(&shifted(project, None, months)).unwrap().unlevered.npv_usd;
    close(free.npv_now_usd.clone().unwrap(), npv(0), 1e-9, "now");
    close(free.npv_later_usd.clone().unwrap(), npv(12), 1e-9, "a year later");
    let (half, _) = of(4380);
    assert!(half.npv_now_usd.unwrap() < free.npv_now_usd.unwrap(), "curtailed hours cost");
}

#[test]
fn three_businesses_share_one_site_and_each_breaks_even_at_its_own_price() {
    let mut appraiser = appraiser(INSTALLED);
    let found = business_models(&mut appraiser);
    let of = |id: &str| found.models.iter().find(|m| m.id == id).unwrap();
    let (landlord, seller) = (of("landlord"), of("token-seller"));
    let base = &appraiser.base().results;
    close(seller.npv_usd.clone().unwrap(), base.unlevered.npv_usd, 1e-12, "the seller is the base");
    // The landlord pays for everything but racks, with contingency and soft cost.
    let plant = 1.16 * 1.48e7 * appraiser.site().terms.site.grid_contract_mw.unwrap();
    close(landlord.capex_usd.clone().unwrap(), plant, 1e-9, "the shell");
    let rent = 184.06 * 1e3 * 12.0 * appraiser.base().outcome.plan.it_mw;
    let year = landlord.revenue_usd_per_year.clone().unwrap() / rent;
    assert!((1.0..1.2).contains(&year), "rent with its rise by the first full year: {year}");
    assert!(landlord.breakeven_price_ratio.is_ok());
    let made = &found.make_or_buy;
    let gap = made.buy_usd.clone().unwrap() - made.make_usd.clone().unwrap();
    close(gap, base.pretax.npv_usd, 1e-9, "buying less making is the value before tax");
    assert!(found.assumptions.iter().all(|a| !a.source.is_empty()));
}

#[test]
fn scenarios_of_a_layout_are_its_changes_and_survive_a_file() {
    let mut own = Layout::from(layout(SITE));
    let changes = vec![("costs.discount-frac".to_owned(), "0.14".to_owned())];
    let case = Scenario {
        id: "bank".to_owned(),
        name: "The bank's".to_owned(),
        notes: "Dearer money".to_owned(),
        changes,
    };
    own.scenarios = std::sync::Arc::new(vec![case]);
    assert!(!own.check().has_errors(), "{:?}", own.check());
    let text = file::to_ron(&own.to_file());
    let (read, _) = Layout::from_file(file::parse(&text, "x.ron").unwrap()).unwrap();
    assert_eq!(read.scenarios, own.scenarios);
    let mut appraiser = appraiser(SITE);
    let found = scenarios(&mut appraiser, &read.scenarios);
    assert!(!found.made);
    let dear = appraiser.npv_usd(&[Change::to("costs.discount-frac", 0.14)]).unwrap();
    close(found.rows[1].npv_usd.clone().unwrap(), dear, 1e-12, "the bank's case");
    close(found.rows[0].npv_usd.clone().unwrap(), appraiser.base().npv_usd(), 1e-12, "base");
}

#[test]
fn a_scenario_with_a_path_that_leads_nowhere_says_so() {
    let mut own = Layout::from(layout(SITE));
    let case = |id: &str, path: &str| Scenario {
        id: id.to_owned(),
        name: "A case".to_owned(),
        notes: String::new(),
        changes: vec![(path.to_owned(), "1".to_owned())],
    };
    own.scenarios = std::sync::Arc::new(vec![case("a", "cost.discount-frac")]);
    let report = own.check();
    assert!(report.items.iter().any(|d| d.code == "unknown-path" && d.hint.contains("costs")));
    let mut appraiser = appraiser(SITE);
    let found = scenarios(&mut appraiser, &[case("b", "costs.discount-fraction")]);
    assert!(found.rows[1].npv_usd.clone().unwrap_err().contains("discount-frac"));
}

#[test]
fn made_scenarios_lie_on_both_sides_of_the_base() {
    let mut appraiser = appraiser(SITE);
    let found = scenarios(&mut appraiser, &[]);
    assert!(found.made);
    let npv = |id: &str| found.rows.iter().find(|r| r.id == id).unwrap().npv_usd.clone().unwrap();
    assert!(npv("low") < npv("lender") && npv("lender") < npv("base") && npv("base") < npv("high"));
    // The lender lends on contracts alone, and the layout has none.
    let lender = found.rows.iter().find(|r| r.id == "lender").unwrap();
    assert!(lender.changes.iter().any(|c| c == "finance.loan.share_frac=0.6"));
    let loan = lender.loan.as_ref().unwrap();
    assert_eq!(loan.loan_usd, 0.0);
    assert!(loan.llcr.contracted.is_err() && found.rows[0].loan.is_none());
}
