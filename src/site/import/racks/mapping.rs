//! Which column of a table is which field of a block: guessed from headers and from what the
//! cells hold, kept as RON text that people edit and use again.

use super::super::table::{Table, metres, number};
use crate::catalog::Catalog;
use crate::fields::nearest;
use crate::site::Site;
use indexmap::IndexMap;
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::{Deserialize, Serialize};

/// What a column can say of a rack or a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Field {
    Id,
    Name,
    Hall,
    Row,
    Rack,
    Count,
    Node,
    Loop,
    Phase,
    X,
    Y,
    Position,
    Width,
    Depth,
}

impl Field {
    pub const ALL: [Field; 14] = [
        Field::Id,
        Field::Name,
        Field::Hall,
        Field::Row,
        Field::Rack,
        Field::Count,
        Field::Node,
        Field::Loop,
        Field::Phase,
        Field::X,
        Field::Y,
        Field::Position,
        Field::Width,
        Field::Depth,
    ];

    /// Words of the window and of reports.
    pub const fn title(self) -> &'static str {
        match self {
            Field::Id => "Id",
            Field::Name => "Name",
            Field::Hall => "Hall",
            Field::Row => "Row",
            Field::Rack => "Rack type",
            Field::Count => "Count",
            Field::Node => "Power node",
            Field::Loop => "Cooling loop",
            Field::Phase => "Phase",
            Field::X => "X, east",
            Field::Y => "Y, south",
            Field::Position => "Position in the row",
            Field::Width => "Width of a rack",
            Field::Depth => "Depth of a rack",
        }
    }

    /// Headers that name it, compact and in lower case, the plainest first.
    const fn words(self) -> &'static [&'static str] {
        match self {
            Field::Id => &["id", "blockid", "rackid", "assetid", "assettag", "tag", "uid", "rack"],
            Field::Name => &["name", "blockname", "rackname", "block", "label", "bezeichnung"],
            Field::Hall => &[
                "hall", "datahall", "room", "location", "building", "halle", "raum", "salle",
                "sala",
            ],
            Field::Row => &["row", "rowid", "aisle", "reihe", "rangee", "fila"],
            Field::Rack => &[
                "racktype",
                "type",
                "model",
                "product",
                "devicetype",
                "sku",
                "racktyp",
                "modell",
                "modele",
                "rack",
                "hardware",
            ],
            Field::Count => &[
                "count",
                "quantity",
                "qty",
                "racks",
                "number",
                "rackcount",
                "anzahl",
                "menge",
                "quantite",
                "cantidad",
                "units",
            ],
            Field::Node => &[
                "node",
                "powernode",
                "busway",
                "feed",
                "powerfeed",
                "pdu",
                "panel",
                "powerpanel",
                "substation",
            ],
            Field::Loop => &["loop", "coolingloop", "cooling", "cdu", "coolant"],
            Field::Phase => &["phase", "stage", "buildphase"],
            Field::X => &["x", "xm", "east", "easting", "posx", "xpos", "left"],
            Field::Y => &["y", "ym", "south", "southing", "posy", "ypos", "top"],
            Field::Position => &["position", "pos", "slot", "place", "rackposition", "platz"],
            Field::Width => &["width", "widthm", "rackwidth", "outerwidth", "breite", "largeur"],
            Field::Depth => &["depth", "depthm", "rackdepth", "outerdepth", "tiefe", "profondeur"],
        }
    }
}

/// Columns and names of a table as the site has them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// Header of the column of each field.
    pub columns: IndexMap<Field, String>,
    /// What the table calls a rack type, and its id in the catalogue.
    pub racks: IndexMap<String, String>,
}

/// A mapping that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    #[error("the mapping cannot be read: {0}")]
    Text(String),
    #[error("the table has no column \"{header}\" for {}; near it: {near}", field.title())]
    NoColumn { field: Field, header: String, near: String },
    #[error("the catalogue has no rack \"{id}\", which stands for \"{label}\"; near it: {near}")]
    NoRack { label: String, id: String, near: String },
}

impl Mapping {
    /// Reads the text of a mapping.
    ///
    /// # Errors
    /// [`MappingError::Text`] with the place of the fault.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
        options.from_str(text).map_err(|e| MappingError::Text(e.to_string()))
    }

    /// The mapping as text that people can edit.
    pub fn to_text(&self) -> String {
        let head = "// Columns of a table of racks: field, header of its column. Under `racks` what the\n\
                    // table calls a rack type, and its id in the catalogue.\n\
                    // Fields: ";
        let fields: Vec<String> = Field::ALL.iter().map(|f| format!("{f:?}")).collect();
        // cannot fail: a mapping holds text alone.
        let body = ron::ser::to_string_pretty(self, PrettyConfig::new()).expect("plain text");
        format!("{head}{}\n{body}\n", fields.join(", "))
    }

    /// Columns by their index.
    ///
    /// # Errors
    /// A header that the table lacks, a rack that the catalogue lacks.
    pub fn resolve(
        &self,
        table: &Table,
        catalog: &Catalog,
    ) -> Result<IndexMap<Field, usize>, MappingError> {
        for (label, id) in &self.racks {
            if !catalog.racks.contains_key(id) {
                let near = nearest(id, catalog.racks.keys().map(String::as_str)).join(", ");
                return Err(MappingError::NoRack { label: label.clone(), id: id.clone(), near });
            }
        }
        let find = |(field, header): (&Field, &String)| {
            let found = table.header.iter().position(|h| h == header);
            let found = found.or_else(|| table.header.iter().position(|h| key(h) == key(header)));
            let near = || nearest(header, table.header.iter().map(String::as_str)).join(", ");
            let index = found.ok_or_else(|| MappingError::NoColumn {
                field: *field,
                header: header.clone(),
                near: near(),
            })?;
            Ok((*field, index))
        };
        self.columns.iter().map(find).collect()
    }

    /// The mapping that headers and cells suggest: each column serves one field at most.
    pub fn guess(table: &Table, site: &Site, catalog: &Catalog) -> Self {
        let mut free: Vec<usize> =
            (0..table.header.len()).filter(|i| !table.header[*i].is_empty()).collect();
        let mut found: IndexMap<Field, usize> = IndexMap::new();
        // Rack types are told by themselves; then headers that are the very word, then what the
        // cells hold, then headers that are alike.
        by_content(table, &Field::Rack, (site, catalog), &mut free, &mut found);
        by_header(table, &mut free, &mut found, 1.0);
        for field in [Field::Hall, Field::Row, Field::Node, Field::Loop] {
            by_content(table, &field, (site, catalog), &mut free, &mut found);
        }
        by_header(table, &mut free, &mut found, LIKE);
        found.sort_keys();
        let header = |(field, column): (Field, usize)| (field, table.header[column].clone());
        Mapping { columns: found.into_iter().map(header).collect(), racks: IndexMap::new() }
    }
}

/// Likeness of a header and a word from which they mean the same.
const LIKE: f64 = 0.9;
/// Share of the cells that have to be names of the kind.
const MOST: f64 = 0.6;
/// Rows that are looked at.
const LOOKED_AT: usize = 400;

/// Letters and digits in lower case, without a unit in brackets.
fn key(text: &str) -> String {
    let text = text.split(['(', '[']).next().unwrap_or_default();
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn by_header(table: &Table, free: &mut Vec<usize>, found: &mut IndexMap<Field, usize>, least: f64) {
    let mut scored: Vec<(f64, usize, Field, usize)> = Vec::new();
    for field in Field::ALL.into_iter().filter(|f| !found.contains_key(f)) {
        for column in free.iter().copied() {
            if !can_hold(table, column, field) {
                continue;
            }
            let header = key(&table.header[column]);
            for (rank, word) in field.words().iter().enumerate() {
                let like = if header == *word {
                    1.0
                } else if header.len() < 4 || word.len() < 4 {
                    // Short words are alike by chance.
                    0.0
                } else {
                    strsim::jaro_winkler(&header, word)
                };
                if like >= least {
                    scored.push((like, rank, field, column));
                }
            }
        }
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2, a.3).cmp(&(b.1, b.2, b.3))));
    for (_, _, field, column) in scored {
        if free.contains(&column) && !found.contains_key(&field) {
            found.insert(field, column);
            free.retain(|c| *c != column);
        }
    }
}

/// Whether most cells of a column can be read as a field: a count needs numbers.
fn can_hold(table: &Table, column: usize, field: Field) -> bool {
    let reads: fn(&str) -> bool = match field {
        Field::Count => |cell| number(cell).is_some(),
        Field::X | Field::Y | Field::Width | Field::Depth => |cell| metres(cell, 1.0).is_some(),
        Field::Position => |cell| cell.contains(|c: char| c.is_ascii_digit()),
        _ => return true,
    };
    let cells: Vec<&str> =
        table.rows.iter().take(LOOKED_AT).filter_map(|r| r.get(column)).collect();
    let hits = cells.iter().filter(|cell| reads(cell)).count();
    hits as f64 >= cells.len() as f64 * MOST
}

/// A column whose cells are names of the kind: headers need no language.
fn by_content(
    table: &Table,
    field: &Field,
    known: (&Site, &Catalog),
    free: &mut Vec<usize>,
    found: &mut IndexMap<Field, usize>,
) {
    if found.contains_key(field) {
        return;
    }
    let share = |column: usize| {
        let cells: Vec<&str> =
            table.rows.iter().take(LOOKED_AT).filter_map(|r| r.get(column)).collect();
        let hits = cells.iter().filter(|cell| is_name(*field, cell, known)).count();
        if cells.is_empty() { 0.0 } else { hits as f64 / cells.len() as f64 }
    };
    let shares = free.iter().copied().map(|column| (share(column), column));
    // Of equals the first column.
    let best = shares.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    if let Some((_, column)) = best.filter(|b| b.0 >= MOST) {
        found.insert(*field, column);
        free.retain(|c| *c != column);
    }
}

/// Whether a cell names a rack type, a hall, a row, a node or a loop.
fn is_name(field: Field, cell: &str, (site, catalog): (&Site, &Catalog)) -> bool {
    let is =
        |id: &str, name: &str| id.eq_ignore_ascii_case(cell) || name.eq_ignore_ascii_case(cell);
    match field {
        Field::Rack => catalog.rack_by_label(cell).is_some(),
        Field::Hall => {
            site.halls.iter().filter_map(|g| g.hall.as_ref()).any(|h| is(&h.id, &h.name))
        }
        Field::Row => site.halls.iter().flat_map(|g| g.rows.iter()).any(|r| is(&r.id, &r.name)),
        Field::Node => site.campus.nodes.iter().any(|n| is(&n.id, &n.name)),
        Field::Loop => site.campus.loops.iter().any(|l| is(&l.id, &l.name)),
        _ => false,
    }
}
