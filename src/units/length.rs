//! Units of length that foreign files are drawn in.

/// A unit of length by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthUnit {
    Metre,
    Foot,
    /// The foot of older United States surveys, 1200/3937 m.
    UsSurveyFoot,
    Inch,
    Millimetre,
    Centimetre,
    Kilometre,
}

impl LengthUnit {
    pub const ALL: [LengthUnit; 7] = [
        LengthUnit::Metre,
        LengthUnit::Foot,
        LengthUnit::UsSurveyFoot,
        LengthUnit::Inch,
        LengthUnit::Millimetre,
        LengthUnit::Centimetre,
        LengthUnit::Kilometre,
    ];

    /// Short form, as it is typed.
    pub const fn name(self) -> &'static str {
        match self {
            LengthUnit::Metre => "m",
            LengthUnit::Foot => "ft",
            LengthUnit::UsSurveyFoot => "us-ft",
            LengthUnit::Inch => "in",
            LengthUnit::Millimetre => "mm",
            LengthUnit::Centimetre => "cm",
            LengthUnit::Kilometre => "km",
        }
    }

    /// Metres of one.
    pub const fn metres(self) -> f64 {
        match self {
            LengthUnit::Metre => 1.0,
            LengthUnit::Foot => 0.304_8,
            LengthUnit::UsSurveyFoot => 1200.0 / 3937.0,
            LengthUnit::Inch => 0.025_4,
            LengthUnit::Millimetre => 1e-3,
            LengthUnit::Centimetre => 1e-2,
            LengthUnit::Kilometre => 1e3,
        }
    }
}
