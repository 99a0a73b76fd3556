//! What only the tokens show: the form of literals, look-alike operators, and words the flattened form cannot carry.

use rhai::Token;
use rust_decimal::Decimal;
use trutina_engine::diagnostic::{Diagnostic, codes};
use trutina_engine::value::ordered::Map;

use super::chunks::cuts;
use super::tokens::{Lexeme, Tokens};
use super::{limits, refuse};

/// Pushes every problem that is visible in the tokens alone.
pub fn check(tokens: &Tokens, diagnostics: &mut Vec<Diagnostic>) {
    for (index, lexeme) in tokens.list().iter().enumerate() {
        match &lexeme.token {
            Token::IntegerConstant(value) => wrapped(tokens, index, lexeme, *value, diagnostics),
            Token::DecimalConstant(literal) => digits(tokens, index, &literal.1, diagnostics),
            Token::Equals => look_alike(tokens, index, lexeme, diagnostics),
            Token::PowerOf => power(tokens, index, diagnostics),
            Token::CharConstant(_) => refuse::character(tokens.span(index), diagnostics),
            Token::InterpolatedString(_) => refuse::interpolation(tokens.span(index), diagnostics),
            Token::StringConstant(_) if lexeme.first == '`' => refuse::backtick(tokens.span(index), diagnostics),
            Token::Reserved(word) if word.as_str() == "this" => refuse::this(tokens.span(index), diagnostics),
            _ => {}
        }
    }
}

/// `0xFFFFFFFFFFFFFFFF` is −1 in Rhai.
fn wrapped(tokens: &Tokens, index: usize, lexeme: &Lexeme, value: i64, diagnostics: &mut Vec<Diagnostic>) {
    if value < 0 && lexeme.first == '0' {
        let message = format!("this literal does not fit an integer: Rhai silently reads it as `{value}`");
        let help = format!("write `{value}` if that is meant");
        diagnostics.push(Diagnostic::new(codes::LITERAL_FORM, tokens.span(index), message).with_help(help));
    }
}

/// An integer beyond i64 becomes a decimal in Rhai, and a decimal's last digits are rounded away.
fn digits(tokens: &Tokens, index: usize, literal: &str, diagnostics: &mut Vec<Diagnostic>) {
    let span = tokens.span(index);
    if !literal.contains('.') {
        let message = format!("`{literal}` does not fit an integer: Rhai silently makes it a decimal");
        let help = format!("integers reach from {} to {}; a decimal is written `{literal}.0`", i64::MIN, i64::MAX);
        diagnostics.push(Diagnostic::new(codes::LITERAL_TOO_LONG, span, message).with_help(help));
    } else if Decimal::from_str_exact(literal).is_err() {
        let message = format!("`{literal}` has more digits than a decimal holds: Rhai silently rounds it");
        let help = "a decimal holds 28 digits, at most 28 of them after the point";
        diagnostics.push(Diagnostic::new(codes::LITERAL_TOO_LONG, span, message).with_help(help));
    }
}

/// `x =+ 5` assigns 5.
fn look_alike(tokens: &Tokens, index: usize, lexeme: &Lexeme, diagnostics: &mut Vec<Diagnostic>) {
    let Some(next) = index.checked_add(1).and_then(|next| tokens.get(next)) else { return };
    let adjacent = next.line == lexeme.line && Some(next.column) == lexeme.column.checked_add(1);
    let sign = next.first;
    if !adjacent || !matches!(sign, '+' | '-' | '!') {
        return;
    }
    let message = format!("`={sign}` is no operator: it assigns, and `{sign}` belongs to the value");
    let meant = if sign == '!' {
        "!="
    } else if sign == '+' {
        "+="
    } else {
        "-="
    };
    let help = format!("write `{meant}` if that is meant, else `= {sign}` with a space between");
    diagnostics.push(Diagnostic::new(codes::CONFUSING_OPERATOR, tokens.span(index), message).with_help(help));
}

/// `-2 ** 2` is 4 in Rhai: the sign binds tighter than the power.
fn power(tokens: &Tokens, index: usize, diagnostics: &mut Vec<Diagnostic>) {
    let Some(last) = index.checked_sub(1) else { return };
    let Some(first) = operand_start(tokens, last) else { return };
    let negative_literal = matches!(tokens.token(first), Some(Token::IntegerConstant(_) | Token::DecimalConstant(_)))
        && tokens.get(first).is_some_and(|lexeme| lexeme.first == '-');
    let signed = matches!(tokens.before(first), Some(Token::UnaryMinus)) || prefix_minus(tokens, first);
    if negative_literal || signed {
        let message = "the sign binds tighter than `**` here: `-2 ** 2` is 4 in Rhai, -4 elsewhere";
        let help = "write `(-2) ** 2` or `-(2 ** 2)`";
        diagnostics.push(Diagnostic::new(codes::CONFUSING_OPERATOR, tokens.span(index), message).with_help(help));
    }
}

/// Whether the token before `first` is a minus without a left operand.
fn prefix_minus(tokens: &Tokens, first: usize) -> bool {
    let Some(sign) = first.checked_sub(1) else { return false };
    if !matches!(tokens.token(sign), Some(Token::Minus)) {
        return false;
    }
    match tokens.before(sign) {
        None => true,
        Some(before) => !ends_operand(before),
    }
}

const fn ends_operand(token: &Token) -> bool {
    matches!(
        token,
        Token::IntegerConstant(_)
            | Token::DecimalConstant(_)
            | Token::StringConstant(_)
            | Token::CharConstant(_)
            | Token::Identifier(_)
            | Token::Reserved(_)
            | Token::True
            | Token::False
            | Token::Unit
            | Token::RightParen
            | Token::RightBracket
            | Token::RightBrace
    )
}

/// First token of the operand that ends at `last`: a literal, or a chain `a.b[1].c(x)`.
fn operand_start(tokens: &Tokens, last: usize) -> Option<usize> {
    let mut at = last;
    loop {
        if matches!(tokens.token(at), Some(Token::RightParen | Token::RightBracket | Token::RightBrace)) {
            at = tokens.get(at)?.partner?;
            let called = matches!(tokens.before(at), Some(Token::Identifier(_) | Token::Reserved(_)))
                && matches!(tokens.token(at), Some(Token::LeftParen));
            let indexed = matches!(tokens.token(at), Some(Token::LeftBracket | Token::QuestionBracket))
                && tokens.before(at).is_some_and(ends_operand);
            if called || indexed {
                at = at.checked_sub(1)?;
                continue;
            }
        }
        if !matches!(tokens.before(at), Some(Token::Period | Token::Elvis)) {
            return Some(at);
        }
        at = at.checked_sub(2)?;
    }
}

/// Refuses what Rhai's parser takes more than linear time for, or does not count. Runs before it.
pub fn budget(tokens: &Tokens, diagnostics: &mut Vec<Diagnostic>) -> Option<()> {
    let (at, limit, what, help) = over_budget(tokens)?;
    let message = format!("the script has more than {limit} {what}");
    diagnostics.push(Diagnostic::new(codes::RULESET_TOO_LARGE, tokens.span(at), message).with_help(help));
    Some(())
}

/// A token, the limit that it breaks, of what, and the fix.
type OverBudget = (usize, usize, &'static str, &'static str);

fn over_budget(tokens: &Tokens) -> Option<OverBudget> {
    let mut start = 0_usize;
    for bound in cuts(tokens).into_iter().chain([tokens.list().len()]) {
        if bound.saturating_sub(start) > limits::MAX_TOKENS {
            let what = "words and signs in one declaration";
            return Some((start, limits::MAX_TOKENS, what, "move figures into tables and scorecards"));
        }
        start = bound;
    }
    let mut cases: Map<Option<usize>, usize> = Map::new();
    let (mut variables, mut names) = (0_usize, 0_usize);
    for (index, lexeme) in tokens.list().iter().enumerate() {
        let (count, limit, what, help) = match &lexeme.token {
            Token::DoubleArrow | Token::Pipe => {
                let count = cases.or_default(lexeme.parent);
                (count, limits::MAX_CASES, "cases in one `switch`", "put them into a decision table")
            }
            Token::Let | Token::Const => {
                let help = "move figures into tables and parameters";
                (&mut variables, limits::MAX_VARIABLES, "variables and constants", help)
            }
            Token::Identifier(_) if !matches!(tokens.before(index), Some(Token::Period)) => {
                (&mut names, limits::MAX_NAMES, "names in one declaration", "split it")
            }
            Token::SemiColon | Token::RightBrace if lexeme.parent.is_none() => {
                names = 0;
                continue;
            }
            _ => continue,
        };
        *count = count.saturating_add(1);
        if *count > limit {
            return Some((index, limit, what, help));
        }
    }
    None
}
