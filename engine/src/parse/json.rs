//! JSON with places, for lists and records in cells and for cases. RFC 8259, strictly; numbers keep their text.

use std::ops::Range;

use super::limits::JSON_DEPTH_MAX;
use super::sheet::Cell;
use super::sink::Sink;
use crate::diagnostic::Code;
use crate::diagnostic::codes::{JSON_SHAPE, JSON_SYNTAX, NESTING_TOO_DEEP};
use crate::value::ordered::Set;

/// A JSON value and where it stands, in bytes of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

/// What a JSON value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Boolean(bool),
    Number(String),
    Text(String),
    Array(Vec<Node>),
    Object(Vec<Entry>),
}

impl Kind {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a truth value",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// A key, where it stands, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) range: Range<usize>,
    pub(super) value: Node,
}

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) range: Range<usize>,
    pub(super) message: String,
}

/// Reads one document. Errors: T1501 (syntax), T1502 (a key that stands twice), T5004 (nested too deep).
pub(super) fn read(text: &str) -> Result<Node, Fault> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let node = reader.value()?;
    reader.blanks();
    if reader.at < text.len() {
        return Err(reader.fault("something follows the value"));
    }
    Ok(node)
}

/// Reads the JSON of a cell and reports what is wrong with it.
pub(super) fn read_cell(cell: &Cell, sink: &mut Sink) -> Option<Node> {
    match read(&cell.text) {
        Ok(node) => Some(node),
        Err(fault) => {
            let help = "lists and records in a cell are JSON: `[\"a\", \"b\"]`";
            sink.error_with(fault.code, cell.part(fault.range), fault.message, help);
            None
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.step(1);
        }
    }

    fn fault(&self, message: &str) -> Fault {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        let message = if width == 0 { "the JSON ends too early".to_owned() } else { message.to_owned() };
        Fault { code: JSON_SYNTAX, range: self.at..self.at.saturating_add(width), message }
    }

    fn value(&mut self) -> Result<Node, Fault> {
        self.blanks();
        let start = self.at;
        let kind = match self.peek() {
            Some(b'"') => Kind::Text(self.string()?),
            Some(b'[') => self.nested(Self::array)?,
            Some(b'{') => self.nested(Self::object)?,
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            _ => self.word()?,
        };
        Ok(Node { kind, range: start..self.at })
    }

    fn word(&mut self) -> Result<Kind, Fault> {
        for (word, kind) in [("null", Kind::Null), ("true", Kind::Boolean(true)), ("false", Kind::Boolean(false))] {
            if self.rest().starts_with(word) {
                self.step(word.len());
                return Ok(kind);
            }
        }
        Err(self.fault("a JSON value was expected: texts stand in double quotes"))
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Kind, Fault>) -> Result<Kind, Fault> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > JSON_DEPTH_MAX {
            let message = format!("lists and objects are nested more than {JSON_DEPTH_MAX} deep");
            return Err(Fault { code: NESTING_TOO_DEEP, range: self.at..self.at, message });
        }
        self.step(1);
        let kind = read(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(kind)
    }

    /// After an element: `true` if another one follows, `false` behind the closing bracket.
    fn more(&mut self, close: u8) -> Result<bool, Fault> {
        self.blanks();
        match self.peek() {
            Some(b',') => {
                self.step(1);
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.step(1);
                Ok(false)
            }
            _ => Err(self.fault("a comma or the closing bracket was expected")),
        }
    }

    fn empty(&mut self, close: u8) -> bool {
        self.blanks();
        let found = self.peek() == Some(close);
        if found {
            self.step(1);
        }
        found
    }

    fn array(&mut self) -> Result<Kind, Fault> {
        let mut elements = Vec::new();
        if self.empty(b']') {
            return Ok(Kind::Array(elements));
        }
        loop {
            elements.push(self.value()?);
            if !self.more(b']')? {
                return Ok(Kind::Array(elements));
            }
        }
    }

    fn object(&mut self) -> Result<Kind, Fault> {
        let mut entries = Vec::new();
        let mut seen = Set::new();
        if self.empty(b'}') {
            return Ok(Kind::Object(entries));
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.fault("a key in double quotes was expected"));
            }
            let key = self.string()?;
            let range = start..self.at;
            if !seen.insert(key.clone()) {
                return Err(Fault { code: JSON_SHAPE, range, message: format!("the key `{key}` stands twice") });
            }
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.fault("a colon was expected"));
            }
            self.step(1);
            let value = self.value()?;
            entries.push(Entry { key, range, value });
            if !self.more(b'}')? {
                return Ok(Kind::Object(entries));
            }
        }
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.step(1);
        }
        self.at > start
    }

    fn number(&mut self) -> Result<String, Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.step(1);
        }
        if self.peek() == Some(b'0') {
            self.step(1);
        } else if !self.digits() {
            return Err(self.fault("a digit was expected"));
        }
        if self.peek() == Some(b'.') {
            self.step(1);
            if !self.digits() {
                return Err(self.fault("a digit was expected"));
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.step(1);
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.step(1);
            }
            if !self.digits() {
                return Err(self.fault("a digit was expected"));
            }
        }
        if matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.fault("a number does not begin with 0"));
        }
        Ok(self.text.get(start..self.at).unwrap_or_default().to_owned())
    }

    fn string(&mut self) -> Result<String, Fault> {
        self.step(1);
        let mut out = String::new();
        loop {
            let Some(character) = self.rest().chars().next() else {
                return Err(self.fault("a text without closing quote"));
            };
            match character {
                '"' => {
                    self.step(1);
                    return Ok(out);
                }
                '\\' => out.push(self.escape()?),
                '\0'..='\u{1F}' => {
                    return Err(self.fault("a control character within a text; write `\\n` for a line break"));
                }
                other => {
                    out.push(other);
                    self.step(other.len_utf8());
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let plain = match self.text.as_bytes().get(self.at.saturating_add(1)) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.fault("an unknown escape")),
        };
        self.step(2);
        Ok(plain)
    }

    fn unicode(&mut self) -> Result<char, Fault> {
        let unit = |at: usize| {
            let text = self.text.get(at..at.saturating_add(6))?.strip_prefix("\\u")?;
            text.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(text, 16).ok()).flatten()
        };
        let first = unit(self.at);
        let single = first.and_then(|first| char::from_u32(u32::from(first)));
        let pair = || Some([first?, unit(self.at.saturating_add(6))?]);
        let read = single.map(|character| (character, 6)).or_else(|| {
            let character = char::decode_utf16(pair()?).next()?.ok()?;
            (character.len_utf16() == 2).then_some((character, 12))
        });
        let Some((character, length)) = read else { return Err(self.fault("a broken escape of a character")) };
        self.step(length);
        Ok(character)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shape(node: &Node) -> serde_json::Value {
        match &node.kind {
            Kind::Null => serde_json::Value::Null,
            Kind::Boolean(value) => (*value).into(),
            Kind::Number(text) => text.clone().into(),
            Kind::Text(text) => text.clone().into(),
            Kind::Array(elements) => elements.iter().map(shape).collect::<Vec<_>>().into(),
            Kind::Object(entries) => {
                let pairs = entries.iter().map(|entry| (entry.key.clone(), shape(&entry.value)));
                serde_json::Value::Object(pairs.collect())
            }
        }
    }

    fn numbers_as_text(value: serde_json::Value) -> serde_json::Value {
        match value {
            serde_json::Value::Number(number) => number.to_string().into(),
            serde_json::Value::Array(elements) => elements.into_iter().map(numbers_as_text).collect::<Vec<_>>().into(),
            serde_json::Value::Object(entries) => serde_json::Value::Object(
                entries.into_iter().map(|(key, value)| (key, numbers_as_text(value))).collect(),
            ),
            other => other,
        }
    }

    #[test]
    fn places_and_duplicates_are_seen() {
        let text = r#"{"a":[1,"理"],"a":2}"#;
        let fault = read(text);
        assert_eq!(fault.map_err(|fault| (fault.code, fault.range)), Err((JSON_SHAPE, 15..18)));
        let deep = "[".repeat(100);
        assert_eq!(read(&deep).map_err(|fault| fault.code), Err(NESTING_TOO_DEEP));
    }

    proptest! {
        #[test]
        fn agrees_with_another_reader(text in "[\\[\\]{}:,\"\\\\a-f0-3.eE+ u-]{0,14}|\\[(-?[0-9]{1,3}|\"[a-c\\\\nu]{0,3}\"|null|true)(,(-?[0-9]{1,3}|\"a\")){0,3}\\]") {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            match read(&text) {
                Ok(node) => {
                    // Where a float would be needed, only acceptance is compared.
                    if let Ok(value) = theirs {
                        if !text.contains(['.', 'e', 'E']) && !text.contains("-0") {
                            prop_assert_eq!(shape(&node), numbers_as_text(value));
                        }
                    } else {
                        prop_assert!(text.contains(['e', 'E']), "{}", text);
                    }
                }
                Err(fault) => prop_assert!(theirs.is_err() || fault.code != JSON_SYNTAX, "{}", text),
            }
        }

        #[test]
        fn nothing_stops_it(text in ".{0,30}") {
            let _ = read(&text);
        }
    }
}
