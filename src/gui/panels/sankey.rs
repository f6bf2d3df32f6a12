//! The flow from grid to dollars as a card. It must not know the rest of the tab.

use crate::gui::canvas::paint;
use crate::gui::components::card::{body, header};
use crate::gui::components::paint::{self as text, Text};
use crate::gui::context::{Context, Freshness};
use crate::gui::theme::Theme;
use crate::scene::sankey::{Flow, FlowLayout, FlowText, grid_to_dollars, layout};
use crate::scene::shape::{Ink, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::study::Outcome;
use crate::units::format;
use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Left edges of the columns as shares of the width.
const LEFTS: [f64; 5] = [0.085, 0.315, 0.55, 0.76, 0.935];

/// Shows the flow in `rect`.
pub fn show(ui: &mut Ui, context: &Context, outcome: &Outcome, rect: Rect) {
    let theme = Theme::of(ui.ctx());
    let pue = outcome.headline.pue_worst;
    let caption = if pue > 0.0 {
        format!("each column has its own scale; power in the worst hour, PUE {pue:.3}")
    } else {
        "each column has its own scale; power in the worst hour".to_owned()
    };
    header(ui, rect, "From grid to tokens to dollars", &caption);
    let room = body(rect);
    let (flow, texts) = grid_to_dollars(context.site, context.catalog, outcome);
    let response = ui.interact(room, ui.scope_id().with("flow"), Sense::hover());
    let spoken = spoken(&flow);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    if flow.columns.is_empty() {
        let grey = theme.color(Token::Text2);
        Text::new("No power is allocated", TextRole::Body, grey).center().paint(ui.painter(), room);
        return;
    }
    let inner = Rect::from_min_max(room.min + vec2(4.0, 24.0), room.max - vec2(34.0, 4.0));
    let mut lefts = LEFTS;
    // Room for the words before the first bar, however narrow the card.
    lefts[0] = lefts[0].max(f64::from(62.0 / inner.width().max(62.0)));
    let l = layout(&flow, paint::bounds(inner), &lefts);
    let stale = matches!(context.freshness, Freshness::Stale { .. });
    ribbons(ui, &flow, &l, stale);
    titles(ui, &flow, &l, room);
    labels(ui, &l, &texts, (inner.left(), room.right()));
    left_words(ui, outcome, room);
    hover(ui, &flow, &l, response.hover_pos());
}

fn spoken(flow: &Flow) -> String {
    let columns: Vec<String> = flow
        .columns
        .iter()
        .map(|c| {
            let bars: Vec<String> =
                c.nodes.iter().map(|n| format!("{} {:.1}", n.name, n.value)).collect();
            format!("{}: {}", c.title, bars.join(", "))
        })
        .collect();
    format!("Flow from grid to dollars. {}", columns.join(". "))
}

fn ribbons(ui: &Ui, flow: &Flow, l: &FlowLayout, stale: bool) {
    let theme = Theme::of(ui.ctx());
    let grey = |ink: Ink| Ink::token(Token::Text3).faded(ink.alpha);
    let mut shapes: Vec<Shape> = Vec::new();
    for r in &l.ribbons {
        let Some(link) = flow.links.get(r.link) else { continue };
        let fill = if stale { grey(link.ink) } else { link.ink };
        shapes.push(Shape::Band { upper: r.upper.clone(), lower: r.lower.clone(), fill });
    }
    for bar in &l.bars {
        let node = flow.columns.get(bar.column).and_then(|c| c.nodes.get(bar.node));
        let Some(node) = node else { continue };
        let ink = if stale { grey(node.ink) } else { node.ink };
        shapes.push(Shape::fill(bar.bounds, ink));
    }
    paint::paint(ui.painter(), &shapes, theme);
}

fn titles(ui: &Ui, flow: &Flow, l: &FlowLayout, room: Rect) {
    let theme = Theme::of(ui.ctx());
    for (i, column) in flow.columns.iter().enumerate() {
        let Some(bar) = l.bars.iter().find(|b| b.column == i) else { continue };
        let x = if i == 0 { room.left() + 4.0 } else { bar.bounds.min.x as f32 };
        let line = Rect::from_min_size(pos2(x, room.top()), vec2(room.right() - x, 14.0));
        let last = i + 1 == flow.columns.len();
        let title = if room.width() < 680.0 { short_title(&column.title) } else { &column.title };
        let words = Text::new(title, TextRole::Small, theme.color(Token::Text3));
        if last {
            let line = Rect::from_min_max(
                pos2(room.left(), room.top()),
                pos2(room.right(), line.bottom()),
            );
            words.right().paint(ui.painter(), line);
        } else {
            words.paint(ui.painter(), line);
        }
    }
}

/// The unit alone, where the columns stand close.
fn short_title(title: &str) -> &str {
    title.rsplit(", ").next().unwrap_or(title)
}

/// Height of a figure beside a bar, and how far it may stand from the middle of its bar.
const LINE: f32 = 14.0;
const ASIDE: f32 = 9.0;

/// Figures beside the bars; where bars stand close they make room for each other.
fn labels(ui: &Ui, l: &FlowLayout, texts: &[FlowText], span: (f32, f32)) {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter();
    let bar_of = |t: &FlowText| {
        let bar = l.bars.iter().find(|b| b.column == t.column && b.node == t.node);
        bar.map(|b| paint::rect(&b.bounds))
    };
    for column in 0..LEFTS.len() {
        // A nought that no name stands beside would only be in the way of the others.
        let nought =
            |t: &&FlowText| t.words.is_empty() && t.figure.trim_matches(['0', '.']).is_empty();
        let own = texts.iter().filter(|t| t.column == column && !nought(t));
        let own: Vec<(&FlowText, Rect)> = own.filter_map(|t| Some((t, bar_of(t)?))).collect();
        // Words end before the bars of the next column.
        let next = l.bars.iter().find(|b| b.column == column + 1);
        let end = next.map_or(span.1, |b| (b.bounds.min.x as f32 - 4.0).min(span.1));
        let bars: Vec<(f32, f32)> = own.iter().map(|(_, b)| (b.center().y, b.height())).collect();
        for ((t, bar), y) in own.iter().zip(places(&bars)) {
            let Some(y) = y else { continue };
            let (top, bottom) = (y - LINE / 2.0, y + LINE / 2.0);
            let row = Rect::from_min_max(pos2(bar.right() + 7.0, top), pos2(end, bottom));
            let taken = Text::new(&t.figure, TextRole::BodyStrong, theme.color(Token::Text1))
                .paint(painter, row)
                .right();
            let rest = Rect::from_min_max(pos2(taken + 4.0, row.top()), row.max);
            Text::new(&t.words, TextRole::Body, theme.color(Token::Text2)).paint(painter, rest);
        }
    }
}

/// Where the figures of a column stand, for the middle and height of each bar from the top:
/// one below the other. Where one would stand at another bar, the least bar goes without.
fn places(bars: &[(f32, f32)]) -> Vec<Option<f32>> {
    let mut shown: Vec<usize> = (0..bars.len()).collect();
    loop {
        let mut out = vec![None; bars.len()];
        let mut last = f32::NEG_INFINITY;
        for (i, (middle, _)) in bars.iter().enumerate().filter(|(i, _)| shown.contains(i)) {
            let y = middle.max(last + LINE);
            out[i] = (y - middle <= ASIDE).then_some(y);
            last = y;
        }
        if shown.iter().all(|i| out[*i].is_some()) {
            return out;
        }
        let least = shown.iter().copied().min_by(|a, b| bars[*a].1.total_cmp(&bars[*b].1));
        shown.retain(|i| Some(*i) != least);
    }
}

/// Grid power and what of it reaches the racks, left of the first bar.
fn left_words(ui: &Ui, outcome: &Outcome, room: Rect) {
    let theme = Theme::of(ui.ctx());
    let plan = &outcome.plan;
    let x = room.left() + 4.0;
    let mut y = room.top() + 28.0;
    let mut line = |words: &str, role: TextRole, token: Token, tall: f32| {
        let row = Rect::from_min_size(pos2(x, y), vec2((room.width() * 0.09).max(58.0), tall));
        Text::new(words, role, theme.color(token)).paint(ui.painter(), row);
        y += tall;
    };
    line(&format::fixed(plan.grid_mw, 1), TextRole::BodyStrong, Token::Text1, 20.0);
    line("MW", TextRole::Small, Token::Text2, 26.0);
    if plan.it_mw > 0.0 && plan.it_mw <= plan.grid_mw {
        line(&format!("IT {:.1}", plan.it_mw), TextRole::Small, Token::Text3, 14.0);
        line(
            &format!("other {:.1}", plan.grid_mw - plan.it_mw),
            TextRole::Small,
            Token::Text3,
            14.0,
        );
    }
}

/// The flow under the pointer in words.
fn hover(ui: &Ui, flow: &Flow, l: &FlowLayout, at: Option<eframe::egui::Pos2>) {
    let Some(at) = at else { return };
    let p = paint::point(at);
    let under = l.ribbons.iter().find(|r| {
        let i = r.upper.iter().position(|q| q.x >= p.x).unwrap_or(0);
        i > 0
            && r.upper.get(i).is_some_and(|q| p.y >= q.y)
            && r.lower.get(i).is_some_and(|q| p.y <= q.y)
    });
    let Some(link) = under.and_then(|r| flow.links.get(r.link)) else { return };
    let name = |c: usize, n: usize| {
        flow.columns.get(c).and_then(|k| k.nodes.get(n)).map_or("", |b| b.name.as_str())
    };
    let (from, to) = (name(link.column, link.from), name(link.column + 1, link.to));
    let unit = ["MW", "MW", "MW", "M tokens/s"][link.column.min(3)];
    let words = match link.column {
        2 => format!("{from}: {:.1} MW make {:.1} M tokens/s", link.value_from, link.value_to),
        3 => {
            format!("{from}: {:.1} M tokens/s earn ${:.2} B a year", link.value_from, link.value_to)
        }
        _ => format!("{from} to {to}: {:.1} {unit}", link.value_from),
    };
    let theme = Theme::of(ui.ctx());
    let wide = text::width(ui.painter(), &words, TextRole::Small) + 18.0;
    let plate = Rect::from_min_size(at + vec2(12.0, 12.0), vec2(wide, 22.0));
    let shift = (plate.right() - ui.clip_rect().right() + 8.0).max(0.0);
    let plate = plate.translate(vec2(-shift, 0.0));
    crate::gui::components::paint::plate(
        ui.painter(),
        plate,
        4.0,
        theme.color(Token::Panel),
        theme.outline(),
    );
    Text::new(&words, TextRole::Small, theme.color(Token::Text1))
        .center()
        .paint(ui.painter(), plate);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_close_bars_make_room_and_the_least_go_first() {
        let at = |bars: &[(f32, f32)]| places(bars);
        assert_eq!(at(&[(100.0, 5.0), (130.0, 5.0)]), [Some(100.0), Some(130.0)]);
        assert_eq!(at(&[(100.0, 5.0), (108.0, 5.0)]), [Some(100.0), Some(114.0)]);
        let crowded = [(100.0, 0.0), (107.0, 0.5), (112.0, 3.0), (140.0, 20.0)];
        assert_eq!(at(&crowded), [None, Some(107.0), Some(121.0), Some(140.0)]);
        assert_eq!(at(&[(100.0, 2.0), (101.0, 1.0)]), [Some(100.0), None]);
        assert!(at(&[]).is_empty());
    }
}
