//! A picture for screens: title, drawing, scale, north, legend, and where it comes from.

use super::ground::{ON_SCREEN, Sheet};
use super::legend;
use crate::report::{Face, Layer, Options, Picture, ReportError, Subject, cooling, finance};
use crate::scene::geom::{Bounds, View, pt};
use crate::scene::oneline::Choices;
use crate::scene::plan::{north, scale_bar};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::units::Power;
use crate::units::format::{count, power};
use crate::units::words::lower_first;

const MARGIN: f64 = 28.0;
/// Height of the head and of the line of origins at the foot.
const HEAD: f64 = 64.0;
const ORIGIN: f64 = 20.0;
/// Height of the scale bar with its words, and the width that bar and north take.
const SCALE: f64 = 34.0;
const SCALE_WIDTH: f64 = 290.0;

/// The drawing that the options ask for, on a page of their size; texts are measured by
/// whoever paints them.
///
/// # Errors
/// [`ReportError::Nothing`] where the layout has nothing of the kind.
pub fn picture(
    subject: &Subject,
    options: &Options,
    measure: &mut Measure,
) -> Result<Picture, ReportError> {
    if options.face == Face::Cooling {
        return cooling::of_site(subject, options, measure);
    }
    if let Face::Chart(id) = options.face {
        return finance::picture(subject, options, id, measure);
    }
    let sheet = Sheet::of(subject, options, &Choices::default())?;
    let (width, height) = options.size;
    let page = Bounds::xywh(0.0, 0.0, width, height);
    let scale_width = if sheet.is_to_scale() { SCALE_WIDTH } else { 0.0 };
    let entries = sheet.legend();
    let room = width - 2.0 * MARGIN - scale_width;
    let (_, legend_height) = legend::rows(&entries, pt(0.0, 0.0), room, measure);
    let foot = legend_height.max(if sheet.is_to_scale() { SCALE } else { 0.0 }) + 12.0 + ORIGIN;
    let frame =
        Bounds { min: pt(MARGIN, HEAD), max: pt(width - MARGIN, height - MARGIN / 2.0 - foot) };
    let view = sheet.fit(frame, ON_SCREEN);
    let mut over = head(subject, &sheet, options, (width, measure));
    over.push(Shape::outline(frame, Pen::token(Token::Line2, 1.0)));
    let top = frame.max.y + 12.0;
    if sheet.is_to_scale() {
        over.extend(scale_bar(&view, pt(frame.min.x + 4.0, top + 12.0), options.system));
        over.extend(north(pt(frame.min.x + 232.0, top + 16.0)));
    }
    let corner = pt(frame.min.x + scale_width, top);
    over.extend(legend::rows(&entries, corner, room, measure).0);
    let at = pt(frame.min.x, height - MARGIN / 2.0);
    let style = (TextRole::Tiny, Token::Text3);
    over.push(Shape::text(at, Anchor::LeftBottom, origin(subject, &sheet), style));
    Ok(Picture {
        title: format!("{}, {}", subject.site.terms.site.name, options.face.name()),
        width,
        height,
        palette: options.palette(),
        layers: vec![
            Layer::whole(vec![Shape::fill(page, Ink::token(Token::Panel))]),
            sheet.layer(view, measure),
            Layer::whole(over),
        ],
    })
}

/// The drawing in a room of a page, with scale, north and legend below it, for pages that hold
/// more than it.
///
/// # Errors
/// [`ReportError::Nothing`] where the layout has nothing of the kind.
pub fn framed(
    subject: &Subject,
    options: &Options,
    room: Bounds,
    measure: &mut Measure,
) -> Result<Vec<Layer>, ReportError> {
    let sheet = Sheet::of(subject, options, &Choices::default())?;
    let to_scale = sheet.is_to_scale();
    let scale_width = if to_scale { SCALE_WIDTH } else { 0.0 };
    let entries = sheet.legend();
    let wide = room.width() - scale_width;
    let (_, legend_height) = legend::rows(&entries, pt(0.0, 0.0), wide, measure);
    let foot = legend_height.max(if to_scale { SCALE } else { 0.0 }) + 8.0;
    let frame = Bounds { min: room.min, max: room.max.plus(0.0, -foot) };
    let view = sheet.fit(frame, ON_SCREEN);
    let top = frame.max.y + 8.0;
    let mut over = vec![Shape::outline(frame, Pen::token(Token::Line2, 1.0))];
    if to_scale {
        over.extend(scale_bar(&view, pt(frame.min.x + 4.0, top + 12.0), options.system));
        over.extend(north(pt(frame.min.x + 232.0, top + 16.0)));
    }
    let corner = pt(frame.min.x + scale_width, top);
    over.extend(legend::rows(&entries, corner, wide, measure).0);
    Ok(vec![sheet.layer(view, measure), Layer::whole(over)])
}

/// What a view of the window shows, with scale and north in its corners; the page is as large
/// as the view's screen.
///
/// # Errors
/// [`ReportError::Nothing`] where the layout has nothing of the kind.
pub fn view_picture(
    subject: &Subject,
    options: &Options,
    (view, choices): (View, &Choices),
    measure: &mut Measure,
) -> Result<Picture, ReportError> {
    let sheet = Sheet::of(subject, options, choices)?;
    let (width, height) = (view.screen.width(), view.screen.height());
    let view = View { screen: Bounds::xywh(0.0, 0.0, width, height), ..view };
    let mut over = Vec::new();
    if sheet.is_to_scale() {
        over.extend(scale_bar(&view, pt(16.0, height - 34.0), options.system));
        over.extend(north(pt(244.0, height - 30.0)));
    }
    Ok(Picture {
        title: format!("{}, {}", subject.site.terms.site.name, options.face.name()),
        width,
        height,
        palette: options.palette(),
        layers: vec![sheet.layer(view, measure), Layer::whole(over)],
    })
}

/// Name, what is shown, and the key figures at the right where they have room.
fn head(
    subject: &Subject,
    sheet: &Sheet,
    options: &Options,
    (width, measure): (f64, &mut Measure),
) -> Vec<Shape> {
    let name = subject.site.terms.site.name.as_str();
    let mut shown = options.face.name().to_owned();
    if options.face == Face::SitePlan || subject.outcome.is_some() {
        shown = format!("{shown}, colours: {}", lower_first(sheet.overlay().name()));
    }
    let mut out = vec![
        Shape::text(pt(MARGIN, 12.0), Anchor::LeftTop, name, (TextRole::H1, Token::Text1)),
        Shape::text(
            pt(MARGIN, 38.0),
            Anchor::LeftTop,
            shown.as_str(),
            (TextRole::Body, Token::Text2),
        ),
    ];
    let left = measure(name, TextRole::H1).0.max(measure(&shown, TextRole::Body).0);
    let mut y = 14.0;
    for text in figures(subject, sheet) {
        if MARGIN * 2.0 + left + measure(&text, TextRole::Body).0 < width - MARGIN && y < 50.0 {
            let style = (TextRole::Body, Token::Text2);
            out.push(Shape::text(pt(width - MARGIN, y), Anchor::RightTop, text, style));
            y += 16.0;
        }
    }
    out
}

/// Racks, contract and, of an answer, the power from the grid.
pub(super) fn figures(subject: &Subject, sheet: &Sheet) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(sheet.racks().map(|n| format!("{} rack places", count(n as f64))));
    let contract = subject.site.terms.site.grid_contract_mw;
    out.extend(contract.map(|mw| format!("Grid contract {}", power(Power::mw(mw)))));
    if let Some(outcome) = subject.outcome {
        let grid = power(Power::mw(outcome.plan.grid_mw));
        out.push(format!("Grid power {grid} in the worst hour"));
    }
    out
}

/// Where the picture comes from: file, dates, and the labels that its figures carry.
pub(super) fn origin(subject: &Subject, sheet: &Sheet) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !subject.file.is_empty() {
        parts.push(subject.file.to_owned());
    }
    parts.push(format!("catalogue {}", subject.catalog.version));
    let prices = &subject.site.terms.finance.price_date;
    parts.extend(prices.iter().map(|date| format!("prices {date}")));
    parts.push(format!("Gigasite {}", env!("CARGO_PKG_VERSION")));
    if let Some(outcome) = subject.outcome.filter(|_| sheet.overlay().needs_answer()) {
        parts.extend(outcome.labels.iter().cloned());
    }
    if !sheet.note().is_empty() {
        parts.push(sheet.note().to_owned());
    }
    parts.join("  ·  ")
}
