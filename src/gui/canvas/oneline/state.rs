//! What a one-line view remembers between frames.

use super::super::camera::Camera;
use super::super::id_of;
use super::super::layer::CardLayer;
use super::super::picture::Picture;
use super::super::widget::FactsKey;
use super::super::wire::Wire;
use crate::gui::context::{Element, Kind};
use crate::scene::geom::{Pt, View};
use crate::scene::oneline::{Choices, OneLineScene};
use crate::scene::plan::{ElementId, Overlay, PlanFacts};

/// Least and greatest zoom.
const ZOOM: (f64, f64) = (0.05, 5.0);

/// Where to look next; served when the size of the screen is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    Fit,
    Element(ElementId),
}

/// The state of one diagram view.
pub struct OneLineState {
    /// What figures and colours say; one that the diagram can show.
    pub overlay: Overlay,
    /// No animation: views jump.
    pub reduce_motion: bool,
    /// Drags from symbols draw connections.
    pub connects: bool,
    /// Connection that is being drawn.
    pub(super) wire: Option<Wire>,
    pub(super) choices: Choices,
    pub(super) camera: Camera,
    pub(super) scene: OneLineScene,
    pub(super) facts: PlanFacts,
    pub(super) facts_key: Option<FactsKey>,
    pub(super) facts_revision: u64,
    /// The card that paints the diagram; without one it is a mesh.
    pub layer: Option<CardLayer>,
    pub(super) picture: Picture,
    pub(super) hover: Option<usize>,
    pub(super) is_panning: bool,
    /// Symbol that was jumped to, outlined until then.
    pub(super) flash: Option<(usize, f64)>,
    pub(super) wish: Option<Wish>,
    /// What was selected here last: a selection from elsewhere is marked as such.
    pub(super) picked: Vec<Element>,
    /// Symbol that stays where it is while the diagram is laid out anew, by its key.
    pub(super) held: Option<(String, Pt)>,
}

impl Default for OneLineState {
    fn default() -> Self {
        Self {
            overlay: Overlay::Loading,
            reduce_motion: false,
            connects: false,
            wire: None,
            choices: Choices::default(),
            camera: Camera::new(ZOOM),
            scene: OneLineScene::default(),
            facts: PlanFacts::default(),
            facts_key: None,
            facts_revision: 0,
            layer: None,
            picture: Picture::default(),
            hover: None,
            is_panning: false,
            flash: None,
            wish: None,
            picked: Vec::new(),
            held: None,
        }
    }
}

impl OneLineState {
    /// Shows the whole diagram with the next frame.
    pub fn fit(&mut self) {
        self.wish = Some(Wish::Fit);
    }

    /// What is shown now, for a picture of it.
    pub fn shown(&self) -> Option<(View, Choices)> {
        self.camera.view.map(|view| (view, self.choices.clone()))
    }

    /// Whether an element can stand on a diagram.
    pub fn holds(element: &Element) -> bool {
        matches!(
            element.kind,
            Kind::Feed
                | Kind::Node
                | Kind::Loop
                | Kind::Generator
                | Kind::Battery
                | Kind::Hall
                | Kind::Block
        )
    }

    /// Brings an element, or the symbol that it is folded into, into view with the next frame.
    pub fn jump(&mut self, element: &Element) {
        self.wish = id_of(element).map(Wish::Element);
    }

    /// Another document: the next frame shows all of it, grouped automatically.
    pub fn reset(&mut self) {
        *self = Self {
            overlay: self.overlay,
            reduce_motion: self.reduce_motion,
            layer: self.layer,
            ..Self::default()
        };
    }

    /// Shows this place of the diagram in the middle at this zoom, without animation.
    pub fn look(&mut self, centre: Pt, scale: f64) {
        if let Some(view) = self.camera.view {
            self.camera.set(View { centre, scale, ..view });
        }
    }

    /// What is shown of the diagram.
    pub fn view(&self) -> Option<&View> {
        self.camera.view.as_ref()
    }

    /// The retained diagram.
    pub fn scene(&self) -> &OneLineScene {
        &self.scene
    }

    /// Middle of the symbol with a key.
    pub(super) fn place_of(&self, key: &str) -> Option<Pt> {
        let layout = &self.scene.layout;
        let index = layout.diagram.items.iter().position(|i| i.key == key)?;
        layout.boxes.get(index).map(|b| b.centre())
    }

    /// Opens, folds or takes apart an item, which stays where it is.
    pub(super) fn toggle(&mut self, item: usize) -> bool {
        let diagram = &self.scene.layout.diagram;
        let key = diagram.items.get(item).map(|i| i.key.clone());
        let changed = diagram.toggle(item, &mut self.choices);
        if let (true, Some(key)) = (changed, key) {
            self.held = self.place_of(&key).map(|at| (key, at));
        }
        changed
    }

    /// Other choices for the whole diagram, which is then shown whole.
    pub(super) fn choose(&mut self, choices: Choices) {
        self.choices = choices;
        self.fit();
    }
}
