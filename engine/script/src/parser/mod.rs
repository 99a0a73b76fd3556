//! From text to [`Script`]: see the crate's own text for the three steps.

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

use std::borrow::Cow;

use trutina_engine::diagnostic::{Diagnostic, FileId, Span, codes};
use trutina_engine::ruleset::script::{Expr, Script, ScriptParser};

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
        found.sort_by_key(|diagnostic| diagnostic.span);
        diagnostics.append(&mut found);
        script
    }

    fn parse_expression(&self, origin: Span, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
        let mut found = Vec::new();
        let expression = expression(origin, text, &mut found);
        let expression = expression.filter(|_| found.is_empty());
        found.sort_by_key(|diagnostic| diagnostic.span);
        diagnostics.append(&mut found);
        expression
    }
}

fn script(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Script> {
    let origin = Span::at(file, 1, 1);
    let text = normal(origin, text, diagnostics)?;
    let tokens = read(origin, &text, false, diagnostics)?;
    let flat = flatten::script(&tokens, diagnostics);
    let tree = parse_flattened(&tokens, &flat, diagnostics)?;
    convert::script(&tree, &tokens, &flat, diagnostics)
}

fn expression(origin: Span, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
    let text = normal(origin, text, diagnostics)?;
    let tokens = read(origin, &text, true, diagnostics)?;
    let flat = flatten::expression(&tokens);
    let tree = parse_flattened(&tokens, &flat, diagnostics)?;
    convert::expression(&tree, &tokens, &flat, diagnostics)
}

/// CRLF becomes LF; what Rhai counts as a line but nobody else does is refused, and so is a text that is too long.
fn normal<'a>(start: Span, text: &'a str, diagnostics: &mut Vec<Diagnostic>) -> Option<Cow<'a, str>> {
    if text.len() > limits::MAX_SOURCE {
        let message = format!("the script has {} bytes, more than {}", text.len(), limits::MAX_SOURCE);
        let help = "move figures into tables and scorecards";
        diagnostics.push(Diagnostic::new(codes::RULESET_TOO_LARGE, start, message).with_help(help));
        return None;
    }
    if !text.contains('\r') {
        return Some(Cow::Borrowed(text));
    }
    let text = text.replace("\r\n", "\n");
    if text.contains('\r') {
        let message = "a carriage return stands without a line feed";
        let help = "save the file with line feeds, or with carriage return and line feed, at the end of each line";
        diagnostics.push(Diagnostic::new(codes::RHAI_SYNTAX, start, message).with_help(help));
        return None;
    }
    Some(Cow::Owned(text))
}

/// Tokens and Rhai's verdict on the text as it stands.
fn read(origin: Span, text: &str, expression: bool, diagnostics: &mut Vec<Diagnostic>) -> Option<Tokens> {
    let engine = limits::engine();
    let tokens = Tokens::scan(&engine, origin, text, diagnostics)?;
    lexical::budget(&tokens, diagnostics)?;
    lexical::check(&tokens, diagnostics);
    let verdict = if expression { engine.compile_expression(text) } else { engine.compile(text) };
    match verdict {
        Ok(_) => Some(tokens),
        Err(error) => {
            syntax::report(&error, &tokens, diagnostics);
            None
        }
    }
}

fn parse_flattened(tokens: &Tokens, flat: &flatten::Flattened, diagnostics: &mut Vec<Diagnostic>) -> Option<rhai::AST> {
    match limits::engine_for_flattened().compile(&flat.text) {
        Ok(tree) => Some(tree),
        Err(error) => {
            let span = flat.token_at(error.1).map_or(tokens.origin(), |index| tokens.span(index));
            let message = format!("this construction is not in the language ({})", syntax::plain(&error.0).0);
            diagnostics.push(Diagnostic::new(codes::NOT_IN_LANGUAGE, span, message));
            None
        }
    }
}
