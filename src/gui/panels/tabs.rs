//! The tabs of the centre, and the choices that belong to the tab in front.

use crate::gui::action::{Action, Actions, Edit, Tab, View};
use crate::gui::components::chip;
use crate::gui::components::paint::{self, Text};
use crate::gui::components::segmented::segmented;
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::panels::compare;
use crate::gui::panels::cooling;
use crate::gui::panels::finance;
use crate::gui::panels::inspector::electrical;
use crate::gui::theme::Theme;
use crate::gui::view::ViewState;
use crate::scene::tokens::{TextRole, Token};
use crate::site::Allocation;
use crate::units::format;
use eframe::egui::{Align, Layout, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

const TABS: [(Tab, &str, Icon); 7] = [
    (Tab::SitePlan, "Site plan", Icon::Plan),
    (Tab::OneLine, "One-line", Icon::OneLine),
    (Tab::Economics, "Economics", Icon::Chart),
    (Tab::Finance, "Finance", Icon::Finance),
    (Tab::Throughput, "Throughput", Icon::Gauge),
    (Tab::Cooling, "Cooling", Icon::DryCooler),
    (Tab::Compare, "Compare", Icon::Compare),
];

pub fn show(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    let current = view.prefs.tab;
    let rect = ui.max_rect();
    ui.scope_builder(
        eframe::egui::UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)),
        |ui| {
            ui.spacing_mut().item_spacing.x = BETWEEN;
            ui.add_space(8.0);
            let icons = has_room_for_icons(ui, rect.width());
            for (tab, title, icon) in TABS {
                if one(ui, title, Some(icon).filter(|_| icons), tab == current) {
                    actions.push(Action::View(View::Tab(tab)));
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(10.0);
                match current {
                    Tab::Economics => policy(ui, cx, actions),
                    Tab::Finance => finance::controls(ui, cx, &mut view.finance, actions),
                    Tab::Cooling => cooling::controls(ui, cx, &mut view.cooling, actions),
                    Tab::Compare => compare::controls(ui, cx, &mut view.compare),
                    Tab::SitePlan | Tab::OneLine => electrical::sign(ui, cx, actions),
                    _ => {}
                }
            });
        },
    );
}

/// Between the tabs.
const BETWEEN: f32 = 4.0;

/// Whether all tabs fit side by side with their icons.
fn has_room_for_icons(ui: &Ui, room: f32) -> bool {
    let wide = |title: &str| paint::width(ui.painter(), title, TextRole::BodyStrong) + 44.0;
    let all: f32 = TABS.iter().map(|(_, title, _)| wide(title) + BETWEEN).sum();
    8.0 + all <= room
}

/// Allocation and utilisation, where they change what the economics show.
fn policy(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let terms = &cx.site.terms;
    if let Some(frac) = terms.site.billable_frac {
        let text = format!("Utilisation {}, billable", format::share(frac));
        if chip::chip(ui, &text, "Utilisation", false).clicked() {
            let site = crate::gui::context::Element::new(crate::gui::context::Kind::Site, "");
            actions.push(Action::View(View::Select(vec![site])));
        }
        ui.add_space(6.0);
    }
    let current = match terms.policy.allocation {
        Allocation::Optimise => 0,
        Allocation::FixedShares => 1,
    };
    let values = ["Optimise", "FixedShares"];
    // The row runs from right to left: the group comes before its caption.
    if let Some(index) = segmented(ui, "Allocation", &["Optimise", "Fixed shares"], current)
        && let Some(value) = values.get(index)
    {
        let label = if index == 0 { "Optimise the allocation" } else { "Fix the shares of tiers" };
        actions.push(Edit::set("policy.allocation", *value, label));
    }
    ui.add_space(4.0);
    let width = paint::width(ui.painter(), "Policy", TextRole::Body);
    let (rect, _) = ui.allocate_exact_size(vec2(width, 16.0), Sense::hover());
    let grey = Theme::of(ui.ctx()).color(Token::Text3);
    Text::new("Policy", TextRole::Body, grey).paint(ui.painter(), rect);
}

/// One tab with its icon, underlined while in front; true when clicked.
pub fn one(ui: &mut Ui, title: &str, icon: Option<Icon>, on: bool) -> bool {
    let theme = Theme::of(ui.ctx());
    let role = if on { TextRole::BodyStrong } else { TextRole::BodyMedium };
    // The room of the heavier weight, so that nothing moves when a tab comes to the front.
    let words = paint::width(ui.painter(), title, TextRole::BodyStrong);
    let lead = if icon.is_some() { 22.0 } else { 0.0 };
    let height = ui.max_rect().height();
    let (rect, response) =
        ui.allocate_exact_size(vec2(10.0 + lead + words + 12.0, height), Sense::click());
    let token = match (on, response.hovered()) {
        (true, _) => Token::Text1,
        (false, true) => Token::Text1,
        (false, false) => Token::Text2,
    };
    let painter = ui.painter();
    if let Some(icon) = icon {
        let color = theme.color(if on { Token::Accent } else { token });
        icon.paint_sized(painter, pos2(rect.left() + 18.0, rect.center().y), 14.0, color);
    }
    let inner = Rect::from_min_max(pos2(rect.left() + 10.0 + lead, rect.top()), rect.max);
    Text::new(title, role, theme.color(token)).paint(painter, inner);
    if on {
        let line = Rect::from_min_max(
            pos2(rect.left() + 4.0, rect.bottom() - 2.0),
            pos2(rect.right() - 4.0, rect.bottom()),
        );
        painter.rect_filled(line, 0.0, theme.color(Token::Accent));
    }
    if response.has_focus() {
        paint::focus_ring(painter, rect.shrink(3.0), 4.0, theme);
    }
    let name = title.to_owned();
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, on, &name));
    response.clicked() && !on
}
