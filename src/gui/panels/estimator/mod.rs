//! The throughput tab: what the estimator says of the site's racks for a model and its
//! requests, beside what is published. It asks a thread of its own and never waits for it.

mod chart;
mod controls;
mod lab;
mod question;
mod tables;
mod words;

pub use lab::Answer;
pub use question::Controls;

use super::allocation::inside;
use crate::catalog::{Catalog, Fact, Serving};
use crate::estimate::{Frontier, Refusal};
use crate::gui::components::card::{header, plate};
use crate::gui::components::conclusion::{Conclusion, ConclusionTone, conclusion};
use crate::gui::components::empty::empty;
use crate::gui::components::paint::{self as text, Text};
use crate::gui::context::Context;
use crate::gui::theme::Theme;
use crate::scene::chart::{self as scene, Answered, Line, Per, Throughput, reading};
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::Site;
use crate::units::format;
use eframe::egui::{self, Rect, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};
use lab::Desk;
use std::sync::Arc;
use std::time::Duration;

/// Speeds at which racks are compared, tokens/s per user.
const SPEEDS: [f64; 4] = [50.0, 100.0, 200.0, 300.0];

/// What the tab remembers between frames; no part of a document.
#[derive(Default)]
pub struct EstimatorState {
    pub controls: Controls,
    pub per: Per,
    desk: Desk,
    /// Why there is no thread.
    trouble: Option<String>,
    /// The rack that a click on its row keeps in front, and the one under the pointer.
    pinned: Option<String>,
    pointed: Option<String>,
}

impl EstimatorState {
    /// Collects answers and asks anew where a control, the site or the catalogue changed.
    pub fn step(&mut self, site: &Site, catalog: &Arc<Catalog>, ctx: &egui::Context) {
        let question = self.controls.question(site, catalog);
        let wake = ctx.clone();
        let followed = self.desk.follow(question, move || wake.request_repaint());
        self.trouble = followed.err().map(|e| e.to_string());
        if self.desk.is_waiting() {
            // The stale sign must come without an event.
            ctx.request_repaint_after(Duration::from_millis(150));
        }
    }

    /// Whether the answer to the last question is shown.
    pub fn is_settled(&self) -> bool {
        !self.desk.is_waiting()
    }

    pub fn answer(&self) -> Option<&Answer> {
        self.desk.answer().map(Arc::as_ref)
    }

    /// Keeps a rack in front; the same again lets it go.
    fn pin(&mut self, rack: Option<String>) {
        self.pinned = rack.filter(|r| self.pinned.as_ref() != Some(r));
    }

    /// The rack that stands out.
    fn strong(&self) -> Option<&str> {
        self.pointed.as_deref().or(self.pinned.as_deref())
    }
}

/// The curve of a rack.
fn frontier<'a>(answer: &'a Answer, rack: &str) -> Option<&'a Frontier> {
    answer.frontiers.iter().find(|f| f.group.machine.rack == rack)
}

/// Throughput of a rack at a speed or faster.
fn at(answer: &Answer, rack: &str, tok_s_user: f64, per: Per) -> Option<f64> {
    per.of(frontier(answer, rack)?.at(tok_s_user)?)
}

const GAP: f32 = size::CARD_GAP;
const CONTROLS: f32 = 268.0;
/// What the inputs need in height, and what the cards of figures need at least.
const CONTROLS_TALL: f32 = 620.0;
/// Inputs scroll in their card where the window is lower than they are.
const CONTROLS_LEAST: f32 = 400.0;
const CHART: f32 = 340.0;
const AGAINST: f32 = 110.0;
/// Figures and words of the trust card, and its figures alone.
const TRUST: f32 = 214.0;
const TRUST_LEAST: f32 = 144.0;
const REFUSED: f32 = 100.0;
/// Height of the tables below the chart, where they do not stand beside it.
const LOWER: f32 = 240.0;
const SPEEDS_MOST: f32 = 380.0;
/// Width from which inputs stand beside the chart, and from which tables do.
const BESIDE: f32 = 860.0;
const THREE_COLUMNS: f32 = 1240.0;
/// Width of the tables beside the chart.
const SIDE: f32 = 392.0;
/// What the conclusion takes beside its words.
const BAR_PADDING: f32 = 130.0;

/// Shows the tab in what is left of `ui`.
pub fn show(ui: &mut Ui, cx: &Context<'_>, state: &mut EstimatorState) {
    let theme = Theme::of(ui.ctx());
    let all = ui.available_rect_before_wrap();
    ui.painter().rect_filled(all, 0.0, theme.color(Token::App));
    ui.spacing_mut().item_spacing.y = 0.0;
    let Some(serving) = state.controls.serving(cx.catalog) else {
        empty(ui, "No estimate", "The catalogue holds no serving constants", None);
        return;
    };
    if state.controls.model(cx.catalog).is_none() {
        let why = "No model of the catalogue has published dimensions; an estimate needs them";
        empty(ui, "No estimate", why, None);
        return;
    }
    let chart = state.desk.answer().map(|a| picture(cx, a, state.per)).unwrap_or_default();
    let forms = conclude(cx, state, &chart, serving);
    let fits = |c: &&Conclusion| {
        let wide = |words: &str, role| text::width(ui.painter(), words, role);
        let small = wide(&c.caveat, TextRole::Body) + wide(&c.detail, TextRole::Body);
        wide(&c.sentence, TextRole::H1) + small + BAR_PADDING <= all.width()
    };
    if let Some(said) = forms.iter().find(fits).or(forms.last()) {
        conclusion(ui, said);
    }
    ScrollArea::vertical().id_salt("throughput").auto_shrink(false).show(ui, |ui| {
        let room = ui.available_rect_before_wrap().shrink2(vec2(GAP, 0.0));
        let cards = Cards::new(room, ui.available_height(), &chart);
        ui.allocate_exact_size(vec2(room.width(), cards.height), Sense::hover());
        for rect in cards.all() {
            plate(ui, rect);
        }
        content(ui, cx, state, &chart, &cards);
    });
}

fn content(
    ui: &mut Ui,
    cx: &Context<'_>,
    state: &mut EstimatorState,
    chart: &Throughput,
    cards: &Cards,
) {
    header(ui, cards.controls, "Inputs", "");
    if let Some(serving) = state.controls.serving(cx.catalog) {
        tables::trust(ui, serving, cards.trust);
    }
    let mut controls = state.controls.clone();
    inside(ui, cards.controls, "controls", |ui| {
        egui::Frame::new().inner_margin(egui::Margin::symmetric(4, 2)).show(ui, |ui| {
            controls::show(ui, cx, &mut controls, &state.desk);
        });
    });
    if controls != state.controls {
        state.controls = controls;
        ui.ctx().request_repaint();
    }
    let Some(answer) = state.desk.answer().map(Arc::clone) else {
        waiting(ui, state, cards.chart);
        return;
    };
    if let Some(refusal) = &answer.refusal {
        refused(ui, cx, state, refusal, cards);
        tables::refused(ui, &tables::without(&answer, chart), cards.refused);
        return;
    }
    let on_chart = chart::show(ui, state, &answer, chart, cards.chart);
    let on_table = tables::speeds(ui, state, &answer, chart, cards.speeds);
    tables::against(ui, &answer, chart, cards.against);
    tables::refused(ui, &tables::without(&answer, chart), cards.refused);
    let pointed = on_chart.or(on_table);
    if pointed != state.pointed {
        state.pointed = pointed;
        ui.ctx().request_repaint();
    }
}

/// Why nothing can be estimated, and the way on where there is one.
fn refused(
    ui: &mut Ui,
    cx: &Context<'_>,
    state: &mut EstimatorState,
    refusal: &Refusal,
    cards: &Cards,
) {
    for (rect, title) in
        [(cards.speeds, "At these speeds"), (cards.against, "Against what is published")]
    {
        blank(ui, rect, title, format::DASH);
    }
    header(ui, cards.chart, "Throughput against interactivity", "");
    let shorter = match refusal {
        Refusal::ContextTooLong(_, most) => (most - state.controls.osl).max(1.0),
        _ => f64::NAN,
    };
    let button = format!("Shorten the input to {} tokens", format::count(shorter));
    let button = shorter.is_finite().then_some(button.as_str());
    let middle = cards.chart.shrink2(vec2(0.0, cards.chart.height() * 0.2));
    ui.scope_builder(UiBuilder::new().max_rect(middle), |ui| {
        if empty(ui, "No estimate", &words::reason(refusal, cx.catalog), button) {
            state.controls.isl = shorter;
            ui.ctx().request_repaint();
        }
    });
}

/// A card with one sentence.
fn blank(ui: &Ui, rect: Rect, title: &str, why: &str) {
    header(ui, rect, title, "");
    let grey = Theme::of(ui.ctx()).color(Token::Text2);
    let middle = rect.with_min_y(rect.top() + 33.0);
    Text::new(why, TextRole::Body, grey).center().paint(ui.painter(), middle);
}

fn waiting(ui: &Ui, state: &EstimatorState, rect: Rect) {
    let why = state.trouble.as_deref().or(state.desk.failure()).unwrap_or("The first run is on");
    blank(ui, rect, "Throughput against interactivity", why);
}

/// The chart of an answer.
fn picture(cx: &Context<'_>, answer: &Answer, per: Per) -> Throughput {
    let question = &answer.question;
    let software = question.software.map(|m| m.to_string());
    let answered = Answered {
        software: software.as_deref(),
        catalog: &question.catalog,
        racks: &question.racks,
        model: &question.model,
        workload: question.workload,
        frontiers: &answer.frontiers,
    };
    scene::throughput(Some(cx.site), &answered, per)
}

/// Where the cards stand.
struct Cards {
    controls: Rect,
    chart: Rect,
    speeds: Rect,
    against: Rect,
    trust: Rect,
    refused: Rect,
    height: f32,
}

impl Cards {
    fn all(&self) -> [Rect; 6] {
        [self.controls, self.chart, self.speeds, self.against, self.trust, self.refused]
    }

    /// Inputs left, chart in the middle, tables right and below; in narrow windows all
    /// below each other, the chart first. Everything fits the window where it can.
    fn new(room: Rect, view: f32, chart: &Throughput) -> Self {
        let speeds = tables::wanted_height(chart.lines.len()).min(SPEEDS_MOST);
        let against = tables::against_height(chart.published.len());
        let at = |x, y, w, h| Rect::from_min_size(pos2(x, y), vec2(w, h));
        let (left, top) = (room.left(), room.top() + GAP);
        if room.width() < BESIDE {
            let mut y = top;
            let mut next = |h: f32| {
                y += h + GAP;
                at(left, y - h - GAP, room.width(), h)
            };
            let (chart, controls, speeds) = (next(CHART), next(CONTROLS_TALL), next(speeds));
            let (against, trust, refused) =
                (next(against.max(AGAINST)), next(TRUST), next(REFUSED));
            return Self {
                controls,
                chart,
                speeds,
                against,
                trust,
                refused,
                height: y - room.top(),
            };
        }
        let three = room.width() >= THREE_COLUMNS;
        // Tables that do not stand beside the chart stand below it.
        let below = if three { 0.0 } else { LOWER + GAP };
        let (beside, inputs) = if three {
            (AGAINST + TRUST_LEAST + REFUSED + 2.0 * GAP, CONTROLS_LEAST)
        } else {
            (CHART, CONTROLS_TALL + TRUST + GAP)
        };
        let least = (inputs + 2.0 * GAP).max(beside + speeds + below + 3.0 * GAP);
        let height = view.max(least);
        let inner = height - 2.0 * GAP;
        let x = left + CONTROLS + GAP;
        let w = room.right() - x;
        let tall = inner - speeds - below - GAP;
        let speeds = at(x, top + tall + GAP, w, speeds);
        if three {
            let wide = w - SIDE - GAP;
            let side = |y: f32, h: f32| at(x + wide + GAP, top + y, SIDE, h);
            let trust = if tall >= against + TRUST + 1.5 * REFUSED { TRUST } else { TRUST_LEAST };
            let first = against.clamp(AGAINST, (tall - trust - REFUSED - 2.0 * GAP).max(AGAINST));
            let last = first + trust + 2.0 * GAP;
            return Self {
                controls: at(left, top, CONTROLS, inner),
                chart: at(x, top, wide, tall),
                speeds,
                against: side(0.0, first),
                trust: side(first + GAP, trust),
                refused: side(last, tall - last),
                height,
            };
        }
        let inputs = inner - TRUST - GAP;
        let (half, y) = ((w - GAP) / 2.0, speeds.bottom() + GAP);
        Self {
            controls: at(left, top, CONTROLS, inputs),
            chart: at(x, top, w, tall),
            speeds,
            against: at(x, y, half, LOWER),
            trust: at(left, top + inputs + GAP, CONTROLS, TRUST),
            refused: at(x + half + GAP, y, half, LOWER),
            height,
        }
    }
}

/// The sentence with the figure in front, and how far to trust it: the longest form first.
fn conclude(
    cx: &Context<'_>,
    state: &EstimatorState,
    chart: &Throughput,
    serving: &Serving,
) -> Vec<Conclusion> {
    let tone = ConclusionTone::Neutral;
    let errors = &serving.errors;
    let error = |fact: &Fact| format::known(fact.get(), words::percent);
    let (token, first) = (error(&errors.tpot_mean_frac), error(&errors.ttft_median_frac));
    let older = state.controls.software(serving).map(|m| m.to_string());
    let month = words::month(older.as_ref().unwrap_or(&serving.software));
    let caveat = format!("Error outside the fit: {token} per token, {first} to the first, {month}");
    let short_caveat = format!("Error outside the fit: {token} per token");
    let Some(answer) = state.desk.answer() else {
        let sentence = "The estimate is on its way".to_owned();
        return vec![Conclusion { sentence, caveat, tone, ..Conclusion::default() }];
    };
    if let Some(refusal) = &answer.refusal {
        let sentence = format!("No estimate: {}", words::reason(refusal, cx.catalog));
        let tone = ConclusionTone::Bad;
        return vec![Conclusion { sentence, tone, ..Conclusion::default() }];
    }
    let demo = demo(answer);
    let (caveat, short_caveat) = (format!("{demo}{caveat}"), format!("{demo}{short_caveat}"));
    let question = &answer.question;
    let model = cx.catalog.models.get(&question.model).map_or("", |m| m.name.as_str());
    let detail = format!(
        "{model}, {} in and {} out",
        format::count(question.workload.isl),
        format::count(question.workload.osl)
    );
    let (long, short) = (headline(answer, chart, false), headline(answer, chart, true));
    let form = |sentence: &str, detail: &str, caveat: &str| Conclusion {
        sentence: sentence.to_owned(),
        detail: detail.to_owned(),
        caveat: caveat.to_owned(),
        tone,
    };
    vec![
        form(&long, &detail, &caveat),
        form(&long, "", &caveat),
        form(&long, "", &short_caveat),
        form(&short, "", &short_caveat),
    ]
}

/// Names the racks whose curves stand on values for a demonstration, before other caveats.
fn demo(answer: &Answer) -> String {
    let racks = &answer.question.catalog.racks;
    let demo = answer.frontiers.iter().map(|f| &f.group.machine).filter(|m| !m.demo.is_empty());
    let names: Vec<&str> =
        demo.map(|m| racks.get(&m.rack).map_or(m.rack.as_str(), |r| r.short.as_str())).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("{} stands on demo values. ", names.join(", "))
}

/// The best rack at the middle of the speeds that any of them reaches.
fn headline(answer: &Answer, chart: &Throughput, short: bool) -> String {
    let per = chart.per.words();
    let name = |l: &Line| if short { l.short.clone() } else { l.name.clone() };
    for speed in [SPEEDS[1], SPEEDS[0]] {
        let value = |l: &'_ Line| at(answer, &l.rack, speed, chart.per);
        let mut all: Vec<(&Line, f64)> =
            chart.lines.iter().filter_map(|l| Some((l, value(l)?))).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        let Some((best, most)) = all.first() else { continue };
        let unit = if short { "tok/s" } else { "tokens/s per user" };
        let at = format!("at {} {unit}", format::count(speed));
        // The next generation says more than a sister of the same one.
        let other = all.iter().find(|(l, _)| l.generation != best.generation).or(all.get(1));
        return match other {
            Some((second, less)) => {
                let (ratio, other) = (reading(most / less), name(second));
                if short {
                    format!("{} gives {ratio} × {other} per {per} {at}", name(best))
                } else {
                    format!("{} gives {ratio} × the tokens per {per} of {other} {at}", name(best))
                }
            }
            None => format!("{} gives {} tokens/s per {per} {at}", name(best), reading(*most)),
        };
    }
    format!("No rack gives a figure per {per}")
}
