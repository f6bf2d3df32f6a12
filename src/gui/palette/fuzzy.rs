//! Finding what was meant from a few letters. Every word typed must be found;
//! the start of a word counts most, letters in order least.

use std::ops::Range;

/// How well a text fits, and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Match {
    pub score: i32,
    /// Bytes of the text that were found, in order, apart from each other.
    pub found: Vec<Range<usize>>,
}

const WHOLE_WORD: i32 = 120;
const START_OF_WORD: i32 = 100;
const WITHIN: i32 = 50;
const HIDDEN: i32 = 40;
const SCATTERED: i32 = 20;

/// Lower case with every byte in its place.
pub fn folded(text: &str) -> String {
    text.to_ascii_lowercase()
}

/// A query as words; commas in numbers stay.
pub fn words(query: &str) -> Vec<String> {
    folded(query).split_whitespace().map(str::to_owned).collect()
}

/// How well `text` (folded) fits the words; `hidden` (folded) is searched where
/// the text has a word not. `None` where a word is in neither.
pub fn find(words: &[String], text: &str, hidden: &str) -> Option<Match> {
    let mut total = Match::default();
    for word in words {
        let (score, mut found) = in_text(word, text)
            .or_else(|| {
                let (score, _) = in_text(word, hidden).filter(|(score, _)| *score > SCATTERED)?;
                Some((score.min(HIDDEN), Vec::new()))
            })
            .or_else(|| scattered(word, text))?;
        total.score += score;
        total.found.append(&mut found);
    }
    // What begins as the query does, and what is short, is meant rather.
    if let Some(first) = words.first()
        && text.starts_with(first.as_str())
    {
        total.score += 15;
    }
    total.score -= (text.len() / 8).min(12) as i32;
    total.found = merged(total.found);
    Some(total)
}

fn in_text(word: &str, text: &str) -> Option<(i32, Vec<Range<usize>>)> {
    let letter = |at: Option<char>| at.is_some_and(char::is_alphanumeric);
    text.match_indices(word)
        .map(|(at, _)| {
            let end = at + word.len();
            let starts = !letter(text.get(..at).and_then(|t| t.chars().next_back()));
            let ends = !letter(text.get(end..).and_then(|t| t.chars().next()));
            let score = match (starts, ends) {
                (true, true) => WHOLE_WORD,
                (true, false) => START_OF_WORD,
                _ => WITHIN,
            };
            (score, at..end)
        })
        .max_by_key(|(score, range)| (*score, std::cmp::Reverse(range.start)))
        .map(|(score, range)| (score, vec![range]))
}

/// The letters in order, each at the start of a word or right behind the last:
/// "gc" finds "Grid contract", "subb" finds "Substation B".
fn scattered(word: &str, text: &str) -> Option<(i32, Vec<Range<usize>>)> {
    if word.chars().count() < 2 || word.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let places: Vec<(usize, char)> = text.char_indices().collect();
    let starts = |i: usize| i == 0 || !places.get(i - 1).is_some_and(|(_, c)| c.is_alphanumeric());
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut next = 0;
    let mut last: Option<usize> = None;
    for letter in word.chars() {
        let beside = last.filter(|l| places.get(l + 1).is_some_and(|(_, c)| *c == letter));
        let at = match beside {
            Some(l) => l + 1,
            None => (next..places.len())
                .find(|i| starts(*i) && places.get(*i).is_some_and(|(_, c)| *c == letter))?,
        };
        let (byte, c) = *places.get(at)?;
        found.push(byte..byte + c.len_utf8());
        last = Some(at);
        next = at + 1;
    }
    Some((SCATTERED, found))
}

/// In order, without overlaps.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|r| r.start);
    let mut out: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(query: &str, text: &str) -> Option<i32> {
        find(&words(query), &folded(text), "").map(|m| m.score)
    }

    #[test]
    fn every_word_must_be_found_and_starts_of_words_count_more() {
        assert!(score("substation b", "Substation B, 500.9 MW").is_some());
        assert_eq!(score("substation c", "Substation B, 500.9 MW"), None);
        assert!(score("con", "Grid contract") > score("tra", "Grid contract"));
        assert!(score("hall 8", "Hall 8") > score("hall 8", "Hall 88"));
    }

    #[test]
    fn initials_find_what_they_stand_for() {
        assert!(score("gc", "Grid contract").is_some());
        assert!(score("subb", "Substation B").is_some());
        assert_eq!(score("gx", "Grid contract"), None);
        assert!(score("grid", "Grid contract") > score("gc", "Grid contract"));
    }

    #[test]
    fn the_places_are_those_of_the_words() {
        let found = find(&words("b sub"), &folded("Substation B"), "").expect("a match").found;
        assert_eq!(found, [0..3, 11..12]);
        let overlapping = find(&words("sub subs"), &folded("Substation B"), "").expect("a match");
        assert_eq!(overlapping.found, vec![0..4; 1]);
    }

    #[test]
    fn hidden_words_find_without_a_place() {
        let found = find(&words("earn"), "revenue", "what does it earn").expect("a match");
        assert!(found.found.is_empty());
    }

    #[test]
    fn letters_beyond_ascii_do_not_break_the_places() {
        let text = folded("Élan · Größe 5 °C");
        let found = find(&words("größe"), &text, "").expect("a match");
        assert_eq!(&text[found.found[0].clone()], "größe");
    }
}
