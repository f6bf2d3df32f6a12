//! When clean energy is delivered: by hour of the day and by month, each a list of shares in one
//! field.

use crate::fields::value_text;
use crate::gui::action::{Actions, Edit};
use crate::gui::components::field::FieldLook;
use crate::gui::components::row::{self, Source, TypedRow};
use crate::gui::panels::rows::serve_keyboard;
use crate::site::CleanContract;
use crate::units::format::{self, parse_number, plain, share};
use eframe::egui::{Id, Ui};

/// What stands for the same output at any time.
const FLAT: &str = "flat";

/// A list of shares of a contract.
struct Profile<'a> {
    field: &'static str,
    label: &'static str,
    count: usize,
    /// What one of them is of.
    of: &'static str,
    list: &'a [f64],
}

pub(super) fn show(ui: &mut Ui, contract: &CleanContract, actions: &mut Actions) {
    let hours = Profile {
        field: "hour_frac",
        label: "Output by hour",
        count: 24,
        of: "hour from midnight",
        list: &contract.hour_frac,
    };
    let months = Profile {
        field: "month_frac",
        label: "Output by month",
        count: 12,
        of: "month",
        list: &contract.month_frac,
    };
    hours.show(ui, &contract.id, actions);
    months.show(ui, &contract.id, actions);
}

impl Profile<'_> {
    fn show(&self, ui: &mut Ui, of: &str, actions: &mut Actions) {
        let path = format!("finance.clean_energy.{of}.{}", self.field);
        let id = Id::unique(("finance-input", path.as_str()));
        serve_keyboard(ui, &path, id);
        let list: Vec<String> = self.list.iter().map(|p| plain(*p)).collect();
        let edited = if list.is_empty() { FLAT.to_owned() } else { list.join(", ") };
        let name = format!("{}, {of}", self.label);
        let source = format!("{} shares", self.count);
        let typed = TypedRow {
            id,
            label: self.label,
            name: &name,
            shown: &self.words(),
            edited: &edited,
            unit: "",
            look: FieldLook::Rest,
            source: if list.is_empty() { Source::None } else { Source::Plain(&source) },
        }
        .show(ui);
        let Some(typed) = typed else { return };
        match self.parse(&typed) {
            Ok(list) => {
                let label = format!("Set {} of {of}", self.label.to_lowercase());
                let value = match list.is_empty() {
                    true => format::UNKNOWN.to_owned(),
                    false => value_text(&serde_json::json!(list)),
                };
                actions.push(Edit::set(path, value, label));
            }
            Err(why) => row::refuse(ui, id, why),
        }
    }

    /// `mean 27 %, most at 12`: the mean, and where the most of it is.
    fn words(&self) -> String {
        let most = self.list.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        let Some((at, _)) = most else { return FLAT.to_owned() };
        let mean = self.list.iter().sum::<f64>() / self.list.len() as f64;
        let at = if self.count == 24 { at } else { at + 1 };
        format!("mean {}, most at {at}", share(mean))
    }

    /// `0, 0.2, 1, ...`: a share for each; `flat` or nothing for the same at any time.
    fn parse(&self, text: &str) -> Result<Vec<f64>, String> {
        let text = text.trim().trim_start_matches('[').trim_end_matches(']').trim();
        if text.is_empty() || text.eq_ignore_ascii_case(FLAT) {
            return Ok(Vec::new());
        }
        let parts = text.split([',', ';', ' ', '\t', '\n']).filter(|p| !p.is_empty());
        let list: Result<Vec<f64>, String> =
            parts.map(|part| parse_number(part, "").map_err(|e| e.to_string())).collect();
        let list = list?;
        if list.len() != self.count {
            let (count, of) = (self.count, self.of);
            return Err(format!("{count} shares, one for each {of}, not {}", list.len()));
        }
        if list.iter().any(|p| !(0.0..=1.0).contains(p)) {
            return Err("shares from 0 to 1".to_owned());
        }
        if list.iter().all(|p| *p == 0.0) {
            return Err("nothing would ever be delivered".to_owned());
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_twelve_shares_or_flat_and_anything_else_says_what_is_wanted() {
        let months = Profile { field: "", label: "", count: 12, of: "month", list: &[0.0; 0] };
        assert_eq!(months.parse("flat"), Ok(vec![]));
        assert_eq!(months.parse(" "), Ok(vec![]));
        let typed = "0.4 0.5 0.6 0.8 0.9 1 1 0.9 0.8 0.6 0.5 0.4";
        assert_eq!(months.parse(typed).map(|l| (l.len(), l[5])), Ok((12, 1.0)));
        assert!(months.parse("1, 2").unwrap_err().contains("12 shares"));
        assert!(months.parse(&"2,".repeat(12)).unwrap_err().contains("0 to 1"));
        assert!(months.parse(&"0,".repeat(12)).is_err());
        assert!(months.parse("bright").is_err());
    }
}
