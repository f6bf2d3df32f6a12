//! Some elements of a site as text: what the clipboard holds between two windows.
//!
//! It must not know where the elements are put; that is editing.

use super::file::{FormatError, fragment_text, read_fragment};
use super::{
    Area, Battery, Block, Constraint, ElementRef, Feed, Generator, Group, Hall, Loop, NetworkRack,
    Node, Row, Site, Tier, Underlay,
};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Version of the text that this program writes.
const VERSION: u32 = 1;

/// Elements that were taken out of a site, as they stood there.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fragment {
    /// Version of the text, and the sign by which it is known.
    gigasite_elements: u32,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<Tier>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub feeds: Vec<Feed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<Node>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loops: Vec<Loop>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub generators: Vec<Generator>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batteries: Vec<Battery>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<Area>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub underlays: Vec<Underlay>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub halls: Vec<Hall>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub network_racks: Vec<NetworkRack>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Block>,
    /// Groups of which at least two members are here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
}

/// Why a text holds no elements.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FragmentError {
    #[error("the clipboard holds no elements of a site")]
    NotElements,
    #[error("the copied elements come from a newer Gigasite")]
    Newer,
    /// The sentence names the place.
    #[error("the copied elements cannot be read: {0}")]
    Unreadable(String),
}

impl Fragment {
    /// The tiers and the physical elements of these ids. Machines of a loop go
    /// with their loop and are not taken alone.
    pub fn of(site: &Site, ids: &HashSet<String>, tiers: &HashSet<String>) -> Self {
        let mut all = Self { gigasite_elements: VERSION, ..Self::default() };
        all.tiers = site.terms.tiers.iter().filter(|t| tiers.contains(&t.id)).cloned().collect();
        for element in site.elements().filter(|e| ids.contains(e.id())) {
            match element {
                ElementRef::Feed(e) => all.feeds.push(e.clone()),
                ElementRef::Node(e) => all.nodes.push(e.clone()),
                ElementRef::Loop(e) => all.loops.push(e.clone()),
                ElementRef::Cdu(..) | ElementRef::Rejection(..) => {}
                ElementRef::Generator(e) => all.generators.push(e.clone()),
                ElementRef::Battery(e) => all.batteries.push(e.clone()),
                ElementRef::Area(e) => all.areas.push(e.clone()),
                ElementRef::Constraint(e) => all.constraints.push(e.clone()),
                ElementRef::Underlay(e) => all.underlays.push(e.clone()),
                ElementRef::Hall(e) => all.halls.push(e.clone()),
                ElementRef::Row(e) => all.rows.push(e.clone()),
                ElementRef::NetworkRack(e) => all.network_racks.push(e.clone()),
                ElementRef::Block(e) => all.blocks.push(e.clone()),
            }
        }
        for group in &site.campus.groups {
            let members = group.members.iter().filter(|m| ids.contains(*m)).cloned();
            let group = Group { members: members.collect(), ..group.clone() };
            if group.members.len() > 1 {
                all.groups.push(group);
            }
        }
        all
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.tiers.is_empty() && self.elements().next().is_none()
    }

    /// Every physical element; machines behind their loop.
    pub fn elements(&self) -> impl Iterator<Item = ElementRef<'_>> {
        fn machines(l: &Loop) -> impl Iterator<Item = ElementRef<'_>> {
            let cdus = l.cdus.iter().map(move |u| ElementRef::Cdu(l, u));
            let rejection = l.rejection.iter().map(move |u| ElementRef::Rejection(l, u));
            std::iter::once(ElementRef::Loop(l)).chain(cdus).chain(rejection)
        }
        let feeds = self.feeds.iter().map(ElementRef::Feed);
        feeds
            .chain(self.nodes.iter().map(ElementRef::Node))
            .chain(self.loops.iter().flat_map(machines))
            .chain(self.generators.iter().map(ElementRef::Generator))
            .chain(self.batteries.iter().map(ElementRef::Battery))
            .chain(self.areas.iter().map(ElementRef::Area))
            .chain(self.constraints.iter().map(ElementRef::Constraint))
            .chain(self.underlays.iter().map(ElementRef::Underlay))
            .chain(self.halls.iter().map(ElementRef::Hall))
            .chain(self.rows.iter().map(ElementRef::Row))
            .chain(self.network_racks.iter().map(ElementRef::NetworkRack))
            .chain(self.blocks.iter().map(ElementRef::Block))
    }

    /// As text; [`Fragment::parse`] reads it back exactly.
    pub fn to_text(&self) -> String {
        fragment_text(self)
    }

    /// Reads a text that [`Fragment::to_text`] wrote, or a person after it.
    ///
    /// # Errors
    /// [`FragmentError`] for any other text.
    pub fn parse(text: &str) -> Result<Self, FragmentError> {
        read_fragment(text, VERSION).map_err(|error| match error {
            FormatError::Other => FragmentError::NotElements,
            FormatError::Newer => FragmentError::Newer,
            FormatError::Fault(sentence) => FragmentError::Unreadable(sentence),
        })
    }
}
