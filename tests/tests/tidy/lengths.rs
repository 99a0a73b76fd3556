//! Functions of at most 70 lines, files of at most 500 lines before their tests.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::tree::{Finding, Source};

const FUNCTION_LINES: usize = 70;
const FILE_LINES: usize = 500;
const BINDING_LINES: usize = 200;

/// Functions longer than 70 lines, from `fn` to the closing brace; tests are tables and may be long.
pub fn long_functions(source: &Source) -> Vec<Finding> {
    let mut visitor = Functions { source, found: Vec::new() };
    visitor.visit_file(&source.parse());
    visitor.found
}

struct Functions<'a> {
    source: &'a Source,
    found: Vec<Finding>,
}

impl Functions<'_> {
    fn judge(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let first = signature.fn_token.span().start().line;
        let lines = block.brace_token.span.close().end().line + 1 - first;
        if lines > FUNCTION_LINES {
            self.found.push(self.source.finding(first, format!("`{}` has {lines} lines", signature.ident)));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !item.attrs.iter().any(|a| a.path().is_ident("test")) {
            self.judge(&item.sig, &item.block);
        }
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.judge(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.judge(&item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
}

/// Whether an item carries `#[cfg(test)]`.
pub fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|a| a.path().is_ident("cfg") && a.parse_args::<syn::Path>().is_ok_and(|p| p.is_ident("test")))
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(i) => &i.attrs,
        syn::Item::Enum(i) => &i.attrs,
        syn::Item::Fn(i) => &i.attrs,
        syn::Item::Impl(i) => &i.attrs,
        syn::Item::Mod(i) => &i.attrs,
        syn::Item::Static(i) => &i.attrs,
        syn::Item::Struct(i) => &i.attrs,
        syn::Item::Use(i) => &i.attrs,
        _ => &[],
    }
}

/// A file with more than 500 lines before its first test module, or with code behind it.
pub fn long_file(source: &Source) -> Vec<Finding> {
    let file = source.parse();
    let inline_tests =
        |item: &syn::Item| matches!(item, syn::Item::Mod(m) if m.content.is_some()) && is_for_tests(attributes(item));
    let mut found = Vec::new();
    let end = match file.items.iter().position(inline_tests) {
        None => source.text.lines().count(),
        Some(index) => {
            if let Some(item) = file.items[index..].iter().find(|item| !is_for_tests(attributes(item))) {
                found.push(source.finding(item.span().start().line, "code behind the tests: tests come last"));
            }
            file.items[index].span().start().line - 1
        }
    };
    if end > FILE_LINES {
        found.push(source.finding(end, format!("{end} lines before tests")));
    }
    found
}

/// A binding's `lib.rs` with more than 200 lines.
pub fn thick_binding(source: &Source) -> Vec<Finding> {
    let lines = source.text.lines().count();
    if lines > BINDING_LINES { vec![source.finding(lines, format!("a binding of {lines} lines"))] } else { Vec::new() }
}

#[test]
fn a_long_function_is_found() {
    let bad = |head: &str, lines: usize| {
        Source::new(
            "x.rs",
            &format!("{head} fn f() {{\n{}}} {}", "let _ = 1;\n".repeat(lines), if head.is_empty() { "" } else { "}" }),
        )
    };
    assert_eq!(long_functions(&bad("", 69)).len(), 1);
    assert_eq!(long_functions(&bad("", 68)).len(), 0);
    assert_eq!(long_functions(&bad("impl T {", 69)).len(), 1);
    assert_eq!(long_functions(&bad("trait T {", 69)).len(), 1);
    assert_eq!(long_functions(&bad("mod inner {", 69)).len(), 1);
    assert_eq!(long_functions(&bad("#[cfg(test)] mod inner {", 69)).len(), 0);
}

#[test]
fn a_long_file_is_found() {
    let item = "const A: u8 = 1;\n";
    let tests = "#[cfg(test)]\nmod tests {\n    const B: u8 = 1;\n}\n";
    assert_eq!(long_file(&Source::new("x.rs", &item.repeat(501))).len(), 1);
    assert_eq!(long_file(&Source::new("x.rs", &item.repeat(500))).len(), 0);
    assert_eq!(long_file(&Source::new("x.rs", &format!("{}{tests}", item.repeat(500)))).len(), 0);
    assert_eq!(long_file(&Source::new("x.rs", &format!("{}{tests}", item.repeat(501)))).len(), 1);
    assert_eq!(long_file(&Source::new("x.rs", &format!("{tests}{item}"))).len(), 1);
}

#[test]
fn a_thick_binding_is_found() {
    assert_eq!(thick_binding(&Source::new("bindings/x/src/lib.rs", &"\n".repeat(201))).len(), 1);
    assert_eq!(thick_binding(&Source::new("bindings/x/src/lib.rs", &"\n".repeat(200))).len(), 0);
}
