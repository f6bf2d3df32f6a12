//! `gigasite estimate` as a stranger uses it.

use super::*;
use crate::support::embedded;

/// Arguments of a frontier, blank-separated, with `--json`.
fn frontier(words: &str) -> Value {
    let words: Vec<&str> = ["estimate", "--json"].into_iter().chain(words.split(' ')).collect();
    json(&words)
}

fn points(curve: &Value) -> &Vec<Value> {
    curve["points"].as_array().unwrap()
}

#[test]
fn a_frontier_gives_every_documented_field() {
    let a = frontier("--rack gb200-nvl72,H100 --model deepseek-r1");
    let fields = ["evaluated_points", "seconds", "backend", "adapter", "note", "software"];
    assert_fields(&a, "", &fields);
    assert_fields(&a, "", &["model", "workload", "curves", "refused", "published", "errors"]);
    assert_fields(&a, "/curves/0", &["rack", "precision", "fallback", "points"]);
    let speeds = ["tok_s_user", "tok_s_gpu", "tok_s_rack", "tok_s_it_mw", "tok_s_site_mw"];
    assert_fields(&a, "/curves/0/points/0", &speeds);
    let times = ["ttft_ms", "tpot_ms", "low", "high", "provisioned_kw", "drawn_kw"];
    assert_fields(&a, "/curves/0/points/0", &times);
    let mapping = ["gpus", "attention", "stages", "batch", "prefill_gpus"];
    assert_fields(&a, "/curves/0/points/0", &mapping);
    assert_fields(&a, "/curves/0/points/0", &["disaggregated", "drafts"]);
    let published = ["id", "rack", "kind", "basis", "isl", "osl", "compared_with", "points"];
    assert_fields(&a, "/published/0", &published);
    let point = ["tok_s_user", "tok_s", "estimate_tok_s", "difference_frac", "note"];
    assert_fields(&a, "/published/0/points/0", &point);
    // Racks in the order in which they were named, each at the model's usual precision.
    assert_eq!(
        (&a["curves"][0]["rack"], &a["curves"][0]["precision"]),
        (&"gb200-nvl72".into(), &"fp4".into())
    );
    assert_eq!(
        (&a["curves"][1]["rack"], &a["curves"][1]["precision"]),
        (&"hgx-h100".into(), &"fp8".into())
    );
    assert!(number(&a, "/evaluated_points") > 1e4);
}

#[test]
fn every_unit_of_a_point_says_the_same() {
    let a = frontier("--rack gb300-nvl72 --model deepseek-r1 --backend cpu");
    assert_eq!(a["backend"], "cpu");
    let catalog = embedded();
    let rack = &catalog.racks["gb300-nvl72"];
    let (gpus, kw) = (rack.gpus.get().unwrap(), rack.caps[0].kw.get().unwrap());
    let all_in = rack.all_in_kw.get().unwrap();
    let all = points(&a["curves"][0]);
    assert!(all.len() > 50, "{} points", all.len());
    for p in all {
        let of_rack = number(p, "/tok_s_gpu") * gpus;
        close(number(p, "/tok_s_rack"), of_rack, 1e-9, "a rack");
        close(number(p, "/tok_s_it_mw"), of_rack / kw * 1e3, 1e-9, "a MW IT");
        close(number(p, "/tok_s_site_mw"), of_rack / all_in * 1e3, 1e-9, "a MW of the site");
        close(number(p, "/tok_s_user") * number(p, "/tpot_ms"), 1e3, 1e-9, "speed and time");
        assert!(number(p, "/low") < number(p, "/tok_s_user"));
        assert!(number(p, "/high") > number(p, "/tok_s_user"));
        assert!(number(p, "/drawn_kw") <= number(p, "/provisioned_kw"));
    }
    let falls = |w: &[Value]| number(&w[1], "/tok_s_gpu") < number(&w[0], "/tok_s_gpu");
    assert!(
        all.windows(2)
            .all(|w| falls(w) && number(&w[1], "/tok_s_user") > number(&w[0], "/tok_s_user"))
    );
}

#[test]
fn options_change_what_they_say() {
    let base = "--rack gb300-nvl72 --model deepseek-r1";
    let most = |a: &Value| number(a, "/curves/0/points/0/tok_s_gpu");
    let plain = frontier(base);
    assert!(points(&plain["curves"][0]).iter().any(|p| p["drafts"] == true));
    let none = frontier(&format!("{base} --no-drafts"));
    assert!(points(&none["curves"][0]).iter().all(|p| p["drafts"] == false));
    let limited = frontier(&format!("{base} --ttft-limit 700"));
    let late = |p: &Value| number(p, "/ttft_ms") > 700.0 * 1.0001;
    assert!(!points(&limited["curves"][0]).iter().any(late));
    assert!(points(&plain["curves"][0]).iter().any(late));
    let cached = frontier(&format!("{base} --prefix-cached 0.9"));
    assert!(most(&cached) > most(&plain) * 1.2, "prefill is most of the work");
    let fine = frontier(&format!("{base} --exhaustive"));
    assert!(number(&fine, "/evaluated_points") > 2.0 * number(&plain, "/evaluated_points"));
    assert!(most(&fine) >= most(&plain) * 0.9999);
    let capped = frontier("--rack vr-nvl72 --model deepseek-r1 --cap max-p");
    assert_eq!(capped["curves"][0]["cap"], "max-p");
    assert!(number(&capped, "/curves/0/points/0/provisioned_kw") > 190.0);
    let two = frontier(&format!("{base} --precision fp4,fp8"));
    assert_eq!(two["curves"].as_array().unwrap().len(), 2);
}

#[test]
fn the_month_of_the_software_is_an_input() {
    let base = "--rack gb300-nvl72 --model deepseek-r1 --backend cpu";
    let newest = frontier(base);
    let own = newest["software"].as_str().unwrap().to_owned();
    let same = frontier(&format!("{base} --software {own}"));
    assert_eq!(same["curves"], newest["curves"], "to the bit");
    assert_eq!(same["tpot_ratio"], Value::Null);
    let older = frontier(&format!("{base} --software 2026-01"));
    assert_eq!((&older["software"], &older["newest_software"]), (&"2026-01".into(), &own.into()));
    let ratio = number(&older, "/tpot_ratio");
    assert!(ratio > 1.0);
    let fastest = |a: &Value| number(points(&a["curves"][0]).last().unwrap(), "/tok_s_user");
    assert!((fastest(&newest) / fastest(&older) / ratio - 1.0).abs() < 0.02, "{ratio}");
    let words = format!("estimate {base} --software 2026-01");
    let said = stdout(&gigasite(&words.split(' ').collect::<Vec<_>>()));
    assert!(said.lines().next().unwrap().contains("software 2026-01 (1."), "{said}");
    for bad in ["2026-13", "2019-01", "yesterday"] {
        let words = format!("estimate {base} --software {bad}");
        let output = gigasite(&words.split(' ').collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(2), "{bad}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("choose a month from 2025-10 to 2026-07"), "{said}");
    }
}

#[test]
fn a_precision_without_units_falls_back_and_says_so() {
    let words = "--rack hgx-h100 --model llama-3.1-70b --precision fp4";
    assert_eq!(frontier(words)["curves"][0]["fallback"], "bf16");
    let all: Vec<&str> = ["estimate"].into_iter().chain(words.split(' ')).collect();
    let said = stdout(&gigasite(&all));
    assert!(said.contains("no fp4 units: it computes in bf16"), "{said}");
    assert_eq!(
        frontier("--rack hgx-b200 --model llama-3.1-70b")["curves"][0]["fallback"],
        Value::Null
    );
}

#[test]
fn the_table_names_its_constants_errors_and_units() {
    let said = stdout(&gigasite(&["estimate", "--rack", "gb200", "--model", "DeepSeek-R1-0528"]));
    let first = said.lines().next().unwrap();
    for words in ["software 20", "errors out of sample", "configurations in"] {
        assert!(first.contains(words), "{first}");
    }
    for words in ["tok/s/usr", "a MW IT", "a MW site", "TTFT", "drawn kW", "DP", "batch"] {
        assert!(said.contains(words), "{words} in\n{said}");
    }
    let rows = said.lines().filter(|l| l.contains(", batch ")).count();
    assert!((10..=12).contains(&rows), "{rows} rows");
    assert!(said.contains("Published (measured)"), "{said}");
}

#[test]
fn published_curves_stand_beside_the_estimate_with_the_difference() {
    let a = frontier("--rack gb200-nvl72,vr-nvl72 --model deepseek-r1");
    let published = a["published"].as_array().unwrap();
    let catalog = embedded();
    for p in published {
        let record = &catalog.curves[p["id"].as_str().unwrap()];
        assert_eq!(p["rack"], record.rack.as_str());
        for point in points(p) {
            let speed = number(point, "/tok_s_user");
            let own = record.points.iter().find(|q| q.tok_s_user == speed).unwrap();
            assert_eq!(own.model, "deepseek-r1");
            let tok_s = own.tok_s_per_mw.or(own.tok_s_per_gpu).unwrap();
            close(number(point, "/tok_s"), tok_s, 1e-12, "as published");
            let difference = number(point, "/estimate_tok_s") / tok_s - 1.0;
            assert!((number(point, "/difference_frac") - difference).abs() < 1e-9);
        }
    }
    assert!(published.iter().any(|p| p["basis"] == "grid_mw"), "{published:?}");
    assert!(published.iter().any(|p| p["basis"] == "gpu"), "{published:?}");
}

#[test]
fn what_cannot_be_estimated_says_why() {
    let output = gigasite(&["estimate", "--rack", "gb200-nvl72", "--model", "gpt-moe-2t"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("no published dimensions"), "{}", stdout(&output));
    let words = ["estimate", "--rack", "groq3-lpx", "--model", "deepseek-r1", "--json"];
    assert_eq!(status(&words), 1);
    let refused = &json(&words)["refused"];
    let reason = refused[0]["reason"].as_str().unwrap();
    assert_eq!(refused[0]["rack"], "groq3-lpx");
    assert!(reason.contains("racks.groq3-lpx.") && reason.contains("unknown"), "{reason}");
    // One of two is still an answer.
    let both = ["estimate", "--rack", "groq3-lpx,gb200-nvl72", "--model", "deepseek-r1", "--json"];
    assert_eq!(status(&both), 0);
    let both = json(&both);
    assert_eq!(both["curves"].as_array().unwrap().len(), 1);
    assert_eq!(both["refused"][0]["rack"], "groq3-lpx");
    let late = "--rack gb200-nvl72 --model deepseek-r1 --ttft-limit 0.001";
    assert!(frontier(late)["refused"][0]["reason"].as_str().unwrap().contains("first token"));
    let long = "--rack gb200-nvl72 --model deepseek-r1 --isl 1e7";
    assert!(frontier(long)["refused"][0]["reason"].as_str().unwrap().contains("context"));
}

#[test]
fn an_answer_on_demo_values_names_them_in_every_form() {
    let pair = "--rack vr-nvl72,vr-nvl72-lpx --model deepseek-r1";
    // As it ships, the figure that is missing stops the pair alone.
    let blank = frontier(pair);
    assert_eq!(blank["curves"].as_array().unwrap().len(), 1);
    let reason = blank["refused"][0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("racks.vr-nvl72-lpx.decoder.racks is unknown"), "{reason}");
    let folder = crate::support::root().join("examples/lpx-demo").display().to_string();
    let words = format!("{pair} --catalog {folder}");
    let a = frontier(&words);
    assert_eq!(a["curves"][0]["demo"], Value::Array(Vec::new()));
    let paths = a["curves"][1]["demo"].as_array().unwrap();
    assert!(paths.iter().any(|p| p == "racks.vr-nvl72-lpx.decoder.racks"), "{paths:?}");
    assert_eq!(a["curves"][1]["adjunct"]["rack"], "groq3-lpx");
    assert_eq!(a["curves"][1]["adjunct"]["precision"], "fp8");
    assert_eq!(a["curves"][0]["adjunct"], Value::Null);
    let drawn = Folder::new();
    let svg = drawn.path("a.svg").display().to_string();
    let mut all: Vec<&str> = ["estimate"].into_iter().chain(words.split(' ')).collect();
    all.extend(["--svg", &svg]);
    let said = stdout(&gigasite(&all));
    assert_eq!(said.matches("It stands on demo values: racks.vr-nvl72-lpx.").count(), 1, "{said}");
    assert!(said.contains("networks in fp8 on 2,048 chips of groq3-lpx"), "{said}");
    let picture = std::fs::read_to_string(&svg).unwrap();
    assert!(picture.contains("LPX stands on demo values: racks.vr-nvl72-lpx."));
}

#[test]
fn misuse_of_a_frontier_is_told_with_the_nearest_names() {
    for (words, says) in [
        ("--rack gb20-nvl72 --model deepseek-r1", "gb200-nvl72"),
        ("--rack gb200-nvl72 --model deepsek-r1", "deepseek-r1"),
        ("--rack gb200-nvl72 --model deepseek-r1 --framework tensor", "trtllm"),
        ("--rack gb200-nvl72 --model deepseek-r1 --precision fp7", "fp8"),
        ("--rack gb200-nvl72 --model deepseek-r1 --cap top", "nominal"),
        ("--rack gb200-nvl72 --model deepseek-r1 --isl 0", "at least one"),
        ("--rack gb200-nvl72 --model deepseek-r1 --osl=NaN", "at least one"),
        ("--rack gb200-nvl72 --model deepseek-r1 --prefix-cached 1.5", "0 to 1"),
        ("--rack gb200-nvl72 --model deepseek-r1 --ttft-limit=-1", "above zero"),
        ("--rack gb200-nvl72", "--model"),
        ("--points x.csv", "--out"),
        ("--points x.csv --out y.csv --rack gb200-nvl72", "--rack"),
    ] {
        let words: Vec<&str> = ["estimate"].into_iter().chain(words.split(' ')).collect();
        let output = gigasite(&words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(stderr(&output).contains(says), "{words:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{words:?}");
    }
}

#[test]
fn a_frontier_is_drawn_in_both_themes_and_formats() {
    let folder = Folder::new();
    let path = |name: &str| folder.path(name).display().to_string();
    let (dark, light, svg) = (path("dark.png"), path("light.png"), path("a.svg"));
    let base = ["estimate", "--rack", "gb200-nvl72,vr-nvl72", "--model", "deepseek-r1"];
    assert_eq!(status(&[&base[..], &["--png", &dark, "--svg", &svg]].concat()), 0);
    assert_eq!(status(&[&base[..], &["--png", &light, "--light"]].concat()), 0);
    let read = |path: &str| image::open(path).unwrap().to_rgb8();
    let (dark, light) = (read(&dark), read(&light));
    assert_eq!(dark.dimensions(), (2400, 1520));
    assert_eq!((dark.get_pixel(4, 4).0, light.get_pixel(4, 4).0), ([12, 16, 21], [244, 246, 248]));
    // The solid parts of both curves and of the title.
    let count = |rgb: [u8; 3]| dark.pixels().filter(|p| p.0 == rgb).count();
    for rgb in [[0xE6, 0x9F, 0x00], [0x56, 0xB4, 0xE9], [0xE8, 0xED, 0xF3]] {
        assert!(count(rgb) > 1000, "{} pixels of {rgb:?}", count(rgb));
    }
    let text = std::fs::read_to_string(&svg).unwrap();
    assert!(text.starts_with("<svg ") && text.ends_with("</svg>\n"));
    for words in ["DeepSeek-R1", "GB200 NVL72", "Vera Rubin NVL72", "software 20", "<polyline"] {
        assert!(text.contains(words), "{words}");
    }
    assert!(!text.contains("NaN") && !text.contains("inf"));
    let nowhere = path("absent/a.png");
    assert_eq!(status(&[&base[..], &["--png", &nowhere]].concat()), 2);
}

/// Runs a table through the estimator: the answer, and the rows that came back.
fn predicted(folder: &Folder, text: &str) -> (Value, Vec<Vec<String>>) {
    let input = folder.file("in.csv", text);
    let out = folder.path("out.csv").display().to_string();
    let answer = json(&["estimate", "--points", &input, "--out", &out, "--json"]);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&out).unwrap();
    let rows = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect());
    (answer, rows.collect())
}

const HEADER: &str = "id,hardware,model,precision,spec_decode,framework,mode,parallel,gpus,\
                      prefill_gpus,isl,osl,concurrency";
const PREDICTIONS: [&str; 7] = [
    "pred_tok_s_user",
    "pred_out_tok_s_gpu",
    "pred_ttft_ms",
    "pred_tpot_ms",
    "pred_low",
    "pred_high",
    "pred_note",
];

#[test]
fn every_row_of_a_table_keeps_its_place_whatever_is_wrong_with_it() {
    let cases: &[(&str, Option<&str>)] = &[
        ("a,b200,DeepSeek-R1-0528,fp4,none,trt,agg,TP8EP1,8,,1024,1024,64", None),
        ("b,b900,DeepSeek-R1-0528,fp4,none,trt,agg,TP8EP1,8,,1024,1024,64", Some("b900")),
        ("c,b200,NoSuchModel,fp4,none,trt,agg,TP8EP1,8,,1024,1024,64", Some("NoSuchModel")),
        ("d,b200,DeepSeek-R1-0528,fp3,none,trt,agg,TP8EP1,8,,1024,1024,64", Some("fp3")),
        ("e,b200,DeepSeek-R1-0528,fp4,none,trt,agg,TP8EP1,8,,1024,1024,", Some("concurrency")),
        ("f,b200,DeepSeek-R1-0528,fp4,none,trt,agg,TP8EP1,8,,1024,1024,-4", Some("concurrency")),
        ("g,b200,DeepSeek-R1-0528,fp4,none,trt,agg,TP8EP1,8,,many,1024,64", Some("isl \"many\"")),
        ("h,b200,DeepSeek-R1-0528,fp4,none,trt,agg,TP8EP1,8,,NaN,1024,64", Some("isl")),
        ("i,b200,DeepSeek-R1-0528,fp4,none,trt,agg,TP8EP1,8,,1024,inf,64", Some("osl")),
        ("j,b200,DeepSeek-R1-0528", Some("3 fields where the header has 13")),
        (
            "k,b200,DeepSeek-R1-0528,fp4,none,trt,agg,TP8EP1,8,,1024,1024,64,more",
            Some("left out: more"),
        ),
        ("l,b200,GPT MoE 2T,fp4,none,trt,agg,TP8EP1,8,,1024,1024,64", Some("dimensions")),
        (
            "m,b200,DeepSeek-R1-0528,fp4,none,trt,disagg,TP8EP1,8,,1024,1024,64",
            Some("prefill and decode"),
        ),
        (
            "\"n, \"\"quoted\"\"\",b200,\"DeepSeek-R1-0528\",fp4,none,trt,agg,TP8EP1, 8 ,,1024,1024,64",
            None,
        ),
        (
            "o,gb200,DeepSeek-R1-0528,fp4,mtp,trt,disagg,P1xTP4EP4_D3xTP8EP8,28,4,8192,1024,128",
            None,
        ),
        ("p,b200,DeepSeek-R1-0528,,unstated,,agg,TP8EP1,8,,1024,1024,64", None),
    ];
    let rows: Vec<&str> = cases.iter().map(|c| c.0).collect();
    let text = format!("{HEADER}\n{}\n", rows.join("\n"));
    let (answer, out) = predicted(&Folder::new(), &text);
    assert_eq!(out.len(), cases.len() + 1);
    assert_eq!(out[0][13..], PREDICTIONS);
    let mut input =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    for (given, row) in input.records().map(|r| r.unwrap()).zip(&out) {
        let same = given.iter().take(13).zip(row).all(|(a, b)| a == b);
        assert!(same, "{given:?} became {row:?}");
    }
    for ((given, wrong), row) in cases.iter().zip(&out[1..]) {
        assert_eq!(row.len(), 20, "{given}");
        match wrong {
            Some(reason) => {
                assert!(row[19].contains(reason), "{given}: {}", row[19]);
                assert!(row[13..19].iter().all(String::is_empty), "{given}: {row:?}");
            }
            None => {
                let v: Vec<f64> = row[13..19].iter().map(|c| c.parse().unwrap()).collect();
                close(v[0] * v[3], 1e3, 1e-4, given);
                assert!(v[4] < v[3] && v[3] < v[5], "{given}: {v:?}");
            }
        }
    }
    for note in ["precision is not stated: fp4", "speculative decoding is not stated", "framework"]
    {
        assert!(out[16][19].contains(note), "{}", out[16][19]);
    }
    assert!(out[15][19].contains("accepted length"), "{}", out[15][19]);
    let good = cases.iter().filter(|c| c.1.is_none()).count() as f64;
    assert_eq!(number(&answer, "/predicted"), good);
    assert_eq!(number(&answer, "/refused"), cases.len() as f64 - good);
    assert_eq!(number(&answer, "/evaluated_points"), cases.len() as f64);
    assert_fields(&answer, "", &["seconds", "backend", "adapter"]);
}

#[test]
fn requests_in_flight_are_rate_times_stay() {
    let row = "b200,DeepSeek-R1-0528,fp4,none,trt,agg,TP8EP1,8,1024,1024,";
    let header =
        "hardware,model,precision,spec_decode,framework,mode,parallel,gpus,isl,osl,concurrency";
    for concurrency in [1.0, 16.0, 256.0] {
        let (_, out) = predicted(&Folder::new(), &format!("{header}\n{row}{concurrency}\n"));
        let v: Vec<f64> = out[1][11..15].iter().map(|c| c.parse().unwrap()).collect();
        let (rate, ttft, tpot) = (v[1] * 8.0 / 1024.0, v[2] / 1e3, v[3] / 1e3);
        close(rate * (ttft + 1023.0 * tpot), concurrency, 1e-3, "in flight");
    }
}

#[test]
fn tables_of_other_programs_are_read_as_they_come() {
    let folder = Folder::new();
    let row = "64,1024,1024,8,DeepSeek-R1-0528,B200,kept,TP8EP1,trt,agg,fp4,none,";
    let header = "Concurrency,OSL,ISL,GPUs,Model,HARDWARE,extra,parallel,framework,mode,precision,spec_decode,prefill_gpus";
    let (_, plain) = predicted(&folder, &format!("{header}\n{row}\n"));
    // Byte order mark, CRLF, no line end at the end, blanks around names.
    let text = format!("\u{feff}{}\r\n{row}", header.replace("OSL,", " OSL ,"));
    let (answer, other) = predicted(&folder, &text);
    assert_eq!(number(&answer, "/predicted"), 1.0);
    assert_eq!(plain[1], other[1]);
    assert_eq!(other[0][0], "Concurrency");
    let bytes = std::fs::read(folder.path("out.csv")).unwrap();
    assert_eq!(bytes.iter().filter(|b| **b == b'\n').count(), 2);
    assert_eq!(bytes.windows(2).filter(|w| w == b"\r\n").count(), 2);
    let (answer, only) = predicted(&folder, &format!("{HEADER}\n"));
    assert_eq!((number(&answer, "/evaluated_points"), only.len()), (0.0, 1));
    // Bytes that are not UTF-8 in a column that nobody needs.
    let mut text = format!("{header}\n").into_bytes();
    text.extend(row.replace("kept", "k\u{1}pt").bytes().map(|b| if b == 1 { 0xE9 } else { b }));
    let input = folder.path("latin.csv");
    std::fs::write(&input, &text).unwrap();
    let out = folder.path("latin-out.csv");
    let words = ["estimate", "--points", input.to_str().unwrap(), "--out", out.to_str().unwrap()];
    assert_eq!(status(&words), 0);
    assert!(std::fs::read(&out).unwrap().windows(4).any(|w| w == b"k\xE9pt"));
}

#[test]
fn a_table_that_cannot_be_used_is_refused_and_nothing_is_written() {
    let folder = Folder::new();
    let good =
        format!("{HEADER}\na,b200,DeepSeek-R1-0528,fp4,none,trt,agg,TP8EP1,8,,1024,1024,64\n");
    let out = folder.path("out.csv").display().to_string();
    let refused = |input: &str, out: &str| {
        let output = gigasite(&["estimate", "--points", input, "--out", out]);
        assert_eq!(output.status.code(), Some(2), "{input}: {}", stdout(&output));
        stderr(&output)
    };
    let input = folder.file("bare.csv", "hardware,model,gpus,isl\n");
    let said = refused(&input, &out);
    assert!(said.contains("osl, concurrency") && !said.contains("model"), "{said}");
    assert!(refused(&folder.file("empty.csv", ""), &out).contains("empty"));
    assert!(refused("nowhere.csv", &out).contains("nowhere.csv"));
    let input = folder.file("twice.csv", &good.replace("id,", "pred_low,"));
    assert!(refused(&input, &out).contains("pred_low"));
    let input = folder.file("good.csv", &good);
    assert!(
        refused(&input, &folder.path("absent/out.csv").display().to_string()).contains("absent")
    );
    let folder_itself = folder.path("").display().to_string();
    assert!(refused(&input, &folder_itself).contains("not a file"));
    assert!(!Path::new(&out).exists());
    // The input under another name is still the input.
    let roundabout = folder.path("./good.csv").display().to_string();
    assert!(refused(&input, &roundabout).contains("input itself"));
    #[cfg(unix)]
    {
        let link = folder.path("link.csv");
        std::os::unix::fs::symlink(&input, &link).unwrap();
        assert!(refused(&input, link.to_str().unwrap()).contains("input itself"));
    }
    assert_eq!(std::fs::read_to_string(&input).unwrap(), good);
    let left = std::fs::read_dir(folder.path("")).unwrap();
    let stray = left.filter(|e| e.as_ref().unwrap().path().extension().is_some_and(|x| x == "tmp"));
    assert_eq!(stray.count(), 0, "temporary files are left");
}

#[test]
fn measured_points_are_predicted_within_the_promised_error() {
    let Some(folder) = std::env::var_os("GIGASITE_MEASUREMENTS").map(PathBuf::from) else {
        eprintln!("skipped: GIGASITE_MEASUREMENTS names no folder of measured data");
        return;
    };
    let input = folder.join("calibration.csv").display().to_string();
    let own = Folder::new();
    let out = own.path("out.csv");
    let words = ["estimate", "--points", &input, "--out", out.to_str().unwrap(), "--json"];
    assert_eq!(status(&words), 0);
    let mut reader = csv::Reader::from_path(&out).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let (measured, ours, load) = (at("tpot_ms"), at("pred_tpot_ms"), at("concurrency"));
    let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.unwrap()).collect();
    let stated: Vec<_> = rows.iter().filter(|r| !r[load].is_empty()).collect();
    let answered = stated.iter().filter(|r| !r[ours].is_empty()).count();
    assert!(answered as f64 >= 0.95 * stated.len() as f64, "{answered} of {}", stated.len());
    let mut errors: Vec<f64> = stated
        .iter()
        .filter_map(|r| Some((r[ours].parse::<f64>().ok()?, r[measured].parse::<f64>().ok()?)))
        .map(|(ours, measured)| (ours / measured - 1.0).abs())
        .collect();
    assert!(errors.len() > 900, "{} rows compared", errors.len());
    errors.sort_by(f64::total_cmp);
    let (median, mean) =
        (errors[errors.len() / 2], errors.iter().sum::<f64>() / errors.len() as f64);
    assert!(median <= 0.15 && mean <= 0.20, "median {median:.3}, mean {mean:.3}");
}

#[test]
fn a_rack_of_unknown_power_has_its_throughput_and_names_what_is_missing() {
    let base = "--rack mi300x,gb200-nvl72 --model deepseek-r1 --backend cpu";
    let a = frontier(base);
    assert_eq!(a["refused"].as_array().unwrap().len(), 0, "{}", a["refused"]);
    let curve = &a["curves"][0];
    // Without units for four bits it serves the eight of other chips that lack them.
    assert_eq!((&curve["precision"], &curve["fallback"]), (&"fp8".into(), &Value::Null));
    assert_eq!(curve["unknown"], "racks.mi300x.caps.nominal.kw is unknown");
    assert_eq!(a["curves"][1]["unknown"], Value::Null);
    for p in points(curve) {
        assert!(number(p, "/tok_s_gpu") > 0.0 && number(p, "/tok_s_rack") > 0.0);
        for power in ["tok_s_it_mw", "tok_s_site_mw", "provisioned_kw", "drawn_kw"] {
            assert_eq!(p[power], Value::Null, "{power}");
        }
    }
    let words = format!("estimate {base}");
    let said = stdout(&gigasite(&words.split(' ').collect::<Vec<_>>()));
    assert!(
        said.contains("No figure per MW IT: racks.mi300x.caps.nominal.kw is unknown"),
        "{said}"
    );
    assert!(said.contains("unknown") && !said.contains("NaN"), "{said}");
    // The picture shows all racks per GPU.
    let folder = Folder::new();
    let svg = folder.path("a.svg").display().to_string();
    let words = format!("estimate {base} --svg {svg}");
    assert_eq!(status(&words.split(' ').collect::<Vec<_>>()), 0);
    let text = std::fs::read_to_string(&svg).unwrap();
    assert!(text.contains("output tokens/s per GPU") && !text.contains("NaN"));
    let row = "a,mi300x,DeepSeek-R1,fp8,none,sglang,agg,TP8,8,,1024,1024,16\n";
    let (answer, _) = predicted(&folder, &format!("{HEADER}\n{row}"));
    assert_eq!(answer["predicted"], 1);
}
