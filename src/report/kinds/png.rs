//! The site plan, the one-line diagram or a chart as pixels, with the font painted in.

use super::{Choice, Form, Kind, Needs};
use crate::report::drawing::picture;
use crate::report::writers::png;
use crate::report::{Face, Options, Part, ReportError, Subject};

pub(super) static KIND: Kind = Kind {
    id: "png",
    name: "PNG picture",
    what: "Looks alike everywhere, for mail and screens",
    ending: "png",
    form: Form::Bytes,
    needs: Needs::AnswerForOverlay,
    choices: &[
        Choice::Face,
        Choice::Overlay,
        Choice::Theme,
        Choice::Size,
        Choice::Scale,
        Choice::Draws,
    ],
    faces: &Face::PICTURES,
    make,
};

fn make(subject: &Subject, options: &Options) -> Result<Vec<Part>, ReportError> {
    let picture = picture(subject, options, &mut png::measure())?;
    Ok(Part::only(png::write(&picture, options.scale as f32)?))
}
