//! Foreign files: what is taken from them, compared with closed forms; files that are
//! wrong give errors with a place.

use crate::support::{embedded, layout};
use gigasite::diag::{Report, Severity};
use gigasite::site::Underlay;
use gigasite::site::import::{self, Change, Foreign, Imported, Options, Role, Scale};
use gigasite::units::LengthUnit;

fn read(file: &str, bytes: &[u8]) -> Result<Imported, Report> {
    read_with(file, bytes, &Options::default())
}

fn read_with(file: &str, bytes: &[u8], options: &Options) -> Result<Imported, Report> {
    let (site, catalog) = (layout("pilot-20mw"), embedded());
    import::read(&Foreign { file, bytes, site: &site, catalog: &catalog }, options)
}

fn parcel(imported: &Imported) -> &[[f64; 2]] {
    let outline = imported.changes.iter().find_map(|c| match c {
        Change::Parcel(outline) => Some(outline.as_slice()),
        _ => None,
    });
    outline.expect("a parcel")
}

fn origin(imported: &Imported) -> [f64; 2] {
    let origin = imported.changes.iter().find_map(|c| match c {
        Change::Origin(at) => Some(*at),
        _ => None,
    });
    origin.expect("an origin")
}

#[track_caller]
fn fault(file: &str, bytes: &[u8]) -> gigasite::diag::Diagnostic {
    let report = read(file, bytes).expect_err("no outline");
    let first = report.items.into_iter().next().expect("a finding");
    assert_eq!(first.severity, Severity::Error);
    assert_eq!(first.file.as_deref(), Some(file));
    assert!(!first.hint.is_empty(), "{first}");
    first
}

/// Great-circle distance on a sphere of the mean radius, metres.
fn haversine(a: [f64; 2], b: [f64; 2]) -> f64 {
    let r = std::f64::consts::PI / 180.0;
    let (dlat, dlon) = ((b[1] - a[1]) * r, (b[0] - a[0]) * r);
    let h = (dlat / 2.0).sin().powi(2)
        + (a[1] * r).cos() * (b[1] * r).cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6_371_008.8 * h.sqrt().asin()
}

fn polygon(corners: &[[f64; 2]]) -> String {
    let ring: Vec<[f64; 2]> = corners.iter().chain(corners.first()).copied().collect();
    format!("{{\"type\":\"Polygon\",\"coordinates\":[{}]}}", serde_json::to_string(&ring).unwrap())
}

const RECTANGLE: [[f64; 2]; 4] =
    [[-99.80, 32.49], [-99.78, 32.49], [-99.78, 32.48], [-99.80, 32.48]];

#[test]
fn a_rectangle_in_degrees_has_the_sides_of_the_great_circles() {
    let imported = read("a.geojson", polygon(&RECTANGLE).as_bytes()).unwrap();
    let outline = parcel(&imported);
    assert_eq!(outline.len(), 4);
    for (i, corner) in RECTANGLE.iter().enumerate() {
        let next = (i + 1) % 4;
        let side = (outline[next][0] - outline[i][0]).hypot(outline[next][1] - outline[i][1]);
        let expected = haversine(*corner, RECTANGLE[next]);
        // The sphere of the formula is not the ellipsoid: 0.5 % at most.
        assert!((side / expected - 1.0).abs() < 5e-3, "side {i}: {side} against {expected}");
    }
    // 0.02 degrees of the parallel at 32.49 N and 0.01 degrees of the meridian on WGS 84.
    assert!((outline[1][0] - outline[0][0] - 1879.74).abs() < 0.05, "{outline:?}");
    assert!((outline[3][1] - outline[0][1] - 1108.95).abs() < 0.05, "{outline:?}");
}

#[test]
fn the_north_west_corner_is_the_origin_with_x_east_and_y_south() {
    let imported = read("a.geojson", polygon(&RECTANGLE).as_bytes()).unwrap();
    let outline = parcel(&imported);
    let least = |i: usize| outline.iter().map(|p| p[i]).fold(f64::INFINITY, f64::min);
    assert_eq!([least(0), least(1)], [0.0, 0.0]);
    // Second corner east of the first, third south of the second.
    assert!(outline[1][0] > 1000.0 && outline[1][1].abs() < 2.0, "{outline:?}");
    assert!(outline[2][1] > 1000.0, "{outline:?}");
    let at = origin(&imported);
    assert!(haversine(at, RECTANGLE[0]) < 2.0, "{at:?}");
}

#[test]
fn of_several_polygons_the_largest_is_taken_and_the_rest_is_named() {
    let small = polygon(&[[0.0, 0.0], [0.001, 0.0], [0.001, 0.001]]);
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[
            {{"type":"Feature","properties":{{"name":"Gate"}},"geometry":{small}}},
            {{"type":"Feature","properties":null,"geometry":null}},
            {{"type":"Feature","properties":{{}},"geometry":{{"type":"Point","coordinates":[1,2]}}}},
            {{"type":"Feature","properties":{{"Name":"Field"}},"geometry":{{"type":"MultiPolygon",
              "coordinates":[[[[0,0],[0.01,0],[0.01,0.01],[0,0.01],[0,0]],
                              [[0.002,0.002],[0.003,0.002],[0.003,0.003],[0.002,0.002]]]]}}}}
        ]}}"#
    );
    let imported = read("a.json", text.as_bytes()).unwrap();
    assert!((parcel(&imported)[1][0] - 1113.2).abs() < 0.5, "{:?}", parcel(&imported));
    assert!(imported.taken[0].contains("\"Field\""), "{:?}", imported.taken);
    let places: Vec<&str> = imported.skipped.iter().map(|s| s.place.as_str()).collect();
    assert_eq!(
        places,
        [
            "features[1]",
            "features[2]",
            "features[0] \"Gate\"",
            "features[3] polygon 0 \"Field\" ring 1"
        ]
    );
    assert!(imported.skipped[3].reason.contains("hole"), "{:?}", imported.skipped);
}

#[test]
fn a_parcel_across_the_date_line_stays_in_one_piece() {
    let ring = [[179.99, -17.0], [-179.99, -17.0], [-179.99, -17.01], [179.99, -17.01]];
    let imported = read("a.geojson", polygon(&ring).as_bytes()).unwrap();
    let width = parcel(&imported).iter().map(|p| p[0]).fold(0.0, f64::max);
    assert!((width - 2130.0).abs() < 5.0, "{width}");
}

#[test]
fn bad_maps_are_errors_that_name_the_place() {
    let broken = fault("a.geojson", b"{\"type\":\"Polygon\",\n \"coordinates\": [[[1,2],");
    assert_eq!((broken.code.as_str(), broken.line), ("not-json", Some(2)));
    assert_eq!(fault("a.geojson", b"").code, "not-json");
    assert_eq!(fault("a.geojson", &[0xff, 0xfe, 0x00]).code, "not-json");
    assert_eq!(fault("a.geojson", b"[1e999]").code, "not-json");
    assert_eq!(fault("a.geojson", b"{\"type\":\"Nothing\"}").code, "not-geojson");
    assert_eq!(fault("a.geojson", "[".repeat(100_000).as_bytes()).code, "not-json");
    let metres = polygon(&[[500_000.0, 3.6e6], [500_100.0, 3.6e6], [500_100.0, 3.7e6]]);
    let fault_of = fault("a.geojson", metres.as_bytes());
    assert_eq!(fault_of.code, "other-coordinates");
    assert!(fault_of.message.contains("geometry: corner 0"), "{fault_of}");
    let crs = r#"{"type":"Polygon","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32614"}},
        "coordinates":[[[1,2],[2,2],[2,3],[1,2]]]}"#;
    assert!(fault("a.geojson", crs.as_bytes()).message.contains("32614"));
    let line = polygon(&[[0.0, 0.0], [1.0, 1.0]]);
    assert_eq!(fault("a.geojson", line.as_bytes()).code, "no-outline");
    let short = r#"{"type":"Polygon","coordinates":[[[1],[2,2],[2,3]]]}"#;
    assert!(
        ["bad-corner", "not-geojson"].contains(&fault("a.geojson", short.as_bytes()).code.as_str())
    );
    assert_eq!(fault("a.doc", b"x").code, "unknown-format");
    assert_eq!(fault("no ending", b"x").code, "unknown-format");
}

#[test]
fn a_cut_file_never_panics() {
    let text = polygon(&RECTANGLE);
    for end in 0..text.len() {
        assert!(read("a.geojson", &text.as_bytes()[..end]).is_err(), "{end}");
    }
}

#[test]
fn an_import_changes_the_parcel_and_nothing_else() {
    let site = layout("pilot-20mw");
    let imported = read("a.geojson", polygon(&RECTANGLE).as_bytes()).unwrap();
    let mut edited = imported.apply(&site);
    assert_eq!(edited.terms.site.parcel, parcel(&imported));
    let mut terms = (*edited.terms).clone();
    terms.site.parcel = site.terms.site.parcel.clone();
    terms.site.origin_deg = site.terms.site.origin_deg;
    edited.terms = terms.into();
    assert_eq!(edited, site);
}

/// An ASCII DXF with one closed polyline of a layer, in a unit of `$INSUNITS`.
fn dxf(unit: u32, layer: &str, corners: &[[f64; 2]]) -> String {
    let mut text = format!(
        "0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\nAC1015\n9\n$INSUNITS\n70\n{unit}\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n"
    );
    text +=
        &format!("0\nLWPOLYLINE\n8\n{layer}\n100\nAcDbPolyline\n90\n{}\n70\n1\n", corners.len());
    for [x, y] in corners {
        text += &format!("10\n{x}\n20\n{y}\n");
    }
    text + "0\nENDSEC\n0\nEOF\n"
}

const FEET: [[f64; 2]; 4] =
    [[1000.0, 5000.0], [3000.0, 5000.0], [3000.0, 4000.0], [1000.0, 4000.0]];

#[test]
fn a_drawing_in_feet_becomes_a_parcel_in_metres_with_north_up() {
    let imported = read("land.dxf", dxf(2, "LOT", &FEET).as_bytes()).unwrap();
    let outline = parcel(&imported);
    // The first corner is the north-west one: y points up in the drawing.
    let expected = [[0.0, 0.0], [609.6, 0.0], [609.6, 304.8], [0.0, 304.8]];
    assert_eq!(outline, expected);
    assert!(imported.taken[0].contains("layer LOT"), "{:?}", imported.taken);
}

#[test]
fn a_drawing_that_leaves_its_unit_open_asks_for_it() {
    let text = dxf(0, "LOT", &FEET);
    let asked = fault("land.dxf", text.as_bytes());
    assert_eq!(asked.code, "unknown-unit");
    assert!(asked.hint.contains("--unit"), "{asked}");
    let options = Options { unit: Some(LengthUnit::Millimetre), ..Options::default() };
    let imported = read_with("land.dxf", text.as_bytes(), &options).unwrap();
    assert_eq!(parcel(&imported)[2], [2.0, 1.0]);
}

/// A drawing that the crate itself writes: lines in any order, a circle, a text.
fn drawn() -> Vec<u8> {
    use ::dxf::entities::{Circle, Entity, EntityType, Line, Text};
    use ::dxf::{Drawing, Point};
    let mut drawing = Drawing::new();
    drawing.header.version = ::dxf::enums::AcadVersion::R2000;
    drawing.header.default_drawing_units = ::dxf::enums::Units::Meters;
    let mut add = |layer: &str, specific: EntityType| {
        let mut entity = Entity::new(specific);
        entity.common.layer = layer.to_owned();
        drawing.add_entity(entity);
    };
    let at = |x: f64, y: f64| Point::new(x, y, 0.0);
    let sides = [(0, 0, 300, 0), (300, 200, 0, 200), (300, 200, 300, 0), (0, 0, 0, 200)];
    for (a, b, c, d) in sides {
        let line = Line::new(at(a.into(), b.into()), at(c.into(), d.into()));
        add("boundary", EntityType::Line(line));
    }
    add("road", EntityType::Line(Line::new(at(-50.0, 100.0), at(0.0, 100.0))));
    add("tank", EntityType::Circle(Circle::new(at(50.0, 50.0), 10.0)));
    add("notes", EntityType::Text(Text::default()));
    let mut bytes = Vec::new();
    drawing.save(&mut bytes).unwrap();
    bytes
}

#[test]
fn loose_lines_that_close_are_an_outline_and_a_named_layer_is_preferred() {
    let imported = read("site.dxf", &drawn()).unwrap();
    assert_eq!(parcel(&imported).len(), 4);
    let far = parcel(&imported).iter().fold([0.0_f64; 2], |m, p| [m[0].max(p[0]), m[1].max(p[1])]);
    assert_eq!(far, [300.0, 200.0]);
    assert_eq!(imported.layers, ["boundary", "road", "tank"]);
    assert!(imported.skipped.iter().any(|s| s.reason.contains("text")), "{:?}", imported.skipped);
    let options = Options { layer: Some("tank".into()), ..Options::default() };
    let tank = read_with("site.dxf", &drawn(), &options).unwrap();
    // A circle of 10 m in chords.
    assert!(parcel(&tank).len() > 20 && parcel(&tank).iter().all(|p| p[0] <= 20.0));
    let options = Options { layer: Some("road".into()), ..Options::default() };
    let report = read_with("site.dxf", &drawn(), &options).unwrap_err();
    assert!(report.items[0].hint.contains("boundary"), "{report:?}");
}

fn underlay(imported: &Imported) -> &Underlay {
    let found = imported.changes.iter().find_map(|c| match c {
        Change::Underlay(underlay) => Some(underlay),
        _ => None,
    });
    found.expect("an underlay")
}

#[test]
fn a_drawing_under_the_plan_lies_with_its_outline_on_the_parcel() {
    let catalog = embedded();
    let parcel = read("site.dxf", &drawn()).unwrap();
    let site = parcel.apply(&layout("pilot-20mw"));
    let bytes = drawn();
    let options = Options {
        role: Some(Role::Underlay),
        reference: Some("maps/site.dxf".into()),
        ..Options::default()
    };
    let foreign = Foreign { file: "site.dxf", bytes: &bytes, site: &site, catalog: &catalog };
    let imported = import::read(&foreign, &options).unwrap();
    let one = underlay(&imported);
    // The road begins 50 m west of the outline, which lies at 0, 0.
    assert_eq!((one.at, one.m_per_unit), ([-50.0, 0.0], 1.0));
    assert_eq!((one.file.as_str(), one.opacity_frac), ("maps/site.dxf", 0.5));
    let import::Content::Lines { paths, size } = import::content("site.dxf", &bytes).unwrap()
    else {
        panic!("no lines")
    };
    assert_eq!((paths.len(), size), (3, [350.0, 200.0]));
    let twice = imported.apply(&imported.apply(&site));
    let ids: Vec<&str> = twice.campus.underlays.iter().map(|u| u.id.as_str()).collect();
    assert_eq!(ids, ["underlay", "underlay-2"]);
}

#[test]
fn a_second_map_falls_into_place_by_the_origin_of_the_first() {
    let catalog = embedded();
    let site =
        read("a.geojson", polygon(&RECTANGLE).as_bytes()).unwrap().apply(&layout("pilot-20mw"));
    // A rectangle 0.01 degrees east of the parcel's corner.
    let shifted = RECTANGLE.map(|p| [p[0] + 0.01, p[1]]);
    let text = polygon(&shifted);
    let options = Options { role: Some(Role::Underlay), ..Options::default() };
    let foreign =
        Foreign { file: "b.geojson", bytes: text.as_bytes(), site: &site, catalog: &catalog };
    let imported = import::read(&foreign, &options).unwrap();
    let at = underlay(&imported).at;
    assert!((at[0] - 939.87).abs() < 0.5 && at[1].abs() < 0.5, "{at:?}");
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([90, 120, 60]));
    let mut cursor = std::io::Cursor::new(&mut bytes);
    picture.write_to(&mut cursor, image::ImageFormat::Png).unwrap();
    bytes
}

#[test]
fn a_picture_is_scaled_by_metres_per_pixel_or_by_two_points() {
    let bytes = png(40, 30);
    assert_eq!(fault("air.png", &bytes).code, "unknown-scale");
    let scaled = |scale: Scale| {
        let options = Options { scale: Some(scale), ..Options::default() };
        read_with("air.png", &bytes, &options)
    };
    let per_pixel = scaled(Scale::MetresPerPixel(2.5)).unwrap();
    assert_eq!(underlay(&per_pixel).m_per_unit, 2.5);
    assert!(per_pixel.taken[0].contains("100 m by 75 m"), "{:?}", per_pixel.taken);
    let points = scaled(Scale::Points { a: [3.0, 4.0], b: [33.0, 44.0], metres: 100.0 }).unwrap();
    assert_eq!(underlay(&points).m_per_unit, 2.0);
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(scaled(Scale::MetresPerPixel(bad)).unwrap_err().items[0].code, "bad-scale");
    }
    let same = Scale::Points { a: [1.0, 1.0], b: [1.0, 1.0], metres: 5.0 };
    assert_eq!(scaled(same).unwrap_err().items[0].code, "bad-scale");
}

#[test]
fn broken_drawings_and_pictures_are_errors_and_never_a_panic() {
    assert_eq!(fault("a.dxf", b"").code, "not-dxf");
    assert_eq!(fault("a.dxf", b"hello\nworld\n").code, "not-dxf");
    assert_eq!(fault("a.dxf", dxf(6, "0", &[]).as_bytes()).code, "no-lines");
    let line = fault("a.dxf", dxf(6, "0", &FEET).replace("10\n3000", "10\nfar").as_bytes());
    assert!(line.code == "not-dxf" && line.line.is_some(), "{line:?}");
    let infinite = dxf(6, "0", &FEET).replace("10\n3000", "10\n1e999");
    assert!(["bad-corner", "not-dxf"].contains(&fault("a.dxf", infinite.as_bytes()).code.as_str()));
    let not_a_number = dxf(6, "0", &FEET).replace("10\n3000", "10\nnan");
    assert!(
        ["bad-corner", "not-dxf"].contains(&fault("a.dxf", not_a_number.as_bytes()).code.as_str())
    );
    assert_eq!(fault("a.png", b"").code, "not-png");
    assert_eq!(fault("a.png", &png(4, 4)[..20]).code, "not-png");
    let mut huge = png(4, 4);
    huge[16..20].copy_from_slice(&u32::MAX.to_be_bytes());
    assert_eq!(fault("a.png", &huge).code, "bad-size");
    // Cut and altered files: an answer or an error, whatever stands in them.
    let whole = drawn();
    let text = dxf(6, "0", &FEET);
    for end in (0..text.len()).step_by(7) {
        let _ = read("a.dxf", &text.as_bytes()[..end]);
    }
    let mut seed = 7u64;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % most
    };
    for _ in 0..300 {
        let mut bytes = whole.clone();
        for _ in 0..4 {
            let at = next(bytes.len());
            bytes[at] = b"0123456789-.eNAE\n\x00\xff"[next(19)];
        }
        let _ = read("a.dxf", &bytes);
    }
}
