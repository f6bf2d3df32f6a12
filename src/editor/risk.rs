//! What may come otherwise for the newest value, on threads of its own: what moves it, the ladder
//! from the keynote figure, scenarios; and, when asked for, many draws with progress and an end
//! to them. It must not know what it is shown on.

use super::valuation::Valued;
use crate::jobs::{Context, Generation, JobError, SpawnError, Worker};
use crate::site::Scenario;
use crate::study::risk::{
    Appraiser, Ladder, MOST_BARS, MonteCarlo, NoDraws, Question, Range, Scenarios, Tornado, Watch,
    ladder, monte_carlo, scenarios, tornado,
};
use std::sync::Arc;

/// What is known of the risk of the newest value.
#[derive(Clone, Default)]
pub struct Risks {
    pub tornado: Option<Arc<Tornado>>,
    pub ladder: Option<Arc<Result<Ladder, String>>>,
    pub scenarios: Option<Arc<Scenarios>>,
    /// Why there is none of them.
    pub failed: Option<String>,
    /// They are of an older value, but for those that are fresh.
    pub stale: bool,
    /// What moves the value, and the ladder, are of the newest value already.
    pub fresh: Fresh,
    /// The newest are under way.
    pub studying: bool,
    pub draws: Draws,
    /// Grows with whatever arrives.
    pub revision: u64,
}

/// Which of several findings are of the newest value while the others are under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fresh {
    pub tornado: bool,
    pub ladder: bool,
}

/// Many draws of all inputs at once.
#[derive(Clone, Default)]
pub struct Draws {
    pub found: Option<Arc<MonteCarlo>>,
    /// They are of an older value.
    pub stale: bool,
    pub running: bool,
    /// How far they are, 0 to 1.
    pub progress_frac: f32,
    /// Why there are none.
    pub failed: Option<String>,
}

impl Risks {
    /// Nothing is known.
    pub fn none() -> &'static Self {
        static NONE: Risks = Risks {
            tornado: None,
            ladder: None,
            scenarios: None,
            failed: None,
            stale: false,
            fresh: Fresh { tornado: false, ladder: false },
            studying: false,
            draws: Draws {
                found: None,
                stale: false,
                running: false,
                progress_frac: 0.0,
                failed: None,
            },
            revision: 0,
        };
        &NONE
    }
}

/// What is asked of the first thread.
struct Asked {
    valued: Arc<Valued>,
    own: Arc<Vec<Scenario>>,
}

enum Found {
    Tornado(Arc<Tornado>),
    Ladder(Arc<Result<Ladder, String>>),
    Scenarios(Arc<Scenarios>),
    Failed(String),
    /// Somebody said stop.
    Ended,
}

/// What was handed in last.
struct Wanted {
    valued: Arc<Valued>,
    own: Arc<Vec<Scenario>>,
    generation: Generation,
}

type Drawn = Result<Arc<MonteCarlo>, NoDraws>;

/// Keeps what is known of the risk of the newest value.
pub struct RiskWatch {
    studies: Worker<Asked, Found>,
    draws: Worker<(Arc<Valued>, usize), Drawn>,
    wanted: Option<Wanted>,
    /// The value that draws were asked for last.
    drawn: Option<(Arc<Valued>, Generation)>,
    shown: Risks,
}

impl RiskWatch {
    /// `wake` is called on the threads whenever [`RiskWatch::poll`] has something new.
    ///
    /// # Errors
    /// [`SpawnError`] where the system gives no thread.
    pub fn new(wake: impl Fn() + Clone + Send + 'static) -> Result<Self, SpawnError> {
        Ok(Self {
            studies: Worker::spawn("gigasite-risk", wake.clone(), || (), study)?,
            draws: Worker::spawn("gigasite-draws", wake, || (), draw)?,
            wanted: None,
            drawn: None,
            shown: Risks::default(),
        })
    }

    pub fn shown(&self) -> &Risks {
        &self.shown
    }

    /// Studies a value with the scenarios of its layout, unless that is known or under way.
    pub fn want(&mut self, valued: &Arc<Valued>, own: &Arc<Vec<Scenario>>) {
        let known = self.wanted.as_ref();
        if known.is_some_and(|w| Arc::ptr_eq(&w.valued, valued) && Arc::ptr_eq(&w.own, own)) {
            return;
        }
        let (valued, own) = (Arc::clone(valued), Arc::clone(own));
        let asked = Asked { valued: Arc::clone(&valued), own: Arc::clone(&own) };
        let generation = self.studies.submit(asked);
        self.wanted = Some(Wanted { valued, own, generation });
        (self.shown.stale, self.shown.studying) = (true, true);
        self.shown.fresh = Fresh::default();
        self.shown.revision += 1;
    }

    /// The newest value is another one: what is shown of an older one says so.
    pub fn outdate(&mut self, newest: Option<&Arc<Valued>>) {
        let is_of = |of: &Arc<Valued>| newest.is_some_and(|now| Arc::ptr_eq(of, now));
        let other = !self.wanted.as_ref().is_some_and(|w| is_of(&w.valued));
        let stale = other || self.shown.studying;
        let old = !self.drawn.as_ref().is_some_and(|(of, _)| is_of(of));
        if (stale, old) != (self.shown.stale, self.shown.draws.stale) {
            (self.shown.stale, self.shown.draws.stale) = (stale, old);
            self.shown.revision += 1;
        }
        if other && self.shown.fresh != Fresh::default() {
            self.shown.fresh = Fresh::default();
            self.shown.revision += 1;
        }
    }

    /// Another document: nothing is known of it.
    pub fn reset(&mut self) {
        if self.wanted.is_none() && self.drawn.is_none() {
            return;
        }
        self.studies.cancel();
        self.draws.cancel();
        (self.wanted, self.drawn) = (None, None);
        self.shown = Risks { revision: self.shown.revision + 1, ..Risks::default() };
    }

    /// Draws all inputs of a value at once, so many times.
    pub fn draw(&mut self, valued: &Arc<Valued>, count: usize) {
        let generation = self.draws.submit((Arc::clone(valued), count));
        self.drawn = Some((Arc::clone(valued), generation));
        let draws = &mut self.shown.draws;
        (draws.running, draws.progress_frac, draws.failed) = (true, 0.0, None);
        self.shown.revision += 1;
    }

    /// Ends draws that go on; what was known before stays.
    pub fn stop_draws(&mut self) {
        self.draws.cancel();
        self.shown.draws.running = false;
        self.shown.revision += 1;
    }

    /// Collects what has arrived. True where there is something new to show.
    pub fn poll(&mut self) -> bool {
        let before = self.shown.revision;
        while let Some(delivery) = self.studies.poll() {
            let newest = self.wanted.as_ref().is_some_and(|w| w.generation == delivery.generation);
            if newest {
                let last = delivery.last;
                let broken = |e: JobError| Found::Failed(e.to_string());
                self.take(delivery.output.unwrap_or_else(broken), last);
                self.shown.revision += 1;
            }
        }
        while let Some(delivery) = self.draws.poll() {
            let newest = self.drawn.as_ref().is_some_and(|(_, g)| *g == delivery.generation);
            if newest && self.shown.draws.running {
                let broken = |e: JobError| Err(NoDraws::Refused(e.to_string()));
                self.take_draws(delivery.output.unwrap_or_else(broken));
                self.shown.revision += 1;
            }
        }
        let progress = self.draws.progress_frac();
        let draws = &mut self.shown.draws;
        if draws.running && (progress - draws.progress_frac).abs() >= 0.005 {
            draws.progress_frac = progress;
            self.shown.revision += 1;
        }
        self.shown.revision != before
    }

    fn take(&mut self, found: Found, last: bool) {
        let shown = &mut self.shown;
        match found {
            Found::Tornado(tornado) => {
                (shown.tornado, shown.failed) = (Some(tornado), None);
                shown.fresh.tornado = true;
            }
            Found::Ladder(ladder) => {
                shown.ladder = Some(ladder);
                shown.fresh.ladder = true;
            }
            Found::Scenarios(scenarios) => shown.scenarios = Some(scenarios),
            Found::Failed(why) => {
                (shown.tornado, shown.ladder, shown.scenarios) = (None, None, None);
                shown.failed = Some(why);
            }
            Found::Ended => {}
        }
        if last {
            (shown.studying, shown.stale) = (false, false);
        }
    }

    fn take_draws(&mut self, drawn: Drawn) {
        let draws = &mut self.shown.draws;
        draws.running = false;
        match drawn {
            Ok(found) => (draws.found, draws.stale, draws.failed) = (Some(found), false, None),
            Err(NoDraws::Cancelled) => {}
            Err(why) => draws.failed = Some(why.to_string()),
        }
    }
}

fn study(_: &mut (), asked: Asked, context: &Context<'_, Found>) -> Found {
    let Valued { site, catalog, outcome, .. } = asked.valued.as_ref();
    let mut appraiser = match Appraiser::of(site, catalog, outcome) {
        Ok(appraiser) => appraiser,
        Err(why) => return Found::Failed(why),
    };
    let moves = tornado(&mut appraiser, Range::Register, MOST_BARS);
    context.deliver(Found::Tornado(Arc::new(moves)));
    if context.is_superseded() {
        return Found::Ended;
    }
    let steps = ladder(&mut appraiser);
    context.deliver(Found::Ladder(Arc::new(steps)));
    if context.is_superseded() {
        return Found::Ended;
    }
    Found::Scenarios(Arc::new(scenarios(&mut appraiser, &asked.own)))
}

fn draw(_: &mut (), (valued, count): (Arc<Valued>, usize), context: &Context<'_, Drawn>) -> Drawn {
    let Valued { site, catalog, outcome, .. } = valued.as_ref();
    let mut appraiser = Appraiser::of(site, catalog, outcome).map_err(NoDraws::Refused)?;
    // A core stays free for the window.
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    let threads = cores.saturating_sub(1).max(1);
    let question = Question { draws: count, threads, ..Question::default() };
    let flag = context.supersede_flag();
    let teller = context.teller();
    let watch = Watch { cancelled: &flag, progress: &teller };
    monte_carlo(&mut appraiser, &question, &watch).map(Arc::new)
}
