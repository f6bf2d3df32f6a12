//! Running text broken into lines. It must not know where they stand.

use crate::scene::shape::Measure;
use crate::scene::tokens::TextRole;

/// A text in lines of a width, broken at spaces; a word that is too long is broken anywhere.
pub(super) fn wrap(text: &str, width: f64, role: TextRole, measure: &mut Measure) -> Vec<String> {
    // A space between two letters: spaces at the ends of a text have no width.
    let space = measure("n n", role).0 - measure("nn", role).0;
    let mut out: Vec<(String, f64)> = Vec::new();
    for word in text.split_whitespace() {
        for (n, piece) in pieces(word, width, role, measure).into_iter().enumerate() {
            let wide = measure(&piece, role).0;
            match out.last_mut() {
                Some((line, at)) if n == 0 && *at + space + wide <= width => {
                    line.push(' ');
                    line.push_str(&piece);
                    *at += space + wide;
                }
                _ => out.push((piece, wide)),
            }
        }
    }
    if out.is_empty() {
        return vec![String::new()];
    }
    out.into_iter().map(|(line, _)| line).collect()
}

/// A word cut into pieces that fit.
fn pieces(word: &str, width: f64, role: TextRole, measure: &mut Measure) -> Vec<String> {
    if measure(word, role).0 <= width {
        return vec![word.to_owned()];
    }
    let mut out = vec![String::new()];
    for letter in word.chars() {
        let longer = out.last().map(|p| format!("{p}{letter}")).unwrap_or_default();
        if measure(&longer, role).0 <= width || longer.chars().count() == 1 {
            out.pop();
            out.push(longer);
        } else {
            out.push(letter.to_string());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::rough_size;

    #[test]
    fn lines_fit_and_lose_no_word() {
        let text = "Net present value is discounted to the first day of the model \
                    a-very-long-word-that-does-not-fit-in-one-line-of-this-width-at-all";
        let lines = wrap(text, 120.0, TextRole::Body, &mut rough_size);
        assert!(lines.len() > 3);
        for line in &lines {
            assert!(rough_size(line, TextRole::Body).0 <= 120.0 + 1e-9, "{line}");
        }
        let joined: String = lines.concat().replace(' ', "");
        assert_eq!(joined, text.split_whitespace().collect::<String>());
    }
}
