//! Development verbs: `cargo xtask wasm` and friends.
fn main() {}
