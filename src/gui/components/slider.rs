//! A row with a number that is typed or dragged: label, field, and below them a bar with a
//! knob between two labelled ends. It must not know what the number means.

use super::field::{Field, FieldLook};
use super::paint::{self, Text};
use super::row::{Entry, Rule, Scale};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::units::format::{self, Unit};
use crate::units::month::Month;
use eframe::egui::accesskit::{Action, ActionData};
use eframe::egui::{
    CursorIcon, EventFilter, Id, Key, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2,
};

const FIELD_HEIGHT: f32 = 20.0;
/// Room below the ends, so that they do not touch the next row.
const BELOW: f32 = 3.0;
/// Steps of the bar, for keys and for the pointer.
const STEPS: f64 = 48.0;

/// How values are spread over the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    Linear,
    /// Each step is a factor; both ends are above zero.
    Log,
    /// Whole months of the calendar, read and written as `2026-07`.
    Months,
}

/// A number with its bar.
pub struct Slider<'a> {
    pub id: Id,
    /// Accessible name of the field; the bar is called the same with "slider" behind.
    pub label: &'a str,
    /// Infinite where nothing limits it.
    pub value: f64,
    pub unit: Unit,
    /// Ends of the bar.
    pub low: f64,
    pub high: f64,
    pub spread: Spread,
    /// The upper end of the bar stands for no limit.
    pub open: bool,
    /// Width of the column of labels.
    pub label_width: f32,
}

impl Slider<'_> {
    /// Shows the row over the width that is left; returns the value that was asked for.
    pub fn show(&self, ui: &mut Ui) -> Option<f64> {
        let height = size::INSPECTOR_ROW + size::RANGE_BAR + BELOW;
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        let line = Rect::from_min_size(rect.min, vec2(rect.width(), size::INSPECTOR_ROW));
        let grey = Theme::of(ui.ctx()).color(Token::Text2);
        let label = line.with_max_x(line.left() + self.label_width - 6.0);
        Text::new(self.label, TextRole::Body, grey).paint(ui.painter(), label);
        let left = line.left() + self.label_width;
        let field = Rect::from_center_size(line.center(), vec2(0.0, FIELD_HEIGHT));
        let field = Rect::from_x_y_ranges(left..=line.right(), field.y_range());
        let wrong = ui.data(|d| d.get_temp::<String>(self.id.with("wrong")));
        let typed = self.field(ui, field, wrong.is_some());
        let bar = Rect::from_min_max(
            pos2(left, line.bottom() - 1.0),
            pos2(rect.right(), line.bottom() + size::RANGE_BAR),
        );
        let dragged = self.bar(ui, bar, wrong.as_deref());
        typed.or(dragged).filter(|v| *v != self.value)
    }

    fn field(&self, ui: &mut Ui, rect: Rect, wrong: bool) -> Option<f64> {
        let text = self.digits(self.value);
        let unit = if self.value.is_finite() { self.unit.label } else { "" };
        let look = if wrong { FieldLook::Wrong } else { FieldLook::Rest };
        let field =
            Field { id: self.id, name: self.label, shown: &text, edited: &text, unit, look };
        let output = field.show(ui, rect);
        if output.response.gained_focus() {
            ui.data_mut(|d| d.remove_temp::<String>(self.id.with("wrong")));
        }
        let entry = self.entry(&output.committed?);
        match entry {
            Ok(value) => Some(value),
            Err(why) => {
                ui.data_mut(|d| d.insert_temp(self.id.with("wrong"), why));
                None
            }
        }
    }

    /// A typed text as a value.
    ///
    /// # Errors
    /// A sentence for the person who typed.
    fn entry(&self, text: &str) -> Result<f64, String> {
        if self.spread == Spread::Months {
            return self.month(text);
        }
        let scale = Scale { factor: 1.0, offset: 0.0, label: self.unit.label };
        let value = match scale.entry(text, self.unit.suffix, Rule::POSITIVE)? {
            Entry::Number(value) => value,
            Entry::Unlimited | Entry::Unknown if self.open => f64::INFINITY,
            Entry::Unlimited | Entry::Unknown => return Err("must be a number".to_owned()),
        };
        match value {
            v if v < self.low => Err(format!("must be {} or more", self.digits(self.low))),
            v if v > self.high && !self.open => {
                Err(format!("must be {} or less", self.digits(self.high)))
            }
            v => Ok(v),
        }
    }

    fn month(&self, text: &str) -> Result<f64, String> {
        let month = Month::parse(text.trim()).ok_or("must be a month such as 2026-01")?;
        let inside = (self.low..=self.high).contains(&month.number());
        let ends = || format!("must be {} to {}", self.digits(self.low), self.digits(self.high));
        inside.then_some(month.number()).ok_or_else(ends)
    }

    /// Steps of the bar: one a month where it runs over months.
    fn steps(&self) -> f64 {
        if self.spread == Spread::Months { (self.high - self.low).max(1.0) } else { STEPS }
    }

    fn digits(&self, value: f64) -> String {
        if self.spread == Spread::Months {
            return Month::near(value).to_string();
        }
        if value.is_finite() { self.unit.edit_text(value) } else { format::UNLIMITED.to_owned() }
    }

    fn bar(&self, ui: &Ui, rect: Rect, wrong: Option<&str>) -> Option<f64> {
        let t = Theme::of(ui.ctx());
        let track = Rect::from_min_size(rect.min + vec2(0.0, 1.0), vec2(rect.width(), 3.0));
        let grip = Rect::from_min_max(track.min - vec2(0.0, 5.0), track.max + vec2(0.0, 6.0));
        let response = ui
            .interact(grip, self.id.with("bar"), Sense::click_and_drag())
            .on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
        let asked = self.asked(ui, &response, track);
        let painter = ui.painter();
        painter.rect_filled(track, paint::corner(1.5), t.color(Token::Raised));
        let share = self.share(asked.unwrap_or(self.value));
        let knob = pos2(track.left() + share as f32 * track.width(), track.center().y);
        let filled = track.with_max_x(knob.x);
        painter.rect_filled(filled, paint::corner(1.5), t.color(Token::Accent));
        let hot = response.hovered() || response.dragged();
        painter.circle_filled(knob, if hot { 4.5 } else { 4.0 }, t.color(Token::Text1));
        if response.has_focus() {
            let around = Rect::from_center_size(knob, vec2(14.0, 14.0));
            paint::focus_ring(painter, around, 7.0, t);
        }
        let ends = Rect::from_min_max(pos2(track.left(), track.bottom() + 3.0), rect.max);
        match wrong {
            Some(why) => {
                Text::new(why, TextRole::Tiny, t.color(Token::Err)).paint(painter, ends);
            }
            None => {
                let high = if self.open { f64::INFINITY } else { self.high };
                let grey = t.color(Token::Text3);
                Text::new(&self.digits(self.low), TextRole::Tiny, grey).paint(painter, ends);
                Text::new(&self.digits(high), TextRole::Tiny, grey).right().paint(painter, ends);
            }
        }
        let (value, name) = (self.value, format!("{} slider", self.label));
        response.widget_info(|| WidgetInfo::slider(true, value, &name));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_min_numeric_value(self.low);
            node.set_max_numeric_value(self.high);
            if self.spread == Spread::Months {
                node.set_value(self.digits(self.value));
            }
            for action in [Action::SetValue, Action::Increment, Action::Decrement] {
                node.add_action(action);
            }
        });
        asked
    }

    /// The value that pointer, keys or assistive technology ask for.
    fn asked(&self, ui: &Ui, response: &Response, track: Rect) -> Option<f64> {
        if let Some(at) = response.interact_pointer_pos() {
            let share = f64::from((at.x - track.left()) / track.width().max(1.0));
            return Some(self.value_at(share));
        }
        let focused = response.has_focus();
        if focused {
            let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
        }
        let (steps, set) = ui.input(|input| {
            let asked = |action| input.num_accesskit_action_requests(response.id, action) as f64;
            let mut steps = asked(Action::Increment) - asked(Action::Decrement);
            if focused {
                let presses = |key| input.num_presses(key) as f64;
                steps += presses(Key::ArrowRight) - presses(Key::ArrowLeft);
            }
            let requests = input.accesskit_action_requests(response.id, Action::SetValue);
            let set = requests.filter_map(|request| match request.data {
                Some(ActionData::NumericValue(value)) => Some(value),
                _ => None,
            });
            (steps, set.last())
        });
        let set = set.map(|v| if self.open && v >= self.high { f64::INFINITY } else { v });
        let stepped =
            (steps != 0.0).then(|| self.value_at(self.share(self.value) + steps / self.steps()));
        set.or(stepped)
    }

    /// Where a value stands on the bar, 0 to 1.
    fn share(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        match self.spread {
            Spread::Linear | Spread::Months => (value - self.low) / (self.high - self.low),
            Spread::Log => (value / self.low).ln() / (self.high / self.low).ln(),
        }
    }

    /// The round value of the step that is nearest to a share of the bar.
    fn value_at(&self, share: f64) -> f64 {
        let share = (share.clamp(0.0, 1.0) * self.steps()).round() / self.steps();
        if share <= 0.0 {
            return self.low;
        }
        if share >= 1.0 {
            return if self.open { f64::INFINITY } else { self.high };
        }
        match self.spread {
            Spread::Linear => two_digits(self.low + share * (self.high - self.low)),
            Spread::Months => (self.low + share * (self.high - self.low)).round(),
            Spread::Log => two_digits(self.low * (self.high / self.low).powf(share)),
        }
    }
}

/// Rounded to two digits: a bar is no place for more.
fn two_digits(value: f64) -> f64 {
    if value == 0.0 {
        return 0.0;
    }
    let power = 10f64.powf(value.abs().log10().floor() - 1.0);
    // Multiplied back from whole numbers, so that no binary fraction remains.
    if power >= 1.0 {
        (value / power).round() * power
    } else {
        (value / power).round() / (1.0 / power).round()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::format::unit_of_suffix;

    fn slider(value: f64, open: bool) -> Slider<'static> {
        Slider {
            id: Id::unique("s"),
            label: "Input length",
            value,
            unit: unit_of_suffix("tokens"),
            low: 128.0,
            high: 131_072.0,
            spread: Spread::Log,
            open,
            label_width: 90.0,
        }
    }

    #[test]
    fn the_bar_runs_from_end_to_end_in_round_values() {
        let s = slider(8192.0, false);
        assert_eq!(s.value_at(-1.0), 128.0);
        assert_eq!(s.value_at(2.0), 131_072.0);
        let mut last = 0.0;
        for step in 0..=48 {
            let v = s.value_at(f64::from(step) / STEPS);
            assert!(v > last, "rising: {v} after {last}");
            last = v;
        }
        assert!((s.share(s.value_at(0.5)) - 0.5).abs() < 0.01);
        assert_eq!(slider(8192.0, true).value_at(1.0), f64::INFINITY);
    }

    #[test]
    fn typed_text_is_a_value_or_a_sentence() {
        let s = slider(8192.0, false);
        assert_eq!(s.entry("16k"), Ok(16_000.0));
        assert_eq!(s.entry("64"), Err("must be 128 or more".to_owned()));
        assert_eq!(s.entry("1M"), Err("must be 131,072 or less".to_owned()));
        assert_eq!(s.entry("unlimited"), Err("must be a number".to_owned()));
        assert_eq!(slider(8192.0, true).entry("unlimited"), Ok(f64::INFINITY));
        assert!(s.entry("long").is_err());
    }

    #[test]
    fn months_are_whole_and_written_as_people_date_software() {
        let month = |text: &str| Month::parse(text).expect("a month").number();
        let (low, high) = (month("2025-10"), month("2026-07"));
        let s = Slider { low, high, spread: Spread::Months, ..slider(high, false) };
        assert_eq!(s.digits(s.value_at(0.0)), "2025-10");
        let back = s.value_at(s.share(s.value) - 1.0 / s.steps());
        assert_eq!(s.digits(back), "2026-06", "a key is a month");
        assert_eq!(s.entry(" 2026-01 "), Ok(month("2026-01")));
        assert_eq!(s.entry("2025-09"), Err("must be 2025-10 to 2026-07".to_owned()));
        assert_eq!(s.entry("January"), Err("must be a month such as 2026-01".to_owned()));
    }

    #[test]
    fn rounding_to_two_digits_leaves_no_binary_dust() {
        for (v, expected) in [(0.123, 0.12), (0.9499, 0.95), (1234.0, 1200.0), (96_543.0, 97e3)] {
            assert_eq!(two_digits(v), expected);
        }
    }
}
