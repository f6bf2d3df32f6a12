//! Moist air: wet bulb, dew point and saturation, after ASHRAE Handbook Fundamentals (2017),
//! chapter 1.

/// Saturation pressure over water or, below 0 degrees Celsius, ice, Pa (Hyland and Wexler 1983,
/// equations 5 and 6 of the chapter); -100 to 200 degrees Celsius.
pub fn saturation_pa(t_c: f64) -> f64 {
    let t = t_c + 273.15;
    let ln = if t_c < 0.0 {
        -5.674_535_9e3 / t + 6.392_524_7 - 9.677_843e-3 * t
            + 6.221_570_1e-7 * t * t
            + 2.074_782_5e-9 * t.powi(3)
            - 9.484_024e-13 * t.powi(4)
            + 4.163_501_9 * t.ln()
    } else {
        -5.800_220_6e3 / t + 1.391_499_3 - 4.864_023_9e-2 * t + 4.176_476_8e-5 * t * t
            - 1.445_209_3e-8 * t.powi(3)
            + 6.545_967_3 * t.ln()
    };
    ln.exp()
}

/// Kilograms of vapour in a kilogram of dry air at a vapour pressure (equation 20).
fn humidity_ratio(vapour_pa: f64, pressure_pa: f64) -> f64 {
    0.621_945 * vapour_pa / (pressure_pa - vapour_pa)
}

/// Pressure of the standard atmosphere at an elevation in m, Pa (equation 3).
pub fn standard_pressure_pa(elevation_m: f64) -> f64 {
    101_325.0 * (1.0 - 2.255_77e-5 * elevation_m).max(0.1).powf(5.2559)
}

/// Relative humidity of air at a dew point, 0 to 1.
pub fn humidity_frac(drybulb_c: f64, dewpoint_c: f64) -> f64 {
    (saturation_pa(dewpoint_c) / saturation_pa(drybulb_c)).clamp(0.0, 1.0)
}

/// Equation C8: thermodynamic wet bulb by bisection on the humidity ratio (equations 33 and
/// 35): `W = ((2501 - 2.326 t*) Ws* - 1.006 (t - t*)) / (2501 + 1.86 t - 4.186 t*)`, and its
/// counterpart over ice.
///
/// `humidity` is relative, 0 to 1; the pressure is the station's, Pa. `None` where the air
/// would boil: the vapour alone has the pressure.
pub fn wetbulb_c(drybulb_c: f64, humidity: f64, pressure_pa: f64) -> Option<f64> {
    let vapour = humidity.clamp(0.0, 1.0) * saturation_pa(drybulb_c);
    if !(saturation_pa(drybulb_c) < pressure_pa && drybulb_c.is_finite()) {
        return None;
    }
    let ratio = humidity_ratio(vapour, pressure_pa);
    let at = |wet: f64| {
        let saturated = humidity_ratio(saturation_pa(wet), pressure_pa);
        if wet >= 0.0 {
            ((2501.0 - 2.326 * wet) * saturated - 1.006 * (drybulb_c - wet))
                / (2501.0 + 1.86 * drybulb_c - 4.186 * wet)
        } else {
            ((2830.0 - 0.24 * wet) * saturated - 1.006 * (drybulb_c - wet))
                / (2830.0 + 1.86 * drybulb_c - 2.1 * wet)
        }
    };
    let (mut low, mut high) = (drybulb_c - 60.0, drybulb_c);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if at(middle) < ratio {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(f64::midpoint(low, high))
}
