//! What a variant is called, and what a reader must know of it.

use super::{Choice, body, buttons, ghost, heading};
use crate::gui::components::button::{Button, Look};
use crate::gui::theme::font;
use crate::scene::tokens::TextRole;
use eframe::egui::{self, Id, Margin, TextEdit, Ui};

pub(super) fn show(
    ui: &mut Ui,
    known: bool,
    (name, notes): (&mut String, &mut String),
) -> Option<Choice> {
    let (title, about, verb) = if known {
        ("Rename the variant", "Name what is different in it", "Rename")
    } else {
        ("New variant", "Starts as a copy of the one that is shown; both stay", "Create")
    };
    heading(ui, title);
    body(ui, about);
    ui.add_space(8.0);
    let field = TextEdit::singleline(name)
        .id(Id::unique("variant-name"))
        .font(font(TextRole::Body))
        .desired_width(f32::INFINITY)
        .margin(Margin::symmetric(8, 5));
    let response = ui.add(field).accessible_name("Name of the variant");
    if ui.memory(|m| m.focused().is_none()) {
        response.request_focus();
    }
    let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
    if known {
        ui.add_space(6.0);
        body(ui, "Notes");
        let field = TextEdit::multiline(notes)
            .id(Id::unique("variant-notes"))
            .font(font(TextRole::Body))
            .desired_width(f32::INFINITY)
            .desired_rows(3)
            .margin(Margin::symmetric(8, 5));
        ui.add(field).accessible_name("Notes of the variant");
    }
    let ready = !name.trim().is_empty();
    buttons(ui, |ui| {
        let go = Button::new(verb).look(Look::Primary).enabled(ready).show(ui).clicked();
        let stay = ghost(ui, "Cancel");
        if (go || entered) && ready {
            Some(Choice::Name { name: name.clone(), notes: notes.clone() })
        } else {
            stay.then_some(Choice::Cancel)
        }
    })
}
