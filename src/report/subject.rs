//! What a report is made of, what may be asked of it, and what comes out. It must not know
//! the kinds of report.

use super::paper::Paper;
use super::workbook::evaluate::Defect;
use super::writers::cad::DxfError;
use super::writers::pdf::PdfError;
use super::writers::png::{self, PngError};
use super::writers::xlsx::XlsxError;
use crate::catalog::Catalog;
use crate::scene::chart::money;
use crate::scene::plan::Overlay;
use crate::scene::tokens::Palette;
use crate::site::{Scenario, Site};
use crate::study::Outcome;
use crate::study::finance::NoFinance;
use crate::units::format::System;

/// What a report tells of.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    pub site: &'a Site,
    /// The catalogue in force: with the overrides of the site.
    pub catalog: &'a Catalog,
    /// The answer to this very site; reports that need one refuse without it.
    pub outcome: Option<&'a Outcome>,
    /// Name of the layout's file without its folder; empty where it has none.
    pub file: &'a str,
    /// Scenarios of the layout; empty takes those that are made from ranges.
    pub scenarios: &'a [Scenario],
}

/// What of a site a drawing shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Face {
    #[default]
    SitePlan,
    OneLine,
    /// The cooling loops over a year, as charts.
    Cooling,
    /// A chart of the finance.
    Chart(money::Id),
    /// The board's page.
    OnePager,
    /// The full report.
    Report,
    /// Energy, water and climate.
    Sustainability,
}

impl Face {
    /// What stands on the ground or hangs on the network.
    pub const DRAWINGS: [Face; 3] = [Face::SitePlan, Face::OneLine, Face::Cooling];
    /// Everything that can be shown as one picture.
    pub const PICTURES: [Face; 14] = [
        Face::SitePlan,
        Face::OneLine,
        Face::Cooling,
        Face::Chart(money::Id::CapexByClass),
        Face::Chart(money::Id::RevenueByTier),
        Face::Chart(money::Id::Spending),
        Face::Chart(money::Id::CashFlow),
        Face::Chart(money::Id::CostPerMtok),
        Face::Chart(money::Id::Phases),
        Face::Chart(money::Id::Tornado),
        Face::Chart(money::Id::Ladder),
        Face::Chart(money::Id::ValueLadder),
        Face::Chart(money::Id::TwoWay),
        Face::Chart(money::Id::Fan),
    ];

    /// What is a document of pages, and what is drawn on a sheet.
    pub const SHEETS: [Face; 6] = [
        Face::SitePlan,
        Face::OneLine,
        Face::Cooling,
        Face::OnePager,
        Face::Report,
        Face::Sustainability,
    ];

    /// Everything that some report can show, each once.
    pub fn all() -> Vec<Face> {
        let mut all = Self::SHEETS.to_vec();
        all.extend(Self::PICTURES.iter().filter(|f| !Self::SHEETS.contains(f)));
        all
    }

    /// Whether it is a document of pages.
    pub const fn is_document(self) -> bool {
        matches!(self, Face::OnePager | Face::Report | Face::Sustainability)
    }

    /// Whether it tells of an answer whatever its colours.
    pub const fn needs_answer(self) -> bool {
        matches!(self, Face::Chart(_)) || self.is_document()
    }

    /// Name on the command line and in the names of files.
    pub const fn id(self) -> &'static str {
        match self {
            Face::SitePlan => "site-plan",
            Face::OneLine => "one-line",
            Face::Cooling => "cooling",
            Face::Chart(id) => id.id(),
            Face::OnePager => "one-pager",
            Face::Report => "report",
            Face::Sustainability => "sustainability",
        }
    }

    /// Name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Face::SitePlan => "Site plan",
            Face::OneLine => "One-line diagram",
            Face::Cooling => "Cooling over a year",
            Face::Chart(id) => id.name(),
            Face::OnePager => "Investment summary, one page",
            Face::Report => "Project finance report",
            Face::Sustainability => "Sustainability",
        }
    }

    /// What its colours can say.
    pub fn overlays(self) -> Vec<Overlay> {
        match self {
            Face::SitePlan => Overlay::all(),
            Face::OneLine => Overlay::of_network(),
            _ => vec![Overlay::None],
        }
    }
}

/// What may be asked of a report. A kind reads what its [`super::Kind::choices`] name.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    pub face: Face,
    /// What colours say; absent takes what says most without doubt: the rack generation on a
    /// plan, the load on a diagram.
    pub overlay: Option<Overlay>,
    pub dark: bool,
    /// Width and height of a picture, points.
    pub size: (f64, f64),
    /// Pixels a point of a picture made of pixels.
    pub scale: f64,
    pub paper: Paper,
    /// Denominator of the scale of a plan on paper; absent takes the largest that fits.
    pub plan_scale: Option<f64>,
    pub system: System,
    /// Whether a workbook tells what each input does to the value.
    pub sensitivities: bool,
    pub draws: Draws,
}

/// Draws of all uncertain inputs at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// None: no draws, but for a picture that shows nothing else.
    pub count: Option<usize>,
    /// The same seed gives the same answer.
    pub seed: u64,
    /// Threads to use; the answer is the same for any number.
    pub threads: usize,
}

impl Draws {
    /// Draws of a picture of draws where no count is asked for.
    pub const OF_PICTURE: usize = 1_000;
}

impl Default for Draws {
    fn default() -> Self {
        Self { count: None, seed: 1, threads: 1 }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            face: Face::default(),
            overlay: None,
            dark: false,
            size: (1600.0, 1000.0),
            scale: f64::from(png::SCALE),
            paper: Paper::default(),
            plan_scale: None,
            system: System::Metric,
            sensitivities: false,
            draws: Draws::default(),
        }
    }
}

impl Options {
    /// Least and greatest side of a picture, points.
    pub const SIDES: (f64, f64) = (320.0, 12_000.0);
    /// Least and most pixels a point.
    pub const SCALES: (f64, f64) = (0.5, 8.0);

    /// What colours say, asked for or not.
    pub fn overlay(&self) -> Overlay {
        let own = match self.face {
            Face::OneLine => Overlay::Loading,
            _ => Overlay::None,
        };
        self.overlay.filter(|o| self.face.overlays().contains(o)).unwrap_or(own)
    }

    pub fn palette(&self) -> Palette {
        if self.dark { Palette::dark() } else { Palette::light() }
    }
}

/// One file of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Name within the folder of a report of several files; empty for the only one.
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Part {
    /// The only file of a report.
    pub fn only(bytes: impl Into<Vec<u8>>) -> Vec<Part> {
        vec![Part { name: String::new(), bytes: bytes.into() }]
    }
}

/// Why a report was not made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// Nothing of the site can be drawn; the words say what is missing.
    #[error("there is no {what} to draw: {why}")]
    Nothing { what: &'static str, why: &'static str },
    /// What stops the assessment of the cooling loops.
    #[error("the cooling over a year cannot be drawn: {0}")]
    Cooling(String),
    #[error(
        "the colours \"{0}\" need an answer, and the site has none: choose the rack generation instead"
    )]
    NoAnswer(&'static str),
    #[error("{0} tells of a plan, and the site has none")]
    NoPlan(&'static str),
    /// The plan cannot be valued.
    #[error("there is no finance to report: {0}")]
    Finance(#[from] NoFinance),
    /// What is asked of the value has no answer.
    #[error("there are no sensitivities to report: {0}")]
    Risk(String),
    /// A defect of the builder of workbooks.
    #[error(transparent)]
    Workbook(#[from] Defect),
    #[error(transparent)]
    Xlsx(#[from] XlsxError),
    /// The plan is larger than the paper.
    #[error(
        "at 1:{denominator} the plan takes {:.0} x {:.0} mm, and {paper} has room for \
         {:.0} x {:.0}: use {hint}",
        wanted_mm.0, wanted_mm.1, room_mm.0, room_mm.1
    )]
    Scale {
        denominator: String,
        paper: &'static str,
        wanted_mm: (f64, f64),
        room_mm: (f64, f64),
        hint: String,
    },
    #[error("the text cannot be written: {0}")]
    Text(String),
    #[error(transparent)]
    Dxf(#[from] DxfError),
    #[error(transparent)]
    Pdf(#[from] PdfError),
    #[error(transparent)]
    Png(#[from] PngError),
}

impl ReportError {
    /// The layout has nothing of a drawing.
    pub const fn nothing(face: Face) -> Self {
        let why = "the layout states a reference infrastructure in place of it";
        let what = match face {
            Face::SitePlan => "site plan",
            Face::OneLine => "one-line diagram",
            Face::Cooling => "cooling",
            Face::Chart(_) => "chart",
            Face::OnePager | Face::Report | Face::Sustainability => "document",
        };
        ReportError::Nothing { what, why }
    }
}
