//! Names of facts, outputs, parameters, artefacts and special codes.

use super::sink::Sink;
use super::text::oddity;
use crate::diagnostic::codes::{BAD_NAME, TEXT_NOT_NORMAL};
use crate::diagnostic::{Diagnostic, Span};

/// Words that Rhai keeps for itself: none of them parses as a name after a dot.
const RESERVED: [&str; 62] = [
    "as",
    "async",
    "await",
    "break",
    "call",
    "case",
    "catch",
    "const",
    "continue",
    "curry",
    "debug",
    "default",
    "do",
    "else",
    "eval",
    "exit",
    "export",
    "false",
    "fn",
    "for",
    "global",
    "go",
    "goto",
    "if",
    "import",
    "in",
    "is",
    "is_def_fn",
    "is_def_var",
    "is_shared",
    "let",
    "loop",
    "match",
    "module",
    "new",
    "nil",
    "null",
    "package",
    "print",
    "private",
    "protected",
    "public",
    "return",
    "shared",
    "spawn",
    "static",
    "super",
    "switch",
    "sync",
    "this",
    "thread",
    "throw",
    "true",
    "try",
    "type_of",
    "until",
    "use",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Whether a name can be used in rules: `[a-z][a-z0-9_]*` and no word of Rhai. Reports T1106 otherwise.
pub(super) fn check_name(name: &str, what: &str, span: Span, sink: &mut Sink) -> bool {
    if !check_form(name, what, span, sink) {
        return false;
    }
    if RESERVED.contains(&name) {
        let message = format!("{what} cannot be called `{name}`, a word of the rule language");
        sink.error_with(BAD_NAME, span, message, format!("call it `{name}_code` or the like"));
        return false;
    }
    true
}

/// Whether a name has the form `[a-z][a-z0-9_]*`. Reports T1106 otherwise.
pub(super) fn check_form(name: &str, what: &str, span: Span, sink: &mut Sink) -> bool {
    let body = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.starts_with(|first: char| first.is_ascii_lowercase()) && name.bytes().all(body) {
        return true;
    }
    let help = match proposal(name) {
        Some(near) => format!("call it `{near}`; labels and `source` may hold any text"),
        None => "a name begins with a letter a to z and goes on with a to z, 0 to 9 and `_`; labels and `source` may hold any text".to_owned(),
    };
    sink.error_with(BAD_NAME, span, format!("`{name}` is no name for {what}"), help);
    false
}

/// The nearest name of the right form, if the name is nearly one.
fn proposal(name: &str) -> Option<String> {
    let mut out = String::new();
    for (index, character) in name.char_indices() {
        match character {
            'A'..='Z' => {
                let before = index.checked_sub(1).and_then(|at| name.as_bytes().get(at));
                if before.is_some_and(u8::is_ascii_lowercase) {
                    out.push('_');
                }
                out.push(character.to_ascii_lowercase());
            }
            'a'..='z' | '0'..='9' | '_' => out.push(character),
            '-' | ' ' | '.' => out.push('_'),
            _ => return None,
        }
    }
    out.starts_with(|first: char| first.is_ascii_lowercase()).then_some(out)
}

/// Warns of a text that is compared and does not look like what it is (T2410).
pub(super) fn warn_of_oddity(text: &str, span: Span, sink: &mut Sink) {
    if let Some(what) = oddity(text) {
        let help = "retype it; it is compared character by character";
        sink.push(Diagnostic::new(TEXT_NOT_NORMAL, span, format!("the text `{text}` {what}")).with_help(help));
    }
}
