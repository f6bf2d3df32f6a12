//! The electrical model against published networks, closed forms and itself.

mod campus;
mod emergency;
mod faults;
mod files;
mod firm;
mod outages;
mod properties;
mod published;
mod redundancy;
mod reliability;
mod screen;
mod secure;
mod support;
mod whatif;
