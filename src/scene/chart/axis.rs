//! Axes: values to points, and ticks at round values. It must not know what is plotted.

/// How values are spread over an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    #[default]
    Log,
    Linear,
}

/// An axis between two values, laid over two positions on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    pub scale: Scale,
    pub min: f64,
    pub max: f64,
    /// Screen positions of `min` and `max`.
    pub from: f64,
    pub to: f64,
}

impl Axis {
    fn unit(&self, v: f64) -> f64 {
        match self.scale {
            Scale::Log => {
                let v = v.max(f64::MIN_POSITIVE);
                (v / self.min).ln() / (self.max / self.min).ln()
            }
            Scale::Linear => (v - self.min) / (self.max - self.min),
        }
    }

    /// Screen position of a value; outside the axis it runs on.
    pub fn position(&self, v: f64) -> f64 {
        self.from + self.unit(v) * (self.to - self.from)
    }

    /// Value at a screen position.
    pub fn value(&self, position: f64) -> f64 {
        let t = (position - self.from) / (self.to - self.from);
        match self.scale {
            Scale::Log => self.min * (self.max / self.min).powf(t),
            Scale::Linear => self.min + t * (self.max - self.min),
        }
    }

    /// Values that get a label, ascending; at most about `most` of them.
    pub fn ticks(&self, most: usize) -> Vec<f64> {
        match self.scale {
            Scale::Log => log_ticks(self.min, self.max, most),
            Scale::Linear => linear_ticks(self.min, self.max, most),
        }
    }

    /// Small ticks between the labelled ones: each digit of each decade.
    pub fn minor_ticks(&self) -> Vec<f64> {
        if self.scale == Scale::Linear {
            return Vec::new();
        }
        let mut out = Vec::new();
        let mut power = 10f64.powf(self.min.log10().floor());
        while power <= self.max {
            out.extend((1..10).map(|d| power * f64::from(d)));
            power *= 10.0;
        }
        out.retain(|v| *v >= self.min * (1.0 - 1e-9) && *v <= self.max * (1.0 + 1e-9));
        out
    }
}

/// Round values of a logarithmic axis: of the digit sets 1-2-5, 1-3 and 1 per decade the
/// densest that does not exceed `most`.
fn log_ticks(min: f64, max: f64, most: usize) -> Vec<f64> {
    let digits: [&[f64]; 3] = [&[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]];
    let (low, high) = (min.log10().floor() as i32, max.log10().ceil() as i32);
    let mut ticks = Vec::new();
    for set in digits {
        ticks = (low..=high)
            .flat_map(|p| set.iter().map(move |d| d * 10f64.powi(p)))
            .filter(|v| *v >= min * (1.0 - 1e-9) && *v <= max * (1.0 + 1e-9))
            .collect();
        if ticks.len() <= most {
            break;
        }
    }
    ticks
}

fn linear_ticks(min: f64, max: f64, most: usize) -> Vec<f64> {
    let rough = (max - min) / most.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].iter().map(|k| k * power).find(|s| *s >= rough * (1.0 - 1e-9));
    let step = step.unwrap_or(power * 10.0);
    let first = (min / step - 1e-9).ceil() as i64;
    let last = (max / step + 1e-9).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

/// A tick in few letters: `50`, `1,000`, `100 k`, `1 M`, `0.5`, `−10`.
pub fn tick_label(v: f64) -> String {
    let plain = |v: f64| {
        let text = format!("{v:.3}");
        let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
        match text.split_once('.') {
            None if text.len() > 3 => {
                format!("{},{}", &text[..text.len() - 3], &text[text.len() - 3..])
            }
            _ => text,
        }
    };
    let text = match v.abs() {
        a if a >= 1e9 => format!("{} G", plain(a / 1e9)),
        a if a >= 1e6 => format!("{} M", plain(a / 1e6)),
        a if a >= 1e4 => format!("{} k", plain(a / 1e3)),
        a => plain(a),
    };
    if v < 0.0 && text != "0" { format!("−{text}") } else { text }
}

/// A value in three digits: a reading of a chart, not a promise.
pub fn reading(v: f64) -> String {
    let power = 10f64.powf(v.abs().max(1e-12).log10().floor() - 2.0);
    tick_label((v / power).round() * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithmic_ticks_are_round_inside_and_no_more_than_asked() {
        let ticks = log_ticks(25.0, 1500.0, 8);
        assert_eq!(ticks, [50.0, 100.0, 200.0, 500.0, 1000.0]);
        let wide = log_ticks(1.0, 1e7, 8);
        assert_eq!(wide.len(), 8, "one for each decade");
        for t in log_ticks(8_000.0, 3e6, 6) {
            assert!((8_000.0..=3e6).contains(&t));
        }
    }

    #[test]
    fn linear_ticks_step_by_one_two_or_five() {
        assert_eq!(
            linear_ticks(0.0, 1500.0, 8),
            [0.0, 200.0, 400.0, 600.0, 800.0, 1000.0, 1200.0, 1400.0]
        );
        assert_eq!(linear_ticks(0.0, 42.1, 5), [0.0, 10.0, 20.0, 30.0, 40.0]);
    }

    #[test]
    fn value_and_position_are_inverse_on_both_scales() {
        for scale in [Scale::Log, Scale::Linear] {
            let axis = Axis { scale, min: 10.0, max: 1e6, from: 640.0, to: 40.0 };
            for v in [10.0, 333.0, 4e4, 1e6] {
                assert!((axis.value(axis.position(v)) / v - 1.0).abs() < 1e-9);
            }
        }
        let log = Axis { scale: Scale::Log, min: 1.0, max: 100.0, from: 0.0, to: 200.0 };
        assert!((log.position(10.0) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn tick_labels_are_short() {
        for (v, text) in
            [(50.0, "50"), (1000.0, "1,000"), (1e5, "100 k"), (1e6, "1 M"), (0.5, "0.5")]
        {
            assert_eq!(tick_label(-v), format!("−{text}"), "with a true minus before its groups");
            assert_eq!(tick_label(v), text);
        }
        for (v, text) in [(517_848.0, "518 k"), (1_115_625.0, "1.12 M"), (1_087.3, "1,090")] {
            assert_eq!(reading(v), text);
        }
    }
}
