//! The command line as a stranger uses it.

mod catalogue;
mod compare;
mod cooling;
mod estimate;
mod finance;
mod import;
#[cfg(all(feature = "gui", target_os = "linux"))]
mod open;
mod powerflow;
mod report;

use crate::support::{close, layout_path, root};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program, which knows nothing of what its user keeps: the folder is not there.
pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_gigasite"));
    program.env("GIGASITE_DATA_DIR", root().join("no-such-folder"));
    program
}

fn gigasite(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn status(arguments: &[&str]) -> i32 {
    gigasite(arguments).status.code().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Standard output as JSON, whatever the exit status.
fn json(arguments: &[&str]) -> Value {
    let output = gigasite(arguments);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{arguments:?}: {e}\n{}\n{}", stdout(&output), stderr(&output)))
}

fn shipped(name: &str) -> String {
    layout_path(name).display().to_string()
}

fn data(path: &str) -> String {
    root().join("tests/data").join(path).display().to_string()
}

fn number(value: &Value, pointer: &str) -> f64 {
    value.pointer(pointer).and_then(Value::as_f64).unwrap_or_else(|| panic!("no {pointer}"))
}

/// A file of its own for a test, removed with its folder.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn assert_fields(value: &Value, at: &str, fields: &[&str]) {
    let object = value.pointer(at).and_then(Value::as_object);
    let object = object.unwrap_or_else(|| panic!("{at} is no object"));
    for field in fields {
        assert!(object.contains_key(*field), "{at} has no {field}");
    }
}

#[test]
fn solve_gives_every_documented_field() {
    let answer = json(&["solve", &shipped("pilot-20mw"), "--json"]);
    assert_eq!(answer["status"], "optimal");
    assert_fields(
        &answer,
        "",
        &[
            "status",
            "objective_usd_per_year",
            "revenue_usd_per_year",
            "energy_cost_usd_per_year",
            "tokens_per_s",
            "grid_mw",
            "firm_mw",
            "tiers",
            "allocation",
            "blocks",
            "hours",
            "limits",
            "joint_gains",
            "conflicts",
            "diagnostics",
            "provenance",
            "timing",
        ],
    );
    assert_fields(&answer, "/tokens_per_s", &["input", "cached_input", "output"]);
    let tier = ["id", "revenue_usd_per_year", "tokens_per_s", "price_usd_per_mtok", "it_mw"];
    assert_fields(&answer, "/tiers/0", &tier);
    let tier = ["share_of_it_power", "gpus", "shortfall_tokens_per_s", "shortfall_gpus"];
    assert_fields(&answer, "/tiers/0", &tier);
    assert_fields(
        &answer,
        "/allocation/0",
        &["rack", "tier", "operating_point", "racks", "it_mw", "tokens_per_s"],
    );
    assert_fields(&answer, "/allocation/0", &["revenue_usd_per_year"]);
    let block = ["id", "rack", "operating_point", "racks", "firm_racks", "it_mw"];
    assert_fields(&answer, "/blocks/0", &block);
    assert_eq!(answer["hours"].as_array().unwrap().len(), 6);
    assert_fields(
        &answer,
        "/limits/0",
        &[
            "id",
            "kind",
            "element",
            "used",
            "capacity",
            "unit",
            "binding",
            "gain_usd_per_year",
            "gain_valid_to",
            "loss_usd_per_year",
            "loss_valid_to",
            "net_gain_usd_per_year",
        ],
    );
    let noted = json(&["solve", &shipped("keynote-rubin-1gw"), "--json"]);
    assert_fields(
        &noted,
        "/diagnostics/0",
        &["severity", "code", "path", "file", "line", "column", "message", "hint"],
    );
    assert_fields(
        &answer,
        "/provenance",
        &[
            "engine_version",
            "catalog_version",
            "input_sha256",
            "overrides",
            "solver",
            "estimator_backend",
        ],
    );
    assert_eq!(answer["provenance"]["input_sha256"].as_str().unwrap().len(), 64);
    assert!(number(&answer, "/timing/seconds") > 0.0);
}

#[test]
fn a_switch_of_the_policy_estimates_the_throughput_and_says_so() {
    let always = ["--set", "policy.estimates.when=Always"];
    let site = shipped("region-pair-us");
    let answer = json(&[&["solve", &site, "--json"], &always[..]].concat());
    assert_eq!(answer["provenance"]["estimator_backend"], "cpu");
    let point = ["id", "rack", "curve", "origin", "source", "software", "model", "context_tokens"];
    assert_fields(&answer, "/operating_points/0", &point);
    let more = ["tok_s_user", "ttft_ms", "configuration", "tok_s_user_range", "error_frac"];
    assert_fields(&answer, "/operating_points/0", &more);
    assert_eq!(answer["operating_points"][0]["origin"], "estimate");
    let text = stdout(&gigasite(&[&["solve", &site], &always[..]].concat()));
    assert!(text.contains("throughput estimated, software of 20"), "{text}");
    let published = json(&["solve", &site, "--json"]);
    assert_eq!(published["provenance"]["estimator_backend"], "none");
    assert_eq!(published["operating_points"][0]["origin"], "measured");
}

#[test]
fn joint_gains_and_conflicts_have_their_documented_fields() {
    let one = data("layouts/one-block.ron");
    let narrow = ["--set", "site.grid_contract_mw=1.8", "--set", "nodes.sub.capacity_mw=1.8"];
    let answer = json(&[&["solve", &one, "--json"], &narrow[..]].concat());
    assert_fields(&answer, "/joint_gains/0", &["limits", "gain_usd_per_year", "valid_to"]);

    let text = std::fs::read_to_string(&one).unwrap();
    let folder = Folder::new();
    let committed = text.replace(
        r#"volume_tok_s: "unlimited")],"#,
        r#"volume_tok_s: "unlimited")], commitment: (volume: 9e9),"#,
    );
    let file = folder.file("committed.ron", &committed);
    let output = gigasite(&["solve", &file, "--json"]);
    assert_eq!(output.status.code(), Some(1), "an infeasible plan is a negative answer");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["status"], "infeasible");
    assert_eq!(answer["objective_usd_per_year"], Value::Null);
    let fields = ["limit", "element", "amount", "unit", "sentence"];
    assert_fields(&answer, "/conflicts/0", &fields);
    // The text for people says it too.
    let text = stdout(&gigasite(&["solve", &file]));
    assert!(text.contains("commitment") || text.contains("High"), "{text}");
}

#[test]
fn lp_gives_every_documented_field_and_its_exit_status() {
    let file = data("lp/site-2k.mps.gz");
    let answer = json(&["lp", &file, "--json", "--marginals", "584,90"]);
    let fields = ["status", "objective", "solver", "max_primal_violation", "max_dual_violation"];
    assert_fields(&answer, "", &fields);
    assert_fields(&answer, "", &["mip_gap", "rows", "timing"]);
    assert_eq!(answer["rows"].as_array().unwrap().len(), 2);
    assert_fields(&answer, "/rows/0", &["index", "name", "dual", "left", "right"]);
    assert_eq!(answer["rows"][0]["index"], 584);

    let folder = Folder::new();
    let infeasible =
        folder.file("a.lp", "Minimize\n o: x\nSubject To\n a: x >= 2\n b: x <= 1\nEnd\n");
    assert_eq!(status(&["lp", &infeasible]), 1);
    assert_eq!(json(&["lp", &infeasible, "--json"])["status"], "infeasible");
    let unbounded = folder.file("b.lp", "Maximize\n o: x\nSubject To\n a: x >= 2\nEnd\n");
    assert_eq!(status(&["lp", &unbounded]), 1);
    assert_eq!(json(&["lp", &unbounded, "--json"])["status"], "unbounded");
    assert_eq!(status(&["lp", &folder.file("c.lp", "what is this")]), 2);
    assert_eq!(status(&["lp", &folder.path("absent.mps").display().to_string()]), 2);
    assert_eq!(status(&["lp", &file, "--solver", "abacus"]), 2);
    assert_eq!(status(&["lp", &file, "--marginals", "no_such_row"]), 2);
}

#[test]
fn exit_status_tells_done_from_negative_from_misuse() {
    let rubin = shipped("keynote-rubin-1gw");
    assert_eq!(status(&["solve", &rubin]), 0);
    assert_eq!(status(&["check", &rubin]), 0);
    assert_eq!(status(&["--help"]), 0);
    assert_eq!(status(&["--version"]), 0);
    assert_eq!(status(&["solve", &shipped("region-pair-china")]), 1);
    assert_eq!(status(&["check", &data("broken/046-dangling-node.ron")]), 1);
    assert_eq!(status(&["solve", &data("broken/010-cut-off.ron")]), 1);
    for misuse in [
        &["fly"][..],
        &["solve"],
        &["solve", &rubin, "--solver", "abacus"],
        &["solve", &rubin, "--policy", "greedy"],
        &["solve", &rubin, "--whatif", "site.grid_contract_mw"],
        &["solve", &rubin, "--whatif", "site.grid_contract_mw=much"],
        &["solve", &rubin, "--set", "site.grid_contract_mw"],
        &["solve", &rubin, "--hold-plan", "/nonexistent/plan.json"],
        &["solve", "/nonexistent/layout.ron"],
        &["check", "/nonexistent/layout.ron"],
        &["solve", &rubin, "--catalog", "/nonexistent"],
        &["catalog", "show", "no-such-thing"],
    ] {
        let output = gigasite(misuse);
        assert_eq!(output.status.code(), Some(2), "{misuse:?}: {}", stderr(&output));
        assert!(!output.stderr.is_empty(), "{misuse:?} says nothing");
        assert!(output.stdout.is_empty(), "{misuse:?}: {}", stdout(&output));
    }
}

#[test]
fn notes_go_to_standard_error_and_results_to_standard_output() {
    let output = gigasite(&["solve", &shipped("keynote-rubin-1gw")]);
    assert!(stderr(&output).contains("unlimited"), "{}", stderr(&output));
    assert!(!stdout(&output).contains("assumed to be unlimited"), "{}", stdout(&output));
    assert!(stdout(&output).contains("141.9"), "{}", stdout(&output));
    // With --json the findings are part of the answer and standard error is silent.
    let output = gigasite(&["solve", &shipped("keynote-rubin-1gw"), "--json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!answer["diagnostics"].as_array().unwrap().is_empty());
    assert_eq!(stderr(&output), "");
}

#[test]
fn changes_by_path_reach_the_answer_and_its_provenance() {
    let file = shipped("keynote-rubin-1gw");
    let changes = [
        "--set",
        "site.grid_contract_mw=500",
        "--set",
        "tiers.premium.price_usd_per_mtok=40",
        "--set",
        "curves.keynote-rubin.points.200.tok_s_per_mw=800000",
    ];
    let answer = json(&[&["solve", &file, "--json"], &changes[..]].concat());
    let expected = (3.0 * 1.6 + 6.0 * 0.8 + 40.0 * 0.2) * 125.0 * 31.536e6;
    close(number(&answer, "/revenue_usd_per_year"), expected, 1e-9, "revenue");
    let overrides = answer["provenance"]["overrides"].as_array().unwrap();
    assert_eq!(overrides.len(), 3);
    assert_eq!(overrides[0], "site.grid_contract_mw=500");
    let plain = json(&["solve", &file, "--json"]);
    let sha = |v: &Value| v["provenance"]["input_sha256"].as_str().unwrap().to_owned();
    assert_ne!(sha(&answer), sha(&plain), "overrides enter the hash");
}

#[test]
fn an_unknown_path_names_the_nearest_ones() {
    let file = shipped("keynote-rubin-1gw");
    for (path, near) in [
        ("site.grid_contract=500", "grid_contract_mw"),
        ("tiers.premum.price_usd_per_mtok=1", "premium"),
        ("sites.grid_contract_mw=1", "site"),
        ("racks.vr-nvl27.price_usd=1", "vr-nvl72"),
        ("curves.keynote-rubin.points.400.tok_s_per_mv=1", "tok_s_per_mw"),
    ] {
        let output = gigasite(&["solve", &file, "--json", "--set", path]);
        assert_eq!(output.status.code(), Some(2), "{path}");
        assert!(stderr(&output).contains(near), "{path}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{path}");
    }
}

#[test]
fn policy_objective_and_solver_can_be_chosen() {
    let file = shipped("keynote-rubin-1gw");
    let free = json(&["solve", &file, "--json", "--policy", "optimise"]);
    close(number(&free, "/revenue_usd_per_year"), 283.824e9, 1e-9, "optimise");
    close(number(&free, "/baseline/revenue_usd_per_year"), 141.912e9, 1e-9, "the baseline");
    let even = json(&["solve", &file, "--json", "--policy", "fixed-shares"]);
    close(number(&even, "/revenue_usd_per_year"), 141.912e9, 1e-9, "fixed shares");
    for solver in ["highs", "good_lp-highs", "clarabel", "microlp"] {
        let answer = json(&["solve", &file, "--json", "--solver", solver]);
        close(number(&answer, "/revenue_usd_per_year"), 141.912e9, 1e-6, solver);
        assert_eq!(answer["provenance"]["solver"], solver);
    }
    let pilot = shipped("pilot-20mw");
    let dispatch = json(&["solve", &pilot, "--json", "--objective", "dispatch"]);
    let invest = json(&["solve", &pilot, "--json", "--objective", "invest"]);
    assert_eq!(number(&dispatch, "/annual_capital_usd_per_year"), 0.0);
    let objective = |v: &Value| number(v, "/objective_usd_per_year");
    assert!(objective(&dispatch) > objective(&invest));
}

#[test]
fn a_what_if_moves_a_limit_by_its_id_element_or_kind() {
    let file = shipped("keynote-rubin-1gw");
    for limit in ["site.grid_contract_mw=+20", "grid_contract=20"] {
        let answer = json(&["solve", &file, "--json", "--policy", "optimise", "--whatif", limit]);
        let gain = number(&answer, "/whatif/gain_usd_per_year");
        close(gain, 20.0 * 45.0 * 0.2 * 31.536e6, 1e-7, limit);
        // The plan itself is that of the site as it is.
        close(number(&answer, "/revenue_usd_per_year"), 283.824e9, 1e-9, limit);
    }
    let down = ["--whatif", "site.grid_contract_mw=-100"];
    let answer = json(&[&["solve", &file, "--json"], &down[..]].concat());
    close(number(&answer, "/whatif/gain_usd_per_year"), -14.1912e9, 1e-7, "less");
    // A change that leaves no plan says so, in words and in --json.
    let least = ["--set", "tiers.premium.commitment=(volume: 20e6)"];
    let none = [&least[..], &["--whatif", "site.grid_contract_mw=-900"]].concat();
    let answer = json(&[&["solve", &file, "--json"], &none[..]].concat());
    assert_eq!(answer["status"], "optimal", "{}", answer["diagnostics"]);
    assert_eq!(answer["whatif"]["status"], "infeasible");
    assert_eq!(answer["whatif"]["gain_usd_per_year"], Value::Null);
    let said = stdout(&gigasite(&[&["solve", file.as_str()], &none[..]].concat()));
    assert!(said.contains("site.grid_contract_mw -900: there is no plan"), "{said}");
}

#[test]
fn a_what_if_of_a_limit_that_is_not_there_is_misuse() {
    for limit in ["site.grid_contract=20", "nodes.nowhere=1"] {
        for json in [&["--json"][..], &[]] {
            let file = shipped("keynote-rubin-1gw");
            let words = [&["solve", file.as_str(), "--whatif", limit], json].concat();
            let output = gigasite(&words);
            assert_eq!(output.status.code(), Some(2), "{limit}: {}", stdout(&output));
            assert!(output.stdout.is_empty(), "{limit}: {}", stdout(&output));
            assert!(stderr(&output).contains("grid_contract_mw"), "{}", stderr(&output));
        }
    }
}

#[test]
fn a_shortfall_and_its_penalty_are_printed_in_the_unit_of_the_tier() {
    let text = std::fs::read_to_string(data("layouts/one-block.ron")).unwrap();
    let folder = Folder::new();
    let lease = "kind: ReservedCapacity, commitment: (volume: 1000, penalty_usd_per_gpu_h: 2), \
                 demand: [(usd_per_gpu_h: 3, volume_gpus: 1000)]";
    let tokens = "demand: [(price_usd_per_mtok: 6, volume_tok_s: \"unlimited\")]";
    // Ten racks, 2 % of them spares, of 72 GPUs that are there 98.5 % of the time.
    let file = folder.file("lease.ron", &text.replace(tokens, lease));
    let said = stdout(&gigasite(&["solve", &file]));
    assert!(said.contains("High is 305.0 GPUs short of its commitment"), "{said}");
    assert!(said.contains("Penalties      $5.34 M"), "{said}");
    let sold = "commitment: (volume: 20e6, penalty_usd_per_mtok: 2), \
                demand: [(price_usd_per_mtok: 6, volume_tok_s: \"unlimited\")]";
    let file = folder.file("tokens.ron", &text.replace(tokens, sold));
    let said = stdout(&gigasite(&["solve", &file]));
    assert!(said.contains("M/s short of its commitment"), "{said}");
    assert!(!stdout(&gigasite(&["solve", &data("layouts/one-block.ron")])).contains("short of"));
}

#[test]
fn a_held_plan_sells_what_it_sold_at_new_prices() {
    let file = shipped("keynote-rubin-1gw");
    let folder = Folder::new();
    let limited = ["--policy", "optimise", "--set", "tiers.premium.demand.0.volume_tok_s=80e6"];
    let first = gigasite(&[&["solve", &file, "--json"], &limited[..]].concat());
    let held = folder.file("plan.json", &stdout(&first));
    let dearer = ["--set", "tiers.medium.price_usd_per_mtok=30", "--hold-plan", &held];
    let answer = json(&[&["solve", &file, "--json"], &limited[..], &dearer[..]].concat());
    // Medium would now take all power; held, 600 MW sell it at ten times the price.
    let expected = (30.0 * 1.6 * 600.0 + 45.0 * 80.0) * 31.536e6;
    close(number(&answer, "/revenue_usd_per_year"), expected, 1e-6, "held");
    let free = json(&[&["solve", &file, "--json"], &limited[..], &dearer[..2]].concat());
    assert!(number(&free, "/revenue_usd_per_year") > expected * 1.1);
    // A plan of another site cannot be held.
    let other = shipped("keynote-blackwell-1gw");
    let output = gigasite(&["solve", &other, "--json", "--hold-plan", &held]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
}

#[test]
fn a_held_plan_of_a_built_site_is_its_own_plan() {
    let file = shipped("pilot-20mw");
    let folder = Folder::new();
    let first = gigasite(&["solve", &file, "--json"]);
    let held = folder.file("plan.json", &stdout(&first));
    let first: Value = serde_json::from_slice(&first.stdout).unwrap();
    let again = json(&["solve", &file, "--json", "--hold-plan", &held]);
    assert_eq!(again["status"], "optimal", "{}", again["diagnostics"]);
    let objective = |v: &Value| number(v, "/objective_usd_per_year");
    close(objective(&again), objective(&first), 1e-6, "the same prices");
}

#[test]
fn a_written_model_has_the_optimum_of_the_plan() {
    let folder = Folder::new();
    for name in ["keynote-rubin-1gw", "pilot-20mw"] {
        let model = folder.path(&format!("{name}.lp")).display().to_string();
        let plan = json(&["solve", &shipped(name), "--json", "--dump-lp", &model]);
        let read = json(&["lp", &model, "--json"]);
        assert_eq!(read["status"], "optimal");
        let expected = number(&plan, "/objective_usd_per_year") / 1e6;
        close(number(&read, "/objective"), expected, 1e-7, name);
    }
    let nowhere = folder.path("absent/model.lp").display().to_string();
    assert_eq!(status(&["solve", &shipped("pilot-20mw"), "--dump-lp", &nowhere]), 2);
}

#[test]
fn broken_layouts_are_named_with_file_line_and_column() {
    let file = data("broken/021-unknown-field.ron");
    let output = gigasite(&["check", &file]);
    assert_eq!(output.status.code(), Some(1));
    let said = stdout(&output) + &stderr(&output);
    let place = said.find(&format!("{file}:")).unwrap_or_else(|| panic!("{said}"));
    let after = &said[place + file.len() + 1..];
    let mut parts = after.split(|c: char| !c.is_ascii_digit());
    let line: usize = parts.next().unwrap().parse().unwrap();
    let column: usize = parts.next().unwrap().parse().unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(line > 1 && column > 0 && line <= text.lines().count(), "{line}:{column}");

    let answer = json(&["check", &file, "--json"]);
    assert_eq!(answer["status"], "invalid");
    assert_eq!(answer["diagnostics"][0]["line"], line);
    assert_eq!(answer["diagnostics"][0]["file"], file);
    let answer = json(&["solve", &file, "--json"]);
    assert_eq!(answer["diagnostics"][0]["line"], line);
    assert_eq!(answer["objective_usd_per_year"], Value::Null);
}

#[test]
fn every_shipped_layout_passes_the_check() {
    for entry in std::fs::read_dir(root().join("layouts")).unwrap() {
        let path = entry.unwrap().path().display().to_string();
        let answer = json(&["check", &path, "--json"]);
        assert_eq!(answer["status"], "valid", "{path}: {answer}");
        assert_eq!(answer["errors"], 0, "{path}");
    }
}

#[test]
fn the_catalogue_is_listed_shown_and_checked() {
    let list = json(&["catalog", "list", "--json"]);
    let text = list.to_string();
    for id in ["vr-nvl72", "keynote-rubin", "us-9c1", "gpt-moe-2t"] {
        assert!(text.contains(id), "{id} is not listed");
    }
    let show = json(&["catalog", "show", "vr-nvl72", "--json"]).to_string();
    for word in ["price_usd", "source", "7800000"] {
        assert!(show.contains(word), "{word} is not shown: {}", &show[..200]);
    }
    let check = json(&["catalog", "check", "--json"]);
    assert_eq!(check["status"], "valid");
    assert_fields(&check, "", &["version", "summary", "diagnostics"]);
    for words in [&["catalog", "list"][..], &["catalog", "show", "vr-nvl72"], &["catalog", "check"]]
    {
        let output = gigasite(words);
        assert_eq!(output.status.code(), Some(0), "{words:?}");
        assert!(stdout(&output).lines().count() >= 1, "{words:?}");
    }
}

#[test]
fn a_catalogue_folder_overlays_records_by_id() {
    let folder = Folder::new();
    folder.file(
        "mine.ron",
        r#"(curves: [(
            id: "keynote-rubin", name: "Twice as fast", rack: "vr-nvl72", basis: GridMwAssumed,
            tokens: Output, software: "invented", prefill: false, kind: Assumed,
            source: "gigasite-assumptions",
            points: [
                (tok_s_user: 50, model: "qwen3-235b", context_tokens: 32768, tok_s_per_mw: 3.3e6),
                (tok_s_user: 100, model: "kimi-k2.5", context_tokens: 131072, tok_s_per_mw: 3.2e6),
                (tok_s_user: 200, model: "gpt-moe-2t", context_tokens: 131072, tok_s_per_mw: 1.4e6),
                (tok_s_user: 400, model: "gpt-moe-2t", context_tokens: 400000, tok_s_per_mw: 0.4e6),
            ],
        )])"#,
    );
    let dir = folder.path("").display().to_string();
    let file = shipped("keynote-rubin-1gw");
    let answer = json(&["solve", &file, "--json", "--catalog", &dir]);
    close(number(&answer, "/revenue_usd_per_year"), 2.0 * 141.912e9, 1e-9, "twice as fast");
    let version = answer["provenance"]["catalog_version"].as_str().unwrap();
    assert!(version.ends_with("+overlay"), "{version}");
    let absent = folder.path("absent").display().to_string();
    let said = stderr(&gigasite(&["solve", &file, "--catalog", &absent]));
    assert_eq!(said.matches("No such file").count(), 1, "{said}");
    folder.file("bad.ron", "(curves: [(id: 3)])");
    let output = gigasite(&["solve", &file, "--catalog", &dir]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("bad.ron"), "{}", stderr(&output));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let text = |arguments: &[&str]| {
        let mut value = json(arguments);
        assert!(value.as_object_mut().unwrap().shift_remove("timing").is_some());
        value.to_string()
    };
    for name in ["keynote-mixed-1gw", "pilot-20mw", "mixed-250mw"] {
        let file = shipped(name);
        let arguments = ["solve", file.as_str(), "--json"];
        assert_eq!(text(&arguments), text(&arguments), "{name}");
    }
    // The file's place is part of the findings, not of the identity.
    let folder = Folder::new();
    let copy = folder.path("copy.ron");
    std::fs::copy(layout_path("pilot-20mw"), &copy).unwrap();
    let sha = |path: &Path| {
        let answer = json(&["solve", &path.display().to_string(), "--json"]);
        answer["provenance"]["input_sha256"].as_str().unwrap().to_owned()
    };
    assert_eq!(sha(&copy), sha(&layout_path("pilot-20mw")));
}

#[test]
fn integer_plans_say_their_bound_and_gap() {
    let answer = json(&["solve", &shipped("pilot-20mw"), "--json", "--integer"]);
    assert_eq!(answer["status"], "optimal");
    let (objective, bound) =
        (number(&answer, "/objective_usd_per_year"), number(&answer, "/bound_usd_per_year"));
    assert!(bound >= objective * (1.0 - 1e-9), "{bound} below {objective}");
    assert!(number(&answer, "/mip_gap") <= 1e-3);
    for row in answer["bought"].as_array().unwrap() {
        let racks = row["racks"].as_f64().unwrap();
        assert!((racks - racks.round()).abs() < 1e-6, "{row}");
    }
}

#[test]
fn a_new_site_is_written_checked_and_solved_from_a_few_answers() {
    let folder = Folder::new();
    let out = folder.path("new.ron").display().to_string();
    let answer = json(&[
        "new",
        "--mw",
        "37",
        "--redundancy",
        "2N",
        "--rack",
        "gb300-nvl72",
        "--place",
        "seville",
        "--supply-c",
        "40",
        "--energy-usd-per-mwh",
        "62",
        "--out",
        &out,
        "--json",
    ]);
    let worst = number(&answer, "/worst_hour_mw");
    assert!(worst <= 37.0 && worst > 35.0, "{worst}");
    assert_eq!(answer["diagnostics"].as_array().unwrap().len(), 0);
    assert!(answer["defaults"].as_array().unwrap().iter().all(|d| d["source"] != ""));
    let check = json(&["check", &out, "--json"]);
    assert_eq!((number(&check, "/errors"), number(&check, "/warnings")), (0.0, 0.0));
    let plan = json(&["solve", &out, "--json"]);
    assert_eq!(plan["status"], "optimal");
    // The price that was entered is the one that is paid.
    let cost = number(&plan, "/energy_cost_usd_per_year");
    let tariff = folder.path("tariff.ron").display().to_string();
    json(&[
        "new",
        "--mw",
        "37",
        "--redundancy",
        "2N",
        "--rack",
        "gb300-nvl72",
        "--place",
        "seville",
        "--supply-c",
        "40",
        "--out",
        &tariff,
        "--json",
    ]);
    let whole = number(&json(&["solve", &tariff, "--json"]), "/energy_cost_usd_per_year");
    close(cost / whole, 62.0 / 91.0, 1e-6, "energy cost");
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(text.contains("tariffs.us-9c1.energy_usd_per_mwh") && text.contains("62"), "{text}");
}

#[test]
fn a_new_site_that_cannot_be_writes_no_file_and_says_why() {
    let folder = Folder::new();
    let out = folder.path("new.ron").display().to_string();
    for (arguments, why) in [
        (vec!["--mw", "5"], "outside 20 to 1,000 MW"),
        (vec!["--mw", "nan"], "20 to 1,000 MW"),
        (vec!["--rack", "vr-nvl73"], "did you mean"),
        (vec!["--supply-c", "50"], "45 °C at most"),
        (vec!["--redundancy", "3N"], "possible values"),
    ] {
        let all: Vec<&str> =
            ["new", "--out", &out].into_iter().chain(arguments.iter().copied()).collect();
        let output = gigasite(&all);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(why), "{arguments:?}: {}", stderr(&output));
        assert!(!Path::new(&out).exists(), "{arguments:?}");
    }
}

#[test]
fn a_reader_of_the_notes_that_has_gone_away_stops_nothing() {
    let layout = shipped("keynote-rubin-1gw");
    let mut child = program()
        .args(["solve", &layout])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
