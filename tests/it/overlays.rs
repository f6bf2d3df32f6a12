//! What overlays say, against figures worked out by hand on the pilot.

use crate::support::{embedded, layout};
use gigasite::editor::{Beside, Command, Document, Editor, ElementId, Supply};
use gigasite::plan::result::Plan;
use gigasite::scene::plan::{Overlay, PlanFacts, Reading, earnings};
use gigasite::site::{NetworkRack, Phase, Site};
use gigasite::study::{self, Outcome, SolveOptions};
use gigasite::units::{Money, format};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

static ANSWER: LazyLock<Outcome> =
    LazyLock::new(|| study::run(&pilot(), &embedded(), &SolveOptions::default()));

fn pilot() -> Site {
    layout("pilot-20mw")
}

fn readings(site: &Site, overlay: Overlay, outcome: Option<&Outcome>) -> BTreeMap<String, Reading> {
    let catalog = embedded();
    let facts = PlanFacts::of(site, &catalog, outcome).under(overlay, site, &catalog, outcome);
    facts.sheet.readings
}

fn used(plan: &Plan, id: &str) -> f64 {
    let limit = plan.limits.iter().find(|l| l.element == id && l.kind == "node_capacity");
    limit.expect("a limit").used
}

#[test]
fn the_margin_of_the_pilot_is_five_kelvins_and_its_heat_is_that_of_the_racks() {
    // 45 °C accepted less 40 °C supplied; 8 of 9 CDUs at 2.4 MW are less than 15 coolers at 1.3.
    let found = readings(&pilot(), Overlay::Temperature, Some(&ANSWER));
    let heat = ANSWER.plan.limits.iter().find(|l| l.kind == "loop_heat").expect("a limit");
    assert!((heat.capacity.expect("known") - 19.2).abs() < 1e-9);
    for id in ["r1-b1", "r4-b2", "loop"] {
        let reading = &found[id];
        assert_eq!((reading.class, reading.tag.as_str()), (Some(1), "5.0 K"), "{id}");
        assert!(reading.words.contains(&format::share(heat.used / 19.2)), "{}", reading.words);
    }
}

#[test]
fn a_rack_without_a_published_limit_has_an_unknown_margin_and_so_has_its_loop() {
    let mut file = pilot().to_file();
    file.blocks[0].rack = Some("mi355x".to_owned());
    let found = readings(&Site::from_file(file), Overlay::Temperature, None);
    assert_eq!(found["r1-b1"].class, None);
    assert_eq!(found["loop"].class, None);
    assert_eq!(found["r2-b1"].tag, "5.0 K");
    let mut file = pilot().to_file();
    file.loops[0].supply_c = 47.0;
    let found = readings(&Site::from_file(file), Overlay::Temperature, None);
    assert_eq!((found["r1-b1"].class, found["r1-b1"].tag.as_str()), (Some(4), "\u{2212}2.0 K"));
    assert!(found["r1-b1"].words.contains("2.0 K too warm"), "{}", found["r1-b1"].words);
}

#[test]
fn blocks_earn_together_what_the_plan_does() {
    let plan = &ANSWER.plan;
    let found = earnings(plan);
    let sum: f64 = found.values().map(|e| e.usd_per_year).sum();
    let whole: f64 = plan.allocation.iter().map(|row| row.revenue_usd_per_year).sum();
    assert!(whole > 1e6 && (sum / whole - 1.0).abs() < 1e-9, "{sum} of {whole}");
}

#[test]
fn revenue_density_is_the_share_of_each_operating_point_over_power() {
    let plan = &ANSWER.plan;
    let earned = |point: &str| -> f64 {
        let rows = plan.allocation.iter().filter(|row| row.operating_point == point);
        rows.map(|row| row.revenue_usd_per_year).sum()
    };
    let power = |point: &str| -> f64 {
        plan.blocks.iter().filter(|b| b.operating_point == point).map(|b| b.it_mw).sum()
    };
    // Where every point that earns runs in the busiest hour, nothing else is to be shared.
    let idle = plan
        .allocation
        .iter()
        .any(|row| row.revenue_usd_per_year > 0.0 && power(&row.operating_point) <= 0.0);
    assert!(!idle, "the pilot needs another hand calculation");
    let found = readings(&pilot(), Overlay::Revenue, Some(&ANSWER));
    for id in ["r1-b1", "r2-b2"] {
        let own: Vec<_> = plan.blocks.iter().filter(|b| b.id == id).collect();
        let mw: f64 = own.iter().map(|b| b.it_mw).sum();
        let usd: f64 = own
            .iter()
            .filter(|b| b.it_mw > 0.0)
            .map(|b| earned(&b.operating_point) * b.it_mw / power(&b.operating_point))
            .sum();
        let density = format::money(Money::usd(usd / mw));
        assert_eq!(found[id].tag, format!("{density}/MW"), "{id}");
        // 16 racks on 17.6 m by 1.2 m, 8 on 8.8 m.
        let floor = if id == "r1-b1" { 17.6 * 1.2 } else { 8.8 * 1.2 };
        let per_m2 = format::money(Money::usd(usd / floor));
        assert!(found[id].words.contains(&format!("{per_m2} per m²")), "{}", found[id].words);
    }
}

#[test]
fn the_pilot_has_one_of_everything_and_spare_machines_where_they_are_not_needed() {
    let found = readings(&pilot(), Overlay::Redundancy, Some(&ANSWER));
    for id in ["t-1", "cable", "us-1", "r1-b1"] {
        assert_eq!(found[id].tag, "N", "{id}: {:?}", found[id]);
    }
    // 15.0 MW need six of the eight UPS of 2.5 MW.
    assert_eq!(found["ups"].words, "N+2: one source; 6 of 8 machines carry 15.0 MW");
    assert_eq!(found["bw-1"].words, "N+1: one source; 2 of 3 machines carry 3.3 MW");
    assert_eq!(found["r1-b1"].words, "N: one path");
}

fn connected(site: Site, of: &str, source: &str, supply: Supply) -> Site {
    let catalog = Arc::new(embedded());
    let mut editor = Editor::new(Document::new(site), catalog);
    let command = Command::Connect {
        ids: vec![ElementId::from(of)],
        source: ElementId::from(source),
        supply,
        beside: Beside::Keep,
    };
    editor.apply(&command).expect("possible");
    editor.site().clone()
}

#[test]
fn two_paths_that_share_an_element_are_no_two_n() {
    let site = connected(pilot(), "blocks.r1-b1", "nodes.bw-4", Supply::B);
    let found = readings(&site, Overlay::Redundancy, Some(&ANSWER));
    // The transformer T-1, the cable and the UPS stand on both.
    assert_eq!(found["r1-b1"].words, "N+1: paths A and B share 3 elements");
    assert_eq!(found["r1-b1"].class, Some(1));
    // On the busway of row 3 both rows would be too much.
    let mut tight = pilot();
    tight.set("nodes.bw-3.capacity_mw", "7.3").expect("is set");
    let site_3 = connected(tight, "blocks.r1-b1", "nodes.bw-3", Supply::B);
    let full = &readings(&site_3, Overlay::Redundancy, Some(&ANSWER))["r1-b1"];
    assert_eq!(full.tag, "N", "{}", full.words);
    assert!(full.words.contains("Busway row 3 carries 102 %"), "{}", full.words);
    let without = readings(&site, Overlay::Redundancy, None);
    assert_eq!(without["r1-b1"].class, None, "no load, no class: {:?}", without["r1-b1"]);
}

#[test]
fn paths_from_two_transformers_are_two_n() {
    let mut file = pilot().to_file();
    for (id, from) in [("t-9", "feed-1"), ("us-9", "t-9"), ("bw-9", "us-9")] {
        let like = match id {
            "t-9" => "t-1",
            "us-9" => "us-2",
            _ => "bw-4",
        };
        let mut node = file.nodes.iter().find(|n| n.id == like).expect("a node").clone();
        (node.id, node.from) = (id.to_owned(), vec![from.to_owned()]);
        file.nodes.push(node);
    }
    let site = connected(Site::from_file(file), "blocks.r1-b1", "nodes.bw-9", Supply::B);
    let found = readings(&site, Overlay::Redundancy, Some(&ANSWER));
    assert_eq!(found["r1-b1"].tag, "2N", "{}", found["r1-b1"].words);
}

#[test]
fn sources_of_a_node_are_compared_with_its_load_and_firm_power_has_the_last_word() {
    let load = used(&ANSWER.plan, "us-1");
    // Rows 1 and 2 of GB300 need most of 8.82 MW.
    assert!(load > 6.0 && load < 8.82, "{load}");
    let mut file = pilot().to_file();
    let us_1 = file.nodes.iter().position(|n| n.id == "us-1").expect("a node");
    let mut spare = file.nodes.iter().find(|n| n.id == "ups").expect("a node").clone();
    (spare.id, spare.capacity_mw) = ("ups-2".to_owned(), Some(5.0));
    file.nodes.push(spare);
    file.nodes[us_1].alternate = vec!["ups-2".to_owned()];
    let class = |file: &gigasite::site::LayoutFile| {
        let site = Site::from_file(file.clone());
        readings(&site, Overlay::Redundancy, Some(&ANSWER))["us-1"].clone()
    };
    // 20 MW and 5 MW: without the larger one, 5 MW are left for the load.
    assert_eq!(class(&file).tag, "N");
    file.nodes.last_mut().expect("the spare").capacity_mw = Some(9.0);
    assert_eq!(class(&file).tag, "2N", "each carries the load alone");
    file.nodes[us_1].firm_mw = Some(load / 2.0);
    let reading = class(&file);
    assert_eq!(reading.tag, "N");
    assert!(reading.words.contains("below the load"), "{}", reading.words);
    file.nodes.last_mut().expect("the spare").capacity_mw = None;
    file.nodes[us_1].firm_mw = None;
    assert_eq!(class(&file).class, None, "never invented");
}

#[test]
fn a_block_has_its_own_phase_else_that_of_its_hall_else_the_first() {
    let mut file = pilot().to_file();
    let none = readings(&Site::from_file(file.clone()), Overlay::Phase, None);
    assert_eq!(none["r1-b1"].class, None, "the pilot names no phases");
    let phase = |id: &str, month| Phase { id: id.into(), name: id.into(), month };
    file.phases = vec![phase("late", 24), phase("early", 6), phase("middle", 12)];
    file.halls[0].phase = Some("middle".to_owned());
    file.blocks[0].phase = Some("late".to_owned());
    let found = readings(&Site::from_file(file), Overlay::Phase, None);
    assert_eq!((found["r1-b1"].class, found["r1-b1"].tag.as_str()), (Some(2), "late"));
    assert_eq!((found["r1-b2"].class, found["r1-b2"].tag.as_str()), (Some(1), "middle"));
    assert_eq!(found["us-1"].words, "early, energised in month 6");
}

#[test]
fn the_medium_follows_from_the_farthest_rack_and_the_reach_of_the_catalogue() {
    let none = readings(&pilot(), Overlay::Reach, None);
    assert_eq!(none["r1-b1"].class, None, "the pilot homes its blocks to no network rack");
    let mut file = pilot().to_file();
    // Its middle is at (70.3, 54.6), level with row 1.
    file.network_racks.push(NetworkRack {
        id: "net".into(),
        name: "Spine".into(),
        hall: "hall".into(),
        equipment: "network-rack".into(),
        at: [70.0, 54.0],
        size: [0.6, 1.2],
    });
    file.blocks.iter_mut().for_each(|b| b.network = vec!["net".into()]);
    let found = readings(&Site::from_file(file), Overlay::Reach, None);
    // Racks stand 1.1 m apart: the first of the block at x = 57.6 has its middle at 58.15, that of
    // the block at 40 at 40.55. Slack 1.2, two drops of 2 m.
    let near = (70.3 - 58.15) * 1.2 + 4.0;
    let far = (70.3 - 40.55) * 1.2 + 4.0;
    assert_eq!(found["r1-b2"].tag, format!("{near:.1} m"));
    assert_eq!(found["r1-b1"].tag, format!("{far:.1} m"));
    // Beyond the 5 m of active copper and within the 30 m of active optical cables; beyond those.
    assert_eq!((found["r1-b2"].class, found["r1-b1"].class), (Some(2), Some(3)));
    assert!(found["r1-b2"].words.contains("Spine"), "{}", found["r1-b2"].words);
}

#[test]
fn every_overlay_has_a_name_and_its_readings_stay_within_its_legend() {
    let (site, catalog) = (layout("campus-1gw"), embedded());
    let mut names = Vec::new();
    for overlay in Overlay::all() {
        let facts = PlanFacts::of(&site, &catalog, None).under(overlay, &site, &catalog, None);
        let classes = facts.sheet.classes.len();
        let outside = facts.sheet.readings.values().filter_map(|r| r.class).any(|c| c >= classes);
        assert!(!outside, "{overlay:?}");
        let said = facts.sheet.readings.values().all(|r| !r.words.is_empty() && !r.tag.is_empty());
        assert!(said, "{overlay:?}: a colour without a second sign");
        names.push(overlay.name());
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Overlay::all().len());
}
