//! What is checked of the selection, each with its figure and its limit.
//!
//! It measures nothing itself: `site::checks` does, for the rules and for this list alike.

use crate::gui::action::{Action, Actions, View};
use crate::gui::components::card;
use crate::gui::components::paint::{self, Text};
use crate::gui::context::{Context, Element, Kind};
use crate::gui::icons::Icon;
use crate::gui::measure;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::{self, Bound, CheckResult, CheckState, ElementRef};
use crate::units::format::{self, System};
use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Shows the checks of an element; nothing where there are none.
pub fn show(ui: &mut Ui, cx: &Context<'_>, element: &Element, actions: &mut Actions) {
    let all = of(cx, element);
    if all.is_empty() {
        return;
    }
    card::section(ui, "Checks", &caption(&all), false);
    for check in &all {
        row(ui, cx, check, actions);
    }
}

/// The checks of an element; of a loop those of its machines.
pub fn of(cx: &Context<'_>, element: &Element) -> Vec<CheckResult> {
    let Some(found) = cx.site.find(&element.id) else { return Vec::new() };
    let check = |e: ElementRef<'_>| site::checks(cx.site, cx.catalog, e);
    match found {
        ElementRef::Loop(l) if element.kind == Kind::Loop => {
            let cdus = l.cdus.iter().map(|u| ElementRef::Cdu(l, u));
            cdus.chain(l.rejection.iter().map(|u| ElementRef::Rejection(l, u)))
                .flat_map(check)
                .collect()
        }
        other => check(other),
    }
}

/// `4 pass`, `1 of 5 fails`.
fn caption(all: &[CheckResult]) -> String {
    let failing =
        all.iter().filter(|c| matches!(c.state, CheckState::Warn | CheckState::Fail)).count();
    let passing = all.iter().filter(|c| c.passes()).count();
    match failing {
        0 => format!("{passing} pass"),
        1 => format!("1 of {} fails", all.len()),
        n => format!("{n} of {} fail", all.len()),
    }
}

/// `15.1 of 18.5 kPa`, `4.55 m, least 1.20`.
pub fn figures(check: &CheckResult, system: System) -> String {
    let (factor, unit) = format::unit_in(check.unit, system);
    let digits = |v: f64| {
        let v = v / factor;
        format::fixed(
            v,
            if v.abs() < 10.0 {
                2
            } else if v.abs() < 100.0 {
                1
            } else {
                0
            },
        )
    };
    match (check.figure, check.limit, check.bound) {
        (None, None, _) => match check.state {
            CheckState::Pass => "yes".to_owned(),
            CheckState::Unknown => format::UNKNOWN.to_owned(),
            CheckState::Warn | CheckState::Fail => "no".to_owned(),
        },
        (Some(v), Some(limit), Bound::AtMost) => {
            format!("{} of {} {unit}", digits(v), digits(limit))
        }
        (Some(v), Some(limit), Bound::AtLeast) => {
            format!("{} {unit}, least {}", digits(v), digits(limit))
        }
        (Some(v), None, _) => format!("{} {unit}, limit unknown", digits(v)),
        (None, Some(limit), _) => format!("unknown of {} {unit}", digits(limit)),
    }
}

fn row(ui: &mut Ui, cx: &Context<'_>, check: &CheckResult, actions: &mut Actions) {
    let t = Theme::of(ui.ctx());
    let other = check.other.as_deref().and_then(Element::of_path);
    let sense = if other.is_some() { Sense::click() } else { Sense::hover() };
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::INSPECTOR_ROW - 4.0), sense);
    let painter = ui.painter();
    if response.hovered() && other.is_some() {
        painter.rect_filled(
            rect.expand2(vec2(4.0, 0.0)),
            size::RADIUS_INPUT,
            t.color(Token::Raised),
        );
    }
    if response.has_focus() {
        paint::focus_ring(painter, rect, size::RADIUS_INPUT, t);
    }
    let (icon, token) = match check.state {
        CheckState::Pass => (Icon::Check, Token::Ok),
        CheckState::Unknown => (Icon::Info, Token::Warn),
        CheckState::Warn => (Icon::Warning, Token::Warn),
        CheckState::Fail => (Icon::Cross, Token::Err),
    };
    let at = pos2(rect.left() + 6.0, rect.center().y);
    icon.paint_sized(painter, at, 12.0, t.color(token));
    let text = figures(check, measure::system(ui.ctx()));
    let wide = paint::width(painter, &text, TextRole::Body) + 4.0;
    let right = Rect::from_min_max(pos2(rect.right() - wide, rect.top()), rect.max);
    let color = t.color(if check.passes() { Token::Text1 } else { token });
    Text::new(&text, TextRole::Body, color).right().paint(painter, right);
    let name = Rect::from_min_max(
        pos2(rect.left() + 18.0, rect.top()),
        pos2(right.left() - 6.0, rect.bottom()),
    );
    Text::new(&check.name, TextRole::Body, t.color(Token::Text2)).paint(painter, name);
    let spoken = format!("Check {}: {text}, {}", check.name, state_word(check.state));
    response.widget_info(|| {
        let role = if other.is_some() { Role::Button } else { Role::Label };
        WidgetInfo::labeled(role, true, &spoken)
    });
    if response.clicked()
        && let Some(other) = other
    {
        actions.push(Action::View(View::Jump(other)));
    }
    let lines = [check.note.clone(), source(cx, check)];
    let words: Vec<String> = lines.into_iter().filter(|l| !l.is_empty()).collect();
    if !words.is_empty() {
        response.on_hover_text(words.join("\n"));
    }
}

fn state_word(state: CheckState) -> &'static str {
    match state {
        CheckState::Pass => "passes",
        CheckState::Unknown => "unknown",
        CheckState::Warn => "against practice",
        CheckState::Fail => "impossible",
    }
}

/// Where the limit comes from.
fn source(cx: &Context<'_>, check: &CheckResult) -> String {
    let Some(practice) = check.practice.and_then(|id| cx.catalog.practice.get(id)) else {
        return String::new();
    };
    let fact = &practice.value;
    let source = fact.source.as_deref().map(|id| crate::catalog::source_text(cx.catalog, id));
    let range = fact.range.map(|(low, high)| format!("{low} to {high} {}", practice.unit));
    let parts = [Some(practice.name.clone()), source, range, Some(fact.note.clone())];
    let known: Vec<String> = parts.into_iter().flatten().filter(|p| !p.is_empty()).collect();
    known.join("; ")
}
