//! The bar at the bottom: how fresh the answer is, what computed it, what it stands on.

use crate::diag::Severity;
use crate::editor::Kept;
use crate::gui::action::{Action, Actions, File};
use crate::gui::components::button::Button;
use crate::gui::components::paint::{self, Text};
use crate::gui::context::{Context, Freshness};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::plan::result::Status;
use crate::scene::tokens::{TextRole, Token};
use crate::units::{date, format};
use eframe::egui::{Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use std::path::Path;

pub fn show(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    let painter = &ui.painter().clone();
    let (dot, state, age) = opening(cx).unwrap_or_else(|| freshness(cx));
    painter.circle_filled(pos2(rect.left() + 13.0, rect.center().y), 3.0, theme.color(dot));
    let mut x = rect.left() + 22.0;
    let mut put = |text: &str, role: TextRole, token: Token| {
        let place = Rect::from_min_max(pos2(x, rect.top()), rect.max);
        x = Text::new(text, role, theme.color(token)).paint(painter, place).right() + 6.0;
    };
    put(&state, TextRole::SmallMedium, Token::Text1);
    if !age.is_empty() {
        put(&age, TextRole::Small, Token::Text3);
    }
    if cx.document.opening.is_some() {
        let side = rect.height() - 4.0;
        let place = Rect::from_min_size(pos2(x, rect.top() + 2.0), vec2(side, side));
        let stop = Button::icon(Icon::Cross, "Stop reading").height(side);
        let mut inside = ui.new_child(UiBuilder::new().max_rect(place));
        if stop.show(&mut inside).clicked() {
            actions.push(Action::File(File::StopReading));
        }
        x = place.right() + 6.0;
    }
    let mut left: Vec<String> = Vec::new();
    if let Some(outcome) = cx.outcome {
        let timing = &outcome.timing;
        if timing.rows > 0 {
            let size = format!(
                "LP {} × {}",
                format::count(timing.rows as f64),
                format::count(timing.columns as f64)
            );
            let solver = solver_name(&outcome.provenance.solver);
            // The whole run where it is known, else its parts.
            let seconds = timing.seconds.max(timing.solve_seconds + timing.marginal_seconds);
            left.push(match seconds {
                s if s > 0.0 => format!("{size}, {solver}, {}", format::seconds(s)),
                _ => format!("{size}, {solver}"),
            });
        }
        left.extend(outcome.labels.iter().take(2).cloned());
    }
    // The text before may be elided or not; a bar stands in the middle of what is free.
    x -= 6.0;
    for text in &left {
        x += 12.0;
        let bar = Rect::from_min_max(pos2(x, rect.top() + 6.0), pos2(x, rect.bottom() - 6.0));
        paint::vertical_hairline(painter, x, bar, theme.color(Token::Line2));
        x += 12.0;
        let place = Rect::from_min_max(pos2(x, rect.top()), rect.max);
        let color = theme.color(Token::Text3);
        x = Text::new(text, TextRole::Small, color).paint(painter, place).right();
    }
    let right = right_words(cx);
    let place = Rect::from_min_max(rect.min, rect.max - vec2(12.0, 0.0));
    let room = Rect::from_min_max(pos2(x + 24.0, rect.top()), place.max);
    let taken = Text::new(&right, TextRole::Small, theme.color(Token::Text3)).right();
    taken.paint(painter, room);
    let spoken = format!("{state} {age}. {}. {right}", left.join(". "));
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &spoken));
}

/// A file that is being read or written counts for more than the answer.
fn opening(cx: &Context<'_>) -> Option<(Token, String, String)> {
    let name = |path: &Path| Some(path.file_name()?.to_string_lossy().into_owned());
    let words = match (cx.document.opening.and_then(name), cx.document.saving.and_then(name)) {
        (Some(name), _) => format!("Reading {name}"),
        (None, Some(name)) => format!("Saving {name}"),
        (None, None) => return None,
    };
    Some((Token::Accent, words, "the window can be used meanwhile".into()))
}

fn freshness(cx: &Context<'_>) -> (Token, String, String) {
    match cx.freshness {
        Freshness::None => (Token::Text3, "No result yet".into(), String::new()),
        Freshness::Preview => (Token::Accent, "Preview".into(), "while editing".into()),
        Freshness::Stale { for_s } => {
            (Token::Accent, "Solving".into(), format!("for {}", format::seconds(*for_s)))
        }
        Freshness::Failed(why) => (Token::Err, "Stopped".into(), why.clone()),
        Freshness::Full { age_s } => {
            let infeasible = cx.outcome.is_some_and(|o| o.plan.status == Status::Infeasible);
            let age = if *age_s < 1.0 {
                "now".to_owned()
            } else if *age_s < 60.0 {
                format!("{age_s:.0} s old")
            } else {
                format!("{} old", format::seconds((age_s / 60.0).floor() * 60.0))
            };
            if infeasible {
                (Token::Err, "Infeasible".into(), age)
            } else {
                (Token::Ok, "Full result".into(), age)
            }
        }
    }
}

/// Solvers as their authors write them.
fn solver_name(id: &str) -> &str {
    match id {
        "highs" => "HiGHS",
        "clarabel" => "Clarabel",
        other => other,
    }
}

fn right_words(cx: &Context<'_>) -> String {
    let catalog = cx.catalog;
    let count = catalog.racks.len() + catalog.curves.len() + catalog.tariffs.len();
    let mut words = format!(
        "Catalogue {} · {} racks, curves and tariffs, {} sources",
        catalog.version,
        format::count(count as f64),
        format::count(catalog.sources.len() as f64)
    );
    let errors = cx.problems.iter().filter(|d| d.severity == Severity::Error).count();
    if errors > 0 {
        words.push_str(&format!(" · {errors} {}", if errors == 1 { "error" } else { "errors" }));
    }
    words.push_str(" · ");
    words.push_str(&saved_words(cx));
    words
}

/// Whether the work is safe: in its file, or kept for recovery.
fn saved_words(cx: &Context<'_>) -> String {
    match cx.document.kept {
        _ if !cx.document.dirty && cx.document.read_only => "Read-only file".to_owned(),
        _ if !cx.document.dirty => "Saved".to_owned(),
        Some(Kept::Newest) => match cx.document.kept_ago_s {
            Some(s) => format!("Unsaved changes, autosaved {}", date::ago(s as u64)),
            None => "Unsaved changes, autosaved".to_owned(),
        },
        Some(Kept::Failed(why)) => format!("Unsaved changes, autosave failed: {why}"),
        _ => "Unsaved changes".to_owned(),
    }
}
