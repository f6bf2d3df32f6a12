//! A row of the inspector: label, field, source; below it, where a range is
//! known, a bar with both ends, the default's tick and the value's knob.

use super::entry::tidy;
pub use super::entry::{Entry, Rule, Scale};
use super::field::{Field, FieldLook};
use super::paint::{self, Text};
use super::select::Select;
use crate::gui::action::Gesture;
use crate::gui::icons::Icon;
use crate::gui::measure;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::units::format::{self, Unit};
use eframe::egui::{
    Color32, CursorIcon, Id, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

const LABEL: f32 = 118.0;
const SOURCE: f32 = 62.0;
const GAP: f32 = 8.0;
const FIELD_HEIGHT: f32 = 20.0;

/// Published or plausible bounds of a value, and the catalogue's default, in stored units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub low: f64,
    pub high: f64,
    pub default: Option<f64>,
}

/// What the source column says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Source<'a> {
    #[default]
    None,
    /// Computed, or edited here: plain.
    Plain(&'a str),
    /// Leads outside the calculation: a link.
    Link(&'a str),
    /// Amber: outside the range, or what stops.
    Warn(&'a str),
}

/// What happened in a row.
#[derive(Default)]
pub struct RowOutput {
    pub entry: Option<(Entry, Gesture)>,
    /// The source, where it is a link.
    pub source: Option<Response>,
}

/// What is known of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    Is(f64),
    Unlimited,
    Unknown,
    /// Unknown, and nothing stops for it: the grey word says what is used instead.
    Absent(&'static str),
}

/// A number that can be edited.
pub struct NumberRow<'a> {
    pub id: Id,
    pub label: &'a str,
    /// Accessible name; the label alone where empty.
    pub name: &'a str,
    pub value: Number,
    pub unit: Unit,
    pub range: Option<Range>,
    pub source: Source<'a>,
    /// Least value that means anything.
    pub least: f64,
    /// Whole numbers only.
    pub whole: bool,
    /// Why it cannot be changed here.
    pub locked: Option<&'a str>,
}

/// The three places of a row.
struct Places {
    label: Rect,
    field: Rect,
    source: Rect,
}

fn places(rect: Rect) -> Places {
    let line = Rect::from_min_size(rect.min, vec2(rect.width(), size::INSPECTOR_ROW));
    let field_left = line.left() + LABEL;
    let field_right = (line.right() - SOURCE - GAP).max(field_left + 60.0);
    let middle = line.center().y;
    Places {
        label: Rect::from_min_max(line.min, pos2(field_left - 6.0, line.bottom())),
        field: Rect::from_min_max(
            pos2(field_left, middle - FIELD_HEIGHT / 2.0),
            pos2(field_right, middle + FIELD_HEIGHT / 2.0),
        ),
        source: Rect::from_min_max(pos2(field_right + GAP, line.top()), line.max),
    }
}

fn allocate(ui: &mut Ui, height: f32) -> Rect {
    ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover()).0
}

impl NumberRow<'_> {
    pub fn show(&self, ui: &mut Ui) -> RowOutput {
        let below = if self.range.is_some() { size::RANGE_BAR } else { 0.0 };
        let rect = allocate(ui, size::INSPECTOR_ROW + below);
        let at = places(rect);
        let dragged = self.drag_label(ui, at.label);
        let wrong = ui.data(|d| d.get_temp::<String>(self.id.with("wrong")));
        let scale = self.scale(ui);
        let (shown, edited) = self.texts(scale);
        let look = self.look(wrong.is_some());
        let name = if self.name.is_empty() { self.label } else { self.name };
        let field =
            Field { id: self.id, name, shown: &shown, edited: &edited, unit: scale.label, look };
        let output = field.show(ui, at.field);
        if output.response.gained_focus() {
            ui.data_mut(|d| d.remove_temp::<String>(self.id.with("wrong")));
        }
        let typed = output.committed.and_then(|text| self.accept(ui, &text));
        let source = self.source(ui, at.source, wrong.as_deref());
        if let Some(range) = self.range {
            let bar = Rect::from_min_max(
                pos2(at.field.left(), rect.bottom() - size::RANGE_BAR - 1.0),
                pos2(at.field.right(), rect.bottom() - 2.0),
            );
            self.range_bar(ui, bar, range);
        }
        RowOutput { entry: typed.map(|e| (e, Gesture::Once)).or(dragged), source }
    }

    fn known(&self) -> Option<f64> {
        match self.value {
            Number::Is(v) => Some(v),
            _ => None,
        }
    }

    fn scale(&self, ui: &Ui) -> Scale {
        Scale::within(measure::system(ui.ctx()), self.unit, self.known())
    }

    fn texts(&self, scale: Scale) -> (String, String) {
        match self.value {
            Number::Is(v) => {
                let text = scale.digits(self.unit, v);
                (text.clone(), text)
            }
            Number::Unlimited => (format::UNLIMITED.into(), format::UNLIMITED.into()),
            Number::Unknown => (format::UNKNOWN.into(), String::new()),
            Number::Absent(word) => (word.into(), String::new()),
        }
    }

    fn look(&self, wrong: bool) -> FieldLook {
        match (wrong, self.locked, self.value, self.range) {
            (true, ..) => FieldLook::Wrong,
            (_, Some(_), ..) => FieldLook::Disabled,
            (_, _, Number::Unknown, _) => FieldLook::Unknown,
            (_, _, Number::Absent(_), _) => FieldLook::Absent,
            (_, _, Number::Is(v), Some(r)) if v < r.low || v > r.high => FieldLook::Outside,
            _ => FieldLook::Rest,
        }
    }

    /// What was typed as a value; a refusal is kept to be shown.
    fn accept(&self, ui: &Ui, text: &str) -> Option<Entry> {
        let rule = Rule { least: self.least, whole: self.whole };
        match self.scale(ui).entry_from(text, self.unit.suffix, rule, self.known()) {
            Ok(entry) => Some(entry),
            Err(why) => {
                refuse(ui, self.id, why);
                None
            }
        }
    }

    /// The label; dragging it changes the value, with Shift finer.
    fn drag_label(&self, ui: &Ui, rect: Rect) -> Option<(Entry, Gesture)> {
        let theme = Theme::of(ui.ctx());
        let color = theme.color(Token::Text2);
        Text::new(self.label, TextRole::Body, color).paint(ui.painter(), rect);
        let Number::Is(value) = self.value else { return None };
        if self.locked.is_some() {
            return None;
        }
        let response = ui
            .interact(rect, self.id.with("label"), Sense::drag())
            .on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
        let start_id = self.id.with("drag-start");
        if response.drag_started() {
            ui.data_mut(|d| d.insert_temp(start_id, (value, 0.0_f64)));
        }
        if !(response.dragged() || response.drag_stopped()) {
            return None;
        }
        let (start, mut moved) = ui.data(|d| d.get_temp::<(f64, f64)>(start_id))?;
        let fine = if ui.input(|i| i.modifiers.shift) { 0.1 } else { 1.0 };
        moved += f64::from(response.drag_delta().x) * fine;
        ui.data_mut(|d| d.insert_temp(start_id, (start, moved)));
        let step = drag_step(start, self.range, self.whole);
        let next = (((start + moved * step) / step).round() * step).max(self.least);
        let gesture = if response.drag_stopped() { Gesture::Finished } else { Gesture::Dragging };
        Some((Entry::Number(tidy(next)), gesture))
    }

    fn source(&self, ui: &mut Ui, rect: Rect, wrong: Option<&str>) -> Option<Response> {
        let outside = self.outside(self.scale(ui));
        let source = match (wrong, self.locked, &outside) {
            (Some(why), ..) => return paint_wrong(ui, rect, why, self.id),
            (_, Some(reason), _) => Source::Plain(reason),
            (_, _, Some(text)) => Source::Warn(text),
            _ => self.source,
        };
        let name = if self.name.is_empty() { self.label } else { self.name };
        paint_source(ui, rect, source, (self.id, name))
    }

    /// The bound that is passed.
    fn outside(&self, scale: Scale) -> Option<String> {
        let (Number::Is(v), Some(range)) = (self.value, self.range) else { return None };
        if v > range.high {
            Some(format!("above {}", scale.digits(self.unit, range.high)))
        } else if v < range.low {
            Some(format!("below {}", scale.digits(self.unit, range.low)))
        } else {
            None
        }
    }

    fn range_bar(&self, ui: &Ui, rect: Rect, range: Range) {
        let t = Theme::of(ui.ctx());
        let painter = ui.painter();
        let track = Rect::from_min_size(rect.min + vec2(0.0, 1.0), vec2(rect.width(), 3.0));
        painter.rect_filled(track, paint::corner(1.5), t.color(Token::Raised));
        let span = range.high - range.low;
        let x_of = |v: f64| {
            let share = if span > 0.0 { ((v - range.low) / span).clamp(0.0, 1.0) } else { 0.5 };
            track.left() + share as f32 * track.width()
        };
        if let Number::Is(v) = self.value {
            let knob = pos2(x_of(v), track.center().y);
            let filled = Rect::from_min_max(track.min, pos2(knob.x, track.bottom()));
            painter.rect_filled(filled, paint::corner(1.5), t.color(Token::Accent));
            if let Some(default) = range.default {
                let x = painter.round_to_pixel_center(x_of(default));
                let tick = Stroke::new(1.0, t.color(Token::Text2));
                painter.vline(x, track.top() - 2.0..=track.bottom() + 2.0, tick);
            }
            painter.circle_filled(knob, 3.0, t.color(Token::Text1));
        }
        let ends = Rect::from_min_max(pos2(track.left(), track.bottom()), rect.max);
        let grey = t.color(Token::Text3);
        let scale = self.scale(ui);
        let low = scale.digits(self.unit, range.low);
        let high = scale.digits(self.unit, range.high);
        Text::new(&low, TextRole::Tiny, grey).paint(painter, ends);
        Text::new(&high, TextRole::Tiny, grey).right().paint(painter, ends);
    }
}

/// Change per point of drag: a two hundredth of the range, or about a percent of the value.
fn drag_step(value: f64, range: Option<Range>, whole: bool) -> f64 {
    let rough = match range {
        Some(r) if r.high > r.low => (r.high - r.low) / 200.0,
        _ if value != 0.0 => value.abs() / 200.0,
        _ => 0.01,
    };
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0]
        .into_iter()
        .map(|k| k * power)
        .find(|s| *s >= rough)
        .unwrap_or(10.0 * power);
    if whole { step.max(1.0).round() } else { step }
}

fn paint_wrong(ui: &Ui, rect: Rect, why: &str, id: Id) -> Option<Response> {
    let color = Theme::of(ui.ctx()).color(Token::Err);
    Text::new(why, TextRole::Small, color).paint(ui.painter(), rect);
    let response = ui.interact(rect, id.with("rule"), Sense::hover());
    let spoken = why.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    response.on_hover_text(why);
    None
}

fn paint_source(ui: &mut Ui, rect: Rect, source: Source<'_>, of: (Id, &str)) -> Option<Response> {
    let t = Theme::of(ui.ctx());
    let (text, token) = match source {
        Source::None => return None,
        Source::Plain(text) => (text, Token::Text3),
        Source::Warn(text) => (text, Token::Warn),
        Source::Link(text) => (text, Token::Accent),
    };
    let painted =
        Text::new(text, TextRole::Small, t.color(token)).right().paint(ui.painter(), rect);
    if !matches!(source, Source::Link(_)) {
        return None;
    }
    let response = ui
        .interact(painted.expand(2.0), of.0.with("source"), Sense::click())
        .on_hover_cursor(CursorIcon::PointingHand);
    let spoken = format!("Source of {}", of.1);
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &spoken));
    Some(response)
}

/// Keeps why what was typed is refused, until the field has the keyboard again.
pub fn refuse(ui: &Ui, id: Id, why: String) {
    ui.data_mut(|d| d.insert_temp(id.with("wrong"), why));
}

/// A row whose owner reads what was typed, because it means more than one number.
pub struct TypedRow<'a> {
    pub id: Id,
    pub label: &'a str,
    /// Accessible name.
    pub name: &'a str,
    pub shown: &'a str,
    pub edited: &'a str,
    pub unit: &'a str,
    pub look: FieldLook,
    pub source: Source<'a>,
}

impl TypedRow<'_> {
    /// Shows the row; the text that was left in place.
    pub fn show(&self, ui: &mut Ui) -> Option<String> {
        let t = Theme::of(ui.ctx());
        let at = places(allocate(ui, size::INSPECTOR_ROW));
        let color = t.color(Token::Text2);
        Text::new(self.label, TextRole::Body, color).paint(ui.painter(), at.label);
        let wrong = ui.data(|d| d.get_temp::<String>(self.id.with("wrong")));
        let look = if wrong.is_some() { FieldLook::Wrong } else { self.look };
        let (name, shown, edited, unit) = (self.name, self.shown, self.edited, self.unit);
        let output = Field { id: self.id, name, shown, edited, unit, look }.show(ui, at.field);
        if output.response.gained_focus() {
            ui.data_mut(|d| d.remove_temp::<String>(self.id.with("wrong")));
        }
        match wrong {
            Some(why) => paint_wrong(ui, at.source, &why, self.id),
            None => paint_source(ui, at.source, self.source, (self.id, self.name)),
        };
        output.committed
    }
}

/// A figure that is computed.
pub fn computed(ui: &mut Ui, label: &str, value: &str, note: &str) -> Response {
    let t = Theme::of(ui.ctx());
    let rect = allocate(ui, size::INSPECTOR_ROW - 2.0);
    let at = places(rect);
    let painter = ui.painter();
    Text::new(label, TextRole::Body, t.color(Token::Text2)).paint(painter, at.label);
    let (digits, unit) = columns_of(value);
    let inner = at.field.shrink2(vec2(8.0, 0.0));
    let unknown = value == format::UNKNOWN;
    let color = t.color(if unknown { Token::Warn } else { Token::Text1 });
    Text::new(&digits, TextRole::Body, color).paint(painter, inner);
    Text::new(&unit, TextRole::Small, t.color(Token::Text3)).right().paint(painter, inner);
    let id = ui.scope_id().with(("computed", label));
    paint_source(ui, at.source, Source::Plain(note), (id, label));
    let response = ui.interact(rect, id, Sense::hover());
    let spoken = format!("{label}: {value}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    response
}

/// Words that cannot be changed here.
pub fn fact(ui: &mut Ui, label: &str, text: &str) {
    let t = Theme::of(ui.ctx());
    let rect = allocate(ui, size::INSPECTOR_ROW - 2.0);
    let at = places(rect);
    Text::new(label, TextRole::Body, t.color(Token::Text2)).paint(ui.painter(), at.label);
    let wide =
        Rect::from_min_max(at.field.min + vec2(8.0, 0.0), pos2(rect.right(), at.field.max.y));
    Text::new(text, TextRole::Body, t.color(Token::Text1)).paint(ui.painter(), wide);
    let response = ui.interact(rect, ui.scope_id().with(("fact", label)), Sense::hover());
    let spoken = format!("{label}: {text}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

/// The same, with a word on where it comes from.
pub fn fact_of(ui: &mut Ui, label: &str, (text, source): (&str, &str)) -> Response {
    let t = Theme::of(ui.ctx());
    let rect = allocate(ui, size::INSPECTOR_ROW - 2.0);
    let at = places(rect);
    Text::new(label, TextRole::Body, t.color(Token::Text2)).paint(ui.painter(), at.label);
    let field = at.field.shrink2(vec2(8.0, 0.0));
    let unknown = text == format::UNKNOWN;
    let color = t.color(if unknown { Token::Warn } else { Token::Text1 });
    Text::new(text, TextRole::Body, color).paint(ui.painter(), field);
    let id = ui.scope_id().with(("fact", label));
    paint_source(ui, at.source, Source::Plain(source), (id, label));
    let response = ui.interact(rect, id, Sense::hover());
    let spoken = format!("{label}: {text}, {source}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    response
}

/// What happened to a row that opens something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    pub open: bool,
    pub clear: bool,
}

/// A value that is chosen elsewhere, as a button; `value` is `None` where there is none, and then
/// `placeholder` stands there. A cross beside it takes the value away where that `clears`.
pub fn opener(
    ui: &mut Ui,
    label: &str,
    (value, placeholder): (Option<&str>, &str),
    clears: bool,
) -> Opened {
    let t = Theme::of(ui.ctx());
    let rect = allocate(ui, size::INSPECTOR_ROW);
    let at = places(rect);
    Text::new(label, TextRole::Body, t.color(Token::Text2)).paint(ui.painter(), at.label);
    let known = value.is_some();
    let cross = known && clears;
    let right = if cross { rect.right() - FIELD_HEIGHT - 4.0 } else { rect.right() };
    let field = Rect::from_min_max(at.field.min, pos2(right, at.field.max.y));
    let id = ui.scope_id().with(("opener", label));
    let response = ui.interact(field, id, Sense::click());
    let edge = t.color(if response.hovered() { Token::Line2 } else { Token::Line });
    let painter = ui.painter();
    let fill = t.color(Token::Inset);
    paint::plate(painter, field, size::RADIUS_INPUT, fill, Stroke::new(1.0, edge));
    if response.has_focus() {
        paint::focus_ring(painter, field, size::RADIUS_INPUT, t);
    }
    let words = value.unwrap_or(placeholder);
    let color = t.color(if known { Token::Text1 } else { Token::Text3 });
    let inner = Rect::from_min_max(field.min + vec2(8.0, 0.0), field.max - vec2(20.0, 0.0));
    Text::new(words, TextRole::Body, color).paint(painter, inner);
    let more = pos2(field.right() - 11.0, field.center().y);
    Icon::Search.paint_sized(painter, more, 11.0, t.color(Token::Text3));
    let spoken = format!("{label}: {words}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let open = response.on_hover_text(words).clicked();
    let clear = cross && {
        let place =
            Rect::from_min_max(pos2(right + 4.0, field.top()), pos2(rect.right(), field.bottom()));
        let name = format!("{label}: disconnect");
        let response = ui.interact(place, id.with("clear"), Sense::click());
        let tone = if response.hovered() { Token::Text1 } else { Token::Text3 };
        Icon::Cross.paint_sized(ui.painter(), place.center(), 11.0, t.color(tone));
        if response.has_focus() {
            paint::focus_ring(ui.painter(), place, size::RADIUS_INPUT, t);
        }
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        response.on_hover_text("Disconnect").clicked()
    };
    Opened { open, clear }
}

/// The place of an input behind its label, up to the edge: for rows whose owner has the input.
pub fn labelled(ui: &mut Ui, label: &str) -> Rect {
    let at = places(allocate(ui, size::INSPECTOR_ROW));
    let color = Theme::of(ui.ctx()).color(Token::Text2);
    Text::new(label, TextRole::Body, color).paint(ui.painter(), at.label);
    Rect::from_min_max(at.field.min, pos2(at.source.right(), at.field.max.y))
}

/// A choice; returns the index that was chosen.
pub fn choice(
    ui: &mut Ui,
    label: &str,
    options: &[String],
    selected: Option<usize>,
) -> Option<usize> {
    choice_with(ui, label, options, selected, None)
}

/// A choice that says `placeholder` where nothing is chosen.
pub fn choice_of(
    ui: &mut Ui,
    label: &str,
    options: &[String],
    selected: Option<usize>,
    placeholder: &str,
) -> Option<usize> {
    choice_row(ui, label, (options, selected), (None, placeholder))
}

/// A choice with a dot in the colour of what is chosen.
pub fn choice_with(
    ui: &mut Ui,
    label: &str,
    options: &[String],
    selected: Option<usize>,
    dot: Option<Color32>,
) -> Option<usize> {
    choice_row(ui, label, (options, selected), (dot, "not chosen"))
}

fn choice_row(
    ui: &mut Ui,
    label: &str,
    (options, selected): (&[String], Option<usize>),
    (dot, placeholder): (Option<Color32>, &str),
) -> Option<usize> {
    let field = labelled(ui, label);
    let id = ui.scope_id().with(("choice", label));
    Select { id, name: label, options, selected, placeholder, dot }.show(ui, field)
}

/// A word or a name that can be edited.
pub fn text(ui: &mut Ui, label: &str, value: &str) -> Option<String> {
    let field = labelled(ui, label);
    let id = ui.scope_id().with(("text", label));
    Field { id, name: label, shown: value, edited: value, unit: "", look: FieldLook::Rest }
        .show(ui, field)
        .committed
}

/// Digits and unit in columns of their own: `$124.8 M` stands as `124.8` and `$M`.
fn columns_of(figure: &str) -> (String, String) {
    let (digits, unit) = split_unit(figure);
    if unit.is_empty() || !digits.contains('$') {
        return (digits.to_owned(), unit.to_owned());
    }
    (digits.replace('$', ""), format!("${unit}"))
}

/// Digits and unit of a figure; the unit is empty where there is none.
pub fn split_unit(figure: &str) -> (&str, &str) {
    let head = if figure.starts_with("≈ ") { "≈ ".len() } else { 0 };
    match figure[head..].find(' ') {
        Some(i) => (&figure[..head + i], figure[head + i + 1..].trim_start()),
        None => (figure, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_split_into_digits_and_unit() {
        assert_eq!(split_unit("999.9 MW"), ("999.9", "MW"));
        assert_eq!(split_unit("≈ $42.2 B/yr"), ("≈ $42.2", "B/yr"));
        assert_eq!(split_unit("$0.99"), ("$0.99", ""));
        assert_eq!(split_unit("$45 per M"), ("$45", "per M"));
    }

    #[test]
    fn money_stands_with_its_sign_in_the_column_of_units() {
        assert_eq!(columns_of("$124.8 M"), ("124.8".into(), "$M".into()));
        assert_eq!(columns_of("$0.99"), ("$0.99".into(), String::new()));
        assert_eq!(columns_of("3.840 MW"), ("3.840".into(), "MW".into()));
    }

    #[test]
    fn dragging_steps_are_round_and_follow_the_range() {
        assert_eq!(drag_step(7.8, Some(Range { low: 3.5, high: 9.1, default: None }), false), 0.05);
        assert_eq!(drag_step(1000.0, None, false), 5.0);
        assert_eq!(drag_step(16.0, None, true), 1.0);
        assert_eq!(tidy(0.1 + 0.2), 0.3);
    }
}
