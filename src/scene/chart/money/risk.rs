//! The charts of risk questions: what moves the value, how it may fall out, and the way from
//! the keynote figure to the bankable one. It takes results, and computes none.

use super::{Amounts, Bar, Chart, Fan, Grid, Id, Kind, Side, Step, Tornado, Waterfall};
use crate::study::risk;
use crate::units::format::Worded;

/// What moves the net present value, the widest bar first; bars without a swing are left out.
pub fn tornado(found: &risk::Tornado) -> Chart {
    let bars: Vec<Bar> = found
        .bars
        .iter()
        .filter(|bar| bar.swing_usd() > 0.0)
        .map(|bar| {
            let d = &bar.driver;
            // Both ends stand in one scale.
            let unit = Worded::of(&d.unit, d.low.abs().max(d.high.abs()));
            let end = |v: f64, npv: &risk::Answer| (unit.digits(v), npv.as_ref().ok().copied());
            let name = match unit.label {
                unit if d.name.to_lowercase().contains(unit) => d.name.clone(),
                unit => format!("{}, {unit}", d.name),
            };
            Bar { name, low: end(d.low, &bar.npv_low_usd), high: end(d.high, &bar.npv_high_usd) }
        })
        .collect();
    let ends = bars.iter().flat_map(|b| [b.low.1, b.high.1]).flatten();
    let largest = ends.chain([found.base_npv_usd]).fold(0.0f64, |m, v| m.max(v.abs()));
    let amounts = Amounts::money(largest);
    let note =
        format!("{}, base {}", amounts.unit, amounts.clone().finer().digits(found.base_npv_usd));
    let kind =
        Kind::Tornado(Tornado { base: found.base_npv_usd, bars, amounts, more_is_better: true });
    Chart { id: Id::Tornado, title: Id::Tornado.name().to_owned(), note, kind }
}

/// The cumulative net present value by fiscal year over many draws.
pub fn fan(found: &risk::MonteCarlo) -> Chart {
    let fan = &found.fan;
    let all = fan.p10.iter().chain(&fan.p50).chain(&fan.p90).chain(&fan.base);
    let amounts = Amounts::money(all.fold(0.0f64, |m, v| m.max(v.abs())));
    let loss = crate::units::format::share(found.loss_frac);
    let runs = crate::units::format::count(found.draws as f64);
    let note = format!("{}, {runs} runs, P(NPV < 0) {loss}", amounts.unit);
    let base = (fan.base.len() == fan.years.len()).then(|| fan.base.clone());
    let kind = Kind::Fan(Fan {
        labels: fan.years.iter().map(|y| format!("FY{y}")).collect(),
        p10: fan.p10.clone(),
        p50: fan.p50.clone(),
        p90: fan.p90.clone(),
        base,
        amounts,
    });
    Chart { id: Id::Fan, title: Id::Fan.name().to_owned(), note, kind }
}

/// From the keynote figure to the sales of the first twelve months, a step an assumption.
pub fn ladder(found: &risk::Ladder) -> Chart {
    let total = |name: &str, value: f64| Step { name: name.to_owned(), value, is_total: true };
    let mut steps = vec![total(&found.name, found.keynote_revenue_usd)];
    let taken = found.steps.iter().filter(|s| s.stop.is_none() && s.revenue_change_usd != 0.0);
    steps.extend(taken.map(|s| Step {
        name: s.name.clone(),
        value: s.revenue_change_usd,
        is_total: false,
    }));
    steps.push(total("First twelve months", found.first_year_revenue_usd));
    if found.contracted_usd > 0.0 {
        steps.push(total("of that under contract", found.contracted_usd));
    }
    let amounts = Amounts::money(found.keynote_revenue_usd.max(found.first_year_revenue_usd));
    let note = format!("{} a year", amounts.unit);
    let kind = Kind::Waterfall(Waterfall { steps, amounts, more_is_better: Some(true) });
    Chart { id: Id::Ladder, title: Id::Ladder.name().to_owned(), note, kind }
}

/// The value on the same way: from the keynote's reading to the net present value.
pub fn value_ladder(found: &risk::Ladder) -> Option<Chart> {
    let start = *found.keynote_npv_usd.as_ref().ok()?;
    let total = |name: &str, value: f64| Step { name: name.to_owned(), value, is_total: true };
    let mut steps = vec![total(&found.name, start)];
    let taken = found.steps.iter().filter(|s| s.stop.is_none() && s.npv_change_usd != 0.0);
    steps.extend(taken.map(|s| Step {
        name: s.name.clone(),
        value: s.npv_change_usd,
        is_total: false,
    }));
    steps.push(total("Net present value", found.npv_usd));
    let amounts = Amounts::money(start.abs().max(found.npv_usd.abs()));
    let note = amounts.unit.to_owned();
    let kind = Kind::Waterfall(Waterfall { steps, amounts, more_is_better: Some(true) });
    let title = Id::ValueLadder.name().to_owned();
    Some(Chart { id: Id::ValueLadder, title, note, kind })
}

/// The net present value by two inputs.
pub fn two_way(found: &risk::TwoWay) -> Chart {
    let side = |side: &risk::Side| {
        let largest = side.values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
        let unit = Worded::of(&side.unit, largest);
        let name = match unit.label {
            "" => side.name.clone(),
            unit => format!("{}, {unit}", side.name),
        };
        let values = side.values.iter().map(|v| unit.digits(*v)).collect();
        let base = side.values.iter().position(|v| *v == side.base);
        Side { name, values, base }
    };
    let answer = |a: &risk::Answer| a.as_ref().ok().copied();
    let cells: Vec<Vec<Option<f64>>> =
        found.npv_usd.iter().map(|row| row.iter().map(answer).collect()).collect();
    let largest = cells.iter().flatten().flatten().fold(0.0f64, |m, v| m.max(v.abs()));
    let amounts = Amounts::money(largest);
    let bound = [&found.rows, &found.columns].iter().find_map(|s| s.bound());
    let bound = bound.map_or_else(String::new, |why| format!(" · {why}"));
    let note = format!("{}, base framed{bound}", amounts.unit);
    let kind = Kind::Grid(Grid {
        rows: side(&found.rows),
        columns: side(&found.columns),
        cells,
        base: found.base_npv_usd,
        amounts,
        more_is_better: true,
    });
    Chart { id: Id::TwoWay, title: Id::TwoWay.name().to_owned(), note, kind }
}
