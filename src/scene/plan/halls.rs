//! Halls: floor, wings, rows, racks, and their names. It must not know cables.

use super::build::{BlockGeom, HallPart, RackView};
use super::draw::{Canvas, rounding};
use super::fills::HallFills;
use super::racks::{self, Detail};
use super::tags;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::{Label, along};
use crate::scene::shape::{Anchor, Cell, Hue, Ink, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};

/// Halls smaller than this on the screen have no edges, points.
const EDGED_HALL_PX: f64 = 28.0;
/// Wings lower than this on the screen would be nothing but edges, points.
const EDGED_WING_PX: f64 = 4.5;
/// Width of the stripe that says the rack generation, points.
const STRIPE: f64 = 3.5;

pub(super) fn ground(canvas: &mut Canvas, hall: &HallPart) {
    if hall.id.is_none() || !canvas.shows(&hall.bounds) {
        return;
    }
    let b = canvas.screen(&hall.bounds);
    if b.width().max(b.height()) < EDGED_HALL_PX {
        canvas.out.ground.push(Shape::fill(b, Ink::token(Token::Land2).faded(0.55)));
        for wing in &hall.wings {
            let w = canvas.screen(&wing.bounds);
            canvas.out.ground.push(Shape::fill(w, Ink::token(Token::Building)));
        }
        return;
    }
    canvas.out.ground.push(Shape::Rect {
        bounds: b,
        fill: Some(Ink::token(Token::Land2).faded(0.55)),
        pen: Some(Pen::token(Token::Line, 1.0)),
        radius: rounding(&b, 2.0),
    });
    let corners = [b.min, pt(b.max.x, b.min.y), b.max, pt(b.min.x, b.max.y), b.min];
    canvas.lines.extend(along(&corners, 1.0));
    for wing in &hall.wings {
        let w = canvas.screen(&wing.bounds);
        canvas.out.ground.push(Shape::Rect {
            bounds: w,
            fill: Some(Ink::token(Token::Building)),
            pen: (w.width().min(w.height()) > EDGED_WING_PX)
                .then_some(Pen::token(Token::Line2, 1.0)),
            radius: rounding(&w, 2.0),
        });
        if w.height() > 3.0 {
            let stripe = Bounds::xywh(w.min.x, w.min.y, STRIPE.min(w.width() * 0.1), w.height());
            canvas.out.ground.push(Shape::fill(stripe, Ink::of(Hue::Rack(wing.generation))));
        }
    }
    for n in &hall.network {
        if canvas.shows(n) {
            let b = canvas.screen(n);
            let edged = b.width().min(b.height()) > EDGED_WING_PX;
            let pen = edged.then_some(Pen::token(Token::Line2, 1.0));
            let fill = Some(Ink::token(Token::Raised));
            let radius = rounding(&b, 1.0);
            canvas.out.ground.push(Shape::Rect { bounds: b, fill, pen, radius });
        }
    }
    name(canvas, hall, &b);
}

/// `H1` for `Hall 1`: the first letter of the first word and the rest, where the rest is short.
fn initials(name: &str) -> String {
    match name.split_once(' ') {
        Some((head, rest)) if rest.chars().count() <= 3 => {
            head.chars().take(1).chain(rest.chars()).collect()
        }
        _ => name.to_owned(),
    }
}

/// Name and rack type: between the wings where there is room, else above the hall.
fn name(canvas: &mut Canvas, hall: &HallPart, b: &Bounds) {
    let hue = Ink::of(Hue::RackText(hall.generation));
    let centre = hall.bounds.centre();
    let gap = hall.wings.windows(2).map(|w| (w[0].bounds.max.y, w[1].bounds.min.y)).next();
    let free = gap.filter(|g| (g.1 - g.0) * canvas.view.scale > 30.0);
    if let Some((top, bottom)) = free {
        let middle = canvas.view.to_screen(pt(centre.x, (top + bottom) / 2.0));
        let plate = Ink::token(Token::Building);
        let words = if b.width() < 280.0 { initials(&hall.name) } else { hall.name.clone() };
        let full = Label::new(middle, Anchor::Centre, 90)
            .within(b.grown(-2.0))
            .plate(plate)
            .line(words, TextRole::BodyStrong, Ink::token(Token::Text1))
            .line(&hall.short, TextRole::Tiny, hue);
        canvas.wanted.push(full);
        return;
    }
    // A narrow hall is named inside or not at all.
    let above = Label::new(pt(b.min.x + 2.0, b.min.y - 2.0), Anchor::LeftBottom, 88).line(
        &hall.name,
        TextRole::SmallStrong,
        Ink::token(Token::Text1),
    );
    if b.width() > 44.0 {
        // Where a cable comes in at the corner, in the middle of the edge.
        let middle = pt(b.centre().x, b.min.y - 2.0);
        let other = Label { at: middle, anchor: Anchor::CentreBottom, ..above.clone() };
        canvas.wanted.push(above.or(other));
    }
    if b.width() > 120.0 {
        let right = Label::new(pt(b.max.x - 2.0, b.min.y - 2.0), Anchor::RightBottom, 87);
        canvas.wanted.push(right.line(&hall.short, TextRole::Tiny, hue));
    }
}

pub(super) fn racks(canvas: &mut Canvas, hall: &HallPart, fills: &HallFills) {
    match hall.rack_view(&canvas.view, &canvas.visible) {
        RackView::Hidden => {}
        RackView::Rows => {
            for (row, ink) in hall.rows.iter().zip(&fills.rows) {
                if let Some(ink) = ink {
                    let bounds = racks::row_on_screen(row, &canvas.view);
                    canvas.out.cells.push(Cell { bounds, ink: *ink });
                }
            }
        }
        RackView::Blocks => {
            for (at, block) in hall.blocks.iter().enumerate() {
                if block.band.intersects(&canvas.visible) {
                    racks::cells(block, fills.runs(at), &canvas.view, &mut canvas.out.cells);
                }
            }
        }
    }
}

/// Names of rows and blocks and numbers of racks, where they can be read.
pub(super) fn names(canvas: &mut Canvas, hall: &HallPart) {
    if hall.rack_view(&canvas.view, &canvas.visible) != RackView::Blocks {
        return;
    }
    if !canvas.facts.sheet.readings.is_empty() {
        let visible = canvas.visible;
        for block in hall.blocks.iter().filter(|b| b.band.intersects(&visible)) {
            tags::block(canvas, block);
        }
    }
    if hall.has_words(&canvas.view, NAMED_PX) {
        let visible = canvas.visible;
        for block in hall.blocks.iter().filter(|b| b.band.intersects(&visible)) {
            let detail = Detail::of(block, &canvas.view);
            if detail >= Detail::Unit {
                block_name(canvas, block);
            }
            if detail == Detail::Close {
                numbers(canvas, block);
            }
        }
    }
    row_names(canvas, hall);
}

/// Least width on the screen of a block that shows its name, points.
const NAMED_PX: f64 = 60.0;

fn row_names(canvas: &mut Canvas, hall: &HallPart) {
    for row in &hall.rows {
        let b = canvas.screen(&row.bounds);
        if b.height() < 9.0 || b.width() < 120.0 {
            continue;
        }
        // The wing's own words are enough: `N1` of `Hall 8 N1`.
        let words = row.name.strip_prefix(&hall.name).map_or(row.name.as_str(), str::trim);
        let wide = 7.0 * words.chars().count() as f64;
        let (left, right) = (pt(b.min.x - 6.0, b.centre().y), pt(b.max.x + 6.0, b.centre().y));
        let sides = [
            (left, Anchor::RightCentre, Bounds::xywh(left.x - wide, left.y - 6.0, wide, 12.0)),
            (right, Anchor::LeftCentre, Bounds::xywh(right.x, right.y - 6.0, wide, 12.0)),
        ];
        let free = sides.iter().find(|s| !canvas.boxes.iter().any(|o| o.intersects(&s.2)));
        if let Some((at, anchor, _)) = free {
            let label = Label::new(*at, *anchor, 35);
            canvas.wanted.push(label.line(words, TextRole::TinyStrong, Ink::token(Token::Text2)));
        }
    }
}

fn block_name(canvas: &mut Canvas, block: &BlockGeom) {
    let b = canvas.screen(&block.bounds);
    if b.width() < NAMED_PX || b.height() < 12.0 {
        return;
    }
    let at = pt(b.min.x, b.min.y - 2.0);
    let label = Label::new(at, Anchor::LeftBottom, 30).line(
        &block.name,
        TextRole::Tiny,
        Ink::token(Token::Text2),
    );
    canvas.wanted.push(label);
    if b.width() > 260.0 {
        let at = pt(b.max.x, b.min.y - 2.0);
        let what = format!("{} × {}", block.places(), block.short);
        let ink = Ink::of(Hue::RackText(block.generation));
        canvas.wanted.push(Label::new(at, Anchor::RightBottom, 29).line(what, TextRole::Tiny, ink));
    }
}

/// Numbers of racks that are close enough to read.
fn numbers(canvas: &mut Canvas, block: &BlockGeom) {
    let area = racks::on_screen(block, &canvas.view);
    for place in 0..block.places() {
        let rack = racks::rack_on_screen(block, &area, place);
        if rack.intersects(&canvas.view.screen) {
            number(canvas, place + 1, rack.centre());
        }
    }
}

fn number(canvas: &mut Canvas, rack: u32, at: Pt) {
    let ink = Ink::token(Token::Text1);
    let label = Label::new(at, Anchor::Centre, 10)
        .plate(Ink::token(Token::Panel).faded(0.82))
        .line(rack.to_string(), TextRole::TinyStrong, ink);
    canvas.wanted.push(label);
}
