//! What stands at the corners of a plan: scale bar, north, minimap. It must not know elements' loads.

use super::build::PlanScene;
use super::ground::grid_step;
use crate::scene::geom::{Bounds, Pt, View, pt, round_length};
use crate::scene::shape::{Anchor, Cell, Hue, Ink, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::units::format::{System, plain, unit_in};

/// Longest scale bar, points.
const BAR_PX: f64 = 170.0;

/// Length in words: `200 m`, `2 km`, `0.5 m`, `500 ft`.
fn length(m: f64, system: System) -> String {
    match system {
        System::Metric if m >= 1000.0 => format!("{} km", m / 1000.0),
        System::Metric => format!("{m} m"),
        System::Us => {
            let feet = m / unit_in("m", system).0;
            // The raster of the ground is metric: its step is no round number of feet.
            let digits = if feet >= 100.0 { feet.round() } else { (feet * 10.0).round() / 10.0 };
            format!("{} ft", plain(digits))
        }
    }
}

/// A bar of round length with its left end at `at`, and the scale in words below it.
pub fn scale_bar(view: &View, at: Pt, system: System) -> Vec<Shape> {
    let unit = unit_in("m", system).0;
    let metres = round_length(BAR_PX / view.scale / unit) * unit;
    let px = metres * view.scale;
    let small = (TextRole::Tiny, Token::Text2);
    let mut out = vec![
        Shape::text(at, Anchor::CentreBottom, "0", small),
        Shape::text(
            at.plus(px / 2.0, 0.0),
            Anchor::CentreBottom,
            length(metres / 2.0, system),
            small,
        ),
        Shape::text(at.plus(px, 0.0), Anchor::CentreBottom, length(metres, system), small),
    ];
    let bar = Bounds::xywh(at.x, at.y + 2.0, px, 5.0);
    let half = Bounds::xywh(at.x + px / 4.0, at.y + 3.2, px / 4.0, 2.6);
    out.push(Shape::fill(bar, Ink::token(Token::Text2)));
    out.push(Shape::fill(half, Ink::token(Token::Canvas)));
    let rest = Bounds::xywh(at.x, at.y + 3.2, px / 4.0, 2.6);
    out.push(Shape::fill(rest, Ink::token(Token::Canvas).faded(0.0)));
    // A CSS pixel, and so a point, is 1/96 inch.
    let ratio = 96.0 / 0.0254 / view.scale;
    let ratio = if ratio >= 1000.0 { (ratio / 10.0).round() * 10.0 } else { ratio.round() };
    let mut digits = format!("{ratio:.0}");
    if digits.len() > 3 {
        digits.insert(digits.len() - 3, ',');
    }
    if digits.len() > 7 {
        digits.insert(digits.len() - 7, ',');
    }
    let text = format!("1 : {digits} · grid {}", length(grid_step(view.scale), system));
    out.push(Shape::text(
        at.plus(0.0, 11.0),
        Anchor::LeftTop,
        text,
        (TextRole::Tiny, Token::Text3),
    ));
    out
}

/// An arrow in a ring; y south means that north is up.
pub fn north(c: Pt) -> Vec<Shape> {
    let ring = Pen::token(Token::Text2, 1.2);
    vec![
        Shape::Circle {
            centre: c,
            radius: 12.0,
            fill: Some(Ink::token(Token::Panel)),
            pen: Some(ring),
        },
        Shape::Polygon {
            points: vec![c.plus(0.0, -7.5), c.plus(4.5, 5.5), c.plus(0.0, 2.5)],
            fill: Some(Ink::token(Token::Text1)),
            pen: None,
        },
        Shape::Polygon {
            points: vec![c.plus(0.0, -7.5), c.plus(0.0, 2.5), c.plus(-4.5, 5.5)],
            fill: Some(Ink::token(Token::Text1)),
            pen: None,
        },
        Shape::text(
            c.plus(17.0, 0.0),
            Anchor::LeftCentre,
            "N",
            (TextRole::SmallStrong, Token::Text1),
        ),
    ]
}

/// The whole site small.
#[derive(Clone, Debug)]
pub struct Minimap {
    /// Its own view, so that a click on it can be followed.
    pub map: View,
    pub outline: Vec<Shape>,
    pub cells: Vec<Cell>,
}

/// The whole site small; nothing of it moves with the view.
pub fn minimap(scene: &PlanScene, frame: Bounds) -> Minimap {
    let whole = scene.bounds.unwrap_or(Bounds::xywh(0.0, 0.0, 100.0, 100.0));
    let map = View::fit(&whole, frame, 8.0);
    let mut outline = Vec::new();
    if scene.parcel.len() > 2 {
        let points = scene.parcel.iter().chain(scene.parcel.first()).map(|p| map.to_screen(*p));
        let pen = Pen::token(Token::Text3, 1.0).dashed(3.0, 2.0);
        outline.push(Shape::Line { points: points.collect(), pen });
    }
    let yards = scene.campus.iter().flat_map(|c| c.nodes.iter().filter(|n| n.yard));
    let yards = yards.map(|n| {
        let bounds = map.box_to_screen(&n.bounds);
        Cell { bounds, ink: Ink::token(Token::Text3) }
    });
    let halls = scene.halls.iter().filter(|h| h.id.is_some()).map(|hall| {
        let b = map.box_to_screen(&hall.bounds);
        let bounds = if b.width() > 4.0 { b.grown(-0.5) } else { b };
        Cell { bounds, ink: Ink::of(Hue::Rack(hall.generation)) }
    });
    Minimap { map, outline, cells: yards.chain(halls).collect() }
}

/// The box of ground that a view shows, on a minimap.
pub fn minimap_view(map: &View, view: &View, frame: Bounds) -> Option<Shape> {
    let shown = map.box_to_screen(&view.visible());
    let cut = Bounds {
        min: pt(shown.min.x.max(frame.min.x + 2.0), shown.min.y.max(frame.min.y + 2.0)),
        max: pt(shown.max.x.min(frame.max.x - 2.0), shown.max.y.min(frame.max.y - 2.0)),
    };
    (!cut.is_empty()).then_some(Shape::Rect {
        bounds: cut,
        fill: Some(Ink::token(Token::Accent).faded(0.10)),
        pen: Some(Pen::token(Token::Accent, 1.4)),
        radius: 1.0,
    })
}
