//! Labels of parallelism in benchmark tables: `TP8EP1`, `TP4DP1mTP1EP4`,
//! `P1xTP4EP4_D3xTP8EP8dpA`, `P4g_D40g_EP8`. It must not know models.

use super::Refusal;
use super::row::Mapping;

/// Workers that a label describes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    pub mapping: Mapping,
    /// Decode workers.
    pub workers: f64,
    /// Prefill workers and the GPUs of each, where they are apart.
    pub prefill: Option<(f64, f64)>,
}

/// Largest tensor-parallel group met in practice; wider ones replicate attention.
const WIDEST_TENSOR: f64 = 16.0;
/// GPUs of a usual prefill or decode worker inside a domain of 8 and inside a larger one.
const SMALL_WORKER: (f64, f64) = (8.0, 4.0);

/// Names with their numbers, in order: `TP4DP1mTP1EP4` gives TP 4, DP 1, mTP 1, EP 4.
fn fields(label: &str) -> Vec<(String, Option<f64>)> {
    let mut out: Vec<(String, Option<f64>)> = Vec::new();
    let (mut name, mut digits) = (String::new(), String::new());
    for c in label.chars().chain(['\0']) {
        if c.is_ascii_digit() || c == '?' {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            out.push((std::mem::take(&mut name), digits.parse().ok()));
            digits.clear();
        }
        if c.is_ascii_alphabetic() {
            name.push(c);
        } else if !name.is_empty() {
            out.push((std::mem::take(&mut name), None));
        }
    }
    out
}

fn number(fields: &[(String, Option<f64>)], name: &str) -> Option<f64> {
    fields.iter().find(|(n, _)| n.ends_with(name)).and_then(|(_, v)| *v).filter(|v| *v >= 1.0)
}

/// Prefill and decode on the same GPUs.
pub fn together(label: &str, gpus: f64) -> Layout {
    let fields = fields(label);
    let exact = |name: &str| {
        fields.iter().find(|(n, _)| n == name).and_then(|(_, v)| *v).filter(|v| *v >= 1.0)
    };
    let stages = exact("PP").unwrap_or(1.0);
    let replicated = label.ends_with("dpA") || exact("DP").is_some_and(|d| d > 1.0);
    // In the short form the tensor-parallel size is the worker: some tables multiply it by
    // the expert-parallel size in their GPU column.
    let short = exact("EP").is_some() && !label.contains('m') && !label.contains("DP");
    let worker = match exact("TP").filter(|_| short) {
        Some(tensor) => tensor * stages,
        None => gpus,
    };
    let mapping = Mapping {
        gpus: (worker / stages).max(1.0),
        data_parallel: replicated,
        stages,
        groups: 1.0,
    };
    Layout { mapping, workers: 1.0, prefill: None }
}

/// Prefill and decode on workers of their own.
///
/// # Errors
/// The label does not tell decode workers from prefill workers.
pub fn split(
    label: &str,
    gpus: f64,
    prefill_gpus: Option<f64>,
    domain: f64,
) -> Result<Layout, Refusal> {
    let bad = || Refusal::Row(format!("parallel {label:?} does not name prefill and decode"));
    let parts: Vec<&str> = label.split('_').collect();
    let side = |letter: char| parts.iter().find(|p| p.starts_with(letter)).copied();
    let (p, d) = (side('P').ok_or_else(bad)?, side('D').ok_or_else(bad)?);
    let (pf, df) = (fields(p), fields(d));
    let count = |f: &[(String, Option<f64>)], letter: &str| {
        f.iter().find(|(n, _)| n == letter).and_then(|(_, v)| *v).ok_or_else(bad)
    };
    let (prefills, decodes) = (count(&pf, "P")?, count(&df, "D")?);
    let small = if domain > SMALL_WORKER.0 { SMALL_WORKER.1 } else { SMALL_WORKER.0 };
    if !p.contains('x') {
        // `P4g_D40g_EP8`: GPUs of each side and the expert-parallel size.
        let expert = parts.iter().find_map(|s| number(&fields(s), "EP")).unwrap_or(1.0);
        let worker = if expert > 1.0 { expert.max(4.0) } else { SMALL_WORKER.0.min(decodes) };
        let worker = worker.min(decodes);
        let pool = small.min(prefills).max(1.0);
        let mapping =
            Mapping { gpus: worker, data_parallel: expert > 8.0, stages: 1.0, groups: 1.0 };
        return Ok(Layout {
            mapping,
            workers: (decodes / worker).floor().max(1.0),
            prefill: Some(((prefills / pool).floor().max(1.0), pool)),
        });
    }
    let (workers, pools) = (decodes.max(1.0), prefills.max(1.0));
    let tensor = number(&df, "TP").unwrap_or(1.0);
    let pool_total = prefill_gpus
        .filter(|v| *v > 0.0)
        .unwrap_or_else(|| pools * number(&pf, "TP").unwrap_or(small));
    let decode_total = gpus - pool_total;
    if decode_total <= 0.0 {
        return Err(Refusal::Row(format!(
            "{pool_total} of {gpus} GPUs prefill: none is left to decode"
        )));
    }
    let stages = number(&df, "PP").unwrap_or(1.0);
    let mapping = Mapping {
        gpus: (decode_total / workers / stages).max(1.0),
        data_parallel: d.ends_with("dpA") || tensor > WIDEST_TENSOR,
        stages,
        groups: 1.0,
    };
    Ok(Layout { mapping, workers, prefill: Some((pools, (pool_total / pools).max(1.0))) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tp(gpus: f64) -> Mapping {
        Mapping { gpus, data_parallel: false, stages: 1.0, groups: 1.0 }
    }

    #[test]
    fn labels_of_one_worker_give_its_gpus() {
        assert_eq!(together("TP8EP1", 8.0).mapping, tp(8.0));
        // The GPU column of such rows multiplies the two.
        assert_eq!(together("TP8EP8", 64.0).mapping, tp(8.0));
        assert_eq!(together("TP4EP4dpA", 16.0).mapping, Mapping { data_parallel: true, ..tp(4.0) });
        assert_eq!(together("TP4DP1mTP1EP4", 4.0).mapping, tp(4.0));
        assert_eq!(together("TP4DP?mTP1EP1", 4.0).mapping, tp(4.0));
        assert!(together("TP4DP4mTP1EP16", 4.0).mapping.data_parallel);
        assert_eq!(together("TP4PP2EP1", 8.0).mapping, Mapping { stages: 2.0, ..tp(4.0) });
        assert_eq!(together("", 2.0).mapping, tp(2.0));
    }

    #[test]
    fn labels_of_two_pools_give_workers_of_both() {
        let l = split("P1xTP4EP4_D3xTP8EP8", 28.0, Some(4.0), 72.0).unwrap();
        assert_eq!((l.mapping, l.workers, l.prefill), (tp(8.0), 3.0, Some((1.0, 4.0))));
        // The sizes in the label may be wrong; the GPU counts are not.
        let l = split("P1xTP1EP1_D4xTP1EP1dpA", 20.0, Some(4.0), 72.0).unwrap();
        assert_eq!((l.mapping.gpus, l.mapping.data_parallel, l.workers), (4.0, true, 4.0));
        let l = split("P0xTP72EP1_D1xTP72EP1", 144.0, Some(72.0), 72.0).unwrap();
        assert_eq!((l.mapping.gpus, l.mapping.data_parallel), (72.0, true));
        let l = split("P4g_D40g_EP8", 44.0, None, 72.0).unwrap();
        assert_eq!((l.mapping, l.workers, l.prefill), (tp(8.0), 5.0, Some((1.0, 4.0))));
    }

    #[test]
    fn labels_without_two_pools_are_refused() {
        assert!(split("TP8EP8", 8.0, None, 8.0).is_err());
        assert!(split("P1xTP8EP8_D1xTP8EP8", 8.0, Some(8.0), 8.0).is_err(), "none left");
        assert!(split("", 8.0, None, 8.0).is_err());
    }
}
