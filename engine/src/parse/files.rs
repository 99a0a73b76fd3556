//! The files of a ruleset: found, measured, decoded.

use std::collections::BTreeMap;

use super::limits::{FILE_BYTES_MAX, FILES_MAX, RULESET_BYTES_MAX};
use super::sink::Sink;
use super::text::{Lines, explain_encoding, normalise};
use crate::diagnostic::codes::{NOT_UTF8, RULESET_TOO_LARGE};
use crate::diagnostic::{FileId, Sources, Span};

/// The files a ruleset is read from.
pub(super) struct Files<'a> {
    files: &'a BTreeMap<String, Vec<u8>>,
    sources: &'a mut Sources,
    loaded: Vec<&'a str>,
    bytes: usize,
}

impl<'a> Files<'a> {
    pub(super) fn new(files: &'a BTreeMap<String, Vec<u8>>, sources: &'a mut Sources) -> Self {
        Self { files, sources, loaded: Vec::new(), bytes: 0 }
    }

    pub(super) fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// All paths.
    pub(super) fn paths(&self) -> impl Iterator<Item = &'a str> {
        self.files.keys().map(String::as_str)
    }

    /// The paths that were asked for and exist: the files that decide.
    pub(super) fn loaded(&self) -> &[&'a str] {
        &self.loaded
    }

    /// A file's text, registered among the sources. `None` if there is none or it cannot be read, which is then reported.
    pub(super) fn load(&mut self, path: &str, sink: &mut Sink) -> Option<(FileId, String)> {
        let (path, bytes) = self.files.get_key_value(path)?;
        self.loaded.push(path);
        self.bytes = self.bytes.saturating_add(bytes.len());
        if let Some(message) = self.too_large(bytes.len()) {
            let file = self.sources.add(path.clone(), "");
            let help = "split it; a ruleset is not a database";
            sink.error_with(RULESET_TOO_LARGE, Span::at(file, 1, 1), message, help);
            return None;
        }
        match String::from_utf8(normalise(bytes).into_owned()) {
            Ok(text) => Some((self.sources.add(path.clone(), text.clone()), text)),
            Err(error) => {
                let sound = error.utf8_error().valid_up_to();
                let (message, help) = explain_encoding(error.as_bytes());
                let shown = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let file = self.sources.add(path.clone(), shown.clone());
                let (line, column) = Lines::new(&shown).position(sound);
                sink.error_with(NOT_UTF8, Span::at(file, line, column), message, help);
                None
            }
        }
    }

    fn too_large(&self, bytes: usize) -> Option<String> {
        if bytes > FILE_BYTES_MAX {
            return Some(format!("this file has {bytes} bytes, at most {FILE_BYTES_MAX} are read"));
        }
        if self.bytes > RULESET_BYTES_MAX {
            return Some(format!("the files of the ruleset have more than {RULESET_BYTES_MAX} bytes"));
        }
        (self.loaded.len() > FILES_MAX).then(|| format!("the ruleset has more than {FILES_MAX} files"))
    }
}
