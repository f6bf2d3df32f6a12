//! The one-line diagram of a network of 850 nodes: read from the site, laid out with branches
//! folded automatically and with every element shown, drawn.

mod common;
#[path = "common/network.rs"]
mod network;

use common::{Times, heading, row, timed};
use gigasite::catalog::Catalog;
use gigasite::scene::geom::{Bounds, View};
use gigasite::scene::oneline::{Choices, Network, OneLineScene, draw, layout};
use gigasite::scene::plan::{DrawOptions, Overlay, PlanFacts};
use gigasite::scene::shape::rough_size;
use gigasite::site::{Site, file};
use std::path::Path;

const NODES: usize = 850;
const REPEATS: usize = 20;
/// A layout should not be felt, milliseconds.
const BAR: Option<f64> = Some(50.0);

fn main() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts/pilot-20mw.ron");
    let text = std::fs::read_to_string(path).expect("the example is there");
    let template = file::parse(&text, "pilot-20mw.ron").expect("the example is a layout");
    let site = Site::from_file(network::network(&template, NODES));
    let catalog = Catalog::embedded().expect("the embedded catalogue is right");
    let facts = PlanFacts::of(&site, &catalog, None);
    let screen = Bounds::xywh(0.0, 0.0, 1040.0, 600.0);
    heading(&format!("One-line diagram of {} nodes", site.campus.nodes.len()));
    for (name, choices) in [("automatic", Choices::default()), ("all", Choices::everything())] {
        let (mut read, mut laid, mut drawn) =
            (Times::default(), Times::default(), Times::default());
        for _ in 0..REPEATS {
            let (network, seconds) = timed(|| Network::of(&site, &catalog));
            read.push(seconds);
            laid.push(timed(|| layout(&network, &choices)).1);
            let mut scene = OneLineScene::default();
            scene.update(&site, &catalog, &choices);
            let whole = scene.layout.bounds.expect("there is something to draw");
            let view = View::fit(&whole, screen, 20.0);
            drawn.push(
                timed(|| {
                    let options = DrawOptions {
                        view,
                        overlay: Overlay::Loading,
                        facts: &facts,
                        taken: vec![],
                    };
                    draw(&scene, &options, &mut rough_size)
                })
                .1,
            );
        }
        row(&format!("{name}: network of the site"), &read, None);
        row(&format!("{name}: layout"), &laid, BAR);
        row(&format!("{name}: draw"), &drawn, None);
    }
}
