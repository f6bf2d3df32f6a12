//! Session and background thread with engines whose pace the test sets.

use super::{catalog, set, tiny};
use gigasite::editor::{Document, Engine, Session, SolveStatus};
use gigasite::site::Site;
use gigasite::study::Outcome;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Longest that a test waits for the other thread.
const PATIENCE: Duration = Duration::from_secs(20);

/// The answer of the fakes: the grid contract as the plan's grid power, and a
/// gain once refined.
fn plan(site: &Site) -> Outcome {
    let mut outcome = Outcome::default();
    outcome.plan.grid_mw = site.terms.site.grid_contract_mw.unwrap_or(-1.0);
    outcome
}

fn refine(outcome: &mut Outcome) {
    outcome.plan.limits.push(gigasite::plan::result::LimitResult::default());
}

/// Answers at once.
pub struct Instant;

impl Engine for Instant {
    fn solve(&mut self, site: &Site) -> Outcome {
        plan(site)
    }
    fn refine(&mut self, outcome: &mut Outcome) {
        refine(outcome);
    }
}

/// Waits for a word before each step, and tells which site it has begun.
struct Gated {
    begun: Sender<f64>,
    gate: Arc<Mutex<Receiver<()>>>,
}

impl Gated {
    fn wait(&self) {
        // An error means that the test is over.
        let _ = self.gate.lock().expect("one engine").recv_timeout(PATIENCE);
    }
}

impl Engine for Gated {
    fn solve(&mut self, site: &Site) -> Outcome {
        let outcome = plan(site);
        let _ = self.begun.send(outcome.plan.grid_mw);
        self.wait();
        outcome
    }
    fn refine(&mut self, outcome: &mut Outcome) {
        self.wait();
        refine(outcome);
    }
}

pub fn start<E: Engine + 'static>(
    document: Document,
    engine: impl FnMut() -> E + Send + 'static,
) -> Session {
    Session::new(document, catalog(), engine, || Duration::ZERO, || {}).expect("a thread")
}

fn contract(session: &mut Session, mw: u32) {
    session.apply(&set("site.grid_contract_mw", &mw.to_string())).expect("a field");
}

fn shown(session: &Session) -> Option<f64> {
    session.outcome().map(|outcome| outcome.plan.grid_mw)
}

struct Bench {
    /// First, so that it is dropped first and an engine at the gate goes on.
    gate: Sender<()>,
    session: Session,
    begun: Receiver<f64>,
    woken: Receiver<()>,
    clock_ms: Arc<AtomicU64>,
}

fn bench() -> Bench {
    let (begun_tx, begun) = channel();
    let (gate, gate_rx) = channel();
    let (woken_tx, woken) = channel();
    let gate_rx = Arc::new(Mutex::new(gate_rx));
    let clock_ms = Arc::new(AtomicU64::new(0));
    let clock = Arc::clone(&clock_ms);
    let session = Session::new(
        Document::new(tiny()),
        catalog(),
        move || Gated { begun: begun_tx.clone(), gate: Arc::clone(&gate_rx) },
        move || Duration::from_millis(clock.load(Ordering::Relaxed)),
        move || {
            let _ = woken_tx.send(());
        },
    );
    Bench { session: session.expect("a thread"), begun, gate, woken, clock_ms }
}

impl Bench {
    /// Lets the engine take one step.
    fn step(&self) {
        self.gate.send(()).expect("the engine listens");
    }

    /// Waits until there is something new to show.
    fn next(&mut self) {
        loop {
            self.woken.recv_timeout(PATIENCE).expect("a result");
            if self.session.poll() {
                return;
            }
        }
    }

    fn at(&self, ms: u64) {
        self.clock_ms.store(ms, Ordering::Relaxed);
    }
}

#[test]
fn preview_comes_first_then_the_refined_answer() {
    let mut bench = bench();
    assert_eq!(bench.session.status(), SolveStatus::Solving { since: Duration::ZERO });
    assert_eq!(shown(&bench.session), None);
    bench.step();
    bench.next();
    assert_eq!(shown(&bench.session), Some(20.0));
    assert!(bench.session.is_preview());
    assert_eq!(bench.session.status(), SolveStatus::Solving { since: Duration::ZERO });
    bench.step();
    bench.next();
    assert!(!bench.session.is_preview());
    assert_eq!(bench.session.status(), SolveStatus::Fresh);
    assert_eq!(bench.session.outcome().map(|o| o.plan.limits.len()), Some(1));
    assert!(!bench.session.poll());
}

#[test]
fn of_many_edits_during_a_slow_run_only_the_newest_is_computed_and_shown_last() {
    let mut bench = bench();
    assert_eq!(bench.begun.recv_timeout(PATIENCE), Ok(20.0));
    for mw in 21..=60 {
        contract(&mut bench.session, mw);
    }
    // The run under way ends without refinement, because a newer edit waits.
    bench.step();
    bench.next();
    assert_eq!(shown(&bench.session), Some(20.0));
    assert!(bench.session.is_preview());
    assert_eq!(bench.begun.recv_timeout(PATIENCE), Ok(60.0), "all between were skipped");
    bench.step();
    bench.next();
    assert_eq!(shown(&bench.session), Some(60.0));
    bench.step();
    bench.next();
    assert_eq!(shown(&bench.session), Some(60.0));
    assert_eq!(bench.session.status(), SolveStatus::Fresh);
    assert!(bench.begun.try_recv().is_err());
}

#[test]
fn staleness_counts_from_the_first_edit_that_the_shown_answer_lacks() {
    let mut bench = bench();
    for _ in 0..2 {
        bench.step();
        bench.next();
    }
    assert_eq!(bench.session.status(), SolveStatus::Fresh);
    bench.at(1_000);
    contract(&mut bench.session, 30);
    bench.at(1_200);
    contract(&mut bench.session, 31);
    let since = Duration::from_millis(1_000);
    assert_eq!(bench.session.status(), SolveStatus::Solving { since });
    bench.at(1_400);
    let behind = Duration::from_millis(400);
    assert_eq!(bench.session.status(), SolveStatus::Stale { behind });
    assert_eq!(shown(&bench.session), Some(20.0), "stale, never blank");
    bench.session.undo();
    assert_eq!(bench.session.editor().site().terms.site.grid_contract_mw, Some(30.0));
}

#[test]
fn older_answers_never_follow_newer_ones() {
    let mut session = start(Document::new(tiny()), || Instant);
    let mut newest = 0.0;
    let begin = std::time::Instant::now();
    for mw in 21..400 {
        contract(&mut session, mw);
        if mw % 3 == 0 {
            std::thread::yield_now();
        }
        session.poll();
        let now = shown(&session).unwrap_or(newest);
        assert!(now >= newest, "{now} after {newest}");
        newest = now;
    }
    while session.status() != SolveStatus::Fresh {
        assert!(begin.elapsed() < PATIENCE, "no answer to the last edit");
        session.poll();
        std::thread::yield_now();
    }
    assert_eq!(shown(&session), Some(399.0));
}

#[test]
fn answers_to_a_closed_document_are_dropped() {
    let mut bench = bench();
    assert_eq!(bench.begun.recv_timeout(PATIENCE), Ok(20.0));
    let mut other = tiny();
    other.set("site.grid_contract_mw", "77").expect("a field");
    bench.session.replace(Document::new(other));
    bench.step();
    bench.woken.recv_timeout(PATIENCE).expect("the old run ends");
    assert!(!bench.session.poll());
    assert_eq!(shown(&bench.session), None);
    bench.step();
    bench.next();
    assert_eq!(shown(&bench.session), Some(77.0));
}

/// Cannot stand one number.
struct Superstitious;

impl Engine for Superstitious {
    fn solve(&mut self, site: &Site) -> Outcome {
        let outcome = plan(site);
        assert!(outcome.plan.grid_mw != 13.0, "13 MW");
        outcome
    }
    fn refine(&mut self, outcome: &mut Outcome) {
        refine(outcome);
    }
}

#[test]
fn engine_that_panics_fails_one_answer_and_works_again() {
    let mut session = start(Document::new(tiny()), || Superstitious);
    let begin = std::time::Instant::now();
    let until = |session: &mut Session, done: &dyn Fn(&SolveStatus) -> bool| {
        while !done(&session.status()) {
            assert!(begin.elapsed() < PATIENCE, "{:?}", session.status());
            session.poll();
            std::thread::yield_now();
        }
    };
    until(&mut session, &|status| *status == SolveStatus::Fresh);
    contract(&mut session, 13);
    until(&mut session, &|status| matches!(status, SolveStatus::Failed(_)));
    let SolveStatus::Failed(text) = session.status() else { unreachable!("just checked") };
    assert!(text.contains("13 MW"), "{text}");
    assert_eq!(shown(&session), Some(20.0), "the last good answer stays");
    contract(&mut session, 14);
    until(&mut session, &|status| *status == SolveStatus::Fresh);
    assert_eq!(shown(&session), Some(14.0));
}

/// Refines until it is told to stop.
struct Endless {
    flag: Arc<std::sync::atomic::AtomicBool>,
    refining: Sender<()>,
}

impl Engine for Endless {
    fn solve(&mut self, site: &Site) -> Outcome {
        plan(site)
    }
    fn refine(&mut self, outcome: &mut Outcome) {
        let _ = self.refining.send(());
        while !self.flag.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        outcome.name = "half done".to_owned();
    }
    fn stop_when(&mut self, flag: Arc<std::sync::atomic::AtomicBool>) {
        self.flag = flag;
    }
}

#[test]
fn an_edit_ends_the_refinement_before_it_and_half_an_answer_is_never_shown() {
    let (refining, begun) = channel();
    let mut session = start(Document::new(tiny()), move || Endless {
        flag: Arc::default(),
        refining: refining.clone(),
    });
    for mw in 21..40 {
        begun.recv_timeout(PATIENCE).expect("refining");
        contract(&mut session, mw);
        session.poll();
        assert!(session.outcome().is_none_or(|outcome| outcome.name.is_empty()));
    }
    begun.recv_timeout(PATIENCE).expect("refining the last");
    while session.poll() {}
    assert_eq!(shown(&session), Some(39.0));
    assert!(session.is_preview());
    // Dropping the session ends the refinement too, or this test hangs.
}

#[test]
fn real_engine_answers_as_a_cold_study_does() {
    let site = super::layout("layouts/pilot-20mw.ron");
    let cold = |site: &Site| {
        let mut outcome = gigasite::study::run(site, &catalog(), &Default::default());
        outcome.timing = Default::default();
        outcome
    };
    let engine = || gigasite::editor::StudyEngine::new(catalog(), Default::default());
    let mut session = start(Document::new(site), engine);
    for mw in [20, 15, 18] {
        // Edits that end refinements at all sorts of moments leave no trace.
        for pause_ms in [0, 40, 90, 15, 150] {
            contract(&mut session, mw - 1);
            contract(&mut session, mw);
            std::thread::sleep(Duration::from_millis(pause_ms));
        }
        let begin = std::time::Instant::now();
        while session.status() != SolveStatus::Fresh {
            assert!(begin.elapsed() < PATIENCE, "{:?}", session.status());
            session.poll();
            std::thread::yield_now();
        }
        let mut warm = Outcome::clone(session.outcome().expect("fresh"));
        warm.timing = Default::default();
        let cold = cold(session.editor().site());
        assert_eq!(warm.plan.status, gigasite::plan::result::Status::Optimal);
        // The last bits of a sum depend on the order in which the solver found it.
        let value = |o: &Outcome| serde_json::to_value(o).expect("outcomes are plain records");
        let found = crate::support::difference(&value(&warm), &value(&cold), "");
        assert_eq!(found, None, "at {mw} MW");
    }
}
