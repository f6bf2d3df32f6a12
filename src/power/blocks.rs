//! Sparse LU of matrices of 2x2 blocks whose pattern is that of a network: the order of
//! elimination and the fill depend on who is joined with whom and are worked out once.
//!
//! Rows are eliminated in order of least degree and pivots stay on the diagonal, which suits
//! the equations of power flow: what a node does to itself outweighs what a neighbour does. A
//! pivot that is lost all the same is reported, and [`super::lu`] with its row exchanges
//! takes over.

use super::lu::Singular;

/// A 2x2 block by rows.
pub type Block = [f64; 4];

/// Share of its own greatest entry squared below which the determinant of a pivot is lost.
const LOST_PIVOT: f64 = 1e-11;

/// Factors of a matrix, its pattern and their memory.
pub struct BlockLu {
    /// Row that is eliminated at each step.
    order: Vec<usize>,
    /// Column that a step stands for, by row: the inverse of `order`.
    step: Vec<usize>,
    /// Steps of the entries below and above the diagonal of each step's row, ascending.
    lower: Pattern,
    upper: Pattern,
    l: Vec<Block>,
    u: Vec<Block>,
    /// Inverse of the pivot of each step.
    pivot: Vec<Block>,
    /// One row at work, by step; zero between two rows.
    work: Vec<Block>,
    /// Right-hand side by step.
    right: Vec<[f64; 2]>,
}

/// Entries of rows, one after the other.
#[derive(Default)]
struct Pattern {
    starts: Vec<usize>,
    at: Vec<usize>,
}

impl Pattern {
    fn of(rows: Vec<Vec<usize>>) -> Self {
        let mut pattern = Self { starts: vec![0], at: Vec::new() };
        for mut row in rows {
            row.sort_unstable();
            pattern.at.extend(row);
            pattern.starts.push(pattern.at.len());
        }
        pattern
    }

    fn row(&self, i: usize) -> std::ops::Range<usize> {
        self.starts[i]..self.starts[i + 1]
    }
}

/// A square matrix of blocks by rows: row `i` has the columns `columns[starts[i]..starts[i + 1]]`.
/// Its pattern is symmetric and has the diagonal.
pub struct BlockRows<'a> {
    pub starts: &'a [usize],
    pub columns: &'a [usize],
    pub values: &'a [Block],
}

impl BlockLu {
    /// Analyses a pattern given as the rows of [`BlockRows`].
    pub fn new(starts: &[usize], columns: &[usize]) -> Self {
        let n = starts.len().saturating_sub(1);
        let joined = (0..n).map(|i| {
            let row = columns[starts[i]..starts[i + 1]].iter().copied();
            row.filter(|&j| j != i).collect()
        });
        let (order, fill) = least_degree(joined.collect());
        let mut step = vec![0; n];
        order.iter().enumerate().for_each(|(at, &i)| step[i] = at);
        let mut lower = vec![Vec::new(); n];
        let mut upper = vec![Vec::new(); n];
        for (at, row) in fill.iter().enumerate() {
            for &j in row {
                upper[at].push(step[j]);
                lower[step[j]].push(at);
            }
        }
        let (lower, upper) = (Pattern::of(lower), Pattern::of(upper));
        let (l, u) = (vec![[0.0; 4]; lower.at.len()], vec![[0.0; 4]; upper.at.len()]);
        let (pivot, work, right) = (vec![[0.0; 4]; n], vec![[0.0; 4]; n], vec![[0.0; 2]; n]);
        Self { order, step, lower, upper, l, u, pivot, work, right }
    }

    /// Factorises values in the analysed pattern.
    ///
    /// # Errors
    /// A pivot on the diagonal is lost.
    pub fn factor(&mut self, matrix: &BlockRows) -> Result<(), Singular> {
        for at in 0..self.order.len() {
            let i = self.order[at];
            for e in matrix.starts[i]..matrix.starts[i + 1] {
                self.work[self.step[matrix.columns[e]]] = matrix.values[e];
            }
            for e in self.lower.row(at) {
                let from = self.lower.at[e];
                let share = times(&self.work[from], &self.pivot[from]);
                self.work[from] = [0.0; 4];
                self.l[e] = share;
                for e in self.upper.row(from) {
                    subtract(&mut self.work[self.upper.at[e]], &share, &self.u[e]);
                }
            }
            for e in self.upper.row(at) {
                self.u[e] = std::mem::take(&mut self.work[self.upper.at[e]]);
            }
            let own = std::mem::take(&mut self.work[at]);
            let Some(inverse) = inverse(&own) else {
                self.work.fill([0.0; 4]);
                return Err(Singular);
            };
            self.pivot[at] = inverse;
        }
        Ok(())
    }

    /// Solves with the last factors; `b` becomes the solution.
    ///
    /// # Errors
    /// The solution is not finite.
    pub fn solve(&mut self, b: &mut [[f64; 2]]) -> Result<(), Singular> {
        for at in 0..self.order.len() {
            let mut x = b[self.order[at]];
            for e in self.lower.row(at) {
                less(&mut x, &self.l[e], &self.right[self.lower.at[e]]);
            }
            self.right[at] = x;
        }
        for at in (0..self.order.len()).rev() {
            let mut x = self.right[at];
            for e in self.upper.row(at) {
                less(&mut x, &self.u[e], &self.right[self.upper.at[e]]);
            }
            let p = &self.pivot[at];
            let x = [p[0] * x[0] + p[1] * x[1], p[2] * x[0] + p[3] * x[1]];
            if !(x[0].is_finite() && x[1].is_finite()) {
                return Err(Singular);
            }
            self.right[at] = x;
            b[self.order[at]] = x;
        }
        Ok(())
    }
}

fn times(a: &Block, b: &Block) -> Block {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
    ]
}

fn subtract(from: &mut Block, a: &Block, b: &Block) {
    let product = times(a, b);
    from.iter_mut().zip(product).for_each(|(x, p)| *x -= p);
}

fn less(from: &mut [f64; 2], a: &Block, x: &[f64; 2]) {
    from[0] -= a[0] * x[0] + a[1] * x[1];
    from[1] -= a[2] * x[0] + a[3] * x[1];
}

fn inverse(a: &Block) -> Option<Block> {
    let determinant = a[0] * a[3] - a[1] * a[2];
    let greatest = a.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    // The negation also catches what is not a number.
    if !(determinant.abs() > LOST_PIVOT * greatest * greatest && greatest.is_finite()) {
        return None;
    }
    Some([a[3] / determinant, -a[1] / determinant, -a[2] / determinant, a[0] / determinant])
}

/// Order in which every next row joins the fewest others, and what it joins then. The pattern
/// is symmetric, without diagonal. Ties go to the row that came to its degree last, which
/// depends on the pattern alone.
fn least_degree(mut joined: Vec<Vec<usize>>) -> (Vec<usize>, Vec<Vec<usize>>) {
    let n = joined.len();
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); n.max(1)];
    for i in (0..n).rev() {
        waiting[joined[i].len()].push(i);
    }
    let (mut order, mut fill) = (Vec::with_capacity(n), vec![Vec::new(); n]);
    let mut gone = vec![false; n];
    let mut mark = vec![usize::MAX; n];
    let mut degree = 0;
    while order.len() < n {
        let Some(i) = waiting[degree].pop() else {
            degree += 1;
            continue;
        };
        // Entries of an older degree are left behind.
        if gone[i] || joined[i].len() != degree {
            continue;
        }
        gone[i] = true;
        let row = std::mem::take(&mut joined[i]);
        for &a in &row {
            let own = &mut joined[a];
            own.retain(|&j| j != i);
            own.iter().for_each(|&j| mark[j] = a);
            mark[a] = a;
            own.extend(row.iter().filter(|&&j| mark[j] != a));
            // A mark of this row must not answer for the same row at a later step.
            own.iter().for_each(|&j| mark[j] = usize::MAX);
            mark[a] = usize::MAX;
            waiting[own.len()].push(a);
            degree = degree.min(own.len());
        }
        fill[order.len()] = row;
        order.push(i);
    }
    (order, fill)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A symmetric pattern with a heavy diagonal.
    fn matrix(n: usize, pairs: &[(usize, usize)], seed: &[f64]) -> Vec<Vec<(usize, Block)>> {
        let mut rows: Vec<Vec<(usize, Block)>> =
            (0..n).map(|i| vec![(i, [9.0, 1.0, -2.0, 8.0])]).collect();
        for (k, &(a, b)) in pairs.iter().enumerate() {
            let (a, b) = (a % n, b % n);
            if a == b || rows[a].iter().any(|(j, _)| *j == b) {
                continue;
            }
            let s = seed[k % seed.len()];
            rows[a].push((b, [s, -s, 0.5, s]));
            rows[b].push((a, [-s, 0.3, s, s]));
        }
        rows
    }

    proptest! {
        #[test]
        fn solution_satisfies_the_equations(
            n in 1_usize..30,
            pairs in proptest::collection::vec((0_usize..30, 0_usize..30), 0..60),
            seed in proptest::collection::vec(-1.0..1.0, 7),
        ) {
            let rows = matrix(n, &pairs, &seed);
            let (mut starts, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
            for row in &rows {
                columns.extend(row.iter().map(|(j, _)| *j));
                values.extend(row.iter().map(|(_, b)| *b));
                starts.push(columns.len());
            }
            let mut lu = BlockLu::new(&starts, &columns);
            let b: Vec<[f64; 2]> = (0..n).map(|i| [i as f64 - 3.0, 1.0 / (i as f64 + 1.0)]).collect();
            // Twice: nothing of the first factors may stay.
            for _ in 0..2 {
                let matrix = BlockRows { starts: &starts, columns: &columns, values: &values };
                prop_assume!(lu.factor(&matrix).is_ok());
                let mut x = b.clone();
                lu.solve(&mut x).unwrap();
                for (i, row) in rows.iter().enumerate() {
                    let mut left = b[i];
                    row.iter().for_each(|(j, a)| less(&mut left, a, &x[*j]));
                    prop_assert!(left[0].abs() < 1e-9 && left[1].abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn lost_pivot_is_reported_and_leaves_the_next_factors_alone() {
        let (starts, columns) = (vec![0, 2, 4], vec![0, 1, 0, 1]);
        let mut lu = BlockLu::new(&starts, &columns);
        let unit = [1.0, 0.0, 0.0, 1.0];
        let same = [unit; 4];
        let matrix = BlockRows { starts: &starts, columns: &columns, values: &same };
        assert_eq!(lu.factor(&matrix), Err(Singular));
        let values = [unit, [0.0; 4], [0.0; 4], [2.0, 0.0, 0.0, 4.0]];
        lu.factor(&BlockRows { starts: &starts, columns: &columns, values: &values }).unwrap();
        let mut x = vec![[3.0, 5.0], [1.0, 1.0]];
        lu.solve(&mut x).unwrap();
        assert_eq!(x, [[3.0, 5.0], [0.5, 0.25]]);
    }

    #[test]
    fn tree_has_no_fill() {
        // A star of arms, as feeders are.
        let mut joined = vec![Vec::new(); 31];
        for i in 1..31 {
            let parent = if i % 3 == 1 { 0 } else { i - 1 };
            joined[i].push(parent);
            joined[parent].push(i);
        }
        let (order, fill) = least_degree(joined);
        assert_eq!(order.len(), 31);
        assert_eq!(fill.iter().map(Vec::len).sum::<usize>(), 30);
    }
}
