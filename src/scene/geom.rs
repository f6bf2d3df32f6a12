//! Points, boxes and the map between the ground and the screen. It must not know what is drawn.

/// A point: metres on the ground (x east, y south) or points on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pt {
    pub x: f64,
    pub y: f64,
}

/// Short for [`Pt`].
pub const fn pt(x: f64, y: f64) -> Pt {
    Pt { x, y }
}

impl Pt {
    /// Straight distance.
    pub fn distance(self, other: Pt) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// This point moved.
    pub fn plus(self, dx: f64, dy: f64) -> Pt {
        pt(self.x + dx, self.y + dy)
    }
}

/// An upright box; empty where `max` is less than `min`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    pub min: Pt,
    pub max: Pt,
}

impl Bounds {
    /// Holds nothing; the neutral element of [`Bounds::union`].
    pub const NOTHING: Bounds = Bounds {
        min: pt(f64::INFINITY, f64::INFINITY),
        max: pt(f64::NEG_INFINITY, f64::NEG_INFINITY),
    };

    /// From a corner and a size, as elements of a layout state them.
    pub fn at_size(at: [f64; 2], size: [f64; 2]) -> Self {
        Self::xywh(at[0], at[1], size[0], size[1])
    }

    pub fn xywh(x: f64, y: f64, w: f64, h: f64) -> Self {
        Self { min: pt(x, y), max: pt(x + w, y + h) }
    }

    /// The least box that holds both points.
    pub fn of(a: Pt, b: Pt) -> Self {
        Self { min: pt(a.x.min(b.x), a.y.min(b.y)), max: pt(a.x.max(b.x), a.y.max(b.y)) }
    }

    /// Around a centre.
    pub fn around(centre: Pt, w: f64, h: f64) -> Self {
        Self::xywh(centre.x - w / 2.0, centre.y - h / 2.0, w, h)
    }

    pub fn width(&self) -> f64 {
        self.max.x - self.min.x
    }

    pub fn height(&self) -> f64 {
        self.max.y - self.min.y
    }

    pub fn area(&self) -> f64 {
        self.width().max(0.0) * self.height().max(0.0)
    }

    pub fn centre(&self) -> Pt {
        pt((self.min.x + self.max.x) / 2.0, (self.min.y + self.max.y) / 2.0)
    }

    pub fn is_empty(&self) -> bool {
        !(self.max.x >= self.min.x && self.max.y >= self.min.y)
    }

    pub fn contains(&self, p: Pt) -> bool {
        p.x >= self.min.x && p.x <= self.max.x && p.y >= self.min.y && p.y <= self.max.y
    }

    pub fn contains_box(&self, other: &Bounds) -> bool {
        self.contains(other.min) && self.contains(other.max)
    }

    pub fn intersects(&self, other: &Bounds) -> bool {
        self.min.x < other.max.x
            && other.min.x < self.max.x
            && self.min.y < other.max.y
            && other.min.y < self.max.y
    }

    /// Least by which one is to grow to reach the other; negative where they overlap.
    pub fn gap(&self, other: &Bounds) -> f64 {
        let along = |a: (f64, f64), b: (f64, f64)| (b.0 - a.1).max(a.0 - b.1);
        let x = along((self.min.x, self.max.x), (other.min.x, other.max.x));
        x.max(along((self.min.y, self.max.y), (other.min.y, other.max.y)))
    }

    /// Whether they share a point, be it of an edge.
    pub fn touches(&self, other: &Bounds) -> bool {
        self.min.x <= other.max.x
            && other.min.x <= self.max.x
            && self.min.y <= other.max.y
            && other.min.y <= self.max.y
    }

    pub fn union(&self, other: &Bounds) -> Bounds {
        Bounds {
            min: pt(self.min.x.min(other.min.x), self.min.y.min(other.min.y)),
            max: pt(self.max.x.max(other.max.x), self.max.y.max(other.max.y)),
        }
    }

    /// Grown on every side; shrunk where negative.
    pub fn grown(&self, by: f64) -> Bounds {
        Bounds { min: self.min.plus(-by, -by), max: self.max.plus(by, by) }
    }

    pub fn moved(&self, dx: f64, dy: f64) -> Bounds {
        Bounds { min: self.min.plus(dx, dy), max: self.max.plus(dx, dy) }
    }

    /// Corners from the north-west clockwise.
    pub fn corners(&self) -> [Pt; 4] {
        [self.min, pt(self.max.x, self.min.y), self.max, pt(self.min.x, self.max.y)]
    }
}

/// Least and greatest zoom of a plan, points per metre: a county, and a rack's tray.
pub const ZOOM_LIMITS: (f64, f64) = (0.005, 400.0);

/// Which piece of ground stands on which piece of screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Ground at the centre of the screen.
    pub centre: Pt,
    /// Zoom, points per metre.
    pub scale: f64,
    /// Screen, points.
    pub screen: Bounds,
}

impl View {
    /// Shows `ground` whole, leaving `margin` points on every side.
    pub fn fit(ground: &Bounds, screen: Bounds, margin: f64) -> Self {
        if ground.is_empty() {
            return Self { centre: pt(0.0, 0.0), scale: 1.0, screen };
        }
        let room = |whole: f64| (whole - 2.0 * margin).max(16.0);
        let scale = (room(screen.width()) / ground.width().max(1e-6))
            .min(room(screen.height()) / ground.height().max(1e-6))
            .clamp(ZOOM_LIMITS.0, ZOOM_LIMITS.1);
        Self { centre: ground.centre(), scale, screen }
    }

    pub fn to_screen(&self, p: Pt) -> Pt {
        let c = self.screen.centre();
        pt(c.x + (p.x - self.centre.x) * self.scale, c.y + (p.y - self.centre.y) * self.scale)
    }

    pub fn to_world(&self, p: Pt) -> Pt {
        let c = self.screen.centre();
        pt(self.centre.x + (p.x - c.x) / self.scale, self.centre.y + (p.y - c.y) / self.scale)
    }

    pub fn box_to_screen(&self, b: &Bounds) -> Bounds {
        Bounds { min: self.to_screen(b.min), max: self.to_screen(b.max) }
    }

    /// Ground that the screen shows.
    pub fn visible(&self) -> Bounds {
        Bounds { min: self.to_world(self.screen.min), max: self.to_world(self.screen.max) }
    }

    /// The ground follows the pointer by so many points.
    pub fn panned(&self, dx: f64, dy: f64) -> Self {
        Self { centre: self.centre.plus(-dx / self.scale, -dy / self.scale), ..*self }
    }

    /// Zoomed by a factor while the ground under `at` (screen) stays.
    pub fn zoomed_at(&self, at: Pt, factor: f64) -> Self {
        let fixed = self.to_world(at);
        let scale = (self.scale * factor).clamp(ZOOM_LIMITS.0, ZOOM_LIMITS.1);
        let c = self.screen.centre();
        let centre = pt(fixed.x - (at.x - c.x) / scale, fixed.y - (at.y - c.y) / scale);
        Self { centre, scale, ..*self }
    }

    /// On the way to another view, `t` from 0 to 1; zoom runs geometrically.
    pub fn towards(&self, to: &View, t: f64) -> Self {
        let scale = (self.scale.ln() + (to.scale.ln() - self.scale.ln()) * t).exp();
        let mix = |a: f64, b: f64| a + (b - a) * t;
        let centre = pt(mix(self.centre.x, to.centre.x), mix(self.centre.y, to.centre.y));
        Self { centre, scale, screen: to.screen }
    }
}

/// The greatest of 1, 2, 5 times a power of ten that is at most `most`.
pub fn round_length(most: f64) -> f64 {
    if most <= 0.0 || !most.is_finite() {
        return 1.0;
    }
    let power = 10f64.powf(most.log10().floor());
    [5.0, 2.0, 1.0].iter().map(|k| k * power).find(|l| *l <= most * (1.0 + 1e-9)).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> View {
        View {
            centre: pt(120.0, -40.0),
            scale: 3.7,
            screen: Bounds::xywh(10.0, 50.0, 800.0, 600.0),
        }
    }

    #[test]
    fn ground_to_screen_and_back_is_the_identity() {
        let v = view();
        for p in [pt(0.0, 0.0), pt(-512.3, 99.7), pt(1e4, -1e4)] {
            let q = v.to_world(v.to_screen(p));
            assert!(p.distance(q) < 1e-9, "{p:?} {q:?}");
        }
        assert_eq!(v.to_screen(v.centre), pt(410.0, 350.0));
    }

    #[test]
    fn zoom_keeps_the_ground_under_the_pointer() {
        let v = view();
        let at = pt(77.0, 501.0);
        let before = v.to_world(at);
        for factor in [0.2, 1.3, 9.0, 1e9] {
            let zoomed = v.zoomed_at(at, factor);
            assert!(before.distance(zoomed.to_world(at)) < 1e-9);
            assert!(zoomed.scale <= ZOOM_LIMITS.1);
        }
    }

    #[test]
    fn pan_moves_the_picture_by_the_drag() {
        let v = view();
        let p = pt(3.0, 4.0);
        let (a, b) = (v.to_screen(p), v.panned(40.0, 25.0).to_screen(p));
        assert!((b.x - a.x - 40.0).abs() < 1e-9 && (b.y - a.y - 25.0).abs() < 1e-9);
    }

    #[test]
    fn fit_shows_the_whole_ground_within_the_margin() {
        let ground = Bounds::xywh(-100.0, 20.0, 900.0, 300.0);
        let screen = Bounds::xywh(0.0, 0.0, 640.0, 480.0);
        let v = View::fit(&ground, screen, 24.0);
        let on = v.box_to_screen(&ground);
        assert!(screen.grown(-24.0 + 1e-9).contains_box(&on));
        assert!((on.width() - (640.0 - 48.0)).abs() < 1e-9, "one side fills the room");
    }

    #[test]
    fn scale_bar_lengths_are_round() {
        for (most, length) in [(187.0, 100.0), (200.0, 200.0), (4.9, 2.0), (0.75, 0.5)] {
            assert!((round_length(most) - length).abs() < 1e-12);
        }
    }
}
