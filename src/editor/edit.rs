//! The one place where a site changes.

use super::command::{Command, EditError, Signature, apply};
use super::document::Document;
use super::element::ElementId;
use super::history::{History, Snapshot, same_layout, same_site};
use super::scenarios::{self, ScenarioCommand};
use super::selection::Selection;
use super::set::catalog_in_force;
use super::variants::{self, VariantCommand};
use crate::catalog::Catalog;
use crate::site::{ElementRef, Layout, Site};
use std::collections::HashSet;
use std::sync::Arc;

/// What a command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Completes "Undo ...".
    pub label: String,
    /// False where the site already was as the command would make it.
    pub changed: bool,
}

/// A document with its history, its selection and the catalogue beside it.
#[derive(Debug)]
pub struct Editor {
    pub(super) document: Document,
    history: History,
    selection: Selection,
    /// Without the overrides of the site.
    catalog: Arc<Catalog>,
    /// With them.
    in_force: Arc<Catalog>,
    signature: Signature,
    last_revision: u64,
}

impl Editor {
    /// An editor of a document; `catalog` is the catalogue without the site's overrides.
    pub fn new(document: Document, catalog: Arc<Catalog>) -> Self {
        let in_force = catalog_in_force(document.site(), &catalog);
        let last_revision = document.revision();
        Self {
            document,
            history: History::default(),
            selection: Selection::default(),
            catalog,
            in_force,
            signature: Signature::default(),
            last_revision,
        }
    }

    pub fn document(&self) -> &Document {
        &self.document
    }

    pub fn site(&self) -> &Site {
        self.document.site()
    }

    /// The catalogue without the overrides of the site.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// Another catalogue without the overrides of the site, which stay.
    pub(super) fn set_catalog(&mut self, catalog: Arc<Catalog>) {
        self.in_force = catalog_in_force(self.document.site(), &catalog);
        self.catalog = catalog;
    }

    /// The catalogue with the overrides of the site.
    pub fn catalog_in_force(&self) -> &Arc<Catalog> {
        &self.in_force
    }

    pub fn history(&self) -> &History {
        &self.history
    }

    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    pub(super) fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Who signs overrides of catalogue values from now on.
    pub fn set_signature(&mut self, signature: Signature) {
        self.signature = signature;
    }

    /// Changes the site. One call is one entry of the history, or part of the
    /// gesture that goes on. Elements that the command adds become the selection.
    ///
    /// # Errors
    /// [`EditError`]; the site is unchanged then.
    pub fn apply(&mut self, command: &Command) -> Result<Change, EditError> {
        let (site, label) = apply(self.document.site(), &self.catalog, command, &self.signature)?;
        let before = self.document.now.clone();
        let changed = !same_site(&site, before.site());
        if changed {
            let added = adds_elements(command).then(|| added(before.site(), &site));
            let layout = before.layout.with_site(before.active, site);
            self.history.record(&label, &before, &layout);
            self.put(layout, before.active);
            if let Some(added) = added {
                self.selection = Selection::of(self.document.site(), added);
            }
        }
        Ok(Change { label, changed })
    }

    /// Within a gesture: puts the command in place of all that the gesture has
    /// done so far, as a drag needs that reports its whole distance each time.
    /// Outside of one it is [`Editor::apply`].
    ///
    /// # Errors
    /// [`EditError`]; the site is as before the call then.
    pub fn reapply(&mut self, command: &Command) -> Result<Change, EditError> {
        let Some(start) = self.history.gesture_start().cloned() else {
            return self.apply(command);
        };
        let (site, label) = apply(start.site(), &self.catalog, command, &self.signature)?;
        let changed = !same_site(&site, self.document.site());
        if changed {
            let layout = start.layout.with_site(start.active, site);
            self.history.record(&label, &start, &layout);
            self.put(layout, start.active);
        }
        Ok(Change { label, changed })
    }

    /// Makes, names, removes or switches variants, as one entry of the history; a gesture that
    /// goes on ends before. A switch is no change of the document.
    ///
    /// # Errors
    /// [`EditError`]; nothing is changed then.
    pub fn apply_variant(&mut self, command: &VariantCommand) -> Result<Change, EditError> {
        self.commit();
        let before = self.document.now.clone();
        let (layout, active, label) = variants::apply(&before.layout, before.active, command)?;
        let changed = !same_layout(&layout, &before.layout);
        if changed {
            self.history.record(&label, &before, &layout);
            self.put(layout, active);
        } else if active != before.active {
            self.history.record_switch(&label, &before, active);
            self.show(Snapshot { active, ..before.clone() });
        }
        Ok(Change { label, changed: changed || active != before.active })
    }

    /// Changes the scenarios of the layout, as one entry of the history.
    pub fn apply_scenario(&mut self, command: &ScenarioCommand) -> Change {
        let before = self.document.layout();
        let (list, label) = scenarios::apply(&before.scenarios, command);
        let mut layout = before.clone();
        layout.scenarios = Arc::new(list);
        let changed = self.exchange(layout, &label);
        Change { label, changed }
    }

    /// Puts another layout in place of this one, as one entry of the history.
    /// True if they differ.
    pub(super) fn exchange(&mut self, layout: Layout, label: &str) -> bool {
        self.commit();
        if same_layout(&layout, self.document.layout()) {
            return false;
        }
        let active = layout.find(&self.document.variant().id).unwrap_or(0);
        self.history.record(label, &self.document.now.clone(), &layout);
        self.put(layout, active);
        true
    }

    /// Starts a gesture: all changes up to [`Editor::commit`] are one entry,
    /// called `label`; where that is empty, as its first change is called.
    pub fn begin(&mut self, label: &str) {
        self.history.begin(label, &self.document.now);
    }

    /// Ends the gesture; no entry is made where nothing changed in the end.
    pub fn commit(&mut self) {
        if let Some(start) = self.history.commit(self.document.layout()) {
            self.restore(start);
        }
    }

    /// Ends the gesture and takes back all that it changed. True if there was any.
    pub fn abort(&mut self) -> bool {
        match self.history.abort() {
            Some(start) => self.restore(start),
            None => false,
        }
    }

    /// Takes back the newest entry, or the gesture that goes on. True if there was one.
    pub fn undo(&mut self) -> bool {
        if self.history.in_gesture() {
            return self.abort();
        }
        match self.history.undo(&self.document.now) {
            Some(snapshot) => self.restore(snapshot),
            None => false,
        }
    }

    /// Does again what was last taken back. True if there was something.
    pub fn redo(&mut self) -> bool {
        match self.history.redo(&self.document.now) {
            Some(snapshot) => self.restore(snapshot),
            None => false,
        }
    }

    /// Completes "Undo ..."; `None` where there is nothing to undo.
    pub fn undo_label(&self) -> Option<&str> {
        self.history.undo_label()
    }

    /// Completes "Redo ...".
    pub fn redo_label(&self) -> Option<&str> {
        self.history.redo_label()
    }

    /// Replaces the selection by those of `ids` that exist.
    pub fn select(&mut self, ids: impl IntoIterator<Item = ElementId>) {
        self.selection = Selection::of(self.document.site(), ids);
    }

    /// Adds an element to the selection or takes it out.
    pub fn toggle(&mut self, id: &ElementId) {
        self.selection.toggle(self.document.site(), id);
    }

    /// A new state of the layout.
    fn put(&mut self, layout: Layout, active: usize) {
        self.last_revision += 1;
        let revision = self.last_revision;
        self.show(Snapshot { layout, active, revision });
    }

    /// An old state of the layout. True if it differs from the present one.
    fn restore(&mut self, snapshot: Snapshot) -> bool {
        let now = &self.document.now;
        let changed = (snapshot.revision, snapshot.active) != (now.revision, now.active);
        self.show(snapshot);
        changed
    }

    fn show(&mut self, snapshot: Snapshot) {
        let overrides = |site: &Site| Arc::clone(&site.terms);
        let (old, new) = (overrides(self.document.site()), overrides(snapshot.site()));
        self.document.now = snapshot;
        if !Arc::ptr_eq(&old, &new) && old.overrides != new.overrides {
            self.in_force = catalog_in_force(self.document.site(), &self.catalog);
        }
        self.selection.prune(self.document.site());
    }
}

/// Whether the command is one whose result a person wants selected.
fn adds_elements(command: &Command) -> bool {
    matches!(
        command,
        Command::Duplicate { .. }
            | Command::Array { .. }
            | Command::Insert(_)
            | Command::AddTier(_)
            | Command::Paste { .. }
            | Command::Place(_)
            | Command::Import(_)
    )
}

/// Elements and tiers of `after` that `before` has not. Of halls with contents
/// only the hall, of loops only the loop, so that one drag moves all.
fn added(before: &Site, after: &Site) -> Vec<ElementId> {
    let known: HashSet<&str> = before.elements().map(|e| e.id()).collect();
    let new: Vec<_> = after.elements().filter(|e| !known.contains(e.id())).collect();
    let halls: HashSet<&str> =
        new.iter().filter(|e| e.collection() == "halls").map(|e| e.id()).collect();
    let inside = |hall: Option<&str>| hall.is_some_and(|hall| halls.contains(hall));
    // Machines of a new loop go with their loop.
    let machine = |e: &ElementRef<'_>| match e {
        ElementRef::Cdu(l, _) | ElementRef::Rejection(l, _) => !known.contains(l.id.as_str()),
        _ => false,
    };
    let tiers = after
        .terms
        .tiers
        .iter()
        .filter(|tier| !before.terms.tiers.iter().any(|other| other.id == tier.id));
    new.iter()
        .filter(|e| !inside(e.hall()) && !machine(e))
        .map(|e| ElementId::new(e.path()))
        .chain(tiers.map(|tier| ElementId::new(format!("tiers.{}", tier.id))))
        .collect()
}
