//! What-ifs on the networks of shipped sites.

use super::campus::{check, site};
use gigasite::study::network::{Act, Scenario};

fn lose(id: &str) -> Scenario {
    Scenario::one(Act::LoseMachine(id.into()))
}

#[test]
fn a_what_if_says_the_same_as_the_study_of_outages() {
    let site = site("campus-1gw");
    let checked = check(&site).unwrap();
    let outages = checked.outages(&site).unwrap();
    for id in ["feed-1", "t-b1", "h1-n-fd/2"] {
        let studied = outages.iter().find(|o| o.id == id && !o.busbar).unwrap();
        let found = checked.what_if(&site, &lose(id)).unwrap();
        assert!((found.at_once.state.lost_mw - studied.lost_at_once_mw()).abs() < 1e-6, "{id}");
        assert_eq!(found.closes, studied.closes(), "{id}");
        assert!((found.run_back_mw - studied.run_back_mw()).abs() < 1e-6, "{id}");
        assert_eq!(found.lasting().holds, studied.lasting().holds(), "{id}");
        let (worst, lasting) = (&found.lasting().state.worst, &studied.lasting().worst);
        assert!((worst.as_ref().unwrap().1 - lasting.as_ref().unwrap().1).abs() < 1e-6, "{id}");
    }
}

#[test]
fn power_into_elements_adds_up_to_that_at_the_meter() {
    let site = site("campus-1gw");
    let state = check(&site).unwrap().state(&site);
    let of = |id: &str| state.elements[id].p_mw.unwrap();
    assert!((of("feed-1") + of("feed-2") - state.grid_mw).abs() < 1e-3);
    let transformers: f64 = ["t-a1", "t-a2", "t-a3", "t-a4"].map(of).iter().sum();
    assert!((of("feed-1") - transformers).abs() < 1e-9);
    // Current by its definition: apparent power over the root of three and the voltage.
    let t = &state.elements["t-a1"];
    let mva = t.p_mw.unwrap().hypot(t.q_mvar.unwrap());
    assert!((t.current_a.unwrap() - mva / 3f64.sqrt() / 345.0 * 1e3).abs() < 1e-6);
    assert!((t.loading_frac.unwrap() - mva / t.rating_mva.unwrap()).abs() < 0.02);
}

#[test]
fn a_second_failure_on_top_of_the_first_is_worse_than_either() {
    let site = site("campus-1gw");
    let checked = check(&site).unwrap();
    let both = Scenario { acts: vec![Act::Lose("t-b1".into()), Act::Lose("t-b2".into())] };
    let found = checked.what_if(&site, &both).unwrap();
    let one = checked.what_if(&site, &lose("t-b1")).unwrap();
    // Half of each hall's load goes to the transformer of the other, which is out as well.
    let lost = |w: &gigasite::study::network::WhatIf| w.at_once.state.lost_mw;
    assert!(lost(&found) > 1.5 * lost(&one), "{} {}", lost(&found), lost(&one));
    assert!(!one.lasting().state.lost_mw.is_sign_negative());
    assert!(found.run_back_mw + found.lasting().state.lost_mw > one.run_back_mw);
    assert_eq!(found.out["t-b1"], (1, 1));
}

#[test]
fn a_switch_that_is_opened_stays_open_and_its_transfer_takes_over() {
    let site = site("campus-1gw");
    let checked = check(&site).unwrap();
    let open = Scenario::one(Act::Open("feed-1>t-a1".into()));
    let found = checked.what_if(&site, &open).unwrap();
    let pair = |s: &str| (s.to_owned(), "t-a1".to_owned());
    assert_eq!(found.at_once.thrown.get(&pair("feed-1")), Some(&false));
    let state = &found.lasting().state;
    let thrown = &found.lasting().thrown;
    assert_ne!(thrown.get(&pair("feed-1")), Some(&true), "nothing closes it again");
    assert!(state.lost_mw < 1e-6);
}

#[test]
fn without_any_source_everything_is_dark_and_the_whole_load_is_lost() {
    let site = site("pilot-20mw");
    let checked = check(&site).unwrap();
    let feed = site.campus.feeds[0].id.clone();
    let found = checked.what_if(&site, &Scenario::one(Act::Lose(feed))).unwrap();
    let load: f64 = checked.electrical.case.buses.iter().map(|b| b.load.p_mw).sum();
    assert!((found.lasting().state.lost_mw - load).abs() < 1e-9);
    assert!(found.lasting().state.elements.values().all(|r| r.is_dark));
}

#[test]
fn a_scenario_that_names_nothing_of_the_network_is_refused_by_name() {
    let site = site("pilot-20mw");
    let checked = check(&site).unwrap();
    let error = checked.what_if(&site, &lose("t-99")).unwrap_err().to_string();
    assert_eq!(error, "the network has no `t-99`");
}
