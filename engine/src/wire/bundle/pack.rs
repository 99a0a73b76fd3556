//! Makes bundles: deterministic, so that the same ruleset and engine give the same bytes on every machine.

use std::collections::BTreeMap;

use super::manifest::{Manifest, SectionEntry};
use super::program::{PROGRAM_FORMAT, encode_program};
use super::trust::{PublicKey, SignedBy};
use super::{BUNDLE_FORMAT, Bundle, BundleError, EVIDENCE, MAGIC, PROGRAM, SOURCES, damaged, text};
use crate::diagnostic::Sources;
use crate::engine::LANGUAGE;
use crate::parse::text::normalise;
use crate::parse::{evidence_digest, is_evidence};
use crate::program::Program;
use crate::wire::canonical::ENGINE_VERSION;

/// A bundle of a program, the sources it was compiled from, and what of `files` is evidence. It is not signed.
///
/// Files are kept as the engine reads them, without a BOM and with LF, so that a checkout with CRLF gives the same
/// bytes. T6005 if a file has a name that a bundle cannot hold, or the bundle would be too large.
pub fn pack(program: &Program, sources: &Sources, files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, BundleError> {
    let encoded = encode_program(program);
    let mut contents: Vec<(String, &[u8])> = vec![(PROGRAM.to_owned(), &encoded)];
    let deciding: BTreeMap<&str, &[u8]> =
        sources.iter().map(|file| (file.path.as_str(), file.text.as_bytes())).collect();
    contents.extend(deciding.iter().map(|(path, bytes)| (format!("{SOURCES}{path}"), *bytes)));
    let evidence: Vec<_> = files
        .iter()
        .filter(|(path, _)| is_evidence(path) && !deciding.contains_key(path.as_str()))
        .map(|(path, bytes)| (format!("{EVIDENCE}{path}"), normalise(bytes)))
        .collect();
    contents.extend(evidence.iter().map(|(name, bytes)| (name.clone(), bytes.as_ref())));
    let entry = |(name, bytes): &(String, &[u8])| SectionEntry {
        name: name.clone(),
        length: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        digest: text::digest(bytes),
    };
    let manifest = Manifest {
        format: i64::from(BUNDLE_FORMAT),
        program: i64::from(PROGRAM_FORMAT),
        language: LANGUAGE,
        engine: ENGINE_VERSION.to_owned(),
        id: program.identity.id.clone(),
        version: program.identity.version.clone(),
        digest: program.identity.digest.clone(),
        evidence: evidence_digest(files),
        sections: contents.iter().map(entry).collect(),
    };
    let mut written = Vec::new();
    manifest.write(&mut written);
    let mut out = MAGIC.to_vec();
    out.extend_from_slice(&BUNDLE_FORMAT.to_le_bytes());
    write_stretch(&written, &mut out)?;
    out.extend_from_slice(&text::sha256(&out));
    write_stretch(&[], &mut out)?;
    contents.iter().for_each(|(_, bytes)| out.extend_from_slice(bytes));
    Bundle::read(&out)?;
    Ok(out)
}

/// The same bundle with one more signature: `sign` is given what is to be signed. A second signature by the same key
/// takes the place of the first. T6005 if the bundle is damaged, or the signature is none by this key.
pub fn sign(bundle: &[u8], key: PublicKey, sign: impl FnOnce(&[u8]) -> [u8; 64]) -> Result<Vec<u8>, BundleError> {
    let read = Bundle::read(bundle)?;
    let signed = read.signed_bytes();
    let signature = SignedBy { key, signature: sign(signed) };
    if !signature.verifies(signed) {
        return Err(damaged("the signature is none by this key"));
    }
    let mut signatures: Vec<SignedBy> = read.signatures.iter().filter(|other| other.key != key).copied().collect();
    signatures.push(signature);
    signatures.sort_unstable();
    let mut block = Vec::new();
    signatures.iter().for_each(|signature| signature.write(&mut block));
    let mut out = signed.to_vec();
    out.extend_from_slice(&text::sha256(signed));
    write_stretch(&block, &mut out)?;
    read.sections.iter().for_each(|(_, bytes)| out.extend_from_slice(bytes));
    Bundle::read(&out)?;
    Ok(out)
}

fn write_stretch(bytes: &[u8], out: &mut Vec<u8>) -> Result<(), BundleError> {
    let length = u32::try_from(bytes.len()).map_err(|_| damaged("the bundle is too large"))?;
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}
