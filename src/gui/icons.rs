//! Stroke icons in a box of 16 points, drawn from paths: no icon font, any colour, any zoom.
//! Electrical symbols follow IEC 60617.

use eframe::egui::{
    Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2,
};

use crate::scene::tokens::size;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icon {
    Rack,
    Hall,
    Feed,
    Transformer,
    Substation,
    DryCooler,
    Generator,
    Battery,
    Globe,
    Row,
    Area,
    Clock,
    Tier,
    Busway,
    Search,
    Undo,
    Redo,
    Moon,
    Sun,
    File,
    Warning,
    Info,
    Check,
    Cross,
    ChevronRight,
    ChevronDown,
    Plus,
    Minus,
    Fit,
    Link,
    Chart,
    Gauge,
    Plan,
    OneLine,
    Compare,
    Finance,
    ArrowRight,
    ArrowLeft,
    Play,
    Trash,
    Copy,
    Reset,
    Sliders,
    Lock,
    Export,
    Array,
    Downstream,
    Catalogue,
}

/// A stroke or a fill of an icon, in points of its 16 point box.
enum Part {
    Line(&'static [(f32, f32)]),
    Closed(&'static [(f32, f32)]),
    Circle(f32, f32, f32),
    Dot(f32, f32, f32),
    /// x, y, width, height, radius.
    Rect(f32, f32, f32, f32, f32),
    /// Centre, radius, start and end angle in degrees, clockwise from east.
    Arc(f32, f32, f32, f32, f32),
}

use Part::{Arc, Circle, Closed, Dot, Line, Rect as Box};

impl Icon {
    /// Paints the icon in a box of 16 points around `center`.
    pub fn paint(self, painter: &Painter, center: Pos2, color: Color32) {
        self.paint_sized(painter, center, size::ICON, color);
    }

    /// Paints the icon in a box of `side` points.
    pub fn paint_sized(self, painter: &Painter, center: Pos2, side: f32, color: Color32) {
        let scale = side / size::ICON;
        let origin = center - vec2(side, side) / 2.0;
        let at = |(x, y): (f32, f32)| pos2(origin.x + x * scale, origin.y + y * scale);
        let stroke = Stroke::new(size::ICON_STROKE * scale.max(0.75), color);
        for part in self.parts() {
            let shape = match *part {
                Line(points) => Shape::line(points.iter().map(|p| at(*p)).collect(), stroke),
                Closed(points) => {
                    Shape::closed_line(points.iter().map(|p| at(*p)).collect(), stroke)
                }
                Circle(x, y, r) => Shape::circle_stroke(at((x, y)), r * scale, stroke),
                Dot(x, y, r) => Shape::circle_filled(at((x, y)), r * scale, color),
                Box(x, y, w, h, r) => Shape::Rect(eframe::egui::epaint::RectShape::stroke(
                    Rect::from_min_size(at((x, y)), vec2(w, h) * scale),
                    CornerRadius::same((r * scale).round() as u8),
                    stroke,
                    StrokeKind::Middle,
                )),
                Arc(x, y, r, from, to) => {
                    let steps = 18;
                    let points = (0..=steps)
                        .map(|i| {
                            let a = (from + (to - from) * i as f32 / steps as f32).to_radians();
                            at((x + r * a.cos(), y + r * a.sin()))
                        })
                        .collect();
                    Shape::line(points, stroke)
                }
            };
            painter.add(shape);
        }
    }

    fn parts(self) -> &'static [Part] {
        self.site_parts().or_else(|| self.action_parts()).unwrap_or_else(|| self.tab_parts())
    }

    /// Things on the ground.
    fn site_parts(self) -> Option<&'static [Part]> {
        Some(match self {
            Icon::Rack => &[
                Box(4.0, 2.0, 8.0, 12.0, 1.0),
                Line(&[(6.2, 5.0), (9.8, 5.0)]),
                Line(&[(6.2, 8.0), (9.8, 8.0)]),
                Line(&[(6.2, 11.0), (9.8, 11.0)]),
            ],
            Icon::Row => &[
                Box(2.0, 4.0, 12.0, 8.0, 1.0),
                Line(&[(6.0, 4.0), (6.0, 12.0)]),
                Line(&[(10.0, 4.0), (10.0, 12.0)]),
            ],
            Icon::Hall => &[
                Box(2.0, 3.0, 4.2, 10.0, 0.5),
                Box(9.8, 3.0, 4.2, 10.0, 0.5),
                Line(&[(6.2, 8.0), (9.8, 8.0)]),
            ],
            Icon::Feed => &[
                Line(&[(5.0, 14.0), (8.0, 2.0), (11.0, 14.0)]),
                Line(&[(4.0, 5.5), (12.0, 5.5)]),
                Line(&[(6.0, 10.0), (10.0, 10.0)]),
            ],
            Icon::Transformer => &[
                Circle(8.0, 6.0, 3.2),
                Circle(8.0, 10.4, 3.2),
                Line(&[(8.0, 1.2), (8.0, 2.8)]),
                Line(&[(8.0, 13.6), (8.0, 15.0)]),
            ],
            Icon::Substation => &[Closed(&[
                (9.0, 1.8),
                (3.6, 9.2),
                (7.6, 9.2),
                (6.8, 14.2),
                (12.4, 6.6),
                (8.4, 6.6),
            ])],
            Icon::Busway => &[
                Line(&[(1.5, 6.0), (14.5, 6.0)]),
                Line(&[(1.5, 9.5), (14.5, 9.5)]),
                Line(&[(4.5, 9.5), (4.5, 13.0)]),
                Line(&[(11.5, 9.5), (11.5, 13.0)]),
            ],
            Icon::DryCooler => &[
                Line(&[(8.0, 2.0), (8.0, 14.0)]),
                Line(&[(2.8, 5.0), (13.2, 11.0)]),
                Line(&[(2.8, 11.0), (13.2, 5.0)]),
            ],
            Icon::Generator => &[
                Circle(8.0, 8.0, 6.0),
                Line(&[(4.9, 8.6), (6.0, 6.6), (7.4, 7.0), (8.6, 9.2), (10.0, 9.4), (11.1, 7.4)]),
            ],
            Icon::Battery => &[
                Box(1.8, 5.0, 12.4, 8.6, 1.0),
                Line(&[(4.6, 5.0), (4.6, 3.0)]),
                Line(&[(11.4, 5.0), (11.4, 3.0)]),
                Line(&[(4.0, 9.2), (6.6, 9.2)]),
                Line(&[(9.6, 9.2), (12.0, 9.2)]),
                Line(&[(10.8, 8.0), (10.8, 10.4)]),
            ],
            Icon::Globe => &[
                Circle(8.0, 8.0, 6.0),
                Line(&[(2.0, 8.0), (14.0, 8.0)]),
                Arc(12.6, 8.0, 7.0, 121.0, 239.0),
                Arc(3.4, 8.0, 7.0, -59.0, 59.0),
            ],
            Icon::Area => &[Closed(&[(2.0, 4.5), (10.5, 2.5), (14.0, 11.0), (4.0, 13.5)])],
            _ => return None,
        })
    }

    /// Things that are done.
    fn action_parts(self) -> Option<&'static [Part]> {
        Some(match self {
            Icon::Search => &[Circle(7.0, 7.0, 4.6), Line(&[(10.4, 10.4), (14.0, 14.0)])],
            Icon::Undo => &[
                Line(&[(6.0, 2.8), (2.8, 6.0), (6.0, 9.2)]),
                Line(&[(2.8, 6.0), (9.6, 6.0)]),
                Arc(9.6, 9.6, 3.6, -90.0, 90.0),
                Line(&[(9.6, 13.2), (6.4, 13.2)]),
            ],
            Icon::Redo => &[
                Line(&[(10.0, 2.8), (13.2, 6.0), (10.0, 9.2)]),
                Line(&[(13.2, 6.0), (6.4, 6.0)]),
                Arc(6.4, 9.6, 3.6, -90.0, -270.0),
                Line(&[(6.4, 13.2), (9.6, 13.2)]),
            ],
            Icon::Moon => &[Arc(7.6, 8.4, 5.6, 60.0, 298.0), Arc(12.2, 6.2, 5.2, 88.0, 214.0)],
            Icon::Sun => &[
                Circle(8.0, 8.0, 2.9),
                Line(&[(8.0, 1.4), (8.0, 2.9)]),
                Line(&[(8.0, 13.1), (8.0, 14.6)]),
                Line(&[(1.4, 8.0), (2.9, 8.0)]),
                Line(&[(13.1, 8.0), (14.6, 8.0)]),
                Line(&[(3.3, 3.3), (4.4, 4.4)]),
                Line(&[(11.6, 11.6), (12.7, 12.7)]),
                Line(&[(3.3, 12.7), (4.4, 11.6)]),
                Line(&[(11.6, 4.4), (12.7, 3.3)]),
            ],
            Icon::File => &[
                Closed(&[(3.5, 1.8), (9.2, 1.8), (12.5, 5.1), (12.5, 14.2), (3.5, 14.2)]),
                Line(&[(9.0, 2.0), (9.0, 5.3), (12.3, 5.3)]),
            ],
            Icon::Warning => &[
                Closed(&[(8.0, 2.2), (14.6, 13.6), (1.4, 13.6)]),
                Line(&[(8.0, 6.6), (8.0, 9.8)]),
                Dot(8.0, 11.7, 0.9),
            ],
            Icon::Info => {
                &[Circle(8.0, 8.0, 6.0), Line(&[(8.0, 7.4), (8.0, 11.2)]), Dot(8.0, 5.0, 0.9)]
            }
            Icon::Check => &[Line(&[(3.0, 8.6), (6.4, 12.0), (13.0, 4.6)])],
            Icon::Cross => &[Line(&[(4.0, 4.0), (12.0, 12.0)]), Line(&[(12.0, 4.0), (4.0, 12.0)])],
            Icon::ChevronRight => &[Line(&[(6.4, 4.6), (9.8, 8.0), (6.4, 11.4)])],
            Icon::ChevronDown => &[Line(&[(4.6, 6.4), (8.0, 9.8), (11.4, 6.4)])],
            Icon::Plus => &[Line(&[(8.0, 3.0), (8.0, 13.0)]), Line(&[(3.0, 8.0), (13.0, 8.0)])],
            Icon::Minus => &[Line(&[(3.0, 8.0), (13.0, 8.0)])],
            Icon::Fit => &[
                Line(&[(2.5, 5.8), (2.5, 2.5), (5.8, 2.5)]),
                Line(&[(10.2, 2.5), (13.5, 2.5), (13.5, 5.8)]),
                Line(&[(13.5, 10.2), (13.5, 13.5), (10.2, 13.5)]),
                Line(&[(5.8, 13.5), (2.5, 13.5), (2.5, 10.2)]),
            ],
            Icon::Link => &[
                Arc(10.6, 5.4, 2.9, 135.0, 405.0),
                Arc(5.4, 10.6, 2.9, -45.0, 225.0),
                Line(&[(6.4, 9.6), (9.6, 6.4)]),
            ],
            Icon::ArrowRight => {
                &[Line(&[(2.5, 8.0), (13.2, 8.0)]), Line(&[(9.4, 4.2), (13.2, 8.0), (9.4, 11.8)])]
            }
            Icon::Trash => &[
                Line(&[(2.5, 4.2), (13.5, 4.2)]),
                Line(&[(6.0, 4.0), (6.0, 2.2), (10.0, 2.2), (10.0, 4.0)]),
                Line(&[(3.8, 4.4), (4.6, 14.0), (11.4, 14.0), (12.2, 4.4)]),
            ],
            Icon::Copy => &[
                Box(5.6, 5.6, 8.0, 8.0, 1.0),
                Line(&[(3.6, 10.4), (2.4, 10.4), (2.4, 2.4), (10.4, 2.4), (10.4, 3.6)]),
            ],
            Icon::Export => &[
                Line(&[(8.0, 10.0), (8.0, 2.0)]),
                Line(&[(5.0, 4.8), (8.0, 1.8), (11.0, 4.8)]),
                Line(&[(2.6, 9.6), (2.6, 13.6), (13.4, 13.6), (13.4, 9.6)]),
            ],
            Icon::Reset => {
                &[Arc(8.0, 8.4, 5.2, -50.0, 220.0), Line(&[(11.4, 1.6), (11.4, 4.6), (8.4, 4.6)])]
            }
            _ => return None,
        })
    }

    /// Views, and walking through them.
    fn tab_parts(self) -> &'static [Part] {
        match self {
            Icon::ArrowLeft => {
                &[Line(&[(13.2, 8.0), (2.8, 8.0)]), Line(&[(6.8, 4.0), (2.8, 8.0), (6.8, 12.0)])]
            }
            Icon::Play => &[Closed(&[(5.0, 3.0), (12.6, 8.0), (5.0, 13.0)])],
            Icon::Chart => &[
                Line(&[(2.2, 2.0), (2.2, 13.8), (14.2, 13.8)]),
                Line(&[(4.8, 10.6), (7.6, 7.0), (10.0, 9.0), (13.6, 4.0)]),
            ],
            Icon::Lock => &[
                Box(3.4, 7.2, 9.2, 6.8, 1.4),
                Line(&[
                    (5.2, 7.2),
                    (5.2, 5.2),
                    (6.0, 3.4),
                    (8.0, 2.4),
                    (10.0, 3.4),
                    (10.8, 5.2),
                    (10.8, 7.2),
                ]),
            ],
            Icon::Gauge => &[
                Arc(8.0, 10.0, 6.0, 180.0, 360.0),
                Line(&[(8.0, 10.0), (11.2, 6.6)]),
                Line(&[(2.0, 13.4), (14.0, 13.4)]),
            ],
            Icon::Plan => &[
                Box(2.0, 2.0, 12.0, 12.0, 1.0),
                Line(&[(6.0, 2.0), (6.0, 14.0)]),
                Line(&[(10.0, 2.0), (10.0, 14.0)]),
                Line(&[(2.0, 6.0), (14.0, 6.0)]),
                Line(&[(2.0, 10.0), (14.0, 10.0)]),
            ],
            Icon::OneLine => &[
                Line(&[(8.0, 1.6), (8.0, 6.4)]),
                Line(&[(2.0, 6.4), (14.0, 6.4)]),
                Line(&[(4.4, 6.4), (4.4, 13.6)]),
                Line(&[(11.6, 6.4), (11.6, 13.6)]),
            ],
            Icon::Compare => &[Box(2.0, 2.6, 4.8, 10.8, 0.5), Box(9.2, 2.6, 4.8, 10.8, 0.5)],
            Icon::Finance => &[Box(1.6, 3.8, 12.8, 8.4, 1.0), Circle(8.0, 8.0, 2.1)],
            Icon::Clock => &[Circle(8.0, 8.0, 6.0), Line(&[(8.0, 4.4), (8.0, 8.2), (10.6, 9.8)])],
            Icon::Tier => &[
                Line(&[(2.6, 13.0), (2.6, 10.4)]),
                Line(&[(6.2, 13.0), (6.2, 8.0)]),
                Line(&[(9.8, 13.0), (9.8, 5.6)]),
                Line(&[(13.4, 13.0), (13.4, 3.0)]),
            ],
            Icon::Sliders => &[
                Line(&[(2.0, 4.6), (8.6, 4.6)]),
                Circle(10.4, 4.6, 1.8),
                Line(&[(12.2, 4.6), (14.0, 4.6)]),
                Line(&[(2.0, 11.4), (3.8, 11.4)]),
                Circle(5.6, 11.4, 1.8),
                Line(&[(7.4, 11.4), (14.0, 11.4)]),
            ],
            Icon::Array => &[
                Box(2.0, 2.0, 4.6, 4.6, 0.6),
                Box(9.4, 2.0, 4.6, 4.6, 0.6),
                Box(2.0, 9.4, 4.6, 4.6, 0.6),
                Box(9.4, 9.4, 4.6, 4.6, 0.6),
            ],
            Icon::Downstream => &[
                Line(&[(2.6, 3.0), (13.4, 3.0)]),
                Line(&[(8.0, 3.0), (8.0, 13.4)]),
                Line(&[(4.4, 9.8), (8.0, 13.4), (11.6, 9.8)]),
            ],
            Icon::Catalogue => &[
                Box(2.4, 2.0, 11.2, 12.0, 1.0),
                Line(&[(5.4, 2.0), (5.4, 14.0)]),
                Line(&[(7.8, 5.4), (11.2, 5.4)]),
                Line(&[(7.8, 8.2), (11.2, 8.2)]),
            ],
            // Every other icon is in one of the lists above; a dash would show a gap.
            _ => &[Line(&[(3.0, 8.0), (13.0, 8.0)])],
        }
    }
}
