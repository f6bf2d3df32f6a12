//! SVG: one element a shape, text as text. It must not know fonts: a viewer without the
//! embedded one takes the next of the list.

use crate::report::Picture;
use crate::scene::geom::{Bounds, Pt};
use crate::scene::shape::{Ink, Pen, Shape};
use crate::scene::tokens::{Palette, TextRole};
use std::fmt::Write;

/// Families in the order in which a viewer looks for them.
const FAMILIES: &str = "'Gigasite Sans', Inter, 'Helvetica Neue', Arial, sans-serif";
/// Height of capitals over the size of the font, for the middle of a line.
const CAPITALS: f64 = 0.727;

/// The picture as the text of an SVG file.
pub fn write(picture: &Picture) -> String {
    let (w, h) = (number(picture.width), number(picture.height));
    let title = escaped(&picture.title);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" \
         viewBox=\"0 0 {w} {h}\" font-family=\"{FAMILIES}\" role=\"img\">\n<title>{title}</title>\n"
    );
    let drawing = Drawing { palette: &picture.palette };
    for (n, layer) in picture.layers.iter().enumerate() {
        if let Some(clip) = &layer.clip {
            let window = corner_and_size(clip);
            let _ = writeln!(out, "<clipPath id=\"window{n}\"><rect {window}/></clipPath>");
            let _ = writeln!(out, "<g clip-path=\"url(#window{n})\">");
        }
        for shape in &layer.shapes {
            out.push_str(&drawing.element(shape));
            out.push('\n');
        }
        if layer.clip.is_some() {
            out.push_str("</g>\n");
        }
    }
    out.push_str("</svg>\n");
    out
}

/// One text alone, for whoever measures it.
pub(super) fn text_alone(text: &str, role: TextRole) -> String {
    let font = font(role);
    let text = escaped(text);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\" \
         font-family=\"{FAMILIES}\"><text x=\"0\" y=\"0\" xml:space=\"preserve\" {font}>{text}</text></svg>"
    )
}

struct Drawing<'a> {
    palette: &'a Palette,
}

impl Drawing<'_> {
    fn element(&self, shape: &Shape) -> String {
        match shape {
            Shape::Rect { bounds, fill, pen, radius } => {
                let style = self.style(*fill, *pen);
                let rx = number(f64::from(*radius));
                format!("<rect {} rx=\"{rx}\"{style}/>", corner_and_size(bounds))
            }
            Shape::Line { points, pen } => {
                let style = self.style(None, Some(*pen));
                format!(
                    "<polyline points=\"{}\"{style} stroke-linejoin=\"round\"/>",
                    chain(points.iter())
                )
            }
            Shape::Polygon { points, fill, pen } => {
                let style = self.style(*fill, *pen);
                format!("<polygon points=\"{}\"{style}/>", chain(points.iter()))
            }
            Shape::Band { upper, lower, fill } => {
                let around = chain(upper.iter().chain(lower.iter().rev()));
                format!("<polygon points=\"{around}\"{}/>", self.style(Some(*fill), None))
            }
            Shape::Circle { centre, radius, fill, pen } => {
                let (x, y, r) = (number(centre.x), number(centre.y), number(*radius));
                let style = self.style(*fill, *pen);
                format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"{style}/>")
            }
            Shape::Text { at, anchor, text, role, ink } => {
                let style = role.style();
                let (fx, fy) = anchor.fractions();
                let middle = at.y + (0.5 - fy) * f64::from(style.line);
                let side = match fx {
                    f if f < 0.25 => "start",
                    f if f < 0.75 => "middle",
                    _ => "end",
                };
                let place = pt_at(at.x, baseline(middle, *role));
                self.text(&place, side, text, (*role, *ink))
            }
            Shape::TextUp { at, text, role, ink } => {
                let (x, y) = (number(at.x), number(at.y));
                let place = pt_at(at.x, baseline(at.y, *role));
                let text = self.text(&place, "middle", text, (*role, *ink));
                format!("<g transform=\"rotate(-90 {x} {y})\">{text}</g>")
            }
        }
    }

    fn text(&self, place: &str, side: &str, text: &str, style: (TextRole, Ink)) -> String {
        let paint = self.paint("fill", style.1);
        let (font, text) = (font(style.0), escaped(text));
        format!("<text {place} text-anchor=\"{side}\" {font}{paint}>{text}</text>")
    }

    fn style(&self, fill: Option<Ink>, pen: Option<Pen>) -> String {
        let mut out = fill.map_or_else(|| " fill=\"none\"".into(), |ink| self.paint("fill", ink));
        if let Some(pen) = pen {
            out.push_str(&self.paint("stroke", pen.ink));
            let _ = write!(out, " stroke-width=\"{}\"", number(f64::from(pen.width)));
            if let Some((on, off)) = pen.dash {
                let (on, off) = (number(f64::from(on)), number(f64::from(off)));
                let _ = write!(out, " stroke-dasharray=\"{on} {off}\"");
            }
        }
        out
    }

    fn paint(&self, what: &str, ink: Ink) -> String {
        let colour = ink.hue.rgb(self.palette).css();
        let opacity = if ink.alpha < 1.0 {
            format!(" {what}-opacity=\"{}\"", number(f64::from(ink.alpha)))
        } else {
            String::new()
        };
        format!(" {what}=\"{colour}\"{opacity}")
    }
}

fn corner_and_size(b: &Bounds) -> String {
    let (x, y) = (number(b.min.x), number(b.min.y));
    let (w, h) = (number(b.width().max(0.0)), number(b.height().max(0.0)));
    format!("x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"")
}

fn pt_at(x: f64, y: f64) -> String {
    format!("x=\"{}\" y=\"{}\"", number(x), number(y))
}

/// Baseline of a line whose capitals stand around `middle`.
pub(super) fn baseline(middle: f64, role: TextRole) -> f64 {
    middle + f64::from(role.style().size) * CAPITALS / 2.0
}

fn font(role: TextRole) -> String {
    let style = role.style();
    let weight = number(f64::from(style.weight.axis()));
    format!("font-size=\"{}\" font-weight=\"{weight}\"", number(f64::from(style.size)))
}

fn chain<'a>(points: impl Iterator<Item = &'a Pt>) -> String {
    points.map(|p| format!("{},{}", number(p.x), number(p.y))).collect::<Vec<_>>().join(" ")
}

/// Hundredths of a point are finer than any screen.
fn number(v: f64) -> String {
    let text = format!("{v:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no way to hold other control characters.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Layer;
    use crate::scene::geom::pt;
    use crate::scene::shape::Anchor;
    use crate::scene::tokens::Token;

    #[test]
    fn shapes_become_elements_in_their_order_with_the_colours_of_the_theme() {
        let ink = Ink::token(Token::Accent);
        let line = vec![pt(0.0, 1.0), pt(2.126, -0.001)];
        let style = (TextRole::Body, Token::Text1);
        let words = Shape::text(pt(5.0, 6.0), Anchor::RightCentre, "5 & 6", style);
        let picture = Picture {
            title: "a < b".into(),
            width: 10.0,
            height: 20.5,
            palette: Palette::light(),
            layers: vec![
                Layer::whole(vec![
                    Shape::fill(Bounds::xywh(1.0, 2.0, 3.0, 4.0), ink.faded(0.5)),
                    Shape::Line { points: line, pen: Pen::new(ink, 1.5).dashed(4.0, 3.0) },
                ]),
                Layer::within(Bounds::xywh(0.0, 0.0, 5.0, 7.0), vec![words]),
            ],
        };
        let text = write(&picture);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains("viewBox=\"0 0 10 20.5\""), "{}", lines[0]);
        assert_eq!(lines[1], "<title>a &lt; b</title>");
        let fill = "fill=\"#0B63CE\" fill-opacity=\"0.5\"";
        assert_eq!(
            lines[2],
            format!("<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" rx=\"0\" {fill}/>")
        );
        for part in ["points=\"0,1 2.13,0\"", "stroke-dasharray=\"4 3\"", "stroke-width=\"1.5\""] {
            assert!(lines[3].contains(part), "{}", lines[3]);
        }
        let window = "<rect x=\"0\" y=\"0\" width=\"5\" height=\"7\"/>";
        assert_eq!(lines[4], format!("<clipPath id=\"window1\">{window}</clipPath>"));
        assert_eq!(lines[5], "<g clip-path=\"url(#window1)\">");
        assert!(lines[6].contains("text-anchor=\"end\"") && lines[6].contains(">5 &amp; 6<"));
        assert_eq!(lines[7..], ["</g>", "</svg>"]);
    }
}
