//! The one-line diagram: everything stands on it once, nothing lies on anything else, every
//! connection joins its ends, whatever the network and whatever was opened or folded.

#[path = "../../benches/common/network.rs"]
mod network;

use crate::support::{embedded, layout, layout_path};
use gigasite::plan::Plan;
use gigasite::plan::result::LimitResult;
use gigasite::scene::geom::{Bounds, Pt, View};
use gigasite::scene::oneline::{
    Choices, Layout, Network, OneLineScene, Step, Symbol, Target, draw, layout as laid_out,
};
use gigasite::scene::plan::{
    DrawOptions, Drawing, ElementId, ElementKind, Overlay, PlanFacts, PlanScene, draw as draw_plan,
};
use gigasite::scene::shape::{Ink, Shape, rough_size};
use gigasite::scene::tokens::Token;
use gigasite::site::{LayoutFile, Node, NodeKind, Site, file};
use gigasite::study::Outcome;
use std::collections::BTreeMap;

const LAYOUTS: [&str; 4] = ["campus-1gw", "mixed-250mw", "pilot-20mw", "estimated-100mw"];

pub fn large() -> Site {
    let template = file::load(&layout_path("pilot-20mw")).expect("the layout reads");
    Site::from_file(network::network(&template, 850))
}

fn sites() -> Vec<(String, Site)> {
    let mut all: Vec<(String, Site)> =
        LAYOUTS.iter().map(|name| ((*name).to_owned(), layout(name))).collect();
    all.push(("850 nodes".to_owned(), large()));
    all
}

fn scene(site: &Site, choices: &Choices) -> OneLineScene {
    let mut scene = OneLineScene::default();
    scene.update(site, &embedded(), choices);
    scene
}

/// Elements that a diagram must hold.
fn electrical(site: &Site) -> Vec<ElementId> {
    let campus = &site.campus;
    let id = |kind, id: &String| ElementId::new(kind, id);
    let feeds = campus.feeds.iter().map(|e| id(ElementKind::Feed, &e.id));
    let nodes = campus.nodes.iter().map(|e| id(ElementKind::Node, &e.id));
    let loops = campus.loops.iter().map(|e| id(ElementKind::Loop, &e.id));
    let generators = campus.generators.iter().map(|e| id(ElementKind::Generator, &e.id));
    let batteries = campus.batteries.iter().map(|e| id(ElementKind::Battery, &e.id));
    let blocks = site.blocks().filter(|b| b.node.is_some());
    let blocks = blocks.map(|e| id(ElementKind::Block, &e.id));
    feeds.chain(nodes).chain(loops).chain(generators).chain(batteries).chain(blocks).collect()
}

/// Everything that must hold of any diagram; `name` says which.
#[track_caller]
fn check(name: &str, site: &Site, scene: &OneLineScene) {
    let mut times: BTreeMap<&ElementId, usize> = BTreeMap::new();
    for spot in &scene.spots {
        for id in spot.elements.iter().chain(&spot.inside) {
            *times.entry(id).or_default() += 1;
        }
    }
    for id in electrical(site) {
        assert_eq!(times.get(&id), Some(&1), "{name}: {}", id.path());
    }
    let layout = &scene.layout;
    let cards = layout.cards.iter().map(|c| c.bounds);
    let boxes: Vec<Bounds> = layout.boxes.iter().copied().chain(cards).collect();
    let key = |i: usize| layout.diagram.items.get(i).map_or("card", |i| i.key.as_str());
    for (i, a) in boxes.iter().enumerate() {
        assert!(a.width() > 0.0 && a.height() > 0.0, "{name}: {} has no size", key(i));
        for (j, b) in boxes.iter().enumerate().skip(i + 1) {
            assert!(!a.intersects(b), "{name}: {} lies on {}", key(i), key(j));
        }
    }
    wires(name, layout, &boxes);
}

#[track_caller]
fn wires(name: &str, layout: &Layout, boxes: &[Bounds]) {
    let graph = &layout.diagram.graph;
    let key = |i: usize| layout.diagram.items[i].key.as_str();
    let connections: usize = graph.parents.iter().chain(&graph.open).map(Vec::len).sum();
    assert_eq!(layout.wires.len(), connections, "{name}");
    for wire in &layout.wires {
        let what = format!("{name}: {} to {}", key(wire.from), key(wire.to));
        let list = if wire.open { &graph.open } else { &graph.parents };
        assert!(list[wire.to].contains(&wire.from), "{what} is no connection");
        let (first, last) = (wire.points[0], wire.points[wire.points.len() - 1]);
        assert!(boxes[wire.from].grown(1e-6).contains(first), "{what} starts off its source");
        assert!(boxes[wire.to].grown(1e-6).contains(last), "{what} ends off its target");
        if !wire.open {
            let (from, to) = (boxes[wire.from].centre().y, boxes[wire.to].centre().y);
            assert!(from < to, "{what} runs upwards");
        }
        for step in wire.points.windows(2) {
            let [a, b] = [step[0], step[1]];
            assert!(a.x == b.x || a.y == b.y, "{what} is slanted: {a:?} {b:?}");
            let line = Bounds::of(a, b).grown(0.5);
            for (i, other) in boxes.iter().enumerate() {
                let own = i == wire.from || i == wire.to;
                assert!(own || !other.intersects(&line), "{what} runs over {}", key(i));
            }
        }
    }
}

fn picture(scene: &OneLineScene, facts: &PlanFacts, overlay: Overlay, scale: f64) -> Drawing {
    let whole = scene.layout.bounds.expect("there is something to draw");
    let screen =
        Bounds::xywh(0.0, 0.0, whole.width() * scale + 80.0, whole.height() * scale + 80.0);
    let view = View { centre: whole.centre(), scale, screen };
    draw(scene, &DrawOptions { view, overlay, facts, taken: vec![] }, &mut rough_size)
}

fn texts(drawing: &Drawing) -> Vec<(String, Bounds)> {
    let of = |s: &Shape| match s {
        Shape::Text { at, anchor, text, role, .. } => {
            Some((text.clone(), anchor.bounds(*at, rough_size(text, *role))))
        }
        _ => None,
    };
    drawing.labels.iter().filter_map(of).collect()
}

/// An answer in which every node and feed carries a share of its rating.
pub fn answer(site: &Site, share: f64) -> Outcome {
    let nodes = site.campus.nodes.iter().map(|n| (&n.id, "node_capacity", n.capacity_mw));
    let feeds = site.campus.feeds.iter().map(|f| (&f.id, "feed_capacity", f.capacity_mw));
    let limit = |(id, kind, capacity): (&String, &str, Option<f64>)| LimitResult {
        kind: kind.into(),
        element: id.clone(),
        used: capacity.unwrap_or(0.0) * share,
        capacity,
        ..LimitResult::default()
    };
    let limits = nodes.chain(feeds).map(limit).collect();
    Outcome { plan: Plan { limits, ..Plan::default() }, ..Outcome::default() }
}

fn facts(site: &Site, share: f64) -> PlanFacts {
    PlanFacts::of(site, &embedded(), Some(&answer(site, share)))
}

#[test]
fn every_element_stands_once_and_nothing_lies_on_anything() {
    for (name, site) in sites() {
        for choices in [Choices::default(), Choices::everything()] {
            check(&name, &site, &scene(&site, &choices));
        }
    }
}

#[test]
fn a_large_network_is_folded_until_it_can_be_read_and_can_be_shown_whole() {
    let site = large();
    assert!(site.campus.nodes.len() > 840);
    let automatic = scene(&site, &Choices::default());
    assert!(automatic.spots.len() < 120, "{} symbols", automatic.spots.len());
    assert!(automatic.layout.diagram.items.iter().any(|i| i.folded && i.hidden.len() > 9));
    let whole = scene(&site, &Choices::everything());
    assert!(whole.spots.len() > site.campus.nodes.len());
}

#[test]
fn equal_feeders_are_drawn_once_with_their_count() {
    let site = layout("campus-1gw");
    let scene = scene(&site, &Choices::default());
    let members = |id: &str| {
        let spot = scene.spot_of(&ElementId::new(ElementKind::Node, id)).expect("is drawn");
        scene.spots[spot].elements.len()
    };
    // The feeders of hall 1 differ in what stands behind their open switches; each has four
    // equal rows.
    assert_eq!((members("h1-n-fd"), members("h1-s-r3-us")), (1, 4));
    assert_eq!(members("t-a2"), 1, "main transformers are counted one by one");
    let drawing = picture(&scene, &facts(&site, 0.5), Overlay::Loading, 1.0);
    let words: Vec<String> = texts(&drawing).into_iter().map(|t| t.0).collect();
    assert_eq!(words.iter().filter(|w| *w == "4×").count(), 8, "four stacks in halls 1 and 5");
}

#[test]
fn labels_never_overlap_and_figures_show_at_full_size() {
    for (name, site) in sites() {
        let facts = facts(&site, 0.7);
        for choices in [Choices::default(), Choices::everything()] {
            let scene = scene(&site, &choices);
            for (scale, overlay) in [
                (0.12, Overlay::Loading),
                (0.6, Overlay::Headroom),
                (1.0, Overlay::Loading),
                (2.5, Overlay::Firm),
            ] {
                let drawing = picture(&scene, &facts, overlay, scale);
                let texts = texts(&drawing);
                for (i, (a, at)) in texts.iter().enumerate() {
                    for (b, other) in texts.iter().skip(i + 1) {
                        let inner = at.grown(-0.01);
                        assert!(!inner.intersects(other), "{name}, {scale}: {a} over {b}");
                    }
                }
                if scale == 1.0 {
                    let loaded = |s: Symbol| {
                        !s.is_load() && !matches!(s, Symbol::Generator | Symbol::Battery)
                    };
                    let all =
                        scene.layout.diagram.items.iter().filter(|i| loaded(i.symbol)).count();
                    let shown = texts.iter().filter(|t| t.0.contains("70.0 %")).count();
                    // Cards of halls may say it of what feeds their racks.
                    let cards = scene.layout.cards.len();
                    let expected = all..=all + cards;
                    assert!(expected.contains(&shown), "{name}: {shown} of {expected:?}");
                }
            }
        }
    }
}

#[test]
fn an_overload_has_a_triangle_and_other_loads_have_none() {
    let site = layout("mixed-250mw");
    let scene = scene(&site, &Choices::default());
    let triangles = |share: f64| {
        let drawing = picture(&scene, &facts(&site, share), Overlay::Loading, 1.0);
        let err = Some(Ink::token(Token::ErrBg));
        drawing
            .over
            .iter()
            .filter(|s| matches!(s, Shape::Polygon { fill, .. } if *fill == err))
            .count()
    };
    assert_eq!(triangles(1.0), 0);
    let loaded = scene.layout.diagram.items.iter().filter(|i| !i.symbol.is_load()).count();
    assert_eq!(triangles(1.02), loaded);
}

#[test]
fn headroom_is_what_is_left_of_the_rating() {
    let site = layout("pilot-20mw");
    let scene = scene(&site, &Choices::default());
    let words = |share| {
        let drawing = picture(&scene, &facts(&site, share), Overlay::Headroom, 1.0);
        texts(&drawing).into_iter().map(|t| t.0).collect::<Vec<_>>()
    };
    // T-1 is rated 24.5 MW.
    assert!(words(0.4).contains(&"14.7 MW left".to_owned()), "{:?}", words(0.4));
    assert!(words(1.1).contains(&"2.5 MW over".to_owned()), "{:?}", words(1.1));
}

#[test]
fn the_plan_says_the_same_under_the_same_overlay() {
    let site = layout("campus-1gw");
    let mut plan = PlanScene::default();
    plan.update(&site, &embedded());
    let view =
        View::fit(&plan.core.expect("has halls"), Bounds::xywh(0.0, 0.0, 1600.0, 1200.0), 40.0);
    let mut outcome = answer(&site, 0.4);
    outcome.plan.limits.push(LimitResult {
        kind: "node_firm".into(),
        element: "t-a1".into(),
        used: 98.0,
        capacity: Some(163.33),
        ..LimitResult::default()
    });
    let facts = PlanFacts::of(&site, &embedded(), Some(&outcome));
    let scene = scene(&site, &Choices::default());
    for (overlay, figure) in [
        (Overlay::Loading, "40.0 %"),
        (Overlay::Headroom, "147.0 MW left"),
        (Overlay::Firm, "60.0 % firm"),
    ] {
        let options = DrawOptions { view, overlay, facts: &facts, taken: vec![] };
        let on_plan = draw_plan(&plan, options, &mut rough_size);
        for drawing in [on_plan, picture(&scene, &facts, overlay, 1.0)] {
            let shown = texts(&drawing);
            assert!(shown.iter().any(|t| t.0 == figure), "{overlay:?}: {shown:?}");
        }
    }
}

#[test]
fn names_of_substations_in_a_row_stay_within_their_fences() {
    let site = layout("campus-1gw");
    let mut plan = PlanScene::default();
    plan.update(&site, &embedded());
    let facts = facts(&site, 0.7);
    let nodes = &plan.campus.as_ref().expect("a campus").nodes;
    let mut named = 0;
    for wide in [300.0, 500.0, 700.0, 900.0, 1200.0, 2000.0] {
        let screen = Bounds::xywh(0.0, 0.0, wide, wide * 0.8);
        let view = View::fit(&plan.core.expect("has halls"), screen, 20.0);
        let options = DrawOptions { view, overlay: Overlay::Loading, facts: &facts, taken: vec![] };
        for (text, on) in texts(&draw_plan(&plan, options, &mut rough_size)) {
            let yard = |n: &&gigasite::scene::plan::NodeGeom| n.yard && n.name == text;
            if let Some(node) = nodes.iter().find(yard) {
                let fence = view.box_to_screen(&node.bounds).grown(1.0);
                assert!(fence.contains_box(&on), "{text} at {wide}: {on:?} beyond {fence:?}");
                named += 1;
            }
        }
    }
    assert!(named >= 8, "{named} names in all");
}

/// A diagram as text, by keys: equal where it looks the same.
fn described(scene: &OneLineScene) -> Vec<String> {
    let layout = &scene.layout;
    let key = |i: usize| &layout.diagram.items[i].key;
    let items = layout.boxes.iter().enumerate().map(|(i, b)| format!("{} {b:?}", key(i)));
    let wires =
        layout.wires.iter().map(|w| format!("{} {} {:?}", key(w.from), key(w.to), w.points));
    let cards = layout.cards.iter().map(|c| format!("{} {:?}", c.hall.id, c.bounds));
    let mut all: Vec<String> = items.chain(wires).chain(cards).collect();
    all.sort();
    all
}

fn reversed(mut file: LayoutFile) -> LayoutFile {
    file.feeds.reverse();
    file.nodes.reverse();
    file.loops.reverse();
    file.generators.reverse();
    file.batteries.reverse();
    file.halls.reverse();
    file.rows.reverse();
    file.blocks.reverse();
    for node in &mut file.nodes {
        node.from.reverse();
        node.alternate.reverse();
    }
    file
}

#[test]
fn the_order_of_the_file_does_not_matter() {
    for (name, site) in sites() {
        let other = Site::from_file(reversed(site.to_file()));
        for choices in [Choices::default(), Choices::everything()] {
            let (a, b) = (described(&scene(&site, &choices)), described(&scene(&other, &choices)));
            assert_eq!(a, b, "{name}");
            assert_eq!(a, described(&scene(&site, &choices)), "{name}, again");
        }
    }
}

fn crossings(layout: &Layout) -> usize {
    let steps = |w: usize| layout.wires[w].points.windows(2).map(move |s| (w, s[0], s[1]));
    let closed = (0..layout.wires.len()).filter(|w| !layout.wires[*w].open);
    let all: Vec<(usize, Pt, Pt)> = closed.flat_map(steps).collect();
    let mut count = 0;
    for (w, a, b) in all.iter().filter(|s| s.1.x == s.2.x) {
        for (v, c, d) in all.iter().filter(|s| s.1.y == s.2.y) {
            let related = layout.wires[*w].from == layout.wires[*v].from
                || layout.wires[*w].to == layout.wires[*v].to;
            let (upright, level) = (Bounds::of(*a, *b), Bounds::of(*c, *d));
            let inside = |x: f64, low: f64, high: f64| x > low + 1e-6 && x < high - 1e-6;
            let crosses =
                inside(a.x, level.min.x, level.max.x) && inside(c.y, upright.min.y, upright.max.y);
            count += usize::from(!related && crosses);
        }
    }
    count
}

#[test]
fn normal_connections_of_the_examples_do_not_cross() {
    for (name, site) in sites() {
        for choices in [Choices::default(), Choices::everything()] {
            assert_eq!(crossings(&scene(&site, &choices).layout), 0, "{name}");
        }
    }
}

/// `h1-n-fd` as `n-fd-h1`: in the order of names equal parts of all halls stand together.
fn turned(id: &str) -> String {
    match id.split_once('-') {
        Some((hall, rest)) if hall.starts_with('h') => format!("{rest}-{hall}"),
        _ => id.to_owned(),
    }
}

#[test]
fn what_feeds_one_hall_is_brought_together_whatever_its_names() {
    let mut file = layout("campus-1gw").to_file();
    for node in &mut file.nodes {
        node.id = turned(&node.id);
        node.from = node.from.iter().map(|f| turned(f)).collect();
    }
    for block in &mut file.blocks {
        block.node = block.node.as_deref().map(turned);
    }
    for one in &mut file.loops {
        one.node = turned(&one.node);
    }
    let site = Site::from_file(file);
    let scene = scene(&site, &Choices::default());
    check("turned", &site, &scene);
    assert_eq!(crossings(&scene.layout), 0);
    for card in &scene.layout.cards {
        assert_eq!(card.ways.len(), 0, "all loads of {} stand above its card", card.hall.name);
        assert_eq!(card.loads.len(), 3, "two wings and cooling of {}", card.hall.name);
    }
}

/// A small generator of numbers below `n`.
fn below(state: &mut u64, n: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize % n.max(1)
}

/// A network without sense: any node may have any earlier ones as sources and any others as
/// alternates, even itself; blocks and loops hang anywhere.
fn mesh(seed: u64) -> Site {
    let mut state = seed;
    let mut file = file::load(&layout_path("mixed-250mw")).expect("the layout reads");
    let template = file.nodes.first().expect("has a node").clone();
    let kinds = [
        NodeKind::MainTransformer,
        NodeKind::Substation,
        NodeKind::Feeder,
        NodeKind::UnitSubstation,
        NodeKind::Busway,
    ];
    let count = 6 + below(&mut state, 40);
    let mut names: Vec<String> = file.feeds.iter().map(|f| f.id.clone()).collect();
    file.nodes = (0..count)
        .map(|i| {
            let some = |state: &mut u64, n: usize| -> Vec<String> {
                (0..n).map(|_| names[below(state, names.len())].clone()).collect()
            };
            let many = [1, 1, 1, 1, 2, 3, 0][below(&mut state, 7)];
            let from = some(&mut state, many);
            let open = [0, 0, 0, 1, 2][below(&mut state, 5)];
            let mut alternate = some(&mut state, open);
            if below(&mut state, 9) == 0 {
                alternate.push(format!("n-{}", below(&mut state, count)));
            }
            names.push(format!("n-{i}"));
            let kind = kinds[below(&mut state, kinds.len())];
            let capacity_mw = [None, Some(10.0), Some(20.0)][below(&mut state, 3)];
            let equipment = (below(&mut state, 6) == 0).then(|| "ups".to_owned());
            let id = format!("n-{i}");
            Node { id, kind, from, alternate, capacity_mw, equipment, ..template.clone() }
        })
        .collect();
    for block in &mut file.blocks {
        block.node = Some(names[below(&mut state, names.len())].clone());
    }
    for one in &mut file.loops {
        one.node = names[below(&mut state, names.len())].clone();
    }
    Site::from_file(file)
}

#[test]
fn any_network_can_be_laid_out_opened_and_folded() {
    for seed in 0..200 {
        let site = mesh(seed);
        let name = format!("mesh {seed}");
        let mut state = seed + 77;
        let mut choices = if seed % 2 == 0 { Choices::default() } else { Choices::everything() };
        for _ in 0..6 {
            let scene = scene(&site, &choices);
            check(&name, &site, &scene);
            let item = below(&mut state, scene.layout.diagram.items.len());
            scene.layout.diagram.toggle(item, &mut choices);
        }
    }
}

#[test]
fn a_fault_in_the_sources_does_not_stop_the_diagram() {
    let mut file = layout("pilot-20mw").to_file();
    file.nodes[1].from = vec!["bw-1".into(), "nowhere".into(), "cable".into()];
    let twin = file.nodes[3].clone();
    file.nodes.push(twin);
    let site = Site::from_file(file);
    let network = Network::of(&site, &embedded());
    let equipment = network.vertices.iter().filter(|v| !v.symbol.is_load()).count();
    assert_eq!(equipment, 11, "each id once");
    assert_eq!(network.graph.order().len(), network.vertices.len(), "no cycle is left");
    let laid = laid_out(&network, &Choices::default());
    assert!(laid.bounds.is_some());
}

#[test]
fn opening_and_folding_again_brings_the_automatic_diagram_back() {
    let site = layout("campus-1gw");
    let before = scene(&site, &Choices::default());
    let feeder = ElementId::new(ElementKind::Node, "h1-n-fd");
    let item = |scene: &OneLineScene, id: &ElementId| match scene.spots
        [scene.spot_of(id).expect("is drawn")]
    .target
    {
        Target::Item(i) => i,
        Target::Hall(_) => panic!("a hall"),
    };
    let mut choices = Choices::default();
    assert!(before.layout.diagram.toggle(item(&before, &feeder), &mut choices));
    let apart = scene(&site, &choices);
    assert_eq!(apart.spots[apart.spot_of(&feeder).expect("is drawn")].elements.len(), 1);
    // Folding the bus and opening it again groups what hangs below as at first.
    let bus = ElementId::new(ElementKind::Node, "sub-a1");
    assert!(apart.layout.diagram.toggle(item(&apart, &bus), &mut choices));
    let folded = scene(&site, &choices);
    let shown = folded.spot_of(&feeder).expect("is inside the bus");
    assert!(folded.is_itself(shown, &bus) && !folded.is_itself(shown, &feeder));
    assert!(folded.layout.diagram.toggle(item(&folded, &bus), &mut choices));
    assert_eq!(described(&scene(&site, &choices)), described(&before));
    let load = folded.layout.diagram.items.iter().position(|i| i.symbol == Symbol::Cooling);
    let alone = before.layout.diagram.items.iter().position(|i| i.symbol == Symbol::Generator);
    assert!(load.is_some());
    assert!(
        !before.layout.diagram.toggle(alone.expect("is drawn"), &mut choices),
        "nothing to open"
    );
}

#[test]
fn a_walk_reaches_every_symbol_and_every_hall() {
    let site = layout("campus-1gw");
    let scene = scene(&site, &Choices::default());
    let mut seen = vec![false; scene.spots.len()];
    let mut open = vec![scene.start().expect("there is a source")];
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        let steps = [Step::Up, Step::Down, Step::Left, Step::Right];
        open.extend(steps.iter().filter_map(|s| scene.step(at, *s)));
    }
    assert!(seen.iter().all(|s| *s));
    let start = &scene.spots[scene.start().expect("there is a source")];
    assert_eq!(start.elements, [ElementId::new(ElementKind::Feed, "feed-1")]);
}

#[test]
fn a_point_near_a_symbol_means_it() {
    let scene = scene(&layout("pilot-20mw"), &Choices::default());
    let spot = scene.spot_of(&ElementId::new(ElementKind::Node, "t-1")).expect("is drawn");
    let at = scene.spots[spot].bounds.centre();
    assert_eq!(scene.hit(at, 1.0), Some(spot));
    assert_eq!(scene.hit(at.plus(16.0, 0.0), 6.0), Some(spot));
    assert_eq!(scene.hit(at.plus(-400.0, -400.0), 6.0), None);
}
