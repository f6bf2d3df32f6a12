//! Memory and gestures of the history, on hand-made states.

use super::*;
use crate::site::{LayoutFile, Site};

fn site(notes: usize) -> Site {
    let text = format!(
        "(version: 1, site: (name: \"S\", infrastructure: Built, notes: \"{}\"), hours: [], tiers: [], blocks: [])",
        "x".repeat(notes)
    );
    let file: LayoutFile = crate::site::file::parse(&text, "test").expect("a layout");
    Site::from_file(file)
}

fn layout(notes: usize) -> Layout {
    site(notes).into()
}

fn snapshot(revision: u64, notes: usize) -> Snapshot {
    Snapshot { revision, ..Snapshot::first(layout(notes)) }
}

#[test]
fn memory_bounds_the_history_not_a_count_and_the_newest_entry_stays() {
    // Far more entries than anybody counts fit where each is small.
    let mut small = History::default();
    for revision in 0..5_000 {
        small.record("Edit", &snapshot(revision, 1), &layout(1));
    }
    assert_eq!(small.len(), 5_000);
    // Few stay where each takes much; the newest one always.
    let mut large = History::default();
    for revision in 0..5 {
        large.record(
            &format!("Edit {revision}"),
            &snapshot(revision, BUDGET_BYTES / 3),
            &layout(1),
        );
    }
    assert_eq!(large.len(), 2);
    large.record("All of it", &snapshot(9, BUDGET_BYTES + 1), &layout(1));
    assert_eq!((large.len(), large.undo_label()), (1, Some("All of it")));
}

#[test]
fn oldest_entries_go_first_when_memory_is_short_but_so_many_as_asked_stay() {
    let mut history = History::default();
    for revision in 0..150 {
        let label = format!("Edit {revision}");
        history.record(&label, &snapshot(revision, 10_000), &layout(1));
    }
    assert_eq!(history.len(), 150);
    history.trim(1_000_000, 100);
    assert_eq!(history.len(), 100);
    assert_eq!(history.labels().last(), Some("Edit 50"));
    history.trim(500_000, 10);
    let bytes: usize = history.done.iter().map(|entry| entry.bytes).sum();
    assert!(bytes <= 500_000 && history.len() > 40, "{bytes} bytes in {} entries", history.len());
    assert_eq!(history.undo_label(), Some("Edit 149"));
}

#[test]
fn shared_parts_cost_nothing() {
    let old = site(1_000_000);
    let mut new = old.clone();
    Arc::make_mut(&mut new.campus);
    let own = |old: &Site, new: &Site| own_bytes(&old.clone().into(), &new.clone().into());
    assert!(own(&old, &new) < 10_000);
    Arc::make_mut(&mut new.terms);
    assert!(own(&old, &new) > 1_000_000);
}

#[test]
fn a_gesture_is_one_entry_and_nothing_if_it_changed_nothing() {
    let mut history = History::default();
    let start = snapshot(7, 1);
    history.begin("", &start);
    assert_eq!(history.undo_label(), None);
    history.record("Move 16 racks", &start, &layout(2));
    history.record("Move something else", &snapshot(8, 2), &layout(3));
    assert!(history.undo(&snapshot(9, 3)).is_none(), "a gesture must end before undo");
    assert_eq!(history.commit(&layout(3)), None);
    assert_eq!(history.undo_label(), Some("Move 16 racks"));
    assert_eq!(history.len(), 1);

    history.begin("Drag", &start);
    history.record("Away", &start, &layout(2));
    history.record("And back", &snapshot(8, 2), &layout(1));
    assert_eq!(history.commit(&layout(1)), Some(start));
    assert_eq!(history.len(), 1);
}

#[test]
fn switches_that_follow_each_other_are_one_entry_and_none_where_they_end_at_the_start() {
    let mut history = History::default();
    let at = |active| Snapshot { active, ..snapshot(1, 1) };
    history.record("Edit", &snapshot(0, 1), &layout(2));
    history.record_switch("Switch to B", &at(0), 1);
    history.record_switch("Switch to C", &at(1), 2);
    assert_eq!((history.len(), history.undo_label()), (2, Some("Switch to C")));
    history.record_switch("Switch to A", &at(2), 0);
    assert_eq!((history.len(), history.undo_label()), (1, Some("Edit")));
}
