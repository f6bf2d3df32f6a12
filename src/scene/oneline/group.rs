//! What is drawn for a network: equals side by side once with their count, branches folded
//! into their head where there would be too many. It must not know places.

use super::graph::Graph;
use super::network::{Network, Symbol};
use std::collections::{BTreeMap, BTreeSet};

/// Columns that a diagram may have before branches are folded: more cannot be read at once.
const COLUMNS: usize = 32;

/// What the user opened, folded or took apart; the rest is automatic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// Branches by the path of their head: open or folded.
    branches: BTreeMap<String, bool>,
    /// Stacks that are drawn one by one, by the path of their first member.
    apart: BTreeSet<String>,
    /// Everything is open where no branch says otherwise.
    all: bool,
}

impl Choices {
    /// Every branch open and every stack taken apart.
    pub fn everything() -> Self {
        Self { all: true, ..Self::default() }
    }

    /// Whether nothing was chosen.
    pub fn is_automatic(&self) -> bool {
        *self == Self::default()
    }
}

/// One symbol of the diagram.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub symbol: Symbol,
    /// What a planner counts one by one: feeds, main transformers.
    pub main: bool,
    /// Path of the first element: the same as long as that is drawn.
    pub key: String,
    /// Vertices that this symbol stands for, equal to each other.
    pub members: Vec<usize>,
    /// Vertices below that are folded into it.
    pub hidden: Vec<usize>,
    /// There is something below that can be folded.
    pub foldable: bool,
    pub folded: bool,
    /// The item that this one hangs under.
    pub above: Option<usize>,
}

/// The items with their connections.
#[derive(Clone, Debug, Default)]
pub struct Diagram {
    pub items: Vec<Item>,
    pub graph: Graph,
    /// The item of each vertex.
    pub item_of: Vec<usize>,
    /// Hall that each load stands in.
    pub halls: Vec<Option<String>>,
}

impl Diagram {
    /// Of a network under the choices of a user.
    pub fn of(network: &Network, choices: &Choices) -> Self {
        let plan = Plan::of(network);
        let limit = if choices.all { usize::MAX } else { plan.automatic() };
        plan.build(limit, choices)
    }

    /// Opens what is folded or stacked, folds what is open. False where nothing can change.
    pub fn toggle(&self, index: usize, choices: &mut Choices) -> bool {
        let Some(item) = self.items.get(index) else { return false };
        let above = item.above.and_then(|a| self.items.get(a));
        if item.folded {
            choices.branches.insert(item.key.clone(), true);
        } else if let Some(head) = above.filter(|a| item.symbol.is_load() && a.folded) {
            choices.branches.insert(head.key.clone(), true);
        } else if item.members.len() > 1 {
            let outer = self.outermost_stack(index);
            choices.apart.insert(outer);
        } else if item.foldable {
            choices.branches.insert(item.key.clone(), false);
            // A branch opens again as it was at first.
            for (i, below) in self.items.iter().enumerate() {
                if self.hangs_under(i, index) {
                    choices.apart.remove(&below.key);
                    choices.branches.remove(&below.key);
                }
            }
        } else {
            return false;
        }
        true
    }

    fn outermost_stack(&self, index: usize) -> String {
        let mut found = index;
        let mut at = self.items[index].above;
        while let Some(a) = at {
            if self.items[a].members.len() > 1 {
                found = a;
            }
            at = self.items[a].above;
        }
        self.items[found].key.clone()
    }

    fn hangs_under(&self, index: usize, top: usize) -> bool {
        let mut at = self.items[index].above;
        while let Some(a) = at {
            if a == top {
                return true;
            }
            at = self.items[a].above;
        }
        false
    }
}

/// What makes two branches equal; numbers by their bits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Likeness {
    symbol: Symbol,
    main: bool,
    numbers: [Option<u64>; 3],
    equipment: Option<String>,
    hall: Option<String>,
    /// Open sources, and what is fed through open switches from here.
    open: (Vec<usize>, Vec<usize>),
    branches: Vec<u32>,
    /// Vertices below that others feed too.
    shared: Vec<usize>,
}

/// What does not depend on the choices.
struct Plan<'a> {
    network: &'a Network,
    below: Vec<Vec<usize>>,
    roots: Vec<usize>,
    likeness: Vec<u32>,
}

impl<'a> Plan<'a> {
    fn of(network: &'a Network) -> Self {
        let (below, roots) = network.graph.dominators().children();
        let likeness = likeness(network);
        Self { network, below, roots, likeness }
    }

    /// The deepest level down to which branches can be open.
    fn automatic(&self) -> usize {
        let deepest = self.network.graph.depths().into_iter().max().unwrap_or(0) + 1;
        let fits = |limit: &usize| self.build(*limit, &Choices::default()).columns() <= COLUMNS;
        if fits(&usize::MAX) {
            return usize::MAX;
        }
        (2..=deepest).rev().find(fits).unwrap_or(1)
    }

    fn build(&self, limit: usize, choices: &Choices) -> Diagram {
        let mut build = Build {
            plan: self,
            limit,
            choices,
            items: Vec::new(),
            item_of: vec![usize::MAX; self.network.vertices.len()],
        };
        for group in build.groups(&self.roots, true) {
            build.add(group, None, 0);
        }
        let Build { items, item_of, .. } = build;
        let mapped = |sources: &[Vec<usize>]| {
            let mut mapped: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); items.len()];
            for (v, parents) in sources.iter().enumerate() {
                let own = item_of[v];
                mapped[own].extend(parents.iter().map(|p| item_of[*p]).filter(|p| *p != own));
            }
            mapped.into_iter().map(|s| s.into_iter().collect()).collect()
        };
        let network = &self.network.graph;
        let graph = Graph { parents: mapped(&network.parents), open: mapped(&network.open) };
        let hall = |i: &Item| {
            let first = i.members.first().and_then(|m| self.network.vertices.get(*m));
            first.and_then(|v| v.hall.clone())
        };
        let halls = items.iter().map(hall).collect();
        Diagram { items, graph, item_of, halls }
    }
}

impl Diagram {
    /// Items that feed nothing: each takes a column.
    fn columns(&self) -> usize {
        self.graph.children().iter().filter(|c| c.is_empty()).count()
    }
}

/// Numbers of equal branches, from the loads upwards.
fn likeness(network: &Network) -> Vec<u32> {
    let graph = &network.graph;
    let children = graph.children();
    let mut opened = vec![Vec::new(); graph.len()];
    for (v, sources) in graph.open.iter().enumerate() {
        sources.iter().for_each(|s| opened[*s].push(v));
    }
    let mut known: BTreeMap<Likeness, u32> = BTreeMap::new();
    let mut likeness = vec![0; graph.len()];
    for v in graph.order().into_iter().rev() {
        let vertex = &network.vertices[v];
        let (own, shared): (Vec<usize>, Vec<usize>) =
            children[v].iter().partition(|c| graph.parents[**c].len() == 1);
        let mut branches: Vec<u32> = own.into_iter().map(|c| likeness[c]).collect();
        branches.sort_unstable();
        let bits = |x: Option<f64>| x.map(f64::to_bits);
        let next = known.len() as u32;
        let key = Likeness {
            symbol: vertex.symbol,
            main: vertex.main,
            numbers: [bits(vertex.kv), bits(vertex.capacity_mw), bits(vertex.firm_mw)],
            equipment: vertex.equipment.clone(),
            hall: vertex.hall.clone(),
            open: (graph.open[v].clone(), std::mem::take(&mut opened[v])),
            branches,
            shared,
        };
        likeness[v] = *known.entry(key).or_insert(next);
    }
    likeness
}

struct Build<'a> {
    plan: &'a Plan<'a>,
    limit: usize,
    choices: &'a Choices,
    items: Vec<Item>,
    item_of: Vec<usize>,
}

impl Build<'_> {
    /// Equals among vertices under one head; `one` where the head is a single vertex, so that
    /// its branches can be taken apart.
    fn groups(&self, vertices: &[usize], one: bool) -> Vec<Vec<usize>> {
        let network = self.plan.network;
        let mut groups: Vec<Vec<usize>> = Vec::new();
        // Of a likeness with its sources; sources of the members of a stack differ.
        let mut places: BTreeMap<(u32, Option<&[usize]>), usize> = BTreeMap::new();
        for &v in vertices {
            let vertex = &network.vertices[v];
            let sources = one.then(|| network.graph.parents[v].as_slice());
            if one && vertex.main {
                groups.push(vec![v]);
                continue;
            }
            let place = *places.entry((self.plan.likeness[v], sources)).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(v),
                None => groups.push(vec![v]),
            }
        }
        if !one {
            return groups;
        }
        let apart = |group: &Vec<usize>| {
            group.len() > 1
                && (self.choices.all
                    || group.first().is_some_and(|v| self.choices.apart.contains(&self.key(*v))))
        };
        groups
            .into_iter()
            .flat_map(
                |g| if apart(&g) { g.into_iter().map(|v| vec![v]).collect() } else { vec![g] },
            )
            .collect()
    }

    fn key(&self, vertex: usize) -> String {
        let elements = &self.plan.network.vertices[vertex].elements;
        elements.first().map(|e| e.path()).unwrap_or_default()
    }

    fn add(&mut self, members: Vec<usize>, above: Option<usize>, depth: usize) {
        let network = self.plan.network;
        let Some(&first) = members.first() else { return };
        let index = self.items.len();
        let below: Vec<usize> =
            members.iter().flat_map(|m| self.plan.below[*m].iter().copied()).collect();
        let foldable = below.iter().any(|v| !network.vertices[*v].symbol.is_load());
        let key = self.key(first);
        let open = self.choices.branches.get(&key).copied().unwrap_or(depth + 1 < self.limit);
        let one = members.len() == 1;
        members.iter().for_each(|m| self.item_of[*m] = index);
        self.items.push(Item {
            symbol: network.vertices[first].symbol,
            main: network.vertices[first].main,
            key,
            members,
            hidden: Vec::new(),
            foldable,
            folded: foldable && !open,
            above,
        });
        if foldable && !open {
            self.fold(index, below);
            return;
        }
        for group in self.groups(&below, one) {
            self.add(group, Some(index), depth + 1);
        }
    }

    /// Hides everything below an item; the loads stay, once for each kind and hall.
    fn fold(&mut self, index: usize, below: Vec<usize>) {
        let network = self.plan.network;
        let mut loads: BTreeMap<(Symbol, Option<&str>), Vec<usize>> = BTreeMap::new();
        let mut open = below;
        while let Some(v) = open.pop() {
            let vertex = &network.vertices[v];
            if vertex.symbol.is_load() {
                loads.entry((vertex.symbol, vertex.hall.as_deref())).or_default().push(v);
            } else {
                self.item_of[v] = index;
                self.items[index].hidden.push(v);
            }
            open.extend(self.plan.below[v].iter().copied());
        }
        self.items[index].hidden.sort_unstable();
        for ((symbol, _), mut members) in loads {
            members.sort_unstable();
            let own = self.items.len();
            members.iter().for_each(|m| self.item_of[*m] = own);
            let key = members.first().map(|m| self.key(*m)).unwrap_or_default();
            self.items.push(Item {
                symbol,
                main: false,
                key,
                members,
                hidden: Vec::new(),
                foldable: false,
                folded: false,
                above: Some(index),
            });
        }
    }
}
