//! Policy and tariff of the site.

use crate::catalog::Precision;
use crate::gui::action::{Actions, Edit};
use crate::gui::components::segmented::segmented;
use crate::gui::components::{card, row};
use crate::gui::context::Context;
use crate::gui::panels::rows::{FactRow, FieldRow, choice_row, optional, quoted, required};
use crate::site::{Allocation, EstimateWhen, Infrastructure, Objective};
use crate::units::format;
use eframe::egui::Ui;

pub fn show(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let policy = &cx.site.terms.policy;
    card::section(ui, "Allocation", "", true);
    let current = usize::from(policy.allocation == Allocation::FixedShares);
    ui.add_space(2.0);
    if let Some(index) = segmented(ui, "Allocation", &["Optimise", "Fixed shares"], current) {
        let (value, label) = if index == 0 {
            ("Optimise", "Optimise the allocation")
        } else {
            ("FixedShares", "Fix the shares of tiers")
        };
        actions.push(Edit::set("policy.allocation", value, label));
    }
    ui.add_space(4.0);
    let objective = match policy.objective {
        None => "unknown",
        Some(Objective::Dispatch) => "Dispatch",
        Some(Objective::Invest) => "Invest",
    };
    let options = [
        ("unknown", "As the blocks ask"),
        ("Dispatch", "Dispatch: revenue less energy"),
        ("Invest", "Invest: also less capital"),
    ];
    choice_row(ui, actions, ("policy.objective", "Objective"), &options, objective);
    let tolerance = optional(policy.context_tolerance_frac, "default");
    let path = "policy.context_tolerance_frac";
    FieldRow::new(path, "Context tolerance", "", tolerance).show(ui, actions);

    card::section(ui, "Shares", shares_caption(policy.shares.values().sum()).as_str(), false);
    for tier in &cx.site.terms.tiers {
        let path = format!("policy.shares.{}", tier.id);
        let value = optional(policy.shares.get(&tier.id).copied(), "none");
        FieldRow::new(&path, &tier.name, "shares", value).show(ui, actions);
    }
    estimates(ui, cx, actions);
    tariff(ui, cx, actions);
}

const WHEN: [(EstimateWhen, &str); 3] = [
    (EstimateWhen::Missing, "Where no curve tells"),
    (EstimateWhen::Always, "Always"),
    (EstimateWhen::Never, "Never"),
];

/// When operating points are estimated, and of what.
fn estimates(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let policy = &cx.site.terms.policy;
    let own = &policy.estimates;
    let at = |field: &str| format!("policy.estimates.{field}");
    let chosen = policy.curves.len();
    let of = match chosen {
        0 => "every curve that fits".to_owned(),
        1 => "1 curve is chosen".to_owned(),
        n => format!("{n} curves are chosen"),
    };
    card::section(ui, "Estimates", &of, false);
    let default = if chosen == 0 { "Default: where no curve tells" } else { "Default: never" };
    let values = WHEN.map(|(when, _)| format!("{when:?}"));
    let mut options = vec![("unknown", default)];
    options.extend(values.iter().zip(WHEN).map(|(value, (_, words))| (value.as_str(), words)));
    let current = own.when.map_or("unknown".to_owned(), |when| format!("{when:?}"));
    choice_row(ui, actions, (&at("when"), "Estimated points"), &options, &current);

    let values = Precision::ALL.map(|p| format!("{p:?}"));
    let mut options = vec![("unknown", "Usual on each chip")];
    options.extend(values.iter().zip(Precision::ALL).map(|(v, p)| (v.as_str(), p.name())));
    let current = own.precision.map_or("unknown".to_owned(), |p| format!("{p:?}"));
    choice_row(ui, actions, (&at("precision"), "Weights in"), &options, &current);
    framework(ui, cx, actions);
    let options = [("unknown", "Default: on"), ("true", "On"), ("false", "Off")];
    let current = own.drafts.map_or("unknown".to_owned(), |on| on.to_string());
    choice_row(ui, actions, (&at("drafts"), "Draft tokens"), &options, &current);

    let limit = optional(own.ttft_limit_ms, "no limit");
    FieldRow::new(&at("ttft_limit_ms"), "Latest first token", "", limit).show(ui, actions);
    let ratio = optional(own.input_ratio, "catalogue");
    FieldRow::new(&at("input_ratio"), "Input over output", "", ratio).show(ui, actions);
}

/// The serving software that estimates assume.
fn framework(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let mut known: Vec<(String, &str)> = Vec::new();
    for framework in cx.catalog.serving.values().flat_map(|s| &s.frameworks) {
        let id = quoted(&framework.id);
        if known.iter().all(|(other, _)| *other != id) {
            known.push((id, &framework.name));
        }
    }
    let default = known.first().map_or("Default".to_owned(), |(_, n)| format!("Default: {n}"));
    let mut options = vec![("unknown", default.as_str())];
    options.extend(known.iter().map(|(id, name)| (id.as_str(), *name)));
    let own = &cx.site.terms.policy.estimates;
    let current = own.framework.as_deref().map_or("unknown".to_owned(), quoted);
    choice_row(ui, actions, ("policy.estimates.framework", "Framework"), &options, &current);
}

fn shares_caption(sum: f64) -> String {
    if sum == 0.0 {
        "of IT power, when fixed".to_owned()
    } else {
        format!("sum {}", format::share(sum))
    }
}

fn tariff(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let info = &cx.site.terms.site;
    card::section(ui, "Tariff and contract", "", false);
    let is_built = info.infrastructure == Infrastructure::Built;
    let chosen = match &info.infrastructure {
        Infrastructure::Built => info.tariff.as_deref(),
        Infrastructure::Reference { tariff, .. } => tariff.as_deref(),
    };
    if is_built {
        let names: Vec<String> = cx.catalog.tariffs.values().map(|t| t.name.clone()).collect();
        let selected = chosen.and_then(|id| cx.catalog.tariffs.get_index_of(id));
        if let Some(index) = row::choice(ui, "Tariff", &names, selected)
            && let Some((id, tariff)) = cx.catalog.tariffs.get_index(index)
        {
            let label = format!("Set tariff to {}", tariff.name);
            actions.push(Edit::set("site.tariff", quoted(id), label));
        }
    } else {
        row::fact(ui, "Tariff", chosen.unwrap_or("none, reference"));
    }
    if let Some(tariff) = chosen.and_then(|id| cx.catalog.tariffs.get(id)) {
        let base = format!("tariffs.{}", tariff.id);
        let path = format!("{base}.energy_usd_per_mwh");
        let fact = &tariff.energy_usd_per_mwh;
        let was = super::was(cx, &path);
        FactRow { path: &path, label: "Energy price", of: &tariff.name, fact, was: was.as_deref() }
            .show(ui, cx.catalog, actions);
        if let Some(fact) = &tariff.demand_usd_per_mw_month {
            let path = format!("{base}.demand_usd_per_mw_month");
            let was = super::was(cx, &path);
            let of = tariff.name.as_str();
            FactRow { path: &path, label: "Demand charge", of, fact, was: was.as_deref() }
                .show(ui, cx.catalog, actions);
        }
    }
    let contract = required(info.grid_contract_mw);
    FieldRow::new("site.grid_contract_mw", "Grid contract", "", contract).show(ui, actions);
    let billable = optional(info.billable_frac, "computed");
    FieldRow::new("site.billable_frac", "Utilisation", "", billable).show(ui, actions);
}
