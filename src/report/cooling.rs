//! The cooling loops of a site as a page: a chart for each loop with its figures. It must not
//! know files.

use super::{Layer, Options, Picture, ReportError, Subject};
use crate::scene::chart::{
    Bar, CoolingYear, DurationCurve, HeatMap, PueDuration, draw_duration, draw_heat, draw_year,
};
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Shape};
use crate::scene::tokens::{Palette, TextRole, Token};
use crate::study::cooling::{Duration, Loops, Weather, loops};
use crate::units::Celsius;
use crate::units::format::{System, fixed, known, temperature};

const WIDTH: f64 = 1200.0;
const MARGIN: f64 = 32.0;
const HEAD: f64 = 86.0;
/// Height of one loop: title, figures, chart.
const LOOP: f64 = 420.0;
/// Height of PUE by month and hour, where the weather is known hour by hour.
const MAP: f64 = 330.0;
/// Width of the chart of a year; PUE by hour stands beside it.
const YEAR: f64 = 620.0;
/// Loops on one page; a campus has many that are alike.
const MOST: usize = 6;
/// Width of a bar, K.
const BAR_C: f64 = 2.0;

/// The loops of a site under its own weather.
///
/// # Errors
/// [`ReportError::Cooling`] with what stops the assessment.
pub fn of_site(
    subject: &Subject,
    options: &Options,
    measure: &mut Measure,
) -> Result<Picture, ReportError> {
    let (found, report) = loops(subject.site, subject.catalog, &Weather::default());
    let why = || report.items.first().map_or_else(String::new, |d| d.message.clone());
    let found = found.filter(|f| !f.loops.is_empty());
    let found = found.ok_or_else(|| ReportError::Cooling(why()))?;
    let mut picture = drawn(&found, (options.dark, options.system), measure);
    let foot = format!(
        "{}  ·  {}  ·  Catalogue {}  ·  1 of 1",
        subject.site.terms.site.name,
        options.face.name(),
        subject.catalog.version
    );
    let at = pt(MARGIN, picture.height - 12.0);
    let words = Shape::text(at, Anchor::LeftBottom, foot, (TextRole::Small, Token::Text3));
    if let Some(layer) = picture.layers.first_mut() {
        layer.shapes.push(words);
    }
    Ok(picture)
}

/// Draws the loops; texts are measured by whoever paints them.
pub fn picture(found: &Loops, dark: bool, measure: &mut Measure) -> Picture {
    drawn(found, (dark, System::Metric), measure)
}

fn drawn(found: &Loops, (dark, system): (bool, System), measure: &mut Measure) -> Picture {
    let shown = found.loops.len().clamp(1, MOST);
    let mapped = !found.pue_map.is_empty();
    let tall = LOOP + if mapped { MAP } else { 0.0 };
    let height = HEAD + tall * shown as f64 + MARGIN;
    let mut shapes =
        vec![Shape::fill(Bounds::xywh(0.0, 0.0, WIDTH, height), Ink::token(Token::Canvas))];
    let title = format!("Cooling over a year: {}", found.weather);
    let at = |y: f64| pt(MARGIN, y);
    let style = (TextRole::Headline, Token::Text1);
    shapes.push(Shape::text(at(26.0), Anchor::LeftTop, title.as_str(), style));
    let more = found.loops.len().saturating_sub(MOST);
    let rest = if more > 0 { format!("  ·  {more} more loops") } else { String::new() };
    let words = format!(
        "Warmest hour of the typical year {}, design extreme {}{rest}",
        degrees(found.warmest_c, system),
        known(found.extreme_c, |c| degrees(c, system))
    );
    shapes.push(Shape::text(at(54.0), Anchor::LeftTop, words, (TextRole::Body, Token::Text2)));
    for (k, l) in found.loops.iter().take(MOST).enumerate() {
        let top = HEAD + tall * k as f64;
        let style = (TextRole::BodyStrong, Token::Text1);
        shapes.push(Shape::text(at(top), Anchor::LeftTop, l.name.as_str(), style));
        let y = l.year;
        let words = format!(
            "{} supply  ·  {} hours short  ·  PUE {} mean, {} worst hour, {} at the extreme  ·  water {} L/kWh",
            degrees(l.supply_c, system),
            fixed(y.hours_short, 0),
            fixed(y.pue_mean, 3),
            fixed(y.pue_worst, 3),
            known(y.pue_design, |v| fixed(v, 3)),
            fixed(y.wue_l_per_kwh, 2)
        );
        let style = (TextRole::Small, Token::Text2);
        shapes.push(Shape::text(at(top + 20.0), Anchor::LeftTop, words, style));
        let min = pt(MARGIN - 8.0, top + 44.0);
        let room = Bounds { min, max: pt(MARGIN + YEAR, top + LOOP - 20.0) };
        shapes.extend(draw_year(&year(found, k).within(system), room, measure));
        let min = pt(MARGIN + YEAR + 8.0, top + 44.0);
        let room = Bounds { min, max: pt(WIDTH - MARGIN + 8.0, top + LOOP - 20.0) };
        shapes.extend(draw_duration(&duration(found, k, system), room, measure));
        if mapped {
            let room = Bounds::xywh(
                MARGIN - 8.0,
                top + LOOP - 8.0,
                WIDTH - 2.0 * MARGIN + 16.0,
                MAP - 20.0,
            );
            shapes.extend(draw_heat(&heat(found, k), room, measure));
        }
    }
    let palette = if dark { Palette::dark() } else { Palette::light() };
    Picture { title, width: WIDTH, height, palette, layers: vec![Layer::whole(shapes)] }
}

/// The chart of a loop of the answer; empty where there is none of that number.
pub fn year(found: &Loops, loop_number: usize) -> CoolingYear {
    let (Some(l), Some(parts)) = (found.loops.get(loop_number), found.years.get(loop_number))
    else {
        return CoolingYear::default();
    };
    let mut bars: Vec<Bar> = Vec::new();
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return CoolingYear::default();
    };
    let mut low = (first.drybulb_c / BAR_C).floor() * BAR_C;
    while low <= last.drybulb_c {
        bars.push(Bar { from_c: low, to_c: low + BAR_C, hours: 0.0, short_h: 0.0 });
        low += BAR_C;
    }
    for part in parts {
        if let Some(bar) = bars.iter_mut().find(|b| part.drybulb_c < b.to_c) {
            bar.hours += part.hours;
            bar.short_h += part.short_h;
        }
    }
    // One value a degree is as fine as the chart shows; towers scatter with the wet bulb.
    let mut pue: Vec<(f64, f64)> = Vec::new();
    let mut sums = (f64::NEG_INFINITY, 0.0, 0.0, 0.0);
    for part in parts {
        let degree = part.drybulb_c.floor();
        if degree != sums.0 {
            if sums.1 > 0.0 {
                pue.push((sums.2 / sums.1, sums.3 / sums.1));
            }
            sums = (degree, 0.0, 0.0, 0.0);
        }
        sums.1 += part.hours;
        sums.2 += part.hours * part.drybulb_c;
        sums.3 += part.hours * part.pue_ratio;
    }
    if sums.1 > 0.0 {
        pue.push((sums.2 / sums.1, sums.3 / sums.1));
    }
    let dry = !l.machines.has_tower();
    let limit = l.machines.rejectors.iter().map(|(_, r)| l.machines.limit_c(r)).reduce(f64::min);
    let short_words = match l.has_chiller {
        true => "Hours with chillers",
        false => "Hours short of the set point",
    };
    CoolingYear {
        bars,
        pue,
        limit_c: limit.filter(|_| dry),
        set_point_c: Some(l.supply_c),
        extreme_c: found.extreme_c,
        short_words: short_words.into(),
        unit: "°C",
    }
}

fn degrees(c: f64, system: System) -> String {
    temperature(Celsius::c(c), system)
}

/// PUE of a loop by month and hour of the day; empty where the weather is not known hour by hour.
pub fn heat(found: &Loops, loop_number: usize) -> HeatMap {
    let id = found.loops.get(loop_number).map(|l| &l.id);
    let map = found.pue_map.iter().find(|m| Some(&m.loop_id) == id);
    map.map_or_else(HeatMap::default, |m| HeatMap {
        cells: m.pue_ratio.clone(),
        days: m.days.clone(),
    })
}

/// PUE of the hours of a year at the set points of a loop; empty where there is none of that
/// number.
pub fn duration(found: &Loops, loop_number: usize, system: System) -> PueDuration {
    let (Some(l), Some(years)) = (found.loops.get(loop_number), found.durations.get(loop_number))
    else {
        return PueDuration::default();
    };
    let curve = |d: &Duration| DurationCurve {
        name: degrees(d.supply_c, system).replace(".0 ", " "),
        own: d.supply_c == l.supply_c,
        parts: d.parts.clone(),
    };
    PueDuration { curves: years.iter().map(curve).collect(), design: l.year.pue_design }
}
