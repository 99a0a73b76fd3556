//! Trutina's engine: facts in, one explained decision out. See `ARCHITECTURE.md`.

pub mod decision;
pub mod diagnostic;
pub mod parse;
pub mod record;
pub mod ruleset;
pub mod schema;
pub mod value;
pub mod wire;
