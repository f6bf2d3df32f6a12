//! A plan of a whole site in a small place, without tools and gestures: for comparisons.

use super::paint;
use super::picture::{Key, Picture};
use super::widget::{FactsKey, with_feeds};
use crate::gui::components::paint::dashed_box;
use crate::gui::context::Context;
use crate::gui::theme::Theme;
use crate::scene::geom::{Bounds, View};
use crate::scene::plan::{ElementId, Overlay, PlanFacts, PlanScene, draw};
use crate::scene::tokens::{Token, size};
use eframe::egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo};

/// Room around the halls and yards, points.
const MARGIN: f64 = 10.0;

/// How a plan is shown.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// Of the site, for assistive technology.
    pub name: &'a str,
    /// Paths of elements that get a dashed box.
    pub outlined: &'a [String],
    pub overlay: Overlay,
    /// Brings the first of them into view, in place of the whole site.
    pub zoom: bool,
}

/// What one small plan keeps between frames.
#[derive(Default)]
pub struct Thumbnail {
    scene: PlanScene,
    facts: PlanFacts,
    facts_key: Option<FactsKey>,
    facts_revision: u64,
    picture: Picture,
}

impl Thumbnail {
    /// Draws the site of a context in `rect`.
    pub fn show(&mut self, ui: &mut Ui, context: &Context<'_>, rect: Rect, look: Look<'_>) {
        let Look { name, outlined, overlay, zoom } = look;
        let theme = Theme::of(ui.ctx());
        self.scene.update(context.site, context.catalog);
        if FactsKey::renew(&mut self.facts_key, context, overlay) {
            let (site, catalog, outcome) = (context.site, context.catalog, context.outcome);
            self.facts =
                PlanFacts::of(site, catalog, outcome).under(overlay, site, catalog, outcome);
            self.facts_revision += 1;
        }
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, 0.0, theme.color(Token::Canvas));
        let screen = paint::bounds(rect);
        let whole = self.scene.core.or(self.scene.bounds);
        let whole = whole.unwrap_or(Bounds::xywh(0.0, 0.0, 100.0, 100.0));
        let ids: Vec<ElementId> =
            outlined.iter().filter_map(|path| ElementId::from_path(path)).collect();
        let first = ids.iter().find_map(|id| self.scene.item(id)).filter(|_| zoom);
        let view = match first {
            Some(item) => View::fit(&item.bounds, screen, 60.0),
            None => {
                let view = View::fit(&whole, screen, MARGIN);
                with_feeds(&self.scene, (&whole, screen.grown(-MARGIN)), view)
            }
        };
        let key = Key {
            view,
            scene: self.scene.revision,
            facts: self.facts_revision,
            overlay,
            dark: theme.palette.is_dark,
            pixels_per_point: ui.pixels_per_point(),
            taken: Vec::new(),
        };
        let scene = &self.scene;
        self.picture.paint(key, &self.facts, (&painter, None), |options, measure, _| {
            (draw(scene, options, measure), None)
        });
        let edge = Stroke::new(size::SELECTION, theme.color(Token::Accent));
        for id in &ids {
            if let Some(item) = self.scene.item(id) {
                let around = paint::rect(&view.box_to_screen(&item.bounds)).expand(2.0);
                dashed_box(&painter, around, edge);
            }
        }
        let response = ui.interact(rect, ui.scope_id().with(("thumbnail", name)), Sense::hover());
        let racks = crate::units::format::racks(self.scene.racks() as f64);
        let spoken = format!("Plan of {name}, {racks}, {} changed", outlined.len());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    }
}
