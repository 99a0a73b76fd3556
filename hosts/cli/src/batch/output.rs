//! Decisions to a file: written beside it under another name, and put in place when all is well.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A file that is being written.
pub struct Sink {
    writer: BufWriter<File>,
    target: PathBuf,
    /// Where it is written until it is complete; `None` for pipes and devices.
    draft: Option<PathBuf>,
}

impl Sink {
    /// Opens a file to be written.
    pub fn create(target: &Path) -> Result<Self, Failure> {
        let special = std::fs::metadata(target).is_ok_and(|metadata| !metadata.is_file());
        let draft = if special { None } else { Some(draft_of(target)?) };
        let path = draft.as_deref().unwrap_or(target);
        let file = File::create(path).map_err(|error| Failure::file("write", target, &error))?;
        Ok(Self { writer: BufWriter::with_capacity(1 << 18, file), target: target.to_owned(), draft })
    }

    /// Appends bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.writer.write_all(bytes).map_err(|error| Failure::file("write", &self.target, &error))
    }

    /// Puts the file in place.
    pub fn finish(mut self) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::file("write", &self.target, &error);
        self.writer.flush().map_err(failed)?;
        if let Some(draft) = self.draft.take() {
            std::fs::rename(&draft, &self.target).map_err(failed)?;
        }
        Ok(())
    }
}

impl Drop for Sink {
    /// An incomplete file is not left behind.
    fn drop(&mut self) {
        if let Some(draft) = &self.draft {
            let _ = std::fs::remove_file(draft); // it may never have been made
        }
    }
}

fn draft_of(target: &Path) -> Result<PathBuf, Failure> {
    let Some(name) = target.file_name() else {
        return Err(
            Failure::new(format!("`{}` is no name of a file", target.display())).with_help("name a file to write")
        );
    };
    let mut draft = std::ffi::OsString::from(".");
    draft.push(name);
    draft.push(format!(".{}.part", std::process::id()));
    Ok(target.with_file_name(draft))
}
