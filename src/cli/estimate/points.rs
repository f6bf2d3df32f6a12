//! `gigasite estimate --points`: a table of deployments comes back with predictions beside
//! every row, in the same order. A row that cannot be predicted says why.

use super::super::{End, print, print_json};
use super::output::{same_file, write_whole};
use super::{Arguments, BackendName};
use crate::catalog::Catalog;
use crate::estimate::points::{Point, Prediction, predict_all};
use crate::estimate::{Backend, Choice, Constants};
use anyhow::{Context, bail};
use csv::ByteRecord;
use serde::Serialize;
use std::path::Path;
use std::time::Instant;

/// Columns that a prediction cannot do without.
const REQUIRED: &[&str] = &["hardware", "model", "gpus", "isl", "osl", "concurrency"];
/// Columns that count as blank where they are absent.
const OPTIONAL: &[&str] =
    &["precision", "spec_decode", "framework", "mode", "parallel", "prefill_gpus"];
/// What is written beside each row.
const PREDICTED: [&str; 7] = [
    "pred_tok_s_user",
    "pred_out_tok_s_gpu",
    "pred_ttft_ms",
    "pred_tpot_ms",
    "pred_low",
    "pred_high",
    "pred_note",
];

#[derive(Serialize)]
struct Answer {
    evaluated_points: usize,
    predicted: usize,
    refused: usize,
    seconds: f64,
    backend: String,
    adapter: String,
    note: Option<String>,
    /// Newest software among the measurements behind the constants.
    software: String,
}

pub(super) fn run(
    arguments: &Arguments,
    points: &Path,
    out: &Path,
    catalog: &Catalog,
) -> anyhow::Result<End> {
    if same_file(points, out) {
        bail!("--out {} is the input itself; choose another file", out.display());
    }
    let constants = Constants::newest(catalog)?;
    let bytes =
        std::fs::read(points).with_context(|| format!("cannot read {}", points.display()))?;
    let table = Table::read(&bytes).with_context(|| points.display().to_string())?;
    let start = Instant::now();
    let predictions = predict(&table, catalog, &constants);
    let seconds = start.elapsed().as_secs_f64();
    write_whole(out, &table.with(&predictions)?)?;
    let predicted = predictions.iter().filter(|p| p.is_ok()).count();
    let asked = matches!(arguments.backend, BackendName::Gpu | BackendName::Software);
    let cpu = Backend::open(Choice::Cpu);
    let answer = Answer {
        evaluated_points: predictions.len(),
        predicted,
        refused: predictions.len() - predicted,
        seconds,
        backend: cpu.report().backend.to_owned(),
        adapter: cpu.report().adapter.clone(),
        note: asked.then(|| "single deployments are predicted on the CPU".to_owned()),
        software: constants.software,
    };
    if arguments.common.json {
        print_json(&answer)?;
    } else {
        table
            .absent
            .iter()
            .for_each(|c| crate::cli::note(&format!("no column {c}: taken as blank")));
        answer.note.iter().for_each(|n| crate::cli::note(n));
        print(&format!(
            "{}: {} of {} rows predicted with constants of software {}; {}, {:.3} s",
            out.display(),
            answer.predicted,
            answer.evaluated_points,
            answer.software,
            answer.adapter,
            answer.seconds,
        ));
    }
    Ok(End::Done)
}

/// A table as it was read, and where the columns that matter stand.
struct Table {
    header: ByteRecord,
    rows: Vec<ByteRecord>,
    columns: Columns,
    /// Optional columns that it does not have.
    absent: Vec<&'static str>,
    crlf: bool,
}

/// Positions by name.
struct Columns(Vec<(&'static str, usize)>);

impl Columns {
    fn text(&self, row: &ByteRecord, name: &str) -> String {
        let at = self.0.iter().find(|(n, _)| *n == name).map(|(_, at)| *at);
        let field = at.and_then(|at| row.get(at)).unwrap_or_default();
        String::from_utf8_lossy(field).trim().to_owned()
    }

    /// A number, nothing where the field is blank.
    fn number(&self, row: &ByteRecord, name: &str) -> Result<Option<f64>, String> {
        let text = self.text(row, name);
        if text.is_empty() {
            return Ok(None);
        }
        let number = text.parse().ok().filter(|v: &f64| v.is_finite());
        number.map(Some).ok_or_else(|| format!("{name} {text:?} is not a number"))
    }
}

impl Table {
    fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut rows = reader.byte_records().collect::<Result<Vec<_>, _>>()?.into_iter();
        let Some(header) = rows.next() else {
            bail!("the file is empty; it needs a header with {}", REQUIRED.join(", "));
        };
        let names: Vec<String> =
            header.iter().map(|n| String::from_utf8_lossy(n).trim().to_lowercase()).collect();
        let find = |name: &&'static str| names.iter().position(|n| n == name).map(|at| (*name, at));
        let lacks = |name: &&&'static str| names.iter().all(|n| n != **name);
        let missing: Vec<&str> = REQUIRED.iter().filter(lacks).copied().collect();
        if !missing.is_empty() {
            bail!("missing columns: {}", missing.join(", "));
        }
        if let Some(old) = PREDICTED.iter().find(|p| names.iter().any(|n| n == *p)) {
            bail!("the column {old} is there already; leave it out or choose the original table");
        }
        let columns = Columns(REQUIRED.iter().chain(OPTIONAL).filter_map(find).collect());
        let absent = OPTIONAL.iter().filter(lacks).copied().collect();
        // The line ends of the first line stand for all.
        let end = bytes.iter().position(|b| *b == b'\n').unwrap_or_default();
        let crlf = end > 0 && bytes[end - 1] == b'\r';
        Ok(Self { header, rows: rows.collect(), columns, absent, crlf })
    }

    /// The table with the predictions, as CSV.
    fn with(&self, predictions: &[Result<Prediction, String>]) -> anyhow::Result<Vec<u8>> {
        let end = if self.crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().terminator(end).from_writer(Vec::new());
        let mut header = self.header.clone();
        PREDICTED.iter().for_each(|name| header.push_field(name.as_bytes()));
        writer.write_byte_record(&header)?;
        for (row, prediction) in self.rows.iter().zip(predictions) {
            // Exactly the fields of the header, so that the predictions keep their columns.
            let mut out: ByteRecord =
                (0..self.header.len()).map(|at| row.get(at).unwrap_or_default()).collect();
            cells(prediction).iter().for_each(|cell| out.push_field(cell.as_bytes()));
            writer.write_byte_record(&out)?;
        }
        Ok(writer.into_inner().map_err(|e| e.into_error())?)
    }
}

fn cells(prediction: &Result<Prediction, String>) -> [String; 7] {
    match prediction {
        Ok(p) => [
            digits(p.tok_s_user),
            digits(p.out_tok_s_gpu),
            digits(p.ttft_ms),
            digits(p.tpot_ms),
            digits(p.tpot_low_ms),
            digits(p.tpot_high_ms),
            p.notes.join("; "),
        ],
        Err(reason) => {
            let mut blank: [String; 7] = Default::default();
            blank[6].clone_from(reason);
            blank
        }
    }
}

/// Six digits of what counts, without an exponent.
fn digits(v: f64) -> String {
    let whole = v.abs().max(1e-12).log10().floor() as i32 + 1;
    format!("{v:.*}", usize::try_from(6 - whole).unwrap_or(0))
}

/// A prediction for each row that can be read, the reason for the others.
fn predict(
    table: &Table,
    catalog: &Catalog,
    constants: &Constants,
) -> Vec<Result<Prediction, String>> {
    let read: Vec<Result<Point, String>> = table.rows.iter().map(|row| point(table, row)).collect();
    let points: Vec<Point> = read.iter().filter_map(|p| p.as_ref().ok().cloned()).collect();
    let mut answers = predict_all(catalog, constants, &points)
        .into_iter()
        .map(|answer| answer.map_err(|refusal| refusal.to_string()).and_then(finite));
    let mut next = || answers.next().unwrap_or_else(|| Err("not predicted".to_owned()));
    read.into_iter().map(|point| point.and_then(|_| next())).collect()
}

fn finite(p: Prediction) -> Result<Prediction, String> {
    let values =
        [p.tok_s_user, p.out_tok_s_gpu, p.ttft_ms, p.tpot_ms, p.tpot_low_ms, p.tpot_high_ms];
    if values.iter().all(|v| v.is_finite() && *v > 0.0) {
        Ok(p)
    } else {
        Err("beyond what the estimate can answer: check the numbers of this row".to_owned())
    }
}

fn point(table: &Table, row: &ByteRecord) -> Result<Point, String> {
    let (has, needs) = (row.len(), table.header.len());
    if has != needs {
        let surplus: Vec<_> =
            row.iter().skip(needs).map(|f| String::from_utf8_lossy(f).into_owned()).collect();
        let left_out = if surplus.is_empty() {
            String::new()
        } else {
            format!("; left out: {}", surplus.join(" | "))
        };
        return Err(format!("{has} fields where the header has {needs}{left_out}"));
    }
    let text = |name: &str| table.columns.text(row, name);
    let number = |name: &str| table.columns.number(row, name);
    Ok(Point {
        hardware: text("hardware"),
        model: text("model"),
        precision: text("precision"),
        spec_decode: text("spec_decode"),
        framework: text("framework"),
        mode: text("mode"),
        parallel: text("parallel"),
        gpus: number("gpus")?,
        prefill_gpus: number("prefill_gpus")?,
        isl: number("isl")?,
        osl: number("osl")?,
        concurrency: number("concurrency")?,
        stat: text("stat"),
    })
}
