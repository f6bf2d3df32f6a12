//! Foreign files: what is taken from them, compared with closed forms; files that are
//! wrong give errors with a place.

use crate::support::{embedded, layout};
use gigasite::diag::{Report, Severity};
use gigasite::site::import::{self, Change, Foreign, Imported, Options};

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
    assert!((outline[1][0] - outline[0][0] - 1878.6).abs() < 1.0, "{outline:?}");
    assert!((outline[3][1] - outline[0][1] - 1109.0).abs() < 1.0, "{outline:?}");
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
