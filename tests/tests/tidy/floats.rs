//! No binary floating point in the engine.

use proc_macro2::{TokenStream, TokenTree};

use crate::tree::{Finding, Source};

/// Float types and float literals, outside of comments and texts.
pub fn floats(source: &Source) -> Vec<Finding> {
    let tokens: TokenStream = source.text.parse().unwrap_or_else(|error| panic!("{}: {error}", source.path));
    let mut found = Vec::new();
    walk(source, tokens, &mut found);
    found
}

fn walk(source: &Source, tokens: TokenStream, found: &mut Vec<Finding>) {
    let mut after_dot = false;
    for token in tokens {
        let line = token.span().start().line;
        match &token {
            TokenTree::Group(group) => walk(source, group.stream(), found),
            TokenTree::Ident(ident) if ident == "f32" || ident == "f64" => {
                found.push(source.finding(line, format!("the type `{ident}`")))
            }
            TokenTree::Literal(literal) if !after_dot && is_float(&literal.to_string()) => {
                found.push(source.finding(line, format!("the float `{literal}`")));
            }
            _ => {}
        }
        after_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
    }
}

/// `0.1` after a dot is two tuple fields (`pair.0.1`), hence the caller's `after_dot`.
fn is_float(literal: &str) -> bool {
    match syn::parse_str::<syn::Lit>(literal) {
        Ok(syn::Lit::Float(_)) => true,
        Ok(syn::Lit::Int(integer)) => integer.suffix().starts_with('f'),
        _ => false,
    }
}

#[test]
fn a_float_is_found() {
    for bad in [
        "fn f(x: f64) {}",
        "const A: u8 = (0.5 as u8);",
        "fn f() { g(1e3) }",
        "type T = Vec<f32>;",
        "fn f() { m!(1f64) }",
        "fn f() { 1.max(0.5) }",
    ] {
        assert_eq!(floats(&Source::new("x.rs", bad)).len(), 1, "{bad}");
    }
}

#[test]
fn what_only_looks_like_a_float_is_not_found() {
    for good in [
        "/// an f64 of 0.5\nfn f() {}",
        "// f64 0.5\n",
        "fn f() { pair.0.1; a[0].1 }",
        "const A: &str = \"0.5 f64\";",
        "fn f() { for _ in 0..1 {} }",
        "const A: u32 = 0x1e3;",
    ] {
        let found = floats(&Source::new("x.rs", good));
        assert!(found.is_empty(), "{good}: {}", found[0]);
    }
}
