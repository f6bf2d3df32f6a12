//! The strip above the fields of locked elements: who locks them, and the way out.

use crate::editor::{Command, ElementId, Lock, lock_of};
use crate::gui::action::{Action, Actions, Edit, Gesture};
use crate::gui::components::button::Button;
use crate::gui::components::paint::{self, Text};
use crate::gui::context::{Context, Element};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{Align, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Shows the strip; true where the one element must not be edited.
pub fn show(ui: &mut Ui, cx: &Context<'_>, element: &Element, actions: &mut Actions) -> bool {
    let found = cx.site.find(&element.id).filter(|e| e.path() == element.path());
    let Some(lock) = found.and_then(|e| lock_of(cx.site, e)) else { return false };
    match lock {
        Lock::Itself => strip(ui, "Locked", Some(vec![id_of(element)]), actions),
        Lock::By(holder) => strip(ui, &format!("Locked by {holder}"), None, actions),
    }
    true
}

/// Shows how many of several elements are locked, where any is.
pub fn several(ui: &mut Ui, cx: &Context<'_>, elements: &[Element], actions: &mut Actions) {
    if cx.site.campus.locked.is_empty() {
        return;
    }
    let ids: std::collections::HashSet<String> = elements.iter().map(Element::path).collect();
    let chosen = cx.site.elements().filter(|e| ids.contains(&e.path()));
    let locks: Vec<Lock> = chosen.filter_map(|e| lock_of(cx.site, e)).collect();
    if locks.is_empty() {
        return;
    }
    let words = format!("{} of {} locked", locks.len(), elements.len());
    let own = locks.contains(&Lock::Itself);
    strip(ui, &words, own.then(|| elements.iter().map(id_of).collect()), actions);
}

fn id_of(element: &Element) -> ElementId {
    ElementId::new(element.path())
}

fn strip(ui: &mut Ui, words: &str, unlocks: Option<Vec<ElementId>>, actions: &mut Actions) {
    let t = Theme::of(ui.ctx());
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::BUTTON + 8.0), Sense::hover());
    let painter = ui.painter();
    painter.rect_filled(rect, 0.0, t.color(Token::Raised));
    let middle = rect.center().y;
    Icon::Lock.paint_sized(painter, pos2(rect.left() + 20.0, middle), 14.0, t.color(Token::Text2));
    let text = rect.with_min_x(rect.left() + 36.0);
    Text::new(words, TextRole::Body, t.color(Token::Text2)).paint(painter, text);
    paint::hairline(painter, rect.left(), rect.right(), rect.bottom() - 0.5, t.color(Token::Line));
    let spoken = words.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    let Some(ids) = unlocks else { return };
    let right = Rect::from_min_max(rect.min, pos2(rect.right() - 12.0, rect.bottom()));
    let layout = Layout::right_to_left(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(right).layout(layout), |ui| {
        if Button::new("Unlock").height(22.0).show(ui).clicked() {
            let command = Box::new(Command::Unlock { ids });
            actions.push(Action::Edit(Edit::Apply { command, gesture: Gesture::Once }));
        }
    });
}
