//! The quantity types. Each keeps its value in one unit and is built and read by unit name.

use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// Declares a quantity: its stored unit, and further units as factors of it.
macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident { $base:ident / $as_base:ident $(, $unit:ident / $as_unit:ident = $factor:expr)* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(f64);

        impl $name {
            pub const ZERO: Self = Self(0.0);
            pub const fn $base(value: f64) -> Self { Self(value) }
            pub const fn $as_base(self) -> f64 { self.0 }
            $(
                pub fn $unit(value: f64) -> Self { Self(value * $factor) }
                pub fn $as_unit(self) -> f64 { self.0 / $factor }
            )*
            pub fn abs(self) -> Self { Self(self.0.abs()) }
            pub fn max(self, other: Self) -> Self { Self(self.0.max(other.0)) }
            pub fn is_finite(self) -> bool { self.0.is_finite() }
        }
        impl Add for $name { type Output = Self; fn add(self, o: Self) -> Self { Self(self.0 + o.0) } }
        impl AddAssign for $name { fn add_assign(&mut self, o: Self) { self.0 += o.0 } }
        impl Sub for $name { type Output = Self; fn sub(self, o: Self) -> Self { Self(self.0 - o.0) } }
        impl Neg for $name { type Output = Self; fn neg(self) -> Self { Self(-self.0) } }
        impl Mul<f64> for $name { type Output = Self; fn mul(self, k: f64) -> Self { Self(self.0 * k) } }
        impl Div<f64> for $name { type Output = Self; fn div(self, k: f64) -> Self { Self(self.0 / k) } }
        /// The dimensionless ratio of two quantities of one kind.
        impl Div for $name { type Output = f64; fn div(self, o: Self) -> f64 { self.0 / o.0 } }
        impl std::iter::Sum for $name { fn sum<I: Iterator<Item = Self>>(i: I) -> Self { i.fold(Self(0.0), Add::add) } }
    };
}

quantity!(
    /// Electrical or thermal power; stored in megawatts. The basis (grid,
    /// facility, IT) belongs to the name of whatever holds it.
    Power { mw / as_mw, kw / as_kw = 1e-3, gw / as_gw = 1e3 }
);
quantity!(
    /// Energy; stored in megawatt hours.
    Energy { mwh / as_mwh }
);
quantity!(
    /// United States dollars, nominal unless its holder says otherwise.
    Money { usd / as_usd, musd / as_musd = 1e6 }
);
quantity!(
    /// Tokens per second; the kind (input, cached, output) belongs to the holder's name.
    TokenRate { per_s / as_per_s, millions_per_s / as_millions_per_s = 1e6, billions_per_s / as_billions_per_s = 1e9 }
);
quantity!(
    /// Dollars per million tokens of one kind.
    TokenPrice { usd_per_mtok / as_usd_per_mtok }
);
quantity!(
    /// Temperature in degrees Celsius.
    Celsius { c / as_c }
);
quantity!(
    /// Length in metres.
    Length { m / as_m }
);
quantity!(
    /// Mass in kilograms.
    Mass { kg / as_kg }
);
quantity!(
    /// Volume flow in litres per minute.
    Flow { lpm / as_lpm }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_convert_by_their_factor() {
        assert_eq!(Power::kw(240.0).as_mw(), 0.24);
        assert_eq!(Power::gw(1.0) / Power::mw(250.0), 4.0);
        assert_eq!(Money::musd(7.8).as_usd(), 7.8e6);
    }
}
