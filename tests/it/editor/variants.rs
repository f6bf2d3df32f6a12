//! Variants of a document: one history over all of them, and a file that tells differences.

use super::{catalog, command_of, editor, layout, set, tiny};
use gigasite::editor::session::Engine;
use gigasite::editor::{
    Command, Document, EditError, Editor, Session, SolveStatus, VariantCommand,
};
use gigasite::site::{Layout, Site, file};
use gigasite::study::Outcome;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn new(name: &str) -> VariantCommand {
    VariantCommand::New { name: name.to_owned() }
}

fn switch(id: &str) -> VariantCommand {
    VariantCommand::Switch { id: id.to_owned() }
}

fn read(text: &str) -> Layout {
    let file = file::parse(text, "saved").unwrap_or_else(|report| panic!("{report:?}"));
    let (layout, left) = Layout::from_file(file).unwrap_or_else(|report| panic!("{report:?}"));
    assert!(left.items.is_empty(), "{left:?}");
    layout
}

fn text(editor: &Editor) -> String {
    file::to_ron(&editor.document().layout().to_file())
}

fn variant_command(editor: &Editor, (kind, a): (u8, usize)) -> VariantCommand {
    let variants = editor.document().layout().variants();
    let id = variants[a % variants.len()].id.clone();
    match kind % 4 {
        0 => new(&format!("Variant {a}")),
        1 => VariantCommand::Rename { id, name: format!("Name {a}"), notes: "n".to_owned() },
        2 => VariantCommand::Delete { id },
        _ => VariantCommand::Switch { id },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn edits_in_any_variant_undo_redo_save_and_read_back_bit_for_bit(
        dice in proptest::collection::vec((any::<u8>(), any::<usize>(), any::<usize>(), any::<i16>()), 1..25)
    ) {
        let mut editor = editor(tiny());
        let start = text(&editor);
        for roll in dice {
            if roll.0 % 3 == 0 {
                let command = variant_command(&editor, (roll.0 / 3, roll.1));
                let _ = editor.apply_variant(&command);
            } else {
                let command = command_of(editor.site(), roll);
                let _ = editor.apply(&command);
            }
            let saved = text(&editor);
            let layout = read(&saved);
            prop_assert_eq!(&layout, editor.document().layout());
            prop_assert_eq!(file::to_ron(&layout.to_file()), saved);
            prop_assert!(layout.check().items.is_empty());
        }
        let (end, active) = (text(&editor), editor.document().active());
        let steps = editor.history().len();
        for _ in 0..steps {
            prop_assert!(editor.undo());
        }
        prop_assert!(!editor.undo());
        prop_assert_eq!(text(&editor), start);
        prop_assert!(!editor.document().is_dirty());
        for _ in 0..steps {
            prop_assert!(editor.redo());
        }
        prop_assert_eq!(text(&editor), end);
        prop_assert_eq!(editor.document().active(), active);
    }
}

#[test]
fn undo_of_an_edit_made_in_another_variant_goes_there() {
    let mut editor = editor(tiny());
    editor.apply_variant(&new("Large")).expect("a new variant");
    assert_eq!(editor.document().variant().id, "large");
    editor.apply(&set("site.grid_contract_mw", "77")).expect("set");
    editor.apply_variant(&switch("base")).expect("switches");
    assert_ne!(editor.site().terms.site.grid_contract_mw, Some(77.0), "the base is as it was");
    assert!(editor.undo(), "back to where the edit was made");
    assert_eq!(editor.document().variant().id, "large");
    assert!(editor.undo());
    let variants = editor.document().layout().variants();
    assert_eq!(variants[0].site, variants[1].site);
    assert_eq!(editor.undo_label(), Some("New variant Large"));
}

#[test]
fn a_switch_is_no_change_of_the_document_and_variants_share_what_is_equal() {
    let mut editor = editor(tiny());
    editor.apply_variant(&new("B")).expect("a new variant");
    editor.apply(&set("site.grid_contract_mw", "77")).expect("set");
    let layout = read(&text(&editor));
    let mut editor = Editor::new(Document::new(layout), catalog());
    editor.apply_variant(&switch("b")).expect("switches");
    assert!(!editor.document().is_dirty());
    let variants = editor.document().layout().variants();
    let (a, b) = (&variants[0].site, &variants[1].site);
    assert!(std::sync::Arc::ptr_eq(&a.campus, &b.campus), "read apart, held once");
    assert!(!std::sync::Arc::ptr_eq(&a.terms, &b.terms));
}

#[test]
fn names_are_there_and_differ_and_the_last_variant_stays() {
    let mut editor = editor(tiny());
    let refused = |editor: &mut Editor, command| editor.apply_variant(&command).unwrap_err();
    assert_eq!(refused(&mut editor, new("  ")), EditError::NamelessVariant);
    let delete = |id: &str| VariantCommand::Delete { id: id.to_owned() };
    assert_eq!(refused(&mut editor, delete("base")), EditError::LastVariant);
    editor.apply_variant(&new("B")).expect("a new variant");
    assert_eq!(refused(&mut editor, new("B")), EditError::VariantNameTaken("B".to_owned()));
    editor.apply_variant(&delete("base")).expect("another one is left");
    assert_eq!(editor.document().layout().variants().len(), 1);
    assert_eq!(read(&text(&editor)).variants()[0].id, "b", "it is the base of the file now");
}

#[test]
fn a_file_tells_a_variant_by_what_differs_and_follows_an_edited_base() {
    let mut editor = editor(layout("layouts/pilot-20mw.ron"));
    editor.apply_variant(&new("Cheap")).expect("a new variant");
    editor.apply(&set("site.grid_contract_mw", "12")).expect("set");
    let saved = text(&editor);
    assert!(saved.contains("set: [(\"site.grid_contract_mw\", 12)]"), "{saved}");
    // Somebody edits the base by hand: the variant keeps its one difference.
    let edited = saved.replacen("name: \"", "name: \"New ", 1);
    let layout = read(&edited);
    assert!(layout.variants()[1].site.terms.site.name.starts_with("New "));
    assert_eq!(layout.variants()[1].site.terms.site.grid_contract_mw, Some(12.0));
}

#[test]
fn a_change_of_what_the_base_no_longer_has_is_left_out_and_said() {
    let mut editor = editor(tiny());
    editor.apply_variant(&new("B")).expect("a new variant");
    let block = editor.site().blocks().next().expect("a block").id.clone();
    editor.apply(&set(&format!("blocks.{block}.name"), "\"Renamed\"")).expect("set");
    let mut file = file::parse(&text(&editor), "saved").expect("reads");
    file.blocks.retain(|b| b.id != block);
    let (layout, left) = Layout::from_file(file).expect("still a layout");
    assert_eq!(left.items.len(), 1);
    assert_eq!(left.items[0].code, "change-left-out");
    assert_eq!(left.items[0].path, "variants.b");
    assert_eq!(layout.variants()[0].site, layout.variants()[1].site);
}

#[test]
fn a_change_that_makes_no_site_names_its_variant_and_field() {
    let mut editor = editor(tiny());
    editor.apply_variant(&new("B")).expect("a new variant");
    editor.apply(&set("site.grid_contract_mw", "12")).expect("set");
    let broken =
        text(&editor).replace("\"site.grid_contract_mw\", 12", "\"site.grid_contract_mw\", \"x\"");
    let file = file::parse(&broken, "saved").expect("reads as text");
    let report = Layout::from_file(file).expect_err("no number");
    assert_eq!(report.items[0].code, "bad-change");
    assert!(report.items[0].message.contains("site.grid_contract_mw"), "{report:?}");
}

/// Says the grid contract of the site that it was asked.
struct Echo;

impl Engine for Echo {
    fn solve(&mut self, site: &Site) -> Outcome {
        let mut outcome = Outcome::default();
        outcome.plan.grid_mw = site.terms.site.grid_contract_mw.unwrap_or_default();
        outcome
    }
    fn refine(&mut self, _: &mut Outcome) {}
}

#[test]
fn answers_are_kept_by_variant_and_asked_for_again_when_one_changes() {
    let mut base = editor(tiny());
    base.apply_variant(&new("B")).expect("a new variant");
    base.apply(&set("site.grid_contract_mw", "77")).expect("set");
    let layout = read(&text(&base));
    let started = Instant::now();
    let clock = move || started.elapsed();
    let mut session =
        Session::new(Document::new(layout), catalog(), || Echo, clock, || {}).expect("starts");
    let settle = |session: &mut Session| {
        while session.status() != SolveStatus::Fresh || !(0..2).all(|i| session.is_answered(i)) {
            assert!(started.elapsed() < Duration::from_secs(30), "{:?}", session.status());
            session.want(&[0, 1]);
            session.poll();
            std::thread::yield_now();
        }
    };
    settle(&mut session);
    let grid = |session: &Session, i| session.outcome_of(i).map(|o| o.plan.grid_mw);
    assert_eq!(grid(&session, 1), Some(77.0));
    let named = |o: &Outcome| o.provenance.variant.clone();
    assert_eq!(session.outcome_of(1).and_then(|o| named(o)).as_deref(), Some("b"));
    assert_eq!(session.outcome().map(|o| o.plan.grid_mw), grid(&session, 0));
    // The answer is there already: the switch shows it at once.
    session.apply_variant(&switch("b")).expect("switches");
    assert_eq!(session.status(), SolveStatus::Fresh);
    assert_eq!(session.outcome().map(|o| o.plan.grid_mw), Some(77.0));
    session
        .apply(&Command::Set { path: "site.grid_contract_mw".into(), value: "78".into() })
        .expect("set");
    assert_eq!(grid(&session, 1), None, "of an older state");
    assert_eq!(session.older_outcome_of(1).map(|o| o.plan.grid_mw), Some(77.0));
    settle(&mut session);
    assert_eq!(grid(&session, 1), Some(78.0));
    session.undo();
    settle(&mut session);
    assert_eq!(session.outcome().map(|o| o.plan.grid_mw), Some(77.0));
}
