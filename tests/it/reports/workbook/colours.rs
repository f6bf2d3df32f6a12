//! Rule 9: colours say what a cell is, as the legend on the cover explains, and never alone.

use super::lint::{none, parts};
use std::collections::BTreeMap;

const INPUT: &str = "FF0000C8";
const INPUT_FILL: &str = "FFFFF8D6";
const LINK: &str = "FF00703C";
const PASTED: &str = "FF7A3E00";
const PASTED_FILL: &str = "FFF3ECE4";
const BLACK: &str = "FF14191F";

/// Colours of the letters and of the ground of a style.
struct Style {
    ink: String,
    fill: String,
}

fn items<'a>(text: &'a str, list: &str, item: &str) -> Vec<&'a str> {
    let body = text.split(&format!("<{list} ")).nth(1).unwrap();
    let body = body.split(&format!("</{list}>")).next().unwrap();
    let mut found: Vec<&str> = body.split(&format!("<{item}")).skip(1).collect();
    found.retain(|part| part.starts_with([' ', '>', '/']));
    found
}

fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

fn styles(text: &str) -> Vec<Style> {
    let colour = |part: &str, tag: &str| {
        let own = part.split(&format!("<{tag}")).nth(1).and_then(|t| attribute(t, "rgb"));
        own.unwrap_or_default().to_owned()
    };
    let fonts: Vec<String> =
        items(text, "fonts", "font").iter().map(|f| colour(f, "color")).collect();
    let fills: Vec<String> =
        items(text, "fills", "fill").iter().map(|f| colour(f, "fgColor")).collect();
    let of = |part: &str, name: &str| attribute(part, name).unwrap().parse::<usize>().unwrap();
    let style = |xf: &&str| Style {
        ink: fonts[of(xf, "fontId")].clone(),
        fill: fills[of(xf, "fillId")].clone(),
    };
    items(text, "cellXfs", "xf").iter().map(style).collect()
}

/// A cell of a sheet's part: address, style, formula, whether it holds a number that was entered.
fn cells(part: &str) -> Vec<(String, usize, Option<String>, bool)> {
    let cell = |text: &str| {
        let head = text.split('>').next().unwrap();
        let style = attribute(head, "s").map_or(0, |s| s.parse().unwrap());
        let formula = text.split("<f>").nth(1).and_then(|t| t.split("</f>").next());
        let body = text.split("</c>").next().unwrap();
        let number = body.contains("<v>") && formula.is_none() && !head.contains(" t=\"");
        let at = attribute(head, "r").unwrap().to_owned();
        (at, style, formula.map(str::to_owned), number)
    };
    part.split("<c").skip(1).filter(|t| t.starts_with(" r=")).map(cell).collect()
}

/// Whether a formula is one cell of another sheet and nothing else.
fn is_link(formula: &str) -> bool {
    let Some((sheet, cell)) = formula.rsplit_once('!') else { return false };
    let quoted = sheet.strip_prefix('\'').and_then(|s| s.strip_suffix('\''));
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let address = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '$';
    let named = match quoted {
        Some(name) => !name.contains('\''),
        None => sheet.chars().all(plain),
    };
    named && cell.chars().all(address)
}

pub(super) fn check(name: &str, bytes: &[u8]) {
    let parts = parts(bytes);
    let styles = styles(&parts["xl/styles.xml"]);
    let mut wrong = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (part, text) in parts.iter().filter(|(p, _)| p.starts_with("xl/worksheets/sheet")) {
        for (at, style, formula, number) in cells(text) {
            let Style { ink, fill } = &styles[style];
            let kind = match (ink.as_str(), fill.as_str()) {
                (INPUT, INPUT_FILL) => "input",
                (PASTED, PASTED_FILL) => "pasted",
                (INPUT | PASTED, _) | (_, INPUT_FILL | PASTED_FILL) => "half",
                (LINK, _) => "link",
                _ => "other",
            };
            *seen.entry(kind).or_default() += 1;
            let good = match (kind, &formula) {
                ("half", _) => false,
                // The state at the head of a sheet is coloured by what it says.
                (_, Some(f)) if f.starts_with("Checks!") && at.ends_with('1') && at.len() == 2 => {
                    true
                }
                // Names in the legend are samples of the colours.
                (_, None) if !number => true,
                ("input" | "pasted", formula) => formula.is_none(),
                ("link", formula) => formula.as_deref().is_some_and(is_link),
                (_, Some(f)) => !is_link(f),
                _ => true,
            };
            if !good {
                wrong.push(format!("{part} {at} {kind} {ink} {fill} {formula:?}"));
            }
        }
    }
    none(&format!("{name}: cells in the colours of another kind"), wrong);
    for kind in ["input", "pasted", "link", "other"] {
        assert!(seen.get(kind).is_some_and(|n| *n > 3), "{name}: {seen:?}");
    }
    legend(name, &parts, &styles);
    // States are symbols and words as well, green or red by a condition.
    let text = &parts["xl/styles.xml"];
    assert!(text.contains("✓ holds") && text.contains("✗ fails"), "{name}");
    let checks = parts.values().filter(|t| t.contains("<conditionalFormatting")).count();
    let sheets = parts.keys().filter(|p| p.starts_with("xl/worksheets/sheet")).count();
    assert_eq!(checks, sheets, "{name}: the state at the head of every sheet is tinted");
}

/// The cover names each colour in that colour.
fn legend(name: &str, parts: &BTreeMap<String, String>, styles: &[Style]) {
    let text = &parts["xl/sharedStrings.xml"];
    let strings: Vec<&str> = text
        .split("<si>")
        .skip(1)
        .map(|s| s.split("</t>").next().unwrap().rsplit('>').next().unwrap())
        .collect();
    let cover = &parts["xl/worksheets/sheet1.xml"];
    let mut found = BTreeMap::new();
    for part in cover.split("<c").skip(1).filter(|t| t.starts_with(" r=\"A")) {
        let head = part.split('>').next().unwrap();
        let Some(style) = attribute(head, "s") else { continue };
        let value = part.split("<v>").nth(1).and_then(|t| t.split("</v>").next());
        if let Some(n) = value.and_then(|v| v.parse::<usize>().ok()) {
            found.insert(strings[n], &styles[style.parse::<usize>().unwrap()]);
        }
    }
    for (word, ink, fill) in [
        ("Input", INPUT, INPUT_FILL),
        ("Formula", BLACK, ""),
        ("Link", LINK, ""),
        ("Pasted", PASTED, PASTED_FILL),
    ] {
        let style = found.get(word).unwrap_or_else(|| panic!("{name}: no {word} in the legend"));
        assert_eq!((style.ink.as_str(), style.fill.as_str()), (ink, fill), "{name}: {word}");
    }
}

#[test]
fn a_link_is_one_cell_of_another_sheet() {
    for (formula, link) in [
        ("Checks!$E$29", true),
        ("'Tax depreciation'!F12", true),
        ("Inputs!$B$7*1", false),
        ("F12", false),
        ("-Capital!F$65", false),
        ("'Take-off'!$F$3", true),
        ("SUM(Capital!F3:G3)", false),
    ] {
        assert_eq!(is_link(formula), link, "{formula}");
    }
}
