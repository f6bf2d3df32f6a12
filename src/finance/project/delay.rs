//! A project that comes into service late.

use super::input::{Driver, Project};
use std::borrow::Cow;

/// The project with its delay carried out: service and the loan's term later and the model longer,
/// spending and what is bound to a month where they were. Cover of the months of a contract counts
/// from service and moves by itself.
pub(super) fn in_force(project: &Project) -> Cow<'_, Project> {
    let late = project.delay_months;
    if late == 0 {
        return Cow::Borrowed(project);
    }
    let mut later = project.clone();
    later.delay_months = 0;
    later.calendar.horizon_months = project.calendar.horizon_months.saturating_add(late);
    let service = project.phases.iter().map(|p| p.service_month).min().unwrap_or(0);
    for phase in &mut later.phases {
        phase.service_month = phase.service_month.saturating_add(late);
    }
    for line in &mut later.capex {
        line.service_month = line.service_month.map(|month| month.saturating_add(late));
    }
    for row in &mut later.opex {
        row.until_month = row.until_month.map(|month| month.saturating_add(late));
        if let Driver::Amounts(list) = &mut row.driver {
            for (month, _) in list.iter_mut().filter(|(month, _)| *month >= service) {
                *month = month.saturating_add(late);
            }
        }
    }
    if let Some(debt) = &mut later.debt {
        debt.term_start_month = debt.term_start_month.saturating_add(late);
    }
    Cow::Owned(later)
}
