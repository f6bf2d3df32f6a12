//! The economics tab.

use super::demo::Demo;
use super::{agreed, look, panel};
use eframe::egui::{Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use gigasite::gui::action::{Action, Actions, View};
use gigasite::gui::context::{Element, Kind};
use gigasite::gui::panels::economics::{self, EconomicsState, LadderCharts};
use gigasite::plan::result::{Conflict, Status};

pub struct Window {
    pub demo: Demo,
    pub state: EconomicsState,
    pub actions: Actions,
}

pub fn window(demo: Demo, size: Vec2, dark: bool) -> Harness<'static, Window> {
    let start = Window { demo, state: EconomicsState::default(), actions: Actions::new() };
    panel(start, size, dark, |ui, w| {
        let context = w.demo.context();
        let states = (&mut w.state, &mut LadderCharts::default());
        economics::show(ui, &context, states, &mut w.actions);
    })
}

#[test]
fn the_economics_of_the_campus_paint() {
    for (size, dark, name) in [
        (vec2(1600.0, 842.0), true, "economics-dark"),
        (vec2(1600.0, 842.0), false, "economics-light"),
        (vec2(1000.0, 640.0), true, "economics-small"),
        (vec2(2560.0, 1300.0), true, "economics-large"),
    ] {
        let mut harness = window(Demo::invented(), size, dark);
        look(&mut harness, name);
    }
    let mut harness = window(Demo::campus(), vec2(1600.0, 842.0), true);
    look(&mut harness, "economics-solved");
    let mut harness = window(Demo::of("keynote-mixed-1gw.ron"), vec2(1600.0, 842.0), true);
    look(&mut harness, "economics-keynote");
    let mut harness = window(Demo::of("estimated-100mw.ron"), vec2(1600.0, 842.0), true);
    look(&mut harness, "economics-estimated");
}

#[test]
fn the_economics_look_as_agreed() {
    let mut harness = window(Demo::invented(), vec2(1360.0, 800.0), true);
    harness.snapshot_options("economics-dark", &agreed());
}

#[test]
fn the_parts_of_the_tab_have_names_and_rows_select_their_tier() {
    let mut harness = window(Demo::invented(), vec2(1600.0, 900.0), true);
    harness.get_by_label_contains("The optimum gains $2.74 B of revenue a year over 25/25/25/25");
    harness.get_by_label_contains("1.6 × the published world volume");
    harness.get_by_label_contains("Throughput against interactivity, 6 curves, 5 operating points");
    harness.get_by_label_contains("Flow from grid to dollars");
    harness.get_by_label("High on VR").click();
    harness.run_steps(3);
    let tier = Element::new(Kind::Tier, "high");
    assert!(harness.state().actions.contains(&Action::View(View::Select(vec![tier]))));
}

#[test]
fn one_click_turns_the_speed_axis_linear() {
    let mut harness = window(Demo::invented(), vec2(1600.0, 900.0), true);
    harness.get_by_label("Scale of the speed axis").click();
    harness.run_steps(3);
    assert!(harness.state().state.linear_x);
    look(&mut harness, "economics-linear");
}

#[test]
fn an_infeasible_plan_says_so_and_names_the_cheapest_relaxation() {
    let mut demo = Demo::invented();
    demo.outcome.plan = gigasite::plan::Plan {
        status: Status::Infeasible,
        conflicts: vec![Conflict {
            limit: "nodes.sub-b.capacity_mw".into(),
            element: "sub-b".into(),
            amount: Some(14.0),
            unit: "MW".into(),
            sentence: "needs 14 MW more at substation B".into(),
        }],
        ..Default::default()
    };
    let mut harness = window(demo, vec2(1300.0, 700.0), true);
    harness.get_by_label_contains("Infeasible");
    look(&mut harness, "economics-infeasible");
}
