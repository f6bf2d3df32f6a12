//! The first letter of a name within a sentence and at its start.

/// `Grid contract` in the middle of a sentence; abbreviations and designations keep their
/// capitals: `IT power`, `H1`.
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() && !second.is_ascii_digit() => {
            first.to_lowercase().collect::<String>() + letters.as_str()
        }
        _ => text.to_owned(),
    }
}

/// `grid contract` at the start of a sentence.
pub fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_abbreviations_in_a_sentence() {
        for (text, within) in [
            ("IT power", "IT power"),
            ("Grid contract", "grid contract"),
            ("T-B1", "t-B1"),
            ("H1", "H1"),
            ("A path", "a path"),
            ("", ""),
        ] {
            assert_eq!(lower_first(text), within);
        }
    }

    #[test]
    fn sentences_start_with_a_capital() {
        for (text, first) in [("grid contract", "Grid contract"), ("é", "É"), ("", "")] {
            assert_eq!(upper_first(text), first);
        }
    }
}
