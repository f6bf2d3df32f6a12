//! The value under many draws of all uncertain inputs at once, the plan solved anew in each.
//!
//! Each run takes its numbers from seed, run and driver alone, and runs are made in blocks of
//! fixed size, each from the same start, so that the answer is the same on any number of threads.

pub mod draws;
pub mod edits;
mod order;
mod outages;
mod planner;
mod summary;
pub(super) mod worker;

use super::appraiser::Appraiser;
use super::drivers::drivers;
use super::result::{Driver, MonteCarlo};
use crate::finance::distribution::{Distribution, Quantiles};
use draws::Copula;
use serde::{Deserialize, Serialize};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use worker::{Build, Field, Run, Worker};

/// Runs that share a start; the last block may be shorter.
const BLOCK: usize = 250;
/// Most runs that may be asked for.
const MOST_DRAWS: usize = 1_000_000;

/// Shape of every driver between its ends, its mode where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Beta with mean `(low + 4 mode + high) / 6`.
    #[default]
    Pert,
    Triangular,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub draws: usize,
    pub seed: u64,
    /// Threads to use; the answer is the same for any number.
    pub threads: usize,
    pub shape: Shape,
    /// Paths of two drivers and their rank correlation.
    pub correlations: Vec<(String, String, f64)>,
    /// Empty takes every driver of the site that has a range.
    pub drivers: Vec<Driver>,
}

impl Default for Question {
    fn default() -> Self {
        Self {
            draws: 10_000,
            seed: 1,
            threads: 1,
            shape: Shape::default(),
            correlations: Vec::new(),
            drivers: Vec::new(),
        }
    }
}

/// How a caller looks on: a flag that ends the runs, and how far they are, 0 to 1.
pub struct Watch<'a> {
    pub cancelled: &'a AtomicBool,
    pub progress: &'a (dyn Fn(f32) + Sync),
}

/// Why there are no draws.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDraws {
    #[error("cancelled")]
    Cancelled,
    #[error("{0}")]
    Refused(String),
}

/// Draws all drivers of a site and values each run.
///
/// # Errors
/// Cancelled, or in words what cannot be drawn.
pub fn monte_carlo(
    appraiser: &mut Appraiser,
    question: &Question,
    watch: &Watch<'_>,
) -> Result<MonteCarlo, NoDraws> {
    if !(1..=MOST_DRAWS).contains(&question.draws) {
        return Err(NoDraws::Refused(format!("ask for 1 to {MOST_DRAWS} draws")));
    }
    let drivers = match question.drivers.is_empty() {
        true => drivers(appraiser),
        false => question.drivers.clone(),
    };
    let copula = copula(&drivers, &question.correlations)?;
    let quantiles =
        drivers.iter().map(|d| quantiles(d, question.shape)).collect::<Result<_, _>>()?;
    let field = Field::new(appraiser, drivers, (quantiles, copula), question.seed)
        .map_err(NoDraws::Refused)?;
    let runs = all(&field, question, watch)?;
    summary::summary(&field, question, &runs).map_err(NoDraws::Refused)
}

pub(super) fn quantiles(driver: &Driver, shape: Shape) -> Result<Quantiles, NoDraws> {
    let (low, mode, high) = (driver.low, driver.base, driver.high);
    let distribution = match shape {
        Shape::Pert => Distribution::Pert { low, mode, high },
        Shape::Triangular => Distribution::Triangular { low, mode, high },
    };
    let refused = |e| NoDraws::Refused(format!("{}: {e}", driver.path));
    distribution.quantiles().map_err(refused)
}

fn copula(drivers: &[Driver], pairs: &[(String, String, f64)]) -> Result<Copula, NoDraws> {
    let index = |path: &str| {
        let found = drivers.iter().position(|d| d.path == path);
        found.ok_or_else(|| NoDraws::Refused(format!("{path} is not among the drivers")))
    };
    let pairs = pairs.iter().map(|(a, b, rho)| Ok((index(a)?, index(b)?, *rho)));
    let pairs = pairs.collect::<Result<Vec<_>, NoDraws>>()?;
    Copula::new(&pairs).map_err(NoDraws::Refused)
}

/// Every run, in order.
fn all(field: &Field, question: &Question, watch: &Watch<'_>) -> Result<Vec<Run>, NoDraws> {
    let blocks = question.draws.div_ceil(BLOCK);
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Vec<Run>)>> = Mutex::new(Vec::with_capacity(blocks));
    let fault: Mutex<Option<String>> = Mutex::new(None);
    let finished = AtomicUsize::new(0);
    let serve = || {
        let mut worker = match Worker::new(field, Build::AsBase) {
            Ok(worker) => worker,
            Err(why) => return locked(&fault, |f| *f = Some(why)),
        };
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            if block >= blocks || watch.cancelled.load(Ordering::Relaxed) {
                return;
            }
            let range = block * BLOCK..((block + 1) * BLOCK).min(question.draws);
            worker.start();
            let mut runs = vec![Run::default(); range.len()];
            for k in field.order(range.clone()) {
                if watch.cancelled.load(Ordering::Relaxed) {
                    return;
                }
                runs[k] = worker.run((range.start + k) as u64);
                let count = finished.fetch_add(1, Ordering::Relaxed) + 1;
                if count.is_multiple_of(BLOCK / 10) {
                    (watch.progress)(count as f32 / question.draws as f32);
                }
            }
            locked(&done, |list| list.push((block, runs)));
        }
    };
    let threads = question.threads.clamp(1, blocks);
    std::thread::scope(|scope| {
        for k in 1..threads {
            let builder = std::thread::Builder::new().name(format!("draws-{k}"));
            // Without a further thread the others do its share.
            let _ = builder.spawn_scoped(scope, serve);
        }
        serve();
    });
    if watch.cancelled.load(Ordering::Relaxed) {
        return Err(NoDraws::Cancelled);
    }
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    if done.len() < blocks {
        let fault = fault.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        return Err(NoDraws::Refused(fault.unwrap_or_else(|| "a thread was lost".to_owned())));
    }
    done.sort_by_key(|(block, _)| *block);
    Ok(done.into_iter().flat_map(|(_, runs)| runs).collect())
}

/// Works on what a lock holds; nothing panics under it.
fn locked<T>(lock: &Mutex<T>, work: impl FnOnce(&mut T)) {
    work(&mut lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
}
