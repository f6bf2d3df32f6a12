//! The site plan for CAD: every element of the ground on the layer of its kind, racks as
//! inserted blocks, in metres with north up.

use super::{Choice, Form, Kind, Needs};
use crate::report::writers::cad::{Cad, Item, LayerOf, write};
use crate::report::{Face, Options, Part, ReportError, Subject};
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::plan::{
    AreaGeom, BlockGeom, CampusPart, FieldKind, HallPart, Holding, PlanScene,
};
use crate::site::AreaKind;

pub(super) static KIND: Kind = Kind {
    id: "dxf",
    name: "DXF drawing",
    what: "The plan on layers in metres, racks as blocks, for CAD programs",
    ending: "dxf",
    form: Form::Text,
    needs: Needs::Site,
    choices: &[] as &[Choice],
    faces: &[],
    make,
};

const PARCEL: &str = "PARCEL";
const HALL: &str = "HALL";
const ROW: &str = "ROW";
const RACK: &str = "RACK";
const PLANNED: &str = "RACK-PLANNED";
const NETWORK: &str = "RACK-NETWORK";
const HV: &str = "POWER-HV";
const MV: &str = "POWER-MV";
const LV: &str = "POWER-LV";
const POWER: &str = "POWER";
const OPEN: &str = "POWER-OPEN";
const COOLING: &str = "COOLING";
const BACKUP: &str = "BACKUP";
const ROAD: &str = "ROAD";
const WATER: &str = "WATER";
const BUILDING: &str = "BUILDING";
const YARD: &str = "YARD";
const CONSTRAINT: &str = "CONSTRAINT";
const TEXT: &str = "TEXT";

/// Layers in drawing order with their AutoCAD colour index.
const LAYERS: [(&str, u8); 19] = [
    (PARCEL, 7),
    (ROAD, 8),
    (WATER, 140),
    (BUILDING, 9),
    (YARD, 33),
    (HALL, 7),
    (ROW, 8),
    (RACK, 5),
    (PLANNED, 151),
    (NETWORK, 6),
    (HV, 1),
    (MV, 30),
    (LV, 2),
    (POWER, 40),
    (OPEN, 253),
    (COOLING, 4),
    (BACKUP, 3),
    (CONSTRAINT, 11),
    (TEXT, 7),
];

/// Voltages from which a cable is of high and of medium voltage, kV: IEC 60038.
const HV_KV: f64 = 35.0;
const MV_KV: f64 = 1.0;

fn make(subject: &Subject, _options: &Options) -> Result<Vec<Part>, ReportError> {
    let mut scene = PlanScene::default();
    scene.update(subject.site, subject.catalog);
    if scene.core.is_none() {
        return Err(ReportError::nothing(Face::SitePlan));
    }
    Ok(Part::only(write(&plan(&scene))?))
}

/// The scene as outlines on layers.
fn plan(scene: &PlanScene) -> Cad {
    let layers = LAYERS.iter().map(|(name, colour)| LayerOf { name, colour: *colour });
    let mut cad = Cad { layers: layers.collect(), ..Cad::default() };
    if scene.parcel.len() > 2 {
        let points = scene.parcel.clone();
        cad.items.push(Item::Outline { layer: PARCEL, points, closed: true });
    }
    if let Some(campus) = &scene.campus {
        campus.areas.iter().for_each(|a| area(&mut cad, a));
        for constraint in &campus.constraints {
            // A strip along the parcel has no corners of its own.
            if constraint.outline.len() > 2 {
                let points = constraint.outline.clone();
                cad.items.push(Item::Outline { layer: CONSTRAINT, points, closed: true });
            }
        }
        power(&mut cad, campus);
        for field in &campus.fields {
            let layer = match field.kind {
                FieldKind::Cdu | FieldKind::Rejection => COOLING,
                FieldKind::Generator | FieldKind::Battery => BACKUP,
            };
            named(&mut cad, layer, &field.bounds, &field.name);
        }
    }
    scene.halls.iter().for_each(|h| hall(&mut cad, h));
    cad
}

fn area(cad: &mut Cad, area: &AreaGeom) {
    let layer = match area.kind {
        AreaKind::Road => ROAD,
        AreaKind::Water => WATER,
        AreaKind::Building => BUILDING,
        AreaKind::Pad | AreaKind::Yard | AreaKind::Laydown => YARD,
        AreaKind::Corridor => POWER,
    };
    named(cad, layer, &area.bounds, &area.name);
}

fn power(cad: &mut Cad, campus: &CampusPart) {
    for route in &campus.routes {
        let node = campus.nodes.iter().find(|n| n.id == route.node);
        let layer = match node.and_then(|n| n.source_kv) {
            _ if route.open => OPEN,
            kv => of_voltage(kv),
        };
        let points = route.points.clone();
        cad.items.push(Item::Outline { layer, points, closed: false });
    }
    for feed in &campus.feeds {
        named(cad, of_voltage(feed.voltage_kv), &feed.bounds, &feed.name);
    }
    for node in &campus.nodes {
        named(cad, of_voltage(node.voltage_kv), &node.bounds, &node.name);
    }
}

fn of_voltage(kv: Option<f64>) -> &'static str {
    match kv {
        Some(kv) if kv > HV_KV => HV,
        Some(kv) if kv > MV_KV => MV,
        Some(_) => LV,
        None => POWER,
    }
}

fn hall(cad: &mut Cad, hall: &HallPart) {
    if hall.id.is_some() {
        cad.items.push(Item::of_box(HALL, &hall.bounds));
        let height = (hall.bounds.height() * 0.06).clamp(0.5, 4.0);
        let at = hall.bounds.min.plus(height * 0.5, height * 1.5);
        let text = hall.name.clone();
        cad.items.push(Item::Text { layer: TEXT, at, height, text, centred: false });
    }
    for row in &hall.rows {
        cad.items.push(Item::of_box(ROW, &row.bounds));
        let height = (row.bounds.height() * 0.5).clamp(0.2, 1.0);
        let at = pt(row.bounds.min.x, row.bounds.min.y - height * 0.4);
        let text = row.name.clone();
        cad.items.push(Item::Text { layer: TEXT, at, height, text, centred: false });
    }
    cad.items.extend(hall.network.iter().map(|n| Item::of_box(NETWORK, n)));
    hall.blocks.iter().for_each(|b| racks(cad, b));
}

/// Each rack of a block where it stands; a pool of power has none.
fn racks(cad: &mut Cad, block: &BlockGeom) {
    let layer = match block.holding {
        Holding::Installed(_) => RACK,
        Holding::Planned(_) => PLANNED,
        Holding::Pool => return,
    };
    let (along, across) = (f64::from(block.per_line.max(1)), f64::from(block.lines.max(1)));
    let b = &block.bounds;
    let (w, h) = if block.along_x {
        (b.width() / along, b.height() / across)
    } else {
        (b.width() / across, b.height() / along)
    };
    let name = block_name(block.rack.as_deref().unwrap_or("rack"), w, h);
    if !cad.blocks.iter().any(|known| known.0 == name) {
        cad.blocks.push((name.clone(), w, h));
    }
    for place in 0..block.places() {
        let (line, column) = (place / block.per_line.max(1), place % block.per_line.max(1));
        let (i, j) = if block.along_x { (column, line) } else { (line, column) };
        let at = Pt { x: b.min.x + f64::from(i) * w, y: b.min.y + f64::from(j) * h };
        cad.items.push(Item::Insert { layer, block: name.clone(), at });
    }
}

/// Rack type and footprint: the same type may stand at another pitch elsewhere.
fn block_name(rack: &str, w: f64, h: f64) -> String {
    let id: String =
        rack.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("{}-{:.0}X{:.0}", id.to_ascii_uppercase(), w * 1000.0, h * 1000.0)
}

/// A box with its name in the middle, as high as it can be.
fn named(cad: &mut Cad, layer: &'static str, b: &Bounds, name: &str) {
    cad.items.push(Item::of_box(layer, b));
    let letters = name.chars().count().max(1) as f64;
    // A capital is about 0.7 of its height wide.
    let height = (b.width() / letters / 0.7).min(b.height() * 0.6).min(4.0);
    if height > 0.05 && !name.is_empty() {
        let text = name.to_owned();
        let at = b.centre();
        cad.items.push(Item::Text { layer: TEXT, at, height, text, centred: true });
    }
}
