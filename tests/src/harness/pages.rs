//! The pages of the diagnostic codes: the files of their examples.

use std::fs;
use std::path::{Path, PathBuf};

use super::Files;

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn base() -> Files {
    fs::read_dir(root().join("tests/data/pages/base"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect()
}

/// A section of a page.
pub fn section<'p>(page: &'p str, name: &str) -> Option<&'p str> {
    page.split_once(&format!("\n## {name}\n"))?.1.split("\n## ").next()
}

/// The files of an example: those of the base, under what is given, under the section's own.
pub fn overlay(page: &str, name: &str) -> Files {
    let mut files = base();
    lay(section(page, "Given").unwrap_or_default(), &mut files);
    lay(section(page, name).unwrap_or_else(|| panic!("no section {name}")), &mut files);
    files
}

/// Lays the fenced blocks of a section over the files.
fn lay(section: &str, files: &mut Files) {
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let mut block = String::new();
        for line in lines.by_ref().take_while(|line| *line != "```") {
            block.push_str(line);
            block.push('\n');
        }
        let words: Vec<&str> = info.split_whitespace().collect();
        match words.as_slice() {
            [_, "repeat.txt"] => repeat(files, &block),
            ["hex", name] => drop(files.insert((*name).to_owned(), hex(&block))),
            [_, name] => drop(files.insert((*name).to_owned(), block.into_bytes())),
            [_, name, "append"] => files.entry((*name).to_owned()).or_default().extend(block.into_bytes()),
            _ => panic!("`{info}` names no file"),
        }
    }
}

/// Lines of `file count text`.
fn repeat(files: &mut Files, block: &str) {
    for line in block.lines() {
        let mut parts = line.splitn(3, ' ');
        let (file, count, text) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let text = text.replace("\\n", "\n").repeat(count.parse().unwrap());
        files.entry(file.to_owned()).or_default().extend(text.bytes());
    }
}

fn hex(block: &str) -> Vec<u8> {
    block.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

/// Every page by its code, in order of code.
pub fn pages() -> Vec<(String, String)> {
    let entries = fs::read_dir(root().join("engine/errors")).unwrap().map(|entry| entry.unwrap().path());
    let stem = |path: &PathBuf| path.file_stem().and_then(|stem| stem.to_str()).unwrap().to_owned();
    let mut pages: Vec<(String, String)> = entries
        .filter(|path| stem(path).len() == 5 && stem(path).starts_with('T'))
        .map(|path| (stem(&path), fs::read_to_string(&path).unwrap()))
        .collect();
    pages.sort();
    pages
}
