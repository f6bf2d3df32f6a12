//! The system of units in which the window shows and takes measures. It lies in
//! the context of the window, as the theme does, because every field needs it.

use crate::units::format::System;
use eframe::egui::{Context, Id};

fn key() -> Id {
    Id::unique("system-of-units")
}

/// The system in force.
pub fn system(ctx: &Context) -> System {
    ctx.data(|d| d.get_temp(key())).unwrap_or_default()
}

/// Shows and takes measures in a system from the next frame on.
pub fn set_system(ctx: &Context, system: System) {
    ctx.data_mut(|d| d.insert_temp(key(), system));
}
