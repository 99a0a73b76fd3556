//! Trutina's engine: facts in, one explained decision out. See `ARCHITECTURE.md`.

pub mod decision;
pub mod diagnostic;
pub mod record;
pub mod ruleset;
pub mod schema;
pub mod value;
pub mod wire;
