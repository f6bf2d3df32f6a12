//! A flow in columns: nodes as bars, ribbons between neighbouring columns. Every column has
//! its own unit and fills the same height; what leaves a node adds up to the node.
//! It must not know what flows.

mod grid;

pub use grid::{FlowText, grid_to_dollars};

use super::geom::{Bounds, Pt, pt};
use super::shape::Ink;

/// A bar of a column.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowNode {
    pub name: String,
    /// In the unit of its column.
    pub value: f64,
    pub ink: Ink,
}

/// A ribbon from a node of one column to a node of the next.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowLink {
    /// Index of the left column, node in it, node in the next.
    pub column: usize,
    pub from: usize,
    pub to: usize,
    /// In the unit of the left column, and of the right.
    pub value_from: f64,
    pub value_to: f64,
    pub ink: Ink,
}

/// A column of bars.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowColumn {
    pub title: String,
    pub nodes: Vec<FlowNode>,
}

impl FlowColumn {
    /// Sum of its bars.
    pub fn total(&self) -> f64 {
        self.nodes.iter().map(|n| n.value).sum()
    }
}

/// A whole flow.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flow {
    pub columns: Vec<FlowColumn>,
    pub links: Vec<FlowLink>,
}

/// Where a bar stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    pub column: usize,
    pub node: usize,
    pub bounds: Bounds,
}

/// A ribbon: upper and lower edge at equal steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Ribbon {
    pub link: usize,
    pub upper: Vec<Pt>,
    pub lower: Vec<Pt>,
}

/// A flow laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlowLayout {
    pub bars: Vec<Bar>,
    pub ribbons: Vec<Ribbon>,
}

/// Width of a bar, and space between the bars of a column that keeps the words of thin ones apart,
/// points.
const BAR: f64 = 10.0;
const GAP: f64 = 11.0;
/// Pieces of a ribbon.
const STEPS: usize = 24;

/// Lays a flow out in a box; `lefts` are the left edges of the columns as shares of the width.
pub fn layout(flow: &Flow, room: Bounds, lefts: &[f64]) -> FlowLayout {
    let mut out = FlowLayout::default();
    let most = flow.columns.iter().map(|c| c.nodes.len()).max().unwrap_or(0);
    let gaps = GAP * most.saturating_sub(1) as f64;
    let height = (room.height() - gaps).max(1.0);
    let mut tops: Vec<Vec<(f64, f64)>> = Vec::new();
    for (c, column) in flow.columns.iter().enumerate() {
        let total = column.total();
        let x = room.min.x + lefts.get(c).copied().unwrap_or(0.0) * room.width();
        let spare = gaps - GAP * column.nodes.len().saturating_sub(1) as f64;
        let between = GAP + spare / column.nodes.len().max(1) as f64;
        let single = column.nodes.len() == 1;
        let mut y = room.min.y + if single { 0.0 } else { (between - GAP) / 2.0 };
        let mut spans = Vec::new();
        for (n, node) in column.nodes.iter().enumerate() {
            let share = if total > 0.0 { node.value / total } else { 0.0 };
            let tall = if single { room.height() } else { share * height };
            spans.push((y, tall));
            // A bar of nothing stays a hair that can be seen.
            let bounds = Bounds::xywh(x, y, BAR, tall.max(1.0));
            out.bars.push(Bar { column: c, node: n, bounds });
            y += tall + between;
        }
        tops.push(spans);
    }
    out.ribbons = ribbons(flow, &tops, &out.bars);
    out
}

fn ribbons(flow: &Flow, tops: &[Vec<(f64, f64)>], bars: &[Bar]) -> Vec<Ribbon> {
    let span = |c: usize, n: usize| tops.get(c).and_then(|s| s.get(n)).copied();
    let value =
        |c: usize, n: usize| flow.columns.get(c).and_then(|k| k.nodes.get(n)).map(|n| n.value);
    let left = |c: usize| bars.iter().find(|b| b.column == c).map(|b| b.bounds.min.x);
    let mut used_out: Vec<Vec<f64>> = tops.iter().map(|c| vec![0.0; c.len()]).collect();
    let mut used_in = used_out.clone();
    let mut order: Vec<usize> = (0..flow.links.len()).collect();
    order.sort_by_key(|i| flow.links.get(*i).map(|l| (l.column, l.from, l.to)));
    // Ends on the right stack in order of where ribbons come from, on the left of where they go.
    let mut out = Vec::new();
    for i in order {
        let Some(link) = flow.links.get(i) else { continue };
        let next = link.column + 1;
        let (Some(a), Some(b)) = (span(link.column, link.from), span(next, link.to)) else {
            continue;
        };
        let (Some(va), Some(vb)) = (value(link.column, link.from), value(next, link.to)) else {
            continue;
        };
        let (Some(xa), Some(xb)) = (left(link.column), left(next)) else { continue };
        let part = |whole: f64, v: f64, tall: f64| if whole > 0.0 { v / whole * tall } else { 0.0 };
        let (ha, hb) = (part(va, link.value_from, a.1), part(vb, link.value_to, b.1));
        let (ya, yb) = (a.0 + used_out[link.column][link.from], b.0 + used_in[next][link.to]);
        used_out[link.column][link.from] += ha;
        used_in[next][link.to] += hb;
        let (upper, lower) = edges((pt(xa + BAR, ya), ha), (pt(xb, yb), hb));
        out.push(Ribbon { link: i, upper, lower });
    }
    out
}

fn edges(a: (Pt, f64), b: (Pt, f64)) -> (Vec<Pt>, Vec<Pt>) {
    let at = |t: f64| {
        // Smoothstep: level at both ends.
        let s = t * t * (3.0 - 2.0 * t);
        let x = a.0.x + (b.0.x - a.0.x) * t;
        let y = a.0.y + (b.0.y - a.0.y) * s;
        (pt(x, y), pt(x, y + a.1 + (b.1 - a.1) * s))
    };
    (0..=STEPS).map(|i| at(i as f64 / STEPS as f64)).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::tokens::Token;

    fn flow() -> Flow {
        let ink = Ink::token(Token::Text2);
        let column = |title: &str, values: &[f64]| FlowColumn {
            title: title.into(),
            nodes: values
                .iter()
                .map(|v| FlowNode { name: String::new(), value: *v, ink })
                .collect(),
        };
        let link = |column, from, to, value_from, value_to| FlowLink {
            column,
            from,
            to,
            value_from,
            value_to,
            ink,
        };
        Flow {
            columns: vec![
                column("grid", &[1000.0]),
                column("racks", &[750.0, 250.0]),
                column("tokens", &[20.0, 130.0, 60.0]),
            ],
            links: vec![
                link(0, 0, 0, 750.0, 750.0),
                link(0, 0, 1, 250.0, 250.0),
                link(1, 0, 0, 300.0, 20.0),
                link(1, 0, 1, 450.0, 100.0),
                link(1, 1, 1, 150.0, 30.0),
                link(1, 1, 2, 100.0, 60.0),
            ],
        }
    }

    #[test]
    fn ribbons_at_a_bar_add_up_to_the_bar() {
        let flow = flow();
        let l = layout(&flow, Bounds::xywh(10.0, 20.0, 700.0, 200.0), &[0.0, 0.4, 0.9]);
        let thick = |r: &Ribbon, at: usize| r.lower[at].y - r.upper[at].y;
        for bar in &l.bars {
            let leaving: f64 = l
                .ribbons
                .iter()
                .filter(|r| {
                    let k = &flow.links[r.link];
                    k.column == bar.column && k.from == bar.node
                })
                .map(|r| thick(r, 0))
                .sum();
            let entering: f64 = l
                .ribbons
                .iter()
                .filter(|r| {
                    let k = &flow.links[r.link];
                    k.column + 1 == bar.column && k.to == bar.node
                })
                .map(|r| thick(r, STEPS))
                .sum();
            let tall = bar.bounds.height();
            if bar.column < 2 {
                assert!((leaving - tall).abs() < 1e-9, "{bar:?} {leaving}");
            }
            if bar.column > 0 {
                assert!((entering - tall).abs() < 1e-9, "{bar:?} {entering}");
            }
        }
    }

    #[test]
    fn bars_of_a_column_do_not_touch_and_stay_inside() {
        let room = Bounds::xywh(10.0, 20.0, 700.0, 200.0);
        let l = layout(&flow(), room, &[0.0, 0.4, 0.9]);
        for (i, a) in l.bars.iter().enumerate() {
            assert!(room.grown(1e-6).contains_box(&a.bounds), "{a:?}");
            for b in l.bars.iter().skip(i + 1).filter(|b| b.column == a.column) {
                assert!(!a.bounds.intersects(&b.bounds));
            }
        }
    }
}
