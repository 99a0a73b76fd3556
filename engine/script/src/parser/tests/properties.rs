//! Any text gets an answer, and what is accepted says what Rhai's tree says, node for node.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rhai::{ASTNode, Engine, Expr as Tree, ParseErrorType};
use trutina_engine::diagnostic::Span;
use trutina_engine::ruleset::script::*;

use super::{Parser, parse};

/// Tokens of the language, and some that are not.
const ALPHABET: &[&str] = &[
    "fn",
    "a",
    "f",
    "x",
    "|x|",
    "||",
    "|",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "#{",
    ",",
    ";",
    ".",
    "?.",
    "::",
    ":",
    "=>",
    "=",
    "==",
    "!",
    "!in",
    "in",
    "-",
    "+",
    "*",
    "**",
    "/",
    "%",
    "<",
    ">=",
    "&&",
    "??",
    "..",
    "..=",
    "1",
    "2.5",
    "0xFF",
    "1_000",
    "\"t\"",
    "`t`",
    "`${",
    "'c'",
    "true",
    "()",
    "let",
    "const",
    "if",
    "else",
    "switch",
    "_",
    "for",
    "while",
    "return",
    "break",
    "this",
    "eval",
    "rule",
    "derive",
    "\"id\"",
    "import",
    "private",
    "+=",
    "\n",
    "// c\n",
    "/*",
    "*/",
    "99999999999999999999",
    "fn a(f) {",
    "rule(\"a\", \"b\", |f|",
    ");",
    "#\"",
    "\\",
    "@",
    "中",
    "\r\n",
    "\r",
    "\u{0}",
    "&",
    "export",
    "try",
    "catch",
];

fn soup() -> impl Strategy<Value = String> {
    let token = (0..ALPHABET.len(), any::<bool>());
    proptest::collection::vec(token, 0..60).prop_map(|tokens| {
        let words =
            tokens.into_iter().map(|(index, space)| format!("{}{}", ALPHABET[index], if space { " " } else { "" }));
        words.collect()
    })
}

/// Expressions that parse, with layout that does not matter.
fn expression() -> impl Strategy<Value = String> {
    let space =
        prop_oneof![4 => Just(" "), 1 => Just(""), 1 => Just("\n"), 1 => Just(" /* é */ "), 1 => Just(" // 中\n")];
    let leaf = prop_oneof![
        (0..1000_i64).prop_map(|n| n.to_string()),
        (0..99_u32).prop_map(|n| format!("{n}.50")),
        Just("\"text\"".to_owned()),
        Just("\"中\\n\"".to_owned()),
        Just("true".to_owned()),
        Just("f".to_owned()),
        Just("x".to_owned()),
        Just("y".to_owned()),
        Just("()".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 4, move |inner| {
        let pair = (inner.clone(), inner.clone(), space.clone());
        let triple = (inner.clone(), inner.clone(), inner.clone());
        let operators = ["+", "-", "*", "<", "==", "??", "!in", "in", "%", "**", "&&", "||"];
        prop_oneof![
            (pair.clone(), 0..operators.len()).prop_map(move |((a, b, s), op)| {
                let op = operators[op];
                if op == "&&" || op == "||" {
                    format!("{a} == 1{s} {op}{s} {b} != 2")
                } else {
                    format!("{a}{s} {op} {s}{b}")
                }
            }),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("f.{a}").replace("f.f", "f.g")).prop_filter("a member", |text| {
                text.as_bytes().get(2).is_some_and(|c| c.is_ascii_alphabetic()) && !text.starts_with("f.true")
            }),
            pair.clone().prop_map(|(a, b, s)| format!("f.l{s}.map(|x|{s}{a}){s}.g({b})")),
            pair.clone().prop_map(|(a, b, s)| format!("g(|x| {a},{s}|y,x|{s}{{ let z = {b};{s} z }})")),
            pair.clone().prop_map(|(a, b, _)| format!("h(|| {a}, f.l[{b}])")),
            triple
                .clone()
                .prop_map(|(a, b, c)| format!("(if ({a}) == 1 {{ {b} }} else if f.x {{ x = {c}; }} else {{ {c} }})")),
            triple.prop_map(|(a, b, c)| format!(
                "(switch ({a}) {{ 1 | \"b\" => {b}, 2..5 if ({c}) == 1 => {{ {c} }} _ => () }})"
            )),
            pair.prop_map(|(a, b, s)| format!("#{{ a: {a},{s} b: [{b}] }}")),
            inner.prop_map(|a| format!("!({a})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_an_answer(text in ".{0,200}") {
        answered(&text)?;
    }

    #[test]
    fn any_soup_of_tokens_gets_an_answer(text in soup()) {
        answered(&text)?;
        answered(&format!("fn a(f) {{ {text} }}"))?;
        answered(&format!("rule(\"a\", \"b\", |f| {text});"))?;
    }

    #[test]
    fn what_is_accepted_says_what_rhais_tree_says(bodies in proptest::collection::vec(expression(), 2..10)) {
        let mut text = String::from("const C = 1;\n");
        for (number, body) in bodies.iter().enumerate() {
            text.push_str(&match number % 3 {
                0 => format!("rule(\"R{number}\", \"e\", |f| {body});\n"),
                1 => format!("fn g{number}(f, x) {{ {body} }}\n"),
                _ => format!("derive(\"d{number}\", |f| {{ let y = {body}; y }});\r\n"),
            });
        }
        let (script, problems) = parse(&text);
        if let Some(script) = script.filter(|_| problems.is_empty()) {
            agree(&text, &script)?;
        } else {
            prop_assert!(!problems.is_empty());
        }
    }
}

/// No problem without a place in the text, no script without Rhai's consent.
fn answered(text: &str) -> Result<(), TestCaseError> {
    let (script, problems) = parse(text);
    let lines = u32::try_from(text.split('\n').count()).unwrap();
    for problem in &problems {
        let span = problem.span.unwrap();
        prop_assert!(span.line >= 1 && span.line <= lines && span.column >= 1, "{problem:?}");
    }
    prop_assert_eq!(script.is_none() && problems.is_empty(), false, "no answer");
    if let Some(script) = script.filter(|_| problems.is_empty()) {
        let verdict = Engine::new_raw().set_max_expr_depths(0, 0).compile(text);
        if matches!(&verdict, Err(error) if matches!(*error.0, ParseErrorType::FnDuplicatedDefinition(..))) {
            // For `check` to say.
            return Ok(());
        }
        prop_assert!(verdict.is_ok());
        agree(text, &script)?;
    }
    let cell = Parser.parse_expression(Span::at(Default::default(), 3, 7), text, &mut Vec::new());
    if cell.is_some() {
        prop_assert!(Engine::new_raw().set_max_expr_depths(0, 0).compile_expression(text).is_ok());
    }
    Ok(())
}

/// What a node is, and where.
type Node = (&'static str, String, u32, u32);

fn agree(text: &str, script: &Script) -> Result<(), TestCaseError> {
    let mut engine = Engine::new_raw();
    engine.set_max_expr_depths(0, 0);
    let tree = engine.compile(text.replace("\r\n", "\n")).unwrap();
    let mut theirs = BTreeSet::new();
    tree.walk(&mut |path: &[ASTNode<'_>]| {
        if let Some(ASTNode::Expr(node)) = path.last() {
            theirs.extend(node_of(node));
        }
        true
    });
    let mut ours = Ours::default();
    ours.script(script);
    let missing: Vec<_> = theirs.difference(&ours.nodes).collect();
    prop_assert!(missing.is_empty(), "in Rhai's tree only: {missing:?}\n{text}");
    // Rhai keeps one of several identical closures.
    if tree.iter_functions().filter(|function| function.name.starts_with("anon$")).count() == ours.closures {
        let extra: Vec<_> = ours.nodes.difference(&theirs).collect();
        prop_assert!(extra.is_empty(), "in ours only: {extra:?}\n{text}");
    }
    Ok(())
}

fn node_of(tree: &Tree) -> Option<Node> {
    let (kind, name, position) = match tree {
        Tree::Variable(variable, _, position) => ("variable", variable.1.to_string(), position),
        Tree::Property(property, position) => ("property", property.2.to_string(), position),
        Tree::FnCall(call, position) | Tree::MethodCall(call, position)
            if call.op_token.is_none() && !["curry", "contains", "rule", "derive"].contains(&call.name.as_str()) =>
        {
            ("call", call.name.to_string(), position)
        }
        Tree::IntegerConstant(value, position) => ("integer", value.to_string(), position),
        Tree::StringConstant(text, position) => ("text", text.to_string(), position),
        Tree::BoolConstant(truth, position) if !position.is_none() => ("boolean", truth.to_string(), position),
        Tree::DynamicConstant(value, position) if value.is_fnptr() => ("closure", String::new(), position),
        _ => return None,
    };
    let (line, column) = (position.line()?, position.position()?);
    Some((kind, name, u32::try_from(line).ok()?, u32::try_from(column).ok()?))
}

/// The same nodes, out of our own noun.
#[derive(Default)]
struct Ours {
    nodes: BTreeSet<Node>,
    closures: usize,
}

impl Ours {
    fn add(&mut self, kind: &'static str, name: &str, span: Span) {
        self.nodes.insert((kind, name.to_owned(), span.line, span.column));
    }

    fn script(&mut self, script: &Script) {
        for constant in &script.constants {
            self.expression(&constant.value);
        }
        for declaration in &script.declarations {
            match declaration {
                Declaration::Derive { name, body } => {
                    self.add("text", &name.name, name.span);
                    self.closure(body);
                }
                Declaration::Rule { id, effect, body } => {
                    self.add("text", &id.name, id.span);
                    self.add("text", &effect.name, effect.span);
                    self.closure(body);
                }
            }
        }
        for function in &script.functions {
            self.block(&function.body);
        }
    }

    fn closure(&mut self, closure: &Closure) {
        self.closures = self.closures.saturating_add(1);
        self.add("closure", "", closure.span);
        self.block(&closure.body);
    }

    fn block(&mut self, block: &Block) {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Let { value, .. } | StatementKind::Expression(value) => self.expression(value),
                StatementKind::Assign { name, value, .. } => {
                    self.add("variable", &name.name, name.span);
                    self.expression(value);
                }
                StatementKind::For { iterable, body, .. } => {
                    self.expression(iterable);
                    self.block(body);
                }
                StatementKind::Return(value) => value.iter().for_each(|value| self.expression(value)),
                StatementKind::Break | StatementKind::Continue => {}
            }
        }
    }

    fn all<'a>(&mut self, list: impl IntoIterator<Item = &'a Expr>) {
        list.into_iter().for_each(|value| self.expression(value));
    }

    fn expression(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Unit | ExprKind::Decimal(_) => {}
            ExprKind::Boolean(truth) => self.add("boolean", &truth.to_string(), value.span),
            ExprKind::Integer(number) => self.add("integer", &number.to_string(), value.span),
            ExprKind::Text(text) => self.add("text", text, value.span),
            ExprKind::Variable(name) => self.add("variable", name, value.span),
            ExprKind::Property { target, name } => {
                self.add("property", &name.name, name.span);
                self.expression(target);
            }
            ExprKind::Index { target, index } => self.all([&**target, &**index]),
            ExprKind::Unary { operand, .. } => self.expression(operand),
            ExprKind::Binary { left, right, .. } => self.all([&**left, &**right]),
            ExprKind::And(items) | ExprKind::Or(items) | ExprKind::Array(items) => self.all(items),
            ExprKind::Range { start, end, .. } => self.all([&**start, &**end]),
            ExprKind::Map(items) => self.all(items.iter().map(|(_, value)| value)),
            ExprKind::Call { name, arguments, .. } => {
                if !["contains", "rule", "derive"].contains(&name.name.as_str()) {
                    self.add("call", &name.name, name.span);
                }
                self.all(arguments);
            }
            ExprKind::Closure(closure) => self.closure(closure),
            ExprKind::If { branches, otherwise } => {
                for (condition, block) in branches {
                    self.expression(condition);
                    self.block(block);
                }
                otherwise.iter().for_each(|block| self.block(block));
            }
            ExprKind::Switch(switch) => {
                self.expression(&switch.subject);
                for arm in &switch.arms {
                    self.all(&arm.guard);
                    self.expression(&arm.result);
                }
                self.all(&switch.default);
            }
            ExprKind::Block(block) => self.block(block),
        }
    }
}
