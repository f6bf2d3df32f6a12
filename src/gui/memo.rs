//! Things that panels work out of site and answer, kept until either is another one: a frame
//! of a large site then costs what is in view. It must not know what is kept.

use super::context::Context;
use crate::site::Site;
use std::rc::Rc;
use std::sync::Arc;

/// A shared part as a key: the same where it is the very same.
pub struct Shared<T>(pub Arc<T>);

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// One value with what it was made of.
pub struct Memo<K, V> {
    kept: Option<Kept<K, V>>,
}

struct Kept<K, V> {
    /// Holds on to the parts, so that no other site can have the same; `None` where the value
    /// is of the answer alone.
    site: Option<Site>,
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
        self.kept(cx, Some(cx.site), key, make)
    }

    /// The value for the answer and what else it depends on, whatever the site.
    pub fn of_answer(&mut self, cx: &Context<'_>, key: K, make: impl FnOnce() -> V) -> Rc<V> {
        self.kept(cx, None, key, make)
    }

    fn kept(
        &mut self,
        cx: &Context<'_>,
        site: Option<&Site>,
        key: K,
        make: impl FnOnce() -> V,
    ) -> Rc<V> {
        let answer = cx.answer_key();
        let same_site = |kept: &Kept<K, V>| match (&kept.site, site) {
            (Some(old), Some(now)) => old.is_same(now),
            (old, now) => old.is_none() && now.is_none(),
        };
        if let Some(kept) = &self.kept
            && kept.answer == answer
            && kept.key == key
            && same_site(kept)
        {
            return Rc::clone(&kept.value);
        }
        let value = Rc::new(make());
        let site = site.cloned();
        self.kept = Some(Kept { site, answer, key, value: Rc::clone(&value) });
        value
    }
}
