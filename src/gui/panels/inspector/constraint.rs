//! A constraint area: its kind, rule and source, and the corners of its ground.

use crate::gui::action::{Actions, Edit};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::{card, row};
use crate::gui::context::Context;
use crate::gui::panels::rows::{FieldRow, choice_row, number_text, optional, required, text_row};
use crate::site::{Constraint, ConstraintKind};
use crate::units::format;
use eframe::egui::Ui;

pub fn show(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let Some(area) = cx.site.campus.constraints.iter().find(|c| c.id == id) else { return };
    let at = |field: &str| format!("constraints.{id}.{field}");
    card::section(ui, "Constraint area", "", true);
    text_row(ui, actions, &at("name"), "Name", &area.name);
    let kinds = ConstraintKind::ALL.map(|k| (k.name(), k.title()));
    choice_row(ui, actions, (&at("kind"), "Kind"), &kinds, area.kind.name());
    text_row(ui, actions, &at("rule"), "Rule", &area.rule);
    text_row(ui, actions, &at("source"), "Source", &area.source);
    text_row(ui, actions, &at("date"), "Date", &area.date);
    let of = area.name.as_str();
    match area.kind {
        ConstraintKind::Setback => {
            let width = optional(area.setback_m, "by its outline");
            FieldRow::new(&at("setback_m"), "From the edge", of, width).show(ui, actions);
        }
        ConstraintKind::HeightLimit => {
            FieldRow::new(&at("height_m"), "Greatest height", of, required(area.height_m))
                .show(ui, actions);
        }
        ConstraintKind::Noise => {
            let level = optional(area.noise_dba, "not stated");
            FieldRow::new(&at("noise_dba"), "At the boundary", of, level).show(ui, actions);
        }
        ConstraintKind::Flood | ConstraintKind::Wetland | ConstraintKind::Easement => {}
    }
    corners(ui, area, actions);
}

/// The corners, one a row as `x, y` in metres east and south of the parcel's corner.
fn corners(ui: &mut Ui, area: &Constraint, actions: &mut Actions) {
    card::section(ui, "Corners", "m east, m south", false);
    for (i, corner) in area.outline.iter().enumerate() {
        let label = format!("Corner {}", i + 1);
        let text = format!("{}, {}", format::plain(corner[0]), format::plain(corner[1]));
        let Some(entered) = row::text(ui, &label, &text) else { continue };
        let mut outline = area.outline.clone();
        if entered.trim().is_empty() {
            outline.remove(i);
            actions.push(put(area, &outline, &format!("Remove corner {} of", i + 1)));
        } else if let Some(point) = parse(&entered) {
            if let Some(place) = outline.get_mut(i) {
                *place = point;
            }
            actions.push(put(area, &outline, &format!("Move corner {} of", i + 1)));
        }
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        if Button::new("Add a corner").look(Look::Ghost).show(ui).clicked() {
            let mut outline = area.outline.clone();
            outline.push(between(&outline));
            actions.push(put(area, &outline, "Add a corner to"));
        }
    });
    if !area.outline.is_empty() {
        super::paragraph(ui, "A corner without figures is removed");
    }
}

/// Two numbers in any usual spelling: `12, 30.5` or `12 30.5`.
fn parse(text: &str) -> Option<[f64; 2]> {
    let parts: Vec<&str> = text
        .split(|c: char| c == ',' || c == ';' || c.is_whitespace())
        .filter(|p| !p.is_empty())
        .collect();
    let [x, y] = parts.as_slice() else { return None };
    let (x, y): (f64, f64) = (x.parse().ok()?, y.parse().ok()?);
    (x.is_finite() && y.is_finite()).then_some([x, y])
}

/// Half way from the last corner back to the first.
fn between(outline: &[[f64; 2]]) -> [f64; 2] {
    match (outline.first(), outline.last()) {
        (Some(a), Some(b)) => [f64::midpoint(a[0], b[0]), f64::midpoint(a[1], b[1])],
        _ => [0.0, 0.0],
    }
}

fn put(area: &Constraint, outline: &[[f64; 2]], verb: &str) -> crate::gui::action::Action {
    let points: Vec<String> =
        outline.iter().map(|p| format!("({}, {})", number_text(p[0]), number_text(p[1]))).collect();
    let value = format!("[{}]", points.join(", "));
    let path = format!("constraints.{}.outline", area.id);
    Edit::set(path, value, format!("{verb} {}", area.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_are_two_numbers_and_nothing_else() {
        assert_eq!(parse("12, 30.5"), Some([12.0, 30.5]));
        assert_eq!(parse(" -3;4 "), Some([-3.0, 4.0]));
        for text in ["", "12", "1 2 3", "a, b", "inf, 0", "nan 1"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_new_corner_lies_on_the_side_that_closes_the_outline() {
        assert_eq!(between(&[[0.0, 0.0], [10.0, 0.0], [10.0, 4.0]]), [5.0, 2.0]);
        assert_eq!(between(&[]), [0.0, 0.0]);
    }
}
