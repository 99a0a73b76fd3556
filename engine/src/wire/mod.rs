//! The door: bytes to nouns and back. Defaults, limits and error envelopes live here and nowhere else.

pub mod bundle;
pub mod call;
pub mod canonical;
pub mod changes;
mod columns;
pub mod describe;
pub mod diagnostics;
pub mod facts;
pub mod input;
pub mod json;
mod scan;
pub mod trace;
pub mod typed;
pub mod words;
