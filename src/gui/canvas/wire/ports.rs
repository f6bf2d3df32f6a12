//! Ports: small circles at a selected element that a connection is drawn from.

use super::{Port, Wire};
use crate::editor::Supply;
use crate::gui::action::{Action, Actions, View};
use crate::gui::chooser::Ask;
use crate::gui::context::{Element, Kind};
use crate::gui::theme::Theme;
use crate::scene::tokens::Token;
use eframe::egui::{Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

const RADIUS: f32 = 4.5;
/// Between an element and the middle of its port.
const AWAY: f32 = 15.0;
/// Side of the square that a pointer has to meet.
const REACH: f32 = 16.0;

/// Where the ports of an element stand: beside it on the ground, above and below on the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    LeftRight,
    TopBottom,
}

impl Side {
    /// The middle of a port.
    pub fn place(self, rect: Rect, port: Port) -> Pos2 {
        let c = rect.center();
        match (self, port) {
            (Side::LeftRight, Port::In) => pos2(rect.left() - AWAY, c.y),
            (Side::LeftRight, Port::Out) => pos2(rect.right() + AWAY, c.y),
            (Side::TopBottom, Port::In) => pos2(c.x, rect.top() - AWAY),
            (Side::TopBottom, Port::Out) => pos2(c.x, rect.bottom() + AWAY),
        }
    }

    /// Where the stem of a port meets the element.
    fn foot(self, rect: Rect, port: Port) -> Pos2 {
        rect.clamp(self.place(rect, port))
    }
}

/// Which ports an element has, that which a drag from the element itself means first.
pub fn starts(kind: Kind) -> &'static [Port] {
    match kind {
        Kind::Feed => &[Port::Out],
        Kind::Node | Kind::Loop => &[Port::Out, Port::In],
        Kind::Block | Kind::Hall | Kind::Row | Kind::Generator | Kind::Battery => &[Port::In],
        _ => &[],
    }
}

/// Shows the ports of the selected elements around what they cover; a drag from one starts a wire.
pub fn ports(
    ui: &Ui,
    (elements, name): (&[Element], &str),
    (rect, side): (Rect, Side),
    wire: &mut Option<Wire>,
    actions: &mut Actions,
) {
    let [first, rest @ ..] = elements else { return };
    for port in starts(first.kind) {
        // Several elements can be fed together; a source is one.
        let fits = |e: &Element| starts(e.kind).contains(port);
        if !rest.iter().all(fits) || (*port == Port::Out && !rest.is_empty()) {
            continue;
        }
        one(ui, (elements, name, *port), (rect, side), wire, actions);
    }
}

fn one(
    ui: &Ui,
    (elements, name, port): (&[Element], &str, Port),
    (rect, side): (Rect, Side),
    wire: &mut Option<Wire>,
    actions: &mut Actions,
) {
    let theme = Theme::of(ui.ctx());
    let at = side.place(rect, port);
    if !ui.clip_rect().contains(at) {
        return;
    }
    let place = Rect::from_center_size(at, vec2(REACH, REACH));
    let id = ui.scope_id().with(("port", port == Port::In));
    // A click on an inlet lists the sources, which is also its way by keyboard.
    let sense = if port == Port::In { Sense::click_and_drag() } else { Sense::DRAG };
    let response = ui.interact(place, id, sense);
    let accent = theme.color(Token::Accent);
    let painter = ui.painter();
    let stem = Stroke::new(1.2, theme.tint(Token::Accent, 0.6));
    painter.line_segment([side.foot(rect, port), at], stem);
    let fill = match (port, response.hovered() || response.has_focus()) {
        (Port::Out, _) => accent,
        (Port::In, true) => theme.color(Token::AccentBg),
        (Port::In, false) => theme.color(Token::Handle),
    };
    painter.circle(at, RADIUS, fill, Stroke::new(1.6, accent));
    if response.has_focus() {
        painter.circle_stroke(at, RADIUS + 3.0, Stroke::new(2.0, theme.color(Token::AccentBg)));
    }
    let (spoken, tip) = match port {
        Port::In => (
            format!("{name}: feed or cool from"),
            "Drag to a source; Shift makes it path B. Click lists the sources",
        ),
        Port::Out => {
            (format!("{name}: supply to"), "Drag to what it should supply; Shift makes it path B")
        }
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    if response.drag_started() {
        *wire = Some(Wire::new(elements.to_vec(), port));
    }
    if response.clicked() {
        actions.push(Action::View(View::Choose(Ask::Connect(Supply::A))));
    }
    if wire.is_none() {
        response.on_hover_text(tip);
    }
}
