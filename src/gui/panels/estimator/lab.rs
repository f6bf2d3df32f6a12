//! Where the estimator runs for the window: a thread of its own that keeps one backend
//! open and answers the newest question. It must not know widgets.

use super::question::Question;
use crate::catalog::{Precision, Rack};
use crate::estimate::{
    Backend, BackendReport, Choice, Constants, Effort, Frontier, Machine, Refusal, Space, Wish,
    frontiers,
};
use crate::jobs::{Generation, SpawnError, Worker};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What came of a question.
#[derive(Clone, Debug)]
pub struct Answer {
    pub question: Question,
    pub constants: Option<Constants>,
    /// In the order of the racks of the question.
    pub frontiers: Vec<Frontier>,
    /// Racks without an estimate, with the reason.
    pub refused: Vec<(String, Refusal)>,
    /// Racks that nobody asked for and that could not be estimated either.
    pub beyond: Vec<(String, Refusal)>,
    /// Why there is none at all.
    pub refusal: Option<Refusal>,
    /// Configurations that were tried, and how long that took.
    pub evaluated: usize,
    pub seconds: f64,
    pub ran: BackendReport,
}

/// The state of the thread: a backend is opened once for each choice.
#[derive(Default)]
struct Lab {
    open: Option<(Choice, Backend)>,
}

impl Lab {
    fn backend(&mut self, choice: Choice) -> &mut Backend {
        let kept = self.open.take().filter(|(c, _)| *c == choice);
        let (_, backend) =
            self.open.insert(kept.unwrap_or_else(|| (choice, Backend::open(choice))));
        backend
    }

    fn answer(&mut self, question: Question) -> Answer {
        let backend = self.backend(question.backend);
        let mut answer = Answer {
            constants: None,
            frontiers: Vec::new(),
            refused: Vec::new(),
            beyond: beyond(&question),
            refusal: None,
            evaluated: 0,
            seconds: 0.0,
            ran: backend.report().clone(),
            question,
        };
        // Opening a card is paid once and no part of a run.
        let started = Instant::now();
        answer.refusal = fill(&mut answer, backend).err();
        answer.seconds = started.elapsed().as_secs_f64();
        answer.ran = backend.report().clone();
        let order = |id: &String| answer.question.racks.iter().position(|r| r == id);
        answer.frontiers.sort_by_key(|f| order(&f.group.machine.rack));
        answer.refused.sort_by_key(|(id, _)| order(id));
        answer
    }
}

/// Racks outside of the question whose figures are not known well enough.
fn beyond(question: &Question) -> Vec<(String, Refusal)> {
    let others = question.catalog.racks.values().filter(|r| !question.racks.contains(&r.id));
    others
        .filter_map(|r| Some((r.id.clone(), Machine::from_rack(&question.catalog, r, None).err()?)))
        .collect()
}

/// One sweep for each precision, with the racks that use it.
fn fill(answer: &mut Answer, backend: &mut Backend) -> Result<(), Refusal> {
    let question = answer.question.clone();
    let catalog = &question.catalog;
    let serving = catalog.serving.get(&question.serving).ok_or(Refusal::NoConstants)?;
    let mut constants = Constants::from_record(serving)?;
    if let Some(month) = question.software {
        constants = constants.at(&month.to_string())?;
    }
    let model = catalog.models.get(&question.model);
    let model = model.ok_or_else(|| Refusal::NoArchitecture(question.model.clone()))?;
    let racks: Vec<&Rack> = question.racks.iter().filter_map(|r| catalog.racks.get(r)).collect();
    let usual = |rack: &Rack| model.usual_precision_on(rack);
    let precision_of = |rack: &Rack| question.precision.unwrap_or_else(|| usual(rack));
    let mut precisions: Vec<Precision> = racks.iter().map(|r| precision_of(r)).collect();
    precisions.sort_unstable();
    precisions.dedup();
    for precision in precisions {
        let own = || racks.iter().filter(|r| precision_of(r) == precision).copied();
        let wish = Wish {
            catalog,
            model,
            racks: own().map(|r| (r, None)).collect(),
            precisions: vec![precision],
            workload: question.workload,
            framework: question.framework.clone(),
            ttft_limit_ms: question.ttft_ms.is_finite().then_some(question.ttft_ms),
            speculative: question.drafts,
            effort: Effort::Interactive,
        };
        match Space::new(&wish, &constants) {
            Ok(space) => {
                let best = backend.sweep(&space);
                answer.evaluated += space.evaluated();
                let (found, none): (Vec<_>, Vec<_>) = frontiers(&space, &best, &constants)
                    .into_iter()
                    .partition(|f| !f.points.is_empty());
                let late = || Refusal::Row("no configuration gives the first token in time".into());
                answer.frontiers.extend(found);
                answer.refused.extend(none.into_iter().map(|f| (f.group.machine.rack, late())));
                answer.refused.extend(space.refused);
            }
            // What holds for the model holds for every rack of it.
            Err(refusal @ (Refusal::ContextTooLong(..) | Refusal::NoArchitecture(_))) => {
                return Err(refusal);
            }
            Err(refusal) => {
                let reason = |r: &Rack| Machine::from_rack(catalog, r, None).err();
                let each = own().map(|r| (r.id.clone(), reason(r).unwrap_or(refusal.clone())));
                answer.refused.extend(each);
            }
        }
    }
    answer.constants = Some(constants);
    Ok(())
}

/// An answer that is later than this is a stale one.
const STALE: Duration = Duration::from_millis(300);

/// The thread, what it was asked last and what it answered.
#[derive(Default)]
pub struct Desk {
    worker: Option<Worker<Question, Answer>>,
    asked: Option<(Question, Generation)>,
    /// Since when an answer newer than the one shown has been on its way.
    waiting: Option<Instant>,
    answer: Option<Arc<Answer>>,
    failure: Option<String>,
}

impl Desk {
    /// Collects what has arrived and hands in the question if it is a new one. `wake` is
    /// called from the thread whenever there is something to collect.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn follow(
        &mut self,
        question: Option<Question>,
        wake: impl Fn() + Send + 'static,
    ) -> Result<(), SpawnError> {
        let worker = match self.worker.take() {
            Some(worker) => self.worker.insert(worker),
            None => self.worker.insert(Worker::spawn(
                "estimator",
                wake,
                Lab::default,
                |lab: &mut Lab, question, _| lab.answer(question),
            )?),
        };
        while let Some(delivery) = worker.poll() {
            let newest = self.asked.as_ref().is_some_and(|(_, g)| *g == delivery.generation);
            match delivery.output {
                Ok(answer) => {
                    self.failure = None;
                    self.answer = Some(Arc::new(answer));
                }
                Err(error) => self.failure = Some(error.to_string()),
            }
            // While a slider is dragged each answer is a little old; what counts is how long
            // nothing newer has come.
            self.waiting = (!newest).then(Instant::now);
        }
        let Some(question) = question else { return Ok(()) };
        if self.asked.as_ref().is_none_or(|(asked, _)| *asked != question) {
            let generation = worker.submit(question.clone());
            self.asked = Some((question, generation));
            self.waiting.get_or_insert_with(Instant::now);
        }
        Ok(())
    }

    /// The newest answer, maybe to an older question: see [`Desk::is_stale`].
    pub fn answer(&self) -> Option<&Arc<Answer>> {
        self.answer.as_ref()
    }

    /// Why the last run gave none.
    pub fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// An answer is on its way.
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// The answer shown is an older one, for long enough to say so.
    pub fn is_stale(&self) -> bool {
        self.waiting.is_some_and(|since| since.elapsed() > STALE)
    }
}

#[cfg(test)]
mod tests {
    use super::super::question::Controls;
    use super::*;
    use crate::catalog::Catalog;
    use crate::gui::examples;

    fn question(isl: f64, catalog: &Arc<Catalog>) -> Question {
        let example = examples::ALL.first().expect("an example").document().expect("reads");
        let all = Controls { isl, all_racks: true, backend: Choice::Cpu, ..Controls::default() };
        all.question(example.site(), catalog).expect("models and constants")
    }

    fn settle(desk: &mut Desk) {
        let started = Instant::now();
        while desk.is_waiting() {
            desk.follow(None, || ()).expect("a thread");
            assert!(started.elapsed() < Duration::from_secs(60), "no answer");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    #[test]
    fn the_newest_question_wins_and_the_old_answer_stays_until_then() {
        let catalog = Catalog::embedded_arc().expect("reads");
        let mut desk = Desk::default();
        desk.follow(Some(question(1024.0, &catalog)), || ()).expect("a thread");
        assert!(desk.answer().is_none());
        settle(&mut desk);
        for isl in [2048.0, 4096.0, 8192.0, 16_384.0] {
            desk.follow(Some(question(isl, &catalog)), || ()).expect("a thread");
            assert!(desk.answer().is_some(), "never blank");
            assert!(desk.is_waiting());
        }
        settle(&mut desk);
        let answer = desk.answer().expect("an answer");
        assert_eq!(answer.question, question(16_384.0, &catalog));
        assert!(answer.evaluated > 10_000 && answer.seconds > 0.0);
        assert_eq!(answer.ran.backend, "cpu");
    }

    #[test]
    fn the_same_question_is_not_asked_twice() {
        let catalog = Catalog::embedded_arc().expect("reads");
        let mut desk = Desk::default();
        desk.follow(Some(question(1024.0, &catalog)), || ()).expect("a thread");
        settle(&mut desk);
        desk.follow(Some(question(1024.0, &catalog)), || ()).expect("a thread");
        assert!(!desk.is_waiting());
        // The same records in another catalogue may hold other values.
        let other = Arc::new(catalog.as_ref().clone());
        desk.follow(Some(question(1024.0, &other)), || ()).expect("a thread");
        assert!(desk.is_waiting());
    }

    #[test]
    fn each_chip_serves_the_model_in_its_usual_precision() {
        let catalog = Catalog::embedded_arc().expect("reads");
        let answer = Lab::default().answer(question(1024.0, &catalog));
        let of = |rack: &str| {
            let curve = answer.frontiers.iter().find(|f| f.group.machine.rack == rack);
            curve.map(|f| (f.group.precision, f.group.fallback))
        };
        assert_eq!(of("hgx-h200"), Some((Precision::Fp8, None)));
        assert_eq!(of("gb300-nvl72"), Some((Precision::Fp4, None)));
        let estimated = |id: &String| answer.frontiers.iter().any(|f| f.group.machine.rack == *id);
        let refused = |id: &String| answer.refused.iter().any(|(r, _)| r == id);
        for rack in &answer.question.racks {
            assert!(estimated(rack) != refused(rack), "{rack}: a curve or a reason");
        }
    }

    #[test]
    fn the_usual_precision_goes_by_generation_as_on_the_command_line() {
        let mut catalog = Catalog::embedded_arc().expect("reads").as_ref().clone();
        let model = catalog.models["deepseek-r1"].clone();
        let rack = catalog.racks.get_mut("gb300-nvl72").expect("known");
        rack.chip.fp4_tflops = crate::catalog::Fact::default();
        let usual = model.usual_precision_on(rack);
        let asked = Question { model: model.id, ..question(1024.0, &Arc::new(catalog)) };
        let answer = Lab::default().answer(asked);
        let curve = answer.frontiers.iter().find(|f| f.group.machine.rack == "gb300-nvl72");
        let group = &curve.expect("a curve").group;
        assert_eq!((group.precision, usual), (usual, Precision::Fp4), "though without its units");
        assert!(group.fallback.is_some());
    }

    #[test]
    fn an_unreachable_first_token_is_a_reason_and_no_empty_curve() {
        let catalog = Catalog::embedded_arc().expect("reads");
        let asked = Question { ttft_ms: 1e-3, ..question(1024.0, &catalog) };
        let answer = Lab::default().answer(asked);
        assert!(answer.frontiers.is_empty());
        let why = answer.refused.iter().find(|(rack, _)| rack == "gb300-nvl72");
        let why = why.map(|(_, why)| why.to_string());
        assert_eq!(why.as_deref(), Some("no configuration gives the first token in time"));
    }
}
