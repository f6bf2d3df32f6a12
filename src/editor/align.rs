//! Bringing elements into line and spacing them evenly.
//!
//! What moves as one counts as one: a hall with all that stands in it, a row with its
//! blocks, a loop with its machines, the chosen members of a group.

use super::element::resolve;
use super::relocate::{Motion, place_of, set_in_motion};
use super::{EditError, ElementId, groups, label};
use crate::site::{ElementRef, Site};
use std::collections::{HashMap, HashSet};

/// Which line elements are brought to: an edge or the middle of what lies around them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Left,
    Centre,
    Right,
    Top,
    Middle,
    Bottom,
}

impl Edge {
    pub const ALL: [Edge; 6] =
        [Edge::Left, Edge::Centre, Edge::Right, Edge::Top, Edge::Middle, Edge::Bottom];

    /// Which coordinate changes, and where between the two sides the line lies, 0 to 1.
    const fn line(self) -> (Axis, f64) {
        match self {
            Edge::Left => (Axis::Horizontal, 0.0),
            Edge::Centre => (Axis::Horizontal, 0.5),
            Edge::Right => (Axis::Horizontal, 1.0),
            Edge::Top => (Axis::Vertical, 0.0),
            Edge::Middle => (Axis::Vertical, 0.5),
            Edge::Bottom => (Axis::Vertical, 1.0),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Edge::Left => "left edges",
            Edge::Centre => "centres",
            Edge::Right => "right edges",
            Edge::Top => "top edges",
            Edge::Middle => "middles",
            Edge::Bottom => "bottom edges",
        }
    }
}

/// A direction on the plan: west to east, or north to south.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    Horizontal,
    Vertical,
}

impl Axis {
    pub const ALL: [Axis; 2] = [Axis::Horizontal, Axis::Vertical];

    const fn index(self) -> usize {
        match self {
            Axis::Horizontal => 0,
            Axis::Vertical => 1,
        }
    }
}

/// What moves as one, with the two corners of what lies around it.
pub(super) struct Unit {
    pub members: Vec<String>,
    low: [f64; 2],
    high: [f64; 2],
}

impl Unit {
    /// Another unit becomes a part of this one.
    pub fn take(&mut self, other: Unit) {
        self.members.extend(other.members);
        self.low = [0, 1].map(|i| self.low[i].min(other.low[i]));
        self.high = [0, 1].map(|i| self.high[i].max(other.high[i]));
    }
}

/// Aligns elements; see [`super::Command::Align`].
pub(super) fn align(
    site: &Site,
    ids: &[ElementId],
    edge: Edge,
) -> Result<(Site, String), EditError> {
    let chosen = resolve(site, ids)?;
    let units = units(site, &chosen);
    if units.len() < 2 {
        return Err(EditError::TooFew { verb: "align", least: 2 });
    }
    let (axis, share) = edge.line();
    let i = axis.index();
    let low = units.iter().map(|u| u.low[i]).fold(f64::INFINITY, f64::min);
    let high = units.iter().map(|u| u.high[i]).fold(f64::NEG_INFINITY, f64::max);
    let line = low + (high - low) * share;
    let wanted = units.iter().map(|u| line - (u.high[i] - u.low[i]) * share);
    let moves: Vec<f64> = wanted.zip(&units).map(|(to, u)| to - u.low[i]).collect();
    let site = shifted(site, &chosen, (&units, &moves), axis);
    Ok((site, format!("Align {} of {}", edge.words(), label::things(&chosen))))
}

/// Spaces elements evenly; see [`super::Command::Distribute`].
pub(super) fn distribute(
    site: &Site,
    ids: &[ElementId],
    axis: Axis,
) -> Result<(Site, String), EditError> {
    let chosen = resolve(site, ids)?;
    let mut units = units(site, &chosen);
    if units.len() < 3 {
        return Err(EditError::TooFew { verb: "distribute", least: 3 });
    }
    let i = axis.index();
    // By the middle: a small thing over the edge of a large one stays on its side of it.
    units.sort_by(|a, b| (a.low[i] + a.high[i]).total_cmp(&(b.low[i] + b.high[i])));
    let low = units.iter().map(|u| u.low[i]).fold(f64::INFINITY, f64::min);
    let high = units.iter().map(|u| u.high[i]).fold(f64::NEG_INFINITY, f64::max);
    let filled: f64 = units.iter().map(|u| u.high[i] - u.low[i]).sum();
    let gap = (high - low - filled) / (units.len() - 1) as f64;
    let mut at = low;
    let mut moves = Vec::with_capacity(units.len());
    for unit in &units {
        moves.push(at - unit.low[i]);
        at += unit.high[i] - unit.low[i] + gap;
    }
    let site = shifted(site, &chosen, (&units, &moves), axis);
    let way = match axis {
        Axis::Horizontal => "horizontally",
        Axis::Vertical => "vertically",
    };
    Ok((site, format!("Distribute {} {way}", label::things(&chosen))))
}

/// Moves less than this are rounding, metres.
const STILL_M: f64 = 1e-9;

fn shifted(
    site: &Site,
    chosen: &[ElementRef<'_>],
    (units, moves): (&[Unit], &[f64]),
    axis: Axis,
) -> Site {
    let mut each = HashMap::new();
    for (unit, by) in units.iter().zip(moves).filter(|(_, by)| by.abs() > STILL_M) {
        let by = match axis {
            Axis::Horizontal => [*by, 0.0],
            Axis::Vertical => [0.0, *by],
        };
        each.extend(unit.members.iter().map(|id| (id.clone(), by)));
    }
    set_in_motion(site, chosen, Motion::Each(&each), "Move").0
}

/// The chosen elements that do not move with another of them, each with what moves along;
/// without those that have no place.
fn units(site: &Site, chosen: &[ElementRef<'_>]) -> Vec<Unit> {
    let own: HashSet<&str> = chosen.iter().map(|e| e.id()).collect();
    let carried = |e: &ElementRef<'_>| {
        e.hall().is_some_and(|hall| own.contains(hall))
            || match e {
                ElementRef::Block(b) => b.row.as_deref().is_some_and(|row| own.contains(row)),
                ElementRef::Cdu(l, _) | ElementRef::Rejection(l, _) => own.contains(&*l.id),
                _ => false,
            }
    };
    let units = chosen
        .iter()
        .filter(|e| !carried(e))
        .filter_map(|e| {
            let (low, high) = place_of(site, &[*e])?;
            let members = contents(site, *e);
            Some(Unit { members, low, high })
        })
        .collect();
    groups::merged(site, units)
}

/// The element and what moves along with it.
fn contents(site: &Site, element: ElementRef<'_>) -> Vec<String> {
    match element {
        ElementRef::Hall(_) | ElementRef::Row(_) | ElementRef::Loop(_) => {
            super::relocate::with_contents(site, &[element]).into_iter().collect()
        }
        alone => vec![alone.id().to_owned()],
    }
}
