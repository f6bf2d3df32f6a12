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

/// A main substation: its 34.5 kV bus and its transformers.
pub struct Substation<'a> {
    /// `sub-a`; its transformers are called `t-a1` and so on.
    pub letter: char,
    pub feed: &'a str,
    /// Feed behind an open switch.
    pub other_feed: Option<&'a str>,
    pub transformers: u32,
    pub transformer_mva: f64,
    pub place: Place,
}

impl Substation<'_> {
    pub fn id(&self) -> String {
        format!("sub-{}", self.letter)
    }

    /// The nodes.
    pub fn nodes(&self) -> Vec<Node> {
        let n = f64::from(self.transformers);
        let rated = self.transformer_mva * POWER_FACTOR;
        let capital = self.letter.to_ascii_uppercase();
        let [x, y, w, h] = self.place;
        // Narrow enough to stand 15 m apart, which needs no fire walls between them.
        let width = 22.0;
        let gap = (w - n * width) / (n + 1.0);
        let mut nodes = Vec::new();
        for i in 1..=self.transformers {
            let left = x + gap * f64::from(i) + width * f64::from(i - 1);
            let place = [left, y + 18.0, width, h - 34.0];
            let id = format!("t-{}{i}", self.letter);
            let name = format!("T-{capital}{i}, {:.0} MVA", self.transformer_mva);
            let mut transformer = node(&id, name, NodeKind::MainTransformer, rated, place)
                .from(&[self.feed])
                .made_of("main-transformer")
                .at_kv(34.5);
            transformer.alternate = self.other_feed.iter().map(|f| (*f).to_owned()).collect();
            nodes.push(transformer);
        }
        let ids: Vec<String> = nodes.iter().map(|t| t.id.clone()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let name = format!("Substation {capital}");
        nodes.push(
            node(&self.id(), name, NodeKind::Substation, rated * n, self.place)
                .from(&ids)
                .made_of("mv-switchgear")
                .at_kv(34.5),
        );
        nodes
    }
}
