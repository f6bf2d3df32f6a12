//! Where items stand from left to right: widths from the bottom up, intervals from the top
//! down, symbols in the middle of what hangs from them. It must not know rows or routes.

use super::group::{Diagram, Item};
use super::network::Symbol;
use super::tree::{Child, Tree};
use std::collections::BTreeMap;

/// Width of a lane, and of a place beside a bar that a connection takes.
const LANE: f64 = 16.0;
/// From the left edge of a narrow interval to its symbol: texts stand at the right.
const AXIS: f64 = 15.0;
/// Least and greatest width of a column: narrow ones keep many together, wide ones leave room
/// for names where there are few, up to `SPREAD` in all.
const COLUMN: (f64, f64) = (78.0, 136.0);
const SPREAD: f64 = 1000.0;
/// Between branches.
const GAP: f64 = 3.0;
/// Least width of the card of a hall, and room around it.
pub const CARD: f64 = 112.0;
pub const CARD_GAP: f64 = 8.0;

/// The card of a hall below a run of loads.
#[derive(Clone, Debug, PartialEq)]
pub struct CardSpan {
    pub hall: String,
    pub left: f64,
    pub right: f64,
    /// Loads right above the card, and loads of the hall elsewhere.
    pub above: Vec<usize>,
    pub elsewhere: Vec<usize>,
}

/// Places along the width.
#[derive(Clone, Debug, Default)]
pub struct Places {
    pub left: Vec<f64>,
    pub right: Vec<f64>,
    /// Symbol, or middle of a bar's connections.
    pub x: Vec<f64>,
    pub lane_x: Vec<f64>,
    pub cards: Vec<CardSpan>,
    pub width: f64,
}

/// Half the width and height of a symbol; the width of a bar is its own.
pub const fn half(symbol: Symbol) -> (f64, f64) {
    match symbol {
        Symbol::Source => (11.0, 11.0),
        Symbol::Transformer => (8.0, 14.0),
        Symbol::Bus => (20.0, 3.0),
        Symbol::Cable => (5.0, 13.0),
        Symbol::Ups => (10.0, 10.0),
        Symbol::Generator => (11.0, 11.0),
        Symbol::Battery => (11.0, 8.0),
        Symbol::Racks | Symbol::Cooling => (5.0, 9.0),
    }
}

/// Whether parallel ways stand above the item, which then has a place for the others.
pub fn is_host(tree: &Tree, v: usize) -> bool {
    !tree.hosted[v].is_empty()
}

/// Room that a bar keeps free at its ends: for ways out (both ends), for an open switch and for
/// ways in beside those that stand above (right end).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ends {
    pub out: bool,
    pub open: bool,
    pub beside: bool,
    /// Ways stand above it: whatever else comes down does so at the right end.
    pub host: bool,
}

impl Ends {
    fn left(self) -> f64 {
        if self.out { LANE } else { 0.0 }
    }

    fn right(self) -> f64 {
        [self.out, self.open, self.beside].iter().filter(|e| **e).count() as f64 * LANE
    }
}

impl Places {
    /// Middle of the place at the left end that a way out takes.
    pub fn out_left(&self, v: usize) -> f64 {
        self.left[v] + LANE / 2.0
    }

    pub fn out_right(&self, v: usize) -> f64 {
        self.right[v] - LANE / 2.0
    }

    /// Where an open switch hangs.
    pub fn open_x(&self, v: usize, symbol: Symbol, ends: Ends) -> f64 {
        if symbol.is_bus() || ends.host {
            self.right[v] - (f64::from(u8::from(ends.out)) + 0.5) * LANE
        } else {
            self.x[v] + half(symbol).0 + 10.0
        }
    }

    /// Where ways from elsewhere come down.
    pub fn beside_x(&self, v: usize, ends: Ends) -> f64 {
        let taken = f64::from(u8::from(ends.out)) + f64::from(u8::from(ends.open));
        if ends.beside { self.right[v] - (taken + 0.5) * LANE } else { self.x[v] }
    }
}

/// Which ends each item needs.
pub fn ends(tree: &Tree, diagram: &Diagram) -> Vec<Ends> {
    let host = |v| Ends { host: is_host(tree, v), ..Ends::default() };
    let mut ends: Vec<Ends> = (0..diagram.items.len()).map(host).collect();
    for (v, parents) in diagram.graph.parents.iter().enumerate() {
        for &p in parents {
            let inside = tree.holds(p, v);
            let above = is_above(tree, p, v);
            if !inside && !above && diagram.items[p].symbol.is_bus() {
                ends[p].out = true;
            }
            if !above && is_host(tree, v) {
                ends[v].beside = true;
            }
        }
        for &s in &diagram.graph.open[v] {
            ends[v].open = true;
            if diagram.items[s].symbol.is_bus() {
                ends[s].out = true;
            }
        }
    }
    ends
}

/// Whether `p` is part of a branch that stands above `v`.
pub fn is_above(tree: &Tree, p: usize, v: usize) -> bool {
    tree.hosted[v].iter().any(|head| tree.above.is_under(p, *head))
}

/// Places of every item.
pub fn place(tree: &Tree, diagram: &Diagram, ends: &[Ends]) -> Places {
    let n = diagram.items.len();
    let runs = runs(tree, diagram);
    let mut placer = Placer {
        tree,
        ends,
        least: least_widths(diagram, &runs),
        width: vec![0.0; n],
        places: Places {
            left: vec![0.0; n],
            right: vec![0.0; n],
            x: vec![0.0; n],
            lane_x: vec![0.0; tree.lanes.len()],
            ..Places::default()
        },
    };
    for child in &tree.roots {
        placer.measure(*child);
    }
    let mut left = 0.0;
    for child in &tree.roots {
        left += placer.put(*child, left) + 2.0 * GAP;
    }
    let Placer { mut places, .. } = placer;
    places.width = left;
    for (hall, (above, elsewhere)) in runs {
        let left = above.iter().map(|i| places.left[*i]).fold(f64::INFINITY, f64::min);
        let right = above.iter().map(|i| places.right[*i]).fold(0.0, f64::max);
        let (left, right) = (left + CARD_GAP / 2.0, right - CARD_GAP / 2.0);
        places.cards.push(CardSpan { hall: hall.to_owned(), left, right, above, elsewhere });
    }
    places.cards.sort_by(|a, b| a.left.total_cmp(&b.left));
    places
}

type Runs<'a> = BTreeMap<&'a str, (Vec<usize>, Vec<usize>)>;

/// For each hall the longest row of neighbouring loads, and its other loads.
fn runs<'a>(tree: &Tree, diagram: &'a Diagram) -> Runs<'a> {
    let mut loads: Vec<usize> = Vec::new();
    let mut open: Vec<Child> = tree.roots.iter().rev().copied().collect();
    while let Some(child) = open.pop() {
        let Child::Item(v) = child else { continue };
        if diagram.items[v].symbol.is_load() {
            loads.push(v);
        }
        open.extend(tree.below[v].iter().rev().copied());
    }
    let mut all: BTreeMap<&str, Vec<Vec<usize>>> = BTreeMap::new();
    let mut last: Option<&str> = None;
    for v in loads {
        let hall = diagram.halls[v].as_deref();
        if let Some(hall) = hall {
            let rows = all.entry(hall).or_default();
            match rows.last_mut() {
                Some(row) if last == Some(hall) => row.push(v),
                _ => rows.push(vec![v]),
            }
        }
        last = hall;
    }
    let longest = |rows: Vec<Vec<usize>>| {
        let mut best = 0;
        for (i, row) in rows.iter().enumerate() {
            if row.len() > rows[best].len() {
                best = i;
            }
        }
        let mut rows = rows;
        let above = rows.remove(best);
        (above, rows.into_iter().flatten().collect())
    };
    all.into_iter().map(|(hall, rows)| (hall, longest(rows))).collect()
}

/// Width that symbol and texts of each item need.
fn least_widths(diagram: &Diagram, runs: &Runs) -> Vec<f64> {
    let leaves = diagram.graph.children().iter().filter(|c| c.is_empty()).count();
    let column = (SPREAD / leaves.max(1) as f64).clamp(COLUMN.0, COLUMN.1);
    let own = |item: &Item| match item.symbol {
        Symbol::Source => 200.0,
        Symbol::Transformer if item.main => 118.0,
        Symbol::Generator | Symbol::Battery => 72.0,
        _ => column,
    };
    let mut least: Vec<f64> = diagram.items.iter().map(own).collect();
    for (above, _) in runs.values() {
        let sum: f64 = above.iter().map(|i| least[*i]).sum();
        let more = (CARD + CARD_GAP - sum).max(0.0) / above.len().max(1) as f64;
        above.iter().for_each(|i| least[*i] += more);
    }
    least
}

struct Placer<'a> {
    tree: &'a Tree,
    ends: &'a [Ends],
    least: Vec<f64>,
    width: Vec<f64>,
    places: Places,
}

impl Placer<'_> {
    fn measure(&mut self, child: Child) -> f64 {
        let Child::Item(v) = child else { return LANE };
        let below = self.row(&self.tree.below[v]);
        let heads: Vec<Child> = self.tree.hosted[v].iter().map(|h| Child::Item(*h)).collect();
        let above = self.row(&heads);
        let ends = self.ends[v].left() + self.ends[v].right();
        self.width[v] = self.least[v].max(below.max(above) + ends);
        self.width[v]
    }

    fn row(&mut self, children: &[Child]) -> f64 {
        let tree = self.tree;
        let gap = |c: &Child| match c {
            Child::Item(v) if !tree.below[*v].is_empty() => GAP,
            _ => 0.0,
        };
        children.iter().map(|c| self.measure(*c) + gap(c)).sum()
    }

    /// Puts a child at a left edge; the width that it takes.
    fn put(&mut self, child: Child, left: f64) -> f64 {
        match child {
            Child::Item(v) => {
                self.put_item(v, left, self.width[v]);
                self.width[v]
            }
            Child::Lane(k) => {
                self.places.lane_x[k] = left + LANE / 2.0;
                LANE
            }
        }
    }

    fn put_item(&mut self, v: usize, left: f64, width: f64) {
        let tree = self.tree;
        self.places.left[v] = left;
        self.places.right[v] = left + width;
        let ends = self.ends[v];
        let (inner, room) = (left + ends.left(), width - ends.left() - ends.right());
        let taken: f64 = tree.below[v].iter().map(|c| self.span(*c)).sum();
        let mut at = inner + ((room - taken) / 2.0).max(0.0);
        let mut axes: Vec<f64> = Vec::new();
        for child in &tree.below[v] {
            self.put(*child, at);
            at += self.span(*child);
            if let Child::Item(c) = child {
                axes.push(self.places.x[*c]);
            }
        }
        self.places.x[v] = match (axes.first(), axes.last()) {
            (Some(a), Some(b)) => (a + b) / 2.0,
            _ => inner + ((room - self.least[v]) / 2.0).max(0.0) + AXIS,
        };
        // Parallel ways spread over the whole interval.
        let heads = &tree.hosted[v];
        let taken: f64 = heads.iter().map(|h| self.width[*h]).sum();
        let more = (room - taken).max(0.0) / heads.len().max(1) as f64;
        let mut at = inner;
        for head in heads {
            let width = self.width[*head] + more;
            self.put_item(*head, at, width);
            at += width;
        }
    }

    fn span(&self, child: Child) -> f64 {
        match child {
            Child::Lane(_) => LANE,
            Child::Item(v) if self.tree.below[v].is_empty() => self.width[v],
            Child::Item(v) => self.width[v] + GAP,
        }
    }
}
