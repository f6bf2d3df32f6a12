//! Halls, rows and blocks of racks.

use super::supply;
use crate::catalog::{PowerCap, Rack};
use crate::gui::action::{Actions, Edit};
use crate::gui::components::{card, row};
use crate::gui::context::{Context, Element, Kind};
use crate::gui::measure;
use crate::gui::panels::rows::{FactRow, FieldRow, bound, optional, quoted, required, text_row};
use crate::gui::theme::Theme;
use crate::plan::result::BlockResult;
use crate::site::Block;
use crate::units::format;
use crate::units::{Length, Money, Power};
use eframe::egui::Ui;

pub fn show(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let Some(block) = cx.block(id) else { return };
    let at = |field: &str| format!("blocks.{id}.{field}");
    card::section(ui, "Block", "", true);
    text_row(ui, actions, &at("name"), "Name", &block.name);
    rack_choice(ui, cx, block, actions);
    if let Some(count) = block.count {
        let value = required(Some(f64::from(count)));
        FieldRow::new(&at("count"), "Count", &block.name, value).whole().show(ui, actions);
    }
    if let Some(planned) = &block.planned {
        let least = required(Some(f64::from(planned.min)));
        FieldRow::new(&at("planned.min"), "Least racks", &block.name, least)
            .whole()
            .show(ui, actions);
        let most = required(Some(f64::from(planned.max)));
        FieldRow::new(&at("planned.max"), "Most racks", &block.name, most)
            .whole()
            .show(ui, actions);
    }
    if block.mw.is_some() {
        FieldRow::new(&at("mw"), "Power pool", &block.name, bound(block.mw)).show(ui, actions);
    }
    row::fact(ui, "Place", &place(cx, block));
    if !cx.site.campus.nodes.is_empty() {
        supply::rows(ui, cx, &[Element::new(Kind::Block, id)], actions);
    }
    result(ui, cx, block);
    if let Some(rack) = rack_of(cx, block) {
        rack_facts(ui, cx, rack, actions);
    }
}

/// The rack type in force: the block's own, else the plan's choice.
fn rack_of<'a>(cx: &Context<'a>, block: &'a Block) -> Option<&'a Rack> {
    let id = block
        .rack
        .as_deref()
        .or_else(|| cx.block_result(&block.id).map(|r| r.rack.as_str()))
        .or_else(|| block.planned.as_ref().and_then(|p| p.racks.first()).map(String::as_str))?;
    cx.rack(id)
}

fn rack_choice(ui: &mut Ui, cx: &Context<'_>, block: &Block, actions: &mut Actions) {
    if let Some(planned) = &block.planned {
        let names: Vec<&str> = planned.racks.iter().map(|r| cx.rack_short(r)).collect();
        row::fact(ui, "May hold", &names.join(", "));
        return;
    }
    let names: Vec<String> = cx.catalog.racks.values().map(|r| r.name.clone()).collect();
    let selected = block.rack.as_deref().and_then(|id| cx.catalog.racks.get_index_of(id));
    let dot = Theme::of(ui.ctx()).rack_color(cx.block_generation(block));
    if let Some(index) = row::choice_with(ui, "Rack type", &names, selected, Some(dot))
        && let Some((id, rack)) = cx.catalog.racks.get_index(index)
    {
        let label = format!("Set rack type of {} to {}", block.name, rack.short);
        actions.push(Edit::set(format!("blocks.{}.rack", block.id), quoted(id), label));
    }
}

/// `Hall 8, row N3`.
fn place(cx: &Context<'_>, block: &Block) -> String {
    let hall = block.hall.as_deref().and_then(|id| cx.hall_group(id));
    let name = hall.and_then(|g| g.hall.as_ref()).map(|h| h.name.clone());
    let row = block.row.as_deref().and_then(|id| {
        hall.and_then(|g| g.rows.iter().find(|r| r.id == id)).map(|r| r.name.clone())
    });
    match (name, row) {
        // Rows are often named after their hall.
        (Some(hall), Some(row)) if row.starts_with(&hall) => row,
        (Some(hall), Some(row)) => format!("{hall}, {row}"),
        (Some(hall), None) => hall,
        _ => "outside any hall".to_owned(),
    }
}

fn result(ui: &mut Ui, cx: &Context<'_>, block: &Block) {
    let Some(first) = cx.block_result(&block.id) else { return };
    card::section(ui, "Result", "plan, busiest hour", false);
    let sum = |of: fn(&BlockResult) -> Option<f64>| -> Option<f64> {
        cx.block_results(&block.id).map(of).sum()
    };
    let racks =
        format::known(sum(|r| r.racks), |r| format::counted(&whole_or_one(r), ("rack", "racks")));
    row::computed(ui, "Racks in use", &racks, "computed");
    if let Some(firm) = sum(|r| r.firm_racks).filter(|f| *f > 0.0) {
        row::computed(
            ui,
            "Of these firm",
            &format::counted(&whole_or_one(firm), ("rack", "racks")),
            "computed",
        );
    }
    let power = sum(|r| Some(r.it_mw)).unwrap_or_default();
    row::computed(ui, "IT power", &format::power_fine(Power::mw(power)), "computed");
    if !first.operating_point.is_empty() {
        let points = cx.block_results(&block.id).count();
        let more = if points > 1 { format!(" and {} more", points - 1) } else { String::new() };
        row::fact(ui, "Operating point", &format!("{}{more}", first.operating_point));
    }
}

/// Racks in a linear plan may be fractions: one decimal unless whole.
fn whole_or_one(racks: f64) -> String {
    let decimals = usize::from((racks - racks.round()).abs() > 0.05);
    format::fixed(racks, decimals)
}

/// Facts of the rack type; editing one overrides it for the whole site.
fn rack_facts(ui: &mut Ui, cx: &Context<'_>, rack: &Rack, actions: &mut Actions) {
    card::section(ui, "Power", "per rack, source", false);
    for cap in &rack.caps {
        cap_rows(ui, cx, rack, cap, actions);
    }
    let power = [
        ("installed_kw", "Installed supply", &rack.installed_kw),
        ("peak_kw", "Peak", &rack.peak_kw),
        ("all_in_kw", "All-in site power", &rack.all_in_kw),
    ];
    for (field, label, fact) in power {
        fact_row(ui, cx, (rack, field, label, fact), actions);
    }
    card::section(ui, "Cooling", "per rack, source", false);
    let cooling = [
        ("coolant_lpm_per_kw", "Flow per kW", &rack.coolant_lpm_per_kw),
        ("coolant_supply_max_c", "Coolant supply", &rack.coolant_supply_max_c),
        ("liquid_frac", "Heat to liquid", &rack.liquid_frac),
    ];
    for (field, label, fact) in cooling {
        fact_row(ui, cx, (rack, field, label, fact), actions);
    }
    card::section(ui, "Money and service", "per rack, source", false);
    let money = [
        ("price_usd", "Price per rack", &rack.price_usd),
        ("availability_frac", "Availability", &rack.availability_frac),
        ("spares_frac", "Spares", &rack.spares_frac),
    ];
    for (field, label, fact) in money {
        fact_row(ui, cx, (rack, field, label, fact), actions);
    }
}

fn cap_rows(ui: &mut Ui, cx: &Context<'_>, rack: &Rack, cap: &PowerCap, actions: &mut Actions) {
    let base = format!("racks.{}.caps.{}", rack.id, cap.id);
    let of = format!("{}, {}", rack.short, cap.name);
    let label = format!("IT, {}", cap.name);
    let path = format!("{base}.kw");
    let was = super::was(cx, &path);
    FactRow { path: &path, label: &label, of: &of, fact: &cap.kw, was: was.as_deref() }
        .show(ui, cx.catalog, actions);
    let path = format!("{base}.drawn_frac");
    let was = super::was(cx, &path);
    let fact = &cap.drawn_frac;
    FactRow { path: &path, label: "Drawn share", of: &of, fact, was: was.as_deref() }
        .show(ui, cx.catalog, actions);
}

type FactAt<'a> = (&'a Rack, &'a str, &'a str, &'a crate::catalog::Fact);

fn fact_row(ui: &mut Ui, cx: &Context<'_>, at: FactAt<'_>, actions: &mut Actions) {
    let (rack, field, label, fact) = at;
    let path = format!("racks.{}.{field}", rack.id);
    let was = super::was(cx, &path);
    FactRow { path: &path, label, of: &rack.short, fact, was: was.as_deref() }
        .show(ui, cx.catalog, actions);
}

pub fn hall(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let Some(group) = cx.hall_group(id) else { return };
    let Some(hall) = &group.hall else { return };
    let at = |field: &str| format!("halls.{id}.{field}");
    card::section(ui, "Hall", "", true);
    text_row(ui, actions, &at("name"), "Name", &hall.name);
    let positions = optional(hall.positions.map(f64::from), "unchecked");
    FieldRow::new(&at("positions"), "Rack positions", &hall.name, positions)
        .whole()
        .show(ui, actions);
    let floor = optional(hall.floor_kg_m2, "unchecked");
    FieldRow::new(&at("floor_kg_m2"), "Floor bears", &hall.name, floor).show(ui, actions);
    let air = optional(hall.air_heat_mw, "unchecked");
    FieldRow::new(&at("air_heat_mw"), "Heat to air", &hall.name, air).show(ui, actions);
    let height = optional(hall.height_m, "unknown");
    FieldRow::new(&at("height_m"), "Height", &hall.name, height).show(ui, actions);
    card::section(ui, "Contents", "", false);
    let installed: u32 = group.blocks.iter().filter_map(|b| b.count).sum();
    row::fact(ui, "Blocks", &format::count(group.blocks.len() as f64));
    row::fact(ui, "Rows", &format::count(group.rows.len() as f64));
    row::fact(ui, "Installed", &format::racks(f64::from(installed)));
    if let Some(outcome) = cx.outcome {
        let ids: std::collections::BTreeSet<&str> =
            group.blocks.iter().map(|b| b.id.as_str()).collect();
        let used: f64 = outcome
            .plan
            .blocks
            .iter()
            .filter(|b| ids.contains(b.id.as_str()))
            .map(|b| b.it_mw)
            .sum();
        row::computed(ui, "IT power", &format::power(Power::mw(used)), "computed");
    }
    let price: Option<f64> = group
        .blocks
        .iter()
        .map(|b| Some(f64::from(b.count?) * rack_of(cx, b)?.price_usd.get()?))
        .sum();
    if installed > 0 {
        let price = format::known(price, |p| format::money(Money::usd(p)));
        row::computed(ui, "Price of racks", &price, "computed");
    }
}

pub fn network_rack(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let mut all = cx.site.halls.iter().flat_map(|g| g.network_racks.iter().map(move |n| (g, n)));
    let Some((group, rack)) = all.find(|(_, n)| n.id == id) else { return };
    card::section(ui, "Network rack", "", true);
    text_row(ui, actions, &format!("network_racks.{id}.name"), "Name", &rack.name);
    let hall = group.hall.as_ref().map_or(rack.hall.as_str(), |h| h.name.as_str());
    row::fact(ui, "Hall", hall);
    let equipment = cx.catalog.equipment.get(&rack.equipment);
    row::fact(ui, "Equipment", equipment.map_or(rack.equipment.as_str(), |e| e.name.as_str()));
}

pub fn row_of_hall(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let found =
        cx.site.halls.iter().find_map(|g| g.rows.iter().find(|r| r.id == id).map(|r| (g, r)));
    let Some((group, found)) = found else { return };
    card::section(ui, "Row", "", true);
    text_row(ui, actions, &format!("rows.{id}.name"), "Name", &found.name);
    let hall = group.hall.as_ref().map_or(found.hall.as_str(), |h| h.name.as_str());
    row::fact(ui, "Hall", hall);
    let blocks: Vec<&Block> =
        group.blocks.iter().filter(|b| b.row.as_deref() == Some(id)).collect();
    row::fact(ui, "Blocks", &format::count(blocks.len() as f64));
    let racks: u32 = blocks.iter().filter_map(|b| b.count).sum();
    row::fact(ui, "Installed", &format::racks(f64::from(racks)));
    let power: f64 = blocks.iter().flat_map(|b| cx.block_results(&b.id)).map(|r| r.it_mw).sum();
    row::computed(ui, "IT power", &format::power(Power::mw(power)), "computed");
    let length = Length::m(found.size[0].max(found.size[1]));
    row::fact(ui, "Length", &format::length(length, measure::system(ui.ctx())));
}
