//! Another rack type: footprints, counts and what no longer fits, against sums by hand.

use super::{catalog, editor, ids, label, layout, set, tiny};
use gigasite::catalog::Catalog;
use gigasite::editor::{Command, EditError, RackCount, rack_change};
use gigasite::site::{Block, Site};

fn change(of: &[&str], rack: &str, count: RackCount) -> Command {
    Command::ChangeRackType { ids: ids(of), rack: rack.to_owned(), count }
}

fn block<'a>(site: &'a Site, id: &str) -> &'a Block {
    site.blocks().find(|b| b.id == id).expect("the block")
}

/// The embedded catalogue with other figures of one rack.
fn with(changes: &[(&str, &str)]) -> Catalog {
    let mut catalog = (*catalog()).clone();
    for (path, value) in changes {
        catalog.set(path, value).unwrap_or_else(|e| panic!("{path}: {e}"));
    }
    catalog
}

fn words(site: &Site, catalog: &Catalog, rack: &str, count: RackCount) -> Vec<(String, String)> {
    let found = rack_change(site, catalog, &[], (rack, count)).expect("can be asked");
    found.misfits.into_iter().map(|m| (m.path, m.words)).collect()
}

#[test]
fn the_whole_site_or_the_blocks_of_the_selection_change_by_one_entry() {
    let mut editor = editor(tiny());
    let command = change(&[], "gb300-nvl72", RackCount::Keep);
    let text = label(&mut editor, &command);
    assert!(text.starts_with("Change ") && text.ends_with(" to GB300"), "{text}");
    let site = editor.site();
    assert!(site.blocks().filter_map(|b| b.rack.as_deref()).all(|r| r == "gb300-nvl72"));
    assert_eq!(block(site, "b-3").planned.as_ref().map(|p| p.racks.len()), Some(1));
    assert_eq!((block(site, "b-1").count, block(site, "b-1").size), (Some(16), [20.0, 4.0]));
    assert!(!editor.apply(&command).expect("applies").changed, "twice is once");
    editor.undo();
    label(&mut editor, &change(&["hall-2"], "gb300-nvl72", RackCount::Keep));
    assert_eq!(block(editor.site(), "b-1").rack.as_deref(), Some("gb200-nvl72"));
    assert_eq!(block(editor.site(), "b-2").rack.as_deref(), Some("gb300-nvl72"));
    let nothing = editor.apply(&change(&["grid"], "gb300-nvl72", RackCount::Keep));
    assert_eq!(nothing, Err(EditError::NoRacks));
    let unknown = editor.apply(&change(&[], "abacus", RackCount::Keep));
    assert_eq!(unknown, Err(EditError::NoSuchRack("abacus".to_owned())));
}

#[test]
fn wider_racks_make_a_kept_block_longer_or_a_full_one_smaller() {
    let mut editor = editor(layout("layouts/pilot-20mw.ron"));
    // 1.1 m a rack now; the new type is wider than that. An override of the site counts.
    label(&mut editor, &set("racks.vr-nvl72.width_m", "1.6"));
    label(&mut editor, &change(&["r1-b2"], "vr-nvl72", RackCount::Keep));
    let kept = block(editor.site(), "r1-b2").clone();
    assert_eq!(kept.count, Some(8));
    assert!((kept.size[0] - 8.0 * 1.6).abs() < 1e-9, "{:?}", kept.size);
    editor.undo();
    label(&mut editor, &change(&["r1-b2"], "vr-nvl72", RackCount::AsManyAsFit));
    let full = block(editor.site(), "r1-b2").clone();
    assert_eq!(full.count, Some(5), "8.8 m hold five of 1.6 m");
    assert!((full.size[0] - 8.0).abs() < 1e-9, "{:?}", full.size);
}

#[test]
fn everything_that_no_longer_fits_is_told_by_element_with_figures() {
    let rack = "racks.vr-nvl72";
    let figures = |field: &str| format!("{rack}.{field}");
    let catalog = with(&[
        (&figures("width_m"), "3"),
        (&figures("mass_kg"), "500000"),
        (&figures("coolant_supply_max_c"), "20"),
        (&figures("caps.max-q.kw"), "5000"),
        (&figures("caps.max-p.kw"), "6000"),
    ]);
    let site = tiny();
    let found = words(&site, &catalog, "vr-nvl72", RackCount::Keep);
    let has = |path: &str, part: &str| {
        let hit = found.iter().any(|(p, w)| p == path && w.contains(part));
        assert!(hit, "{path} with {part}: {found:#?}");
    };
    // 16 racks of 3 m are 48 m: longer than the row of 40 m.
    has("blocks.b-1", "it would reach beyond row 1");
    // 16 of 500 t on 4,800 m² that bear 1.5 t each.
    has("halls.hall-1.floor_kg_m2", "racks weigh 8,000 t, the floor bears 7,200 t");
    has("loops.loop-1.supply_c", "supplies 40 °C");
    has("loops.loop-1.heat_mw", "Loop 1: racks give off");
    has("nodes.sub-a", "Substation A: racks need");
    has("feeds.grid", "Utility feed: racks need");
    // What was too much before is no news.
    let mut supply = site.clone();
    supply.set("supply.vr-nvl72.max_racks", "20").expect("is set");
    let found = words(&supply, &catalog, "vr-nvl72", RackCount::Keep);
    let of_supply = |f: &[(String, String)]| f.iter().any(|(p, _)| p.starts_with("supply."));
    assert!(of_supply(&found), "24 racks of 20: {found:?}");
    assert!(!of_supply(&words(&supply, &catalog, "gb300-nvl72", RackCount::Keep)));
}

#[test]
fn as_many_as_fit_leaves_nothing_over_its_limit_and_one_more_would() {
    let catalog = with(&[("racks.vr-nvl72.mass_kg", "900000")]);
    let site = tiny();
    let asked = ("vr-nvl72", RackCount::AsManyAsFit);
    let change = rack_change(&site, &catalog, &ids(&["hall-1"]), asked).expect("can be asked");
    // 7,200 t bear eight racks of 900 t.
    assert_eq!(change.racks, (16, 8));
    assert!(!change.misfits.iter().any(|m| m.path.contains("floor")), "{:?}", change.misfits);
    let plenty = with(&[("racks.vr-nvl72.mass_kg", "1000")]);
    let asked = ("vr-nvl72", RackCount::AsManyAsFit);
    let change = rack_change(&site, &plenty, &ids(&["hall-1"]), asked).expect("can be asked");
    assert_eq!(change.racks.0, 16);
    assert!(change.racks.1 <= 16, "never more than there is place for");
}

#[test]
fn figures_that_nobody_knows_are_told_and_never_zero() {
    let catalog = with(&[("racks.vr-nvl72.mass_kg", "unknown")]);
    let found = words(&tiny(), &catalog, "vr-nvl72", RackCount::Keep);
    let told = found.iter().find(|(path, _)| path == "racks.vr-nvl72.mass_kg");
    assert!(
        told.is_some_and(|(_, w)| w.contains("is unknown: floors are not checked")),
        "{found:?}"
    );
}

#[test]
fn a_block_in_a_locked_hall_keeps_its_type() {
    let mut editor = editor(tiny());
    label(&mut editor, &Command::Lock { ids: ids(&["hall-1"]) });
    let all = change(&[], "gb300-nvl72", RackCount::Keep);
    assert_eq!(editor.apply(&all), Err(EditError::Locked("hall 1".to_owned())));
    label(&mut editor, &change(&["hall-2"], "gb300-nvl72", RackCount::Keep));
}
