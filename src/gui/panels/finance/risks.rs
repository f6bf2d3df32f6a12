//! The cards of what may come otherwise: what moves the value, many draws of it, and the way from
//! the keynote figure. What is under way says so, and draws can be ended.

use super::charts;
use crate::editor::risk::{Draws, Risks};
use crate::gui::action::{Action, Actions, Run};
use crate::gui::components::button::Button;
use crate::gui::components::paint::{self, Text};
use crate::gui::context::Context;
use crate::gui::panels::economics::{body, header, plate};
use crate::gui::theme::Theme;
use crate::scene::chart::money::{Chart, Kind, risk};
use crate::scene::tokens::{TextRole, Token, size};
use crate::study::risk::Ladder;
use crate::units::format;
use crate::units::words::upper_first;
use eframe::egui::{Align, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use std::rc::Rc;

/// Runs of a drawing: what P10 and P90 need to hold still.
pub const DRAWS: usize = 10_000;
/// Bars that a card has room for: the longest.
const BARS: usize = 11;
const FOOT: f32 = 30.0;

/// The charts of the newest studies.
#[derive(Default)]
pub struct RiskCharts {
    revision: Option<u64>,
    tornado: Option<Rc<Chart>>,
    fan: Option<Rc<Chart>>,
    ladder: Option<Rc<Chart>>,
    value: Option<Rc<Chart>>,
}

impl RiskCharts {
    /// Brings them up to date with what is known.
    pub fn update(&mut self, risks: &Risks) {
        if self.revision == Some(risks.revision) {
            return;
        }
        self.revision = Some(risks.revision);
        self.tornado = risks.tornado.as_ref().map(|t| {
            let mut chart = risk::tornado(t);
            if let Kind::Tornado(bars) = &mut chart.kind {
                bars.bars.truncate(BARS);
            }
            Rc::new(chart)
        });
        self.fan = risks.draws.found.as_ref().map(|f| Rc::new(risk::fan(f)));
        let ladder = risks.ladder.as_ref().and_then(|l| l.as_ref().as_ref().ok());
        self.ladder = ladder.map(|l| Rc::new(risk::ladder(l)));
        self.value = ladder.and_then(risk::value_ladder).map(Rc::new);
    }

    /// What moves the value.
    pub fn tornado(&self, ui: &mut Ui, cx: &Context<'_>, rect: Rect) {
        let title = "What moves NPV";
        match &self.tornado {
            Some(chart) => {
                let stale = cx.risks.stale && !cx.risks.fresh.tornado;
                shown(ui, chart, (stale, rect));
            }
            None => under_way(ui, cx, title, rect),
        }
    }

    /// The value over many draws, and what asks for them.
    pub fn fan(&self, ui: &mut Ui, cx: &Context<'_>, (rect, actions): (Rect, &mut Actions)) {
        let draws = &cx.risks.draws;
        let room = body(rect);
        let above = room.with_max_y(room.bottom() - FOOT);
        match &self.fan {
            Some(chart) => {
                plate(ui, rect);
                header(ui, rect, &chart.title, &note(chart, draws.stale));
                charts::content(ui, chart, above);
            }
            None => {
                plate(ui, rect);
                header(ui, rect, "Cumulative NPV", "many draws of all inputs");
                let why = match draws.running {
                    true => {
                        "Every run draws all uncertain inputs at once and values the site with \
                             them; the curves appear when all are done"
                    }
                    false => {
                        "Draws every uncertain input at once, as often as you ask; the years of \
                              operation are planned anew in each run"
                    }
                };
                words(ui, draws.failed.as_deref().unwrap_or(why), above);
            }
        }
        ask(ui, draws, (room.with_min_y(room.bottom() - FOOT + 4.0), actions));
    }

    /// From the keynote figure to what is earned in the first year.
    pub fn ladder(&self, ui: &mut Ui, cx: &Context<'_>, rect: Rect) {
        let title = "From keynote to bankable";
        match (&self.ladder, cx.risks.ladder.as_deref()) {
            (Some(chart), Some(Ok(found))) => {
                shown(ui, chart, (cx.risks.stale && !cx.risks.fresh.ladder, rect));
                tips(ui, found, rect);
            }
            (_, Some(Err(why))) => {
                plate(ui, rect);
                header(ui, rect, title, "");
                words(ui, why, body(rect));
            }
            _ => under_way(ui, cx, title, rect),
        }
    }

    /// The same way to the value.
    pub fn value_ladder(&self, ui: &mut Ui, cx: &Context<'_>, rect: Rect) {
        match &self.value {
            Some(chart) => {
                shown(ui, chart, (cx.risks.stale && !cx.risks.fresh.ladder, rect));
            }
            None => under_way(ui, cx, "From keynote to value", rect),
        }
    }
}

/// The note of a chart, with its age.
fn note(chart: &Chart, stale: bool) -> String {
    if stale { format!("of an older plan · {}", chart.note) } else { chart.note.clone() }
}

fn shown(ui: &mut Ui, chart: &Chart, (stale, rect): (bool, Rect)) {
    plate(ui, rect);
    header(ui, rect, &chart.title, &note(chart, stale));
    charts::content(ui, chart, body(rect));
}

/// A card whose content is on its way, or why it does not come.
fn under_way(ui: &mut Ui, cx: &Context<'_>, title: &str, rect: Rect) {
    plate(ui, rect);
    header(ui, rect, title, "");
    let text = match &cx.risks.failed {
        Some(why) => why.as_str(),
        None if cx.risks.studying => "Being studied",
        None => "Comes after the value",
    };
    words(ui, text, body(rect));
}

fn words(ui: &mut Ui, text: &str, room: Rect) {
    let theme = Theme::of(ui.ctx());
    let wide = (room.width() - 16.0).clamp(40.0, 340.0);
    let galley = paint::paragraph(ui.painter(), text, TextRole::Body, wide);
    let at = room.center() - galley.size() / 2.0;
    let place = Rect::from_min_size(at, galley.size());
    ui.painter().galley_with_override_text_color(at, galley, theme.color(Token::Text2));
    let response = ui.interact(place, ui.scope_id().with(("words", text)), Sense::hover());
    let spoken = text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

/// The button that starts draws; while they run, how far they are and what ends them.
fn ask(ui: &mut Ui, draws: &Draws, (row, actions): (Rect, &mut Actions)) {
    let theme = Theme::of(ui.ctx());
    let builder = UiBuilder::new().max_rect(row).layout(Layout::right_to_left(Align::Center));
    ui.scope_builder(builder, |ui| {
        if draws.running {
            if Button::new("Stop").height(22.0).name("Stop the draws").show(ui).clicked() {
                actions.push(Action::Run(Run::StopDraws));
            }
            ui.add_space(8.0);
            let wide = (ui.available_width() - 8.0).max(20.0);
            let (bar, response) = ui.allocate_exact_size(vec2(wide, 6.0), Sense::hover());
            let painter = ui.painter();
            painter.rect_filled(bar, paint::corner(2.0), theme.color(Token::Raised));
            let done = bar.width() * draws.progress_frac.clamp(0.0, 1.0);
            let done = Rect::from_min_size(bar.min, vec2(done, bar.height()));
            painter.rect_filled(done, paint::corner(2.0), theme.color(Token::Accent));
            let share = format::share(f64::from(draws.progress_frac));
            response.widget_info(|| {
                WidgetInfo::labeled(Role::ProgressIndicator, true, format!("Draws: {share}"))
            });
            return;
        }
        let count = format::count(DRAWS as f64);
        let again = if draws.found.is_some() { "Draw again" } else { "Draw" };
        let text = format!("{again}, {count} runs");
        if draws.found.is_none() || draws.stale {
            if Button::new(&text).height(22.0).show(ui).clicked() {
                actions.push(Action::Run(Run::Draws(DRAWS)));
            }
        } else if let Some(found) = &draws.found {
            // The curves name their ends themselves.
            let cover = found.least_cover.as_ref();
            let mut text = format!("Loss in {} of runs", format::share(found.loss_frac));
            if let Some(cover) = cover {
                text += &format!(", cover P90 {}", format::fixed(cover.p90, 2));
            }
            let (rect, response) =
                ui.allocate_exact_size(vec2(ui.available_width(), 16.0), Sense::hover());
            let grey = theme.color(Token::Text2);
            Text::new(&text, TextRole::Small, grey).right().paint(ui.painter(), rect);
            let spread = &found.npv_usd;
            let money = |v: f64| format::money(crate::units::Money::usd(v));
            let [p90, p50, p10] = [spread.p90, spread.p50, spread.p10].map(money);
            let values = format!("NPV P90 {p90}, P50 {p50}, P10 {p10}");
            let spoken = format!("{text}; {values}");
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
            let mut tip = format!(
                "P90 is exceeded in 90 % of the runs: the 10th percentile of the values\n{values}"
            );
            if let Some(cover) = cover {
                let [p90, p50, p10] =
                    [cover.p90, cover.p50, cover.p10].map(|v| format::fixed(v, 2));
                tip += &format!("\nLeast cover of the loan P90 {p90}, P50 {p50}, P10 {p10}");
            }
            tip += &format!("\n{}", upper_first(&found.method));
            response.on_hover_text(tip);
        }
    });
}

/// What each step of the ladder is, at the head of its card.
fn tips(ui: &mut Ui, found: &Ladder, rect: Rect) {
    let head = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + 32.0));
    let response = ui.interact(head, ui.scope_id().with("ladder-steps"), Sense::hover());
    let mut lines = vec![found.reading.clone()];
    lines.extend(found.steps.iter().map(|step| match &step.stop {
        Some(why) => format!("{}: not taken, {why}", step.name),
        None => format!("{}: {} ({})", step.name, step.what, step.source),
    }));
    let spoken = format!("Steps of the ladder: {}", lines.join("; "));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    response.on_hover_ui(|ui| {
        ui.set_max_width(520.0);
        ui.spacing_mut().item_spacing.y = size::SPACE[1];
        let theme = Theme::of(ui.ctx());
        for line in &lines {
            let galley = paint::paragraph(ui.painter(), line, TextRole::Small, 500.0);
            let (place, _) = ui.allocate_exact_size(galley.size(), Sense::hover());
            let grey = theme.color(Token::Text2);
            ui.painter().galley_with_override_text_color(place.min, galley, grey);
        }
    });
}
