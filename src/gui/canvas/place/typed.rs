//! Dimensions of a placing from figures that are typed and from drags. It knows no pointer.

use crate::catalog::Catalog;
use crate::editor::place::{Placing, Shape};
use crate::gui::measure;
use crate::units::format::{parse_number, unit_of_suffix};
use eframe::egui;

/// Greatest count that a drag draws on one side.
const MOST: f64 = 2_000.0;

/// Characters that continue a dimension: `12 m`, `4x6`, `8*2`, `1,200`.
pub(super) fn belongs(c: char) -> bool {
    c.is_ascii_digit()
        || matches!(c, '.' | ',' | ' ' | 'x' | 'X' | '×' | '*' | '+' | '-' | '/')
        || matches!(c, 'm' | 'f' | 't' | 'i' | 'n')
}

/// The shape that a typed dimension means: `16` racks, `12 m` of racks, `4x6` machines, `120x60`
/// metres of a hall.
///
/// # Errors
/// Nothing, where the text is not a dimension (yet).
pub(super) fn read(
    text: &str,
    placing: &Placing,
    catalog: &Catalog,
    ctx: &egui::Context,
) -> Result<Shape, ()> {
    let parts: Vec<&str> = text.split(['x', 'X', '×']).map(str::trim).collect();
    let (first, second) = match parts.as_slice() {
        [one] if !one.is_empty() => (*one, None),
        [one, two] if !one.is_empty() && !two.is_empty() => (*one, Some(*two)),
        _ => return Err(()),
    };
    let is_length = |t: &str| t.contains(|c: char| c.is_alphabetic());
    let factor = unit_of_suffix("m").measure(measure::system(ctx)).factor;
    let metres = |t: &str| -> Result<f64, ()> {
        let bare = if is_length(t) { 1.0 } else { factor };
        parse_number(t, "m").map(|v| v * bare).map_err(drop)
    };
    let whole = |t: &str| -> Result<u32, ()> {
        let value = parse_number(t, "").map_err(drop)?;
        if value >= 1.0 && value <= f64::from(u32::MAX) {
            Ok(value.round() as u32)
        } else {
            Err(())
        }
    };
    // A length is as many as fit into it.
    let count = |t: &str, pitch: f64| -> Result<u32, ()> {
        if is_length(t) {
            let fit = ((metres(t)? + 1e-9) / pitch.max(1e-3)).floor();
            Ok(fit.clamp(1.0, MOST) as u32)
        } else {
            whole(t)
        }
    };
    match &placing.shape {
        Shape::Lines { lines, pitch_m, .. } => {
            let mut one = super::one_of(placing);
            one.turned = false;
            let width = one.size(catalog).map_or(1.0, |s| s[0]);
            let lines = second.map_or(Ok(*lines), |t| count(t, *pitch_m))?;
            Ok(Shape::Lines { count: count(first, width)?, lines, pitch_m: *pitch_m })
        }
        Shape::Field { rows, pitch_m, .. } => {
            let rows = second.map_or(Ok(*rows), |t| count(t, pitch_m[1]))?;
            Ok(Shape::Field { columns: count(first, pitch_m[0])?, rows, pitch_m: *pitch_m })
        }
        Shape::Size(size) => {
            let south = second.map_or(Ok(size[1]), metres)?;
            Ok(Shape::Size([metres(first)?, south]))
        }
        Shape::Outline(_) => Err(()),
    }
}

/// The placing that a drag by `way` draws from an anchor: `size` is that of one of it.
pub(super) fn drawn(start: &Placing, anchor: [f64; 2], size: [f64; 2], way: [f64; 2]) -> Placing {
    let mut placing = start.clone();
    placing.at = anchor;
    // How many along an axis, and the way that the corner goes for those to the west or north.
    let along = |axis: usize, pitch: f64| -> (u32, f64) {
        let steps = (way[axis].abs() / pitch.max(1e-3)).round().min(MOST);
        let back = if way[axis] < 0.0 { -steps * pitch } else { 0.0 };
        (steps as u32 + 1, back)
    };
    match &mut placing.shape {
        Shape::Lines { count, lines, pitch_m } => {
            let (run, side) = if start.turned { (1, 0) } else { (0, 1) };
            let (n, back) = along(run, size[run]);
            // A line is drawn askew by a hand: the next line begins at its full pitch.
            let full = (way[side].abs() / pitch_m.max(1e-3)).floor().min(MOST);
            let aside = if way[side] < 0.0 { -full * *pitch_m } else { 0.0 };
            (*count, *lines) = (n, full as u32 + 1);
            placing.at[run] += back;
            placing.at[side] += aside;
        }
        Shape::Field { columns, rows, pitch_m } => {
            let pitch = if start.turned { [pitch_m[1], pitch_m[0]] } else { *pitch_m };
            let (east, south) = (along(0, pitch[0]), along(1, pitch[1]));
            (*columns, *rows) = (east.0, south.0);
            placing.at[0] += east.1;
            placing.at[1] += south.1;
        }
        Shape::Size(drawn) => {
            let raster = |v: f64| (v / super::STEP_M).round() * super::STEP_M;
            let whole = way.map(raster);
            placing.at = [0, 1].map(|i: usize| anchor[i] + whole[i].min(0.0));
            *drawn = whole.map(|v| (v.abs() * 1e6).round() / 1e6);
            // What is drawn lies as it is drawn.
            placing.turned = false;
        }
        Shape::Outline(_) => {}
    }
    placing.at = placing.at.map(|v| (v * 1e6).round() / 1e6);
    placing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::place::What;

    fn placing(shape: Shape) -> Placing {
        Placing { what: What::Racks("vr-nvl72".into()), at: [0.0, 0.0], shape, turned: false }
    }

    fn lines(count: u32, lines: u32) -> Shape {
        Shape::Lines { count, lines, pitch_m: 3.6 }
    }

    #[test]
    fn a_drag_draws_as_many_racks_as_it_is_long_to_either_side() {
        let start = placing(lines(8, 1));
        let east = drawn(&start, [10.0, 5.0], [0.6, 1.2], [9.0, 0.4]);
        assert_eq!((east.shape, east.at), (lines(16, 1), [10.0, 5.0]));
        let west = drawn(&start, [10.0, 5.0], [0.6, 1.2], [-9.0, 0.0]);
        assert_eq!((west.shape, west.at), (lines(16, 1), [1.0, 5.0]));
        let two = drawn(&start, [10.0, 5.0], [0.6, 1.2], [4.2, 3.7]);
        assert_eq!(two.shape, lines(8, 2));
    }

    #[test]
    fn a_turned_line_runs_with_the_drag_southwards() {
        let start = Placing { turned: true, ..placing(lines(8, 1)) };
        let south = drawn(&start, [10.0, 5.0], [1.2, 0.6], [0.0, 4.2]);
        assert_eq!((south.shape, south.at), (lines(8, 1), [10.0, 5.0]));
    }

    #[test]
    fn a_hall_is_as_large_as_its_drag_on_the_raster() {
        let start = placing(Shape::Size([120.0, 60.0]));
        let hall = drawn(&start, [60.0, 60.0], [120.0, 60.0], [-30.1, 12.2]);
        assert_eq!(hall.shape, Shape::Size([30.0, 12.0]));
        assert_eq!(hall.at, [30.0, 60.0]);
    }

    #[test]
    fn typed_figures_are_counts_and_with_a_unit_lengths() {
        let catalog = Catalog::embedded().expect("reads");
        let ctx = egui::Context::default();
        let of = |text: &str, shape: Shape| read(text, &placing(shape), &catalog, &ctx);
        assert_eq!(of("16", lines(8, 1)), Ok(lines(16, 1)));
        assert_eq!(of("12 m", lines(8, 1)), Ok(lines(20, 1)), "twenty racks of 0.6 m");
        assert_eq!(of("16x2", lines(8, 1)), Ok(lines(16, 2)));
        assert_eq!(of("16x", lines(8, 1)), Err(()), "not yet");
        assert_eq!(of("0", lines(8, 1)), Err(()));
        let field = |columns, rows| Shape::Field { columns, rows, pitch_m: [3.6, 13.8] };
        assert_eq!(of("4x6", field(1, 1)), Ok(field(4, 6)));
        assert_eq!(of("90x42", Shape::Size([1.0, 1.0])), Ok(Shape::Size([90.0, 42.0])));
    }
}
