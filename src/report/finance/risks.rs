//! Answers to questions of risk for reports, each found when it is first asked for. It must not
//! know pages.

use crate::report::{Draws, Subject};
use crate::study::{Outcome, risk};
use std::cell::OnceCell;
use std::sync::atomic::AtomicBool;

/// What may be asked of a plan; a question without an answer is none.
pub struct Risks<'a> {
    subject: &'a Subject<'a>,
    outcome: &'a Outcome,
    asked: Draws,
    tornado: OnceCell<Option<risk::Tornado>>,
    two_way: OnceCell<Option<risk::TwoWay>>,
    ladder: OnceCell<Option<risk::Ladder>>,
    break_evens: OnceCell<Option<risk::BreakEvens>>,
    scenarios: OnceCell<Option<risk::Scenarios>>,
    price_of_time: OnceCell<Option<risk::PriceOfTime>>,
    models: OnceCell<Option<risk::BusinessModels>>,
    draws: OnceCell<Result<risk::MonteCarlo, String>>,
}

impl<'a> Risks<'a> {
    pub fn of(subject: &'a Subject<'a>, outcome: &'a Outcome, asked: Draws) -> Self {
        Self {
            subject,
            outcome,
            asked,
            tornado: OnceCell::new(),
            two_way: OnceCell::new(),
            ladder: OnceCell::new(),
            break_evens: OnceCell::new(),
            scenarios: OnceCell::new(),
            price_of_time: OnceCell::new(),
            models: OnceCell::new(),
            draws: OnceCell::new(),
        }
    }

    /// Stands ready for changes of the site; nothing where it has no value under them.
    fn appraiser(&self) -> Option<risk::Appraiser> {
        risk::Appraiser::of(self.subject.site, self.subject.catalog, self.outcome).ok()
    }

    /// What each input alone does to the value, all that do something.
    pub fn tornado(&self) -> Option<&risk::Tornado> {
        let find =
            || Some(risk::tornado(&mut self.appraiser()?, risk::Range::Register, usize::MAX));
        self.tornado.get_or_init(find).as_ref()
    }

    /// The value by token prices and utilisation.
    pub fn two_way(&self) -> Option<&risk::TwoWay> {
        let find = || {
            let mut appraiser = self.appraiser()?;
            let (rows, columns) = risk::default_pair(&appraiser);
            risk::two_way(&mut appraiser, &rows, &columns).ok()
        };
        self.two_way.get_or_init(find).as_ref()
    }

    /// The way from the keynote figure.
    pub fn ladder(&self) -> Option<&risk::Ladder> {
        let find = || risk::ladder(&mut self.appraiser()?).ok();
        self.ladder.get_or_init(find).as_ref()
    }

    /// Values of inputs at which the project is worth nothing.
    pub fn break_evens(&self) -> Option<&risk::BreakEvens> {
        let find = || Some(risk::break_evens(&mut self.appraiser()?));
        self.break_evens.get_or_init(find).as_ref()
    }

    /// The scenarios of the layout, else those made from ranges.
    pub fn scenarios(&self) -> Option<&risk::Scenarios> {
        let own = self.subject.scenarios;
        let find = || Some(risk::scenarios(&mut self.appraiser()?, own));
        self.scenarios.get_or_init(find).as_ref()
    }

    /// What a month is worth.
    pub fn price_of_time(&self) -> Option<&risk::PriceOfTime> {
        let find = || Some(risk::price_of_time(&self.appraiser()?));
        self.price_of_time.get_or_init(find).as_ref()
    }

    /// The same site as another business.
    pub fn models(&self) -> Option<&risk::BusinessModels> {
        let find = || Some(risk::business_models(&mut self.appraiser()?));
        self.models.get_or_init(find).as_ref()
    }

    /// Whether draws are asked for.
    pub fn has_draws(&self) -> bool {
        self.asked.count.is_some()
    }

    /// Draws of all inputs, or in words why there are none.
    pub fn draws(&self) -> Result<&risk::MonteCarlo, String> {
        let find = || {
            let mut appraiser = self.appraiser().ok_or("the site has no value")?;
            let question = risk::Question {
                draws: self.asked.count.unwrap_or(Draws::OF_PICTURE),
                seed: self.asked.seed,
                threads: self.asked.threads.max(1),
                ..risk::Question::default()
            };
            let watch = risk::Watch { cancelled: &AtomicBool::new(false), progress: &|_| () };
            risk::monte_carlo(&mut appraiser, &question, &watch).map_err(|e| e.to_string())
        };
        self.draws.get_or_init(find).as_ref().map_err(Clone::clone)
    }
}
