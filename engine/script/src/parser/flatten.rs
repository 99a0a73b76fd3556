//! The tokens written out again so that every body stands in the tree: see the crate's own text.

use rhai::{Position, Token};
use trutina_engine::diagnostic::{Diagnostic, Span};
use trutina_engine::ruleset::script::Ident;
use trutina_engine::value::ordered::Map;

use super::chunks::cuts;
use super::refuse;
use super::tokens::Tokens;

/// The flattened text, one token to a line, and what was taken out of it.
#[derive(Debug, Default)]
pub struct Flattened {
    /// What Rhai's parser reads, in chunks: it counts no more than 65,535 lines.
    pub parts: Vec<Part>,
    /// The index of the source token behind each line.
    lines: Vec<usize>,
    /// Heads of closures by the index of their first `|`, where the block's brace now stands.
    pub closures: Map<usize, Head>,
    /// Heads of functions by the index of their body's brace.
    pub functions: Map<usize, Head>,
}

/// A chunk of the flattened text.
#[derive(Debug, Default)]
pub struct Part {
    /// What Rhai's parser reads.
    pub text: String,
    /// Lines in the chunks before it.
    pub base: usize,
}

/// What stands before a body.
#[derive(Clone, Debug)]
pub struct Head {
    /// The function's name; `None` for a closure.
    pub name: Option<Ident>,
    /// Its parameters.
    pub parameters: Vec<Ident>,
    /// Where it begins.
    pub span: Span,
}

impl Flattened {
    /// The source token that stands at a position of the chunk with so many lines before it.
    pub fn token_at(&self, base: usize, position: Position) -> Option<usize> {
        let line = position.line()?.checked_sub(1)?.checked_add(base)?;
        self.lines.get(line).copied()
    }

    fn part(&mut self) {
        self.parts.push(Part { text: String::new(), base: self.lines.len() });
    }

    fn line(&mut self, index: usize, text: &str) {
        if let Some(part) = self.parts.last_mut() {
            part.text.push_str(text);
            part.text.push('\n');
            self.lines.push(index);
        }
    }
}

/// Flattens a whole script.
pub fn script(tokens: &Tokens, diagnostics: &mut Vec<Diagnostic>) -> Flattened {
    let mut flat = Flattened::default();
    write(tokens, &mut flat, &cuts(tokens), Some(diagnostics));
    flat
}

/// Flattens an expression.
pub fn expression(tokens: &Tokens) -> Flattened {
    let mut flat = Flattened::default();
    write(tokens, &mut flat, &[], None);
    flat
}

fn write(tokens: &Tokens, flat: &mut Flattened, cuts: &[usize], mut diagnostics: Option<&mut Vec<Diagnostic>>) {
    // Closures whose bodies are open: the bracket around the closure.
    let mut open: Vec<usize> = Vec::new();
    let mut cuts = cuts.iter().copied().peekable();
    let mut index = 0_usize;
    flat.part();
    while let Some(lexeme) = tokens.get(index) {
        if cuts.next_if(|cut| *cut <= index).is_some() {
            flat.part();
        }
        while let Some(bracket) = open.last().copied() {
            let ends = tokens.get(bracket).and_then(|outer| outer.partner) == Some(index)
                || lexeme.parent == Some(bracket) && matches!(lexeme.token, Token::Comma);
            if !ends {
                break;
            }
            open.pop();
            flat.line(index, "}");
        }
        if let Some((head, body)) = closure_head(tokens, index) {
            open.extend(lexeme.parent);
            flat.closures.insert(index, head);
            flat.line(index, "{");
            index = body;
        } else if let Some((head, body)) = function_head(tokens, index, diagnostics.as_deref_mut()) {
            flat.functions.insert(body, head);
            index = body;
        } else {
            if let (Token::Fn, Some(diagnostics)) = (&lexeme.token, diagnostics.as_deref_mut()) {
                refuse::method(tokens.span(index), diagnostics);
            }
            let text = written(&lexeme.token);
            flat.line(index, &text);
            index = index.saturating_add(1);
        }
    }
}

/// The token as a text of one line from which Rhai's lexer reads the same token.
fn written(token: &Token) -> String {
    match token {
        Token::IntegerConstant(value) => value.to_string(),
        Token::DecimalConstant(literal) => literal.1.to_string(),
        Token::Identifier(name) => name.to_string(),
        Token::StringConstant(text) => quoted(text),
        // Refused already; something harmless keeps the tree whole.
        Token::CharConstant(_) | Token::InterpolatedString(_) => quoted(""),
        Token::Reserved(word) if word.as_str() == "this" => "()".to_owned(),
        Token::Reserved(word) => word.to_string(),
        Token::Private => ";".to_owned(),
        // So that a constant of the file is no constant inside the bodies that Rhai keeps apart.
        Token::Const => Token::Let.literal_syntax().to_owned(),
        other if other.is_literal() => other.literal_syntax().to_owned(),
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A closure that stands as an argument: its head and the index of its body's first token.
fn closure_head(tokens: &Tokens, index: usize) -> Option<(Head, usize)> {
    let lexeme = tokens.get(index)?;
    let argument = matches!(tokens.before(index), Some(Token::LeftParen | Token::Comma))
        && lexeme.parent.is_some_and(|parent| matches!(tokens.token(parent), Some(Token::LeftParen)));
    if !argument {
        return None;
    }
    let span = tokens.span(index);
    let mut at = index.checked_add(1)?;
    let mut parameters = Vec::new();
    match lexeme.token {
        Token::Or => {}
        Token::Pipe => loop {
            match tokens.token(at)? {
                Token::Pipe => {
                    at = at.checked_add(1)?;
                    break;
                }
                Token::Comma => {}
                Token::Identifier(name) => parameters.push(Ident { name: name.to_string(), span: tokens.span(at) }),
                _ => return None,
            }
            at = at.checked_add(1)?;
        },
        _ => return None,
    }
    Some((Head { name: None, parameters, span }, at))
}

/// A function: its head and the index of its body's brace.
fn function_head(tokens: &Tokens, index: usize, diagnostics: Option<&mut Vec<Diagnostic>>) -> Option<(Head, usize)> {
    if !matches!(tokens.token(index)?, Token::Fn) {
        return None;
    }
    let name_at = index.checked_add(1)?;
    let Token::Identifier(name) = tokens.token(name_at)? else { return None };
    let mut at = name_at.checked_add(1)?;
    if matches!(tokens.token(at)?, Token::Period) {
        return None;
    }
    if let (Some(Token::Private), Some(diagnostics)) = (tokens.before(index), diagnostics) {
        refuse::private(tokens.span(index.saturating_sub(1)), diagnostics);
    }
    let mut parameters = Vec::new();
    loop {
        match tokens.token(at)? {
            Token::LeftBrace => break,
            Token::Identifier(name) => parameters.push(Ident { name: name.to_string(), span: tokens.span(at) }),
            Token::LeftParen | Token::RightParen | Token::Unit | Token::Comma => {}
            _ => return None,
        }
        at = at.checked_add(1)?;
    }
    let name = Some(Ident { name: name.to_string(), span: tokens.span(name_at) });
    Some((Head { name, parameters, span: tokens.span(index) }, at))
}
