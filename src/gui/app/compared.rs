//! Answers to the variants that are compared: asked for in the background and handed to the
//! panels with their age.

use super::App;
use crate::editor::appraisal::{Appraised, Depth, Variant};
use crate::editor::catalog_in_force;
use crate::gui::action::Tab;
use crate::gui::context::VariantAnswer;
use crate::gui::panels::present;
use crate::site::TourView;
use crate::study::Outcome;
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
        let beside = self.beside();
        let depth = self.appraisals.as_ref().and(self.depth());
        let is_worth = |index: usize| {
            let answer = self.told.answers.get(index);
            depth.is_none_or(|depth| answer.is_some_and(|a| a.appraised.is_complete(depth)))
        };
        beside.into_iter().all(|index| self.session.is_answered(index) && is_worth(index))
    }

    /// Asks for what is missing and brings up to date what panels read.
    pub(super) fn answer_variants(&mut self) {
        let wanted = self.beside();
        if wanted.is_empty() {
            self.told.answers.clear();
            if let Some(watch) = &mut self.appraisals {
                watch.rest();
            }
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
                let (outcome, appraised) = (outcome.cloned(), Appraised::default());
                VariantAnswer { outcome, fresh: fresh.is_some(), catalog, appraised }
            })
            .collect();
        self.catalogs_of = variants.iter().map(|v| Arc::clone(&v.site.terms)).collect();
        self.appraise_variants(&wanted);
    }

    /// How much of the value is shown of the variants now; nothing where none of it is.
    fn depth(&self) -> Option<Depth> {
        if self.view.presentation.is_none() {
            return Some(Depth { scenarios: true, ladder: false });
        }
        let tour = &self.session.editor().document().layout().tour;
        let ladder = tour.iter().any(|step| step.view == TourView::Ladder);
        let figures = tour.iter().flat_map(|step| &step.figures).any(|f| f.is_of_value());
        (ladder || figures).then_some(Depth { scenarios: false, ladder })
    }

    /// Has the variants valued that stand beside each other, and takes over what is known.
    fn appraise_variants(&mut self, wanted: &[usize]) {
        let depth = self.depth();
        let Some(watch) = &mut self.appraisals else { return };
        watch.poll();
        let layout = self.session.editor().document().layout();
        let answered = wanted.iter().filter_map(|index| {
            let answer = self.told.answers.get(*index).filter(|a| a.fresh)?;
            let site = layout.variants().get(*index)?.site.clone();
            let outcome = answer.outcome.clone()?;
            Some(Variant { site, catalog: Arc::clone(&answer.catalog), outcome })
        });
        let variants: Vec<Variant> = answered.collect();
        if let Some(depth) = depth.filter(|_| variants.len() == wanted.len()) {
            let own = &layout.scenarios;
            // The variant that is edited is valued already.
            let valued = self.told.finances.valued.as_ref();
            let is_of = |v: &Variant, of: &Arc<Outcome>| Arc::ptr_eq(&v.outcome, of);
            if let Some(valued) =
                valued.filter(|valued| variants.iter().any(|v| is_of(v, &valued.outcome)))
            {
                watch.seed(valued, own);
            }
            watch.want(&variants, own, depth);
        }
        for answer in &mut self.told.answers {
            if let Some(outcome) = &answer.outcome {
                answer.appraised = watch.of(outcome);
            }
        }
    }
}
