//! The site plan, the one-line diagram or a chart as SVG, for slides and documents.

use super::{Choice, Form, Kind, Needs};
use crate::report::drawing::picture;
use crate::report::writers::{png, svg};
use crate::report::{Face, Options, Part, ReportError, Subject};

pub(super) static KIND: Kind = Kind {
    id: "svg",
    name: "SVG drawing",
    what: "Shapes and text that stay sharp at every size, for slides and documents",
    ending: "svg",
    form: Form::Text,
    needs: Needs::AnswerForOverlay,
    choices: &[Choice::Face, Choice::Overlay, Choice::Theme, Choice::Size, Choice::Draws],
    faces: &Face::PICTURES,
    make,
};

fn make(subject: &Subject, options: &Options) -> Result<Vec<Part>, ReportError> {
    let picture = picture(subject, options, &mut png::measure())?;
    Ok(Part::only(svg::write(&picture)))
}
