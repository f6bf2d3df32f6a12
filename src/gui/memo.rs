//! Things that panels work out of site and answer, kept until either is another one: a frame
//! of a large site then costs what is in view. It must not know what is kept.

use super::context::Context;
use crate::site::Site;
use std::rc::Rc;

/// One value with what it was made of.
pub struct Memo<K, V> {
    kept: Option<Kept<K, V>>,
}

struct Kept<K, V> {
    /// Holds on to the parts, so that no other site can have the same.
    site: Site,
    answer: u64,
    key: K,
    value: Rc<V>,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self { kept: None }
    }
}

impl<K: PartialEq, V> Memo<K, V> {
    /// The value for site, answer and what else it depends on.
    pub fn get(&mut self, cx: &Context<'_>, key: K, make: impl FnOnce() -> V) -> Rc<V> {
        let answer = cx.answer_key();
        if let Some(kept) = &self.kept
            && kept.answer == answer
            && kept.key == key
            && kept.site.is_same(cx.site)
        {
            return Rc::clone(&kept.value);
        }
        let value = Rc::new(make());
        let site = cx.site.clone();
        self.kept = Some(Kept { site, answer, key, value: Rc::clone(&value) });
        value
    }
}
