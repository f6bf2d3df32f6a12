//! What may come otherwise: each input alone, two at once, scenarios, draws; where the value is
//! zero; the way from the keynote figure; what time is worth; other ways of doing business.

use super::Desk;
use crate::report::document::{Column, Row};
use crate::scene::chart::money::Id;
use crate::study::risk::{self, Answer};
use crate::units::format::{count, fixed, money, plain, price, share};
use crate::units::{Money, TokenPrice};

pub fn write(desk: &mut Desk) {
    tornado(desk);
    ladder(desk);
    scenarios(desk);
    draws(desk);
    price_of_time(desk);
    models(desk);
}

fn usd(value: f64) -> String {
    money(Money::usd(value))
}

/// A price of a million tokens where the head says so.
fn mtok(usd: f64) -> String {
    price(TokenPrice::usd_per_mtok(usd)).trim_end_matches(" per M").to_owned()
}

/// A figure, or that there is none.
fn known(answer: &Answer, form: impl FnOnce(f64) -> String) -> String {
    answer.as_ref().map_or_else(|_| "no value".to_owned(), |v| form(*v))
}

/// A figure, or in words why there is none.
fn told(answer: &Answer, form: impl FnOnce(f64) -> String) -> String {
    answer.as_ref().map_or_else(Clone::clone, |v| form(*v))
}

/// A change with its sign.
fn change(value: f64) -> String {
    if value > 0.0 { format!("+{}", usd(value)) } else { usd(value) }
}

/// What each input alone does to the value, two at once, and where the value is zero.
fn tornado(desk: &mut Desk) {
    let facts = desk.facts;
    let Some(tornado) = facts.tornado() else { return };
    desk.chapter("Sensitivities");
    desk.say(
        "Each input is moved to the ends of its range, everything else held, and the plan solved \
         anew where the input reaches it. The range is that of the register of inputs.",
    );
    let tall = 60.0 + 24.0 * tornado.bars.len() as f64;
    let figure = facts.figure(Id::Tornado, (desk.width, tall), "", desk.measure);
    desk.push(figure);
    let columns = Column::figures("Input", &["Base", "Low", "High", "NPV at low", "NPV at high"]);
    let number = |v: f64| with_unit(rounded(v), "");
    let rows = tornado.bars.iter().map(|bar| {
        let d = &bar.driver;
        let name =
            if d.unit.is_empty() { d.name.clone() } else { format!("{}, {}", d.name, d.unit) };
        let [base, low, high] = [number(d.base), number(d.low), number(d.high)];
        let ends = [known(&bar.npv_low_usd, usd), known(&bar.npv_high_usd, usd)];
        let [at_low, at_high] = ends;
        Row::plain([name, base, low, high, at_low, at_high])
    });
    desk.table(columns, rows);
    let caption = "Net present value where two inputs move at once, the plan solved anew in each \
                   cell; the frame is the layout as it stands.";
    let figure =
        facts.figure(Id::TwoWay, (desk.width, 24.0 + 40.0 + 5.0 * 30.0), caption, desk.measure);
    if figure.is_some() {
        desk.section("Two inputs at once");
        desk.push(figure);
    }
    if let Some(found) = facts.risks.break_evens() {
        break_evens(desk, found);
    }
}

/// Values of inputs at which the project is worth nothing.
fn break_evens(desk: &mut Desk, found: &risk::BreakEvens) {
    desk.section("Break-evens");
    desk.say("The value of each input at which the net present value after tax is zero.");
    let columns = Column::figures("Input", &["Base", "Break-even"]);
    let rows = found.rows.iter().map(|row| {
        let unit = |v: f64| with_unit(rounded(v), &row.unit);
        Row::plain([row.name.clone(), unit(row.base), told(&row.value, unit)])
    });
    desk.table(columns, rows);
}

fn ladder(desk: &mut Desk) {
    let facts = desk.facts;
    let Some(found) = facts.risks.ladder() else { return };
    desk.section("From keynote to bankable");
    desk.say(format!(
        "{} Each step changes one assumption and solves the plan anew; the bars sum to the \
         difference.",
        sentence(&found.reading)
    ));
    let tall = 40.0 + 24.0 * (found.steps.len() + 3) as f64;
    let figure = facts.figure(Id::Ladder, (desk.width, tall), "", desk.measure);
    desk.push(figure);
    let columns = vec![
        Column::left("Step"),
        Column::right("Revenue, first year"),
        Column::right("NPV"),
        Column::left("What changes"),
    ];
    let rows = found.steps.iter().map(|step| {
        let what = step.stop.clone().unwrap_or_else(|| step.what.clone());
        Row::plain([step.name.clone(), usd(step.revenue_usd), known(&step.npv_usd, usd), what])
    });
    desk.table(columns, rows);
}

fn scenarios(desk: &mut Desk) {
    let facts = desk.facts;
    let Some(found) = facts.risks.scenarios() else { return };
    desk.chapter("Scenarios");
    desk.say(match found.made {
        true => {
            "The layout has no scenarios of its own: low and high move the five inputs that lower \
             and that raise the value most to those ends of their ranges, lender moves those of \
             low halfway."
        }
        false => "The scenarios of the layout, each solved and valued anew.",
    });
    let columns = Column::figures(
        "Scenario",
        &["NPV", "IRR", "Capital", "Revenue", "EBITDA", "Levelised", "Payback", "Least cover"],
    );
    let rows = found.rows.iter().map(|s| {
        Row::plain([
            s.name.clone(),
            known(&s.npv_usd, usd),
            known(&s.irr, share),
            known(&s.capex_usd, usd),
            known(&s.revenue_usd_per_year, usd),
            known(&s.ebitda_usd_per_year, usd),
            known(&s.levelised_usd_per_mtok, mtok),
            s.payback_years
                .as_ref()
                .map_or_else(|_| "never".to_owned(), |v| format!("{} y", fixed(*v, 1))),
            s.min_dscr.map_or_else(|| "no loan".to_owned(), |v| fixed(v, 2)),
        ])
    });
    desk.table(columns, rows);
    let changes = found.rows.iter().filter(|s| !s.changes.is_empty());
    let rows = changes.map(|s| {
        let changes: Vec<String> = s.changes.iter().map(|text| legible(text)).collect();
        Row::plain([s.name.clone(), s.notes.clone(), changes.join("; ")])
    });
    let columns =
        vec![Column::left("Scenario"), Column::left("What it is"), Column::left("Changes")];
    desk.table(columns, rows);
}

/// A change with six digits of its value: half a range may have all that a number has.
fn legible(text: &str) -> String {
    let parts = text.split_once('=').and_then(|(path, value)| {
        Some((path, value.parse::<f64>().ok().filter(|v| v.is_finite())?))
    });
    match parts.map(|(path, value)| (path, format!("{value:.5e}").parse::<f64>())) {
        Some((path, Ok(value))) => format!("{path}={value}"),
        _ => text.to_owned(),
    }
}

/// Draws of all inputs at once, where they are asked for.
fn draws(desk: &mut Desk) {
    let facts = desk.facts;
    if !facts.risks.has_draws() {
        return;
    }
    desk.section("Draws of all inputs at once");
    let found = match facts.risks.draws() {
        Ok(found) => found,
        Err(why) => {
            desk.say(format!("There are none: {why}."));
            return;
        }
    };
    desk.say(format!(
        "{} runs with seed {} draw {} inputs at once between the ends of their ranges ({}). The \
         value is below zero in {} of them. P90 is exceeded in 90 % of the runs. {}",
        count(found.draws as f64),
        found.seed,
        found.drivers.len(),
        found.shape,
        share(found.loss_frac),
        sentence(&found.method)
    ));
    let spread = &found.npv_usd;
    let [p90, p50, p10] = risk::Spread::LABELS;
    let rows = [
        (p90.0, spread.p90),
        (p50.0, spread.p50),
        (p10.0, spread.p10),
        ("Mean", spread.mean),
        ("Standard deviation", spread.sd),
        ("Without uncertainty", found.base_npv_usd),
    ];
    let rows = rows.map(|(name, v)| Row::plain([name.to_owned(), usd(v)]));
    desk.table(Column::figures("Net present value", &["Value"]), rows);
    if let (Some(cover), Some(weak)) = (&found.least_cover, found.weak_cover_frac) {
        desk.say(format!("The loan's least cover is below one in {} of the runs.", share(weak)));
        let rows = [(p90.0, cover.p90), (p50.0, cover.p50), (p10.0, cover.p10)];
        let rows = rows.map(|(name, v)| Row::plain([name.to_owned(), fixed(v, 2)]));
        desk.table(Column::figures("Least debt service cover", &["Ratio"]), rows);
    }
    let caption =
        "Cumulative discounted cash flow after tax; each percentile is that of its own year.";
    let figure = facts.figure(Id::Fan, (desk.width, 250.0), caption, desk.measure);
    desk.push(figure);
}

fn price_of_time(desk: &mut Desk) {
    let facts = desk.facts;
    let Some(found) = facts.risks.price_of_time() else { return };
    desk.chapter("Price of time");
    desk.say(
        "What a month earlier or later changes of the value: service, contracts and the end of \
         the model move, prices stay those of the calendar, what was paid stays paid when it was.",
    );
    let columns =
        Column::figures("Step", &["In service in month", "A month earlier", "A month later"]);
    let rows = found.steps.iter().map(|s| {
        Row::plain([
            s.name.clone(),
            s.month.to_string(),
            known(&s.npv_usd_per_month_earlier, change),
            known(&s.npv_usd_per_month_later, change),
        ])
    });
    desk.table(columns, rows);
    if let Some(why) = &found.no_choice {
        desk.note(format!("Conditional power now against firm power later: {why}."));
        return;
    }
    let columns = Column::figures(
        "Conditional power now or firm power later",
        &["MW", "Hours a year", "NPV now", "NPV later", "Worth", "Same at hours"],
    );
    let rows = found.choices.iter().map(|c| {
        Row::plain([
            format!("{}: month {} or {}", c.name, c.conditional_month, c.firm_month),
            plain(c.conditional_mw),
            plain(c.curtailable_h_per_year),
            known(&c.npv_now_usd, usd),
            known(&c.npv_later_usd, usd),
            known(&c.gain_usd, change),
            known(&c.breakeven_h_per_year, |h| fixed(h, 0)),
        ])
    });
    desk.table(columns, rows);
}

fn models(desk: &mut Desk) {
    let facts = desk.facts;
    let Some(found) = facts.risks.models() else { return };
    desk.chapter("The same site as another business");
    let columns = Column::figures(
        "Business",
        &["Capital", "Revenue", "EBITDA", "NPV", "IRR", "NPV/capital", "Break-even"],
    );
    let rows = found.models.iter().map(|m| {
        Row::plain([
            m.name.clone(),
            known(&m.capex_usd, usd),
            known(&m.revenue_usd_per_year, usd),
            known(&m.ebitda_usd_per_year, usd),
            known(&m.npv_usd, usd),
            known(&m.irr, share),
            known(&m.npv_per_capex, |v| fixed(v, 2)),
            known(&m.breakeven_price_ratio, share),
        ])
    });
    desk.table(columns, rows);
    desk.note("Break-even is the share of its own price at which a business is worth nothing.");
    let mut rows: Vec<Row> = Vec::new();
    for m in &found.models {
        rows.push(Row::plain([m.name.clone(), sentence(&m.what)]));
        if let Err(why) = &m.npv_usd {
            rows.push(Row::plain([String::new(), format!("No value: {why}.")]));
        }
    }
    desk.table(
        vec![Column::left("Business"), Column::left("What is sold and who pays for what")],
        rows,
    );
    let made = &found.make_or_buy;
    desk.section("Own capital or tokens bought");
    let rows = vec![
        Row::plain([
            "Made on this site".to_owned(),
            told(&made.make_usd, usd),
            known(&made.make_usd_per_mtok, mtok),
        ]),
        Row::plain([
            "The same tokens bought".to_owned(),
            told(&made.buy_usd, usd),
            known(&made.buy_usd_per_mtok, mtok),
        ]),
    ];
    let columns = Column::figures("Discounted cost before tax", &["Cost", "A million tokens"]);
    desk.table(columns, rows);
    if let Ok(volume) = &made.breakeven_volume_frac {
        desk.note(format!(
            "Own capital is cheaper above {} of the plan's tokens, the capital being spent in full.",
            share(*volume)
        ));
    }
    let rows = found.assumptions.iter().map(|a| {
        Row::plain([a.name.clone(), with_unit(rounded(a.value), &a.unit), a.source.clone()])
    });
    let columns = vec![
        Column::left("What the comparison takes"),
        Column::right("Value"),
        Column::left("Source"),
    ];
    desk.table(columns, rows);
}

/// Text that ends with a full stop.
fn sentence(text: &str) -> String {
    let text = crate::units::words::upper_first(text.trim_end_matches('.'));
    if text.is_empty() { text } else { format!("{text}.") }
}

/// Four digits: a range is no promise.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let power = 10f64.powf(value.abs().log10().floor() - 3.0);
    let digits = (value / power).round();
    if power < 1.0 { digits / (1.0 / power).round() } else { digits * power }
}

fn with_unit(value: f64, unit: &str) -> String {
    let digits = plain(value);
    if unit.is_empty() { digits } else { format!("{digits} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::legible;

    #[test]
    fn changes_keep_what_counts_of_their_values() {
        let cases = [
            ("finance.utilisation_frac=0.6137999189903665", "finance.utilisation_frac=0.6138"),
            ("tariff.energy_usd_per_mwh=65", "tariff.energy_usd_per_mwh=65"),
            ("a.b=123456789.2", "a.b=123457000"),
            ("site.rack=gb300", "site.rack=gb300"),
        ];
        for (text, short) in cases {
            assert_eq!(legible(text), short);
        }
    }
}
