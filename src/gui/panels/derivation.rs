//! How each headline figure came about: formula, inputs, sources.

mod value;

use super::headline::{Figure, field_words, tile};
use super::rows::source_words;
use crate::catalog::Fact;
use crate::gui::components::popover::{Derivation, Input};
use crate::gui::context::Context;
use crate::site::Infrastructure;
use crate::units::format::{self, known};
use crate::units::{Money, Power, TokenPrice, TokenRate};

/// The derivation of a figure; empty while there is no outcome.
pub fn of(cx: &Context<'_>, figure: Figure) -> Derivation {
    let shown = tile(cx, figure);
    let mut derivation = match figure {
        Figure::Grid => grid(cx),
        Figure::Firm => firm(cx),
        Figure::Tokens => tokens(cx),
        Figure::Revenue => revenue(cx),
        Figure::Energy => energy(cx),
        Figure::Capex => capex(cx),
        Figure::Npv => value::npv(cx),
        Figure::Cost => value::cost(cx),
        Figure::Pue => pue(cx),
    };
    derivation.title = figure.label(cx);
    if derivation.result.is_empty() {
        derivation.result = format!("{} {}", shown.value, shown.unit).trim().to_owned();
    }
    let labels = cx.outcome.map(|o| o.labels.join("; ")).unwrap_or_default();
    if !labels.is_empty() {
        let sep = if derivation.note.is_empty() { "" } else { " " };
        derivation.note = format!("{}{sep}Stands on: {labels}.", derivation.note);
    }
    derivation
}

/// What the plan itself computed.
fn plan_source(cx: &Context<'_>) -> String {
    cx.outcome.map_or_else(
        || "plan".to_owned(),
        |o| format!("plan, {}", format::seconds(o.timing.seconds)),
    )
}

fn mw(value: f64) -> String {
    format::power(Power::mw(value))
}

fn grid(cx: &Context<'_>) -> Derivation {
    let Some(outcome) = cx.outcome else { return Derivation::default() };
    let plan = &outcome.plan;
    let pue = format::fixed(outcome.headline.pue_worst, 3);
    let contract = cx.site.terms.site.grid_contract_mw;
    let inputs = vec![
        Input::new("IT power provisioned, worst hour", mw(plan.it_mw), plan_source(cx)),
        Input::new("Grid over IT power, worst hour", pue, "path losses and cooling"),
        Input::new("Grid contract", known(contract, mw), "layout"),
    ];
    Derivation {
        tag: "grid, worst hour".into(),
        result: mw(plan.grid_mw),
        formula: "IT power of every rack in use × grid over IT power of the hour, at its highest"
            .into(),
        inputs,
        ..Derivation::default()
    }
}

fn firm(cx: &Context<'_>) -> Derivation {
    let Some(outcome) = cx.outcome else { return Derivation::default() };
    let plan = &outcome.plan;
    let mut inputs = vec![Input::new("Grid power, worst hour", mw(plan.grid_mw), plan_source(cx))];
    let mut note = String::new();
    if let Some(firm) = &outcome.firm {
        let network = || "network, every outage".to_owned();
        let ties = "without closing ties".to_owned();
        inputs.push(Input::new("Survives any outage", mw(firm.site_mw), network()));
        inputs.push(Input::new("the same", mw(firm.site_without_ties_mw), ties));
        inputs.push(Input::new(
            "Nameplate",
            mw(firm.site_nameplate_mw),
            "network, intact".to_owned(),
        ));
        // What is left of the feeds and main nodes says why.
        let cut = firm.nodes.values().filter(|n| n.mw < n.nameplate_mw - 0.05);
        note = cut.take(1).map(|n| format!("{}.", n.sentence)).collect();
    }
    for limit in cx.limits().iter().filter(|l| l.kind == "node_firm").take(6) {
        let capacity = known(limit.capacity, mw);
        inputs.push(Input::new(
            limit.name.clone(),
            format!("{} of {capacity}", mw(limit.used)),
            "layout",
        ));
    }
    Derivation {
        tag: "grid, worst hour".into(),
        formula: "power of the racks that serve tiers with firm redundancy; \
                  what survives the loss of any one element must carry it"
            .into(),
        inputs,
        note,
        ..Derivation::default()
    }
}

fn tokens(cx: &Context<'_>) -> Derivation {
    let Some(outcome) = cx.outcome else { return Derivation::default() };
    let inputs = outcome
        .plan
        .tiers
        .iter()
        .filter(|t| t.tokens_per_s > 0.0)
        .map(|t| {
            Input::new(
                t.name.clone(),
                format::token_rate(TokenRate::per_s(t.tokens_per_s)),
                plan_source(cx),
            )
        })
        .collect();
    let note = match (outcome.headline.world_ratio, outcome.headline.world_tokens_per_year) {
        (Some(ratio), Some(world)) => format!(
            "{}; that is {} the published world volume of {} ({}).",
            format::tokens_a_year(TokenRate::per_s(outcome.plan.tokens_per_s.output)),
            format::ratio(ratio),
            format::tokens_a_year(TokenRate::per_s(world / crate::units::SECONDS_PER_YEAR)),
            outcome.headline.world_source
        ),
        _ => String::new(),
    };
    Derivation {
        tag: "output, year mean".into(),
        formula: "output tokens sold in every typical hour, weighted by its hours".into(),
        inputs,
        note,
        ..Derivation::default()
    }
}

fn revenue(cx: &Context<'_>) -> Derivation {
    let Some(outcome) = cx.outcome else { return Derivation::default() };
    let inputs = outcome
        .plan
        .tiers
        .iter()
        .filter(|t| t.revenue_usd_per_year != 0.0)
        .map(|t| {
            let price = t.price_usd_per_mtok.map(TokenPrice::usd_per_mtok).map(format::price);
            let rate = format::token_rate(TokenRate::per_s(t.tokens_per_s));
            let name = match price {
                Some(price) => format!("{}, {rate} at {price}", t.name),
                None => t.name.clone(),
            };
            let money = format::money_per_year(Money::usd(t.revenue_usd_per_year));
            Input::new(name, money, "plan; prices of the layout")
        })
        .collect();
    let today = Derivation {
        tag: "per year".into(),
        formula: "tokens sold of each tier × its clearing price × 31,536,000 s".into(),
        inputs,
        note: "Input and cached input are paid where a tier prices them.".into(),
        ..Derivation::default()
    };
    value::revenue(cx).unwrap_or(today)
}

/// The tariff in force: its name and its price of energy.
fn tariff<'a>(cx: &Context<'a>) -> Option<(&'a str, &'a Fact)> {
    let site = &cx.site.terms.site;
    let id = match &site.infrastructure {
        Infrastructure::Reference { tariff, .. } => tariff.as_ref(),
        Infrastructure::Built => site.tariff.as_ref(),
    }?;
    cx.catalog.tariffs.get(id).map(|t| (t.name.as_str(), &t.energy_usd_per_mwh))
}

fn energy(cx: &Context<'_>) -> Derivation {
    let Some(outcome) = cx.outcome else { return Derivation::default() };
    let hours = &outcome.plan.hours;
    let weight: f64 = hours.iter().map(|h| h.weight_h).sum();
    let mut inputs = Vec::new();
    if weight > 0.0 {
        let mean = hours.iter().map(|h| h.drawn_grid_mw * h.weight_h).sum::<f64>() / weight;
        inputs.push(Input::new("Mean power drawn from the grid", mw(mean), plan_source(cx)));
    }
    match tariff(cx) {
        Some((name, fact)) => inputs.push(Input::new(
            format!("Energy price, {name}"),
            known(fact.get(), format::energy_price),
            source_words(cx.catalog, fact),
        )),
        None => inputs.push(Input::new("Tariff", "none", "layout")),
    }
    Derivation {
        tag: "per year".into(),
        formula: "energy drawn in every typical hour × its hours × price, and demand charges"
            .into(),
        inputs,
        ..Derivation::default()
    }
}

fn capex(cx: &Context<'_>) -> Derivation {
    let Some(outcome) = cx.outcome else { return Derivation::default() };
    let mut inputs = Vec::new();
    let mut racks: Vec<(&str, f64)> = Vec::new();
    for block in &outcome.plan.blocks {
        let Some(count) = block.racks else { continue };
        match racks.iter_mut().find(|(id, _)| *id == block.rack) {
            Some((_, sum)) => *sum += count,
            None => racks.push((&block.rack, count)),
        }
    }
    for (id, count) in racks {
        let Some(rack) = cx.catalog.racks.get(id) else { continue };
        let price = known(rack.price_usd.get(), |p| format::money(Money::usd(p)));
        inputs.push(Input::new(
            format!("{} × {}", format::count(count), rack.short),
            format!("{price} each"),
            source_words(cx.catalog, &rack.price_usd),
        ));
    }
    let site = cx.site.terms.finance.site_capex_usd_per_mw;
    if let Some(per_mw) = site {
        let price = format!("{} per MW", format::money(Money::usd(per_mw)));
        inputs.push(Input::new("Site capacity", price, "layout"));
    }
    let note = match &outcome.headline.capex_stopped_by {
        Some(path) if outcome.headline.capex_usd.is_none() => {
            format!("Stopped: {} is unknown ({path}).", field_words(cx, path))
        }
        _ => cx.finances.now().map_or_else(String::new, |finance| {
            let all_in = finance.evaluation.results.capex.total_usd;
            let all_in = format::money(Money::usd(all_in));
            format!("{all_in} all in: with land, soft cost and contingency, as under Finance.")
        }),
    };
    Derivation {
        tag: "before incentives".into(),
        formula: "racks with their support at catalogue prices + site capacity".into(),
        inputs,
        note,
        ..Derivation::default()
    }
}

fn pue(cx: &Context<'_>) -> Derivation {
    let Some(outcome) = cx.outcome else { return Derivation::default() };
    let inputs = outcome
        .plan
        .hours
        .iter()
        .take(8)
        .map(|h| {
            let name = cx.hour(&h.id).map_or(h.id.as_str(), |hour| hour.name.as_str());
            let hours = format!("{name}, {} h a year", format::count(h.weight_h));
            Input::new(hours, format::fixed(h.pue, 3), "losses and cooling")
        })
        .collect();
    Derivation {
        tag: "year mean".into(),
        formula: "energy at the meter of the typical hours".into(),
        divisor: "energy at the rack inputs".into(),
        inputs,
        note: format!(
            "Capacity is checked at {}, the worst hour.",
            format::fixed(outcome.headline.pue_worst, 3)
        ),
        ..Derivation::default()
    }
}
