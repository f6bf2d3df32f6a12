//! What the palette finds: commands, elements and values of the site, each with
//! what happens when it is chosen. Questions have a file of their own.

use super::fuzzy::folded;
use crate::gui::action::{Action, BottomTab, Edit, Gesture, View};
use crate::gui::commands;
use crate::gui::components::row::{Entry, Number, Rule, Scale};
use crate::gui::context::{Context, Element, Kind};
use crate::gui::icons::Icon;
use crate::gui::measure;
use crate::gui::panels::inspector::fields::{FieldOf, fields_of, value_in, value_of};
use crate::gui::panels::inspector::icon_of;
use crate::gui::panels::limits::{name_of, owner};
use crate::gui::panels::rows::set;
use crate::plan::result::LimitResult;
use crate::site::Block;
use crate::study::network::{Act, Scenario};
use crate::units::format::{self, System, unit_of_field};
use crate::units::words::lower_first;
use crate::units::{Power, TokenPrice};
use eframe::egui;
use std::collections::HashMap;

/// The kinds of things that are found, in the order in which they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Questions,
    Commands,
    Elements,
    Values,
}

impl Group {
    pub const ALL: [Group; 4] = [Group::Questions, Group::Commands, Group::Elements, Group::Values];

    pub const fn title(self) -> &'static str {
        match self {
            Group::Questions => "Questions",
            Group::Commands => "Commands",
            Group::Elements => "Elements",
            Group::Values => "Values",
        }
    }
}

/// A line of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    pub label: String,
    pub value: String,
    pub note: String,
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub group: Group,
    pub icon: Icon,
    pub text: String,
    /// The text as it is searched.
    pub folded: String,
    /// Searched, not shown.
    pub hidden: String,
    /// What choosing it does, in a word.
    pub verb: &'static str,
    /// Keys of a command, ready for people.
    pub keys: String,
    /// The answer in short, or why it cannot be chosen.
    pub note: String,
    pub lines: Vec<Line>,
    /// Nothing where it cannot be chosen now.
    pub actions: Vec<Action>,
    /// The path of a value, which can be set from here.
    pub path: Option<String>,
}

impl Item {
    pub fn new(group: Group, icon: Icon, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            group,
            icon,
            folded: folded(&text),
            text,
            hidden: String::new(),
            verb: "Run",
            keys: String::new(),
            note: String::new(),
            lines: Vec::new(),
            actions: Vec::new(),
            path: None,
        }
    }
}

/// Every command of the table but those that only open the palette: what they lead to is in it.
pub fn of_commands(ctx: &egui::Context, cx: &Context<'_>) -> Vec<Item> {
    commands::ALL
        .iter()
        .copied()
        .filter(|c| !matches!(c, commands::Command::Palette | commands::Command::Place))
        .map(|command| {
            let text = command.menu_text(cx);
            let icon = command.icon().unwrap_or(Icon::ChevronRight);
            let action = command.action(cx);
            Item {
                hidden: folded(&format!("{} {}", command.menu().title(), command.tip())),
                verb: command.menu().title(),
                keys: command.keys(ctx),
                note: if action.is_none() { command.why_not(cx).to_owned() } else { String::new() },
                actions: action.into_iter().collect(),
                ..Item::new(Group::Commands, icon, text.trim_end_matches("..."))
            }
        })
        .collect()
}

/// Tiers that the catalogue has templates of.
pub fn of_templates(cx: &Context<'_>) -> Vec<Item> {
    cx.catalog
        .tier_templates
        .values()
        .map(|template| {
            let text = format!("Add tier {} from the catalogue", template.name);
            let price = template.price_usd_per_mtok.get();
            Item {
                verb: "Site",
                note: price
                    .map_or_else(String::new, |p| format::price(TokenPrice::usd_per_mtok(p))),
                actions: vec![Action::Edit(Edit::AddTier(template.id.clone()))],
                ..Item::new(Group::Commands, Icon::Tier, text)
            }
        })
        .collect()
}

/// What-ifs: the loss of each feed and node.
pub fn of_outages(cx: &Context<'_>) -> Vec<Item> {
    if cx.grid.normal().is_none() {
        return Vec::new();
    }
    let campus = &cx.site.campus;
    let feeds = campus.feeds.iter().map(|f| (Kind::Feed, &f.id, &f.name));
    let nodes = campus.nodes.iter().map(|n| (Kind::Node, &n.id, &n.name));
    let one = |(kind, id, name): (Kind, &String, &String)| {
        let element = Element::new(kind, id);
        let scenario = Scenario::one(Act::Lose(id.clone()));
        Item {
            hidden: folded(&format!("outage fail {id}")),
            verb: "Run",
            actions: vec![
                Action::View(View::Select(vec![element])),
                Action::View(View::WhatIf(Some(scenario))),
            ],
            ..Item::new(Group::Commands, Icon::Cross, format!("What if {name} fails"))
        }
    };
    feeds.chain(nodes).map(one).collect()
}

/// Every element of the site, with what the plan sends through it.
pub fn of_elements(cx: &Context<'_>) -> Vec<Item> {
    let loads = Loads::of(cx);
    let mut all = vec![element(Element::new(Kind::Site, ""), cx.site.terms.site.name.clone(), "")];
    let terms = &cx.site.terms;
    all.push(element(Element::new(Kind::Policy, ""), "Policy and tariff".into(), ""));
    all.push(element(Element::new(Kind::Finance, ""), "Money and lives".into(), ""));
    for tier in &terms.tiers {
        all.push(element(Element::new(Kind::Tier, &tier.id), format!("Tier {}", tier.name), ""));
    }
    for hour in &terms.hours {
        all.push(element(Element::new(Kind::Hour, &hour.id), hour.name.clone(), "hour"));
    }
    for physical in cx.site.elements() {
        let Some(one) = Element::of_path(&physical.path()).filter(|e| e.id == physical.id()) else {
            continue;
        };
        let mut words = physical.name().to_owned();
        if let crate::site::ElementRef::Block(block) = physical {
            words.push_str(&of_block(cx, block));
        }
        if let Some(mw) = loads.of_element(&one) {
            words = format!("{words}, {}", format::power(Power::mw(mw)));
        }
        all.push(element(one, words, physical.kind_name()));
    }
    all
}

/// `, 16 × VR NVL72`.
fn of_block(cx: &Context<'_>, block: &Block) -> String {
    match (&block.rack, block.count) {
        (Some(rack), Some(count)) => {
            format!(", {} × {}", format::count(f64::from(count)), cx.rack_short(rack))
        }
        _ => String::new(),
    }
}

fn element(element: Element, text: String, hidden: &str) -> Item {
    let hidden = folded(&format!("{hidden} {} {}", element.kind.word(), element.id));
    // Terms of business have no place to jump to.
    let on_ground = commands::has_place(element.kind);
    let icon = icon_of(element.kind);
    let action = if on_ground { View::Jump(element) } else { View::Select(vec![element]) };
    Item {
        hidden,
        verb: "Go to",
        actions: vec![Action::View(action)],
        ..Item::new(Group::Elements, icon, text)
    }
}

/// Megawatts through elements, from the limits and blocks of the plan.
struct Loads<'a> {
    limits: HashMap<(&'a str, &'a str), f64>,
    blocks: HashMap<&'a str, f64>,
}

impl<'a> Loads<'a> {
    fn of(cx: &Context<'a>) -> Self {
        let limits = cx.limits().iter().map(|l| ((l.kind.as_str(), l.element.as_str()), l.used));
        let mut blocks: HashMap<&str, f64> = HashMap::new();
        for block in cx.outcome.map_or(&[][..], |o| o.plan.blocks.as_slice()) {
            *blocks.entry(&block.id).or_default() += block.it_mw;
        }
        Self { limits: limits.collect(), blocks }
    }

    fn of_element(&self, element: &Element) -> Option<f64> {
        let kind = match element.kind {
            Kind::Block => return self.blocks.get(element.id.as_str()).copied(),
            Kind::Feed => "feed_capacity",
            Kind::Node => "node_capacity",
            Kind::Loop => "loop_heat",
            _ => return None,
        };
        self.limits.get(&(kind, element.id.as_str())).copied()
    }
}

/// `429.5 of 490.0 MW`, with one count of decimals.
pub fn used_of(limit: &LimitResult, system: System) -> String {
    let unit = if limit.unit == "positions" { "" } else { limit.unit.as_str() };
    let (factor, unit) = format::unit_in(unit, system);
    let decimals = if matches!(limit.unit.as_str(), "racks" | "positions") { 0 } else { 1 };
    let used = limit.used / factor;
    match limit.capacity {
        Some(capacity) => format!(
            "{} of {}",
            format::fixed(used, decimals),
            format::with_unit(capacity / factor, decimals, unit)
        ),
        None => format::with_unit(used, decimals, unit),
    }
}

/// Limits of the plan, as elements to go to.
pub fn of_limits(ctx: &egui::Context, cx: &Context<'_>) -> Vec<Item> {
    let system = measure::system(ctx);
    cx.limits()
        .iter()
        .map(|limit| {
            let name = lower_first(&limit.name);
            let text = format!("Limit: {name}, {}", used_of(limit, system));
            let mut actions = vec![Action::View(View::BottomTab(BottomTab::Limits))];
            actions.extend(owner(limit).map(|e| Action::View(View::Select(vec![e]))));
            let hidden = if limit.binding { "binding" } else { "slack" };
            Item {
                hidden: hidden.to_owned(),
                verb: "Go to",
                actions,
                ..Item::new(Group::Elements, Icon::Gauge, text)
            }
        })
        .collect()
}

/// Every number that the inspector has a field for.
pub fn of_values(ctx: &egui::Context, cx: &Context<'_>) -> Vec<Item> {
    let system = measure::system(ctx);
    let terms = &cx.site.terms;
    let mut all = Vec::new();
    let mut add = |owner: &Element, name: &str, read: &dyn Fn(&str) -> Option<Number>| {
        for field in fields_of(owner.kind) {
            if let Some(number) = read(field.field) {
                all.push(value((owner, name), (field, number), system));
            }
        }
    };
    for kind in [Kind::Site, Kind::Finance] {
        let owner = Element::new(kind, "");
        add(&owner, "", &|field| value_of(cx, &owner, field));
    }
    for tier in &terms.tiers {
        let owner = Element::new(Kind::Tier, &tier.id);
        add(&owner, &format!("Tier {}", tier.name), &|field| value_of(cx, &owner, field));
    }
    for hour in &terms.hours {
        let owner = Element::new(Kind::Hour, &hour.id);
        add(&owner, &hour.name, &|field| value_of(cx, &owner, field));
    }
    for element in cx.site.elements().take(MOST_OWNERS) {
        let owner = Element::of_path(&element.path()).filter(|one| one.id == element.id());
        if let Some(owner) = owner {
            add(&owner, element.name(), &|field| value_in(element, field));
        }
    }
    all
}

/// Elements whose values are offered: on a huge site they are found by the element.
const MOST_OWNERS: usize = 20_000;

/// A number in words: `1,000 MW`, `unknown`, `catalogue`.
pub fn shown(path: &str, number: Number, system: System) -> String {
    match number {
        Number::Is(v) => unit_of_field(path).show_in(v, system),
        Number::Unlimited => format::UNLIMITED.to_owned(),
        Number::Unknown => format::UNKNOWN.to_owned(),
        Number::Absent(word) => word.to_owned(),
    }
}

fn value(of: (&Element, &str), what: (&FieldOf, Number), system: System) -> Item {
    let ((owner, name), (field, number)) = (of, what);
    let path = format!("{}.{}", owner.path(), field.field);
    let label = lower_first(field.label);
    let figure = shown(&path, number, system);
    let text = match owner.kind {
        Kind::Site | Kind::Finance => format!("{}, {figure}", field.label),
        _ => format!("{name}, {label}, {figure}"),
    };
    Item {
        hidden: folded(&format!("{path} {}", owner.kind.word())),
        verb: "Edit value",
        actions: vec![Action::View(View::EditField(path.clone()))],
        path: Some(path),
        ..Item::new(Group::Values, icon_of(owner.kind), text)
    }
}

/// A value item that sets what was typed behind `=`.
pub fn setter(cx: &Context<'_>, item: &Item, typed: &str, system: System) -> Option<Item> {
    let path = item.path.as_ref()?;
    let owner = Element::of_path(path)?;
    let name = path.strip_prefix(&owner.path())?.trim_start_matches('.');
    let field = fields_of(owner.kind).iter().find(|f| f.field == name)?;
    let number = value_of(cx, &owner, name)?;
    let current = match number {
        Number::Is(v) => Some(v),
        _ => None,
    };
    let unit = unit_of_field(path);
    let least = crate::gui::panels::rows::least_of(path);
    let rule = Rule { least, whole: field.whole };
    let scale = Scale::within(system, unit, current);
    let of = match owner.kind {
        Kind::Site | Kind::Finance => String::new(),
        _ => name_of(cx, &owner).unwrap_or_default(),
    };
    let what = crate::gui::panels::rows::named(field.label, &of);
    let mut one = Item { verb: "Set", note: item.text.clone(), ..item.clone() };
    match scale.entry_from(typed, unit.suffix, rule, current) {
        Ok(entry) => {
            let words = match &entry {
                Entry::Number(v) => unit.show_in(*v, system),
                Entry::Unknown => format::UNKNOWN.to_owned(),
                Entry::Unlimited => format::UNLIMITED.to_owned(),
            };
            one.text = format!("Set {} to {words}", lower_first(&what));
            one.note = format!("now {}", shown(path, number, system));
            one.actions = vec![set(path, (field.label, &of, unit), &entry, Gesture::Once)];
        }
        Err(why) => {
            one.text = format!("Set {}", lower_first(&what));
            one.note = why;
            one.actions = Vec::new();
        }
    }
    one.folded = folded(&one.text);
    Some(one)
}

/// What a sum that stands by itself comes to.
pub fn sum(typed: &str, system: System) -> Item {
    let mut one = Item::new(Group::Values, Icon::Sliders, "");
    one.verb = "Copy";
    match format::evaluate(typed) {
        Ok((value, unit)) => {
            let result = unit.show_in(value, System::Metric);
            one.text = format!("{} = {result}", typed.trim());
            let us = unit.show_in(value, System::Us);
            // The other system of units beside it, where it says something else.
            one.note = if us != result { us } else { String::new() };
            let copied = if system == System::Us && !one.note.is_empty() {
                one.note.clone()
            } else {
                result
            };
            one.actions = vec![Action::View(View::CopyText(copied))];
        }
        Err(why) => {
            let text = typed.trim();
            one.text = if text.is_empty() {
                "Type a sum, e.g. 16*8 or 1 GW / 8".into()
            } else {
                text.to_owned()
            };
            one.note = if text.is_empty() { String::new() } else { why.to_string() };
        }
    }
    one.folded = folded(&one.text);
    one
}
