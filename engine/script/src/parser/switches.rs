//! `switch`: results and conditions from the tree, patterns from the tokens, and both compared.
//!
//! Rhai's tree keeps the patterns in a table by hash, without their places and their order. The tokens have both; the
//! tree has the last word on what the values are.

use rhai::{Dynamic, Expr as Tree, Position, SwitchCasesCollection, Token};
use rust_decimal::Decimal;
use trutina_engine::ruleset::script::{Expr, ExprKind, Switch, SwitchArm, SwitchPattern};

use super::convert::Converter;

impl Converter<'_> {
    /// Reads a `switch`.
    pub fn switch(&mut self, subject: &Tree, cases: &SwitchCasesCollection, position: Position) -> Expr {
        let span = self.span(position);
        let subject = self.expression(subject);
        let arrows = self.index(position).map(|index| self.arrows(index)).unwrap_or_default();
        let mut arms = Vec::new();
        let mut default = None;
        for (number, parts) in cases.expressions.iter().enumerate() {
            let guard = if unconditional(&parts.lhs) { None } else { Some(self.expression(&parts.lhs)) };
            let result = self.expression(&parts.rhs);
            if cases.def_case == Some(number) {
                default = Some(result);
                continue;
            }
            let written = arrows.get(number).and_then(|arrow| self.patterns(*arrow));
            let (patterns, span) = match written {
                Some(patterns) if agrees(&patterns, cases, number) => {
                    let span = patterns.first().map_or(span, |(_, at)| self.tokens.span(*at));
                    (patterns.into_iter().map(|(pattern, at)| self.placed(pattern, at)).collect(), span)
                }
                _ => {
                    let span = arrows.get(number).map_or(span, |arrow| self.tokens.span(self.arm_start(*arrow)));
                    let help = "write numbers, texts, `true`, `false` or ranges of integers, separated by `|`";
                    self.refuse(span, "the patterns of this case are not literals", help);
                    (Vec::new(), span)
                }
            };
            arms.push(SwitchArm { patterns, guard, result, span });
        }
        Expr { kind: ExprKind::Switch(Box::new(Switch { subject, arms, default })), span }
    }

    /// The `=>` of a `switch` that begins at the token `index`.
    fn arrows(&self, index: usize) -> Vec<usize> {
        let parent = self.tokens.get(index).and_then(|lexeme| lexeme.parent);
        let rest = || self.tokens.list().iter().enumerate().skip(index);
        let braces = rest().filter(|(_, lexeme)| lexeme.parent == parent && matches!(lexeme.token, Token::LeftBrace));
        // The subject may hold blocks of its own: the braces of the switch are the first that hold an arrow.
        for (brace, lexeme) in braces {
            let end = lexeme.partner.unwrap_or(brace);
            let inside = rest()
                .skip(brace.saturating_sub(index))
                .take(end.saturating_sub(brace))
                .filter(|(_, lexeme)| lexeme.parent == Some(brace) && matches!(lexeme.token, Token::DoubleArrow));
            let arrows: Vec<usize> = inside.map(|(arrow, _)| arrow).collect();
            if !arrows.is_empty() {
                return arrows;
            }
        }
        Vec::new()
    }

    /// The patterns of the arm whose `=>` is the token `arrow`, each with its first token.
    fn patterns(&self, arrow: usize) -> Option<Vec<(Pattern, usize)>> {
        let brace = self.tokens.get(arrow)?.parent?;
        let mut start = arrow;
        while start > brace {
            start = start.checked_sub(1)?;
            let lexeme = self.tokens.get(start)?;
            let begins = start == brace
                || lexeme.parent == Some(brace) && matches!(lexeme.token, Token::Comma | Token::RightBrace);
            if begins && let Some(patterns) = self.pattern_list(start.checked_add(1)?) {
                return Some(patterns);
            }
        }
        None
    }

    /// The likely first token of the arm whose `=>` is the token `arrow`.
    fn arm_start(&self, arrow: usize) -> usize {
        let brace = self.tokens.get(arrow).and_then(|lexeme| lexeme.parent);
        let comma = self.tokens.list().iter().enumerate().take(arrow).skip(brace.unwrap_or(0)).rev();
        let comma =
            comma.into_iter().find(|(_, lexeme)| lexeme.parent == brace && matches!(lexeme.token, Token::Comma));
        comma.map(|(index, _)| index).or(brace).and_then(|before| before.checked_add(1)).unwrap_or(arrow)
    }

    fn pattern_list(&self, start: usize) -> Option<Vec<(Pattern, usize)>> {
        let mut patterns = Vec::new();
        let mut at = start;
        loop {
            let first = at;
            let pattern = self.pattern(&mut at)?;
            patterns.push((pattern, first));
            match self.tokens.token(at)? {
                Token::Pipe => at = at.checked_add(1)?,
                Token::If | Token::DoubleArrow => return Some(patterns),
                _ => return None,
            }
        }
    }

    fn pattern(&self, at: &mut usize) -> Option<Pattern> {
        let literal = self.literal(at)?;
        let inclusive = match self.tokens.token(*at)? {
            Token::ExclusiveRange => false,
            Token::InclusiveRange => true,
            _ => return Some(Pattern::Literal(literal)),
        };
        *at = at.checked_add(1)?;
        match (literal, self.literal(at)?) {
            (ExprKind::Integer(start), ExprKind::Integer(end)) => Some(Pattern::Range { start, end, inclusive }),
            _ => None,
        }
    }

    fn literal(&self, at: &mut usize) -> Option<ExprKind> {
        let mut negative = false;
        while let Some(Token::Minus | Token::UnaryMinus | Token::Plus | Token::UnaryPlus) = self.tokens.token(*at) {
            negative ^= matches!(self.tokens.token(*at), Some(Token::Minus | Token::UnaryMinus));
            *at = at.checked_add(1)?;
        }
        let kind = match self.tokens.token(*at)? {
            Token::IntegerConstant(value) if negative => ExprKind::Integer(value.checked_neg()?),
            Token::IntegerConstant(value) => ExprKind::Integer(*value),
            Token::DecimalConstant(literal) if negative => ExprKind::Decimal(Decimal::ZERO.checked_sub(literal.0)?),
            Token::DecimalConstant(literal) => ExprKind::Decimal(literal.0),
            Token::StringConstant(text) if !negative => ExprKind::Text(text.to_string()),
            // Refused already, and written out as an empty text.
            Token::CharConstant(_) => ExprKind::Text(String::new()),
            Token::True if !negative => ExprKind::Boolean(true),
            Token::False if !negative => ExprKind::Boolean(false),
            _ => return None,
        };
        *at = at.checked_add(1)?;
        Some(kind)
    }

    fn placed(&self, pattern: Pattern, at: usize) -> SwitchPattern {
        match pattern {
            Pattern::Literal(kind) => SwitchPattern::Literal(Expr { kind, span: self.tokens.span(at) }),
            Pattern::Range { start, end, inclusive } => SwitchPattern::Range { start, end, inclusive },
        }
    }
}

/// A pattern as its tokens say.
enum Pattern {
    Literal(ExprKind),
    Range { start: i64, end: i64, inclusive: bool },
}

const fn unconditional(condition: &Tree) -> bool {
    matches!(condition, Tree::BoolConstant(true, position) if position.is_none())
}

/// Whether the tree has exactly these patterns for the arm.
fn agrees(patterns: &[(Pattern, usize)], cases: &SwitchCasesCollection, arm: usize) -> bool {
    let in_table: usize =
        cases.cases.values().map(|case| case.blocks.iter().filter(|block| **block == arm).count()).sum();
    in_table == patterns.len()
        && patterns.iter().all(|(pattern, _)| {
            cases.cases.values().any(|case| case.blocks.contains(&arm) && same(pattern, &case.value))
        })
}

fn same(pattern: &Pattern, value: &Dynamic) -> bool {
    match pattern {
        Pattern::Literal(ExprKind::Integer(number)) => value.as_int() == Ok(*number),
        Pattern::Literal(ExprKind::Decimal(number)) => value.as_decimal() == Ok(*number),
        Pattern::Literal(ExprKind::Boolean(truth)) => value.as_bool() == Ok(*truth),
        Pattern::Literal(ExprKind::Text(text)) => {
            value.read_lock::<rhai::ImmutableString>().is_some_and(|value| value.as_str() == text)
        }
        Pattern::Literal(_) => false,
        Pattern::Range { start, end, inclusive: false } => {
            value.read_lock::<std::ops::Range<i64>>().is_some_and(|range| range.start == *start && range.end == *end)
        }
        Pattern::Range { start, end, inclusive: true } => value
            .read_lock::<std::ops::RangeInclusive<i64>>()
            .is_some_and(|range| range.start() == start && range.end() == end),
    }
}
