//! The door: bytes to nouns and back. Defaults, limits and error envelopes live here and nowhere else.

pub mod canonical;
pub mod facts;
pub mod input;
pub mod json;
pub mod trace;
