//! The project's own chores: `cargo xtask test`, `bench`, `sets`, `mutants`.

fn main() {}
