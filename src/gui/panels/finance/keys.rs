//! The key figures of the value, each with what the last change did to it.

use crate::gui::components::card::HEADER;
use crate::gui::components::paint::{self, Text};
use crate::gui::components::table::{Column, Layout, Width};
use crate::gui::context::Context;
use crate::gui::panels::economics::{header, plate};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::study::finance::{KeyOutput, KeyUnit, SiteFinance, keys};
use crate::units::Money;
use crate::units::format::{fixed, money_change, share_change};
use eframe::egui::{Rangef, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

const ROW: f32 = 23.0;

const COLUMNS: [Column; 3] = [
    Column::left("Figure", Width::Flex(1.0, 130.0)),
    Column::right("Value", Width::Fixed(176.0)),
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
    HEADER + size::TABLE_HEADER + ROW * rows as f32 + 8.0
}

/// Shows the card in `rect`.
pub fn show(ui: &mut Ui, list: &[Keyed], rect: Rect) {
    plate(ui, rect);
    header(ui, rect, "Key figures", "as every report prints them");
    let inner = Rect::from_min_max(
        pos2(rect.left() + 1.0, rect.top() + HEADER),
        pos2(rect.right() - 1.0, rect.bottom() - 4.0),
    );
    ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let layout = Layout::new(&COLUMNS, Rangef::new(inner.left() + 8.0, inner.right() - 12.0));
        layout.header(ui);
        ScrollArea::vertical().id_salt("key-figures").auto_shrink(false).show(ui, |ui| {
            list.iter().for_each(|keyed| row(ui, &layout, keyed));
        });
    });
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
    layout.text(painter, 1, rect, Text::new(&value, role, theme.color(token)));
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
