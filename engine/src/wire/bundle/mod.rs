//! Bundles: a ruleset as one file, its compiled program included. `BUNDLE.md` describes every byte.
//!
//! Reading a bundle proves that it is whole. Whether its program may decide is another question: a host with the parser
//! recompiles the sources and compares, a host without it demands a signature or a digest that it trusts.

mod codec;
mod load;
mod manifest;
mod nouns;
mod pack;
mod program;
mod text;
mod trust;

use std::collections::BTreeMap;

use crate::diagnostic::codes::{BUNDLE_DAMAGED, BUNDLE_UNTRUSTED, BUNDLE_VERSION};
use crate::diagnostic::{Code, Diagnostic};
use crate::parse;
use crate::program::Program;
use crate::wire::canonical::ENGINE_VERSION;

pub(crate) use load::read_compiled;
pub use load::{Trusting, is_digest, load_and_compare, load_compiled, split_trust};
pub use manifest::{Manifest, SectionEntry};
pub use pack::{pack, sign};
pub use program::{PROGRAM_FORMAT, decode_program, encode_program};
pub use text::bytes_of_base64;
pub use trust::{PublicKey, SignedBy, Trust};

/// What a bundle begins with.
pub const MAGIC: &[u8] = b"TRUTINA\0";

/// Version of the container.
pub const BUNDLE_FORMAT: u32 = 1;

/// Signatures that a bundle may carry.
pub const SIGNATURES_MAX: usize = 16;

/// Bytes of a bundle.
pub const BUNDLE_BYTES_MAX: usize = 64 << 20;

const PROGRAM: &str = "program";
const SOURCES: &str = "sources/";
const EVIDENCE: &str = "evidence/";

/// Why a bundle was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleError {
    /// T6005 to T6009.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl BundleError {
    fn new(code: Code, message: impl Into<String>) -> Self {
        let help = match code {
            BUNDLE_VERSION => "pack the ruleset again with this version of `trutina`",
            BUNDLE_UNTRUSTED => "name the digest that `trutina pack` printed, or the public key of whoever signed it",
            _ => "do not use it: get the bundle again from where it was made, or pack the ruleset again",
        };
        Self { code, message: message.into(), help: help.to_owned() }
    }

    /// As a diagnostic without a place.
    #[must_use]
    pub fn into_diagnostic(self) -> Diagnostic {
        let Self { code, message, help } = self;
        Diagnostic { code, severity: code.severity(), message, help: Some(help), span: None, related: Vec::new() }
    }
}

/// A bundle that is whole: every length and digest in it is right. Its program has not been judged.
#[derive(Clone, Debug)]
pub struct Bundle<'b> {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Who signed it, in the order of the keys.
    pub signatures: Vec<SignedBy>,
    signed: &'b [u8],
    sections: Vec<(String, &'b [u8])>,
}

fn damaged(message: impl Into<String>) -> BundleError {
    BundleError::new(BUNDLE_DAMAGED, message)
}

/// The bytes on their way through the container.
struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn take(&mut self, length: usize) -> Result<&'b [u8], BundleError> {
        let cut_short = || damaged("the bundle is cut short");
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(cut_short)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32, BundleError> {
        let bytes = self.take(4)?;
        Ok(bytes.try_into().map_or(0, u32::from_le_bytes))
    }

    fn stretch(&mut self) -> Result<&'b [u8], BundleError> {
        let length = self.number()?;
        self.take(usize::try_from(length).unwrap_or(usize::MAX))
    }
}

impl<'b> Bundle<'b> {
    /// Reads a bundle. T6005 if it is damaged, T6006 if it is of another version.
    pub fn read(bytes: &'b [u8]) -> Result<Self, BundleError> {
        let mut rest = Rest(bytes);
        if bytes.len() > BUNDLE_BYTES_MAX {
            return Err(damaged(format!("the bundle has more than {} MiB", BUNDLE_BYTES_MAX >> 20)));
        }
        if rest.take(MAGIC.len())? != MAGIC {
            return Err(damaged("this is no bundle"));
        }
        let format = rest.number()?;
        if format != BUNDLE_FORMAT {
            return Err(other_version(format!("the bundle has format {format}, this engine reads {BUNDLE_FORMAT}")));
        }
        let manifest = Manifest::read(rest.stretch()?)?;
        let signed = bytes.get(..bytes.len().saturating_sub(rest.0.len())).unwrap_or(bytes);
        if rest.take(text::DIGEST_BYTES)? != text::sha256(signed) {
            return Err(damaged("the manifest of the bundle has been changed"));
        }
        let signatures = read_signatures(rest.stretch()?)?;
        if !signatures.iter().all(|signature| signature.verifies(signed)) {
            return Err(damaged("a signature of the bundle is not one of this bundle"));
        }
        check_versions(&manifest)?;
        let sections = read_sections(&manifest, &mut rest)?;
        let bundle = Self { manifest, signatures, signed, sections };
        bundle.check_digests()?;
        Ok(bundle)
    }

    /// The digest of the bundle: over everything up to the end of the manifest, which holds the digests of all else.
    #[must_use]
    pub fn digest(&self) -> String {
        text::digest(self.signed)
    }

    /// What a signature is a signature of.
    #[must_use]
    pub const fn signed_bytes(&self) -> &'b [u8] {
        self.signed
    }

    /// The serialised program.
    #[must_use]
    pub fn program_bytes(&self) -> &'b [u8] {
        self.sections.iter().find(|(name, _)| name == PROGRAM).map_or(&[], |(_, bytes)| bytes)
    }

    /// The files that decide, by path.
    #[must_use]
    pub fn sources(&self) -> BTreeMap<String, Vec<u8>> {
        self.files(SOURCES)
    }

    /// One of the files that decide; empty if there is none of this path.
    fn source(&self, path: &str) -> &'b [u8] {
        let wanted = format!("{SOURCES}{path}");
        let place = self.sections.binary_search_by(|(name, _)| rank(name).cmp(&rank(&wanted)));
        place.ok().and_then(|place| self.sections.get(place)).map_or(&[], |(_, bytes)| bytes)
    }

    /// README and cases, by path.
    #[must_use]
    pub fn evidence(&self) -> BTreeMap<String, Vec<u8>> {
        self.files(EVIDENCE)
    }

    /// Demands that the bundle is trusted: T6007.
    pub fn demand(&self, trust: &Trust) -> Result<(), BundleError> {
        if trust.covers(&self.digest(), &self.signatures) {
            return Ok(());
        }
        let message = if trust.is_empty() {
            "the bundle is used without its sources being compiled, and nothing says that it is trusted"
        } else {
            "the bundle has none of the trusted digests, and no trusted key has signed it"
        };
        Err(BundleError::new(BUNDLE_UNTRUSTED, message))
    }

    /// The program as it stands in the bundle, not verified. T6005.
    fn program(&self) -> Result<Program, BundleError> {
        let program = decode_program(self.program_bytes());
        let program = program.ok_or_else(|| damaged("the program in the bundle cannot be read"))?;
        self.demand_identity(&program)?;
        Ok(program)
    }

    /// Demands that the program is that of the ruleset which the manifest names: T6005.
    fn demand_identity(&self, program: &Program) -> Result<(), BundleError> {
        let (identity, manifest) = (&program.identity, &self.manifest);
        if (&identity.id, &identity.version, &identity.digest) == (&manifest.id, &manifest.version, &manifest.digest) {
            return Ok(());
        }
        Err(damaged("the program in the bundle is that of another ruleset"))
    }

    fn files(&self, prefix: &str) -> BTreeMap<String, Vec<u8>> {
        let files = self.sections.iter().filter_map(|(name, bytes)| Some((name.strip_prefix(prefix)?, *bytes)));
        files.map(|(path, bytes)| (path.to_owned(), bytes.to_vec())).collect()
    }

    /// The digests of the ruleset and of its evidence are those of the files.
    fn check_digests(&self) -> Result<(), BundleError> {
        let digest_of = |prefix: &str| {
            let files = self.sections.iter().filter_map(|(name, bytes)| Some((name.strip_prefix(prefix)?, *bytes)));
            // The sections ascend.
            parse::digest_in_order(files)
        };
        if digest_of(SOURCES) != self.manifest.digest {
            return Err(damaged("the files in the bundle are not those that its digest names"));
        }
        if digest_of(EVIDENCE) != self.manifest.evidence {
            return Err(damaged("the evidence in the bundle is not that which its digest names"));
        }
        Ok(())
    }
}

fn other_version(message: String) -> BundleError {
    BundleError::new(BUNDLE_VERSION, message)
}

fn check_versions(manifest: &Manifest) -> Result<(), BundleError> {
    let made = &manifest.engine;
    let rows = [
        ("bundle format", manifest.format, i64::from(BUNDLE_FORMAT)),
        ("program format", manifest.program, i64::from(PROGRAM_FORMAT)),
        ("ruleset language", manifest.language, crate::engine::LANGUAGE),
    ];
    match rows.iter().find(|(_, found, known)| found != known) {
        None => Ok(()),
        Some((what, found, known)) => Err(other_version(format!(
            "the bundle was made by engine {made} in {what} {found}, this is engine {ENGINE_VERSION}, which reads {known}"
        ))),
    }
}

fn read_signatures(bytes: &[u8]) -> Result<Vec<SignedBy>, BundleError> {
    let wrong = || damaged("the signatures of the bundle cannot be read");
    if !bytes.len().is_multiple_of(trust::SIGNATURE_BYTES) || bytes.len() > SIGNATURES_MAX * trust::SIGNATURE_BYTES {
        return Err(wrong());
    }
    let mut found: Vec<SignedBy> = Vec::new();
    for bytes in bytes.chunks_exact(trust::SIGNATURE_BYTES) {
        let signature = SignedBy::read(bytes).ok_or_else(wrong)?;
        if found.last().is_some_and(|last| last.key >= signature.key) {
            return Err(wrong());
        }
        found.push(signature);
    }
    Ok(found)
}

/// The sections in the order of the manifest: the program, then sources and evidence, each by path.
fn read_sections<'b>(manifest: &Manifest, rest: &mut Rest<'b>) -> Result<Vec<(String, &'b [u8])>, BundleError> {
    let mut sections: Vec<(String, &'b [u8])> = Vec::new();
    for entry in &manifest.sections {
        let name = &entry.name;
        let in_order = match sections.last() {
            None => name == PROGRAM,
            Some((before, _)) => is_file(name) && rank(before) < rank(name),
        };
        if !in_order {
            return Err(damaged(format!("the section `{name}` of the bundle stands where it must not")));
        }
        let bytes = rest.take(usize::try_from(entry.length).unwrap_or(usize::MAX))?;
        if text::digest(bytes) != entry.digest {
            return Err(damaged(format!("the section `{name}` of the bundle has been changed")));
        }
        sections.push((name.clone(), bytes));
    }
    if sections.len() < 2 || !rest.0.is_empty() {
        return Err(damaged("the bundle has a part too few or too many"));
    }
    Ok(sections)
}

fn rank(name: &str) -> (u8, &str) {
    match name {
        PROGRAM => (0, name),
        _ if name.starts_with(SOURCES) => (1, name),
        _ => (2, name),
    }
}

/// Sources and evidence: a path that stays below the ruleset, whoever unpacks it.
fn is_file(name: &str) -> bool {
    let path = name.strip_prefix(SOURCES).or_else(|| name.strip_prefix(EVIDENCE));
    path.is_some_and(|path| {
        let mut steps = path.as_bytes().split(|byte| *byte == b'/');
        steps.all(|step| !matches!(step, b"" | b"." | b".."))
            && !path.bytes().any(|byte| matches!(byte, b'\\' | b':' | 0))
    })
}

#[cfg(test)]
mod tests;
