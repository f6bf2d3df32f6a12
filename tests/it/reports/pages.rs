//! PDF: text that can be found, fonts that are embedded, lengths that measure right.

use super::{BUILT, Shipped};
use gigasite::report::drawing::sheet;
use gigasite::report::writers::pdf::{self, About};
use gigasite::report::writers::png;
use gigasite::report::{Face, Options, Paper, ReportError, Subject};
use std::path::Path;
use std::process::Command;

/// Runs a program of poppler on a PDF; `None` and a word about it where it is not installed.
fn poppler(program: &str, arguments: &[&str], pdf: &Path) -> Option<String> {
    let output = Command::new(program).args(arguments).arg(pdf).arg("-").output();
    let output = match program {
        "pdffonts" | "pdfinfo" => Command::new(program).args(arguments).arg(pdf).output(),
        _ => output,
    };
    match output {
        Ok(output) if output.status.success() => {
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Ok(output) => panic!("{program}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => {
            eprintln!("skipped: {program} of poppler is not installed");
            None
        }
    }
}

/// The sheet with readable streams.
fn plain(shipped: &Shipped, options: &Options) -> String {
    let subject = Subject {
        site: &shipped.site,
        catalog: &shipped.catalog,
        outcome: shipped.outcome.as_ref(),
        file: "plan.ron",
        scenarios: &[],
    };
    let picture = sheet(&subject, options, &mut png::measure()).expect("a sheet");
    let about = About { title: "A plan".into(), plain: true, ..About::default() };
    let bytes = pdf::write(&[picture.clone(), picture], &about).expect("writes");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn a_sheet_is_a_pdf_of_the_size_of_its_paper_with_fonts_inside() {
    let shipped = Shipped::new("pilot-20mw");
    for (paper, width, height) in [
        (Paper::A3, 420.0, 297.0),
        (Paper::A1, 841.0, 594.0),
        (Paper::Letter, 279.4, 215.9),
        (Paper::Tabloid, 431.8, 279.4),
    ] {
        let text = plain(&shipped, &Options { paper, ..Options::default() });
        assert!(text.starts_with("%PDF-"));
        let boxes: Vec<&str> = text.match_indices("/MediaBox").map(|(at, _)| &text[at..]).collect();
        assert_eq!(boxes.len(), 2, "two pages");
        let inside = boxes[0].split(['[', ']']).nth(1).expect("a box");
        let sides: Vec<f64> =
            inside.split_whitespace().map(|v| v.parse().expect("a number")).collect();
        for (side, mm) in [(sides[2], width), (sides[3], height)] {
            assert!((side / 72.0 * 25.4 - mm).abs() < 0.05, "{paper:?}: {side} for {mm} mm");
        }
        assert!(text.contains("/FontFile"), "an embedded font");
        assert!(text.contains("/ToUnicode"), "text that can be extracted");
    }
}

/// Lengths of the level lines of a content stream: `x y m` or `x y l`, then `x y l`.
fn widths(text: &str) -> Vec<f64> {
    let mut found = Vec::new();
    let mut last: Option<(f64, f64)> = None;
    let words: Vec<&str> = text.split_whitespace().collect();
    for three in words.windows(3) {
        let [x, y, operator @ ("m" | "l")] = three[..] else { continue };
        let (Ok(x), Ok(y)) = (x.parse::<f64>(), y.parse::<f64>()) else { continue };
        if let (Some((x0, y0)), "l") = (last, operator)
            && (y - y0).abs() < 1e-6
        {
            found.push((x - x0).abs());
        }
        last = Some((x, y));
    }
    found
}

#[test]
fn a_hundred_metres_measure_right_on_paper() {
    // The parcel of the pilot is 150 m wide.
    let shipped = Shipped::new("pilot-20mw");
    for (asked, denominator) in [(None, 500.0), (Some(1000.0), 1000.0)] {
        let options = Options { plan_scale: asked, ..Options::default() };
        let text = plain(&shipped, &options);
        let points = 150.0 / denominator / 0.0254 * 72.0;
        // Shapes are written in points of the picture, 3/4 of a point of the paper each.
        let wanted = points / 0.75;
        let all = widths(&text);
        assert!(all.len() > 20, "{} boxes", all.len());
        assert!(all.iter().any(|w| (w - wanted).abs() < 0.02), "none of {wanted}: {all:?}");
    }
}

#[test]
fn a_plan_that_is_larger_than_the_paper_names_the_scale_that_fits() {
    let shipped = Shipped::new("campus-1gw");
    let options = Options { plan_scale: Some(500.0), ..Options::default() };
    let error = shipped.try_make("pdf", &options).expect_err("too large");
    assert!(matches!(error, ReportError::Scale { .. }));
    let hint = error.to_string();
    let scale = hint.split("use 1:").nth(1).and_then(|t| t.split(' ').next()).expect("a scale");
    let denominator: f64 = scale.parse().expect("a number");
    let fits = Options { plan_scale: Some(denominator), ..Options::default() };
    shipped.try_make("pdf", &fits).expect("the hint holds");
}

#[test]
fn poppler_finds_the_words_of_the_title_block_and_embedded_fonts() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in BUILT {
        let shipped = Shipped::solved(name);
        for face in Face::DRAWINGS {
            let options = Options { face, ..Options::default() };
            let path = folder.path().join(format!("{name}.pdf"));
            std::fs::write(&path, shipped.make("pdf", &options)).expect("writes");
            let Some(words) = poppler("pdftotext", &["-layout"], &path) else { return };
            let mut wanted = vec![
                shipped.site.terms.site.name.clone(),
                face.name().to_owned(),
                shipped.catalog.version.clone(),
                "1 of 1".to_owned(),
            ];
            if face == Face::SitePlan {
                wanted.push("1:".to_owned());
            }
            for part in wanted {
                assert!(words.contains(&part), "{name}: no \"{part}\" in\n{words}");
            }
            let fonts = poppler("pdffonts", &[], &path).expect("poppler is there");
            let rows: Vec<&str> = fonts.lines().skip(2).collect();
            assert!(!rows.is_empty(), "fonts");
            for row in rows {
                // Columns from the right: object, object, unicode, subset, embedded.
                let columns: Vec<&str> = row.split_whitespace().rev().collect();
                assert_eq!(columns[4], "yes", "embedded: {row}");
                assert_eq!(columns[2], "yes", "unicode: {row}");
            }
        }
    }
}
