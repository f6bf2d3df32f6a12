//! Tap changers under load: they hold the voltage behind main transformers (equation W13).

use super::case::{Case, CaseError};
use super::flow::{self, Solution, Status};
use super::topology;
use std::collections::BTreeMap;

/// A transformer that changes its ratio under load, at its from side.
#[derive(Clone, Debug, PartialEq)]
pub struct TapChanger {
    /// Index of the branch, and of the bus whose voltage it holds.
    pub branch: usize,
    pub bus: usize,
    pub target_pu: f64,
    /// One step, and the furthest way from the main position, of the ratio.
    pub step_frac: f64,
    pub range_frac: f64,
}

impl TapChanger {
    /// Steps from the main position at a ratio; positive lowers the voltage.
    pub fn position(&self, tap_ratio: f64) -> i64 {
        ((tap_ratio - 1.0) / self.step_frac).round() as i64
    }
}

/// Rounds of solving and stepping; two or three are usual.
const ROUNDS: usize = 12;

/// Steps the taps until each voltage stands within a step of its target or the range ends, and
/// gives the power flow then. Transformers on one bar step together, so that nothing circulates.
///
/// # Errors
/// The case cannot be solved as it stands.
pub fn regulate(case: &mut Case, changers: &[TapChanger]) -> Result<Solution, CaseError> {
    let node_of = topology::nodes(case);
    let mut together: BTreeMap<usize, Vec<&TapChanger>> = BTreeMap::new();
    for changer in changers.iter().filter(|c| case.branches[c.branch].in_service) {
        together.entry(node_of[changer.bus]).or_default().push(changer);
    }
    let mut solution = flow::ac(case)?;
    for _ in 0..ROUNDS {
        if solution.status == Status::Diverged {
            return Ok(solution);
        }
        let mut moved = false;
        for group in together.values() {
            let Some(first) = group.first() else { continue };
            let Some(vm) = solution.buses[first.bus].vm_pu else { continue };
            let steps = (vm / first.target_pu - 1.0) / first.step_frac;
            if steps.abs() <= 1.0 {
                continue;
            }
            let most = (first.range_frac / first.step_frac).floor();
            let now = first.position(case.branches[first.branch].tap_ratio) as f64;
            let next = (now + steps.round()).clamp(-most, most);
            moved |= next != now;
            for changer in group {
                case.branches[changer.branch].tap_ratio = 1.0 + next * changer.step_frac;
            }
        }
        if !moved {
            break;
        }
        solution = flow::ac(case)?;
    }
    Ok(solution)
}
