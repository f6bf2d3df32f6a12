//! What each input alone does to the value.

use super::drivers::{drivers, ends};
use super::monte_carlo::worker::Field;
use super::quick::Quick;
use super::result::{Answer, Bar, Driver, Range, Tornado};
use super::{Appraiser, Change};

/// Bars of a tornado unless asked otherwise.
pub const MOST_BARS: usize = 20;
/// Swing over the base value below which a driver does nothing.
const NOTHING_FRAC: f64 = 1e-9;

/// Moves every driver of the site that has a range, and keeps the `most` longest bars.
pub fn tornado(appraiser: &mut Appraiser, range: Range, most: usize) -> Tornado {
    let all = drivers(appraiser);
    tornado_of(appraiser, &all, range, most)
}

/// The same of given drivers.
pub fn tornado_of(
    appraiser: &mut Appraiser,
    drivers: &[Driver],
    range: Range,
    most: usize,
) -> Tornado {
    let base_npv_usd = appraiser.base().npv_usd();
    let mut tornado = Tornado { range, base_npv_usd, bars: Vec::new(), left_out: Vec::new() };
    let field = Field::plain(appraiser).ok();
    let mut quick = Quick::new(field.as_ref());
    for driver in drivers {
        let (low, high) = ends(driver, range);
        let driver = Driver { low, high, ..driver.clone() };
        let (npv_low_usd, low_planned) = end((appraiser, &mut quick), &driver, low);
        let (npv_high_usd, high_planned) = end((appraiser, &mut quick), &driver, high);
        if let (Err(why), Err(_)) = (&npv_low_usd, &npv_high_usd) {
            tornado.left_out.push((driver.path, why.clone()));
            continue;
        }
        let replanned = low_planned || high_planned;
        let bar = Bar { driver, npv_low_usd, npv_high_usd, replanned };
        let whole = bar.npv_low_usd.is_ok() && bar.npv_high_usd.is_ok();
        if whole && bar.swing_usd() <= NOTHING_FRAC * base_npv_usd.abs().max(1.0) {
            tornado.left_out.push((bar.driver.path, "changes nothing here".to_owned()));
        } else {
            tornado.bars.push(bar);
        }
    }
    tornado.bars.sort_by(|a, b| b.swing_usd().total_cmp(&a.swing_usd()));
    for bar in tornado.bars.drain(most.min(tornado.bars.len())..) {
        tornado.left_out.push((bar.driver.path, "shorter than the bars shown".to_owned()));
    }
    tornado
}

/// The value at one end, and whether the plan changed on the way.
fn end(
    (appraiser, quick): (&mut Appraiser, &mut Quick<'_>),
    driver: &Driver,
    value: f64,
) -> (Answer, bool) {
    if value == driver.base {
        return (Ok(appraiser.base().npv_usd()), false);
    }
    quick.npv_usd(appraiser, &[Change::to(&driver.path, value)])
}
