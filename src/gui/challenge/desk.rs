//! Where a challenge is computed: a thread of its own that answers the newest question in
//! steps, the quick ones first. It must not know widgets.

use crate::catalog::Catalog;
use crate::gui::ask::Ask;
use crate::jobs::{Context, Worker};
use crate::plan::result::Status;
use crate::site::Site;
use crate::study::fix::{Fix, fixes};
use crate::study::margin::{BreakEven, Margin, break_even, priced};
use crate::study::outage::{Effect, Outage, effect, outage};
use crate::study::template::{Request, campus};
use crate::study::{Outcome, SolveOptions, Study, in_force};
use std::sync::Arc;
use std::time::Instant;

/// What the site is made from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A campus laid out from the answers of a guest.
    Answers(Box<Request>),
    /// The document of the window.
    Document(Site),
}

/// What is asked: a site, prices, a breaker.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub source: Source,
    /// List prices that a guest gave, $ per M output tokens, by tier.
    pub prices: Vec<(String, f64)>,
    /// All prices times this.
    pub level: f64,
    /// Path of the element whose breaker is open.
    pub open: Option<String>,
}

/// The site as it stands.
#[derive(Clone)]
pub struct Stand {
    /// At the level of the question; the catalogue with the overrides of the site.
    pub site: Site,
    pub catalog: Arc<Catalog>,
    pub outcome: Outcome,
    /// Or the path of the value that stops it.
    pub margin: Result<Margin, String>,
    pub seconds: f64,
}

/// A breaker that is open.
#[derive(Clone)]
pub struct Pulled {
    pub outage: Outage,
    /// `None` where the site that is left has no plan.
    pub effect: Option<Effect>,
    /// Seconds from the question to the effect, and to the fixes.
    pub seconds: f64,
    pub fixes: Option<(Vec<Fix>, f64)>,
}

/// What has been found out so far.
#[derive(Clone)]
pub struct Answer {
    pub question: Question,
    pub stand: Result<Arc<Stand>, String>,
    pub pulled: Option<Pulled>,
    /// Or why there is none.
    pub break_even: Option<Result<BreakEven, String>>,
}

/// The site of a source at a level of 1.
struct Base {
    source: Source,
    prices: Vec<(String, f64)>,
    site: Site,
}

/// The state of the thread.
#[derive(Default)]
struct Lab {
    /// For the site as it stands, and for everything that is tried on it.
    study: Option<Study>,
    trial: Option<Study>,
    base: Option<Base>,
    stand: Option<(f64, Arc<Stand>)>,
    break_even: Option<Result<BreakEven, String>>,
}

type Job = (Question, Arc<Catalog>);

fn study(slot: &mut Option<Study>) -> Result<&mut Study, String> {
    let study = match slot.take() {
        Some(study) => study,
        None => Study::new().map_err(|e| e.to_string())?,
    };
    Ok(slot.insert(study))
}

impl Lab {
    fn answer(&mut self, (question, catalog): Job, context: &Context<'_, Answer>) -> Answer {
        let started = Instant::now();
        let stand = self.stand(&question, &catalog);
        let mut answer =
            Answer { question, stand, pulled: None, break_even: self.break_even.clone() };
        let Ok(stand) = answer.stand.clone() else { return answer };
        context.deliver(answer.clone());
        if let Some(path) = answer.question.open.clone() {
            answer.pulled = self.pull(&stand, &path, started);
            context.deliver(answer.clone());
            if !context.is_superseded() {
                self.mend(&stand, &mut answer, started);
                context.deliver(answer.clone());
            }
        }
        if self.break_even.is_none() && !context.is_superseded() {
            self.break_even = Some(self.cross());
        }
        answer.break_even.clone_from(&self.break_even);
        answer
    }

    /// The site of a question with its plan; what is known already is kept.
    fn stand(&mut self, question: &Question, catalog: &Catalog) -> Result<Arc<Stand>, String> {
        let started = Instant::now();
        let same = |b: &Base| b.source == question.source && b.prices == question.prices;
        if !self.base.as_ref().is_some_and(same) {
            self.stand = None;
            self.break_even = None;
            let mut site = match &question.source {
                Source::Answers(request) => {
                    let made = campus(request, catalog).map_err(|e| e.to_string())?;
                    Site::from_file(made.layout)
                }
                Source::Document(site) => site.clone(),
            };
            list_prices(&mut site, &question.prices);
            let (source, prices) = (question.source.clone(), question.prices.clone());
            self.base = Some(Base { source, prices, site });
        }
        if let Some((level, stand)) = &self.stand
            && *level == question.level
        {
            return Ok(Arc::clone(stand));
        }
        let Some(base) = &self.base else { return Err("no site".to_owned()) };
        let site = priced(&base.site, question.level);
        let outcome = study(&mut self.study)?.solve(&site, catalog, &SolveOptions::default());
        if outcome.plan.status != Status::Optimal {
            let first = outcome.diagnostics.first().map(|d| d.message.clone());
            let conflict = outcome.plan.conflicts.first().map(|c| c.sentence.clone());
            return Err(first.or(conflict).unwrap_or_else(|| "the site has no plan".to_owned()));
        }
        let (catalog, _) = in_force(&site, catalog);
        let margin = Margin::of(&site, &outcome, &catalog);
        let seconds = started.elapsed().as_secs_f64();
        let stand = Stand { site, catalog: Arc::new(catalog), outcome, margin, seconds };
        let stand = Arc::new(stand);
        self.stand = Some((question.level, Arc::clone(&stand)));
        Ok(stand)
    }

    fn pull(&mut self, stand: &Stand, path: &str, started: Instant) -> Option<Pulled> {
        let lost = outage(&stand.site, path).ok()?;
        let trial = study(&mut self.trial).ok()?;
        let options = SolveOptions::default();
        let before = (&stand.site, &stand.outcome);
        let effect = effect(trial, before, &lost, &stand.catalog, &options);
        let seconds = started.elapsed().as_secs_f64();
        Some(Pulled { outage: lost, effect, seconds, fixes: None })
    }

    fn mend(&mut self, stand: &Stand, answer: &mut Answer, started: Instant) {
        let Some(pulled) = &mut answer.pulled else { return };
        let (Some(effect), Ok(trial)) = (&pulled.effect, study(&mut self.trial)) else { return };
        let options = SolveOptions::default();
        let lost = (&pulled.outage, effect);
        let found = fixes(trial, &stand.site, lost, &stand.catalog, &options);
        pulled.fixes = Some((found, started.elapsed().as_secs_f64()));
    }

    fn cross(&mut self) -> Result<BreakEven, String> {
        let Some(base) = &self.base else { return Err("no site".to_owned()) };
        let Some((_, stand)) = &self.stand else { return Err("no site".to_owned()) };
        let catalog = Arc::clone(&stand.catalog);
        let trial = study(&mut self.trial)?;
        break_even(trial, &base.site, &catalog, &SolveOptions::default()).map_err(|e| e.to_string())
    }
}

/// Gives tiers another list price; their lower steps keep their ratio to it.
fn list_prices(site: &mut Site, prices: &[(String, f64)]) {
    for tier in &mut Arc::make_mut(&mut site.terms).tiers {
        let Some((_, wanted)) = prices.iter().find(|(id, _)| *id == tier.id) else { continue };
        let listed = tier.demand.first().and_then(|s| s.price_usd_per_mtok);
        for step in &mut tier.demand {
            step.price_usd_per_mtok = match (listed, step.price_usd_per_mtok) {
                (Some(list), Some(usd)) if list > 0.0 => Some(usd * wanted / list),
                _ => Some(*wanted),
            };
        }
    }
}

/// The thread and what it answered.
#[derive(Default)]
pub struct Desk {
    ask: Ask<Question, Answer>,
    answer: Option<Answer>,
    /// Changes with every answer.
    pub revision: u64,
}

impl Desk {
    /// Collects what has arrived and hands in the question if it is a new one.
    pub fn follow(
        &mut self,
        question: &Question,
        catalog: &Arc<Catalog>,
        wake: impl Fn() + Send + 'static,
    ) {
        let arrived = self.ask.follow(question, catalog, || {
            let run = |lab: &mut Lab, job, context: &Context<'_, Answer>| lab.answer(job, context);
            Worker::spawn("challenge", wake, Lab::default, run)
        });
        for answer in arrived {
            self.answer = Some(answer);
            self.revision += 1;
        }
    }

    pub fn answer(&self) -> Option<&Answer> {
        self.answer.as_ref()
    }

    pub fn stand(&self) -> Option<&Arc<Stand>> {
        self.answer.as_ref()?.stand.as_ref().ok()
    }

    /// What has been found out of the breaker that is open, and of no other one.
    pub fn pulled(&self, open: Option<&str>) -> Option<&Pulled> {
        let pulled = self.answer.as_ref()?.pulled.as_ref()?;
        (Some(pulled.outage.path.as_str()) == open).then_some(pulled)
    }

    /// Why there is no site.
    pub fn refusal(&self) -> Option<&str> {
        let refused = || self.answer.as_ref()?.stand.as_ref().err().map(String::as_str);
        self.ask.failure().or_else(refused)
    }

    /// A question was handed in, and nothing more is to come of it.
    pub fn has_answered(&self, question: &Question) -> bool {
        self.ask.has_answered(question)
    }

    /// What is shown is older than it should be.
    pub fn is_stale(&self) -> bool {
        self.ask.is_stale()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn settle(desk: &mut Desk, question: &Question, catalog: &Arc<Catalog>) {
        let started = Instant::now();
        loop {
            desk.follow(question, catalog, || ());
            if desk.has_answered(question) {
                return;
            }
            assert!(started.elapsed() < Duration::from_secs(120), "no answer");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    #[test]
    fn a_breaker_is_answered_with_effect_and_fix_and_closing_it_restores_the_site() {
        let catalog = Catalog::embedded_arc().expect("reads");
        let request =
            Request { scheme: crate::study::template::Scheme::N, ..Request::new(&catalog, 20.0) };
        let whole = Question {
            source: Source::Answers(Box::new(request)),
            prices: vec![("medium".to_owned(), 6.0)],
            level: 1.0,
            open: None,
        };
        let mut desk = Desk::default();
        settle(&mut desk, &whole, &catalog);
        let revenue = desk.stand().expect("a site").outcome.plan.revenue_usd_per_year;
        let listed = |desk: &Desk| {
            let stand = desk.stand().expect("a site");
            let tier = stand.site.terms.tiers.iter().find(|t| t.id == "medium").expect("sold");
            tier.demand.iter().filter_map(|s| s.price_usd_per_mtok).collect::<Vec<_>>()
        };
        // 3, 1.2 and 0.6 in the catalogue.
        assert_eq!(listed(&desk), [6.0, 2.4, 1.2]);
        let open = Question { open: Some("nodes.t-a1".to_owned()), ..whole.clone() };
        settle(&mut desk, &open, &catalog);
        let pulled = desk.pulled(Some("nodes.t-a1")).expect("pulled");
        let lost = pulled.effect.as_ref().expect("a plan").lost_usd_per_minute;
        assert!((lost * 525_600.0 - revenue).abs() < 1.0, "the only transformer");
        assert!(pulled.fixes.as_ref().is_some_and(|(fixes, _)| !fixes.is_empty()));
        assert!(desk.pulled(None).is_none());
        settle(&mut desk, &whole, &catalog);
        assert!(desk.pulled(Some("nodes.t-a1")).is_none(), "closed again");
        let dear = Question { level: 2.0, ..whole };
        settle(&mut desk, &dear, &catalog);
        assert_eq!(listed(&desk), [12.0, 4.8, 2.4]);
        let answer = desk.answer().expect("an answer");
        let found = answer.break_even.as_ref().expect("found").as_ref().expect("crosses");
        let margin = desk.stand().expect("a site").margin.clone().expect("known");
        assert_eq!(margin.operating() > 0.0, found.level_ratio.expect("a level") < 2.0);
    }
}
