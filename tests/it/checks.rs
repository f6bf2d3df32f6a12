//! Checks of what stands where: figures against school geometry, and the list of the
//! inspector against the findings of the rules.

use crate::support::{embedded, layout, load, parse, root};
use gigasite::catalog::Catalog;
use gigasite::diag::Diagnostic;
use gigasite::site::{CheckResult, CheckState, Site, checks, validate};

const LAYOUTS: [&str; 4] = ["campus-1gw", "estimated-100mw", "mixed-250mw", "pilot-20mw"];

fn base() -> Site {
    load(&root().join("tests/data/broken/000-base.ron"))
}

/// The base of the broken layouts with fields set.
fn with(changes: &[(&str, &str)]) -> Site {
    let mut site = base();
    for (path, value) in changes {
        site.set(path, value).unwrap_or_else(|e| panic!("{path}: {e}"));
    }
    site
}

fn findings(site: &Site) -> Vec<Diagnostic> {
    validate(site, &embedded()).1.items
}

fn of(site: &Site, id: &str) -> Vec<CheckResult> {
    let element = site.find(id).unwrap_or_else(|| panic!("no {id}"));
    checks(site, &embedded(), element)
}

#[track_caller]
fn named(site: &Site, id: &str, name: &str) -> CheckResult {
    let all = of(site, id);
    let found = all.iter().find(|c| c.name == name);
    found.unwrap_or_else(|| panic!("no {name} among {all:#?}")).clone()
}

fn practice(catalog: &Catalog, id: &str) -> f64 {
    catalog.practice[id].value.get().unwrap()
}

#[test]
fn shipped_layouts_keep_every_distance() {
    for name in LAYOUTS {
        let site = layout(name);
        let broken: Vec<_> = findings(&site)
            .into_iter()
            .filter(|d| !["announced", "unchecked"].contains(&d.code.as_str()))
            .collect();
        assert!(broken.is_empty(), "{name}: {broken:#?}");
        for element in site.elements() {
            let failing: Vec<_> = checks(&site, &embedded(), element)
                .into_iter()
                .filter(|c| matches!(c.state, CheckState::Warn | CheckState::Fail))
                .collect();
            assert!(failing.is_empty(), "{name} {}: {failing:#?}", element.id());
        }
    }
}

#[test]
fn an_aisle_is_measured_across_the_faces_of_racks_alone() {
    // b1 ends at y 29, b2 begins at 35.
    let aisle = named(&base(), "b2", "Aisle");
    assert_eq!((aisle.figure, aisle.state), (Some(6.0), CheckState::Pass));
    let narrow = with(&[("blocks.b2.at", "(5, 30.1)")]);
    let aisle = named(&narrow, "b2", "Aisle");
    assert!((aisle.figure.unwrap() - 1.1).abs() < 1e-9 && aisle.state == CheckState::Warn);
    assert_eq!(aisle.other.as_deref(), Some("blocks.b1"));
    assert_eq!(aisle.limit, Some(practice(&embedded(), "aisle-m")));
    // End to end in one line: no aisle is asked for.
    let beside = with(&[("blocks.b2.at", "(25, 25)")]);
    assert!(!findings(&beside).iter().any(|d| d.code == "too-close"), "{:?}", findings(&beside));
    // The catalogue decides.
    let mut catalog = embedded();
    catalog.set("practice.aisle-m", "0.9").unwrap();
    assert!(validate(&narrow, &catalog).1.items.is_empty());
    catalog.set("practice.aisle-m", "unknown").unwrap();
    let unknown = checks(&narrow, &catalog, narrow.find("b2").unwrap());
    let aisle = unknown.iter().find(|c| c.name == "Aisle").unwrap();
    assert_eq!(aisle.state, CheckState::Unknown);
    assert!(validate(&narrow, &catalog).1.items.is_empty());
}

#[test]
fn lines_of_one_block_need_an_aisle_between_them() {
    // Two lines of eight in 4 m: 2 m from line to line, less the depth of the racks.
    let site = with(&[("blocks.b1.racks_per_line", "8")]);
    let depth = embedded().racks["gb200-nvl72"].depth_m.get().unwrap();
    let aisle = named(&site, "b1", "Aisle between lines");
    assert!((aisle.figure.unwrap() - (2.0 - depth)).abs() < 1e-9, "{aisle:?}");
    assert!(findings(&site).iter().any(|d| d.code == "too-close" && d.path == "blocks.b1.size"));
}

#[test]
fn separation_is_the_straight_distance_between_the_boxes() {
    // The transformer 3 m east and 4 m north of the hall's corner at 40, 20.
    let site = with(&[("nodes.tx.at", "(43, 11)"), ("halls.h2.at", "(200, 20)")]);
    let found = findings(&site);
    let close: Vec<_> = found.iter().filter(|d| d.path == "nodes.tx.at").collect();
    assert!(
        close.iter().any(|d| d.code == "too-close" && d.message.contains("5.00 m")),
        "{found:?}"
    );
    let separation = named(&site, "tx", "Separation of transformers");
    assert!((separation.figure.unwrap() - 5.0).abs() < 1e-9);
}

#[test]
fn a_cable_has_slack_along_the_walls_and_drops_at_both_ends() {
    let net = r#"[(id: "net", name: "Net", hall: "h1", equipment: "network-rack", at: (34.7, 40), size: (0.6, 2))]"#;
    let text = std::fs::read_to_string(root().join("tests/data/broken/000-base.ron")).unwrap();
    let text = text
        .replace("    blocks: [", &format!("    network_racks: {net},\n    blocks: ["))
        .replace("count: 16,", "count: 16, network: [\"net\"],");
    let site = parse(&text);
    let catalog = embedded();
    let (slack, drop) =
        (practice(&catalog, "cable-slack-ratio"), practice(&catalog, "cable-drop-m"));
    // Sixteen racks of 1.25 m from x 5: the first has its middle at 5.625, 27.
    let expected = ((35.0 - 5.625) + (41.0 - 27.0)) * slack + 2.0 * drop;
    let reach = named(&site, "b1", "Network reach");
    assert!((reach.figure.unwrap() - expected).abs() < 1e-9, "{reach:?} {expected}");
    assert_eq!(reach.limit, Some(practice(&catalog, "dr-reach-m")));
    assert!(reach.note.contains("DR transceivers"), "{reach:?}");
    let media = ["copper-reach-m", "aec-reach-m", "aoc-reach-m", "dr-reach-m", "fr-reach-m"];
    assert!(media.windows(2).all(|m| practice(&catalog, m[0]) < practice(&catalog, m[1])));
}

#[test]
fn a_domain_across_racks_is_as_wide_as_its_farthest_pair() {
    // Two racks a domain, one line: neighbours stand a rack apart.
    let site = with(&[
        ("blocks.b1.rack", "\"trainium2\""),
        ("blocks.b1.count", "4"),
        ("blocks.b1.size", "(8, 2)"),
    ]);
    let catalog = embedded();
    let expected =
        2.0 * practice(&catalog, "cable-slack-ratio") + 2.0 * practice(&catalog, "cable-drop-m");
    let spread = named(&site, "b1", "Domain spread");
    assert!((spread.figure.unwrap() - expected).abs() < 1e-9, "{spread:?}");
    assert!(!of(&base(), "b1").iter().any(|c| c.name == "Domain spread"), "one rack a domain");
    let part = with(&[("blocks.b1.rack", "\"trainium2\""), ("blocks.b1.count", "1")]);
    assert_eq!(named(&part, "b1", "Domain spread").state, CheckState::Unknown);
}

#[test]
fn the_floor_carries_the_mass_over_the_area_of_the_hall() {
    let site = with(&[("halls.h1.floor_kg_m2", "20")]);
    let mass = embedded().racks["gb200-nvl72"].mass_kg.get().unwrap();
    for id in ["h1", "b1"] {
        let load = named(&site, id, "Floor load");
        assert!((load.figure.unwrap() - 16.0 * mass / 1600.0).abs() < 1e-9, "{load:?}");
        assert_eq!((load.limit, load.state), (Some(20.0), CheckState::Pass));
    }
    assert_eq!(named(&base(), "h1", "Floor load").state, CheckState::Unknown);
}

#[test]
fn every_finding_of_the_rules_is_among_the_checks_of_its_element() {
    let folder = root().join("tests/data/broken");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|e| e != "ron") || name.as_str() < "112" {
            continue;
        }
        let site = load(&path);
        for finding in findings(&site) {
            let codes =
                ["too-close", "outside-parcel", "near-boundary", "floor-load", "out-of-reach"];
            let code = finding.code.as_str();
            if !codes.contains(&code) && code != "domain-spread" {
                continue;
            }
            let element =
                site.elements().find(|e| finding.path.starts_with(&format!("{}.", e.path())));
            let element = element.unwrap_or_else(|| panic!("{finding}"));
            let found = checks(&site, &embedded(), element);
            assert!(found.iter().any(|c| c.code == code && !c.passes()), "{finding}: {found:#?}");
            seen += 1;
        }
    }
    assert!(seen >= 6, "{seen} findings compared");
}

#[test]
fn a_reference_layout_has_no_ground_to_check() {
    let site = layout("keynote-rubin-1gw");
    let all: usize = site.elements().map(|e| checks(&site, &embedded(), e).len()).sum();
    assert_eq!(all, 0);
}

/// The base with one constraint area.
fn constrained(text: &str) -> Site {
    let base = std::fs::read_to_string(root().join("tests/data/broken/000-base.ron")).unwrap();
    let rule = "rule: \"Nothing here\", source: \"Map\", date: \"2025\"";
    let list =
        format!("    constraints: [(id: \"c1\", name: \"Area\", {text}, {rule})],\n    halls: [");
    parse(&base.replace("    halls: [", &list))
}

fn codes(site: &Site) -> Vec<String> {
    findings(site).into_iter().map(|d| d.code).collect()
}

#[test]
fn an_area_beside_a_hall_forbids_nothing_and_one_across_it_does() {
    // Hall 1 reaches from 0, 20 to 40, 60.
    let beside = "kind: Wetland, outline: [(-20, 20), (0, 20), (0, 60), (-20, 60)]";
    assert_eq!(codes(&constrained(beside)), Vec::<String>::new());
    assert!(named(&constrained(beside), "h1", "Clear of Area").passes());
    // It may reach beyond the parcel; what is built may not.
    let mut tight = constrained(beside);
    tight.set("site.parcel", "[(-1, -1), (95, -1), (95, 70), (-1, 70)]").unwrap();
    assert_eq!(codes(&tight), Vec::<String>::new());
    for kind in ["Wetland", "Flood", "Easement", "Setback"] {
        let across = format!("kind: {kind}, outline: [(-20, 20), (0.5, 20), (0.5, 60), (-20, 60)]");
        assert_eq!(codes(&constrained(&across)), ["in-constraint"], "{kind}");
        let check = named(&constrained(&across), "h1", "Clear of Area");
        assert_eq!((check.state, check.code), (CheckState::Warn, "in-constraint"));
    }
}

#[test]
fn what_stands_in_a_hall_is_said_of_the_hall_alone() {
    let over = "kind: Flood, outline: [(4, 24), (26, 24), (26, 30), (4, 30)]";
    let found = findings(&constrained(over));
    let paths: Vec<&str> = found.iter().map(|d| d.path.as_str()).collect();
    assert_eq!(paths, ["halls.h1.at"], "block b1 stands on the same ground");
}

#[test]
fn a_height_is_compared_where_it_is_known_and_asked_for_where_not() {
    let limit = "kind: HeightLimit, height_m: 12, outline: [(0, 20), (40, 20), (40, 60), (0, 60)]";
    let mut site = constrained(limit);
    assert_eq!(codes(&site), ["unknown-height"]);
    assert_eq!(named(&site, "h1", "Height").state, CheckState::Unknown);
    site.set("halls.h1.height_m", "12").unwrap();
    assert_eq!(codes(&site), Vec::<String>::new());
    site.set("halls.h1.height_m", "12.5").unwrap();
    assert_eq!(codes(&site), ["too-high"]);
    assert_eq!(named(&site, "h1", "Height").figure, Some(12.5));
    site.set("constraints.c1.height_m", "unknown").unwrap();
    assert_eq!(codes(&site), ["unknown-height"]);
}

#[test]
fn no_level_of_noise_is_made_up() {
    let area = "kind: Noise, noise_dba: 45, outline: [(35, -10), (70, -10), (70, 10), (35, 10)]";
    let site = constrained(area);
    let noise = named(&site, "dry", "Noise");
    assert_eq!((noise.state, noise.figure, noise.limit), (CheckState::Unknown, None, Some(45.0)));
    assert!(findings(&site)[0].hint.contains("study"), "{:?}", findings(&site));
}

#[test]
fn constraint_areas_are_set_moved_turned_copied_and_removed_like_other_elements() {
    use gigasite::editor::{Command, Element, ElementId, Signature, apply};
    let area = "kind: Easement, outline: [(100, 0), (110, 0), (110, 30)]";
    let mut site = constrained(area);
    site.set("constraints.c1.name", "\"Pipe\"").unwrap();
    site.set("constraints.c1.outline.2", "(110, 40)").unwrap();
    let catalog = embedded();
    let run = |site: &Site, command: Command| {
        apply(site, &catalog, &command, &Signature::default()).unwrap_or_else(|e| panic!("{e}"))
    };
    let outline = |site: &Site| site.campus.constraints[0].outline.clone();
    let ids = vec![ElementId::new("constraints.c1")];
    let (moved, label) = run(&site, Command::Move { ids: ids.clone(), dx: 5.0, dy: -2.0 });
    assert_eq!(outline(&moved), [[105.0, -2.0], [115.0, -2.0], [115.0, 38.0]]);
    assert_eq!(label, "Move Pipe");
    // A quarter clockwise about the middle of the box, 105, 20: north-west goes to north-east.
    let (turned, _) = run(&site, Command::Rotate { ids: ids.clone() });
    assert_eq!(outline(&turned), [[125.0, 15.0], [125.0, 25.0], [85.0, 25.0]]);
    let (copied, _) = run(&site, Command::Duplicate { ids: ids.clone(), dx: 50.0, dy: 0.0 });
    assert_eq!(copied.campus.constraints.len(), 2);
    assert_eq!(copied.campus.constraints[1].outline[0], [150.0, 0.0]);
    let (gone, _) = run(&site, Command::Remove { ids });
    assert!(gone.campus.constraints.is_empty());
    let one = site.campus.constraints[0].clone();
    let (added, label) = run(&site, Command::Insert(vec![Element::Constraint(one)]));
    assert_eq!(added.campus.constraints[1].id, "c1-2");
    assert_eq!(label, "Add Pipe");
    let text = gigasite::site::file::to_ron(&site.to_file());
    let again = gigasite::site::file::parse(&text, "x").unwrap();
    assert_eq!(Site::from_file(again), site);
}
