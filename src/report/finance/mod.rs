//! What a plan is worth, for people and machines: documents, charts as pictures, tables, JSON. Every figure is that of
//! the evaluation; none is computed here. It must not know file formats nor where files go.

mod facts;
mod figure;
mod full;
pub mod machine;
mod one_pager;
mod picture;
mod risks;
mod sustainability;
pub mod tables;

pub use picture::picture;
pub use risks::Risks;

use super::document::Pages;
use super::writers::pdf::About;
use super::{Face, Options, Paper, ReportError, Subject};
use crate::scene::shape::Measure;
use crate::study::finance::{SiteFinance, value};

/// The finance of the plan.
///
/// # Errors
/// There is no plan, or it cannot be valued.
pub fn valued(subject: &Subject) -> Result<SiteFinance, ReportError> {
    let outcome = subject.outcome.ok_or(ReportError::NoPlan("The finance"))?;
    Ok(value(subject.site, outcome, subject.catalog)?)
}

/// A document about money: its pages, and what it says of itself.
///
/// # Errors
/// The plan cannot be valued.
pub fn document(
    subject: &Subject,
    options: &Options,
    measure: &mut Measure,
) -> Result<(Pages, About), ReportError> {
    let facts = facts::Facts::of(subject, options.draws)?;
    let (long, short) = paper(options.paper).size_mm();
    let pages = match options.face {
        Face::OnePager => {
            let pages = vec![one_pager::page(&facts, (long, short), measure)];
            Pages { pages, ..Pages::default() }
        }
        Face::Sustainability => sustainability::document(&facts, (short, long), measure),
        _ => full::document(&facts, (short, long), measure),
    };
    let about = About {
        title: format!("{}, {}", facts.name(), options.face.name().to_lowercase()),
        description: format!("{} of {}; input {}", options.face.name(), facts.name(), facts.hash()),
        date: facts.date(),
        places: pages.places.clone(),
        links: pages.links.clone(),
        ..About::default()
    };
    Ok((pages, about))
}

/// Documents are made for two sizes: A4, and Letter where a size of that family is asked for.
const fn paper(asked: Paper) -> Paper {
    match asked {
        Paper::Letter | Paper::Tabloid | Paper::ArchD => Paper::Letter,
        Paper::A4 | Paper::A3 | Paper::A2 | Paper::A1 | Paper::A0 => Paper::A4,
    }
}
