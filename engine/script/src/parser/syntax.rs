//! Rhai's own syntax errors as diagnostics.

use rhai::{LexError, ParseError, ParseErrorType as Type};
use trutina_engine::diagnostic::{Code, Diagnostic, codes};

use super::chunks::Chunk;
use super::tokens::Tokens;
use super::words::{plain, too_long};

/// Pushes what Rhai's parser found in a chunk, at its place in the text.
pub fn report(error: &ParseError, chunk: Chunk<'_>, tokens: &Tokens, diagnostics: &mut Vec<Diagnostic>) {
    let (line, column) = (number(error.1.line()), number(error.1.position()));
    let column = if line == 1 { column.saturating_add(chunk.column.saturating_sub(1)) } else { column };
    let line = line.saturating_add(chunk.line.saturating_sub(1));
    let at = tokens.list().iter().position(|lexeme| lexeme.line == line && lexeme.column == column);
    let span = at.map_or_else(|| tokens.place(line, column, 0), |index| tokens.span(index));
    let span = if error.1.line().is_none() { end(tokens) } else { span };
    let (message, help) = plain(&error.0);
    let mut diagnostic = Diagnostic::new(code(&error.0), span, message);
    diagnostic.help = at.and_then(|index| hint(tokens, index)).or(help);
    diagnostics.push(diagnostic);
}

fn number(value: Option<usize>) -> u32 {
    value.and_then(|value| u32::try_from(value).ok()).unwrap_or(1).max(1)
}

fn end(tokens: &Tokens) -> trutina_engine::diagnostic::Span {
    tokens.list().len().checked_sub(1).map_or(tokens.origin(), |last| tokens.span(last))
}

fn code(error: &Type) -> Code {
    match error {
        Type::BadInput(LexError::MalformedNumber(number)) if too_long(number) => codes::LITERAL_TOO_LONG,
        Type::ExprTooDeep => codes::TOO_DEEP,
        Type::TooManyFunctions | Type::LiteralTooLarge(..) => codes::RULESET_TOO_LARGE,
        Type::WrongFnDefinition | Type::WrongExport | Type::MalformedCapture(_) => codes::NOT_IN_LANGUAGE,
        _ => codes::RHAI_SYNTAX,
    }
}

/// Common slips, by the word at the place of the error.
fn hint(tokens: &Tokens, index: usize) -> Option<String> {
    let word = tokens.token(index)?.to_string();
    let before = tokens.before(index).map(ToString::to_string).unwrap_or_default();
    let help = match (before.as_str(), word.as_str()) {
        (_, "elif" | "elsif" | "elseif") => "write `else if`",
        (_, "and") => "write `&&`",
        (_, "or") => "write `||`",
        (_, "not") | ("not", _) => "write `!`",
        (_, "then" | "end") => "the branches of `if` stand between braces",
        (_, "=") => "write `==` to compare",
        _ => return None,
    };
    Some(help.to_owned())
}
