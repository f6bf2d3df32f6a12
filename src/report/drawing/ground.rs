//! What a drawing shows, ready to be drawn for any view: plan or diagram with the figures of
//! an answer. It must not know what stands around it on a page.

use super::legend::{self, Entry};
use crate::report::{Face, Layer, Options, ReportError, Subject};
use crate::scene::geom::{Bounds, View};
use crate::scene::oneline::{self, Choices, OneLineScene};
use crate::scene::plan::{DrawOptions, Drawing, Overlay, PlanFacts, PlanScene, draw};
use crate::scene::shape::{Cell, Ink, Measure, Shape};
use crate::scene::tokens::Token;
use crate::study::network;

/// Room around a fitted plan and diagram, points: feeds come in, names stand beside symbols.
const PLAN_MARGIN: f64 = 28.0;
const DIAGRAM_MARGIN: (f64, f64) = (24.0, 30.0);
/// A fitted diagram is not larger than this on a screen, where symbols would look like toys,
/// and on paper, which may be large.
pub const ON_SCREEN: f64 = 1.25;
pub const ON_PAPER: f64 = 2.0;

enum Scene {
    Plan(Box<PlanScene>),
    Diagram(Box<OneLineScene>),
}

/// A plan or a diagram with its figures.
pub struct Sheet {
    scene: Scene,
    facts: PlanFacts,
    overlay: Overlay,
}

impl Sheet {
    /// Builds what the options ask for; `choices` open and fold branches of a diagram.
    ///
    /// # Errors
    /// [`ReportError::Nothing`] where the layout has neither halls nor a network.
    pub fn of(
        subject: &Subject,
        options: &Options,
        choices: &Choices,
    ) -> Result<Self, ReportError> {
        let scene = match options.face {
            Face::SitePlan => {
                let mut scene = PlanScene::default();
                scene.update(subject.site, subject.catalog);
                if scene.core.is_none() {
                    return Err(ReportError::nothing(options.face));
                }
                Scene::Plan(Box::new(scene))
            }
            Face::OneLine => {
                let mut scene = OneLineScene::default();
                scene.update(subject.site, subject.catalog, choices);
                if scene.layout.bounds.is_none() {
                    return Err(ReportError::nothing(options.face));
                }
                Scene::Diagram(Box::new(scene))
            }
            // Charts, which stand on no ground.
            _ => return Err(ReportError::nothing(options.face)),
        };
        let overlay = options.overlay();
        let outcome = subject.outcome.filter(|_| overlay.needs_answer());
        let facts = PlanFacts::of(subject.site, subject.catalog, outcome);
        let facts = match outcome.filter(|_| overlay.is_of_flow()) {
            Some(outcome) => {
                let found = network::check(subject.site, subject.catalog, outcome).ok();
                let state = found.map(|checked| checked.state(subject.site));
                facts.with_network(state.as_ref(), None)
            }
            None => facts,
        };
        let facts = facts.under(overlay, subject.site, subject.catalog, outcome);
        Ok(Self { scene, facts, overlay })
    }

    /// Ground or diagram that a page has to show.
    pub fn extent(&self) -> Bounds {
        match &self.scene {
            Scene::Plan(scene) => scene.bounds.unwrap_or(Bounds::NOTHING),
            Scene::Diagram(scene) => scene.layout.bounds.unwrap_or(Bounds::NOTHING),
        }
    }

    /// Everything, as large as the frame allows, a diagram at most at zoom `largest`.
    pub fn fit(&self, frame: Bounds, largest: f64) -> View {
        let extent = self.extent();
        match &self.scene {
            Scene::Plan(_) => View::fit(&extent, frame, PLAN_MARGIN),
            Scene::Diagram(_) => {
                let (dx, dy) = DIAGRAM_MARGIN;
                let room = Bounds { min: frame.min.plus(dx, dy), max: frame.max.plus(-dx, -dy) };
                let fitted = View::fit(&extent, room, 0.0);
                View { scale: fitted.scale.min(largest), screen: frame, ..fitted }
            }
        }
    }

    /// The picture for a view, cut to its screen.
    pub fn layer(&self, view: View, measure: &mut Measure) -> Layer {
        let options =
            DrawOptions { view, overlay: self.overlay, facts: &self.facts, taken: Vec::new() };
        let drawing = match &self.scene {
            Scene::Plan(scene) => draw(scene, options, measure),
            Scene::Diagram(scene) => oneline::draw(scene, &options, measure),
        };
        let mut shapes = vec![Shape::fill(view.screen, Ink::token(Token::Canvas))];
        shapes.extend(flat(drawing));
        Layer::within(view.screen, shapes)
    }

    /// What its colours and signs mean.
    pub(super) fn legend(&self) -> Vec<Entry> {
        match &self.scene {
            Scene::Plan(scene) => legend::of_plan(scene, self.overlay, &self.facts),
            Scene::Diagram(_) => legend::of_diagram(self.overlay, &self.facts),
        }
    }

    /// What the colours say in one line, where the overlay has such a line.
    pub fn note(&self) -> &str {
        &self.facts.sheet.note
    }

    pub const fn overlay(&self) -> Overlay {
        self.overlay
    }

    /// Whether lengths on it are lengths on the ground.
    pub const fn is_to_scale(&self) -> bool {
        matches!(self.scene, Scene::Plan(_))
    }

    /// Rack places of the plan; `None` for a diagram.
    pub fn racks(&self) -> Option<u64> {
        match &self.scene {
            Scene::Plan(scene) => Some(scene.racks()),
            Scene::Diagram(_) => None,
        }
    }
}

/// The parts of a drawing in the order in which they are painted.
pub fn flat(drawing: Drawing) -> Vec<Shape> {
    let Drawing { ground, cells, over, labels, .. } = drawing;
    let cells = cells.into_iter().map(|Cell { bounds, ink }| Shape::fill(bounds, ink));
    ground.into_iter().chain(cells).chain(over).chain(labels).collect()
}
