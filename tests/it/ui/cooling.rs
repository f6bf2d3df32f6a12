//! The year of cooling loops in the inspector and on a page of its own, by label.

use super::app::{app, layout, settle};
use super::contingencies::flowing;
use super::{enter, look};
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::gui::action::{Action, File, Tab, View};
use gigasite::gui::app::App;
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::study::cooling::{Weather, loops};
use gigasite::units::format::System;

#[test]
fn the_inspector_of_a_loop_shows_its_year_and_follows_the_set_point() {
    let mut harness = app(&layout("pilot-20mw.ron"), FakeDialogs::default());
    let elements = vec![Element::new(Kind::Loop, "loop")];
    harness.state_mut().push(Action::View(View::Select(elements)));
    harness.run_steps(4);
    look(&mut harness, "cooling-year");
    // Typical hours of the layout: 96 h of 37 C are above 28 C.
    harness.get_by_label("Hours short: 96 h");
    harness.get_by_label_contains("Hours of the year and PUE by outdoor temperature");
    harness.get_by_label_contains("PUE, worst hour: 1.");
    enter(&mut harness, "Coolant supply of Coolant", "30");
    settle(&mut harness);
    // 18 C and above: warm days, hot nights and hot days.
    harness.get_by_label("Hours short: 2,676 h");
}

/// A page of its own with the loops of a layout.
fn page(name: &str) -> Harness<'static, App> {
    let mut harness = app(&layout(name), FakeDialogs::default());
    harness.state_mut().push(Action::View(View::Tab(Tab::Cooling)));
    harness.run_steps(4);
    harness
}

fn choose(harness: &mut Harness<'_, App>, list: &str, option: &str) {
    harness.get_by_label_contains(&format!("{list}: ")).click();
    harness.run_steps(3);
    harness.get_by_label(option).click();
    harness.run_steps(4);
}

#[test]
fn the_page_of_cooling_compares_set_points_as_the_engine_computes_them() {
    let mut harness = page("pilot-20mw.ron");
    look(&mut harness, "cooling-page");
    let editor = harness.state().session().editor();
    let (found, _) = loops(editor.site(), editor.catalog_in_force(), &Weather::default());
    let found = found.expect("assessed");
    let points = &found.loops[0].set_points;
    assert_eq!(points.iter().map(|p| p.supply_c).collect::<Vec<_>>(), [30.0, 40.0, 45.0]);
    for point in points {
        let words = format!(
            "Set point {:.0} °C: {} h short, PUE {:.3} mean, {:.3} worst hour",
            point.supply_c,
            gigasite::units::format::count(point.hours_short),
            point.pue_mean,
            point.pue_worst
        );
        harness.get_by_label(&words);
    }
    harness.get_by_label("PUE of the hours of a year at 30 °C, 40 °C, 45 °C");
    harness.get_by_label("Use 45 °C").click();
    settle(&mut harness);
    assert_eq!(harness.state().session().editor().site().campus.loops[0].supply_c, 45.0);
    harness.get_by_label_contains("Set point 45 °C");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(harness.state().session().editor().site().campus.loops[0].supply_c, 40.0);
}

#[test]
fn the_place_and_its_extreme_are_chosen_and_reset_beside_the_charts() {
    let mut harness = page("pilot-20mw.ron");
    let info = |h: &Harness<'_, App>| h.state().session().editor().site().terms.site.clone();
    choose(&mut harness, "Place", "Northern Virginia, Dulles");
    settle(&mut harness);
    assert_eq!(info(&harness).place.as_deref(), Some("dulles-va"));
    // The published extreme of the place, and the hours of the table of weather above 28 °C.
    harness.get_by_label_contains("design extreme 39.7 °C");
    look(&mut harness, "cooling-place");
    enter(&mut harness, "Design extreme", "42");
    settle(&mut harness);
    assert_eq!(info(&harness).extreme_c, Some(42.0));
    harness.get_by_label_contains("design extreme 42 °C");
    choose(&mut harness, "Place", "The layout's typical hours");
    settle(&mut harness);
    assert_eq!(info(&harness).place, None);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    settle(&mut harness);
    assert_eq!(info(&harness).place.as_deref(), Some("dulles-va"));
}

#[test]
fn temperatures_of_the_page_follow_the_units_of_the_window() {
    let mut harness = page("pilot-20mw.ron");
    harness.state_mut().push(Action::View(View::Units(System::Us)));
    harness.run_steps(4);
    harness.get_by_label_contains("Set point 104 °F: ");
    harness.get_by_label_contains("by outdoor temperature, warmest hour 98.6 °F");
    assert_eq!(harness.query_all_by_label_contains("°C").count(), 0);
    look(&mut harness, "cooling-us");
}

#[test]
fn the_headline_sets_firm_power_beside_what_survives_any_outage() {
    let mut harness = flowing("campus-1gw.ron");
    let outcome = harness.state().session().outcome().expect("a plan").clone();
    let firm = outcome.firm.as_ref().expect("computed");
    let tile = harness.get_by_label_contains("Firm power, N-1").accesskit_node().label();
    let capacity = format!("/ {:.1} MW", firm.site_mw);
    assert!(tile.as_ref().is_some_and(|t| t.contains(&capacity)), "{capacity}: {tile:?}");
    harness.get_by_label_contains("Firm power, N-1").click();
    harness.run_steps(4);
    harness.get_by_label_contains("Survives any outage");
    look(&mut harness, "firm-derivation");
}

#[test]
fn loops_stand_beside_each_other_and_a_click_shows_another_one() {
    let mut harness = app(&layout("mixed-250mw.ron"), FakeDialogs::default());
    harness.state_mut().push(Action::View(View::Tab(Tab::Cooling)));
    settle(&mut harness);
    let loops: Vec<(String, String)> = {
        let site = harness.state().session().editor().site();
        site.campus.loops.iter().map(|l| (l.id.clone(), l.name.clone())).collect()
    };
    assert!(loops.len() > 1, "{loops:?}");
    for (id, name) in [&loops[1], &loops[0]] {
        harness.get_by_label_contains(&format!("{name}: ")).click();
        harness.run_steps(3);
        assert_eq!(harness.state().view().cooling.shown.as_ref(), Some(id));
    }
}

/// An EPW file whose afternoons in July are hot.
fn weather() -> String {
    let mut text = String::from("LOCATION,Testville,-,XXX,Test,000000,50.00,10.00,1.0,100.0\n");
    for (month, days) in [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].iter().enumerate() {
        for hour in 0..days * 24 {
            let hot = month == 6 && hour % 24 == 15;
            let drybulb = if hot { 44.0 } else { 10.0 };
            text += &format!("2001,{},1,1,0,?9,{drybulb},5.0,40,100500\n", month + 1);
        }
    }
    text
}

#[test]
fn a_weather_file_shows_pue_by_month_and_hour_and_the_own_weather_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("testville.epw");
    std::fs::write(&path, weather()).expect("writes");
    let dialogs = FakeDialogs { answer: Some(path), ..FakeDialogs::default() };
    let mut harness = app(&layout("pilot-20mw.ron"), dialogs);
    harness.state_mut().push(Action::View(View::Tab(Tab::Cooling)));
    harness.run_steps(4);
    harness.get_by_label("Hours of the year: Month and hour").click();
    harness.run_steps(4);
    harness.get_by_label_contains("The weather is not known hour by hour");
    harness.get_by_label("Weather file...").click();
    harness.run_steps(6);
    settle(&mut harness);
    look(&mut harness, "cooling-months");
    let map = harness.get_by_label_contains("PUE by month and hour of the day, least 1.");
    let label = map.accesskit_node().label().expect("words");
    assert!(label.ends_with("in July at 15:00"), "{label}");
    harness.get_by_label_contains("July: PUE 1.");
    harness.get_by_label_contains("most at 15:00");
    harness.get_by_label_contains("Weather: testville.epw").click();
    harness.run_steps(3);
    harness.get_by_label("Weather of the site").click();
    harness.run_steps(4);
    assert_eq!(harness.query_all_by_label_contains("testville.epw").count(), 0);
    harness.get_by_label_contains("PUE of the hours of a year at");
}

#[test]
fn a_weather_file_is_left_where_another_site_opens() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("testville.epw");
    std::fs::write(&path, weather()).expect("writes");
    let dialogs = FakeDialogs { answer: Some(path), ..FakeDialogs::default() };
    let mut harness = app(&layout("pilot-20mw.ron"), dialogs);
    harness.state_mut().push(Action::File(File::Weather));
    harness.run_steps(6);
    settle(&mut harness);
    harness.get_by_label_contains("Weather: testville.epw");
    harness.state_mut().push(Action::File(File::OpenExample(0)));
    harness.run_steps(4);
    settle(&mut harness);
    harness.state_mut().push(Action::View(View::Tab(Tab::Cooling)));
    harness.run_steps(4);
    harness.get_by_label("Weather: Own weather");
}

#[test]
fn a_broken_weather_file_is_told_with_its_line_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("broken.epw");
    std::fs::write(&path, weather().replacen("2001,1,1,1,0,?9,10,", "2001,1,1,1,0,?9,warm,", 1))
        .expect("writes");
    let dialogs = FakeDialogs { answer: Some(path), ..FakeDialogs::default() };
    let mut harness = app(&layout("pilot-20mw.ron"), dialogs);
    harness.state_mut().push(Action::File(File::Weather));
    harness.run_steps(6);
    settle(&mut harness);
    harness.get_by_label_contains("broken.epw is no weather of a year");
    harness.get_by_label_contains("broken.epw:2:");
    assert_eq!(harness.state().view().prefs.tab, Tab::SitePlan);
}
