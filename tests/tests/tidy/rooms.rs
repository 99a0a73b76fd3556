//! Nouns import lower nouns, verbs import nouns, `engine.rs` and `wire` compose.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::lengths::is_for_tests;
use crate::tree::{Finding, Source};

const NOUNS: [&str; 7] = ["value", "diagnostic", "schema", "record", "ruleset", "program", "decision"];
const VERBS: [&str; 5] = ["parse", "check", "compile", "evaluate", "explain"];
const COMPOSERS: [&str; 3] = ["lib", "engine", "wire"];

/// Paths in an engine source that lead into a room its own room must not know.
pub fn forbidden_imports(source: &Source) -> Vec<Finding> {
    let home = module_path(&source.path);
    let room = home.first().map_or("lib", String::as_str).to_owned();
    if COMPOSERS.contains(&room.as_str()) {
        return Vec::new();
    }
    if !NOUNS.contains(&room.as_str()) && !VERBS.contains(&room.as_str()) {
        return vec![source.finding(1, format!("`{room}` is no room"))];
    }
    let mut visitor = Paths { source, home, room, found: Vec::new() };
    visitor.visit_file(&source.parse());
    visitor.found
}

/// `engine/src/check/types.rs` is the module `check::types`.
fn module_path(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("engine/src/").trim_end_matches(".rs");
    inner.split('/').filter(|part| *part != "mod").map(str::to_owned).collect()
}

/// Whether code of `room` may name something of the room `other`.
fn may_import(room: &str, other: &str) -> bool {
    let rank = |name: &str| NOUNS.iter().position(|noun| *noun == name);
    match (rank(room), rank(other)) {
        _ if room == other => true,
        (Some(own), Some(theirs)) => theirs < own,
        (None, Some(_)) => VERBS.contains(&room),
        (_, None) => false,
    }
}

struct Paths<'a> {
    source: &'a Source,
    home: Vec<String>,
    room: String,
    found: Vec<Finding>,
}

impl Paths<'_> {
    /// Judges a path given by its leading segments.
    fn judge(&mut self, segments: &[String], line: usize) {
        let Some(other) = self.target(segments) else {
            return;
        };
        if !may_import(&self.room, &other) {
            self.found
                .push(self.source.finding(line, format!("`{}` names `{other}` ({})", self.room, segments.join("::"))));
        }
    }

    /// The first module below the crate that the path leads to, if it leaves through `crate` or `super`.
    fn target(&self, segments: &[String]) -> Option<String> {
        let first = segments.first()?;
        if first == "crate" {
            return segments.get(1).cloned();
        }
        let climbs = segments.iter().take_while(|s| *s == "super").count();
        if climbs == 0 || climbs < self.home.len() {
            return None;
        }
        segments.get(climbs).cloned()
    }

    fn judge_use(&mut self, tree: &syn::UseTree, before: &[String]) {
        match tree {
            syn::UseTree::Path(path) => {
                let longer = [before, &[path.ident.to_string()]].concat();
                self.judge_use(&path.tree, &longer);
            }
            syn::UseTree::Name(name) => {
                self.judge(&[before, &[name.ident.to_string()]].concat(), name.ident.span().start().line)
            }
            syn::UseTree::Rename(name) => {
                self.judge(&[before, &[name.ident.to_string()]].concat(), name.ident.span().start().line)
            }
            syn::UseTree::Glob(glob) => {
                let line = glob.star_token.spans[0].start().line;
                self.judge(&[before, &["*".to_owned()]].concat(), line);
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.judge_use(item, before)),
        }
    }

    /// The arguments of a macro are not parsed: look for `crate :: name` in its tokens.
    fn judge_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.judge_tokens(group.stream()),
                TokenTree::Ident(ident) if ident == "crate" => {
                    if let Some(TokenTree::Ident(next)) = tokens.get(index + 3) {
                        self.judge(&["crate".to_owned(), next.to_string()], ident.span().start().line);
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Paths<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.judge_use(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        let line = path.segments.first().map_or(0, |s| s.ident.span().start().line);
        self.judge(&segments, line);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.judge_tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }

    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_for_tests(&item.attrs) {
            return;
        }
        self.home.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.home.pop();
    }
}

#[test]
fn a_forbidden_import_is_found() {
    let bad = [
        ("engine/src/value/mod.rs", "use crate::decision::Decision;"),
        ("engine/src/value/decimal.rs", "use crate::{diagnostic::Code};"),
        ("engine/src/schema/mod.rs", "use super::program::Program;"),
        ("engine/src/schema/fact.rs", "use super::super::program as p;"),
        ("engine/src/check/types.rs", "fn f() { crate::evaluate::run(); }"),
        ("engine/src/check.rs", "fn f(x: crate::compile::Plan) {}"),
        ("engine/src/explain/mod.rs", "fn f() { println!(\"{}\", crate::parse::x()); }"),
        ("engine/src/compile/mod.rs", "use crate::engine::Engine;"),
        ("engine/src/compile/mod.rs", "use crate::wire;"),
        ("engine/src/compile/mod.rs", "use crate::Engine;"),
        ("engine/src/compile/mod.rs", "use crate::*;"),
        ("engine/src/compile/mod.rs", "mod inner { use super::super::check::x; }"),
        ("engine/src/helpers/mod.rs", ""),
    ];
    for (path, text) in bad {
        assert_eq!(forbidden_imports(&Source::new(path, text)).len(), 1, "{path}: {text}");
    }
}

#[test]
fn an_allowed_import_is_not_found() {
    let good = [
        ("engine/src/decision/mod.rs", "use crate::{value::Value, schema::{Fact, Output}};"),
        ("engine/src/check/types.rs", "use super::scope::Scope; use crate::program; pub(crate) fn f() {}"),
        ("engine/src/check/mod.rs", "mod inner { use super::helper; }"),
        ("engine/src/evaluate/mod.rs", "#[cfg(test)] mod tests { use crate::compile::compile; }"),
        ("engine/src/engine.rs", "use crate::{parse, check, compile};"),
        ("engine/src/wire/call.rs", "use crate::engine::Engine;"),
        ("engine/src/value/mod.rs", "use std::fmt; use rust_decimal::Decimal;"),
    ];
    for (path, text) in good {
        let found = forbidden_imports(&Source::new(path, text));
        assert!(found.is_empty(), "{path}: {text}: {}", found[0]);
    }
}
