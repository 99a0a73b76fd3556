//! The command from outside: exit status, stdout, stderr.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic, reason = "tests")]

mod batch;
mod decide;
mod depend;
mod door;
mod load;
mod pack;
mod schemas;
mod support;
