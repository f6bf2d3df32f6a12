//! Rows of a table as racks of this site: every name is looked up, every number is read, and
//! what cannot be is said with its row and column.

use super::super::Skipped;
use super::super::table::{Row, Table, column_name, metres, number, unit_of_header};
use super::{Field, Mapping};
use crate::catalog::Rack;
use crate::fields::nearest;
use crate::site::import::Foreign;
use crate::site::{Infrastructure, Site};
use indexmap::IndexMap;
use std::collections::HashSet;

/// A row that fits the site.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub row: usize,
    pub id: Option<String>,
    pub name: Option<String>,
    pub hall: Option<String>,
    /// Id of the row of the hall.
    pub line_up: Option<String>,
    pub rack: String,
    pub count: u32,
    /// Whether the table says how many; else a row is one rack.
    pub is_block: bool,
    pub node: Option<String>,
    pub cooling: Option<String>,
    pub phase: Option<String>,
    /// North-west corner, metres.
    pub at: Option<[f64; 2]>,
    /// Of the first rack in its row, counted from 1.
    pub position: Option<u32>,
    /// Width and depth of one rack, metres; absent where nothing on the ground is checked.
    pub size: Option<[f64; 2]>,
}

/// More racks in one row of a table are a slip of the pen.
const MOST_RACKS: f64 = 100_000.0;

/// The rows that fit; the others go to `skipped`.
pub fn lines(
    foreign: &Foreign<'_>,
    table: &Table,
    (mapping, columns): (&Mapping, &IndexMap<Field, usize>),
    skipped: &mut Vec<Skipped>,
) -> Vec<Line> {
    let mut ids: HashSet<String> = foreign.site.blocks().map(|b| b.id.clone()).collect();
    let mut out = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let cells = Cells { foreign, table, mapping, columns, row };
        match cells.line(&mut ids) {
            Ok(line) => out.push(line),
            Err(skip) => skipped.push(skip),
        }
    }
    out
}

struct Cells<'a> {
    foreign: &'a Foreign<'a>,
    table: &'a Table,
    mapping: &'a Mapping,
    columns: &'a IndexMap<Field, usize>,
    row: &'a Row,
}

impl Cells<'_> {
    fn line(&self, ids: &mut HashSet<String>) -> Result<Line, Skipped> {
        let site = self.foreign.site;
        let rack = self.rack()?;
        let count = match self.get(Field::Count) {
            Some(text) => Some(self.count(text)?),
            None => None,
        };
        let hall = self.name_of(Field::Hall, || halls(site))?;
        let line_up = self.name_of(Field::Row, || rows(site, hall.as_deref()))?;
        // A row stands in one hall, which the table need not repeat.
        let hall = hall.or_else(|| line_up.as_deref().and_then(|id| hall_of(site, id)));
        let nodes = || site.campus.nodes.iter().map(|n| (n.id.as_str(), n.name.as_str())).collect();
        let node = self.name_of(Field::Node, nodes)?;
        let loops = || site.campus.loops.iter().map(|l| (l.id.as_str(), l.name.as_str())).collect();
        let cooling = self.name_of(Field::Loop, loops)?;
        let phases =
            || site.campus.phases.iter().map(|p| (p.id.as_str(), p.name.as_str())).collect();
        let phase = self.name_of(Field::Phase, phases)?;
        let is_built = matches!(site.terms.site.infrastructure, Infrastructure::Built);
        if is_built && hall.is_none() {
            let reason = "No hall: name one that the site has";
            return Err(self.skip(Field::Hall, reason.to_owned()));
        }
        let size = self.size(rack)?;
        if is_built && size.is_none() {
            let reason = format!(
                "The footprint of {} is not known: give its width and depth in columns",
                rack.name
            );
            return Err(self.skip(Field::Rack, reason));
        }
        let (at, position) = self.place()?;
        let label = self.get(Field::Id);
        let id = label.map(valid_id).filter(|id| !id.is_empty());
        if let Some(id) = &id
            && !ids.insert(id.clone())
        {
            let reason = format!("There is a block {id} already");
            return Err(self.skip(Field::Id, reason));
        }
        Ok(Line {
            row: self.row.number,
            id,
            // What the table calls it stays as its name.
            name: self.get(Field::Name).or(label).map(str::to_owned),
            hall,
            line_up,
            rack: rack.id.clone(),
            count: count.unwrap_or(1),
            is_block: count.is_some(),
            node,
            cooling,
            phase,
            at,
            position,
            size,
        })
    }

    fn get(&self, field: Field) -> Option<&str> {
        self.columns.get(&field).and_then(|column| self.row.get(*column))
    }

    /// Row and column in the words of a spreadsheet: `Row 7, column C "Type"`.
    fn skip(&self, field: Field, reason: String) -> Skipped {
        let place = match self.columns.get(&field) {
            Some(column) => {
                let header = self.table.header.get(*column).map_or("", String::as_str);
                let column = column_name(*column);
                format!("Row {}, column {column} \"{header}\"", self.row.number)
            }
            None => format!("Row {}", self.row.number),
        };
        Skipped { place, reason }
    }

    fn rack(&self) -> Result<&Rack, Skipped> {
        let catalog = self.foreign.catalog;
        let Some(label) = self.get(Field::Rack) else {
            return Err(self.skip(Field::Rack, "No rack type".to_owned()));
        };
        let own = self.mapping.racks.get(label).and_then(|id| catalog.racks.get(id));
        own.or_else(|| catalog.rack_by_label(label)).ok_or_else(|| {
            let names = catalog.racks.values().flat_map(|r| [r.id.as_str(), r.short.as_str()]);
            let near = nearest(label, names).join(", ");
            let reason = format!(
                "The catalogue has no rack \"{label}\"; near it: {near}. Name its id in the mapping"
            );
            self.skip(Field::Rack, reason)
        })
    }

    fn count(&self, text: &str) -> Result<u32, Skipped> {
        let is_count = |v: &f64| v.fract() == 0.0 && (1.0..=MOST_RACKS).contains(v);
        let found = number(text).filter(is_count);
        found.map(|v| v as u32).ok_or_else(|| {
            let reason = format!("\"{text}\" is no count of racks from 1 to {MOST_RACKS:.0}");
            self.skip(Field::Count, reason)
        })
    }

    /// The id of what a cell names; nothing where the table does not say.
    fn name_of<'s>(
        &self,
        field: Field,
        known: impl FnOnce() -> Vec<(&'s str, &'s str)>,
    ) -> Result<Option<String>, Skipped> {
        let Some(text) = self.get(field) else { return Ok(None) };
        let known = known();
        let is = |name: &str| name.trim().to_lowercase() == text.to_lowercase();
        let by_id = known.iter().filter(|(id, _)| is(id));
        let mut found: Vec<&str> = by_id.map(|(id, _)| *id).collect();
        if found.is_empty() {
            found = known.iter().filter(|(_, name)| is(name)).map(|(id, _)| *id).collect();
        }
        match found[..] {
            [one] => Ok(Some(one.to_owned())),
            [] => {
                let names = known.iter().flat_map(|(id, name)| {
                    let is_same = id.to_lowercase() == name.trim().to_lowercase();
                    std::iter::once(*id).chain((!is_same).then_some(*name))
                });
                let near = nearest(text, names).join(", ");
                let near =
                    if near.is_empty() { String::new() } else { format!("; near it: {near}") };
                let what = field.title().to_lowercase();
                Err(self.skip(field, format!("The site has no {what} \"{text}\"{near}")))
            }
            _ => {
                let what = field.title().to_lowercase();
                let reason = format!("\"{text}\" names {} of the {what}s: use ids", found.len());
                Err(self.skip(field, reason))
            }
        }
    }

    fn length(&self, field: Field) -> Result<Option<f64>, Skipped> {
        let Some(text) = self.get(field) else { return Ok(None) };
        let header = self.columns.get(&field).and_then(|c| self.table.header.get(*c));
        let unit = header.map_or(1.0, |h| unit_of_header(h));
        match metres(text, unit).filter(|m| m.abs() <= 1e6) {
            Some(m) => Ok(Some(m)),
            None => Err(self.skip(field, format!("\"{text}\" is no length in metres"))),
        }
    }

    /// Width and depth of one rack: the table's, else the catalogue's.
    fn size(&self, rack: &Rack) -> Result<Option<[f64; 2]>, Skipped> {
        let mut sides = [None, None];
        for (side, (field, own)) in
            sides.iter_mut().zip([(Field::Width, &rack.width_m), (Field::Depth, &rack.depth_m)])
        {
            let stated = self.length(field)?;
            if stated.is_some_and(|m| m <= 0.0) {
                return Err(self.skip(field, "A rack takes room".to_owned()));
            }
            *side = stated.or(own.get());
        }
        Ok(match sides {
            [Some(width), Some(depth)] => Some([width, depth]),
            _ => None,
        })
    }

    fn place(&self) -> Result<(Option<[f64; 2]>, Option<u32>), Skipped> {
        let (x, y) = (self.length(Field::X)?, self.length(Field::Y)?);
        let at = match (x, y) {
            (Some(x), Some(y)) => Some([x, y]),
            (None, None) => None,
            (Some(_), None) => return Err(self.skip(Field::Y, "X without y".to_owned())),
            (None, Some(_)) => return Err(self.skip(Field::X, "Y without x".to_owned())),
        };
        let position = match self.get(Field::Position) {
            None => None,
            Some(text) => {
                // Places are often called by a letter and a number: A07.
                let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
                let found = digits.parse::<u32>().ok().filter(|n| (1..=100_000).contains(n));
                let reason = format!("\"{text}\" holds no place in a row, counted from 1");
                Some(found.ok_or_else(|| self.skip(Field::Position, reason))?)
            }
        };
        Ok((at, position))
    }
}

/// A label as ids are written: lower case, with hyphens for what an id cannot hold.
fn valid_id(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    for c in label.chars().flat_map(char::to_lowercase) {
        match c {
            c if c.is_ascii_alphanumeric() => out.push(c),
            '-' | '.' | '_' if !out.is_empty() => out.push(c),
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    out.trim_end_matches('-').to_owned()
}

fn halls(site: &Site) -> Vec<(&str, &str)> {
    let halls = site.halls.iter().filter_map(|g| g.hall.as_ref());
    halls.map(|h| (h.id.as_str(), h.name.as_str())).collect()
}

/// Rows of a hall, or of all where the table names none.
fn rows<'s>(site: &'s Site, hall: Option<&str>) -> Vec<(&'s str, &'s str)> {
    let rows = site.halls.iter().flat_map(|g| g.rows.iter());
    let here = rows.filter(|r| hall.is_none_or(|h| h == r.hall));
    here.map(|r| (r.id.as_str(), r.name.as_str())).collect()
}

fn hall_of(site: &Site, row: &str) -> Option<String> {
    let rows = site.halls.iter().flat_map(|g| g.rows.iter());
    rows.filter(|r| r.id == row).map(|r| r.hall.clone()).next()
}
