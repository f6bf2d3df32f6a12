//! The load that is billed: every hour of a year, or weighted typical hours.

use super::super::date::days_of_month;

/// Load during some hours that are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// 0 is January.
    pub month: u8,
    /// Hour of the day, 0 to 23.
    pub hour: u8,
    pub weekend: bool,
    pub kw: f64,
    /// Hours of the year that it stands for.
    pub hours: f64,
}

/// The load of a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Load(Vec<Sample>);

impl Load {
    /// Typical hours with their weights.
    pub fn typical(samples: Vec<Sample>) -> Self {
        Self(samples)
    }

    /// Every hour from 1 January on; `first_weekday` of that day, 0 is Monday. 8,784 hours are a
    /// leap year.
    pub fn hourly(kw: &[f64], first_weekday: usize) -> Self {
        let year = if kw.len() > 8_760 { 2028 } else { 2027 };
        let mut samples = Vec::with_capacity(kw.len());
        let (mut month, mut day, mut days) = (0u8, 0, days_of_month(year, 1));
        for (h, kw) in kw.iter().enumerate() {
            let hour = (h % 24) as u8;
            let weekend = (first_weekday + h / 24) % 7 >= 5;
            samples.push(Sample { month, hour, weekend, kw: *kw, hours: 1.0 });
            if hour == 23 {
                day += 1;
                if day == days && month < 11 {
                    (month, day) = (month + 1, 0);
                    days = days_of_month(year, u32::from(month) + 1);
                }
            }
        }
        Self(samples)
    }

    pub fn samples(&self) -> &[Sample] {
        &self.0
    }
}
