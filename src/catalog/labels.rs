//! Finding a model or a rack by what others call it: benchmark files, model
//! cards, serving software. It must not know those files.
//!
//! A label is compared with ids, names and aliases. Where nothing matches it is
//! peeled step by step, so that what says nothing about the size goes first.
//! A label that fits two records fits none.

use super::{Catalog, Model, Rack};

/// Words that begin a statement of number format; all that follows belongs to it.
const FORMATS: &[&str] = &[
    "fp4",
    "nvfp4",
    "mxfp4",
    "fp8",
    "mxfp8",
    "bf16",
    "fp16",
    "int4",
    "int8",
    "w4a16",
    "w4a8",
    "w4afp8",
    "w8a8",
    "w",
    "awq",
    "gptq",
    "gguf",
    "quantized",
];

/// Words of a release that leave the dimensions as they are.
const RELEASES: &[&str] = &["instruct", "it", "pt", "chat", "base", "hf", "thinking"];

const SEPARATORS: &[char] = &['-', '_', '.', ' '];

impl Catalog {
    /// The model that a label such as `nvidia/DeepSeek-R1-0528-NVFP4` names.
    pub fn model_by_label(&self, label: &str) -> Option<&Model> {
        peeled(label).iter().find_map(|candidate| {
            only(self.models.values().filter(|m| m.names().any(|n| key(n) == *candidate)))
        })
    }

    /// The rack that a label such as `b200_sxm` or `GB200 NVL72 (July 2026)` names.
    pub fn rack_by_label(&self, label: &str) -> Option<&Rack> {
        [key(label), key(&without_remarks(label))].iter().find_map(|candidate| {
            only(self.racks.values().filter(|r| r.names().any(|n| key(n) == *candidate)))
        })
    }
}

impl Model {
    /// Everything that it is found by.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.id, &self.name].into_iter().chain(&self.aliases).map(String::as_str)
    }
}

impl Rack {
    /// Everything that it is found by.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.id, &self.name, &self.short].into_iter().chain(&self.aliases).map(String::as_str)
    }
}

/// The one element, or nothing where there is none or more than one.
fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    found.next().filter(|_| found.next().is_none())
}

/// The form in which names are compared: lower case, separators only where they
/// keep two numbers apart (`llama-3.1-8b` is not `llama-31-8b`).
pub(super) fn key(name: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in name.trim().to_lowercase().chars() {
        if SEPARATORS.contains(&c) {
            gap = true;
            continue;
        }
        if gap && c.is_ascii_digit() && out.ends_with(|last: char| last.is_ascii_digit()) {
            out.push('-');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// The label and what is left of it, as keys, in the order in which they are tried.
fn peeled(label: &str) -> Vec<String> {
    let mut out = vec![key(label)];
    let text = without_remarks(label);
    out.push(key(&text));
    // `DeepSeek-R1 / V3` names models of one shape; the first stands for them.
    let text = text.split(" / ").next().unwrap_or(&text);
    out.push(key(text));
    let text = text.rsplit('/').next().unwrap_or(text);
    out.push(key(text));
    let mut words: Vec<&str> = text.split(SEPARATORS).filter(|w| !w.is_empty()).collect();
    let is = |list: &[&str], word: &str| list.contains(&word.to_lowercase().as_str());
    // A label that begins with a format names no model.
    if let Some(at) = words.iter().position(|word| is(FORMATS, word)).filter(|at| *at > 0) {
        words.truncate(at);
        out.push(key(&words.join("-")));
    }
    let is_release = |word: &&str| is(RELEASES, word) || is_date(word);
    while words.len() > 1 && words.last().is_some_and(is_release) {
        words.pop();
        out.push(key(&words.join("-")));
    }
    out.dedup();
    out
}

/// `0528`, `2507` or longer dates.
fn is_date(word: &str) -> bool {
    [4, 6, 8].contains(&word.len()) && word.chars().all(|c| c.is_ascii_digit())
}

/// The text without what stands in parentheses.
fn without_remarks(label: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in label.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_matter_only_between_two_numbers() {
        for same in ["Llama-3.1-8B", "llama_3_1_8b", "Llama 3.1 8B", "llama3.1-8b", " LLAMA3-1.8b"]
        {
            assert_eq!(key(same), "llama3-1-8b", "{same}");
        }
        assert_eq!(key("gpt-oss-120b"), key("gptoss120b"));
        assert_ne!(key("llama-3-18b"), key("llama-3.1-8b"));
        assert_ne!(key("llama-31-8b"), key("llama-3.1-8b"));
        assert_eq!(key(" -_. "), "");
    }

    #[test]
    fn a_label_is_peeled_from_the_outside() {
        let steps = peeled("nvidia/Qwen3-235B-A22B-Thinking-2507-NVFP4-v2 (text)");
        let tail: Vec<&str> = steps.iter().rev().take(3).rev().map(String::as_str).collect();
        let bare = "qwen3-235ba22b";
        assert_eq!(tail, [format!("{bare}thinking2507"), format!("{bare}thinking"), bare.into()]);
        assert_eq!(peeled("Llama-3.3-70B(3.1 arch)").last().unwrap(), "llama3-3-70b");
        assert_eq!(peeled("GLM-4.5 / 4.6 / 4.7").last().unwrap(), "glm4-5");
        // Nothing is left to peel: the words alone name no model.
        assert_eq!(peeled("fp8"), ["fp8"]);
        assert_eq!(peeled("Instruct-2507").last().unwrap(), "instruct");
        assert_eq!(peeled("((("), ["(((", ""]);
    }
}
