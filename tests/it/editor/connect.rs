//! What can feed and cool what, and the commands that join and part.

use super::{catalog, editor, ids, label, layout};
use gigasite::editor::{
    Beside, Command, EditError, ElementId, Relation, Supply, offers, possible, related,
};
use gigasite::site::{self, LayoutFile, Site};
use gigasite::study::{self, SolveOptions};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn pilot() -> Site {
    layout("layouts/pilot-20mw.ron")
}

/// The pilot with a loop that is too warm for every rack, and one without fan walls.
fn two_more_loops() -> Site {
    let mut file = pilot().to_file();
    let like = |id: &str| {
        let mut new = file.loops[0].clone();
        new.id = id.to_owned();
        for unit in new.cdus.iter_mut().chain(&mut new.rejection) {
            unit.id = format!("{id}-{}", unit.id);
        }
        new
    };
    let (mut warm, mut dry) = (like("warm"), like("dry"));
    warm.supply_c = 46.0;
    (dry.air, dry.supply_c) = (None, 20.0);
    file.loops.extend([warm, dry]);
    Site::from_file(file)
}

fn connect(of: &[&str], source: &str, supply: Supply) -> Command {
    let source = ElementId::from(source);
    Command::Connect { ids: ids(of), source, supply, beside: Beside::Replace }
}

fn disconnect(of: &[&str], source: Option<&str>, supply: Supply) -> Command {
    Command::Disconnect { ids: ids(of), source: source.map(ElementId::from), supply }
}

/// Code and sentence of a refusal.
fn refused(site: &Site, source: &str, supply: Supply, to: &str) -> (&'static str, String) {
    let answer = possible(site, &catalog(), (&source.into(), supply), &to.into());
    let no = answer.expect_err("refused");
    assert!(!no.sentence.ends_with('.') && !no.sentence.is_empty());
    (no.code, no.sentence)
}

#[test]
fn each_reason_against_a_power_connection_is_told() {
    let site = pilot();
    let no = |source, supply, to| refused(&site, source, supply, to);
    let (code, why) = no("nodes.bw-1", Supply::A, "nodes.us-1");
    assert_eq!(code, "cycle");
    assert!(why.contains("in a circle") && why.contains("Busway row 1"), "{why}");
    assert_eq!(no("nodes.us-1", Supply::A, "nodes.us-1").0, "cycle");
    let (code, why) = no("nodes.cable", Supply::A, "nodes.bw-1");
    assert_eq!(code, "voltage-mismatch");
    assert!(why.contains("415 V") && why.contains("34.5 kV"), "{why}");
    assert_eq!(no("nodes.t-1", Supply::A, "feeds.feed-1").0, "wrong-kind");
    let from = (&"nodes.ups".into(), Supply::A);
    let rough = possible(&site, &catalog(), from, &"blocks.r1-b1".into()).expect("possible");
    assert_eq!(
        rough.warnings,
        ["UPS, 8 x 2.5 MW gives 34.5 kV: the way down to the racks is not drawn"]
    );
    let (code, why) = no("feeds.feed-1", Supply::A, "blocks.r1-b1");
    assert_eq!(code, "wrong-kind");
    assert!(why.contains("138 kV"), "{why}");
    assert_eq!(no("halls.hall", Supply::A, "blocks.r1-b1").0, "wrong-kind");
    assert_eq!(no("nodes.bw-1", Supply::A, "areas.office").0, "wrong-kind");
    assert_eq!(no("feeds.feed-1", Supply::A, "nodes.t-1").0, "connected");
    assert_eq!(no("nodes.bw-1", Supply::A, "rows.r1").0, "connected");
    assert_eq!(no("nodes.bw-1", Supply::B, "blocks.r1-b1").0, "both-paths");
    assert_eq!(no("nodes.us-1", Supply::B, "loops.loop").0, "wrong-kind");
    assert_eq!(no("nodes.nothing", Supply::A, "loops.loop").0, "dangling-id");
}

#[test]
fn each_reason_against_a_cooling_connection_is_told() {
    let mut file = two_more_loops().to_file();
    file.blocks[1].rack = Some("hgx-h100".to_owned());
    let site = Site::from_file(file);
    let no = |source, to| refused(&site, source, Supply::Coolant, to);
    let (code, why) = no("loops.warm", "blocks.r1-b1");
    assert_eq!(code, "too-warm");
    assert!(why.contains("46 °C") && why.contains("45 °C"), "{why}");
    let (code, why) = no("loops.dry", "blocks.r1-b2");
    assert_eq!(code, "no-air");
    assert!(why.contains("air alone"), "{why}");
    assert_eq!(no("loops.loop", "blocks.r1-b1").0, "connected");
    assert_eq!(no("nodes.mech", "blocks.r1-b1").0, "wrong-kind");
    assert_eq!(no("loops.loop", "nodes.mech").0, "wrong-kind");
}

#[test]
fn a_rack_without_a_published_limit_can_be_cooled_with_a_warning() {
    let mut file = two_more_loops().to_file();
    file.loops[2].air = file.loops[0].air.clone();
    file.blocks[0].rack = Some("mi355x".to_owned());
    let site = Site::from_file(file);
    let source = (&"loops.dry".into(), Supply::Coolant);
    let found = possible(&site, &catalog(), source, &"blocks.r1-b1".into()).expect("possible");
    assert_eq!(found.warnings.len(), 1, "{:?}", found.warnings);
    assert!(found.warnings[0].contains("unknown"), "{:?}", found.warnings);
    let site = two_more_loops();
    let found = possible(&site, &catalog(), source, &"blocks.r1-b1".into()).expect("possible");
    let share = "GB300 NVL72 gives 13.0 % of its heat to the hall's air";
    assert_eq!(found.warnings, [share]);
}

#[test]
fn an_open_switch_may_close_a_circle_and_a_rated_busway_may_get_a_second_path() {
    let site = pilot();
    let can = |source: &str, supply, to: &str| {
        possible(&site, &catalog(), (&source.into(), supply), &to.into()).is_ok()
    };
    assert!(can("nodes.bw-2", Supply::A, "nodes.bw-1"), "both stand at 415 V");
    assert!(can("nodes.us-2", Supply::B, "nodes.us-1"));
    assert!(can("nodes.bw-2", Supply::B, "blocks.r1-b1"));
    assert!(!can("nodes.bw-1", Supply::A, "nodes.us-1"));
    assert!(can("nodes.bw-1", Supply::B, "nodes.us-1"), "behind an open switch");
}

#[test]
fn labels_complete_undo_and_name_source_and_path() {
    let mut editor = editor(pilot());
    let mut run = |command: &Command| label(&mut editor, command);
    let by = |of: &[&str], source, supply| connect(of, source, supply);
    assert_eq!(
        run(&by(&["blocks.r1-b1"], "nodes.bw-2", Supply::A)),
        "Feed 16 racks from Busway row 2"
    );
    assert_eq!(
        run(&by(&["rows.r2"], "nodes.bw-1", Supply::B)),
        "Feed row 2 from Busway row 1 on path B"
    );
    let keep = Command::Connect {
        ids: ids(&["nodes.bw-3"]),
        source: "nodes.us-1".into(),
        supply: Supply::A,
        beside: Beside::Keep,
    };
    assert_eq!(run(&keep), "Feed Busway row 3 from Transformers rows 1 and 2, 3 x 3 MVA as well");
    assert_eq!(run(&disconnect(&["rows.r2"], None, Supply::B)), "Disconnect path B of row 2");
    assert_eq!(
        run(&disconnect(&["nodes.bw-3"], Some("nodes.us-2"), Supply::A)),
        "Disconnect Busway row 3 from Transformers rows 3 and 4, 5 x 3 MVA"
    );
    assert_eq!(
        run(&disconnect(&["blocks.r1-b1"], Some("loops.loop"), Supply::Coolant)),
        "Disconnect 16 racks from loop Coolant"
    );
}

#[test]
fn racks_that_change_over_keep_what_fed_them_as_their_second_path() {
    let mut editor = editor(pilot());
    label(&mut editor, &connect(&["blocks.r1-b1"], "nodes.bw-2", Supply::B));
    label(&mut editor, &connect(&["blocks.r1-b1"], "nodes.bw-2", Supply::A));
    let block = editor.site().blocks().next().expect("a block").clone();
    assert_eq!((block.node.as_deref(), block.node_b.as_deref()), (Some("bw-2"), Some("bw-1")));
}

#[test]
fn a_machine_that_must_hang_on_a_node_is_not_disconnected() {
    let mut editor = editor(pilot());
    let before = editor.site().clone();
    let error = editor.apply(&disconnect(&["loops.loop"], None, Supply::A)).expect_err("refused");
    assert!(matches!(&error, EditError::Refused(no) if no.code == "missing-place"), "{error}");
    assert_eq!(*editor.site(), before);
}

#[test]
fn a_second_path_takes_no_load() {
    let catalog = catalog();
    let options = SolveOptions::default();
    let plan = |site: &Site| study::Study::new().unwrap().solve(site, &catalog, &options).plan;
    let mut editor = editor(pilot());
    let before = plan(editor.site());
    label(&mut editor, &connect(&["rows.r1", "rows.r2"], "nodes.us-2", Supply::B));
    let after = plan(editor.site());
    assert!(before.objective_usd_per_year.is_some());
    assert_eq!(before.objective_usd_per_year, after.objective_usd_per_year);
    assert_eq!(before.limits, after.limits);
}

#[test]
fn headroom_is_capacity_less_load_and_too_much_is_a_warning() {
    // A busway for one row alone.
    let mut file = pilot().to_file();
    let busway = file.nodes.iter_mut().find(|n| n.id == "bw-1").expect("a busway");
    busway.capacity_mw = Some(4.4);
    let (site, catalog) = (Site::from_file(file), catalog());
    let outcome = study::run(&site, &catalog, &SolveOptions::default());
    let used = |id: &str| {
        let of =
            |l: &&gigasite::plan::result::LimitResult| l.element == id && l.kind == "node_capacity";
        outcome.plan.limits.iter().find(of).expect("a limit").used
    };
    let found = offers(&site, &catalog, Some(&outcome), (&ids(&["rows.r2"]), Supply::A));
    let of = |id: &str| found.iter().find(|o| o.id.as_str() == id).expect("an offer");
    let left = of("nodes.bw-1").headroom_mw.expect("known");
    assert!((left - (4.4 - used("bw-1"))).abs() < 1e-9, "{left}");
    // Row 2 draws about as much as row 1: both do not fit on one busway.
    let racks: f64 =
        outcome.plan.blocks.iter().filter(|b| b.id.starts_with("r2-")).map(|b| b.it_mw).sum();
    let warning = &of("nodes.bw-1").answer.as_ref().expect("possible").warnings[0];
    let over = gigasite::units::format::power(gigasite::units::Power::mw(racks - left));
    assert_eq!(*warning, format!("Busway row 1 would be over by {over}"));
    let possible = found.iter().take_while(|o| o.answer.is_ok()).count();
    assert!(found[possible..].iter().all(|o| o.answer.is_err()), "the possible stand first");
}

#[test]
fn upstream_shows_both_paths_and_each_can_be_selected_alone() {
    let mut editor = editor(pilot());
    label(&mut editor, &connect(&["blocks.r1-b1"], "nodes.bw-3", Supply::B));
    let of = |relation| -> BTreeSet<String> {
        let found = related(editor.site(), &ids(&["blocks.r1-b1"]), relation);
        found.iter().map(ToString::to_string).collect()
    };
    let set = |ids: &[&str]| -> BTreeSet<String> { ids.iter().map(|s| (*s).into()).collect() };
    let common = ["feeds.feed-1", "nodes.t-1", "nodes.cable", "nodes.ups"];
    let a = &set(&common) | &set(&["nodes.us-1", "nodes.bw-1"]);
    let b = &set(&common) | &set(&["nodes.us-2", "nodes.bw-3"]);
    assert_eq!(of(Relation::PathA), a);
    assert_eq!(of(Relation::PathB), b);
    assert_eq!(of(Relation::Upstream), &a | &b);
}

#[test]
fn a_removed_node_is_forgotten_as_second_path() {
    let mut editor = editor(pilot());
    label(&mut editor, &connect(&["blocks.r1-b1"], "nodes.bw-3", Supply::B));
    label(&mut editor, &Command::Remove { ids: ids(&["nodes.bw-3"]) });
    assert_eq!(editor.site().blocks().next().and_then(|b| b.node_b.clone()), None);
}

/// Findings about connections, as code, path and sentence.
fn findings(site: &Site) -> BTreeSet<(String, String, String)> {
    const CODES: [&str; 7] = [
        "dangling-id",
        "cycle",
        "not-connected",
        "voltage-mismatch",
        "both-paths",
        "too-warm",
        "no-air",
    ];
    let (_, report) = site::validate(site, &catalog());
    report
        .items
        .into_iter()
        .filter(|d| CODES.contains(&d.code.as_str()))
        .map(|d| (d.code, d.path, d.message))
        .collect()
}

/// The site with a connection made without asking; `None` where the format has no place for it.
fn forced(site: &Site, (source, supply): (&str, Supply), to: &str) -> Option<Site> {
    let mut file: LayoutFile = site.to_file();
    let source = source.to_owned();
    let node = file.nodes.iter_mut().find(|n| n.id == to);
    let block = file.blocks.iter_mut().find(|b| b.id == to);
    match (node, block, supply) {
        (Some(n), _, Supply::A) => n.from.push(source),
        (Some(n), _, Supply::B) => n.alternate.push(source),
        (_, Some(b), Supply::A) => b.node = Some(source),
        (_, Some(b), Supply::B) => b.node_b = Some(source),
        (_, Some(b), Supply::Coolant) => b.cooling_loop = Some(source),
        _ => return None,
    }
    Some(Site::from_file(file))
}

fn check_one(site: &Site, dice: (usize, usize, u8, bool)) -> Result<(), TestCaseError> {
    let all: Vec<_> = site.elements().map(|e| (e.path(), e.id().to_owned())).collect();
    let (to, source) = (&all[dice.0 % all.len()], &all[dice.1 % all.len()]);
    let supply = [Supply::A, Supply::B, Supply::Coolant][usize::from(dice.2 % 3)];
    let beside = if dice.3 { Beside::Keep } else { Beside::Replace };
    let source_id = ElementId::new(source.0.clone());
    let command = Command::Connect {
        ids: vec![ElementId::new(to.0.clone())],
        source: source_id.clone(),
        supply,
        beside,
    };
    let before = findings(site);
    let mut editor = editor(site.clone());
    match editor.apply(&command) {
        Ok(change) => {
            prop_assert!(change.changed, "{command:?} changed nothing");
            let after = findings(editor.site());
            let new: Vec<_> = after.difference(&before).collect();
            prop_assert!(new.is_empty(), "{command:?} brought {new:?}");
            editor.undo();
            prop_assert_eq!(editor.site(), site);
            let text = |s: &Site| serde_json::to_string(&s.to_file()).expect("writes");
            prop_assert_eq!(text(editor.site()), text(site));
        }
        Err(EditError::Refused(no)) => {
            prop_assert_eq!(editor.site(), site);
            let judged = ["cycle", "voltage-mismatch", "both-paths", "too-warm", "no-air"];
            if judged.contains(&no.code) {
                let wrong = forced(site, (&source.1, supply), &to.1);
                if let Some(wrong) = wrong {
                    let found = findings(&wrong);
                    let same = found.iter().any(|f| f.0 == no.code);
                    prop_assert!(same, "{command:?} was refused ({no}), validation says {found:?}");
                }
            }
        }
        Err(other) => prop_assert!(false, "{command:?}: {other}"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_126),
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_is_accepted_is_valid_and_undone_and_what_is_refused_is_not(
        dice in (any::<usize>(), any::<usize>(), any::<u8>(), any::<bool>()),
        large in prop::bool::weighted(0.1),
    ) {
        let site = if large { layout("layouts/campus-1gw.ron") } else { two_more_loops() };
        check_one(&site, dice)?;
    }
}
