//! How much processor time a frame of racks takes. Prints; the bound is generous, because test
//! builds are not optimised. Run with `--nocapture` and an optimised profile to read it.

use eframe::egui::Mesh;
use gigasite::catalog::Catalog;
use gigasite::gui::canvas::paint;
use gigasite::scene::geom::{Bounds, View, pt};
use gigasite::scene::plan::{DrawOptions, Overlay, PlanFacts, PlanScene, draw};
use gigasite::scene::shape::rough_size;
use gigasite::scene::tokens::Palette;
use gigasite::site::{self, LayoutFile, Site};
use std::path::Path;
use std::time::Instant;

/// A field of blocks of 16, 60 a row, on the terms of the tiny layout.
fn field(racks: usize) -> Site {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts/pilot-20mw.ron");
    let mut file: LayoutFile = site::file::load(&path).expect("the layout reads");
    let template = file.blocks.first().expect("has a block").clone();
    file.halls.clear();
    file.rows.clear();
    file.network_racks.clear();
    file.blocks = (0..racks / 16)
        .map(|i| {
            let (x, y) = ((i % 60) as f64 * 10.0, (i / 60) as f64 * 3.0);
            site::Block {
                id: format!("b-{i}"),
                hall: None,
                row: None,
                count: Some(16),
                planned: None,
                mw: None,
                racks_per_line: Some(16),
                at: [x, y],
                size: [9.6, 1.2],
                ..template.clone()
            }
        })
        .collect();
    Site::from_file(file)
}

/// Least milliseconds of one redraw of everything, view changed: other work on the machine
/// only ever adds to it.
fn redraw_ms(racks: usize) -> (f64, usize) {
    let catalog = Catalog::embedded().expect("the catalogue reads");
    let site = field(racks);
    let mut scene = PlanScene::default();
    scene.update(&site, &catalog);
    let facts = PlanFacts::of(&site, &catalog, None);
    let rows = (racks / 16).div_ceil(60) as f64;
    let ground = Bounds::xywh(0.0, 0.0, 600.0, rows * 3.0);
    // Zoomed so that each rack is a cell, on a screen large enough to show all of them.
    let view = View {
        centre: ground.centre(),
        scale: 5.2,
        screen: Bounds::around(pt(0.0, 0.0), 4000.0, rows * 16.0 + 200.0),
    };
    let mut times: Vec<f64> = (0..9)
        .map(|i| {
            let view = view.panned(f64::from(i), 0.0);
            let start = Instant::now();
            let options =
                DrawOptions { view, overlay: Overlay::None, facts: &facts, taken: vec![] };
            let drawing = draw(&scene, options, &mut rough_size);
            let mut mesh = Mesh::default();
            paint::cells(&drawing.cells, &Palette::dark(), &mut mesh);
            assert_eq!(mesh.vertices.len(), 4 * (racks / 16 * 16), "every rack is drawn");
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[0], scene.racks() as usize)
}

#[test]
fn a_frame_of_fifteen_thousand_racks_is_quick() {
    for racks in [15_000, 150_000] {
        let (ms, n) = redraw_ms(racks);
        println!("{n} racks, every one a cell: {ms:.2} ms to draw and mesh");
        assert!(ms < 0.02 * racks as f64, "{ms} ms");
    }
}
