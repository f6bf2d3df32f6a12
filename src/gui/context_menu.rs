//! The menu of what is selected, by the secondary button or the menu key: the
//! commands of the table that make sense for it, the others with their reason.

use super::action::{Action, Actions, View};
use super::commands::{self, Command};
use super::components::menu::{self, Entry};
use super::context::{Context, Element};
use super::icons::Icon;
use eframe::egui::{
    self, Align, Id, LayerId, Layout, Popup, PopupAnchor, PopupKind, Pos2, Response, Ui,
    containers::menu::menu_style,
};

/// Where the menu is open, if it is.
#[derive(Default)]
pub struct ContextMenu {
    at: Option<Pos2>,
    /// Opened since the last frame: the first entry gets the keyboard.
    fresh: bool,
    /// What had the keyboard before.
    back: Option<Id>,
}

impl ContextMenu {
    pub fn is_open(&self) -> bool {
        self.at.is_some()
    }

    /// Opens at a place, or beside what has the keyboard.
    pub fn open(&mut self, ctx: &egui::Context, at: Option<Pos2>) {
        self.back = ctx.memory(|m| m.focused());
        let focused = self.back.and_then(|id| ctx.read_response(id)).map(|r| r.rect);
        let screen = ctx.content_rect();
        // A canvas fills half the window: its middle is as good as any place.
        let beside = focused
            .map(|rect| if rect.height() > 60.0 { rect.center() } else { rect.left_bottom() });
        let place = at.or(beside).or_else(|| ctx.pointer_latest_pos()).unwrap_or(screen.center());
        self.at = Some(place.clamp(screen.min, screen.max));
        self.fresh = true;
        // Known to egui as a popup, so that everything else sees that one is open.
        Popup::open_id(ctx, popup_id());
    }

    fn close(&mut self, ctx: &egui::Context) {
        self.at = None;
        if let Some(id) = self.back.take() {
            ctx.memory_mut(|m| m.request_focus(id));
        }
    }
}

fn popup_id() -> Id {
    Id::unique("context-menu")
}

/// Selects an element that was clicked with the secondary button, unless it is
/// selected already, and opens the menu there.
pub fn on_secondary_click(
    response: &Response,
    cx: &Context<'_>,
    element: Option<&Element>,
    actions: &mut Actions,
) {
    if !response.secondary_clicked() {
        return;
    }
    match element {
        Some(element) if cx.selection.contains(element) => {}
        Some(element) => actions.push(Action::View(View::Select(vec![element.clone()]))),
        None => actions.push(Action::View(View::Select(Vec::new()))),
    }
    let at = response.interact_pointer_pos().or(response.hover_pos());
    actions.push(Action::View(View::ContextMenu(at)));
}

/// Shows the menu while it is open.
pub fn show(ui: &Ui, cx: &Context<'_>, state: &mut ContextMenu, actions: &mut Actions) {
    let Some(at) = state.at else { return };
    let mut groups = commands::for_selection(cx.selection);
    // What makes no sense as a whole says nothing of this selection.
    groups.retain(|group| group.iter().any(|command| command.action(cx).is_some()));
    let widths = groups.iter().flat_map(|g| g.iter()).map(|c| entry_width(ui, cx, *c));
    let width = widths.fold(220.0, f32::max);
    let layer = LayerId::background();
    Popup::new(popup_id(), ui.ctx().clone(), PopupAnchor::Position(at), layer)
        .kind(PopupKind::Menu)
        .layout(Layout::top_down_justified(Align::Min))
        .style(menu_style)
        .accessible_name("Menu of the selection")
        .open_memory(None)
        .show(|ui| {
            ui.set_width(width);
            let top = ui.ctx().content_rect().top();
            menu::scrolled(ui, top, |ui| entries(ui, cx, (&groups, &mut state.fresh), actions));
        });
    if !Popup::is_id_open(ui.ctx(), popup_id()) {
        state.close(ui.ctx());
    }
}

/// The groups with hairlines between them; the first entry takes the keyboard while `fresh`.
fn entries(
    ui: &mut Ui,
    cx: &Context<'_>,
    (groups, fresh): (&[&[Command]], &mut bool),
    actions: &mut Actions,
) {
    for (index, group) in groups.iter().enumerate() {
        if index > 0 {
            menu::divider(ui);
        }
        for command in *group {
            let (response, action) = entry(ui, cx, *command);
            if *fresh && action.is_some() {
                response.request_focus();
                *fresh = false;
            }
            if response.clicked()
                && let Some(action) = action
            {
                actions.push(action);
                ui.close();
            }
        }
    }
}

/// An entry of any menu for a command: its keys, or why it makes no sense now.
pub fn entry(ui: &mut Ui, cx: &Context<'_>, command: Command) -> (Response, Option<Action>) {
    let action = command.action(cx);
    let (text, shortcut) = words(ui, cx, command);
    let enabled = action.is_some();
    let icon = if command.is_on(ui.ctx()) { Some(Icon::Check) } else { command.icon() };
    let shown = Entry { text: &text, shortcut: &shortcut, icon, enabled };
    (shown.show(ui).on_hover_text(command.tip()), action)
}

/// Room that the entry of a command needs.
pub fn entry_width(ui: &Ui, cx: &Context<'_>, command: Command) -> f32 {
    let (text, shortcut) = words(ui, cx, command);
    let entry = Entry { text: &text, shortcut: &shortcut, icon: command.icon(), enabled: true };
    entry.width(ui.painter())
}

fn words(ui: &Ui, cx: &Context<'_>, command: Command) -> (String, String) {
    let keys = || command.keys(ui.ctx());
    let right = command.action(cx).map_or_else(|| command.why_not(cx).to_owned(), |_| keys());
    (command.menu_text(cx), right)
}
