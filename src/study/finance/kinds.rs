//! What capital is spent on, in the words of a cost plan: each item of the take-off is of one kind.

use super::schedule::Schedule;
use super::takeoff::Item;
use serde::Serialize;

/// What an item is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostKind {
    Land,
    GridConnection,
    Shell,
    Electrical,
    Mechanical,
    /// The rest of the site capital per MW, which no item has a price for.
    PlantNotItemised,
    Accelerators,
    NetworkAndStorage,
    SoftCost,
    TaxesAndDuty,
}

impl CostKind {
    pub const ALL: [Self; 10] = [
        Self::Land,
        Self::GridConnection,
        Self::Shell,
        Self::Electrical,
        Self::Mechanical,
        Self::PlantNotItemised,
        Self::Accelerators,
        Self::NetworkAndStorage,
        Self::SoftCost,
        Self::TaxesAndDuty,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Land => "land",
            Self::GridConnection => "grid connection",
            Self::Shell => "shell",
            Self::Electrical => "electrical",
            Self::Mechanical => "mechanical",
            Self::PlantNotItemised => "plant, not itemised",
            Self::Accelerators => "accelerators",
            Self::NetworkAndStorage => "network and storage",
            Self::SoftCost => "soft cost",
            Self::TaxesAndDuty => "sales tax and duty",
        }
    }
}

/// Capital of a kind in a phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KindCapital {
    pub kind: CostKind,
    pub phase: String,
    pub amount_usd: f64,
    pub contingency_usd: f64,
}

/// Capital by kind and phase, in the order of the phases' service; what nothing is spent on is left
/// out. All rows sum to the capital.
pub(super) fn by_kind(items: &[Item], schedule: &Schedule) -> Vec<KindCapital> {
    let mut list = Vec::new();
    for kind in CostKind::ALL {
        for phase in &schedule.phases {
            let own = items.iter().filter(|i| i.class.is_some() && i.kind == kind);
            let own = own.filter(|i| i.phase == phase.id);
            let (mut amount_usd, mut contingency_usd) = (0.0, 0.0);
            for item in own {
                amount_usd += item.amount_usd;
                contingency_usd += item.contingency_usd;
            }
            if amount_usd + contingency_usd != 0.0 {
                let phase = phase.id.clone();
                list.push(KindCapital { kind, phase, amount_usd, contingency_usd });
            }
        }
    }
    list
}
