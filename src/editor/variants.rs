//! Variants of the document: made, named, removed and switched, each as an entry of the one
//! history.

use super::EditError;
use crate::site::{Layout, Variant, variant_letter};

/// A change of the variants, or of which one is edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariantCommand {
    /// A copy of the variant that is edited, which is then the edited one.
    New {
        name: String,
    },
    Rename {
        id: String,
        name: String,
        notes: String,
    },
    Delete {
        id: String,
    },
    Switch {
        id: String,
    },
}

/// The layout after a command, the variant that is then edited, and the words that complete
/// "Undo ...".
///
/// # Errors
/// [`EditError`], where the command makes no sense for this layout.
pub fn apply(
    layout: &Layout,
    active: usize,
    command: &VariantCommand,
) -> Result<(Layout, usize, String), EditError> {
    let find = |id: &str| layout.find(id).ok_or_else(|| EditError::NoSuchVariant(id.to_owned()));
    match command {
        VariantCommand::New { name } => {
            let name = sensible(layout, name, None)?;
            let source = layout.variant(active);
            let id = layout.free_id(&name);
            let site = source.site.clone();
            let mut variants = layout.variants().to_vec();
            let label = format!("New variant {name}");
            let new = variants.len();
            variants.push(Variant { id, name, notes: String::new(), site });
            // What plain values cannot hold, a file could not tell as differences.
            if !source.site.is_plain() {
                return Err(EditError::NotFinite);
            }
            Ok((with(layout, variants)?, new, label))
        }
        VariantCommand::Rename { id, name, notes } => {
            let at = find(id)?;
            let name = sensible(layout, name, Some(at))?;
            let mut variants = layout.variants().to_vec();
            let label = match variants.get_mut(at) {
                Some(variant) => {
                    let old = std::mem::replace(&mut variant.name, name.clone());
                    variant.notes = notes.trim().to_owned();
                    if old == name {
                        format!("Edit the notes of variant {name}")
                    } else {
                        format!("Rename variant {old} to {name}")
                    }
                }
                None => return Err(EditError::NoSuchVariant(id.clone())),
            };
            Ok((with(layout, variants)?, active, label))
        }
        VariantCommand::Delete { id } => {
            let at = find(id)?;
            if layout.variants().len() == 1 {
                return Err(EditError::LastVariant);
            }
            let mut variants = layout.variants().to_vec();
            let label = format!("Delete variant {}", variants.remove(at).name);
            // The one before takes the place of the one that is gone.
            let active = if at <= active { active.saturating_sub(1) } else { active };
            Ok((with(layout, variants)?, active, label))
        }
        VariantCommand::Switch { id } => {
            let at = find(id)?;
            let name = &layout.variant(at).name;
            Ok((layout.clone(), at, format!("Switch to variant {}, {name}", variant_letter(at))))
        }
    }
}

fn with(layout: &Layout, variants: Vec<Variant>) -> Result<Layout, EditError> {
    layout.with_variants(variants).ok_or(EditError::LastVariant)
}

/// A name that is there and that no other variant has.
fn sensible(layout: &Layout, name: &str, own: Option<usize>) -> Result<String, EditError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(EditError::NamelessVariant);
    }
    let mut others = layout.variants().iter().enumerate().filter(|(i, _)| Some(*i) != own);
    if others.any(|(_, v)| v.name == name) {
        return Err(EditError::VariantNameTaken(name.to_owned()));
    }
    Ok(name.to_owned())
}
