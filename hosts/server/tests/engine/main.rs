//! The engine's own modules in the sandbox, against the engine as it runs natively: the same bytes, or it is a defect.
//!
//! The modules are those that `cargo xtask wasm` built.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "tests stop at once, and say what they measured"
)]

mod baked;
mod decisions;
mod depth;
mod world;
