//! Solvers against each other, published optima and hand-made cases.
