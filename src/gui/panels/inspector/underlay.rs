//! An underlay: its file, how visible it is, how large one of its units is.

use crate::gui::action::{Action, Actions, Edit, View};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::{card, row};
use crate::gui::context::Context;
use crate::gui::panels::rows::{FieldRow, number_text, required, text_row};
use crate::units::format;
use eframe::egui::Ui;

pub fn show(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let Some(one) = cx.site.campus.underlays.iter().find(|u| u.id == id) else { return };
    let at = |field: &str| format!("underlays.{id}.{field}");
    card::section(ui, "Underlay", "", true);
    text_row(ui, actions, &at("name"), "Name", &one.name);
    text_row(ui, actions, &at("file"), "File", &one.file);
    let of = one.name.as_str();
    FieldRow::new(&at("opacity_frac"), "Opacity", of, required(Some(one.opacity_frac)))
        .show(ui, actions);
    for (i, label) in ["East", "South"].into_iter().enumerate() {
        let place = required(one.at.get(i).copied());
        FieldRow::new(&at(&format!("at.{i}")), label, of, place).show(ui, actions);
    }
    if let Some(text) = row::text(ui, "Metres per unit", &format::plain(one.m_per_unit))
        && let Ok(scale) = text.trim().parse::<f64>()
        && scale.is_finite()
        && scale > 0.0
    {
        let label = format!("Scale {}", one.name);
        actions.push(Edit::set(at("m_per_unit"), number_text(scale), label));
    }
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        let word = if one.hidden { "Show" } else { "Hide" };
        if Button::new(word).show(ui).clicked() {
            let label = format!("{word} {}", one.name);
            actions.push(Edit::set(at("hidden"), (!one.hidden).to_string(), label));
        }
        if Button::new("Calibrate...").look(Look::Ghost).show(ui).clicked() {
            actions.push(Action::View(View::Calibrate(id.to_owned())));
        }
    });
}
