//! LibreOffice works out the formulas again: it must find the values that stand in the cells.

use super::{all, layouts, write};
use calamine::{Data, Reader, Xlsx, open_workbook};
use gigasite::report::workbook::Made;
use gigasite::report::workbook::book::Value;
use gigasite::study::finance::{Item, SiteFinance};
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Recalculation on load = always, which is not the default.
const ALWAYS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"#;

/// What an office program made of files, in their order; nothing where there is none.
pub fn recalculated(files: &[(String, Vec<u8>)]) -> Option<Vec<Sheets>> {
    let found = Command::new("soffice").arg("--version").output();
    if !found.is_ok_and(|o| o.status.success()) {
        eprintln!("SKIPPED: soffice is not installed, so no workbook was recalculated");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let (profile, out) = (folder.path().join("profile"), folder.path().join("out"));
    std::fs::create_dir_all(profile.join("user")).unwrap();
    std::fs::create_dir_all(&out).unwrap();
    std::fs::write(profile.join("user/registrymodifications.xcu"), ALWAYS).unwrap();
    let mut paths = Vec::new();
    for (name, bytes) in files {
        let path = folder.path().join(format!("{name}.xlsx"));
        std::fs::write(&path, bytes).unwrap();
        paths.push(path);
    }
    let run = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"])
        .arg(&out)
        .args(&paths)
        .output()
        .unwrap();
    let read = |path: &PathBuf| read(&out.join(path.file_name().unwrap()), &run);
    Some(paths.iter().map(read).collect())
}

/// Cells of a file by sheet.
pub struct Sheets(Xlsx<std::io::BufReader<std::fs::File>>);

fn read(path: &Path, run: &std::process::Output) -> Sheets {
    match open_workbook(path) {
        Ok(book) => Sheets(book),
        Err(error) => panic!("{error}: {}", String::from_utf8_lossy(&run.stderr)),
    }
}

impl Sheets {
    /// Every cell whose value is another one: what is expected and what is there.
    pub fn differences(&mut self, made: &Made) -> (usize, Vec<String>) {
        let (mut numbers, mut off) = (0, Vec::new());
        for (s, sheet) in made.book.sheets.iter().enumerate() {
            let range = self.0.worksheet_range(&sheet.name).unwrap();
            for row in 0..sheet.lines.len() as u32 {
                for column in 0..sheet.columns() {
                    let there = range.get_value((row, u32::from(column))).unwrap_or(&Data::Empty);
                    let same = match (made.values.get(s, row, column), there) {
                        (Value::Number(a), there) => {
                            numbers += 1;
                            number(there).is_some_and(|b| close(*a, b, 1e-9))
                        }
                        (Value::Text(a), Data::String(b)) => a == b,
                        (Value::Text(_), _) => false,
                        (Value::Blank, there) => {
                            matches!(there, Data::Empty) || there == &Data::String(String::new())
                        }
                    };
                    if !same {
                        let cell = made.values.get(s, row, column);
                        off.push(format!("{}!{row},{column}: {cell:?} but {there:?}", sheet.name));
                    }
                }
            }
        }
        (numbers, off)
    }

    pub fn number(&mut self, made: &Made, at: (usize, u32, u16)) -> f64 {
        let name = &made.book.sheets[at.0].name;
        let range = self.0.worksheet_range(name).unwrap();
        number(range.get_value((at.1, u32::from(at.2))).unwrap()).unwrap()
    }
}

pub fn close(a: f64, b: f64, tolerance_frac: f64) -> bool {
    // What is left of two equal amounts is below a millionth of a dollar.
    let size = a.abs().max(b.abs());
    (a - b).abs() <= tolerance_frac * size || size < 1e-6
}

fn number(data: &Data) -> Option<f64> {
    match data {
        Data::Float(v) => Some(*v),
        Data::Int(v) => Some(*v as f64),
        Data::DateTime(v) => Some(v.as_f64()),
        _ => None,
    }
}

/// The file with another value beside every formula.
pub fn poisoned(bytes: &[u8]) -> (usize, Vec<u8>) {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut count = 0;
    for n in 0..archive.len() {
        let mut file = archive.by_index(n).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        if name.starts_with("xl/worksheets/sheet") {
            let text = String::from_utf8(content).unwrap();
            let mut parts = text.split("</f><v>");
            let mut changed = parts.next().unwrap().to_owned();
            for part in parts {
                let (_, rest) = part.split_once("</v>").unwrap();
                changed.push_str("</f><v>-777</v>");
                changed.push_str(rest);
                count += 1;
            }
            content = changed.into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(&content).unwrap();
    }
    (count, out.finish().unwrap().into_inner())
}

#[test]
fn an_office_program_finds_the_values_that_stand_in_the_cells() {
    let made: Vec<(&String, &Made)> = all().map(|(n, v)| (n, &v.made)).collect();
    assert!(made.len() >= 3, "{} layouts have a value", made.len());
    let mut files: Vec<(String, Vec<u8>)> =
        made.iter().map(|(name, made)| ((*name).clone(), write(made))).collect();
    // The control: without recalculation the wrong values would come back.
    let (count, bytes) = poisoned(&files[0].1);
    assert!(count > 1_000, "{count} formulas");
    files.push(("control".to_owned(), bytes));
    let Some(mut read) = recalculated(&files) else { return };
    let mut control = read.pop().unwrap();
    let (numbers, off) = control.differences(made[0].1);
    assert!(
        numbers > count && off.is_empty(),
        "control: {} of {numbers}: {:#?}",
        off.len(),
        head(&off)
    );
    for ((name, made), sheets) in made.iter().zip(&mut read) {
        let (numbers, off) = sheets.differences(made);
        assert!(off.is_empty(), "{name}: {} of {numbers}: {:#?}", off.len(), head(&off));
    }
}

fn head(list: &[String]) -> &[String] {
    &list[..list.len().min(25)]
}

/// As many of the five inputs, all changed at once, as leave the engine a value and the flows a
/// rate that a spreadsheet's search finds; the workbook with them, and what the engine says.
fn changed(v: &super::Valued) -> Option<(usize, Made, SiteFinance)> {
    let mut all = super::five(&v.finance);
    // One longer and one shorter life stand in the list: the later holds.
    let again = |n: usize, all: &[(String, f64)]| all[n + 1..].iter().any(|o| o.0 == all[n].0);
    for n in (0..all.len()).rev().filter(|n| again(*n, &super::five(&v.finance))) {
        all.remove(n);
    }
    (1..=all.len()).rev().find_map(|count| {
        let list: Vec<(&str, f64)> = all[..count].iter().map(|(p, v)| (p.as_str(), *v)).collect();
        let made = v.made.changed(&list).ok()?;
        Some((count, made, super::held_under(v, &all[..count])?))
    })
}

#[test]
fn an_office_program_follows_five_changed_inputs_of_every_layout() {
    let (mut files, mut expected) = (Vec::new(), Vec::new());
    for (name, v) in layouts() {
        let Some((count, made, found)) = changed(v) else { continue };
        eprintln!("{name}: {count} inputs changed at once");
        assert!(count >= 3, "{name}: {count}");
        files.push((name.clone(), write(&made)));
        expected.push((name, v, found));
    }
    assert!(expected.len() >= layouts().len(), "{} of {}", expected.len(), layouts().len());
    let Some(read) = recalculated(&files) else { return };
    let mut faults = Vec::new();
    for (mut sheets, (name, v, engine)) in read.into_iter().zip(expected) {
        let mut told = |what: &str, found: f64, engine: f64| {
            if !close(found, engine, 1e-6) {
                faults.push(format!("{name}: {what}: {found}, engine {engine}"));
            }
        };
        let places = &v.made.program.places;
        let value = sheets.number(&v.made, v.made.key("npv_usd").unwrap());
        told("value", value, engine.evaluation.results.unlevered.npv_usd);
        let bought: f64 = engine.take_off.iter().map(Item::total_usd).sum();
        if let Some(at) = places.cell("take/total") {
            told("take-off", sheets.number(&v.made, at), bought);
        }
        let known = &engine.schedule.commitment;
        for (key, list) in
            [("committed/paid", &known.paid_usd), ("committed/ordered", &known.committed_usd)]
        {
            let Some((sheet, row, first, _)) = places.span(key) else { continue };
            for (n, usd) in list.iter().enumerate() {
                let found = sheets.number(&v.made, (sheet, row, first + n as u16));
                told(&format!("{key} {n}"), found, *usd);
            }
        }
    }
    assert!(faults.is_empty(), "{} faults: {:#?}", faults.len(), head(&faults));
}

#[test]
fn an_office_program_follows_a_changed_input_as_the_engine_does() {
    let shipped = layouts().iter().find(|(_, v)| super::five(&v.finance).len() > 5).unwrap();
    let financed =
        |name: &str| super::financed::financed().iter().find(|(n, _)| n == name).unwrap();
    let (mut files, mut expected) = (Vec::new(), Vec::new());
    for (name, v) in [shipped, financed("replaced"), financed("renewed")] {
        let prices = super::costs(v).into_iter().filter(|(path, _)| path.starts_with("racks."));
        for (n, (path, to)) in super::five(&v.finance).into_iter().chain(prices).enumerate() {
            let Some(engine) = super::held(v, &path, to) else { continue };
            files.push((format!("{name}-{n}"), write(&v.made.changed(&[(&path, to)]).unwrap())));
            expected.push((name, v, engine, path));
        }
    }
    let Some(read) = recalculated(&files) else { return };
    for (mut sheets, (name, v, engine, path)) in read.into_iter().zip(expected) {
        let at = v.made.key("npv_usd").unwrap();
        let found = sheets.number(&v.made, at);
        assert!(close(found, engine, 1e-6), "{name}: {path}: {found}, engine {engine}");
    }
}

#[test]
fn an_office_program_finds_the_rates_of_the_engine_under_severe_changes() {
    let own = ["pilot-20mw", "renewed"];
    let (mut files, mut expected) = (Vec::new(), Vec::new());
    for (name, v) in all().filter(|(name, _)| own.contains(&name.as_str())) {
        for (n, changes) in super::severe(v).into_iter().enumerate() {
            let list: Vec<(&str, f64)> = changes.iter().map(|(p, to)| (p.as_str(), *to)).collect();
            let Some(engine) = super::held_under(v, &changes) else { continue };
            files.push((format!("{name}-severe-{n}"), write(&v.made.changed(&list).unwrap())));
            expected.push((files[files.len() - 1].0.clone(), v, engine));
        }
    }
    assert!(files.len() > 8, "{} files", files.len());
    let Some(read) = recalculated(&files) else { return };
    for (mut sheets, (name, v, engine)) in read.into_iter().zip(expected) {
        let mut cell = |key: &str| {
            let at = v.made.program.places.cell(&format!("after/{key}")).unwrap();
            sheets.number(&v.made, at)
        };
        let rates = engine.evaluation.results.unlevered.irr.rates();
        assert_eq!(cell("rates"), rates.len() as f64, "{name}: {rates:?}");
        if let (Some(least), Some(most)) = (rates.first(), rates.last()) {
            let (low, high) = (cell("least"), cell("most"));
            assert!(close(1.0 + low, 1.0 + least, 1e-9), "{name}: {low}, engine {least}");
            assert!(close(1.0 + high, 1.0 + most, 1e-9), "{name}: {high}, engine {most}");
        }
    }
}
