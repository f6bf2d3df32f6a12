//! Lists of racks: what becomes of each row, and files that are wrong in every way.

use crate::support::{embedded, layout, parse};
use gigasite::catalog::Catalog;
use gigasite::diag::Severity;
use gigasite::site::import::{self, Change, Field, Foreign, Imported, Mapping, Options, table_of};
use gigasite::site::{Block, Site, validate};
use std::fmt::Write as _;

fn read_into(site: &Site, file: &str, text: &[u8], mapping: Option<Mapping>) -> Imported {
    let catalog = embedded();
    let foreign = Foreign { file, bytes: text, site, catalog: &catalog };
    let options = Options { mapping, ..Options::default() };
    import::read(&foreign, &options).unwrap_or_else(|r| panic!("{file}: {r:?}"))
}

fn read(text: &str) -> Imported {
    read_into(&pilot(), "racks.csv", text.as_bytes(), None)
}

fn blocks(imported: &Imported) -> Vec<Block> {
    let found = imported.changes.iter().find_map(|c| match c {
        Change::Blocks(blocks) => Some(blocks.clone()),
        _ => None,
    });
    found.unwrap_or_default()
}

/// The pilot with its first row free.
fn pilot() -> Site {
    let mut file = layout("pilot-20mw").to_file();
    file.blocks.retain(|b| b.row.as_deref() != Some("r1"));
    Site::from_file(file)
}

#[test]
fn racks_side_by_side_become_one_block_at_the_place_of_their_row() {
    let mut text = String::from("Rack,Room,Line,Model,Busbar,Water\n");
    for n in 1..=16 {
        writeln!(text, "A{n:02},Hall,Row 1,GB300 NVL72,Busway row 1,Coolant").unwrap();
    }
    let imported = read(&text);
    assert!(imported.skipped.is_empty(), "{:?}", imported.skipped);
    let all = blocks(&imported);
    let [block] = &all[..] else { panic!("{} blocks", all.len()) };
    assert_eq!((block.hall.as_deref(), block.row.as_deref()), (Some("hall"), Some("r1")));
    assert_eq!((block.rack.as_deref(), block.count), (Some("gb300-nvl72"), Some(16)));
    assert_eq!(block.node.as_deref(), Some("bw-1"));
    assert_eq!((block.id.as_str(), block.name.as_str()), ("a01", "A01 to A16"));
    assert_eq!(block.cooling_loop.as_deref(), Some("loop"));
    assert_eq!(block.at, [40.0, 54.0]);
    let record = &embedded().racks["gb300-nvl72"];
    let wide = record.width_m.get().expect("known") * 16.0;
    assert!((block.size[0] - wide).abs() < 1e-3, "{:?}", block.size);
    // The site takes it: the same findings as before, none new.
    let site = pilot();
    let edited = imported.apply(&site);
    let errors = |s: &Site| {
        let items = validate(s, &embedded()).1.items;
        let errors = items.into_iter().filter(|d| d.severity == Severity::Error);
        errors.map(|d| d.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(errors(&edited), errors(&site));
    assert_eq!(edited.blocks().count(), site.blocks().count() + 1);
}

#[test]
fn counts_positions_and_coordinates_place_blocks_as_they_say() {
    let text = "id;hall;row;rack type;count;pos;x (mm);y (mm)\n\
                a;hall;r1;gb300-nvl72;4;3;;\n\
                b;hall;;vr-nvl72;2;;40000;90.000,5\n";
    let imported = read(text);
    assert!(imported.skipped.is_empty(), "{:?}", imported.skipped);
    let all = blocks(&imported);
    assert_eq!(all.len(), 2);
    let wide = embedded().racks["gb300-nvl72"].width_m.get().expect("known");
    assert!((all[0].at[0] - (40.0 + 2.0 * wide)).abs() < 1e-9, "{:?}", all[0].at);
    assert_eq!((all[0].id.as_str(), all[0].count), ("a", Some(4)));
    assert_eq!((all[1].at, all[1].count), ([40.0, 90.0005], Some(2)));
}

#[test]
fn every_row_that_stays_out_says_why_with_its_row_and_column() {
    let text = "id,hall,row,type,count,x,y\n\
                r2-b1,hall,r1,gb300-nvl72,1,,\n\
                ok,hall,r1,gb300-nvl72,1,,\n\
                ok,hall,r1,gb300-nvl72,1,,\n\
                c,hall,r1,HAL 9000,1,,\n\
                d,attic,r1,gb300-nvl72,1,,\n\
                e,hall,r1,gb300-nvl72,many,,\n\
                f,hall,r1,gb300-nvl72,0,,\n\
                g,hall,r1,gb300-nvl72,1,3,\n\
                h,hall,r1,gb300-nvl72,500,,\n\
                i,hall,,gb300-nvl72,1,,\n\
                j,hall,r1,,1,,\n";
    let imported = read(text);
    assert_eq!(blocks(&imported).len(), 1, "the one that is right");
    let said: Vec<String> =
        imported.skipped.iter().map(|s| format!("{}: {}", s.place, s.reason)).collect();
    let wanted = [
        ("Row 2, column A \"id\"", "r2-b1"),
        ("Row 4, column A \"id\"", "already"),
        ("Row 5, column D \"type\"", "HAL 9000"),
        ("Row 6, column B \"hall\"", "attic"),
        ("Row 7, column E \"count\"", "many"),
        ("Row 8, column E \"count\"", "\"0\""),
        ("Row 9, column G \"y\"", "X without y"),
        ("Row 10", "do not fit into Row 1"),
        ("Row 11", "No place"),
        ("Row 12, column D \"type\"", "No rack type"),
    ];
    assert_eq!(said.len(), wanted.len(), "{said:#?}");
    for ((place, reason), said) in wanted.iter().zip(&said) {
        assert!(
            said.starts_with(place) && said.contains(reason),
            "{said}, wanted {place} {reason}"
        );
    }
}

#[test]
fn columns_are_told_by_what_they_hold_where_headers_say_nothing() {
    let text = "c1\tc2\tc3\tc4\n\
                gb300-nvl72\tHall\tRow 1\tBusway row 1\n\
                GB300 NVL72\thall\tr1\tbw-1\n";
    let site = pilot();
    let imported = read_into(&site, "racks.tsv", text.as_bytes(), None);
    let mapping = imported.mapping.expect("a mapping");
    for (field, header) in
        [(Field::Rack, "c1"), (Field::Hall, "c2"), (Field::Row, "c3"), (Field::Node, "c4")]
    {
        assert_eq!(mapping.columns.get(&field).map(String::as_str), Some(header), "{field:?}");
    }
}

#[test]
fn a_mapping_is_text_that_reads_back_and_names_racks_of_others() {
    let text = "what,where,Reihe\nLiquid 72,hall,r1\n";
    let mapping = Mapping::parse(
        "(columns: {Rack: \"what\", Hall: \"where\", Row: \"Reihe\"}, racks: {\"Liquid 72\": \"gb300-nvl72\"})",
    )
    .expect("reads");
    assert_eq!(Mapping::parse(&mapping.to_text()).expect("reads back"), mapping);
    let imported = read_into(&pilot(), "racks.csv", text.as_bytes(), Some(mapping.clone()));
    assert_eq!(blocks(&imported)[0].rack.as_deref(), Some("gb300-nvl72"));
    for (wrong, word) in [
        ("(columns: {Rack: \"wat\"})", "near it: what"),
        ("(racks: {\"x\": \"gb301\"})", "gb300-nvl72"),
        ("(columns: {Colour: \"what\"})", "cannot be read"),
        ("nonsense", "cannot be read"),
    ] {
        let catalog = embedded();
        let site = pilot();
        let foreign =
            Foreign { file: "racks.csv", bytes: text.as_bytes(), site: &site, catalog: &catalog };
        let said = match Mapping::parse(wrong) {
            Err(error) => error.to_string(),
            Ok(own) => {
                let options = Options { mapping: Some(own), ..Options::default() };
                let report = import::read(&foreign, &options).expect_err("does not fit");
                report.items[0].message.clone()
            }
        };
        assert!(said.contains(word), "{wrong}: {said}");
    }
}

#[test]
fn a_workbook_reads_as_its_table() {
    let bytes = workbook(&[
        &["Model", "Hall", "Row", "Racks"],
        &["gb300-nvl72", "hall", "r1", "8"],
        &["", "", "", ""],
        &["vr-nvl72", "hall", "nowhere", "2"],
    ]);
    let imported = read_into(&pilot(), "racks.xlsx", &bytes, None);
    assert_eq!(blocks(&imported)[0].count, Some(8));
    assert_eq!(imported.skipped.len(), 1);
    assert!(imported.skipped[0].place.starts_with("Row 4, column C"), "{:?}", imported.skipped);
}

#[test]
fn a_workbook_whose_sheet_is_not_where_it_says_is_refused_by_the_names_of_its_sheets() {
    let (site, catalog): (Site, Catalog) = (pilot(), embedded());
    let rows: &[&[&str]] = &[&["Model", "Hall"], &["gb300-nvl72", "hall"]];
    let refused = |id: &str, target: &str| {
        let bytes = workbook_of(rows, (id, target));
        let foreign = Foreign { file: "racks.xlsx", bytes: &bytes, site: &site, catalog: &catalog };
        let report = import::read(&foreign, &Options::default()).expect_err("not readable");
        report.items[0].to_string()
    };
    // Counted from the root of the archive instead of from the workbook.
    let said = refused("r1", "xl/worksheets/sheet1.xml");
    for part in ["its sheet Racks is", "_rels/workbook.xml.rels", "sheets that it names: Racks"] {
        assert!(said.contains(part), "{said}");
    }
    assert!(said.contains("save it again as .xlsx"), "{said}");
    let said = refused("r7", "worksheets/sheet1.xml");
    assert!(said.contains("names a sheet without saying where"), "{said}");
    for good in [
        "worksheets/sheet1.xml",
        "/xl/worksheets/sheet1.xml",
        "./worksheets/sheet1.xml",
        "../xl/worksheets/sheet1.xml",
        "/xl/media/.././worksheets/sheet1.xml",
        "worksheets/sheet%31.xml",
    ] {
        let bytes = workbook_of(rows, ("r1", good));
        let foreign = Foreign { file: "racks.xlsx", bytes: &bytes, site: &site, catalog: &catalog };
        assert!(import::read(&foreign, &Options::default()).is_ok(), "{good}");
    }
}

/// The least workbook that spreadsheets open: stored, not compressed, with texts in the cells.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    workbook_of(rows, ("r1", "worksheets/sheet1.xml"))
}

/// The same, with the relationship that its sheet names and where that leads.
fn workbook_of(rows: &[&[&str]], (id, target): (&str, &str)) -> Vec<u8> {
    let mut sheet = String::from(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    for (i, row) in rows.iter().enumerate() {
        write!(sheet, "<row r=\"{}\">", i + 1).unwrap();
        for (j, cell) in row.iter().enumerate() {
            let place = format!("{}{}", char::from(b'A' + j as u8), i + 1);
            match cell.parse::<f64>() {
                Ok(number) => write!(sheet, "<c r=\"{place}\"><v>{number}</v></c>").unwrap(),
                Err(_) => {
                    write!(sheet, "<c r=\"{place}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>")
                        .unwrap()
                }
            }
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    stored(&[
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
                .into(),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"Racks\" sheetId=\"1\" r:id=\"{id}\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{relations}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"{target}\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

/// A ZIP archive without compression.
fn stored(files: &[(&str, String)]) -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| {
                (c >> 1) ^ (0xEDB8_8320 & (0u32.wrapping_sub(c & 1)))
            })
        })
    };
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let (at, n) = (out.len() as u32, text.len() as u32);
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        common.extend(crc(text.as_bytes()).to_le_bytes());
        common.extend(n.to_le_bytes());
        common.extend(n.to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (at, size, n) = (out.len() as u32, directory.len() as u32, files.len() as u16);
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(n.to_le_bytes());
    out.extend(n.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

#[test]
fn hostile_files_are_errors_with_a_hint_and_never_a_panic() {
    let (site, catalog): (Site, Catalog) = (pilot(), embedded());
    let quote = format!("a,b\n\"{}", "x".repeat(100_000));
    let wide = format!("{}\n", vec!["h"; 5000].join(","));
    let cut = workbook(&[&["Model"], &["gb300-nvl72"]]);
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("a.csv", Vec::new()),
        ("b.csv", b"\n\n , ,\n".to_vec()),
        ("c.csv", vec![0xff, 0xfe, 0, 1, 2]),
        ("d.csv", b"id,name\n1,2\n".to_vec()),
        ("e.csv", quote.into_bytes()),
        ("f.csv", wide.into_bytes()),
        ("g.csv", vec![0; 4096]),
        ("h.xlsx", b"PK\x03\x04 nonsense".to_vec()),
        ("i.xlsx", cut[..cut.len() / 2].to_vec()),
        ("j.xlsx", Vec::new()),
        ("k.xls", b"not a workbook".to_vec()),
        ("l.ods", b"{}".to_vec()),
    ];
    for (file, bytes) in &files {
        let foreign = Foreign { file, bytes, site: &site, catalog: &catalog };
        let report = import::read(&foreign, &Options::default()).expect_err(file);
        let first = &report.items[0];
        assert!(!first.hint.is_empty() && first.file.as_deref() == Some(*file), "{file}: {first}");
        assert!(table_of(&foreign).is_some(), "{file} is a table by its name");
    }
    // Cut and altered anywhere, a list is read or refused.
    let text = "id,hall,row,type,count\na,hall,r1,gb300-nvl72,1\n\"b\",hall,r1,\"gb300-nvl72\",2\n";
    for at in 0..text.len() {
        for bytes in [text.as_bytes()[..at].to_vec(), {
            let mut altered = text.as_bytes().to_vec();
            altered[at] = b'"';
            altered
        }] {
            let foreign = Foreign { file: "x.csv", bytes: &bytes, site: &site, catalog: &catalog };
            let _ = import::read(&foreign, &Options::default());
        }
    }
}

#[test]
fn a_site_on_a_reference_takes_racks_without_a_place() {
    let text = std::fs::read_to_string(crate::support::layout_path("keynote-rubin-1gw")).unwrap();
    let site = parse(&text);
    let list = "type,count\nvr-nvl72,100\ngb300-nvl72,7\n";
    let imported = read_into(&site, "racks.csv", list.as_bytes(), None);
    assert!(imported.skipped.is_empty(), "{:?}", imported.skipped);
    let counts: Vec<Option<u32>> = blocks(&imported).iter().map(|b| b.count).collect();
    assert_eq!(counts, [Some(100), Some(7)]);
    assert_eq!(imported.apply(&site).blocks().count(), site.blocks().count() + 2);
}

const DEVICE: &str = "---\nmanufacturer: Example\nmodel: Tray 8\nslug: example-tray-8\nu_height: 8\n\
    weight: 287.6\nweight_unit: lb\npower-ports:\n  - name: PSU1\n    type: iec-60320-c20\n    \
    maximum_draw: 3300\n    allocated_draw: 1700\n  - name: PSU2\n    maximum_draw: 3300\n    \
    allocated_draw: 1700\ninterfaces:\n  - name: mgmt\n    type: 1000base-t\n";

#[test]
fn a_device_type_becomes_a_rack_of_an_overlay_and_the_rest_is_unknown() {
    use gigasite::site::import::device_type::{Mapping, Target, read};
    let usual = Mapping::default();
    let found =
        read(("a.yaml", DEVICE.as_bytes()), "2026-11-26", (&embedded(), &usual)).expect("reads");
    assert_eq!(found.id, "example-tray-8");
    let files = [("example-tray-8.ron".to_owned(), found.text.clone())];
    let catalog = embedded().with_overlay(&files).expect("the overlay reads");
    let rack = &catalog.racks["example-tray-8"];
    assert_eq!((rack.maker.as_str(), rack.name.as_str()), ("Example", "Tray 8"));
    assert_eq!(rack.installed_kw.get(), Some(6.6));
    assert_eq!(rack.caps[0].kw.get(), Some(3.4));
    assert!((rack.mass_kg.get().expect("known") - 287.6 * 0.45359237).abs() < 1e-3);
    assert_eq!((rack.gpus.get(), rack.price_usd.get(), rack.width_m.get()), (None, None, None));
    let said: Vec<&str> = found.skipped.iter().map(|s| s.place.as_str()).collect();
    assert!(said.contains(&"u_height"), "{said:?}");
    let chosen = Mapping {
        id: Some("Mine 8".to_owned()),
        short: Some("M8".to_owned()),
        maximum_draw: Target::Peak,
        allocated_draw: Target::Nothing,
    };
    let mapped = read(("a.yaml", DEVICE.as_bytes()), "2026-11-26", (&embedded(), &chosen));
    let mapped = mapped.expect("reads");
    let rack = &mapped.rack;
    assert_eq!((mapped.id.as_str(), rack.short.as_str()), ("mine-8", "M8"));
    assert_eq!((rack.peak_kw.get(), rack.installed_kw.get()), (Some(6.6), None));
    assert_eq!(rack.caps[0].kw.get(), None, "never zero");
    assert!(mapped.skipped.iter().any(|s| s.place == "allocated_draw"), "{:?}", mapped.skipped);
    for (wrong, word) in [
        ("manufacturer: x\n", "model"),
        ("model: [", "no device type"),
        (&DEVICE.replace("example-tray-8", "vr-nvl72"), "already"),
        ("", "no device type"),
    ] {
        let report = read(("a.yaml", wrong.as_bytes()), "2026-11-26", (&embedded(), &usual));
        let report = report.expect_err(wrong);
        assert!(report.items[0].message.contains(word), "{wrong}: {}", report.items[0]);
        assert!(!report.items[0].hint.is_empty());
    }
    let odd = DEVICE.replace("weight_unit: lb", "weight_unit: stone").replace("3300", "-5");
    let found =
        read(("a.yaml", odd.as_bytes()), "2026-11-26", (&embedded(), &usual)).expect("reads");
    let files = [("x.ron".to_owned(), found.text)];
    let catalog = embedded().with_overlay(&files).expect("the overlay reads");
    let rack = &catalog.racks["example-tray-8"];
    assert_eq!((rack.mass_kg.get(), rack.installed_kw.get()), (None, None), "never zero");
}
