//! Shared harness of the tests: corpus runner, generators, reference evaluator, seeded faults.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a harness that meets what it does not expect must stop at once and say so; nothing here reaches a host"
)]

pub mod generate;
pub mod harness;
pub mod reference;
