//! AC power flow and outages in processor time, beside pandapower where its Python is named by
//! `GIGASITE_PEER_PYTHON` (see benches/peers/install.sh).

mod common;

use common::process_cpu_s;
use gigasite::catalog::Catalog;
use gigasite::power::case::Case;
use gigasite::power::contingency::{self, Element, Outage};
use gigasite::power::{flow, matpower};
use gigasite::site::{Layout, file};
use gigasite::study::network::{self, Checked};
use gigasite::study::{self, SolveOptions};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

const REPEATS: usize = 20;

fn main() {
    let cases = [common::campus::looped(), checked("estimated-100mw").electrical.case];
    let files = [0, 1].map(|i| {
        let name = format!("gigasite-network-{i}-{}.m", std::process::id());
        std::env::temp_dir().join(name)
    });
    for (file, case) in files.iter().zip(&cases) {
        std::fs::write(file, matpower::write(case)).expect("a folder for files");
    }
    let peer = peer(&files);
    let case300 = peer.get("case300_file").map(|path| read(Path::new(path)));
    if let Some(case) = case300 {
        let own = median_ms(|| drop(flow::ac(&case)));
        line("300 buses, AC power flow", own, peer.get("case300"));
    }
    for (file, peer) in files.iter().zip(["n1_0", "n1_1"].map(|name| peer.get(name))) {
        // What the peer sees: buses that breakers join are one, branches alone fail.
        let merged = read(file);
        let _ = std::fs::remove_file(file);
        let branch = |i| Outage { elements: vec![Element::Branch(i)] };
        let branches: Vec<Outage> = (0..merged.branches.len()).map(branch).collect();
        let name = format!("{} buses, {} outages", merged.buses.len(), branches.len());
        let own = median_ms(|| drop(contingency::study(&merged, branches.clone())));
        line(&name, own, peer);
    }
    let giant = checked("campus-1gw").electrical.case;
    let all = contingency::single(&giant);
    let name = format!("{} buses, {} outages (goal 2,000 ms)", giant.buses.len(), all.len());
    line(&name, median_ms(|| drop(contingency::study(&giant, all.clone()))), None);
}

/// The plan of a shipped layout on its network.
fn checked(name: &str) -> Checked {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("layouts/{name}.ron"));
    let text = std::fs::read_to_string(path).expect("the example is there");
    let parsed = file::parse(&text, name).expect("the example is a layout");
    let (layout, _) = Layout::from_file(parsed).expect("the example is a layout");
    let site = &layout.variant(0).site;
    let catalog = Catalog::embedded().expect("the embedded catalogue is right");
    let outcome = study::run(site, &catalog, &SolveOptions::default());
    network::check(site, &catalog, &outcome).expect("the example has a network")
}

fn read(path: &Path) -> Case {
    let bytes = std::fs::read(path).expect("the case is there");
    matpower::read(&String::from_utf8_lossy(&bytes)).expect("the case is right")
}

/// What the peer's script prints, by name; empty without one.
fn peer(cases: &[PathBuf]) -> BTreeMap<String, String> {
    let Ok(python) = std::env::var("GIGASITE_PEER_PYTHON") else {
        println!("GIGASITE_PEER_PYTHON is unset: without the peer, see benches/peers/install.sh");
        return BTreeMap::new();
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/pandapower_times.py");
    let output = Command::new(python).arg(script).arg("7").args(cases).output();
    let output = output.expect("the peer's Python starts");
    if !output.status.success() {
        println!("the peer failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let pairs = text.lines().filter_map(|l| l.split_once(' '));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Processor time of all threads.
fn median_ms(mut work: impl FnMut()) -> f64 {
    work();
    let mut times: Vec<f64> = (0..REPEATS)
        .map(|_| {
            let start = process_cpu_s();
            work();
            (process_cpu_s() - start) * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[REPEATS / 2]
}

fn line(name: &str, own_ms: f64, peer_ms: Option<&String>) {
    let peer = peer_ms.and_then(|ms| ms.parse::<f64>().ok());
    let ratio = peer.map_or(String::new(), |ms| {
        format!("  pandapower {ms:>10.2} ms  {:>7.1} times", ms / own_ms)
    });
    println!("{name:<48} {own_ms:>10.3} ms{ratio}");
}
