//! A row of a tree: chevron, icon, name, a tag only if something is wrong, value right.

use super::chip::{self, Tone};
use super::paint::{self, Text};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{Color32, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

const INDENT: f32 = 13.0;

pub struct TreeRow<'a> {
    pub depth: usize,
    /// `None` for leaves.
    pub open: Option<bool>,
    pub icon: Icon,
    /// The colour of the rack generation, else grey.
    pub icon_color: Option<Color32>,
    pub name: &'a str,
    pub tag: Option<(&'a str, Tone)>,
    pub value: &'a str,
    pub selected: bool,
    pub strong: bool,
    /// Fed on path B too: by what.
    pub path_b: Option<&'a str>,
    pub locked: bool,
}

/// What happened on a row.
pub struct TreeOutput {
    pub response: Response,
    /// The chevron was clicked.
    pub toggled: bool,
}

impl TreeRow<'_> {
    pub fn show(&self, ui: &mut Ui) -> TreeOutput {
        let t = Theme::of(ui.ctx());
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), size::TREE_ROW), Sense::click());
        let painter = ui.painter();
        if self.selected {
            painter.rect_filled(rect, 0.0, t.color(Token::AccentBg));
            let bar = Rect::from_min_size(rect.min, vec2(2.0, rect.height()));
            painter.rect_filled(bar, 0.0, t.color(Token::Accent));
        } else if response.hovered() {
            painter.rect_filled(rect, 0.0, t.color(Token::Raised));
        }
        if response.has_focus() {
            paint::focus_ring(painter, rect.shrink(1.0), 2.0, t);
        }
        let x = rect.left() + 8.0 + self.depth as f32 * INDENT;
        let y = rect.center().y;
        let toggled = self.chevron(ui, pos2(x + 5.0, y), &response);
        let grey = t.color(if self.selected { Token::Text2 } else { Token::Text3 });
        let icon = self.icon_color.unwrap_or(t.color(Token::Text2));
        self.icon.paint_sized(ui.painter(), pos2(x + 22.0, y), 14.0, icon);

        let painter = ui.painter();
        let value_at = Rect::from_min_max(
            pos2(rect.right() - 64.0, rect.top()),
            pos2(rect.right() - 10.0, rect.bottom()),
        );
        let value = Text::new(self.value, TextRole::Small, grey).right().paint(painter, value_at);
        let tag_room = self.tag.map_or(0.0, |(text, _)| chip::tag_width(painter, text) + 6.0);
        let mut right = value.left() - 8.0;
        if self.locked {
            Icon::Lock.paint_sized(painter, pos2(right - 6.0, y), 11.0, grey);
            right -= 16.0;
        }
        if self.path_b.is_some() {
            let wide = chip::tag_width(painter, "B");
            chip::paint_tag(painter, pos2(right - wide, y), "B", Tone::Plain, t);
            right -= wide + 4.0;
        }
        let name_at =
            Rect::from_min_max(pos2(x + 34.0, rect.top()), pos2(right - tag_room, rect.bottom()));
        let role = if self.strong { TextRole::BodyStrong } else { TextRole::Body };
        let color = if self.selected || self.strong { Token::Text1 } else { Token::Text2 };
        let named = Text::new(self.name, role, t.color(color)).paint(painter, name_at);
        if let Some((text, tone)) = self.tag {
            chip::paint_tag(painter, pos2(named.right() + 6.0, y), text, tone, t);
        }
        let selected = self.selected;
        let mut spoken = format!("{} {}", self.name, self.value).trim().to_owned();
        let mut marks = Vec::new();
        marks.extend(self.path_b.map(|source| format!("path B from {source}")));
        marks.extend(self.locked.then(|| "locked".to_owned()));
        for mark in &marks {
            spoken = format!("{spoken}, {mark}");
        }
        response.widget_info(|| WidgetInfo::selected(Role::TreeItem, true, selected, &spoken));
        let response = match marks.is_empty() {
            true => response,
            false => response.on_hover_text(format!("{}: {}", self.name, marks.join(", "))),
        };
        TreeOutput { response, toggled }
    }

    /// The chevron with its own place to click.
    fn chevron(&self, ui: &Ui, at: eframe::egui::Pos2, row: &Response) -> bool {
        let Some(open) = self.open else { return false };
        let t = Theme::of(ui.ctx());
        let place = Rect::from_center_size(at, vec2(18.0, size::TREE_ROW));
        let response = ui.interact(place, row.id.with("chevron"), Sense::click());
        let color = t.color(if response.hovered() { Token::Text1 } else { Token::Text3 });
        let icon = if open { Icon::ChevronDown } else { Icon::ChevronRight };
        icon.paint_sized(ui.painter(), at, 13.0, color);
        let verb = if open { "Fold" } else { "Unfold" };
        let name = format!("{verb} {}", self.name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        response.clicked()
    }
}
