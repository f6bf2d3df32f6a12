//! Architecture: the direction of imports, the confinement of crates, file length.
//!
//! The sources are read as text. A small lexer blanks comments and literals, so that rules
//! look at code alone.

use crate::support::root;
use std::path::Path;

/// Layer of each module; a module uses strictly lower layers only.
const LAYERS: &[(&str, u32)] = &[
    ("units", 0),
    ("diag", 0),
    ("fields", 0),
    ("jobs", 0),
    ("catalog", 1),
    ("site", 2),
    ("power", 3),
    ("cooling", 3),
    ("estimate", 3),
    ("plan", 4),
    ("finance", 5),
    ("study", 6),
    ("scene", 7),
    ("report", 8),
    ("editor", 8),
    ("cli", 9),
    ("gui", 9),
];

/// Sibling uses that are part of the design: `cli` opens the window.
const DOORS: &[(&str, &str)] = &[("cli", "gui")];

/// External crates and macros that only some places may use.
const CONFINED: &[(&str, &[&str])] = &[
    ("egui::", &["gui/", "gui.rs"]),
    ("eframe::", &["gui/", "gui.rs"]),
    ("egui_plot::", &["gui/"]),
    ("egui_extras::", &["gui/"]),
    ("rfd::", &["gui/dialogs.rs"]),
    ("clap::", &["cli/"]),
    ("use csv::", &["cli/", "report/writers/csv.rs", "site/import/"]),
    ("geojson::", &["site/import/"]),
    ("dxf::", &["site/import/", "report/writers/"]),
    ("resvg::", &["report/writers/png.rs"]),
    ("use krilla::", &["report/writers/pdf.rs"]),
    ("rust_xlsxwriter::", &["report/writers/xlsx.rs"]),
    ("anyhow::", &["cli/", "gui/", "gui.rs", "main.rs"]),
    ("good_lp::", &["plan/backend/"]),
    ("highs_sys::", &["plan/backend/"]),
    ("ron::", &["catalog/", "site/"]),
    ("image::", &["gui/", "cli/", "report/"]),
    ("flate2::", &["plan/"]),
    ("wgpu::", &["estimate/gpu", "gui/canvas/"]),
    ("bytemuck::", &["estimate/gpu", "gui/canvas/layer"]),
    ("pollster::", &["estimate/gpu"]),
    ("rayon::", &["estimate/cpu.rs", "estimate/backend.rs", "estimate/points.rs", "power/"]),
    ("nalgebra::", &["estimate/", "power/", "cooling/"]),
    ("faer::", &["power/", "cooling/"]),
    ("num_complex::", &["power/"]),
    ("unsafe ", &["plan/backend/highs/"]),
    ("std::fs", &["catalog/", "site/", "plan/lpfile", "editor/", "cli/", "gui/"]),
    ("println!", &["cli/"]),
    ("eprintln!", &["cli/"]),
    ("print!", &["cli/"]),
    ("eprint!", &["cli/"]),
    ("std::process::exit", &["cli/"]),
];

/// Never in the sources.
const FORBIDDEN: &[&str] = &["TODO", "FIXME", "XXX", "dbg!", "todo!", "unimplemented!"];

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 80;

struct Source {
    /// Below `src`, with `/` between folders.
    path: String,
    text: String,
    /// The text with comments and literals blanked and test modules cut off.
    code: String,
}

impl Source {
    /// The top module, or nothing for `lib.rs` and `main.rs`.
    fn module(&self) -> Option<&str> {
        let first = self.path.split('/').next()?;
        let name = first.strip_suffix(".rs").unwrap_or(first);
        (!["lib", "main"].contains(&name)).then_some(name)
    }

    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    fn within(&self, places: &[&str]) -> bool {
        places.iter().any(|p| self.path.starts_with(p))
    }
}

fn sources() -> Vec<Source> {
    let mut all = Vec::new();
    collect(&root().join("src"), "", &mut all);
    all.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(all.len() > 100, "{} files found", all.len());
    all
}

fn collect(folder: &Path, below: &str, all: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let below = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if path.is_dir() {
            collect(&path, &below, all);
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = without_tests(&code_only(&text));
            all.push(Source { path: below, text, code });
        }
    }
}

/// Blanks comments, strings and characters; line breaks stay.
fn code_only(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    let blank = |c: char| if c == '\n' { '\n' } else { ' ' };
    while i < chars.len() {
        let end = match (at(i), at(i + 1)) {
            ('/', '/') => (i..chars.len()).find(|&k| chars[k] == '\n').unwrap_or(chars.len()),
            ('/', '*') => block_end(&chars, i),
            ('"', _) => string_end(&chars, i),
            ('r', '"' | '#') if !word(i.checked_sub(1).map_or(' ', at)) => raw_end(&chars, i),
            ('\'', '\\') => (i + 3..chars.len()).find(|&k| chars[k] == '\'').unwrap_or(i) + 1,
            ('\'', _) if at(i + 2) == '\'' => i + 3,
            _ => i,
        };
        if end <= i {
            out.push(chars[i]);
            i += 1;
        } else {
            out.extend(chars[i..end].iter().map(|c| blank(*c)));
            i = end;
        }
    }
    out
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn block_end(chars: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut i = start;
    while i + 1 < chars.len() {
        match (chars[i], chars[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], start: usize) -> usize {
    let mut i = start + 1;
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(chars.len())
}

/// End of a raw string, or `start` where `r` begins something else.
fn raw_end(chars: &[char], start: usize) -> usize {
    let hashes = chars[start + 1..].iter().take_while(|c| **c == '#').count();
    let open = start + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return start;
    }
    let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let found = chars[open + 1..].windows(close.len()).position(|w| w == close.as_slice());
    found.map_or(chars.len(), |k| open + 1 + k + close.len())
}

/// Test modules stand at the end of a file.
fn without_tests(code: &str) -> String {
    match code.find("#[cfg(test)]\nmod tests {") {
        Some(at) => code[..at].to_owned(),
        None => code.to_owned(),
    }
}

/// Whether `needle` begins a word somewhere in `line`.
fn has(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(at, _)| !line[..at].chars().next_back().is_some_and(word))
}

/// Top modules that a line or a group after `crate::` names.
fn named_after_crate(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].chars().next_back().is_some_and(|c| word(c) || c == '$') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => names.push(std::mem::take(&mut name)),
                    _ if depth == 0 => name.push(c),
                    _ => {}
                }
            }
            names.push(name);
        } else {
            names.push(rest.chars().take_while(|c| word(*c)).collect());
        }
    }
    let first = |n: &String| n.trim().chars().take_while(|c| word(*c)).collect::<String>();
    names.iter().map(first).filter(|n| !n.is_empty()).collect()
}

fn layer(module: &str) -> Option<u32> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
}

#[track_caller]
fn none(violations: Vec<String>) {
    assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
}

#[test]
fn modules_use_strictly_lower_layers_only() {
    let mut violations = Vec::new();
    for source in sources() {
        let Some(own) = source.module() else { continue };
        let Some(own_layer) = layer(own) else {
            violations.push(format!("{}: module {own} is in no layer", source.path));
            continue;
        };
        for used in named_after_crate(&source.code) {
            // A type or macro that the library exports at its root has no layer of its own.
            let Some(used_layer) = layer(&used) else { continue };
            let door = DOORS.contains(&(own, used.as_str()));
            if used != own && used_layer >= own_layer && !door {
                violations.push(format!("{} uses {used}", source.path));
            }
        }
    }
    none(violations);
}

#[test]
fn external_crates_stay_where_they_belong() {
    let mut violations = Vec::new();
    for source in sources() {
        for (needle, places) in CONFINED {
            if source.within(places) || source.path.starts_with("lib.rs") {
                continue;
            }
            // Tests read their files and say what they skip.
            if source.is_test() && ["std::fs", "eprintln!"].contains(needle) {
                continue;
            }
            for (n, line) in source.code.lines().enumerate() {
                if has(line, needle) {
                    violations.push(format!("{}:{}: {needle}", source.path, n + 1));
                }
            }
        }
    }
    none(violations);
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent = |s: &Source| !s.text.starts_with("//! ");
    none(sources().into_iter().filter(silent).map(|s| s.path).collect());
}

#[test]
fn files_are_short() {
    let lines = |s: &Source| s.text.lines().count();
    let long = sources().into_iter().filter(|s| lines(s) > FILE_LINES);
    none(long.map(|s| format!("{}: {} lines", s.path, lines(&s))).collect());
}

/// Functions with their line and length: (name, line, lines).
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if code[..at].chars().next_back().is_some_and(word) {
            continue;
        }
        let rest = &code[at..];
        let name: String = rest[3..].chars().take_while(|c| word(*c)).collect();
        let Some(open) = rest.find(['{', ';']) else { continue };
        if name.is_empty() || rest.as_bytes()[open] == b';' {
            continue;
        }
        let mut depth = 0;
        let end = rest[open..].char_indices().find(|(_, c)| {
            depth += match c {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            depth == 0
        });
        let Some((length, _)) = end else { continue };
        let lines = rest[..=open + length].lines().count();
        found.push((name, code[..at].lines().count(), lines));
    }
    found
}

#[test]
fn functions_are_short() {
    let mut violations = Vec::new();
    let mut seen = 0;
    for source in sources() {
        for (name, line, lines) in functions(&source.code) {
            seen += 1;
            if lines > FUNCTION_LINES {
                violations.push(format!("{}:{line}: {name} has {lines} lines", source.path));
            }
        }
    }
    assert!(seen > 500, "{seen} functions found");
    none(violations);
}

#[test]
fn what_cannot_fail_says_why() {
    let mut violations = Vec::new();
    for source in sources().into_iter().filter(|s| !s.is_test()) {
        let text: Vec<&str> = source.text.lines().collect();
        let why = |n: usize| text.get(n).is_some_and(|l| l.contains("// cannot fail:"));
        // The reason may take several lines of comment.
        let above = |n: usize| {
            let comments = (0..n).rev().take_while(|k| text[*k].trim_start().starts_with("//"));
            comments.into_iter().any(why)
        };
        for (n, line) in source.code.lines().enumerate() {
            let may = line.contains(".unwrap()") || line.contains(".expect(\" ");
            let expects = line.contains(".expect(") && expects_text(&text, n);
            if (may || expects) && !why(n) && !above(n) {
                violations.push(format!("{}:{}: {}", source.path, n + 1, text[n].trim()));
            }
        }
    }
    none(violations);
}

/// `expect` of an option or result takes a text; parsers have an `expect` of their own.
fn expects_text(text: &[&str], line: usize) -> bool {
    let here = text[line].split(".expect(").nth(1).unwrap_or_default().trim_start();
    here.starts_with('"') || here.is_empty()
}

#[test]
fn unfinished_work_is_not_in_the_sources() {
    let mut violations = Vec::new();
    for source in sources() {
        for (n, line) in source.text.lines().enumerate() {
            for word in FORBIDDEN.iter().filter(|w| has(line, w)) {
                violations.push(format!("{}:{}: {word}", source.path, n + 1));
            }
        }
    }
    none(violations);
}

#[test]
fn the_checks_find_what_they_look_for() {
    let text = "//! A file.\nfn a<'x>(s: &'x str) -> char { let t = \"crate::gui {\"; // crate::cli\n \
                /* crate::gui */ let c = '{'; crate::plan::run(r#\"} crate::study\"#) }\n\
                use crate::{site::{A, B}, units};\n#[cfg(test)]\nmod tests {\n use crate::cli;\n}\n";
    let code = without_tests(&code_only(text));
    assert_eq!(named_after_crate(&code), ["plan", "site", "units"]);
    assert_eq!(functions(&code), [("a".to_owned(), 1, 2)]);
    assert!(has("use egui::Ui;", "egui::") && !has("use my_egui::Ui;", "egui::"));
    assert_eq!(layer("scene"), Some(7));
}
