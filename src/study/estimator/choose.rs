//! Which points of a dense curve a plan or a chart needs. It must not know where they come
//! from.

use crate::catalog::CurvePoint;

/// Throughput below which two points count as one choice: a tenth of what a tier may lose.
const SAME_FRAC: f64 = 1e-4;

fn output(point: &CurvePoint) -> f64 {
    point.tok_s_per_gpu.or(point.tok_s_per_mw).unwrap_or(0.0)
}

/// Of the candidates those that a plan can use: racks of one type take the same provisioned
/// power, coolant and room at every point, so that the greatest output wins, unless drawn
/// power decides. They are the corners of output over drawn power, seen from above and from
/// the racks that stand still; a mix of them is at least as good as any other candidate.
pub fn corners(points: &[CurvePoint], candidates: impl Iterator<Item = usize>) -> Vec<usize> {
    let all: Vec<(usize, f64, f64)> = candidates
        .filter_map(|i| points.get(i).map(|p| (i, p.drawn_frac.unwrap_or(1.0), output(p))))
        .collect();
    // Of equals the one that draws less.
    let better = |a: &&(usize, f64, f64), b: &&(usize, f64, f64)| {
        a.2.total_cmp(&b.2).then(b.1.total_cmp(&a.1))
    };
    let mut out = Vec::new();
    let mut at = all.iter().max_by(better).copied();
    while let Some((i, drawn, made)) = at {
        out.push(i);
        // Output given up for each unit of power saved; standing still gives up the mean.
        let cost = |p: &(usize, f64, f64)| (made - p.2) / (drawn - p.1);
        let next = all.iter().filter(|p| p.1 < drawn && p.2 < made * (1.0 - SAME_FRAC));
        at = next.min_by(|a, b| cost(a).total_cmp(&cost(b))).copied();
        at = at.filter(|p| drawn > 0.0 && cost(p) < made / drawn);
    }
    out
}

/// Points that draw the curve: `keep`, and about `count` spread evenly over the logarithm of
/// the speed; ascending.
pub fn spread(points: &[CurvePoint], keep: &[usize], count: usize) -> Vec<usize> {
    let mut out = keep.to_vec();
    if let (Some(first), Some(last)) = (points.first(), points.last()) {
        let (low, high) = (first.tok_s_user.ln(), last.tok_s_user.ln());
        for k in 0..=count {
            let speed = (low + (high - low) * k as f64 / count.max(1) as f64).exp();
            let at = points.partition_point(|p| p.tok_s_user < speed * (1.0 - 1e-12));
            out.push(at.min(points.len() - 1));
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}
