//! From a bundle to a program that may decide.

use super::trust::{PublicKey, Trust};
use super::{Bundle, BundleError, MAGIC, encode_program};
use crate::check::program::verify;
use crate::diagnostic::codes::{BAD_REQUEST, BUNDLE_MISMATCH, BUNDLE_UNSOUND, BUNDLE_VERSION};
use crate::diagnostic::{Diagnostic, Sources};
use crate::engine::{Engine, Loaded};
use crate::program::Program;
use crate::ruleset::script::ScriptParser;
use crate::wire::canonical::ENGINE_VERSION;
use crate::wire::json::{self, Json, JsonLimits};

/// The line that says whom a host trusts.
const TRUST_LIMITS: JsonLimits = JsonLimits { bytes_max: 1 << 20, depth_max: 4 };

/// Loads a bundle on a host that has the parser: its sources are compiled, and must give the program that stands in it.
///
/// What runs is the program that was compiled here: that of the bundle is compared byte for byte, never read. Where
/// `trust` names anything, the bundle must be trusted as well. Errors in the sources stand in `diagnostics` of the
/// result. T6005 damaged, T6006 another version, T6007 not trusted, T6008 another program than its sources give.
pub fn load_and_compare(
    engine: &Engine,
    bundle: &[u8],
    trust: &Trust,
    parser: &dyn ScriptParser,
) -> Result<Loaded, BundleError> {
    let bundle = Bundle::read(bundle)?;
    if !trust.is_empty() {
        bundle.demand(trust)?;
    }
    let loaded = engine.load(&bundle.sources(), parser);
    let Some(program) = &loaded.program else { return Ok(loaded) };
    if encode_program(program) == bundle.program_bytes() {
        bundle.demand_identity(program)?;
        return Ok(loaded);
    }
    let made = &bundle.manifest.engine;
    if made != ENGINE_VERSION {
        let message = format!("the bundle was made by engine {made}, which compiles differently from {ENGINE_VERSION}");
        return Err(BundleError::new(BUNDLE_VERSION, message));
    }
    Err(BundleError::new(BUNDLE_MISMATCH, "the program in the bundle is not what its sources compile to"))
}

/// Loads a bundle on a host without the parser, which verifies the program, whoever vouches for it. T6005 damaged, T6006 another version, T6007 not trusted, T6009 a program
/// that does not hold together.
pub fn load_compiled(bundle: &[u8], trust: &Trust) -> Result<Loaded, BundleError> {
    let (bundle, program) = read_compiled(bundle, trust)?;
    let mut sources = Sources::default();
    for path in &program.paths {
        sources.add(path.clone(), std::str::from_utf8(bundle.source(path)).unwrap_or_default());
    }
    Ok(Loaded { program: Some(program), ruleset: None, sources, diagnostics: Vec::new() })
}

/// As [`load_compiled`], the program alone, beside the bundle that it stands in.
pub(crate) fn read_compiled<'b>(bundle: &'b [u8], trust: &Trust) -> Result<(Bundle<'b>, Program), BundleError> {
    let bundle = Bundle::read(bundle)?;
    bundle.demand(trust)?;
    let program = bundle.program()?;
    verify(&program).map_err(|fault| {
        BundleError::new(BUNDLE_UNSOUND, format!("the program in the bundle does not hold together: {fault}"))
    })?;
    Ok((bundle, program))
}

/// A bundle, and whom its sender trusts.
pub type Trusting<'b> = (Trust, &'b [u8]);

/// A `load` request that is a bundle, perhaps behind a line `{"trust":{"digests":[...],"keys":[...]}}`. Nothing if it is
/// none of both; T6001 if the line is not understood.
#[must_use]
pub fn split_trust(request: &[u8]) -> Option<Result<Trusting<'_>, Box<Diagnostic>>> {
    if request.starts_with(MAGIC) {
        return Some(Ok((Trust::default(), request)));
    }
    let end = request.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = request.split_at_checked(end)?;
    let bundle = rest.strip_prefix(b"\n").filter(|bundle| bundle.starts_with(MAGIC))?;
    Some(trust(line).map(|trust| (trust, bundle)))
}

fn trust(line: &[u8]) -> Result<Trust, Box<Diagnostic>> {
    let bad = |what: &str| {
        let error = BundleError { code: BAD_REQUEST, message: what.to_owned(), help: USAGE.to_owned() };
        Box::new(error.into_diagnostic())
    };
    let document = json::read(line, TRUST_LIMITS).map_err(|error| bad(&error.message))?;
    if document.duplicate.is_some() {
        return Err(bad("a key stands twice in one object"));
    }
    let trust = only(&document.value, &["trust"]).and_then(|line| line.get("trust"));
    let trust = trust.and_then(|trust| only(trust, &["digests", "keys"]));
    let trust = trust.ok_or_else(|| bad("the line before a bundle says whom to trust"))?;
    let digests = texts(trust, "digests").ok_or_else(|| bad("`digests` is an array of texts"))?;
    if !digests.iter().all(|digest| is_digest(digest)) {
        return Err(bad("a digest is `sha256:` and 64 hexadecimal digits in lower case"));
    }
    let keys = texts(trust, "keys").ok_or_else(|| bad("`keys` is an array of texts"))?;
    let mut trusted = Trust { digests, keys: Vec::new() };
    for key in keys {
        let key = PublicKey::parse(&key);
        trusted.keys.push(key.ok_or_else(|| bad("a key is an Ed25519 public key in hexadecimal digits or base64"))?);
    }
    Ok(trusted)
}

const USAGE: &str =
    "write `{\"trust\":{\"digests\":[\"sha256:...\"],\"keys\":[\"...\"]}}`, a line end, then the bundle";

/// An object that has no other keys.
fn only<'j, 'a>(json: &'j Json<'a>, known: &[&str]) -> Option<&'j Json<'a>> {
    match json {
        Json::Object(entries) if entries.iter().all(|(key, _)| known.contains(&key.as_ref())) => Some(json),
        _ => None,
    }
}

/// An array of texts; none if there is no such key.
fn texts(json: &Json<'_>, key: &str) -> Option<Vec<String>> {
    let items = match json.get(key) {
        None => return Some(Vec::new()),
        Some(Json::Array(items)) => items,
        Some(_) => return None,
    };
    let mut texts = Vec::new();
    for item in items {
        let Json::Text(text) = item else { return None };
        texts.push(text.to_string());
    }
    Some(texts)
}

/// Whether a text is a digest as this engine writes it.
#[must_use]
pub fn is_digest(text: &str) -> bool {
    let lower = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    text.strip_prefix("sha256:").is_some_and(|digits| digits.len() == 64 && digits.bytes().all(lower))
}
