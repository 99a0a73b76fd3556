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
        /// Whom to trust, as stands under `trust` in a request; then the runtime module loads it.
        trust: Option<Value>,
        /// The runtime module with this ruleset in it, in base 64: it decides, and the bundle is not loaded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        module: Option<String>,
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
        /// Whose engine is asked; without it that of the ruleset in the request.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ruleset: Option<String>,
    },
    /// Many decisions, their facts in columns.
    Columns {
        /// Its id.
        columns: String,
        /// The ruleset.
        ruleset: String,
        /// The header, with `"@name"` for the handle; behind it come blanks up to a multiple of 8, and a line feed.
        header: String,
        /// What follows, in base 64.
        body: String,
        /// How many records are due; none if the header is refused.
        rows: usize,
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
            Self::Case { case: id, .. }
            | Self::Call { call: id, .. }
            | Self::Columns { columns: id, .. }
            | Self::Batch { batch: id, .. } => Some(id),
            Self::Ruleset { .. } | Self::Bundle { .. } | Self::Drop { .. } => None,
        }
    }

    /// The ruleset that decides.
    pub fn ruleset(&self) -> Option<&str> {
        match self {
            Self::Case { ruleset, .. } | Self::Columns { ruleset, .. } | Self::Batch { ruleset, .. } => Some(ruleset),
            _ => None,
        }
    }

    /// How many decisions it asks for whose facts are columns.
    pub fn in_columns(&self) -> usize {
        match self {
            Self::Columns { rows, .. } => *rows,
            _ => 0,
        }
    }

    /// How many decisions it asks for whose facts are JSON.
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

/// A columnar batch as it is sent, once the header has its handle.
pub fn columnar(header: &str, body: &[u8]) -> Vec<u8> {
    const ALIGNMENT: usize = 8;
    let start = (header.len() + 1).next_multiple_of(ALIGNMENT);
    let mut request = header.as_bytes().to_vec();
    request.resize(start - 1, b' ');
    request.push(b'\n');
    request.extend(body);
    request
}

/// Bytes in base 64.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place)) as usize & 63];
            text.push(if place > three.len() { '=' } else { char::from(digit) });
        }
    }
    text
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

#[cfg(test)]
mod tests {
    use super::{base64, columnar, read, write};
    use crate::entry::Entry;
    use trutina_engine::wire::bundle::bytes_of_base64;

    #[test]
    fn base64_comes_back() {
        assert_eq!([&b""[..], b"f", b"fo", b"foo", b"foob"].map(base64), ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(bytes_of_base64(&base64(&all)), Some(all));
    }

    #[test]
    fn columns_begin_at_a_multiple_of_8() {
        assert_eq!(columnar("{}", b"b"), b"{}     \nb");
        assert_eq!(columnar("1234567", b"b"), b"1234567\nb");
        assert_eq!(columnar("12345678", b""), b"12345678       \n");
    }

    /// Every kind of line is read as what it was.
    #[test]
    fn lines_come_back() {
        let lines = [
            r#"{"ruleset":"r","files":{"rules.rhai":""}}"#,
            r#"{"ruleset":"r","bundle":"Zg==","trust":{"digests":["sha256:0"]}}"#,
            r#"{"ruleset":"r","bundle":"Zg==","trust":null}"#,
            r#"{"ruleset":"r","bundle":"Zg==","trust":{"keys":[]},"module":"Zg=="}"#,
            r#"{"drop":"r"}"#,
            r#"{"case":"a","ruleset":"r","as_of":"2026-11-30","facts":"{}","trace":"none"}"#,
            r#"{"call":"b","verb":5,"request":"{}"}"#,
            r#"{"call":"b","verb":5,"request":"{}","ruleset":"r"}"#,
            r#"{"columns":"d","ruleset":"r","header":"{}","body":"Zg==","rows":1}"#,
            r#"{"batch":"c","ruleset":"r","as_of":"2026-11-30","trace":"none","lines":["{}"]}"#,
        ]
        .join("\n")
            + "\n";
        assert_eq!(read::<Entry>(&lines).map(|entries| write(&entries)), Ok(lines));
    }
}
