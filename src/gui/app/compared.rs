//! Answers to the variants that are compared: asked for in the background and handed to the
//! panels with their age.

use super::App;
use crate::editor::catalog_in_force;
use crate::gui::action::Tab;
use crate::gui::context::VariantAnswer;
use crate::gui::panels::present;
use std::sync::Arc;

impl App {
    /// The variants whose answers are shown beside each other now.
    fn beside(&self) -> Vec<usize> {
        if let Some(presentation) = &self.view.presentation {
            let (tab, step) = (self.view.prefs.tab, presentation.step);
            return self.with_context(|cx| present::variants_of(cx, tab, step));
        }
        if self.view.prefs.tab != Tab::Compare {
            return Vec::new();
        }
        let (a, b) = self.with_context(|cx| self.view.compare.chosen(cx));
        if a == b { vec![a] } else { vec![a, b] }
    }

    /// Whether all that are compared have their answer.
    pub(super) fn is_compared(&self) -> bool {
        self.beside().into_iter().all(|index| self.session.is_answered(index))
    }

    /// Asks for what is missing and brings up to date what panels read.
    pub(super) fn answer_variants(&mut self) {
        let wanted = self.beside();
        if wanted.is_empty() {
            self.told.answers.clear();
            return;
        }
        self.session.want(&wanted);
        let editor = self.session.editor();
        let variants = editor.document().layout().variants();
        let known = std::mem::take(&mut self.told.answers);
        let active = editor.document().active();
        self.told.answers = variants
            .iter()
            .enumerate()
            .map(|(index, variant)| {
                let fresh = self.session.outcome_of(index);
                let outcome = fresh.or_else(|| self.session.older_outcome_of(index));
                // Making the catalogue of a variant costs a copy of it: kept while it holds.
                let kept = known.get(index).filter(|_| {
                    let terms = &variant.site.terms;
                    self.catalogs_of.get(index).is_some_and(|of| Arc::ptr_eq(of, terms))
                });
                let catalog = match kept {
                    Some(kept) => Arc::clone(&kept.catalog),
                    None if index == active => Arc::clone(editor.catalog_in_force()),
                    None => catalog_in_force(&variant.site, editor.catalog()),
                };
                VariantAnswer { outcome: outcome.cloned(), fresh: fresh.is_some(), catalog }
            })
            .collect();
        self.catalogs_of = variants.iter().map(|v| Arc::clone(&v.site.terms)).collect();
    }
}
