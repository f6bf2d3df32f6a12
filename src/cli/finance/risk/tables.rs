//! Risk results as text: figures right-aligned, negatives as the rest of the program shows them.

use crate::study::risk::{
    Answer, BreakEvens, BusinessModels, Ladder, MonteCarlo, PriceOfTime, Range, Scenarios, Split,
    Spread, Tornado, TwoWay,
};
use crate::units::format::{fixed, money, money_change, plain, price, ratio, share};
use crate::units::{Money, TokenPrice};

/// Width of a figure of money.
const MONEY: usize = 12;

fn usd(value: f64) -> String {
    money(Money::usd(value))
}

fn change(value: f64) -> String {
    money_change(Money::usd(value))
}

/// A figure, or why there is none.
fn known(answer: &Answer, form: impl FnOnce(f64) -> String) -> String {
    match answer {
        Ok(value) => form(*value),
        Err(why) => why.clone(),
    }
}

/// A figure, or a mark that stands for a reason told below.
fn brief(answer: &Answer, form: impl FnOnce(f64) -> String) -> String {
    answer.as_ref().map_or_else(|_| "n/a".to_owned(), |value| form(*value))
}

fn years(value: f64) -> String {
    format!("{} years", fixed(value, 1))
}

pub(super) fn ladder(found: &Ladder) -> String {
    let head = |name: &str, revenue: &str, change: &str, npv: &str| {
        format!("  {name:<24}{change:>MONEY$}{revenue:>MONEY$}{npv:>MONEY$}")
    };
    let mut out = vec![
        "From the keynote figure to the bankable one (sales of the first twelve months in service)"
            .to_owned(),
        format!("  reading: {}", found.reading),
        head("", "sales", "change", "NPV"),
        head(
            "Keynote figure",
            &usd(found.keynote_revenue_usd),
            "",
            &brief(&found.keynote_npv_usd, usd),
        ),
    ];
    for step in &found.steps {
        let moved = match &step.stop {
            Some(_) => "-".to_owned(),
            None => change(step.revenue_change_usd),
        };
        out.push(head(&step.name, &usd(step.revenue_usd), &moved, &brief(&step.npv_usd, usd)));
        if let Some(stop) = &step.stop {
            out.push(format!("    stops: {stop}"));
        }
    }
    let first = usd(found.first_year_revenue_usd);
    out.push(head("First year", &first, "", &usd(found.npv_usd)));
    out.push(format!("  of that under contracts: {}", usd(found.contracted_usd)));
    out.push("  sources:".to_owned());
    let taken = found.steps.iter().filter(|s| s.stop.is_none());
    out.extend(taken.map(|s| format!("    {:<22}{} ({})", s.name, s.what, s.source)));
    out.join("\n")
}

pub(super) fn tornado(found: &Tornado) -> String {
    let range = match found.range {
        Range::Register => "over the ranges of the catalogue".to_owned(),
        Range::Share(frac) => format!("by {} both ways", share(frac)),
    };
    let mut out = vec![
        format!("Tornado: NPV {} at base, one input at a time {range}", usd(found.base_npv_usd)),
        format!(
            "  {:<46}{:>14}{:>14}{:>14}{:>MONEY$}{:>MONEY$}",
            "", "low", "base", "high", "NPV low", "NPV high"
        ),
    ];
    for bar in &found.bars {
        let d = &bar.driver;
        out.push(format!(
            "  {:<46}{:>14}{:>14}{:>14}{:>MONEY$}{:>MONEY$}{}",
            shortened(&d.name, 45),
            plain(d.low),
            plain(d.base),
            plain(d.high),
            brief(&bar.npv_low_usd, usd),
            brief(&bar.npv_high_usd, usd),
            if bar.replanned { "  replanned" } else { "" },
        ));
    }
    if !found.left_out.is_empty() {
        let list = found.left_out.iter().map(|(path, why)| format!("    {path}: {why}"));
        out.push("  without a bar:".to_owned());
        out.extend(list);
    }
    out.join("\n")
}

/// A text cut to a width.
fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width - 3).collect();
    format!("{}...", kept.trim_end())
}

pub(super) fn two_way(found: &TwoWay) -> String {
    let (rows, columns) = (&found.rows, &found.columns);
    let mark = |value: f64, base: f64| {
        let text = plain(value);
        if value == base { format!("[{text}]") } else { text }
    };
    let head: String =
        columns.values.iter().map(|v| format!("{:>MONEY$}", mark(*v, columns.base))).collect();
    let mut out = vec![
        format!("NPV by {} (down) and {} (across); [base]", rows.name, columns.name),
        format!("  {:>14}{head}", ""),
    ];
    let mut reasons: Vec<&String> = Vec::new();
    for (value, line) in rows.values.iter().zip(&found.npv_usd) {
        let cells: String = line.iter().map(|a| format!("{:>MONEY$}", brief(a, usd))).collect();
        out.push(format!("  {:>14}{cells}", mark(*value, rows.base)));
        reasons.extend(line.iter().filter_map(|a| a.as_ref().err()));
    }
    out.push(format!("  {} and {}", rows.path, columns.path));
    out.extend([rows, columns].iter().filter_map(|s| Some(format!("  {}", s.bound()?))));
    if let Some(why) = reasons.first() {
        out.push(format!("  n/a: {why}"));
    }
    out.join("\n")
}

pub(super) fn monte_carlo(found: &MonteCarlo) -> String {
    let spread = &found.npv_usd;
    let mut out = vec![format!(
        "Monte Carlo: {} draws of {} inputs ({}), seed {}; NPV {} without uncertainty",
        found.draws,
        found.drivers.len(),
        found.shape,
        found.seed,
        usd(found.base_npv_usd)
    )];
    let figures = [spread.p90, spread.p50, spread.p10];
    for ((label, percentile), value) in Spread::LABELS.iter().zip(figures) {
        out.push(format!("  NPV {label:<34}{:>MONEY$}   {percentile}", usd(value)));
    }
    out.push(format!(
        "  mean {}, standard deviation {}; NPV below zero in {} of the runs",
        usd(spread.mean),
        usd(spread.sd),
        share(found.loss_frac)
    ));
    match (&found.least_cover, found.weak_cover_frac) {
        (Some(cover), Some(weak)) => {
            let [p90, p50, p10] = [cover.p90, cover.p50, cover.p10].map(|v| fixed(v, 2));
            out.push(format!("  least cover of the loan: P90 {p90}, P50 {p50}, P10 {p10}"));
            out.push(format!("    below 1.00 in {} of the runs", share(weak)));
        }
        _ => out.push("  there is no loan, and no cover".to_owned()),
    }
    out.push("  cumulative discounted cash after tax at the end of each fiscal year".to_owned());
    out.push(format!(
        "    {:<8}{:>MONEY$}{:>MONEY$}{:>MONEY$}{:>MONEY$}",
        "", "P90", "P50", "P10", "base"
    ));
    let fan = &found.fan;
    for (k, year) in fan.years.iter().enumerate() {
        let at = |list: &[f64]| usd(list.get(k).copied().unwrap_or(0.0));
        out.push(format!(
            "    FY{year:<6}{:>MONEY$}{:>MONEY$}{:>MONEY$}{:>MONEY$}",
            at(&fan.p90),
            at(&fan.p50),
            at(&fan.p10),
            at(&fan.base)
        ));
    }
    out.push("  rank correlation with the value".to_owned());
    let mut ranked: Vec<_> = found.drivers.iter().zip(&found.rank_correlation).collect();
    ranked.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    for (driver, rho) in ranked {
        out.push(format!("    {:<46}{:>8}", shortened(&driver.name, 45), fixed(*rho, 2)));
    }
    if let Some(why) = &found.failed_because {
        out.push(format!("  {} runs have no value and are left out: {why}", found.failed));
    }
    if found.short > 0 {
        out.push(format!(
            "  {} runs cannot meet a commitment in full: what is not served earns nothing",
            found.short
        ));
    }
    out.push(format!("  {} runs were planned anew; {}", found.replanned, found.method));
    out.join("\n")
}

pub(super) fn break_evens(found: &BreakEvens) -> String {
    let mut out = vec![format!(
        "Break-evens: the value of one input at which NPV {} becomes zero, the plan solved anew",
        usd(found.base_npv_usd)
    )];
    for row in &found.rows {
        out.push(format!(
            "  {:<32}{:>12}   from {} {} ({})",
            row.name,
            known(&row.value, |v| fixed(v, 4)),
            plain(row.base),
            row.unit,
            row.path
        ));
    }
    out.join("\n")
}

pub(super) fn price_of_time(found: &PriceOfTime) -> String {
    let mut out = vec![
        format!("Price of time: NPV {}; what a month changes", usd(found.base_npv_usd)),
        format!("  {:<28}{:>10}{:>14}{:>14}", "", "service", "earlier", "later"),
    ];
    for step in &found.steps {
        out.push(format!(
            "  {:<28}{:>10}{:>14}{:>14}",
            step.name,
            format!("month {}", step.month),
            brief(&step.npv_usd_per_month_earlier, change),
            brief(&step.npv_usd_per_month_later, change),
        ));
    }
    for choice in &found.choices {
        out.push(format!(
            "  {}: {} MW in month {} curtailable {} h a year, or firm in month {}",
            choice.name,
            plain(choice.conditional_mw),
            choice.conditional_month,
            plain(choice.curtailable_h_per_year),
            choice.firm_month
        ));
        out.push(format!(
            "    now {}, later {}: conditional power is worth {}; both are worth the same at {}",
            known(&choice.npv_now_usd, usd),
            known(&choice.npv_later_usd, usd),
            known(&choice.gain_usd, change),
            known(&choice.breakeven_h_per_year, |h| format!("{} h a year", fixed(h, 0)))
        ));
    }
    if let Some(why) = &found.no_choice {
        out.push(format!("  Conditional power now against firm power later: {why}"));
    }
    out.join("\n")
}

pub(super) fn models(found: &BusinessModels) -> String {
    let mut out = vec![
        "The same site in three businesses".to_owned(),
        format!(
            "  {:<16}{:>MONEY$}{:>MONEY$}{:>MONEY$}{:>MONEY$}{:>10}{:>13}{:>19}",
            "", "capital", "revenue", "EBITDA", "NPV", "IRR", "NPV/capital", "break-even at"
        ),
    ];
    for m in &found.models {
        out.push(format!(
            "  {:<16}{:>MONEY$}{:>MONEY$}{:>MONEY$}{:>MONEY$}{:>10}{:>13}{:>19}",
            m.name,
            brief(&m.capex_usd, usd),
            brief(&m.revenue_usd_per_year, usd),
            brief(&m.ebitda_usd_per_year, usd),
            brief(&m.npv_usd, usd),
            brief(&m.irr, share),
            brief(&m.npv_per_capex, |v| fixed(v, 2)),
            brief(&m.breakeven_price_ratio, |v| format!("{} of price", share(v))),
        ));
        if let Err(why) = &m.npv_usd {
            out.push(format!("    n/a: {why}"));
        }
    }
    out.extend(found.models.iter().map(|m| format!("  {}: {}", m.name, m.what)));
    let made = &found.make_or_buy;
    let mtok = |a: &Answer| known(a, |v| price(TokenPrice::usd_per_mtok(v)));
    out.push(format!(
        "  Own capital {} ({}) against tokens bought {} ({}); own capital is cheaper above {} of the volume",
        known(&made.make_usd, usd),
        mtok(&made.make_usd_per_mtok),
        known(&made.buy_usd, usd),
        mtok(&made.buy_usd_per_mtok),
        known(&made.breakeven_volume_frac, share)
    ));
    out.push("  Assumptions".to_owned());
    for a in &found.assumptions {
        out.push(format!("    {:<42}{:>10} {} ({})", a.path, plain(a.value), a.unit, a.source));
    }
    out.join("\n")
}

pub(super) fn scenarios(found: &Scenarios) -> String {
    let made = match found.made {
        true => ", made from the ranges of the catalogue as the layout has none",
        false => "",
    };
    let mut out = vec![
        format!("Scenarios{made}"),
        format!(
            "  {:<20}{:>MONEY$}{:>10}{:>MONEY$}{:>MONEY$}{:>MONEY$}{:>16}{:>12}{:>8}",
            "", "NPV", "IRR", "capital", "revenue", "EBITDA", "levelised", "payback", "DSCR"
        ),
    ];
    for row in &found.rows {
        out.push(format!(
            "  {:<20}{:>MONEY$}{:>10}{:>MONEY$}{:>MONEY$}{:>MONEY$}{:>16}{:>12}{:>8}",
            shortened(&row.name, 19),
            brief(&row.npv_usd, usd),
            brief(&row.irr, share),
            brief(&row.capex_usd, usd),
            brief(&row.revenue_usd_per_year, usd),
            brief(&row.ebitda_usd_per_year, usd),
            brief(&row.levelised_usd_per_mtok, |v| price(TokenPrice::usd_per_mtok(v))),
            brief(&row.payback_years, years),
            row.min_dscr.map_or_else(|| "no loan".to_owned(), ratio),
        ));
        if let Err(why) = &row.npv_usd {
            out.push(format!("    n/a: {why}"));
        }
        if let Some(loan) = &row.loan {
            let of = |name: &str, s: &Split| {
                format!(
                    "{name} {} ({} contracted)",
                    brief(&s.all, ratio),
                    brief(&s.contracted, ratio)
                )
            };
            out.push(format!(
                "    loan {}, {} of its cash under contract; {}, {}, {}",
                usd(loan.loan_usd),
                brief(&loan.contracted_frac, share),
                of("DSCR", &loan.min_dscr),
                of("LLCR", &loan.llcr),
                of("PLCR", &loan.plcr),
            ));
        }
    }
    for row in found.rows.iter().filter(|r| !r.changes.is_empty()) {
        out.push(format!("  {}: {}", row.name, row.notes));
        out.extend(row.changes.iter().map(|c| format!("    {c}")));
    }
    out.join("\n")
}
