//! The elements that come of a placing: free ids and names, figures from the catalogue.

use super::geometry::is_counted;
use super::unit::UnitLine;
use super::{Place, Placing, What, connect, offer, racks};
use crate::catalog::{Catalog, Equipment, EquipmentKind, Fact};
use crate::editor::command::Element;
use crate::editor::insert::{self, free_id, free_name, put, taken_ids};
use crate::editor::label;
use crate::site::{
    Area, AreaKind, Battery, Block, CoolingUnit, Feed, Generator, Hall, NetworkRack, Node,
    NodeKind, Row, Site,
};
use std::collections::HashSet;

/// The site with the pieces as elements, and what to call them. `None` where the catalogue
/// lacks the thing.
pub(super) fn made(
    site: &Site,
    catalog: &Catalog,
    placing: &Placing,
    pieces: &[(Place, u32)],
) -> Option<(Site, String)> {
    let mut maker = Maker::new(site, catalog);
    match &placing.what {
        What::Racks(_) | What::Unit(_) => {
            let (rack, total) = racks(placing, catalog)?;
            let unit = match &placing.what {
                What::Unit(id) => UnitLine::of(catalog, id).ok(),
                _ => None,
            };
            for (index, (place, count)) in pieces.iter().enumerate().filter(|p| p.1.1 > 0) {
                let behind = pieces.get(index + 1..).unwrap_or_default();
                let behind = behind.iter().take_while(|(_, count)| *count == 0);
                let behind: Vec<Place> = behind.map(|(place, _)| *place).collect();
                let network = match &unit {
                    Some(unit) => maker.support(unit, &behind)?,
                    None => Vec::new(),
                };
                maker.block(&rack.id, *count, *place, (placing.turned, network))?;
            }
            let word = if total == 1 { "rack" } else { "racks" };
            let hall = pieces.first().and_then(|p| super::fit::hall_of(site, p.0).ok());
            let into =
                hall.map_or_else(String::new, |h| format!(" in {}", label::named("hall", &h.name)));
            let with = match &unit {
                Some(unit) if !unit.support.is_empty() => " and their support racks",
                _ => "",
            };
            Some((maker.site, format!("{total} {} {word}{with}{into}", rack.short)))
        }
        What::Row => {
            let mut words = String::new();
            for (place, _) in pieces {
                words = maker.row(*place)?;
            }
            Some((maker.site, words))
        }
        What::Equipment(id) => {
            let record = catalog.equipment.get(id)?;
            let mut words = String::new();
            for (place, count) in pieces {
                words = maker.equipment(record, *place, *count)?;
            }
            let n = pieces.len();
            if n > 1 {
                words = format!("{n} {}", label::plural(&offer::noun(catalog, record)));
            }
            Some((maker.site, words))
        }
        What::Parcel => None,
    }
}

/// Rating of one machine and what it is a rating of.
pub(super) fn rating_mw(record: &Equipment, catalog: &Catalog) -> Option<(f64, &'static str)> {
    use EquipmentKind as K;
    match record.kind {
        K::Cdu | K::HeatRejection => Some((known(&record.heat_mw)?, " of heat")),
        K::Generator | K::Battery => Some((known(&record.kw)? / 1000.0, "")),
        K::MainTransformer | K::UnitTransformer | K::Cable => {
            Some((capacity_mw(record, catalog)?, ""))
        }
        _ => None,
    }
}

/// Figures that an element must have and a record does not know.
pub(super) fn why_not(record: &Equipment) -> Option<String> {
    use EquipmentKind as K;
    let missing = match record.kind {
        K::Cdu | K::HeatRejection if known(&record.heat_mw).is_none() => "heat_mw",
        K::Generator | K::Battery if known(&record.kw).is_none() => "kw",
        K::Battery if known(&record.energy_mwh).is_none() => "energy_mwh",
        _ => return None,
    };
    Some(format!("equipment.{}.{missing} is unknown: enter it first", record.id))
}

fn known(fact: &Option<Fact>) -> Option<f64> {
    fact.as_ref().and_then(Fact::get)
}

/// What a transformer or cable carries: its rating times the power factor.
fn capacity_mw(record: &Equipment, catalog: &Catalog) -> Option<f64> {
    let factor = catalog.costs.get("power-factor").and_then(|c| c.value.get())?;
    Some(rounded(known(&record.rating_mva)? * factor))
}

/// To a kilowatt: a product of decimals stays decimal in the file.
fn rounded(mw: f64) -> f64 {
    (mw * 1000.0).round() / 1000.0
}

/// Adds elements to a site one by one.
struct Maker<'a> {
    site: Site,
    catalog: &'a Catalog,
    ids: HashSet<String>,
    names: HashSet<String>,
}

impl<'a> Maker<'a> {
    fn new(site: &Site, catalog: &'a Catalog) -> Self {
        let names = site.elements().map(|e| e.name().to_owned()).collect();
        Self { site: site.clone(), catalog, ids: taken_ids(site), names }
    }

    /// A free name, and a free id that reads like it.
    fn called(&mut self, name: &str) -> (String, String) {
        let name = free_name(|n| self.names.contains(n), name);
        let id = free_id(&self.ids, &slug(&name));
        self.names.insert(name.clone());
        self.ids.insert(id.clone());
        (id, name)
    }

    /// Support racks of a unit; the ids of those that its racks home to: of the kind that the
    /// unit lists first.
    fn support(&mut self, unit: &UnitLine<'_>, places: &[Place]) -> Option<Vec<String>> {
        let mut network = Vec::new();
        for (name, (at, size)) in unit.support.iter().zip(places.iter().copied()) {
            let hall = super::fit::hall_of(&self.site, (at, size)).ok()?;
            let (hall, first) =
                (hall.id.clone(), format!("{} {} 1", hall.name, name.to_lowercase()));
            let (id, called) = self.called(&first);
            if unit.support.first() == Some(name) {
                network.push(id.clone());
            }
            let equipment = unit.equipment?.to_owned();
            let rack = NetworkRack { id, name: called, hall, equipment, at, size };
            put(&mut self.site, Element::NetworkRack(rack));
        }
        Some(network)
    }

    fn block(
        &mut self,
        rack: &str,
        count: u32,
        place: Place,
        (turned, network): (bool, Vec<String>),
    ) -> Option<()> {
        let (at, size) = place;
        let new = insert::new_block(&self.site, self.catalog, (rack, count), at)?;
        let network = if network.is_empty() { new.network.clone() } else { network };
        // Hall and row of the middle of where it really lies.
        let racks_per_line = Some(if turned { 1 } else { count });
        let mut block = Block { size, racks_per_line, network, ..new };
        connect::settle(&self.site, &mut block);
        let hall = super::fit::hall_of(&self.site, place).ok();
        let of = |id: &str| self.site.find(id).map(|e| e.name().to_owned());
        let home = block.row.as_deref().and_then(of).or_else(|| hall.map(|h| h.name.clone()));
        let short = &self.catalog.racks.get(rack)?.short;
        let name = match home {
            Some(home) => format!("{home}, {count} {short}"),
            None => format!("{count} {short}"),
        };
        (block.id, block.name) = self.called(&name);
        put(&mut self.site, Element::Block(block));
        Some(())
    }

    fn row(&mut self, (at, size): Place) -> Option<String> {
        let hall = super::fit::hall_of(&self.site, (at, size)).ok()?;
        let (hall, first) = (hall.id.clone(), format!("{} row 1", hall.name));
        let (id, name) = self.called(&first);
        let words = label::named("row", &name);
        put(&mut self.site, Element::Row(Row { id, name, hall, at, size }));
        Some(words)
    }

    fn equipment(&mut self, record: &Equipment, place: Place, count: u32) -> Option<String> {
        use EquipmentKind as K;
        let (at, size) = place;
        let noun = offer::noun(self.catalog, record);
        let first = if is_counted(record.kind) && count > 1 {
            format!("{} 1", label::plural(&noun))
        } else {
            format!("{noun} 1")
        };
        let (id, name) = self.called(&first);
        let words = name.clone();
        let element = match record.kind {
            K::Cdu | K::HeatRejection => {
                let heat_mw = known(&record.heat_mw)?;
                let equipment = record.id.clone();
                let unit = CoolingUnit { id, name, equipment, count, spare: 0, heat_mw, at, size };
                let ids = &mut self.ids;
                connect::join_loop(&mut self.site, self.catalog, unit, (record.kind, ids));
                return Some(words);
            }
            K::NetworkRack => {
                let hall = super::fit::hall_of(&self.site, place).ok()?.id.clone();
                let equipment = record.id.clone();
                Element::NetworkRack(NetworkRack { id, name, hall, equipment, at, size })
            }
            K::Generator | K::Battery => self.standby(record, (id, name), place, count)?,
            K::GridFeed => Element::Feed(Feed {
                id,
                name,
                voltage_kv: None,
                capacity_mw: None,
                firm_mw: None,
                steps: Vec::new(),
                minimum_bill_usd_per_year: None,
                fault_mva: None,
                at,
                size,
            }),
            K::Hall => Element::Hall(Hall {
                id,
                name,
                positions: None,
                floor_kg_m2: None,
                air_heat_mw: None,
                height_m: None,
                phase: None,
                at,
                size,
            }),
            kind => match (node_kind(kind), area_kind(kind)) {
                (Some(node), _) => Element::Node(self.node(record, (id, name), node, place)),
                (_, Some(kind)) => Element::Area(Area { id, name, kind, height_m: None, at, size }),
                _ => return None,
            },
        };
        put(&mut self.site, element);
        Some(words)
    }

    /// Generators or batteries at the nearest node of medium voltage.
    fn standby(
        &self,
        record: &Equipment,
        (id, name): (String, String),
        place: Place,
        count: u32,
    ) -> Option<Element> {
        let (at, size) = place;
        let node = connect::node_near(&self.site, self.catalog, place).unwrap_or_default();
        let equipment = record.id.clone();
        let all = f64::from(count);
        let capacity_mw = rounded(known(&record.kw)? / 1000.0 * all);
        Some(if record.kind == EquipmentKind::Generator {
            Element::Generator(Generator {
                id,
                name,
                node,
                equipment,
                count,
                capacity_mw,
                at,
                size,
            })
        } else {
            let energy_mwh = rounded(known(&record.energy_mwh)? * all);
            Element::Battery(Battery {
                id,
                name,
                node,
                equipment,
                capacity_mw,
                energy_mwh,
                at,
                size,
            })
        })
    }

    /// Voltage as the other nodes of its kind have it, fed from the nearest sensible source.
    fn node(
        &self,
        record: &Equipment,
        (id, name): (String, String),
        kind: NodeKind,
        place: Place,
    ) -> Node {
        let made_so = |n: &&Node| n.equipment.as_deref() == Some(record.id.as_str());
        let alike = self.site.campus.nodes.iter().filter(made_so);
        let voltage_kv =
            connect::nearest(alike, place, |n| (n.at, n.size)).and_then(|n| n.voltage_kv);
        let (at, size) = place;
        Node {
            from: connect::source_near(&self.site, self.catalog, record.kind, place)
                .into_iter()
                .collect(),
            capacity_mw: capacity_mw(record, self.catalog),
            equipment: Some(record.id.clone()),
            alternate: Vec::new(),
            firm_mw: None,
            efficiency_frac: None,
            scheme: None,
            spare_on_site: false,
            emergency_long_ratio: None,
            emergency_long_h: None,
            emergency_short_ratio: None,
            emergency_short_min: None,
            capacitor_mvar: None,
            phase: None,
            voltage_kv,
            id,
            name,
            kind,
            at,
            size,
        }
    }
}

const fn node_kind(kind: EquipmentKind) -> Option<NodeKind> {
    use EquipmentKind as K;
    Some(match kind {
        K::MainTransformer => NodeKind::MainTransformer,
        K::Switchgear => NodeKind::Substation,
        K::Cable => NodeKind::Feeder,
        K::Ups | K::UnitTransformer => NodeKind::UnitSubstation,
        K::Busway => NodeKind::Busway,
        _ => return None,
    })
}

const fn area_kind(kind: EquipmentKind) -> Option<AreaKind> {
    use EquipmentKind as K;
    Some(match kind {
        K::Building => AreaKind::Building,
        K::Road => AreaKind::Road,
        K::Yard => AreaKind::Yard,
        K::Pad => AreaKind::Pad,
        K::Water => AreaKind::Water,
        K::Laydown => AreaKind::Laydown,
        _ => return None,
    })
}

/// `Hall 1 N1, 16 VR` as `hall-1-n1-16-vr`.
fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_end_matches('-');
    if out.is_empty() { "element".to_owned() } else { out.to_owned() }
}
