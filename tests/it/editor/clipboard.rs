//! Copying as text, pasting here and elsewhere, relations, what goes with a removal.

use super::{catalog, editor, ids, label, layout, shift, tiny};
use gigasite::diag::Severity;
use gigasite::editor::{
    Command, EditError, ElementId, Relation, beside, consequences, copied, lost_by_paste, related,
    room_for,
};
use gigasite::site::{self, Fragment, FragmentError, Site};
use proptest::prelude::*;

/// The elements as text and back, as two windows do it.
fn through_text(site: &Site, of: &[&str]) -> Fragment {
    let text = copied(site, &ids(of)).expect("something to copy").to_text();
    Fragment::parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

fn paste(site: &Site, fragment: Fragment) -> Command {
    let [dx, dy] = room_for(site, &catalog(), &fragment);
    Command::Paste { fragment: Box::new(fragment), dx, dy }
}

fn errors(site: &Site) -> Vec<String> {
    let report = site::validate(site, &catalog()).1;
    let errors = report.items.iter().filter(|d| d.severity == Severity::Error);
    errors.map(ToString::to_string).collect()
}

fn paths(ids: &[ElementId]) -> Vec<&str> {
    ids.iter().map(ElementId::as_str).collect()
}

#[test]
fn a_pasted_hall_stands_beside_the_first_and_keeps_what_belongs_to_it() {
    let mut editor = editor(tiny());
    let fragment = through_text(editor.site(), &["halls.hall-1"]);
    assert_eq!(fragment.rows.len() + fragment.blocks.len() + fragment.halls.len(), 3);
    let command = paste(editor.site(), fragment);
    assert_eq!(label(&mut editor, &command), "Paste hall 3");
    let block = editor.site().get("blocks.b-4").expect("the copy of b-1");
    assert_eq!((&block["hall"], &block["row"]), (&"hall-3".into(), &"row-2".into()));
    assert_eq!((&block["node"], &block["loop"]), (&"sub-a".into(), &"loop-1".into()));
    assert!(editor.selection().contains("halls.hall-3"));
    assert_eq!(errors(editor.site()), Vec::<String>::new());
}

#[test]
fn a_pasted_loop_is_one_selected_element_and_its_machines_stand_clear_of_halls() {
    let mut editor = editor(tiny());
    let command = paste(editor.site(), through_text(editor.site(), &["loops.loop-1"]));
    assert_eq!(label(&mut editor, &command), "Paste loop 3");
    assert_eq!(paths(&editor.selection().ids()), ["loops.loop-3"]);
    let site = editor.site();
    let machines = &site.campus.loops[2];
    for unit in machines.cdus.iter().chain(&machines.rejection) {
        for hall in site.halls.iter().filter_map(|g| g.hall.as_ref()) {
            let apart = (0..2).any(|i| {
                unit.at[i] + unit.size[i] <= hall.at[i] || hall.at[i] + hall.size[i] <= unit.at[i]
            });
            assert!(apart, "{} stands in {}", unit.id, hall.id);
        }
    }
}

#[test]
fn racks_pasted_twice_find_two_free_places_in_their_hall() {
    let mut editor = editor(tiny());
    for _ in 0..2 {
        let fragment = through_text(editor.site(), &["blocks.b-1"]);
        let command = paste(editor.site(), fragment);
        assert_eq!(label(&mut editor, &command), "Paste 16 racks");
    }
    assert_eq!(editor.site().halls[0].blocks.len(), 3, "all stand in hall 1");
    assert_eq!(errors(editor.site()), Vec::<String>::new());
    let [dx, dy] = beside(editor.site(), &catalog(), &ids(&["blocks.b-1"]));
    let again = Command::Duplicate { ids: ids(&["blocks.b-1"]), dx, dy };
    assert_eq!(label(&mut editor, &again), "Duplicate 16 racks");
    assert_eq!(errors(editor.site()), Vec::<String>::new());
}

#[test]
fn a_copy_in_another_hall_is_one_of_that_hall() {
    let mut editor = editor(tiny());
    let command = Command::Duplicate { ids: ids(&["blocks.b-1"]), dx: 100.0, dy: 20.0 };
    editor.apply(&command).expect("a block");
    let copy = editor.site().get("blocks.b-4").expect("the copy");
    assert_eq!((&copy["hall"], &copy["loop"]), (&"hall-2".into(), &"loop-2".into()));
}

#[test]
fn references_that_another_site_has_not_are_dropped_and_said() {
    let mut editor = editor(tiny());
    let other = layout("layouts/pilot-20mw.ron");
    let mut fragment = through_text(editor.site(), &["nodes.sub-a", "loops.loop-1", "blocks.b-1"]);
    let lost = lost_by_paste(&other, &fragment);
    assert!(lost.iter().any(|l| l.contains("Substation A was left out")), "{lost:?}");
    assert!(lost.iter().any(|l| l.contains("loop 1 was left out")), "its node stays out: {lost:?}");
    assert!(lost.iter().any(|l| l == "Blackwell, installed lost its feed: this site has no sub-a"));
    // With the transformer and its feed in the copy nothing is missing.
    fragment = through_text(
        editor.site(),
        &["feeds.grid", "nodes.tx-1", "nodes.sub-a", "loops.loop-1", "blocks.b-1"],
    );
    let lost = lost_by_paste(&other, &fragment);
    assert!(lost.iter().all(|l| !l.contains("left out") && !l.contains("feed")), "{lost:?}");
    // Where the site has an element of the same id and kind, it is the one that is meant.
    editor.apply(&Command::Remove { ids: ids(&["blocks.b-1"]) }).expect("a block");
    let command = paste(editor.site(), through_text(&tiny(), &["blocks.b-1"]));
    editor.apply(&command).expect("pastes");
    assert_eq!(editor.site().get("blocks.b-1.node"), Some("sub-a".into()));
    assert_eq!(editor.site().get("blocks.b-1.row"), Some("row-1".into()));
}

#[test]
fn what_cannot_stand_alone_is_refused_with_the_reason() {
    let mut editor = editor(layout("layouts/keynote-rubin-1gw.ron"));
    let fragment = through_text(&tiny(), &["loops.loop-1"]);
    let before = editor.site().clone();
    let error = editor.apply(&paste(&before, fragment)).expect_err("no node to feed it");
    assert!(matches!(&error, EditError::NothingToPaste(why) if why.contains("sub-a")), "{error}");
    assert_eq!(*editor.site(), before);
}

#[test]
fn texts_that_are_no_elements_are_told_apart() {
    let layout = site::file::to_ron(&tiny().to_file());
    for text in ["", "hello", "(a: 1)", layout.as_str(), "(gigasite_elements: many)", "((((("] {
        assert_eq!(Fragment::parse(text), Err(FragmentError::NotElements), "{text:.40}");
    }
    assert_eq!(Fragment::parse("(gigasite_elements: 2)"), Err(FragmentError::Newer));
    let wrong = Fragment::parse("(gigasite_elements: 1, blocks: [(id: 7)])");
    assert!(
        matches!(&wrong, Err(FragmentError::Unreadable(why)) if why.contains("id")),
        "{wrong:?}"
    );
}

#[test]
fn tiers_are_copied_with_their_demand_and_without_hours_that_are_not_there() {
    let mut editor = editor(layout("layouts/pilot-20mw.ron"));
    let fragment = through_text(&tiny(), &["tiers.premium"]);
    editor.apply(&paste(&tiny(), fragment)).expect("a tier");
    let tier = editor.site().terms.tiers.last().expect("a tier");
    assert_eq!(tier.demand.len(), 2);
    assert!(tier.shape.keys().all(|h| editor.site().terms.hours.iter().any(|x| x.id == *h)));
}

#[test]
fn relations_follow_the_network_and_the_walls() {
    let site = tiny();
    let of = |ids: &[&str], relation| -> Vec<String> {
        let found = related(&site, &self::ids(ids), relation);
        paths(&found).into_iter().map(str::to_owned).collect()
    };
    assert_eq!(
        of(&["blocks.b-1"], Relation::Upstream),
        ["feeds.grid", "nodes.tx-1", "nodes.sub-a"]
    );
    assert_eq!(of(&["halls.hall-1"], Relation::Upstream), of(&["blocks.b-1"], Relation::Upstream));
    assert_eq!(
        of(&["nodes.sub-a"], Relation::Downstream),
        ["loops.loop-1", "loops.loop-2", "blocks.b-1", "blocks.b-2", "blocks.b-3"]
    );
    assert_eq!(of(&["nodes.tx-1"], Relation::Children), ["nodes.sub-a"]);
    assert_eq!(of(&["halls.hall-2"], Relation::Children), ["blocks.b-2", "blocks.b-3"]);
    assert_eq!(of(&["halls.hall-1"], Relation::SameType), ["halls.hall-1", "halls.hall-2"]);
    assert_eq!(of(&["blocks.b-1"], Relation::SameType), ["blocks.b-1"], "of one rack type");
    assert_eq!(of(&["tiers.batch"], Relation::SameType), ["tiers.premium", "tiers.batch"]);
    assert_eq!(of(&["blocks.b-1"], Relation::Downstream), Vec::<String>::new());
}

#[test]
fn a_removal_says_what_goes_along_and_what_is_left_without() {
    let site = tiny();
    let of = |ids: &[&str]| consequences(&site, &self::ids(ids)).expect("elements");
    let hall = of(&["halls.hall-1"]);
    assert_eq!(hall.things, "hall 1");
    assert_eq!(hall.with, ["1 block with 16 racks", "1 row"]);
    assert_eq!(hall.left, Vec::<String>::new());
    let node = of(&["nodes.sub-a"]);
    assert_eq!(node.with, Vec::<String>::new());
    assert_eq!(node.left, ["3 blocks lose their feed", "2 machines lose their feed"]);
    assert!(of(&["blocks.b-1"]).is_trivial());
    assert!(of(&["rows.row-1"]).is_trivial(), "its blocks stay");
    assert_eq!(consequences(&site, &ids(&["tiers.premium"])), None);
}

#[test]
fn four_quarters_are_a_whole_turn_and_contents_turn_along() {
    let mut editor = editor(tiny());
    let start = editor.site().to_file();
    let turn = Command::Rotate { ids: ids(&["halls.hall-1"]) };
    assert_eq!(label(&mut editor, &turn), "Rotate hall 1");
    let hall = &editor.site().halls[0].hall.as_ref().expect("a hall").clone();
    assert_eq!((hall.at, hall.size), ([60.0, 40.0], [60.0, 80.0]));
    let block = &editor.site().halls[0].blocks[0];
    assert_eq!((block.at, block.size), ([106.0, 60.0], [4.0, 20.0]), "west end turned north");
    for _ in 0..3 {
        editor.apply(&turn).expect("a hall");
    }
    assert_eq!(editor.site().to_file(), start);
    let loop_1 = Command::Rotate { ids: ids(&["tiers.premium"]) };
    assert!(editor.apply(&loop_1).is_err(), "a tier has no place");
}

#[test]
fn catalogue_values_go_back_together() {
    let mut editor = editor(tiny());
    editor.apply(&super::set("racks.vr-nvl72.price_usd", "5e6")).expect("a fact");
    editor.apply(&super::set("racks.vr-nvl72.peak_kw", "200")).expect("a fact");
    let paths: Vec<String> = editor.site().terms.overrides.iter().map(|o| o.path.clone()).collect();
    let reset = Command::ResetOverrides(paths);
    assert_eq!(label(&mut editor, &reset), "Reset 2 catalogue values");
    assert!(editor.site().terms.overrides.is_empty());
    editor.undo();
    assert_eq!(editor.site().terms.overrides.len(), 2);
    assert!(editor.apply(&Command::ResetOverrides(vec!["racks.none.x".into()])).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn copy_and_paste_keep_a_valid_site_valid(
        picks in proptest::collection::vec(any::<proptest::sample::Index>(), 1..4),
        times in 1..3_usize,
    ) {
        let mut editor = editor(tiny());
        prop_assert_eq!(errors(editor.site()), Vec::<String>::new());
        for _ in 0..times {
            let all: Vec<ElementId> =
                editor.site().elements().map(|e| ElementId::new(e.path())).collect();
            let chosen: Vec<ElementId> = picks.iter().map(|p| p.get(&all).clone()).collect();
            // Machines of a loop are no elements of their own.
            let Some(fragment) = copied(editor.site(), &chosen) else { return Ok(()) };
            let fragment = Fragment::parse(&fragment.to_text()).expect("its own text");
            prop_assert_eq!(lost_by_paste(editor.site(), &fragment), Vec::<String>::new());
            let command = paste(editor.site(), fragment);
            let before = editor.site().elements().count();
            editor.apply(&command).expect("pastes");
            prop_assert!(editor.site().elements().count() > before);
            prop_assert_eq!(errors(editor.site()), Vec::<String>::new());
            let text = site::file::to_ron(&editor.site().to_file());
            let read = site::file::parse(&text, "test").expect("reads");
            prop_assert_eq!(read, editor.site().to_file());
        }
    }
}

#[test]
fn moving_by_keys_adds_up() {
    let mut editor = editor(tiny());
    editor.apply(&shift(&["blocks.b-1"], 0.6, 0.0)).expect("a block");
    editor.apply(&shift(&["blocks.b-1"], -0.6, 0.0)).expect("a block");
    assert_eq!(editor.history().len(), 2, "each key is an entry of its own");
}
