//! The graphics card on its own: what can be tested only from inside.

use super::*;
use crate::estimate::cpu;
use crate::estimate::kernel::MODES;
use crate::estimate::row::{Mapping, Row, Workload};
use crate::estimate::space::Tag;
use crate::estimate::{Backend, Choice};

/// One row that every term of the equations enters.
fn space() -> Space {
    let mut row = Row::from_array([1.0f64; crate::estimate::ROW_FIELDS]);
    (row.gpus, row.stages, row.fixed, row.weights, row.experts) = (8.0, 1.0, 3e3, 500.0, 9e3);
    (row.route, row.shape, row.gemm, row.cache, row.attention) = (0.02, 1.9, 1.0, 8.0, 2.0);
    (row.network, row.draft, row.drafted, row.accepted) = (2.0, 1.1, 4.0, 2.4);
    (row.prefill, row.pool_prefill, row.pool_gpus, row.pool_use) = (9e4, 2e5, 4.0, 0.85);
    (row.capacity, row.osl) = (1000.0, 1024.0);
    Space {
        model: String::new(),
        framework: String::new(),
        software: String::new(),
        workload: Workload { isl: 8192.0, osl: 1024.0, cached_frac: 0.0 },
        groups: vec![group()],
        rows: vec![row],
        narrow: vec![row.narrow()],
        tags: vec![Tag {
            group: 0,
            mapping: Mapping { gpus: 8.0, data_parallel: false, stages: 1.0, groups: 1.0 },
        }],
        modes: MODES.to_vec(),
        batches: (0..11).map(|i| (1 << i) as f32).collect(),
        ttft_limit_us: f32::MAX,
        refused: Vec::new(),
    }
}

fn group() -> crate::estimate::Group {
    use crate::catalog::{Generation, Precision};
    let machine = crate::estimate::Machine {
        rack: String::new(),
        generation: Generation::Blackwell,
        rack_gpus: 72.0,
        domain_gpus: 72.0,
        memory_mb: 1.0,
        bandwidth: 1.0,
        bf16: 1.0,
        fp8: None,
        fp4: None,
        scale_up: 1.0,
        scale_out: 1.0,
        limit_w: Some(1.0),
        rack_kw: Some(1.0),
        power_path: String::new(),
        all_in_kw: None,
        adjunct: None,
        demo: Vec::new(),
    };
    crate::estimate::Group { machine, precision: Precision::Bf16, fallback: None }
}

/// The software adapter with a shader of its own, or a word that there is none.
fn open(shader: &str) -> Option<Result<Gpu, Fault>> {
    match guarded(|| Gpu::with_shader(Kind::Software, shader)) {
        Err(Fault::NoAdapter) => {
            eprintln!("SKIPPED: no software adapter");
            None
        }
        opened => Some(opened),
    }
}

/// Largest relative difference of scores, or infinity where one has no winner.
fn difference(a: &Best, b: &Best) -> f64 {
    let pairs = a.score.iter().zip(&b.score).filter(|(a, b)| **a > 0.0 || **b > 0.0);
    let one = |(a, b): (&f32, &f32)| {
        let finite = a.is_finite() && b.is_finite() && *a > 0.0 && *b > 0.0;
        if finite { f64::from((a - b).abs() / b) } else { f64::INFINITY }
    };
    pairs.map(one).fold(0.0, f64::max)
}

#[test]
fn an_altered_constant_in_the_shader_is_noticed() {
    let space = space();
    let expected = cpu::sweep(&space);
    let Some(gpu) = open(SHADER) else { return };
    let found = gpu.and_then(|mut g| g.sweep(&space)).unwrap();
    assert_eq!(expected.index, found.index);
    assert!(difference(&found, &expected) < 1e-5);
    for (text, altered) in [
        ("rate * 1e6", "rate * 1.001e6"),
        ("1.0 - exp2(", "1.001 - exp2("),
        ("row.fixed + tokens", "row.fixed * 1.001 + tokens"),
        ("/ row.accepted", "/ 1.0"),
    ] {
        assert_eq!(SHADER.matches(text).count(), 1, "{text}");
        let shader = SHADER.replace(text, altered);
        let found = open(&shader).unwrap().and_then(|mut g| g.sweep(&space)).unwrap();
        assert!(difference(&found, &expected) > 1e-4, "{altered}");
    }
}

#[test]
fn a_shader_with_an_error_is_a_fault() {
    let Some(gpu) = open(&SHADER.replace("max(1e6", "maxi(1e6")) else { return };
    let fault = gpu.err().map(|f| f.to_string()).unwrap_or_default();
    assert!(fault.contains("maxi"), "{fault}");
}

#[test]
fn a_lost_device_is_a_fault() {
    let Some(gpu) = open(SHADER) else { return };
    let mut gpu = gpu.unwrap();
    assert!(gpu.sweep(&space()).is_ok());
    gpu.lose();
    let fault = gpu.sweep(&space()).unwrap_err().to_string();
    assert!(fault.contains("the device was lost"), "{fault}");
    // Told once; the next sweep fails by what it tries.
    assert!(matches!(gpu.sweep(&space()), Err(Fault::Device(_))));
}

#[test]
fn a_device_lost_in_the_middle_of_a_sweep_is_a_fault() {
    let space = space();
    for reading in [false, true] {
        let Some(gpu) = open(SHADER) else { return };
        let mut gpu = gpu.unwrap();
        let tables = Tables::new(&gpu, &space);
        gpu.pass(&space, &tables, 0).unwrap();
        gpu.lose();
        let fault = guarded(|| match reading {
            true => gpu.read(&tables).map(|_| ()),
            false => gpu.pass(&space, &tables, 1),
        });
        assert!(matches!(fault, Err(Fault::Device(_))), "{fault:?}");
    }
}

#[test]
fn a_panic_of_the_driver_layer_is_a_fault() {
    let found = guarded::<()>(|| panic!("device {}", "gone"));
    assert_eq!(found, Err(Fault::Device("device gone".into())));
}

#[test]
fn submissions_shrink_when_they_take_too_long() {
    let Some(gpu) = open(SHADER) else { return };
    let mut gpu = gpu.unwrap();
    // The first submission may have waited for the compiler.
    gpu.measured(Duration::from_secs(1), FIRST_CHUNK);
    assert_eq!(gpu.chunk, FIRST_CHUNK);
    gpu.measured(Duration::from_micros(1), FIRST_CHUNK);
    assert_eq!(gpu.chunk, FIRST_CHUNK * 8);
    gpu.measured(Duration::from_millis(40), FIRST_CHUNK * 8);
    assert_eq!(gpu.chunk, FIRST_CHUNK * 4);
    // The rest of a pass says nothing of a full one, unless it takes too long itself.
    gpu.measured(Duration::from_millis(1), 100);
    assert_eq!(gpu.chunk, FIRST_CHUNK * 4);
    gpu.measured(Duration::from_micros(1), FIRST_CHUNK * 4);
    assert_eq!(gpu.chunk, FIRST_CHUNK * 32);
    assert_eq!(gpu.longest, Duration::from_millis(40));
}

#[test]
fn a_card_lost_between_two_sweeps_is_replaced_by_the_cpu() {
    let mut backend = Backend::open(Choice::Software);
    let Some(gpu) = &backend.gpu else {
        eprintln!("SKIPPED: no software adapter");
        return;
    };
    gpu.lose();
    assert_eq!(backend.report().backend, "gpu");
    let space = space();
    assert_eq!(backend.sweep(&space), cpu::sweep(&space));
    let report = backend.report();
    assert_eq!(report.backend, "cpu");
    let note = report.note.as_deref().unwrap_or_default();
    assert!(note.starts_with("computed on the CPU: "), "{note}");
    // It stays there.
    assert_eq!(backend.sweep(&space), cpu::sweep(&space));
    assert!(backend.longest_submission_s().is_none());
}
