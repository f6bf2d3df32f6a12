//! Reports read back by readers that did not write them.

mod cad;
mod inventories;
mod money;
mod pages;
mod pictures;
mod workbook;

use crate::support::{answer, embedded, layout};
use gigasite::catalog::Catalog;
use gigasite::report::{Kind, Options, Part, ReportError, Subject};
use gigasite::site::Site;
use gigasite::study::{self, Outcome, SolveOptions};

/// Layouts with a site plan and a network.
pub const BUILT: [&str; 3] = ["pilot-20mw", "mixed-250mw", "campus-1gw"];

/// A shipped layout with what reports of it need.
pub struct Shipped {
    pub site: Site,
    pub catalog: Catalog,
    pub outcome: Option<Outcome>,
    pub file: String,
}

impl Shipped {
    pub fn new(name: &str) -> Self {
        let site = layout(name);
        let (catalog, _) = study::in_force(&site, &embedded());
        Self { site, catalog, outcome: None, file: format!("{name}.ron") }
    }

    pub fn solved(name: &str) -> Self {
        let own = Self::new(name);
        let outcome = answer(own.site.clone(), &[], &SolveOptions::default());
        Self { outcome: Some(outcome), ..own }
    }

    /// With the full answer, which reports about money need.
    pub fn valued(name: &str) -> Self {
        let own = Self::new(name);
        let outcome = study::run(&own.site, &embedded(), &SolveOptions::default());
        Self { outcome: Some(outcome), ..own }
    }

    pub fn try_make(&self, kind: &str, options: &Options) -> Result<Vec<Part>, ReportError> {
        let subject = Subject {
            site: &self.site,
            catalog: &self.catalog,
            outcome: self.outcome.as_ref(),
            file: &self.file,
            scenarios: &[],
        };
        Kind::of(kind).expect("a kind").make(&subject, options)
    }

    /// The only file of a report.
    pub fn make(&self, kind: &str, options: &Options) -> Vec<u8> {
        let parts = self.try_make(kind, options).unwrap_or_else(|e| panic!("{kind}: {e}"));
        let [part] = &parts[..] else { panic!("{} files", parts.len()) };
        assert!(part.name.is_empty());
        part.bytes.clone()
    }

    pub fn text(&self, kind: &str, options: &Options) -> String {
        String::from_utf8(self.make(kind, options)).expect("text")
    }

    /// Names of the halls.
    pub fn halls(&self) -> Vec<String> {
        self.site.halls.iter().filter_map(|g| g.hall.as_ref()).map(|h| h.name.clone()).collect()
    }
}
