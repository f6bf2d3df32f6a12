//! Triangles and figures of a picture in the order in which they are painted. A figure is a few
//! numbers that the card makes a box, a circle or dashes of. It must not know what they show.

use crate::gui::canvas::paint::Dashed;
use eframe::egui::epaint::Mesh;
use eframe::egui::{Color32, Pos2, Rect, Stroke, Vec2};

/// Bytes of a figure.
pub const FIGURE_BYTES: usize = size_of::<Figure>();

/// Kinds of figures, as the shader tells them apart.
const FILLED: u32 = 0;
const RING: u32 = 1;
const DASHED_ALONG_X: u32 = 2;
const DASHED_ALONG_Y: u32 = 3;
const ROUNDED: u32 = 4;
/// From the lower left to the upper right, and from the upper left to the lower right.
const RISING: u32 = 5;
const FALLING: u32 = 6;

/// Inner radius of a ring without a hole, points: its soft edge lies outside of every pixel.
const NO_HOLE: f32 = -8.0;

/// A box or its edge, a ring, a slanting line, or the dashes of a line along an axis.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct Figure {
    /// Box around it on the screen, points.
    area: [f32; 4],
    /// Premultiplied.
    ink: [u8; 4],
    kind: u32,
    /// Of a ring its outer and inner radius; of dashes where one begins, how long it is, and from
    /// one to the next; of a rounded box the radius of its corners and the width of its edge, zero
    /// where it is full; of a slanting line its width; points.
    sizes: [f32; 3],
}

impl Figure {
    fn new(area: Rect, color: Color32, kind: u32, sizes: [f32; 3]) -> Self {
        let area = [area.min.x, area.min.y, area.max.x, area.max.y];
        Self { area, ink: color.to_array(), kind, sizes }
    }

    /// A box whose edges lie between pixels.
    pub fn filled(area: Rect, color: Color32) -> Self {
        Self::new(area, color, FILLED, [0.0; 3])
    }

    /// A full box with round corners; its edges may lie within pixels.
    pub fn rounded(area: Rect, radius: f32, color: Color32) -> Self {
        Self::new(area, color, ROUNDED, [radius, 0.0, 0.0])
    }

    /// The edge of a box with round corners, which lies inside of it.
    pub fn frame(area: Rect, radius: f32, edge: Stroke) -> Self {
        Self::new(area, edge.color, ROUNDED, [radius, edge.width, 0.0])
    }

    /// A full circle.
    pub fn disc(centre: Pos2, radius: f32, color: Color32) -> Self {
        Self::ring(centre, [NO_HOLE, radius], color)
    }

    /// What lies between two radii.
    pub fn ring(centre: Pos2, [inner, outer]: [f32; 2], color: Color32) -> Self {
        let area = Rect::from_center_size(centre, Vec2::splat(2.0 * outer));
        Self::new(area, color, RING, [outer, inner, 0.0])
    }

    /// A straight line that slants.
    pub fn slanting([a, b]: [Pos2; 2], stroke: Stroke) -> Self {
        let kind = if (a.x < b.x) == (a.y < b.y) { FALLING } else { RISING };
        Self::new(Rect::from_two_pos(a, b), stroke.color, kind, [stroke.width, 0.0, 0.0])
    }

    /// Dashes along an axis; `area` is the box of the line without gaps.
    pub fn dashed(area: Rect, color: Color32, dashed: &Dashed) -> Self {
        let Dashed { piece: [a, b], on, period, behind, .. } = *dashed;
        let along_x = a.y == b.y;
        let (from, to, low) = if along_x { (a.x, b.x, area.min.x) } else { (a.y, b.y, area.min.y) };
        // Where the line began, or would have ended its first dash, were it straight.
        let from_start = f64::from(from);
        let begun = if to > from { from_start - behind } else { from_start + behind - on };
        // Close to the box: the card has few digits.
        let begun = begun + ((f64::from(low) - begun) / period).floor() * period;
        let kind = if along_x { DASHED_ALONG_X } else { DASHED_ALONG_Y };
        Self::new(area, color, kind, [begun as f32, on as f32, period as f32])
    }
}

/// Where a run ends: so many indices, then so many figures. It began where the last one ended.
pub type Run = [u32; 2];

/// Triangles and figures, bottom to top.
#[derive(Clone, Debug, Default)]
pub struct Pile {
    mesh: Mesh,
    figures: Vec<Figure>,
    /// All but the one that grows.
    runs: Vec<Run>,
}

impl Pile {
    /// Triangles alone.
    pub fn of(mesh: Mesh) -> Self {
        Self { mesh, ..Self::default() }
    }

    /// Nothing, in the memory of this one: pictures of a view that moves are of one size.
    pub fn emptied(mut self) -> Self {
        // `Mesh::clear` would give the memory back.
        self.mesh.indices.clear();
        self.mesh.vertices.clear();
        self.figures.clear();
        self.runs.clear();
        self
    }

    pub fn is_empty(&self) -> bool {
        self.mesh.is_empty() && self.figures.is_empty()
    }

    /// Where triangles go that lie on all that there is.
    pub fn triangles(&mut self) -> &mut Mesh {
        let begun = self.runs.last().map_or(0, |run| run[1]);
        if self.figures.len() as u32 > begun {
            self.close();
        }
        &mut self.mesh
    }

    /// Adds a figure on all that there is.
    pub fn figure(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    fn close(&mut self) {
        self.runs.push([self.mesh.indices.len() as u32, self.figures.len() as u32]);
    }

    /// With its last run, to be painted.
    pub fn closed(mut self) -> Self {
        self.close();
        self
    }

    /// The triangles of a pile without figures.
    pub fn into_mesh(self) -> Mesh {
        self.mesh
    }

    pub fn mesh(&self) -> &Mesh {
        &self.mesh
    }

    pub fn figures(&self) -> &[Figure] {
        &self.figures
    }

    pub fn runs(&self) -> &[Run] {
        &self.runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::pos2;

    #[test]
    fn runs_keep_the_order_of_triangles_and_figures() {
        let area = Rect::from_min_max(pos2(0.0, 0.0), pos2(4.0, 2.0));
        let (figure, ink) = (Figure::filled(area, Color32::RED), Color32::BLUE);
        let mut pile = Pile::default();
        pile.triangles().add_colored_rect(area, ink);
        pile.triangles().add_colored_rect(area, ink);
        pile.figure(figure);
        pile.figure(figure);
        pile.triangles().add_colored_rect(area, ink);
        let pile = pile.closed();
        assert_eq!(pile.runs(), [[12, 2], [18, 2]]);
        let mut pile = pile.emptied();
        assert!(pile.is_empty());
        pile.figure(figure);
        assert_eq!(pile.closed().runs(), [[0, 1]]);
    }

    #[test]
    fn dashes_begin_where_those_of_the_line_do_in_both_directions() {
        let area = Rect::from_min_max(pos2(100.0, 7.0), pos2(300.0, 8.0));
        for (from, to) in [(100.0, 300.0), (300.0, 100.0)] {
            let dashed = Dashed {
                piece: [pos2(from, 7.5), pos2(to, 7.5)],
                stroke: Stroke::new(1.0, Color32::RED),
                on: 7.0,
                period: 11.0,
                behind: 25.0,
            };
            let [begun, on, period] = Figure::dashed(area, Color32::RED, &dashed).sizes;
            assert!(begun > 100.0 - period && begun <= 100.0, "{begun}");
            // The dash at the way of 33 points: eight behind the start of the piece.
            let there = if to > from { 108.0 } else { 300.0 - 8.0 - 7.0 };
            let dashes = f64::from(there - begun) / f64::from(period);
            assert!((dashes - dashes.round()).abs() < 1e-4 && on == 7.0, "{dashes}");
        }
    }
}
