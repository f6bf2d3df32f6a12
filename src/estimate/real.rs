//! Numbers that the kernel computes with: `f64` for what is shown, `f32` for the search.
//! It must not know what they mean.
//!
//! The logarithm and exponential of `f32` are polynomials: they give the same bits on every
//! system, which those of the system's own library do not, and compilers spread them over
//! the lanes of a core.

use num_traits::Float;

/// A floating-point number with the two functions that the kernel needs beside arithmetic.
pub trait Real: Float {
    /// Binary logarithm of a number from one up.
    fn binary_log(self) -> Self;
    /// Two to the power of a number from zero down.
    fn binary_exp(self) -> Self;
    /// The greater of two numbers; `other` where one of them is none. One instruction, where
    /// the usual maximum takes four to choose the number beside what is none.
    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    /// The lesser of two numbers; `other` where one of them is none.
    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
}

impl Real for f64 {
    fn binary_log(self) -> Self {
        self.log2()
    }

    fn binary_exp(self) -> Self {
        self.exp2()
    }
}

impl Real for f32 {
    /// Off by at most 3e-7, relative to the result or to one, whichever is greater.
    #[inline(always)]
    fn binary_log(self) -> Self {
        // Mantissa between the square roots of a half and of two, and the exponent to it.
        const ROOT_OF_HALF: i32 = 0x3f35_04f3;
        let bits = self.to_bits() as i32;
        let exponent = (bits - ROOT_OF_HALF) >> 23;
        let mantissa = f32::from_bits((bits - (exponent << 23)) as u32);
        // log2(m) = 2 / ln 2 (f + f^3 / 3 + f^5 / 5 + ...) of f = (m - 1) / (m + 1)
        let f = (mantissa - 1.0) / (mantissa + 1.0);
        let s = f * f;
        let series = 0.412_198_6 + s * 0.320_598_9;
        let series = 2.885_39 + s * (0.961_796_7 + s * (0.577_078 + s * series));
        exponent as f32 + f * series
    }

    /// Off by at most 3e-7; nothing below 2^-126.
    #[inline(always)]
    fn binary_exp(self) -> Self {
        let x = if self < -126.0 { -126.0 } else { self };
        // The cast rounds towards zero, so that a half less gives the nearest.
        let whole = (x - 0.5) as i32;
        let f = x - whole as f32;
        // Taylor: ln(2)^k / k!
        let series = 0.009_618_129 + f * (0.001_333_355_8 + f * 0.000_154_035_3);
        let series = 0.240_226_5 + f * (0.055_504_11 + f * series);
        let power = 1.0 + f * (std::f32::consts::LN_2 + f * series);
        f32::from_bits(power.to_bits().wrapping_add((whole << 23) as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::Real;

    #[test]
    fn polynomials_keep_six_digits() {
        let mut worst = (0.0f64, 0.0f64);
        for i in 0..2_000_000u32 {
            let x = 1.0 + (f64::from(i) / 1e5).exp2() - 1.0;
            let narrow = x as f32;
            let exact = f64::from(narrow).log2();
            let error = (f64::from(narrow.binary_log()) - exact).abs() / exact.max(1.0);
            worst.0 = worst.0.max(error);
            let narrow = -(f64::from(i) / 1.5e4) as f32;
            let error = (f64::from(narrow.binary_exp()) - f64::from(narrow).exp2()).abs();
            worst.1 = worst.1.max(error);
        }
        assert!(worst.0 < 3e-7 && worst.1 < 3e-7, "{worst:?}");
        assert!(worst.0 > 0.0 && worst.1 > 0.0);
    }

    #[test]
    fn ends_of_the_range_stay_finite() {
        assert_eq!((1.0f32.binary_log(), 0.0f32.binary_exp()), (0.0, 1.0));
        assert!((f32::MAX.binary_log() - 128.0).abs() < 1e-4);
        for x in [-126.0f32, -1e9, f32::MIN, f32::NEG_INFINITY] {
            let y = x.binary_exp();
            assert!((0.0..1e-37).contains(&y), "{y}");
        }
        assert!(f32::NAN.binary_exp().is_nan());
    }
}
