//! Foreign files as changes of a site: parcels and underlays from maps and drawings, racks
//! from lists.
//!
//! One file an importer, one line each in [`ALL`]. Importers take bytes and know no
//! files; they must not change a site. What they take is [`Change`]s, applied all
//! together by [`Imported::apply`]; what they leave out they say.

pub mod device_type;
mod drawing;
mod dxf;
mod geojson;
mod outline;
mod parts;
mod picture;
mod racks;
pub mod table;
mod underlay;

pub use drawing::{Drawing, Path};
pub use racks::{Field, Mapping, MappingError, table_of};
pub use underlay::{Content, content, sha256};

/// Whether a file is one that can be imported, by its ending.
pub fn is_foreign(name: &str) -> bool {
    importer_of(name).is_some() || device_type::is_device_type(name)
}

use super::{Block, HallGroup, Site, Underlay};
use crate::catalog::Catalog;
use crate::diag::{Diagnostic, Report};
use crate::units::LengthUnit;
use serde::Serialize;
use std::collections::HashSet;
use std::sync::Arc;

/// What the content of a file becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The outline of the parcel, in place of the one that the site has.
    Parcel,
    /// A picture or lines under the plan.
    Underlay,
    /// Blocks of racks, beside those that the site has.
    Racks,
}

impl Role {
    pub const ALL: &[Role] = &[Role::Parcel, Role::Underlay, Role::Racks];

    /// Word of the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Parcel => "parcel",
            Role::Racks => "racks",
            Role::Underlay => "underlay",
        }
    }

    /// Words of the window.
    pub const fn title(self) -> &'static str {
        match self {
            Role::Parcel => "Parcel outline",
            Role::Racks => "Racks",
            Role::Underlay => "Underlay",
        }
    }
}

/// A file that is read, and the site that it is for.
#[derive(Clone, Copy)]
pub struct Foreign<'a> {
    /// Name that findings carry.
    pub file: &'a str,
    pub bytes: &'a [u8],
    pub site: &'a Site,
    /// With the overrides of the site.
    pub catalog: &'a Catalog,
}

/// What a person may say about a file that it does not say itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Absent: the first role of the importer.
    pub role: Option<Role>,
    /// Columns of a table; absent: what headers and cells suggest.
    pub mapping: Option<Mapping>,
    /// Unit of a drawing, in place of the one that it states.
    pub unit: Option<LengthUnit>,
    /// Layer of a drawing that holds the parcel.
    pub layer: Option<String>,
    /// How large a picture is.
    pub scale: Option<Scale>,
    /// Path by which a layout should name the file; the path as given where absent.
    pub reference: Option<String>,
}

/// How large a picture is on the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    MetresPerPixel(f64),
    /// Two pixels and the distance between them.
    Points {
        a: [f64; 2],
        b: [f64; 2],
        metres: f64,
    },
}

/// Something of the file that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Where in the file: a feature, a layer, a row and column.
    pub place: String,
    /// What it is and why it stays out, a sentence without a full stop.
    pub reason: String,
}

/// One thing that an import does to a site.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Replaces the outline of the parcel, metres.
    Parcel(Vec<[f64; 2]>),
    /// Longitude and latitude of the origin, so that the next map falls into place.
    Origin([f64; 2]),
    /// More blocks; their ids are new.
    Blocks(Vec<Block>),
    /// Adds an underlay, under a free id.
    Underlay(Underlay),
}

/// What was read from a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// Completes "Undo ...", e.g. "Import parcel".
    pub label: String,
    pub changes: Vec<Change>,
    /// What is taken, a line each with its figures.
    pub taken: Vec<String>,
    pub skipped: Vec<Skipped>,
    /// The columns of a table that was read, for those who want to change them.
    pub mapping: Option<Mapping>,
    /// Layers that the file has, to choose one from.
    pub layers: Vec<String>,
    /// Lines of the file about the north-west corner of all, metres, for a preview.
    pub preview: Vec<Vec<[f64; 2]>>,
}

impl Imported {
    /// The site with the changes; what they do not touch is shared.
    pub fn apply(&self, site: &Site) -> Site {
        let mut edited = site.clone();
        for change in &self.changes {
            match change {
                Change::Parcel(outline) => {
                    Arc::make_mut(&mut edited.terms).site.parcel.clone_from(outline);
                }
                Change::Origin(at) => {
                    Arc::make_mut(&mut edited.terms).site.origin_deg = Some(*at);
                }
                Change::Blocks(blocks) => blocks.iter().for_each(|b| add(&mut edited, b.clone())),
                Change::Underlay(underlay) => {
                    let id = free_id(&edited, &underlay.id);
                    let underlay = Underlay { id, ..underlay.clone() };
                    Arc::make_mut(&mut edited.campus).underlays.push(underlay);
                }
            }
        }
        edited
    }
}

/// Puts a block into the group of its hall, or into that without a hall.
fn add(site: &mut Site, block: Block) {
    let of = |g: &Arc<HallGroup>| g.hall.as_ref().map(|h| &h.id) == block.hall.as_ref();
    let index = site.halls.iter().position(of).unwrap_or_else(|| {
        let none = site.halls.iter().position(|g| g.hall.is_none());
        none.unwrap_or_else(|| {
            site.halls.push(Arc::new(HallGroup::new(None)));
            site.halls.len() - 1
        })
    });
    if let Some(group) = site.halls.get_mut(index) {
        Arc::make_mut(group).blocks.push(block);
    }
}

/// The id, or with the first number that makes it free.
fn free_id(site: &Site, id: &str) -> String {
    let phases = site.campus.phases.iter().map(|p| p.id.as_str());
    let taken: HashSet<&str> = site.elements().map(|e| e.id()).chain(phases).collect();
    let numbered = (2..).map(|n| format!("{id}-{n}"));
    let mut all = std::iter::once(id.to_owned()).chain(numbered);
    // cannot fail: a finite set does not take every number.
    all.find(|id| !taken.contains(id.as_str())).unwrap_or_default()
}

/// A reader of one kind of file.
pub struct Importer {
    pub name: &'static str,
    /// One sentence for help and dialogs.
    pub about: &'static str,
    /// Endings of file names, lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// What its content can become, the usual first.
    pub roles: &'static [Role],
    read: fn(&Foreign<'_>, &Options) -> Result<Imported, Report>,
}

/// All importers, in the order in which they are offered.
pub static ALL: &[Importer] =
    &[geojson::IMPORTER, dxf::IMPORTER, picture::IMPORTER, racks::CSV, racks::WORKBOOK];

/// The importer of a file name, by its ending.
pub fn importer_of(file: &str) -> Option<&'static Importer> {
    let ending = file.rsplit_once('.')?.1.to_lowercase();
    ALL.iter().find(|i| i.extensions.contains(&ending.as_str()))
}

/// Reads a file by the importer of its ending.
///
/// # Errors
/// A report with at least one error: an ending or a role that no importer has, or
/// what is wrong with the content, with its place.
pub fn read(foreign: &Foreign<'_>, options: &Options) -> Result<Imported, Report> {
    let Some(importer) = importer_of(foreign.file) else {
        let known: Vec<String> =
            ALL.iter().flat_map(|i| i.extensions).map(|e| format!(".{e}")).collect();
        let hint = format!("Choose a file that ends in {}", known.join(", "));
        return Err(fault(foreign, "unknown-format", "Nothing reads files of this kind", &hint));
    };
    if let Some(role) = options.role.filter(|r| !importer.roles.contains(r)) {
        let message = format!("A {} file cannot become a {}", importer.name, role.name());
        let roles: Vec<&str> = importer.roles.iter().map(|r| r.name()).collect();
        let hint = format!("Import it as {}", roles.join(" or "));
        return Err(fault(foreign, "wrong-role", &message, &hint));
    }
    (importer.read)(foreign, options)
}

/// A report of one error about the file as a whole.
fn fault(foreign: &Foreign<'_>, code: &str, message: &str, hint: &str) -> Report {
    fault_in(foreign.file, code, message, hint)
}

fn fault_in(file: &str, code: &str, message: &str, hint: &str) -> Report {
    let mut fault = Diagnostic::error(code, "", message, hint);
    fault.file = Some(file.to_owned());
    Report { items: vec![fault] }
}

/// A report of one error at a line and column of the file, counted from 1.
fn fault_at(
    file: &str,
    (line, column): (usize, usize),
    code: &str,
    (message, hint): (&str, &str),
) -> Report {
    let fault = Diagnostic::error(code, "", message, hint).at(file, line, column);
    Report { items: vec![fault] }
}
