//! Several elements at once: the fields that they share, each with its value
//! where all agree. One entry changes all of them as one step of the history.

use super::fields::{FieldOf, fields_of, value_in, value_of};
use super::supply;
use super::{Head, header, icon_of};
use crate::editor::{self, ElementId};
use crate::gui::action::{Action, Actions, Edit, Gesture};
use crate::gui::commands::has_place;
use crate::gui::components::entry::{Entry, Rule, Scale};
use crate::gui::components::field::FieldLook;
use crate::gui::components::row::{Number, Source, TypedRow};
use crate::gui::components::{card, row};
use crate::gui::context::{Context, Element, Kind};
use crate::gui::icons::Icon;
use crate::gui::measure;
use crate::gui::panels::rows::{least_of, number_text, quoted, text_row};
use crate::site::{Block, ElementRef};
use crate::units::Power;
use crate::units::format::{self, unit_of_field};
use eframe::egui::{Frame, Margin, ScrollArea, Ui};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a field says where the elements differ.
const MIXED: &str = "mixed";

pub fn show(ui: &mut Ui, cx: &Context<'_>, elements: &[Element], actions: &mut Actions) {
    let kind = common_kind(elements);
    let count = format::count(elements.len() as f64);
    let ids: Vec<ElementId> = elements.iter().map(|e| ElementId::new(e.path())).collect();
    let group = editor::group_of(cx.site, &ids);
    let name = match kind {
        _ if group.is_some() => group.map(|g| g.name.clone()).unwrap_or_default(),
        Some(kind) => format!("{count} × {}", kind.word()),
        None => format!("{count} elements"),
    };
    let icon = kind.map_or(Icon::Compare, icon_of);
    let tag = if group.is_some() { format!("{count} in a group") } else { "selected".to_owned() };
    header(ui, &Head { icon, color: None, name, tag });
    super::lock::several(ui, cx, elements, actions);
    ScrollArea::vertical().id_salt(("inspector-several", kind)).auto_shrink(false).show(ui, |ui| {
        Frame::new().inner_margin(Margin::symmetric(12, 0)).show(ui, |ui| {
            if let Some(group) = group {
                card::section(ui, "Group", "", true);
                text_row(ui, actions, &format!("groups.{}.name", group.id), "Name", &group.name);
            }
            match kind {
                Some(kind) => shared(ui, cx, (kind, elements), actions),
                None => kinds(ui, elements),
            }
            if elements.iter().all(|e| has_place(e.kind)) {
                super::place::together(ui, cx, elements, actions);
            }
            ui.add_space(12.0);
        });
    });
}

fn common_kind(elements: &[Element]) -> Option<Kind> {
    let first = elements.first()?.kind;
    elements.iter().all(|e| e.kind == first).then_some(first)
}

/// How many of each kind; they have no field in common.
fn kinds(ui: &mut Ui, elements: &[Element]) {
    card::section(ui, "Selected", "select one kind to edit it together", true);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for element in elements {
        *counts.entry(element.kind.word()).or_default() += 1;
    }
    for (word, count) in counts {
        row::fact(ui, word, &format::count(count as f64));
    }
}

fn shared(ui: &mut Ui, cx: &Context<'_>, of: (Kind, &[Element]), actions: &mut Actions) {
    let (kind, elements) = of;
    card::section(ui, "In common", "one entry changes all", true);
    // One pass over the site in place of one for each element and field.
    let wanted: HashSet<&str> = elements.iter().map(|e| e.id.as_str()).collect();
    // Tiers and hours may be named like an element of the ground.
    let on_ground = |e: &ElementRef<'_>| has_place(kind) && wanted.contains(e.id());
    let physical: HashMap<&str, ElementRef<'_>> =
        cx.site.elements().filter(on_ground).map(|e| (e.id(), e)).collect();
    let blocks: Vec<&Block> = elements
        .iter()
        .filter_map(|e| match physical.get(e.id.as_str()) {
            Some(ElementRef::Block(block)) => Some(*block),
            _ => None,
        })
        .collect();
    if kind == Kind::Block {
        choices(ui, cx, &blocks, actions);
    }
    if !cx.site.campus.nodes.is_empty() {
        supply::rows(ui, cx, elements, actions);
    }
    let mut any = kind == Kind::Block;
    for field in fields_of(kind) {
        let values: Vec<(String, Number)> = elements
            .iter()
            .filter_map(|e| {
                let number = match physical.get(e.id.as_str()) {
                    Some(element) => value_in(*element, field.field),
                    None => value_of(cx, e, field.field),
                }?;
                Some((format!("{}.{}", e.path(), field.field), number))
            })
            .collect();
        if !values.is_empty() {
            any = true;
            number_row(ui, (field, elements.len()), &values, actions);
        }
    }
    if !any {
        row::fact(ui, "Fields", "none to edit together");
    }
    if kind == Kind::Block {
        together(ui, cx, &blocks);
    }
}

/// A number that several elements have.
fn number_row(
    ui: &mut Ui,
    of: (&FieldOf, usize),
    values: &[(String, Number)],
    actions: &mut Actions,
) {
    let (field, all) = of;
    let Some((path, first)) = values.first() else { return };
    let unit = unit_of_field(path);
    let known = |number: &Number| match number {
        Number::Is(v) => Some(*v),
        _ => None,
    };
    let scale = Scale::within(measure::system(ui.ctx()), unit, known(first));
    let agree = values.iter().all(|(_, number)| number == first);
    let (shown, edited, look) = match (agree, first) {
        (false, _) => (MIXED.to_owned(), String::new(), FieldLook::Absent),
        (true, Number::Is(v)) => {
            let digits = scale.digits(unit, *v);
            (digits.clone(), digits, FieldLook::Rest)
        }
        (true, Number::Unlimited) => {
            (format::UNLIMITED.into(), format::UNLIMITED.into(), FieldLook::Rest)
        }
        (true, Number::Unknown) => (format::UNKNOWN.into(), String::new(), FieldLook::Unknown),
        (true, Number::Absent(word)) => ((*word).into(), String::new(), FieldLook::Absent),
    };
    let note = if values.len() < all {
        format!("{} of {all}", values.len())
    } else if agree {
        format!("all {all}")
    } else {
        spread(values, scale, path)
    };
    let id = ui.scope_id().with(("several", field.field));
    let name = format!("{} of all {}", field.label, values.len());
    let typed = TypedRow {
        id,
        label: field.label,
        name: &name,
        shown: &shown,
        edited: &edited,
        unit: scale.label,
        look,
        source: Source::Plain(&note),
    }
    .show(ui);
    let Some(text) = typed else { return };
    let rule = Rule { least: least_of(path), whole: field.whole };
    match entries(&text, values, (scale, unit.suffix), rule) {
        Ok(changes) => {
            actions.push(Action::Edit(Edit::SetMany { changes, gesture: Gesture::Once }));
        }
        Err(why) => row::refuse(ui, id, why),
    }
}

/// `12 to 16`, of the known values.
fn spread(values: &[(String, Number)], scale: Scale, path: &str) -> String {
    let known: Vec<f64> = values
        .iter()
        .filter_map(|(_, number)| match number {
            Number::Is(v) => Some(*v),
            _ => None,
        })
        .collect();
    let low = known.iter().copied().fold(f64::INFINITY, f64::min);
    let high = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if known.len() < values.len() || low >= high {
        return MIXED.to_owned();
    }
    let unit = unit_of_field(path);
    format!("{} to {}", scale.digits(unit, low), scale.digits(unit, high))
}

/// What the text means for each element: a share changes each by its own value.
fn entries(
    text: &str,
    values: &[(String, Number)],
    scale: (Scale, &str),
    rule: Rule,
) -> Result<Vec<(String, String)>, String> {
    values
        .iter()
        .map(|(path, number)| {
            let current = match number {
                Number::Is(v) => Some(*v),
                _ => None,
            };
            let entry = scale.0.entry_from(text, scale.1, rule, current)?;
            let value = match entry {
                Entry::Number(v) => number_text(v),
                Entry::Unknown => format::UNKNOWN.to_owned(),
                Entry::Unlimited => format!("\"{}\"", format::UNLIMITED),
            };
            Ok((path.clone(), value))
        })
        .collect()
}

/// Rack type of blocks.
fn choices(ui: &mut Ui, cx: &Context<'_>, blocks: &[&Block], actions: &mut Actions) {
    let racks: Vec<(&str, &str)> =
        cx.catalog.racks.iter().map(|(id, r)| (id.as_str(), r.name.as_str())).collect();
    if blocks.iter().all(|b| b.rack.is_some()) {
        choice(ui, ("Rack type", "rack"), &racks, (blocks, |b| b.rack.as_deref()), actions);
    }
}

/// Blocks and how to read one of their references.
type Read<'a> = (&'a [&'a Block], fn(&Block) -> Option<&str>);

fn choice(
    ui: &mut Ui,
    (label, field): (&str, &str),
    options: &[(&str, &str)],
    (blocks, read): Read<'_>,
    actions: &mut Actions,
) {
    if options.is_empty() {
        return;
    }
    let Some(first) = blocks.first().map(|b| read(b)) else { return };
    let agree = blocks.iter().all(|b| read(b) == first);
    let selected = options.iter().position(|(id, _)| agree && Some(*id) == first);
    let names: Vec<String> = options.iter().map(|(_, name)| (*name).to_owned()).collect();
    let placeholder = if agree { "not chosen" } else { MIXED };
    if let Some(index) = row::choice_of(ui, label, &names, selected, placeholder)
        && let Some((id, _)) = options.get(index)
    {
        let changes =
            blocks.iter().map(|b| (format!("blocks.{}.{field}", b.id), quoted(id))).collect();
        actions.push(Action::Edit(Edit::SetMany { changes, gesture: Gesture::Once }));
    }
}

/// What the selected blocks are as a whole.
fn together(ui: &mut Ui, cx: &Context<'_>, blocks: &[&Block]) {
    card::section(ui, "Together", "", false);
    let racks: u64 = blocks.iter().filter_map(|b| b.count).map(u64::from).sum();
    row::fact(ui, "Installed", &format::racks(racks as f64));
    let Some(outcome) = cx.outcome else { return };
    let ids: HashSet<&str> = blocks.iter().map(|b| b.id.as_str()).collect();
    let own = outcome.plan.blocks.iter().filter(|r| ids.contains(r.id.as_str()));
    let mw: f64 = own.map(|r| r.it_mw).sum();
    row::computed(ui, "IT power", &format::power(Power::mw(mw)), "computed");
}
