//! Charts and drawings as figures of a document. It must not know what a document tells.

use super::facts::Facts;
use crate::report::document::{Block, Figure};
use crate::report::drawing::framed;
use crate::report::{Face, Layer, Options, ReportError};
use crate::scene::chart::money::{Chart, Id};
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Measure, Shape};
use crate::scene::tokens::{TextRole, Token};

/// A chart with its title and its unit above it.
pub fn titled(chart: &Chart, room: Bounds, measure: &mut Measure) -> Vec<Shape> {
    let strong = (TextRole::BodyStrong, Token::Text1);
    let small = (TextRole::Small, Token::Text3);
    let corner = pt(room.max.x, room.min.y + 1.0);
    let mut out = vec![
        Shape::text(room.min, Anchor::LeftTop, chart.title.as_str(), strong),
        Shape::text(corner, Anchor::RightTop, chart.note.as_str(), small),
    ];
    let below = Bounds { min: room.min.plus(0.0, 24.0), max: room.max };
    out.extend(chart.draw(below, measure).shapes);
    out
}

impl Facts<'_> {
    /// A chart as a figure of a width, where it has something to show.
    pub fn figure(
        &self,
        id: Id,
        (width, height): (f64, f64),
        caption: &str,
        measure: &mut Measure,
    ) -> Option<Block> {
        self.chart(id).map(|chart| drawn(&chart, (width, height), caption, measure))
    }

    /// The charts of the board's page, the most telling first.
    pub fn board_charts(&self) -> Vec<Chart> {
        [Id::CostPerMtok, Id::Tornado, Id::RevenueByTier, Id::CapexByClass]
            .into_iter()
            .filter_map(|id| self.chart(id))
            .collect()
    }

    /// Plan or diagram as a figure of a width.
    ///
    /// # Errors
    /// The layout has nothing of the kind.
    pub fn drawing(
        &self,
        face: Face,
        (width, height): (f64, f64),
        caption: &str,
        measure: &mut Measure,
    ) -> Result<Block, ReportError> {
        let options = Options { face, ..Options::default() };
        let room = Bounds::xywh(0.0, 0.0, width, height);
        let layers = framed(self.subject, &options, room, measure)?;
        Ok(Block::Figure(Figure { height, layers, caption: caption.to_owned() }))
    }
}

/// A chart as a figure.
pub fn drawn(
    chart: &Chart,
    (width, height): (f64, f64),
    caption: &str,
    measure: &mut Measure,
) -> Block {
    let room = Bounds::xywh(0.0, 0.0, width, height);
    let layers = vec![Layer::whole(titled(chart, room, measure))];
    Block::Figure(Figure { height, layers, caption: caption.to_owned() })
}
