//! The text in chunks of whole statements.
//!
//! Rhai's parser looks through all functions and closures read so far for each name that it does not know, which takes
//! quadratic time for a file of rules. The statements at the top of a file are parsed independently of each other, so
//! its verdict on each chunk is its verdict on the file; only that functions of one name stand twice is then for
//! `check` to say.

use rhai::Token;

use super::tokens::Tokens;
use trutina_engine::value::ordered::Set;

/// A chunk is closed when it has at least so many tokens.
const TOKENS: usize = 512;

/// Some whole statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk<'a> {
    pub text: &'a str,
    /// Line of its first character.
    pub line: u32,
    /// Column of its first character.
    pub column: u32,
}

/// Cuts the text behind whole statements.
pub fn chunks<'a>(text: &'a str, tokens: &Tokens) -> Vec<Chunk<'a>> {
    let mut chunks = Vec::new();
    let (mut from, mut line, mut column) = (0_usize, 1_u32, 1_u32);
    // Rhai's lexer miscounts columns behind some texts between backticks, which are refused anyway.
    let cuts = if text.contains('`') { Vec::new() } else { cuts(tokens) };
    for lexeme in cuts.into_iter().filter_map(|cut| tokens.get(cut)) {
        let Some(chunk) = text.get(from..lexeme.offset) else { break };
        chunks.push(Chunk { text: chunk, line, column });
        (from, line, column) = (lexeme.offset, lexeme.line, lexeme.column);
    }
    chunks.push(Chunk { text: text.get(from..).unwrap_or_default(), line, column });
    chunks
}

/// The first tokens of all chunks but the first. Functions of one name never share a chunk.
pub fn cuts(tokens: &Tokens) -> Vec<usize> {
    let mut cuts = Vec::new();
    let (mut first, mut start) = (0_usize, 0_usize);
    let mut names: Set<&str> = function_name(tokens, 0).into_iter().collect();
    while let Some(end) = statement_end(tokens, start).filter(|end| tokens.get(*end).is_some()) {
        start = end;
        let again = function_name(tokens, end).is_some_and(|name| !names.insert(name));
        if again || end.saturating_sub(first) >= TOKENS {
            cuts.push(end);
            first = end;
            names = function_name(tokens, end).into_iter().collect();
        }
    }
    cuts
}

/// The name of the function that begins with the token `start`.
fn function_name(tokens: &Tokens, start: usize) -> Option<&str> {
    let mut at = start;
    while matches!(tokens.token(at)?, Token::Private) {
        at = at.checked_add(1)?;
    }
    match (tokens.token(at)?, tokens.token(at.checked_add(1)?)?) {
        (Token::Fn, Token::Identifier(name)) => Some(name.as_str()),
        _ => None,
    }
}

/// The first token behind the statement at the top that begins with the token `start`.
fn statement_end(tokens: &Tokens, start: usize) -> Option<usize> {
    let function = matches!(tokens.token(start)?, Token::Fn | Token::Private);
    let mut at = start;
    loop {
        let lexeme = tokens.get(at)?;
        match lexeme.token {
            Token::SemiColon => return at.checked_add(1),
            Token::LeftBrace if function => return lexeme.partner?.checked_add(1),
            _ => {}
        }
        // Over a bracket in one step.
        at = lexeme.partner.filter(|partner| *partner > at).unwrap_or(at).checked_add(1)?;
    }
}
