//! DXF: outlines, texts and blocks on layers, in metres with north up, for CAD programs.
//! It must not know what a layer means.

use crate::scene::geom::{Bounds, Pt};
use dxf::entities::{Circle, Entity, EntityType, Insert, LwPolyline, Text};
use dxf::enums::{AcadVersion, HorizontalTextJustification, Units, VerticalTextJustification};
use dxf::tables::Layer;
use dxf::{Block, Color, Drawing, LwPolylineVertex, Point};
use std::collections::BTreeSet;

/// A file that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the drawing cannot be written: {0}")]
pub struct DxfError(String);

/// A layer by name, with its AutoCAD colour index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerOf {
    pub name: &'static str,
    pub colour: u8,
}

/// Something on a layer. Positions are metres on the ground, y south as everywhere in a site.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Outline {
        layer: &'static str,
        points: Vec<Pt>,
        closed: bool,
    },
    Circle {
        layer: &'static str,
        centre: Pt,
        radius: f64,
    },
    /// A text of a height on the ground; centred, or from its left end.
    Text {
        layer: &'static str,
        at: Pt,
        height: f64,
        text: String,
        centred: bool,
    },
    /// A block of that name, its north-west corner at a place.
    Insert {
        layer: &'static str,
        block: String,
        at: Pt,
    },
}

impl Item {
    /// The outline of a box.
    pub fn of_box(layer: &'static str, b: &Bounds) -> Self {
        Item::Outline { layer, points: b.corners().to_vec(), closed: true }
    }
}

/// A drawing for CAD.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cad {
    pub layers: Vec<LayerOf>,
    /// Boxes that are inserted many times: name, width and height.
    pub blocks: Vec<(String, f64, f64)>,
    pub items: Vec<Item>,
}

/// The drawing as the text of a DXF file of AutoCAD 2000, which every program reads.
///
/// # Errors
/// The crate that writes the format refuses.
pub fn write(cad: &Cad) -> Result<Vec<u8>, DxfError> {
    let mut drawing = Drawing::new();
    let header = &mut drawing.header;
    header.version = AcadVersion::R2000;
    header.default_drawing_units = Units::Meters;
    // The same plan gives the same file, whenever and wherever it is written.
    header.creation_date = Default::default();
    header.creation_date_universal = Default::default();
    header.update_date = Default::default();
    header.update_date_universal = Default::default();
    header.fingerprint_guid = Default::default();
    header.version_guid = Default::default();
    let extent = extent(cad);
    if !extent.is_empty() {
        header.minimum_drawing_extents = point(Pt { x: extent.min.x, y: extent.max.y });
        header.maximum_drawing_extents = point(Pt { x: extent.max.x, y: extent.min.y });
    }
    let used: BTreeSet<&str> = cad.items.iter().map(layer_of).collect();
    for layer in cad.layers.iter().filter(|l| used.contains(l.name)) {
        drawing.add_layer(Layer {
            name: layer.name.to_owned(),
            color: Color::from_index(layer.colour),
            ..Layer::default()
        });
    }
    for (name, width, height) in &cad.blocks {
        let box_ = Bounds::xywh(0.0, 0.0, *width, *height);
        // On layer 0 a block takes layer and colour of where it is inserted.
        let outline = entity("0", outline(&box_.corners(), true));
        drawing.add_block(Block {
            name: name.clone(),
            layer: "0".to_owned(),
            entities: vec![outline],
            ..Block::default()
        });
    }
    for item in &cad.items {
        drawing.add_entity(entity(layer_of(item), shape(item)));
    }
    drawing.normalize();
    let mut bytes = Vec::new();
    drawing.save(&mut bytes).map_err(|e| DxfError(e.to_string()))?;
    Ok(bytes)
}

fn layer_of(item: &Item) -> &'static str {
    match item {
        Item::Outline { layer, .. }
        | Item::Circle { layer, .. }
        | Item::Text { layer, .. }
        | Item::Insert { layer, .. } => layer,
    }
}

/// What the items cover on the ground.
fn extent(cad: &Cad) -> Bounds {
    let at = |p: Pt| Bounds { min: p, max: p };
    let size = |name: &str| {
        let found = cad.blocks.iter().find(|b| b.0 == name);
        found.map_or((0.0, 0.0), |b| (b.1, b.2))
    };
    cad.items.iter().fold(Bounds::NOTHING, |all, item| match item {
        Item::Outline { points, .. } => points.iter().fold(all, |all, p| all.union(&at(*p))),
        Item::Circle { centre, radius, .. } => all.union(&at(*centre).grown(*radius)),
        Item::Text { at: place, .. } => all.union(&at(*place)),
        Item::Insert { block, at: place, .. } => {
            let (w, h) = size(block);
            all.union(&Bounds::xywh(place.x, place.y, w, h))
        }
    })
}

/// The ground has y south, CAD has y north.
fn point(p: Pt) -> Point {
    // Minus zero would be written as such.
    let north = if p.y == 0.0 { 0.0 } else { -p.y };
    Point::new(p.x, north, 0.0)
}

fn shape(item: &Item) -> EntityType {
    match item {
        Item::Outline { points, closed, .. } => outline(points, *closed),
        Item::Circle { centre, radius, .. } => {
            EntityType::Circle(Circle::new(point(*centre), *radius))
        }
        Item::Text { at, height, text, centred, .. } => {
            let mut out = Text {
                location: point(*at),
                text_height: *height,
                // A line break would end the group of the file.
                value: text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
                ..Text::default()
            };
            if *centred {
                out.horizontal_text_justification = HorizontalTextJustification::Center;
                out.vertical_text_justification = VerticalTextJustification::Middle;
                out.second_alignment_point = point(*at);
            }
            EntityType::Text(out)
        }
        Item::Insert { block, at, .. } => EntityType::Insert(Insert {
            name: block.clone(),
            location: point(*at),
            ..Insert::default()
        }),
    }
}

fn outline(points: &[Pt], closed: bool) -> EntityType {
    let vertex = |p: &Pt| {
        let at = point(*p);
        LwPolylineVertex { x: at.x, y: at.y, ..LwPolylineVertex::default() }
    };
    let mut line =
        LwPolyline { vertices: points.iter().map(vertex).collect(), ..LwPolyline::default() };
    line.set_is_closed(closed);
    EntityType::LwPolyline(line)
}

fn entity(layer: &str, shape: EntityType) -> Entity {
    let mut entity = Entity::new(shape);
    entity.common.layer = layer.to_owned();
    entity
}
