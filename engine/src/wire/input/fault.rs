//! What is wrong with a fact: the code, the words, and the way to it.

use crate::decision::{DecisionError, Place};
use crate::diagnostic::Code;
use crate::diagnostic::codes::{INPUT_MISSING, INPUT_TYPE, UNKNOWN_INPUT};
use crate::wire::json::push_pointer;

/// An input error on its way out; the pointer grows from the innermost step.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    code: Code,
    message: String,
    /// Innermost first.
    path: Vec<String>,
}

impl Fault {
    #[cold]
    pub(super) fn new(code: Code, message: impl Into<String>) -> Box<Self> {
        Box::new(Self { code, message: message.into(), path: Vec::new() })
    }

    #[cold]
    pub(super) fn missing() -> Box<Self> {
        Self::new(INPUT_MISSING, "a value is required here")
    }

    #[cold]
    pub(super) fn wrong_type(expected: &str, found: &str) -> Box<Self> {
        Self::new(INPUT_TYPE, format!("{expected} is expected here, not {found}"))
    }

    #[cold]
    pub(super) fn unknown(what: &str, key: &str, suggestion: Option<String>) -> Box<Self> {
        let hint = suggestion.map(|hint| format!("; {hint}")).unwrap_or_default();
        Self::new(UNKNOWN_INPUT, format!("unknown {what} `{}`{hint}", shorten(key)))
    }

    /// The same fault, one step further out.
    #[cold]
    pub(super) fn within(mut self: Box<Self>, step: &str) -> Box<Self> {
        self.path.push(step.to_owned());
        self
    }

    #[cold]
    pub(super) fn into_error(self) -> DecisionError {
        let mut pointer = String::new();
        for step in self.path.iter().rev() {
            push_pointer(&mut pointer, step);
        }
        DecisionError { code: self.code, message: self.message, at: Place::Pointer(pointer) }
    }
}

/// A value as a message may show it: never a sensitive one, and no more than its beginning.
pub(super) fn shown(text: &str, sensitive: bool) -> String {
    if sensitive { "the value".to_owned() } else { format!("`{}`", shorten(text)) }
}

fn shorten(text: &str) -> String {
    const MOST: usize = 40;
    let mut short: String = text.chars().take(MOST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
