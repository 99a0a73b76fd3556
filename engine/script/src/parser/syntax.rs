//! Rhai's own syntax errors in Trutina's words.

use rhai::{LexError, ParseError, ParseErrorType as Type};
use trutina_engine::diagnostic::{Code, Diagnostic, codes};

use super::chunks::Chunk;
use super::tokens::Tokens;

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
    diagnostic.help = help.or_else(|| at.and_then(|index| hint(tokens, index)));
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

/// A plain message and a fix for an error of Rhai's parser.
pub fn plain(error: &Type) -> (String, Option<String>) {
    match error {
        Type::UnexpectedEOF => ("the text ends in the middle of an expression".into(), None),
        Type::BadInput(lexical) => plain_lexical(lexical),
        Type::MissingToken(token, what) => missing(token, what),
        Type::ExprTooDeep => (
            "this is nested too deeply".into(),
            Some("name the inner parts with `let`, or move them into a `fn`".into()),
        ),
        Type::WrongFnDefinition => {
            ("a function stands inside another".into(), Some("move it to the top of the file".into()))
        }
        Type::LoopBreak => ("`break` and `continue` stand outside of a loop".into(), None),
        Type::Reserved(word) => (format!("`{word}` is a reserved word of Rhai"), Some("choose another name".into())),
        Type::UnknownOperator(operator) => (format!("`{operator}` is no operator"), None),
        Type::FnDuplicatedDefinition(name, _) => {
            (format!("the function `{name}` is defined twice"), Some("rename or remove one of them".into()))
        }
        Type::FnDuplicatedParam(_, name) => (format!("the parameter `{name}` stands twice"), None),
        Type::DuplicatedProperty(name) => (format!("the property `{name}` stands twice"), None),
        Type::WrongSwitchDefaultCase => {
            ("`_` is the last case of a `switch`".into(), Some("move it to the end".into()))
        }
        Type::WrongSwitchIntegerCase => (
            "a number stands after a range in this `switch`".into(),
            Some("put single numbers before the ranges".into()),
        ),
        Type::WrongSwitchCaseCondition => {
            ("`_` takes no condition".into(), Some("move the condition into the result, as an `if`".into()))
        }
        Type::AssignmentToConstant(_) => {
            ("a constant cannot be assigned to".into(), Some("write `let`, or another name".into()))
        }
        Type::AssignmentToInvalidLHS(_) => ("this cannot be assigned to".into(), Some("write `==` to compare".into())),
        other => (lower(&other.to_string()), None),
    }
}

fn plain_lexical(error: &LexError) -> (String, Option<String>) {
    match error {
        LexError::UnexpectedInput(text) => (format!("unexpected `{text}`"), None),
        LexError::UnterminatedString => ("the text is not closed on its line".into(), Some("end it with `\"`".into())),
        LexError::MalformedNumber(number) if too_long(number) => (
            format!("`{number}` has more digits than a decimal holds"),
            Some("a decimal holds 28 digits, at most 28 of them after the point".into()),
        ),
        LexError::MalformedNumber(number) => (format!("`{number}` is no number"), None),
        LexError::MalformedEscapeSequence(text) => {
            (format!("`{text}` is no escape"), Some("write a backslash as `\\\\`".into()))
        }
        LexError::MalformedChar(_) => {
            ("this character literal is malformed".into(), Some("write a text in double quotes".into()))
        }
        other => (lower(&other.to_string()), None),
    }
}

/// A number in the right form that only its length spoils.
fn too_long(number: &str) -> bool {
    number.len() > 28 && number.chars().all(|character| character.is_ascii_digit() || character == '.')
}

fn missing(token: &str, what: &str) -> (String, Option<String>) {
    let message = format!("expected `{token}` {what}");
    let help =
        (token == ";").then(|| "end the statement with `;`; strict Rhai writes `else if`, `&&`, `||` and `!`".into());
    (message, help)
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

/// Rhai's message in the style of the diagnostics: lower case, backticks.
fn lower(text: &str) -> String {
    let mut characters = text.trim_end_matches('.').chars();
    let first = characters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    format!("{first}{}", characters.as_str()).replace('\'', "`")
}
