//! Aligning, distributing, resizing: against closed forms.

use super::{editor, ids, label, layout, shift, tiny};
use gigasite::catalog::Catalog;
use gigasite::editor::{
    Axis, Command, Edge, EditError, Editor, ElementId, Relation, Side, extent, related,
};
use gigasite::site::{Block, Site, validate};

type Place = ([f64; 2], [f64; 2]);

fn place(site: &Site, id: &str) -> Place {
    site.find(id).and_then(|e| e.rectangle()).unwrap_or_else(|| panic!("{id} has no place"))
}

fn block<'a>(site: &'a Site, id: &str) -> &'a Block {
    site.blocks().find(|b| b.id == id).expect("the block")
}

fn resize(id: &str, at: [f64; 2], size: [f64; 2]) -> Command {
    Command::Resize { id: id.into(), at, size }
}

fn refused(editor: &mut Editor, command: &Command) -> EditError {
    let before = editor.site().clone();
    let error = editor.apply(command).expect_err("is refused");
    assert_eq!(*editor.site(), before);
    error
}

#[test]
fn aligned_elements_share_an_edge_or_a_middle_of_what_lies_around_them() {
    let chosen = ["grid", "tx-1", "sub-a"];
    let boxes: Vec<Place> = chosen.iter().map(|id| place(&tiny(), id)).collect();
    for edge in Edge::ALL {
        let mut editor = editor(tiny());
        // Apart from each other, so that every edge has something to do.
        editor.apply(&shift(&["tx-1"], 0.0, 33.0)).expect("moves");
        let before: Vec<Place> = chosen.iter().map(|id| place(editor.site(), id)).collect();
        let ids = ids(&chosen);
        let words = label(&mut editor, &Command::Align { ids, edge });
        assert!(words.starts_with("Align ") && words.ends_with(" of 3 elements"), "{words}");
        let (axis, share) = match edge {
            Edge::Left => (0, 0.0),
            Edge::Centre => (0, 0.5),
            Edge::Right => (0, 1.0),
            Edge::Top => (1, 0.0),
            Edge::Middle => (1, 0.5),
            Edge::Bottom => (1, 1.0),
        };
        let low = before.iter().map(|b| b.0[axis]).fold(f64::INFINITY, f64::min);
        let high = before.iter().map(|b| b.0[axis] + b.1[axis]).fold(0.0, f64::max);
        for ((id, old), (_, size)) in chosen.iter().zip(&before).zip(&boxes) {
            let (at, now) = place(editor.site(), id);
            assert_eq!(now, *size, "nothing changes its size");
            let line = at[axis] + now[axis] * share;
            assert!((line - (low + (high - low) * share)).abs() < 1e-9, "{edge:?} {id} {line}");
            assert_eq!(at[1 - axis], old.0[1 - axis], "the other coordinate stays");
        }
    }
}

#[test]
fn a_hall_is_aligned_with_all_that_stands_in_it() {
    let mut editor = editor(tiny());
    editor.apply(&shift(&["hall-2"], 0.0, 12.5)).expect("moves");
    let offset = |site: &Site| place(site, "b-2").0[1] - place(site, "hall-2").0[1];
    let before = offset(editor.site());
    // The block moves along and does not count beside its hall.
    let ids = ids(&["hall-1", "hall-2", "b-2"]);
    label(&mut editor, &Command::Align { ids, edge: Edge::Top });
    assert_eq!(place(editor.site(), "hall-2").0[1], place(editor.site(), "hall-1").0[1]);
    assert_eq!(offset(editor.site()), before);
}

#[test]
fn distributed_elements_have_equal_gaps_and_the_outermost_stay() {
    let mut editor = editor(tiny());
    let chosen = ["grid", "tx-1", "sub-a", "dry-2"];
    let (first, last) = (place(editor.site(), "grid"), place(editor.site(), "dry-2"));
    let command = Command::Distribute { ids: ids(&chosen), axis: Axis::Horizontal };
    assert_eq!(label(&mut editor, &command), "Distribute 4 elements horizontally");
    let now: Vec<Place> = chosen.iter().map(|id| place(editor.site(), id)).collect();
    assert_eq!((now[0], now[3]), (first, last));
    let widths: f64 = now.iter().map(|p| p.1[0]).sum();
    let gap = (last.0[0] + last.1[0] - first.0[0] - widths) / 3.0;
    for pair in now.windows(2) {
        assert!((pair[1].0[0] - pair[0].0[0] - pair[0].1[0] - gap).abs() < 1e-9);
    }
    assert!(!editor.apply(&command).expect("applies").changed, "twice is once");
}

#[test]
fn too_few_elements_are_neither_aligned_nor_distributed() {
    let mut editor = editor(tiny());
    let alone = Command::Align { ids: ids(&["hall-1", "b-1"]), edge: Edge::Left };
    let error = refused(&mut editor, &alone);
    assert_eq!(error.to_string(), "select 2 or more elements to align them");
    let two = Command::Distribute { ids: ids(&["grid", "tx-1"]), axis: Axis::Vertical };
    assert!(refused(&mut editor, &two).to_string().contains("3 or more"));
}

#[test]
fn a_hall_is_never_smaller_than_what_stands_in_it() {
    let mut editor = editor(tiny());
    let (at, size) = place(editor.site(), "hall-1");
    let blocks = place(editor.site(), "b-1");
    label(&mut editor, &resize("halls.hall-1", at, [size[0] + 6.0, size[1]]));
    assert_eq!(editor.undo_label(), Some("Resize hall 1"));
    assert_eq!(place(editor.site(), "hall-1").1[0], size[0] + 6.0);
    assert_eq!(place(editor.site(), "b-1"), blocks, "what stands in it stays");
    let error = refused(&mut editor, &resize("halls.hall-1", at, [10.0, size[1]]));
    let words = error.to_string();
    assert!(words.contains("hall 1") && words.contains("would not fit"), "{words}");
    let error = refused(&mut editor, &resize("halls.hall-1", at, [150.0, size[1]]));
    assert!(error.to_string().contains("overlap hall 2"), "{error}");
    for size in [[0.0, 5.0], [5.0, -1.0], [f64::NAN, 5.0]] {
        let error = refused(&mut editor, &resize("feeds.grid", [0.0, 0.0], size));
        assert!(error.to_string().contains("above zero"), "{error}");
    }
    let error = refused(&mut editor, &resize("loops.loop-1", at, size));
    assert_eq!(error, EditError::NoPlace);
}

#[test]
fn a_block_is_resized_in_whole_racks_at_its_own_spacing() {
    let mut editor = editor(layout("layouts/pilot-20mw.ron"));
    let before = block(editor.site(), "r1-b2").clone();
    assert_eq!((before.count, before.size), (Some(8), [8.8, 1.2]), "a rack takes 1.1 m");
    // Half a rack more is no rack more.
    let same = resize("blocks.r1-b2", before.at, [8.8 + 0.5, 1.2]);
    assert!(!editor.apply(&same).expect("applies").changed);
    label(&mut editor, &resize("blocks.r1-b2", before.at, [8.8 - 2.0, 1.2]));
    let now = block(editor.site(), "r1-b2");
    assert_eq!((now.count, now.racks_per_line, now.at), (Some(6), Some(6), before.at));
    assert!((now.size[0] - 6.6).abs() < 1e-9, "{:?}", now.size);
    // The west side moves, the east side stays.
    let from = [before.at[0] + 3.3, before.at[1]];
    label(&mut editor, &resize("blocks.r1-b2", from, [3.3, 1.2]));
    let now = block(editor.site(), "r1-b2");
    assert_eq!(now.count, Some(3));
    assert!((now.at[0] + now.size[0] - (before.at[0] + 6.6)).abs() < 1e-9);
    let error = refused(&mut editor, &resize("blocks.r1-b1", [40.0, 54.0], [23.0, 1.2]));
    assert!(error.to_string().contains("overlap"), "{error}");
}

#[test]
fn a_block_grows_by_lines_and_takes_them_back() {
    let mut editor = editor(tiny());
    let grow = |by_m: f64| Command::Grow { ids: ids(&["b-2"]), side: Side::South, by_m };
    let before = block(editor.site(), "b-2").clone();
    assert_eq!(label(&mut editor, &grow(0.6)), "Grow 8 racks at the south");
    let now = block(editor.site(), "b-2").clone();
    assert_eq!((now.count, now.racks_per_line), (Some(16), Some(8)));
    assert_eq!(now.size, [before.size[0], 2.0 * before.size[1]]);
    label(&mut editor, &grow(-0.6));
    let back = block(editor.site(), "b-2");
    assert_eq!((back.count, back.size, back.at), (before.count, before.size, before.at));
    let catalog = Catalog::embedded_arc().expect("reads");
    let (valid, report) = validate(editor.site(), &catalog);
    assert!(valid.is_some(), "{report:?}");
}

#[test]
fn a_planned_block_is_resized_by_its_most_racks() {
    let mut editor = editor(tiny());
    let command = Command::Grow { ids: ids(&["b-3"]), side: Side::East, by_m: -5.0 };
    label(&mut editor, &command);
    let planned = block(editor.site(), "b-3").planned.clone().expect("planned");
    assert_eq!(planned.max, 12, "5 m are four racks of 1.25 m");
}

#[test]
fn elements_move_to_a_place_exactly() {
    let mut editor = editor(tiny());
    let command = Command::MoveTo { ids: ids(&["hall-1"]), x: Some(51.3), y: None };
    assert_eq!(label(&mut editor, &command), "Move hall 1");
    assert_eq!(place(editor.site(), "hall-1").0, [51.3, 50.0]);
    assert_eq!(place(editor.site(), "b-1").0, [71.3, 60.0], "with what stands in it");
    let both = ids(&["grid", "loops.loop-2"]);
    let command = Command::MoveTo { ids: both.clone(), x: Some(1.0), y: Some(2.0) };
    label(&mut editor, &command);
    let (low, _) = extent(editor.site(), &both).expect("a place");
    assert_eq!(low, [1.0, 2.0]);
}

#[test]
fn everything_and_everything_else_can_be_selected() {
    let site = layout("layouts/pilot-20mw.ron");
    let all = related(&site, &[], Relation::All);
    let machines = site.campus.loops.iter().map(|l| l.cdus.len() + l.rejection.len());
    assert_eq!(all.len(), site.elements().count() - machines.sum::<usize>());
    let block = ElementId::from("blocks.r1-b1");
    let others = related(&site, std::slice::from_ref(&block), Relation::Others);
    // Whatever is done to the others leaves the block as and where it is.
    let before = site.find("r1-b1").and_then(|e| e.rectangle());
    let mut editor = editor(site.clone());
    label(&mut editor, &Command::Move { ids: others.clone(), dx: 7.0, dy: 3.0 });
    assert_eq!(editor.site().find("r1-b1").and_then(|e| e.rectangle()), before);
    assert!(others.contains(&ElementId::from("blocks.r1-b2")));
    assert!(!others.contains(&ElementId::from("halls.hall")), "the hall holds it");
    let inverted = related(&site, &[ElementId::from("halls.hall")], Relation::Others);
    let inside = |id: &ElementId| id.as_str().starts_with("blocks.");
    assert!(!inverted.is_empty() && !inverted.iter().any(inside), "blocks belong to the hall");
}
