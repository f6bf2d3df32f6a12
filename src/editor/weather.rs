//! The weather of a file, as the page of cooling shows it. It must not know a window.

use crate::cooling::weather::{Climate, epw};
use crate::diag::Report;
use crate::site::file::read_bytes;
use std::path::Path;

/// A typical year, hour by hour, with what was noticed in its file.
#[derive(Clone, Debug, PartialEq)]
pub struct WeatherFile {
    pub climate: Climate,
    /// Warnings.
    pub report: Report,
}

/// Whether a file holds the weather of a year, by its ending.
pub fn is_weather(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case(epw::EXTENSION))
}

impl WeatherFile {
    /// Reads an EPW file.
    ///
    /// # Errors
    /// What stands in the way of its bytes, or what is wrong in them, with lines.
    pub fn read(path: &Path) -> Result<Self, Report> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let located = |mut report: Report| {
            report.items.iter_mut().for_each(|item| item.file = Some(name.clone()));
            report
        };
        let text = String::from_utf8_lossy(&read_bytes(path)?).into_owned();
        let file = epw::read(&text).map_err(located)?;
        let climate = file.climate(&name);
        Ok(Self { climate, report: located(file.report) })
    }
}
