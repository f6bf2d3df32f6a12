//! What every benchmark needs: CPU time of this thread, peak memory, percentiles, a table.
//!
//! CPU time and not wall time, because the machine may be shared. It knows nothing of
//! what is measured.
#![allow(dead_code, reason = "each benchmark uses a part")]

pub mod campus;
pub mod sites;

use rustix::time::{ClockId, clock_gettime};
use std::fmt::Display;

/// CPU seconds that this thread has used; asking takes less than a microsecond.
pub fn cpu_s() -> f64 {
    seconds(ClockId::ThreadCPUTime)
}

/// CPU seconds that all threads of this process have used, those that have ended too.
pub fn process_cpu_s() -> f64 {
    seconds(ClockId::ProcessCPUTime)
}

fn seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The result of `work` and the CPU seconds that it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = cpu_s();
    let result = std::hint::black_box(work());
    (result, cpu_s() - start)
}

/// Peak resident memory of this process, MB.
pub fn peak_mb() -> f64 {
    status_mb("VmHWM:")
}

/// Resident memory of this process, MB.
pub fn resident_mb() -> f64 {
    status_mb("VmRSS:")
}

fn status_mb(field: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix(field)).unwrap_or("0");
    line.split_whitespace().next().and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// CPU seconds of repeated work.
#[derive(Clone, Debug, Default)]
pub struct Times(pub Vec<f64>);

impl Times {
    pub fn push(&mut self, seconds: f64) {
        self.0.push(seconds);
    }

    /// The value that `share` of all do not exceed, seconds.
    pub fn percentile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }

    pub fn p50(&self) -> f64 {
        self.percentile(0.5)
    }

    pub fn p95(&self) -> f64 {
        self.percentile(0.95)
    }

    pub fn max(&self) -> f64 {
        self.percentile(1.0)
    }
}

/// Prints what the columns of `row` mean.
pub fn heading(title: &str) {
    println!("\n{title}");
    println!("  {:<52} {:>6} {:>10} {:>10} {:>10}", "CPU ms", "n", "p50", "p95", "max");
}

/// Prints one line of a table of times, with the bar that the 95th percentile must keep.
pub fn row(name: &str, times: &Times, bar_ms: Option<f64>) {
    let ms = |s: f64| format!("{:.2}", s * 1e3);
    let (p50, p95, max) = (ms(times.p50()), ms(times.p95()), ms(times.max()));
    let verdict = bar_ms.map_or(String::new(), |bar| {
        let kept = if times.p95() * 1e3 <= bar { "kept" } else { "MISSED" };
        format!("  bar {bar} ms {kept}")
    });
    println!("  {name:<52} {:>6} {p50:>10} {p95:>10} {max:>10}{verdict}", times.0.len());
}

/// Prints one figure.
pub fn figure(name: &str, value: impl Display) {
    println!("  {name:<52} {value}");
}

/// Numbers in 0..1 that are the same in every run (SplitMix64).
#[derive(Clone, Debug)]
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
}
