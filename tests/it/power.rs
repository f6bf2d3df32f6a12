//! The electrical model against published networks, closed forms and itself.

mod campus;
mod files;
mod outages;
mod properties;
mod published;
mod support;
mod whatif;
