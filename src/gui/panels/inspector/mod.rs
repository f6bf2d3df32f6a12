//! The right panel: what is selected, editable, with the source of each value.

mod block;
mod campus;
pub mod checks;
pub mod climate;
mod constraint;
mod cooling;
pub mod electrical;
pub mod fields;
mod lock;
pub mod money;
mod place;
mod policy;
mod redundancy;
mod several;
mod site;
mod supply;
mod tier;
mod underlay;

use crate::gui::action::Actions;
use crate::gui::components::chip::{self, Tone};
use crate::gui::components::paint::{self, Text, use_bar};
use crate::gui::components::{card, row};
use crate::gui::context::{Context, Element, Kind};
use crate::gui::icons::Icon;
use crate::gui::measure;
use crate::gui::panels::headline::usage;
use crate::gui::panels::limits::name_of;
use crate::gui::theme::Theme;
use crate::plan::result::LimitResult;
use crate::scene::labels::before_comma;
use crate::scene::tokens::{TextRole, Token, size};
use crate::units::format;
use crate::units::words::upper_first;
use eframe::egui::{
    Color32, Frame, Margin, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2,
};

pub fn show(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let site = Element::new(Kind::Site, "");
    let element = match cx.selection {
        [] => &site,
        [one] => one,
        many => {
            several::show(ui, cx, many, actions);
            return;
        }
    };
    let head = head_of(cx, element);
    header(ui, &head);
    let locked = lock::show(ui, cx, element, actions);
    ScrollArea::vertical().id_salt(("inspector", element.path())).auto_shrink(false).show(
        ui,
        |ui| {
            Frame::new().inner_margin(Margin::symmetric(12, 0)).show(ui, |ui| {
                ui.push_id(element.path(), |ui| {
                    if locked {
                        ui.disable();
                    }
                    electrical::what_if(ui, cx, actions);
                    body(ui, cx, element, actions);
                });
                ui.add_space(12.0);
            });
        },
    );
}

fn body(ui: &mut Ui, cx: &Context<'_>, element: &Element, actions: &mut Actions) {
    let id = element.id.as_str();
    match element.kind {
        Kind::Site => site::show(ui, cx, actions),
        Kind::Policy => policy::show(ui, cx, actions),
        Kind::Finance => money::show(ui, cx, actions),
        Kind::Tier => tier::show(ui, cx, id, actions),
        Kind::Block => block::show(ui, cx, id, actions),
        Kind::Hall => block::hall(ui, cx, id, actions),
        Kind::Row => block::row_of_hall(ui, cx, id, actions),
        Kind::Feed => campus::feed(ui, cx, id, actions),
        Kind::Node => campus::node(ui, cx, id, actions),
        Kind::Loop => campus::cooling_loop(ui, cx, id, actions),
        Kind::Hour => campus::hour(ui, cx, id, actions),
        Kind::Generator => campus::generator(ui, cx, id, actions),
        Kind::Battery => campus::battery(ui, cx, id, actions),
        Kind::Area => campus::area(ui, cx, id, actions),
        Kind::NetworkRack => block::network_rack(ui, cx, id, actions),
        Kind::Constraint => constraint::show(ui, cx, id, actions),
        Kind::Underlay => underlay::show(ui, cx, id, actions),
    }
    redundancy::rows(ui, cx, element, actions);
    electrical::show(ui, cx, element, actions);
    place::show(ui, cx, element, actions);
    limits(ui, cx, element);
    checks::show(ui, cx, element, actions);
}

/// The icon of a kind of element.
pub fn icon_of(kind: Kind) -> Icon {
    match kind {
        Kind::Site => Icon::Globe,
        Kind::Policy => Icon::Sliders,
        Kind::Finance => Icon::Finance,
        Kind::Tier => Icon::Tier,
        Kind::Hour => Icon::Clock,
        Kind::Feed => Icon::Feed,
        Kind::Node => Icon::Substation,
        Kind::Loop => Icon::DryCooler,
        Kind::Generator => Icon::Generator,
        Kind::Battery => Icon::Battery,
        Kind::Area | Kind::Constraint | Kind::Underlay => Icon::Area,
        Kind::Hall => Icon::Hall,
        Kind::Row => Icon::Row,
        Kind::Block | Kind::NetworkRack => Icon::Rack,
    }
}

/// Icon, name and tag of what is selected.
struct Head {
    icon: Icon,
    color: Option<Color32>,
    name: String,
    tag: String,
}

fn head_of(cx: &Context<'_>, element: &Element) -> Head {
    let icon = icon_of(element.kind);
    let name = match element.kind {
        Kind::Site => cx.site.terms.site.name.clone(),
        Kind::Policy => "Policy and tariff".to_owned(),
        Kind::Finance => "Money and lives".to_owned(),
        _ => name_of(cx, element).unwrap_or_else(|| element.id.clone()),
    };
    let mut head = Head { icon, color: None, name, tag: element.kind.word().to_owned() };
    if element.kind == Kind::Block
        && let Some(block) = cx.block(&element.id)
    {
        let theme_free = cx.block_generation(block);
        head.tag = block
            .count
            .map(|c| format::racks(f64::from(c)))
            .unwrap_or_else(|| "planned".to_owned());
        head.color =
            Some(Color32::PLACEHOLDER).filter(|_| theme_free != crate::catalog::Generation::Other);
    }
    if matches!(element.kind, Kind::Policy | Kind::Finance) {
        head.tag.clear();
    }
    head
}

fn header(ui: &mut Ui, head: &Head) {
    let t = Theme::of(ui.ctx());
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::TABS), Sense::hover());
    let painter = ui.painter();
    let color = t.color(if head.color.is_some() { Token::Accent } else { Token::Text2 });
    head.icon.paint_sized(painter, pos2(rect.left() + 20.0, rect.center().y), 15.0, color);
    let tag = if head.tag.is_empty() { 0.0 } else { chip::tag_width(painter, &head.tag) + 8.0 };
    let inner = Rect::from_min_max(
        pos2(rect.left() + 36.0, rect.top()),
        pos2(rect.right() - 12.0 - tag, rect.bottom()),
    );
    let named =
        Text::new(&head.name, TextRole::BodyStrong, t.color(Token::Text1)).paint(painter, inner);
    if !head.tag.is_empty() {
        let at = pos2(named.right() + 8.0, rect.center().y);
        chip::paint_tag(painter, at, &head.tag, Tone::Info, t);
    }
    let line = t.color(Token::Line);
    paint::hairline(painter, rect.left(), rect.right(), rect.bottom() - 0.5, line);
    let spoken = format!("Inspector: {} {}", head.name, head.tag);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

/// The limits of an element with their bars: what holds it back.
fn limits(ui: &mut Ui, cx: &Context<'_>, element: &Element) {
    // Large sites have tens of thousands, and every frame asks: none is taken apart.
    let path = element.path();
    let is_own = |l: &&LimitResult| {
        let field = l.id.strip_prefix(path.as_str());
        field.is_some_and(|field| field.is_empty() || field.starts_with('.'))
    };
    let own: Vec<&LimitResult> = cx.limits().iter().filter(is_own).take(12).collect();
    if own.is_empty() {
        return;
    }
    card::section(ui, "Limits", "used of capacity", false);
    let name = name_of(cx, element).unwrap_or_default();
    for limit in own {
        limit_row(ui, limit, &name);
    }
}

/// The name of a limit without the name of its element, which stands above.
fn short_name(limit: &LimitResult, element: &str) -> String {
    let rest = limit.name.strip_prefix(element).unwrap_or(&limit.name).trim_start();
    if rest.is_empty() { limit.name.clone() } else { upper_first(rest) }
}

fn limit_row(ui: &mut Ui, limit: &LimitResult, element: &str) {
    let t = Theme::of(ui.ctx());
    let (rect, response) = ui
        .allocate_exact_size(vec2(ui.available_width(), size::INSPECTOR_ROW - 2.0), Sense::hover());
    let painter = ui.painter();
    let label = Rect::from_min_max(rect.min, pos2(rect.left() + 112.0, rect.bottom()));
    let name = short_name(limit, element);
    let fits = paint::width(painter, &name, TextRole::Body) <= label.width();
    let name = if fits { name.as_str() } else { before_comma(&name) };
    Text::new(name, TextRole::Body, t.color(Token::Text2)).paint(painter, label);
    let bar =
        Rect::from_center_size(pos2(rect.left() + 118.0 + 30.0, rect.center().y), vec2(60.0, 8.0));
    let usage = usage(limit);
    use_bar(painter, bar, usage, t);
    let unit = if limit.unit == "positions" { "" } else { limit.unit.as_str() };
    let value = format::amount_in(limit.used, unit, measure::system(ui.ctx()));
    let share = match limit.capacity {
        Some(c) if c > 0.0 => format::share(limit.used / c),
        Some(_) => format::DASH.to_owned(),
        None => format::UNLIMITED.to_owned(),
    };
    let right = Rect::from_min_max(pos2(rect.right() - 52.0, rect.top()), rect.max);
    let color = match usage.state {
        paint::UseState::Broken => Token::Err,
        paint::UseState::Binding => Token::Warn,
        _ => Token::Text3,
    };
    Text::new(&share, TextRole::Small, t.color(color)).right().paint(painter, right);
    let middle =
        Rect::from_min_max(pos2(bar.right() + 6.0, rect.top()), pos2(right.left(), rect.bottom()));
    let (digits, unit) = row::split_unit(&value);
    let text = format!("{digits} {unit}");
    Text::new(&text, TextRole::Body, t.color(Token::Text1)).right().paint(painter, middle);
    let spoken = format!("{}: {value}, {share}", limit.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    response.on_hover_text(spoken);
}

/// Free text at full width.
fn paragraph(ui: &mut Ui, text: &str) {
    let color = Theme::of(ui.ctx()).color(Token::Text2);
    let galley = paint::paragraph(ui.painter(), text, TextRole::Body, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    ui.painter().galley_with_override_text_color(rect.min, galley, color);
    let spoken = text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

/// What an override of this site replaced, ready to show.
fn was(cx: &Context<'_>, path: &str) -> Option<String> {
    let found = cx.site.terms.overrides.iter().rev().find(|o| o.path == path)?;
    let unit = format::unit_of_field(path);
    Some(found.old.trim().parse::<f64>().map_or_else(|_| found.old.clone(), |v| unit.edit_text(v)))
}
