//! What the variants that stand beside each other are worth, with their scenarios and the ladder
//! from the keynote figure: worked out on a thread of its own, and kept while their answers hold.
//! It must not know what they are shown on.

use super::valuation::Valued;
use crate::catalog::Catalog;
use crate::jobs::{Context, Generation, SpawnError, Worker};
use crate::site::{Scenario, Site};
use crate::study::Outcome;
use crate::study::finance::{SiteFinance, value};
use crate::study::risk::{Appraiser, Ladder, Scenarios, ladder, scenarios};
use std::sync::Arc;

/// What is known of a variant; each part comes as it is ready.
#[derive(Clone, Default)]
pub struct Appraised {
    pub valued: Option<Arc<Valued>>,
    pub scenarios: Option<Arc<Scenarios>>,
    pub ladder: Option<Arc<Result<Ladder, String>>>,
}

impl Appraised {
    /// The value, where there is one.
    pub fn finance(&self) -> Option<&SiteFinance> {
        self.valued.as_ref()?.finance.as_ref().ok()
    }

    /// Whether nothing more is to come; what has no value has nothing else either.
    pub fn is_complete(&self, depth: Depth) -> bool {
        let Some(valued) = &self.valued else { return false };
        valued.finance.is_err()
            || (!depth.scenarios || self.scenarios.is_some())
                && (!depth.ladder || self.ladder.is_some())
    }
}

/// What is asked beyond the value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    pub scenarios: bool,
    pub ladder: bool,
}

/// A variant with its newest full answer.
#[derive(Clone)]
pub struct Variant {
    pub site: Site,
    /// With the overrides of the variant.
    pub catalog: Arc<Catalog>,
    pub outcome: Arc<Outcome>,
}

/// The variants of which something is missing.
struct Question {
    variants: Vec<(Variant, Appraised)>,
    own: Arc<Vec<Scenario>>,
    depth: Depth,
}

/// What has become known of the variant with this answer.
struct Found {
    outcome: Option<Arc<Outcome>>,
    appraised: Appraised,
}

struct Known {
    outcome: Arc<Outcome>,
    own: Arc<Vec<Scenario>>,
    appraised: Appraised,
}

/// What was handed in last.
struct Asked {
    generation: Generation,
    outcomes: Vec<Arc<Outcome>>,
    own: Arc<Vec<Scenario>>,
    depth: Depth,
    ended: bool,
}

/// Keeps what variants are worth.
pub struct AppraisalWatch {
    worker: Worker<Question, Found>,
    known: Vec<Known>,
    asked: Option<Asked>,
}

impl AppraisalWatch {
    /// `wake` is called on the thread whenever [`AppraisalWatch::poll`] has something new.
    ///
    /// # Errors
    /// [`SpawnError`] where the system gives no thread.
    pub fn new(wake: impl Fn() + Send + 'static) -> Result<Self, SpawnError> {
        let worker = Worker::spawn("gigasite-appraisal", wake, || (), appraise)?;
        Ok(Self { worker, known: Vec::new(), asked: None })
    }

    /// Whether everything that was handed in last is known.
    pub fn is_settled(&self) -> bool {
        self.asked.as_ref().is_none_or(|asked| asked.ended)
    }

    /// What is known of the variant with this answer.
    pub fn of(&self, outcome: &Arc<Outcome>) -> Appraised {
        let known = self.known.iter().find(|k| Arc::ptr_eq(&k.outcome, outcome));
        known.map_or_else(Appraised::default, |k| k.appraised.clone())
    }

    /// Takes over a value that is known already.
    pub fn seed(&mut self, valued: &Arc<Valued>, own: &Arc<Vec<Scenario>>) {
        let known = self.entry(&valued.outcome, own);
        known.appraised.valued.get_or_insert_with(|| Arc::clone(valued));
    }

    /// Sees to it that of these variants so much becomes known; what others were worth is
    /// forgotten.
    pub fn want(&mut self, variants: &[Variant], own: &Arc<Vec<Scenario>>, depth: Depth) {
        let same = |asked: &Asked| {
            asked.depth == depth
                && Arc::ptr_eq(&asked.own, own)
                && asked.outcomes.len() == variants.len()
                && asked.outcomes.iter().zip(variants).all(|(a, b)| Arc::ptr_eq(a, &b.outcome))
        };
        if self.asked.as_ref().is_some_and(same) {
            return;
        }
        let is_wanted =
            |known: &Known| variants.iter().any(|v| Arc::ptr_eq(&v.outcome, &known.outcome));
        self.known.retain(is_wanted);
        let missing: Vec<(Variant, Appraised)> = variants
            .iter()
            .map(|v| (v.clone(), self.entry(&v.outcome, own).appraised.clone()))
            .filter(|(_, known)| !known.is_complete(depth))
            .collect();
        let ended = missing.is_empty();
        let question = Question { variants: missing, own: Arc::clone(own), depth };
        let generation = self.worker.submit(question);
        let outcomes = variants.iter().map(|v| Arc::clone(&v.outcome)).collect();
        self.asked = Some(Asked { generation, outcomes, own: Arc::clone(own), depth, ended });
    }

    /// Nobody looks any more; what is known stays.
    pub fn rest(&mut self) {
        if self.asked.take().is_some_and(|asked| !asked.ended) {
            self.worker.cancel();
        }
    }

    /// Collects what has arrived. True where there is something new to show.
    pub fn poll(&mut self) -> bool {
        let mut news = false;
        while let Some(delivery) = self.worker.poll() {
            let Some(asked) = &mut self.asked else { continue };
            if asked.generation != delivery.generation {
                continue;
            }
            asked.ended |= delivery.last;
            news = true;
            if let Ok(Found { outcome: Some(outcome), appraised }) = delivery.output {
                let own = Arc::clone(&asked.own);
                self.entry(&outcome, &own).appraised = appraised;
            }
        }
        news
    }

    /// The place of a variant; scenarios of a list that is another one by now are forgotten.
    fn entry(&mut self, outcome: &Arc<Outcome>, own: &Arc<Vec<Scenario>>) -> &mut Known {
        let at = self.known.iter().position(|k| Arc::ptr_eq(&k.outcome, outcome));
        let at = at.unwrap_or_else(|| {
            self.known.push(Known {
                outcome: Arc::clone(outcome),
                own: Arc::clone(own),
                appraised: Appraised::default(),
            });
            self.known.len() - 1
        });
        // cannot fail: found, or pushed above
        let known = &mut self.known[at];
        if !Arc::ptr_eq(&known.own, own) {
            known.own = Arc::clone(own);
            known.appraised.scenarios = None;
        }
        known
    }
}

/// First what every variant is worth, then what takes longer.
fn appraise(_: &mut (), question: Question, context: &Context<'_, Found>) -> Found {
    let Question { mut variants, own, depth } = question;
    let ended = || Found { outcome: None, appraised: Appraised::default() };
    for (variant, known) in &mut variants {
        if context.is_superseded() {
            return ended();
        }
        let Variant { site, catalog, outcome } = variant.clone();
        if known.valued.is_none() {
            let finance = value(&site, &outcome, &catalog);
            known.valued = Some(Arc::new(Valued { site, catalog, outcome, finance }));
        }
        context.deliver(found(variant, known));
    }
    for (variant, known) in &mut variants {
        if known.is_complete(depth) || context.is_superseded() {
            continue;
        }
        let mut appraiser = match Appraiser::of(&variant.site, &variant.catalog, &variant.outcome) {
            Ok(appraiser) => appraiser,
            Err(why) => {
                known.ladder = Some(Arc::new(Err(why)));
                known.scenarios = Some(Arc::new(Scenarios { made: false, rows: Vec::new() }));
                context.deliver(found(variant, known));
                continue;
            }
        };
        if depth.ladder && known.ladder.is_none() {
            known.ladder = Some(Arc::new(ladder(&mut appraiser)));
            context.deliver(found(variant, known));
        }
        if depth.scenarios && known.scenarios.is_none() && !context.is_superseded() {
            known.scenarios = Some(Arc::new(scenarios(&mut appraiser, &own)));
            context.deliver(found(variant, known));
        }
    }
    ended()
}

fn found(variant: &Variant, known: &Appraised) -> Found {
    Found { outcome: Some(Arc::clone(&variant.outcome)), appraised: known.clone() }
}
