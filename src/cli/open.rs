//! `gigasite open`: the window.

use super::{Common, End};
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Debug, Default)]
pub(super) struct Arguments {
    /// The layout to open
    layout: Option<PathBuf>,
    /// Save a picture of the window as PNG and exit
    #[arg(long, value_name = "FILE")]
    screenshot: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

#[cfg(feature = "gui")]
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let catalog = super::load_catalog(&arguments.common)?;
    crate::gui::run(crate::gui::Options {
        layout: arguments.layout.clone(),
        screenshot: arguments.screenshot.clone(),
        catalog,
    })?;
    Ok(End::Done)
}

#[cfg(not(feature = "gui"))]
pub(super) fn run(_: &Arguments) -> anyhow::Result<End> {
    anyhow::bail!("this program was built without the window; use solve, check, lp or catalog")
}
