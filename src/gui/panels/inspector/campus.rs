//! What stands outside the halls: feeds, nodes, loops, generators, batteries; and typical hours.

use super::{cooling, supply};
use crate::gui::action::Actions;
use crate::gui::components::{card, row};
use crate::gui::context::{Context, Element, Kind};
use crate::gui::panels::rows::{FieldRow, choice_row, optional, required, text_row};
use crate::site::{AreaKind, Coolant, CoolingUnit};
use crate::units::format;
use crate::units::{Money, Power};
use eframe::egui::Ui;

pub fn feed(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let Some(feed) = cx.feed(id) else { return };
    let at = |field: &str| format!("feeds.{id}.{field}");
    card::section(ui, "Grid feed", "", true);
    text_row(ui, actions, &at("name"), "Name", &feed.name);
    let of = feed.name.as_str();
    FieldRow::new(&at("voltage_kv"), "Voltage", of, required(feed.voltage_kv)).show(ui, actions);
    FieldRow::new(&at("capacity_mw"), "Capacity", of, required(feed.capacity_mw)).show(ui, actions);
    FieldRow::new(&at("firm_mw"), "Firm capacity", of, optional(feed.firm_mw, "not stated"))
        .show(ui, actions);
    let bill = optional(feed.minimum_bill_usd_per_year, "none");
    FieldRow::new(&at("minimum_bill_usd_per_year"), "Minimum bill", of, bill).show(ui, actions);
    let fault = optional(feed.fault_mva, "practice");
    FieldRow::new(&at("fault_mva"), "Fault level", of, fault).show(ui, actions);
    if feed.steps.is_empty() {
        return;
    }
    card::section(ui, "Steps", "firm capacity from", false);
    for (index, step) in feed.steps.iter().enumerate() {
        let path = at(&format!("steps.{index}.firm_mw"));
        let label = format!("Month {}", step.from_month);
        let of = format!("{}, step {}", feed.name, index + 1);
        FieldRow::new(&path, &label, &of, required(Some(step.firm_mw))).show(ui, actions);
        if step.conditional_mw > 0.0 {
            let path = at(&format!("steps.{index}.conditional_mw"));
            let more = required(Some(step.conditional_mw));
            FieldRow::new(&path, "and conditional", &of, more).show(ui, actions);
        }
    }
}

pub fn node(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let Some(node) = cx.node(id) else { return };
    let at = |field: &str| format!("nodes.{id}.{field}");
    let of = node.name.as_str();
    card::section(ui, "Node", node.kind.word(), true);
    text_row(ui, actions, &at("name"), "Name", &node.name);
    FieldRow::new(&at("capacity_mw"), "Capacity", of, required(node.capacity_mw)).show(ui, actions);
    let firm = optional(node.firm_mw, "not stated");
    FieldRow::new(&at("firm_mw"), "Firm capacity", of, firm).show(ui, actions);
    let efficiency = optional(node.efficiency_frac, "equipment");
    FieldRow::new(&at("efficiency_frac"), "Efficiency", of, efficiency).show(ui, actions);
    let voltage = optional(node.voltage_kv, "not stated");
    FieldRow::new(&at("voltage_kv"), "Voltage", of, voltage).show(ui, actions);
    let bears = [
        ("emergency_long_ratio", "Long-time rating", node.emergency_long_ratio),
        ("emergency_long_h", "Long time lasts", node.emergency_long_h),
        ("emergency_short_ratio", "Short-time rating", node.emergency_short_ratio),
        ("emergency_short_min", "Short time lasts", node.emergency_short_min),
    ];
    for (field, label, own) in bears {
        FieldRow::new(&at(field), label, of, optional(own, "equipment")).show(ui, actions);
    }
    let capacitors = optional(node.capacitor_mvar, "none");
    FieldRow::new(&at("capacitor_mvar"), "Capacitors", of, capacitors).show(ui, actions);
    let equipment = node
        .equipment
        .as_deref()
        .map_or("none", |e| cx.catalog.equipment.get(e).map_or(e, |e| e.name.as_str()));
    row::fact(ui, "Equipment", equipment);
    supply::rows(ui, cx, &[Element::new(Kind::Node, id)], actions);
}

pub fn cooling_loop(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let Some(one) = cx.cooling_loop(id) else { return };
    let at = |field: &str| format!("loops.{id}.{field}");
    let of = one.name.as_str();
    card::section(ui, "Cooling loop", "", true);
    text_row(ui, actions, &at("name"), "Name", &one.name);
    FieldRow::new(&at("supply_c"), "Coolant supply", of, required(Some(one.supply_c)))
        .show(ui, actions);
    FieldRow::new(&at("heat_mw"), "Heat", of, optional(one.heat_mw, "by its machines"))
        .show(ui, actions);
    FieldRow::new(&at("flow_lpm"), "Flow", of, optional(one.flow_lpm, "unchecked"))
        .show(ui, actions);
    let coolant = match one.coolant {
        Coolant::Water => "Water",
        Coolant::Pg25 => "Pg25",
    };
    let options = [("Water", "Water"), ("Pg25", "PG25, a quarter glycol")];
    choice_row(ui, actions, (&at("coolant"), "Coolant"), &options, coolant);
    supply::rows(ui, cx, &[Element::new(Kind::Loop, id)], actions);
    units(ui, cx, ("CDUs", &at("cdus"), &one.cdus), actions);
    units(ui, cx, ("Heat rejection", &at("rejection"), &one.rejection), actions);
    cooling::rows(ui, cx, id, actions);
}

/// Machines of a loop: a title, the path of the list and the list.
type Units<'a> = (&'a str, &'a str, &'a [CoolingUnit]);

fn units(ui: &mut Ui, cx: &Context<'_>, list: Units<'_>, actions: &mut Actions) {
    let (title, base, units) = list;
    if units.is_empty() {
        return;
    }
    card::section(ui, title, "", false);
    for unit in units {
        let equipment =
            cx.catalog.equipment.get(&unit.equipment).map_or(unit.equipment.as_str(), |e| &e.name);
        row::fact(ui, &unit.name, equipment);
        let of = unit.name.as_str();
        let path = format!("{base}.{}.count", unit.id);
        FieldRow::new(&path, "Machines", of, required(Some(f64::from(unit.count))))
            .whole()
            .show(ui, actions);
        let path = format!("{base}.{}.spare", unit.id);
        FieldRow::new(&path, "of these spare", of, required(Some(f64::from(unit.spare))))
            .whole()
            .show(ui, actions);
        let path = format!("{base}.{}.heat_mw", unit.id);
        FieldRow::new(&path, "Heat of one", of, required(Some(unit.heat_mw))).show(ui, actions);
    }
}

pub fn hour(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let Some(hour) = cx.hour(id) else { return };
    let at = |field: &str| format!("hours.{id}.{field}");
    let of = hour.name.as_str();
    card::section(ui, "Typical hour", "", true);
    text_row(ui, actions, &at("name"), "Name", &hour.name);
    FieldRow::new(&at("weight_h"), "Stands for", of, required(Some(hour.weight_h)))
        .show(ui, actions);
    FieldRow::new(&at("ambient_c"), "Outdoor air", of, optional(hour.ambient_c, "not stated"))
        .show(ui, actions);
    let wet = optional(hour.wetbulb_c, "not stated");
    FieldRow::new(&at("wetbulb_c"), "Outdoor wet bulb", of, wet).show(ui, actions);
    FieldRow::new(&at("clock_h"), "Clock", of, required(Some(hour.clock_h))).show(ui, actions);
    row::fact(ui, "Day type", &hour.day);
    let Some(result) = cx.outcome.and_then(|o| o.plan.hours.iter().find(|h| h.id == id)) else {
        return;
    };
    card::section(ui, "Result", "plan", false);
    let mw = |v: f64| format::power(Power::mw(v));
    row::computed(ui, "Grid power", &mw(result.grid_mw), "computed");
    row::computed(ui, "IT power", &mw(result.it_mw), "computed");
    row::computed(ui, "Drawn, mean", &mw(result.drawn_grid_mw), "computed");
    row::computed(ui, "Grid over IT", &format::fixed(result.pue, 3), "computed");
    row::computed(ui, "In use", &format::share(result.utilisation_frac), "computed");
    let cost = format::money_per_year(Money::usd(result.energy_cost_usd_per_year));
    row::computed(ui, "Energy", &cost, "computed");
}

pub fn generator(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let Some(one) = cx.site.campus.generators.iter().find(|g| g.id == id) else { return };
    let at = |field: &str| format!("generators.{id}.{field}");
    let of = one.name.as_str();
    card::section(ui, "Generators", "", true);
    text_row(ui, actions, &at("name"), "Name", &one.name);
    FieldRow::new(&at("count"), "Machines", of, required(Some(f64::from(one.count))))
        .whole()
        .show(ui, actions);
    FieldRow::new(&at("capacity_mw"), "Power of all", of, required(Some(one.capacity_mw)))
        .show(ui, actions);
    supply::rows(ui, cx, &[Element::new(Kind::Generator, id)], actions);
}

pub fn battery(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let Some(one) = cx.site.campus.batteries.iter().find(|b| b.id == id) else { return };
    let at = |field: &str| format!("batteries.{id}.{field}");
    let of = one.name.as_str();
    card::section(ui, "Battery", "", true);
    text_row(ui, actions, &at("name"), "Name", &one.name);
    FieldRow::new(&at("capacity_mw"), "Power", of, required(Some(one.capacity_mw)))
        .show(ui, actions);
    FieldRow::new(&at("energy_mwh"), "Energy", of, required(Some(one.energy_mwh)))
        .show(ui, actions);
    supply::rows(ui, cx, &[Element::new(Kind::Battery, id)], actions);
}

pub fn area(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let Some(area) = cx.site.campus.areas.iter().find(|a| a.id == id) else { return };
    let at = |field: &str| format!("areas.{id}.{field}");
    card::section(ui, "Area", "", true);
    text_row(ui, actions, &at("name"), "Name", &area.name);
    let options = [
        (AreaKind::Pad, "Pad"),
        (AreaKind::Yard, "Yard"),
        (AreaKind::Road, "Road"),
        (AreaKind::Building, "Building"),
        (AreaKind::Water, "Water"),
        (AreaKind::Laydown, "Laydown"),
        (AreaKind::Corridor, "Corridor"),
    ];
    let current = options.iter().find(|(kind, _)| *kind == area.kind).map_or("", |(_, w)| *w);
    // The words are those of the layout.
    let words = options.map(|(_, word)| (word, word));
    choice_row(ui, actions, (&at("kind"), "Kind"), &words, current);
    if area.kind == AreaKind::Building {
        let height = optional(area.height_m, "unknown");
        FieldRow::new(&at("height_m"), "Height", &area.name, height).show(ui, actions);
    }
}
