//! Trutina's engine: facts in, one explained decision out. See `ARCHITECTURE.md`.
//!
//! Modules are compiled for size; `optimize(speed)` stands before what a decision spends its time in.
#![cfg_attr(trutina_wasm, feature(optimize_attribute))]

pub mod check;
pub mod compile;
pub mod decision;
pub mod diagnostic;
pub mod engine;
pub mod evaluate;
pub mod explain;
pub mod parse;
pub mod program;
pub mod record;
pub mod ruleset;
pub mod schema;
pub mod value;
pub mod wire;
