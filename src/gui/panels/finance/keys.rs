//! The key figures of the value, each with what the last change did to it.

use super::list::List;
use crate::gui::components::paint::{self, Text};
use crate::gui::components::table::{Column, Layout, Width};
use crate::gui::context::Context;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use crate::study::finance::{KeyOutput, KeyUnit, SiteFinance, keys};
use crate::units::Money;
use crate::units::format::{fixed, money_change, share_change};
use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, vec2};

const ROW: f32 = 23.0;

const COLUMNS: [Column; 3] = [
    Column::left("Figure", Width::Flex(1.0, 130.0)),
    Column::right("Value", Width::Fixed(104.0)),
    Column::right("Last change", Width::Fixed(92.0)),
];

/// A figure and what the last change did to it.
#[derive(Clone, Debug)]
pub struct Keyed {
    key: KeyOutput,
    /// Signed and with its unit; empty where nothing changed or nothing is known.
    change: String,
    better: Option<bool>,
}

/// The list for what is shown.
pub fn list(cx: &Context<'_>, finance: &SiteFinance) -> Vec<Keyed> {
    let before = cx.finances.earlier().map(keys).unwrap_or_default();
    keys(finance)
        .into_iter()
        .map(|key| {
            let old = before.iter().find(|k| k.id == key.id).and_then(|k| k.value.ok());
            let moved =
                key.value.ok().zip(old).map(|(now, old)| (now - old, now.abs().max(old.abs())));
            let moved = moved.filter(|(change, size)| change.abs() > 1e-9 * size);
            let change = moved.map(|(v, _)| changed(key.unit, v)).unwrap_or_default();
            let better = moved.and_then(|(v, _)| Some((v > 0.0) == more_is_better(key.id)?));
            Keyed { key, change, better }
        })
        .collect()
}

/// A change with its sign.
fn changed(unit: KeyUnit, value: f64) -> String {
    match unit {
        KeyUnit::Usd | KeyUnit::UsdPerYear | KeyUnit::UsdPerMwYear | KeyUnit::UsdPerMw => {
            money_change(Money::usd(value))
        }
        KeyUnit::UsdPerMtok | KeyUnit::UsdPerGpuHour => {
            let sign = if value > 0.0 { "+" } else { "−" };
            match fixed(value.abs(), 2).as_str() {
                "0.00" => format!("{sign}<$0.01"),
                digits => format!("{sign}${digits}"),
            }
        }
        KeyUnit::Share => share_change(value),
        KeyUnit::Years => signed(value, " years"),
        KeyUnit::Ratio => signed(value, "×"),
        KeyUnit::TonnesPerYear => signed(value, " t/yr"),
        KeyUnit::KgPerKwh => signed(value, " kg/kWh"),
    }
}

fn signed(value: f64, unit: &str) -> String {
    let sign = if value > 0.0 { "+" } else { "−" };
    match fixed(value.abs(), 2).as_str() {
        "0.00" => format!("{sign}<0.01{unit}"),
        digits => format!("{sign}{digits}{unit}"),
    }
}

/// Which way is good for the owner; nothing where neither is.
fn more_is_better(id: &str) -> Option<bool> {
    let neither = ["loan_usd", "gearing_frac", "price_usd_per_mtok"];
    if neither.contains(&id) {
        return None;
    }
    let less = ["payback", "capex", "cost_", "levelised", "breakeven"];
    Some(!less.iter().any(|part| id.contains(part)))
}

pub fn height(rows: usize) -> f32 {
    List::height(rows, ROW)
}

/// Shows the card in `rect`.
pub fn show(ui: &mut Ui, list: &[Keyed], rect: Rect) {
    let card = List {
        id: "key-figures",
        title: "Key figures",
        caption: "as every report prints them",
        columns: &COLUMNS,
        rect,
        foot: 0.0,
    };
    card.show(ui, |ui, layout| list.iter().for_each(|keyed| row(ui, layout, keyed)));
}

fn row(ui: &mut Ui, layout: &Layout<'_>, keyed: &Keyed) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let painter = ui.painter();
    let (y, line) = (rect.bottom() - 0.5, theme.color(Token::Line));
    paint::hairline(painter, rect.left(), rect.right(), y, line);
    let value = keyed.key.text();
    let name = Text::new(&keyed.key.name, TextRole::Body, theme.color(Token::Text2));
    layout.text(painter, 0, rect, name);
    let (role, token) = match keyed.key.value {
        Ok(_) => (TextRole::BodyStrong, Token::Text1),
        Err(_) => (TextRole::Small, Token::Text3),
    };
    // Why there is none has the room of the change, which there is none of either.
    let cell = match keyed.key.value {
        Ok(_) => layout.cell(1, rect),
        Err(_) => layout.cell(1, rect).with_max_x(layout.cell(2, rect).right()),
    };
    Text::new(&value, role, theme.color(token)).right().paint(painter, cell);
    let token = match keyed.better {
        Some(true) => Token::Ok,
        Some(false) => Token::Err,
        None => Token::Text2,
    };
    layout.text(painter, 2, rect, Text::new(&keyed.change, TextRole::Body, theme.color(token)));
    let change = match keyed.change.is_empty() {
        true => String::new(),
        false => format!(", {} by the last change", keyed.change),
    };
    let spoken = format!("{}: {value}{change}", keyed.key.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    if !keyed.key.note.is_empty() {
        response.on_hover_text(&keyed.key.note);
    }
}
