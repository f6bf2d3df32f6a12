//! The site plan to scale on a sheet of paper, the one-line diagram, or a document, as PDF.

use super::{Choice, Form, Kind, Needs};
use crate::report::drawing::sheet;
use crate::report::finance;
use crate::report::writers::pdf::{self, About};
use crate::report::writers::png;
use crate::report::{Face, Options, Part, ReportError, Subject};

pub(super) static KIND: Kind = Kind {
    id: "pdf",
    name: "PDF sheet",
    what: "A plan to scale with a title block, or a finance report, for print; text can be searched",
    ending: "pdf",
    form: Form::Bytes,
    needs: Needs::AnswerForOverlay,
    choices: &[Choice::Face, Choice::Overlay, Choice::Theme, Choice::Paper, Choice::Draws],
    faces: &Face::SHEETS,
    make,
};

fn make(subject: &Subject, options: &Options) -> Result<Vec<Part>, ReportError> {
    if options.face.is_document() {
        let (pages, about) = finance::document(subject, options, &mut png::measure())?;
        return Ok(Part::only(pdf::write(&pages.pages, &about)?));
    }
    let picture = sheet(subject, options, &mut png::measure())?;
    let about = About {
        title: picture.title.clone(),
        description: format!("{} of {}", options.face.name(), subject.site.terms.site.name),
        ..About::default()
    };
    Ok(Part::only(pdf::write(&[picture], &about)?))
}
