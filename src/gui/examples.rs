//! The layouts that are part of the program.

use super::icons::Icon;
use crate::diag::Report;
use crate::editor::Document;
use crate::site::{Layout, file};

/// A layout to start from.
pub struct Example {
    pub name: &'static str,
    /// What it shows.
    pub what: &'static str,
    pub icon: Icon,
    file: &'static str,
    text: &'static str,
}

macro_rules! example {
    ($name:literal, $what:literal, $icon:ident, $file:literal) => {
        Example {
            name: $name,
            what: $what,
            icon: Icon::$icon,
            file: $file,
            text: include_str!(concat!("../../layouts/", $file)),
        }
    };
}

/// In the order of the list; the first is what an empty window opens.
pub const ALL: [Example; 8] = [
    example!("Campus, 1 GW", "Complete, and the contract binds", Hall, "campus-1gw.ron"),
    example!("Mixed racks, 250 MW", "Empty halls: which racks to buy", Row, "mixed-250mw.ron"),
    example!("Pilot, 20 MW", "A whole site that fits on a page", Rack, "pilot-20mw.ron"),
    example!(
        "Keynote, Hopper 1 GW",
        "As on stage, unlimited demand",
        Chart,
        "keynote-hopper-1gw.ron"
    ),
    example!(
        "Keynote, Blackwell 1 GW",
        "As on stage, unlimited demand",
        Chart,
        "keynote-blackwell-1gw.ron"
    ),
    example!(
        "Keynote, Vera Rubin 1 GW",
        "As on stage, unlimited demand",
        Chart,
        "keynote-rubin-1gw.ron"
    ),
    example!(
        "Keynote, Rubin and LPX 1 GW",
        "Decode on LPX, as on stage",
        Chart,
        "keynote-rubin-lpx-1gw.ron"
    ),
    example!(
        "Keynote, all racks 1 GW",
        "The site chooses among them",
        Chart,
        "keynote-mixed-1gw.ron"
    ),
];

impl Example {
    /// The example as a document without a file.
    ///
    /// # Errors
    /// What is wrong in the layout, as a sentence.
    pub fn document(&self) -> Result<Document, String> {
        let first =
            |report: Report| report.items.first().map_or_else(String::new, ToString::to_string);
        let layout = file::parse(self.text, self.file).map_err(first)?;
        Ok(Document::new(Layout::from_file(layout).map_err(first)?.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_opens_as_a_clean_document() {
        for example in &ALL {
            let document = example.document().expect(example.file);
            assert!(!document.is_dirty(), "{}", example.file);
        }
    }
}
