//! Land, roads, water, fields of machines. It must not know racks or cables.

use super::campus::{AreaGeom, FieldGeom, FieldKind};
use super::draw::{Canvas, EDGED_PX, rounding};
use super::tags;
use crate::scene::geom::{Bounds, Pt, pt, round_length};
use crate::scene::labels::{Label, along, before_comma};
use crate::scene::shape::{Anchor, Ink, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::site::AreaKind;

/// Lines of the grid stand at least this far apart, points.
const GRID_PX: f64 = 64.0;

/// Metres between the lines of the grid at a zoom.
pub fn grid_step(scale: f64) -> f64 {
    let step = round_length(GRID_PX / scale * 1.6);
    if step * scale < GRID_PX { step * 2.0 } else { step }
}

pub(super) fn grid(canvas: &mut Canvas) {
    let (view, visible) = (canvas.view, canvas.visible);
    let step = grid_step(view.scale);
    let pen = Pen::token(Token::Grid, 1.0);
    let mut x = (visible.min.x / step).ceil() * step;
    while x < visible.max.x {
        let at = view.to_screen(pt(x, 0.0)).x;
        canvas.out.ground.push(Shape::line(
            pt(at, view.screen.min.y),
            pt(at, view.screen.max.y),
            pen,
        ));
        x += step;
    }
    let mut y = (visible.min.y / step).ceil() * step;
    while y < visible.max.y {
        let at = view.to_screen(pt(0.0, y)).y;
        canvas.out.ground.push(Shape::line(
            pt(view.screen.min.x, at),
            pt(view.screen.max.x, at),
            pen,
        ));
        y += step;
    }
}

pub(super) fn parcel(canvas: &mut Canvas, outline: &[Pt]) {
    if outline.len() < 3 {
        return;
    }
    let points = outline.iter().map(|p| canvas.view.to_screen(*p));
    let points: Vec<Pt> = points.clone().chain(points.take(1)).collect();
    canvas.lines.extend(along(&points, 1.0));
    canvas
        .out
        .ground
        .push(Shape::Line { points, pen: Pen::token(Token::Line2, 1.0).dashed(7.0, 4.0) });
}

/// Areas, which come from the ground up.
pub(super) fn areas(canvas: &mut Canvas, areas: &[AreaGeom]) {
    for area in areas {
        if canvas.shows(&area.bounds) {
            draw_area(canvas, area);
        }
    }
}

fn draw_area(canvas: &mut Canvas, area: &AreaGeom) {
    let b = canvas.screen(&area.bounds);
    let fill = |t: Token| Some(Ink::token(t));
    let shape =
        |fill, pen, radius| Shape::Rect { bounds: b, fill, pen, radius: rounding(&b, radius) };
    let hair = Some(Pen::token(Token::Line, 1.0));
    match area.kind {
        AreaKind::Pad => canvas.out.ground.push(shape(fill(Token::Land), hair, 2.0)),
        AreaKind::Yard => {
            let fence = Some(canvas.fence((5.0, 3.0)));
            canvas.out.ground.push(shape(fill(Token::Land2), fence, 2.0));
            let corners = [b.min, pt(b.max.x, b.min.y), b.max, pt(b.min.x, b.max.y), b.min];
            canvas.lines.extend(along(&corners, 1.0));
        }
        AreaKind::Road => road(canvas, &b),
        AreaKind::Building => {
            let wall = Some(Pen::token(Token::Line2, 1.0));
            canvas.out.ground.push(shape(fill(Token::Building), wall, 2.0));
        }
        AreaKind::Water => {
            let points = pond(&b);
            canvas.out.ground.push(Shape::Polygon { points, fill: fill(Token::Water), pen: None });
        }
        AreaKind::Laydown => {
            let edge = Some(canvas.fence((4.0, 3.0)));
            canvas.out.ground.push(shape(None, edge, 2.0));
        }
        AreaKind::Corridor => {
            canvas.out.ground.push(shape(Some(Ink::token(Token::Land2)), None, 0.0));
        }
    }
    // A box lower than a line of text has no room for its name.
    let has_room = b.height() > f64::from(TextRole::Tiny.style().line) - 5.0;
    if has_room && !matches!(area.kind, AreaKind::Road | AreaKind::Pad | AreaKind::Corridor) {
        // Where something stands on the area its name goes to the top edge.
        let label = if area.built_on {
            Label::new(b.min.plus(8.0, 3.0), Anchor::LeftTop, 20).within(b.grown(2.0))
        } else {
            Label::new(b.centre(), Anchor::Centre, 20).within(b.grown(-2.0))
        };
        canvas.wanted.push(label.line(&area.name, TextRole::Tiny, Ink::token(Token::Text2)));
    }
}

fn road(canvas: &mut Canvas, b: &Bounds) {
    canvas.out.ground.push(Shape::fill(*b, Ink::token(Token::Road)));
    let c = b.centre();
    if b.width().min(b.height()) > 5.0 {
        let (p, q) = if b.width() > b.height() {
            (pt(b.min.x, c.y), pt(b.max.x, c.y))
        } else {
            (pt(c.x, b.min.y), pt(c.x, b.max.y))
        };
        let pen = Pen::new(Ink::token(Token::Line2).faded(0.8), 1.0).dashed(7.0, 7.0);
        canvas.out.ground.push(Shape::line(p, q, pen));
    }
}

/// A rounded shore inside a box; convex. Of a small one fewer corners look the same.
fn pond(b: &Bounds) -> Vec<Pt> {
    let (c, w, h) = (b.centre(), b.width() / 2.0, b.height() / 2.0);
    let n = ((w + h) as i32).clamp(12, 48);
    (0..n)
        .map(|i| {
            let a = f64::from(i) / f64::from(n) * std::f64::consts::TAU;
            let (s, k) = a.sin_cos();
            let power = |v: f64| v.signum() * v.abs().powf(0.72);
            pt(c.x + w * power(k) * (1.0 - 0.06 * s), c.y + h * power(s) * (1.0 - 0.10 * k))
        })
        .collect()
}

pub(super) fn fields(canvas: &mut Canvas, fields: &[FieldGeom]) {
    for field in fields {
        if canvas.shows(&field.bounds) {
            draw_field(canvas, field);
            tags::field(canvas, field);
        }
    }
}

fn draw_field(canvas: &mut Canvas, field: &FieldGeom) {
    let b = canvas.screen(&field.bounds);
    let (w, h) = (b.width(), b.height());
    if w.max(h) < EDGED_PX {
        canvas.out.ground.push(Shape::fill(b, Ink::token(Token::Land2)));
        return;
    }
    let cooling = matches!(field.kind, FieldKind::Cdu | FieldKind::Rejection);
    canvas.out.ground.push(Shape::Rect {
        bounds: b,
        fill: Some(Ink::token(Token::Land2)),
        pen: Some(Pen::token(Token::Line, 1.0)),
        radius: rounding(&b, 2.0),
    });
    canvas.boxes.push(b);
    let mut room = b.grown(-(w.min(h) * 0.10).clamp(1.0, 6.0));
    let named = !cooling && h > 34.0 && w > 60.0;
    if named {
        field_words(canvas, field, (&b, &room));
        room.min.y += if w > 120.0 { 18.0 } else { 13.0 };
    }
    if w.min(h) < 5.0 || room.is_empty() {
        return;
    }
    machines(canvas, field, &room);
}

/// Name at the left and figure at the right of the top edge.
fn field_words(canvas: &mut Canvas, field: &FieldGeom, (b, room): (&Bounds, &Bounds)) {
    let role = if b.width() > 120.0 { TextRole::SmallStrong } else { TextRole::Tiny };
    let name = |text: &str| {
        let at = room.min.plus(2.0, 0.0);
        let label = Label::new(at, Anchor::LeftTop, 60).within(b.grown(2.0));
        label.line(text, role, Ink::token(Token::Text1))
    };
    canvas.wanted.push(name(&field.name).or(name(before_comma(&field.name))));
    let at = pt(room.max.x - 2.0, room.min.y + 1.0);
    let figure = Label::new(at, Anchor::RightTop, 40).within(b.grown(2.0));
    canvas.wanted.push(figure.line(&field.figure, TextRole::Tiny, Ink::token(Token::Text3)));
}

/// Machines as small marks in a lattice that fills the room; fewer marks than machines
/// where they would be dots.
fn machines(canvas: &mut Canvas, field: &FieldGeom, room: &Bounds) {
    let n = f64::from(field.count.max(1));
    let mut columns = (n * room.width() / room.height()).sqrt().ceil().max(1.0);
    let mut lines = (n / columns).ceil();
    let least = 6.5;
    columns = columns.min((room.width() / least).floor().max(1.0));
    lines = lines.min((room.height() / least).floor().max(1.0));
    let (dx, dy) = (room.width() / columns, room.height() / lines);
    let pen =
        Pen::token(if field.kind == FieldKind::Rejection { Token::Ok } else { Token::Line2 }, 1.0);
    let pen = Pen {
        ink: pen.ink.faded(if field.kind == FieldKind::Rejection { 0.75 } else { 1.0 }),
        ..pen
    };
    let r = (dx.min(dy) * 0.36).min(14.0);
    let mut left = field.count.max(1);
    for line in 0..lines as u32 {
        for column in 0..columns as u32 {
            if left == 0 {
                return;
            }
            left -= 1;
            let c = room.min.plus((f64::from(column) + 0.5) * dx, (f64::from(line) + 0.5) * dy);
            match field.kind {
                FieldKind::Rejection => {
                    canvas.out.ground.push(Shape::Circle {
                        centre: c,
                        radius: r,
                        fill: None,
                        pen: Some(pen),
                    });
                    // From afar a dot is less than a pixel.
                    if r > 2.4 && !canvas.is_far() {
                        let dot = Some(pen.ink);
                        canvas.out.ground.push(Shape::Circle {
                            centre: c,
                            radius: r * 0.3,
                            fill: dot,
                            pen: None,
                        });
                    }
                }
                FieldKind::Generator => {
                    canvas.out.ground.push(Shape::Circle {
                        centre: c,
                        radius: r,
                        fill: None,
                        pen: Some(pen),
                    });
                }
                FieldKind::Cdu => {
                    let bounds = Bounds::around(c, r * 1.5, r * 2.0);
                    canvas.out.ground.push(Shape::outline(bounds, pen));
                }
                FieldKind::Battery => {
                    let bounds =
                        Bounds::around(c, (dx * 0.8).min(r * 3.0), (dy * 0.72).min(r * 2.2));
                    let fill = Some(Ink::token(Token::Raised));
                    canvas.out.ground.push(Shape::Rect {
                        bounds,
                        fill,
                        pen: Some(pen),
                        radius: rounding(&bounds, 1.0),
                    });
                }
            }
        }
    }
}
