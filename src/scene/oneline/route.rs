//! Connections as upright and level lines: level lines run between the rows of symbols, each
//! net on a track of its own, upright ones in columns that are free. It must not know labels.

use super::group::Diagram;
use super::place::{CARD_GAP, Ends, Places, half, is_above, is_host};
use super::tree::Tree;
use crate::scene::geom::{Bounds, Pt, pt};
use std::collections::BTreeMap;

/// Between two tracks.
const TRACK: f64 = 10.0;
/// Above the first track and below the last.
const TOP: f64 = 12.0;
const BOTTOM: f64 = 16.0;
/// More room where switches or names of bars stand.
const SWITCH_ROOM: f64 = 16.0;
const NAME_ROOM: f64 = 22.0;
/// More where the texts of the row above hang low because switches stand over it.
const LOW_ROOM: f64 = 22.0;
/// Height of the card of a hall: three lines of text where a diagram of this width is fitted.
const CARD_HEIGHT: (f64, f64) = (58.0, 100.0);
const CARD_WIDTHS: f64 = 960.0;
/// Above a symbol, where a way through an open switch joins the way in.
const JOIN: f64 = 8.0;
/// Height over width up to which rows move apart, and how far they may: texts keep their size
/// when a wide diagram is shown small.
const ASPECT: f64 = 0.45;
const MOST_AIR: f64 = 150.0;
/// Share of that air above the tracks.
const AIR_ABOVE: f64 = 0.5;

/// A connection from its source down to what it feeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    pub from: usize,
    pub to: usize,
    /// Through an open switch, which stands at `switch`.
    pub open: bool,
    pub points: Vec<Pt>,
    pub switch: Option<Pt>,
}

/// Level lines that share a track: those of one net are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Net {
    Out(usize),
    In(usize),
    OpenOut(usize),
    Lane(usize),
    Card(usize),
}

/// Where a connection runs: columns, and the net of each level line between two of them.
struct Way {
    from: usize,
    to: usize,
    open: bool,
    columns: Vec<f64>,
    runs: Vec<(usize, Net)>,
}

impl Way {
    /// Leaves out level lines without length.
    fn new(from: usize, to: usize, open: bool, stops: &[(f64, Option<(usize, Net)>)]) -> Self {
        let mut way = Way { from, to, open, columns: Vec::new(), runs: Vec::new() };
        for (x, run) in stops {
            match (way.columns.last(), run) {
                (Some(last), Some(run)) if (last - x).abs() > 1e-6 => {
                    way.runs.push(*run);
                    way.columns.push(*x);
                }
                (Some(_), _) => {}
                (None, _) => way.columns.push(*x),
            }
        }
        way
    }
}

/// Everything that has a place along the width.
pub struct Sketch<'a> {
    pub diagram: &'a Diagram,
    pub tree: &'a Tree,
    pub places: &'a Places,
    pub ends: &'a [Ends],
}

/// Rows and lines.
#[derive(Clone, Debug, Default)]
pub struct Routed {
    /// Symbol or bar of each item.
    pub boxes: Vec<Bounds>,
    pub wires: Vec<Wire>,
    /// Cards of the halls, and the ways of loads that stand elsewhere.
    pub cards: Vec<(Bounds, Vec<Vec<Pt>>)>,
}

/// Routes every connection.
pub fn route(sketch: &Sketch) -> Routed {
    let ways = ways(sketch);
    let tracks = tracks(sketch, &ways);
    let rows = rows(sketch, &tracks);
    let boxes = boxes(sketch, &ways, &rows.centre);
    let level = |run: &(usize, Net)| {
        let track = tracks.track.get(run).copied().unwrap_or(0);
        let top = rows.channel.get(run.0).copied().unwrap_or(0.0);
        let outer = run.0 == 0 || run.0 + 1 == rows.channel.len();
        let air = if outer { 0.0 } else { rows.air * AIR_ABOVE };
        top + TOP + air + track as f64 * TRACK
    };
    let wires = ways.iter().map(|w| wire(sketch, w, &boxes, level)).collect();
    let bottom = rows.channel.last().copied().unwrap_or(0.0);
    let lowest = tracks.count.last().copied().unwrap_or(0);
    let top = bottom + if lowest > 0 { TOP + lowest as f64 * TRACK + 4.0 } else { 2.0 };
    let card = |(k, card): (usize, &super::place::CardSpan)| {
        let bounds = Bounds::xywh(card.left, top, card.right - card.left, card_height(sketch));
        let y = level(&(rows.channel.len().saturating_sub(1), Net::Card(k)));
        let way = |v: &usize| {
            let (x, from) = (sketch.places.x[*v], boxes[*v].max.y);
            let to = entry(x, &bounds);
            vec![pt(x, from), pt(x, y), pt(to, y), pt(to, top)]
        };
        (bounds, card.elsewhere.iter().map(way).collect())
    };
    let cards = sketch.places.cards.iter().enumerate().map(card).collect();
    Routed { boxes, wires, cards }
}

fn card_height(sketch: &Sketch) -> f64 {
    let (least, most) = CARD_HEIGHT;
    (least * sketch.places.width / CARD_WIDTHS).clamp(least, most)
}

/// Where a way from afar comes down on a card.
fn entry(x: f64, card: &Bounds) -> f64 {
    if x < card.centre().x { card.min.x + CARD_GAP } else { card.max.x - CARD_GAP }
}

fn ways(sketch: &Sketch) -> Vec<Way> {
    let mut ways = Vec::new();
    let graph = &sketch.diagram.graph;
    for v in 0..graph.len() {
        ways.extend(graph.parents[v].iter().map(|p| closed_way(sketch, *p, v)));
        ways.extend(graph.open[v].iter().map(|s| open_way(sketch, *s, v)));
    }
    ways
}

fn is_bus(sketch: &Sketch, v: usize) -> bool {
    sketch.diagram.items[v].symbol.is_bus()
}

/// The end of a bar that looks towards a column, or the foot of a symbol.
fn out(sketch: &Sketch, v: usize, towards: f64) -> f64 {
    let places = sketch.places;
    match is_bus(sketch, v) {
        true if towards < places.x[v] => places.out_left(v),
        true => places.out_right(v),
        false => places.x[v],
    }
}

fn closed_way(sketch: &Sketch, p: usize, v: usize) -> Way {
    let Sketch { tree, places, ends, .. } = sketch;
    let above = is_above(tree, p, v);
    let column = match () {
        () if above => places.x[p],
        () if is_host(tree, v) => places.beside_x(v, ends[v]),
        () => places.x[v],
    };
    let end = if is_bus(sketch, v) { column } else { places.x[v] };
    let exit = match is_bus(sketch, p) {
        true if above => places.x[p],
        true if tree.holds(p, v) => column,
        _ => out(sketch, p, column),
    };
    let (first, last) = (tree.depth[p] + 1, tree.depth[v]);
    let stops = if first == last {
        // One channel between the two: straight there.
        let drops = above || is_bus(sketch, p) && tree.holds(p, v);
        let net = if drops { Net::In(v) } else { Net::Out(p) };
        vec![(exit, None), (end, Some((first, net)))]
    } else {
        let runs = [(first, Net::Out(p)), (last, Net::In(v))];
        vec![(exit, None), (column, Some(runs[0])), (end, Some(runs[1]))]
    };
    Way::new(p, v, false, &stops)
}

fn open_way(sketch: &Sketch, s: usize, v: usize) -> Way {
    let Sketch { tree, places, ends, .. } = sketch;
    let end = places.open_x(v, sketch.diagram.items[v].symbol, ends[v]);
    let (first, last) = (tree.depth[s] + 1, tree.depth[v]);
    let stops = match tree.lane_of.get(&(s, v)) {
        Some(&k) => {
            let lane = places.lane_x[k];
            let runs = [(first, Net::OpenOut(s)), (last, Net::Lane(k))];
            vec![(out(sketch, s, lane), None), (lane, Some(runs[0])), (end, Some(runs[1]))]
        }
        None => vec![(out(sketch, s, end), None), (end, Some((first, Net::OpenOut(s))))],
    };
    Way::new(s, v, true, &stops)
}

/// Tracks of the nets in each channel; channel `d` lies above the row of depth `d`.
struct Tracks {
    track: BTreeMap<(usize, Net), usize>,
    count: Vec<usize>,
}

fn tracks(sketch: &Sketch, ways: &[Way]) -> Tracks {
    let rows = sketch.tree.depth.iter().max().map_or(0, |d| d + 1);
    let mut spans: BTreeMap<(usize, Net), (f64, f64)> = BTreeMap::new();
    let mut span = |key: (usize, Net), a: f64, b: f64| {
        let s = spans.entry(key).or_insert((f64::INFINITY, f64::NEG_INFINITY));
        *s = (s.0.min(a).min(b), s.1.max(a).max(b));
    };
    for way in ways {
        for (run, x) in way.runs.iter().zip(way.columns.windows(2)) {
            span(*run, x[0], x[1]);
        }
    }
    for (k, card) in sketch.places.cards.iter().enumerate() {
        let bounds = Bounds::xywh(card.left, 0.0, card.right - card.left, 0.0);
        for v in &card.elsewhere {
            let x = sketch.places.x[*v];
            span((rows, Net::Card(k)), x, entry(x, &bounds));
        }
    }
    let mut order: Vec<((usize, Net), (f64, f64))> = spans.into_iter().collect();
    let open = |net: &Net| matches!(net, Net::OpenOut(_) | Net::Lane(_));
    order.sort_by(|(a, s), (b, t)| {
        (a.0, open(&a.1)).cmp(&(b.0, open(&b.1))).then(s.0.total_cmp(&t.0)).then(a.1.cmp(&b.1))
    });
    let mut track = BTreeMap::new();
    let mut ends: Vec<Vec<f64>> = vec![Vec::new(); rows + 1];
    for ((channel, net), (left, right)) in order {
        let free = ends[channel].iter().position(|end| end + TRACK < left);
        let own = free.unwrap_or(ends[channel].len());
        match ends[channel].get_mut(own) {
            Some(end) => *end = right,
            None => ends[channel].push(right),
        }
        track.insert((channel, net), own);
    }
    Tracks { track, count: ends.iter().map(Vec::len).collect() }
}

/// Middle of each row, and top of each channel.
struct Rows {
    centre: Vec<f64>,
    channel: Vec<f64>,
    /// What every channel has beyond its need.
    air: f64,
}

fn rows(sketch: &Sketch, tracks: &Tracks) -> Rows {
    let count = tracks.count.len() - 1;
    let (mut tall, mut bars, mut hung) =
        (vec![0.0f64; count], vec![false; count], vec![false; count]);
    for (v, item) in sketch.diagram.items.iter().enumerate() {
        let d = sketch.tree.depth[v];
        tall[d] = tall[d].max(half(item.symbol).1);
        bars[d] |= item.symbol.is_bus();
        hung[d] |= !sketch.diagram.graph.open[v].is_empty();
    }
    let need = |d: usize| {
        let tracks = tracks.count[d] as f64 * TRACK;
        let switches = if hung[d] { SWITCH_ROOM } else { 0.0 };
        let low = d > 0 && hung[d - 1];
        let bars = match (bars[d], low) {
            (true, true) => NAME_ROOM + LOW_ROOM,
            (true, false) => NAME_ROOM,
            (false, _) => 0.0,
        };
        if d > 0 || tracks > 0.0 { TOP + tracks + BOTTOM + switches + bars } else { 0.0 }
    };
    let height: f64 = (0..count).map(|d| need(d) + 2.0 * tall[d]).sum::<f64>();
    let height = height + card_height(sketch);
    let spare = sketch.places.width * ASPECT - height;
    let air = (spare / count.saturating_sub(1).max(1) as f64).clamp(0.0, MOST_AIR);
    let mut rows = Rows { centre: Vec::new(), channel: Vec::new(), air };
    let mut y = 0.0;
    for (d, half) in tall.iter().enumerate() {
        rows.channel.push(y);
        y += need(d) + if d > 0 { air } else { 0.0 };
        rows.centre.push(y + half);
        y += 2.0 * half;
    }
    rows.channel.push(y);
    rows
}

/// Symbols around their places; bars over everything that hangs on them.
fn boxes(sketch: &Sketch, ways: &[Way], centre: &[f64]) -> Vec<Bounds> {
    let n = sketch.diagram.items.len();
    let mut reach: Vec<(f64, f64)> = sketch.places.x.iter().map(|x| (*x, *x)).collect();
    let mut hang = |v: usize, x: Option<&f64>| {
        if let Some(x) = x {
            reach[v] = (reach[v].0.min(*x), reach[v].1.max(*x));
        }
    };
    for way in ways {
        hang(way.from, way.columns.first());
        hang(way.to, way.columns.last());
    }
    (0..n)
        .map(|v| {
            let (symbol, x) = (sketch.diagram.items[v].symbol, sketch.places.x[v]);
            let (w, h) = half(symbol);
            let y = centre[sketch.tree.depth[v]];
            if !symbol.is_bus() {
                return Bounds::around(pt(x, y), 2.0 * w, 2.0 * h);
            }
            let left = (reach[v].0 - w).max(sketch.places.left[v] + 2.0).min(reach[v].0);
            let right = (reach[v].1 + w).min(sketch.places.right[v] - 2.0).max(reach[v].1);
            Bounds { min: pt(left, y - h), max: pt(right, y + h) }
        })
        .collect()
}

fn wire(
    sketch: &Sketch,
    way: &Way,
    boxes: &[Bounds],
    level: impl Fn(&(usize, Net)) -> f64,
) -> Wire {
    let (from, to) = (&boxes[way.from], &boxes[way.to]);
    let start = if is_bus(sketch, way.from) { from.centre().y } else { from.max.y };
    let bar = is_bus(sketch, way.to);
    let end = if bar { to.centre().y } else { to.min.y };
    let mut points = Vec::new();
    let mut y = start;
    for (run, x) in way.runs.iter().zip(way.columns.windows(2)) {
        points.push(pt(x[0], y));
        y = level(run);
        points.extend([pt(x[0], y), pt(x[1], y)]);
    }
    let x = way.columns.last().copied().unwrap_or_default();
    if points.is_empty() {
        points.push(pt(x, y));
    }
    let mut switch = None;
    if way.open {
        let foot = if bar { end } else { end - JOIN };
        switch = Some(pt(x, (y + foot) / 2.0));
        points.push(pt(x, foot));
        if !bar {
            let middle = sketch.places.x[way.to];
            points.extend([pt(middle, foot), pt(middle, end)]);
        }
    } else {
        points.push(pt(x, end));
    }
    points.dedup();
    Wire { from: way.from, to: way.to, open: way.open, points, switch }
}
