//! Charts of money: nothing overlaps or leaves its room, sizes are in proportion, and words
//! say every figure.

use super::*;
use crate::scene::shape::{Ink, rough_size};
use crate::scene::tokens::Token;

fn ink() -> Ink {
    Ink::token(Token::Better)
}

fn breakdown() -> Kind {
    let parts = [
        ("VR NVL72, 3,128", 24.4e9),
        ("GB300 NVL72, 1,648", 6.59e9),
        ("Network, storage", 2.48e9),
        ("Electrical", 5.6e9),
        ("Mechanical", 3.2e9),
        ("Shell", 3.1e9),
        ("BESS, generators", 1.8e9),
        ("Grid connection", 1.1e9),
        ("Contingency", 2.49e9),
        ("Soft cost", 0.6e9),
        ("Land", 0.003e9),
    ];
    let slices = parts.map(|(name, value)| Slice { name: name.into(), value, ink: ink() });
    Kind::Breakdown(Breakdown { slices: slices.into(), amounts: Amounts::money(51.36e9).finer() })
}

fn columns() -> Kind {
    let series = |name: &str, values: &[f64]| Series {
        name: name.into(),
        ink: ink(),
        values: values.iter().map(|v| v * 1e9).collect(),
    };
    Kind::Columns(Columns {
        labels: (2026..2034).map(|y| format!("FY{y}")).collect(),
        series: vec![
            series("Medium", &[0.0, 0.78, 7.63, 7.04, 5.28, 3.96, 2.79, 0.42]),
            series("Premium", &[0.0, 0.98, 9.57, 8.83, 6.62, 4.97, 3.49, 0.52]),
            series("Invested", &[-5.17, -26.88, -19.64, 0.0, 0.0, 0.0, 0.0, 0.0]),
        ],
        line: Some(series("Cumulative", &[-5.0, -30.3, -29.7, -11.0, 3.0, 13.5, 20.7, 33.8])),
        totals: true,
        amounts: Amounts::money(26e9),
    })
}

fn waterfall(names: &[&str]) -> Kind {
    let mut steps: Vec<Step> = names
        .iter()
        .enumerate()
        .map(|(n, name)| Step {
            name: (*name).into(),
            value: 0.5 - 0.12 * n as f64,
            is_total: false,
        })
        .collect();
    let sum = steps.iter().map(|s| s.value).sum();
    steps.push(Step { name: "Cost".into(), value: sum, is_total: true });
    Kind::Waterfall(Waterfall { steps, amounts: Amounts::price(1.0), more_is_better: None })
}

fn tornado() -> Kind {
    let bar = |name: &str, low: (&str, f64), high: (&str, f64)| Bar {
        name: name.into(),
        low: (low.0.into(), Some(low.1 * 1e9)),
        high: (high.0.into(), Some(high.1 * 1e9)),
    };
    Kind::Tornado(Tornado {
        base: 13.43e9,
        bars: vec![
            bar("Price decline, %/yr", ("15", 33.0), ("40", -8.3)),
            bar("Energisation delay, months", ("0", 13.43), ("12", -4.6)),
            bar(
                "First-year deduction, share of the cost that is deducted",
                ("0", 12.0),
                ("1", 9.0),
            ),
            bar("Electricity, $/MWh", ("40", 14.0), ("91", 12.8)),
        ],
        amounts: Amounts::money(33e9),
        more_is_better: true,
    })
}

fn fan() -> Kind {
    let line = |end: f64| -> Vec<f64> {
        (0..9).map(|n| 1e9 * (-30.0 + (end + 30.0) * f64::from(n) / 8.0)).collect()
    };
    Kind::Fan(Fan {
        labels: (2026..2035).map(|y| format!("FY{y}")).collect(),
        p10: line(20.4),
        p50: line(8.0),
        p90: line(-1.15),
        base: Some(line(8.2)),
        amounts: Amounts::money(30e9),
    })
}

fn phases() -> Kind {
    let track = |name: &str, at: f64| Track {
        name: name.into(),
        stages: vec![
            Stage { name: "Building".into(), ink: ink(), from: at, to: at + 18.0 },
            Stage { name: "Full load".into(), ink: ink(), from: at + 18.0, to: 96.0 },
        ],
    };
    let tracks = vec![track("Phase 1, 250 MW", 0.0), track("Phase 2, 250 MW", 9.0)];
    Kind::Phases(Phases { start: (2026, 11), months: 96.0, tracks })
}

fn charts() -> Vec<Chart> {
    let short = ["Racks", "Network", "Site", "Energy", "Opex", "Tax"];
    let long = ["Keynote figure at unlimited demand", "Power at the grid meter", "Finite demand"];
    let kinds =
        [breakdown(), columns(), waterfall(&short), waterfall(&long), tornado(), fan(), phases()];
    kinds
        .into_iter()
        .map(|kind| Chart { id: Id::Phases, title: "Title".into(), note: "$B".into(), kind })
        .collect()
}

fn texts(drawing: &Drawing) -> Vec<(String, Bounds)> {
    let text = |s: &Shape| match s {
        Shape::Text { at, anchor, text, role, .. } => {
            Some((text.clone(), anchor.bounds(*at, rough_size(text, *role))))
        }
        _ => None,
    };
    drawing.shapes.iter().filter_map(text).collect()
}

#[test]
fn texts_never_overlap_nor_leave_the_room() {
    for (w, h) in [(330.0, 420.0), (380.0, 260.0), (900.0, 420.0), (280.0, 240.0)] {
        let room = Bounds::xywh(12.0, 20.0, w, h);
        for chart in charts() {
            let drawing = chart.draw(room, &mut rough_size);
            let texts = texts(&drawing);
            assert!(!texts.is_empty(), "{chart:?}");
            for (n, (text, a)) in texts.iter().enumerate() {
                assert!(room.grown(6.0).contains_box(a), "{text} leaves {room:?}: {a:?}");
                for (other, b) in texts.iter().skip(n + 1) {
                    // Lines of text may touch: letters are lower than their line.
                    assert!(
                        !a.grown(-1.5).intersects(&b.grown(-1.5)),
                        "{text} on {other}, {w} x {h}"
                    );
                }
            }
            for mark in &drawing.marks {
                assert!(room.grown(2.0).contains_box(&mark.bounds), "{mark:?}");
            }
        }
    }
}

#[test]
fn slices_are_in_proportion_and_fill_the_column() {
    let room = Bounds::xywh(0.0, 0.0, 330.0, 426.0);
    let chart = Chart { id: Id::Phases, title: "t".into(), note: String::new(), kind: breakdown() };
    let marks = chart.draw(room, &mut rough_size).marks;
    assert_eq!(marks.len(), 11);
    let ratio = (marks[0].bounds.height() + 1.0) / (marks[3].bounds.height() + 1.0);
    assert!((ratio - 24.4 / 5.6).abs() < 1e-9, "{ratio}");
    assert!((marks[10].bounds.max.y - 400.0).abs() < 1.0, "down to the rule of the total");
}

#[test]
fn what_has_no_row_of_its_own_is_added_up() {
    let Kind::Breakdown(chart) = breakdown() else { return };
    let total: f64 = chart.slices.iter().map(|s| s.value).sum();
    let room = Bounds::xywh(0.0, 0.0, 330.0, 120.0);
    let drawing = chart.draw(room, &mut rough_size);
    let found = texts(&drawing);
    assert!(found.iter().any(|t| t.0 == "Other"), "{found:?}");
    assert!(found.iter().any(|t| t.0 == chart.amounts.digits(total)), "the total stays");
}

#[test]
fn steps_of_a_waterfall_meet_and_reach_the_total() {
    for (names, w) in [(&["Racks", "Site"][..], 400.0), (&["A very long name of a step"; 6], 300.0)]
    {
        let Kind::Waterfall(chart) = waterfall(names) else { return };
        let drawing = chart.draw(Bounds::xywh(0.0, 0.0, w, 260.0), &mut rough_size);
        assert_eq!(drawing.marks.len(), names.len() + 1);
        let spans = chart.draw(Bounds::xywh(0.0, 0.0, w, 260.0), &mut rough_size);
        assert_eq!(spans, drawing, "same input, same drawing");
    }
}

#[test]
fn colours_of_a_tornado_say_better_and_worse_whatever_end_it_is() {
    let Kind::Tornado(chart) = tornado() else { return };
    let drawing = chart.draw(Bounds::xywh(0.0, 0.0, 500.0, 200.0), &mut rough_size);
    let base = drawing.shapes.iter().rev().find_map(|s| match s {
        Shape::Line { points, .. } => points.first().copied(),
        _ => None,
    });
    let base = base.expect("the line of the base").x;
    for shape in &drawing.shapes {
        let Shape::Rect { bounds, fill: Some(fill), .. } = shape else { continue };
        if bounds.width() < 10.0 || bounds.width() == bounds.height() {
            continue;
        }
        let right = bounds.centre().x > base;
        let better = fill.hue == Ink::token(Token::Better).hue;
        assert_eq!(right, better, "{bounds:?}");
    }
}

#[test]
fn words_say_every_figure() {
    let all: Vec<String> = charts().iter().map(Chart::words).collect();
    for (n, part) in [
        (0, "VR NVL72, 3,128 $24.40 B"),
        (0, "total $51.36 B"),
        (1, "FY2028 Medium $7.6 B, Premium $9.6 B, Invested −$19.6 B"),
        (4, "base $13.4 B"),
        (4, "Price decline, %/yr at 15 $33.0 B, at 40 −$8.3 B"),
        (5, "FY2034 P10 $20.4 B, P50 $8.0 B, P90 −$1.1 B"),
        (6, "Phase 1, 250 MW: Building 2026-11 to 2028-04"),
    ] {
        assert!(all[n].contains(part), "{part} in {}", all[n]);
    }
}

#[test]
fn extremes_draw_without_panic() {
    let nothing = Kind::Columns(Columns {
        labels: vec!["FY2027".into()],
        series: vec![Series { name: "Nothing".into(), ink: ink(), values: vec![] }],
        line: None,
        totals: true,
        amounts: Amounts::money(0.0),
    });
    let flat = Kind::Tornado(Tornado {
        base: 1e13,
        bars: vec![Bar {
            name: "x".into(),
            low: ("0".into(), None),
            high: ("1".into(), Some(1e13)),
        }],
        amounts: Amounts::money(1e13),
        more_is_better: true,
    });
    for kind in [nothing, flat] {
        let chart = Chart { id: Id::Phases, title: "t".into(), note: String::new(), kind };
        for (w, h) in [(400.0, 300.0), (41.0, 41.0), (10.0, 5.0)] {
            let drawing = chart.draw(Bounds::xywh(0.0, 0.0, w, h), &mut rough_size);
            for (_, b) in texts(&drawing) {
                assert!(b.min.x.is_finite() && b.max.y.is_finite());
            }
        }
        assert!(!chart.words().is_empty());
    }
}
