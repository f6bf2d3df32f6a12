//! Context menus, the clipboard, moves by key and editing several elements at once.

use super::app::{app, layout, settle};
use super::{enter, look};
use eframe::egui::{Event, Key, Modifiers, OutputCommand};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use gigasite::gui::action::{Action, View};
use gigasite::gui::app::App;
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::gui::prompts::Prompt;
use gigasite::site::{Block, Site};

fn pilot() -> Harness<'static, App> {
    app(&layout("pilot-20mw.ron"), FakeDialogs::default())
}

fn site(harness: &Harness<'_, App>) -> Site {
    harness.state().session().editor().site().clone()
}

fn select(harness: &mut Harness<'_, App>, kind: Kind, ids: &[&str]) {
    let elements = ids.iter().map(|id| Element::new(kind, *id)).collect();
    harness.state_mut().push(Action::View(View::Select(elements)));
    harness.run_steps(3);
}

fn selection(harness: &Harness<'_, App>) -> Vec<String> {
    let selection = harness.state().session().editor().selection();
    selection.iter().map(ToString::to_string).collect()
}

fn installed(site: &Site) -> Vec<Block> {
    site.blocks().filter(|b| b.count.is_some()).cloned().collect()
}

/// The text that the next frames put on the clipboard.
fn copied(harness: &mut Harness<'_, App>) -> String {
    for _ in 0..5 {
        harness.run_steps(1);
        for command in &harness.output().platform_output.commands {
            if let OutputCommand::CopyText(text) = command {
                return text.clone();
            }
        }
    }
    panic!("nothing was copied")
}

#[test]
fn the_secondary_button_selects_a_row_of_the_tree_and_opens_its_menu() {
    let mut harness = pilot();
    let hall = site(&harness).halls[0].hall.clone().expect("a hall");
    harness.get_by_label_contains(&format!("{} ", hall.name)).click_secondary();
    harness.run_steps(4);
    assert_eq!(selection(&harness), [format!("halls.{}", hall.id)]);
    look(&mut harness, "context-menu");
    harness.get_by_label("Select children").click();
    harness.run_steps(4);
    let blocks = site(&harness).halls[0].blocks.len();
    let rows = site(&harness).halls[0].rows.len();
    let racks = site(&harness).halls[0].network_racks.len();
    assert_eq!(selection(&harness).len(), blocks + rows + racks);
}

#[test]
fn the_menu_key_opens_the_menu_and_arrows_and_enter_run_from_it() {
    let mut harness = pilot();
    let block = installed(&site(&harness)).remove(0);
    select(&mut harness, Kind::Block, &[&block.id]);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
    harness.run_steps(4);
    assert!(harness.get_by_label("Show on the plan").is_focused());
    // Down to "Rotate a quarter".
    harness.key_press(Key::ArrowDown);
    harness.run_steps(3);
    assert!(harness.get_by_label("Rotate a quarter").is_focused());
    harness.key_press(Key::Enter);
    harness.run_steps(4);
    let turned = site(&harness).get(&format!("blocks.{}.size", block.id));
    assert_eq!(turned, Some(serde_json::json!([block.size[1], block.size[0]])));
    assert!(harness.query_by_label("Rotate a quarter").is_none(), "the menu is closed");
    harness.key_press(Key::Menu);
    harness.run_steps(4);
    harness.get_by_label("Rotate a quarter");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Rotate a quarter").is_none());
    assert_eq!(selection(&harness).len(), 1, "Escape closes the menu and no more");
}

#[test]
fn escape_closes_a_derivation_and_leaves_the_selection_and_a_command_closes_it_too() {
    let mut harness = pilot();
    settle(&mut harness);
    let block = installed(&site(&harness)).remove(0);
    select(&mut harness, Kind::Block, &[&block.id]);
    let open = |harness: &mut Harness<'_, App>| {
        harness.get_by_label_contains("Grid power, worst hour,").click();
        harness.run_steps(3);
        harness.get_by_label("Copy with sources");
    };
    open(&mut harness);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Copy with sources").is_none());
    assert_eq!(selection(&harness).len(), 1);
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(selection(&harness).is_empty(), "nothing floats any more");
    open(&mut harness);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    harness.run_steps(3);
    assert!(harness.query_by_label("Copy with sources").is_none());
}

#[test]
fn the_menu_of_the_plan_has_the_keys_while_the_pointer_stays_on_it() {
    let mut harness = pilot();
    let tool = harness.state().view().plan.tool;
    let canvas = harness.get_by_label_contains("Site plan of").rect();
    harness.hover_at(canvas.center());
    harness.get_by_label_contains("Site plan of").click_secondary();
    harness.run_steps(4);
    assert!(harness.query_by_label("Paste").is_some());
    harness.key_press(Key::H);
    harness.run_steps(3);
    assert_eq!(harness.state().view().plan.tool, tool, "no tool is chosen through the menu");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Paste").is_none());
}

#[test]
fn racks_go_through_the_clipboard_into_another_window() {
    let mut from = pilot();
    let block = installed(&site(&from)).remove(0);
    select(&mut from, Kind::Block, &[&block.id]);
    from.event(Event::Copy);
    let text = copied(&mut from);
    assert!(text.contains("gigasite_elements") && text.contains(&block.id), "{text}");

    let mut to = app(&layout("campus-1gw.ron"), FakeDialogs::default());
    let before = site(&to).blocks().count();
    to.event(Event::Paste(text));
    settle(&mut to);
    assert_eq!(site(&to).blocks().count(), before + 1);
    let label = to.state().session().editor().undo_label().map(str::to_owned);
    assert!(label.as_deref().is_some_and(|l| l.starts_with("Paste ")), "{label:?}");
    look(&mut to, "pasted");

    to.event(Event::Paste("not an element".to_owned()));
    to.run_steps(4);
    to.get_by_label_contains("holds no elements");
    assert_eq!(site(&to).blocks().count(), before + 1);
}

#[test]
fn cut_is_one_entry_and_duplicate_puts_a_copy_beside() {
    let mut harness = pilot();
    let blocks = installed(&site(&harness));
    select(&mut harness, Kind::Block, &[&blocks[0].id]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::D);
    settle(&mut harness);
    assert_eq!(installed(&site(&harness)).len(), blocks.len() + 1);
    harness.event(Event::Cut);
    let text = copied(&mut harness);
    settle(&mut harness);
    assert_eq!(installed(&site(&harness)).len(), blocks.len(), "the copy was selected and is cut");
    harness.event(Event::Paste(text));
    settle(&mut harness);
    assert_eq!(installed(&site(&harness)).len(), blocks.len() + 1);
    assert_eq!(harness.state().session().editor().history().len(), 3);
}

#[test]
fn deleting_a_hall_says_what_goes_with_it_first() {
    let mut harness = pilot();
    let group = site(&harness).halls[0].clone();
    let hall = group.hall.clone().expect("a hall");
    select(&mut harness, Kind::Hall, &[&hall.id]);
    harness.key_press(Key::Delete);
    harness.run_steps(4);
    let Some(Prompt::Delete { lines, .. }) = harness.state().prompt() else {
        panic!("no question")
    };
    let blocks = if group.blocks.len() == 1 {
        "1 block".into()
    } else {
        format!("{} blocks", group.blocks.len())
    };
    assert!(lines[0].starts_with("With it: ") && lines[0].contains(&blocks), "{lines:?}");
    look(&mut harness, "prompt-delete");
    harness.get_by_label("Cancel").click();
    harness.run_steps(4);
    assert_eq!(site(&harness).halls.len(), site(&harness).halls.len());
    assert!(harness.state().session().editor().history().is_empty());
    harness.key_press(Key::Delete);
    harness.run_steps(4);
    harness.get_by_label("Delete").click();
    settle(&mut harness);
    assert!(site(&harness).find(&hall.id).is_none());
    assert_eq!(harness.state().session().editor().history().len(), 1);
}

#[test]
fn arrows_move_the_selection_while_the_plan_has_the_keyboard() {
    let mut harness = pilot();
    let block = installed(&site(&harness)).remove(0);
    select(&mut harness, Kind::Block, &[&block.id]);
    let at = |harness: &Harness<'_, App>| -> [f64; 2] {
        let found = site(harness).blocks().find(|b| b.id == block.id).map(|b| b.at);
        found.expect("the block")
    };
    harness.key_press(Key::ArrowRight);
    harness.run_steps(3);
    assert_eq!(at(&harness), block.at, "the plan has not the keyboard");
    harness.get_by_label_contains("Site plan of").focus();
    harness.run_steps(3);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(3);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowDown);
    harness.run_steps(3);
    let moved = at(&harness);
    assert!((moved[0] - block.at[0] - 0.6).abs() < 1e-9, "{moved:?}");
    assert!((moved[1] - block.at[1] - 6.0).abs() < 1e-9, "{moved:?}");
    assert_eq!(harness.state().session().editor().history().len(), 2);
}

#[test]
fn several_blocks_are_edited_by_one_entry() {
    let mut harness = app(&layout("campus-1gw.ron"), FakeDialogs::default());
    let blocks: Vec<Block> = installed(&site(&harness)).into_iter().take(3).collect();
    let ids: Vec<&str> = blocks.iter().map(|b| b.id.as_str()).collect();
    select(&mut harness, Kind::Block, &ids);
    look(&mut harness, "several");
    enter(&mut harness, "Count of all 3", "2*4");
    settle(&mut harness);
    let counts = |harness: &Harness<'_, App>| -> Vec<u32> {
        let site = site(harness);
        ids.iter()
            .filter_map(|id| site.blocks().find(|b| b.id == *id).and_then(|b| b.count))
            .collect()
    };
    assert_eq!(counts(&harness), [8, 8, 8]);
    assert_eq!(harness.state().session().editor().history().len(), 1);
    // Mixed values change each by its own share.
    let path = format!("blocks.{}.count", ids[0]);
    harness.state_mut().push(gigasite::gui::action::Edit::set(path, "4", ""));
    settle(&mut harness);
    look(&mut harness, "several-mixed");
    enter(&mut harness, "Count of all 3", "+50 %");
    settle(&mut harness);
    assert_eq!(counts(&harness), [6, 12, 12]);
    enter(&mut harness, "Count of all 3", "2.5");
    harness.get_by_label("must be a whole number");
    assert_eq!(counts(&harness), [6, 12, 12]);
    for _ in 0..3 {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        harness.run_steps(2);
    }
    let before: Vec<u32> = blocks.iter().filter_map(|b| b.count).collect();
    assert_eq!(counts(&harness), before);
}

#[test]
fn us_units_are_chosen_in_the_menu_shown_typed_and_kept() {
    let mut harness = pilot();
    let cooling = site(&harness).campus.loops[0].clone();
    select(&mut harness, Kind::Loop, &[&cooling.id]);
    harness.get_by_label("View menu").click();
    harness.run_steps(4);
    look(&mut harness, "menu-view");
    harness.get_by_label("US units").click();
    harness.run_steps(4);
    assert_eq!(harness.state().view().prefs.units, gigasite::units::format::System::Us);
    enter(&mut harness, &format!("Coolant supply of {}", cooling.name), "104");
    settle(&mut harness);
    look(&mut harness, "us-units");
    assert_eq!(site(&harness).campus.loops[0].supply_c, 40.0);
    let shown = |harness: &Harness<'_, App>| {
        harness.get_by_label(&format!("Coolant supply of {}", cooling.name)).value()
    };
    assert_eq!(shown(&harness).as_deref(), Some("104"));
    harness.state_mut().push(Action::View(View::Units(gigasite::units::format::System::Metric)));
    harness.run_steps(3);
    assert_eq!(shown(&harness).as_deref(), Some("40"));
}

#[test]
fn an_edited_catalogue_value_goes_back_from_its_source_or_by_command() {
    let mut harness = pilot();
    let block = installed(&site(&harness)).remove(0);
    let rack = block.rack.clone().expect("a rack type");
    select(&mut harness, Kind::Block, &[&block.id]);
    let short = harness.state().session().editor().catalog().racks[&rack].short.clone();
    for by_command in [false, true] {
        enter(&mut harness, &format!("Peak of {short}"), "150 kW");
        settle(&mut harness);
        assert_eq!(site(&harness).terms.overrides.len(), 1);
        if by_command {
            harness.get_by_label("Edit menu").click();
            harness.run_steps(4);
            look(&mut harness, "menu-edit");
            harness.get_by_label("Reset to catalogue values").click();
        } else {
            harness.get_by_label(&format!("Source of Peak of {short}")).click();
            harness.run_steps(4);
            look(&mut harness, "reset");
            harness.get_by_label_contains("Reset to catalogue value").click();
        }
        settle(&mut harness);
        assert!(site(&harness).terms.overrides.is_empty());
    }
    assert_eq!(harness.state().session().editor().history().len(), 4);
}

#[test]
fn the_plan_keeps_its_letters_when_a_command_changes_the_theme() {
    let light = eframe::egui::ThemePreference::Light;
    let mut by_command = pilot();
    by_command.render().expect("the dark letters are laid out");
    by_command.state_mut().push(Action::View(View::Theme(light)));
    by_command.run_steps(5);
    let mut between_frames = pilot();
    between_frames.ctx.set_theme(light);
    between_frames.run_steps(5);
    // The legend and the tree are painted anew each frame; the plan is what may differ.
    let plan = |harness: &mut Harness<'_, App>| {
        let image = harness.render().expect("renders");
        image::imageops::crop_imm(&image, 450, 140, 500, 280).to_image()
    };
    let (a, b) = (plan(&mut by_command), plan(&mut between_frames));
    let differ = a.pixels().zip(b.pixels()).filter(|(a, b)| a != b).count();
    assert!(differ < 50, "{differ} pixels differ");
}

#[test]
fn every_field_takes_sums_and_units_and_keeps_the_last_good_value() {
    let mut harness = pilot();
    select(&mut harness, Kind::Site, &[""]);
    enter(&mut harness, "Grid contract", "1 GW / 50");
    settle(&mut harness);
    assert_eq!(site(&harness).terms.site.grid_contract_mw, Some(20.0));
    enter(&mut harness, "Grid contract", "+10 %");
    settle(&mut harness);
    assert_eq!(site(&harness).terms.site.grid_contract_mw, Some(22.0));
    enter(&mut harness, "Grid contract", "3 bananas");
    harness.get_by_label_contains("is not a unit of this field");
    assert_eq!(site(&harness).terms.site.grid_contract_mw, Some(22.0));
}
