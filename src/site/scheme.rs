//! Redundancy as a layout declares it. It must not know what the wiring gives.

use serde::{Deserialize, Serialize};

/// A redundancy scheme as somebody declares it; the wiring tells whether it is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeclaredScheme {
    N,
    NPlus1,
    NPlus2,
    TwoN,
    ThreeToMakeTwo,
    FourToMakeThree,
    /// One system stands by for several: a catcher.
    BlockRedundant,
    /// Two feeders with an open point.
    Loop,
}

impl DeclaredScheme {
    /// What a planner calls it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::N => "N",
            Self::NPlus1 => "N+1",
            Self::NPlus2 => "N+2",
            Self::TwoN => "2N",
            Self::ThreeToMakeTwo => "3-to-make-2",
            Self::FourToMakeThree => "4-to-make-3",
            Self::BlockRedundant => "block redundant",
            Self::Loop => "a loop",
        }
    }
}
