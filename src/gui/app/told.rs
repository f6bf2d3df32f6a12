//! What panels are told: the one place where their context is put together.

use super::keeping::Keeping;
use crate::diag::Diagnostic;
use crate::editor::network::{Electrical, NetworkWatch};
use crate::editor::risk::Risks;
use crate::editor::valuation::Finances;
use crate::editor::{Loader, Saver, Seen, Session};
use crate::gui::context::{Context, Disk, Document, Element, Freshness, Grid, VariantAnswer};
use crate::study::network::Scenario;
use std::path::{Path, PathBuf};

/// What is worked out of the session once in a frame.
#[derive(Default)]
pub(super) struct Told {
    pub freshness: Freshness,
    pub problems: Vec<Diagnostic>,
    pub selection: Vec<Element>,
    /// Answers to all variants, where they are compared.
    pub answers: Vec<VariantAnswer>,
    /// What is known of the network.
    pub electrical: Electrical,
    /// What happens to it, while somebody looks at that, and whether at once.
    pub scenario: Option<Scenario>,
    pub at_once: bool,
    /// The value of the newest plan.
    pub finances: Finances,
    /// What may come otherwise for it.
    pub risks: Risks,
}

impl Told {
    /// Takes over what a watch shows.
    pub fn electrical(&mut self, watch: Option<&NetworkWatch>) {
        let revision = self.electrical.revision;
        if let Some(watch) = watch {
            let shown = watch.shown();
            let same = shown.revision == revision
                && (shown.stale, shown.studying, shown.solving)
                    == (self.electrical.stale, self.electrical.studying, self.electrical.solving);
            if !same {
                self.electrical = shown.clone();
            }
        }
    }
}

/// Files that are dealt with beside the window.
#[derive(Clone, Copy, Default)]
pub(super) struct Files<'a> {
    /// Being read to stand in the place of the document.
    pub opening: Option<&'a Path>,
    /// Being written.
    pub saving: Option<&'a Path>,
}

impl<'a> Files<'a> {
    pub fn of(loader: &'a Option<Loader>, saver: &'a Option<Saver>) -> Self {
        Self {
            opening: loader.as_ref().and_then(Loader::path),
            saving: saver.as_ref().and_then(Saver::path),
        }
    }
}

/// The context of panels and commands.
pub(super) fn context<'a>(
    session: &'a Session,
    (told, keeping): (&'a Told, &'a Keeping),
    files: Files<'a>,
    recent: &'a [PathBuf],
) -> Context<'a> {
    let editor = session.editor();
    let document = editor.document();
    Context {
        site: editor.site(),
        catalog: editor.catalog_in_force(),
        outcome: session.outcome().map(AsRef::as_ref),
        freshness: &told.freshness,
        problems: &told.problems,
        selection: &told.selection,
        grid: Grid {
            electrical: &told.electrical,
            scenario: told.scenario.as_ref(),
            at_once: told.at_once,
        },
        finances: &told.finances,
        risks: &told.risks,
        document: Document {
            title: document.title(),
            path: document.path(),
            dirty: document.is_dirty(),
            undo: editor.undo_label(),
            redo: editor.redo_label(),
            recent,
            kept: Some(&keeping.kept),
            kept_ago_s: keeping.kept_ago_s(),
            read_only: document.is_read_only(),
            disk: disk_sign(keeping, document.is_read_only()),
            opening: files.opening,
            saving: files.saving,
            variants: document.layout().variants(),
            active: document.active(),
            answers: &told.answers,
            tour: &document.layout().tour,
            scenarios: &document.layout().scenarios,
        },
    }
}

fn disk_sign(keeping: &Keeping, read_only: bool) -> Disk {
    match keeping.disk {
        None | Some(Seen::Same(_)) if read_only && !keeping.knows_read_only => Disk::ReadOnly,
        None | Some(Seen::Same(_)) => Disk::Same,
        Some(Seen::Changed(_)) => Disk::Changed,
        Some(Seen::Gone) => Disk::Gone,
    }
}
