//! What a campus takes from the catalogue as long as nobody changes it, with sources.

use super::request::{Refusal, Request};
use super::terms::offers;
use crate::catalog::{Catalog, Fact, source_text};
use crate::units::format::plain;

/// A default: what, its value in words, where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumption {
    pub what: String,
    pub value: String,
    /// Publisher, title and date; with the range where one is known.
    pub source: String,
    /// What the source does not say by itself.
    pub note: String,
}

/// Every default behind the campus of a request, the commercial ones first.
///
/// # Errors
/// An id of the request that the catalogue does not know.
pub fn assumptions(request: &Request, catalog: &Catalog) -> Result<Vec<Assumption>, Refusal> {
    let mut out = vec![tiers(request, catalog)];
    let template = catalog.tier_templates.values().find_map(|t| t.demand.first());
    if let Some(step) = template {
        let value = "prices and volumes by tier, per MW of contract".to_owned();
        out.push(of_fact(catalog, "Demand", value, &step.volume_tok_s_per_mw));
    }
    let swing = catalog.tier_templates.values().find_map(|t| t.day_swing_frac.as_ref());
    if let Some((fact, swing)) = swing.and_then(|f| Some((f, f.get()?))) {
        let value = format!("up to ± {} % of the mean", plain(swing * 100.0));
        out.push(of_fact(catalog, "Day and night", value, fact));
    }
    let rack = super::figures::find(&catalog.racks, "rack type", &request.rack)?;
    if let Some(cap) = rack.caps.first()
        && let Some(kw) = cap.kw.get()
    {
        let value = format!("{} kW, {}", plain(kw), cap.name);
        out.push(of_fact(catalog, "Power of a rack", value, &cap.kw));
    }
    let weather = super::figures::find(&catalog.weather, "place", &request.place)?;
    if let Some(warmest) = weather.warmest_c.get() {
        let value = format!("{} °C", plain(warmest));
        out.push(of_fact(catalog, "Warmest hour", value, &weather.warmest_c));
    }
    let machines = [
        ("Main transformers", "main-transformer", "efficiency"),
        ("Unit transformers", "unit-transformer", "efficiency"),
        ("UPS", "ups", "efficiency"),
        ("Dry coolers", "dry-cooler", "approach"),
        ("CDUs", "cdu", "approach"),
    ];
    for (what, id, field) in machines {
        let Some(record) = catalog.equipment.get(id) else { continue };
        let fact = match field {
            "approach" => record.approach_c.as_ref(),
            _ => record.efficiency_frac.as_ref(),
        };
        let Some((fact, v)) = fact.and_then(|f| Some((f, f.get()?))) else { continue };
        let value = match field {
            "approach" => format!("{} K approach", plain(v)),
            _ => format!("{} % efficient", plain(v * 100.0)),
        };
        out.push(of_fact(catalog, what, value, fact));
    }
    for cost in catalog.costs.values().filter(|c| is_rule(&c.id)) {
        let Some(v) = cost.value.get() else { continue };
        let unit = match cost.unit.as_str() {
            "share" => String::new(),
            unit => format!(" {}", unit.replace("m2", "m²")),
        };
        out.push(of_fact(catalog, &cost.name, format!("{}{unit}", plain(v)), &cost.value));
    }
    Ok(out)
}

/// Rules of thumb of the layout and the typical hours.
fn is_rule(id: &str) -> bool {
    id.starts_with("design-") || id.starts_with("typical-")
}

fn tiers(request: &Request, catalog: &Catalog) -> Assumption {
    let names: Vec<String> = offers(catalog, &request.rack)
        .into_iter()
        .filter(|o| o.served.is_ok())
        .filter(|o| request.tiers.is_empty() || request.tiers.contains(&o.template))
        .map(|o| o.name)
        .collect();
    let first = catalog.tier_templates.values().next();
    let source = first.map(|t| of_fact(catalog, "", String::new(), &t.price_usd_per_mtok).source);
    Assumption {
        what: "Tiers".into(),
        value: names.join(", "),
        source: source.unwrap_or_default(),
        note: "List prices and speeds of the templates".into(),
    }
}

fn of_fact(catalog: &Catalog, what: &str, value: String, fact: &Fact) -> Assumption {
    let title = fact.source.as_deref().map(|id| source_text(catalog, id)).unwrap_or_default();
    let range = fact.range.map(|(a, b)| format!("; range {} to {}", plain(a), plain(b)));
    Assumption {
        what: what.to_owned(),
        value,
        source: format!("{title}{}", range.unwrap_or_default()),
        note: fact.note.clone(),
    }
}
