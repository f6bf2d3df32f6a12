//! The scenarios of both variants beside each other: what each is worth, against its own base and
//! against the same scenario of the other. Every figure is one of the study.

use super::Page;
use crate::gui::components::card::{HEADER, body, header, plate};
use crate::gui::components::paint::{self, Text};
use crate::gui::components::table::{Column, Layout, Width};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::study::risk::{Answer, ScenarioResult, Scenarios};
use crate::units::format::{money, money_change, price, share};
use crate::units::{Money, TokenPrice};
use eframe::egui::{Rangef, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Rows that the card has room for: base, low, high, lender, and two more.
const MOST: usize = 6;
/// Height of the line that names the variants over their columns.
const NAMES: f32 = 22.0;
/// How a figure that is not defined begins.
const NOT_AVAILABLE: &str = "n/a";

const A: Width = Width::Flex(1.0, 70.0);
const B: Width = Width::Flex(1.0, 70.0);
const COLUMNS: [Column; 12] = [
    Column::left("Scenario", Width::Flex(1.3, 96.0)),
    Column::right("NPV", A),
    Column::right("against base", A),
    Column::right("IRR", A),
    Column::right("Cost per M", A),
    Column::right("Capex, all in", A),
    Column::right("NPV", B),
    Column::right("against base", B),
    Column::right("IRR", B),
    Column::right("Cost per M", B),
    Column::right("Capex, all in", B),
    Column::right("NPV, B − A", Width::Flex(1.1, 78.0)),
];
const FIRST_OF_A: usize = 1;
const FIRST_OF_B: usize = 6;
const DIFFERENCE: usize = 11;

/// Height of the card.
pub fn height(rows: usize) -> f32 {
    HEADER + NAMES + size::TABLE_HEADER + size::TABLE_ROW * rows.clamp(1, MOST) as f32 + 10.0
}

/// Rows that both together have.
pub fn rows(page: &Page<'_>) -> usize {
    let of = |s: Option<&Scenarios>| s.map_or(0, |s| s.rows.len());
    of(page.scenarios(true)).max(of(page.scenarios(false))).max(4)
}

/// Shows the card in `rect`.
pub fn show(page: &Page<'_>, ui: &mut Ui, rect: Rect) {
    plate(ui, rect);
    let (a, b) = (page.scenarios(true), page.scenarios(false));
    let caption = match (a.or(b), a.is_some() && b.is_some()) {
        (None, _) => "being studied",
        (Some(_), false) => "the other variant is being studied",
        (Some(found), true) if found.made => "made from the ranges of the catalogue",
        (Some(_), true) => "of the layout",
    };
    header(ui, rect, "Scenarios", caption);
    let inner = Rect::from_min_max(
        pos2(rect.left() + 1.0, rect.top() + HEADER),
        pos2(rect.right() - 1.0, rect.bottom() - 4.0),
    );
    if a.or(b).is_none() {
        let grey = Theme::of(ui.ctx()).color(Token::Text2);
        let text = "Base, low, high and lender of both variants come after their values";
        Text::new(text, TextRole::Body, grey).center().paint(ui.painter(), body(rect));
        return;
    }
    ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let layout = Layout::new(&COLUMNS, Rangef::new(inner.left() + 8.0, inner.right() - 10.0));
        names(ui, page, &layout);
        layout.header(ui);
        for id in ids(a, b).into_iter().take(MOST) {
            row(ui, &layout, (find(a, id), find(b, id)), (base(a), base(b)));
        }
    });
}

/// Ids of the scenarios of both, in the order of the first.
fn ids<'a>(a: Option<&'a Scenarios>, b: Option<&'a Scenarios>) -> Vec<&'a str> {
    let mut out: Vec<&str> = Vec::new();
    for row in a.into_iter().chain(b).flat_map(|s| &s.rows) {
        if !out.contains(&row.id.as_str()) {
            out.push(&row.id);
        }
    }
    out
}

fn find<'a>(found: Option<&'a Scenarios>, id: &str) -> Option<&'a ScenarioResult> {
    found?.rows.iter().find(|r| r.id == id)
}

/// The value of the layout as it stands, which is the first.
fn base(found: Option<&Scenarios>) -> Option<f64> {
    found?.rows.first()?.npv_usd.clone().ok()
}

/// The names of the variants over their columns.
fn names(ui: &mut Ui, page: &Page<'_>, layout: &Layout<'_>) {
    let theme = Theme::of(ui.ctx());
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), NAMES), Sense::hover());
    let sides = [(FIRST_OF_A, "A", page.name(true)), (FIRST_OF_B, "B", page.name(false))];
    for (first, letter, name) in sides {
        let from = layout.cell(first, line).left();
        let to = layout.cell(first + 4, line).right();
        let place = Rect::from_min_max(pos2(from, line.top()), pos2(to, line.bottom()));
        let text = format!("{letter} {name}");
        let strong = theme.color(Token::Text2);
        Text::new(&text, TextRole::SmallStrong, strong).center().paint(ui.painter(), place);
        let rule = theme.color(Token::Line2);
        paint::hairline(ui.painter(), from + 8.0, to, line.bottom() - 1.0, rule);
    }
}

fn words(value: &Answer, form: impl Fn(f64) -> String) -> String {
    value.as_ref().map_or_else(|why| why.clone(), |v| form(*v))
}

fn usd(v: f64) -> String {
    money(Money::usd(v))
}

fn per_mtok(v: f64) -> String {
    price(TokenPrice::usd_per_mtok(v)).trim_end_matches(" per M").to_owned()
}

/// One scenario of both.
fn row(
    ui: &mut Ui,
    layout: &Layout<'_>,
    (a, b): (Option<&ScenarioResult>, Option<&ScenarioResult>),
    (base_a, base_b): (Option<f64>, Option<f64>),
) {
    let theme = Theme::of(ui.ctx());
    let wanted = vec2(ui.available_width(), size::TABLE_ROW);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    let painter = ui.painter();
    let line = theme.color(Token::Line);
    paint::hairline(painter, rect.left(), rect.right(), rect.bottom() - 0.5, line);
    let text = |column: usize, words: &str, (role, token): (TextRole, Token)| {
        let missing = words.starts_with(NOT_AVAILABLE);
        let (words, token) = if missing { (NOT_AVAILABLE, Token::Text3) } else { (words, token) };
        layout.text(painter, column, rect, Text::new(words, role, theme.color(token)));
    };
    let name = a.or(b).map_or("", |r| r.name.as_str());
    let is_base = a.or(b).is_some_and(|r| r.id == "base");
    text(0, name, (TextRole::Body, Token::Text1));
    let mut spoken = vec![format!("Scenario {name}")];
    for (first, letter, side, base) in [(FIRST_OF_A, "A", a, base_a), (FIRST_OF_B, "B", b, base_b)]
    {
        let Some(side) = side else { continue };
        let npv = words(&side.npv_usd, usd);
        text(first, &npv, (TextRole::BodyStrong, Token::Text1));
        let moved = side.npv_usd.as_ref().ok().zip(base).map(|(v, base)| v - base);
        let moved = moved.filter(|_| !is_base);
        if let Some(change) = moved {
            text(first + 1, &money_change(Money::usd(change)), (TextRole::Body, tone(change)));
        }
        let irr = words(&side.irr, share);
        let cost = words(&side.levelised_usd_per_mtok, per_mtok);
        let capex = words(&side.capex_usd, usd);
        for (n, figure) in [&irr, &cost, &capex].into_iter().enumerate() {
            text(first + 2 + n, figure, (TextRole::Body, Token::Text2));
        }
        spoken.push(format!("{letter} NPV {npv}, IRR {irr}, cost {cost} per M, capex {capex}"));
    }
    let npv = |side: Option<&ScenarioResult>| side?.npv_usd.clone().ok();
    if let Some((x, y)) = npv(a).zip(npv(b)) {
        let change = money_change(Money::usd(y - x));
        text(DIFFERENCE, &change, (TextRole::BodyStrong, tone(y - x)));
        spoken.push(format!("B less A {change}"));
    }
    let spoken = spoken.join("; ");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    response.on_hover_text(spoken);
}

const fn tone(change: f64) -> Token {
    if change > 0.0 {
        Token::Ok
    } else if change < 0.0 {
        Token::Err
    } else {
        Token::Text2
    }
}
