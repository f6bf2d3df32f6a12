//! Sizes of paper and the scales at which plans are drawn. It must not know what is printed.

/// Sheets in landscape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Paper {
    A4,
    #[default]
    A3,
    A2,
    A1,
    A0,
    Letter,
    Tabloid,
    ArchD,
}

/// Points of a picture to a millimetre: 96 to the inch.
pub const PER_MM: f64 = 96.0 / 25.4;

impl Paper {
    pub const ALL: [Paper; 8] = [
        Paper::A4,
        Paper::A3,
        Paper::A2,
        Paper::A1,
        Paper::A0,
        Paper::Letter,
        Paper::Tabloid,
        Paper::ArchD,
    ];

    /// Name on the command line.
    pub const fn id(self) -> &'static str {
        match self {
            Paper::A4 => "a4",
            Paper::A3 => "a3",
            Paper::A2 => "a2",
            Paper::A1 => "a1",
            Paper::A0 => "a0",
            Paper::Letter => "letter",
            Paper::Tabloid => "tabloid",
            Paper::ArchD => "arch-d",
        }
    }

    /// Name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Paper::A4 => "A4",
            Paper::A3 => "A3",
            Paper::A2 => "A2",
            Paper::A1 => "A1",
            Paper::A0 => "A0",
            Paper::Letter => "Letter",
            Paper::Tabloid => "Tabloid",
            Paper::ArchD => "Arch D",
        }
    }

    /// Width and height, mm: ISO 216 and ANSI/ASME Y14.1.
    pub const fn size_mm(self) -> (f64, f64) {
        match self {
            Paper::A4 => (297.0, 210.0),
            Paper::A3 => (420.0, 297.0),
            Paper::A2 => (594.0, 420.0),
            Paper::A1 => (841.0, 594.0),
            Paper::A0 => (1189.0, 841.0),
            Paper::Letter => (279.4, 215.9),
            Paper::Tabloid => (431.8, 279.4),
            Paper::ArchD => (914.4, 609.6),
        }
    }
}

/// Denominators of the scales that plans are drawn at, as scale rulers have them.
pub const SCALES: [u32; 12] =
    [100, 200, 250, 500, 1000, 1250, 2000, 2500, 5000, 10_000, 20_000, 50_000];

/// The largest scale at which so many metres of ground fit on so many millimetres of paper.
pub fn scale_for(ground_m: (f64, f64), room_mm: (f64, f64)) -> Option<u32> {
    SCALES.into_iter().find(|n| fits(ground_m, room_mm, f64::from(*n)))
}

/// Whether ground fits on paper at a scale.
pub fn fits(ground_m: (f64, f64), room_mm: (f64, f64), denominator: f64) -> bool {
    let on_paper = |m: f64| m * 1000.0 / denominator;
    on_paper(ground_m.0) <= room_mm.0 + 1e-9 && on_paper(ground_m.1) <= room_mm.1 + 1e-9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_scale_of_the_series_that_fits_is_chosen() {
        assert_eq!(scale_for((100.0, 50.0), (400.0, 200.0)), Some(250));
        assert_eq!(scale_for((101.0, 50.0), (400.0, 200.0)), Some(500));
        assert_eq!(scale_for((1000.0, 600.0), (380.0, 230.0)), Some(5000));
        assert_eq!(scale_for((1e6, 10.0), (380.0, 230.0)), None);
        assert!(SCALES.windows(2).all(|w| w[0] < w[1]));
    }
}
