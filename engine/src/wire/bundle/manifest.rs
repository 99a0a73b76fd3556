//! The manifest of a bundle: what it is, and a digest per section. It has one spelling only.

use super::BundleError;
use crate::diagnostic::codes::BUNDLE_DAMAGED;
use crate::wire::canonical::{array, field, object, write_integer, write_string};
use crate::wire::json::{self, Json, JsonLimits};

/// Bytes of a manifest, and arrays and objects within one another.
const LIMITS: JsonLimits = JsonLimits { bytes_max: 1 << 20, depth_max: 4 };

/// What a bundle says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Version of the container.
    pub format: i64,
    /// Version of the serialised program.
    pub program: i64,
    /// Version of the ruleset language.
    pub language: i64,
    /// The engine that compiled it.
    pub engine: String,
    /// Id of the ruleset.
    pub id: String,
    /// Version of the ruleset.
    pub version: String,
    /// Digest of the files that decide.
    pub digest: String,
    /// Digest of README and cases.
    pub evidence: String,
    /// What stands behind the manifest, in order.
    pub sections: Vec<SectionEntry>,
}

/// One section as the manifest names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SectionEntry {
    /// `program`, `sources/...` or `evidence/...`
    pub name: String,
    /// Bytes.
    pub length: u64,
    /// `sha256:` and 64 hexadecimal digits.
    pub digest: String,
}

impl Manifest {
    /// Appends the manifest as canonical JSON.
    pub fn write(&self, out: &mut Vec<u8>) {
        object(out, |out| {
            field(out, "format", |out| write_integer(out, self.format));
            field(out, "program", |out| write_integer(out, self.program));
            field(out, "language", |out| write_integer(out, self.language));
            field(out, "engine", |out| write_string(out, &self.engine));
            field(out, "id", |out| write_string(out, &self.id));
            field(out, "version", |out| write_string(out, &self.version));
            field(out, "digest", |out| write_string(out, &self.digest));
            field(out, "evidence", |out| write_string(out, &self.evidence));
            field(out, "sections", |out| {
                array(out, &self.sections, |out, section| {
                    object(out, |out| {
                        field(out, "name", |out| write_string(out, &section.name));
                        field(out, "length", |out| {
                            write_integer(out, i64::try_from(section.length).unwrap_or(i64::MAX));
                        });
                        field(out, "digest", |out| write_string(out, &section.digest));
                    });
                });
            });
        });
    }

    /// Reads a manifest. T6005 if it is not spelled as [`Manifest::write`] spells it.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, BundleError> {
        let damaged = || BundleError::new(BUNDLE_DAMAGED, "the manifest of the bundle cannot be read");
        let document = json::read(bytes, LIMITS).map_err(|_| damaged())?;
        let manifest = Self::from_json(&document.value);
        let mut spelled = Vec::with_capacity(bytes.len());
        manifest.write(&mut spelled);
        if spelled == bytes { Ok(manifest) } else { Err(damaged()) }
    }

    /// What is not there, or is of another kind, is empty or zero: that would be spelled otherwise.
    fn from_json(json: &Json<'_>) -> Self {
        let sections = match json.get("sections") {
            Some(Json::Array(sections)) => sections.as_slice(),
            _ => &[],
        };
        Self {
            format: integer(json, "format"),
            program: integer(json, "program"),
            language: integer(json, "language"),
            engine: text(json, "engine"),
            id: text(json, "id"),
            version: text(json, "version"),
            digest: text(json, "digest"),
            evidence: text(json, "evidence"),
            sections: sections.iter().map(SectionEntry::from_json).collect(),
        }
    }
}

impl SectionEntry {
    fn from_json(json: &Json<'_>) -> Self {
        let length = u64::try_from(integer(json, "length")).unwrap_or_default();
        Self { name: text(json, "name"), length, digest: text(json, "digest") }
    }
}

fn text(json: &Json<'_>, key: &str) -> String {
    match json.get(key) {
        Some(Json::Text(text)) => text.to_string(),
        _ => String::new(),
    }
}

fn integer(json: &Json<'_>, key: &str) -> i64 {
    match json.get(key) {
        Some(Json::Number(text)) => text.parse().unwrap_or_default(),
        _ => 0,
    }
}
