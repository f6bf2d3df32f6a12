//! Clean energy that is bought, and what carbon costs: contracts added, edited and removed. Each
//! step is one entry of the history.

use super::entries::{self, free_id, replace, select};
use super::input::{Input, needed, word};
use crate::gui::action::{Actions, Edit};
use crate::gui::components::button::Button;
use crate::gui::components::card;
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::panels::inspector::paragraph;
use crate::site::{CleanContract, CleanKind};
use eframe::egui::Ui;

/// Where they stand.
const PATH: &str = "finance.clean_energy";
const KINDS: [(CleanKind, &str, &str); 2] = [
    (CleanKind::Ppa, "Ppa", "Energy and its attributes"),
    (CleanKind::Certificates, "Certificates", "Certificates alone"),
];

pub(super) fn show(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let list = &cx.site.terms.finance.clean_energy;
    let caption = match list.len() {
        0 => "none".to_owned(),
        1 => "1 contract".to_owned(),
        n => format!("{n} contracts"),
    };
    card::section(ui, "Clean energy", &caption, false);
    if list.is_empty() {
        paragraph(ui, "All energy is bought at the tariff, with the carbon of its grid");
    }
    for contract in list {
        one(ui, cx, contract, actions);
    }
    ui.add_space(4.0);
    let button = Button::new("Buy clean energy").with_icon(Icon::Plus).height(24.0).show(ui);
    if button.clicked() {
        let id = free_id("clean", list.iter().map(|c| c.id.as_str()));
        let label = format!("Buy clean energy, {id}");
        let next = CleanContract { id, ..CleanContract::default() };
        let all: Vec<CleanContract> = list.iter().cloned().chain([next]).collect();
        actions.push(replace(PATH, &all, label));
    }
    carbon(ui, cx, actions);
}

fn one(ui: &mut Ui, cx: &Context<'_>, contract: &CleanContract, actions: &mut Actions) {
    let of = contract.id.as_str();
    let words = KINDS.iter().find(|(kind, ..)| *kind == contract.kind).map_or("", |(_, _, w)| w);
    card::section(ui, words, of, false);
    let all = cx.site.terms.finance.clean_energy.iter().map(|c| c.id.as_str());
    entries::name(ui, (PATH, of), all, actions);
    let options = KINDS.map(|(_, _, words)| words.to_owned());
    let selected = KINDS.iter().position(|(kind, ..)| *kind == contract.kind);
    let label = format!("What {of} delivers");
    if let Some((_, value, words)) =
        select(ui, ("Delivers", &label), &options, selected).and_then(|n| KINDS.get(n))
    {
        let label = format!("Make {of} one of {}", words.to_lowercase());
        actions.push(Edit::set(format!("{PATH}.{of}.kind"), *value, label));
    }
    let at = |field: &str| format!("clean_energy.{of}.{field}");
    let input = |input: Input<'_>, ui: &mut Ui, actions: &mut Actions| {
        input.of(of).show(ui, cx, actions);
    };
    // One of both is needed, and the other then stays open.
    let (energy, power) = (contract.mwh_per_year, contract.mw);
    let either = |field: &'static str, label: &'static str, own: Option<f64>, other: bool| {
        (field, label, own, other)
    };
    for (field, label, own, other) in [
        either("mwh_per_year", "Energy a year", energy, power.is_some()),
        either("mw", "Rating", power, energy.is_some()),
    ] {
        let path = at(field);
        let row =
            if other { word(&path, label, own, "by the other") } else { needed(&path, label, own) };
        input(row, ui, actions);
    }
    input(needed(&at("usd_per_mwh"), "Price", contract.usd_per_mwh), ui, actions);
    input(word(&at("rise_frac"), "Rise a year", contract.rise_frac, "none"), ui, actions);
    if contract.kind == CleanKind::Ppa {
        let surplus = contract.surplus_usd_per_mwh;
        input(
            word(&at("surplus_usd_per_mwh"), "Surplus sells for", surplus, "nothing"),
            ui,
            actions,
        );
    }
    let months = contract.term_months.map(f64::from);
    input(word(&at("term_months"), "Term", months, "to the end").whole(), ui, actions);
    let carbon = contract.carbon_kg_per_mwh;
    input(word(&at("carbon_kg_per_mwh"), "Carbon", carbon, "none"), ui, actions);
    ui.add_space(4.0);
    let label = format!("Remove clean energy {of}");
    if Button::new("Remove").name(&label).with_icon(Icon::Trash).height(24.0).show(ui).clicked() {
        let rest = cx.site.terms.finance.clean_energy.iter().filter(|c| c.id != contract.id);
        actions.push(replace(PATH, &rest.cloned().collect::<Vec<_>>(), label));
    }
}

fn carbon(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let own = &cx.site.terms.finance.carbon;
    card::section(ui, "Carbon", "beside that of the grid", false);
    let list = [
        word("carbon.usd_per_t", "Price of a tonne", own.usd_per_t, "not paid"),
        word("carbon.rise_frac", "Its rise a year", own.rise_frac, "none"),
        word("carbon.residual_kg_per_mwh", "Residual mix", own.residual_kg_per_mwh, "grid"),
        word(
            "carbon.heat_reused_mwh_per_year",
            "Heat reused",
            own.heat_reused_mwh_per_year,
            "not stated",
        ),
    ];
    list.iter().for_each(|input| input.show(ui, cx, actions));
}
