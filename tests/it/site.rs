//! Layout files: broken ones and what is said of them; round trips.

use gigasite::catalog::Catalog;
use gigasite::diag::{Diagnostic, Report, Severity};
use gigasite::fields::FieldError;
use gigasite::site::{COLLECTIONS, ElementRef, LayoutFile, Site, file, rules, validate};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn tiny_text() -> String {
    std::fs::read_to_string(data("layouts/tiny-built.ron")).unwrap()
}

fn tiny() -> LayoutFile {
    file::parse(&tiny_text(), "tiny-built.ron").unwrap_or_else(|report| panic!("{report:?}"))
}

#[test]
fn writing_and_reading_a_layout_gives_the_same_layout() {
    let layout = tiny();
    let text = file::to_ron(&layout);
    let again = file::parse(&text, "again").unwrap_or_else(|report| panic!("{report:?}\n{text}"));
    assert_eq!(again, layout);
    assert_eq!(file::to_ron(&again), text, "writing is stable");
}

#[test]
fn numbers_and_names_survive_writing_exactly() {
    let mut layout = tiny();
    let odd = [1.0 / 3.0, 1e300, 5e-324, f64::MAX, 1e16, 123456789.12345679, 0.1 + 0.2, -0.0];
    for value in odd {
        layout.site.grid_contract_mw = Some(value);
        layout.site.name = "Ünïcode \"quoted\" \\ back\nline \u{1F50C} r#\"x\"#".into();
        layout.policy.shares.insert("a key, (with) [brackets]: and \"quotes\"".into(), value);
        let again = file::parse(&file::to_ron(&layout), "again").unwrap();
        assert_eq!(again, layout);
        assert_eq!(again.site.grid_contract_mw.unwrap().to_bits(), value.to_bits());
    }
}

#[test]
fn no_line_of_a_written_layout_is_wider_than_a_screen() {
    let text = file::to_ron(&tiny());
    for line in text.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    assert!(text.contains("from: [\"tx-1\"],"), "short lists stay on a line:\n{text}");
}

#[test]
fn grouping_by_hall_and_back_loses_nothing() {
    let mut layout = tiny();
    // A block in a hall that does not exist and one in none.
    let mut stray = layout.blocks[0].clone();
    stray.id = "stray".into();
    stray.hall = Some("nowhere".into());
    let mut free = stray.clone();
    free.id = "free".into();
    free.hall = None;
    layout.blocks.insert(0, stray);
    layout.blocks.push(free);
    let site = Site::from_file(layout.clone());
    let back = site.to_file();
    assert_eq!(Site::from_file(back.clone()), site);
    let sorted = |mut l: LayoutFile| {
        l.blocks.sort_by(|a, b| a.id.cmp(&b.id));
        l
    };
    assert_eq!(sorted(back), sorted(layout));
    let halls: Vec<_> = site.halls.iter().map(|g| g.hall.as_ref().map(|h| h.id.as_str())).collect();
    assert_eq!(halls, [Some("hall-1"), Some("hall-2"), None]);
}

#[test]
fn saving_keeps_the_previous_file_and_its_permissions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.ron");
    let mut layout = tiny();
    file::save(&path, &layout).unwrap();
    assert!(!folder.path().join("site.ron.bak").exists(), "nothing to back up yet");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    }
    let before = std::fs::read_to_string(&path).unwrap();
    layout.site.name = "Second".into();
    file::save(&path, &layout).unwrap();
    layout.site.name = "Third".into();
    file::save(&path, &layout).unwrap();
    assert_eq!(file::load(&path).unwrap(), layout);
    let backup = file::load(&folder.path().join("site.ron.bak")).unwrap();
    assert_eq!(backup.site.name, "Second");
    assert_ne!(std::fs::read_to_string(&path).unwrap(), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap()).collect();
    assert_eq!(names.len(), 2, "no temporary file stays: {names:?}");
}

#[test]
fn a_file_that_must_not_be_written_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.ron");
    std::fs::write(&path, "precious").unwrap();
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    assert!(matches!(file::save(&path, &tiny()), Err(file::SaveError::ReadOnly(_))));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    assert!(matches!(file::save(folder.path(), &tiny()), Err(file::SaveError::NotAFile(_))));
    assert!(file::save(&folder.path().join("no/such/folder.ron"), &tiny()).is_err());
}

fn catalog() -> Catalog {
    Catalog::embedded().unwrap_or_else(|report| panic!("{report:?}"))
}

#[test]
fn the_tiny_layout_is_valid() {
    let (valid, report) = validate(&Site::from_file(tiny()), &catalog());
    assert!(valid.is_some() && report.items.is_empty(), "{report:#?}");
}

/// Everything that is said of a layout file.
fn findings(path: &Path, catalog: &Catalog) -> Report {
    let text = match file::read_text(path) {
        Ok(text) => text,
        Err(report) => return report,
    };
    match file::parse(&text, "layout.ron") {
        Ok(layout) => {
            let mut report = validate(&Site::from_file(layout), catalog).1;
            file::add_positions(&mut report, &text, "layout.ron");
            report
        }
        Err(report) => report,
    }
}

/// The expectations of a sidecar: `key: value` a line.
fn expectation(path: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path.with_extension("expect")).unwrap();
    let pair = |line: &str| {
        let (key, value) = line.split_once(": ").unwrap();
        (key.to_owned(), value.to_owned())
    };
    text.lines().map(pair).collect()
}

fn meets(finding: &Diagnostic, expected: &[(String, String)]) -> bool {
    expected.iter().all(|(key, value)| match key.as_str() {
        "code" => finding.code == *value,
        "path" => finding.path == *value,
        "severity" => format!("{:?}", finding.severity).to_lowercase() == *value,
        "at" => match (finding.line, finding.column) {
            (Some(line), Some(column)) => format!("{line}:{column}") == *value,
            _ => false,
        },
        other => panic!("unknown expectation {other}"),
    })
}

fn broken() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(data("broken")).unwrap();
    let mut paths: Vec<_> = entries
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "expect"))
        .map(|p| p.with_extension("ron"))
        .collect();
    paths.sort();
    paths
}

#[test]
fn every_broken_layout_is_told_what_is_wrong_and_what_to_do() {
    let catalog = catalog();
    let base = findings(&data("broken/000-base.ron"), &catalog);
    assert!(base.items.is_empty(), "the base of the broken layouts is valid: {base:#?}");
    let mut faults = Vec::new();
    let paths = broken();
    for path in &paths {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let report = findings(path, &catalog);
        let expected = expectation(path);
        if !report.items.iter().any(|d| meets(d, &expected)) {
            faults.push(format!("{name}: wants {expected:?}, has {:#?}", report.items));
        }
        for d in &report.items {
            let jargon = ["serde", "Option", "f64", "u32", "struct", "enum", "variant", "Vec<"];
            let words = d.message.contains(char::is_alphabetic) && d.hint.len() > 3;
            if !words || d.message.ends_with('.') || jargon.iter().any(|j| d.message.contains(j)) {
                faults.push(format!("{name}: poor words: {d}"));
            }
            if d.file.is_none() {
                faults.push(format!("{name}: no file: {d}"));
            }
        }
    }
    assert!(paths.len() >= 44);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn one_fault_gives_few_findings() {
    let catalog = catalog();
    for path in broken() {
        let report = findings(&path, &catalog);
        assert!(report.items.len() <= 4, "{path:?}: {:#?}", report.items);
    }
}

#[test]
fn every_code_of_every_rule_has_a_broken_layout() {
    let shown: BTreeSet<String> = broken()
        .iter()
        .flat_map(|p| expectation(p))
        .filter(|(key, _)| key == "code")
        .map(|(_, code)| code)
        .collect();
    let missing: Vec<_> = rules()
        .iter()
        .flat_map(|r| r.codes.iter().map(move |(code, _)| (r.name, *code)))
        .filter(|(_, code)| !shown.contains(*code))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn all_findings_are_collected_not_only_the_first() {
    let text = std::fs::read_to_string(data("broken/000-base.ron")).unwrap();
    let text = text
        .replace("capacity_mw: 11, ", "")
        .replace("weight_h: 4380", "weight_h: 4000")
        .replace("\"gb200-nvl72\"", "\"gb200\"")
        .replace("at: (5, 35)", "at: (10, 28)");
    let layout = file::parse(&text, "x").unwrap();
    let (valid, report) = validate(&Site::from_file(layout), &catalog());
    assert!(valid.is_none());
    let codes: BTreeSet<_> = report.items.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, BTreeSet::from(["unknown-value", "hours-sum", "dangling-id", "overlap"]));
    let rack = report.items.iter().find(|d| d.path == "blocks.b1.rack").unwrap();
    assert!(rack.hint.contains("gb200-nvl72"), "{rack}");
}

#[test]
fn no_mutation_of_a_layout_makes_the_reader_or_the_rules_panic() {
    let catalog = catalog();
    let base = std::fs::read(data("broken/000-base.ron")).unwrap();
    let mut seed = 42u64;
    let mut next = |most: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % most
    };
    let pieces: &[&[u8]] = &[
        b"(",
        b")",
        b"[",
        b"]",
        b"{",
        b"}",
        b"\"",
        b",",
        b":",
        b"/*",
        b"//",
        b"r#",
        b"\\",
        b"0",
        b"-1",
        b"1e999",
        b"NaN",
        b"None",
        b"Some(",
        b"\xff",
        b"\0",
        b"'",
        b"#![enable(unwrap_newtypes)]",
        b"\xe2\x82",
        b"id: \"tx\"",
        b"99999999999999999999999",
    ];
    let mut readable = 0;
    for _ in 0..3000 {
        let mut bytes = base.clone();
        for _ in 0..1 + next(3) {
            let (at, to) = (next(bytes.len()), next(bytes.len()));
            match next(5) {
                0 => bytes[at] = next(256) as u8,
                1 => drop(bytes.splice(at..at, pieces[next(pieces.len())].iter().copied())),
                2 => drop(bytes.drain(at..(at + 1 + next(20)).min(bytes.len()))),
                3 => bytes.swap(at, to),
                _ => {
                    let copied = bytes[at..(at + next(200)).min(bytes.len())].to_vec();
                    drop(bytes.splice(to..to, copied));
                }
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        match file::parse(&text, "mutant") {
            Ok(layout) => {
                readable += 1;
                let site = Site::from_file(layout);
                let (valid, mut report) = validate(&site, &catalog);
                assert_eq!(valid.is_some(), !report.has_errors());
                file::add_positions(&mut report, &text, "mutant");
                let again = file::parse(&file::to_ron(&site.to_file()), "again").unwrap();
                // Numbers that are none equal nothing; all else must come back.
                assert_eq!(format!("{again:?}"), format!("{:?}", site.to_file()));
            }
            Err(report) => assert!(report.has_errors() && report.items[0].line.is_some()),
        }
    }
    assert!(readable > 100, "some mutants are layouts: {readable}");
}

/// A site of about `count` elements: halls of 500 blocks in rows, fed by unit substations.
fn large(count: usize) -> LayoutFile {
    let mut layout = tiny();
    let (hall, node, block) =
        (layout.halls[0].clone(), layout.nodes[1].clone(), layout.blocks[0].clone());
    layout.halls.clear();
    layout.rows.clear();
    layout.blocks.clear();
    for h in 0..count.div_ceil(500) {
        let id = format!("h{h}");
        let corner = [(h % 20) as f64 * 500.0, 300.0 + (h / 20) as f64 * 600.0];
        let mut hall = hall.clone();
        (hall.id, hall.at, hall.size) = (id.clone(), corner, [450.0, 550.0]);
        layout.halls.push(hall);
        let mut node = node.clone();
        (node.id, node.from) = (format!("u{h}"), vec!["sub-a".into()]);
        layout.nodes.push(node);
        for b in 0..498 {
            let mut block = block.clone();
            block.id = format!("h{h}-b{b}");
            (block.hall, block.row, block.node) = (Some(id.clone()), None, Some(format!("u{h}")));
            let (x, y) = ((b % 20) as f64 * 22.0, (b / 20) as f64 * 8.0);
            block.at = [corner[0] + x, corner[1] + y];
            layout.blocks.push(block);
        }
    }
    layout
}

#[test]
fn a_site_of_a_hundred_thousand_elements_loads_and_validates() {
    let catalog = catalog();
    let text = file::to_ron(&large(100_000));
    let start = std::time::Instant::now();
    let layout = file::parse(&text, "large").unwrap();
    let read = start.elapsed();
    let site = Site::from_file(layout);
    let (valid, report) = validate(&site, &catalog);
    let checked = start.elapsed() - read;
    assert!(valid.is_some(), "{:?}", report.items.first());
    let elements = site.elements().count();
    assert!(elements >= 100_000);
    println!("{elements} elements, {} bytes: read {read:?}, checked {checked:?}", text.len());
}

#[test]
fn a_large_site_full_of_faults_is_reported_in_full() {
    let mut layout = large(20_000);
    for block in &mut layout.blocks {
        block.at = [0.0, 0.0];
        block.node = Some(format!("no-{}", block.id));
    }
    let blocks = layout.blocks.len();
    let (valid, report) = validate(&Site::from_file(layout), &catalog());
    assert!(valid.is_none());
    let dangling = report.items.iter().filter(|d| d.code == "dangling-id").count();
    assert_eq!(dangling, blocks);
}

#[test]
fn a_chain_of_nodes_as_long_as_a_file_is_no_danger() {
    let mut layout = tiny();
    let node = layout.nodes[1].clone();
    for i in 0..50_000 {
        let mut next = node.clone();
        next.id = format!("n{i}");
        next.from = vec![if i == 0 { "sub-a".into() } else { format!("n{}", i - 1) }];
        layout.nodes.push(next);
    }
    layout.blocks[0].node = Some("n49999".into());
    let (valid, report) = validate(&Site::from_file(layout.clone()), &catalog());
    assert!(valid.is_some(), "{report:?}");
    layout.nodes[2].from = vec!["n49999".into()];
    let (_, report) = validate(&Site::from_file(layout), &catalog());
    assert_eq!(report.items.iter().filter(|d| d.code == "cycle").count(), 1);
}

#[test]
fn setting_a_field_changes_it_alone_and_copies_one_hall() {
    let before = Site::from_file(tiny());
    let mut site = before.clone();
    let outcome = site.set("blocks.b-2.count", "12").unwrap();
    assert_eq!((outcome.old.as_str(), outcome.new.as_str()), ("8", "12"));
    assert!(Arc::ptr_eq(&site.halls[0], &before.halls[0]), "the other hall is shared");
    assert!(Arc::ptr_eq(&site.terms, &before.terms) && Arc::ptr_eq(&site.campus, &before.campus));
    assert!(!Arc::ptr_eq(&site.halls[1], &before.halls[1]));
    assert_eq!(site.get("blocks.b-2.count"), Some(12.into()));
    let mut back = site.clone();
    back.set("blocks.b-2.count", &outcome.old).unwrap();
    assert_eq!(back, before, "setting the old value undoes the change");
}

#[test]
fn every_documented_path_can_be_set_and_read_back() {
    let cases = [
        ("site.grid_contract_mw", "25"),
        ("site.billable_frac", "0.6"),
        ("policy.shares.premium", "0.25"),
        ("policy.context_tolerance_frac", "0.1"),
        ("tiers.premium.demand.1.price_usd_per_mtok", "3.5"),
        ("tiers.premium.demand.0.volume_tok_s", "1000"),
        ("tiers.premium.demand.1.volume_tok_s", "unlimited"),
        ("hours.day.ambient_c", "-5"),
        ("phases.two.month", "18"),
        ("supply.vr-nvl72.max_racks", "10"),
        ("feeds.grid.steps.1.firm_mw", "15"),
        ("nodes.sub-a.capacity_mw", "20"),
        ("loops.loop-1.cdus.cdu-1.count", "5"),
        ("halls.hall-1.positions", "60"),
        ("rows.row-1.name", "\"First\""),
        ("blocks.b-3.planned.max", "20"),
        ("finance.discount_frac", "0.08"),
        ("site.name", "\"Other\""),
        ("nodes.sub-a.at", "(1, 2)"),
    ];
    for (path, value) in cases {
        let mut site = Site::from_file(tiny());
        let outcome = site.set(path, value).unwrap_or_else(|e| panic!("{path}: {e}"));
        let read = site.get(path).unwrap_or_else(|| panic!("{path} cannot be read"));
        let mut again = Site::from_file(tiny());
        again.set(path, &outcome.new).unwrap();
        assert_eq!(again.get(path), Some(read), "{path}");
        again.set(path, &outcome.old).unwrap();
        assert_eq!(again, Site::from_file(tiny()), "{path} goes back to {}", outcome.old);
    }
}

#[test]
fn the_price_of_a_tier_sets_every_step() {
    let mut site = Site::from_file(tiny());
    let outcome = site.set("tiers.premium.price_usd_per_mtok", "5").unwrap();
    assert_eq!(outcome.new, "5");
    let prices: Vec<_> =
        site.terms.tiers[0].demand.iter().map(|s| s.price_usd_per_mtok.unwrap()).collect();
    assert_eq!(prices, [5.0, 5.0]);
    assert_eq!(site.get("tiers.premium.price_usd_per_mtok"), Some(5.0.into()));
}

#[test]
fn unknown_empties_a_field_and_the_rules_say_so() {
    let mut site = Site::from_file(tiny());
    let outcome = site.set("nodes.sub-a.capacity_mw", "unknown").unwrap();
    assert_eq!((outcome.old.as_str(), outcome.new.as_str()), ("22", "unknown"));
    assert_eq!(site.get("nodes.sub-a.capacity_mw"), None);
    let (valid, report) = validate(&site, &catalog());
    assert!(valid.is_none());
    let finding = report.items.iter().find(|d| d.path == "nodes.sub-a.capacity_mw").unwrap();
    assert_eq!((finding.code.as_str(), finding.severity), ("unknown-value", Severity::Error));
    site.set("feeds.grid.capacity_mw", "unknown").unwrap();
    let (_, report) = validate(&site, &catalog());
    let finding = report.items.iter().find(|d| d.path == "feeds.grid.capacity_mw").unwrap();
    assert_eq!(finding.code, "unknown-value", "a feed without a capacity stops the plan");
    assert!(site.set("hours.day.weight_h", "unknown").is_err(), "an hour must have a weight");
}

#[test]
fn a_block_whose_hall_is_set_moves_there() {
    let mut site = Site::from_file(tiny());
    site.set("blocks.b-1.hall", "\"hall-2\"").unwrap();
    assert!(site.halls[0].blocks.is_empty());
    assert_eq!(site.halls[1].blocks.len(), 3);
    assert_eq!(site, Site::from_file(site.to_file()));
    site.set("blocks.b-1.hall", "unknown").unwrap();
    assert_eq!(site.halls.len(), 3, "a group for what stands in no hall");
    site.set("halls.hall-2.id", "\"north\"").unwrap();
    assert_eq!(site.halls[1].blocks.len(), 0, "what named the old hall dangles");
    assert_eq!(site.blocks().count(), 3);
}

#[test]
fn a_wrong_path_is_answered_with_the_nearest_names() {
    let cases = [
        ("nodez.sub-a.capacity_mw", "nodes"),
        ("nodes.sub-b.capacity_mw", "sub-a"),
        ("nodes.sub-a.capacity", "capacity_mw"),
        ("blocks.b-4.count", "b-1"),
        ("policy.shares.premum", "premium"),
        ("tiers.premum.price_usd_per_mtok", "premium"),
        ("site.grid_contract", "grid_contract_mw"),
        ("halls.hall-3.positions", "hall-1"),
    ];
    for (path, wanted) in cases {
        let mut site = Site::from_file(tiny());
        match site.set(path, "1") {
            Err(FieldError::UnknownField { nearest, .. }) => {
                assert!(nearest.iter().any(|n| n == wanted), "{path}: {nearest:?}");
            }
            other => panic!("{path}: {other:?}"),
        }
        assert_eq!(site, Site::from_file(tiny()), "{path} changed nothing");
        assert_eq!(site.get(path), None);
    }
    let mut site = Site::from_file(tiny());
    for path in ["", "nodes", "nodes.sub-a", "site", "."] {
        assert!(site.set(path, "1").is_err(), "{path}");
    }
    for collection in COLLECTIONS {
        assert!(site.set(&format!("{collection}.no-such.field"), "1").is_err());
    }
}

#[test]
fn elements_are_found_by_id_with_their_path() {
    let site = Site::from_file(tiny());
    let paths = [
        ("grid", "feeds.grid"),
        ("sub-a", "nodes.sub-a"),
        ("loop-2", "loops.loop-2"),
        ("cdu-2", "loops.loop-2.cdus.cdu-2"),
        ("dry-1", "loops.loop-1.rejection.dry-1"),
        ("hall-2", "halls.hall-2"),
        ("row-1", "rows.row-1"),
        ("b-3", "blocks.b-3"),
    ];
    for (id, path) in paths {
        assert_eq!(site.element_path(id).as_deref(), Some(path));
        assert!(site.get(path).is_some(), "{path} can be read");
    }
    assert!(matches!(site.find("b-1"), Some(ElementRef::Block(b)) if b.count == Some(16)));
    assert_eq!(site.find("nobody"), None);
}

#[test]
fn every_layout_that_ships_is_valid_and_round_trips() {
    let catalog = catalog();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let report = findings(&path, &catalog);
        assert!(!report.has_errors(), "{path:?}: {:#?}", report.items);
        let layout = file::load(&path).unwrap();
        assert_eq!(file::parse(&file::to_ron(&layout), "again").unwrap(), layout, "{path:?}");
        assert_eq!(
            Site::from_file(Site::from_file(layout.clone()).to_file()),
            Site::from_file(layout)
        );
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn a_byte_order_mark_is_no_fault_but_another_encoding_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.ron");
    std::fs::write(&path, format!("\u{feff}{}", tiny_text())).unwrap();
    assert_eq!(file::load(&path).unwrap(), tiny());
    let wide: Vec<u8> = tiny_text().encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(&path, [&[0xff, 0xfe], wide.as_slice()].concat()).unwrap();
    assert_eq!(file::load(&path).unwrap_err().items[0].code, "not-text");
    assert_eq!(file::load(folder.path()).unwrap_err().items[0].code, "file-unreadable");
}

#[cfg(unix)]
#[test]
fn saving_through_a_link_writes_the_file_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("site.ron"), folder.path().join("link.ron"));
    std::fs::write(&path, "old").unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    file::save(&link, &tiny()).unwrap();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(file::load(&path).unwrap(), tiny());
}
