//! The file of cases and the file of answers, line by line. `README.md` beside this file says what each line means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A line of the file of cases.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Entry {
    /// A ruleset to load under a name.
    Ruleset {
        /// The name.
        ruleset: String,
        /// Its files.
        files: BTreeMap<String, String>,
    },
    /// The same out of a bundle.
    Bundle {
        /// The name.
        ruleset: String,
        /// The bundle in base 64.
        bundle: String,
        /// Whom to trust, as the door takes it.
        trust: Option<Value>,
    },
    /// A ruleset that is used no more.
    Drop {
        /// Its name.
        drop: String,
    },
    /// One decision.
    Case {
        /// Its id.
        case: String,
        /// The ruleset.
        ruleset: String,
        /// The date.
        as_of: String,
        /// Facts: well-formed JSON.
        facts: String,
        /// `none`, `reasons`, `full`.
        trace: String,
    },
    /// A request as it is; `"@name"` in it stands for the handle of the ruleset.
    Call {
        /// Its id.
        call: String,
        /// The verb.
        verb: i32,
        /// The request.
        request: String,
    },
    /// Many decisions.
    Batch {
        /// Its id.
        batch: String,
        /// The ruleset.
        ruleset: String,
        /// The date.
        as_of: String,
        /// `none`, `reasons`, `full`.
        trace: String,
        /// Facts, maybe malformed.
        lines: Vec<String>,
    },
}

impl Entry {
    /// The id of the answer that is due; nothing if none is.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Case { case: id, .. } | Self::Call { call: id, .. } | Self::Batch { batch: id, .. } => Some(id),
            Self::Ruleset { .. } | Self::Bundle { .. } | Self::Drop { .. } => None,
        }
    }

    /// How many decisions it asks for.
    pub fn decisions(&self) -> usize {
        match self {
            Self::Case { .. } => 1,
            Self::Batch { lines, .. } => lines.len(),
            _ => 0,
        }
    }
}

/// A line of the file of answers.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The id of the case.
    pub id: String,
    /// What the facts gave that went in as bytes.
    pub bytes: String,
    /// What they gave through the host's typed interface.
    pub typed: Option<String>,
    /// Why there is no such answer.
    pub why: Option<String>,
}

/// Lines of JSON.
///
/// # Errors
///
/// The first line that is none, by number.
pub fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Result<Vec<T>, String> {
    let line =
        |(index, line): (usize, &str)| serde_json::from_str(line).map_err(|why| format!("line {}: {why}", index + 1));
    text.lines().enumerate().filter(|(_, line)| !line.is_empty()).map(line).collect()
}

/// Lines of JSON.
pub fn write<T: Serialize>(entries: &[T]) -> String {
    let line = |entry| serde_json::to_string(entry).expect("texts and numbers") + "\n";
    entries.iter().map(line).collect()
}
