//! Rhai's tokens with their places.

use rhai::{Engine, Token};
use trutina_engine::diagnostic::{Diagnostic, Span, codes};

use super::limits;

/// One token.
#[derive(Debug)]
pub struct Lexeme {
    /// What Rhai's lexer made of it.
    pub token: Token,
    /// Its line in the text, from 1.
    pub line: u32,
    /// Its column in Unicode scalars, from 1.
    pub column: u32,
    /// Characters it takes, as far as they are on one line.
    pub length: u32,
    /// Its first byte in the text.
    pub offset: usize,
    /// First character, as written.
    pub first: char,
    /// Index of the matching bracket.
    pub partner: Option<usize>,
    /// Index of the bracket around it.
    pub parent: Option<usize>,
}

/// All tokens of a text.
#[derive(Debug)]
pub struct Tokens {
    list: Vec<Lexeme>,
    origin: Span,
}

impl Tokens {
    /// Cuts `text` into tokens. A text that no parser should see (nested too deeply) is refused: `None`.
    ///
    /// A token that Rhai's lexer cannot read ends the list; Rhai's parser will say what is wrong with it.
    pub fn scan(engine: &Engine, origin: Span, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let mut tokens = Self { list: lex(engine, text), origin };
        tokens.measure(text);
        tokens.match_brackets(diagnostics)?;
        Some(tokens)
    }

    /// Where the text begins.
    pub const fn origin(&self) -> Span {
        self.origin
    }

    /// All of them.
    pub fn list(&self) -> &[Lexeme] {
        &self.list
    }

    /// The token at `index`.
    pub fn get(&self, index: usize) -> Option<&Lexeme> {
        self.list.get(index)
    }

    /// What Rhai's lexer made of the token at `index`.
    pub fn token(&self, index: usize) -> Option<&Token> {
        self.list.get(index).map(|lexeme| &lexeme.token)
    }

    /// The token before `index`.
    pub fn before(&self, index: usize) -> Option<&Token> {
        index.checked_sub(1).and_then(|before| self.token(before))
    }

    /// Where the token at `index` stands in the file.
    pub fn span(&self, index: usize) -> Span {
        let Some(lexeme) = self.list.get(index) else { return self.origin };
        self.place(lexeme.line, lexeme.column, lexeme.length)
    }

    /// A stretch of the text as a place in the file.
    pub fn place(&self, line: u32, column: u32, length: u32) -> Span {
        let column = if line <= 1 { column.saturating_add(self.origin.column.saturating_sub(1)) } else { column };
        let line = line.saturating_add(self.origin.line.saturating_sub(1));
        Span::within_line(self.origin.file, line, column, length)
    }

    /// Finds the first character and the length of each token in the text.
    fn measure(&mut self, text: &str) {
        let mut next = self.list.iter_mut().peekable();
        let (mut line, mut column) = (1_u32, 1_u32);
        for (offset, character) in text.char_indices() {
            let Some(lexeme) = next.peek_mut() else { return };
            if lexeme.line == line && lexeme.column == column {
                lexeme.first = character;
                lexeme.offset = offset;
                lexeme.length = length(&lexeme.token, text.get(offset..).unwrap_or_default());
                next.next();
            }
            if character == '\n' {
                line = line.saturating_add(1);
                column = 1;
            } else {
                column = column.saturating_add(1);
            }
        }
    }

    fn match_brackets(&mut self, diagnostics: &mut Vec<Diagnostic>) -> Option<()> {
        let mut open: Vec<usize> = Vec::new();
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (index, lexeme) in self.list.iter_mut().enumerate() {
            match lexeme.token {
                Token::RightBrace | Token::RightParen | Token::RightBracket => {
                    if let Some(start) = open.pop() {
                        pairs.push((start, index));
                    }
                    lexeme.parent = open.last().copied();
                }
                _ => lexeme.parent = open.last().copied(),
            }
            if opens(&lexeme.token) {
                open.push(index);
            }
            if open.len() > limits::MAX_BRACKETS {
                let message = format!("brackets are nested more than {} deep", limits::MAX_BRACKETS);
                let help = "name the inner parts with `let`, or move them into a `fn`";
                let span = self.span(index);
                diagnostics.push(Diagnostic::new(codes::TOO_DEEP, span, message).with_help(help));
                return None;
            }
        }
        for (start, end) in pairs {
            if let Some(lexeme) = self.list.get_mut(start) {
                lexeme.partner = Some(end);
            }
            if let Some(lexeme) = self.list.get_mut(end) {
                lexeme.partner = Some(start);
            }
        }
        Some(())
    }
}

/// Whether the token opens a bracket.
pub const fn opens(token: &Token) -> bool {
    matches!(token, Token::LeftBrace | Token::LeftParen | Token::LeftBracket | Token::QuestionBracket | Token::MapStart)
}

fn lex(engine: &Engine, text: &str) -> Vec<Lexeme> {
    let mut list = Vec::new();
    let inputs = [text];
    let (stream, control) = engine.lex(&inputs);
    // Inside `${ }` of a text: how deep the braces are.
    let mut interpolations: Vec<u32> = Vec::new();
    let mut resumed = false;
    for (token, position) in stream {
        if matches!(token, Token::EOF) {
            break;
        }
        let ends = matches!(token, Token::LexError(_));
        let inside = !interpolations.is_empty();
        match (&token, interpolations.last_mut()) {
            (Token::InterpolatedString(_), _) if !resumed => interpolations.push(0),
            (Token::StringConstant(_), Some(_)) if resumed => {
                interpolations.pop();
            }
            (Token::LeftBrace | Token::MapStart, Some(depth)) => *depth = depth.saturating_add(1),
            (Token::RightBrace, Some(depth)) => *depth = depth.saturating_sub(1),
            _ => {}
        }
        resumed = matches!((&token, interpolations.last()), (Token::RightBrace, Some(0)));
        if resumed {
            control.borrow_mut().is_within_text = true;
        }
        if inside && !ends {
            continue;
        }
        list.push(Lexeme {
            token,
            line: number(position.line()),
            column: number(position.position()),
            length: 0,
            offset: usize::MAX,
            first: ' ',
            partner: None,
            parent: None,
        });
        if ends {
            break;
        }
    }
    list
}

fn number(value: Option<usize>) -> u32 {
    value.and_then(|value| u32::try_from(value).ok()).unwrap_or(1).max(1)
}

/// How many characters the token that begins `rest` takes, within its line.
fn length(token: &Token, rest: &str) -> u32 {
    let count = match token {
        Token::Identifier(name) | Token::Reserved(name) => name.chars().count(),
        Token::IntegerConstant(_) | Token::DecimalConstant(_) => number_length(rest),
        Token::StringConstant(_) | Token::CharConstant(_) => quoted_length(rest),
        Token::LexError(_) | Token::InterpolatedString(_) => 0,
        other if other.is_literal() => other.literal_syntax().chars().count(),
        _ => 0,
    };
    u32::try_from(count).unwrap_or(0)
}

fn number_length(rest: &str) -> usize {
    let mut count = 0_usize;
    let mut characters = rest.chars().peekable();
    while let Some(character) = characters.next() {
        let digit_behind = characters.peek().is_some_and(char::is_ascii_digit);
        let first_sign = count == 0 && character == '-';
        if !(character.is_ascii_alphanumeric() || character == '_' || first_sign || character == '.' && digit_behind) {
            break;
        }
        count = count.saturating_add(1);
    }
    count
}

fn quoted_length(rest: &str) -> usize {
    let mut characters = rest.chars().peekable();
    let Some(quote @ ('"' | '\'')) = characters.next() else { return 0 };
    let mut count = 1_usize;
    while let Some(character) = characters.next() {
        count = count.saturating_add(1);
        if character == '\n' {
            return 0;
        }
        let escape = character == '\\';
        let doubled = character == quote && characters.peek() == Some(&quote);
        if escape || doubled {
            characters.next();
            count = count.saturating_add(1);
        } else if character == quote {
            return count;
        }
    }
    0
}
