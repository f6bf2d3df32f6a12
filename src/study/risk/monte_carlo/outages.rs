//! Rows of outages in an input that has all of them: some left out, those that a plan breaks.

use crate::plan::dispatch::Dispatch;
use crate::plan::evaluate::Evaluation;
use crate::plan::input::{OUTAGE, PlanInput};
use crate::study::secure::breaks;

fn rows(input: &PlanInput) -> impl Iterator<Item = usize> {
    (0..input.nodes.len()).filter(|&n| input.nodes[n].kind == OUTAGE)
}

/// Whether an input has any.
pub fn any(input: &PlanInput) -> bool {
    rows(input).next().is_some()
}

/// The input with the needed rows alone; the others limit nothing.
pub fn with(input: &PlanInput, needed: &[usize]) -> PlanInput {
    let mut fewer = input.clone();
    for n in rows(input).filter(|n| !needed.contains(n)) {
        fewer.nodes[n].capacity_mw = f64::INFINITY;
        fewer.nodes[n].firm_mw = f64::INFINITY;
    }
    fewer
}

/// Rows that a dispatch breaks beside those that it was made with.
pub fn broken(input: &PlanInput, dispatch: &Dispatch, needed: &[usize]) -> Vec<usize> {
    let open: Vec<usize> = rows(input).filter(|n| !needed.contains(n)).collect();
    if open.is_empty() {
        return open;
    }
    let evaluation = Evaluation::new(input, dispatch);
    open.into_iter().filter(|n| breaks(&evaluation, *n)).collect()
}
