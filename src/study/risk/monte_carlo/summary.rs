//! What the runs say together.

use super::Question;
use super::draws::rank_correlation;
use super::worker::{Field, Run};
use crate::finance::distribution::percentile;
use crate::study::risk::result::{Fan, MonteCarlo, Spread};

/// Bars of the histogram.
const BARS: usize = 40;

/// # Errors
/// In words, where no run has a value.
pub(super) fn summary(
    field: &Field,
    question: &Question,
    runs: &[Run],
) -> Result<MonteCarlo, String> {
    let failed_because = runs.iter().find_map(|r| r.fault.clone());
    let good: Vec<&Run> = runs.iter().filter(|r| r.fault.is_none()).collect();
    let values: Vec<f64> = good.iter().map(|r| r.npv_usd).collect();
    let count = values.len() as f64;
    if good.is_empty() {
        return Err(failed_because.unwrap_or_else(|| "no run has a value".to_owned()));
    }
    let covers: Vec<f64> = good.iter().filter_map(|r| r.least_cover).collect();
    let weak = covers.iter().filter(|c| **c < 1.0 - 1e-9).count() as f64;
    let rank = |driver: usize| {
        let own: Vec<f64> =
            good.iter().map(|r| r.values.get(driver).copied().unwrap_or(0.0)).collect();
        rank_correlation(&own, &values)
    };
    Ok(MonteCarlo {
        draws: question.draws,
        seed: question.seed,
        drivers: field.drivers.clone(),
        shape: format!("{:?}", question.shape).to_lowercase(),
        correlations: question.correlations.clone(),
        base_npv_usd: field.base_run.npv_usd,
        npv_usd: spread(&values).ok_or("a run has no finite value")?,
        loss_frac: values.iter().filter(|v| **v < 0.0).count() as f64 / count,
        weak_cover_frac: (!covers.is_empty()).then(|| weak / covers.len() as f64),
        least_cover: spread(&covers),
        fan: fan(field, &good),
        histogram: histogram(&values),
        replanned: good.iter().filter(|r| r.replanned).count(),
        failed: runs.len() - good.len(),
        short: good.iter().filter(|r| r.short).count(),
        failed_because,
        rank_correlation: (0..field.drivers.len()).map(rank).collect(),
        method: method(field.bend()),
    })
}

/// How runs are made; `bend` is why their inputs are prepared in full.
fn method(bend: Option<&str>) -> String {
    let built = "what is built and bought is decided before any run is known, and stays that of \
                 the base; operation is planned anew";
    let input = match bend {
        None => "the input of each plan follows its drivers in straight lines, tested against \
                 inputs prepared in full"
            .to_owned(),
        Some(why) => format!("the input of each plan is prepared in full ({why})"),
    };
    format!("{built}; {input}")
}

/// Percentiles as lenders name them.
fn spread(values: &[f64]) -> Option<Spread> {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let square = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
    Some(Spread {
        p90: percentile(values, 10.0)?,
        p50: percentile(values, 50.0)?,
        p10: percentile(values, 90.0)?,
        mean,
        sd: if count > 1.0 { (square / (count - 1.0)).sqrt() } else { 0.0 },
    })
}

fn fan(field: &Field, runs: &[&Run]) -> Fan {
    let own = |run: &Run| run.cumulative_usd.len();
    let years = runs.iter().map(|r| own(r)).max().unwrap_or(0).max(own(&field.base_run));
    // After its end a run stays where it ended.
    let at = |run: &Run, year: usize| {
        run.cumulative_usd.get(year).or(run.cumulative_usd.last()).copied().unwrap_or(0.0)
    };
    let mut fan = Fan::default();
    for year in 0..years {
        let values: Vec<f64> = runs.iter().map(|r| at(r, year)).collect();
        let Some(spread) = spread(&values) else { continue };
        fan.years.push(field.first_year + year as i32);
        fan.p90.push(spread.p90);
        fan.p50.push(spread.p50);
        fan.p10.push(spread.p10);
        fan.base.push(at(&field.base_run, year));
    }
    fan
}

fn histogram(values: &[f64]) -> Vec<(f64, f64)> {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = (high - low) / BARS as f64;
    if width <= 0.0 {
        return vec![(low, 1.0)];
    }
    let mut bars = vec![0usize; BARS];
    for value in values {
        let bar = (((value - low) / width) as usize).min(BARS - 1);
        bars[bar] += 1;
    }
    let share = |n: usize| n as f64 / values.len() as f64;
    bars.iter().enumerate().map(|(k, n)| (low + k as f64 * width, share(*n))).collect()
}
