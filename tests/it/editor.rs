//! The editing core without a window.

mod arrange;
mod array;
mod clipboard;
mod connect;
mod files;
mod groups;
mod racks;
mod recovery;
mod saver;
mod session;
mod variants;

use gigasite::catalog::Catalog;
use gigasite::editor::{
    Array, Axis, Command, Document, Edge, EditError, Editor, ElementId, RackCount, Side, Signature,
    TierSource, new_block,
};
use gigasite::site::{LayoutFile, Site, file};
use proptest::prelude::*;
use std::path::Path;
use std::sync::Arc;

fn catalog() -> Arc<Catalog> {
    Catalog::embedded_arc().expect("the embedded catalogue reads")
}

fn layout(path: &str) -> Site {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    Site::from_file(file::load(&path).unwrap_or_else(|report| panic!("{report:?}")))
}

fn tiny() -> Site {
    layout("tests/data/layouts/tiny-built.ron")
}

fn editor(site: Site) -> Editor {
    let mut editor = Editor::new(Document::new(site), catalog());
    let (author, date) = ("A. Planner".to_owned(), "2026-11-22".to_owned());
    editor.set_signature(Signature { author, date });
    editor
}

fn set(path: &str, value: &str) -> Command {
    Command::Set { path: path.to_owned(), value: value.to_owned() }
}

fn ids(ids: &[&str]) -> Vec<ElementId> {
    ids.iter().map(|id| ElementId::from(*id)).collect()
}

fn shift(of: &[&str], dx: f64, dy: f64) -> Command {
    Command::Move { ids: ids(of), dx, dy }
}

/// The label of a command that must succeed and change something.
fn label(editor: &mut Editor, command: &Command) -> String {
    let change = editor.apply(command).unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(change.changed, "{command:?} changed nothing");
    assert_eq!(editor.undo_label(), Some(change.label.as_str()));
    change.label
}

/// A command made from four dice and the site as it is, mostly a sensible one.
fn command_of(site: &Site, (kind, a, b, c): (u8, usize, usize, i16)) -> Command {
    let elements: Vec<ElementId> = site.elements().map(|e| ElementId::new(e.path())).collect();
    let pick = |n: usize| elements.get(n % elements.len().max(1)).cloned();
    let some = || -> Vec<ElementId> { [pick(a), pick(b)].into_iter().flatten().collect() };
    let tier = |n: usize| {
        let tiers = &site.terms.tiers;
        tiers.get(n % tiers.len().max(1)).map_or("none".to_owned(), |tier| tier.id.clone())
    };
    let metres = f64::from(c) / 8.0;
    match kind % 30 {
        0 => set("site.grid_contract_mw", &(a % 50).to_string()),
        1 => set(&format!("tiers.{}.price_usd_per_mtok", tier(a)), &format!("{}", b % 20)),
        2 => set(&format!("tiers.{}.demand.0.volume_tok_s", tier(a)), "unlimited"),
        3 => set("racks.vr-nvl72.price_usd", &format!("{}", 1_000_000 * (1 + b % 9))),
        4 => Command::ResetOverride { path: "racks.vr-nvl72.price_usd".to_owned() },
        5 => Command::AddTier(TierSource::CopyOf(tier(a))),
        6 => Command::RemoveTier { tier: tier(a) },
        7 => Command::AddDemandStep { tier: tier(a) },
        8 => Command::RemoveDemandStep { tier: tier(a), index: b % 3 },
        9 => Command::Move { ids: some(), dx: metres, dy: metres / 2.0 },
        10 => Command::Remove { ids: pick(a).into_iter().collect() },
        11 => Command::Duplicate { ids: some(), dx: metres, dy: 1.0 },
        12 => Command::Rotate { ids: some() },
        29 => Command::Array {
            ids: pick(a).into_iter().collect(),
            array: Array { columns: 1 + (b % 3) as u32, rows: 2, pitch_m: [metres, 40.0] },
        },
        13 => pasted(site, &some(), [metres, 2.0]),
        14 => Command::ResetOverrides(
            site.terms.overrides.iter().take(1 + b % 3).map(|o| o.path.clone()).collect(),
        ),
        15 => inserted(site, a),
        16 => Command::Align { ids: some(), edge: Edge::ALL[b % 6] },
        17 => {
            let three = [a, b, a.wrapping_add(b)].into_iter().filter_map(pick).collect();
            Command::Distribute { ids: three, axis: Axis::ALL[a % 2] }
        }
        18 => Command::Resize {
            id: pick(a).unwrap_or_else(|| "none".into()),
            at: [metres, metres],
            size: [f64::from(c.unsigned_abs() % 90), (b % 40) as f64],
        },
        19 => Command::Grow { ids: some(), side: Side::ALL[b % 4], by_m: metres / 100.0 },
        26 | 27 => Command::ChangeRackType {
            ids: if a % 3 == 0 { Vec::new() } else { some() },
            rack: ["gb200-nvl72", "gb300-nvl72", "vr-nvl72"][b % 3].to_owned(),
            count: if c % 2 == 0 { RackCount::Keep } else { RackCount::AsManyAsFit },
        },
        21 => Command::Group { ids: some() },
        22 => Command::Ungroup { ids: some() },
        // Mostly unlocked, or nothing else could be done.
        23 if c % 4 == 0 => Command::Lock { ids: pick(a).into_iter().collect() },
        23..=25 => Command::Unlock {
            ids: site.campus.locked.iter().map(|l| ElementId::from(l.as_str())).collect(),
        },
        20 => Command::MoveTo { ids: some(), x: Some(metres), y: None },
        _ => Command::SetMany(vec![
            ("site.coincidence_frac".to_owned(), "0.9".to_owned()),
            (format!("policy.shares.{}", tier(a)), "0.25".to_owned()),
        ]),
    }
}

/// A paste of some elements of the site itself; of nothing where they are machines of a loop.
fn pasted(site: &Site, of: &[ElementId], [dx, dy]: [f64; 2]) -> Command {
    let fragment = gigasite::editor::copied(site, of).unwrap_or_default();
    Command::Paste { fragment: Box::new(fragment), dx, dy }
}

/// A block like one of the site, as placing from the catalogue makes it.
fn inserted(site: &Site, nth: usize) -> Command {
    let blocks: Vec<_> = site.blocks().cloned().collect();
    let block = blocks.get(nth % blocks.len().max(1)).cloned();
    Command::Insert(block.into_iter().map(gigasite::editor::Element::Block).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_many_undos_as_entries_give_the_identical_layout_and_redos_the_result(
        dice in proptest::collection::vec((any::<u8>(), any::<usize>(), any::<usize>(), any::<i16>()), 1..25)
    ) {
        let start: LayoutFile = tiny().to_file();
        let mut editor = editor(tiny());
        let mut entries = 0;
        let mut states = vec![start.clone()];
        for roll in dice {
            let command = command_of(editor.site(), roll);
            let before = editor.site().clone();
            match editor.apply(&command) {
                Ok(change) => {
                    prop_assert!(!change.label.is_empty() && !change.label.ends_with('.'));
                    prop_assert_eq!(change.changed, before != *editor.site());
                    entries += usize::from(change.changed);
                    if change.changed {
                        states.push(editor.site().to_file());
                    }
                }
                Err(_) => prop_assert_eq!(&before, editor.site()),
            }
            prop_assert_eq!(editor.history().len(), entries);
            for id in editor.selection().iter() {
                prop_assert!(id.canonical(editor.site()).is_some(), "{} is selected and gone", id);
            }
            // Whatever can be reached can be saved, and reads back the same.
            let text = file::to_ron(&editor.site().to_file());
            let read = file::parse(&text, "saved").map(Site::from_file);
            prop_assert_eq!(read.as_ref(), Ok(editor.site()));
            // Ids stay unique whatever is copied.
            let mut seen = std::collections::HashSet::new();
            prop_assert!(editor.site().elements().all(|e| seen.insert(e.id().to_owned())));
        }
        // Whatever was reached is written and read back the same.
        let text = file::to_ron(&editor.site().to_file());
        prop_assert_eq!(file::parse(&text, "test").expect("reads"), editor.site().to_file());
        for state in states.iter().rev().skip(1) {
            prop_assert!(editor.undo());
            prop_assert_eq!(&editor.site().to_file(), state);
        }
        prop_assert_eq!(&editor.site().to_file(), &start);
        // Bit for bit: equal floats may still differ in the sign of a zero.
        prop_assert_eq!(file::to_ron(&editor.site().to_file()), file::to_ron(&start));
        prop_assert!(!editor.document().is_dirty());
        prop_assert!(!editor.undo());
        for state in states.iter().skip(1) {
            prop_assert!(editor.redo());
            prop_assert_eq!(&editor.site().to_file(), state);
        }
        prop_assert!(!editor.redo());
        prop_assert_eq!(file::to_ron(&editor.site().to_file()), text);
    }
}

#[test]
fn labels_complete_undo_in_a_planners_words() {
    let mut editor = editor(tiny());
    for (command, words) in [
        (set("site.grid_contract_mw", "1020"), "Set grid contract to 1,020 MW"),
        (set("site.billable_frac", "0.6"), "Set billable to 60 %"),
        (set("site.grid_contract_mw", "unknown"), "Set grid contract to unknown"),
        (set("tiers.premium.price_usd_per_mtok", "45"), "Set price of Premium to $45 per M"),
        (
            set("tiers.premium.demand.1.volume_tok_s", "60e6"),
            "Set volume of Premium, step 2, to 60.0 M/s",
        ),
        (
            set("tiers.premium.min_tok_s_user", "60"),
            "Set least speed per user of Premium to 60 tok/s per user",
        ),
        (set("policy.shares.premium", "0.25"), "Set share of Premium to 25 %"),
        (set("policy.allocation", "FixedShares"), "Set allocation to fixed shares"),
        (set("nodes.sub-a.capacity_mw", "250"), "Set capacity of Substation A to 250 MW"),
        (set("loops.loop-1.cdus.cdu-1.heat_mw", "3"), "Set heat of CDU 1 to 3 MW"),
        (set("halls.hall-1.name", "\"North hall\""), "Rename hall 1 to North hall"),
        (set("halls.hall-1.name", "\"Hall 1\""), "Rename North hall to Hall 1"),
        (set("site.name", "\"Cedar\""), "Rename site to Cedar"),
        (set("racks.vr-nvl72.price_usd", "8e6"), "Set price of VR to $8.00 M"),
        (shift(&["b-1"], 1.0, 0.0), "Move 16 racks"),
        (shift(&["b-1", "blocks.b-2"], 1.0, 0.0), "Move 24 racks"),
        (shift(&["hall-2"], 0.0, 1.0), "Move hall 2"),
        (shift(&["hall-1", "hall-2"], 0.0, 1.0), "Move 2 halls"),
        (shift(&["sub-a"], 0.0, 1.0), "Move Substation A"),
        (shift(&["sub-a", "hall-1"], 0.0, 1.0), "Move 2 elements"),
        (Command::Duplicate { ids: ids(&["loop-1"]), dx: 0.0, dy: 0.0 }, "Duplicate loop 1"),
        (Command::AddTier(TierSource::Template("high".to_owned())), "Add tier High"),
        (Command::AddTier(TierSource::CopyOf("high".to_owned())), "Add tier High 2"),
        (Command::AddDemandStep { tier: "premium".to_owned() }, "Add demand step to Premium"),
        (
            Command::RemoveDemandStep { tier: "premium".to_owned(), index: 1 },
            "Remove demand step 2 of Premium",
        ),
        (Command::RemoveTier { tier: "batch".to_owned() }, "Remove tier Batch"),
        (Command::Remove { ids: ids(&["b-3"]) }, "Remove 16 racks"),
        (Command::Remove { ids: ids(&["hall-2"]) }, "Remove hall 2 with 1 block"),
        (
            Command::SetMany(vec![
                ("halls.hall-1.positions".to_owned(), "20".to_owned()),
                ("halls.hall-1.air_heat_mw".to_owned(), "1".to_owned()),
            ]),
            "Set 2 values",
        ),
        (
            Command::SetMany(vec![
                ("loops.loop-1.supply_c".to_owned(), "45".to_owned()),
                ("loops.loop-2.supply_c".to_owned(), "45".to_owned()),
            ]),
            "Set supply temperature of 2 elements to 45 °C",
        ),
    ] {
        assert_eq!(label(&mut editor, &command), words);
    }
}

#[test]
fn refused_commands_leave_site_and_history_alone() {
    let mut editor = editor(tiny());
    for command in [
        set("site.grid_contract", "5"),
        set("racks.nope.price_usd", "5"),
        set("units.x.racks", "5"),
        shift(&["nope"], 1.0, 1.0),
        shift(&[], 1.0, 1.0),
        shift(&["b-1"], f64::NAN, 1.0),
        Command::RemoveTier { tier: "nope".to_owned() },
        Command::AddTier(TierSource::Template("nope".to_owned())),
        Command::RemoveDemandStep { tier: "premium".to_owned(), index: 2 },
        Command::ResetOverride { path: "racks.vr-nvl72.price_usd".to_owned() },
        Command::SetMany(vec![
            ("site.grid_contract_mw".to_owned(), "5".to_owned()),
            ("site.nope".to_owned(), "5".to_owned()),
        ]),
    ] {
        assert!(editor.apply(&command).is_err(), "{command:?}");
        assert_eq!(*editor.site(), tiny(), "{command:?}");
    }
    assert!(editor.history().is_empty());
    let same = editor.apply(&set("site.grid_contract_mw", "20")).expect("a known field");
    assert!(!same.changed && editor.history().is_empty());
}

#[test]
fn one_gesture_is_one_entry_and_its_end_decides() {
    let mut editor = editor(tiny());
    editor.begin("Drag racks");
    for _ in 0..10 {
        editor.apply(&shift(&["b-2"], 1.0, 0.0)).expect("a block");
    }
    assert_eq!(editor.undo_label(), None);
    editor.commit();
    assert_eq!(editor.undo_label(), Some("Drag racks"));
    assert_eq!(editor.history().len(), 1);
    assert_eq!(editor.site().get("blocks.b-2.at.0"), Some(180.0.into()));
    assert!(editor.undo());
    assert_eq!(*editor.site(), tiny());

    editor.begin("");
    for metres in [1.0, 5.0, 2.0] {
        editor.reapply(&shift(&["b-2"], metres, 0.0)).expect("a block");
    }
    editor.commit();
    assert_eq!(editor.site().get("blocks.b-2.at.0"), Some(172.0.into()), "the whole distance");
    assert_eq!(editor.undo_label(), Some("Move 8 racks"));
    assert_eq!(editor.redo_label(), None, "a new entry ends redo");

    editor.begin("There and back");
    editor.apply(&shift(&["b-2"], 4.0, 0.0)).expect("a block");
    editor.apply(&shift(&["b-2"], -4.0, 0.0)).expect("a block");
    editor.commit();
    assert_eq!(editor.history().len(), 1, "nothing changed in the end");

    let before = editor.site().clone();
    editor.begin("Thought better of it");
    editor.apply(&shift(&["b-2"], 4.0, 0.0)).expect("a block");
    assert!(editor.abort());
    assert_eq!(*editor.site(), before);
    assert_eq!(editor.history().len(), 1);
}

#[test]
fn catalogue_values_become_overrides_with_the_first_old_value_and_a_signature() {
    let path = "tariffs.us-9c1.energy_usd_per_mwh";
    let old = catalog().tariffs["us-9c1"].energy_usd_per_mwh.get().expect("known");
    let mut editor = editor(tiny());
    editor.apply(&set(path, "100")).expect("a tariff");
    editor.apply(&set(&format!("{path}.value"), "120")).expect("the same tariff");
    let overrides = &editor.site().terms.overrides;
    assert_eq!(overrides.len(), 1);
    assert_eq!(overrides[0].path, path);
    assert_eq!(overrides[0].value, "120");
    assert_eq!(overrides[0].old.parse::<f64>().ok(), Some(old));
    assert_eq!(overrides[0].author, "A. Planner");
    assert_eq!(overrides[0].date, "2026-11-22");
    let in_force = |e: &Editor| e.catalog_in_force().tariffs["us-9c1"].energy_usd_per_mwh.get();
    assert_eq!(in_force(&editor), Some(120.0));
    assert_eq!(editor.catalog().tariffs["us-9c1"].energy_usd_per_mwh.get(), Some(old));

    editor.undo();
    assert_eq!(in_force(&editor), Some(100.0), "undo takes the catalogue along");
    editor.apply(&Command::ResetOverride { path: path.to_owned() }).expect("overridden");
    assert_eq!(in_force(&editor), Some(old));
    assert!(editor.site().terms.overrides.is_empty());
    editor.undo();
    editor.apply(&set(path, &old.to_string())).expect("a tariff");
    assert!(editor.site().terms.overrides.is_empty(), "the catalogue's own value is no override");
    let refused = editor.apply(&set("racks.vr-nvl72.price_usdd", "1"));
    assert!(matches!(refused, Err(EditError::Field(_))));
}

#[test]
fn an_edit_copies_one_hall_and_shares_the_rest() {
    let site = layout("layouts/campus-1gw.ron");
    let block = site.blocks().next().expect("blocks").id.clone();
    let mut editor = editor(site.clone());
    editor.apply(&shift(&[&block], 0.01, 0.0)).expect("a block");
    let own = site.halls.iter().zip(&editor.site().halls).filter(|(a, b)| !Arc::ptr_eq(a, b));
    assert_eq!(own.count(), 1);
    assert!(Arc::ptr_eq(&site.campus, &editor.site().campus));
    assert!(Arc::ptr_eq(&site.terms, &editor.site().terms));
    editor.apply(&set("site.grid_contract_mw", "999")).expect("a field");
    assert!(Arc::ptr_eq(&site.campus, &editor.site().campus));
}

#[test]
fn an_edit_of_a_node_shares_nearly_all_of_the_campus() {
    let site = layout("layouts/campus-1gw.ron");
    let node = site.campus.nodes[100].id.clone();
    let mut editor = editor(site.clone());
    editor.apply(&set(&format!("nodes.{node}.capacity_mw"), "12.5")).expect("a field");
    let parts = |site: &Site| {
        let (campus, mut parts) = (&site.campus, Vec::new());
        campus.nodes.parts(|part, elements| parts.push((part, elements.len())));
        campus.loops.parts(|part, elements| parts.push((part, elements.len())));
        campus.areas.parts(|part, elements| parts.push((part, elements.len())));
        parts
    };
    let before = parts(&site);
    let copied: Vec<_> =
        parts(editor.site()).into_iter().filter(|part| !before.contains(part)).collect();
    assert_eq!(copied.len(), 1, "of {} parts", before.len());
    assert!(copied[0].1 <= 128);
    assert_eq!(editor.site().find(&node).map(|e| e.path()), site.find(&node).map(|e| e.path()));
    assert!(editor.undo());
    assert_eq!(file::to_ron(&editor.site().to_file()), file::to_ron(&site.to_file()));
}

#[test]
fn halls_rows_and_loops_move_with_what_belongs_to_them() {
    let mut editor = editor(tiny());
    let at = |editor: &Editor, path: &str| editor.site().get(&format!("{path}.at")).expect(path);
    editor.apply(&shift(&["halls.hall-1"], 10.0, 5.0)).expect("a hall");
    assert_eq!(at(&editor, "halls.hall-1"), serde_json::json!([60.0, 55.0]));
    assert_eq!(at(&editor, "rows.row-1"), serde_json::json!([80.0, 65.0]));
    assert_eq!(at(&editor, "blocks.b-1"), serde_json::json!([80.0, 65.0]));
    assert_eq!(at(&editor, "blocks.b-2"), serde_json::json!([170.0, 60.0]));
    editor.undo();
    // Chosen twice over, moved once.
    editor.apply(&shift(&["hall-1", "row-1", "b-1"], 10.0, 0.0)).expect("elements");
    assert_eq!(at(&editor, "blocks.b-1"), serde_json::json!([80.0, 60.0]));
    editor.undo();
    editor.apply(&shift(&["loop-1"], 0.0, 5.0)).expect("a loop");
    assert_eq!(at(&editor, "loops.loop-1.cdus.cdu-1"), serde_json::json!([60.0, 65.0]));
    assert_eq!(at(&editor, "loops.loop-1.rejection.dry-1"), serde_json::json!([60.0, 5.0]));
    editor.undo();
    editor.apply(&shift(&["loops.loop-1.cdus.cdu-1"], 0.0, 5.0)).expect("a CDU");
    assert_eq!(at(&editor, "loops.loop-1.rejection.dry-1"), serde_json::json!([60.0, 0.0]));
}

#[test]
fn block_dragged_into_another_hall_is_fed_and_cooled_as_its_neighbours() {
    let mut editor = editor(tiny());
    assert_eq!(label(&mut editor, &shift(&["b-1"], 100.0, 30.0)), "Move 16 racks to hall 2");
    let block = editor.site().get("blocks.b-1").expect("still there");
    assert_eq!(block["hall"], "hall-2");
    assert_eq!(block["loop"], "loop-2");
    assert_eq!(block.get("row"), None);
    assert_eq!(editor.site().halls[0].blocks.len(), 0);
    // A pool outside any hall keeps its hall: it is being carried.
    editor.undo();
    assert_eq!(label(&mut editor, &shift(&["b-1"], 0.0, 120.0)), "Move 16 racks");
    assert_eq!(editor.site().get("blocks.b-1.hall"), Some("hall-1".into()));
}

#[test]
fn removal_forgets_listed_references_and_leaves_single_ones_to_be_reported() {
    let mut editor = editor(tiny());
    editor.apply(&Command::Remove { ids: ids(&["tx-1"]) }).expect("a node");
    assert_eq!(editor.site().get("nodes.sub-a.from"), Some(serde_json::json!([])));
    editor.undo();
    editor.apply(&Command::Remove { ids: ids(&["rows.row-1"]) }).expect("a row");
    assert_eq!(editor.site().get("blocks.b-1.row"), None);
    editor.apply(&Command::Remove { ids: ids(&["sub-a", "hall-1"]) }).expect("elements");
    assert!(editor.site().find("b-1").is_none());
    assert_eq!(editor.site().get("blocks.b-2.node"), Some("sub-a".into()));
    editor.apply(&Command::RemoveTier { tier: "premium".to_owned() }).expect("a tier");
    assert!(!editor.site().terms.policy.shares.contains_key("premium"));
}

#[test]
fn copies_refer_to_copies_and_become_the_selection() {
    let mut editor = editor(tiny());
    let copy = Command::Duplicate { ids: ids(&["hall-1", "loop-1"]), dx: 0.0, dy: 80.0 };
    editor.apply(&copy).expect("a hall and a loop");
    let block = editor.site().get("blocks.b-4").expect("b-1 to b-3 are taken");
    assert_eq!(block["hall"], "hall-3");
    assert_eq!(block["row"], "row-2");
    assert_eq!(block["loop"], "loop-3");
    assert_eq!(block["node"], "sub-a");
    assert_eq!(block["at"], serde_json::json!([70.0, 140.0]));
    assert_eq!(editor.site().get("halls.hall-3.name"), Some("Hall 3".into()));
    assert_eq!(editor.site().get("loops.loop-3.cdus.cdu-3.at.1"), Some(140.0.into()));
    let selected: Vec<&str> = editor.selection().iter().map(ElementId::as_str).collect();
    assert!(selected.contains(&"halls.hall-3") && selected.contains(&"loops.loop-3"));
    editor.undo();
    assert!(editor.selection().is_empty(), "what is gone is not selected");
}

#[test]
fn selection_takes_ids_and_paths_and_keeps_a_primary() {
    let mut editor = editor(tiny());
    editor.select(ids(&["b-1", "tiers.premium", "nope", "nodes.sub-a"]));
    assert_eq!(editor.selection().len(), 3);
    assert_eq!(editor.selection().primary().map(ElementId::as_str), Some("nodes.sub-a"));
    assert!(editor.selection().contains("blocks.b-1"));
    editor.toggle(&ElementId::from("nodes.sub-a"));
    assert_eq!(editor.selection().primary().map(ElementId::as_str), Some("tiers.premium"));
    let of = |path: &str| ElementId::of_path(editor.site(), path).map(|id| id.to_string());
    assert_eq!(of("tiers.premium.demand.0.volume_tok_s").as_deref(), Some("tiers.premium"));
    assert_eq!(of("loops.loop-1.cdus.cdu-1.heat_mw").as_deref(), Some("loops.loop-1.cdus.cdu-1"));
    assert_eq!(of("site.grid_contract_mw").as_deref(), Some("site"));
    assert_eq!(of("racks.vr-nvl72.price_usd"), None);
}

#[test]
fn tiers_come_from_templates_and_grow_steps_that_can_sell() {
    let mut editor = editor(tiny());
    editor.apply(&Command::AddTier(TierSource::Template("high".to_owned()))).expect("a template");
    let tier = editor.site().get("tiers.high").expect("added");
    let price = catalog().tier_templates["high"].price_usd_per_mtok.get();
    assert_eq!(tier["demand"][0]["price_usd_per_mtok"].as_f64(), price);
    assert_eq!(tier["demand"][0]["volume_tok_s"], "unlimited");
    editor.apply(&Command::AddDemandStep { tier: "high".to_owned() }).expect("a tier");
    let demand = editor.site().get("tiers.high.demand").expect("steps");
    assert_eq!(demand[0]["volume_tok_s"], 0.0, "a step behind an unlimited one never sells");
    assert_eq!(demand[1]["volume_tok_s"], "unlimited");
}

#[test]
fn new_block_stands_in_the_hall_under_it_and_can_be_inserted_twice() {
    let mut editor = editor(tiny());
    let catalog = catalog();
    let block = new_block(editor.site(), &catalog, ("vr-nvl72", 16), [170.0, 90.0]);
    let block = block.expect("the size of the rack is known");
    assert_eq!(block.hall.as_deref(), Some("hall-2"));
    assert_eq!(block.cooling_loop.as_deref(), Some("loop-2"));
    assert_eq!(block.phase.as_deref(), Some("two"));
    let insert = Command::Insert(vec![gigasite::editor::Element::Block(block)]);
    assert_eq!(label(&mut editor, &insert), "Add 16 racks");
    assert_eq!(label(&mut editor, &insert), "Add 16 racks");
    assert_eq!(editor.site().halls[1].blocks.len(), 4);
    assert!(editor.selection().contains("blocks.block-2"));
    let report = gigasite::site::validate(editor.site(), &catalog).1;
    let ours = |d: &&gigasite::diag::Diagnostic| {
        d.path.starts_with("blocks.block-") && d.severity == gigasite::diag::Severity::Error
    };
    let faults: Vec<_> = report.items.iter().filter(ours).collect();
    assert!(faults.iter().all(|d| d.code.contains("overlap")), "{faults:?}");
}
