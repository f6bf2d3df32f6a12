//! What if: elements of the site fail, ties close, switches open, and the network is solved
//! again with what its transfer schemes and run-back then do. The site itself stays as it is.

use super::verdict::reason;
use super::{Checked, Names, NetworkError, State, element_of};
use crate::power::case::CaseError;
use crate::power::contingency::{Element, Event, Stage};
use crate::site::Site;
use std::collections::{BTreeMap, BTreeSet};

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// A feed, or everything of a node, by its id.
    Lose(String),
    /// One machine of a node, or a feed, by its id in the network: `t-a1`, `h1-fd/2`.
    LoseMachine(String),
    /// A busbar with all that meets there, by the id of its bus.
    LoseBusbar(String),
    /// A closed switch, by its id: `source>node`.
    Open(String),
    /// An open one; the others of its transfer scheme open.
    Close(String),
}

impl Act {
    /// Id of the feed or node that it happens to.
    pub fn element(&self) -> &str {
        match self {
            Act::Lose(id) | Act::LoseMachine(id) | Act::LoseBusbar(id) => element_of(id),
            Act::Open(id) | Act::Close(id) => id.split_once('>').map_or(id, |(_, node)| node),
        }
    }
}

/// Things that happen at the same time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scenario {
    pub acts: Vec<Act>,
}

impl Scenario {
    pub fn one(act: Act) -> Self {
        Self { acts: vec![act] }
    }

    /// What happens, in words: `T-B2 out`.
    pub fn words(&self, names: &Names) -> String {
        let one = |act: &Act| match act {
            Act::Lose(id) => format!("{} out", names.element(id)),
            Act::LoseMachine(id) => format!("{} out", names.part(id, false)),
            Act::LoseBusbar(id) => format!("{} out", names.part(id, true)),
            Act::Open(id) => format!("{} open", names.switch(id)),
            Act::Close(id) => format!("{} closed", names.switch(id)),
        };
        self.acts.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

/// The network at one moment after a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    pub state: State,
    /// Why it is what it is.
    pub reason: String,
    /// Branches above their rating and buses outside of their band, by the id of their element.
    pub over: BTreeSet<String>,
    pub off_band: BTreeSet<String>,
    /// Switches that stand otherwise than in the site, by source and node: closed now, or open.
    pub thrown: BTreeMap<(String, String), bool>,
    /// Served within every limit.
    pub holds: bool,
}

/// What a scenario does.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    pub scenario: Scenario,
    pub words: String,
    pub at_once: Moment,
    /// After switching and run-back; absent where neither helps.
    pub then: Option<Moment>,
    /// Ids of the switches that close, and interruptible load that is run back, MW.
    pub closes: Vec<String>,
    pub run_back_mw: f64,
    /// Elements that are out: machines that failed, of how many. A busbar has none.
    pub out: BTreeMap<String, (u32, u32)>,
}

impl WhatIf {
    /// The state that lasts.
    pub fn lasting(&self) -> &Moment {
        self.then.as_ref().unwrap_or(&self.at_once)
    }
}

impl Checked {
    /// Solves the network under a scenario.
    ///
    /// # Errors
    /// The scenario names something that the network does not have, or it cannot be solved.
    pub fn what_if(&self, site: &Site, scenario: &Scenario) -> Result<WhatIf, NetworkError> {
        let names = Names::of(site);
        let event = self.event(scenario)?;
        let mut out = BTreeMap::new();
        for element in &event.outage.elements {
            let id = match *element {
                Element::Branch(i) => &self.electrical.node_of_branch[i],
                Element::Generator(i) => &self.electrical.case.generators[i].id,
                Element::Bus(i) => &self.electrical.case.buses[i].id,
            };
            let id = element_of(id).to_owned();
            let of = self.electrical.node_of_branch.iter().filter(|n| **n == id).count() as u32;
            let count = out.entry(id).or_insert((0, of));
            count.0 += 1;
        }
        let mut answer = WhatIf {
            at_once: self.all_dark(site),
            then: None,
            closes: Vec::new(),
            run_back_mw: 0.0,
            words: scenario.words(&names),
            scenario: scenario.clone(),
            out,
        };
        let (at_once, acted) = match event.stages(&self.electrical.case, &self.solution) {
            Ok(found) => found,
            // Nothing is left to hold the voltage.
            Err(CaseError::NoSlack) => return Ok(answer),
            Err(error) => return Err(error.into()),
        };
        answer.at_once = self.moment(site, &names, &at_once);
        if let Some((remedy, stage)) = acted {
            answer.then = Some(self.moment(site, &names, &stage));
            (answer.closes, answer.run_back_mw) = (remedy.closed, remedy.run_back_mw.max(0.0));
        }
        Ok(answer)
    }

    fn event(&self, scenario: &Scenario) -> Result<Event, NetworkError> {
        let case = &self.electrical.case;
        let mut event = Event::default();
        for act in &scenario.acts {
            let (elements, missing) = (&mut event.outage.elements, self.missing(act));
            let switch = |id: &String| case.switches.iter().position(|s| s.id == *id);
            match act {
                Act::Lose(id) => elements.extend(self.all_of(id).ok_or(missing)?),
                Act::LoseMachine(id) => {
                    let branch = case.branches.iter().position(|b| b.id == *id);
                    let generator = case.generators.iter().position(|g| g.id == *id);
                    let found = branch.map(Element::Branch);
                    let found = found.or(generator.map(Element::Generator));
                    elements.push(found.ok_or(missing)?);
                }
                Act::LoseBusbar(id) => {
                    elements.push(Element::Bus(case.bus_index(id).ok_or(missing)?));
                }
                Act::Open(id) => event.opened.push(switch(id).ok_or(missing)?),
                Act::Close(id) => event.closed.push(switch(id).ok_or(missing)?),
            }
        }
        event.outage.elements.sort_unstable();
        event.outage.elements.dedup();
        Ok(event)
    }

    /// Everything of a feed or node: its machines, or the bar that it is.
    fn all_of(&self, id: &str) -> Option<Vec<Element>> {
        let case = &self.electrical.case;
        if let Some(i) = case.generators.iter().position(|g| g.id == id) {
            return Some(vec![Element::Generator(i)]);
        }
        let own = self.electrical.node_of_branch.iter().enumerate().filter(|(_, n)| *n == id);
        let branches: Vec<Element> = own.map(|(i, _)| Element::Branch(i)).collect();
        if !branches.is_empty() {
            return Some(branches);
        }
        self.electrical.bus_of.get(id).map(|bus| vec![Element::Bus(*bus)])
    }

    fn missing(&self, act: &Act) -> NetworkError {
        let (Act::Lose(id)
        | Act::LoseMachine(id)
        | Act::LoseBusbar(id)
        | Act::Open(id)
        | Act::Close(id)) = act;
        NetworkError::Missing(id.clone())
    }

    /// Switches between elements that stand otherwise than before.
    fn thrown(&self, stage: &Stage) -> BTreeMap<(String, String), bool> {
        let before = &self.electrical.case.switches;
        let pairs = before.iter().zip(&stage.case.switches);
        let changed = pairs.filter(|(a, b)| a.closed != b.closed);
        let named = changed.filter_map(|(a, b)| {
            let (source, node) = a.id.split_once('>')?;
            Some(((source.to_owned(), node.to_owned()), b.closed))
        });
        named.collect()
    }

    fn moment(&self, site: &Site, names: &Names, stage: &Stage) -> Moment {
        let element = |id: &String| element_of(id).to_owned();
        Moment {
            state: State::of(site, &self.electrical, &stage.case, &stage.solution),
            reason: reason(&stage.consequence, names),
            over: stage.consequence.beyond().map(|o| element(&o.branch)).collect(),
            off_band: stage.consequence.voltages.iter().map(|v| element(&v.bus)).collect(),
            thrown: self.thrown(stage),
            holds: stage.consequence.holds(),
        }
    }

    fn all_dark(&self, site: &Site) -> Moment {
        let load_mw = self.electrical.case.buses.iter().map(|b| b.load.p_mw).sum();
        let state = State::dark(site, &self.state(site), load_mw);
        Moment {
            state,
            reason: "No source is left".to_owned(),
            over: BTreeSet::new(),
            off_band: BTreeSet::new(),
            thrown: BTreeMap::new(),
            holds: false,
        }
    }

    /// The network as it is.
    pub fn state(&self, site: &Site) -> State {
        State::of(site, &self.electrical, &self.electrical.case, &self.solution)
    }
}
