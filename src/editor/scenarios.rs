//! Scenarios of the document: taken over, changed and removed, each as an entry of the history.

use crate::site::Scenario;

/// A change of the scenarios of the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScenarioCommand {
    /// These in place of all that there are.
    Keep(Vec<Scenario>),
    /// In place of the one with its id, else as a new one.
    Put(Scenario),
    /// The one with this id.
    Remove(String),
}

/// The scenarios after a command, and the words that complete "Undo ...".
pub(super) fn apply(own: &[Scenario], command: &ScenarioCommand) -> (Vec<Scenario>, String) {
    let mut list = own.to_vec();
    let label = match command {
        ScenarioCommand::Keep(kept) => {
            list.clone_from(kept);
            "Keep scenarios in the layout".to_owned()
        }
        ScenarioCommand::Put(scenario) => match list.iter_mut().find(|s| s.id == scenario.id) {
            Some(known) => {
                let label = format!("Change scenario {}", known.name);
                known.clone_from(scenario);
                label
            }
            None => {
                list.push(scenario.clone());
                format!("New scenario {}", scenario.name)
            }
        },
        ScenarioCommand::Remove(id) => {
            let name = list.iter().find(|s| s.id == *id).map_or(id.as_str(), |s| s.name.as_str());
            let label = format!("Remove scenario {name}");
            list.retain(|s| s.id != *id);
            label
        }
    };
    (list, label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(id: &str, name: &str) -> Scenario {
        Scenario { id: id.into(), name: name.into(), notes: String::new(), changes: Vec::new() }
    }

    #[test]
    fn a_scenario_is_added_changed_by_its_id_and_removed() {
        let (list, label) = apply(&[], &ScenarioCommand::Put(named("low", "Low")));
        assert_eq!((list.len(), label.as_str()), (1, "New scenario Low"));
        let (list, label) = apply(&list, &ScenarioCommand::Put(named("low", "Lower")));
        assert_eq!((list[0].name.as_str(), label.as_str()), ("Lower", "Change scenario Low"));
        let (list, label) = apply(&list, &ScenarioCommand::Remove("low".into()));
        assert_eq!((list.len(), label.as_str()), (0, "Remove scenario Lower"));
    }
}
