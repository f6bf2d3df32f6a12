//! The loan of a layout, and the class under which its cost is written off.

use super::NoFinance;
use super::sheet::Sheet;
use super::terms::Terms;
use crate::finance::InputError;
use crate::finance::depreciation::TaxClass;
use crate::finance::project::{AssetClass, Component, DebtTerms, Repayment};
use crate::site::LoanKind;

/// Id of the class of interest during construction and fees.
const CLASS: &str = "financing cost";

impl Sheet<'_> {
    /// The loan that the layout asks for, with the class of its cost. Its term starts with the
    /// service of the last phase.
    pub fn loan(
        &mut self,
        terms: &Terms,
        last_service: usize,
    ) -> Result<Option<(DebtTerms, AssetClass)>, NoFinance> {
        let loan = self.site.terms.finance.loan.clone();
        let Some(share) = loan.share_frac.filter(|share| *share > 0.0) else { return Ok(None) };
        self.entered("loan.share_frac", "Most of all uses that the loan pays", "share", share);
        let rate = self.either(loan.rate_frac, "loan.rate_frac", "loan-rate-frac")?;
        let years = self.either(loan.tenor_years, "loan.tenor_years", "loan-tenor-years")?;
        let cover = self.either(loan.cover_ratio, "loan.cover_ratio", "loan-cover-ratio")?;
        let reserve = self.either(
            loan.reserve_months.map(f64::from),
            "loan.reserve_months",
            "loan-reserve-months",
        )?;
        let upfront = self.either(loan.upfront_frac, "loan.upfront_frac", "loan-upfront-frac")?;
        let commitment =
            self.either(loan.commitment_frac, "loan.commitment_frac", "loan-commitment-frac")?;
        let mut tenor_months = (years * 12.0).round() as usize;
        let refused = |field: &str, problem: String| {
            Err(NoFinance::Input(InputError::new(format!("finance.loan.{field}"), problem)))
        };
        let operated = (terms.service_month + terms.operating_months).saturating_sub(last_service);
        // The usual tenor ends with operation; one that is asked for must fit.
        if loan.tenor_years.is_none() {
            tenor_months = tenor_months.min(operated);
        }
        if tenor_months == 0 || tenor_months > operated {
            return refused(
                "tenor_years",
                format!(
                    "{years} years do not lie within the {} of operation; shorten the loan or \
                     enter more finance.operating_years",
                    operated as f64 / 12.0
                ),
            );
        }
        if !(0.1..=100.0).contains(&cover) {
            return refused("cover_ratio", format!("{cover} is no cover; enter 1 to 3"));
        }
        let alone = loan.interest_only_months.map_or(terms.ramp_months, |m| m as usize);
        let kind = loan.kind.unwrap_or_default();
        let repayment = match kind {
            LoanKind::Sculpted => Repayment::Sculpted { dscr: cover },
            LoanKind::Level => Repayment::Level,
            LoanKind::EqualPrincipal => Repayment::EqualPrincipal,
            LoanKind::Bullet => Repayment::Bullet,
        };
        let debt = DebtTerms {
            gearing_cap_frac: share,
            rate_frac: rate,
            term_start_month: last_service,
            tenor_months,
            interest_only_months: alone.min(tenor_months - 1),
            repayment,
            least_dscr: (kind != LoanKind::Sculpted).then_some(cover),
            contracted_only: !loan.merchant_cash.unwrap_or(false),
            cover_after_tax: true,
            upfront_frac: upfront,
            commitment_frac: commitment,
            reserve_months: reserve.round().clamp(0.0, 60.0) as usize,
            sweep_frac: loan.sweep_frac.unwrap_or(0.0),
            lockup_dscr: loan.lockup_ratio,
            cost_class: CLASS.to_owned(),
        };
        Ok(Some((debt, class(terms, tenor_months))))
    }
}

/// Written off over the loan, with nothing left of it.
fn class(terms: &Terms, tenor_months: usize) -> AssetClass {
    AssetClass {
        id: CLASS.to_owned(),
        component: Component::Site,
        book_life_months: Some(tenor_months.min(terms.operating_months)),
        salvage_frac: 0.0,
        tax_class: TaxClass::StraightLine(tenor_months.div_ceil(12).max(1) as u32),
        bonus_frac: 0.0,
        state_bonus_frac: 0.0,
        terminal_frac: 0.0,
    }
}
