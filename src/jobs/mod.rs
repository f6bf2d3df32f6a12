//! One named background thread with a latest-wins inbox: a newer job replaces
//! one that still waits, so that a fast hand never queues up stale work.
//!
//! Lowest layer. It must not know egui or the domain: what a job is, what it
//! yields and how the window is woken are given by the caller.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Results that may wait to be collected; a worker that is this far ahead pauses.
const RESULTS_WAITING: usize = 16;

/// Why no worker could be had.
#[derive(Debug, thiserror::Error)]
#[error("the worker thread \"{name}\" could not be started: {source}")]
pub struct SpawnError {
    name: String,
    source: std::io::Error,
}

/// Why a job gave no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// The job panicked; the worker goes on with a fresh state.
    #[error("the calculation stopped unexpectedly: {0}")]
    Panicked(String),
    /// The worker's state could not be built again after a panic.
    #[error("the calculation cannot start again: {0}")]
    NoState(String),
}

/// Number of a job, rising by one with each submission; the first is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u64);

/// One result. A job delivers any number of intermediate ones and a last one.
#[derive(Debug)]
pub struct Delivery<O> {
    pub generation: Generation,
    /// True for what the job returned, false for what it delivered on the way.
    pub last: bool,
    pub output: Result<O, JobError>,
}

/// What the two threads share.
struct Shared<J> {
    inbox: Mutex<Inbox<J>>,
    arrived: Condvar,
    /// Set by [`Worker::cancel`] and on shutdown; cleared when a job starts.
    cancelled: Arc<AtomicBool>,
    /// Set with `cancelled` and when a newer job arrives; cleared when a job starts.
    superseded: Arc<AtomicBool>,
    /// Progress of the running job as bits of an f32, 0 to 1.
    progress: AtomicU32,
}

struct Inbox<J> {
    /// Newest generation handed in.
    newest: Generation,
    waiting: Option<(Generation, J)>,
    running: bool,
    closed: bool,
}

impl<J> Shared<J> {
    /// Asks the running job to stop altogether.
    fn cancel_running(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.superseded.store(true, Ordering::Relaxed);
    }

    /// The inbox. A panic never happens under this lock, so a poisoned one is still sound.
    fn lock(&self) -> MutexGuard<'_, Inbox<J>> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a running job may ask and tell.
pub struct Context<'a, O> {
    generation: Generation,
    cancelled: &'a Arc<AtomicBool>,
    superseded: &'a Arc<AtomicBool>,
    progress: &'a AtomicU32,
    outlet: &'a Outlet<O>,
}

impl<O> Context<'_, O> {
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// True once nobody wants any result of this job; return soon.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// True once a newer job waits or this one is cancelled: finish the cheap
    /// part, skip the dear one.
    pub fn is_superseded(&self) -> bool {
        self.superseded.load(Ordering::Relaxed)
    }

    /// What [`Context::is_cancelled`] reads, for code that watches a flag itself.
    pub fn cancel_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(self.cancelled)
    }

    /// What [`Context::is_superseded`] reads, for code that watches a flag itself.
    pub fn supersede_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(self.superseded)
    }

    /// Says how far the job is, 0 to 1.
    pub fn set_progress(&self, done_frac: f32) {
        self.progress.store(done_frac.clamp(0.0, 1.0).to_bits(), Ordering::Relaxed);
    }

    /// What tells [`Context::set_progress`] from the threads that a job starts itself.
    pub fn teller(&self) -> impl Fn(f32) + Sync + '_ {
        let progress = self.progress;
        move |done_frac: f32| {
            progress.store(done_frac.clamp(0.0, 1.0).to_bits(), Ordering::Relaxed);
        }
    }

    /// Hands out an intermediate result and wakes the collector.
    pub fn deliver(&self, output: O) {
        self.outlet.send(Delivery { generation: self.generation, last: false, output: Ok(output) });
    }
}

/// The sending end with the wake-up call.
struct Outlet<O> {
    results: SyncSender<Delivery<O>>,
    wake: Box<dyn Fn() + Send>,
}

impl<O> Outlet<O> {
    /// False once nobody collects any more.
    fn send(&self, delivery: Delivery<O>) -> bool {
        let sent = self.results.send(delivery).is_ok();
        if sent {
            (self.wake)();
        }
        sent
    }
}

/// A background thread that runs the newest job of type `J` and yields `O`.
///
/// Dropping it asks the running job to stop, then waits for the thread.
pub struct Worker<J, O> {
    shared: Arc<Shared<J>>,
    /// `None` only while dropping: closing it frees a worker that waits to send.
    results: Option<Receiver<Delivery<O>>>,
    thread: Option<JoinHandle<()>>,
}

impl<J: Send + 'static, O: Send + 'static> Worker<J, O> {
    /// Starts the thread `name`. `make_state` builds what lives as long as the
    /// thread (a solver object, say), on that thread, and builds it anew after
    /// a panic; `run` does one job; `wake` is called after each result.
    ///
    /// # Errors
    /// [`SpawnError`] where the system gives no thread.
    pub fn spawn<S: 'static>(
        name: &str,
        wake: impl Fn() + Send + 'static,
        make_state: impl FnMut() -> S + Send + 'static,
        run: impl FnMut(&mut S, J, &Context<'_, O>) -> O + Send + 'static,
    ) -> Result<Self, SpawnError> {
        let shared = Arc::new(Shared {
            inbox: Mutex::new(Inbox {
                newest: Generation(0),
                waiting: None,
                running: false,
                closed: false,
            }),
            arrived: Condvar::new(),
            cancelled: Arc::default(),
            superseded: Arc::default(),
            progress: AtomicU32::new(0),
        });
        let (sender, results) = sync_channel(RESULTS_WAITING);
        let outlet = Outlet { results: sender, wake: Box::new(wake) };
        let inside = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || serve(&inside, &outlet, make_state, run))
            .map_err(|source| SpawnError { name: name.to_owned(), source })?;
        Ok(Self { shared, results: Some(results), thread: Some(thread) })
    }

    /// Hands in a job in place of any that still waits. The running job goes
    /// on and can ask whether it is superseded.
    pub fn submit(&self, job: J) -> Generation {
        let mut inbox = self.shared.lock();
        let generation = Generation(inbox.newest.0 + 1);
        inbox.newest = generation;
        inbox.waiting = Some((generation, job));
        // Under the lock: the job that starts next clears the flag, and that may be this one.
        self.shared.superseded.store(inbox.running, Ordering::Relaxed);
        drop(inbox);
        self.shared.arrived.notify_one();
        generation
    }

    /// Drops the waiting job and asks the running one to stop.
    pub fn cancel(&self) {
        let mut inbox = self.shared.lock();
        inbox.waiting = None;
        if inbox.running {
            self.shared.cancel_running();
        }
    }

    /// The next result, or `None` while there is none.
    pub fn poll(&self) -> Option<Delivery<O>> {
        self.results.as_ref()?.try_recv().ok()
    }

    /// The next result, waited for; `None` where the thread has gone. To be called only while one
    /// is to come.
    pub fn wait(&self) -> Option<Delivery<O>> {
        self.results.as_ref()?.recv().ok()
    }

    /// True while a job runs or waits.
    pub fn is_busy(&self) -> bool {
        let inbox = self.shared.lock();
        inbox.running || inbox.waiting.is_some()
    }

    /// Progress that the running job last told, 0 to 1.
    pub fn progress_frac(&self) -> f32 {
        f32::from_bits(self.shared.progress.load(Ordering::Relaxed))
    }
}

impl<J, O> Drop for Worker<J, O> {
    fn drop(&mut self) {
        {
            let mut inbox = self.shared.lock();
            inbox.closed = true;
            inbox.waiting = None;
            self.shared.cancel_running();
        }
        self.shared.arrived.notify_one();
        self.results = None;
        if let Some(thread) = self.thread.take() {
            // An error here is a panic in the wake-up call; there is nobody left to tell.
            let _ = thread.join();
        }
    }
}

/// The next job, or `None` when the worker closes.
fn next_job<J>(shared: &Shared<J>) -> Option<(Generation, J)> {
    let mut inbox = shared.lock();
    inbox.running = false;
    loop {
        if inbox.closed {
            return None;
        }
        if let Some(job) = inbox.waiting.take() {
            inbox.running = true;
            shared.cancelled.store(false, Ordering::Relaxed);
            shared.superseded.store(false, Ordering::Relaxed);
            shared.progress.store(0, Ordering::Relaxed);
            return Some(job);
        }
        inbox = shared.arrived.wait(inbox).unwrap_or_else(PoisonError::into_inner);
    }
}

/// The thread's body: jobs one after the other until the worker closes.
fn serve<J, O, S>(
    shared: &Shared<J>,
    outlet: &Outlet<O>,
    mut make_state: impl FnMut() -> S,
    mut run: impl FnMut(&mut S, J, &Context<'_, O>) -> O,
) {
    let mut state: Option<S> = None;
    while let Some((generation, job)) = next_job(shared) {
        let context = Context {
            generation,
            cancelled: &shared.cancelled,
            superseded: &shared.superseded,
            progress: &shared.progress,
            outlet,
        };
        // What a panic leaves half-changed is the state, and that is thrown away.
        let output = catch_unwind(AssertUnwindSafe(|| {
            let state = state.get_or_insert_with(&mut make_state);
            run(state, job, &context)
        }))
        .map_err(|panic| {
            let had_state = state.is_some();
            state = None;
            let text = panic_text(panic.as_ref());
            if had_state { JobError::Panicked(text) } else { JobError::NoState(text) }
        });
        if !outlet.send(Delivery { generation, last: true, output }) {
            break;
        }
    }
}

/// What a panic says.
fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no reason given".to_owned())
}

#[cfg(test)]
mod tests;
