//! Drawing a connection from port to port: the gesture, the same on plan and diagram. Whether a
//! connection is possible says the editor; nothing changes before the pointer is released.

pub mod plan;
mod ports;
mod show;

pub use ports::{Side, ports, starts};
pub use show::name;

use crate::editor::{self, Beside, ElementId, Offer, Supply};
use crate::gui::action::{Action, Actions, Edit};
use crate::gui::context::{Context, Element, Kind};
use eframe::egui::{Key, Modifiers, Painter, Pos2, Rect, Ui};
use std::collections::HashMap;

/// The end of a connection that a port is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// Power or coolant comes in here.
    In,
    /// Goes out to others.
    Out,
}

/// What can be connected, with where it shows; a stack on the diagram is several elements.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub elements: Vec<Element>,
    pub rect: Rect,
}

/// Whether a target can be connected: what to know before, or why not.
type Verdict = Result<Vec<String>, String>;

/// A connection that is being drawn.
pub struct Wire {
    pub from: Vec<Element>,
    pub port: Port,
    /// Verdicts by path of the target, for each supply that was asked about.
    known: Vec<(Supply, HashMap<String, Verdict>)>,
}

impl Wire {
    pub fn new(from: Vec<Element>, port: Port) -> Self {
        Self { from, port, known: Vec::new() }
    }

    /// What the connection to a target would carry; `b` while path B is asked for.
    fn supply(&self, target: &Element, b: bool) -> Supply {
        let source = match self.port {
            Port::In => Some(target),
            Port::Out => self.from.first(),
        };
        match (source.map(|e| e.kind), b) {
            (Some(Kind::Loop), _) => Supply::Coolant,
            (_, true) => Supply::B,
            (_, false) => Supply::A,
        }
    }

    /// Whether a target can be connected, and what that would carry.
    fn judge(&mut self, context: &Context, target: &Target, b: bool) -> (Supply, Verdict) {
        let first = target.elements.first();
        let supply = first.map_or(Supply::A, |e| self.supply(e, b));
        if self.port == Port::In && target.elements.len() > 1 {
            let count = target.elements.len();
            return (supply, Err(format!("This symbol is {count} elements: open it first")));
        }
        if !self.known.iter().any(|(s, _)| *s == supply) {
            let verdicts = self.verdicts(context, supply);
            self.known.push((supply, verdicts));
        }
        let known = self.known.iter().find(|(s, _)| *s == supply);
        let mut all = Vec::new();
        for element in &target.elements {
            match known.and_then(|(_, v)| v.get(&element.path())) {
                Some(Ok(warnings)) => all.extend(warnings.iter().cloned()),
                Some(Err(why)) => return (supply, Err(why.clone())),
                None => return (supply, Err("It cannot be connected".to_owned())),
            }
        }
        all.dedup();
        (supply, Ok(all))
    }

    fn verdicts(&self, context: &Context, supply: Supply) -> HashMap<String, Verdict> {
        let ids: Vec<ElementId> = self.from.iter().map(|e| ElementId::new(e.path())).collect();
        let (site, catalog, outcome) = (context.site, context.catalog, context.outcome);
        let offers: Vec<Offer> = match (self.port, ids.first()) {
            (Port::In, _) => editor::offers(site, catalog, outcome, (&ids, supply)),
            (Port::Out, Some(source)) => editor::takers(site, catalog, outcome, (source, supply)),
            (Port::Out, None) => Vec::new(),
        };
        let verdict = |o: Offer| {
            let answer = o.answer.map(|c| c.warnings).map_err(|no| no.sentence);
            (o.id.as_str().to_owned(), answer)
        };
        offers.into_iter().map(verdict).collect()
    }

    /// The change that releasing over a target makes. A connection that was drawn comes beside
    /// those that a node has; to replace one, it is taken away.
    fn edit(&self, target: &Target, supply: Supply) -> Option<Action> {
        let (elements, source) = match self.port {
            Port::In => (self.from.clone(), target.elements.first()?.clone()),
            Port::Out => (target.elements.clone(), self.from.first()?.clone()),
        };
        Some(Action::Edit(Edit::Connect { elements, source, supply, beside: Beside::Keep }))
    }
}

/// What a canvas shows of what can be connected.
pub struct Field<'a> {
    /// Where the drawn line begins.
    pub start: Pos2,
    pub room: Rect,
    /// Everything in view that can be an end.
    pub targets: &'a [Target],
    /// The target under the pointer.
    pub under: Option<Target>,
}

/// One frame of a connection that is being drawn; false when it has ended.
pub fn go_on(
    ui: &Ui,
    painter: &Painter,
    context: &Context,
    (wire, field): (&mut Wire, &Field<'_>),
    actions: &mut Actions,
) -> bool {
    if ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
        return false;
    }
    let Some(at) = ui.input(|i| i.pointer.latest_pos()) else { return false };
    let b = ui.input(|i| i.modifiers.shift);
    let own = |t: &Target| t.elements.iter().any(|e| wire.from.contains(e));
    let under = field.under.clone().filter(|t| !own(t));
    let verdict = under.as_ref().map(|target| wire.judge(context, target, b));
    if ui.input(|i| i.pointer.primary_down()) {
        for target in field.targets {
            if wire.judge(context, target, b).1.is_ok() {
                show::possible(painter, target.rect);
            }
        }
        if let (Some(target), Some((_, Ok(_)))) = (&under, &verdict) {
            show::chosen(painter, target.rect);
        }
        show::line(painter, (field.start, at), b, &verdict);
        let words = |t: &Target| show::sentence(context, wire, t, &verdict);
        if let Some(lines) = under.as_ref().map(words) {
            show::chip(painter, at, &lines, field.room);
        }
        ui.ctx().request_repaint();
        return true;
    }
    if let (Some(target), Some((supply, Ok(_)))) = (under, verdict) {
        actions.extend(wire.edit(&target, supply));
    }
    false
}
