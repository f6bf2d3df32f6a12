//! Headline figures of both with their differences, and below them what differs in the plans.

use crate::gui::components::card::{HEADER, header, plate};
use crate::gui::components::paint::{self, Text};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use crate::study::compare::{Comparison, FigureRow, PlanRow, show as words, show_change};
use crate::units::format;
use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

const ROW: f32 = 26.0;
const PLAN_ROW: f32 = 22.0;
const FOOT: f32 = 26.0;
/// Width of the column of arrows.
const ARROW: f32 = 15.0;

/// Height that everything needs.
pub fn height(c: &Comparison) -> f32 {
    HEADER + ROW * (c.figures.len() + 1) as f32 + PLAN_ROW * (c.plan.len() + 1) as f32 + FOOT + 10.0
}

pub fn show(ui: &mut Ui, c: &Comparison, rect: Rect) {
    let theme = Theme::of(ui.ctx());
    plate(ui, rect);
    header(ui, rect, "Headline", "↑ better, ↓ worse for the owner");
    let left = rect.left() + 12.0;
    let width = rect.width() - 24.0;
    let row = |y: f32, h: f32| Rect::from_min_size(pos2(left, y), vec2(width, h));
    let mut y = rect.top() + HEADER;
    captions(ui, row(y, ROW), c);
    y += ROW;
    for figure in &c.figures {
        figure_row(ui, row(y, ROW), figure);
        y += ROW;
    }
    let line2 = theme.color(Token::Line2);
    paint::hairline(ui.painter(), rect.left() + 1.0, rect.right() - 1.0, y, line2);
    let head = PlanRow {
        group: "Plan difference".into(),
        a: "A".into(),
        b: "B".into(),
        change: "Change".into(),
    };
    plan_row(ui, row(y, PLAN_ROW), &head, true);
    y += PLAN_ROW;
    for difference in &c.plan {
        plan_row(ui, row(y, PLAN_ROW), difference, false);
        y += PLAN_ROW;
    }
    let note = match c.differences {
        0 => "The inputs of both are equal".to_owned(),
        1 => "One input differs; both are solved with the same assumptions otherwise".to_owned(),
        n => format!(
            "{} inputs differ, listed above by element; all others are equal",
            format::count(n as f64)
        ),
    };
    let grey = theme.color(Token::Text3);
    Text::new(&note, TextRole::Small, grey).paint(ui.painter(), row(y, FOOT));
}

/// Where the columns end: value of A, label, value of B, difference, ratio.
fn cells(row: Rect) -> [Rect; 5] {
    let parts = [0.17, 0.51, 0.69, 0.9, 1.0];
    let mut from = row.left();
    parts.map(|part| {
        let to = row.left() + row.width() * part;
        let cell = Rect::from_x_y_ranges(from..=to, row.y_range()).shrink2(vec2(3.0, 0.0));
        from = to;
        cell
    })
}

fn captions(ui: &Ui, row: Rect, c: &Comparison) {
    let theme = Theme::of(ui.ctx());
    let [a, _, b, change, ratio] = cells(row);
    let grey = theme.color(Token::Text3);
    let right = |text: &str, cell: Rect| {
        Text::new(text, TextRole::Small, grey).right().paint(ui.painter(), cell);
    };
    right(&format!("A {}", c.a.name), a);
    right(&format!("B {}", c.b.name), b);
    right("B − A", change);
    right("ratio", ratio);
    let line = theme.color(Token::Line);
    paint::hairline(ui.painter(), row.left() - 11.0, row.right() + 11.0, row.bottom(), line);
}

fn figure_row(ui: &mut Ui, row: Rect, figure: &FigureRow) {
    let theme = Theme::of(ui.ctx());
    let [a, name, b, change, ratio] = cells(row);
    let value = |v: Option<f64>| format::known(v, |v| words(figure.id, v));
    let (x, y) = (value(figure.a), value(figure.b));
    // The label says it already.
    let bare = |v: &str| match figure.label.contains("per M") {
        true => v.trim_end_matches(" per M").to_owned(),
        false => v.to_owned(),
    };
    let color = |v: Option<f64>, token| theme.color(if v.is_some() { token } else { Token::Warn });
    let painter = ui.painter();
    Text::new(&bare(&x), TextRole::Body, color(figure.a, Token::Text2)).right().paint(painter, a);
    let strong = theme.color(Token::Text1);
    Text::new(&figure.label, TextRole::Body, strong).center().paint(painter, name);
    let strong = color(figure.b, Token::Text1);
    Text::new(&bare(&y), TextRole::BodyStrong, strong).right().paint(painter, b);
    let (sign, role, token) = match figure.b_is_better {
        Some(true) => ("↑", TextRole::BodyMedium, Token::Ok),
        Some(false) => ("↓", TextRole::BodyMedium, Token::Err),
        None => ("", TextRole::Body, Token::Text3),
    };
    let difference = format::or_dash(figure.change, |v| show_change(figure.id, v));
    // Arrows stand below each other, and so do the figures; their unit is that of the values.
    let (number, arrow) = change.split_left_right_at_x(change.right() - ARROW);
    let said = bare(difference.trim_end_matches("/yr"));
    Text::new(&said, role, theme.color(token)).right().paint(painter, number);
    Text::new(sign, role, theme.color(token)).right().paint(painter, arrow);
    let times = figure.ratio.filter(|_| figure.change != Some(0.0));
    let times = times.map_or_else(String::new, format::ratio);
    Text::new(&times, TextRole::Body, theme.color(Token::Text3)).right().paint(painter, ratio);
    let line = theme.color(Token::Line);
    paint::hairline(painter, row.left() - 11.0, row.right() + 11.0, row.bottom(), line);
    let verdict = match figure.b_is_better {
        Some(true) => ", B is better",
        Some(false) => ", A is better",
        None => "",
    };
    let spoken = format!("{}: A {x}, B {y}, difference {difference}{verdict}", figure.label);
    let response = ui.interact(row, ui.scope_id().with(&figure.label), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

fn plan_row(ui: &mut Ui, row: Rect, difference: &PlanRow, caption: bool) {
    let theme = Theme::of(ui.ctx());
    let parts = [0.27, 0.55, 0.84, 1.0];
    let mut from = row.left();
    let cells = parts.map(|part| {
        let to = row.left() + row.width() * part;
        let cell = Rect::from_x_y_ranges(from..=(to - 8.0), row.y_range());
        from = to;
        cell
    });
    let painter = ui.painter();
    let (role, first, rest, last) = if caption {
        (TextRole::Small, Token::Text3, Token::Text3, Token::Text3)
    } else {
        let same = difference.change == "same";
        let last = if same { Token::Text3 } else { Token::Text1 };
        (TextRole::Body, Token::Text1, Token::Text2, last)
    };
    let [group, a, b, change] = cells;
    Text::new(&difference.group, role, theme.color(first)).paint(painter, group);
    Text::new(&difference.a, role, theme.color(rest)).paint(painter, a);
    Text::new(&difference.b, role, theme.color(rest)).paint(painter, b);
    let strong = !caption && difference.change != "same";
    let role = if strong { TextRole::BodyStrong } else { role };
    let end = Rect::from_min_max(change.min, pos2(row.right(), change.bottom()));
    Text::new(&difference.change, role, theme.color(last)).right().paint(painter, end);
    let line = theme.color(Token::Line);
    paint::hairline(painter, row.left() - 11.0, row.right() + 11.0, row.bottom(), line);
    if !caption {
        let PlanRow { group, a, b, change } = difference;
        let spoken = format!("{group}: A {a}, B {b}, {change}");
        let response = ui.interact(row, ui.scope_id().with(("plan", group)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
        response.on_hover_text(spoken);
    }
}
