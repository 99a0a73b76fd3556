//! Rulesets from disk.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use trutina_engine::diagnostic::Sources;
use trutina_engine::engine::{Engine, Loaded};
use trutina_engine::program::Program;
use trutina_engine::wire::bundle::{Bundle, BundleError, MAGIC, Trust, load_and_compare};
use trutina_script::Parser;

use crate::args::{Format, Source};
use crate::failure::{Failure, Status};
use crate::{key, report};

/// The files of a ruleset: path relative to it, with `/`, and content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What else may lie beside the artefacts that `ruleset.toml` names.
const NAMES: [&str; 4] = ["ruleset.toml", "rules.rhai", "reasons.csv", "README.md"];

/// How the names of artefacts end.
const ENDINGS: [&str; 5] = [".scorecard.csv", ".scale.csv", ".table.csv", ".matrix.csv", ".signals.csv"];

/// Bytes that are read of one file; the engine refuses what is larger than it takes.
const FILE_BYTES_MAX: u64 = 64 << 20;

/// Directories within one another.
const DEPTH_MAX: u32 = 8;

/// Reads the files of RULESET: a directory, or a single `.rhai` file.
pub fn read(ruleset: &Path) -> Result<Files, Failure> {
    let metadata = std::fs::metadata(ruleset).map_err(|error| Failure::file("read the ruleset", ruleset, &error))?;
    if metadata.is_dir() {
        return read_directory(ruleset);
    }
    match ruleset.extension().and_then(|extension| extension.to_str()) {
        Some("rhai") => {
            let name = ruleset.file_name().and_then(|name| name.to_str()).unwrap_or("rules.rhai");
            Ok(Files::from([(name.to_owned(), read_file(ruleset)?)]))
        }
        _ => Err(Failure::new(format!("`{}` is no ruleset", ruleset.display()))
            .with_help("give the directory that holds `ruleset.toml`, a bundle, or a single `.rhai` file")),
    }
}

fn read_directory(directory: &Path) -> Result<Files, Failure> {
    let mut files = Files::new();
    collect(directory, "", DEPTH_MAX, &mut files)?;
    if !files.contains_key("ruleset.toml") && !files.contains_key("rules.rhai") {
        return Err(Failure::new(format!(
            "`{}` is no ruleset: it has neither `ruleset.toml` nor `rules.rhai`",
            directory.display()
        ))
        .with_help("give the directory that holds `ruleset.toml`, or make one with `trutina new DIR`"));
    }
    Ok(files)
}

fn collect(directory: &Path, prefix: &str, depth: u32, files: &mut Files) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::file("read the directory", directory, &error);
    let mut entries = std::fs::read_dir(directory).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        let relative = format!("{prefix}{name}");
        let metadata = std::fs::metadata(&path).map_err(|error| Failure::file("read", &path, &error))?;
        if metadata.is_dir() {
            if depth > 0 {
                collect(&path, &format!("{relative}/"), depth.saturating_sub(1), files)?;
            }
        } else if metadata.is_file() && belongs(&relative, name) {
            files.insert(relative, read_file(&path)?);
        }
    }
    Ok(())
}

fn belongs(relative: &str, name: &str) -> bool {
    let is_case =
        relative.starts_with("cases/") && Path::new(name).extension().is_some_and(|extension| extension == "json");
    NAMES.contains(&relative) || is_case || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Reads a file of moderate size.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: std::io::Error| Failure::file("read", path, &error);
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > FILE_BYTES_MAX {
        return Err(Failure::new(format!("`{}` has more than {} MiB", path.display(), FILE_BYTES_MAX >> 20))
            .with_help("this is larger than any file of a ruleset; is it a portfolio?"));
    }
    Ok(bytes)
}

/// Reads facts from a file, or from stdin for `-`; a BOM is taken away.
pub fn read_facts(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        let failed = |error: std::io::Error| Failure::file("read facts from", &PathBuf::from("stdin"), &error);
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let failed = |error: std::io::Error| Failure::file("read the facts", path, &error);
        std::fs::File::open(path).map_err(failed)?.read_to_end(&mut bytes).map_err(failed)?;
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    Ok(bytes)
}

/// Loads a ruleset with the default limits: a directory, a bundle, or a single `.rhai` file.
pub fn load(source: &Source, format: Format) -> Result<(Files, Loaded), Failure> {
    let trust = key::trust(&source.trust)?;
    if is_bundle(&source.ruleset)? {
        let bytes = read_file(&source.ruleset)?;
        return match load_bundle(&bytes, &trust) {
            Ok(loaded) => Ok(loaded),
            Err(error) => {
                report::diagnostics(&[error.into_diagnostic()], &Sources::default(), format)?;
                report::note(&format!("`{}` is refused", source.display()));
                Err(Failure::Told(Status::Refused))
            }
        };
    }
    if !trust.is_empty() {
        return Err(Failure::new(format!("`{}` is no bundle, so `--trust` says nothing of it", source.display()))
            .with_help("leave `--trust` out, or give the bundle that `trutina pack` made"));
    }
    let files = read(&source.ruleset)?;
    let loaded = Engine::default().load(&files, &Parser);
    Ok((files, loaded))
}

fn load_bundle(bytes: &[u8], trust: &Trust) -> Result<(Files, Loaded), BundleError> {
    let bundle = Bundle::read(bytes)?;
    let loaded = load_and_compare(&Engine::default(), bytes, trust, &Parser)?;
    let mut files = bundle.sources();
    files.extend(bundle.evidence());
    Ok((files, loaded))
}

/// Whether a file is a bundle, by its name or by how it begins.
fn is_bundle(path: &Path) -> Result<bool, Failure> {
    if path.extension().is_some_and(|extension| extension == "trutina") {
        return Ok(!path.is_dir());
    }
    let failed = |error: std::io::Error| Failure::file("read the ruleset", path, &error);
    let mut head = Vec::new();
    if std::fs::metadata(path).map_err(failed)?.is_file() {
        let most = u64::try_from(MAGIC.len()).unwrap_or(u64::MAX);
        std::fs::File::open(path).map_err(failed)?.take(most).read_to_end(&mut head).map_err(failed)?;
    }
    Ok(head == MAGIC)
}

/// Loads a ruleset that is to decide. Its errors are reported; its warnings are the business of `check`.
pub fn load_program(source: &Source, format: Format) -> Result<(Program, Files, Loaded), Failure> {
    let (files, mut loaded) = load(source, format)?;
    match loaded.program.take() {
        Some(program) => Ok((program, files, loaded)),
        None => {
            report::diagnostics(&loaded.diagnostics, &loaded.sources, format)?;
            let tally = report::tally(&loaded.diagnostics);
            report::note(&format!("`{}` does not load: {tally}", source.display()));
            Err(Failure::Told(Status::Refused))
        }
    }
}
