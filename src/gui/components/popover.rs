//! What opens from a figure: result = formula with figures, then the inputs
//! with value and source; and what opens from a source: title, date, kind, range.

use super::button::{Button, Look};
use super::chip::{self, Tone};
use super::paint::{self, Text};
use super::table::{Column, Layout, Width};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{
    Popup, PopupCloseBehavior, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};

const WIDTH: f32 = 480.0;

/// How a figure came about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Derivation {
    pub title: String,
    /// Basis of the figure in a word or two.
    pub tag: String,
    pub result: String,
    /// The formula in words with figures.
    pub formula: String,
    /// Under the line, where the formula is a fraction.
    pub divisor: String,
    pub inputs: Vec<Input>,
    /// A sentence that must not be missed.
    pub note: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    pub name: String,
    pub value: String,
    pub source: String,
}

impl Input {
    pub fn new(
        name: impl Into<String>,
        value: impl Into<String>,
        source: impl Into<String>,
    ) -> Self {
        Self { name: name.into(), value: value.into(), source: source.into() }
    }
}

impl Derivation {
    /// Text for the clipboard.
    pub fn as_text(&self) -> String {
        let mut text = format!("{}: {}", self.title, self.result);
        if !self.tag.is_empty() {
            text.push_str(&format!(" ({})", self.tag));
        }
        text.push_str(&format!("\n= {}", self.formula));
        if !self.divisor.is_empty() {
            text.push_str(&format!(" / {}", self.divisor));
        }
        for input in &self.inputs {
            text.push_str(&format!("\n{}\t{}\t{}", input.name, input.value, input.source));
        }
        if !self.note.is_empty() {
            text.push_str(&format!("\n{}", self.note));
        }
        text.push('\n');
        text
    }

    /// Opens below `anchor` when it is clicked; made only while it is open.
    pub fn show(anchor: &Response, title: &str, make: impl FnOnce() -> Self) {
        Popup::menu(anchor)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .accessible_name(format!("Derivation of {title}"))
            .width(WIDTH)
            .gap(4.0)
            .show(|ui| {
                ui.set_width(WIDTH);
                ui.spacing_mut().item_spacing.y = 0.0;
                make().content(ui);
            });
    }

    /// The content by itself.
    pub fn content(&self, ui: &mut Ui) {
        self.head(ui);
        self.equation(ui);
        if !self.inputs.is_empty() {
            self.table(ui);
        }
        if !self.note.is_empty() {
            ui.add_space(8.0);
            let color = Theme::of(ui.ctx()).color(Token::Text2);
            paragraph(ui, &self.note, TextRole::Small, color);
        }
        ui.add_space(10.0);
        ui.horizontal(|ui| {
            ui.add_space(8.0);
            if Button::new("Copy with sources").look(Look::Normal).show(ui).clicked() {
                ui.ctx().copy_text(self.as_text());
                ui.close();
            }
        });
        ui.add_space(8.0);
    }

    fn head(&self, ui: &mut Ui) {
        let t = Theme::of(ui.ctx());
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
        let inner = rect.shrink2(vec2(8.0, 0.0));
        let painter = ui.painter();
        Text::new(&self.title, TextRole::BodyStrong, t.color(Token::Text1)).paint(painter, inner);
        if !self.tag.is_empty() {
            let left = inner.right() - chip::tag_width(painter, &self.tag);
            chip::paint_tag(painter, pos2(left, inner.center().y), &self.tag, Tone::Plain, t);
        }
        let line = t.color(Token::Line);
        paint::hairline(painter, rect.left(), rect.right(), rect.bottom(), line);
    }

    fn equation(&self, ui: &mut Ui) {
        let t = Theme::of(ui.ctx());
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 58.0), Sense::hover());
        let inner = rect.shrink2(vec2(8.0, 0.0));
        let painter = ui.painter();
        let result = Text::new(&self.result, TextRole::Headline, t.color(Token::Text1))
            .paint(painter, inner);
        let sign_at = Rect::from_min_max(pos2(result.right() + 12.0, inner.top()), inner.max);
        let sign = Text::new("=", TextRole::Body, t.color(Token::Text3)).paint(painter, sign_at);
        let left = sign.right() + 12.0;
        let right = inner.right();
        let color = t.color(Token::Text1);
        if self.divisor.is_empty() {
            let galley =
                paint::paragraph(painter, &self.formula, TextRole::Body, (right - left).max(60.0));
            let at = pos2(left, inner.center().y - galley.size().y / 2.0);
            painter.galley_with_override_text_color(at, galley, color);
            return;
        }
        let half = |top: f32| Rect::from_min_max(pos2(left, top), pos2(right, top + 18.0));
        let middle = inner.center().y;
        let above =
            Text::new(&self.formula, TextRole::Body, color).paint(painter, half(middle - 20.0));
        let below =
            Text::new(&self.divisor, TextRole::Body, color).paint(painter, half(middle + 2.0));
        let end = above.right().max(below.right());
        paint::hairline(painter, left, end, middle, t.color(Token::Line2));
    }

    fn table(&self, ui: &mut Ui) {
        const COLUMNS: [Column; 4] = [
            Column::left("Input", Width::Flex(1.0, 120.0)),
            Column::right("Value", Width::Fixed(110.0)),
            Column::left("", Width::Fixed(12.0)),
            Column::left("Source", Width::Fixed(140.0)),
        ];
        let t = Theme::of(ui.ctx());
        let span = ui.available_rect_before_wrap().shrink2(vec2(4.0, 0.0)).x_range();
        let layout = Layout::new(&COLUMNS, span);
        layout.header(ui);
        for input in &self.inputs {
            let (rect, response) =
                ui.allocate_exact_size(vec2(ui.available_width(), size::TABLE_ROW), Sense::hover());
            let painter = ui.painter();
            let one = t.color(Token::Text1);
            layout.text(painter, 0, rect, Text::new(&input.name, TextRole::Body, one));
            layout.text(painter, 1, rect, Text::new(&input.value, TextRole::Body, one));
            let source = Text::new(&input.source, TextRole::Small, t.color(Token::Text2));
            let cell = layout.cell(2, rect).translate(vec2(12.0, 0.0));
            source
                .paint(painter, Rect::from_min_max(cell.min, pos2(rect.right() - 4.0, cell.max.y)));
            let line = t.color(Token::Line);
            paint::hairline(painter, rect.left(), rect.right(), rect.bottom() - 0.5, line);
            let spoken = format!("{}: {}, {}", input.name, input.value, input.source);
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
            response.on_hover_text(&input.source);
        }
    }
}

/// A wrapped paragraph with the padding of a popover.
pub fn paragraph(ui: &mut Ui, text: &str, role: TextRole, color: eframe::egui::Color32) {
    let galley = paint::paragraph(ui.painter(), text, role, ui.available_width() - 16.0);
    let height = galley.size().y;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    ui.painter().galley_with_override_text_color(rect.min + vec2(8.0, 0.0), galley, color);
}

/// Where a catalogue value comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    pub title: String,
    pub publisher: String,
    pub date: String,
    pub kind: String,
    pub range: String,
    pub note: String,
    /// What an edit here replaced, ready to show; empty where nothing is edited.
    pub was: String,
}

impl Provenance {
    /// Opens below `anchor` when it is clicked; true when the value should go
    /// back to what it was.
    pub fn show(&self, anchor: &Response) -> bool {
        let mut reset = false;
        Popup::menu(anchor)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .accessible_name("Source")
            .width(300.0)
            .show(|ui| {
                ui.set_width(300.0);
                ui.spacing_mut().item_spacing.y = 2.0;
                let t = Theme::of(ui.ctx());
                ui.add_space(6.0);
                paragraph(ui, &self.title, TextRole::BodyStrong, t.color(Token::Text1));
                let line = [&self.publisher, &self.date]
                    .into_iter()
                    .filter(|s| !s.is_empty())
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(", ");
                paragraph(ui, &line, TextRole::Small, t.color(Token::Text2));
                ui.add_space(4.0);
                for (label, value) in [("Kind", &self.kind), ("Range", &self.range)] {
                    if !value.is_empty() {
                        let text = format!("{label}: {value}");
                        paragraph(ui, &text, TextRole::Small, t.color(Token::Text2));
                    }
                }
                if !self.note.is_empty() {
                    ui.add_space(4.0);
                    paragraph(ui, &self.note, TextRole::Small, t.color(Token::Text3));
                }
                if !self.was.is_empty() {
                    ui.add_space(8.0);
                    let text = format!("Reset to catalogue value, {}", self.was);
                    ui.horizontal(|ui| {
                        ui.add_space(8.0);
                        if Button::new(&text).with_icon(Icon::Reset).show(ui).clicked() {
                            reset = true;
                            ui.close();
                        }
                    });
                }
                ui.add_space(6.0);
            });
        reset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copied_text_carries_every_input_with_its_source() {
        let d = Derivation {
            title: "Energy cost".into(),
            tag: "per year".into(),
            result: "$0.47 B/yr".into(),
            formula: "energy of all hours at the tariff".into(),
            inputs: vec![Input::new("Tariff", "62 $/MWh", "tariff, 2025")],
            ..Derivation::default()
        };
        let text = d.as_text();
        assert!(text.contains("Energy cost: $0.47 B/yr (per year)"), "{text}");
        assert!(text.contains("Tariff\t62 $/MWh\ttariff, 2025"), "{text}");
    }
}
