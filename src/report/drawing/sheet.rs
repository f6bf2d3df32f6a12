//! A sheet of paper: the drawing to scale in a frame, with a title block below it.

use super::ground::{ON_PAPER, Sheet};
use super::legend;
use super::page::figures;
use crate::report::paper::{PER_MM, fits, scale_for};
use crate::report::{Face, Layer, Options, Picture, ReportError, Subject, cooling};
use crate::scene::geom::{Bounds, Pt, View, pt};
use crate::scene::oneline::Choices;
use crate::scene::plan::{north, scale_bar};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{Palette, Rgb, TextRole, Token};
use crate::units::format::count;

/// Millimetres: around the frame, at its binding edge, of the title block, between drawing and
/// frame.
const MARGIN: f64 = 8.0;
const BINDING: f64 = 16.0;
const BLOCK: f64 = 27.0;
const AIR: f64 = 4.0;
/// Widths of the cells of the title block, mm; the legend takes the rest.
const NAME: f64 = 66.0;
const FIGURES: f64 = 50.0;
const SCALE: f64 = 72.0;
const RECORD: f64 = 48.0;
/// Room within a cell, points.
const PAD: f64 = 9.0;

/// The sheet that the options ask for; texts are measured by whoever paints them.
///
/// # Errors
/// Nothing to draw, or a scale at which the plan does not fit on the paper.
pub fn sheet(
    subject: &Subject,
    options: &Options,
    measure: &mut Measure,
) -> Result<Picture, ReportError> {
    if options.face == Face::Cooling {
        return cooling::of_site(subject, options, measure);
    }
    let drawing = Sheet::of(subject, options, &Choices::default())?;
    let (width, height) = options.paper.size_mm();
    let page = mm_box(0.0, 0.0, width, height);
    let frame = mm_box(BINDING, MARGIN, width - BINDING - MARGIN, height - 2.0 * MARGIN);
    let block = Bounds { min: pt(frame.min.x, frame.max.y - BLOCK * PER_MM), max: frame.max };
    let window = Bounds { min: frame.min, max: pt(frame.max.x, block.min.y) };
    let (view, scale) = view(&drawing, options, window)?;
    let mut over = vec![
        Shape::outline(frame, Pen::token(Token::Text1, 1.6)),
        Shape::line(block.min, pt(block.max.x, block.min.y), Pen::token(Token::Text1, 1.0)),
    ];
    over.extend(title_block(subject, options, (&drawing, block, scale, view), measure));
    let title = format!("{}, {}", subject.site.terms.site.name, options.face.name());
    Ok(Picture {
        title,
        width: width * PER_MM,
        height: height * PER_MM,
        palette: if options.dark { Palette::dark() } else { paper() },
        layers: vec![
            Layer::whole(vec![Shape::fill(page, Ink::token(Token::Panel))]),
            drawing.layer(view, measure),
            Layer::whole(over),
        ],
    })
}

/// The light theme on white.
fn paper() -> Palette {
    let white = Rgb::hex(0xFF_FFFF);
    let mut palette = Palette::light();
    palette.panel = white;
    palette.canvas = white;
    palette
}

fn mm_box(x: f64, y: f64, w: f64, h: f64) -> Bounds {
    Bounds::xywh(x * PER_MM, y * PER_MM, w * PER_MM, h * PER_MM)
}

/// Where the drawing stands, and the denominator of its scale; a diagram has none.
fn view(
    drawing: &Sheet,
    options: &Options,
    window: Bounds,
) -> Result<(View, Option<f64>), ReportError> {
    if !drawing.is_to_scale() {
        return Ok((drawing.fit(window, ON_PAPER), None));
    }
    let extent = drawing.extent();
    let ground = (extent.width(), extent.height());
    let room = window.grown(-AIR * PER_MM);
    let room = (room.width() / PER_MM, room.height() / PER_MM);
    let does_not_fit = |denominator: f64| ReportError::Scale {
        denominator: count(denominator),
        paper: options.paper.name(),
        wanted_mm: (ground.0 * 1000.0 / denominator, ground.1 * 1000.0 / denominator),
        room_mm: room,
        hint: scale_for(ground, room)
            .map_or("larger paper".to_owned(), |n| format!("1:{n} or larger paper")),
    };
    let denominator = match options.plan_scale {
        Some(asked) if fits(ground, room, asked) => asked,
        Some(asked) => return Err(does_not_fit(asked)),
        None => f64::from(scale_for(ground, room).ok_or_else(|| does_not_fit(50_000.0))?),
    };
    // A metre of ground is 1,000 mm over the denominator.
    let scale = 1000.0 / denominator * PER_MM;
    Ok((View { centre: extent.centre(), scale, screen: window }, Some(denominator)))
}

fn title_block(
    subject: &Subject,
    options: &Options,
    (drawing, block, scale, view): (&Sheet, Bounds, Option<f64>, View),
    measure: &mut Measure,
) -> Vec<Shape> {
    let mut cells = Cells { block, left: block.min.x, right: block.max.x, shapes: Vec::new() };
    let name = cells.take_left(NAME);
    let site = &subject.site.terms.site.name;
    let lines = [
        (site.as_str(), TextRole::BodyStrong, Token::Text1),
        (options.face.name(), TextRole::Body, Token::Text1),
        (drawing.overlay().name(), TextRole::Small, Token::Text2),
        (subject.file, TextRole::Small, Token::Text3),
    ];
    let mut y = name.min.y + PAD;
    for (text, role, token) in lines {
        for line in fitted(text, role, name.width() - 2.0 * PAD, measure) {
            let at = pt(name.min.x + PAD, y);
            cells.shapes.push(Shape::text(at, Anchor::LeftTop, line, (role, token)));
            y += f64::from(role.style().line) + 2.0;
        }
    }
    let mut record = vec![
        ("Paper", options.paper.name().to_owned()),
        ("Sheet", "1 of 1".to_owned()),
        ("Catalogue", subject.catalog.version.clone()),
    ];
    record.insert(0, ("Scale", scale.map_or("none".to_owned(), |n| format!("1:{}", count(n)))));
    let prices = subject.site.terms.finance.price_date.clone();
    record.push(("Prices", prices.unwrap_or_else(|| "not dated".to_owned())));
    record.push(("Made with", format!("Gigasite {}", env!("CARGO_PKG_VERSION"))));
    let cell = cells.take_right(RECORD);
    cells.shapes.extend(pairs(cell, &record));
    if drawing.is_to_scale() {
        let cell = cells.take_right(SCALE);
        let at = pt(cell.min.x + PAD + 4.0, cell.centre().y);
        cells.shapes.extend(scale_bar(&view, at, options.system));
        cells.shapes.extend(north(pt(cell.max.x - 38.0, cell.centre().y)));
    }
    let figures = figures(subject, drawing);
    if !figures.is_empty() {
        let cell = cells.take_left(FIGURES);
        let mut y = cell.min.y + PAD;
        for text in figures {
            for line in fitted(&text, TextRole::Small, cell.width() - 2.0 * PAD, measure) {
                let style = (TextRole::Small, Token::Text1);
                let at = pt(cell.min.x + PAD, y);
                cells.shapes.push(Shape::text(at, Anchor::LeftTop, line, style));
                y += 16.0;
            }
        }
    }
    let corner = pt(cells.left + PAD, block.min.y + PAD);
    let room = cells.right - cells.left - 2.0 * PAD;
    let (legend, _) = legend::rows(&drawing.legend(), corner, room, measure);
    cells.shapes.extend(legend);
    cells.shapes
}

/// The title block while cells are cut off it from both sides.
struct Cells {
    block: Bounds,
    left: f64,
    right: f64,
    shapes: Vec<Shape>,
}

impl Cells {
    fn take_left(&mut self, mm: f64) -> Bounds {
        let from = self.left;
        self.left += mm * PER_MM;
        self.rule(self.left);
        self.cell(from, self.left)
    }

    fn take_right(&mut self, mm: f64) -> Bounds {
        let to = self.right;
        self.right -= mm * PER_MM;
        self.rule(self.right);
        self.cell(self.right, to)
    }

    fn cell(&self, from: f64, to: f64) -> Bounds {
        Bounds { min: Pt { x: from, ..self.block.min }, max: Pt { x: to, ..self.block.max } }
    }

    fn rule(&mut self, x: f64) {
        let (top, bottom) = (pt(x, self.block.min.y), pt(x, self.block.max.y));
        self.shapes.push(Shape::line(top, bottom, Pen::token(Token::Line2, 0.8)));
    }
}

/// Words at the left of a cell and values at its right.
fn pairs(cell: Bounds, rows: &[(&str, String)]) -> Vec<Shape> {
    let mut out = Vec::new();
    let mut y = cell.min.y + PAD / 2.0;
    for (label, value) in rows {
        let (left, right) = (pt(cell.min.x + PAD, y), pt(cell.max.x - PAD, y));
        let (plain, strong) =
            ((TextRole::Small, Token::Text3), (TextRole::SmallMedium, Token::Text1));
        out.push(Shape::text(left, Anchor::LeftTop, *label, plain));
        out.push(Shape::text(right, Anchor::RightTop, value.as_str(), strong));
        y += 15.0;
    }
    out
}

/// A text broken at spaces so that its lines fit, at most two; none for an empty one.
fn fitted(text: &str, role: TextRole, room: f64, measure: &mut Measure) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let longer = lines.last().map(|line| format!("{line} {word}"));
        match longer {
            Some(longer) if measure(&longer, role).0 <= room => {
                lines.pop();
                lines.push(longer);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > 2 {
        lines.truncate(2);
        if let Some(last) = lines.last_mut() {
            last.push_str(" ...");
        }
    }
    lines
}
