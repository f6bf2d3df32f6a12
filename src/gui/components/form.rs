//! Rows of the form: a label, an input, what is known of it. They must not know what they ask.

use super::field::{Field, FieldLook};
use super::paint::{self, Text};
use super::row::{Entry, Rule, Scale};
use super::segmented::segmented;
use super::select::Select;
use crate::gui::measure;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use crate::units::format::unit_of_suffix;
use eframe::egui::{
    Align, Id, Key, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

const ROW: f32 = 36.0;
const LABEL: f32 = 150.0;
const FIELD: f32 = 190.0;
const FIELD_HEIGHT: f32 = 26.0;

/// The room of a row: label painted, input and note returned.
fn row(ui: &mut Ui, label: &str) -> (Rect, Rect) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let grey = Theme::of(ui.ctx()).color(Token::Text2);
    let at = rect.with_max_x(rect.left() + LABEL - 8.0);
    Text::new(label, TextRole::Body, grey).paint(ui.painter(), at);
    let left = rect.left() + LABEL;
    let middle = rect.center().y;
    let field = Rect::from_min_max(
        pos2(left, middle - FIELD_HEIGHT / 2.0),
        pos2((left + FIELD).min(rect.right()), middle + FIELD_HEIGHT / 2.0),
    );
    (field, rect.with_min_x(field.right() + 14.0))
}

/// What is known of an input, behind it.
fn note(ui: &mut Ui, rect: Rect, text: &str, token: Token) {
    if text.is_empty() {
        return;
    }
    let color = Theme::of(ui.ctx()).color(token);
    let galley = paint::paragraph(ui.painter(), text, TextRole::Small, rect.width());
    // What is too long for a line has room for a second one.
    let fits = galley.rows.len() <= 2;
    if fits {
        let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
        ui.painter().galley_with_override_text_color(at, galley, color);
    } else {
        Text::new(text, TextRole::Small, color).paint(ui.painter(), rect);
    }
    let response = ui.interact(rect, ui.scope_id().with(("note", text)), Sense::hover());
    let spoken = text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    if !fits {
        response.on_hover_text(text);
    }
}

/// A heading between groups of rows.
pub fn heading(ui: &mut Ui, text: &str) {
    let theme = Theme::of(ui.ctx());
    ui.add_space(14.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    Text::new(text, TextRole::BodyStrong, theme.color(Token::Text1)).paint(ui.painter(), rect);
    let spoken = text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &spoken));
}

/// A number that is typed, with units and expressions; it counts while it is typed.
pub struct Number<'a> {
    pub label: &'a str,
    pub value: f64,
    pub suffix: &'static str,
    pub least: f64,
    pub most: f64,
    pub note: &'a str,
}

impl Number<'_> {
    /// The value that was asked for, where it is another one.
    pub fn show(&self, ui: &mut Ui, keyboard: bool) -> Option<f64> {
        let (place, rest) = row(ui, self.label);
        let id = Id::unique(("form", self.label));
        if keyboard {
            ui.memory_mut(|m| m.request_focus(id));
        }
        let unit = unit_of_suffix(self.suffix);
        let scale = Scale::within(measure::system(ui.ctx()), unit, Some(self.value));
        let (before, wrong) = (id.with("before"), id.with("wrong"));
        let base = ui.data(|d| d.get_temp::<f64>(before));
        let said = ui.data(|d| d.get_temp::<String>(wrong));
        let look = if said.is_some() { FieldLook::Wrong } else { FieldLook::Rest };
        let text = scale.digits(unit, self.value);
        let field =
            Field { id, name: self.label, shown: &text, edited: &text, unit: scale.label, look };
        let output = field.show(ui, place);
        let (token, words) = match &said {
            Some(why) => (Token::Err, why.as_str()),
            None => (Token::Text3, self.note),
        };
        note(ui, rest, words, token);
        if output.response.gained_focus() {
            ui.data_mut(|d| d.insert_temp(before, self.value));
            return None;
        }
        let left = output.response.lost_focus();
        if left && ui.input(|i| i.key_pressed(Key::Escape)) {
            ui.data_mut(|d| d.remove_temp::<String>(wrong));
            return base.filter(|v| *v != self.value);
        }
        let typed = match output.response.has_focus() {
            // What stood there before must not take back what another input has set.
            true if !output.response.changed() => None,
            true => ui.data(|d| d.get_temp::<String>(id)),
            false => output.committed,
        };
        let base = base.unwrap_or(self.value);
        let typed = typed.filter(|t| t.trim() != scale.digits(unit, base));
        match self.entry(scale, &typed?, base) {
            Ok(value) => {
                ui.data_mut(|d| d.remove_temp::<String>(wrong));
                Some(value).filter(|v| *v != self.value)
            }
            Err(why) => {
                ui.data_mut(|d| d.insert_temp(wrong, why));
                None
            }
        }
    }

    fn entry(&self, scale: Scale, text: &str, base: f64) -> Result<f64, String> {
        let rule = Rule { least: f64::NEG_INFINITY, whole: false };
        let value = match scale.entry_from(text, self.suffix, rule, Some(base))? {
            Entry::Number(value) => value,
            Entry::Unknown | Entry::Unlimited => return Err("must be a number".to_owned()),
        };
        let unit = unit_of_suffix(self.suffix);
        let shown = |v: f64| format!("{} {}", scale.digits(unit, v), scale.label);
        match value {
            v if v < self.least => Err(format!("must be {} or more", shown(self.least))),
            v if v > self.most => Err(format!("must be {} or less", shown(self.most))),
            v => Ok(v),
        }
    }
}

/// A choice from a list.
pub fn choice(
    ui: &mut Ui,
    label: &str,
    options: &[String],
    selected: Option<usize>,
    about: &str,
) -> Option<usize> {
    let (place, rest) = row(ui, label);
    let id = Id::unique(("form", label));
    let select = Select { id, name: label, options, selected, placeholder: "choose", dot: None };
    let chosen = select.show(ui, place);
    note(ui, rest, about, Token::Text3);
    chosen
}

/// A choice of a few words.
pub fn switch(
    ui: &mut Ui,
    label: &str,
    options: &[&str],
    selected: usize,
    about: &str,
) -> Option<usize> {
    let (place, rest) = row(ui, label);
    let builder = UiBuilder::new().max_rect(place).layout(Layout::left_to_right(Align::Center));
    let shown = ui.scope_builder(builder, |ui| {
        let chosen = segmented(ui, label, options, selected);
        (chosen, ui.min_rect().right())
    });
    let (chosen, right) = shown.inner;
    note(ui, rest.with_min_x(rest.left().max(right + 14.0)), about, Token::Text3);
    chosen
}

/// A text that is typed.
pub fn words(ui: &mut Ui, label: &str, (shown, about): (&str, &str)) -> Option<String> {
    let (place, rest) = row(ui, label);
    let wide = Rect::from_min_size(place.min, vec2(place.width() * 1.8, place.height()));
    let id = Id::unique(("form", label));
    let look = FieldLook::Rest;
    let field = Field { id, name: label, shown, edited: shown, unit: "", look };
    let output = field.show(ui, wide);
    note(ui, rest.with_min_x(rest.left().max(wide.right() + 14.0)), about, Token::Text3);
    output.committed
}

/// Between columns of facts, and below and above their words.
const CELL_GAP: f32 = 10.0;

/// What follows from the answers.
pub fn fact(ui: &mut Ui, label: &str, value: &str, source: &str) {
    let theme = Theme::of(ui.ctx());
    let wide = ui.available_width();
    let ends = [0.27 * wide, 0.54 * wide, wide];
    let last = if source.is_empty() { 2 } else { 1 };
    // Long words take lines of their own: what is used has to be readable before it is agreed to.
    let cells = [
        (label, TextRole::Body, Token::Text2, 0.0, ends[0]),
        (value, TextRole::Body, Token::Text1, ends[0], ends[last]),
        (source, TextRole::Small, Token::Text3, ends[1], ends[2] + CELL_GAP),
    ];
    let cells = cells.map(|(text, role, token, from, to)| {
        let galley = paint::paragraph(ui.painter(), text, role, to - from - CELL_GAP);
        (galley, role, token, from)
    });
    let tall = cells.iter().map(|(galley, ..)| galley.size().y).fold(0.0, f32::max);
    let room = vec2(wide, (tall + CELL_GAP).max(26.0));
    let (rect, response) = ui.allocate_exact_size(room, Sense::hover());
    let painter = ui.painter();
    for (galley, role, token, from) in cells {
        // First lines stand on one height, whatever their size.
        let top = rect.top() + 5.0 + (TextRole::Body.style().line - role.style().line) / 2.0;
        let at = pos2(rect.left() + from, top);
        painter.galley_with_override_text_color(at, galley, theme.color(token));
    }
    let line = theme.color(Token::Line);
    paint::hairline(painter, rect.left(), rect.right(), rect.bottom() - 0.5, line);
    let mut spoken = format!("{label}: {value}");
    if !source.is_empty() {
        spoken = format!("{spoken}, {source}");
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}
