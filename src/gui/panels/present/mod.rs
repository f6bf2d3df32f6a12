//! Presentation mode: the window becomes a guided tour in large type. What is shown and
//! said comes from the tour of the layout, every figure from the answers of the engine.
//!
//! It changes nothing of the document: a step that shows another variant only shows it.

mod figures;
mod stage;
mod steps;

use crate::gui::action::{Action, Actions, Tab, View};
use crate::gui::canvas::Thumbnail;
use crate::gui::components::button::Button;
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::panels::economics::EconomicsState;
use crate::gui::panels::one_line::OneLineState;
use crate::gui::theme::{Theme, font};
use crate::scene::tokens::{TextRole, Token};
use crate::site::{FigurePart, KeyFigure, Piece, TourStep, TourView, pieces};
use crate::study::compare::{self, Side};
use crate::study::risk::Ladder;
use eframe::egui::{
    self, Align2, Color32, FontId, Key, Modifiers, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};

/// Everything is shown larger by this while presenting: 12 points become 15.
pub const ENLARGED: f32 = 1.25;

/// A presentation under way.
#[derive(Default)]
pub struct Presentation {
    /// Index of the step that is shown.
    pub step: usize,
    plans: [Thumbnail; 2],
    one_line: OneLineState,
    economics: EconomicsState,
    shown: Option<usize>,
}

/// What a key or a button asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Next,
    Back,
    To(usize),
    End,
}

/// The steps of the tour; of a layout without one the page that is open, with the headline.
pub fn tour_of(cx: &Context<'_>, tab: Tab) -> Vec<TourStep> {
    if !cx.document.tour.is_empty() {
        return cx.document.tour.to_vec();
    }
    let variant = cx.document.variant();
    let several = cx.document.variants.len() > 1;
    let name = variant.filter(|_| several).map_or_else(String::new, |v| v.name.clone());
    vec![TourStep {
        name: "The site".to_owned(),
        title: cx.document.title.to_owned(),
        text: name,
        view: match tab {
            Tab::SitePlan => TourView::SitePlan,
            Tab::OneLine => TourView::OneLine,
            Tab::Compare if several => TourView::Compare,
            Tab::Economics | Tab::Finance | Tab::Throughput | Tab::Cooling | Tab::Compare => {
                TourView::Economics
            }
        },
        select: Vec::new(),
        zoom: false,
        overlay: None,
        variant: variant.map(|v| v.id.clone()),
        from: None,
        figures: vec![
            KeyFigure::Revenue,
            KeyFigure::OutputTokens,
            KeyFigure::GridPower,
            KeyFigure::Capex,
            KeyFigure::DesignPue,
        ],
    }]
}

/// Indices of the variants that the tour shows, the ones of the present step first.
pub fn variants_of(cx: &Context<'_>, tab: Tab, step: usize) -> Vec<usize> {
    let tour = tour_of(cx, tab);
    let of =
        |step: &TourStep| [index(cx, step.variant.as_deref()), index(cx, step.from.as_deref())];
    let now = tour.get(step).map(of).into_iter().flatten();
    let mut out: Vec<usize> = Vec::new();
    for index in now.chain(tour.iter().flat_map(of)).flatten() {
        if !out.contains(&index) {
            out.push(index);
        }
    }
    if out.is_empty() { vec![0] } else { out }
}

fn index(cx: &Context<'_>, id: Option<&str>) -> Option<usize> {
    cx.document.variants.iter().position(|v| Some(v.id.as_str()) == id)
}

/// The side of a variant, once it has an answer.
fn side<'a>(cx: &Context<'a>, index: usize) -> Option<Side<'a>> {
    let variant = cx.document.variants.get(index)?;
    let answer = cx.document.answers.get(index)?;
    let outcome = answer.outcome.as_deref()?;
    let (name, site, finance) = (&variant.name, &variant.site, answer.appraised.finance());
    Some(Side { name, site, catalog: &answer.catalog, outcome, finance })
}

/// One step with the answers that it speaks of.
struct Step<'a> {
    cx: &'a Context<'a>,
    step: &'a TourStep,
    shown: Option<Side<'a>>,
    from: Option<Side<'a>>,
    /// The way to the bankable figure of the variant that is shown.
    ladder: Option<&'a Result<Ladder, String>>,
}

/// Shows the presentation over the whole window.
pub fn show(
    ui: &mut Ui,
    cx: &Context<'_>,
    (state, tab): (&mut Presentation, Tab),
    actions: &mut Actions,
) {
    let theme = Theme::of(ui.ctx());
    let all = ui.max_rect();
    ui.painter().rect_filled(all, 0.0, theme.color(Token::App));
    let tour = tour_of(cx, tab);
    state.step = state.step.min(tour.len().saturating_sub(1));
    let Some(step) = tour.get(state.step) else { return };
    if state.shown != Some(state.step) {
        state.shown = Some(state.step);
        state.one_line.fit();
    }
    let shown = index(cx, step.variant.as_deref()).unwrap_or(0);
    let from = index(cx, step.from.as_deref());
    let ladder = cx.document.answers.get(shown).and_then(|a| a.appraised.ladder.as_deref());
    let from = from.and_then(|i| side(cx, i));
    let now = Step { cx, step, shown: side(cx, shown), from, ladder };
    let room = all.shrink2(vec2(34.0, 22.0));
    let mut wish = keys(ui);
    let top = heading(ui, &now, (state.step, tour.len()), room);
    wish = wish.or(corner(ui, room, actions));
    let foot = if tour.len() > 1 { 66.0 } else { 24.0 };
    let right = (room.width() * 0.29).clamp(220.0, 340.0);
    let bottom = room.bottom() - foot;
    let stage_rect = Rect::from_min_max(
        pos2(room.left(), top + 18.0),
        pos2(room.right() - right - 28.0, bottom),
    );
    let column =
        Rect::from_min_max(pos2(room.right() - right, top + 18.0), pos2(room.right(), bottom));
    stage::show(ui, &now, state, stage_rect);
    figures::show(ui, &now, column);
    let low = Rect::from_min_max(pos2(room.left(), bottom + 8.0), room.max);
    wish = wish.or(steps::show(ui, &tour, state.step, (cx, low)));
    match wish {
        Some(Wish::Next) => state.step = (state.step + 1).min(tour.len() - 1),
        Some(Wish::Back) => state.step = state.step.saturating_sub(1),
        Some(Wish::To(step)) => state.step = step,
        Some(Wish::End) => actions.push(Action::View(View::Present(false))),
        None => {}
    }
}

/// Space and the arrows walk, Escape ends.
fn keys(ui: &mut Ui) -> Option<Wish> {
    ui.input_mut(|input| {
        let mut take = |keys: &[Key]| keys.iter().any(|k| input.consume_key(Modifiers::NONE, *k));
        if take(&[Key::Space, Key::ArrowRight, Key::PageDown, Key::Enter]) {
            Some(Wish::Next)
        } else if take(&[Key::Backspace, Key::ArrowLeft, Key::PageUp]) {
            Some(Wish::Back)
        } else if take(&[Key::Home]) {
            Some(Wish::To(0))
        } else if take(&[Key::Escape, Key::F11]) {
            Some(Wish::End)
        } else {
            None
        }
    })
}

/// A font of the presentation: its sizes are those of the screen, whatever the enlargement.
fn large(role: TextRole, points: f32) -> FontId {
    FontId::new(points / ENLARGED, font(role).family)
}

/// A line of large type with its left top at a place; returns what it takes.
fn write(ui: &Ui, at: egui::Pos2, text: &str, (font, color): (FontId, Color32)) -> Rect {
    ui.painter().text(at, Align2::LEFT_TOP, text, font, color)
}

/// Step, title and text; returns where the stage begins.
fn heading(ui: &mut Ui, now: &Step<'_>, (step, of): (usize, usize), room: Rect) -> f32 {
    let theme = Theme::of(ui.ctx());
    let mut y = room.top();
    if of > 1 {
        let words = format!("Step {} of {of} · {}", step + 1, now.step.name);
        let font = large(TextRole::BodyStrong, 15.0);
        y = write(ui, pos2(room.left(), y), &words, (font, theme.color(Token::Accent))).bottom()
            + 4.0;
    }
    let title = now.filled(&now.step.title);
    let width = room.width() - 90.0;
    let wrapped = |text: &str, font: FontId, color: Color32| {
        ui.painter().layout(text.to_owned(), font, color, width)
    };
    let galley = wrapped(&title, large(TextRole::Title, 38.0), theme.color(Token::Text1));
    let taken = Rect::from_min_size(pos2(room.left(), y), galley.size());
    ui.painter().galley(taken.min, galley, theme.color(Token::Text1));
    y = taken.bottom() + 4.0;
    let text = now.filled(&now.step.text);
    if !text.is_empty() {
        let galley = wrapped(&text, large(TextRole::Body, 17.0), theme.color(Token::Text2));
        let height = galley.size().y;
        ui.painter().galley(pos2(room.left(), y), galley, theme.color(Token::Text2));
        y += height;
    }
    let response = ui.interact(taken, ui.scope_id().with("title"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &title));
    y
}

/// Theme and end, in the upper right.
fn corner(ui: &mut Ui, room: Rect, actions: &mut Actions) -> Option<Wish> {
    let place = Rect::from_min_size(pos2(room.right() - 60.0, room.top() - 4.0), vec2(60.0, 26.0));
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    ui.scope_builder(egui::UiBuilder::new().max_rect(place).layout(layout), |ui| {
        let end = Button::icon(Icon::Cross, "End the presentation").show(ui).clicked();
        let dark = Theme::of(ui.ctx()).palette.is_dark;
        let (icon, name, next) = if dark {
            (Icon::Moon, "Switch to the light theme", egui::ThemePreference::Light)
        } else {
            (Icon::Sun, "Switch to the dark theme", egui::ThemePreference::Dark)
        };
        if Button::icon(icon, name).show(ui).clicked() {
            actions.push(Action::View(View::Theme(next)));
        }
        end.then_some(Wish::End)
    })
    .inner
}

impl Step<'_> {
    /// A text with its figures filled in from the answers.
    fn filled(&self, text: &str) -> String {
        let value =
            |id: KeyFigure, side: Option<Side<'_>>| side.and_then(|side| compare::figure(id, side));
        let piece = |piece: Piece<'_>| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Unknown(inside) => format!("{{{inside}}}"),
            Piece::Figure(id, part) => {
                let (now, before) = (value(id, self.shown), value(id, self.from));
                let found = match part {
                    FigurePart::Value => now.map(|v| compare::show(id, v)),
                    FigurePart::From => before.map(|v| compare::show(id, v)),
                    FigurePart::Times => now
                        .zip(before.filter(|v| *v != 0.0))
                        .map(|(now, before)| crate::units::format::fixed(now / before, 1)),
                };
                let is_coming = |side: Option<Side<'_>>| {
                    id.is_of_value() && side.is_some_and(|s| s.finance.is_none())
                };
                let missing = if is_coming(self.shown) { "…" } else { "unknown" };
                found.unwrap_or_else(|| missing.to_owned())
            }
        };
        pieces(text).into_iter().map(piece).collect()
    }
}
