//! The worker against a hand on the brake: gates decide when a job may end.

use super::*;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// Longest that a test waits for the other thread.
const PATIENCE: Duration = Duration::from_secs(10);

fn wait_for<O, J>(worker: &Worker<J, O>) -> Delivery<O>
where
    J: Send + 'static,
    O: Send + 'static,
{
    let start = Instant::now();
    loop {
        if let Some(delivery) = worker.poll() {
            return delivery;
        }
        assert!(start.elapsed() < PATIENCE, "no result came");
        std::thread::yield_now();
    }
}

#[test]
fn newer_job_replaces_the_waiting_one() {
    let (started_tx, started) = channel();
    let (gate, gate_rx) = channel::<()>();
    let worker = Worker::spawn(
        "test-latest",
        || {},
        move || (),
        move |(), job: u32, _: &Context<'_, u32>| {
            started_tx.send(job).expect("the test listens");
            gate_rx.recv().expect("the test opens the gate");
            job
        },
    )
    .expect("a thread");
    worker.submit(1);
    assert_eq!(started.recv_timeout(PATIENCE), Ok(1));
    for job in 2..=50 {
        worker.submit(job);
    }
    gate.send(()).expect("the worker waits");
    gate.send(()).expect("the worker waits");
    assert_eq!(started.recv_timeout(PATIENCE), Ok(50));
    let first = wait_for(&worker);
    assert_eq!((first.generation, first.output), (Generation(1), Ok(1)));
    let second = wait_for(&worker);
    assert_eq!((second.generation, second.output), (Generation(50), Ok(50)));
    assert!(worker.poll().is_none());
}

#[test]
fn running_job_learns_that_it_is_superseded_and_delivers_on_the_way() {
    let (started_tx, started) = channel();
    let (gate, gate_rx) = channel::<()>();
    let worker = Worker::spawn(
        "test-superseded",
        || {},
        move || (),
        move |(), job: u32, context: &Context<'_, (u32, bool)>| {
            context.deliver((job, context.is_superseded()));
            context.set_progress(0.5);
            started_tx.send(job).expect("the test listens");
            gate_rx.recv().expect("the test opens the gate");
            (job, context.is_superseded())
        },
    )
    .expect("a thread");
    worker.submit(1);
    started.recv_timeout(PATIENCE).expect("started");
    assert_eq!(worker.progress_frac(), 0.5);
    assert!(worker.is_busy());
    worker.submit(2);
    gate.send(()).expect("the worker waits");
    gate.send(()).expect("the worker waits");
    let preview = wait_for(&worker);
    assert!(!preview.last);
    assert_eq!(preview.output, Ok((1, false)));
    let last = wait_for(&worker);
    assert!(last.last);
    assert_eq!(last.output, Ok((1, true)));
    assert_eq!(wait_for(&worker).output, Ok((2, false)));
    assert_eq!(wait_for(&worker).output, Ok((2, false)));
}

#[test]
fn panic_is_an_error_and_the_next_job_has_a_fresh_state() {
    let worker = Worker::spawn(
        "test-panic",
        || {},
        || 0_u32,
        |count: &mut u32, job: u32, _: &Context<'_, u32>| {
            *count += 1;
            assert!(job != 13, "unlucky {job}");
            *count
        },
    )
    .expect("a thread");
    worker.submit(1);
    assert_eq!(wait_for(&worker).output, Ok(1));
    worker.submit(2);
    assert_eq!(wait_for(&worker).output, Ok(2));
    worker.submit(13);
    assert_eq!(wait_for(&worker).output, Err(JobError::Panicked("unlucky 13".to_owned())));
    worker.submit(3);
    assert_eq!(wait_for(&worker).output, Ok(1));
}

#[test]
fn result_wakes_the_collector_after_it_can_be_polled() {
    let (woken_tx, woken) = channel();
    let worker = Worker::spawn(
        "test-wake",
        move || woken_tx.send(()).expect("the test listens"),
        || (),
        |(), job: u32, _: &Context<'_, u32>| job * 2,
    )
    .expect("a thread");
    worker.submit(21);
    woken.recv_timeout(PATIENCE).expect("woken");
    assert_eq!(worker.poll().expect("ready once woken").output, Ok(42));
}

#[test]
fn dropping_stops_a_job_that_watches_its_flag_and_one_that_nobody_collects() {
    let (gone_tx, gone) = channel();
    let (started_tx, started) = channel();
    let worker = Worker::spawn(
        "test-drop",
        || {},
        || (),
        move |(), flood: bool, context: &Context<'_, ()>| {
            started_tx.send(()).expect("the test listens");
            while !context.is_cancelled() {
                if flood {
                    context.deliver(());
                }
                std::thread::yield_now();
            }
            gone_tx.send(()).expect("the test listens");
        },
    )
    .expect("a thread");
    worker.submit(true);
    started.recv_timeout(PATIENCE).expect("started");
    drop(worker);
    gone.recv_timeout(PATIENCE).expect("the job had returned when drop came back");
}

#[test]
fn cancel_stops_the_running_job_and_forgets_the_waiting_one() {
    let (started_tx, started) = channel();
    let worker = Worker::spawn(
        "test-cancel",
        || {},
        || (),
        move |(), job: u32, context: &Context<'_, u32>| {
            started_tx.send(job).expect("the test listens");
            while job == 1 && !context.is_cancelled() {
                std::thread::yield_now();
            }
            job
        },
    )
    .expect("a thread");
    worker.submit(1);
    started.recv_timeout(PATIENCE).expect("started");
    worker.submit(2);
    worker.cancel();
    assert_eq!(wait_for(&worker).output, Ok(1));
    worker.submit(3);
    assert_eq!(wait_for(&worker).output, Ok(3));
}
