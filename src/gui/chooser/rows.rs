//! The rows of the list: what stands in them, what of it fits a query, and how they look.

use super::{Ask, Chooser};
use crate::editor::{self, ElementId, Supply};
use crate::gui::components::paint::{self, Text};
use crate::gui::context::{Context, Element, Kind};
use crate::gui::icons::Icon;
use crate::gui::palette::fuzzy;
use crate::gui::panels::inspector::icon_of;
use crate::gui::panels::limits::name_of;
use crate::gui::theme::Theme;
use crate::scene::plan::headroom;
use crate::scene::tokens::{TextRole, Token, size};
use crate::units::format;
use eframe::egui::{
    Color32, Id, Rect, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2,
};

const ROW: f32 = 40.0;
const INSET: f32 = 6.0;
/// Rows that are listed at once; more letters find the others.
const MOST: usize = 200;

/// A source in the list.
pub struct Row {
    pub element: Element,
    pub supply: Supply,
    name: String,
    /// What it is: `busway, 415 V`.
    what: String,
    /// Headroom, or what it carries.
    figure: String,
    warning: String,
    /// Why it cannot be chosen.
    reason: Option<String>,
    /// Stands in the list only where it is asked for by name.
    hidden: bool,
}

impl Row {
    pub fn is_possible(&self) -> bool {
        self.reason.is_none()
    }
}

/// Everything that can be listed for the selection.
pub fn gather(cx: &Context<'_>, ask: Ask) -> Vec<Row> {
    let ids: Vec<ElementId> = cx.selection.iter().map(|e| ElementId::new(e.path())).collect();
    match ask {
        Ask::Connect(supply) => {
            let offers = editor::offers(cx.site, cx.catalog, cx.outcome, (&ids, supply));
            offers.into_iter().filter_map(|offer| offered(cx, offer, supply)).collect()
        }
        Ask::Disconnect => connected(cx, &ids),
    }
}

fn offered(cx: &Context<'_>, offer: editor::Offer, supply: Supply) -> Option<Row> {
    let element = Element::of_path(offer.id.as_str())?;
    let (warning, reason, hidden) = match offer.answer {
        Ok(connection) => (connection.warnings.join("; "), None, false),
        Err(no) => (String::new(), Some(no.to_string()), no.code == "wrong-kind"),
    };
    let unknown = || "headroom unknown".to_owned();
    let figure = match &reason {
        None => offer.headroom_mw.map_or_else(unknown, headroom),
        Some(_) => String::new(),
    };
    let what = what(cx, &element);
    Some(Row { name: offer.name, what, figure, warning, reason, hidden, element, supply })
}

/// What supplies the selection now, each once.
fn connected(cx: &Context<'_>, ids: &[ElementId]) -> Vec<Row> {
    let mut rows = Vec::new();
    for supply in [Supply::A, Supply::B, Supply::Coolant] {
        for id in editor::supplied_by(cx.site, ids, supply) {
            let Some(element) = Element::of_path(id.as_str()) else { continue };
            let name = name_of(cx, &element).unwrap_or_else(|| element.id.clone());
            rows.push(Row {
                name,
                what: what(cx, &element),
                figure: supply.word().to_owned(),
                warning: String::new(),
                reason: None,
                hidden: false,
                element,
                supply,
            });
        }
    }
    rows
}

/// Kind and voltage of a source.
fn what(cx: &Context<'_>, element: &Element) -> String {
    let (kind, kv) = match element.kind {
        Kind::Feed => ("grid feed", cx.feed(&element.id).map(|f| f.voltage_kv)),
        Kind::Node => match cx.node(&element.id) {
            Some(node) => (node.kind.word(), node.voltage_kv),
            None => ("node", None),
        },
        Kind::Loop => {
            let supply = cx.cooling_loop(&element.id).map(|l| format::plain(l.supply_c));
            let supply = supply.map_or_else(String::new, |c| format!(", supply {c} °C"));
            return format!("cooling loop{supply}");
        }
        other => return other.word().to_lowercase(),
    };
    match kv {
        Some(kv) => format!("{kind}, {}", format::voltage_kv(kv)),
        None => kind.to_owned(),
    }
}

/// Indices of what fits a query, the possible first, the best match first.
pub fn fitting(all: &[Row], query: &str) -> Vec<usize> {
    let words = fuzzy::words(query);
    let mut found: Vec<(usize, i32)> = all
        .iter()
        .enumerate()
        .filter(|(_, row)| !row.hidden || !words.is_empty())
        .filter_map(|(i, row)| {
            let text = fuzzy::folded(&row.name);
            // Without figures: the 415 of a voltage is no answer to "row 1".
            let kind = row.what.split(',').next().unwrap_or_default();
            let hidden = fuzzy::folded(&format!("{} {kind}", row.element.id));
            Some((i, fuzzy::find(&words, &text, &hidden)?.score))
        })
        .collect();
    if !words.is_empty() {
        found.sort_by_key(|(i, score)| (!all[*i].is_possible(), -score));
    }
    found.into_iter().map(|(i, _)| i).take(MOST).collect()
}

/// Shows the rows in a room of some height; the index of one that was clicked.
pub fn show(ui: &mut Ui, state: &mut Chooser, room: f32) -> Option<usize> {
    let moved = std::mem::take(&mut state.moved);
    let all = state.all.as_deref().unwrap_or_default();
    if state.shown.is_empty() {
        nothing(ui, all.is_empty());
        return None;
    }
    let mut clicked = None;
    let area = ScrollArea::vertical().id_salt("chooser-list").max_height(room);
    area.min_scrolled_height(room.min(ROW * state.shown.len() as f32 + 8.0)).show(ui, |ui| {
        ui.add_space(4.0);
        for (index, row) in state.shown.iter().filter_map(|i| all.get(*i)).enumerate() {
            let chosen = index == state.chosen;
            let response = one(ui, row, index, chosen);
            if chosen && moved {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                clicked = Some(index);
            }
        }
        ui.add_space(4.0);
    });
    clicked
}

fn nothing(ui: &mut Ui, empty: bool) {
    let t = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0), Sense::hover());
    let words = match empty {
        true => "Nothing is connected",
        false => "Nothing of that name. Fewer letters find more",
    };
    let inner = Rect::from_min_max(pos2(rect.left() + 16.0, rect.top()), rect.max);
    Text::new(words, TextRole::Body, t.color(Token::Text3)).paint(ui.painter(), inner);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

/// Name over what it is or why not, the figure at the right.
fn one(ui: &mut Ui, row: &Row, index: usize, chosen: bool) -> Response {
    let t = Theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let plate = rect.shrink2(vec2(INSET, 1.0));
    let response = ui.interact(plate, Id::unique("chooser-row").with(index), Sense::click());
    let fill = match (chosen, response.hovered()) {
        (true, _) => t.color(Token::AccentBg),
        (false, true) => t.color(Token::Raised),
        (false, false) => Color32::TRANSPARENT,
    };
    let painter = ui.painter();
    painter.rect_filled(plate, paint::corner(size::RADIUS_BUTTON), fill);
    let possible = row.is_possible();
    // On the tint of the choice the faintest grey would be too faint.
    let faint = if chosen { Token::Text2 } else { Token::Text3 };
    let (name, sign) = if possible { (Token::Text1, Token::Text2) } else { (faint, faint) };
    let at = pos2(plate.left() + 17.0, plate.center().y);
    icon_of(row.element.kind).paint_sized(painter, at, 15.0, t.color(sign));
    let left = plate.left() + 36.0;
    let right = plate.right() - 12.0;
    let line = |top: f32, right: f32| {
        Rect::from_min_max(pos2(left, plate.top() + top), pos2(right, plate.top() + top + 17.0))
    };
    let over = possible && row.figure.ends_with("over");
    let tone = if over || !row.warning.is_empty() { Token::Warn } else { Token::Text2 };
    let figure = Text::new(&row.figure, TextRole::Body, t.color(tone)).right();
    let figure = figure.paint(painter, line(2.0, right));
    let end = if row.figure.is_empty() { right } else { figure.left() - 10.0 };
    let first = line(2.0, end);
    Text::new(&row.name, TextRole::Body, t.color(name)).paint(painter, first);
    let second = line(18.0, right);
    let (words, tone) = match (&row.reason, row.warning.as_str()) {
        (Some(why), _) => (why.clone(), faint),
        (None, "") => (row.what.clone(), faint),
        (None, warning) => (format!("{}; {warning}", row.what), Token::Warn),
    };
    let mut second_left = second;
    if !possible {
        let cross = pos2(left + 5.0, second.center().y);
        Icon::Cross.paint_sized(painter, cross, 10.0, t.color(Token::Err));
        second_left.min.x += 16.0;
    }
    Text::new(&words, TextRole::Small, t.color(tone)).paint(painter, second_left);
    let spoken = [row.name.as_str(), &row.figure, &words];
    let spoken: Vec<&str> = spoken.into_iter().filter(|w| !w.is_empty()).collect();
    let spoken = spoken.join(", ");
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, possible, chosen, &spoken));
    response.on_hover_text(words)
}
