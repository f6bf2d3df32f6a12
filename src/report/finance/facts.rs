//! Everything that the documents tell, gathered once: the evaluation, its key figures, years,
//! charts, and what a reader must be warned of. It must not know pages.

use super::{Risks, valued};
use crate::catalog::Kind;
use crate::finance::project::Statements;
use crate::report::{Draws, ReportError, Subject};
use crate::scene::chart::money::{Chart, Id, risk as charts, site};
use crate::study::finance::{Assumption, KeyOutput, SiteFinance, keys};
use crate::study::{Outcome, risk};
use crate::units::format::{count, ratio};
use crate::units::words::upper_first;

/// What documents about money tell.
pub struct Facts<'a> {
    pub subject: &'a Subject<'a>,
    pub outcome: &'a Outcome,
    pub found: SiteFinance,
    pub keys: Vec<KeyOutput>,
    /// Statements by fiscal year.
    pub years: Statements,
    /// Answers to questions of risk.
    pub risks: Risks<'a>,
}

/// Bars of the tornado.
const BARS: usize = 12;

impl<'a> Facts<'a> {
    /// Gathers them.
    ///
    /// # Errors
    /// There is no plan, or it cannot be valued.
    pub fn of(subject: &'a Subject<'a>, asked: Draws) -> Result<Self, ReportError> {
        let outcome = subject.outcome.ok_or(ReportError::NoPlan("The finance"))?;
        let found = valued(subject)?;
        let keys = keys(&found);
        let years = found.evaluation.statements.by_year();
        let risks = Risks::of(subject, outcome, asked);
        Ok(Self { subject, outcome, found, keys, years, risks })
    }

    pub fn name(&self) -> &'a str {
        &self.subject.site.terms.site.name
    }

    /// A key figure for people; the word "unknown" where the list has none of that name.
    pub fn key(&self, id: &str) -> String {
        let key = self.keys.iter().find(|k| k.id == id);
        crate::units::format::known(key, KeyOutput::text)
    }

    /// The longest bars of what each input alone does to the value.
    pub fn tornado(&self) -> Option<risk::Tornado> {
        let found = self.risks.tornado()?;
        let bars = found.bars.iter().take(BARS).cloned().collect();
        Some(risk::Tornado { bars, ..found.clone() })
    }

    /// A chart that has something to show.
    pub fn chart(&self, id: Id) -> Option<Chart> {
        let chart = match id {
            Id::Tornado => self.tornado().as_ref().map(charts::tornado),
            Id::Ladder => self.risks.ladder().map(charts::ladder),
            Id::ValueLadder => self.risks.ladder().and_then(charts::value_ladder),
            Id::TwoWay => self.risks.two_way().map(charts::two_way),
            // Of several values.
            Id::Cumulative => None,
            Id::Fan => self.risks.draws().ok().map(charts::fan),
            other => site::chart(other, self.subject.site, &self.found),
        };
        chart.filter(|c| !c.is_empty())
    }

    /// Whether every check holds, and the sentence that says so.
    pub fn master(&self) -> (bool, String) {
        let checks = &self.found.evaluation.statements.checks;
        let failed: Vec<&str> = checks.iter().filter(|c| !c.holds()).map(|c| c.name).collect();
        match failed.is_empty() {
            true => (true, format!("All {} checks hold", checks.len())),
            false => (
                false,
                format!("{} of {} checks fail: {}", failed.len(), checks.len(), failed.join(", ")),
            ),
        }
    }

    /// Values that the tool assumed and nobody has confirmed by entering them.
    pub fn unconfirmed(&self) -> Vec<&Assumption> {
        let assumed = |a: &&Assumption| matches!(a.kind, Some(Kind::Assumed | Kind::Estimate));
        self.found.assumptions.iter().filter(assumed).collect()
    }

    /// What every page says while there are such values.
    pub fn stamp(&self) -> String {
        match self.unconfirmed().len() {
            0 => String::new(),
            1 => "Contains 1 unconfirmed tool default".to_owned(),
            n => format!("Contains {} unconfirmed tool defaults", count(n as f64)),
        }
    }

    /// The first letters of the hash of all input.
    pub fn hash(&self) -> &str {
        let hash = &self.outcome.provenance.input_sha256;
        hash.get(..16).unwrap_or(hash)
    }

    /// Month of the prices: the layout's, else that of the catalogue.
    pub fn price_date(&self) -> String {
        let own = self.subject.site.terms.finance.price_date.clone();
        own.unwrap_or_else(|| self.subject.catalog.version.replace('.', "-"))
    }

    /// The day that a document is dated with: fixed by the input, never the clock's.
    pub fn date(&self) -> Option<(i32, u32, u32)> {
        let text = self.price_date();
        let mut parts = text.split('-').map(|p| p.parse::<u32>().ok());
        let year = i32::try_from(parts.next()??).ok()?;
        let month = parts.next().flatten().filter(|m| (1..=12).contains(m)).unwrap_or(1);
        let day = parts.next().flatten().filter(|d| (1..=28).contains(d)).unwrap_or(1);
        Some((year, month, day))
    }

    /// What a reader must know before the figures are used, the weightiest first.
    pub fn caveats(&self) -> Vec<String> {
        let mut out = Vec::new();
        let (holds, state) = self.master();
        if !holds {
            out.push(state);
        }
        if let Some(world) = self.outcome.headline.world_ratio.filter(|r| *r > 0.05) {
            out.push(format!(
                "Sells {} the published world volume of tokens: doubt demand before power",
                ratio(world).replace("× ", "") + " times"
            ));
        }
        let unconfirmed = self.unconfirmed().len();
        if unconfirmed > 0 {
            out.push(format!(
                "{} of {} inputs are defaults that nobody has confirmed for this site",
                count(unconfirmed as f64),
                count(self.found.assumptions.len() as f64)
            ));
        }
        out.extend(self.found.diagnostics.iter().map(|d| upper_first(&d.message)));
        let results = &self.found.evaluation.results;
        out.push(format!("Tax: {}", results.tax_mode));
        if results.loan.is_none() {
            out.push("Returns are those of the project before any loan".to_owned());
        }
        out.push("PUE is the design value of the layout, not a measured one".to_owned());
        out.extend(self.outcome.labels.iter().map(|l| crate::units::words::upper_first(l)));
        out
    }

    /// Where the figures come from, in one line.
    pub fn origin(&self) -> String {
        super::picture::origin(self.subject)
    }
}
