//! The pieces that panels are made of, one a file. They know the theme and
//! nothing of sites: what they show comes in as text and numbers.

pub mod button;
pub mod card;
pub mod chip;
pub mod conclusion;
pub mod empty;
pub mod entry;
pub mod field;
pub mod finder;
pub mod form;
pub mod menu;
pub mod paint;
pub mod popover;
pub mod readout;
pub mod row;
pub mod segmented;
pub mod select;
pub mod slider;
pub mod table;
pub mod tile;
pub mod tree_row;
