//! From Rhai's tree of the flattened text to the nouns of the engine.
//!
//! What is not in the language is refused where it stands; the reader goes on, so that all problems of a file come out
//! in one run. The node in its place is then `()`, and whatever holds it is not handed to `check`.

use std::borrow::Cow;

use rhai::{AST, Expr as Tree, Position, Stmt};
use trutina_engine::diagnostic::{Diagnostic, Span, codes};
use trutina_engine::ruleset::script::{Closure, Constant, Declaration, Expr, ExprKind, Function, Ident, Script};

use super::flatten::Flattened;
use super::refuse;
use super::tokens::Tokens;

/// The reader of a tree.
pub struct Converter<'a> {
    pub tokens: &'a Tokens,
    pub flat: &'a Flattened,
    /// Lines of the flattened text before the chunk at hand.
    pub base: usize,
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

/// Reads a whole script. `None` if a problem stands where other declarations depend on it; a rule with a problem is left
/// out, for nothing depends on a rule.
pub fn script(trees: &[AST], tokens: &Tokens, flat: &Flattened, diagnostics: &mut Vec<Diagnostic>) -> Option<Script> {
    let lexical: Vec<Span> = diagnostics.iter().filter_map(|diagnostic| diagnostic.span).collect();
    let mut converter = Converter { tokens, flat, base: 0, diagnostics };
    let parts = trees.iter().zip(&flat.parts);
    let statements: Vec<(usize, &Stmt)> =
        parts.flat_map(|(tree, part)| tree.statements().iter().map(|statement| (part.base, statement))).collect();
    let mut starts = Vec::new();
    for (base, statement) in &statements {
        converter.base = *base;
        starts.push(converter.span(statement.position()));
    }
    let mut script = Script::default();
    let mut sound = true;
    for (number, (base, statement)) in statements.into_iter().enumerate() {
        converter.base = base;
        let before = converter.diagnostics.len();
        let is_rule = converter.declaration(statement, &mut script);
        let from = if number == 0 { None } else { starts.get(number) };
        let until = number.checked_add(1).and_then(|next| starts.get(next));
        let within = |span: &Span| from.is_none_or(|from| span >= from) && until.is_none_or(|until| span < until);
        let damaged = converter.diagnostics.len() > before || lexical.iter().any(within);
        if damaged && is_rule {
            script.declarations.pop();
        }
        sound &= !damaged || is_rule;
    }
    sound.then_some(script)
}

/// Reads one expression.
pub fn expression(tree: &AST, tokens: &Tokens, flat: &Flattened, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
    let mut converter = Converter { tokens, flat, base: 0, diagnostics };
    match tree.statements() {
        [Stmt::Expr(expression)] => Some(converter.expression(expression)),
        [Stmt::FnCall(call, position)] => Some(converter.call(call, *position)),
        [statement @ (Stmt::If(..) | Stmt::Switch(..) | Stmt::Block(..))] => {
            Some(converter.statement_as_expression(statement))
        }
        _ => {
            let message = "this is no expression";
            converter.diagnostics.push(Diagnostic::new(codes::RHAI_SYNTAX, tokens.origin(), message));
            None
        }
    }
}

impl Converter<'_> {
    /// Where a node of the tree stands in the source.
    pub fn span(&self, position: Position) -> Span {
        self.index(position).map_or(self.tokens.origin(), |index| self.tokens.span(index))
    }

    /// The token of a node.
    pub fn index(&self, position: Position) -> Option<usize> {
        self.flat.token_at(self.base, position)
    }

    /// Refuses a construction; `()` takes its place.
    pub fn refuse<'m>(&mut self, span: Span, message: impl Into<Cow<'m, str>>, help: &str) -> Expr {
        refuse::push(span, message, help, self.diagnostics);
        Expr { kind: ExprKind::Unit, span }
    }

    /// Reads one statement of the top level; says whether it added a rule.
    fn declaration(&mut self, statement: &Stmt, script: &mut Script) -> bool {
        match statement {
            Stmt::Noop(_) => {}
            Stmt::Block(block) => {
                let head = self.index(block.position()).and_then(|index| self.flat.functions.get(&index)).cloned();
                let Some(head) = head else { return self.not_a_declaration(block.position()) };
                let Some(name) = head.name else { return self.not_a_declaration(block.position()) };
                let body = self.block(block);
                script.functions.push(Function { name, parameters: head.parameters, body, span: head.span });
            }
            Stmt::Var(definition, flags, position) => {
                let (ident, value, _) = &**definition;
                if !self.is_const(*position) {
                    let message = "`let` stands at the top of the file, outside of any function";
                    let help = "write `const`, or move it into the closure or `fn` that uses it";
                    self.bad_declaration(*position, message, help);
                    return false;
                }
                self.exported(*flags, *position);
                let name = Ident { name: ident.name.to_string(), span: self.span(ident.pos) };
                let value = self.initial_value(&name, value);
                script.constants.push(Constant { name, value });
            }
            Stmt::FnCall(call, position) => return self.declaration_call(call, *position, script),
            Stmt::Expr(expression) => match &**expression {
                Tree::FnCall(call, position) => return self.declaration_call(call, *position, script),
                other => return self.not_a_declaration(other.position()),
            },
            Stmt::Import(_, position) | Stmt::Export(_, position) => {
                let span = self.span(*position);
                self.refuse(
                    span,
                    "a ruleset has no modules: all it says stands in its own files",
                    "leave this line out",
                );
            }
            other => return self.not_a_declaration(other.position()),
        }
        false
    }

    fn declaration_call(&mut self, call: &rhai::FnCallExpr, position: Position, script: &mut Script) -> bool {
        if call.is_qualified() || call.is_operator_call() {
            return self.not_a_declaration(position);
        }
        let (names, shape): (usize, &str) = match call.name.as_str() {
            "derive" => (1, "derive(\"name\", |f| expression);"),
            "rule" => (2, "rule(\"id\", \"effect\", |f| condition);"),
            _ => return self.not_a_declaration(position),
        };
        let Some((last, first)) = call.args.split_last().filter(|(_, first)| first.len() == names) else {
            self.bad_declaration(
                position,
                format!("`{}` takes {} arguments", call.name, names.saturating_add(1)),
                shape,
            );
            return false;
        };
        let texts: Vec<Option<Ident>> = first.iter().map(|argument| self.literal_text(argument, shape)).collect();
        let body = self.declared_closure(last, shape);
        let mut texts = texts.into_iter();
        match (texts.next().flatten(), texts.next().flatten(), body) {
            (Some(name), None, Some(body)) if names == 1 => {
                script.declarations.push(Declaration::Derive { name, body });
                false
            }
            (Some(id), Some(effect), Some(body)) => {
                script.declarations.push(Declaration::Rule { id, effect, body });
                true
            }
            _ => false,
        }
    }

    fn literal_text(&mut self, argument: &Tree, shape: &str) -> Option<Ident> {
        if let Tree::StringConstant(text, position) = argument {
            return Some(Ident { name: text.to_string(), span: self.span(*position) });
        }
        self.bad_declaration(argument.start_position(), "a text literal stands here", shape);
        None
    }

    fn declared_closure(&mut self, argument: &Tree, shape: &str) -> Option<Closure> {
        if let Tree::Stmt(block) = argument
            && let Some(closure) = self.closure(block)
        {
            if closure.parameters.len() != 1 {
                let message =
                    format!("the closure takes one parameter, the facts; it has {}", closure.parameters.len());
                self.diagnostics.push(
                    Diagnostic::new(codes::BAD_DECLARATION, closure.span, message)
                        .with_help(format!("write `{shape}`")),
                );
            }
            return Some(closure);
        }
        self.bad_declaration(argument.start_position(), "a closure stands here", shape);
        None
    }

    fn not_a_declaration(&mut self, position: Position) -> bool {
        let message = "only `const`, `derive(...)`, `rule(...)` and `fn` stand at the top of the file";
        self.bad_declaration(position, message, "fn decide(f, hits) { ... }");
        false
    }

    fn bad_declaration<'m>(&mut self, position: Position, message: impl Into<Cow<'m, str>>, shape: &str) {
        let help = format!("write `{shape}`");
        let span = self.span(position);
        self.diagnostics.push(Diagnostic::new(codes::BAD_DECLARATION, span, message).with_help(help));
    }
}
