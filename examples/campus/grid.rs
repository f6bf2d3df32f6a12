//! The power network down to a hall: feeds, main substations, and the ground between them.
//!
//! It must not know racks.

use gigasite::site::{Feed, FeedStep, Node, NodeKind};
// The campuses of the product are put together of the same pieces.
pub use gigasite::study::template::{Place, Wired, area, at_size, hundredth, node};

/// Power factor at which transformers and cables are rated here.
pub const POWER_FACTOR: f64 = 0.98;
/// A 600 A feeder at 34.5 kV: sqrt(3) x 34.5 kV x 600 A x power factor.
pub const FEEDER_MW: f64 = 35.1;

/// A grid feed of a capacity that comes in steps of (month, firm MW).
pub fn feed(id: &str, name: &str, mw: f64, steps: &[(u32, f64)], place: Place) -> Feed {
    let (at, size) = at_size(place);
    Feed {
        id: id.into(),
        name: name.into(),
        voltage_kv: Some(345.0),
        capacity_mw: Some(mw),
        firm_mw: None,
        steps: steps
            .iter()
            .map(|&(from_month, firm_mw)| FeedStep {
                from_month,
                firm_mw,
                conditional_mw: 0.0,
                curtailable_h_per_year: 0.0,
                notice_h: 0.0,
            })
            .collect(),
        minimum_bill_usd_per_year: None,
        fault_mva: None,
        at,
        size,
    }
}

/// How the transformers of a substation feed its medium-voltage bars.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Bars {
    /// All of them one bar.
    One,
    /// Each its own section.
    Each,
    /// The first and the last their own section; the one between stands by for both.
    Catcher,
}

/// A main substation: its transformers and its 34.5 kV bars.
pub struct Substation<'a> {
    /// `sub-a`; its transformers are called `t-a1` and so on.
    pub letter: char,
    pub feed: &'a str,
    /// Feed behind an open switch.
    pub other_feed: Option<&'a str>,
    pub transformers: u32,
    pub transformer_mva: f64,
    pub bars: Bars,
    /// Bank of capacitors on each bar.
    pub capacitor_mvar: f64,
    pub place: Place,
}

/// Width of a transformer: narrow enough to stand 15 m apart, which needs no fire walls.
const TRANSFORMER_M: f64 = 18.0;

impl Substation<'_> {
    fn rated(&self) -> f64 {
        self.transformer_mva * POWER_FACTOR
    }

    /// The nodes.
    pub fn nodes(&self) -> Vec<Node> {
        let mut nodes: Vec<Node> = (1..=self.transformers).map(|i| self.transformer(i)).collect();
        let of = |i: u32| format!("t-{}{i}", self.letter);
        let last = self.transformers;
        match self.bars {
            Bars::One => {
                let all: Vec<String> = (1..=last).map(of).collect();
                let mut bar = self.bar(&format!("sub-{}", self.letter), None, self.place);
                bar.capacity_mw = Some(hundredth(self.rated() * f64::from(last)));
                bar.from = all;
                nodes.push(bar);
            }
            Bars::Each => nodes.extend((1..=last).map(|i| self.section(i, i, last))),
            Bars::Catcher => {
                for (section, i) in [(1, 1), (2, last)] {
                    let mut bar = self.section(section, i, 2);
                    bar.alternate = (2..last).map(of).collect();
                    nodes.push(bar);
                }
            }
        }
        nodes
    }

    fn transformer(&self, i: u32) -> Node {
        let [x, y, w, h] = self.place;
        let column = w / f64::from(self.transformers);
        let left = x + column * (f64::from(i) - 0.5) - TRANSFORMER_M / 2.0;
        let capital = self.letter.to_ascii_uppercase();
        let name = format!("T-{capital}{i}, {} MVA", self.transformer_mva);
        let place = [left, y + 18.0, TRANSFORMER_M, h - 34.0];
        let id = format!("t-{}{i}", self.letter);
        let mut node = node(&id, name, NodeKind::MainTransformer, self.rated(), place)
            .from(&[self.feed])
            .made_of("main-transformer-high-z")
            .at_kv(34.5);
        node.alternate = self.other_feed.iter().map(|f| (*f).to_owned()).collect();
        node
    }

    /// A section of so many, fed by one transformer.
    fn section(&self, section: u32, transformer: u32, of: u32) -> Node {
        let [x, y, w, h] = self.place;
        let column = w / f64::from(of);
        let place = [x + column * f64::from(section - 1), y, column, h];
        let id = format!("sub-{}{section}", self.letter);
        let bar = self.bar(&id, Some(section), place);
        bar.from(&[&format!("t-{}{transformer}", self.letter)])
    }

    fn bar(&self, id: &str, section: Option<u32>, place: Place) -> Node {
        let capital = self.letter.to_ascii_uppercase();
        let name = match section {
            Some(section) => format!("Bus {capital}{section}"),
            None => format!("Substation {capital}"),
        };
        let mut bar = node(id, name, NodeKind::Substation, self.rated(), place)
            .made_of("mv-switchgear-40")
            .at_kv(34.5);
        bar.capacitor_mvar = Some(self.capacitor_mvar);
        bar
    }
}
