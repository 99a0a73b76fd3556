//! Defaults stand in the engine once: a binding or host that has its own will differ one day.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::tree::{Finding, Source};

const FALLBACKS: [&str; 3] = ["unwrap_or", "unwrap_or_else", "map_or"];

/// `unwrap_or(5)`, `unwrap_or_else(|| 5)` and `map_or(5, ...)` with a number. 0 and 1 are no settings: nothing and one.
pub fn numeric_defaults(source: &Source) -> Vec<Finding> {
    let tokens: TokenStream = source.text.parse().unwrap_or_else(|error| panic!("{}: {error}", source.path));
    let mut found = Vec::new();
    walk(source, tokens, &mut found);
    found
}

fn walk(source: &Source, tokens: TokenStream, found: &mut Vec<Finding>) {
    let mut fallback = None;
    for token in tokens {
        match &token {
            TokenTree::Group(group) => {
                if let Some(line) = fallback
                    .filter(|_| group.delimiter() == Delimiter::Parenthesis && begins_with_number(group.stream()))
                {
                    found.push(source.finding(line, "a numeric default outside the engine"));
                }
                walk(source, group.stream(), found);
                fallback = None;
            }
            TokenTree::Ident(ident) => {
                fallback = FALLBACKS.iter().any(|f| ident == f).then(|| ident.span().start().line)
            }
            _ => fallback = None,
        }
    }
}

fn begins_with_number(tokens: TokenStream) -> bool {
    let first =
        tokens.into_iter().find(|token| !matches!(token, TokenTree::Punct(punct) if "|-".contains(punct.as_char())));
    matches!(first, Some(TokenTree::Literal(literal)) if is_setting(&literal.to_string()))
}

fn is_setting(literal: &str) -> bool {
    literal.starts_with(|c: char| c.is_ascii_digit()) && !matches!(literal, "0" | "1")
}

#[test]
fn a_numeric_default_is_found() {
    for bad in [
        "fn f() { x.unwrap_or(5) }",
        "fn f() { x.unwrap_or_else(|| 5_000) }",
        "fn f() { x.map_or(-2, g) }",
        "fn f() { m!(x.unwrap_or(10)) }",
    ] {
        assert_eq!(numeric_defaults(&Source::new("x.rs", bad)).len(), 1, "{bad}");
    }
}

#[test]
fn another_default_is_not_found() {
    for good in [
        "fn f() { x.unwrap_or(\"5\") }",
        "fn f() { x.unwrap_or_default() }",
        "fn f() { x.unwrap_or(LIMIT) }",
        "fn f() { x.unwrap_or(0).map_or(1, g) }",
        "// unwrap_or(5)",
    ] {
        assert!(numeric_defaults(&Source::new("x.rs", good)).is_empty(), "{good}");
    }
}
