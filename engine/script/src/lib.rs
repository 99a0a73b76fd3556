//! Strict Rhai: from source text to the script noun of the engine.
//!
//! This is the only room that knows Rhai. [`Parser`] reads a script with Rhai's own parser, executes nothing, and hands
//! the engine a [`Script`](trutina_engine::ruleset::script::Script) in which every node has its place. What is not in
//! the language is refused here, by code, with a fix; names and types are judged by the engine's `check`.
//!
//! # How the tree is read
//!
//! Rhai's public syntax tree has no bodies of functions and closures, and what it has of `switch` and of literals is
//! lossy. So a script is read in three steps:
//!
//! 1. `tokens`: Rhai's own lexer cuts the text into tokens with their places; what only tokens show is checked there.
//! 2. Rhai's parser reads the text as it stands. Its verdict is final: what it refuses is refused.
//! 3. `flatten`: the same tokens are written out again, one to a line, a `fn name(a) { body }` as `{ body }` and a
//!    closure `|a| body` as `{ body }`, and Rhai's parser reads that. Now every body is an ordinary block in the tree,
//!    and the line of a node is the index of its token, whose place in the source is known.
//!
//! A body is parsed by the same rule of Rhai's grammar, from the same first token, in both forms, so both readings
//! agree; `convert` still refuses a closure whose block does not hold exactly one statement.

#[cfg(feature = "oracle")]
pub mod oracle;
mod parser;

pub use parser::Parser;
