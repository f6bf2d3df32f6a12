//! Copies of elements in rows and columns, and whether they can stand so.

use super::duplicate::{Copied, copies};
use super::element::resolve;
use super::relocate::{place_of, with_contents};
use super::{EditError, ElementId, locks};
use crate::catalog::Catalog;
use crate::diag::{Diagnostic, Report};
use crate::site::{ElementRef, Site, clearance_m, rules, validate};
use crate::units::format;
use crate::units::words::upper_first;
use std::collections::HashSet;

/// Elements repeated in columns and rows; they themselves stand at one corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Array {
    /// At least 1 each.
    pub columns: u32,
    pub rows: u32,
    /// Metres from one column to the next eastwards, and from one row to the next southwards;
    /// negative towards west and north.
    pub pitch_m: [f64; 2],
}

/// What an array would come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArrayGhost {
    /// Corner and size of each element of each copy, metres.
    pub boxes: Vec<([f64; 2], [f64; 2])>,
    /// `11 copies of hall 1`.
    pub words: String,
    /// Why it cannot be, in one sentence.
    pub refusal: Option<String>,
    /// What it would leave to see to, a sentence each.
    pub remarks: Vec<String>,
}

/// Most elements that one array adds: more is a slip of the keyboard.
const MOST: usize = 20_000;

/// Rules of standing: what breaks one of these is refused.
const STANDING: &[&str] = &["geometry", "machines", "spacing", "parcel", "constraints"];

impl Array {
    /// Two columns at the size of the elements and the distance that the checks ask for.
    /// `catalog` is that in force.
    ///
    /// # Errors
    /// Elements that are none, or have no place.
    pub fn start(site: &Site, catalog: &Catalog, ids: &[ElementId]) -> Result<Self, EditError> {
        let chosen = resolve(site, ids)?;
        let (from, to) = place_of(site, &chosen).ok_or(EditError::NoPlace)?;
        let all = with_contents(site, &chosen);
        let elements: Vec<ElementRef<'_>> =
            site.elements().filter(|e| all.contains(e.id())).collect();
        let clearance = clearance_m(catalog, &elements);
        let pitch_m = [0, 1].map(|i| up(to[i] - from[i] + clearance[i]));
        Ok(Self { columns: 2, rows: 1, pitch_m })
    }

    /// Copies beside what is there already.
    pub fn copies(&self) -> u64 {
        (u64::from(self.columns) * u64::from(self.rows)).saturating_sub(1)
    }

    /// Where the copies go, row by row.
    fn shifts(&self) -> Vec<[f64; 2]> {
        let row = |r: u32| (0..self.columns).map(move |c| (c, r));
        let cells = (0..self.rows).flat_map(row).skip(1);
        cells
            .map(|(c, r)| [f64::from(c) * self.pitch_m[0], f64::from(r) * self.pitch_m[1]])
            .collect()
    }

    /// # Errors
    /// A count or pitch that means nothing, or more elements than one array adds.
    fn checked(&self, elements: usize) -> Result<(), EditError> {
        let refused = |why: &str| Err(EditError::NotPlaced(why.to_owned()));
        if self.columns == 0 || self.rows == 0 {
            return refused("An array has at least one column and one row");
        }
        let counts = [self.columns, self.rows];
        for (count, pitch) in counts.into_iter().zip(self.pitch_m) {
            if !pitch.is_finite() {
                return Err(EditError::BadDistance);
            }
            if count > 1 && pitch == 0.0 {
                return refused("A pitch of zero puts the copies on top of each other");
            }
        }
        if self.copies() == 0 {
            return refused("One column and one row are what is there already");
        }
        if self.copies().saturating_mul(elements as u64) > MOST as u64 {
            return Err(EditError::NotPlaced(format!(
                "An array adds at most {} elements at once",
                format::count(MOST as f64)
            )));
        }
        Ok(())
    }
}

/// To the next centimetre, so that a pitch reads well and keeps its distance.
fn up(metres: f64) -> f64 {
    (metres * 100.0 - 1e-6).ceil() / 100.0
}

/// Copies in columns and rows; see [`super::Command::Array`]. `catalog` is that in force.
pub(super) fn array(
    site: &Site,
    catalog: &Catalog,
    ids: &[ElementId],
    array: &Array,
) -> Result<(Site, String), EditError> {
    let copied = made(site, ids, array)?;
    let found = Findings::of(site, catalog, &copied);
    match found.refusal {
        Some(why) => Err(EditError::NotPlaced(why)),
        None => {
            let words = format!("{} × {}", array.columns, array.rows);
            Ok((copied.site, format!("Array {} as {words}", copied.things)))
        }
    }
}

fn made(site: &Site, ids: &[ElementId], array: &Array) -> Result<Copied, EditError> {
    let elements = with_contents(site, &resolve(site, ids)?).len();
    array.checked(elements)?;
    copies(site, ids, &array.shifts())
}

/// What an array would come to, for a preview. `catalog` is that in force.
pub fn array_ghost(site: &Site, catalog: &Catalog, ids: &[ElementId], array: &Array) -> ArrayGhost {
    let boxes = boxes(site, ids, array);
    let refused = |why: EditError| ArrayGhost {
        boxes: boxes.clone(),
        refusal: Some(upper_first(&why.to_string())),
        ..ArrayGhost::default()
    };
    let copied = match made(site, ids, array) {
        Ok(copied) => copied,
        Err(why) => return refused(why),
    };
    if let Err(why) = locks::check(site, &copied.site) {
        return refused(why);
    }
    let found = Findings::of(site, catalog, &copied);
    let count = array.copies();
    let noun = if count == 1 { "copy" } else { "copies" };
    let words = format!("{} {noun} of {}", format::count(count as f64), copied.things);
    ArrayGhost { boxes, words, refusal: found.refusal, remarks: found.remarks }
}

/// Rectangles of the copies; of halls and rows only their own.
fn boxes(site: &Site, ids: &[ElementId], array: &Array) -> Vec<([f64; 2], [f64; 2])> {
    let Ok(chosen) = resolve(site, ids) else { return Vec::new() };
    let mut own: Vec<_> = chosen.iter().filter_map(|e| e.rectangle()).collect();
    if own.len() < chosen.len() {
        // Loops have the places of their machines.
        let all = with_contents(site, &chosen);
        let inside = site.elements().filter(|e| all.contains(e.id()));
        own = inside.filter_map(|e| e.rectangle()).collect();
    }
    if array.checked(own.len()).is_err() {
        return Vec::new();
    }
    let moved =
        |by: [f64; 2]| own.iter().map(move |(at, size)| ([at[0] + by[0], at[1] + by[1]], *size));
    array.shifts().into_iter().flat_map(moved).collect()
}

/// Findings of the site with the copies that were none before.
struct Findings {
    refusal: Option<String>,
    remarks: Vec<String>,
}

/// Remarks that are listed; what is beyond is counted.
const SHOWN: usize = 3;

impl Findings {
    fn of(site: &Site, catalog: &Catalog, copied: &Copied) -> Self {
        let (_, before) = validate(site, catalog);
        let (_, after) = validate(&copied.site, catalog);
        let new = new_findings(&before, &after, copied);
        let standing: HashSet<&str> = rules()
            .iter()
            .filter(|r| STANDING.contains(&r.name))
            .flat_map(|r| r.codes.iter().map(|(code, _)| *code))
            .collect();
        let (broken, rest): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
            new.into_iter().partition(|d| standing.contains(d.code.as_str()));
        let refusal = broken.first().map(|first| match broken.len() {
            1 => plain(&first.message),
            n => format!("{}, and {} more", plain(&first.message), n - 1),
        });
        let mut remarks: Vec<String> = rest.iter().take(SHOWN).map(|d| plain(&d.message)).collect();
        if rest.len() > SHOWN {
            remarks.push(format!("and {} more findings", rest.len() - SHOWN));
        }
        Self { refusal, remarks }
    }
}

/// Names of a finding without the marks that they have in a terminal.
fn plain(message: &str) -> String {
    message.replace('`', "")
}

/// Findings that came with the copies, without those that what was copied has itself.
fn new_findings<'r>(before: &Report, after: &'r Report, copied: &Copied) -> Vec<&'r Diagnostic> {
    let known: HashSet<(&str, &str, &str)> = before
        .items
        .iter()
        .map(|d| (d.code.as_str(), d.path.as_str(), d.message.as_str()))
        .collect();
    let of_element: HashSet<(&str, &str)> = before
        .items
        .iter()
        .flat_map(|d| d.path.split('.').map(|part| (d.code.as_str(), part)))
        .collect();
    let inherited = |d: &Diagnostic| {
        let parts = d.path.split('.');
        let origins = parts.filter_map(|part| copied.origins.get(part));
        origins.into_iter().any(|id| of_element.contains(&(d.code.as_str(), id.as_str())))
    };
    let is_new = |d: &&Diagnostic| {
        !known.contains(&(d.code.as_str(), d.path.as_str(), d.message.as_str())) && !inherited(d)
    };
    after.items.iter().filter(is_new).collect()
}
