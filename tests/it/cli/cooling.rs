//! `gigasite hydraulics` and `gigasite cooling` as a stranger uses them.

use super::{Folder, data, gigasite, json, number, shipped, status, stderr, stdout};
use crate::support::close;
use serde_json::Value;

fn named<'a>(list: &'a Value, id: &str) -> &'a Value {
    let found = list.as_array().unwrap().iter().find(|row| row["id"] == id);
    found.unwrap_or_else(|| panic!("no {id} in {list}"))
}

#[test]
fn hydraulics_answers_with_links_and_nodes() {
    let answer = json(&["hydraulics", &data("hydraulics/loop-all.inp"), "--json"]);
    assert_eq!(answer["status"], "solved");
    let pump = named(&answer["links"], "pump1");
    assert!(number(pump, "/headloss_m") < 0.0 && number(pump, "/velocity_m_s") == 0.0, "{pump}");
    let main = named(&answer["links"], "hs1");
    let twice = 2.0 * number(pump, "/flow_lps");
    close(number(main, "/flow_lps"), twice, 1e-6, "two equal pumps feed the main");
    let node = named(&answer["nodes"], "hs");
    close(
        number(node, "/pressure_m"),
        0.99 * number(node, "/head_m"),
        1e-9,
        "metres of water of a lighter liquid",
    );
    let text = stdout(&gigasite(&["hydraulics", &data("hydraulics/loop-all.inp")]));
    assert!(text.contains("Head loss m") && text.contains("pump1"), "{text}");
}

#[test]
fn hydraulics_tells_a_broken_file_from_a_cut_off_demand() {
    let folder = Folder::new();
    let cut = "[JUNCTIONS]\n a 0 10\n[RESERVOIRS]\n r 20\n[PIPES]\n p r a 10 100 100 0 Closed\n\
               [OPTIONS]\n UNITS LPS\n[END]\n";
    let path = folder.file("cut.inp", cut);
    let answer = json(&["hydraulics", &path, "--json"]);
    assert_eq!(answer["status"], "disconnected");
    assert_eq!(answer["diagnostics"][0]["code"], "cut-off", "{answer}");
    assert_eq!(status(&["hydraulics", &path]), 1);
    let path = folder.file("broken.inp", &cut.replace("10 100 100", "ten 100 100"));
    let output = gigasite(&["hydraulics", &path]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("broken.inp:6:8"), "{}", stderr(&output));
    assert_eq!(status(&["hydraulics", "/nowhere.inp"]), 2);
    let loose = cut.replace("[RESERVOIRS]\n r 20", "[JUNCTIONS]\n r 20");
    assert_eq!(status(&["hydraulics", &folder.file("loose.inp", &loose)]), 1);
}

#[test]
fn hydraulics_shows_an_id_of_any_length() {
    let folder = Folder::new();
    let id = "p".repeat(70_000);
    let text = format!(
        "[JUNCTIONS]\n a 0 10\n[RESERVOIRS]\n r 20\n[PIPES]\n {id} r a 10 100 100\n\
         [OPTIONS]\n UNITS LPS\n[END]\n"
    );
    let text = stdout(&gigasite(&["hydraulics", &folder.file("long.inp", &text)]));
    assert!(text.contains(&format!("{id} pipe")), "the id stands before its kind");
    assert!(text.lines().all(|line| line.len() < 80_000), "others are not widened to it");
}

#[test]
fn hydraulics_warns_of_fast_flow() {
    let answer = json(&["hydraulics", &data("hydraulics/loop-pump-out.inp"), "--json"]);
    let codes: Vec<_> = answer["diagnostics"].as_array().unwrap().iter().collect();
    let fast = |d: &&&Value| d["code"] == "fast-flow" && d["path"] == "links.po1";
    assert!(codes.iter().any(|d| fast(&d)), "{codes:?}");
}

#[test]
fn cooling_shows_each_loop_with_its_year_and_its_reserves() {
    let layout = shipped("pilot-20mw");
    let answer = json(&["cooling", &layout, "--place", "dulles-va", "--json"]);
    assert_eq!(answer["status"], "assessed", "{answer}");
    close(number(&answer, "/extreme_c"), 39.7, 1e-12, "extreme");
    let one = &answer["loops"][0];
    // Supply of 40 C: dry bulb above 28 C.
    close(number(one, "/year/hours_short"), 526.0, 1e-12, "hours short");
    let at = |supply: f64, field: &str| {
        let rows = one["set_points"].as_array().unwrap();
        let row = rows.iter().find(|r| r["supply_c"] == supply).unwrap();
        row[field].as_f64().unwrap()
    };
    assert_eq!((at(30.0, "hours_short"), at(45.0, "hours_short")), (3167.0, 66.0));
    assert!(at(30.0, "pue_mean") > at(40.0, "pue_mean"));
    assert!(at(40.0, "pue_mean") < at(40.0, "pue_worst"));
    assert!(at(40.0, "pue_worst") < at(40.0, "pue_design"));
    // 39.7 C of the design extreme and 2 K of recirculation.
    close(number(one, "/design/air_c"), 41.7, 1e-12, "air at the coolers");
    // Nine CDUs of 2.4 MW, one of them out.
    close(number(one, "/cdu_reserve/one_out_mw"), 8.0 * 2.4, 1e-12, "one CDU out");
    let heat = number(one, "/duty/liquid_mw") + number(one, "/duty/air_mw");
    assert_eq!(one["cdu_reserve"]["survives_one_out"], heat <= 8.0 * 2.4, "{heat}");
    close(number(one, "/year/water_m3"), 0.0, 1e-12, "dry coolers use no water");
    let rise = number(one, "/return_c") - 40.0;
    assert!(rise > 5.0 && rise < 12.0, "{rise}");
    let text = stdout(&gigasite(&["cooling", &layout, "--place", "dulles-va"]));
    for words in ["Set point", "526", "Heat rejection", "design extreme 39.7 °C"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

/// The plan and the loop's report take their PUE from the same functions.
#[test]
fn cooling_and_solve_agree_on_the_worst_hour() {
    let layout = shipped("pilot-20mw");
    let own = json(&["cooling", &layout, "--json"]);
    let plan = json(&["solve", &layout, "--json"]);
    let worst = plan["hours"].as_array().unwrap();
    let worst = worst.iter().map(|h| h["pue"].as_f64().unwrap()).fold(0.0, f64::max);
    // The plan's racks run below their highest caps; shares of liquid and air stay near.
    close(number(&own, "/loops/0/year/pue_worst"), worst, 1e-2, "worst hour");
    assert_eq!(own["diagnostics"][0]["code"], "no-extreme", "{own}");
}

#[test]
fn towers_use_water_and_impossible_water_is_said() {
    let layout = shipped("pilot-20mw");
    let tower = "loops.loop.rejection.dc.equipment=cooling-tower";
    let ask = |more: &[&str]| {
        let mut all = vec!["cooling", &layout, "--place", "dulles-va", "--set", tower, "--json"];
        all.extend(more);
        json(&all)
    };
    let answer = ask(&[]);
    let one = &answer["loops"][0];
    let heat = number(one, "/duty/liquid_mw") + number(one, "/duty/air_mw");
    let most = heat * 8760.0 * 1.12 * 1.21;
    let water = number(one, "/year/water_m3");
    assert!(water >= heat * 8760.0 * 1.12 && water < most, "{water}");
    close(
        number(one, "/evaporation_m3") + number(one, "/blowdown_m3"),
        water,
        1e-9,
        "evaporation and blowdown",
    );
    let code = |answer: &Value, code: &str| {
        answer["diagnostics"].as_array().unwrap().iter().any(|d| d["code"] == code)
    };
    assert!(!code(&answer, "impossible-water"));
    let absurd = ask(&["--set", "equipment.cooling-tower.water_l_per_kwh=15"]);
    assert!(code(&absurd, "impossible-water"), "{absurd}");
    // Typical hours of the layout state no wet bulb.
    let output = gigasite(&["cooling", &layout, "--set", tower]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("wetbulb_c"), "{}", stderr(&output));
}

#[test]
fn a_new_site_keeps_the_weather_of_its_place() {
    let folder = Folder::new();
    let path = folder.file("site.ron", "");
    std::fs::remove_file(&path).unwrap();
    let made = gigasite(&["new", "--mw", "20", "--place", "seville", "--out", &path]);
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    let answer = json(&["cooling", &path, "--json"]);
    assert_eq!(answer["weather"], "Seville", "{answer}");
    close(number(&answer, "/extreme_c"), 46.0, 1e-12, "extreme of the place");
    let entered = json(&["cooling", &path, "--set", "site.extreme_c=47", "--json"]);
    close(number(&entered, "/loops/0/design/air_c"), 49.0, 1e-12, "entered extreme");
    // Typical hours know their wet bulb, so that a tower can be planned.
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("wetbulb_c: "), "{text}");
    let nowhere = text.replace("place: \"seville\"", "place: \"atlantis\"");
    let output = gigasite(&["check", &folder.file("nowhere.ron", &nowhere)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("site.place"), "{}", stdout(&output));
}

#[test]
fn cooling_draws_its_year() {
    let folder = Folder::new();
    let path = folder.file("year.svg", "");
    let layout = shipped("pilot-20mw");
    assert_eq!(status(&["cooling", &layout, "--place", "seville", "--svg", &path]), 0);
    let drawing = std::fs::read_to_string(&path).unwrap();
    for words in ["Hours of the year", "Hours with chillers", "Seville"] {
        assert!(drawing.contains(words), "{words}");
    }
}

#[test]
fn cooling_refuses_what_it_cannot_read() {
    let layout = shipped("pilot-20mw");
    assert_eq!(status(&["cooling", &layout, "--place", "atlantis"]), 2);
    assert_eq!(status(&["cooling", &layout, "--weather", "/nowhere.epw"]), 2);
    let folder = Folder::new();
    let file = folder.file("short.epw", "LOCATION,X,-,-,-,0,0,0,0,0\n");
    let output = gigasite(&["cooling", &layout, "--weather", &file]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("8,760"), "{}", stderr(&output));
    assert_eq!(status(&["cooling", &shipped("keynote-rubin-1gw")]), 1);
}

#[test]
fn hourly_weather_gives_a_map_of_months_and_hours() {
    let layout = shipped("pilot-20mw");
    let bins = json(&["cooling", &layout, "--place", "seville", "--json"]);
    assert!(bins["pue_map"].is_null());
    assert!(bins["pue_map_missing"].as_str().unwrap().contains("hourly weather"));

    let folder = Folder::new();
    let mut text = String::from("LOCATION,Warm,-,XXX,Test,0,50.0,10.0,1.0,100.0\n");
    for line in ["DESIGN CONDITIONS", "TYPICAL", "GROUND", "HOLIDAYS", "C1", "C2", "PERIODS"] {
        text += &format!("{line},0\n");
    }
    for hour in 0..8760 {
        // Warm afternoons, and summers.
        let day = f64::from(hour / 24) / 365.0 * std::f64::consts::TAU;
        let clock = f64::from(hour % 24 - 15) / 24.0 * std::f64::consts::TAU;
        let c = 22.0 - 12.0 * day.cos() + 8.0 * clock.cos();
        text += &format!("2001,1,1,1,0,?9,{c:.2},10.0,50,100500,0,0,300\n");
    }
    let file = folder.file("warm.epw", &text);
    let hourly = json(&["cooling", &layout, "--weather", &file, "--json"]);
    let map = &hourly["pue_map"][0];
    let rows = map["pue_ratio"].as_array().unwrap();
    assert_eq!((rows.len(), rows[0].as_array().unwrap().len()), (12, 24));
    let cell = |m: usize, h: usize| rows[m][h].as_f64().unwrap();
    assert!(cell(6, 15) > cell(6, 3) && cell(6, 15) > cell(0, 15), "{map}");
    let mut sum = 0.0;
    for (row, days) in rows.iter().zip(map["days"].as_array().unwrap()) {
        let of = row.as_array().unwrap().iter().map(|p| p.as_f64().unwrap());
        sum += of.sum::<f64>() * days.as_f64().unwrap();
    }
    close(sum / 8760.0, number(&hourly, "/loops/0/year/pue_mean"), 1e-9, "mean of the year");
    let said = stdout(&gigasite(&["cooling", &layout, "--weather", &file]));
    assert!(said.contains("PUE by month") && said.contains(" at most, "), "{said}");
}
