//! Answers to variants that are not edited, for comparisons: asked for one after the other
//! while nothing else is to be computed, and kept until the variant changes.

use super::{Answer, Question, Session, SolveStatus};
use crate::editor::history::same_site;
use crate::jobs::Generation;
use crate::site::Site;
use crate::study::Outcome;
use std::sync::Arc;

/// A full answer with the site that it answers.
pub(super) struct Kept {
    site: Site,
    outcome: Arc<Outcome>,
}

/// A run for a variant that is not edited.
pub(super) struct Aside {
    pub generation: Generation,
    variant: String,
    site: Site,
}

impl Session {
    pub(super) fn question(&self, index: usize, aside: bool) -> Question {
        let layout = self.editor.document().layout();
        let variant = layout.variant(index);
        let named = (layout.variants().len() > 1).then(|| variant.id.clone());
        let catalog = Arc::clone(self.editor.catalog());
        Question { site: variant.site.clone(), catalog, variant: named, aside }
    }

    /// The full answer to a variant as it is now; `None` while there is none.
    pub fn outcome_of(&self, index: usize) -> Option<&Arc<Outcome>> {
        let variant = self.editor.document().layout().variants().get(index)?;
        let kept = self.kept.get(&variant.id)?;
        same_site(&kept.site, &variant.site).then_some(&kept.outcome)
    }

    /// The newest full answer to a variant, maybe to an older state of it.
    pub fn older_outcome_of(&self, index: usize) -> Option<&Arc<Outcome>> {
        let variant = self.editor.document().layout().variants().get(index)?;
        self.kept.get(&variant.id).map(|kept| &kept.outcome)
    }

    /// Sees to it that variants that are not edited get their answers, one after the other,
    /// while nothing else is to be computed. To be called until all have one.
    pub fn want(&mut self, variants: &[usize]) {
        if self.aside.is_some() || self.status() != SolveStatus::Fresh {
            return;
        }
        let document = self.editor.document();
        let layout = document.layout();
        let open = variants.iter().copied().find(|&index| {
            let Some(variant) = layout.variants().get(index) else { return false };
            let failed = self.unanswered.get(&variant.id);
            let again = failed.is_none_or(|site| !same_site(site, &variant.site));
            index != document.active() && again && self.outcome_of(index).is_none()
        });
        let Some(index) = open else { return };
        let (variant, site) =
            (layout.variant(index).id.clone(), layout.variant(index).site.clone());
        let generation = self.worker.submit(self.question(index, true));
        self.aside = Some(Aside { generation, variant, site });
    }

    /// Whether a variant has an answer, or none can be had.
    pub fn is_answered(&self, index: usize) -> bool {
        let Some(variant) = self.editor.document().layout().variants().get(index) else {
            return true;
        };
        let failed = self.unanswered.get(&variant.id);
        self.outcome_of(index).is_some()
            || failed.is_some_and(|site| same_site(site, &variant.site))
    }

    /// Keeps a full answer to the variant that is edited.
    pub(super) fn keep(&mut self, generation: Generation, answer: &Answer) {
        if generation == self.submitted.generation
            && answer.refined
            && let Some(site) = self.submitted.site.clone()
        {
            let kept = Kept { site, outcome: Arc::clone(&answer.outcome) };
            self.kept.insert(self.submitted.variant.clone(), kept);
        }
    }

    pub(super) fn take_aside(&mut self, aside: Aside, answer: Option<Answer>) {
        let Aside { variant, site, .. } = aside;
        match answer {
            Some(answer) => {
                self.kept.insert(variant, Kept { site, outcome: answer.outcome });
            }
            None => {
                self.unanswered.insert(variant, site);
            }
        }
    }
}
