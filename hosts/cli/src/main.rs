//! The `trutina` command: data on stdout, everything else on stderr.
//!
//! Exit status: 0 done (a decline is not a failure), 1 operational failure, 2 diagnostics with errors, 3 tests failed.

mod args;
mod batch;
mod check;
mod decide;
mod explain;
mod failure;
mod files;
mod inspect;
mod key;
mod new;
mod pack;
mod report;
mod table;
mod test;
mod version;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Verb};
use failure::{Failure, Status};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let format = arguments.format;
    let done = match arguments.verb {
        Verb::New(new) => new::run(&new),
        Verb::Check(check) => check::run(&check, format),
        Verb::Decide(decide) => decide::run(&decide, format),
        Verb::Batch(batch) => batch::run(&batch, format),
        Verb::Test(test) => test::run(&test, format),
        Verb::Explain(explain) => explain::run(&explain, format),
        Verb::Inspect(inspect) => inspect::run(&inspect, format),
        Verb::Pack(pack) => pack::run(&pack, format),
        Verb::Version => version::run(),
    };
    match done {
        Ok(status) => status.into(),
        // Who reads our output has enough of it (`| head`): nothing went wrong.
        Err(Failure::ReaderGone) => Status::Done.into(),
        Err(Failure::Told(status)) => status.into(),
        Err(Failure::Message { message, help }) => {
            report::failure(&message, help.as_deref());
            Status::Failed.into()
        }
    }
}
