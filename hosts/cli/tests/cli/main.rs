//! The command from outside: exit status, stdout, stderr.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "tests"
)]

mod batch;
mod decide;
mod door;
mod load;
mod schemas;
mod support;
