//! From text to [`Script`]: see the crate's own text for the three steps.

mod chunks;
mod convert;
mod expressions;
mod flatten;
mod lexical;
mod limits;
mod refuse;
mod statements;
mod switches;
mod syntax;
#[cfg(test)]
mod tests;
mod tokens;
mod words;

use std::borrow::Cow;

use trutina_engine::diagnostic::{Diagnostic, FileId, Span, codes};
use trutina_engine::ruleset::script::{Expr, Script, ScriptParser};

use chunks::{Chunk, chunks};
use flatten::Flattened;
use tokens::Tokens;

/// Rhai's parser in front of the engine: stateless, shared freely between threads.
///
/// ```
/// use trutina_engine::diagnostic::FileId;
/// use trutina_engine::ruleset::script::ScriptParser as _;
///
/// let mut diagnostics = Vec::new();
/// let text = r#"rule("K01", "decline", |f| f.age < 18);"#;
/// let script = trutina_script::Parser.parse_script(FileId(0), text, &mut diagnostics).unwrap();
/// assert_eq!(script.declarations.len(), 1);
/// assert!(diagnostics.is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Parser;

impl ScriptParser for Parser {
    fn parse_script(&self, file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Script> {
        let mut found = Vec::new();
        let script = script(file, text, &mut found);
        trutina_engine::diagnostic::sort(&mut found);
        diagnostics.append(&mut found);
        script
    }

    fn parse_expression(&self, origin: Span, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
        let mut found = Vec::new();
        let expression = expression(origin, text, &mut found);
        let expression = expression.filter(|_| found.is_empty());
        trutina_engine::diagnostic::sort(&mut found);
        diagnostics.append(&mut found);
        expression
    }
}

fn script(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Script> {
    let origin = Span::at(file, 1, 1);
    let text = normal(origin, text, diagnostics)?;
    let tokens = read(origin, &text, false, diagnostics)?;
    let flat = flatten::script(&tokens, diagnostics);
    let trees = parse_flattened(&tokens, &flat, diagnostics)?;
    convert::script(&trees, &tokens, &flat, diagnostics)
}

fn expression(origin: Span, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
    let text = normal(origin, text, diagnostics)?;
    let tokens = read(origin, &text, true, diagnostics)?;
    let flat = flatten::expression(&tokens);
    let trees = parse_flattened(&tokens, &flat, diagnostics)?;
    convert::expression(trees.first()?, &tokens, &flat, diagnostics)
}

/// CRLF becomes LF; what Rhai counts as a line but nobody else does is refused, and so is a text that is too long.
fn normal<'a>(start: Span, text: &'a str, diagnostics: &mut Vec<Diagnostic>) -> Option<Cow<'a, str>> {
    let text = if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) };
    let (code, message, help) = if text.len() > limits::MAX_SOURCE {
        let message = format!("the script has {} bytes, more than {}", text.len(), limits::MAX_SOURCE);
        (codes::RULESET_TOO_LARGE, message, "move figures into tables and scorecards")
    } else if text.split('\n').count() > limits::MAX_LINES {
        let message = format!("the script has more than {} lines", limits::MAX_LINES);
        (codes::RULESET_TOO_LARGE, message, "move figures into tables and scorecards")
    } else if text.split('\n').any(|line| line.len() > limits::MAX_LINES) {
        let message = format!("a line has more than {} bytes", limits::MAX_LINES);
        (codes::RULESET_TOO_LARGE, message, "break the line")
    } else if text.contains('\r') {
        let message = "a carriage return stands without a line feed".to_owned();
        (codes::RHAI_SYNTAX, message, "end each line with a line feed, or with a carriage return and a line feed")
    } else {
        return Some(text);
    };
    diagnostics.push(Diagnostic::new(code, start, message).with_help(help));
    None
}

/// Tokens and Rhai's verdict on the text as it stands.
fn read(origin: Span, text: &str, expression: bool, diagnostics: &mut Vec<Diagnostic>) -> Option<Tokens> {
    let engine = limits::engine();
    let tokens = Tokens::scan(&engine, origin, text, diagnostics)?;
    if lexical::budget(&tokens, diagnostics).is_some() {
        return None;
    }
    lexical::check(&tokens, diagnostics);
    let sound = if expression {
        let whole = Chunk { text, line: 1, column: 1 };
        engine.compile_expression(text).map_err(|error| syntax::report(&error, whole, &tokens, diagnostics)).is_ok()
    } else {
        chunks(text, &tokens).into_iter().all(|chunk| {
            engine.compile(chunk.text).map_err(|error| syntax::report(&error, chunk, &tokens, diagnostics)).is_ok()
        })
    };
    sound.then_some(tokens)
}

/// The trees of the flattened text's chunks.
fn parse_flattened(tokens: &Tokens, flat: &Flattened, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<rhai::AST>> {
    let engine = limits::engine_for_flattened();
    let mut trees = Vec::new();
    for part in &flat.parts {
        match engine.compile(&part.text) {
            Ok(tree) => trees.push(tree),
            Err(error) => {
                let place = flat.token_at(part.base, error.1);
                let span = place.map_or(tokens.origin(), |index| tokens.span(index));
                let message = format!("this construction is not in the language ({})", words::plain(&error.0).0);
                diagnostics.push(Diagnostic::new(codes::NOT_IN_LANGUAGE, span, message));
                return None;
            }
        }
    }
    Some(trees)
}
