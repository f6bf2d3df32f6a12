//! The left panel: the site as a tree with megawatts, and its commercial terms.
//!
//! Only rows in view are laid out, so that fifteen thousand of them cost no more than fifty.

use crate::catalog::Generation;
use crate::gui::action::{Action, Actions, View};
use crate::gui::components::card;
use crate::gui::components::chip::Tone;
use crate::gui::components::table;
use crate::gui::components::tree_row::TreeRow;
use crate::gui::context::{Context, Element, Kind};
use crate::gui::context_menu::on_secondary_click;
use crate::gui::icons::Icon;
use crate::gui::memo::Memo;
use crate::gui::theme::Theme;
use crate::plan::result::Status;
use crate::scene::tokens::{size, top_price};
use crate::site::{Block, Campus, CatalogOverride, HallGroup, NodeKind, Terms, TierKind};
use crate::units::Limit;
use crate::units::TokenPrice;
use crate::units::format;
use eframe::egui::{Color32, Frame, Margin, Ui};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// Which branches are open; kept with the preferences.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TreeView {
    /// Keys of branches that differ from how they start.
    toggled: BTreeSet<String>,
}

impl TreeView {
    fn is_open(&self, key: &str, starts_open: bool) -> bool {
        self.toggled.contains(key) != starts_open
    }

    fn toggle(&mut self, key: &str) {
        if !self.toggled.remove(key) {
            self.toggled.insert(key.to_owned());
        }
    }
}

/// A row of the tree before it is painted.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub depth: usize,
    pub element: Option<Element>,
    /// Key of the branch; empty for leaves.
    pub key: String,
    pub open: bool,
    pub icon: Icon,
    pub color: Option<Color32>,
    pub name: String,
    pub value: String,
    pub tag: Option<(String, Tone)>,
    pub strong: bool,
    /// What a click selects where the row is no element itself.
    pub members: Vec<Element>,
    /// Id of what feeds it on path B.
    pub path_b: Option<String>,
}

impl Item {
    /// A row without a value and without rows below it.
    fn leaf(depth: usize, element: Element, icon: Icon, name: &str) -> Self {
        Self {
            depth,
            element: Some(element),
            key: String::new(),
            open: false,
            icon,
            color: None,
            name: name.to_owned(),
            value: String::new(),
            tag: None,
            strong: false,
            members: Vec::new(),
            path_b: None,
        }
    }
}

/// Builds rows in order, skipping what is folded.
struct Builder<'a, 'b> {
    cx: &'b Context<'a>,
    view: &'b TreeView,
    theme: &'static Theme,
    loads: &'b Loads,
    /// Nodes by the source that they hang below.
    below: HashMap<&'a str, Vec<usize>>,
    items: Vec<Rc<Item>>,
}

/// What an answer says of elements: one pass instead of one per row.
#[derive(Default)]
struct Loads {
    /// Rack type of blocks by id, with the IT power of all their operating points.
    results: HashMap<String, (String, f64)>,
    /// What passes through elements and what they carry, by kind of limit.
    limits: HashMap<String, HashMap<String, (f64, Option<f64>)>>,
}

impl Loads {
    fn of(cx: &Context<'_>) -> Self {
        let mut loads = Self::default();
        for block in cx.outcome.map_or(&[][..], |o| o.plan.blocks.as_slice()) {
            match loads.results.get_mut(&block.id) {
                Some((_, sum)) => *sum += block.it_mw,
                None => {
                    loads.results.insert(block.id.clone(), (block.rack.clone(), block.it_mw));
                }
            }
        }
        for kind in ["feed_capacity", "node_capacity", "loop_heat"] {
            let mut own = HashMap::new();
            for limit in cx.limits().iter().filter(|l| l.kind == kind) {
                own.entry(limit.element.clone()).or_insert((limit.used, limit.capacity));
            }
            loads.limits.insert(kind.to_owned(), own);
        }
        loads
    }
}

/// What rows were built of, besides what all of them depend on.
enum Source {
    /// The site itself, its feeds and nodes.
    Head(Arc<Terms>, Arc<Campus>),
    Hall(Arc<HallGroup>),
    /// What stands below the halls.
    Tail(Arc<Campus>),
}

impl Source {
    /// Tells parts that are held on to from each other.
    fn key(&self) -> (u8, *const (), *const ()) {
        match self {
            Source::Head(terms, campus) => {
                (0, Arc::as_ptr(terms).cast(), Arc::as_ptr(campus).cast())
            }
            Source::Hall(group) => (1, Arc::as_ptr(group).cast(), std::ptr::null()),
            Source::Tail(campus) => (2, Arc::as_ptr(campus).cast(), std::ptr::null()),
        }
    }
}

/// Rows part by part, with what they were built of.
type Parts = HashMap<(u8, *const (), *const ()), (Source, Vec<Rc<Item>>)>;

/// What all rows depend on: the answer, what is open, the theme, the overrides of the catalogue.
type Basis = (u64, TreeView, bool, Vec<CatalogOverride>);

/// The rows as they were last built: an edit of a hall builds those of one hall.
#[derive(Default)]
pub struct TreeMemo {
    loads: Memo<(), Loads>,
    basis: Option<Basis>,
    parts: Parts,
    whole: Memo<Basis, Vec<Rc<Item>>>,
}

impl TreeMemo {
    /// The rows in view of the tree, in order.
    fn rows(
        &mut self,
        cx: &Context<'_>,
        view: &TreeView,
        theme: &'static Theme,
    ) -> Rc<Vec<Rc<Item>>> {
        let overrides = cx.site.terms.overrides.clone();
        let basis: Basis = (cx.answer_key(), view.clone(), theme.palette.is_dark, overrides);
        let Self { loads, basis: known, parts, whole } = self;
        whole.get(cx, basis.clone(), || {
            let loads = loads.of_answer(cx, (), || Loads::of(cx));
            if known.as_ref() != Some(&basis) {
                parts.clear();
                *known = Some(basis);
            }
            let new = || Builder {
                cx,
                view,
                theme,
                loads: &loads,
                below: HashMap::new(),
                items: Vec::new(),
            };
            build(new, parts)
        })
    }
}

/// Builds rows; those of parts that are known already are taken over.
fn build<'a, 'b: 'a>(new: impl Fn() -> Builder<'b, 'a>, parts: &mut Parts) -> Vec<Rc<Item>> {
    let mut old = std::mem::take(parts);
    let mut rows = Vec::new();
    let mut part = |source: Source, make: &dyn Fn(&mut Builder<'b, 'a>)| {
        let key = source.key();
        let items = old.remove(&key).map_or_else(
            || {
                let mut builder = new();
                make(&mut builder);
                builder.items
            },
            |(_, items)| items,
        );
        rows.extend(items.iter().cloned());
        parts.insert(key, (source, items));
    };
    let mut last = new();
    let site = last.cx.site;
    let (terms, campus) = (&site.terms, &site.campus);
    part(Source::Head(Arc::clone(terms), Arc::clone(campus)), &|b| b.head());
    if last.view.is_open(&Element::new(Kind::Site, "").path(), true) {
        for (at, group) in site.halls.iter().enumerate() {
            part(Source::Hall(Arc::clone(group)), &|b| b.hall(at));
        }
        part(Source::Tail(Arc::clone(campus)), &|b| b.tail());
        last.groups();
        rows.append(&mut last.items);
    }
    rows
}

fn mw(value: Option<f64>) -> String {
    format::or_dash(value, |v| format::fixed(v, 1))
}

/// In place of a load: the plan sends none through what stands by, and a rating among loads
/// would read as one.
const STANDBY: &str = "standby";

impl Builder<'_, '_> {
    fn leaf(&mut self, depth: usize, element: Element, icon: Icon, name: &str) -> &mut Item {
        self.items.push(Rc::new(Item::leaf(depth, element, icon, name)));
        // cannot fail: pushed above
        self.last().expect("an item was pushed")
    }

    /// The row that was built last; nobody else has it yet.
    fn last(&mut self) -> Option<&mut Item> {
        self.items.last_mut().and_then(Rc::get_mut)
    }

    fn branch(&mut self, depth: usize, element: Element, icon: Icon, name: &str) -> bool {
        let key = element.path();
        let open = self.view.is_open(&key, depth == 0);
        let item = self.leaf(depth, element, icon, name);
        item.key = key;
        item.open = open;
        open
    }

    /// Power that the plan sends through a node, and a tag where that breaks its limit.
    fn load(&self, kind: &str, id: &str) -> (Option<f64>, Option<(String, Tone)>) {
        let limit = self.loads.limits.get(kind).and_then(|own| own.get(id));
        let Some((used, capacity)) = limit.copied() else { return (None, None) };
        let tag = capacity
            .filter(|c| *c > 0.0 && used > c * (1.0 + 1e-6))
            .map(|c| (format::share(used / c), Tone::Bad));
        (Some(used), tag)
    }

    /// The site, its feeds and its nodes.
    fn head(&mut self) {
        let info = &self.cx.site.terms.site;
        let solved = self.cx.outcome.filter(|o| o.plan.status != Status::Error);
        let total = solved.map(|o| o.plan.grid_mw);
        let open = self.branch(0, Element::new(Kind::Site, ""), Icon::Globe, &info.name);
        if let Some(item) = self.last() {
            item.value = mw(total);
            item.strong = true;
        }
        if !open {
            return;
        }
        let campus = &self.cx.site.campus;
        for feed in &campus.feeds {
            let (load, tag) = self.load("feed_capacity", &feed.id);
            let item = self.leaf(1, Element::new(Kind::Feed, &feed.id), Icon::Feed, &feed.name);
            item.value = mw(load);
            item.tag = tag;
        }
        for (at, node) in campus.nodes.iter().enumerate() {
            if let Some(source) = node.from.first() {
                self.below.entry(source).or_default().push(at);
            }
        }
        self.nodes();
    }

    /// Loops, stores, generators and ground.
    fn tail(&mut self) {
        let campus = &self.cx.site.campus;
        for one in &campus.loops {
            let (load, tag) = self.load("loop_heat", &one.id);
            let element = Element::new(Kind::Loop, &one.id);
            let item = self.leaf(1, element, Icon::DryCooler, &one.name);
            item.value = mw(load);
            item.tag = tag;
        }
        for one in &campus.batteries {
            let element = Element::new(Kind::Battery, &one.id);
            self.leaf(1, element, Icon::Battery, &one.name).value = STANDBY.to_owned();
        }
        for one in &campus.generators {
            let element = Element::new(Kind::Generator, &one.id);
            self.leaf(1, element, Icon::Generator, &one.name).value = STANDBY.to_owned();
        }
        self.constraints();
    }

    /// Groups with their members; they hold elements that stand elsewhere in the tree as well.
    fn groups(&mut self) {
        let groups = &self.cx.site.campus.groups;
        if groups.is_empty() {
            return;
        }
        for group in groups {
            let members = group.members.iter().filter_map(|m| self.cx.site.find(m));
            let members: Vec<(Element, &str)> =
                members.filter_map(|e| Some((Element::of_path(&e.path())?, e.name()))).collect();
            let key = format!("groups.{}", group.id);
            let open = self.view.is_open(&key, false);
            let mut item = Item::leaf(1, Element::new(Kind::Site, ""), Icon::Copy, &group.name);
            item.element = None;
            item.key = key;
            item.open = open;
            item.members = members.iter().map(|(element, _)| element.clone()).collect();
            item.value = format::count(members.len() as f64);
            self.items.push(Rc::new(item));
            for (element, name) in members.into_iter().filter(|_| open) {
                let icon = super::inspector::icon_of(element.kind);
                self.leaf(2, element, icon, name);
            }
        }
    }

    fn constraints(&mut self) {
        for one in &self.cx.site.campus.constraints {
            let element = Element::new(Kind::Constraint, &one.id);
            let name = if one.name.is_empty() { one.kind.title() } else { &one.name };
            self.leaf(1, element, Icon::Area, name);
        }
        for one in &self.cx.site.campus.underlays {
            let element = Element::new(Kind::Underlay, &one.id);
            let item = self.leaf(1, element, Icon::Area, &one.name);
            if one.hidden {
                item.value = "hidden".to_owned();
            }
        }
    }

    /// Nodes whose sources are feeds stand first; the rest hang below their first source.
    fn nodes(&mut self) {
        let nodes = &self.cx.site.campus.nodes;
        let ids: HashSet<&str> = nodes.iter().map(|n| n.id.as_str()).collect();
        let tops: Vec<usize> = nodes
            .iter()
            .enumerate()
            .filter(|(_, n)| !n.from.iter().any(|f| ids.contains(f.as_str())))
            .map(|(i, _)| i)
            .collect();
        for index in tops {
            self.node(1, index);
        }
    }

    fn node(&mut self, depth: usize, index: usize) {
        let nodes = &self.cx.site.campus.nodes;
        let Some(node) = nodes.get(index) else { return };
        let children = self.below.get(node.id.as_str()).cloned().unwrap_or_default();
        let (load, tag) = self.load("node_capacity", &node.id);
        let element = Element::new(Kind::Node, &node.id);
        let icon = node_icon(node.kind);
        // A loop in the sources must not loop here; validation reports it.
        let open = if children.is_empty() || depth > 8 {
            self.leaf(depth, element, icon, &node.name);
            false
        } else {
            self.branch(depth, element, icon, &node.name)
        };
        if let Some(item) = self.last() {
            item.value = mw(load);
            item.tag = tag;
            item.path_b = node.alternate.first().cloned();
        }
        if open {
            for child in children {
                self.node(depth + 1, child);
            }
        }
    }

    fn hall(&mut self, index: usize) {
        let Some(group) = self.cx.site.halls.get(index) else { return };
        let Some(hall) = &group.hall else {
            for block in &group.blocks {
                self.block(1, block);
            }
            return;
        };
        let sum = self.blocks_mw(&group.blocks);
        let color = group.blocks.first().map(|b| self.rack_color(b));
        let open = self.branch(1, Element::new(Kind::Hall, &hall.id), Icon::Hall, &hall.name);
        if let Some(item) = self.last() {
            item.value = mw(sum);
            item.color = color;
        }
        if open {
            self.rows(group);
        }
    }

    fn rows(&mut self, group: &HallGroup) {
        for row in &group.rows {
            let blocks: Vec<&Block> =
                group.blocks.iter().filter(|b| b.row.as_deref() == Some(&row.id)).collect();
            let sum: Option<f64> = blocks.iter().map(|b| self.block_mw(b)).sum();
            let open = self.branch(2, Element::new(Kind::Row, &row.id), Icon::Row, &row.name);
            if let Some(item) = self.last() {
                item.value = mw(sum);
            }
            if open {
                for block in blocks {
                    self.block(3, block);
                }
            }
        }
        for block in group
            .blocks
            .iter()
            .filter(|b| !b.row.as_ref().is_some_and(|r| group.rows.iter().any(|row| row.id == *r)))
        {
            self.block(2, block);
        }
    }

    fn block(&mut self, depth: usize, block: &Block) {
        let color = self.rack_color(block);
        let value = mw(self.block_mw(block));
        let name = block_name(block);
        let item = self.leaf(depth, Element::new(Kind::Block, &block.id), Icon::Rack, &name);
        item.color = Some(color);
        item.value = value;
        item.path_b.clone_from(&block.node_b);
    }

    fn rack_color(&self, block: &Block) -> Color32 {
        let chosen = block
            .rack
            .as_deref()
            .or_else(|| self.loads.results.get(&block.id).map(|(rack, _)| rack.as_str()))
            .or_else(|| block.planned.as_ref().and_then(|p| p.racks.first()).map(String::as_str));
        let generation = chosen.map_or(Generation::Other, |id| self.cx.generation(id));
        self.theme.rack_color(generation)
    }

    fn block_mw(&self, block: &Block) -> Option<f64> {
        self.loads.results.get(&block.id).map(|(_, it_mw)| *it_mw)
    }

    /// The sum over the blocks that the plan knows; `None` where it knows none.
    fn blocks_mw(&self, blocks: &[Block]) -> Option<f64> {
        let known: Vec<f64> = blocks.iter().filter_map(|b| self.block_mw(b)).collect();
        (!known.is_empty()).then(|| known.iter().sum())
    }
}

/// `N3, 16 racks`: the name with what stands in it.
fn block_name(block: &Block) -> String {
    match (block.count, &block.planned, block.mw) {
        (Some(count), ..) => format!("{}, {}", block.name, format::racks(f64::from(count))),
        (_, Some(planned), _) => {
            format!("{}, up to {}", block.name, format::count(f64::from(planned.max)))
        }
        (.., Some(Limit::At(mw))) => format!("{}, {} MW", block.name, format::plain(mw)),
        _ => block.name.clone(),
    }
}

const fn node_icon(kind: NodeKind) -> Icon {
    match kind {
        NodeKind::MainTransformer | NodeKind::UnitSubstation => Icon::Transformer,
        NodeKind::Substation => Icon::Substation,
        NodeKind::Feeder => Icon::OneLine,
        NodeKind::Busway => Icon::Busway,
    }
}

/// Shows the tree; what it remembers between frames stands beside what it keeps for good.
pub fn show(
    ui: &mut Ui,
    cx: &Context<'_>,
    (view, memo): (&mut TreeView, &mut TreeMemo),
    actions: &mut Actions,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    Frame::new().inner_margin(Margin::symmetric(12, 0)).show(ui, |ui| {
        card::section(ui, "Site", "MW at its input", true);
    });
    let theme = Theme::of(ui.ctx());
    let rows = memo.rows(cx, view, theme);
    table::scroll(ui, "tree", size::TREE_ROW, &rows, |ui, item| one(ui, cx, item, view, actions));
}

fn one(ui: &mut Ui, cx: &Context<'_>, item: &Item, view: &mut TreeView, actions: &mut Actions) {
    let whole = !item.members.is_empty() && item.members.iter().all(|e| cx.selection.contains(e));
    let selected = whole || item.element.as_ref().is_some_and(|e| cx.selection.contains(e));
    let own = item.element.as_ref().filter(|_| item.members.is_empty());
    let locked = own.is_some_and(|e| cx.site.campus.locked.contains(&e.id));
    // What people call the node or feed.
    let path_b = item
        .path_b
        .as_ref()
        .map(|id| cx.site.find(id).map_or_else(|| id.clone(), |e| e.name().to_owned()));
    let output = TreeRow {
        depth: item.depth,
        open: (!item.key.is_empty()).then_some(item.open),
        icon: item.icon,
        icon_color: item.color,
        name: &item.name,
        tag: item.tag.as_ref().map(|(text, tone)| (text.as_str(), *tone)),
        value: &item.value,
        selected,
        strong: item.strong,
        path_b: path_b.as_deref(),
        locked,
    }
    .show(ui);
    if item.element.is_some() {
        on_secondary_click(&output.response, cx, item.element.as_ref(), actions);
    }
    if output.toggled {
        view.toggle(&item.key);
    } else if output.response.double_clicked() {
        if !item.key.is_empty() {
            view.toggle(&item.key);
        }
        if let Some(element) = item.element.clone() {
            actions.push(Action::View(View::Jump(element)));
        }
    } else if output.response.clicked() && !item.members.is_empty() {
        actions.push(Action::View(View::Select(item.members.clone())));
    } else if output.response.clicked()
        && let Some(element) = item.element.clone()
    {
        let add = ui.input(|i| i.modifiers.command || i.modifiers.shift);
        let view = if add { View::Toggle(element) } else { View::Select(vec![element]) };
        actions.push(Action::View(view));
    }
}

/// Policy, money and tiers: the terms of business.
pub fn terms(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = 0.0;
    Frame::new().inner_margin(Margin::symmetric(12, 0)).show(ui, |ui| {
        card::section(ui, "Terms", "$ per M output", true);
    });
    let theme = Theme::of(ui.ctx());
    let mut items: Vec<Item> = Vec::new();
    let fixed = [
        (Kind::Policy, Icon::Sliders, "Policy and tariff"),
        (Kind::Finance, Icon::Finance, "Money and lives"),
    ];
    for (kind, icon, name) in fixed {
        items.push(Item::leaf(0, Element::new(kind, ""), icon, name));
    }
    let ranks = cx.tier_ranks();
    for (tier, rank) in cx.site.terms.tiers.iter().zip(ranks) {
        let element = Element::new(Kind::Tier, &tier.id);
        let mut item = Item::leaf(0, element, Icon::Tier, &tier.name);
        item.color = Some(theme.tier_color(rank));
        item.value = top_price(tier)
            .map_or_else(|| format::UNKNOWN.to_owned(), |price| tier_price(price, tier.kind));
        items.push(item);
    }
    for hour in &cx.site.terms.hours {
        let element = Element::new(Kind::Hour, &hour.id);
        let mut item = Item::leaf(0, element, Icon::Clock, &hour.name);
        item.value = format!("{} h", format::count(hour.weight_h));
        items.push(item);
    }
    let mut unused = TreeView::default();
    table::scroll(ui, "terms", size::TREE_ROW, &items, |ui, item| {
        one(ui, cx, item, &mut unused, actions);
    });
}

fn tier_price(price: f64, kind: TierKind) -> String {
    let text = format::price(TokenPrice::usd_per_mtok(price));
    let digits = text.trim_end_matches(" per M");
    match kind {
        TierKind::Tokens => digits.to_owned(),
        TierKind::ReservedCapacity => format!("{digits}/h"),
    }
}
