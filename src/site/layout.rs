//! A layout under edit: the variants of a site, and the tour through them.
//!
//! Variants are whole sites that share what is equal in them, so that a copy costs pointers
//! and an edit of one leaves the others alone. A file holds the first in full, the others as
//! differences to it. It must not know what makes a site right.

use super::scenario::{self, Scenario};
use super::tour::{self, TourStep};
use super::variant::{self, BaseRecord, Changes, VariantRecord};
use super::{Campus, HallGroup, LayoutFile, Site, Terms};
use crate::diag::{Diagnostic, Report};
use crate::fields;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// A site under one name among others.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    pub id: String,
    pub name: String,
    pub notes: String,
    pub site: Site,
}

/// The variants of a site, at least one; the first is the base.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    variants: Vec<Variant>,
    pub tour: Arc<Vec<TourStep>>,
    pub scenarios: Arc<Vec<Scenario>>,
}

impl From<Site> for Layout {
    /// A layout with one variant.
    fn from(site: Site) -> Self {
        let variants = vec![named(BaseRecord::default(), site)];
        Self { variants, tour: Arc::default(), scenarios: Arc::default() }
    }
}

fn named(record: BaseRecord, site: Site) -> Variant {
    Variant { id: record.id, name: record.name, notes: record.notes, site }
}

/// A, B, ... for the first, second, ... variant.
pub fn variant_letter(index: usize) -> String {
    const LETTERS: [char; 26] = {
        let mut letters = ['A'; 26];
        let mut i = 0;
        while i < 26 {
            letters[i] = (b'A' + i as u8) as char;
            i += 1;
        }
        letters
    };
    match LETTERS.get(index) {
        Some(letter) => letter.to_string(),
        None => (index + 1).to_string(),
    }
}

impl Layout {
    /// The layout of a file. The report holds what was left out: changes of elements that the
    /// base no longer has.
    ///
    /// # Errors
    /// A change that makes no site, with the path of its variant.
    pub fn from_file(mut file: LayoutFile) -> Result<(Self, Report), Report> {
        let base = file.base.take().unwrap_or_default();
        let records = std::mem::take(&mut file.variants);
        let tour = Arc::new(std::mem::take(&mut file.tour));
        let scenarios = Arc::new(std::mem::take(&mut file.scenarios));
        let mut report = Report::default();
        let whole = (!records.is_empty()).then(|| record(&file)).flatten();
        let base = named(base, Site::from_file(file));
        let mut variants = vec![base];
        for record in records {
            let whole = whole.as_ref().unwrap_or(&Value::Null);
            let site = read_variant(whole, &record, &mut report)?;
            let site = shared(site, &variants);
            variants.push(Variant { id: record.id, name: record.name, notes: record.notes, site });
        }
        Ok((Self { variants, tour, scenarios }, report))
    }

    /// The layout as a file; reading it gives an equal layout.
    pub fn to_file(&self) -> LayoutFile {
        let base = &self.variants[0];
        let mut file = base.site.to_file();
        let whole = (self.variants.len() > 1).then(|| record(&file)).flatten();
        let canonical = |value: &Value| {
            let file: LayoutFile = serde_json::from_value(value.clone()).ok()?;
            record(&Site::from_file(file).to_file())
        };
        let changes = |site: &Site| match (&whole, record(&site.to_file())) {
            (Some(base), Some(own)) => variant::difference(base, &own, canonical),
            _ => Changes::default(),
        };
        let others = self.variants.iter().skip(1).map(|v| VariantRecord {
            id: v.id.clone(),
            name: v.name.clone(),
            notes: v.notes.clone(),
            changes: changes(&v.site),
        });
        file.variants = others.collect();
        let (id, name, notes) = (base.id.clone(), base.name.clone(), base.notes.clone());
        let own = BaseRecord { id, name, notes };
        file.base = (own != BaseRecord::default()).then_some(own);
        file.tour = Vec::clone(&self.tour);
        file.scenarios = Vec::clone(&self.scenarios);
        file
    }

    /// All variants, the base first.
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// The variant at an index; the base where there is none.
    pub fn variant(&self, index: usize) -> &Variant {
        self.variants.get(index).unwrap_or(&self.variants[0])
    }

    pub fn find(&self, id: &str) -> Option<usize> {
        self.variants.iter().position(|v| v.id == id)
    }

    /// The index of a variant by its id, its letter or its name.
    ///
    /// # Errors
    /// A sentence with the ids that there are.
    pub fn index_of(&self, wanted: &str) -> Result<usize, String> {
        let by_letter =
            || (0..self.variants.len()).find(|i| variant_letter(*i).eq_ignore_ascii_case(wanted));
        let by_name = || self.variants.iter().position(|v| v.name == wanted);
        self.find(wanted).or_else(by_letter).or_else(by_name).ok_or_else(|| {
            let ids: Vec<&str> = self.variants.iter().map(|v| v.id.as_str()).collect();
            format!("there is no variant {wanted}; the layout has {}", ids.join(", "))
        })
    }

    /// Another site in one variant.
    pub fn with_site(&self, index: usize, site: Site) -> Self {
        let mut layout = self.clone();
        if let Some(variant) = layout.variants.get_mut(index) {
            variant.site = site;
        }
        layout
    }

    /// Other variants; `None` where there would be none.
    pub fn with_variants(&self, variants: Vec<Variant>) -> Option<Self> {
        let (tour, scenarios) = (Arc::clone(&self.tour), Arc::clone(&self.scenarios));
        (!variants.is_empty()).then_some(Self { variants, tour, scenarios })
    }

    /// An id made of a name that no variant has yet.
    pub fn free_id(&self, name: &str) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let words: String = name.chars().map(plain).collect();
        let words: Vec<&str> = words.split('-').filter(|w| !w.is_empty()).collect();
        let stem = if words.is_empty() { "variant".to_owned() } else { words.join("-") };
        let numbered = (2..).map(|n| format!("{stem}-{n}"));
        let mut candidates = std::iter::once(stem.clone()).chain(numbered);
        // cannot fail: one of infinitely many is free.
        candidates.find(|id| self.find(id).is_none()).unwrap_or(stem)
    }

    /// What is wrong with the variants and the tour themselves; the sites are validated each.
    pub fn check(&self) -> Report {
        let mut report = Report::default();
        let mut seen = HashSet::new();
        for v in &self.variants {
            let path = format!("variants.{}", v.id);
            let mut fault = |code: &str, message: String, hint: &str| {
                report.push(Diagnostic::error(code, path.clone(), message, hint));
            };
            if v.id.is_empty() {
                fault("empty-id", "A variant has an empty id".into(), "Give it an id of its own");
            } else if !seen.insert(v.id.as_str()) {
                let message = format!("Two variants have the id `{}`", v.id);
                fault("duplicate-id", message, "Rename one of the two");
            }
            if v.name.trim().is_empty() {
                let message = format!("Variant `{}` has no name", v.id);
                fault("empty-name", message, "Name what is different in it");
            }
        }
        for (index, step) in self.tour.iter().enumerate() {
            self.check_step(index, step, &mut report);
        }
        scenario::check(&self.scenarios, &mut report);
        report
    }

    fn check_step(&self, index: usize, step: &TourStep, report: &mut Report) {
        let ids = || self.variants.iter().map(|v| v.id.as_str());
        for (field, wanted) in [("variant", &step.variant), ("from", &step.from)] {
            if let Some(wanted) = wanted.as_ref().filter(|id| self.find(id).is_none()) {
                let path = format!("tour.{index}.{field}");
                let message = format!("There is no variant `{wanted}`");
                let near = fields::nearest(wanted, ids());
                let hint = match near.as_slice() {
                    [] => "Name a variant of the layout".to_owned(),
                    near => format!("Did you mean `{}`?", near.join("`, `")),
                };
                report.push(Diagnostic::error("unknown-variant", path, message, hint));
            }
        }
        for (field, text) in [("title", &step.title), ("text", &step.text)] {
            for piece in tour::pieces(text) {
                let tour::Piece::Unknown(inside) = piece else { continue };
                let path = format!("tour.{index}.{field}");
                let message = format!("There is no figure `{{{inside}}}`");
                let names: Vec<String> =
                    tour::KeyFigure::ALL.iter().map(|f| format!("{f:?}")).collect();
                let name = inside.split('.').next().unwrap_or_default();
                let near = fields::nearest(name, names.iter().map(String::as_str)).join("`, `");
                let hint = format!("Write one of `{near}`, with `.from` or `.times` behind it");
                report.push(Diagnostic::error("unknown-figure", path, message, hint));
            }
        }
        let shown = step.variant.as_deref().and_then(|id| self.find(id)).unwrap_or(0);
        let site = &self.variant(shown).site;
        for (n, wanted) in step.select.iter().enumerate() {
            if !site.has(wanted) {
                let path = format!("tour.{index}.select.{n}");
                let message = format!("The tour selects `{wanted}`, which the site has not");
                let hint = "Write the path of an element, such as `halls.h1` or `tiers.high`";
                report.push(Diagnostic::error("unknown-element", path, message, hint));
            }
        }
    }
}

impl Site {
    /// Whether plain values hold the site without a loss; infinite numbers they do not.
    pub fn is_plain(&self) -> bool {
        let read = record(&self.to_file()).and_then(|v| serde_json::from_value(v).ok());
        read.is_some_and(|file: LayoutFile| Site::from_file(file) == *self)
    }

    /// Whether a path names a record, an element or a field that is there.
    pub fn has(&self, path: &str) -> bool {
        let single = matches!(path, "site" | "policy" | "finance");
        let named = path.split_once('.').is_some_and(|(_, rest)| !rest.is_empty());
        single || (named && self.get(path).is_some())
    }
}

/// A file as plain values, without what makes it one of several.
fn record(file: &LayoutFile) -> Option<Value> {
    let mut value = serde_json::to_value(file).ok()?;
    let map = value.as_object_mut()?;
    for name in ["version", "base", "variants", "tour", "scenarios"] {
        map.shift_remove(name);
    }
    // Reading takes the version for granted.
    map.insert("version".to_owned(), Value::from(file.version));
    Some(value)
}

fn read_variant(base: &Value, own: &VariantRecord, report: &mut Report) -> Result<Site, Report> {
    let (value, left) = variant::apply(base, &own.changes);
    let path = format!("variants.{}", own.id);
    for variant::LeftOut { path: gone } in left {
        let message = format!("Variant `{}` changes `{gone}`, which the base has not", own.id);
        let hint = "The change is left out; remove it, or bring the element back";
        report.push(Diagnostic::warning("change-left-out", path.clone(), message, hint));
    }
    match serde_path_to_error::deserialize::<_, LayoutFile>(value) {
        Ok(file) => Ok(Site::from_file(file)),
        Err(error) => {
            let at = error.path().to_string();
            let message = format!("Variant `{}` cannot be made: {at}: {}", own.id, error.inner());
            let hint = "Correct the change; names of kinds stand in quotes, numbers are finite";
            let fault = Diagnostic::error("bad-change", path, message, hint);
            Err(Report { items: vec![fault] })
        }
    }
}

/// The site with pointers to equal parts of the variants before it.
fn shared(site: Site, others: &[Variant]) -> Site {
    fn known<T: PartialEq>(own: Arc<T>, others: impl Iterator<Item = Arc<T>>) -> Arc<T> {
        let mut others = others;
        others.find(|other| *other == own).unwrap_or(own)
    }
    let terms: Arc<Terms> = known(site.terms, others.iter().map(|v| Arc::clone(&v.site.terms)));
    let campus: Arc<Campus> = known(site.campus, others.iter().map(|v| Arc::clone(&v.site.campus)));
    let id = |group: &HallGroup| group.hall.as_ref().map(|hall| hall.id.clone());
    let halls = site.halls.into_iter().map(|group| {
        let own = id(&group);
        let same = others.iter().flat_map(|v| &v.site.halls).filter(|g| id(g) == own);
        known(group, same.map(Arc::clone))
    });
    let directory = others.first().map_or(site.directory, |v| v.site.directory.clone());
    Site { terms, campus, halls: halls.collect(), directory }
}
