//! What the card paints by itself looks as what is painted as a mesh does, at every zoom.

use super::demo::Demo;
use super::look;
use super::plan::Window;
use eframe::egui::{Theme, Ui, Vec2, vec2};
use eframe::egui_wgpu::RenderState;
use egui_kittest::Harness;
use egui_kittest::wgpu::{WgpuTestRenderer, create_render_state, default_wgpu_setup};
use gigasite::gui::action::Actions;
use gigasite::gui::canvas::CardLayer;
use gigasite::gui::panels::one_line::{self, OneLineState};
use gigasite::gui::panels::site_plan::{self, PlanViewState};
use gigasite::gui::theme;
use gigasite::scene::plan::{BlockGeom, ElementId, ElementKind, Holding, Overlay};
use gigasite::site::Block;

const SIZE: Vec2 = vec2(900.0, 560.0);

/// A canvas in a window with a card: the state is given the layer of that card, or none, and so
/// paints by the card or as a mesh.
fn painted<S: 'static>(
    (dark, pixels): (bool, f32),
    start: impl FnOnce(&RenderState) -> S,
    mut show: impl FnMut(&mut Ui, &mut S) + 'static,
) -> Harness<'static, S> {
    let options = eframe::egui_wgpu::RendererOptions::PREDICTABLE;
    let card = create_render_state(default_wgpu_setup(), options);
    let start = start(&card);
    let mut harness = Harness::builder()
        .with_size(SIZE)
        .with_pixels_per_point(pixels)
        .with_theme(if dark { Theme::Dark } else { Theme::Light })
        .with_context_setup(theme::install)
        .renderer(WgpuTestRenderer::from_render_state(card))
        .build_ui_state(move |ui, state| show(ui, state), start);
    harness.run();
    harness
}

/// A plan that is painted by the card, or as a mesh.
fn window(demo: Demo, on_card: bool, dark: bool, pixels: f32) -> Harness<'static, Window> {
    let start = |card: &RenderState| {
        let mut state = PlanViewState::new();
        state.reduce_motion = true;
        state.layer = on_card.then(|| CardLayer::install(card));
        Window { demo, state, actions: Actions::new() }
    };
    painted((dark, pixels), start, |ui, w: &mut Window| {
        let context = w.demo.context();
        site_plan::show(ui, &context, &mut w.state, &mut w.actions);
    })
}

/// Asserts that the pictures agree. Where an edge falls on the middle of a pixel, single and
/// double precision may round to either side; circles of a mesh have corners, which shows in how
/// soft their edges are.
#[track_caller]
fn agree<S>(both: &mut [Harness<'static, S>; 2], name: &str) {
    let [card, mesh] = both.each_mut().map(|h| h.render().expect("renders"));
    let off = |by: u8| {
        let different = |(a, b): &(&image::Rgba<u8>, &image::Rgba<u8>)| {
            a.0.iter().zip(&b.0).any(|(a, b)| a.abs_diff(*b) > by)
        };
        card.pixels().zip(mesh.pixels()).filter(different).count()
    };
    for (harness, how) in both.iter_mut().zip(["card", "mesh"]) {
        look(harness, &format!("painted-{name}-{how}"));
    }
    for (by, share) in [(24, 500), (3, 25)] {
        let (off, most) = (off(by), card.pixels().len() / share);
        assert!(off <= most, "{name}: {off} pixels differ by {by}, at most {most} may");
    }
}

/// Both ways beside each other.
struct Both([Harness<'static, Window>; 2]);

impl Both {
    fn new(demo: impl Fn() -> Demo, dark: bool) -> Self {
        Self::with_pixels(demo, dark, 1.0)
    }

    fn with_pixels(demo: impl Fn() -> Demo, dark: bool, pixels: f32) -> Self {
        Self([true, false].map(|on_card| window(demo(), on_card, dark, pixels)))
    }

    fn each(&mut self, change: impl Fn(&mut Window)) {
        for harness in &mut self.0 {
            change(harness.state_mut());
            harness.run();
        }
    }

    #[track_caller]
    fn agree(&mut self, name: &str) {
        agree(&mut self.0, name);
    }
}

fn block_of(site: &gigasite::site::Site, id: &str) -> Block {
    site.blocks().find(|b| b.id == id).expect("stands there").clone()
}

const MARK: &str = "h5-n-r1-b1";

#[test]
fn both_ways_agree_at_every_zoom_and_in_both_themes() {
    for dark in [true, false] {
        let centre = {
            let at = block_of(&Demo::invented().site, MARK);
            gigasite::scene::geom::pt(at.at[0] + 11.0, at.at[1] + 3.0)
        };
        for (name, scale) in
            [("rows", 0.15), ("site", 0.6), ("hatch", 2.3), ("racks", 9.7), ("trays", 57.3)]
        {
            let mut both = Both::new(Demo::invented, dark);
            both.each(|w| w.state.look(centre, scale));
            both.agree(&format!("{name}-{}", if dark { "dark" } else { "light" }));
        }
    }
}

#[test]
fn both_ways_agree_for_blocks_of_several_lines_inks_and_directions() {
    let demo = || {
        let mut demo = Demo::invented();
        let mut file = demo.site.to_file();
        for (spot, block) in file.blocks.iter_mut().enumerate() {
            // Upright, in four lines with a short last one, planned, and as a pool of power.
            match spot % 4 {
                0 => block.size = [block.size[1], block.size[0]],
                1 => (block.count, block.racks_per_line) = (Some(15), Some(4)),
                2 => {
                    let rack = block.rack.take().into_iter().collect();
                    block.planned = Some(gigasite::site::Planned { racks: rack, min: 0, max: 16 });
                    block.count = None;
                }
                _ => {
                    block.count = None;
                    block.mw = Some(gigasite::units::Limit::At(3.0));
                }
            }
        }
        demo.site = gigasite::site::Site::from_file(file);
        // Half of what is planned is bought.
        for result in &mut demo.outcome.plan.blocks {
            result.racks = result.racks.map(|r| (r / 2.0).floor());
        }
        demo
    };
    let at = block_of(&demo().site, MARK).at;
    for overlay in [Overlay::None, Overlay::Tier] {
        for (name, scale) in [("hatch", 2.3), ("racks", 12.9), ("trays", 61.0)] {
            let mut both = Both::new(demo, true);
            both.each(|w| {
                w.state.overlay = overlay;
                w.state.look(gigasite::scene::geom::pt(at[0] + 9.0, at[1] + 2.0), scale);
            });
            both.agree(&format!("mixed-{name}-{overlay:?}"));
        }
    }
}

#[test]
fn both_ways_agree_where_pixels_are_smaller_than_points() {
    let at = block_of(&Demo::invented().site, MARK).at;
    for pixels in [1.25, 1.5, 2.0] {
        for (name, scale) in [("far", 0.31), ("site", 0.9), ("near", 4.1)] {
            let mut both = Both::with_pixels(Demo::invented, true, pixels);
            let centre = gigasite::scene::geom::pt(at[0] + 11.0, at[1] + 3.0);
            both.each(|w| {
                w.state.overlay = Overlay::Loading;
                w.state.look(centre, scale);
            });
            both.agree(&format!("{name}-{pixels}"));
        }
    }
}

#[test]
fn both_ways_agree_for_the_diagram() {
    for (dark, pixels) in [(true, 1.0), (false, 1.0), (true, 1.5)] {
        let mut both = [true, false].map(|on_card| {
            let start = |card: &RenderState| {
                let mut state = OneLineState::default();
                state.reduce_motion = true;
                state.layer = on_card.then(|| CardLayer::install(card));
                (Demo::invented(), state)
            };
            painted((dark, pixels), start, |ui, (demo, state): &mut (Demo, OneLineState)| {
                one_line::show(ui, &demo.context(), state, &mut Actions::new());
            })
        });
        agree(&mut both, &format!("diagram-{dark}-{pixels}"));
    }
}

#[test]
fn an_edit_moves_the_racks_that_the_card_paints() {
    let mut both = Both::new(Demo::invented, true);
    let at = block_of(&Demo::invented().site, MARK).at;
    both.each(|w| w.state.look(gigasite::scene::geom::pt(at[0] + 9.0, at[1]), 9.7));
    let before = both.0[0].render().expect("renders");
    both.each(|w| {
        let (x, y) = (at[0] + 1.2, at[1] - 0.6);
        w.demo.site.set(&format!("blocks.{MARK}.at"), &format!("({x}, {y})")).expect("is set");
    });
    let after = both.0[0].render().expect("renders");
    assert_ne!(before, after, "the block has moved");
    both.agree("moved");
}

#[test]
fn the_scene_finds_elements_after_edits_as_a_scene_made_anew_does() {
    let mut demo = Demo::invented();
    let mut kept = gigasite::scene::plan::PlanScene::default();
    kept.update(&demo.site, &demo.catalog);
    let edits: [&dyn Fn(&mut gigasite::site::Site); 4] = [
        &|site| drop(site.set("blocks.h5-n-r1-b1.at", "(3.0, 4.0)").expect("is set")),
        &|site| drop(site.halls.remove(2)),
        &|site| drop(site.set("nodes.sub-b1.at", "(50.0, 60.0)").expect("is set")),
        &|site| {
            let moved = site.halls.remove(0);
            site.halls.push(moved);
        },
    ];
    for edit in edits {
        edit(&mut demo.site);
        let halls = demo.site.halls.len();
        kept.update(&demo.site, &demo.catalog);
        assert!(kept.rebuilt <= 1, "one part of {halls}");
        let mut fresh = gigasite::scene::plan::PlanScene::default();
        fresh.update(&demo.site, &demo.catalog);
        assert_eq!((kept.bounds, kept.core), (fresh.bounds, fresh.core));
        for item in fresh.items() {
            assert_eq!(kept.item(&item.id), fresh.item(&item.id), "{:?}", item.id);
        }
        let gone = ElementId::new(ElementKind::Block, "never-was");
        assert_eq!(kept.item(&gone), None);
        let blocks = |s: &gigasite::scene::plan::PlanScene| -> Vec<BlockGeom> {
            s.halls.iter().flat_map(|h| h.blocks.clone()).collect()
        };
        assert_eq!(blocks(&kept), blocks(&fresh));
        assert!(blocks(&kept).iter().any(|b| matches!(b.holding, Holding::Installed(_))));
    }
}
