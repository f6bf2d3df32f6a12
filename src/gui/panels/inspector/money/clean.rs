//! Clean energy that is bought, and what carbon costs: contracts added, edited and removed. Each
//! step is one entry of the history.

use super::entries::{self, free_id, replace, select};
use super::input::Desk;
use super::{profile, stated, table};
use crate::gui::action::{Actions, Edit};
use crate::gui::components::button::Button;
use crate::gui::components::card;
use crate::gui::components::field::FieldLook;
use crate::gui::components::row::{Source, TypedRow};
use crate::gui::icons::Icon;
use crate::gui::panels::inspector::paragraph;
use crate::gui::panels::rows::quoted;
use crate::site::{CleanContract, CleanKind};
use crate::units::format;
use crate::units::words::lower_first;
use eframe::egui::{Id, Ui};

/// Where they stand.
const PATH: &str = "finance.clean_energy";
const LIST: &str = "clean_energy";
const KINDS: [(CleanKind, &str, &str); 2] = [
    (CleanKind::Ppa, "Ppa", "Energy and its attributes"),
    (CleanKind::Certificates, "Certificates", "Certificates alone"),
];

pub(super) fn show(ui: &mut Ui, desk: &Desk<'_>, actions: &mut Actions) {
    let cx = desk.cx;
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
        one(ui, desk, contract, actions);
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
}

fn one(ui: &mut Ui, desk: &Desk<'_>, contract: &CleanContract, actions: &mut Actions) {
    let cx = desk.cx;
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
    let at = (LIST, of);
    // One of both is needed, and the other then stays open.
    let energy = if contract.mw.is_some() { table::ENERGY_OR } else { table::ENERGY };
    let rating = if contract.mwh_per_year.is_some() { table::RATING_OR } else { table::RATING };
    desk.show_of(ui, at, &[energy, rating], actions);
    profile::show(ui, contract, actions);
    desk.show_of(ui, at, table::CLEAN_PRICE, actions);
    if contract.kind == CleanKind::Ppa {
        desk.show_of(ui, at, table::SURPLUS, actions);
    }
    desk.show_of(ui, at, table::CLEAN_TERM, actions);
    renewable(ui, contract, actions);
    source(ui, contract, actions);
    ui.add_space(4.0);
    let label = format!("Remove clean energy {of}");
    if Button::new("Remove").name(&label).with_icon(Icon::Trash).height(24.0).show(ui).clicked() {
        let rest = cx.site.terms.finance.clean_energy.iter().filter(|c| c.id != contract.id);
        actions.push(replace(PATH, &rest.cloned().collect::<Vec<_>>(), label));
    }
}

/// Whether it counts as renewable.
fn renewable(ui: &mut Ui, contract: &CleanContract, actions: &mut Actions) {
    let of = contract.id.as_str();
    let choices = [
        (format::UNKNOWN, "Default: it is"),
        ("true", "Renewable"),
        ("false", "Not renewable, such as nuclear"),
    ];
    let options = choices.map(|(_, words)| words.to_owned());
    let now = stated(contract.renewable);
    let selected = choices.iter().position(|(value, _)| *value == now);
    let name = format!("Whether {of} is renewable");
    let chosen = select(ui, ("Renewable", &name), &options, selected);
    if let Some((value, words)) = chosen.and_then(|n| choices.get(n)) {
        let label = format!("Set {of} to {}", lower_first(words));
        actions.push(Edit::set(format!("{PATH}.{of}.renewable"), *value, label));
    }
}

/// Where its terms are from.
fn source(ui: &mut Ui, contract: &CleanContract, actions: &mut Actions) {
    let of = contract.id.as_str();
    let name = format!("Source, {of}");
    let typed = TypedRow {
        id: Id::unique(("clean-source", of)),
        label: "Source",
        name: &name,
        shown: if contract.source.is_empty() { "not stated" } else { &contract.source },
        edited: &contract.source,
        unit: "",
        look: FieldLook::Rest,
        source: Source::None,
    }
    .show(ui);
    if let Some(typed) = typed {
        let label = format!("Set source of {of}");
        actions.push(Edit::set(format!("{PATH}.{of}.source"), quoted(typed.trim()), label));
    }
}
