//! A site plan that is looked at, not edited: the whole site in a box. It must not know why.

use super::paint;
use super::picture::{Key, Picture};
use crate::catalog::Catalog;
use crate::gui::theme::Theme;
use crate::scene::geom::{Bounds, Pt, View};
use crate::scene::plan::{Item, Overlay, PlanFacts, PlanScene, draw};
use crate::site::Site;
use crate::study::Outcome;
use eframe::egui::{Painter, Pos2, Rect};

/// Room around the site, points.
const MARGIN: f64 = 14.0;

/// The plan of one site, kept between frames.
#[derive(Default)]
pub struct Still {
    scene: PlanScene,
    facts: PlanFacts,
    facts_revision: u64,
    picture: Picture,
    view: Option<View>,
}

impl Still {
    /// Takes over another site or another answer.
    pub fn update(&mut self, site: &Site, catalog: &Catalog, outcome: Option<&Outcome>) {
        self.scene.update(site, catalog);
        self.facts = PlanFacts::of(site, catalog, outcome);
        self.facts_revision += 1;
    }

    /// Paints the whole site into `rect`.
    pub fn paint(&mut self, painter: &Painter, rect: Rect, overlay: Overlay) {
        let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
        let whole = self.scene.bounds.unwrap_or(Bounds::xywh(0.0, 0.0, 100.0, 100.0));
        let view = View::fit(&whole, paint::bounds(rect), MARGIN);
        self.view = Some(view);
        let key = Key {
            view,
            scene: self.scene.revision,
            facts: self.facts_revision,
            overlay,
            dark: Theme::of(painter.ctx()).palette.is_dark,
            pixels_per_point: painter.ctx().pixels_per_point(),
            taken: Vec::new(),
        };
        let scene = &self.scene;
        self.picture.paint(key, &self.facts, (&painter, None), |options, measure, _| {
            (draw(scene, options, measure), None)
        });
    }

    /// The element under a point of the screen, as last painted.
    pub fn hit(&self, at: Pos2) -> Option<&Item> {
        self.scene.hit(self.view?.to_world(paint::point(at)))
    }

    /// Where an element stands on the screen, as last painted.
    pub fn place(&self, path: &str) -> Option<Rect> {
        let item = self.scene.items().find(|i| i.id.path() == path)?;
        Some(paint::rect(&self.view?.box_to_screen(&item.bounds)))
    }

    /// The scale bar of the picture: its length in metres and on the screen.
    pub fn scale_bar(&self, most: f32) -> Option<(f64, f32)> {
        let view = self.view?;
        let metres = crate::scene::geom::round_length(f64::from(most) / view.scale);
        let (from, to) = (Pt { x: 0.0, y: 0.0 }, Pt { x: metres, y: 0.0 });
        Some((metres, (view.to_screen(to).x - view.to_screen(from).x) as f32))
    }
}
