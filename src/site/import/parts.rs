//! Where the parts of a workbook are. Addresses with dots and percent signs are legal and rare; the
//! reader of workbooks follows plain ones alone.

use ::zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};
use std::borrow::Cow;
use std::io::{Cursor, Read as _, Write as _};

/// Where a workbook says in which parts its sheets are.
const LINKS: &str = "xl/_rels/workbook.xml.rels";
/// Folder from which these addresses count.
const FOLDER: &str = "xl";
/// A longer list of parts is none.
const MOST_BYTES: u64 = 4 << 20;

/// A workbook with plain addresses in place of its own; nothing where they are plain.
pub(super) fn plain(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut text = String::new();
    archive.by_name(LINKS).ok()?.take(MOST_BYTES).read_to_string(&mut text).ok()?;
    let links = with_plain_targets(&text);
    if links == text {
        return None;
    }
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for part in 0..archive.len() {
        let part = archive.by_index_raw(part).ok()?;
        if part.name().ok()? != LINKS {
            out.raw_copy_file(part).ok()?;
        }
    }
    out.start_file(LINKS, SimpleFileOptions::default()).ok()?;
    out.write_all(links.as_bytes()).ok()?;
    Some(out.finish().ok()?.into_inner())
}

/// The text of a list of links with each target made plain.
fn with_plain_targets(text: &str) -> String {
    const TARGET: &str = "Target=";
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(TARGET) {
        let (before, found) = rest.split_at(at + TARGET.len());
        out.push_str(before);
        rest = found;
        let quote = found.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = quote.and_then(|quote| found[1..].split_once(quote));
        if let (Some(quote), Some((value, _))) = (quote, value) {
            out.push(quote);
            out.push_str(&address(value));
            rest = &found[1 + value.len()..];
        }
    }
    out + rest
}

/// An address from the root of the archive; as it is where it is plain, or leads elsewhere.
fn address(target: &str) -> Cow<'_, str> {
    let dots = target.split('/').any(|step| matches!(step, "." | ".."));
    if target.contains(':') || !dots && !target.contains('%') {
        return target.into();
    }
    let Some(target) = decoded(target) else { return target.into() };
    let mut steps: Vec<&str> = if target.starts_with('/') { vec![] } else { vec![FOLDER] };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => _ = steps.pop(),
            step => steps.push(step),
        }
    }
    format!("/{}", steps.join("/")).into()
}

/// An address with signs in place of their percent codes; nothing where it has a code that is
/// none, or of a sign that addresses or XML read as their own.
fn decoded(target: &str) -> Option<String> {
    let (mut out, mut bytes) = (Vec::new(), target.bytes());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let code = (16 * digit()? + digit()?) as u8;
        if matches!(code, b'/' | b'\\' | b'<' | b'>' | b'&' | b'"' | b'\'') || code < b' ' {
            return None;
        }
        out.push(code);
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_made_plain_from_the_root() {
        for (target, plain) in [
            ("worksheets/sheet1.xml", "worksheets/sheet1.xml"),
            ("/xl/worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"),
            ("./worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"),
            ("worksheets/../sheets/./a.xml", "/xl/sheets/a.xml"),
            ("../sheets/a.xml", "/sheets/a.xml"),
            ("../../../a.xml", "/a.xml"),
            ("/xl/./a.xml", "/xl/a.xml"),
            ("worksheets/rack%20list%C3%A9.xml", "/xl/worksheets/rack list\u{e9}.xml"),
            // What is no code, what XML would read, what leads elsewhere.
            ("50%.xml", "50%.xml"),
            ("a%2", "a%2"),
            ("a%zz.xml", "a%zz.xml"),
            ("a%26b.xml", "a%26b.xml"),
            ("a%2Fb.xml", "a%2Fb.xml"),
            ("a%FF.xml", "a%FF.xml"),
            ("https://example.com/a%20b/../c", "https://example.com/a%20b/../c"),
        ] {
            assert_eq!(address(target), plain, "{target}");
        }
    }

    #[test]
    fn only_targets_are_changed() {
        let text = "<R Id='./a' Target='./b' TargetMode=\"Internal\"/><R Target=\"c%20d\"/>";
        let plain = "<R Id='./a' Target='/xl/b' TargetMode=\"Internal\"/><R Target=\"/xl/c d\"/>";
        assert_eq!(with_plain_targets(text), plain);
        for cut in ["Target=", "Target='./a", "Target=./a", "Target=\"", "Target=\u{e9}"] {
            assert_eq!(with_plain_targets(cut), cut);
        }
    }

    #[test]
    fn what_is_no_workbook_stays_alone() {
        for bytes in [&b""[..], b"PK\x03\x04 nonsense"] {
            assert_eq!(plain(bytes), None);
        }
    }
}
