//! Every kind of report, one a file. The command line, the window, the help and the tests
//! iterate over [`ALL`]. A kind must not know who asks for it nor where its files go.

mod cad;
mod csv;
mod dps;
mod json;
mod netbox;
mod pdf;
mod png;
mod svg;
mod xlsx;

use super::subject::{Face, Options, Part, ReportError, Subject};

/// In the order in which they are offered.
pub static ALL: &[&Kind] = &[
    &png::KIND,
    &svg::KIND,
    &pdf::KIND,
    &csv::KIND,
    &json::KIND,
    &xlsx::KIND,
    &cad::KIND,
    &dps::KIND,
    &netbox::KIND,
];

/// What a report consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One file that people can read.
    Text,
    /// One file of bytes.
    Bytes,
    /// A folder of files.
    Folder,
}

/// What can be chosen about a report; a field of [`Options`] each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Face,
    Overlay,
    Theme,
    Size,
    Scale,
    /// Size of the sheet and scale of the plan on it.
    Paper,
    /// What each input does to the value.
    Sensitivities,
    /// Draws of all inputs at once.
    Draws,
}

/// When a report tells of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// It tells of the site alone.
    Site,
    /// Where its colours do.
    AnswerForOverlay,
    /// Of an answer always.
    Answer,
}

type Make = fn(&Subject, &Options) -> Result<Vec<Part>, ReportError>;

/// A kind of report.
#[derive(Debug)]
pub struct Kind {
    /// Name on the command line.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// What it is good for, in one sentence.
    pub what: &'static str,
    /// Ending of its file, or of the name of its folder.
    pub ending: &'static str,
    pub form: Form,
    pub needs: Needs,
    pub choices: &'static [Choice],
    /// What it can show, where that is a choice; the first unless asked for another.
    pub faces: &'static [Face],
    make: Make,
}

impl Kind {
    /// The kind of that name.
    pub fn of(id: &str) -> Option<&'static Kind> {
        ALL.iter().copied().find(|k| k.id == id)
    }

    pub fn has(&self, choice: Choice) -> bool {
        self.choices.contains(&choice)
    }

    /// Whether it tells of an answer under these options.
    pub fn needs_answer(&self, options: &Options) -> bool {
        match self.needs {
            Needs::Site => false,
            Needs::Answer => true,
            Needs::AnswerForOverlay => {
                options.face.needs_answer() || options.overlay().needs_answer()
            }
        }
    }

    /// Whether it tells of money: it then needs the full answer, with the losses of the plan.
    pub fn needs_full_answer(&self, options: &Options) -> bool {
        self.needs == Needs::Answer
            || self.faces.contains(&options.face) && options.face.needs_answer()
    }

    /// Name of its file or folder for a layout of this name: `campus-1gw-one-line.png`.
    pub fn file_name(&self, layout: &str, options: &Options) -> String {
        let stem = layout.strip_suffix(".ron").unwrap_or(layout);
        let face = match options.face {
            Face::SitePlan => String::new(),
            face if self.faces.contains(&face) => format!("-{}", face.id()),
            _ => String::new(),
        };
        let dot = if self.form == Form::Folder { "-" } else { "." };
        format!("{stem}{face}{dot}{}", self.ending)
    }

    /// Makes its files.
    ///
    /// # Errors
    /// Nothing to draw, no answer where one is needed, a picture that is too large.
    pub fn make(&self, subject: &Subject, options: &Options) -> Result<Vec<Part>, ReportError> {
        if self.needs_answer(options) && subject.outcome.is_none() {
            return Err(match self.needs {
                Needs::Answer => ReportError::NoPlan(self.name),
                _ if options.face.needs_answer() => ReportError::NoPlan(options.face.name()),
                _ => ReportError::NoAnswer(options.overlay().name()),
            });
        }
        (self.make)(subject, options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names_of_their_own_and_say_what_they_are_for() {
        for (i, kind) in ALL.iter().enumerate() {
            assert!(ALL.iter().skip(i + 1).all(|k| k.id != kind.id && k.ending != kind.ending));
            assert!(!kind.what.is_empty() && !kind.what.ends_with('.'), "{}", kind.id);
            assert!(std::ptr::eq(Kind::of(kind.id).expect("found"), *kind));
        }
    }

    #[test]
    fn files_are_named_after_the_layout_and_what_they_show() {
        let kind = Kind::of("svg").expect("a kind");
        let mut options = Options::default();
        assert_eq!(kind.file_name("campus-1gw.ron", &options), "campus-1gw.svg");
        options.face = Face::OneLine;
        assert_eq!(kind.file_name("campus.v2.ron", &options), "campus.v2-one-line.svg");
    }
}
