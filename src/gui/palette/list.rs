//! The results of the palette, group by group, with the answer of a question below it.

use super::item::{Group, Item, Line};
use super::{Hit, PaletteState};
use crate::gui::components::paint::{self, Text};
use crate::gui::theme::{Theme, font};
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{
    Align, Color32, Id, Painter, Rect, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2,
    text::{LayoutJob, TextFormat, TextWrapping},
    vec2,
};

const ROW: f32 = 32.0;
const HEAD: f32 = 28.0;
const LINE: f32 = 21.0;
const INSET: f32 = 6.0;

/// Shows the results in a room of some height; the index of one that was clicked.
pub fn show(ui: &mut Ui, state: &mut PaletteState, room: f32) -> Option<usize> {
    let moved = std::mem::take(&mut state.moved);
    let results = state.search.results();
    if results.is_empty() {
        nothing(ui);
        return None;
    }
    let mut clicked = None;
    // The window that it lies in remembers its last height, which must not bound the next.
    let area = ScrollArea::vertical().id_salt("palette-list").max_height(room);
    area.min_scrolled_height(room).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        ui.add_space(2.0);
        let mut group = None;
        for (index, hit) in results.iter().enumerate() {
            if group != Some(hit.item.group) {
                group = Some(hit.item.group);
                head(ui, &hit.item);
            }
            let chosen = index == state.chosen;
            let lines: &[Line] = if chosen && !state.folded { &hit.item.lines } else { &[] };
            let response = row(ui, hit, index, (chosen, lines));
            if chosen && moved {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                clicked = Some(index);
            }
        }
        ui.add_space(6.0);
    });
    clicked
}

fn nothing(ui: &mut Ui) {
    let t = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0), Sense::hover());
    let words = "Nothing of that name. Fewer letters find more";
    let inner = Rect::from_min_max(pos2(rect.left() + 16.0, rect.top()), rect.max);
    Text::new(words, TextRole::Body, t.color(Token::Text3)).paint(ui.painter(), inner);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

fn head(ui: &mut Ui, item: &Item) {
    let t = Theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    let inner = Rect::from_min_max(pos2(rect.left() + 15.0, rect.top() + 4.0), rect.max);
    let title = match (item.group, item.verb) {
        (Group::Values, "Copy") => "Result",
        (group, _) => group.title(),
    };
    Text::new(title, TextRole::Small, t.color(Token::Text3)).paint(ui.painter(), inner);
}

fn row(ui: &mut Ui, hit: &Hit, index: usize, of: (bool, &[Line])) -> Response {
    let (chosen, lines) = of;
    let t = Theme::of(ui.ctx());
    let below = if lines.is_empty() { 0.0 } else { LINE * lines.len() as f32 + 8.0 };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW + below), Sense::hover());
    let plate = rect.shrink2(vec2(INSET, 0.0));
    let id = Id::unique("palette-row").with(index);
    let response = ui.interact(plate, id, Sense::click());
    let fill = match (chosen, response.hovered()) {
        (true, _) => t.color(Token::AccentBg),
        (false, true) => t.color(Token::Raised),
        (false, false) => Color32::TRANSPARENT,
    };
    let painter = ui.painter();
    painter.rect_filled(plate, paint::corner(size::RADIUS_BUTTON), fill);
    let line = Rect::from_min_size(plate.min, vec2(plate.width(), ROW));
    words(painter, line, hit, chosen, t);
    for (n, answer) in lines.iter().enumerate() {
        let top = line.bottom() + LINE * n as f32;
        let place = Rect::from_x_y_ranges(plate.x_range(), top..=top + LINE);
        answer_line(painter, place, answer, t);
    }
    let spoken = spoken(&hit.item, lines);
    let enabled = !hit.item.actions.is_empty();
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, enabled, chosen, &spoken));
    response
}

/// What assistive technology says of a result.
fn spoken(item: &Item, lines: &[Line]) -> String {
    let mut parts = vec![item.text.clone()];
    if !item.note.is_empty() {
        parts.push(item.note.clone());
    }
    for line in lines {
        let words = [&line.label, &line.value, &line.note];
        let words: Vec<&str> = words.iter().map(|w| w.as_str()).filter(|w| !w.is_empty()).collect();
        parts.push(words.join(" "));
    }
    if !item.keys.is_empty() {
        parts.push(item.keys.clone());
    }
    parts.push(item.verb.to_owned());
    parts.join(", ")
}

fn words(painter: &Painter, line: Rect, hit: &Hit, chosen: bool, t: &Theme) {
    let item = &hit.item;
    let enabled = !item.actions.is_empty();
    let y = line.center().y;
    let icon = match (chosen, enabled) {
        (true, true) => Token::Accent,
        (false, true) => Token::Text2,
        (_, false) => Token::Text3,
    };
    item.icon.paint_sized(painter, pos2(line.left() + 17.0, y), 14.0, t.color(icon));
    // On the tint of the choice the faintest grey would be too faint.
    let faint = t.color(if chosen { Token::Text2 } else { Token::Text3 });
    let mut right = line.right() - 10.0;
    let keys = match (chosen, item.keys.is_empty()) {
        (true, true) if enabled => "Enter",
        _ => item.keys.as_str(),
    };
    if !keys.is_empty() {
        right = paint::keycap(painter, pos2(right, y), keys, t).left() - 8.0;
    }
    let verb_at = Rect::from_min_max(line.min, pos2(right, line.bottom()));
    let verb = Text::new(item.verb, TextRole::Small, faint).right().paint(painter, verb_at);
    right = verb.left() - 14.0;
    let left = line.left() + 36.0;
    let whole = paint::width(painter, &item.text, TextRole::Body);
    // The text comes first; the note takes what is left.
    let room = (right - left).max(0.0);
    let text_room = whole.min(room * if item.note.is_empty() { 1.0 } else { 0.72 });
    let text_at = Rect::from_min_max(pos2(left, line.top()), pos2(left + text_room, line.bottom()));
    marked(painter, text_at, hit, t.color(if enabled { Token::Text1 } else { Token::Text3 }), t);
    if !item.note.is_empty() {
        let strong = item.group == Group::Questions;
        let note_at = Rect::from_min_max(
            pos2(left + text_room + 16.0, line.top()),
            pos2(right, line.bottom()),
        );
        let (role, color) = if strong {
            (TextRole::BodyStrong, t.color(Token::Text1))
        } else {
            (TextRole::Small, faint)
        };
        Text::new(&item.note, role, color).right().paint(painter, note_at);
    }
}

/// The text of a result with what was found in accent.
fn marked(painter: &Painter, rect: Rect, hit: &Hit, color: Color32, t: &Theme) {
    let text = hit.item.text.as_str();
    let format = |color| TextFormat { font_id: font(TextRole::Body), color, ..Default::default() };
    let mut job = LayoutJob::default();
    let mut at = 0;
    for range in &hit.found {
        if let (Some(before), Some(found)) = (text.get(at..range.start), text.get(range.clone())) {
            job.append(before, 0.0, format(color));
            job.append(found, 0.0, format(t.color(Token::Accent)));
            at = range.end;
        }
    }
    job.append(text.get(at..).unwrap_or_default(), 0.0, format(color));
    job.wrap = TextWrapping {
        max_width: rect.width() + 0.5,
        max_rows: 1,
        break_anywhere: true,
        ..TextWrapping::default()
    };
    job.halign = Align::Min;
    let galley = painter.layout_job(job);
    let y = rect.center().y - galley.size().y / 2.0;
    painter.galley(pos2(rect.left(), y).round(), galley, color);
}

fn answer_line(painter: &Painter, rect: Rect, line: &Line, t: &Theme) {
    let left = rect.left() + 36.0;
    let value_right = left + 350.0;
    let label_at = Rect::from_min_max(pos2(left, rect.top()), pos2(left + 196.0, rect.bottom()));
    Text::new(&line.label, TextRole::Body, t.color(Token::Text2)).paint(painter, label_at);
    let value_at =
        Rect::from_min_max(pos2(left + 200.0, rect.top()), pos2(value_right, rect.bottom()));
    Text::new(&line.value, TextRole::BodyStrong, t.color(Token::Text1))
        .right()
        .paint(painter, value_at);
    let note_at =
        Rect::from_min_max(pos2(value_right + 16.0, rect.top()), rect.max - vec2(10.0, 0.0));
    Text::new(&line.note, TextRole::Body, t.color(Token::Text2)).paint(painter, note_at);
}
