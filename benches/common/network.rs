//! A large electrical network made for measuring and testing: 2 feeds, 8 main transformers,
//! 4 buses, feeders with their unit substations and busways below, halls of racks at the foot.
//! No two ratings are equal, so that nothing can be drawn as a stack.

use gigasite::site::{Block, Feed, Hall, LayoutFile, Node, NodeKind};

/// Replaces the network of a layout by one of `size` nodes or a few less.
pub fn network(template: &LayoutFile, size: usize) -> LayoutFile {
    let mut file = template.clone();
    let feed = template.feeds.first().expect("the template has a feed").clone();
    let node = template.nodes.first().expect("the template has a node").clone();
    let hall = template.halls.first().expect("the template has a hall").clone();
    let block = template.blocks.first().expect("the template has a block").clone();
    file.feeds = (1..=2).map(|i| Feed { id: format!("feed-{i}"), ..feed.clone() }).collect();
    file.loops.clear();
    file.rows.clear();
    file.network_racks.clear();
    file.nodes.clear();
    let mut add = |id: String, kind, from: Vec<String>, alternate: Vec<String>| {
        let capacity_mw = Some(5.0 + file.nodes.len() as f64 * 0.01);
        let own = Node { id, kind, from, alternate, capacity_mw, ..node.clone() };
        file.nodes.push(own);
    };
    for i in 0..8 {
        let feed = |k: usize| vec![format!("feed-{}", k % 2 + 1)];
        add(format!("t-{i}"), NodeKind::MainTransformer, feed(i / 4), feed(i / 4 + 1));
    }
    for i in 0..4 {
        let from = vec![format!("t-{}", 2 * i), format!("t-{}", 2 * i + 1)];
        add(format!("bus-{i}"), NodeKind::Substation, from, vec![format!("bus-{}", (i + 1) % 4)]);
    }
    // A feeder, five unit substations and five busways make a group of eleven.
    let groups = (size - 12) / 11;
    for g in 0..groups {
        add(format!("f-{g}"), NodeKind::Feeder, vec![format!("bus-{}", g * 4 / groups)], vec![]);
        for u in 0..5 {
            let tie = if u == 0 && g > 0 { vec![format!("f-{}", g - 1)] } else { vec![] };
            add(format!("us-{g}-{u}"), NodeKind::UnitSubstation, vec![format!("f-{g}")], tie);
            add(format!("bw-{g}-{u}"), NodeKind::Busway, vec![format!("us-{g}-{u}")], vec![]);
        }
    }
    file.halls = (0..groups.div_ceil(8))
        .map(|h| Hall { id: format!("hall-{h}"), name: format!("Hall {h}"), ..hall.clone() })
        .collect();
    file.blocks = (0..groups * 5)
        .map(|b| Block {
            id: format!("b-{b}"),
            hall: Some(format!("hall-{}", b / 40)),
            row: None,
            cooling_loop: None,
            node: Some(format!("bw-{}-{}", b / 5, b % 5)),
            node_b: None,
            ..block.clone()
        })
        .collect();
    file
}
