//! EPANET `.inp` files: a pipe network at the first instant of its simulation.
//!
//! Sections may stand in any order. It takes text and must not open files.

mod controls;
mod lines;
mod links;
mod nodes;
mod units;

pub use units::Options;

use crate::cooling::network::{LinkIx, Network, NodeIx};
use crate::diag::{Diagnostic, Report, Severity};
use lines::{Line, Lines, Section, Wrong, wrong};
use std::collections::BTreeMap;

/// A network with what its file states about it.
#[derive(Clone, Debug)]
pub struct File {
    pub network: Network,
    pub options: Options,
    /// Warnings and notes.
    pub report: Report,
}

/// Errors after which reading stops: a file of another kind has one in every line.
const ERRORS: usize = 20;

/// Reads a file, in the state of its time 0.
///
/// # Errors
/// Findings with line and column, at most 20 of them.
pub fn read(text: &str) -> Result<File, Report> {
    let mut report = Report::default();
    let lines = Lines::of(text, &mut report);
    let mut draft = Draft::new(&lines, report);
    draft.options();
    draft.tables();
    draft.nodes();
    draft.links();
    draft.controls();
    draft.finish()
}

/// What the file has said so far.
struct Draft<'a> {
    lines: &'a Lines<'a>,
    options: Options,
    /// Length of a step of the patterns and where time 0 lies in them, s.
    pattern_step_s: f64,
    pattern_start_s: f64,
    clock_s: f64,
    patterns: BTreeMap<&'a str, Vec<f64>>,
    curves: BTreeMap<&'a str, Vec<(f64, f64)>>,
    network: Network,
    node: BTreeMap<&'a str, NodeIx>,
    link: BTreeMap<&'a str, LinkIx>,
    report: Report,
}

impl<'a> Draft<'a> {
    fn new(lines: &'a Lines<'a>, report: Report) -> Self {
        Draft {
            lines,
            options: Options::default(),
            pattern_step_s: 3600.0,
            pattern_start_s: 0.0,
            clock_s: 0.0,
            patterns: BTreeMap::new(),
            curves: BTreeMap::new(),
            network: Network::default(),
            node: BTreeMap::new(),
            link: BTreeMap::new(),
            report,
        }
    }

    /// Takes each line of a section until too many of the file are wrong.
    fn each(
        &mut self,
        section: Section,
        mut take: impl FnMut(&mut Self, &'a Line<'a>) -> Result<(), Wrong>,
    ) {
        let lines = self.lines;
        for line in lines.section(section) {
            if self.report.count(Severity::Error) >= ERRORS {
                return;
            }
            if let Err(fault) = take(self, line) {
                self.report.push(line.finding(fault));
            }
        }
    }

    fn options(&mut self) {
        self.each(Section::Options, |d, line| d.options.take(line));
        self.each(Section::Times, |d, line| {
            let (first, second) =
                (line.word(0, "The time")?, line.words.get(1).copied().unwrap_or_default());
            if lines::starts(first, "PATT") && lines::starts(second, "TIME") {
                let step = units::seconds(line, 2)?;
                d.pattern_step_s = if step > 0.0 { step } else { 3600.0 };
            } else if lines::starts(first, "PATT") && lines::starts(second, "STAR") {
                d.pattern_start_s = units::seconds(line, 2)?;
            } else if lines::starts(first, "START") {
                let at = if lines::starts(second, "CLOC") { 2 } else { 1 };
                d.clock_s = units::seconds(line, at)? % 86_400.0;
            }
            Ok(())
        });
        self.network = Network::new(self.options.formula, self.options.kinematic_m2_s());
        self.network.trials = self.options.trials;
        self.network.emitter_exponent = 1.0 / self.options.emitter_exponent;
    }

    /// Patterns and curves.
    fn tables(&mut self) {
        self.each(Section::Patterns, |d, line| {
            let id = line.word(0, "The pattern's name")?;
            line.word(1, "A multiplier")?;
            for at in 1..line.words.len() {
                let value = line.number(at, "The multiplier")?;
                d.patterns.entry(id).or_default().push(value);
            }
            Ok(())
        });
        self.each(Section::Curves, |d, line| {
            let id = line.word(0, "The curve's name")?;
            let point = (line.number(1, "The x value")?, line.number(2, "The y value")?);
            let curve = d.curves.entry(id).or_default();
            if curve.last().is_some_and(|last| last.0 >= point.0) {
                let message = format!("The x values of curve `{id}` do not rise");
                return Err(wrong(1, "not-rising", message, "Put the points in rising order"));
            }
            curve.push(point);
            Ok(())
        });
    }

    /// Factor of a pattern at time 0; 1 without one.
    fn pattern(&self, id: &str) -> Option<f64> {
        let values = self.patterns.get(id)?;
        let step = (self.pattern_start_s / self.pattern_step_s).floor();
        let at = if step < 1e15 { step as usize } else { 0 };
        values.get(at % values.len().max(1)).copied()
    }

    /// The factor of the pattern that a word names.
    fn named_pattern(&self, line: &Line, at: usize) -> Result<Option<f64>, Wrong> {
        let Some(id) = line.words.get(at) else { return Ok(None) };
        self.pattern(id).map(Some).ok_or_else(|| {
            let message = format!("There is no pattern `{id}`");
            wrong(at, "unknown-pattern", message, "Add it to [PATTERNS], or remove the name")
        })
    }

    fn node_at(&self, line: &Line, at: usize) -> Result<NodeIx, Wrong> {
        let id = line.word(at, "The node")?;
        self.node.get(id).copied().ok_or_else(|| {
            let message = format!("There is no node `{id}`");
            wrong(at, "unknown-node", message, "Add it to [JUNCTIONS], [RESERVOIRS] or [TANKS]")
        })
    }

    fn curve_at(&self, line: &Line, at: usize) -> Result<&[(f64, f64)], Wrong> {
        let id = line.word(at, "The curve")?;
        self.curves.get(id).map(Vec::as_slice).ok_or_else(|| {
            let message = format!("There is no curve `{id}`");
            wrong(at, "unknown-curve", message, "Add it to [CURVES]")
        })
    }

    fn finish(mut self) -> Result<File, Report> {
        if self.network.nodes().is_empty() && !self.report.has_errors() {
            self.report.push(Diagnostic::error(
                "no-nodes",
                "",
                "The file has no nodes",
                "Give it sections [JUNCTIONS], [RESERVOIRS] and [PIPES] as in the EPANET manual",
            ));
        }
        if self.report.has_errors() {
            return Err(self.report);
        }
        Ok(File { network: self.network, options: self.options, report: self.report })
    }
}
