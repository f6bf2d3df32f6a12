//! Files of other programs on their way into a site or the catalogue: read, shown by whoever
//! asked, and read again in another way until something of them is taken. A large drawing takes
//! its time, so that all of the reading is for a thread of its own. It must not know a window.

mod device_type;
mod import;

pub use device_type::DeviceDraft;
pub use import::ImportDraft;

use super::mappings::Mappings;
use crate::catalog::Catalog;
use crate::diag::Report;
use crate::site::Site;
use crate::site::file::read_bytes;
use std::path::Path;
use std::sync::Arc;

/// What a file is read for.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// A parcel, an underlay or racks for a site.
    Import {
        site: Site,
        /// With the overrides of the site.
        catalog: Arc<Catalog>,
        /// How a layout should name the file.
        reference: String,
        /// Columns that were chosen before.
        mappings: Mappings,
    },
    /// A rack type for the catalogue.
    DeviceType {
        catalog: Arc<Catalog>,
        /// Where own records are kept, in words.
        folder: String,
        /// Day of the import: the format states none.
        date: String,
    },
    /// What was read before, in the way that is chosen now.
    Again(Foreign),
}

/// What was read, and may be read in another way.
#[derive(Clone, Debug, PartialEq)]
pub enum Foreign {
    Import(Box<ImportDraft>),
    DeviceType(Box<DeviceDraft>),
}

impl Foreign {
    /// Reads a file for the first time, or again what is there of it.
    ///
    /// # Errors
    /// What stands in the way of its bytes. What is wrong in them is told by the draft.
    pub fn read(path: &Path, wanted: Wanted) -> Result<Self, Report> {
        Ok(match wanted {
            Wanted::Import { site, catalog, reference, mappings } => {
                let bytes = read_bytes(path)?;
                let draft =
                    ImportDraft::new(path.to_owned(), bytes, (site, catalog), reference, &mappings);
                Foreign::Import(Box::new(draft))
            }
            Wanted::DeviceType { catalog, folder, date } => {
                let bytes = read_bytes(path)?;
                let draft = DeviceDraft::new(path.to_owned(), bytes, (catalog, folder), date);
                Foreign::DeviceType(Box::new(draft))
            }
            Wanted::Again(Foreign::Import(mut draft)) => {
                draft.read();
                Foreign::Import(draft)
            }
            Wanted::Again(Foreign::DeviceType(mut draft)) => {
                draft.read();
                Foreign::DeviceType(draft)
            }
        })
    }
}
