//! The board's page: what the site is, eight figures, what a token costs, what moves the value,
//! and what must be doubted, on one sheet. It must not know file formats.

use super::facts::Facts;
use super::figure;
use crate::report::document::paper;
use crate::report::drawing::framed;
use crate::report::paper::PER_MM;
use crate::report::{Face, Layer, Options, Picture};
use crate::scene::chart::money::{Chart, Id, fitted};
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::units::Money;
use crate::units::format::money_per_year;

const MARGIN: f64 = 38.0;
const HEAD: f64 = 62.0;
const TILES: f64 = 62.0;
const FOOT: f64 = 128.0;
const GAP: f64 = 14.0;

/// The page on paper of a size in mm, landscape.
pub fn page(facts: &Facts, size_mm: (f64, f64), measure: &mut Measure) -> Picture {
    let (width, height) = (size_mm.0 * PER_MM, size_mm.1 * PER_MM);
    let ground = Bounds::xywh(0.0, 0.0, width, height);
    let inner = Bounds { min: pt(MARGIN, 28.0), max: pt(width - MARGIN, height - 26.0) };
    let mut layers = vec![Layer::whole(vec![Shape::fill(ground, Ink::token(Token::Panel))])];
    let mut shapes = head(facts, &inner, measure);
    let top = inner.min.y + HEAD;
    let row = Bounds { min: pt(inner.min.x, top), max: pt(inner.max.x, top + TILES) };
    shapes.extend(tiles(facts, &row, measure));
    let body = Bounds {
        min: pt(inner.min.x, row.max.y + GAP),
        max: pt(inner.max.x, inner.max.y - FOOT - GAP),
    };
    layers.push(Layer::whole(shapes));
    layers.extend(middle(facts, &body, measure));
    let below = Bounds { min: pt(inner.min.x, inner.max.y - FOOT), max: inner.max };
    layers.push(Layer::whole(foot(facts, &below, measure)));
    let title = format!("{}, investment summary", facts.name());
    Picture { title, width, height, palette: paper(), layers }
}

fn head(facts: &Facts, inner: &Bounds, measure: &mut Measure) -> Vec<Shape> {
    let (holds, state) = facts.master();
    let (token, ground) = if holds { (Token::Ok, Token::OkBg) } else { (Token::Err, Token::ErrBg) };
    let state = fitted(&state, inner.width() * 0.4, TextRole::SmallStrong, measure);
    let wide = measure(&state, TextRole::SmallStrong).0 + 16.0;
    let chip = Bounds::xywh(inner.max.x - wide, inner.min.y + 4.0, wide, 20.0);
    let rates = &facts.found.evaluation.results.unlevered;
    let line = format!(
        "Investment summary  ·  before any loan, after tax, nominal USD at {}  ·  prices {}",
        crate::units::format::share(rates.rate),
        facts.price_date()
    );
    let mut out = vec![
        Shape::text(inner.min, Anchor::LeftTop, facts.name(), (TextRole::Page, Token::Text1)),
        Shape::text(
            inner.min.plus(0.0, 31.0),
            Anchor::LeftTop,
            line,
            (TextRole::Body, Token::Text2),
        ),
        Shape::Rect { bounds: chip, fill: Some(Ink::token(ground)), pen: None, radius: 10.0 },
        Shape::text(chip.centre(), Anchor::Centre, state, (TextRole::SmallStrong, token)),
    ];
    let stamp = facts.stamp();
    if !stamp.is_empty() {
        let at = pt(inner.max.x, inner.min.y + 33.0);
        out.push(Shape::text(at, Anchor::RightTop, stamp, (TextRole::Small, Token::Warn)));
    }
    out
}

/// Label, key figure, and what stands below it.
fn figures(facts: &Facts) -> [(&'static str, String, String); 8] {
    let f = &facts.found.evaluation.results;
    let share = crate::units::format::share;
    let grid = crate::units::format::power(crate::units::Power::mw(facts.outcome.plan.grid_mw));
    let key = |id: &str| facts.key(id);
    let per_mtok = |id: &str| key(id).trim_end_matches(" per M").to_owned();
    // The figure of the window's headline, and what it is.
    let stated = &facts.found.headline_revenue;
    let said = stated.label.trim_start_matches("Revenue, ").to_owned();
    let payback = f.unlevered.payback.last.map_or("never".to_owned(), |_| key("payback_years"));
    let discounted = match f.unlevered.discounted_payback.last {
        Ok(_) => format!("discounted {}", key("discounted_payback_years")),
        Err(_) => "discounted never".to_owned(),
    };
    [
        ("Net present value", key("npv_usd"), format!("after tax at {}", share(f.unlevered.rate))),
        ("Internal rate", key("irr_frac"), format!("modified {}", key("mirr_frac"))),
        ("Payback", payback, discounted),
        ("Capex", key("capex_usd"), format!("{grid} grid")),
        ("Revenue", money_per_year(Money::usd(stated.usd_per_year)), said),
        ("EBITDA", key("ebitda_usd_per_year"), "first full year".to_owned()),
        ("Levelised cost", per_mtok("levelised_usd_per_mtok"), "per M tokens".to_owned()),
        (
            "Break-even price",
            per_mtok("breakeven_usd_per_mtok"),
            format!("sold at {}", per_mtok("price_usd_per_mtok")),
        ),
    ]
}

fn tiles(facts: &Facts, row: &Bounds, measure: &mut Measure) -> Vec<Shape> {
    let figures = figures(facts);
    let wide = row.width() / figures.len() as f64;
    let pen = Pen::token(Token::Line2, 1.0);
    let mut out = vec![
        Shape::line(row.min, pt(row.max.x, row.min.y), pen),
        Shape::line(pt(row.min.x, row.max.y), row.max, pen),
    ];
    for (n, (label, value, below)) in figures.into_iter().enumerate() {
        let x = row.min.x + n as f64 * wide + if n == 0 { 0.0 } else { 10.0 };
        let room = wide - if n == 0 { 8.0 } else { 18.0 };
        if n > 0 {
            let at = row.min.x + n as f64 * wide;
            let (a, b) = (pt(at, row.min.y + 8.0), pt(at, row.max.y - 8.0));
            out.push(Shape::line(a, b, Pen::token(Token::Line, 1.0)));
        }
        let roles = [TextRole::Headline, TextRole::BodyStrong, TextRole::TinyStrong];
        let fits = |role: &TextRole, measure: &mut Measure| measure(&value, *role).0 <= room;
        let role = roles.into_iter().find(|r| fits(r, measure)).unwrap_or(TextRole::TinyStrong);
        let value = fitted(&value, room, role, measure);
        let label = fitted(label, room, TextRole::Small, measure);
        let below = fitted(&below, room, TextRole::Tiny, measure);
        let y = row.min.y;
        let small = (TextRole::Small, Token::Text2);
        out.push(Shape::text(pt(x, y + 8.0), Anchor::LeftTop, label, small));
        out.push(Shape::text(pt(x, y + 33.0), Anchor::LeftCentre, value, (role, Token::Text1)));
        let tiny = (TextRole::Tiny, Token::Text3);
        out.push(Shape::text(pt(x, y + 45.0), Anchor::LeftTop, below, tiny));
    }
    out
}

/// The site at the left, two charts at the right.
fn middle(facts: &Facts, body: &Bounds, measure: &mut Measure) -> Vec<Layer> {
    let split = body.min.x + body.width() * 0.5;
    let left = Bounds { min: body.min, max: pt(split - GAP, body.max.y) };
    let halfway = (body.min.y + body.max.y) / 2.0;
    let upper = Bounds { min: pt(split + GAP, body.min.y), max: pt(body.max.x, halfway - 8.0) };
    let lower = Bounds { min: pt(split + GAP, halfway + 8.0), max: body.max };
    let mut charts: Vec<Chart> = facts.board_charts();
    let mut out = Vec::new();
    let options = Options { face: Face::SitePlan, ..Options::default() };
    let title = Shape::text(
        left.min,
        Anchor::LeftTop,
        Face::SitePlan.name(),
        (TextRole::BodyStrong, Token::Text1),
    );
    let below = Bounds { min: left.min.plus(0.0, 22.0), max: left.max };
    match framed(facts.subject, &options, below, measure) {
        Ok(layers) => {
            out.push(Layer::whole(vec![title]));
            out.extend(layers);
        }
        // A reference infrastructure has no ground: a chart more takes its place.
        Err(_) => {
            if let Some(chart) = facts.chart(Id::CashFlow) {
                out.push(Layer::whole(figure::titled(&chart, left, measure)));
            }
        }
    }
    charts.truncate(2);
    for (chart, room) in charts.iter().zip([upper, lower]) {
        out.push(Layer::whole(figure::titled(chart, room, measure)));
    }
    out
}

fn foot(facts: &Facts, room: &Bounds, measure: &mut Measure) -> Vec<Shape> {
    let pen = Pen::token(Token::Line2, 1.0);
    let mut out = vec![Shape::line(room.min, pt(room.max.x, room.min.y), pen)];
    let strong = (TextRole::BodyStrong, Token::Text1);
    let title = room.min.plus(0.0, 8.0);
    out.push(Shape::text(title, Anchor::LeftTop, "What to doubt", strong));
    let top = room.min.y + 29.0;
    let rows = ((room.height() - 29.0 - 18.0) / 16.0).floor().max(1.0) as usize;
    let column = room.width() / 2.0;
    for (n, caveat) in facts.caveats().iter().take(rows * 2).enumerate() {
        let (x, y) = (room.min.x + (n / rows) as f64 * column, top + (n % rows) as f64 * 16.0);
        let fill = Some(Ink::token(Token::WarnFill));
        let centre = pt(x + 3.0, y + 7.5);
        out.push(Shape::Circle { centre, radius: 2.4, fill, pen: None });
        let text = fitted(caveat, column - 30.0, TextRole::Small, measure);
        let style = (TextRole::Small, Token::Text1);
        out.push(Shape::text(pt(x + 12.0, y), Anchor::LeftTop, text, style));
    }
    let origin = fitted(&facts.origin(), room.width(), TextRole::Tiny, measure);
    let tiny = (TextRole::Tiny, Token::Text3);
    out.push(Shape::text(pt(room.min.x, room.max.y), Anchor::LeftBottom, origin, tiny));
    out
}
