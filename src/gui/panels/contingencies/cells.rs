//! The columns of the table of outages: which stand where, what they sort by, and the words of
//! times and money in them.

use super::Sort;
use crate::gui::components::table::{Column, Width};
use crate::power::contingency::Allowed;
use crate::units::{Money, format};

/// What stands in a column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    Outage,
    State,
    Lost,
    Switches,
    RunBack,
    Worst,
    Bar,
    Loading,
    Lowest,
    Time,
    Margin,
    Reason,
}

impl Cell {
    /// What a click on its header sorts by.
    pub(super) const fn sort(self) -> Option<Sort> {
        match self {
            Cell::Outage => Some(Sort::Name),
            Cell::State => Some(Sort::Worst),
            Cell::Lost => Some(Sort::Lost),
            Cell::RunBack => Some(Sort::RunBack),
            Cell::Loading => Some(Sort::Loading),
            Cell::Lowest => Some(Sort::Voltage),
            Cell::Time => Some(Sort::Time),
            Cell::Margin => Some(Sort::Margin),
            Cell::Switches | Cell::Worst | Cell::Bar | Cell::Reason => None,
        }
    }
}

/// Everything, where there is room for it.
const WHOLE: [(Cell, Column); 12] = [
    (Cell::Outage, Column::left("Outage", Width::Flex(2.0, 150.0))),
    (Cell::State, Column::left("State", Width::Fixed(134.0))),
    (Cell::Lost, Column::right("Lost, MW", Width::Flex(0.4, 66.0))),
    (Cell::Switches, Column::left("Switches that close", Width::Flex(1.4, 118.0))),
    (Cell::RunBack, Column::right("Run back, MW", Width::Flex(0.4, 84.0))),
    (Cell::Worst, Column::left("Worst element", Width::Flex(1.4, 118.0))),
    (Cell::Bar, Column::left("Loading", Width::Fixed(84.0))),
    (Cell::Loading, Column::right("%", Width::Fixed(50.0))),
    (Cell::Lowest, Column::right("Lowest, pu", Width::Flex(0.4, 70.0))),
    (Cell::Time, Column::right("Time allowed", Width::Flex(0.5, 86.0))),
    (Cell::Margin, Column::right("Lost, $/min", Width::Flex(0.5, 78.0))),
    (Cell::Reason, Column::left("Why", Width::Flex(2.4, 170.0))),
];

/// What closes and voltages are told at the pointer.
const WIDE: [(Cell, Column); 10] = [
    (Cell::Outage, Column::left("Outage", Width::Flex(1.8, 130.0))),
    (Cell::State, Column::left("State", Width::Fixed(134.0))),
    (Cell::Lost, Column::right("Lost, MW", Width::Fixed(62.0))),
    (Cell::RunBack, Column::right("Run back, MW", Width::Fixed(86.0))),
    (Cell::Worst, Column::left("Worst element", Width::Flex(1.2, 100.0))),
    (Cell::Bar, Column::left("Loading", Width::Fixed(78.0))),
    (Cell::Loading, Column::right("%", Width::Fixed(46.0))),
    (Cell::Time, Column::right("Time allowed", Width::Fixed(82.0))),
    (Cell::Margin, Column::right("Lost, $/min", Width::Fixed(74.0))),
    (Cell::Reason, Column::left("Why", Width::Flex(1.8, 120.0))),
];

/// Where these have no room: why is told at the pointer too.
const NARROW: [(Cell, Column); 8] = [
    (Cell::Outage, Column::left("Outage", Width::Flex(1.4, 120.0))),
    (Cell::State, Column::left("State", Width::Fixed(134.0))),
    (Cell::Lost, Column::right("Lost, MW", Width::Fixed(60.0))),
    (Cell::RunBack, Column::right("Run back", Width::Fixed(62.0))),
    (Cell::Worst, Column::left("Worst element", Width::Flex(1.0, 80.0))),
    (Cell::Loading, Column::right("%", Width::Fixed(44.0))),
    (Cell::Time, Column::right("Allowed", Width::Fixed(66.0))),
    (Cell::Margin, Column::right("Lost, $/min", Width::Fixed(72.0))),
];
/// Widths from which the wider sets stand side by side.
const ROOM: f32 = 900.0;
const ROOMY: f32 = 1300.0;

/// The columns that a width has room for.
pub(super) fn for_room(width: f32) -> &'static [(Cell, Column)] {
    match width {
        width if width < ROOM => &NARROW,
        width if width < ROOMY => &WIDE,
        _ => &WHOLE,
    }
}

/// Minutes to sort by: unknown times stand behind known ones and before none at all.
pub(super) fn patience(allowed: Allowed) -> f64 {
    match allowed {
        Allowed::Minutes(minutes) => minutes,
        Allowed::Unknown => f64::MAX,
        Allowed::Always => f64::INFINITY,
    }
}

/// How long something may last, in words.
pub(super) fn time_words(allowed: Allowed) -> String {
    match allowed {
        Allowed::Always => "no limit".to_owned(),
        Allowed::Unknown => format::UNKNOWN.to_owned(),
        Allowed::Minutes(minutes) if minutes <= 0.0 => "act at once".to_owned(),
        Allowed::Minutes(minutes) if minutes >= 120.0 => format::with_unit(minutes / 60.0, 0, "h"),
        Allowed::Minutes(minutes) => format::with_unit(minutes, 0, "min"),
    }
}

/// Margin that is lost in a minute; a dash where none is.
pub(super) fn margin_words(usd_per_min: f64) -> String {
    if usd_per_min > 0.0 { format::money(Money::usd(usd_per_min)) } else { format::DASH.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_minutes_then_hours_and_never_as_none_where_unknown() {
        let minutes = |m| time_words(Allowed::Minutes(m));
        assert_eq!(minutes(0.0), "act at once");
        assert_eq!((minutes(30.0), minutes(480.0)), ("30 min".to_owned(), "8 h".to_owned()));
        assert_eq!(time_words(Allowed::Always), "no limit");
        assert_eq!(time_words(Allowed::Unknown), "unknown");
        // The shortest first, what is unknown before what has no limit.
        let order = [Allowed::Minutes(0.0), Allowed::Minutes(30.0), Allowed::Unknown];
        let order = order.into_iter().chain([Allowed::Always]).map(patience);
        assert!(order.is_sorted_by(|a, b| a < b));
    }
}
