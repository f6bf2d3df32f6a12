//! Halls: floor, wings, rows, racks, and their names. It must not know cables.

use super::build::{BlockGeom, HallPart};
use super::draw::Canvas;
use super::racks::{self, Detail};
use super::tags;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::Label;
use crate::scene::shape::{Anchor, Cell, Hue, Ink, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};

/// Width of the stripe that says the rack generation, points.
const STRIPE: f64 = 3.5;

pub(super) fn ground(canvas: &mut Canvas, hall: &HallPart) {
    if hall.id.is_none() || !canvas.shows(&hall.bounds) {
        return;
    }
    let b = canvas.screen(&hall.bounds);
    canvas.out.ground.push(Shape::Rect {
        bounds: b,
        fill: Some(Ink::token(Token::Land2).faded(0.55)),
        pen: Some(Pen::token(Token::Line, 1.0)),
        radius: 2.0,
    });
    for wing in &hall.wings {
        let w = canvas.screen(&wing.bounds);
        canvas.out.ground.push(Shape::Rect {
            bounds: w,
            fill: Some(Ink::token(Token::Building)),
            pen: Some(Pen::token(Token::Line2, 1.0)),
            radius: 2.0,
        });
        if w.height() > 3.0 {
            let stripe = Bounds::xywh(w.min.x, w.min.y, STRIPE.min(w.width() * 0.1), w.height());
            canvas.out.ground.push(Shape::fill(stripe, Ink::of(Hue::Rack(wing.generation))));
        }
    }
    for n in &hall.network {
        if canvas.shows(n) {
            let b = canvas.screen(n);
            let pen = (b.width() > 4.0).then_some(Pen::token(Token::Line2, 1.0));
            let fill = Some(Ink::token(Token::Raised));
            canvas.out.ground.push(Shape::Rect { bounds: b, fill, pen, radius: 1.0 });
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
    let hue = Ink::of(Hue::Rack(hall.generation));
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
        canvas.wanted.push(above);
    }
    if b.width() > 120.0 {
        let right = Label::new(pt(b.max.x - 2.0, b.min.y - 2.0), Anchor::RightBottom, 87);
        canvas.wanted.push(right.line(&hall.short, TextRole::Tiny, hue));
    }
}

pub(super) fn racks(canvas: &mut Canvas, hall: &HallPart) {
    if hall.blocks.is_empty() || !hall.bounds.grown(20.0).intersects(&canvas.visible) {
        return;
    }
    let coarse = hall.blocks.iter().all(|b| Detail::of(b, &canvas.view) == Detail::Row);
    if coarse && !hall.rows.is_empty() {
        rows(canvas, hall);
        return;
    }
    for block in &hall.blocks {
        if !block.band.intersects(&canvas.visible) {
            continue;
        }
        let runs = canvas.facts.inks(block, canvas.overlay);
        racks::cells(block, &runs, &canvas.view, &mut canvas.out.cells);
        tags::block(canvas, block);
        let detail = Detail::of(block, &canvas.view);
        if detail >= Detail::Unit {
            block_name(canvas, block);
        }
        if detail == Detail::Close {
            trays(canvas, block);
        }
    }
    row_names(canvas, hall);
}

/// Rows in the ink of most of their racks, where a block would be a dot.
fn rows(canvas: &mut Canvas, hall: &HallPart) {
    for row in &hall.rows {
        let mut sums: Vec<(Ink, u32)> = Vec::new();
        for b in hall.blocks.iter().filter(|b| b.row.as_deref() == Some(&row.id)) {
            for (ink, n) in canvas.facts.inks(b, canvas.overlay) {
                match sums.iter_mut().find(|s| s.0 == ink) {
                    Some(s) => s.1 += n,
                    None => sums.push((ink, n)),
                }
            }
        }
        if let Some((ink, _)) = sums.into_iter().max_by_key(|s| s.1) {
            let bounds = canvas.screen(&row.bounds);
            let thin = (1.5 - bounds.height()).max(0.0) / 2.0;
            let bounds =
                Bounds { min: bounds.min.plus(0.0, -thin), max: bounds.max.plus(0.0, thin) };
            canvas.out.cells.push(Cell { bounds, ink });
        }
    }
}

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
    if b.width() < 60.0 || b.height() < 12.0 {
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
        let ink = Ink::of(Hue::Rack(block.generation));
        canvas.wanted.push(Label::new(at, Anchor::RightBottom, 29).line(what, TextRole::Tiny, ink));
    }
}

/// Trays and numbers of racks that are close enough to read.
fn trays(canvas: &mut Canvas, block: &BlockGeom) {
    let area = racks::on_screen(block, &canvas.view);
    let (n, m) = (f64::from(block.per_line.max(1)), f64::from(block.lines.max(1)));
    let (w, h) = if block.along_x {
        (area.width() / n, area.height() / m)
    } else {
        (area.width() / m, area.height() / n)
    };
    let dark = Pen::new(Ink::token(Token::Canvas).faded(0.35), 1.0);
    for place in 0..block.places() {
        let (line, col) = (f64::from(place / block.per_line), f64::from(place % block.per_line));
        let (x, y) = if block.along_x { (col, line) } else { (line, col) };
        let rack = Bounds::xywh(area.min.x + x * w, area.min.y + y * h, w, h);
        if !rack.intersects(&canvas.view.screen) {
            continue;
        }
        let lines = 9;
        for i in 1..=lines {
            let at = rack.min.y + rack.height() * f64::from(i) / f64::from(lines + 1);
            let (a, b) = (pt(rack.min.x + w * 0.14, at), pt(rack.max.x - w * 0.14, at));
            canvas.out.over.push(Shape::line(a, b, dark));
        }
        number(canvas, place + 1, rack.centre());
    }
}

fn number(canvas: &mut Canvas, rack: u32, at: Pt) {
    let ink = Ink::token(Token::Text1);
    let label = Label::new(at, Anchor::Centre, 10)
        .plate(Ink::token(Token::Panel).faded(0.82))
        .line(rack.to_string(), TextRole::TinyStrong, ink);
    canvas.wanted.push(label);
}
