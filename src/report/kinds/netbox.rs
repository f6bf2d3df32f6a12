//! The plan for the inventory NetBox 4: one table for each of its bulk imports, in the order
//! in which they have to be imported.

use super::{Form, Kind, Needs};
use crate::catalog::Rack;
use crate::report::writers::csv::table;
use crate::report::{Options, Part, ReportError, Subject};
use crate::site::{Block, HallGroup, Node};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static KIND: Kind = Kind {
    id: "netbox",
    name: "NetBox import tables",
    what: "Sites, locations, racks, power panels and feeds as CSV for NetBox 4",
    ending: "netbox",
    form: Form::Folder,
    needs: Needs::Site,
    choices: &[],
    faces: &[],
    make,
};

/// The greatest voltage and amperage that NetBox stores.
const MOST: f64 = 32_767.0;
/// NetBox asks for the width between rails and the height of every rack; these are its own
/// defaults.
const RAIL_INCHES: &str = "19";
const UNITS: &str = "42";
const COMMENT: &str = "Rail width and height are the defaults of NetBox, not known to the plan";

const READ_ME: &str = "\
Import the tables into NetBox 4 in the order of their numbers (each under its own menu entry,
Import, Upload file).

Racks: an installed rack is active, a planned one planned. Rail width and height in units are the
defaults of NetBox (19 inches, 42 units): the plan does not know them.

Power feeds: one three-phase feed for each rack, from the panel of its node, at the node's
voltage between phases; a second, redundant one where the rack has a path B. The amperage carries the installed supply of the rack at a power factor
of one, rounded up to the ampere, and the greatest use is 100 %; NetBox then counts
voltage x amperage x 1.732 as available. Breakers are not planned: replace the figures by those
of the breakers. Racks whose supply or whose node's voltage is unknown have no feed.
";

fn make(subject: &Subject, _options: &Options) -> Result<Vec<Part>, ReportError> {
    let mut tables = Tables::default();
    tables.site(subject);
    let mut panels: BTreeSet<&str> = BTreeSet::new();
    for group in &subject.site.halls {
        let places = tables.hall(subject, group);
        for block in &group.blocks {
            panels.extend(tables.block(subject, &places, block));
        }
    }
    if tables.racks.is_empty() {
        let why = "the layout has no block with a count of racks";
        return Err(ReportError::Nothing { what: "inventory", why });
    }
    for node in subject.site.campus.nodes.iter().filter(|n| panels.contains(n.id.as_str())) {
        tables.panels.push(vec![
            tables.name.clone(),
            String::new(),
            panel_name(node),
            format!("{}, {}", node.id, capacity(node)),
        ]);
    }
    Ok(tables.parts())
}

/// Name, header and rows of a table.
type Table<'a> = (&'a str, &'a [&'a str], &'a [Vec<String>]);

/// What NetBox calls a node that feeds racks.
fn panel_name(node: &Node) -> String {
    format!("{} ({})", node.name, node.id)
}

fn capacity(node: &Node) -> String {
    node.capacity_mw.map_or("capacity unknown".to_owned(), |mw| format!("{mw} MW"))
}

/// The rows of each table.
#[derive(Default)]
struct Tables {
    /// Of the site, to which everything belongs.
    name: String,
    manufacturers: Vec<Vec<String>>,
    roles: Vec<Vec<String>>,
    sites: Vec<Vec<String>>,
    locations: Vec<Vec<String>>,
    racks: Vec<Vec<String>>,
    panels: Vec<Vec<String>>,
    feeds: Vec<Vec<String>>,
    makers: BTreeSet<String>,
    role_names: BTreeSet<String>,
}

/// Locations of a hall: its own, and those of its rows by id.
#[derive(Default)]
struct Places {
    hall: String,
    rows: BTreeMap<String, String>,
}

impl Tables {
    fn site(&mut self, subject: &Subject) {
        let info = &subject.site.terms.site;
        self.name.clone_from(&info.name);
        let [longitude, latitude] = info
            .origin_deg
            .map_or([String::new(), String::new()], |at| at.map(|degrees| format!("{degrees:.6}")));
        self.sites.push(vec![
            info.name.clone(),
            slug(&info.name),
            "planned".to_owned(),
            latitude,
            longitude,
            format!("Exported from {}", subject.file),
        ]);
    }

    fn hall(&mut self, _subject: &Subject, group: &HallGroup) -> Places {
        let Some(hall) = &group.hall else { return Places::default() };
        let mut places = Places { hall: hall.name.clone(), rows: BTreeMap::new() };
        let location = |parent: &str, name: &str, id: &str| {
            vec![
                self.name.clone(),
                parent.to_owned(),
                name.to_owned(),
                slug(id),
                "planned".to_owned(),
            ]
        };
        let mut rows = vec![location("", &hall.name, &hall.id)];
        for row in &group.rows {
            // NetBox looks locations up by name: rows of two halls must not share one.
            let name = if row.name.starts_with(&hall.name) && row.name != hall.name {
                row.name.clone()
            } else {
                format!("{}, {}", hall.name, row.name)
            };
            rows.push(location(&hall.name, &name, &format!("{}-{}", hall.id, row.id)));
            places.rows.insert(row.id.clone(), name);
        }
        self.locations.extend(rows);
        places
    }

    /// The racks of a block with their feeds; the nodes that have to be panels.
    fn block<'a>(
        &mut self,
        subject: &'a Subject,
        places: &Places,
        block: &'a Block,
    ) -> Vec<&'a str> {
        let planned = block.planned.as_ref();
        let (count, status) = match (block.count, planned) {
            (Some(n), _) => (n, "active"),
            (None, Some(p)) => (p.max, "planned"),
            (None, None) => return Vec::new(),
        };
        // What may be bought has no type yet, unless there is only one.
        let only = planned.and_then(|p| match &p.racks[..] {
            [one] => Some(one),
            _ => None,
        });
        let record = block.rack.as_ref().or(only).and_then(|id| subject.catalog.racks.get(id));
        self.kind(record);
        let row = block.row.as_ref().and_then(|id| places.rows.get(id));
        let location = row.unwrap_or(&places.hall).clone();
        let node_of = |id: &Option<String>| {
            let id = id.as_deref()?;
            subject.site.campus.nodes.iter().find(|n| n.id == id)
        };
        // Path B stands behind an open switch: redundant in the words of NetBox.
        let paths: Vec<(&Node, &str, &str)> =
            [(node_of(&block.node), "primary", ""), (node_of(&block.node_b), "redundant", "-b")]
                .into_iter()
                .filter_map(|(node, kind, suffix)| Some((node?, kind, suffix)))
                .collect();
        for place in 1..=count {
            let name = format!("{}-{place:03}", block.id);
            self.racks.push(self.rack(&location, (&name, status), block, record));
            for (node, kind, suffix) in &paths {
                let Some((volts, amperes)) = record.and_then(|r| supply(node, r)) else { continue };
                self.feeds.push(vec![
                    self.name.clone(),
                    panel_name(node),
                    location.clone(),
                    name.clone(),
                    format!("{name}{suffix}"),
                    status.to_owned(),
                    (*kind).to_owned(),
                    "ac".to_owned(),
                    "three-phase".to_owned(),
                    volts.to_string(),
                    amperes.to_string(),
                    "100".to_owned(),
                ]);
            }
        }
        let panels = paths.into_iter().map(|(node, ..)| node.id.as_str());
        panels.filter(|_| count > 0).collect()
    }

    /// The maker and the role of a rack type, once each.
    fn kind(&mut self, record: Option<&Rack>) {
        let Some(rack) = record else { return };
        if self.makers.insert(rack.maker.clone()) {
            self.manufacturers.push(vec![rack.maker.clone(), slug(&rack.maker)]);
        }
        if self.role_names.insert(rack.name.clone()) {
            self.roles.push(vec![rack.name.clone(), slug(&rack.id), "607d8b".to_owned()]);
        }
    }

    fn rack(
        &self,
        location: &str,
        (name, status): (&str, &str),
        block: &Block,
        record: Option<&Rack>,
    ) -> Vec<String> {
        let millimetres = |m: Option<f64>| m.map_or(String::new(), |m| format!("{:.0}", m * 1e3));
        let width = record.and_then(|r| r.width_m.get());
        let depth = record.and_then(|r| r.depth_m.get());
        let mass = record.and_then(|r| r.mass_kg.get());
        let measured = width.is_some() || depth.is_some();
        vec![
            self.name.clone(),
            location.to_owned(),
            name.to_owned(),
            status.to_owned(),
            record.map_or(String::new(), |r| r.name.clone()),
            RAIL_INCHES.to_owned(),
            UNITS.to_owned(),
            millimetres(width),
            millimetres(depth),
            if measured { "mm".to_owned() } else { String::new() },
            mass.map_or(String::new(), |kg| format!("{kg:.0}")),
            mass.map_or(String::new(), |_| "kg".to_owned()),
            block.name.clone(),
            COMMENT.to_owned(),
        ]
    }

    fn parts(&self) -> Vec<Part> {
        let tables: [Table; 7] = [
            ("1-manufacturers.csv", &["name", "slug"], &self.manufacturers),
            ("2-rack-roles.csv", &["name", "slug", "color"], &self.roles),
            (
                "3-sites.csv",
                &["name", "slug", "status", "latitude", "longitude", "description"],
                &self.sites,
            ),
            ("4-locations.csv", &["site", "parent", "name", "slug", "status"], &self.locations),
            (
                "5-racks.csv",
                &[
                    "site",
                    "location",
                    "name",
                    "status",
                    "role",
                    "width",
                    "u_height",
                    "outer_width",
                    "outer_depth",
                    "outer_unit",
                    "weight",
                    "weight_unit",
                    "description",
                    "comments",
                ],
                &self.racks,
            ),
            ("6-power-panels.csv", &["site", "location", "name", "description"], &self.panels),
            (
                "7-power-feeds.csv",
                &[
                    "site",
                    "power_panel",
                    "location",
                    "rack",
                    "name",
                    "status",
                    "type",
                    "supply",
                    "phase",
                    "voltage",
                    "amperage",
                    "max_utilization",
                ],
                &self.feeds,
            ),
        ];
        let read_me = Part { name: "0-read-me.txt".to_owned(), bytes: READ_ME.into() };
        let part = |(name, header, rows): Table| Part {
            name: name.to_owned(),
            bytes: table(header, rows),
        };
        std::iter::once(read_me).chain(tables.map(part)).collect()
    }
}

/// Volts between phases and amperes of a feed that carries the installed supply of a rack.
fn supply(node: &Node, rack: &Rack) -> Option<(u32, u32)> {
    let volts = node.voltage_kv? * 1e3;
    let watts = rack.installed_kw.get()? * 1e3;
    let amperes = (watts / (volts * 3f64.sqrt())).ceil();
    let fits = |v: f64| (1.0..=MOST).contains(&v);
    (fits(volts) && fits(amperes)).then_some((volts.round() as u32, amperes as u32))
}

/// Letters, digits and hyphens, as addresses have them.
fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    let slug = out.trim_end_matches('-').to_owned();
    if slug.is_empty() { "unnamed".to_owned() } else { slug }
}
