//! Power and cooling connections: what can feed or cool what, why not, and the commands that
//! join and part. The conditions are those of validation, asked of `site::Wiring`.

mod offers;

pub use offers::{Offer, offers, takers};

use super::element::{physical, resolve};
use super::{EditError, ElementId, label};
use crate::catalog::Catalog;
use crate::site::{Block, ElementRef, Fault, Node, Site, Wiring};
use crate::study;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// What a connection carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Supply {
    /// Power in normal operation.
    A,
    /// Power behind a normally open switch.
    B,
    Coolant,
}

impl Supply {
    /// Name in a sentence.
    pub const fn word(self) -> &'static str {
        match self {
            Supply::A => "path A",
            Supply::B => "path B",
            Supply::Coolant => "cooling",
        }
    }
}

/// What stands beside connections of the same supply that an element has already. Only a node
/// can have several; everything else has its one replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// They stay: the sources share the load in proportion to their capacity.
    Keep,
    Replace,
}

/// A connection that can be made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Connection {
    /// What to know before making it, a sentence each.
    pub warnings: Vec<String>,
}

/// Why a connection cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable kebab-case name, as findings of validation have it.
    pub code: &'static str,
    /// One sentence without a full stop.
    pub sentence: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self { code: fault.code, sentence: fault.message }
    }
}

fn refusal(code: &'static str, sentence: String) -> Refusal {
    Refusal { code, sentence }
}

/// Whether `from` can supply `to`.
///
/// # Errors
/// The reason in one sentence: what validation would find, or that there is nothing to do.
pub fn possible(
    site: &Site,
    catalog: &Catalog,
    (from, supply): (&ElementId, Supply),
    to: &ElementId,
) -> Result<Connection, Refusal> {
    let gone = |id: &ElementId| refusal("dangling-id", format!("The site has no element `{id}`"));
    let source = physical(site, from).ok_or_else(|| gone(from))?;
    let chosen = physical(site, to).ok_or_else(|| gone(to))?;
    let wiring = Wiring::new(site, catalog);
    together(&wiring, &targets(site, &[chosen]), (source, supply))
}

/// What a command on these elements connects: halls and rows stand for the blocks in them,
/// machines for their loop; each once, in the order of the site.
fn targets<'a>(site: &'a Site, chosen: &[ElementRef<'a>]) -> Vec<ElementRef<'a>> {
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    let mut places: BTreeSet<&str> = BTreeSet::new();
    for element in chosen {
        match element {
            ElementRef::Hall(_) | ElementRef::Row(_) => places.insert(element.id()),
            ElementRef::Cdu(l, _) | ElementRef::Rejection(l, _) => wanted.insert(&l.id),
            other => wanted.insert(other.id()),
        };
    }
    let stands = |place: Option<&str>| place.is_some_and(|id| places.contains(id));
    let inside = |e: &ElementRef<'a>| match e {
        ElementRef::Block(b) => stands(b.hall.as_deref()) || stands(b.row.as_deref()),
        _ => false,
    };
    site.elements().filter(|e| inside(e) || wanted.remove(e.id())).collect()
}

/// Whether one source can supply all of the targets that it does not supply yet.
fn together(
    wiring: &Wiring<'_>,
    targets: &[ElementRef<'_>],
    (source, supply): (ElementRef<'_>, Supply),
) -> Result<Connection, Refusal> {
    let mut connection = Connection::default();
    let mut done = 0;
    for to in targets {
        if supplies(*to, supply).contains(&source.id()) {
            done += 1;
            continue;
        }
        let found = match (supply, to) {
            (Supply::Coolant, ElementRef::Block(block)) => wiring.cooling(block, source),
            (Supply::Coolant, other) => {
                let sentence = format!("{} is cooled by no loop of its own", other.name());
                return Err(refusal("wrong-kind", sentence));
            }
            (Supply::A, _) => wiring.power(*to, source, false),
            (Supply::B, _) => wiring.power(*to, source, true),
        };
        found?;
        if let ElementRef::Block(block) = to {
            let warnings = wiring.notes(block, source);
            let new = warnings.into_iter().filter(|w| !connection.warnings.contains(w));
            let new: Vec<String> = new.collect();
            connection.warnings.extend(new);
        }
    }
    match (targets.is_empty(), done == targets.len()) {
        (true, _) => Err(refusal("wrong-kind", "There are no racks in it".to_owned())),
        (false, true) => {
            let sentence = format!("{} is connected already", source.name());
            Err(refusal("connected", sentence))
        }
        (false, false) => Ok(connection),
    }
}

/// Ids of what supplies an element now.
pub fn supplies(element: ElementRef<'_>, supply: Supply) -> Vec<&str> {
    match (element, supply) {
        (ElementRef::Node(n), Supply::A) => n.from.iter().map(String::as_str).collect(),
        (ElementRef::Node(n), Supply::B) => n.alternate.iter().map(String::as_str).collect(),
        (ElementRef::Block(b), Supply::A) => b.node.as_deref().into_iter().collect(),
        (ElementRef::Block(b), Supply::B) => b.node_b.as_deref().into_iter().collect(),
        (ElementRef::Block(b), Supply::Coolant) => b.cooling_loop.as_deref().into_iter().collect(),
        (ElementRef::Loop(l), Supply::A) => vec![&l.node],
        (ElementRef::Generator(g), Supply::A) => vec![&g.node],
        (ElementRef::Battery(b), Supply::A) => vec![&b.node],
        _ => Vec::new(),
    }
}

/// Everything that supplies some of the chosen elements now, in the order of the site; what the
/// site does not have is named by its bare id.
pub fn supplied_by(site: &Site, ids: &[ElementId], supply: Supply) -> Vec<ElementId> {
    let Ok(chosen) = resolve(site, ids) else { return Vec::new() };
    let targets = targets(site, &chosen);
    let mut known: BTreeSet<&str> = targets.iter().flat_map(|t| supplies(*t, supply)).collect();
    let mut found: Vec<ElementId> = site
        .elements()
        .filter(|e| known.remove(e.id()))
        .map(|e| ElementId::new(e.path()))
        .collect();
    found.extend(known.into_iter().map(ElementId::new));
    found
}

/// Connects; see [`super::Command::Connect`].
pub(super) fn connect(
    site: &Site,
    catalog: &Catalog,
    ids: &[ElementId],
    (source, supply, beside): (&ElementId, Supply, Beside),
) -> Result<(Site, String), EditError> {
    let chosen = resolve(site, ids)?;
    let from = physical(site, source);
    let from = from.ok_or_else(|| EditError::NoSuchElement(source.clone()))?;
    let (catalog, _) = study::in_force(site, catalog);
    let wiring = Wiring::new(site, &catalog);
    let targets = targets(site, &chosen);
    together(&wiring, &targets, (from, supply)).map_err(EditError::Refused)?;
    let several = beside == Beside::Keep
        && targets.iter().any(|t| {
            matches!(t, ElementRef::Node(_)) && supplies(*t, supply).iter().any(|s| *s != from.id())
        });
    let things = label::things(&chosen);
    let name = label::called(from);
    let label = match supply {
        Supply::A if several => format!("Feed {things} from {name} as well"),
        Supply::A => format!("Feed {things} from {name}"),
        Supply::B => format!("Feed {things} from {name} on path B"),
        Supply::Coolant => format!("Cool {things} by {name}"),
    };
    let edited = change(site, &targets, &Change { id: Some(from.id()), supply, beside });
    Ok((edited, label))
}

/// Parts; see [`super::Command::Disconnect`].
pub(super) fn disconnect(
    site: &Site,
    ids: &[ElementId],
    (source, supply): (Option<&ElementId>, Supply),
) -> Result<(Site, String), EditError> {
    let chosen = resolve(site, ids)?;
    let targets = targets(site, &chosen);
    let from = source.map(|id| physical(site, id).map_or_else(|| id.as_str(), ElementRef::id));
    let has = |to: &ElementRef<'_>| {
        let now = supplies(*to, supply);
        from.map_or(!now.is_empty(), |id| now.contains(&id))
    };
    let joined: Vec<ElementRef<'_>> = targets.into_iter().filter(has).collect();
    if let Some(fixed) = joined.iter().find(|to| {
        matches!(to, ElementRef::Loop(_) | ElementRef::Generator(_) | ElementRef::Battery(_))
    }) {
        let sentence =
            format!("{} always names the node that it hangs on: choose another", fixed.name());
        return Err(EditError::Refused(refusal("missing-place", sentence)));
    }
    if joined.is_empty() {
        let sentence = format!("Nothing is connected there: {}", supply.word());
        return Err(EditError::Refused(refusal("connected", sentence)));
    }
    let things = label::things(&chosen);
    let named = from.and_then(|id| site.find(id)).map(label::called);
    let label = match (named.or(from.map(str::to_owned)), supply) {
        (Some(name), Supply::B) => format!("Disconnect {things} from {name} on path B"),
        (Some(name), _) => format!("Disconnect {things} from {name}"),
        (None, supply) => format!("Disconnect {} of {things}", supply.word()),
    };
    // Taking out is replacing by nothing.
    let edited = match from {
        Some(id) => part(site, &joined, (id, supply)),
        None => change(site, &joined, &Change { id: None, supply, beside: Beside::Replace }),
    };
    Ok((edited, label))
}

/// Another source, or none, for a supply.
struct Change<'a> {
    id: Option<&'a str>,
    supply: Supply,
    beside: Beside,
}

/// The site with the change made to each target; what holds none of them stays shared.
fn change(site: &Site, targets: &[ElementRef<'_>], change: &Change<'_>) -> Site {
    edit(
        site,
        targets,
        &mut |node| change.of_node(node),
        &mut |block| change.of_block(block),
        change.id,
    )
}

/// The site with one of several sources taken out of each target.
fn part(site: &Site, targets: &[ElementRef<'_>], (id, supply): (&str, Supply)) -> Site {
    let none = Change { id: None, supply, beside: Beside::Replace };
    edit(
        site,
        targets,
        &mut |node| list_of(node, supply).retain(|s| s != id),
        &mut |block| none.of_block(block),
        None,
    )
}

fn edit(
    site: &Site,
    targets: &[ElementRef<'_>],
    of_node: &mut dyn FnMut(&mut Node),
    of_block: &mut dyn FnMut(&mut Block),
    single: Option<&str>,
) -> Site {
    let wanted: BTreeSet<&str> = targets.iter().map(|e| e.id()).collect();
    let is_wanted = |e: ElementRef<'_>| wanted.contains(e.id());
    let mut edited = site.clone();
    if site.campus.elements().any(is_wanted) {
        let campus = Arc::make_mut(&mut edited.campus);
        let meant = |id: &String| wanted.contains(id.as_str());
        campus.nodes.change(|n| meant(&n.id), of_node);
        if let Some(source) = single {
            campus.loops.change(|l| meant(&l.id), |l| source.clone_into(&mut l.node));
            campus.generators.change(|g| meant(&g.id), |g| source.clone_into(&mut g.node));
            campus.batteries.change(|b| meant(&b.id), |b| source.clone_into(&mut b.node));
        }
    }
    for group in &mut edited.halls {
        if group.blocks.iter().any(|b| wanted.contains(b.id.as_str())) {
            let blocks = Arc::make_mut(group).blocks.iter_mut();
            blocks.filter(|b| wanted.contains(b.id.as_str())).for_each(&mut *of_block);
        }
    }
    edited
}

fn list_of(node: &mut Node, supply: Supply) -> &mut Vec<String> {
    match supply {
        Supply::B => &mut node.alternate,
        _ => &mut node.from,
    }
}

impl Change<'_> {
    fn of_node(&self, node: &mut Node) {
        // Closing a switch: its source is behind no open one any more.
        if self.supply == Supply::A {
            node.alternate.retain(|id| Some(id.as_str()) != self.id);
        }
        let list = list_of(node, self.supply);
        if self.beside == Beside::Replace {
            list.retain(|id| Some(id.as_str()) == self.id);
        }
        if let Some(id) = self.id
            && !list.iter().any(|known| known == id)
        {
            list.push(id.to_owned());
        }
    }

    fn of_block(&self, block: &mut Block) {
        let id = self.id.map(str::to_owned);
        match self.supply {
            Supply::A if block.node == id => {}
            Supply::A => {
                let before = std::mem::replace(&mut block.node, id);
                // The racks change over: what fed them stands by.
                if block.node.is_some() && block.node_b == block.node {
                    block.node_b = before;
                }
            }
            Supply::B => block.node_b = id,
            Supply::Coolant => block.cooling_loop = id,
        }
    }
}
