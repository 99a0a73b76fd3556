//! `trutina check`

use crate::args::{Check, Deny, Format};
use crate::failure::{Failure, Status};
use crate::{files, report};

/// Loads a ruleset and reports everything found in it.
pub fn run(check: &Check, format: Format) -> Result<Status, Failure> {
    let (_, loaded) = files::load(&check.ruleset, format)?;
    report::diagnostics(&loaded.diagnostics, &loaded.sources, format)?;
    let refused = loaded.program.is_none() || (check.deny == Some(Deny::Warnings) && loaded.has_warnings());
    let tally = report::tally(&loaded.diagnostics);
    report::note(&match (&loaded.program, refused) {
        (Some(program), false) => {
            let identity = &program.identity;
            format!("{} {} loads: {tally}\n{}", identity.id, identity.version, identity.digest)
        }
        (Some(program), true) => {
            format!("{} {} loads, but is refused: {tally}", program.identity.id, program.identity.version)
        }
        (None, _) => format!("`{}` does not load: {tally}", check.ruleset.display()),
    });
    Ok(if refused { Status::Refused } else { Status::Done })
}
