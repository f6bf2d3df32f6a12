//! Groups and locks: what they keep together and what they keep as it is.

use super::{catalog, editor, ids, label, set, shift, tiny};
use gigasite::editor::{
    Command, Difference, Edge, EditError, ElementId, copied, group_of, locked_words, with_groups,
};
use gigasite::site::{Fragment, Site, file, validate};

fn group(of: &[&str]) -> Command {
    Command::Group { ids: ids(of) }
}

fn lock(of: &[&str]) -> Command {
    Command::Lock { ids: ids(of) }
}

#[test]
fn a_group_is_selected_whole_copied_as_a_new_one_and_dissolved() {
    let mut editor = editor(tiny());
    assert_eq!(label(&mut editor, &group(&["tx-1", "sub-a"])), "Group 2 nodes");
    let one = ids(&["nodes.tx-1"]);
    let all = ids(&["nodes.tx-1", "nodes.sub-a"]);
    assert_eq!(with_groups(editor.site(), &one), all);
    assert_eq!(group_of(editor.site(), &all).map(|g| g.name.as_str()), Some("Group 1"));
    assert_eq!(group_of(editor.site(), &one), None);
    label(&mut editor, &Command::Duplicate { ids: all, dx: 0.0, dy: 50.0 });
    let groups = &editor.site().campus.groups;
    assert_eq!(groups.len(), 2);
    assert_eq!((groups[1].id.as_str(), groups[1].name.as_str()), ("group-2", "Group 2"));
    let selected = editor.selection().ids();
    assert_eq!(group_of(editor.site(), &selected), Some(&groups[1]), "the copies are selected");
    assert_eq!(
        label(&mut editor, &set("groups.group-2.name", "\"Yard\"")),
        "Rename group 2 to Yard"
    );
    assert_eq!(label(&mut editor, &Command::Ungroup { ids: one.clone() }), "Ungroup group 1");
    assert_eq!(editor.site().campus.groups.len(), 1);
    assert_eq!(editor.apply(&Command::Ungroup { ids: one }), Err(EditError::NotGrouped));
}

#[test]
fn a_group_goes_through_the_clipboard_and_shrinks_with_its_members() {
    let mut editor = editor(tiny());
    label(&mut editor, &group(&["hall-1", "loop-1", "grid"]));
    let chosen = ids(&["hall-1", "loop-1"]);
    let fragment = copied(editor.site(), &chosen).expect("can be copied");
    let read = Fragment::parse(&fragment.to_text()).expect("reads");
    assert_eq!(read, fragment);
    label(&mut editor, &Command::Paste { fragment: Box::new(read), dx: 200.0, dy: 0.0 });
    assert_eq!(editor.site().campus.groups[1].members.len(), 2, "without the feed");
    label(&mut editor, &Command::Remove { ids: ids(&["grid"]) });
    assert_eq!(editor.site().campus.groups[0].members, ["loop-1", "hall-1"]);
    label(&mut editor, &Command::Remove { ids: ids(&["hall-1"]) });
    assert_eq!(editor.site().campus.groups.len(), 1, "one member is no group");
}

#[test]
fn an_element_is_in_one_group_which_is_aligned_as_one() {
    let mut editor = editor(tiny());
    label(&mut editor, &group(&["grid", "tx-1", "sub-a"]));
    label(&mut editor, &group(&["grid", "tx-1"]));
    let groups = &editor.site().campus.groups;
    assert_eq!(groups.len(), 1, "the other has one member left");
    assert_eq!(groups[0].members, ["grid", "tx-1"]);
    let x = |site: &Site, id: &str| site.find(id).and_then(|e| e.rectangle()).expect("placed").0[0];
    let apart = x(editor.site(), "tx-1") - x(editor.site(), "grid");
    let three = ids(&["grid", "tx-1", "sub-a"]);
    label(&mut editor, &Command::Align { ids: three, edge: Edge::Right });
    assert_eq!(x(editor.site(), "tx-1") - x(editor.site(), "grid"), apart);
}

#[test]
fn locked_elements_refuse_every_change_by_name_until_they_are_unlocked() {
    let mut editor = editor(tiny());
    assert_eq!(label(&mut editor, &lock(&["hall-1", "sub-a"])), "Lock 2 elements");
    let fragment = copied(editor.site(), &ids(&["b-1"])).expect("can be copied");
    let refused = [
        (shift(&["hall-1"], 1.0, 0.0), "hall 1"),
        (shift(&["b-1"], 1.0, 0.0), "hall 1"),
        // Out of another hall, into the locked one.
        (shift(&["b-2"], -100.0, 20.0), "hall 1"),
        (Command::Remove { ids: ids(&["row-1"]) }, "hall 1"),
        (Command::Remove { ids: ids(&["tx-1"]) }, "Substation A"),
        (set("blocks.b-1.count", "8"), "hall 1"),
        (set("nodes.sub-a.capacity_mw", "30"), "Substation A"),
        (Command::Rotate { ids: ids(&["hall-1", "hall-2"]) }, "hall 1"),
        (Command::Duplicate { ids: ids(&["b-1"]), dx: 0.0, dy: 5.0 }, "hall 1"),
        (Command::Paste { fragment: Box::new(fragment), dx: 0.0, dy: 5.0 }, "hall 1"),
        (Command::Resize { id: "hall-1".into(), at: [50.0, 50.0], size: [90.0, 60.0] }, "hall 1"),
    ];
    for (command, name) in refused {
        let before = editor.site().clone();
        let error = editor.apply(&command).expect_err("is locked");
        assert_eq!(error, EditError::Locked(name.to_owned()), "{command:?}");
        assert_eq!(*editor.site(), before);
    }
    // What is not locked changes.
    label(&mut editor, &shift(&["hall-2"], 0.0, 3.0));
    label(&mut editor, &set("site.grid_contract_mw", "21"));
    assert_eq!(
        locked_words(editor.site(), &ids(&["b-1"])).as_deref(),
        Some("block Blackwell, installed is locked by hall 1")
    );
    let error = editor.apply(&Command::Unlock { ids: ids(&["b-1"]) }).expect_err("by its hall");
    assert!(error.to_string().ends_with("is locked by hall 1: unlock that"), "{error}");
    label(&mut editor, &Command::Unlock { ids: ids(&["hall-1"]) });
    label(&mut editor, &shift(&["hall-1"], 0.0, 3.0));
}

#[test]
fn a_locked_row_keeps_its_blocks_and_a_locked_loop_its_machines() {
    let mut editor = editor(tiny());
    label(&mut editor, &lock(&["row-1", "loop-1"]));
    for command in [
        set("blocks.b-1.count", "8"),
        Command::Remove { ids: ids(&["b-1"]) },
        shift(&["loops.loop-1.cdus.cdu-1"], 1.0, 0.0),
        shift(&["hall-1"], 1.0, 0.0),
    ] {
        assert!(matches!(editor.apply(&command), Err(EditError::Locked(_))), "{command:?}");
    }
    label(&mut editor, &shift(&["loops.loop-2.cdus.cdu-2"], 1.0, 0.0));
}

#[test]
fn groups_and_locks_are_saved_compared_and_absent_where_there_are_none() {
    let plain = file::to_ron(&tiny().to_file());
    assert!(!plain.contains("groups") && !plain.contains("locked"));
    let mut editor = editor(tiny());
    label(&mut editor, &group(&["hall-1", "hall-2"]));
    label(&mut editor, &lock(&["b-2"]));
    let text = file::to_ron(&editor.site().to_file());
    let read = file::parse(&text, "saved").map(Site::from_file);
    assert_eq!(read.as_ref(), Ok(editor.site()));
    let difference = Difference::between(&tiny(), editor.site(), &catalog());
    let lines: Vec<&str> = difference.lines().collect();
    assert_eq!(lines, ["Lock block Rubin, installed", "Add group 1"]);
    let back = Difference::between(editor.site(), &tiny(), &catalog());
    let lines: Vec<&str> = back.lines().collect();
    assert_eq!(lines, ["Unlock block Rubin, installed", "Remove group 1"]);
}

#[test]
fn groups_and_locks_of_missing_elements_are_pointed_out_and_stop_nothing() {
    let mut site = tiny();
    let campus = std::sync::Arc::make_mut(&mut site.campus);
    let group = |id: &str, members: &[&str]| gigasite::site::Group {
        id: id.to_owned(),
        name: id.to_owned(),
        members: members.iter().map(|m| (*m).to_owned()).collect(),
    };
    campus.groups = vec![group("one", &["grid", "gird"]), group("two", &["grid"])];
    campus.locked = vec!["hall-9".to_owned()];
    let (valid, report) = validate(&site, &catalog());
    assert!(valid.is_some());
    let found = |code: &str| {
        let item = report.items.iter().find(|d| d.code == code);
        item.map(|d| (d.path.clone(), d.hint.clone())).unwrap_or_else(|| panic!("{code}"))
    };
    let (path, hint) = found("group-member");
    assert_eq!((path.as_str(), hint.as_str()), ("groups.one.members.1", "Did you mean `grid`?"));
    assert_eq!(found("two-groups").0, "groups.two.members.0");
    assert_eq!(found("small-group").0, "groups.two.members");
    assert_eq!(found("locked-nothing").0, "locked.0");
    // Selecting goes on with what is there.
    let all = with_groups(&site, &[ElementId::from("feeds.grid")]);
    assert_eq!(all, [ElementId::from("feeds.grid")]);
}
