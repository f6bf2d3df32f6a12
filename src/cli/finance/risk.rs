//! Flags of `gigasite finance` that ask what may come otherwise, and their text.

mod tables;

use super::super::{End, note, print, print_json, say};
use crate::catalog::Catalog;
use crate::site::{Layout, Site};
use crate::study::risk::{
    Appraiser, MOST_BARS, Question, Range, Shape, Watch, break_evens, business_models,
    default_pair, ladder, monte_carlo, price_of_time, scenarios, tornado, two_way,
};
use crate::study::{SolveOptions, run as solved};
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum ShapeName {
    #[default]
    Pert,
    Triangular,
}

#[derive(Args, Debug)]
pub(super) struct Flags {
    /// From the keynote figure to first-year revenue and value, one step an assumption
    #[arg(long)]
    ladder: bool,
    /// What each input alone does to the value, over the ranges of the catalogue
    #[arg(long)]
    tornado: bool,
    /// Move the inputs of --tornado by this share both ways instead, such as 0.2
    #[arg(long, value_name = "SHARE", requires = "tornado")]
    swing: Option<f64>,
    /// The value by two inputs at once: two paths, or nothing for prices and utilisation
    #[arg(long, value_name = "PATH,PATH", num_args = 0..=1, default_missing_value = "")]
    two_way: Option<String>,
    /// Value this many draws of all uncertain inputs, the plan solved anew in each
    #[arg(long, value_name = "N")]
    monte_carlo: Option<usize>,
    /// Start of the random numbers: the same seed gives the same answer
    #[arg(long, value_name = "N", default_value_t = 1, requires = "monte_carlo")]
    seed: u64,
    /// Threads of --monte-carlo; the answer is the same for any number
    #[arg(long, value_name = "N", requires = "monte_carlo")]
    threads: Option<usize>,
    /// Shape of the inputs of --monte-carlo between the ends of their ranges
    #[arg(long, value_enum, default_value_t, requires = "monte_carlo")]
    shape: ShapeName,
    /// Rank correlation of two inputs of --monte-carlo: PATH,PATH=RHO (repeatable)
    #[arg(long, value_name = "PATH,PATH=RHO", requires = "monte_carlo")]
    correlate: Vec<String>,
    /// Utilisation, energy price and token prices at which the value is zero
    #[arg(long)]
    break_even: bool,
    /// What a month earlier or later is worth, and conditional power now against firm power later
    #[arg(long)]
    price_of_time: bool,
    /// The same site as landlord, GPU cloud and token seller; tokens made against tokens bought
    #[arg(long)]
    models: bool,
    /// The layout's scenarios side by side, or low, high and lender from the ranges
    #[arg(long)]
    scenarios: bool,
}

impl Flags {
    /// Whether any of them was given.
    pub(super) fn any(&self) -> bool {
        self.ladder
            || self.tornado
            || self.two_way.is_some()
            || self.monte_carlo.is_some()
            || self.break_even
            || self.price_of_time
            || self.models
            || self.scenarios
    }

    fn question(&self, draws: usize) -> anyhow::Result<Question> {
        let correlations = self.correlate.iter().map(|text| {
            let (paths, rho) = text.rsplit_once('=').context("expected PATH,PATH=RHO")?;
            let (a, b) = paths.split_once(',').context("expected PATH,PATH=RHO")?;
            let rho: f64 = rho.trim().parse().context("the correlation is not a number")?;
            Ok((a.trim().to_owned(), b.trim().to_owned(), rho))
        });
        let correlations: anyhow::Result<Vec<_>> = correlations.collect();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Question {
            draws,
            seed: self.seed,
            threads: self.threads.unwrap_or(cores).max(1),
            shape: match self.shape {
                ShapeName::Pert => Shape::Pert,
                ShapeName::Triangular => Shape::Triangular,
            },
            correlations: correlations.context("--correlate")?,
            drivers: Vec::new(),
        })
    }
}

/// Answers in the order in which the flags stand in the help.
struct Answers {
    json: Map<String, Value>,
    text: Vec<String>,
}

impl Answers {
    fn add<T: Serialize>(&mut self, name: &str, found: &T, text: String) -> anyhow::Result<()> {
        self.json.insert(name.to_owned(), super::figures(serde_json::to_value(found)?));
        self.text.push(text);
        Ok(())
    }
}

pub(super) fn run(
    flags: &Flags,
    (layout, site, catalog): (&Layout, &Site, &Catalog),
    json: bool,
) -> anyhow::Result<End> {
    let outcome = solved(site, catalog, &SolveOptions::default());
    let mut appraiser = match Appraiser::of(site, catalog, &outcome) {
        Ok(appraiser) => appraiser,
        Err(reason) => {
            say(&outcome.diagnostics);
            if json {
                print_json(&serde_json::json!({ "status": "stopped", "reason": reason }))?;
            } else {
                print(&format!("No finance: {reason}."));
            }
            return Ok(End::Negative);
        }
    };
    let name = outcome.name.clone();
    let mut answers = Answers { json: Map::new(), text: vec![name.clone()] };
    answers.json.insert("name".to_owned(), Value::from(name));
    answer(flags, layout, &mut appraiser, &mut answers)?;
    if json {
        print_json(&Value::Object(answers.json))?;
    } else {
        say(&outcome.diagnostics);
        print(&answers.text.join("\n\n"));
    }
    Ok(End::Done)
}

fn answer(
    flags: &Flags,
    layout: &Layout,
    appraiser: &mut Appraiser,
    answers: &mut Answers,
) -> anyhow::Result<()> {
    let words = anyhow::Error::msg;
    if flags.ladder {
        let found = ladder(appraiser).map_err(words)?;
        answers.add("ladder", &found, tables::ladder(&found))?;
    }
    if flags.tornado {
        let range = match flags.swing {
            Some(share) if share > 0.0 && share <= 1.0 => Range::Share(share),
            Some(share) => bail!("--swing {share}: enter a share above 0, at most 1"),
            None => Range::Register,
        };
        let found = tornado(appraiser, range, MOST_BARS);
        answers.add("tornado", &found, tables::tornado(&found))?;
    }
    if let Some(paths) = &flags.two_way {
        let (rows, columns) = match paths.split_once(',') {
            Some((rows, columns)) => (rows.trim().to_owned(), columns.trim().to_owned()),
            None if paths.is_empty() => default_pair(appraiser),
            None => bail!("--two-way {paths}: expected PATH,PATH"),
        };
        let found = two_way(appraiser, &rows, &columns).map_err(words).context("--two-way")?;
        answers.add("two_way", &found, tables::two_way(&found))?;
    }
    if let Some(draws) = flags.monte_carlo {
        let question = flags.question(draws)?;
        let (never, told) = (AtomicBool::new(false), AtomicU32::new(0));
        // A line on standard error for each tenth.
        let progress = |done_frac: f32| {
            let tenth = (done_frac * 10.0) as u32;
            if told.fetch_max(tenth, Ordering::Relaxed) < tenth {
                note(&format!("draws: {} %", tenth * 10));
            }
        };
        let watch = Watch { cancelled: &never, progress: &progress };
        let found = monte_carlo(appraiser, &question, &watch).context("--monte-carlo")?;
        answers.add("monte_carlo", &found, tables::monte_carlo(&found))?;
    }
    if flags.break_even {
        let found = break_evens(appraiser);
        answers.add("break_even", &found, tables::break_evens(&found))?;
    }
    if flags.price_of_time {
        let found = price_of_time(appraiser);
        answers.add("price_of_time", &found, tables::price_of_time(&found))?;
    }
    if flags.models {
        let found = business_models(appraiser);
        answers.add("models", &found, tables::models(&found))?;
    }
    if flags.scenarios {
        let found = scenarios(appraiser, &layout.scenarios);
        answers.add("scenarios", &found, tables::scenarios(&found))?;
    }
    Ok(())
}
