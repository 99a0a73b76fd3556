//! Strict JSON: numbers keep their text, objects the order of their keys and every duplicate.
//!
//! A reader of our own, because a decision must see what was written: no float is ever made of a number, and a key that
//! stands twice is found, not overwritten. RFC 8259 and nothing beyond it: no comments, no trailing commas, no BOM.

mod pass;

use std::borrow::Cow;

use super::scan::{bucket, first_special};
use crate::diagnostic::Code;
use crate::diagnostic::codes::{INPUT_SYNTAX, NESTING_TOO_DEEP, REQUEST_TOO_LARGE};
use crate::value::same;

/// A JSON value that borrows from its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A number, as written.
    Number(&'a str),
    /// A string, unescaped.
    Text(Cow<'a, str>),
    /// An array.
    Array(Vec<Json<'a>>),
    /// An object in the order of the document, duplicate keys included.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl Json<'_> {
    /// What it is, in words: `a number`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// The first value under `key`; nothing if this is no object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

/// A document that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document<'a> {
    /// Its value.
    pub value: Json<'a>,
    /// JSON pointer of the first key, in the order of the document, that stands twice in its object.
    pub duplicate: Option<String>,
}

/// Bounds on a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonLimits {
    /// Most bytes; beyond is T5003.
    pub bytes_max: usize,
    /// Most arrays and objects within one another; beyond is T5004.
    pub depth_max: u32,
}

/// Why a document was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// T3001, T5003 or T5004.
    pub code: Code,
    /// What is wrong, place included; it quotes nothing of the document.
    pub message: String,
    /// Line from 1; 0 if no place is meant.
    pub line: u32,
    /// Column from 1, in Unicode scalars.
    pub column: u32,
}

/// Reads one document. Errors: T3001 (syntax, not UTF-8), T5003 (too many bytes), T5004 (nested too deep).
///
/// ```
/// use trutina_engine::wire::json::{Json, JsonLimits, read};
/// let limits = JsonLimits { bytes_max: 1000, depth_max: 8 };
/// let document = read(br#"{"a":0.10,"b":{"c":1,"c":2}}"#, limits).unwrap();
/// assert_eq!(document.value.get("a"), Some(&Json::Number("0.10")));
/// assert_eq!(document.duplicate.as_deref(), Some("/b/c"));
/// assert!(read(b"{\"a\":01}", limits).is_err());
/// ```
pub fn read(bytes: &[u8], limits: JsonLimits) -> Result<Document<'_>, JsonError> {
    read_around(bytes, limits, None).map(|(document, _)| document)
}

/// Reads a document but for one member of the object that it is: its value is left as it stands, and `null` takes its place.
///
/// Whatever is wrong with that member is found by whoever reads it, under limits and with places of its own.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub fn read_around<'a>(
    bytes: &'a [u8],
    limits: JsonLimits,
    member: Option<&'static str>,
) -> Result<(Document<'a>, Option<&'a [u8]>), JsonError> {
    if bytes.len() > limits.bytes_max {
        let message = format!("the document has {} bytes, at most {} are read", bytes.len(), limits.bytes_max);
        return Err(JsonError { code: REQUEST_TOO_LARGE, message, line: 0, column: 0 });
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let sound = bytes.get(..error.valid_up_to()).and_then(|head| std::str::from_utf8(head).ok()).unwrap_or("");
            return Err(syntax(sound, sound.len(), "this is not UTF-8"));
        }
    };
    let depth_max = limits.depth_max;
    let mut reader = Reader { text, bytes, at: 0, depth: 0, depth_max, doubled: false, member, left: None };
    let value = reader.document().map_err(|fault| match fault {
        Fault::Syntax(what) => syntax(text, reader.at, what),
        Fault::TooDeep => JsonError {
            code: NESTING_TOO_DEEP,
            message: format!("arrays and objects are nested more than {} deep", limits.depth_max),
            line: 0,
            column: 0,
        },
    })?;
    let duplicate = if reader.doubled { first_duplicate(&value) } else { None };
    Ok((Document { value, duplicate }, reader.left))
}

/// Appends one step to a JSON pointer (RFC 6901).
///
/// ```
/// let mut pointer = String::new();
/// trutina_engine::wire::json::push_pointer(&mut pointer, "a/b~c");
/// assert_eq!(pointer, "/a~1b~0c");
/// ```
pub fn push_pointer(pointer: &mut String, step: &str) {
    pointer.push('/');
    for character in step.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

#[cold]
fn syntax(text: &str, at: usize, what: &str) -> JsonError {
    // A lone CR ends a line, too: a binding that sends one line puts CR for LF.
    let head = text.get(..at).unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let line_start = head.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
    let lines = head.matches('\n').count();
    let columns = head.get(line_start..).unwrap_or("").chars().count();
    let line = u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1);
    let column = u32::try_from(columns).unwrap_or(u32::MAX).saturating_add(1);
    let message = format!("not JSON: {what} (line {line}, column {column})");
    JsonError { code: INPUT_SYNTAX, message, line, column }
}

#[cold]
fn first_duplicate(value: &Json<'_>) -> Option<String> {
    fn walk(value: &Json<'_>, pointer: &mut String) -> bool {
        let start = pointer.len();
        match value {
            Json::Array(elements) => elements.iter().enumerate().any(|(index, element)| {
                pointer.truncate(start);
                push_pointer(pointer, &index.to_string());
                walk(element, pointer)
            }),
            Json::Object(entries) => {
                let mut sorted: Vec<(&str, usize)> = entries.iter().map(|(key, _)| key.as_ref()).zip(0..).collect();
                sorted.sort_unstable();
                entries.iter().zip(0..).any(|((key, element), index)| {
                    pointer.truncate(start);
                    push_pointer(pointer, key);
                    let place = sorted.binary_search(&(key.as_ref(), index)).unwrap_or_default();
                    let before = place.checked_sub(1).and_then(|before| sorted.get(before));
                    before.is_some_and(|(before, _)| before == key) || walk(element, pointer)
                })
            }
            _ => false,
        }
    }
    let mut pointer = String::new();
    walk(value, &mut pointer).then_some(pointer)
}

enum Fault {
    Syntax(&'static str),
    TooDeep,
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: u32,
    depth_max: u32,
    doubled: bool,
    /// The member of the outermost object that is not read, and what stands there.
    member: Option<&'static str>,
    left: Option<&'a [u8]>,
}

// The smallest are always inlined: a module that is built for size would call them at each byte.
impl<'a> Reader<'a> {
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn document(&mut self) -> Result<Json<'a>, Fault> {
        let value = self.value()?;
        match self.token() {
            None => Ok(value),
            Some(_) => Err(Fault::Syntax("something follows the value")),
        }
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline(always)]
    fn advance(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.bytes.len());
    }

    #[inline(always)]
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The next byte that is no white space, still unread.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn token(&mut self) -> Option<u8> {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.advance(1),
                other => return Some(other),
            }
        }
        None
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn value(&mut self) -> Result<Json<'a>, Fault> {
        match self.token() {
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Json::Number),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b't') => self.word(b"true", Json::Boolean(true)),
            Some(b'f') => self.word(b"false", Json::Boolean(false)),
            Some(b'n') => self.word(b"null", Json::Null),
            Some(_) => Err(Fault::Syntax("a value is expected here")),
            None => Err(Fault::Syntax("the document ends where a value is expected")),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn word(&mut self, word: &[u8], value: Json<'a>) -> Result<Json<'a>, Fault> {
        if !self.rest().starts_with(word) {
            return Err(Fault::Syntax("a value is expected here"));
        }
        self.advance(word.len());
        Ok(value)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn nested(&mut self, read: fn(&mut Self) -> Result<Json<'a>, Fault>) -> Result<Json<'a>, Fault> {
        if self.depth >= self.depth_max {
            return Err(Fault::TooDeep);
        }
        self.depth = self.depth.saturating_add(1);
        self.advance(1);
        let value = read(self)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(value)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn array(&mut self) -> Result<Json<'a>, Fault> {
        let mut elements = Vec::new();
        if self.token() == Some(b']') {
            self.advance(1);
            return Ok(Json::Array(elements));
        }
        loop {
            elements.push(self.value()?);
            match self.token() {
                Some(b',') => self.advance(1),
                Some(b']') => {
                    self.advance(1);
                    return Ok(Json::Array(elements));
                }
                _ => return Err(Fault::Syntax("`,` or `]` is expected here")),
            }
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn object(&mut self) -> Result<Json<'a>, Fault> {
        let mut entries = Vec::new();
        if self.token() == Some(b'}') {
            self.advance(1);
            return Ok(Json::Object(entries));
        }
        loop {
            if self.token() != Some(b'"') {
                return Err(Fault::Syntax("a key in double quotes is expected here"));
            }
            let key = self.string()?;
            if self.token() != Some(b':') {
                return Err(Fault::Syntax("`:` is expected here"));
            }
            self.advance(1);
            let value =
                if self.depth == 1 && self.member == Some(key.as_ref()) { self.passed()? } else { self.value()? };
            entries.push((key, value));
            match self.token() {
                Some(b',') => self.advance(1),
                Some(b'}') => {
                    self.advance(1);
                    self.doubled = self.doubled || has_duplicates(&entries);
                    return Ok(Json::Object(entries));
                }
                _ => return Err(Fault::Syntax("`,` or `}` is expected here")),
            }
        }
    }

    /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn number(&mut self) -> Result<&'a str, Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.advance(1);
        }
        match self.peek() {
            Some(b'0') => self.advance(1),
            Some(b'1'..=b'9') => self.digits()?,
            _ => return Err(Fault::Syntax("a digit is expected here")),
        }
        if self.peek() == Some(b'.') {
            self.advance(1);
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.advance(1);
            if let Some(b'+' | b'-') = self.peek() {
                self.advance(1);
            }
            self.digits()?;
        }
        if let Some(b'0'..=b'9') = self.peek() {
            return Err(Fault::Syntax("a number does not begin with 0"));
        }
        Ok(self.text.get(start..self.at).unwrap_or(""))
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn digits(&mut self) -> Result<(), Fault> {
        let rest = self.rest();
        let count = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        if count == 0 {
            return Err(Fault::Syntax("a digit is expected here"));
        }
        self.advance(count);
        Ok(())
    }

    /// The stretch up to the next quote, backslash or control character.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn plain(&mut self) -> Result<(&'a str, u8), Fault> {
        let start = self.at;
        let rest = self.rest();
        let special = first_special(rest).and_then(|length| Some((length, *rest.get(length)?)));
        let Some((length, end)) = special else {
            self.at = self.bytes.len();
            return Err(Fault::Syntax("a string is not closed"));
        };
        self.advance(length);
        if end < 0x20 {
            return Err(Fault::Syntax("a control character in a string must be escaped"));
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        self.advance(1);
        Ok((text, end))
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.advance(1);
        let (head, mut end) = self.plain()?;
        if end == b'"' {
            return Ok(Cow::Borrowed(head));
        }
        let mut text = head.to_owned();
        while end != b'"' {
            text.push(self.escape()?);
            let (more, next) = self.plain()?;
            text.push_str(more);
            end = next;
        }
        Ok(Cow::Owned(text))
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<char, Fault> {
        let plain = match self.peek() {
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.advance(1);
                return self.code_point();
            }
            _ => return Err(Fault::Syntax("no such escape in a string")),
        };
        self.advance(1);
        Ok(plain)
    }

    fn code_point(&mut self) -> Result<char, Fault> {
        const ALONE: Fault = Fault::Syntax("half of a surrogate pair stands alone");
        let first = self.hex4()?;
        if !(0xd800..0xe000).contains(&first) {
            return char::from_u32(first).ok_or(ALONE);
        }
        if first >= 0xdc00 || !self.rest().starts_with(b"\\u") {
            return Err(ALONE);
        }
        self.advance(2);
        let second = self.hex4()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(ALONE);
        }
        let high = first.wrapping_sub(0xd800).wrapping_shl(10);
        let low = second.wrapping_sub(0xdc00);
        char::from_u32(high.wrapping_add(low).wrapping_add(0x1_0000)).ok_or(ALONE)
    }

    fn hex4(&mut self) -> Result<u32, Fault> {
        const FOUR: Fault = Fault::Syntax("four hexadecimal digits are expected after `\\u`");
        let digits = self.rest().get(..4).ok_or(FOUR)?;
        let mut value = 0_u32;
        for digit in digits {
            let digit = char::from(*digit).to_digit(16).ok_or(FOUR)?;
            value = value.wrapping_shl(4) | digit;
        }
        self.advance(4);
        Ok(value)
    }
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn has_duplicates(entries: &[(Cow<'_, str>, Json<'_>)]) -> bool {
    /// With more of them, those that fall together by chance would be too many.
    const FEW: usize = 64;
    if entries.len() > FEW {
        let mut keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_ref()).collect();
        keys.sort_unstable();
        return keys.windows(2).any(|pair| matches!(pair, [a, b] if a == b));
    }
    let mut met = [0_u64; 8];
    entries.iter().enumerate().any(|(index, (key, _))| {
        let place = bucket(key);
        let Some(word) = met.get_mut(place >> 6) else { return false };
        let bit = 1_u64.wrapping_shl((place & 63) as u32);
        let again = *word & bit != 0;
        *word |= bit;
        again && entries.iter().take(index).any(|(other, _)| same(other, key))
    })
}

#[cfg(test)]
mod tests;
