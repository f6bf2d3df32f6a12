//! Values under changes where nothing else is asked, by way of the draws where that can answer.

use super::monte_carlo::worker::{Build, Field, Worker};
use super::result::Answer;
use super::{Appraiser, Change};

/// Values one site again and again.
pub(super) struct Quick<'a> {
    worker: Option<Worker<'a>>,
}

impl<'a> Quick<'a> {
    /// From the ground of an appraiser, where there is one.
    pub fn new(field: Option<&'a Field>) -> Self {
        let worker = field.and_then(|field| Worker::new(field, Build::Anew).ok());
        let started = worker.map(|mut worker| {
            worker.start();
            worker
        });
        Self { worker: started }
    }

    /// The net present value under changes, as [`Appraiser::npv_usd`] has it, and whether the plan
    /// was solved anew.
    pub fn npv_usd(&mut self, appraiser: &mut Appraiser, changes: &[Change]) -> (Answer, bool) {
        let money = changes.iter().all(|c| appraiser.is_money(&c.path));
        let found = self.worker.as_mut().and_then(|worker| worker.under(changes, money));
        if let Some(run) = found {
            return (Ok(run.npv_usd), run.replanned);
        }
        match appraiser.appraise(changes) {
            Ok(found) => (Ok(found.npv_usd()), found.replanned),
            Err(why) => (Err(why), false),
        }
    }
}
