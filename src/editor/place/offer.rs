//! What can be placed: every rack, unit and machine of the catalogue, and what sites consist
//! of beside them, in the order in which a palette shows it.

use super::{What, footprint, rack_of_unit};
use crate::catalog::{Catalog, Equipment, EquipmentKind, Generation, Rack, Role, Status};

/// What a thing is by, for icons and headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Rack(Generation),
    Unit(Generation),
    Equipment(EquipmentKind),
    Row,
    Parcel,
}

/// One thing to place.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub what: What,
    /// Short, for a chip.
    pub name: String,
    /// In full, for a tip and for searching.
    pub title: String,
    pub family: Family,
    /// Why it cannot be placed, in one sentence.
    pub refusal: Option<String>,
}

/// Everything that the catalogue in force lets place. What cannot be placed stands last.
pub fn offers(catalog: &Catalog) -> Vec<Offer> {
    let mut all: Vec<Offer> = Vec::new();
    // Newest generations first: they are what is planned.
    let mut racks: Vec<&Rack> = catalog.racks.values().collect();
    racks.sort_by_key(|r| rank(r.generation));
    all.extend(racks.iter().map(|r| Offer {
        what: What::Racks(r.id.clone()),
        name: r.short.clone(),
        title: format!("{}, {} {}", r.name, r.maker, r.aliases.join(" ")),
        family: Family::Rack(r.generation),
        refusal: None,
    }));
    for unit in catalog.units.values() {
        let Some(rack) = rack_of_unit(catalog, &unit.id) else { continue };
        all.push(Offer {
            what: What::Unit(unit.id.clone()),
            name: format!("{} unit of {}", rack.short, unit.racks),
            title: unit.name.clone(),
            family: Family::Unit(rack.generation),
            refusal: None,
        });
    }
    let row = (What::Row, Family::Row, "Row", "Row of a hall");
    let parcel = (What::Parcel, Family::Parcel, "Parcel outline", "Outline of the parcel");
    for (what, family, name, title) in [row, parcel] {
        let (name, title) = (name.to_owned(), title.to_owned());
        all.push(Offer { what, name, title, family, refusal: None });
    }
    for record in catalog.equipment.values().filter(|e| e.kind != EquipmentKind::AirCooling) {
        all.push(Offer {
            what: What::Equipment(record.id.clone()),
            name: short(catalog, record),
            title: format!("{}, {}", noun(catalog, record), record.name),
            family: Family::Equipment(record.kind),
            refusal: None,
        });
    }
    for offer in &mut all {
        offer.refusal = why_not(catalog, &offer.what);
    }
    all.sort_by_key(|o| o.refusal.is_some());
    all
}

const fn rank(generation: Generation) -> u8 {
    match generation {
        Generation::Rubin => 0,
        Generation::Blackwell => 1,
        Generation::RubinLpx => 2,
        Generation::Hopper => 3,
        Generation::Other => 4,
    }
}

/// Why the catalogue alone says that it cannot be placed.
pub(super) fn why_not(catalog: &Catalog, what: &What) -> Option<String> {
    match what {
        What::Racks(id) => match catalog.racks.get(id) {
            Some(rack) => why_not_rack(rack),
            None => Some(format!("The catalogue has no rack type `{id}`")),
        },
        What::Unit(id) => match rack_of_unit(catalog, id) {
            Some(rack) => why_not_rack(rack),
            None => Some(format!("No rack of the catalogue is deployed in `{id}`")),
        },
        What::Equipment(id) => match catalog.equipment.get(id) {
            Some(record) if footprint(record).is_none() => {
                Some(format!("The catalogue does not know the size of {}", record.name))
            }
            Some(record) => super::make::why_not(record),
            None => Some(format!("The catalogue has no equipment `{id}`")),
        },
        What::Row | What::Parcel => None,
    }
}

/// Why a rack type cannot be placed.
pub(super) fn why_not_rack(rack: &Rack) -> Option<String> {
    if let Status::NotOrderable(why) = &rack.status {
        return Some(format!("{} cannot be ordered: {why}", rack.name));
    }
    if rack.width_m.get().is_none() || rack.depth_m.get().is_none() {
        return Some(format!("The catalogue does not know the size of {}", rack.name));
    }
    match &rack.role {
        Role::Compute | Role::Adjunct { .. } => None,
    }
}

/// What a planner calls a machine: its kind, where the catalogue has one of it; else its name.
pub(super) fn noun(catalog: &Catalog, record: &Equipment) -> String {
    let alone = catalog.equipment.values().filter(|e| e.kind == record.kind).count() == 1;
    match word(record.kind) {
        Some(word) if alone => word.to_owned(),
        _ => record.name.split(',').next().unwrap_or(&record.name).trim().to_owned(),
    }
}

/// The same where there is little room: the first of several of a kind stands for the kind.
fn short(catalog: &Catalog, record: &Equipment) -> String {
    let first = catalog.equipment.values().find(|e| e.kind == record.kind);
    let noun = match word(record.kind).filter(|_| first.is_some_and(|e| e.id == record.id)) {
        Some(word) => word.to_owned(),
        None => noun(catalog, record),
    };
    match noun.as_str() {
        "Main transformer" => "Transformer".to_owned(),
        "Unit substation" => "Unit sub".to_owned(),
        other => other.to_owned(),
    }
}

const fn word(kind: EquipmentKind) -> Option<&'static str> {
    use EquipmentKind as K;
    Some(match kind {
        K::MainTransformer => "Main transformer",
        K::UnitTransformer => "Unit substation",
        K::Cable => "Feeder",
        K::Busway => "Busway",
        K::Ups => "UPS",
        K::Switchgear => "Substation",
        K::Cdu => "CDU",
        K::HeatRejection => "Dry cooler",
        K::NetworkRack => "Network rack",
        K::Battery => "Battery",
        K::GridFeed => "Grid feed",
        K::Hall => "Hall",
        K::Building => "Building",
        K::Road => "Road",
        K::Yard => "Yard",
        K::Pad => "Pad",
        K::Water => "Water",
        K::Laydown => "Laydown",
        K::AirCooling | K::Generator => return None,
    })
}
