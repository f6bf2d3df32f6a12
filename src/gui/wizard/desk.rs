//! Where answers are laid out and solved: a thread of its own, on which the newest request
//! wins. It must not know widgets.

use crate::catalog::Catalog;
use crate::gui::ask::Ask;
use crate::jobs::Worker;
use crate::site::Site;
use crate::study::template::{Assumption, Campus, Offer, Request, assumptions, campus, offers};
use crate::study::{Outcome, SolveOptions, Study};
use std::sync::Arc;
use std::time::Instant;

/// A campus with the answer to it and what it stands on.
pub struct Made {
    pub campus: Campus,
    pub site: Site,
    pub outcome: Outcome,
    pub assumptions: Vec<Assumption>,
}

/// What came of a request.
struct Answer {
    request: Request,
    offers: Vec<Offer>,
    made: Result<Made, String>,
    seconds: f64,
}

/// The state of the thread: one study, and the offers of the rack that was asked for last.
#[derive(Default)]
struct Lab {
    study: Option<Study>,
    offers: Option<(String, Vec<Offer>)>,
}

impl Lab {
    fn answer(&mut self, request: Request, catalog: &Catalog) -> Answer {
        let started = Instant::now();
        let offers = self.offers(&request.rack, catalog);
        let made = self.made(&request, catalog);
        Answer { request, offers, made, seconds: started.elapsed().as_secs_f64() }
    }

    fn offers(&mut self, rack: &str, catalog: &Catalog) -> Vec<Offer> {
        if let Some((known, list)) = &self.offers
            && known == rack
        {
            return list.clone();
        }
        let list = offers(catalog, rack);
        self.offers = Some((rack.to_owned(), list.clone()));
        list
    }

    fn made(&mut self, request: &Request, catalog: &Catalog) -> Result<Made, String> {
        let words = |e: crate::study::template::Refusal| e.to_string();
        let campus = campus(request, catalog).map_err(words)?;
        let assumptions = assumptions(request, catalog).map_err(words)?;
        let site = Site::from_file(campus.layout.clone());
        let study = match self.study.take() {
            Some(study) => study,
            None => Study::new().map_err(|e| e.to_string())?,
        };
        let study = self.study.insert(study);
        let outcome = study.solve(&site, catalog, &SolveOptions::default());
        Ok(Made { campus, site, outcome, assumptions })
    }
}

/// The thread and what it answered.
#[derive(Default)]
pub struct Desk {
    ask: Ask<Request, Answer>,
    answer: Option<Answer>,
    /// The last campus that could be made, shown while an answer is refused.
    made: Option<Made>,
    newest: u64,
}

impl Desk {
    /// Collects what has arrived and hands in the request if it is a new one.
    pub fn follow(
        &mut self,
        request: &Request,
        catalog: &Arc<Catalog>,
        wake: impl Fn() + Send + 'static,
    ) {
        let arrived = self.ask.follow(request, catalog, || {
            Worker::spawn("new-site", wake, Lab::default, |lab: &mut Lab, question, _| {
                let (request, catalog): (Request, Arc<Catalog>) = question;
                lab.answer(request, &catalog)
            })
        });
        for mut answer in arrived {
            if answer.made.is_ok() {
                let said = Err(String::new());
                self.made = std::mem::replace(&mut answer.made, said).ok();
                self.newest += 1;
            }
            self.answer = Some(answer);
        }
    }

    /// The newest campus that could be made.
    pub fn made(&self) -> Option<&Made> {
        self.made.as_ref()
    }

    /// Number of that campus.
    pub fn newest(&self) -> u64 {
        self.newest
    }

    /// Tiers that a rack type serves, once they are known.
    pub fn offers(&self, rack: &str) -> Option<&[Offer]> {
        let answer = self.answer.as_ref().filter(|a| a.request.rack == rack)?;
        Some(&answer.offers)
    }

    /// Why there is no campus for a request; `None` while it is not known.
    pub fn refusal(&self, request: &Request) -> Option<&str> {
        if let Some(failure) = self.ask.failure() {
            return Some(failure);
        }
        let answer = self.answer.as_ref().filter(|a| a.request == *request)?;
        answer.made.as_ref().err().map(String::as_str).filter(|why| !why.is_empty())
    }

    /// Seconds that the newest answer took.
    pub fn seconds(&self) -> Option<f64> {
        self.answer.as_ref().map(|a| a.seconds)
    }

    /// A request was handed in, and its answer is there.
    pub fn has_answered(&self, request: &Request) -> bool {
        self.ask.has_answered(request)
    }

    /// What is shown is older than it should be.
    pub fn is_stale(&self) -> bool {
        self.ask.is_stale()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn settle(desk: &mut Desk, request: &Request, catalog: &Arc<Catalog>) {
        let started = Instant::now();
        loop {
            desk.follow(request, catalog, || ());
            if desk.has_answered(request) {
                return;
            }
            assert!(started.elapsed() < Duration::from_secs(60), "no answer");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    #[test]
    fn the_newest_request_wins_and_a_refused_one_leaves_the_last_campus() {
        let catalog = Catalog::embedded_arc().expect("reads");
        let mut desk = Desk::default();
        for mw in [20.0, 60.0, 40.0] {
            desk.follow(&Request::new(&catalog, mw), &catalog, || ());
        }
        let last = Request::new(&catalog, 40.0);
        settle(&mut desk, &last, &catalog);
        let mw = |desk: &Desk| desk.made().map(|m| m.campus.layout.site.grid_contract_mw);
        assert_eq!(mw(&desk), Some(Some(40.0)));
        assert_eq!(desk.refusal(&last), None);
        let wrong = Request { supply_c: Some(58.0), ..last.clone() };
        settle(&mut desk, &wrong, &catalog);
        assert!(desk.refusal(&wrong).is_some_and(|why| why.contains("45 °C")));
        assert_eq!(mw(&desk), Some(Some(40.0)), "never blank");
        assert!(desk.offers(&last.rack).is_some_and(|o| o.iter().any(|o| o.served.is_ok())));
    }
}
