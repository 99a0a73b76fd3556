//! `trutina version`

use std::io::Write as _;

use trutina_engine::wire::call::WIRE_VERSION;
use trutina_engine::wire::canonical::ENGINE_VERSION;

use crate::failure::{Failure, Status};

/// The version of the ruleset language that this program reads.
const LANGUAGE: i64 = trutina_engine::engine::LANGUAGE;

/// Prints the versions, one a line.
pub fn run() -> Result<Status, Failure> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "trutina {ENGINE_VERSION}\nlanguage {LANGUAGE}\nwire {WIRE_VERSION}")?;
    Ok(Status::Done)
}
