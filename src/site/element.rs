//! Any element of a site by one name: for selections, jumps and rules that
//! treat all elements alike.
//!
//! It must not know what makes an element right.

use super::{
    Area, Battery, Block, Campus, Constraint, CoolingUnit, Feed, Generator, Hall, HallGroup, Loop,
    NetworkRack, Node, NodeKind, Place, Row, Site, Underlay,
};
use serde::{Serialize, Serializer};

/// A physical element of a site. All of them share one space of ids.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ElementRef<'a> {
    Feed(&'a Feed),
    Node(&'a Node),
    Loop(&'a Loop),
    /// Coolant distribution units of a loop.
    Cdu(&'a Loop, &'a CoolingUnit),
    /// Heat rejection of a loop.
    Rejection(&'a Loop, &'a CoolingUnit),
    Generator(&'a Generator),
    Battery(&'a Battery),
    Area(&'a Area),
    Constraint(&'a Constraint),
    Underlay(&'a Underlay),
    Hall(&'a Hall),
    Row(&'a Row),
    NetworkRack(&'a NetworkRack),
    Block(&'a Block),
}

/// Evaluates an expression on whatever element it is.
macro_rules! each {
    ($element:expr, $e:ident => $value:expr) => {
        match $element {
            ElementRef::Feed($e) => $value,
            ElementRef::Node($e) => $value,
            ElementRef::Loop($e) => $value,
            ElementRef::Cdu(_, $e) | ElementRef::Rejection(_, $e) => $value,
            ElementRef::Generator($e) => $value,
            ElementRef::Battery($e) => $value,
            ElementRef::Area($e) => $value,
            ElementRef::Constraint($e) => $value,
            ElementRef::Underlay($e) => $value,
            ElementRef::Hall($e) => $value,
            ElementRef::Row($e) => $value,
            ElementRef::NetworkRack($e) => $value,
            ElementRef::Block($e) => $value,
        }
    };
}

impl<'a> ElementRef<'a> {
    pub fn id(self) -> &'a str {
        each!(self, e => &e.id)
    }

    pub fn name(self) -> &'a str {
        each!(self, e => &e.name)
    }

    /// Collection of the layout that holds the element; cooling units are in their loop's.
    pub fn collection(self) -> &'static str {
        match self {
            ElementRef::Feed(_) => "feeds",
            ElementRef::Node(_) => "nodes",
            ElementRef::Loop(_) | ElementRef::Cdu(..) | ElementRef::Rejection(..) => "loops",
            ElementRef::Generator(_) => "generators",
            ElementRef::Battery(_) => "batteries",
            ElementRef::Area(_) => "areas",
            ElementRef::Constraint(_) => "constraints",
            ElementRef::Underlay(_) => "underlays",
            ElementRef::Hall(_) => "halls",
            ElementRef::Row(_) => "rows",
            ElementRef::NetworkRack(_) => "network_racks",
            ElementRef::Block(_) => "blocks",
        }
    }

    /// Whether it is an entry of a collection itself, as machines of a loop are not.
    fn is_of(self, collection: &str) -> bool {
        let is_machine = matches!(self, ElementRef::Cdu(..) | ElementRef::Rejection(..));
        self.collection() == collection && !is_machine
    }

    /// What people call an element of this kind, in the singular.
    pub fn kind_name(self) -> &'static str {
        match self {
            ElementRef::Feed(_) => "feed",
            ElementRef::Node(_) => "node",
            ElementRef::Loop(_) => "loop",
            ElementRef::Cdu(..) => "CDU",
            ElementRef::Rejection(..) => "heat rejection",
            ElementRef::Generator(_) => "generator",
            ElementRef::Battery(_) => "battery",
            ElementRef::Area(_) => "area",
            ElementRef::Constraint(_) => "constraint area",
            ElementRef::Underlay(_) => "underlay",
            ElementRef::Hall(_) => "hall",
            ElementRef::Row(_) => "row",
            ElementRef::NetworkRack(_) => "network rack",
            ElementRef::Block(_) => "block",
        }
    }

    /// Path in the vocabulary of `--set`, e.g. `nodes.sub-a` or `loops.l1.cdus.c1`.
    pub fn path(self) -> String {
        match self {
            ElementRef::Cdu(l, unit) => format!("loops.{}.cdus.{}", l.id, unit.id),
            ElementRef::Rejection(l, unit) => format!("loops.{}.rejection.{}", l.id, unit.id),
            other => format!("{}.{}", other.collection(), other.id()),
        }
    }

    /// North-west corner and size in metres; a loop has none of its own, a constraint area
    /// that of its outline.
    pub fn rectangle(self) -> Option<([f64; 2], [f64; 2])> {
        match self {
            // How large an underlay is, only its file says.
            ElementRef::Loop(_) | ElementRef::Underlay(_) => None,
            ElementRef::Feed(e) => Some((e.at, e.size)),
            ElementRef::Node(e) => Some((e.at, e.size)),
            ElementRef::Cdu(_, e) | ElementRef::Rejection(_, e) => Some((e.at, e.size)),
            ElementRef::Generator(e) => Some((e.at, e.size)),
            ElementRef::Battery(e) => Some((e.at, e.size)),
            ElementRef::Area(e) => Some((e.at, e.size)),
            ElementRef::Constraint(e) => around(&e.outline),
            ElementRef::Hall(e) => Some((e.at, e.size)),
            ElementRef::Row(e) => Some((e.at, e.size)),
            ElementRef::NetworkRack(e) => Some((e.at, e.size)),
            ElementRef::Block(e) => Some((e.at, e.size)),
        }
    }

    /// Whether it is a machine that takes floor for itself; racks are none.
    pub fn is_machine(self) -> bool {
        match self {
            ElementRef::Node(node) => {
                matches!(node.kind, NodeKind::MainTransformer | NodeKind::UnitSubstation)
            }
            ElementRef::Cdu(..)
            | ElementRef::Rejection(..)
            | ElementRef::Generator(_)
            | ElementRef::Battery(_) => true,
            _ => false,
        }
    }

    /// Id of the hall that the element stands in, where it says so.
    pub fn hall(self) -> Option<&'a str> {
        match self {
            ElementRef::Row(e) => Some(&e.hall),
            ElementRef::NetworkRack(e) => Some(&e.hall),
            ElementRef::Block(e) => e.hall.as_deref(),
            _ => None,
        }
    }
}

/// The box around an outline.
fn around(outline: &[[f64; 2]]) -> Option<([f64; 2], [f64; 2])> {
    let low = outline.iter().copied().reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1])])?;
    let high = outline.iter().copied().reduce(|a, b| [a[0].max(b[0]), a[1].max(b[1])])?;
    Some((low, [high[0] - low[0], high[1] - low[1]]))
}

/// As the element alone, without its kind.
impl Serialize for ElementRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        each!(self, e => e.serialize(serializer))
    }
}

impl Campus {
    /// Every element outside the halls, cooling units behind their loop.
    pub fn elements(&self) -> impl Iterator<Item = ElementRef<'_>> {
        fn units(l: &Loop) -> impl Iterator<Item = ElementRef<'_>> {
            let cdus = l.cdus.iter().map(move |u| ElementRef::Cdu(l, u));
            let rejection = l.rejection.iter().map(move |u| ElementRef::Rejection(l, u));
            std::iter::once(ElementRef::Loop(l)).chain(cdus).chain(rejection)
        }
        let feeds = self.feeds.iter().map(ElementRef::Feed);
        let nodes = self.nodes.iter().map(ElementRef::Node);
        feeds
            .chain(nodes)
            .chain(self.loops.iter().flat_map(units))
            .chain(self.generators.iter().map(ElementRef::Generator))
            .chain(self.batteries.iter().map(ElementRef::Battery))
            .chain(self.areas.iter().map(ElementRef::Area))
            .chain(self.constraints.iter().map(ElementRef::Constraint))
            .chain(self.underlays.iter().map(ElementRef::Underlay))
    }
}

impl HallGroup {
    /// The hall and every element in it.
    pub fn elements(&self) -> impl Iterator<Item = ElementRef<'_>> {
        let hall = self.hall.iter().map(ElementRef::Hall);
        hall.chain(self.rows.iter().map(ElementRef::Row))
            .chain(self.network_racks.iter().map(ElementRef::NetworkRack))
            .chain(self.blocks.iter().map(ElementRef::Block))
    }
}

impl Site {
    /// Every physical element: the campus, then hall by hall.
    pub fn elements(&self) -> impl Iterator<Item = ElementRef<'_>> {
        self.campus.elements().chain(self.halls.iter().flat_map(|g| g.elements()))
    }

    /// The physical element with an id; the first where ids are doubled.
    pub fn find(&self, id: &str) -> Option<ElementRef<'_>> {
        self.at(self.place(id)?)
    }

    /// The element of a collection that a path below it leads to, with its place and the field
    /// behind its id; of several ids that the path starts with the longest, as ids may hold
    /// dots. `None` as well where another collection has the id before.
    pub(super) fn stands<'p>(&self, collection: &str, rest: &'p str) -> Option<(Place, &'p str)> {
        let dots = rest.match_indices('.').map(|(at, _)| at).collect::<Vec<_>>();
        std::iter::once(rest.len()).chain(dots.into_iter().rev()).find_map(|end| {
            let place = self.place(rest.get(..end)?)?;
            let element = self.at(place)?;
            element.is_of(collection).then(|| (place, rest.get(end + 1..).unwrap_or_default()))
        })
    }

    /// The element of a collection that a path below it leads to, and the field behind its id.
    pub fn find_in<'p>(
        &self,
        collection: &str,
        rest: &'p str,
    ) -> Option<(ElementRef<'_>, &'p str)> {
        if let Some((place, field)) = self.stands(collection, rest) {
            return Some((self.at(place)?, field));
        }
        let behind = |e: &ElementRef<'_>| {
            let behind = rest.strip_prefix(e.id())?;
            if behind.is_empty() { Some("") } else { behind.strip_prefix('.') }
        };
        self.elements()
            .filter(|e| e.is_of(collection))
            .filter_map(|e| Some((e, behind(&e)?)))
            .min_by_key(|(_, behind)| behind.len())
    }

    /// Path of the physical element with an id, e.g. `blocks.b-12`.
    pub fn element_path(&self, id: &str) -> Option<String> {
        self.find(id).map(ElementRef::path)
    }
}
