//! What floats over the plan at fixed corners: tools, zoom, legend, scale, north, minimap.

use super::badge::floating;
use super::controls::{self, CELL, Glyph, INSET, LEGEND, PAD};
use super::layer::CardLayer;
use super::paint::{self, bounds, point};
use super::painting::{Letters, Painted, Painting};
use super::phases;
use super::state::{PlanViewState, Tool};
use crate::gui::action::Actions;
use crate::gui::components::paint::Text;
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::measure;
use crate::gui::theme::Theme;
use crate::scene::geom::{Bounds, View, pt};
use crate::scene::plan::{Overlay, PlanScene, minimap, minimap_view, north, scale_bar};
use crate::scene::shape::Hue;
use crate::scene::tokens::{TextRole, Token};
use eframe::egui::{Id, Painter, Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

const MINIMAP: (f32, f32) = (156.0, 84.0);

/// Where the floating things stand in a canvas.
pub struct Places {
    pub tools: Rect,
    pub zoom: Rect,
    pub legend: Rect,
    pub minimap: Option<Rect>,
    pub scale: Rect,
    /// The bar of phases, where it is shown.
    pub phases: Option<Rect>,
}

impl Places {
    /// With the bar of phases.
    pub fn with_phases(self, is_shown: bool) -> Self {
        let phases = is_shown.then(|| super::phases::place(self.legend));
        Self { phases, ..self }
    }

    pub fn of(rect: Rect) -> Self {
        let tools = Rect::from_min_size(rect.min + vec2(INSET, INSET), controls::strip(6.0));
        let zoom_size = controls::strip(3.0);
        let zoom = Rect::from_min_size(
            pos2(rect.left() + INSET, rect.bottom() - INSET - zoom_size.y),
            zoom_size,
        );
        let legend = Rect::from_min_size(
            pos2(rect.right() - INSET - LEGEND.0, rect.top() + INSET),
            vec2(LEGEND.0, LEGEND.1),
        );
        let roomy = rect.width() > 560.0 && rect.height() > 320.0;
        let minimap = roomy.then(|| {
            let size = vec2(MINIMAP.0, MINIMAP.1);
            Rect::from_min_size(rect.max - size - vec2(INSET, INSET), size)
        });
        let scale = Rect::from_min_size(
            pos2(zoom.right() + 14.0, rect.bottom() - INSET - 36.0),
            vec2(250.0, 36.0),
        );
        Self { tools, zoom, legend, minimap, scale, phases: None }
    }

    /// Screen that labels keep clear of.
    pub fn taken(&self) -> Vec<Bounds> {
        let all = [
            Some(self.tools),
            Some(self.zoom),
            Some(self.legend),
            self.minimap,
            Some(self.scale),
            self.phases,
        ];
        all.into_iter().flatten().map(|r| bounds(r.expand(3.0))).collect()
    }

    /// Whether the pointer is over something that floats.
    pub fn covers(&self, at: Option<Pos2>) -> bool {
        let Some(at) = at else { return false };
        [Some(self.tools), Some(self.zoom), Some(self.legend), self.minimap, self.phases]
            .into_iter()
            .flatten()
            .any(|r| r.contains(at))
    }
}

/// Shows everything that floats.
pub fn show(
    ui: &mut Ui,
    places: &Places,
    context: &Context,
    state: &mut PlanViewState,
    _actions: &mut Actions,
) {
    strip(ui, places.tools, state);
    if controls::zoom(ui, places.zoom, &mut state.camera) {
        state.fit();
    }
    legend(ui, places.legend, context, state);
    if let Some(rect) = places.phases {
        phases::show(ui, rect, context, state);
    }
    let Some(view) = state.camera.view else { return };
    let painter = ui.painter_at(view_rect(&view));
    let theme = Theme::of(ui.ctx());
    let under = theme.tint(Token::Canvas, 0.78);
    painter.rect_filled(places.scale.expand2(vec2(4.0, 2.0)), 4.0, under);
    let at = pt(f64::from(places.scale.left()) + 4.0, f64::from(places.scale.top()) + 14.0);
    paint::paint(&painter, &scale_bar(&view, at, measure::system(painter.ctx())), theme);
    let compass = pt(f64::from(places.scale.right()) - 24.0, f64::from(places.scale.center().y));
    paint::paint(&painter, &north(compass), theme);
    if let Some(frame) = places.minimap {
        overview(ui, frame, state, &view);
    }
}

fn view_rect(view: &View) -> Rect {
    paint::rect(&view.screen)
}

fn strip(ui: &mut Ui, rect: Rect, state: &mut PlanViewState) {
    floating(ui.painter(), rect, Theme::of(ui.ctx()));
    let at = |i: f32| {
        let corner = rect.min + vec2(PAD, PAD + i * CELL);
        Rect::from_min_size(corner, vec2(CELL, CELL))
    };
    let tools = [
        (Tool::Select, "Select (V)"),
        (Tool::Pan, "Pan (H)"),
        (Tool::Measure, "Measure (M)"),
        (Tool::Connect, "Draw connections (C)"),
    ];
    for (i, (tool, name)) in tools.into_iter().enumerate() {
        let place = at(i as f32);
        let (response, color) =
            controls::cell(ui, place, name, state.tool == tool && state.place.is_none());
        controls::glyph(ui.painter(), tool_glyph(tool), place.center(), color);
        if response.clicked() {
            state.take(tool);
        }
    }
    let place = at(4.0);
    let (response, color) =
        controls::cell(ui, place, "Snap to neighbours and 0.6 m (G; Alt: not)", state.snap);
    controls::glyph(ui.painter(), MAGNET, place.center(), color);
    if response.clicked() {
        state.snap = !state.snap;
    }
    let place = at(5.0);
    let (response, color) = controls::cell(ui, place, "Whole site (F)", false);
    Icon::Fit.paint_sized(ui.painter(), place.center(), 15.0, color);
    if response.clicked() {
        state.fit();
    }
}

const POINTER: Glyph = &[&[
    (4.0, 2.5),
    (12.5, 7.5),
    (8.6, 8.6),
    (11.2, 12.8),
    (9.6, 13.7),
    (7.1, 9.5),
    (4.4, 12.2),
    (4.0, 2.5),
]];
const HAND: Glyph = &[
    &[
        (5.0, 9.5),
        (3.4, 7.6),
        (2.5, 8.3),
        (5.2, 13.0),
        (6.6, 14.0),
        (10.6, 14.0),
        (12.2, 12.4),
        (12.9, 5.2),
        (11.7, 5.0),
        (11.2, 8.2),
    ],
    &[(5.0, 9.5), (5.2, 3.4), (6.4, 3.4), (6.9, 7.8)],
    &[(6.9, 7.8), (7.4, 2.2), (8.6, 2.2), (9.0, 7.8)],
    &[(9.0, 7.8), (9.7, 3.0), (10.9, 3.2), (11.2, 8.2)],
];
const RULER: Glyph = &[
    &[(2.5, 11.0), (11.0, 2.5), (13.5, 5.0), (5.0, 13.5), (2.5, 11.0)],
    &[(5.2, 8.3), (6.6, 9.7)],
    &[(7.2, 6.3), (8.2, 7.3)],
    &[(9.2, 4.3), (10.6, 5.7)],
];
const MAGNET: Glyph = &[
    &[
        (3.5, 2.5),
        (3.5, 8.5),
        (4.6, 11.4),
        (8.0, 13.0),
        (11.4, 11.4),
        (12.5, 8.5),
        (12.5, 2.5),
        (9.8, 2.5),
        (9.8, 8.5),
        (8.0, 10.2),
        (6.2, 8.5),
        (6.2, 2.5),
        (3.5, 2.5),
    ],
    &[(3.5, 5.2), (6.2, 5.2)],
    &[(9.8, 5.2), (12.5, 5.2)],
];
fn tool_glyph(tool: Tool) -> Glyph {
    match tool {
        Tool::Select => POINTER,
        Tool::Pan => HAND,
        Tool::Measure | Tool::Outline | Tool::Calibrate => RULER,
        Tool::Connect => controls::CONNECT,
    }
}

/// The meaning of the fill, and the choice of another one.
fn legend(ui: &mut Ui, rect: Rect, context: &Context, state: &mut PlanViewState) {
    let shown = context.grid.overlay(state.overlay);
    let mut chosen = shown;
    let body = controls::legend(ui, rect, &mut chosen, &Overlay::all());
    if chosen != shown {
        state.overlay = chosen;
    }
    let painter = ui.painter();
    match shown {
        _ if shown.is_electrical() => controls::loading_scale(painter, body, shown, &state.facts),
        Overlay::None => {
            let mut seen: Vec<(Hue, String)> = Vec::new();
            for generation in state.scene.halls.iter().flat_map(|h| &h.generations) {
                let hue = Hue::Rack(*generation);
                if !seen.iter().any(|s| s.0 == hue) {
                    seen.push((hue, generation.name().to_owned()));
                }
            }
            controls::swatches(painter, body, &seen);
            let racks = crate::units::format::racks(state.scene.racks() as f64);
            controls::caption(
                painter,
                body,
                &format!("{racks} of {}", context.site.terms.site.name),
            );
        }
        _ => controls::sheet(painter, body, &state.facts.sheet),
    }
}

/// The picture of the whole site, kept until the site, the theme, its frame or the card is another
/// one.
pub struct Overview {
    key: (u64, Bounds, bool, bool),
    painted: Painted,
    map: View,
}

impl Overview {
    /// Paints the picture and returns its view.
    fn paint(
        slot: &mut Option<Overview>,
        scene: &PlanScene,
        (frame, theme): (Bounds, &Theme),
        (painter, card): (&Painter, Option<(CardLayer, Id)>),
    ) -> View {
        let key = (scene.revision, frame, theme.palette.is_dark, card.is_some());
        let kept = slot.take().filter(|kept| kept.key == key).unwrap_or_else(|| {
            let small = minimap(scene, frame);
            let mut letters = Letters::default();
            let mut painting =
                Painting::new(painter, &mut letters, Painted::default(), card.is_some());
            painting.add(&small.outline);
            painting.cells(&small.cells);
            Self { key, painted: painting.done(), map: small.map }
        });
        kept.painted.paint(painter, card);
        slot.insert(kept).map
    }
}

/// The whole site small; a click or drag on it moves the view there.
fn overview(ui: &mut Ui, frame: Rect, state: &mut PlanViewState, view: &View) {
    let theme = Theme::of(ui.ctx());
    floating(ui.painter(), frame, theme);
    let response = ui.interact(frame, ui.scope_id().with("plan-minimap"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Overview of the site"));
    let inner = frame.shrink2(vec2(4.0, 4.0)).with_max_y(frame.bottom() - 12.0);
    let painter = ui.painter_at(frame);
    let card = state.layer.map(|layer| (layer, response.id));
    let how = (bounds(inner), theme);
    let map = Overview::paint(&mut state.overview, &state.scene, how, (&painter, card));
    if let Some(shown) = minimap_view(&map, view, bounds(inner)) {
        paint::paint(&painter, &[shown], theme);
    }
    if let Some(parcel) = area_words(state) {
        let row = Rect::from_min_size(
            pos2(frame.left() + 8.0, frame.bottom() - 17.0),
            vec2(frame.width() - 16.0, 14.0),
        );
        Text::new(&parcel, TextRole::Tiny, theme.color(Token::Text3)).paint(&painter, row);
    }
    if let Some(at) = response.interact_pointer_pos() {
        let centre = map.to_world(point(at));
        state.camera.set(View { centre, ..*view });
    }
}

/// `196 ha parcel`, by the shoelace formula.
fn area_words(state: &PlanViewState) -> Option<String> {
    let p = &state.scene.parcel;
    let next = p.iter().cycle().skip(1);
    let twice: f64 = p.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
    (p.len() > 2).then(|| format!("{:.0} ha parcel", (twice / 2.0).abs() / 10_000.0))
}
