//! The page on energy, water and climate, with the fields that the EU asks of a data centre in
//! its design phase. What is not known says so. It must not know file formats.

use super::facts::Facts;
use crate::report::document::{Block, Column, Document, Pages, Row, Table};
use crate::scene::shape::Measure;
use crate::study::sustainability::{Sustainability, sustainability};
use crate::units::Power;
use crate::units::format::{UNKNOWN, count, fixed, known, power, share};

/// The page as a document of its own.
pub fn document(facts: &Facts, paper_mm: (f64, f64), measure: &mut Measure) -> Pages {
    let title = format!("{}, sustainability", facts.name());
    let mut all = vec![Block::Heading(1, title.clone())];
    all.extend(blocks(facts));
    let document = Document {
        title,
        head: facts.name().to_owned(),
        foot: facts.origin(),
        stamp: facts.stamp(),
        paper_mm,
        blocks: all,
    };
    document.pages(measure)
}

/// Its content.
pub fn blocks(facts: &Facts) -> Vec<Block> {
    let s = sustainability(facts.subject.site, facts.outcome, facts.subject.catalog);
    let table = |columns: [&str; 3], rows: Vec<Row>| {
        let [a, b, c] = columns;
        let columns = vec![Column::left(a), Column::right(b), Column::left(c)];
        Block::Table(Table { columns, rows })
    };
    vec![
        Block::Paragraph(
            "These are figures of a design at full load, not of operation: ISO/IEC 30134-2 tells \
             a design PUE from a measured one. Scope 2 is stated by location and by market side \
             by side. Scope 1 of generators and the carbon in buildings and hardware (Scope 3) \
             are not counted."
                .to_owned(),
        ),
        Block::Heading(2, "Indicators".to_owned()),
        table(["Indicator", "Value", "What it is"], indicators(&s)),
        Block::Heading(2, "Carbon".to_owned()),
        table(["Amount", "Value", "Basis"], carbon(&s)),
        Block::Heading(2, "Design-phase fields of Regulation (EU) 2024/1364".to_owned()),
        table(["Field", "Value", "Remark"], eu(facts, &s)),
    ]
}

fn row(name: &str, value: String, what: &str) -> Row {
    Row::plain([name.to_owned(), value, what.to_owned()])
}

fn indicators(s: &Sustainability) -> Vec<Row> {
    let pue = |v: Option<f64>| known(v, |v| fixed(v, 3));
    let stated = match s.pue_is_stated {
        true => "Stated by the layout in place of a design",
        false => "Mean of the year, meter over IT energy, ISO/IEC 30134-2",
    };
    let water = match s.wue_l_per_kwh {
        Some(v) if v > 0.0 => "Water over IT energy, ISO/IEC 30134-9".to_owned(),
        Some(_) => "ISO/IEC 30134-9; no cooler evaporates water".to_owned(),
        None => format!("ISO/IEC 30134-9; {}", s.water_stopped_by),
    };
    let none = without_contract(s);
    vec![
        row("Design PUE", pue(s.design_pue), stated),
        row("PUE of the worst hour", pue(s.worst_pue), "What capacity is checked with"),
        row("WUE, L/kWh", known(s.wue_l_per_kwh, |v| fixed(v, 3)), &water),
        row(
            "CUE, kg/kWh",
            known(s.climate.cue_kg_per_kwh, |v| fixed(v, 3)),
            "CO2 by location over IT energy, ISO/IEC 30134-8",
        ),
        row(
            "REF",
            known(s.climate.ref_frac, share),
            &format!("Renewable share by contract, ISO/IEC 30134-3{none}"),
        ),
        row(
            "ERF",
            known(s.climate.erf_frac, share),
            match s.climate.erf_frac {
                Some(_) => "Energy reused, ISO/IEC 30134-6",
                None => "Energy reused, ISO/IEC 30134-6; no reuse is stated",
            },
        ),
        row(
            "24/7 score",
            known(s.climate.hourly_matched_frac, share),
            &format!("Load matched in its own hour{none}"),
        ),
    ]
}

/// Why nothing is known of contracts, after a semicolon; empty where it is.
fn without_contract(s: &Sustainability) -> String {
    match (&s.climate.clean_mwh, s.climate.clean_stopped_by.as_str()) {
        (Some(_), _) => String::new(),
        (None, "") => "; no contract is stated".to_owned(),
        (None, problem) => format!("; {problem}"),
    }
}

fn carbon(s: &Sustainability) -> Vec<Row> {
    let source = match s.climate.grid_carbon_source.as_str() {
        "" => "The tariff states no factor of its grid",
        source => source,
    };
    let none = without_contract(s);
    vec![
        row("Energy at the meter, MWh/yr", count(s.energy_mwh), "The plan's year at full load"),
        row(
            "Grid factor, kg/MWh",
            known(s.climate.grid_carbon_kg_per_mwh, |v| fixed(v, 0)),
            source,
        ),
        row(
            "Scope 2 by location, t/yr",
            known(s.climate.carbon_location_t, count),
            "Energy at the meter times the grid factor",
        ),
        row(
            "Scope 2 by market, t/yr",
            known(s.climate.carbon_market_t, count),
            &match (s.climate.carbon_market_t, s.climate.clean_mwh) {
                (Some(_), Some(_)) => {
                    "Contracts counted by the year, the rest by its mix".to_owned()
                }
                (Some(_), None) => "All energy by the residual mix".to_owned(),
                (None, _) => format!("Energy under contract counts as bought{none}"),
            },
        ),
        row(
            "The same, matched by the hour, t/yr",
            known(s.climate.carbon_hourly_t, count),
            &format!("Contracts counted only in the hour of use{none}"),
        ),
    ]
}

fn eu(facts: &Facts, s: &Sustainability) -> Vec<Row> {
    let site = &facts.subject.site.terms.site;
    let unknown = || UNKNOWN.to_owned();
    let place = match (&site.place, site.origin_deg) {
        (_, Some([lon, lat])) => format!("{} N, {} E", fixed(lat, 4), fixed(lon, 4)),
        (Some(place), None) => {
            let own = facts.subject.catalog.weather.get(place.as_str());
            own.map_or_else(|| place.clone(), |w| w.name.clone())
        }
        (None, None) => unknown(),
    };
    let degrees = |list: &[f64]| match (list.first(), list.last()) {
        (Some(a), Some(b)) if a == b => format!("{} °C", fixed(*a, 1)),
        (Some(a), Some(b)) => format!("{} to {} °C", fixed(*a, 1), fixed(*b, 1)),
        _ => unknown(),
    };
    let chillers = match s.has_chillers {
        Some(true) => "chillers, refrigerant not stated".to_owned(),
        Some(false) => "none in the loops".to_owned(),
        None => unknown(),
    };
    let mut rows = vec![
        row("Name", facts.name().to_owned(), ""),
        row("Owner and operator", unknown(), "Not part of a layout"),
        row("Location", place, ""),
        row("Total floor area, m²", known(s.floor_m2, count), "Floor of the halls"),
        row(
            "Installed IT power",
            power(Power::mw(s.it_mw)),
            "Of the plan; the duty begins at 500 kW",
        ),
        row("Energy consumption, MWh/yr", count(s.energy_mwh), "Design, at full load"),
        row("IT energy, MWh/yr", count(s.it_energy_mwh), "Design, at full load"),
        row("Water input, m³/yr", known(s.water_m3, count), "Design, every loop at its duty"),
        row("Of it potable, m³/yr", unknown(), "The layout does not tell waters apart"),
        row(
            "Waste heat reused, MWh/yr",
            known(s.climate.heat_reused_mwh, count),
            if s.climate.heat_reused_mwh.is_some() { "" } else { "No reuse is stated" },
        ),
        row("Temperature of waste heat", degrees(&s.return_c), "Return of the loops"),
        row("Set point", degrees(&s.supply_c), "Supply of the loops"),
        row("Refrigerants", chillers, ""),
        row(
            "Renewable energy, MWh/yr",
            known(s.climate.renewable_mwh, count),
            "Guarantees, power purchase, on site",
        ),
    ];
    // One line for the four, so that the page stays one.
    let [pue, wue] = [s.design_pue, s.wue_l_per_kwh].map(|v| known(v, |v| fixed(v, 3)));
    let [erf, reused] = [s.climate.erf_frac, s.climate.ref_frac].map(|v| known(v, share));
    let four = [pue, wue, erf, reused].join("; ");
    rows.push(row("PUE; WUE, L/kWh; ERF; REF", four, "Indicators of the design, as above"));
    let remark = "Operation gives them; a draft of 2026 drops them";
    rows.push(row("Traffic, data stored", unknown(), remark));
    rows
}
