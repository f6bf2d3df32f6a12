//! Lookups by short names: a picture asks for thousands in each frame, and nobody from outside
//! chooses names to make them meet. It must not know what is named.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Values by name.
pub type ByName<T> = HashMap<String, T, BuildHasherDefault<Words>>;

/// Takes eight bytes at a time; the last step spreads them over all bits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words(u64);

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for Words {
    fn finish(&self) -> u64 {
        let mixed = (self.0 ^ (self.0 >> 32)).wrapping_mul(ODD);
        mixed ^ (mixed >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte));
            self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(ODD);
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.0 = (self.0.rotate_left(23) ^ u64::from(byte)).wrapping_mul(ODD);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::hash::Hash;

    /// What a table looks at: the lowest bits choose the place, the highest the tag.
    fn buckets(names: &[String], bits: impl Fn(u64) -> u64) -> usize {
        let of = |name: &String| {
            let mut words = Words::default();
            name.hash(&mut words);
            bits(words.finish())
        };
        names.iter().map(of).collect::<BTreeSet<u64>>().len()
    }

    #[test]
    fn names_that_differ_by_a_digit_are_spread() {
        let names: Vec<String> = (0..64)
            .flat_map(|campus| (0..64).map(move |unit| format!("c{campus}-h8-u{unit}")))
            .collect();
        // As many names as places: at random 63 of 100 places are taken, 1 - 1/e.
        let low = buckets(&names, |hash| hash & 4095);
        let high = buckets(&names, |hash| hash >> 52);
        assert!((2300..2900).contains(&low) && (2300..2900).contains(&high), "{low}, {high}");
        assert_eq!(buckets(&names, |hash| hash), names.len());
    }
}
