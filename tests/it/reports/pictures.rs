//! SVG and PNG: an SVG reader and a PNG decoder find what was to be drawn.

use super::{BUILT, Shipped};
use gigasite::report::{ALL, Choice, Face, Options, ReportError};
use gigasite::scene::plan::Overlay;
use gigasite::units::format::System;
use resvg::usvg::roxmltree::{Document, Node};
use std::collections::BTreeSet;

fn number(node: Node, name: &str) -> f64 {
    node.attribute(name).and_then(|v| v.parse().ok()).unwrap_or_else(|| panic!("no {name}"))
}

fn texts(document: &Document) -> Vec<String> {
    let texts = document.descendants().filter(|n| n.has_tag_name("text"));
    texts.filter_map(|n| n.text().map(str::to_owned)).collect()
}

fn one_line() -> Options {
    Options { face: Face::OneLine, ..Options::default() }
}

#[test]
fn every_layout_becomes_an_svg_with_title_scale_and_legend() {
    for name in BUILT {
        let shipped = Shipped::new(name);
        let text = shipped.text("svg", &Options::default());
        let document = Document::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let root = document.root_element();
        assert_eq!((number(root, "width"), number(root, "height")), (1600.0, 1000.0));
        let words = texts(&document);
        let has = |part: &str| words.iter().any(|w| w.contains(part));
        for part in [
            shipped.site.terms.site.name.as_str(),
            "rack generation",
            "1 : ",
            "N",
            "racks",
            &format!("{name}.ron"),
            &format!("catalogue {}", shipped.catalog.version),
            "Feed or feeder",
            "Grid contract",
        ] {
            assert!(has(part), "{name}: no \"{part}\" among {words:?}");
        }
        // The reader that paints it finds no fault either.
        let fonts = resvg::usvg::Options::default();
        resvg::usvg::Tree::from_str(&text, &fonts).unwrap_or_else(|e| panic!("{name}: {e}"));
    }
}

#[test]
fn lengths_on_the_drawing_are_those_of_the_ground_at_the_scale_it_states() {
    let shipped = Shipped::new("pilot-20mw");
    let text = shipped.text("svg", &Options::default());
    let document = Document::parse(&text).expect("reads");
    let words = texts(&document);
    let scale = words.iter().find_map(|w| w.strip_prefix("1 : ")).expect("a scale");
    let ratio: f64 = scale.split(" · ").next().unwrap().replace(',', "").parse().expect("a number");
    // A hall of 54 x 40 m; a point is 1/96 inch.
    let (wide, deep) = (54.0 / ratio * 96.0 / 0.0254, 40.0 / ratio * 96.0 / 0.0254);
    let near = |a: f64, b: f64| (a - b).abs() < b * 0.002;
    let hall = document
        .descendants()
        .filter(|n| n.has_tag_name("rect"))
        .any(|n| near(number(n, "width"), wide) && near(number(n, "height"), deep));
    assert!(hall, "no box of {wide:.1} x {deep:.1}");
}

#[test]
fn the_legend_counts_the_racks_that_the_layout_has() {
    for name in BUILT {
        let shipped = Shipped::new(name);
        let placed: u64 = shipped
            .site
            .blocks()
            .map(|b| u64::from(b.count.or(b.planned.as_ref().map(|p| p.max)).unwrap_or(0)))
            .sum();
        let text = shipped.text("svg", &Options::default());
        let document = Document::parse(&text).expect("reads");
        let counted: u64 = texts(&document)
            .iter()
            .filter_map(|w| {
                w.strip_suffix(" racks")?.split(", ").nth(1)?.replace(',', "").parse().ok()
            })
            .map(|n: u64| n)
            .sum();
        assert_eq!(counted, placed, "{name}");
    }
}

#[test]
fn colours_of_an_answer_need_one_and_show_its_loads() {
    let options = Options { overlay: Some(Overlay::Loading), ..Options::default() };
    let plain = Shipped::new("pilot-20mw");
    assert!(matches!(plain.try_make("svg", &options), Err(ReportError::NoAnswer(_))));
    assert!(matches!(plain.try_make("svg", &one_line()), Err(ReportError::NoAnswer(_))));
    let solved = Shipped::solved("pilot-20mw");
    let text = solved.text("svg", &options);
    let outcome = solved.outcome.as_ref().expect("an answer");
    let grid = format!("{:.1} MW in the worst hour", outcome.plan.grid_mw);
    assert!(text.contains(&grid), "{grid}");
    let limits = outcome.plan.limits.iter();
    let main = limits.clone().find(|l| l.kind == "node_capacity" && l.element == "t-1");
    let main = main.expect("the limit of the main transformer");
    let percent = format!("{:.1} %", main.used / main.capacity.expect("known") * 100.0);
    assert!(text.contains(&percent), "the load of the transformer, {percent}");
}

#[test]
fn the_diagram_names_every_source_and_hall() {
    for name in ["pilot-20mw", "campus-1gw"] {
        let shipped = Shipped::solved(name);
        let text = shipped.text("svg", &one_line());
        let document = Document::parse(&text).expect("reads");
        let words = texts(&document).join(" | ");
        for feed in &shipped.site.campus.feeds {
            let first = feed.name.split(',').next().expect("a name");
            assert!(words.contains(first), "{name}: no {first} in {words}");
        }
        for part in ["One-line diagram", "Transformer", "Normally open"] {
            assert!(words.contains(part), "{name}: no {part}");
        }
    }
}

#[test]
fn a_layout_without_a_plan_says_so() {
    let keynote = Shipped::new("keynote-rubin-1gw");
    for kind in ALL.iter().filter(|k| k.has(Choice::Face)) {
        let error = keynote.try_make(kind.id, &Options::default()).expect_err("nothing to draw");
        assert!(error.to_string().contains("reference infrastructure"), "{}: {error}", kind.id);
    }
}

#[test]
fn a_png_has_the_pixels_that_were_asked_for_and_more_than_one_colour() {
    let shipped = Shipped::new("pilot-20mw");
    for (scale, dark) in [(2.0, false), (1.0, true)] {
        let options = Options { size: (800.0, 500.0), scale, dark, ..Options::default() };
        let bytes = shipped.make("png", &options);
        let picture = image::load_from_memory_with_format(&bytes, image::ImageFormat::Png);
        let picture = picture.expect("decodes").into_rgb8();
        assert_eq!(picture.dimensions(), ((800.0 * scale) as u32, (500.0 * scale) as u32));
        let colours: BTreeSet<[u8; 3]> = picture.pixels().map(|p| p.0).collect();
        assert!(colours.len() > 50, "{} colours", colours.len());
        let corner = picture.get_pixel(1, 1).0;
        let bright = corner.iter().map(|c| u32::from(*c)).sum::<u32>() > 600;
        assert_eq!(bright, !dark, "{corner:?}");
    }
    let vast = Options { size: (12_000.0, 12_000.0), scale: 8.0, ..Options::default() };
    assert!(matches!(shipped.try_make("png", &vast), Err(ReportError::Png(_))), "no such memory");
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    for kind in ALL.iter().filter(|k| k.id != "png") {
        let options = Options::default();
        let new = || match kind.needs_answer(&options) {
            true => Shipped::valued("mixed-250mw"),
            false => Shipped::new("mixed-250mw"),
        };
        let (a, b) = (new(), new());
        let (a, b) = (a.try_make(kind.id, &options), b.try_make(kind.id, &options));
        assert_eq!(a.expect("made"), b.expect("made"), "{}", kind.id);
    }
}

#[test]
fn cooling_over_a_year_is_a_view_of_its_own_in_the_units_asked_for() {
    let shipped = Shipped::new("pilot-20mw");
    let options = Options { face: Face::Cooling, ..Options::default() };
    let words = |options: &Options| {
        let text = shipped.text("svg", options);
        texts(&Document::parse(&text).expect("reads"))
    };
    let metric = words(&options);
    let has = |words: &[String], part: &str| words.iter().any(|w| w.contains(part));
    // Typical hours of the layout: 96 h of 37 °C are above 28 °C, which holds 40 °C.
    for part in ["Cooling over a year", "96 hours short", "air holds 40.0 °C to 28.0 °C", "45 °C"]
    {
        assert!(has(&metric, part), "no \"{part}\" among {metric:?}");
    }
    let us = words(&Options { system: System::Us, ..options.clone() });
    assert!(has(&us, "air holds 104.0 °F to 82.4 °F") && !has(&us, "°C"), "{us:?}");
    let error = Shipped::new("keynote-rubin-1gw").try_make("svg", &options).expect_err("none");
    assert!(matches!(error, ReportError::Cooling(_)), "{error}");
}
