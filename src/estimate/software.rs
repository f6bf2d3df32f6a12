//! Constants for older software: the trend that the same hardware showed over the months
//! behind the fit (E20 of `docs/model.md`). It must not know racks or models.

use super::{Constants, Refusal};
use crate::units::month::Month;

impl Constants {
    /// The constants as software of a month had them, `YYYY-MM`: every floor of a step and
    /// every rate moves alike, so that the whole time per token does. The month of the
    /// set itself changes nothing.
    ///
    /// # Errors
    /// No such month, or one that the measurements behind the trend do not reach.
    pub fn at(&self, month: &str) -> Result<Self, Refusal> {
        let refused = || Refusal::Software {
            asked: month.to_owned(),
            from: self.software_from.clone(),
            to: self.software_to.clone(),
        };
        let asked = Month::parse(month).ok_or_else(refused)?;
        let ends = (Month::parse(&self.software_from), Month::parse(&self.software_to));
        let (Some(from), Some(to)) = ends else { return Err(refused()) };
        if asked < from || asked > to {
            return Err(refused());
        }
        let now = Month::parse(&self.software).ok_or_else(refused)?;
        if asked == now {
            return Ok(self.clone());
        }
        let factor = (self.tpot_frac_per_month * asked.until(now)).exp();
        Ok(Self { software: asked.to_string(), ..self.slower(factor) })
    }

    /// Time per token over that of newer constants of the same set; nothing where both
    /// stand for the same month.
    pub fn tpot_over(&self, newer: &Self) -> Option<f64> {
        let (own, now) = (Month::parse(&self.software)?, Month::parse(&newer.software)?);
        (own != now).then(|| (self.tpot_frac_per_month * own.until(now)).exp())
    }

    /// Every time of a step and of a prefill so many times as long.
    fn slower(&self, factor: f64) -> Self {
        let mut c = self.clone();
        let floors = [
            &mut c.step_us,
            &mut c.expert_layer_us,
            &mut c.latent_layer_us,
            &mut c.sparse_layer_us,
            &mut c.linear_layer_us,
            &mut c.reduce_us,
            &mut c.dispatch_us,
        ];
        floors.into_iter().for_each(|us| *us *= factor);
        c.frameworks.iter_mut().for_each(|f| f.layer_us *= factor);
        let rates = [
            &mut c.weights_frac,
            &mut c.experts_frac,
            &mut c.cache_frac,
            &mut c.gemm_frac,
            &mut c.attention_frac,
            &mut c.prefill_frac,
            &mut c.reduce_frac,
            &mut c.dispatch_frac,
        ];
        rates.into_iter().for_each(|frac| *frac /= factor);
        c
    }
}
