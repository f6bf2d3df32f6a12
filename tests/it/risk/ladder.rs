//! From the keynote figure to the bankable one.

use super::appraiser;
use crate::support::close;
use gigasite::study::risk::{Ladder, ladder};

fn sums(found: &Ladder) {
    let revenue: f64 = found.steps.iter().map(|s| s.revenue_change_usd).sum();
    let npv: f64 = found.steps.iter().map(|s| s.npv_change_usd).sum();
    let (first, start) = (found.first_year_revenue_usd, found.keynote_revenue_usd);
    let start_npv = found.keynote_npv_usd.clone().unwrap();
    assert!((revenue - (first - start)).abs() <= 1e-9 * start.abs().max(first.abs()));
    let scale = start_npv.abs().max(found.npv_usd.abs());
    assert!((npv - (found.npv_usd - start_npv)).abs() <= 1e-9 * scale);
    let last = found.steps.last().unwrap();
    assert_eq!(last.revenue_usd.to_bits(), first.to_bits());
    assert_eq!(last.npv_usd.clone().unwrap().to_bits(), found.npv_usd.to_bits());
}

#[test]
fn the_ladder_of_a_keynote_layout_starts_at_the_keynotes_figure() {
    let mut appraiser = appraiser("keynote-blackwell-1gw");
    let found = ladder(&mut appraiser).unwrap();
    // 600,000, 150,000 and 20,000 tokens/s per MW at 3, 6 and 45 dollars, 250 MW each.
    let a_year = (3.0 * 6e5 + 6.0 * 1.5e5 + 45.0 * 2e4) * 250.0 * 31_536_000.0 / 1e6;
    close(found.keynote_revenue_usd, a_year, 1e-9, "28.4 billion a year");
    sums(&found);
    close(found.npv_usd, appraiser.base().npv_usd(), 1e-12, "the value of the layout");
    let stop = |id: &str| {
        found.steps.iter().find(|s| s.id == id).unwrap().stop.clone().unwrap_or_default()
    };
    assert!(stop("power-basis").contains("feeds"), "what to enter: {}", stop("power-basis"));
    assert!(stop("finite-demand").contains("volume_tok_s"));
    assert!(stop("availability").contains("blocks of racks"));
    assert!(stop("tax").is_empty() && stop("price-path").is_empty() && stop("ramp").is_empty());
}

#[test]
fn the_ladder_of_a_built_site_takes_every_step() {
    let mut appraiser = appraiser("pilot-20mw");
    let found = ladder(&mut appraiser).unwrap();
    sums(&found);
    close(found.npv_usd, appraiser.base().npv_usd(), 1e-12, "the value of the layout");
    let ids: Vec<&str> = found.steps.iter().map(|s| s.id.as_str()).collect();
    let order = [
        "power-basis",
        "finite-demand",
        "allocation",
        "one-price",
        "availability",
        "utilisation",
        "ramp",
        "price-path",
        "tax",
    ];
    assert_eq!(ids, order);
    let taken = found.steps.iter().filter(|s| s.stop.is_none()).count();
    assert!(taken >= 7, "{:#?}", found.steps);
    let of = |id: &str| found.steps.iter().find(|s| s.id == id).unwrap();
    // What only costs never earns.
    for id in ["availability", "ramp", "price-path"] {
        assert!(of(id).revenue_change_usd <= 0.0, "{id}: {:?}", of(id));
    }
    assert!(of("tax").revenue_change_usd == 0.0 && of("tax").npv_change_usd <= 0.0);
    assert!(found.steps.iter().all(|s| !s.source.is_empty() && !s.what.is_empty()));
}
