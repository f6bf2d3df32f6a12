//! Lists whose copies share what neither has changed: a clone copies pointers, and a change
//! copies the few elements beside the one that it touches. It must not know what it holds.

use std::ops::{Index, IndexMut};
use std::sync::Arc;

/// So many elements share a pointer: few enough that copying them costs microseconds, enough
/// that the pointers of a large site are few.
const CHUNK: usize = 128;

/// Elements in order, in chunks that clones share.
#[derive(Clone)]
pub struct Shared<T> {
    /// None is empty; all may be shorter than [`CHUNK`], as removing does not fill them up.
    chunks: Vec<Arc<Vec<T>>>,
}

impl<T> Shared<T> {
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|c| c.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    pub fn iter(&self) -> Iter<'_, T> {
        Iter { front: [].iter(), chunks: self.chunks.iter(), back: [].iter(), left: self.len() }
    }

    pub fn first(&self) -> Option<&T> {
        self.chunks.first()?.first()
    }

    pub fn last(&self) -> Option<&T> {
        self.chunks.last()?.last()
    }

    pub fn get(&self, index: usize) -> Option<&T> {
        let (chunk, at) = self.locate(index)?;
        self.chunks.get(chunk)?.get(at)
    }

    /// The chunks with the index of their first element.
    pub(super) fn chunks(&self) -> impl Iterator<Item = (usize, &Arc<Vec<T>>)> {
        self.chunks.iter().scan(0, |next, chunk| {
            let start = *next;
            *next += chunk.len();
            Some((start, chunk))
        })
    }

    /// Calls `each` with the address of every shared part and its elements.
    pub fn parts(&self, mut each: impl FnMut(*const (), &[T])) {
        self.chunks.iter().for_each(|chunk| each(Arc::as_ptr(chunk).cast(), chunk));
    }

    /// Chunk of an element, and its index in there.
    fn locate(&self, index: usize) -> Option<(usize, usize)> {
        let mut starts = self.chunks().map(|(start, chunk)| (start, chunk.len())).enumerate();
        let (chunk, (start, _)) = starts.find(|(_, (start, len))| index < start + len)?;
        Some((chunk, index - start))
    }

    pub fn clear(&mut self) {
        self.chunks.clear();
    }
}

impl<T: Clone> Shared<T> {
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let (chunk, at) = self.locate(index)?;
        Arc::make_mut(self.chunks.get_mut(chunk)?).get_mut(at)
    }

    /// Every element to be changed. A chunk is copied when it is reached: to change few, use
    /// [`Shared::change`].
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.chunks.iter_mut().flat_map(|chunk| Arc::make_mut(chunk).iter_mut())
    }

    /// Changes the elements that are meant and copies none of the chunks without one.
    pub fn change(&mut self, meant: impl Fn(&T) -> bool, mut by: impl FnMut(&mut T)) {
        for chunk in self.chunks.iter_mut().filter(|chunk| chunk.iter().any(&meant)) {
            Arc::make_mut(chunk).iter_mut().filter(|e| meant(e)).for_each(&mut by);
        }
    }

    /// The first element that is meant, to be changed.
    pub fn find_mut(&mut self, meant: impl Fn(&T) -> bool) -> Option<&mut T> {
        let at = self.iter().position(meant)?;
        self.get_mut(at)
    }

    pub fn push(&mut self, element: T) {
        match self.chunks.last_mut().filter(|chunk| chunk.len() < CHUNK) {
            Some(last) => Arc::make_mut(last).push(element),
            None => self.chunks.push(Arc::new(vec![element])),
        }
    }

    /// Takes an element out; those behind it move up.
    ///
    /// # Panics
    /// Where there is no such index, as `Vec::remove`.
    pub fn remove(&mut self, index: usize) -> T {
        let (chunk, at) = self.locate(index).unwrap_or((self.chunks.len(), 0));
        let element = Arc::make_mut(&mut self.chunks[chunk]).remove(at);
        self.chunks.retain(|chunk| !chunk.is_empty());
        element
    }

    pub fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        for chunk in self.chunks.iter_mut().filter(|chunk| !chunk.iter().all(&keep)) {
            Arc::make_mut(chunk).retain(&keep);
        }
        self.chunks.retain(|chunk| !chunk.is_empty());
    }

    pub fn to_vec(&self) -> Vec<T> {
        self.iter().cloned().collect()
    }
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self { chunks: Vec::new() }
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// By element; what both share is not looked into.
impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.chunks, &other.chunks);
        if a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.len() == b.len()) {
            return a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b) || a == b);
        }
        self.len() == other.len() && self.iter().eq(other)
    }
}

impl<T> From<Vec<T>> for Shared<T> {
    fn from(elements: Vec<T>) -> Self {
        elements.into_iter().collect()
    }
}

impl<T> FromIterator<T> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        let mut elements = elements.into_iter();
        let chunks = std::iter::from_fn(|| {
            let chunk: Vec<T> = elements.by_ref().take(CHUNK).collect();
            (!chunk.is_empty()).then(|| Arc::new(chunk))
        });
        Self { chunks: chunks.collect() }
    }
}

impl<T: Clone> Extend<T> for Shared<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, elements: I) {
        elements.into_iter().for_each(|element| self.push(element));
    }
}

impl<T> Index<usize> for Shared<T> {
    type Output = T;

    /// # Panics
    /// Where there is no such index, as a slice does.
    fn index(&self, index: usize) -> &T {
        let (chunk, at) = self.locate(index).unwrap_or((self.chunks.len(), 0));
        &self.chunks[chunk][at]
    }
}

impl<T: Clone> IndexMut<usize> for Shared<T> {
    fn index_mut(&mut self, index: usize) -> &mut T {
        let (chunk, at) = self.locate(index).unwrap_or((self.chunks.len(), 0));
        &mut Arc::make_mut(&mut self.chunks[chunk])[at]
    }
}

impl<'a, T> IntoIterator for &'a Shared<T> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<'a, T: Clone> IntoIterator for &'a mut Shared<T> {
    type Item = &'a mut T;
    type IntoIter = Box<dyn Iterator<Item = &'a mut T> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter_mut())
    }
}

/// The elements of a [`Shared`] in order.
pub struct Iter<'a, T> {
    front: std::slice::Iter<'a, T>,
    chunks: std::slice::Iter<'a, Arc<Vec<T>>>,
    back: std::slice::Iter<'a, T>,
    left: usize,
}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Self {
            front: self.front.clone(),
            chunks: self.chunks.clone(),
            back: self.back.clone(),
            left: self.left,
        }
    }
}

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        loop {
            if let Some(element) = self.front.next() {
                self.left -= 1;
                return Some(element);
            }
            match self.chunks.next() {
                Some(chunk) => self.front = chunk.iter(),
                None => {
                    let last = self.back.next();
                    self.left -= usize::from(last.is_some());
                    return last;
                }
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T> DoubleEndedIterator for Iter<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(element) = self.back.next_back() {
                self.left -= 1;
                return Some(element);
            }
            match self.chunks.next_back() {
                Some(chunk) => self.back = chunk.iter(),
                None => {
                    let last = self.front.next_back();
                    self.left -= usize::from(last.is_some());
                    return last;
                }
            }
        }
    }
}

impl<T> ExactSizeIterator for Iter<'_, T> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(n: u32) -> Shared<u32> {
        (0..n).collect()
    }

    fn shared_chunks(a: &Shared<u32>, b: &Shared<u32>) -> usize {
        a.chunks.iter().zip(&b.chunks).filter(|(a, b)| Arc::ptr_eq(a, b)).count()
    }

    #[test]
    fn a_change_copies_one_chunk_and_leaves_the_clone_alone() {
        let before = numbers(1000);
        let mut after = before.clone();
        after[500] = 7;
        *after.find_mut(|n| *n == 501).expect("is there") = 8;
        after.change(|n| *n == 502, |n| *n = 9);
        assert_eq!(before.to_vec(), (0..1000).collect::<Vec<_>>());
        assert_eq!(after.iter().copied().skip(500).take(3).collect::<Vec<_>>(), [7, 8, 9]);
        assert_eq!(shared_chunks(&before, &after), before.chunks.len() - 1);
        assert_ne!(before, after);
    }

    #[test]
    fn a_list_does_as_a_vec_does() {
        let (mut list, mut vec) = (numbers(700), (0..700).collect::<Vec<_>>());
        let clone = list.clone();
        for i in [650, 0, 128, 127, 300] {
            assert_eq!(list.remove(i), vec.remove(i));
        }
        list.retain(|n| n % 3 != 0 && !(200..400).contains(n));
        vec.retain(|n| n % 3 != 0 && !(200..400).contains(n));
        list.extend(900..1200);
        vec.extend(900..1200);
        list.iter_mut().for_each(|n| *n *= 2);
        vec.iter_mut().for_each(|n| *n *= 2);
        assert_eq!(list.to_vec(), vec);
        assert_eq!(list.len(), vec.len());
        assert!(list.iter().rev().eq(vec.iter().rev()));
        assert_eq!(list.iter().len(), vec.len());
        assert_eq!((list.first(), list.last()), (vec.first(), vec.last()));
        assert!((0..=vec.len()).all(|i| list.get(i) == vec.get(i)));
        // However the chunks are cut, equal elements are equal lists.
        assert_eq!(list, Shared::from(vec));
        assert_eq!(clone, numbers(700));
        let mut ends = list.iter();
        let (front, back) = (ends.next(), ends.next_back());
        assert_eq!((front, back, ends.len()), (list.first(), list.last(), list.len() - 2));
    }

    #[test]
    fn retaining_all_copies_nothing() {
        let before = numbers(300);
        let mut after = before.clone();
        after.retain(|_| true);
        after.change(|_| false, |n| *n = 0);
        assert_eq!(shared_chunks(&before, &after), before.chunks.len());
    }
}
