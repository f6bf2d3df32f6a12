//! Graphics card and CPU give the same curves, and a comparison that would notice if not.
//!
//! The card is the software adapter: it proves answers, not speed.

use super::world::{IDS, catalog, space, wish};
use gigasite::estimate::{
    BINS, Backend, Best, Choice, Effort, MODES, ROW_FIELDS, Row, Space, Wish, bin, score,
};

/// Relative error that counts as equal.
const LIKE: f64 = 1e-4;

/// The software adapter, or nothing and a word about it.
pub fn card() -> Option<Backend> {
    let backend = Backend::open(Choice::Software);
    if backend.report().backend == "gpu" {
        return Some(backend);
    }
    eprintln!("SKIPPED, no software adapter: {:?}", backend.report().note);
    None
}

pub fn cpu(space: &Space) -> Best {
    Backend::open(Choice::Cpu).sweep(space)
}

/// The card's answer; a fall-back to the CPU would compare the CPU with itself.
#[track_caller]
fn on_card(card: &mut Backend, space: &Space) -> Best {
    let best = card.sweep(space);
    assert_eq!(card.report().backend, "gpu", "{:?}", card.report().note);
    best
}

fn relative(a: f64, b: f64) -> f64 {
    (a - b).abs() / b.abs().max(f64::MIN_POSITIVE)
}

/// What a configuration is in the reference kernel, in both precisions.
struct Known {
    value: f64,
    /// Slots that it may fall into where the last digits differ.
    slots: (usize, usize),
    fits: bool,
    in_time: bool,
    /// The time to first token is at the limit, as far as single precision can tell.
    at_limit: bool,
}

fn known(space: &Space, index: u32) -> Known {
    let (row, mode, batch) = space.locate(index).expect("an index of the space");
    let narrow = score(&space.narrow[row], batch, mode);
    let wide = score(&space.rows[row], f64::from(batch), mode);
    assert!(relative(narrow.tok_s_gpu.into(), wide.tok_s_gpu) < LIKE, "kernel in f32: {index}");
    let base = space.tags[row].group as usize * BINS;
    let speed = 1e6 / wide.tpot_us;
    let limit = f64::from(space.ttft_limit_us);
    Known {
        value: wide.tok_s_gpu,
        slots: (
            base + bin((speed * (1.0 - LIKE)) as f32),
            base + bin((speed * (1.0 + LIKE)) as f32),
        ),
        fits: batch <= space.narrow[row].capacity,
        in_time: wide.ttft_us <= limit * (1.0 + LIKE),
        at_limit: relative(wide.ttft_us, limit) < LIKE,
    }
}

/// Whether the winners of `found` are what `space` says that they are.
fn unlike(space: &Space, found: &Best) -> Result<(), String> {
    for (slot, (value, index)) in found.score.iter().zip(&found.index).enumerate() {
        // First of all: an error that is not a number passes every comparison.
        if !value.is_finite() || (*value > 0.0) != (*index != u32::MAX) {
            return Err(format!("slot {slot}: {value} of {index}"));
        }
        if *index == u32::MAX {
            continue;
        }
        let known = known(space, *index);
        if relative(f64::from(*value), known.value) > LIKE {
            return Err(format!("{index}: {value} instead of {}", known.value));
        }
        if !known.fits || !known.in_time || slot < known.slots.0 || slot > known.slots.1 {
            return Err(format!("{index} is no answer in slot {slot}"));
        }
    }
    Ok(())
}

/// Whether `other` has something as good wherever `one` has a winner.
fn worse(space: &Space, one: &Best, other: &Best) -> Result<(), String> {
    for (slot, index) in one.index.iter().enumerate().filter(|(_, i)| **i != u32::MAX) {
        let known = known(space, *index);
        let enough = known.value * (1.0 - LIKE);
        let found = (known.slots.0..=known.slots.1)
            .any(|s| f64::from(other.score[s]) >= enough || other.index[s] == *index);
        if !found && !known.at_limit {
            let there = other.score[slot];
            return Err(format!("slot {slot}: {} of {index} against {there}", known.value));
        }
    }
    Ok(())
}

/// The claim of the product: equal scores within `LIKE`, equal configurations or others
/// that are as good; what lies on the border of two bins may be in either.
fn compare(space: &Space, cpu: &Best, card: &Best) -> Result<(), String> {
    if cpu.score.len() != card.score.len() || cpu.index.len() != card.index.len() {
        return Err("lengths differ".into());
    }
    unlike(space, cpu)?;
    unlike(space, card)?;
    worse(space, cpu, card)?;
    worse(space, card, cpu)
}

#[test]
fn card_and_cpu_find_the_same_curves() {
    let Some(mut card) = card() else { return };
    let catalog = catalog();
    for model in IDS {
        for limit in [None, Some(3000.0)] {
            let wish = Wish { ttft_limit_ms: limit, ..wish(&catalog, model) };
            let space = space(&catalog, &wish);
            assert!(space.groups.len() >= 6, "{model}: {:?}", space.refused);
            let (here, there) = (cpu(&space), on_card(&mut card, &space));
            let found = here.index.iter().filter(|i| **i != u32::MAX).count();
            assert!(found > 500, "{model}: {found} of {} configurations", space.len());
            compare(&space, &here, &there).unwrap_or_else(|e| panic!("{model} {limit:?}: {e}"));
            let same = here.index.iter().zip(&there.index).filter(|(a, b)| a == b).count();
            let share = same as f64 / here.index.len() as f64;
            assert!(share > 0.98, "{model}: {share} of the configurations are the same");
        }
    }
}

#[test]
fn card_and_cpu_find_the_same_curves_among_millions() {
    let Some(mut card) = card() else { return };
    let catalog = catalog();
    let wish = wish(&catalog, "experts");
    let wish = Wish { effort: Effort::Exhaustive, ttft_limit_ms: Some(10_000.0), ..wish };
    let mut space = space(&catalog, &wish);
    // More than one submission and more than one line of a dispatch, yet soon done.
    space.batches = space.batches.iter().copied().step_by(4).collect();
    assert!(space.len() > 1 << 19, "{} configurations", space.len());
    let (here, there) = (cpu(&space), on_card(&mut card, &space));
    compare(&space, &here, &there).unwrap();
}

/// Coefficients that the search does not use: power is computed for what is shown.
const UNUSED: [&str; 4] = ["power_base", "power_load", "power_exponent", "spare"];

/// Every coefficient with the change that must be noticed. What only the time to first
/// token knows decides few winners, and is changed by more.
const FIELDS: [(&str, f32); ROW_FIELDS] = [
    ("gpus", 1.001),
    ("stages", 1.01),
    ("fixed", 1.001),
    ("weights", 1.005),
    ("experts", 1.001),
    ("route", 1.01),
    ("shape", 1.01),
    ("gemm", 1.01),
    ("cache", 1.001),
    ("attention", 1.01),
    ("ranks", 2.0),
    ("network", 1.01),
    ("imbalance", 1.001),
    ("draft", 1.001),
    ("drafted", 1.01),
    ("accepted", 1.001),
    ("prefill", 1.001),
    ("pool_prefill", 1.001),
    ("pool_gpus", 1.001),
    ("transfer", 2.0),
    ("capacity", 1.2),
    ("osl", 1.001),
    ("interference", 1.001),
    ("pool_use", 1.001),
    ("first_base", 1.5),
    ("first_prefill", 1.5),
    ("first_queue", 2.0),
    ("first_steps", 1.5),
    ("power_base", 2.0),
    ("power_load", 2.0),
    ("power_exponent", 2.0),
    ("spare", 2.0),
];

#[test]
fn one_altered_constant_on_the_card_is_noticed() {
    let Some(mut card) = card() else { return };
    let catalog = catalog();
    let wish = Wish { ttft_limit_ms: Some(1500.0), ..wish(&catalog, "experts") };
    let mut all = space(&catalog, &wish);
    all.batches = all.batches.iter().copied().step_by(4).collect();
    // Without prefill workers, which hide what else delays the first token.
    let together = Space { modes: MODES[..2].to_vec(), ..all.clone() };
    let spaces = [all, together].map(|space| (cpu(&space), space));
    for (field, (name, factor)) in FIELDS.iter().enumerate() {
        let noticed = spaces.each_ref().map(|(here, space)| {
            let mut altered = space.clone();
            for row in &mut altered.narrow {
                let mut values = row.to_array();
                values[field] *= factor;
                *row = Row::from_array(values);
            }
            compare(space, here, &on_card(&mut card, &altered)).is_err()
        });
        assert_eq!(noticed.contains(&true), !UNUSED.contains(name), "{name} times {factor}");
    }
}

#[test]
fn the_same_sweep_gives_the_same_bytes() {
    let catalog = catalog();
    let space = space(&catalog, &wish(&catalog, "experts"));
    let bits = |best: &Best| {
        let scores: Vec<u32> = best.score.iter().map(|s| s.to_bits()).collect();
        (scores, best.index.clone())
    };
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bits(&cpu(&space)))
    };
    let one = with(1);
    assert!(one == with(2) && one == with(5), "threads change the answer");
    assert_eq!(bits(&cpu(&space)), one);
    let Some(mut card) = card() else { return };
    // The second sweep of a card is cut into other submissions than the first.
    let first = bits(&on_card(&mut card, &space));
    assert!((0..3).all(|_| bits(&on_card(&mut card, &space)) == first), "card");
}

#[test]
fn a_sweep_may_run_on_a_worker_thread() {
    fn sendable<T: Send>(value: T) -> T {
        value
    }
    let catalog = catalog();
    let space = space(&catalog, &wish(&catalog, "dense"));
    let expected = cpu(&space);
    let mut backend = sendable(Backend::open(Choice::Software));
    let worker = std::thread::Builder::new().name("estimator".into());
    let found = worker.spawn(move || (backend.sweep(&space), space)).unwrap().join().unwrap();
    compare(&found.1, &expected, &found.0).unwrap();
}

#[test]
fn tables_beyond_the_limits_of_the_card_are_swept_on_the_cpu() {
    let Some(mut card) = card() else { return };
    let catalog = catalog();
    let small = space(&catalog, &wish(&catalog, "dense"));
    // One row more than the 128 MiB that every card takes.
    let rows = (128 << 20) / (ROW_FIELDS * 4) + 1;
    let mut large = small.clone();
    large.narrow = vec![small.narrow[0]; rows];
    large.rows = vec![small.rows[0]; rows];
    large.tags = vec![small.tags[0]; rows];
    large.modes.truncate(1);
    large.batches.truncate(1);
    let best = card.sweep(&large);
    let report = card.report();
    assert_eq!(report.backend, "cpu");
    let note = report.note.clone().unwrap_or_default();
    assert!(note.contains("the tables of this sweep need 134217856 bytes"), "{note}");
    assert_eq!(best, cpu(&large));
    // The card itself is well.
    compare(&small, &cpu(&small), &on_card(&mut card, &small)).unwrap();
}

#[test]
fn what_runs_is_what_is_reported() {
    let cpu = Backend::open(Choice::Cpu);
    assert_eq!((cpu.report().backend, &cpu.report().note), ("cpu", &None));
    for choice in [Choice::Auto, Choice::Gpu, Choice::Software] {
        let backend = Backend::open(choice);
        let report = backend.report();
        match report.backend {
            "gpu" => assert!(report.note.is_none() && !report.adapter.is_empty()),
            _ if choice == Choice::Auto && !cfg!(feature = "gpu") => assert!(report.note.is_none()),
            _ => assert!(report.note.as_ref().is_some_and(|n| n.contains("CPU")), "{report:?}"),
        }
    }
}
