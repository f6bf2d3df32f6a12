//! The full report for banks and committees: what is built, what it costs and earns, what could
//! come otherwise, how it was computed and from what. It must not know file formats.

mod annex;
mod capital;
mod returns;
mod risks;
mod site;
mod statements;
mod years;

use super::facts::Facts;
use super::sustainability;
use crate::report::document::{Block, Column, Document, Pages, Row, Table};
use crate::scene::shape::Measure;

/// What a report is made with: the facts, the width of the text, and who measures texts.
struct Desk<'a, 'b> {
    facts: &'a Facts<'a>,
    width: f64,
    measure: &'a mut Measure<'b>,
    blocks: Vec<Block>,
}

impl Desk<'_, '_> {
    fn chapter(&mut self, text: &str) {
        self.blocks.push(Block::Heading(1, text.to_owned()));
    }

    fn section(&mut self, text: &str) {
        self.blocks.push(Block::Heading(2, text.to_owned()));
    }

    fn say(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Paragraph(text.into()));
    }

    fn note(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Note(text.into()));
    }

    fn table(&mut self, columns: Vec<Column>, rows: impl IntoIterator<Item = Row>) {
        let rows = rows.into_iter().collect();
        self.blocks.push(Block::Table(Table { columns, rows }));
    }

    fn push(&mut self, block: Option<Block>) {
        self.blocks.extend(block);
    }
}

/// The document on paper of a size in mm, portrait.
pub fn document(facts: &Facts, paper_mm: (f64, f64), measure: &mut Measure) -> Pages {
    let width = Document::width(paper_mm);
    let mut desk = Desk { facts, width, measure, blocks: Vec::new() };
    cover(&mut desk);
    summary(&mut desk);
    site::write(&mut desk);
    capital::write(&mut desk);
    statements::write(&mut desk);
    returns::write(&mut desk);
    risks::write(&mut desk);
    desk.chapter("Sustainability");
    let page = sustainability::blocks(facts);
    desk.blocks.extend(page);
    annex::write(&mut desk);
    let blocks = desk.blocks;
    let document = Document {
        title: format!("{}, project finance report", facts.name()),
        head: format!("{}  ·  Project finance report", facts.name()),
        foot: facts.origin(),
        stamp: facts.stamp(),
        paper_mm,
        blocks,
    };
    document.pages(measure)
}

fn cover(desk: &mut Desk) {
    let facts = desk.facts;
    desk.blocks.push(Block::Space(6.0));
    desk.blocks.push(Block::Title(facts.name().to_owned()));
    desk.blocks.push(Block::Subtitle("Project finance report".to_owned()));
    desk.blocks.push(Block::Space(8.0));
    let provenance = &facts.outcome.provenance;
    let mut rows = vec![
        ("Layout", facts.subject.file.to_owned()),
        ("Prices", facts.price_date()),
        ("Money", "US dollars, nominal".to_owned()),
        ("Catalogue", facts.subject.catalog.version.clone()),
        ("Made with", format!("Gigasite {}", env!("CARGO_PKG_VERSION"))),
        ("Hash of the input", facts.hash().to_owned()),
    ];
    if let Some(variant) = &provenance.variant {
        rows.insert(1, ("Variant", variant.clone()));
    }
    if !provenance.overrides.is_empty() {
        rows.push(("Changed", provenance.overrides.join("; ")));
    }
    if !facts.outcome.labels.is_empty() {
        rows.push(("Every figure carries", facts.outcome.labels.join("; ")));
    }
    rows.retain(|(_, value)| !value.is_empty());
    let rows = rows.into_iter().map(|(name, value)| Row::plain([name.to_owned(), value]));
    desk.table(vec![Column::left("Report"), Column::left("")], rows);
    let (holds, state) = facts.master();
    if holds {
        desk.note(format!("{state}; they are listed in the last chapters."));
    } else {
        desk.blocks.push(Block::Warning(format!("{state}. Figures must not be relied upon.")));
    }
    let stamp = facts.stamp();
    if !stamp.is_empty() {
        desk.blocks.push(Block::Warning(format!(
            "{stamp}. They are marked in the chapter of inputs. Enter each of them in the layout, \
             or confirm it there, before this report is handed to a client."
        )));
    }
    desk.blocks.push(Block::Space(10.0));
    desk.blocks.push(Block::Contents);
}

fn summary(desk: &mut Desk) {
    use crate::scene::chart::money::Id;
    let facts = desk.facts;
    let key = |id: &str| facts.key(id);
    desk.chapter("Summary");
    desk.say(format!(
        "{} takes {} of capital and draws {} from the grid in its worst hour. In its first full \
         year it earns {} of revenue and {} before interest, tax and depreciation. Discounted at \
         {} after tax the project is worth {} on the first day of the model.",
        facts.name(),
        key("capex_usd"),
        crate::units::format::power(crate::units::Power::mw(facts.outcome.plan.grid_mw)),
        key("revenue_usd_per_year").trim_end_matches("/yr"),
        key("ebitda_usd_per_year").trim_end_matches("/yr"),
        crate::units::format::share(facts.found.evaluation.results.unlevered.rate),
        key("npv_usd"),
    ));
    let wanted = [
        "npv_usd",
        "irr_frac",
        "mirr_frac",
        "payback_years",
        "capex_usd",
        "revenue_usd_per_year",
        "levelised_usd_per_mtok",
        "breakeven_usd_per_mtok",
        "price_usd_per_mtok",
        "dscr_min",
    ];
    let found = wanted.iter().filter_map(|id| facts.keys.iter().find(|k| k.id == *id));
    let rows = found.map(|k| Row::plain([k.name.clone(), k.text()]));
    desk.table(Column::figures("Key figure", &["Value"]), rows);
    let size = (desk.width, 250.0);
    let caption = "Flows of the owners by fiscal year; the line is their running sum.";
    let figure = facts.figure(Id::CashFlow, size, caption, desk.measure);
    desk.push(figure);
    desk.section("What to doubt");
    desk.blocks.push(Block::Bullets(facts.caveats()));
}
