//! Compiles checked rulesets made by hand and evaluates them: every kind of node, card, scale and table.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
#![allow(clippy::arithmetic_side_effects, reason = "tests")]

mod cards;
mod expressions;
mod flow;
mod kit;
mod records;
mod tables;
