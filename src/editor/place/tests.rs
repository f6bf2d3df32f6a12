//! Ghosts, refusals and what elements come of a placing.

use super::*;
use crate::editor::{Command, Document, Editor};
use crate::site::{self, Block, ElementRef, validate};
use std::path::Path;

fn catalog() -> Arc<Catalog> {
    Catalog::embedded_arc().expect("reads")
}

fn layout(name: &str) -> Site {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts").join(name);
    let text = std::fs::read_to_string(path).expect("reads");
    Site::from_file(site::file::parse(&text, name).expect("parses"))
}

fn pilot() -> Site {
    layout("pilot-20mw.ron")
}

/// A built site on which nothing stands.
fn empty() -> Site {
    let mut site = pilot();
    let campus = Arc::make_mut(&mut site.campus);
    campus.feeds.clear();
    campus.nodes.clear();
    campus.loops.clear();
    campus.areas.clear();
    campus.generators.clear();
    campus.batteries.clear();
    site.halls.clear();
    Arc::make_mut(&mut site.terms).site.parcel.clear();
    site
}

fn start(site: &Site, what: What, at: [f64; 2]) -> Placing {
    Placing { at, ..Placing::start(site, &catalog(), &what).expect("is in the catalogue") }
}

fn vr() -> What {
    What::Racks("vr-nvl72".into())
}

fn machine(id: &str) -> What {
    What::Equipment(id.into())
}

fn done(site: &Site, placing: &Placing) -> Site {
    place(site, &catalog(), placing).expect("fits").0
}

fn refused(site: &Site, placing: &Placing) -> String {
    let why = ghost(site, &catalog(), placing).refusal.expect("does not fit");
    let error = place(site, &catalog(), placing).expect_err("is refused");
    assert_eq!(error.to_string(), why, "the ghost says what the command says");
    why
}

fn new_blocks(before: &Site, after: &Site) -> Vec<Block> {
    after.blocks().filter(|b| before.find(&b.id).is_none()).cloned().collect()
}

#[test]
fn racks_start_as_a_scalable_unit_of_true_size() {
    let site = pilot();
    let placing = start(&site, vr(), [44.0, 57.0]);
    let ghost = ghost(&site, &catalog(), &placing);
    assert_eq!(ghost.boxes.len(), 8);
    assert_eq!(ghost.boxes[0], ([44.0, 57.0], [0.6, 1.2]));
    assert_eq!(placing.size(&catalog()), Some([4.8, 1.2]));
    // 230 kW at the highest cap and 257.6 kW of support racks for eight.
    assert!(ghost.words.starts_with("8 VR racks, up to 2.1 MW IT"), "{}", ghost.words);
    let turned = Placing { turned: true, ..placing };
    assert_eq!(turned.size(&catalog()), Some([1.2, 4.8]));
}

#[test]
fn lines_become_blocks_and_units_blocks_of_their_own() {
    let site = pilot();
    let catalog = catalog();
    let mut placing = start(&site, vr(), [40.0, 49.0]);
    placing.shape = Shape::Lines { count: 10, lines: 2, pitch_m: 2.0 };
    let after = done(&site, &placing);
    let blocks = new_blocks(&site, &after);
    assert_eq!(blocks.len(), 2);
    assert_eq!((blocks[0].count, blocks[0].racks_per_line), (Some(10), Some(10)));
    assert_eq!((blocks[1].at, blocks[1].size), ([40.0, 51.0], [6.0, 1.2]));
    let mut units = start(&site, What::Unit("su-vr".into()), [40.0, 49.0]);
    units.shape = Shape::Lines { count: 3, lines: 1, pitch_m: 3.6 };
    // Each of 8 racks and the 4 support racks that the catalogue's unit has, 0.6 m wide all.
    let preview = ghost(&site, &catalog, &units);
    assert_eq!((preview.boxes.len(), preview.support.len()), (36, 12));
    assert_eq!(preview.support[0], ([44.8, 49.0], [0.6, 1.2]));
    assert!(preview.words.starts_with("24 VR racks with 12 support racks"), "{}", preview.words);
    let after = done(&site, &units);
    let network = |site: &Site| -> Vec<_> {
        site.halls.iter().flat_map(|g| g.network_racks.clone()).collect()
    };
    let support: Vec<_> = network(&after).into_iter().skip(network(&site).len()).collect();
    let places: Vec<_> = support.iter().map(|r| (r.at, r.size)).collect();
    assert_eq!(places, preview.support);
    let blocks = new_blocks(&site, &after);
    let first: Vec<&str> = support.iter().take(2).map(|r| r.id.as_str()).collect();
    assert_eq!(blocks[0].network, first, "its racks home to its own switches");
    assert_eq!(blocks.iter().map(|b| b.count).collect::<Vec<_>>(), [Some(8); 3]);
    assert_eq!(blocks[2].at, [54.4, 49.0]);
    units.turned = true;
    units.at = [36.0, 49.0];
    let blocks = new_blocks(&site, &done(&site, &units));
    assert_eq!((blocks[1].at, blocks[1].size), ([36.0, 56.2], [1.2, 4.8]));
    assert_eq!(blocks[1].racks_per_line, Some(1), "a turned line runs south");
}

#[test]
fn racks_take_hall_row_node_and_loop_of_those_beside_them() {
    let site = pilot();
    // The row ends at 66.4; its racks at the same.
    let mut placing = start(&site, vr(), [61.6, 54.0]);
    assert!(refused(&site, &placing).starts_with("Overlaps Row 1, block 2"), "occupied");
    let site = Site { halls: site.halls.clone(), ..site };
    let mut freed = site.clone();
    for group in &mut freed.halls {
        Arc::make_mut(group).blocks.retain(|b| b.id != "r1-b2");
    }
    let after = done(&freed, &placing);
    let block = new_blocks(&freed, &after).remove(0);
    assert_eq!(block.hall.as_deref(), Some("hall"));
    assert_eq!(block.row.as_deref(), Some("r1"));
    assert_eq!(
        (block.node.as_deref(), block.cooling_loop.as_deref()),
        (Some("bw-1"), Some("loop"))
    );
    assert_eq!((block.id.as_str(), block.name.as_str()), ("row-1-8-vr", "Row 1, 8 VR"));
    placing.at = [57.6, 54.6];
    let snapped = snapped(&freed, &catalog(), &placing, 1.0);
    assert_eq!(snapped.at, [57.6, 54.0], "against the neighbour, on the line of the row");
}

#[test]
fn racks_outside_a_hall_or_through_its_wall_are_refused() {
    let site = pilot();
    assert_eq!(refused(&site, &start(&site, vr(), [90.0, 20.0])), "Outside every hall");
    assert_eq!(refused(&site, &start(&site, vr(), [72.0, 60.0])), "Reaches beyond Hall");
    let on_cdus = start(&site, vr(), [68.0, 60.0]);
    assert!(refused(&site, &on_cdus).starts_with("Overlaps "));
}

#[test]
fn what_stands_outdoors_is_refused_outside_the_parcel_and_on_a_hall() {
    let site = layout("campus-1gw.ron");
    let outside = start(&site, machine("main-transformer"), [5.0, 600.0]);
    assert_eq!(refused(&site, &outside), "Outside the parcel");
    let on_hall = start(&site, machine("genset"), [120.0, 300.0]);
    assert!(refused(&site, &on_hall).starts_with("Overlaps "));
    let racks = site.blocks().next().expect("a block");
    let on_racks = start(&site, machine("cdu"), racks.at);
    assert!(refused(&site, &on_racks).contains(&racks.name));
    let hall = start(&site, machine("data-hall"), [110.0, 232.0]);
    assert!(refused(&site, &hall).starts_with("Overlaps "));
}

#[test]
fn a_parcel_needs_three_corners_and_must_not_cross_itself() {
    let site = empty();
    let outline = |corners: &[[f64; 2]]| Placing {
        shape: Shape::Outline(corners.to_vec()),
        ..start(&site, What::Parcel, [0.0, 0.0])
    };
    let few = outline(&[[0.0, 0.0], [100.0, 0.0]]);
    assert_eq!(refused(&site, &few), "A parcel has at least three corners");
    let bow = outline(&[[0.0, 0.0], [100.0, 100.0], [100.0, 0.0], [0.0, 100.0]]);
    assert_eq!(refused(&site, &bow), "The outline crosses itself");
    let corners = [[0.0, 0.0], [300.0, 0.0], [300.0, 200.0], [0.0, 200.0]];
    let (after, label) = place(&site, &catalog(), &outline(&corners)).expect("fits");
    assert_eq!(after.terms.site.parcel, corners);
    assert_eq!(label, "Draw the parcel");
    let beyond = start(&after, machine("data-hall"), [250.0, 100.0]);
    assert_eq!(refused(&after, &beyond), "Outside the parcel");
}

#[test]
fn a_site_can_be_built_from_nothing_and_only_figures_that_nobody_knows_are_missing() {
    let catalog = catalog();
    let mut site = empty();
    let steps: [(What, [f64; 2]); 10] = [
        (machine("grid-feed"), [0.0, 0.0]),
        (machine("main-transformer"), [0.0, 36.0]),
        (machine("mv-switchgear"), [0.0, 60.0]),
        (machine("mv-cable"), [0.0, 80.0]),
        (machine("data-hall"), [60.0, 60.0]),
        (machine("unit-transformer"), [66.0, 66.0]),
        (machine("busway"), [72.0, 66.0]),
        (machine("cdu"), [66.0, 90.0]),
        (machine("dry-cooler"), [66.0, 130.0]),
        (vr(), [84.0, 72.0]),
    ];
    for (what, at) in steps {
        site = done(&site, &start(&site, what, at));
    }
    let source = |id: &str| {
        site.campus.nodes.iter().find(|n| n.id == id).map(|n| n.from.clone()).expect("a node")
    };
    assert_eq!(source("main-transformer-1"), ["grid-feed-1"]);
    assert_eq!(source("medium-voltage-switchgear-1"), ["main-transformer-1"]);
    assert_eq!(source("feeder-1"), ["medium-voltage-switchgear-1"]);
    assert_eq!(source("unit-substation-1"), ["feeder-1"]);
    assert_eq!(source("busway-1"), ["unit-substation-1"]);
    // 100 MVA at a power factor of 0.98.
    assert_eq!(site.campus.nodes[0].capacity_mw, Some(98.0));
    let cooling = site.campus.loops.first().expect("a loop");
    assert_eq!(site.campus.loops.len(), 1);
    assert_eq!((cooling.cdus.len(), cooling.rejection.len()), (1, 1));
    assert_eq!(cooling.node, "unit-substation-1");
    let block = site.blocks().next().expect("racks");
    assert_eq!(block.node.as_deref(), Some("busway-1"));
    assert_eq!(block.cooling_loop.as_deref(), Some(cooling.id.as_str()));
    let (_, report) = validate(&site, &catalog);
    let paths: Vec<&str> = report
        .items
        .iter()
        .filter(|d| d.code == "unknown-value" && !d.path.starts_with("racks."))
        .map(|d| d.path.as_str())
        .collect();
    assert!(paths.contains(&"feeds.grid-feed-1.capacity_mw"), "{paths:?}");
    assert!(
        paths.contains(&"nodes.medium-voltage-switchgear-1.capacity_mw"),
        "no rating is known: {paths:?}"
    );
    let busway = site.campus.nodes.iter().find(|n| n.id == "busway-1").expect("a busway");
    // 2.88 MVA at a power factor of 0.98.
    assert!((busway.capacity_mw.expect("of the catalogue") - 2.82).abs() < 0.01);
    let dangling: Vec<_> = report.items.iter().filter(|d| d.code == "dangling-id").collect();
    assert!(dangling.is_empty(), "{dangling:?}");
}

#[test]
fn a_machine_without_a_source_says_so_and_so_does_validation() {
    let site = empty();
    let placing = start(&site, machine("dry-cooler"), [0.0, 0.0]);
    let said = remarks(&site, &catalog(), &placing);
    assert_eq!(said, ["There was no cooling loop: Loop 1 is new, 45 °C, not fed yet"]);
    let after = done(&site, &placing);
    let (_, report) = validate(&after, &catalog());
    let unfed = |d: &&crate::diag::Diagnostic| d.path == "loops.loop-1.node";
    assert_eq!(report.items.iter().filter(unfed).count(), 1);
    let transformer = start(&site, machine("main-transformer"), [0.0, 0.0]);
    let after = done(&site, &transformer);
    let (_, report) = validate(&after, &catalog());
    assert!(report.items.iter().any(|d| d.code == "not-connected"));
}

#[test]
fn fields_of_counted_machines_are_one_element_and_transformers_many() {
    let site = empty();
    let field = |id: &str, columns, rows| {
        let mut placing = start(&site, machine(id), [0.0, 0.0]);
        if let Shape::Field { columns: c, rows: r, .. } = &mut placing.shape {
            (*c, *r) = (columns, rows);
        }
        done(&site, &placing)
    };
    let coolers = field("dry-cooler", 4, 3);
    let unit = &coolers.campus.loops[0].rejection[0];
    assert_eq!((unit.count, unit.spare), (12, 0));
    // Pitches of 3.6 and 13.8 m, machines of 2.4 by 12.6 m.
    assert_eq!(unit.size, [13.2, 40.2]);
    let gensets = field("genset", 5, 1);
    assert_eq!(
        (gensets.campus.generators[0].count, gensets.campus.generators[0].capacity_mw),
        (5, 15.0)
    );
    let batteries = field("battery-bess", 2, 2);
    let battery = &batteries.campus.batteries[0];
    assert_eq!((battery.capacity_mw, battery.energy_mwh), (8.0, 16.0));
    let transformers = field("main-transformer", 3, 1);
    let names: Vec<&str> = transformers.campus.nodes.iter().map(|n| n.name.as_str()).collect();
    assert_eq!(names, ["Main transformer 1", "Main transformer 2", "Main transformer 3"]);
}

#[test]
fn a_pitch_below_the_size_and_counts_of_nothing_are_refused() {
    let site = empty();
    let mut placing = start(&site, machine("genset"), [0.0, 0.0]);
    placing.shape = Shape::Field { columns: 2, rows: 1, pitch_m: [1.0, 20.0] };
    assert_eq!(refused(&site, &placing), "The pitch is less than the size");
    placing.shape = Shape::Field { columns: 0, rows: 1, pitch_m: [4.0, 20.0] };
    assert_eq!(refused(&site, &placing), "It needs at least one");
    placing.shape = Shape::Field { columns: u32::MAX, rows: u32::MAX, pitch_m: [4.0, 20.0] };
    assert!(refused(&site, &placing).starts_with("At most "));
    placing.at = [f64::NAN, 0.0];
    assert!(refused(&site, &placing).contains("finite"));
}

#[test]
fn racks_that_cannot_be_ordered_or_have_no_size_are_offered_last_with_the_reason() {
    let all = offers(&catalog());
    let first_refused = all.iter().position(|o| o.refusal.is_some()).expect("some");
    assert!(all[first_refused..].iter().all(|o| o.refusal.is_some()));
    let lpx = all.iter().find(|o| o.what == What::Racks("vr-nvl72-lpx".into())).expect("offered");
    assert!(lpx.refusal.as_ref().is_some_and(|why| why.contains("does not know the size")));
    let site = pilot();
    let placing = start(&site, What::Racks("rubin-ultra-nvl576".into()), [44.0, 57.0]);
    assert!(refused(&site, &placing).contains("cannot be ordered"));
}

#[test]
fn a_reference_layout_takes_nothing() {
    let site = layout("keynote-rubin-1gw.ron");
    let placing = start(&site, machine("data-hall"), [0.0, 0.0]);
    assert!(refused(&site, &placing).contains("reference"));
}

#[test]
fn names_and_ids_are_free_and_go_on_counting() {
    let mut site = layout("campus-1gw.ron");
    Arc::make_mut(&mut site.terms).site.parcel.clear();
    let mut seen: Vec<String> = Vec::new();
    for i in 0..3 {
        let at = [0.0, 2000.0 + 100.0 * f64::from(i)];
        site = done(&site, &start(&site, machine("data-hall"), at));
        let hall = site.halls.iter().filter_map(|g| g.hall.as_ref()).next_back().expect("a hall");
        seen.push(format!("{} {}", hall.id, hall.name));
    }
    assert_eq!(seen, ["hall-9 Hall 9", "hall-10 Hall 10", "hall-11 Hall 11"]);
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

#[test]
fn any_sequence_of_placings_is_taken_back_bit_for_bit_and_every_site_survives_its_file() {
    let catalog = catalog();
    let all: Vec<What> = offers(&catalog).into_iter().map(|o| o.what).collect();
    for seed in 0..6u64 {
        let mut dice = Dice(seed + 1);
        let first = if seed % 2 == 0 { pilot() } else { empty() };
        let mut editor = Editor::new(Document::new(first.clone()), Arc::clone(&catalog));
        let mut entries = 0;
        for _ in 0..150 {
            let what = all[dice.below(all.len() as u64) as usize].clone();
            let Some(mut placing) = Placing::start(editor.site(), &catalog, &what) else {
                continue;
            };
            placing.at = [dice.below(1800) as f64 / 10.0, dice.below(1400) as f64 / 10.0];
            placing.turned = dice.below(2) == 0;
            match &mut placing.shape {
                Shape::Lines { count, lines, .. } => {
                    (*count, *lines) = (dice.below(12) as u32, 1 + dice.below(2) as u32);
                }
                Shape::Field { columns, rows, .. } => {
                    (*columns, *rows) = (1 + dice.below(3) as u32, 1 + dice.below(3) as u32);
                }
                Shape::Size(size) => *size = size.map(|v| v * (dice.below(12) as f64 / 10.0)),
                Shape::Outline(corners) => {
                    let (w, h) = (150.0 + dice.below(100) as f64, 150.0 + dice.below(90) as f64);
                    *corners = vec![[0.0, 0.0], [w, 0.0], [w, h], [0.0, h]];
                }
            }
            let placing = snapped(editor.site(), &catalog, &placing, 1.0);
            let before = editor.site().clone();
            let fits = ghost(&before, &catalog, &placing).refusal.is_none();
            match editor.apply(&Command::Place(placing.clone())) {
                Ok(change) => {
                    assert!(fits, "{placing:?}");
                    assert!(
                        change.label.starts_with("Place ") || change.label == "Draw the parcel"
                    );
                    entries += usize::from(change.changed);
                }
                Err(why) => {
                    assert!(!fits, "{why}");
                    assert_eq!(*editor.site(), before, "a refused placing changes nothing");
                }
            }
            no_new_faults(&before, editor.site(), &catalog);
        }
        assert!(entries > 3, "seed {seed}: {entries} placings fitted");
        let text = site::file::to_ron(&editor.site().to_file());
        let read = Site::from_file(site::file::parse(&text, "test").expect("reads"));
        assert_eq!(read, *editor.site(), "seed {seed}");
        for _ in 0..entries {
            assert!(editor.undo());
        }
        assert!(!editor.undo());
        assert_eq!(*editor.site(), first, "seed {seed}");
    }
}

/// A placing may leave figures unknown and machines unfed, never ids doubled or things on top
/// of each other.
fn no_new_faults(before: &Site, after: &Site, catalog: &Catalog) {
    let faults = |site: &Site| {
        let (_, report) = validate(site, catalog);
        let bad = ["duplicate-id", "overlap", "outside-hall", "zero-size", "wrong-kind", "cycle"];
        let of = |d: &crate::diag::Diagnostic| bad.contains(&d.code.as_str());
        report.items.into_iter().filter(of).map(|d| d.to_string()).collect::<Vec<_>>()
    };
    let (old, new) = (faults(before), faults(after));
    let fresh: Vec<_> = new.iter().filter(|f| !old.contains(f)).collect();
    assert!(fresh.is_empty(), "{fresh:?}");
    let mut ids: Vec<&str> = after.elements().map(ElementRef::id).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id stands twice");
}
