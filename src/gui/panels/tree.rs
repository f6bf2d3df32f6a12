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
use crate::plan::result::{BlockResult, LimitResult};
use crate::scene::tokens::{size, top_price};
use crate::site::{Block, ElementRef, HallGroup, NodeKind, TierKind};
use crate::units::Limit;
use crate::units::TokenPrice;
use crate::units::format;
use eframe::egui::{Color32, Frame, Margin, Ui};
use std::collections::{BTreeSet, HashMap, HashSet};

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
        }
    }
}

/// Builds rows in order, skipping what is folded.
struct Builder<'a, 'b> {
    cx: &'b Context<'a>,
    view: &'b TreeView,
    theme: &'static Theme,
    /// The plan's blocks by id, with the IT power of all their operating
    /// points: one pass instead of one per row.
    results: HashMap<&'a str, (&'a BlockResult, f64)>,
    /// Limits by kind and element.
    limits: HashMap<(&'a str, &'a str), &'a LimitResult>,
    /// Nodes by the source that they hang below.
    below: HashMap<&'a str, Vec<usize>>,
    items: Vec<Item>,
}

/// The rows as they were last built.
pub type TreeMemo = Memo<(TreeView, bool), Vec<Item>>;

fn mw(value: Option<f64>) -> String {
    format::or_dash(value, |v| format::fixed(v, 1))
}

/// In place of a load: the plan sends none through what stands by, and a rating among loads
/// would read as one.
const STANDBY: &str = "standby";

impl Builder<'_, '_> {
    fn leaf(&mut self, depth: usize, element: Element, icon: Icon, name: &str) -> &mut Item {
        self.items.push(Item::leaf(depth, element, icon, name));
        // cannot fail: pushed above
        self.items.last_mut().expect("an item was pushed")
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
        let Some(limit) = self.limits.get(&(kind, id)) else { return (None, None) };
        let tag = limit
            .capacity
            .filter(|c| *c > 0.0 && limit.used > c * (1.0 + 1e-6))
            .map(|c| (format::share(limit.used / c), Tone::Bad));
        (Some(limit.used), tag)
    }

    fn site(&mut self) {
        let info = &self.cx.site.terms.site;
        let total = self.cx.outcome.map(|o| o.plan.grid_mw);
        let open = self.branch(0, Element::new(Kind::Site, ""), Icon::Globe, &info.name);
        if let Some(item) = self.items.last_mut() {
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
        self.nodes();
        for hall in 0..self.cx.site.halls.len() {
            self.hall(hall);
        }
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
        self.groups();
    }

    /// Groups with their members; they hold elements that stand elsewhere in the tree as well.
    fn groups(&mut self) {
        let groups = &self.cx.site.campus.groups;
        if groups.is_empty() {
            return;
        }
        let wanted: BTreeSet<&str> =
            groups.iter().flat_map(|g| &g.members).map(String::as_str).collect();
        let found: HashMap<&str, ElementRef<'_>> = self
            .cx
            .site
            .elements()
            .filter(|e| wanted.contains(e.id()))
            .map(|e| (e.id(), e))
            .collect();
        for group in groups {
            let members = group.members.iter().filter_map(|m| found.get(m.as_str()));
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
            self.items.push(item);
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
        if let Some(item) = self.items.last_mut() {
            item.value = mw(load);
            item.tag = tag;
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
        if let Some(item) = self.items.last_mut() {
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
            if let Some(item) = self.items.last_mut() {
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
    }

    fn rack_color(&self, block: &Block) -> Color32 {
        let chosen = block
            .rack
            .as_deref()
            .or_else(|| self.results.get(block.id.as_str()).map(|(r, _)| r.rack.as_str()))
            .or_else(|| block.planned.as_ref().and_then(|p| p.racks.first()).map(String::as_str));
        let generation = chosen.map_or(Generation::Other, |id| self.cx.generation(id));
        self.theme.rack_color(generation)
    }

    fn block_mw(&self, block: &Block) -> Option<f64> {
        self.results.get(block.id.as_str()).map(|(_, it_mw)| *it_mw)
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
        (Some(count), ..) => format!("{}, {} racks", block.name, format::count(f64::from(count))),
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

/// The rows in view of the tree, in order.
pub fn items(cx: &Context<'_>, view: &TreeView, theme: &'static Theme) -> Vec<Item> {
    let blocks = cx.outcome.map_or(&[][..], |o| o.plan.blocks.as_slice());
    let mut results: HashMap<&str, (&BlockResult, f64)> = HashMap::new();
    for block in blocks {
        results.entry(&block.id).or_insert((block, 0.0)).1 += block.it_mw;
    }
    let mut limits = HashMap::new();
    for limit in cx.limits() {
        limits.entry((limit.kind.as_str(), limit.element.as_str())).or_insert(limit);
    }
    let mut below: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, node) in cx.site.campus.nodes.iter().enumerate() {
        if let Some(source) = node.from.first() {
            below.entry(source).or_default().push(at);
        }
    }
    let items = Vec::new();
    let mut builder = Builder { cx, view, theme, results, limits, below, items };
    builder.site();
    builder.items
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
    let key = (view.clone(), theme.palette.is_dark);
    let items = memo.get(cx, key, || items(cx, view, theme));
    table::scroll(ui, "tree", size::TREE_ROW, &items, |ui, item| one(ui, cx, item, view, actions));
}

fn one(ui: &mut Ui, cx: &Context<'_>, item: &Item, view: &mut TreeView, actions: &mut Actions) {
    let whole = !item.members.is_empty() && item.members.iter().all(|e| cx.selection.contains(e));
    let selected = whole || item.element.as_ref().is_some_and(|e| cx.selection.contains(e));
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
