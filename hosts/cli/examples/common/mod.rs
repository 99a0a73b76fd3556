//! What the samples share: a ruleset from its folder.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use trutina_engine::engine::{Engine, Loaded};
use trutina_engine::program::Program;
use trutina_script::Parser;

/// Any error; a sample stops at the first.
pub type Failure = Box<dyn Error>;

/// A path from the root of the repository.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(relative)
}

/// The files of a ruleset by name. The engine looks at `ruleset.toml` and at what it names.
pub fn files(ruleset: &str) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(path(ruleset))? {
        let path = entry?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name().and_then(|name| name.to_str())) {
            files.insert(name.to_owned(), fs::read(&path)?);
        }
    }
    Ok(files)
}

/// Loads a ruleset: once per process, however many decisions follow.
pub fn load(ruleset: &str) -> Result<Program, Failure> {
    let loaded = Engine::default().load(&files(ruleset)?, &Parser);
    match first_error(&loaded) {
        Some(error) => Err(format!("{ruleset} does not load: {error}").into()),
        None => loaded.program.ok_or_else(|| format!("{ruleset} does not load").into()),
    }
}

/// `T2102 rules.rhai:15:35`
pub fn first_error(loaded: &Loaded) -> Option<String> {
    let error = loaded.diagnostics.iter().find(|found| found.is_error())?;
    let span = error.span.unwrap_or_default();
    Some(format!("{} {}:{}:{}", error.code, loaded.sources.path(span.file), span.line, span.column))
}
