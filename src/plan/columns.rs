//! Where each variable of the model stands: addresses by arithmetic, no maps.
//!
//! Order of columns: x (units running) by hour, block, point and class; y
//! (output sold) by hour, point, tier and price step, each followed by what is
//! made for a tier and not sold; then the few of every other kind.

use super::input::{Holding, PlanInput, RackIn, TierIn};
use std::ops::Range;

/// Class of units that run on firm power; class 0 runs on any.
pub const FIRM: usize = 1;

/// A tier and price step that an operating point can serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub tier: usize,
    pub step: usize,
}

/// Addresses of all columns of one input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    pub hours: usize,
    /// Whether each point serves a firm tier. Racks of the others need no firm power: it
    /// would take room from firm tiers and yield nothing more.
    pub firm: Vec<bool>,
    /// Operating points that each block can run, ascending.
    pub block_points: Vec<Vec<usize>>,
    /// Tiers and steps that each point can serve.
    pub slots: Vec<Vec<Slot>>,
    /// Tiers for which each point can make unsold output (fixed shares).
    pub unsold: Vec<Vec<usize>>,
    /// Hours in which work of an hour may be served, for deferrable tiers: (arrival, service).
    pub deferrals: Vec<Vec<(usize, usize)>>,
    /// By block and its points.
    x_offset: Vec<Vec<usize>>,
    x_per_hour: usize,
    y_base: usize,
    y_offset: Vec<usize>,
    y_per_hour: usize,
    bought: Vec<Option<usize>>,
    posted: Vec<Option<usize>>,
    shortfall: Vec<Option<usize>>,
    deferred: Vec<Option<usize>>,
    idle_share: Vec<Option<usize>>,
    whole: Vec<Option<usize>>,
    domains: Vec<Option<usize>>,
    pub peak: Option<usize>,
    pub count: usize,
}

impl Columns {
    pub fn new(input: &PlanInput) -> Self {
        let fixed = input.policy.fixed_shares;
        let mut c = Columns {
            hours: input.hours.len(),
            firm: vec![false; input.points.len()],
            slots: vec![Vec::new(); input.points.len()],
            unsold: vec![Vec::new(); input.points.len()],
            ..Self::default()
        };
        for (t, tier) in input.tiers.iter().enumerate() {
            if fixed && tier.share.unwrap_or(0.0) <= 0.0 {
                continue;
            }
            for &p in tier.points.iter().filter(|&&p| on_site(input, p)) {
                c.slots[p].extend((0..tier.steps.len()).map(|step| Slot { tier: t, step }));
                c.firm[p] |= tier.firm;
                if fixed {
                    c.unsold[p].push(t);
                }
            }
        }
        c.block_points = input
            .blocks
            .iter()
            .map(|b| {
                let serves = |p: &usize| !c.slots[*p].is_empty() || prefills(input, *p);
                let runs = |p: &usize| b.racks.contains(&input.points[*p].rack) && serves(p);
                (0..input.points.len()).filter(runs).collect()
            })
            .collect();
        c.place_running(input);
        c.place_rest(input);
        c
    }

    fn place_running(&mut self, input: &PlanInput) {
        let mut offset = 0;
        for points in &self.block_points {
            let mut of_block = Vec::with_capacity(points.len());
            for &p in points {
                of_block.push(offset);
                offset += self.classes(p);
            }
            self.x_offset.push(of_block);
        }
        self.x_per_hour = offset;
        self.y_base = offset * self.hours;
        let mut offset = 0;
        for p in 0..input.points.len() {
            self.y_offset.push(offset);
            offset += self.slots[p].len() + self.unsold[p].len();
        }
        self.y_per_hour = offset;
        self.count = self.y_base + offset * self.hours;
    }

    fn take(&mut self, n: usize) -> usize {
        let at = self.count;
        self.count += n;
        at
    }

    fn place_rest(&mut self, input: &PlanInput) {
        for b in &input.blocks {
            let planned = matches!(b.holding, Holding::Planned { .. });
            let at = planned.then(|| self.take(b.racks.len()));
            self.bought.push(at);
        }
        for tier in &input.tiers {
            let at = choice(tier).then(|| self.take(tier.steps.len()));
            self.posted.push(at);
        }
        for t in &input.tiers {
            let soft = matches!(t.commitment, Some((_, Some(_))));
            let at = soft.then(|| self.take(self.hours));
            self.shortfall.push(at);
        }
        for t in &input.tiers {
            let pairs = deferrals(input, t);
            let at = (!pairs.is_empty()).then(|| self.take(pairs.len() * t.steps.len()));
            self.deferrals.push(pairs);
            self.deferred.push(at);
        }
        for t in &input.tiers {
            let served = t.points.iter().any(|&p| on_site(input, p));
            let unserved = input.policy.fixed_shares && t.share.unwrap_or(0.0) > 0.0 && !served;
            let at = unserved.then(|| self.take(self.hours));
            self.idle_share.push(at);
        }
        for (b, block) in input.blocks.iter().enumerate() {
            let whole = input.policy.integer && !matches!(block.holding, Holding::Pool(_));
            let at = whole.then(|| self.take(self.block_points[b].len() * self.hours));
            self.whole.push(at);
            let planned = whole && matches!(block.holding, Holding::Planned { .. });
            let at = planned.then(|| self.take(block.racks.len()));
            self.domains.push(at);
        }
        if input.site.demand_musd_per_mw_year > 0.0 {
            self.peak = Some(self.take(1));
        }
    }

    /// Classes of units that run a point.
    fn classes(&self, p: usize) -> usize {
        if self.firm[p] { FIRM + 1 } else { FIRM }
    }

    /// Units of block `b` running its `k`-th point in hour `h`, by class.
    pub fn x(&self, h: usize, b: usize, k: usize) -> Range<usize> {
        let at = h * self.x_per_hour + self.x_offset[b][k];
        at..at + self.classes(self.block_points[b][k])
    }

    /// Of these, the units on firm power.
    pub fn firm_x(&self, h: usize, b: usize, k: usize) -> Option<usize> {
        self.x(h, b, k).nth(FIRM)
    }

    /// Output of point `p` sold through its `s`-th slot in hour `h`.
    pub fn y(&self, h: usize, p: usize, s: usize) -> usize {
        self.y_base + h * self.y_per_hour + self.y_offset[p] + s
    }

    /// Output of point `p` made for its `u`-th tier and not sold in hour `h`.
    pub fn unsold(&self, h: usize, p: usize, u: usize) -> usize {
        self.y(h, p, self.slots[p].len() + u)
    }

    /// Units of the `r`-th allowed type bought for a planned block.
    pub fn bought(&self, b: usize, r: usize) -> Option<usize> {
        self.bought[b].map(|at| at + r)
    }

    /// Weight of price step `s` where a tier posts one of several prices.
    pub fn posted(&self, t: usize, s: usize) -> Option<usize> {
        self.posted[t].map(|at| at + s)
    }

    /// Shortfall of a commitment in hour `h`.
    pub fn shortfall(&self, t: usize, h: usize) -> Option<usize> {
        self.shortfall[t].map(|at| at + h)
    }

    /// Demand of step `s` that goes along the `k`-th deferral pair (yearly mean rate).
    pub fn deferred(&self, t: usize, s: usize, k: usize) -> Option<usize> {
        self.deferred[t].map(|at| at + s * self.deferrals[t].len() + k)
    }

    /// IT power held for a tier that no operating point can serve (fixed shares).
    pub fn idle_share(&self, t: usize, h: usize) -> Option<usize> {
        self.idle_share[t].map(|at| at + h)
    }

    /// Whole domains bought of the `r`-th allowed type of a planned block.
    pub fn domains(&self, b: usize, r: usize) -> Option<usize> {
        self.domains[b].map(|at| at + r)
    }

    /// Whole domains of block `b` running its `k`-th point in hour `h`.
    pub fn whole(&self, h: usize, b: usize, k: usize) -> Option<usize> {
        self.whole[b].map(|at| at + h * self.block_points[b].len() + k)
    }
}

/// Whether a block may hold the rack type of a point; what stands nowhere sells nothing.
fn on_site(input: &PlanInput, p: usize) -> bool {
    input.blocks.iter().any(|b| b.racks.contains(&input.points[p].rack))
}

/// A point that serves no tier but prefills for adjuncts.
fn prefills(input: &PlanInput, p: usize) -> bool {
    let point = &input.points[p];
    let paired = |r: &RackIn| r.pairs_with.is_some_and(|(of, k)| of == point.rack && k > 0.0);
    point.prefill > 0.0 && input.racks.iter().any(paired)
}

/// A tier that posts one of several prices; with one price there is no choice.
pub fn choice(tier: &TierIn) -> bool {
    tier.posted && tier.steps.len() > 1
}

/// Pairs of arrival and service hour within the deadline and the day type.
fn deferrals(input: &PlanInput, tier: &TierIn) -> Vec<(usize, usize)> {
    let Some(deadline_h) = tier.deadline_h else { return Vec::new() };
    let mut pairs = Vec::new();
    for (a, arrival) in input.hours.iter().enumerate() {
        for (s, service) in input.hours.iter().enumerate() {
            let wait = (service.clock_h - arrival.clock_h).rem_euclid(24.0);
            let same_day = arrival.day == service.day && arrival.period == service.period;
            if same_day && wait <= deadline_h {
                pairs.push((a, s));
            }
        }
    }
    pairs
}
