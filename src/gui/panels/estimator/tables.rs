//! Tables beside the throughput chart: racks at a few speeds, the estimate against what is
//! published, and what has no estimate with the reason. Every figure comes from the answer.

use super::controls::note;
use super::lab::Answer;
use super::{EstimatorState, SPEEDS, words};
use crate::catalog::{Catalog, Serving};
use crate::gui::canvas::paint as shapes;
use crate::gui::components::card::{body, header};
use crate::gui::components::paint::{self, Text};
use crate::gui::components::table::{Column, Layout, Row, Width};
use crate::gui::panels::allocation::inside;
use crate::gui::theme::Theme;
use crate::scene::chart::throughput_draw::{hue, member_mark};
use crate::scene::chart::{Line, Per, Published, Throughput, reading};
use crate::scene::geom::pt;
use crate::scene::shape::Ink;
use crate::scene::tokens::{TextRole, Token, size};
use crate::units::format;
use eframe::egui::{Frame, Margin, Rangef, Rect, Sense, Ui, pos2, vec2};

/// Columns of one speed, and the rack's.
const GROUP: [Column; 5] = [
    Column::right("tokens/s", Width::Flex(1.0, 54.0)),
    Column::right("TTFT", Width::Flex(0.9, 48.0)),
    Column::left("  mapping", Width::Flex(1.35, 70.0)),
    Column::right("batch", Width::Flex(0.7, 38.0)),
    Column::right("P:D", Width::Flex(0.75, 38.0)),
];
const RACK: Column = Column::left("Rack", Width::Fixed(150.0));
/// Widths under which a group gives up batch and pools, the mapping, the first token.
const WITH_ALL: f32 = 1180.0;
const WITH_MAPPING: f32 = 900.0;
const WITH_FIRST: f32 = 640.0;
/// Height of the line that names the speeds.
const SPEED_LINE: f32 = 24.0;

/// Height that the table of speeds wants.
pub fn wanted_height(lines: usize) -> f32 {
    33.0 + SPEED_LINE + size::TABLE_HEADER + lines.max(1) as f32 * size::TABLE_ROW + 8.0
}

/// Racks at a few speeds; returns the rack under the pointer.
pub fn speeds(
    ui: &mut Ui,
    state: &mut EstimatorState,
    answer: &Answer,
    chart: &Throughput,
    rect: Rect,
) -> Option<String> {
    let caption = format!("output tokens/s per {}, at this speed or faster", chart.per.words());
    header(ui, rect, "At these speeds", &caption);
    let mut over = None;
    inside(ui, rect, "speeds", |ui| {
        let full = ui.available_rect_before_wrap();
        let shown = match full.width() {
            w if w >= WITH_ALL => GROUP.len(),
            w if w >= WITH_MAPPING => 3,
            w if w >= WITH_FIRST => 2,
            _ => 1,
        };
        let mut columns = vec![RACK];
        for _ in SPEEDS {
            columns.extend_from_slice(&GROUP[..shown]);
        }
        let layout = Layout::new(&columns, Rangef::new(full.left(), full.right()));
        speed_line(ui, &layout, shown);
        layout.header(ui);
        for line in &chart.lines {
            let row = speed_row(ui, (state, answer), line, (&layout, shown), chart);
            if row.response.hovered() {
                over = Some(line.rack.clone());
            }
            if row.response.clicked() {
                state.pin(Some(line.rack.clone()));
            }
        }
    });
    over
}

/// The speeds above their columns.
fn speed_line(ui: &mut Ui, layout: &Layout, shown: usize) {
    let theme = Theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), SPEED_LINE), Sense::hover());
    for (i, speed) in SPEEDS.iter().enumerate() {
        let first = layout.cell(1 + i * shown, rect);
        let last = layout.cell(i * shown + shown, rect);
        let span = Rect::from_min_max(first.min, last.max);
        let words = format!("{} tokens/s per user", format::count(*speed));
        let role = TextRole::SmallStrong;
        let fits = paint::width(ui.painter(), &words, role) <= span.width();
        let words = if fits { words } else { format!("≥ {}", format::count(*speed)) };
        let text = Text::new(&words, role, theme.color(Token::Text2));
        let text = if shown == 1 { text.right() } else { text };
        text.paint(ui.painter(), span.translate(vec2(if shown == 1 { 0.0 } else { 10.0 }, 0.0)));
        let x = first.left() + 2.0;
        let line = theme.color(Token::Line);
        paint::vertical_hairline(ui.painter(), x, rect.shrink2(vec2(0.0, 5.0)), line);
    }
}

fn speed_row(
    ui: &mut Ui,
    (state, answer): (&EstimatorState, &Answer),
    line: &Line,
    (layout, shown): (&Layout, usize),
    chart: &Throughput,
) -> Row {
    let theme = Theme::of(ui.ctx());
    let found = SPEEDS.map(|v| {
        let p = super::frontier(answer, &line.rack)?.at(v)?;
        Some((p, chart.per.of(p)?))
    });
    let said = SPEEDS.iter().zip(&found).map(|(speed, found)| match found {
        Some((p, v)) => format!(
            "{} at {}, first token {}, {}, batch {}",
            reading(*v),
            format::count(*speed),
            words::ms(p.ttft_ms),
            words::mapping(p.mapping),
            format::mean_count(p.batch)
        ),
        None => format!("{} not reached", format::count(*speed)),
    });
    let demo = super::frontier(answer, &line.rack).and_then(|f| f.group.machine.demo_words());
    let spoken = format!(
        "{}: tokens/s per {} {}",
        line.name,
        chart.per.words(),
        said.chain(demo.clone()).collect::<Vec<_>>().join("; ")
    );
    let mut row = Row::show(ui, &spoken, state.strong() == Some(line.rack.as_str()));
    if let Some(demo) = demo {
        row.response = row.response.on_hover_text(format!("{} {demo}", line.name));
    }
    let rack = layout.cell(0, row.rect);
    let mark = pt(f64::from(rack.left()) + 6.0, f64::from(rack.center().y));
    shapes::paint(ui.painter(), &member_mark(line, mark, Ink::of(hue(line))), theme);
    let name = rack.with_min_x(rack.left() + 18.0);
    Text::new(&line.name, TextRole::Body, theme.color(Token::Text1)).paint(ui.painter(), name);
    let stale = state.desk.is_stale();
    let value = row.color(theme, if stale { Token::Text3 } else { Token::Text1 });
    let second = row.color(theme, if stale { Token::Text3 } else { Token::Text2 });
    let fastest = line.points.last().map_or(0.0, |p| p.at.0);
    for (i, found) in found.iter().enumerate() {
        let put = |column: usize, words: &str, role, color| {
            let text = Text::new(words, role, color);
            layout.text(ui.painter(), 1 + i * shown + column, row.rect, text);
        };
        let Some((p, v)) = found else {
            put(0, format::DASH, TextRole::Body, second);
            if shown > 2 {
                let grey = row.color(theme, Token::Text3);
                let words = format!("  up to {}", reading(fastest));
                put(2, &words, TextRole::Small, grey);
            }
            continue;
        };
        put(0, &reading(*v), TextRole::BodyStrong, value);
        if shown > 1 {
            put(1, &words::ms(p.ttft_ms), TextRole::Body, second);
        }
        if shown > 2 {
            put(2, &format!("  {}", words::mapping(p.mapping)), TextRole::Body, second);
        }
        if shown > 3 {
            // The column has room for four digits.
            let batch =
                if p.batch < 9999.5 { format::mean_count(p.batch) } else { reading(p.batch) };
            put(3, &batch, TextRole::Body, second);
            let pools = words::pools(p).unwrap_or_else(|| format::DASH.to_owned());
            put(4, &pools, TextRole::Body, second);
        }
    }
    row
}

const AGAINST: [Column; 4] = [
    Column::left("Rack", Width::Fixed(62.0)),
    Column::left("Published", Width::Flex(1.0, 110.0)),
    Column::right("points", Width::Fixed(42.0)),
    Column::right("estimate", Width::Fixed(70.0)),
];

/// Height that the comparison wants.
pub fn against_height(published: usize) -> f32 {
    33.0 + size::TABLE_HEADER + published.max(1) as f32 * size::TABLE_ROW + 8.0
}

/// The estimate against what is published of the same model on these racks.
pub fn against(ui: &mut Ui, answer: &Answer, chart: &Throughput, rect: Rect) {
    header(ui, rect, "Against what is published", "median over the points");
    if chart.published.is_empty() {
        let grey = Theme::of(ui.ctx()).color(Token::Text2);
        let why = "Nothing is published of this model on these racks";
        Text::new(why, TextRole::Body, grey).center().paint(ui.painter(), body(rect));
        return;
    }
    inside(ui, rect, "against", |ui| {
        let full = ui.available_rect_before_wrap();
        let layout = Layout::new(&AGAINST, Rangef::new(full.left(), full.right()));
        layout.header(ui);
        let mut rows: Vec<&Published> = chart.published.iter().collect();
        // Equal requests first, then measurements.
        rows.sort_by_key(|p| (!p.alike, !p.measured));
        for published in rows {
            against_row(ui, answer, published, &layout);
        }
    });
}

fn against_row(ui: &mut Ui, answer: &Answer, published: &Published, layout: &Layout) {
    let theme = Theme::of(ui.ctx());
    let estimate = published.difference_frac().map_or("not reached".to_owned(), words::change);
    let catalog = &answer.question.catalog;
    let short = catalog.racks.get(&published.rack).map_or("", |r| r.short.as_str());
    let spoken = format!(
        "{}, {}, {}: estimate {estimate} in the median of {} points",
        published.name,
        published.evidence,
        published.lengths,
        published.points.len()
    );
    let line = Row::show(ui, &spoken, false);
    let rack = layout.cell(0, line.rect);
    let dot = theme.rack_color(published.generation);
    ui.painter().circle_filled(pos2(rack.left() + 4.0, rack.center().y), 3.0, dot);
    let (own, back) = if published.alike {
        (theme.color(Token::Text1), theme.color(Token::Text3))
    } else {
        (theme.color(Token::Text3), theme.color(Token::Text3))
    };
    let after = rack.with_min_x(rack.left() + 13.0);
    Text::new(short, TextRole::Body, own).paint(ui.painter(), after);
    let cell = layout.cell(1, line.rect);
    let end = Text::new(published.who(), TextRole::Body, own).paint(ui.painter(), cell).right();
    let kind = if published.measured { "measured" } else { "claim" };
    let tail = if published.alike { kind } else { "other lengths" };
    Text::new(tail, TextRole::Small, back).paint(ui.painter(), cell.with_min_x(end + 6.0));
    let count = format::count(published.points.len() as f64);
    layout.text(ui.painter(), 2, line.rect, Text::new(&count, TextRole::Body, back));
    let role = if published.alike { TextRole::BodyStrong } else { TextRole::Body };
    layout.text(ui.painter(), 3, line.rect, Text::new(&estimate, role, own));
    let full =
        format!("{}\n{}, {}\n{}", published.name, published.evidence, published.lengths, estimate);
    line.response.on_hover_text(full);
}

const REFUSED: [Column; 2] = [
    Column::left("Rack or model", Width::Fixed(172.0)),
    Column::left("Why", Width::Flex(1.0, 120.0)),
];

/// How far the estimate may be trusted: its error where it was not fitted.
pub fn trust(ui: &mut Ui, serving: &Serving, rect: Rect) {
    header(ui, rect, "How far to trust it", "error outside the fit");
    let theme = Theme::of(ui.ctx());
    let errors = &serving.errors;
    let facts = [
        ("Time per token, mean", &errors.tpot_mean_frac),
        ("Time per token, median", &errors.tpot_median_frac),
        ("Tokens/s per GPU, median", &errors.throughput_median_frac),
        ("Time to first token, median", &errors.ttft_median_frac),
    ];
    inside(ui, rect, "trust", |ui| {
        for (label, fact) in facts {
            let value = format::known(fact.get(), words::percent);
            let row = Row::show(ui, &format!("{label}: {value}"), false);
            let cell = row.rect.shrink2(vec2(size::CELL_PADDING / 2.0, 0.0));
            Text::new(label, TextRole::Body, theme.color(Token::Text2)).paint(ui.painter(), cell);
            let text = Text::new(&value, TextRole::BodyStrong, theme.color(Token::Text1)).right();
            text.paint(ui.painter(), cell);
            row.response.on_hover_text(&serving.fit);
        }
        // In a low card the pointer finds the words; half of them would say nothing.
        if rect.height() < super::TRUST {
            return;
        }
        ui.add_space(6.0);
        let margin = Margin::symmetric((size::CELL_PADDING / 2.0) as i8, 0);
        Frame::new().inner_margin(margin).show(ui, |ui| note(ui, &serving.fit, Token::Text3));
    });
}

/// Name and reason of everything without an estimate: racks that were asked for, models,
/// and the other racks of the catalogue.
pub fn without(answer: &Answer, chart: &Throughput) -> Vec<(String, String)> {
    let catalog = &answer.question.catalog;
    let name = |id: &String| catalog.racks.get(id).map_or(id.clone(), |r| r.name.clone());
    let reason = |(id, why): &(String, _)| (name(id), words::reason(why, catalog));
    // A curve may be there and yet not be per megawatt of the site.
    let hidden = answer
        .frontiers
        .iter()
        .map(|f| &f.group.machine)
        .filter(|m| !chart.lines.iter().any(|l| l.rack == m.rack));
    let hidden = hidden.map(|machine| {
        let why = match (chart.per, machine.power_kw()) {
            (Per::ItMw, Err(refusal)) => words::reason(&refusal, catalog),
            _ => "site power is unknown".to_owned(),
        };
        (name(&machine.rack), format!("{why}: no figure per {}", chart.per.words()))
    });
    let refused = answer.refused.iter().map(reason).chain(hidden);
    refused.chain(models(catalog)).chain(answer.beyond.iter().map(reason)).collect()
}

fn models(catalog: &Catalog) -> impl Iterator<Item = (String, String)> {
    let bare = catalog.models.values().filter(|m| m.architecture.is_none());
    bare.map(|m| (m.name.clone(), "no published dimensions".to_owned()))
}

/// What has no estimate.
pub fn refused(ui: &mut Ui, rows: &[(String, String)], rect: Rect) {
    header(ui, rect, "No estimate", "");
    let theme = Theme::of(ui.ctx());
    if rows.is_empty() {
        let text = "Every rack and model asked for has one";
        let grey = theme.color(Token::Text2);
        Text::new(text, TextRole::Body, grey).center().paint(ui.painter(), body(rect));
        return;
    }
    inside(ui, rect, "refused", |ui| {
        let full = ui.available_rect_before_wrap();
        let layout = Layout::new(&REFUSED, Rangef::new(full.left(), full.right()));
        for (name, why) in rows {
            let row = Row::show(ui, &format!("No estimate of {name}: {why}"), false);
            let grey = theme.color(Token::Text3);
            let own = Text::new(name, TextRole::Body, theme.color(Token::Text2));
            layout.text(ui.painter(), 0, row.rect, own);
            layout.text(ui.painter(), 1, row.rect, Text::new(why, TextRole::Small, grey));
            row.response.on_hover_text(format!("{name}: {why}"));
        }
    });
}
