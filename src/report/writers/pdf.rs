//! PDF: pictures as pages of vector shapes with the embedded font, so that text can be
//! searched and lengths measured. It must not know what a picture shows.

use super::png;
use super::svg::baseline;
use crate::report::Picture;
use crate::report::document::{Link, Place};
use crate::scene::geom::{Bounds, Pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{Palette, TextRole, Weight};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, LineJoin, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{Font, Tag, TextDirection};
use krilla::{Document, SerializeSettings};

/// Points of a PDF are 1/72 inch, those of a picture 1/96.
const POINTS: f64 = 72.0 / 96.0;
/// Distance of the handles of a quarter circle from its ends, in radii.
const QUARTER: f64 = 0.552_284_75;

/// Pages that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("a page of {0:.0} x {1:.0} points has no size")]
    Size(f64, f64),
    #[error("the font cannot be embedded")]
    Font,
    #[error("the document cannot be written: {0}")]
    Document(String),
}

/// What a document says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    pub title: String,
    /// One sentence on what it holds.
    pub description: String,
    /// Streams are left readable, for whoever looks into the file.
    pub plain: bool,
    /// Year, month and day that it is dated with; never the clock's.
    pub date: Option<(i32, u32, u32)>,
    /// Headings, for the list beside the pages.
    pub places: Vec<Place>,
    /// Words that lead to one of them.
    pub links: Vec<Link>,
}

/// Pictures as the pages of one document, in their order and size.
///
/// # Errors
/// A page without a size.
pub fn write(pages: &[Picture], about: &About) -> Result<Vec<u8>, PdfError> {
    let settings = SerializeSettings {
        compress_content_streams: !about.plain,
        ..SerializeSettings::default()
    };
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata(about));
    if let Some(outline) = outline(&about.places) {
        document.set_outline(outline);
    }
    let fonts = Fonts::new().ok_or(PdfError::Font)?;
    let mut measure = png::measure();
    for (number, picture) in pages.iter().enumerate() {
        let (width, height) = (picture.width * POINTS, picture.height * POINTS);
        let settings = PageSettings::from_wh(width as f32, height as f32)
            .ok_or(PdfError::Size(picture.width, picture.height))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.push_transform(&Transform::from_scale(POINTS as f32, POINTS as f32));
        let mut brush = Brush {
            surface: &mut surface,
            palette: &picture.palette,
            fonts: &fonts,
            measure: &mut measure,
        };
        for layer in &picture.layers {
            let window = layer.clip.as_ref().and_then(|clip| rectangle(clip, 0.0));
            if let Some(window) = &window {
                brush.surface.push_clip_path(window, &FillRule::NonZero);
            }
            layer.shapes.iter().for_each(|shape| brush.shape(shape));
            if window.is_some() {
                brush.surface.pop();
            }
        }
        surface.pop();
        surface.finish();
        for link in about.links.iter().filter(|l| l.page == number) {
            if let Some(link) = annotation(link, &about.places) {
                page.add_annotation(link);
            }
        }
        page.finish();
    }
    document.finish().map_err(|e| PdfError::Document(format!("{e:?}")))
}

fn metadata(about: &About) -> Metadata {
    let metadata = Metadata::new()
        .title(about.title.clone())
        .description(about.description.clone())
        .creator(format!("Gigasite {}", env!("CARGO_PKG_VERSION")))
        .language("en".to_owned());
    let Some((year, month, day)) = about.date else { return metadata };
    let year = u16::try_from(year).unwrap_or(1970);
    let date = DateTime::new(year).month(month as u8).day(day as u8);
    metadata.creation_date(date.hour(0).minute(0).second(0).utc_offset_hour(0).utc_offset_minute(0))
}

fn destination(place: &Place) -> XyzDestination {
    // A little above the heading.
    let y = (place.y - 12.0).max(0.0) * POINTS;
    XyzDestination::new(place.page, Point::from_xy(0.0, y as f32))
}

/// Chapters with their sections.
fn outline(places: &[Place]) -> Option<Outline> {
    let mut outline = Outline::new();
    let mut chapter: Option<OutlineNode> = None;
    for place in places.iter().filter(|p| p.level <= 2) {
        let node = OutlineNode::new(place.text.clone(), destination(place));
        match &mut chapter {
            Some(open) if place.level == 2 => open.push_child(node),
            _ => {
                if let Some(done) = chapter.replace(node) {
                    outline.push_child(done);
                }
            }
        }
    }
    outline.push_child(chapter?);
    Some(outline)
}

fn annotation(link: &Link, places: &[Place]) -> Option<Annotation> {
    let place = places.get(link.to)?;
    let b = &link.bounds;
    let at = |v: f64| (v * POINTS) as f32;
    let area = Rect::from_xywh(at(b.min.x), at(b.min.y), at(b.width()), at(b.height()))?;
    let target = Target::Destination(destination(place).into());
    let words = format!("To {}", place.text);
    Some(Annotation::new_link(LinkAnnotation::new(area, target), Some(words)))
}

/// The embedded font in the weights of the theme.
struct Fonts {
    regular: Font,
    medium: Font,
    strong: Font,
}

impl Fonts {
    fn new() -> Option<Self> {
        let of = |weight: Weight| {
            let axis = [(Tag::new(b"wght"), weight.axis())];
            Font::new_variable(png::FONT.to_vec().into(), 0, &axis)
        };
        let (regular, medium) = (of(Weight::Regular)?, of(Weight::Medium)?);
        Some(Self { regular, medium, strong: of(Weight::SemiBold)? })
    }

    fn of(&self, role: TextRole) -> Font {
        match role.style().weight {
            Weight::Regular => self.regular.clone(),
            Weight::Medium => self.medium.clone(),
            Weight::SemiBold => self.strong.clone(),
        }
    }
}

struct Brush<'a, 'b, 'c> {
    surface: &'a mut Surface<'b>,
    palette: &'a Palette,
    fonts: &'a Fonts,
    measure: &'a mut Measure<'c>,
}

impl Brush<'_, '_, '_> {
    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Rect { bounds, fill, pen, radius } => {
                self.path(rectangle(bounds, f64::from(*radius)), *fill, *pen);
            }
            Shape::Line { points, pen } => {
                self.path(chain(points.iter(), false), None, Some(*pen));
            }
            Shape::Polygon { points, fill, pen } => {
                self.path(chain(points.iter(), true), *fill, *pen);
            }
            Shape::Band { upper, lower, fill } => {
                let around = upper.iter().chain(lower.iter().rev());
                self.path(chain(around, true), Some(*fill), None);
            }
            Shape::Circle { centre, radius, fill, pen } => {
                let around = Bounds::around(*centre, radius * 2.0, radius * 2.0);
                self.path(rectangle(&around, *radius), *fill, *pen);
            }
            Shape::Text { at, anchor, text, role, ink } => {
                let middle = at.y + (0.5 - anchor.fractions().1) * f64::from(role.style().line);
                self.text(Pt { x: at.x, y: middle }, *anchor, text, (*role, *ink));
            }
            Shape::TextUp { at, text, role, ink } => {
                let turn = Transform::from_rotate_at(-90.0, at.x as f32, at.y as f32);
                self.surface.push_transform(&turn);
                self.text(*at, Anchor::Centre, text, (*role, *ink));
                self.surface.pop();
            }
        }
    }

    fn path(&mut self, path: Option<Path>, fill: Option<Ink>, pen: Option<Pen>) {
        let (fill, pen) = (fill.filter(|i| i.alpha > 0.0), pen.filter(|p| p.ink.alpha > 0.0));
        let Some(path) = path.filter(|_| fill.is_some() || pen.is_some()) else { return };
        self.surface.set_fill(fill.map(|ink| self.fill(ink)));
        self.surface.set_stroke(pen.map(|pen| self.stroke(pen)));
        self.surface.draw_path(&path);
    }

    /// Text around the middle of its line.
    fn text(&mut self, middle: Pt, anchor: Anchor, text: &str, (role, ink): (TextRole, Ink)) {
        // A line break or a tab has no glyph.
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let (before, _) = anchor.fractions();
        let wide = if before > 0.0 { (self.measure)(&text, role).0 } else { 0.0 };
        let start =
            Point::from_xy((middle.x - before * wide) as f32, baseline(middle.y, role) as f32);
        self.surface.set_fill(Some(self.fill(ink)));
        self.surface.set_stroke(None);
        let (font, size) = (self.fonts.of(role), role.style().size);
        self.surface.draw_text(start, font, size, &text, false, TextDirection::Auto);
    }

    fn fill(&self, ink: Ink) -> Fill {
        Fill { paint: self.colour(ink).into(), opacity: opacity(ink), rule: FillRule::NonZero }
    }

    fn stroke(&self, pen: Pen) -> Stroke {
        Stroke {
            paint: self.colour(pen.ink).into(),
            width: pen.width,
            line_join: LineJoin::Round,
            opacity: opacity(pen.ink),
            dash: pen.dash.map(|(on, off)| StrokeDash { array: vec![on, off], offset: 0.0 }),
            ..Stroke::default()
        }
    }

    fn colour(&self, ink: Ink) -> rgb::Color {
        let c = ink.hue.rgb(self.palette);
        rgb::Color::new(c.r, c.g, c.b)
    }
}

fn opacity(ink: Ink) -> NormalizedF32 {
    NormalizedF32::new(ink.alpha.clamp(0.0, 1.0)).unwrap_or(NormalizedF32::ONE)
}

fn chain<'a>(points: impl Iterator<Item = &'a Pt>, close: bool) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (i, p) in points.enumerate() {
        let (x, y) = (p.x as f32, p.y as f32);
        if i == 0 {
            path.move_to(x, y);
        } else {
            path.line_to(x, y);
        }
    }
    if close {
        path.close();
    }
    path.finish()
}

/// A box with round corners; a circle where the radius is half its side.
fn rectangle(b: &Bounds, radius: f64) -> Option<Path> {
    let (w, h) = (b.width().max(0.0), b.height().max(0.0));
    let r = radius.min(w / 2.0).min(h / 2.0);
    let mut path = PathBuilder::new();
    if r <= 0.0 {
        path.push_rect(Rect::from_xywh(b.min.x as f32, b.min.y as f32, w as f32, h as f32)?);
        return path.finish();
    }
    let k = r * (1.0 - QUARTER);
    let (x0, y0, x1, y1) = (b.min.x, b.min.y, b.min.x + w, b.min.y + h);
    let at = |x: f64, y: f64| (x as f32, y as f32);
    path.move_to((x0 + r) as f32, y0 as f32);
    let mut corner = |from: (f32, f32), one: (f32, f32), two: (f32, f32), to: (f32, f32)| {
        path.line_to(from.0, from.1);
        path.cubic_to(one.0, one.1, two.0, two.1, to.0, to.1);
    };
    let start = at(x0 + r, y0);
    corner(at(x1 - r, y0), at(x1 - k, y0), at(x1, y0 + k), at(x1, y0 + r));
    corner(at(x1, y1 - r), at(x1, y1 - k), at(x1 - k, y1), at(x1 - r, y1));
    corner(at(x0 + r, y1), at(x0 + k, y1), at(x0, y1 - k), at(x0, y1 - r));
    corner(at(x0, y0 + r), at(x0, y0 + k), at(x0 + k, y0), start);
    path.close();
    path.finish()
}
