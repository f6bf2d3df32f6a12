//! DXF read back with the crate's reader: counts, layers and extents of the plan.

use super::{BUILT, Shipped};
use dxf::Drawing;
use dxf::entities::EntityType;
use dxf::enums::Units;
use gigasite::report::Options;
use std::collections::BTreeMap;
use std::io::Cursor;

fn read(shipped: &Shipped) -> Drawing {
    let bytes = shipped.make("dxf", &Options::default());
    Drawing::load(&mut Cursor::new(bytes)).expect("reads")
}

#[test]
fn every_rack_is_a_block_on_its_layer() {
    for name in BUILT {
        let shipped = Shipped::new(name);
        let (mut installed, mut planned) = (0, 0);
        for block in shipped.site.blocks() {
            installed += block.count.unwrap_or(0) as usize;
            planned += block.planned.as_ref().map_or(0, |p| p.max) as usize;
        }
        let drawing = read(&shipped);
        assert_eq!(drawing.header.default_drawing_units, Units::Meters);
        let blocks: Vec<&str> = drawing.blocks().map(|b| b.name.as_str()).collect();
        let mut layers: BTreeMap<String, usize> = BTreeMap::new();
        for entity in drawing.entities() {
            if let EntityType::Insert(insert) = &entity.specific {
                assert!(blocks.contains(&insert.name.as_str()), "{} is defined", insert.name);
                *layers.entry(entity.common.layer.clone()).or_default() += 1;
            }
        }
        assert_eq!(layers.get("RACK").copied().unwrap_or(0), installed, "{name}");
        assert_eq!(layers.get("RACK-PLANNED").copied().unwrap_or(0), planned, "{name}");
        let known: Vec<&str> = drawing.layers().map(|l| l.name.as_str()).collect();
        for entity in drawing.entities() {
            assert!(known.contains(&entity.common.layer.as_str()), "{}", entity.common.layer);
        }
    }
}

#[test]
fn north_is_up_and_a_metre_is_a_metre() {
    let shipped = Shipped::new("pilot-20mw");
    let drawing = read(&shipped);
    let outline = |layer: &str| {
        let found = drawing.entities().find_map(|e| match &e.specific {
            EntityType::LwPolyline(line) if e.common.layer == layer => Some(line.clone()),
            _ => None,
        });
        let line = found.unwrap_or_else(|| panic!("nothing on {layer}"));
        assert!(line.is_closed());
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for v in &line.vertices {
            (low[0], low[1]) = (low[0].min(v.x), low[1].min(v.y));
            (high[0], high[1]) = (high[0].max(v.x), high[1].max(v.y));
        }
        (low, high)
    };
    // The parcel is 150 x 120 m from the origin, y south in the layout.
    assert_eq!(outline("PARCEL"), ([0.0, -120.0], [150.0, 0.0]));
    assert_eq!(outline("HALL"), ([20.0, -88.0], [74.0, -48.0]));
    let header = &drawing.header;
    assert_eq!((header.maximum_drawing_extents.x, header.maximum_drawing_extents.y), (150.0, 0.0));
    // The first rack of row 1 stands at its north-west corner, 1.1 x 1.2 m.
    let first = drawing.entities().find_map(|e| match &e.specific {
        EntityType::Insert(insert) => Some(insert.clone()),
        _ => None,
    });
    let first = first.expect("a rack");
    assert_eq!((first.location.x, first.location.y), (40.0, -54.0));
    assert_eq!(first.name, "GB300-NVL72-1100X1200");
}

#[test]
fn names_of_halls_rows_and_equipment_are_texts() {
    let shipped = Shipped::new("mixed-250mw");
    let drawing = read(&shipped);
    let texts: Vec<String> = drawing
        .entities()
        .filter_map(|e| match &e.specific {
            EntityType::Text(text) => {
                assert!(text.text_height > 0.0);
                Some(text.value.clone())
            }
            _ => None,
        })
        .collect();
    let site = &shipped.site;
    let feeds = site.campus.feeds.iter().map(|f| &f.name);
    let nodes = site.campus.nodes.iter().map(|n| &n.name);
    let rows = site.halls.iter().flat_map(|g| g.rows.iter().map(|r| &r.name));
    for name in shipped.halls().iter().chain(feeds).chain(nodes).chain(rows) {
        assert!(texts.contains(name), "no text {name}");
    }
}
