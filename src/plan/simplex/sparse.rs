//! Numbers of which most are zero.

/// A list of numbers that knows where they are not zero.
#[derive(Default)]
pub(super) struct Sparse {
    pub value: Vec<f64>,
    /// Where numbers are not zero, each place once; some may have become zero again.
    pub at: Vec<usize>,
    listed: Vec<bool>,
}

impl Sparse {
    /// Zeros, so many.
    pub fn clear(&mut self, count: usize) {
        if self.value.len() != count {
            self.value.clear();
            self.listed.clear();
            self.at.clear();
            self.value.resize(count, 0.0);
            self.listed.resize(count, false);
        }
        for at in self.at.drain(..) {
            self.value[at] = 0.0;
            self.listed[at] = false;
        }
    }

    pub fn add(&mut self, at: usize, by: f64) {
        if !self.listed[at] {
            self.listed[at] = true;
            self.at.push(at);
        }
        self.value[at] += by;
    }

    /// Lists what was put into `value` since it was cleared.
    pub fn list(&mut self) {
        for (at, value) in self.value.iter().enumerate() {
            if *value != 0.0 && !self.listed[at] {
                self.listed[at] = true;
                self.at.push(at);
            }
        }
    }

    /// Places and numbers.
    pub fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.at.iter().map(|at| (*at, self.value[*at]))
    }
}
