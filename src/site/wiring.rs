//! What may be joined to what: the conditions on one connection. Validation asks them of every
//! connection that a site has, and an editor of the one that it is about to make, so that both
//! say the same. It must not know solvers, and changes nothing.

use super::{Block, ElementRef, Loop, Node, NodeKind, Site};
use crate::catalog::{Catalog, Rack};
use crate::units::format;
use std::collections::{HashMap, HashSet};

/// Voltages that differ by no more than this share are one level: 34.5 and 35 kV are.
const SAME_LEVEL_FRAC: f64 = 0.05;

/// Upper end of low voltage by IEC 60364-1, of direct current.
const LOW_VOLTAGE_KV: f64 = 1.5;

/// Why a connection is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Stable kebab-case name, as findings of validation have it.
    pub code: &'static str,
    /// One sentence without a full stop, saying what is wrong.
    pub message: String,
    /// One sentence without a full stop, saying what to do.
    pub hint: String,
}

/// The power and cooling connections of a site, looked up by id. Of elements with equal ids the
/// first counts.
pub struct Wiring<'a> {
    catalog: &'a Catalog,
    elements: HashMap<&'a str, ElementRef<'a>>,
}

impl<'a> Wiring<'a> {
    pub fn new(site: &'a Site, catalog: &'a Catalog) -> Self {
        let mut elements = HashMap::new();
        for element in site.elements() {
            elements.entry(element.id()).or_insert(element);
        }
        Self { catalog, elements }
    }

    /// The element of an id.
    pub fn element(&self, id: &str) -> Option<ElementRef<'a>> {
        self.elements.get(id).copied()
    }

    /// Whether a source may feed an element; `open` where a normally open switch stands between.
    ///
    /// # Errors
    /// The first condition that the connection fails.
    pub fn power(
        &self,
        to: ElementRef<'_>,
        source: ElementRef<'_>,
        open: bool,
    ) -> Result<(), Fault> {
        takes_power(to, open)?;
        gives_power(to, source)?;
        if to.id() == source.id() {
            return Err(itself(source.name()));
        }
        if open && closed(to).any(|id| id == source.id()) {
            return Err(both_paths(&called(to), source.id()));
        }
        if let ElementRef::Node(node) = to {
            if !open && self.is_above(&node.id, source.id()) {
                let message = format!(
                    "{} is fed by way of {}: they would feed each other in a circle",
                    source.name(),
                    node.name
                );
                let hint = "Put an open switch between them: connect it on path B";
                return Err(fault("cycle", message, hint));
            }
            voltage(node, source).map_or(Ok(()), Err)?;
        }
        Ok(())
    }

    /// Whether a loop may cool a block.
    ///
    /// # Errors
    /// The first condition that the connection fails.
    pub fn cooling(&self, block: &Block, source: ElementRef<'_>) -> Result<(), Fault> {
        let ElementRef::Loop(l) = source else {
            let message = format!("{} is no cooling loop", called(source));
            return Err(fault("wrong-kind", message, "Choose a cooling loop"));
        };
        for rack in racks(self.catalog, block) {
            if let Some(found) = too_warm(l, rack, &block.id).or_else(|| no_air(l, rack)) {
                return Err(found);
            }
        }
        Ok(())
    }

    /// What to know before a source supplies a block: that a layout draws no transformer between
    /// it and the racks, limits that nobody published, heat that goes
    /// to the air although the loop has no machines for it.
    pub fn notes(&self, block: &Block, source: ElementRef<'_>) -> Vec<String> {
        let mut notes = Vec::new();
        if let ElementRef::Node(node) = source
            && let Some(given) = node.voltage_kv.filter(|kv| *kv > LOW_VOLTAGE_KV)
        {
            let kv = format::voltage_kv(given);
            notes.push(format!("{} gives {kv}: the way down to the racks is not drawn", node.name));
        }
        if !matches!(source, ElementRef::Loop(_)) {
            return notes;
        }
        for rack in racks(self.catalog, block) {
            if rack.coolant_supply_max_c.get().is_none() {
                notes.push(format!("The warmest coolant that {} accepts is unknown", rack.name));
            }
            let air = rack.liquid_frac.get().map_or(0.0, |liquid| 1.0 - liquid);
            if air > 0.0
                && let ElementRef::Loop(Loop { air: None, .. }) = source
            {
                let share = format::share(air);
                notes.push(format!("{} gives {share} of its heat to the hall's air", rack.name));
            }
        }
        notes
    }

    /// Whether `upper` stands on the closed way from a feed to `lower`.
    pub fn is_above(&self, upper: &str, lower: &str) -> bool {
        let mut seen: HashSet<&str> = HashSet::new();
        let mut open: Vec<&str> = vec![lower];
        while let Some(id) = open.pop() {
            if id == upper {
                return true;
            }
            if let Some(ElementRef::Node(node)) = self.element(id) {
                let above = node.from.iter().map(String::as_str);
                open.extend(above.filter(|id| seen.insert(*id)));
            }
        }
        false
    }
}

fn fault(code: &'static str, message: String, hint: impl Into<String>) -> Fault {
    Fault { code, message, hint: hint.into() }
}

/// Name with kind where the name does not say it.
fn called(element: ElementRef<'_>) -> String {
    match element.name() {
        "" => format!("The {}", element.kind_name()),
        name => name.to_owned(),
    }
}

/// Whether an element can have a feed at all; a second one behind an open switch where `open`.
fn takes_power(to: ElementRef<'_>, open: bool) -> Result<(), Fault> {
    let what = called(to);
    match to {
        ElementRef::Node(_) | ElementRef::Block(_) => Ok(()),
        ElementRef::Loop(_) | ElementRef::Generator(_) | ElementRef::Battery(_) if !open => Ok(()),
        ElementRef::Loop(_) | ElementRef::Generator(_) | ElementRef::Battery(_) => {
            let message = format!("{what} has one feed alone, path A");
            Err(fault("wrong-kind", message, "Put the open switch at the node that feeds it"))
        }
        ElementRef::Feed(_) => {
            let message = format!("{what} is a grid feed, which nothing on the site feeds");
            Err(fault("wrong-kind", message, "Connect the node that it should feed"))
        }
        _ => {
            let message = format!("{what} takes no power of its own");
            Err(fault("wrong-kind", message, "Connect the blocks or the machines on it"))
        }
    }
}

/// Nodes are fed by feeds and nodes, everything else by nodes.
fn gives_power(to: ElementRef<'_>, source: ElementRef<'_>) -> Result<(), Fault> {
    match (to, source) {
        (_, ElementRef::Node(_)) | (ElementRef::Node(_), ElementRef::Feed(_)) => Ok(()),
        (_, ElementRef::Feed(feed)) => {
            let message = format!(
                "{} is a grid feed at {}: it feeds nodes, not a {} itself",
                feed.name,
                format::voltage_kv(feed.voltage_kv),
                to.kind_name()
            );
            Err(fault("wrong-kind", message, "Choose a node below the feed"))
        }
        (_, other) => {
            let message = format!("{} feeds nothing", called(other));
            Err(fault("wrong-kind", message, "Choose a feed or a node"))
        }
    }
}

/// Sources of what can have a second path, in normal operation.
fn closed<'e>(to: ElementRef<'e>) -> impl Iterator<Item = &'e str> {
    let (list, one) = match to {
        ElementRef::Node(node) => (node.from.as_slice(), None),
        ElementRef::Block(block) => (&[][..], block.node.as_deref()),
        _ => (&[][..], None),
    };
    list.iter().map(String::as_str).chain(one)
}

/// Nothing feeds itself, not even behind an open switch.
pub(super) fn itself(name: &str) -> Fault {
    fault("cycle", format!("{name} cannot feed itself"), "Choose another source")
}

/// Voltage at the output of a source, where the layout states it.
fn output_kv(source: ElementRef<'_>) -> Option<f64> {
    match source {
        ElementRef::Feed(feed) => Some(feed.voltage_kv),
        ElementRef::Node(node) => node.voltage_kv,
        _ => None,
    }
}

/// A node that transforms nothing stands at the voltage of its source.
pub(super) fn voltage(node: &Node, source: ElementRef<'_>) -> Option<Fault> {
    let passes = matches!(node.kind, NodeKind::Substation | NodeKind::Feeder | NodeKind::Busway);
    let (own, given) = (node.voltage_kv?, output_kv(source)?);
    let same = (own - given).abs() <= SAME_LEVEL_FRAC * own.abs().max(given.abs());
    if !passes || same {
        return None;
    }
    let message = format!(
        "{} stands at {}, but {} gives {}",
        node.name,
        format::voltage_kv(own),
        called(source),
        format::voltage_kv(given)
    );
    Some(fault("voltage-mismatch", message, "Put a transformer between them, or correct a voltage"))
}

/// A second path that is the first protects nothing.
pub(super) fn both_paths(name: &str, source: &str) -> Fault {
    let message = format!("{name} has `{source}` on path A and on path B");
    fault("both-paths", message, "Choose another source for one of them")
}

/// The warmest coolant that a rack accepts, against what its loop supplies.
pub(super) fn too_warm(l: &Loop, rack: &Rack, block: &str) -> Option<Fault> {
    let most = rack.coolant_supply_max_c.get()?;
    (l.supply_c > most).then(|| {
        let message = format!(
            "Loop `{}` supplies {} °C, but {} on it (block `{block}`) accepts {most} °C at most",
            l.id, l.supply_c, rack.name
        );
        fault("too-warm", message, format!("Supply {most} °C or less, or move the racks"))
    })
}

/// A rack that is cooled by air alone needs machines that take its heat from there. Of racks
/// that give a share to the air, the hall's air may carry it: see [`Wiring::notes`].
pub(super) fn no_air(l: &Loop, rack: &Rack) -> Option<Fault> {
    (rack.liquid_frac.get()? == 0.0 && l.air.is_none()).then(|| {
        let message = format!(
            "{} is cooled by air alone, and loop `{}` has no machines that take heat from the air",
            rack.name, l.id
        );
        fault("no-air", message, "Name its machines under `air`, or choose another loop")
    })
}

/// Rack types that a block holds or may hold, as far as the catalogue knows them.
pub(super) fn racks<'c>(catalog: &'c Catalog, block: &Block) -> impl Iterator<Item = &'c Rack> {
    let planned = block.planned.iter().flat_map(|p| &p.racks);
    block.rack.iter().chain(planned).filter_map(|id| catalog.racks.get(id))
}
