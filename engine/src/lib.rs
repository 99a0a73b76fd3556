//! Trutina's engine: facts in, one explained decision out. See `ARCHITECTURE.md`.

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
