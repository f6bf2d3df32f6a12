//! What is wrong and how to mend it, grouped by severity, each with a jump to its element.

use super::limits::name_of;
use crate::diag::{Diagnostic, Severity};
use crate::gui::action::{Action, Actions, View};
use crate::gui::components::empty::empty;
use crate::gui::components::paint::Text;
use crate::gui::components::table::{self, Column, Layout, Row, Width};
use crate::gui::context::{Context, Element};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use eframe::egui::{Rect, Ui, pos2};

const COLUMNS: [Column; 4] = [
    Column::left("Problem", Width::Flex(2.2, 200.0)),
    Column::left("Element", Width::Flex(0.9, 100.0)),
    Column::left("What to do", Width::Flex(1.8, 160.0)),
    Column::left("Rule", Width::Fixed(150.0)),
];

/// All findings, errors first, in the order found within a severity.
pub fn sorted<'a>(cx: &Context<'a>) -> Vec<&'a Diagnostic> {
    let mut rows: Vec<&Diagnostic> = cx.problems.iter().collect();
    rows.sort_by_key(|d| d.severity);
    rows
}

pub fn show(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let rows = sorted(cx);
    if rows.is_empty() {
        empty(ui, "No problems", "Every rule of the layout and of the plan is met", None);
        return;
    }
    table::scrolled(ui, "problems", &COLUMNS, &rows, |ui, layout, problem| {
        let element = Element::of_path(&problem.path);
        let selected = element.as_ref().is_some_and(|e| cx.selection.contains(e));
        let row = Row::show(ui, &format!("Problem {}", problem.message), selected);
        if row.response.clicked()
            && let Some(element) = element
        {
            actions.push(Action::View(View::Jump(element)));
        }
        paint_row(ui, cx, layout, &row, problem);
        let full = format!("{}\n{}\n{}", problem.message, problem.hint, problem.path);
        row.response.on_hover_text(full);
    });
}

fn paint_row(ui: &Ui, cx: &Context<'_>, layout: &Layout<'_>, row: &Row, problem: &Diagnostic) {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter();
    let (icon, token) = match problem.severity {
        Severity::Error => (Icon::Warning, Token::Err),
        Severity::Warning => (Icon::Warning, Token::WarnFill),
        Severity::Note => (Icon::Info, Token::Text3),
    };
    let first = layout.cell(0, row.rect);
    let at = pos2(first.left() + 7.0, first.center().y);
    icon.paint_sized(painter, at, 14.0, theme.color(token));
    let words = Rect::from_min_max(pos2(first.left() + 20.0, first.top()), first.max);
    let color = row.color(theme, Token::Text1);
    Text::new(&problem.message, TextRole::Body, color).paint(painter, words);
    let element = Element::of_path(&problem.path);
    let name = element.as_ref().and_then(|e| name_of(cx, e));
    let is_link = element.is_some();
    let name = name.unwrap_or_else(|| match &element {
        Some(e) if e.kind.is_single() => e.kind.word().to_owned(),
        _ => problem.path.clone(),
    });
    let token = if is_link { Token::Accent } else { Token::Text3 };
    let text = Text::new(&name, TextRole::Body, row.color(theme, token));
    layout.text(painter, 1, row.rect, text);
    let hint = Text::new(&problem.hint, TextRole::Body, row.color(theme, Token::Text2));
    layout.text(painter, 2, row.rect, hint);
    let code = Text::new(&problem.code, TextRole::Small, row.color(theme, Token::Text3));
    layout.text(painter, 3, row.rect, code);
}
