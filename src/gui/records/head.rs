//! The chosen record: its name, where it comes from, and what can be done with all of it.

use super::{Page, collection_words, list, small, theme_of};
use crate::catalog::Catalog;
use crate::editor::What;
use crate::editor::catalogue::{Origin, RecordKey};
use crate::gui::action::{Action, Actions, File};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::chip;
use crate::gui::components::paint::{self, Text};
use crate::gui::icons::Icon;
use crate::scene::tokens::{TextRole, Token};
use eframe::egui::{Align, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

pub(super) fn show(ui: &mut Ui, page: &mut Page, actions: &mut Actions) {
    let Some(row) = page.row().cloned() else { return };
    let theme = theme_of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 60.0), Sense::hover());
    let inner = rect.shrink2(vec2(14.0, 8.0));
    let builder = UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center));
    let asked = ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        buttons(ui, page, (&row.key, row.origin, row.changed), actions);
        ui.min_rect().left()
    });
    let tag = list::tag(row.origin);
    let painter = ui.painter();
    // The name ends before its tag, and that before the buttons.
    let tagged = tag.map_or(0.0, |(words, _)| chip::tag_width(painter, words) + 10.0);
    let end = asked.inner - 12.0 - tagged;
    let first = Rect::from_min_max(inner.min, pos2(end, inner.top() + 24.0));
    let right =
        Text::new(&row.name, TextRole::H1, theme.color(Token::Text1)).paint(painter, first).right();
    if let Some((words, tone)) = tag {
        chip::paint_tag(painter, pos2(right + 10.0, first.center().y), words, tone, theme);
    }
    let caption = format!("{} · {}", collection_words(&row.key.collection), row.key.id);
    let second = Rect::from_min_max(
        pos2(inner.left(), inner.top() + 25.0),
        pos2(asked.inner - 12.0, inner.top() + 43.0),
    );
    Text::new(&caption, TextRole::Small, theme.color(Token::Text3)).paint(painter, second);
    let line = theme.color(Token::Line);
    paint::hairline(painter, rect.left(), rect.right(), rect.bottom() - 0.5, line);
    let spoken = format!("{}, {caption}", row.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &spoken));
    ui.advance_cursor_after_rect(rect);
    faults(ui, page);
}

fn buttons(
    ui: &mut Ui,
    page: &mut Page,
    (key, origin, changed): (&RecordKey, Origin, bool),
    actions: &mut Actions,
) {
    if Button::new("Copy as new").with_icon(Icon::Copy).show(ui).clicked()
        && let Some(copy) = page.draft.copy(key)
    {
        page.query.clear();
        page.said = None;
        page.choose(copy);
    }
    let saved = !page.draft.is_dirty();
    if let Some(what) = placed(page.draft.builtin(), key).filter(|_| saved)
        && Button::new("Place").name("Place on the plan").with_icon(Icon::Plan).show(ui).clicked()
    {
        actions.push(Action::File(File::CloseCatalogue));
        actions.push(Action::View(crate::gui::action::View::Place(what)));
    }
    let reset = match origin {
        Origin::BuiltIn => None,
        Origin::Overridden => Some(("Reset", "Reset the record to the built-in one", Icon::Reset)),
        Origin::Own => Some(("Delete", "Delete the record", Icon::Trash)),
    };
    if let Some((words, name, icon)) = reset
        && Button::new(words).name(name).with_icon(icon).look(Look::Ghost).show(ui).clicked()
    {
        page.draft.reset(key);
        page.said = None;
    }
    if changed
        && Button::new("Take back")
            .name("Take back unsaved changes")
            .look(Look::Ghost)
            .show(ui)
            .clicked()
    {
        page.draft.revert(key);
    }
}

/// What placing the record means, where it can be placed.
fn placed(builtin: &Catalog, key: &RecordKey) -> Option<What> {
    match key.collection.as_str() {
        "racks" => Some(What::Racks(key.id.clone())),
        "units" => Some(What::Unit(key.id.clone())),
        "equipment" => {
            // Fan walls have no place of their own.
            let known = builtin.equipment.get(&key.id);
            let air = |k| k == crate::catalog::EquipmentKind::AirCooling;
            (!known.is_some_and(|e| air(e.kind))).then(|| What::Equipment(key.id.clone()))
        }
        _ => None,
    }
}

/// What is wrong with the record as a whole.
fn faults(ui: &mut Ui, page: &Page) {
    let lines: Vec<String> = page
        .about("")
        .map(|f| format!("{}: {}", f.diagnostic.message, f.diagnostic.hint))
        .collect();
    for words in lines {
        ui.horizontal(|ui| {
            ui.add_space(14.0);
            small(ui, &words, Token::Err);
        });
    }
}
