//! The `trutina` command.
fn main() {}
