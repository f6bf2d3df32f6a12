//! A state of the network that somebody asks for: elements out, switches thrown; what it is at
//! once, and what it is after what can be done about it.

use super::judge::judge;
use super::remedy::remedied;
use super::start::Start;
use super::{Consequence, Outage, Remedy, with_outage};
use crate::power::case::{Case, CaseError};
use crate::power::flow::{self, Solution};
use crate::power::model::Model;

/// What happens, all at the same time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    pub outage: Outage,
    /// Indices of switches that are opened and stay so.
    pub opened: Vec<usize>,
    /// Indices of switches that are closed; the others of a transfer scheme open.
    pub closed: Vec<usize>,
}

/// The network at one moment after an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    pub case: Case,
    pub solution: Solution,
    pub consequence: Consequence,
}

impl Stage {
    fn of(case: Case, intact: &Solution, outage: &Outage) -> Result<Self, CaseError> {
        let solution = flow::ac(&case)?;
        let consequence = judge(intact, outage.clone(), &case, &solution);
        Ok(Self { case, solution, consequence })
    }
}

impl Event {
    /// The network at once and, where something can be done, what is done and the network then.
    ///
    /// # Errors
    /// No source is left, or the network cannot be solved as it stands.
    pub fn stages(
        &self,
        case: &Case,
        intact: &Solution,
    ) -> Result<(Stage, Option<(Remedy, Stage)>), CaseError> {
        let mut after = with_outage(case, &self.outage);
        for &i in &self.closed {
            let transfer = after.switches[i].transfer.clone();
            if !transfer.is_empty() {
                let own = after.switches.iter_mut().filter(|s| s.transfer == transfer);
                own.for_each(|s| s.closed = false);
            }
            after.switches[i].closed = true;
        }
        for &i in &self.opened {
            // Locked out: it joins nothing, so that no transfer closes it again.
            let switch = &mut after.switches[i];
            (switch.closed, switch.b) = (false, switch.a);
        }
        let at_once = Stage::of(after, intact, &self.outage)?;
        let model = Model::of(case)?;
        let start = Start::of(case, &model);
        let acted = match at_once.consequence.holds() {
            true => None,
            false => remedied(&start, (&at_once.consequence, at_once.case.clone())),
        };
        let then = match acted {
            Some((remedy, case)) => {
                let stage = Stage::of(case, intact, &self.outage)?;
                Some((remedy, stage))
            }
            None => None,
        };
        Ok((at_once, then))
    }
}
