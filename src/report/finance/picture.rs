//! A chart on a page of its own. It must not know file formats.

use super::facts::Facts;
use crate::report::{Layer, Options, Picture, ReportError, Subject};
use crate::scene::chart::money::{Chart, Id, fitted};
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Shape};
use crate::scene::tokens::{TextRole, Token};

const MARGIN: f64 = 28.0;
const HEAD: f64 = 70.0;
const FOOT: f64 = 30.0;

/// The chart that is asked for.
///
/// # Errors
/// The plan cannot be valued, or has nothing of the kind.
pub fn picture(
    subject: &Subject,
    options: &Options,
    id: Id,
    measure: &mut Measure,
) -> Result<Picture, ReportError> {
    let facts = Facts::of(subject, options.draws)?;
    if id == Id::Fan {
        facts.risks.draws().map_err(ReportError::Risk)?;
    }
    let chart = facts.chart(id);
    let why = "the plan has no figures of the kind";
    let chart = chart.ok_or(ReportError::Nothing { what: id.name(), why })?;
    let name = subject.site.terms.site.name.as_str();
    Ok(page(&chart, (name, &origin(subject)), options, measure))
}

/// Where figures of a plan come from.
pub(super) fn origin(subject: &Subject) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !subject.file.is_empty() {
        parts.push(subject.file.to_owned());
    }
    parts.push(format!("catalogue {}", subject.catalog.version));
    let prices = &subject.site.terms.finance.price_date;
    parts.extend(prices.iter().map(|date| format!("prices {date}")));
    parts.push(format!("Gigasite {}", env!("CARGO_PKG_VERSION")));
    if let Some(outcome) = subject.outcome {
        let hash = outcome.provenance.input_sha256.get(..12);
        parts.extend(hash.map(|hash| format!("input {hash}")));
        parts.extend(outcome.labels.iter().cloned());
    }
    parts.join("  ·  ")
}

fn page(
    chart: &Chart,
    (name, origin): (&str, &str),
    options: &Options,
    measure: &mut Measure,
) -> Picture {
    let (width, height) = options.size;
    let ground = Bounds::xywh(0.0, 0.0, width, height);
    let room =
        Bounds { min: pt(MARGIN, HEAD), max: pt(width - MARGIN, height - MARGIN - FOOT / 2.0) };
    let mut shapes = vec![
        Shape::fill(ground, Ink::token(Token::Panel)),
        Shape::text(pt(MARGIN, 12.0), Anchor::LeftTop, name, (TextRole::H1, Token::Text1)),
        Shape::text(
            pt(MARGIN, 38.0),
            Anchor::LeftTop,
            chart.title.as_str(),
            (TextRole::Body, Token::Text2),
        ),
        Shape::text(
            pt(width - MARGIN, 38.0),
            Anchor::RightTop,
            chart.note.as_str(),
            (TextRole::Body, Token::Text3),
        ),
    ];
    shapes.extend(chart.draw(room, measure).shapes);
    let at = pt(MARGIN, height - MARGIN / 2.0);
    let origin = fitted(origin, width - 2.0 * MARGIN, TextRole::Tiny, measure);
    shapes.push(Shape::text(at, Anchor::LeftBottom, origin, (TextRole::Tiny, Token::Text3)));
    Picture {
        title: format!("{name}. {}", chart.words()),
        width,
        height,
        palette: options.palette(),
        layers: vec![Layer::whole(shapes)],
    }
}
