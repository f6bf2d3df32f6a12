//! Rows and columns of copies: against closed forms, the checks and undo.

use super::{catalog, editor, ids, label, layout, tiny};
use gigasite::editor::{
    Array, Command, Document, EditError, Editor, Signature, array_ghost, beside, copied, room_for,
};
use gigasite::site::{Fragment, Site, file, validate};
use proptest::prelude::*;
use std::collections::HashSet;

const STANDING: [&str; 7] = [
    "overlap",
    "outside-hall",
    "machines-overlap",
    "too-close",
    "outside-parcel",
    "near-boundary",
    "setback",
];

fn array(of: &[&str], columns: u32, rows: u32, pitch_m: [f64; 2]) -> Command {
    Command::Array { ids: ids(of), array: Array { columns, rows, pitch_m } }
}

fn place(site: &Site, id: &str) -> ([f64; 2], [f64; 2]) {
    site.find(id).and_then(|e| e.rectangle()).unwrap_or_else(|| panic!("{id} has no place"))
}

/// Findings of standing, with the paths that they are about.
fn standing(site: &Site) -> Vec<String> {
    let items = validate(site, &catalog()).1.items;
    let own = items.iter().filter(|d| STANDING.contains(&d.code.as_str()));
    own.map(|d| format!("{} {}", d.path, d.message)).collect()
}

/// A bare parcel with one hall of a size and a row of racks in it.
fn hall_with_racks(size: [f64; 2]) -> Site {
    let mut site = tiny();
    let campus = std::sync::Arc::make_mut(&mut site.campus);
    campus.loops.iter_mut().for_each(|l| l.cdus.clear());
    let group = std::sync::Arc::make_mut(&mut site.halls[0]);
    group.rows.clear();
    group.hall.as_mut().expect("a hall").size = size;
    let block = &mut group.blocks[0];
    block.row = None;
    (block.at, block.size) = ([52.0, 52.0], [9.6, 1.2]);
    site
}

#[test]
fn copies_stand_at_whole_pitches_and_the_selection_is_all_of_them() {
    let mut editor = editor(hall_with_racks([80.0, 60.0]));
    let before: HashSet<String> = editor.site().elements().map(|e| e.id().to_owned()).collect();
    let words = label(&mut editor, &array(&["b-1"], 3, 4, [12.0, 3.0]));
    assert_eq!(words, "Array 16 racks as 3 × 4");
    let mut found: Vec<[f64; 2]> =
        editor.site().blocks().filter(|b| !before.contains(&b.id)).map(|b| b.at).collect();
    found.sort_by(|a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
    let expected: Vec<[f64; 2]> = (0..12)
        .map(|i| [52.0 + 12.0 * f64::from(i % 3), 52.0 + 3.0 * f64::from(i / 3)])
        .skip(1)
        .collect();
    assert_eq!(found, expected);
    assert_eq!(editor.selection().len(), 11);
    assert_eq!(editor.history().len(), 1, "one entry");
    assert!(editor.undo());
    assert_eq!(*editor.site(), hall_with_racks([80.0, 60.0]));
}

#[test]
fn a_hall_is_repeated_with_all_that_stands_in_it_and_references_stay_inside() {
    let mut site = tiny();
    std::sync::Arc::make_mut(&mut site.terms).site.parcel =
        vec![[-500.0, -500.0], [900.0, -500.0], [900.0, 900.0], [-500.0, 900.0]];
    let mut editor = editor(site);
    let start = Array::start(editor.site(), &catalog(), &ids(&["hall-1"])).expect("starts");
    let command = Command::Array {
        ids: ids(&["hall-1"]),
        array: Array { columns: 1, rows: 3, pitch_m: start.pitch_m },
    };
    assert_eq!(label(&mut editor, &command), "Array hall 1 as 1 × 3");
    for (hall, row, n) in [("hall-3", "row-2", 1.0), ("hall-4", "row-3", 2.0)] {
        assert_eq!(place(editor.site(), hall).0, [50.0, 50.0 + n * start.pitch_m[1]]);
        let block = editor.site().blocks().find(|b| b.row.as_deref() == Some(row));
        assert_eq!(block.and_then(|b| b.hall.as_deref()), Some(hall), "{row}");
    }
}

#[test]
fn no_default_pitch_breaks_a_check() {
    let catalog = catalog();
    let mut tried = 0;
    for name in ["campus-1gw", "pilot-20mw", "mixed-250mw", "estimated-100mw"] {
        let site = layout(&format!("layouts/{name}.ron"));
        // One of each kind and orientation, each alone on endless ground.
        let mut kinds = HashSet::new();
        for element in site.elements() {
            let Some((_, size)) = element.rectangle() else { continue };
            if element.hall().is_some() || !kinds.insert((element.kind_name(), size[0] > size[1])) {
                continue;
            }
            let id = ids(&[element.id()]);
            let mut alone = site.clone();
            std::sync::Arc::make_mut(&mut alone.terms).site.parcel.clear();
            let all: HashSet<String> = gigasite::editor::carried(&site, &id);
            let mut editor = Editor::new(Document::new(alone), catalog.clone());
            editor.set_signature(Signature::default());
            let others: Vec<_> = site
                .elements()
                .filter(|e| !all.contains(e.id()) && e.rectangle().is_some())
                .filter(|e| e.hall().is_none_or(|h| !all.contains(h)))
                .map(|e| gigasite::editor::ElementId::new(e.path()))
                .collect();
            editor.apply(&Command::Remove { ids: others }).expect("removes");
            let array = Array::start(editor.site(), &catalog, &id).expect("has a place");
            let array = Array { columns: 3, rows: 3, ..array };
            let ghost = array_ghost(editor.site(), &catalog, &id, &array);
            assert_eq!(ghost.refusal, None, "{name} {}", element.path());
            tried += 1;
        }
    }
    assert!(tried > 15, "{tried}");
}

#[test]
fn the_default_pitch_is_the_size_and_what_practice_asks_for() {
    let catalog = catalog();
    let practice = |id: &str| catalog.practice[id].value.get().expect("is known");
    let site = hall_with_racks([80.0, 60.0]);
    let pitch = |of: &str| Array::start(&site, &catalog, &ids(&[of])).expect("starts").pitch_m;
    // End to end nothing, across the faces an aisle.
    assert_eq!(pitch("b-1"), [9.6, ((1.2 + practice("aisle-m")) * 100.0).round() / 100.0]);
    assert_eq!(pitch("tx-1"), [10.0 + practice("transformer-m"), 10.0 + practice("transformer-m")]);
    assert_eq!(pitch("sub-a"), [20.0, 20.0], "nothing asks for a distance");
}

#[test]
fn what_cannot_stand_is_refused_with_the_reason_and_changes_nothing() {
    let site = hall_with_racks([24.0, 10.0]);
    for (command, reason) in [
        (array(&["b-1"], 3, 1, [9.6, 3.0]), "reaches beyond hall"),
        (array(&["b-1"], 1, 2, [9.6, 1.5]), "an aisle for service and air takes"),
        (array(&["b-1"], 2, 1, [4.0, 3.0]), "overlap"),
        (array(&["sub-a"], 1, 12, [20.0, 20.0]), "parcel"),
        (array(&["b-1"], 1, 1, [9.6, 3.0]), "what is there already"),
        (array(&["b-1"], 0, 1, [9.6, 3.0]), "at least one column"),
        (array(&["b-1"], 2, 1, [0.0, 3.0]), "on top of each other"),
        (array(&["b-1"], 2, 1, [f64::NAN, 3.0]), "not a finite number"),
        (array(&["b-1"], 30_000, 30_000, [9.6, 3.0]), "at most 20,000 elements"),
    ] {
        let mut editor = editor(site.clone());
        let error = editor.apply(&command).expect_err(reason);
        assert!(error.to_string().contains(reason), "{reason}: {error}");
        assert_eq!(*editor.site(), site);
        assert_eq!(editor.history().len(), 0);
        let Command::Array { ids, array } = &command else { continue };
        let ghost = array_ghost(&site, &catalog(), ids, array);
        let said = ghost.refusal.unwrap_or_default().to_lowercase();
        assert_eq!(said, error.to_string().to_lowercase(), "preview and command agree");
    }
    assert_eq!(editor(site).apply(&array(&[], 2, 2, [1.0, 1.0])), Err(EditError::NothingSelected));
}

#[test]
fn duplicated_and_pasted_racks_keep_the_aisle() {
    // Room for five lines of 1.2 m with aisles of 1.2 m, and no more.
    let mut editor = editor(hall_with_racks([14.0, 15.0]));
    for n in 0..4 {
        let catalog = catalog();
        let command = if n % 2 == 0 {
            let [dx, dy] = beside(editor.site(), &catalog, &ids(&["b-1"]));
            Command::Duplicate { ids: ids(&["b-1"]), dx, dy }
        } else {
            let text = copied(editor.site(), &ids(&["b-1"])).expect("copies").to_text();
            let fragment = Fragment::parse(&text).expect("reads");
            let [dx, dy] = room_for(editor.site(), &catalog, &fragment);
            Command::Paste { fragment: Box::new(fragment), dx, dy }
        };
        editor.apply(&command).expect("has room");
        let lines = editor.site().halls[0].blocks.len();
        assert_eq!(lines, n + 2, "stands in the hall");
        assert_eq!(standing(editor.site()), Vec::<String>::new(), "copy {n}");
    }
    let tops: HashSet<i64> =
        editor.site().halls[0].blocks.iter().map(|b| (b.at[1] * 10.0).round() as i64).collect();
    assert_eq!(tops.len(), 5, "one below the other: {tops:?}");
}

#[test]
fn a_copy_that_leaves_its_row_is_not_counted_to_it() {
    let mut editor = editor(tiny());
    editor.apply(&Command::Duplicate { ids: ids(&["b-1"]), dx: 0.0, dy: 20.0 }).expect("copies");
    let copy = editor.site().blocks().find(|b| b.id == "b-4").expect("the copy");
    assert_eq!((copy.hall.as_deref(), copy.row.as_deref()), (Some("hall-1"), None));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_array_and_its_undo_leave_the_file_bit_for_bit(
        (a, b) in (any::<usize>(), any::<usize>()),
        (columns, rows) in (1_u32..5, 1_u32..5),
        (east, south) in (-300_i32..300, -300_i32..300),
        stated in any::<bool>(),
    ) {
        let site = if stated { hall_with_racks([80.0, 60.0]) } else { tiny() };
        let elements: Vec<_> =
            site.elements().map(|e| gigasite::editor::ElementId::new(e.path())).collect();
        let of = vec![elements[a % elements.len()].clone(), elements[b % elements.len()].clone()];
        let before = file::to_ron(&site.to_file());
        let mut editor = editor(site.clone());
        let pitch_m = [f64::from(east) / 7.0, f64::from(south) / 7.0];
        let known = site.elements().count();
        let array = Array { columns, rows, pitch_m };
        match editor.apply(&Command::Array { ids: of.clone(), array }) {
            Ok(_) => {
                let each = gigasite::editor::carried(&site, &of).len();
                let copies = (columns * rows - 1) as usize;
                prop_assert_eq!(editor.site().elements().count(), known + each * copies);
                let mut seen = HashSet::new();
                prop_assert!(editor.site().elements().all(|e| seen.insert(e.id().to_owned())));
                let text = file::to_ron(&editor.site().to_file());
                prop_assert_eq!(&file::parse(&text, "x").map(Site::from_file), &Ok(editor.site().clone()));
                prop_assert!(editor.undo());
            }
            Err(_) => prop_assert!(!editor.undo()),
        }
        prop_assert_eq!(file::to_ron(&editor.site().to_file()), before);
        prop_assert!(!editor.document().is_dirty());
    }
}
