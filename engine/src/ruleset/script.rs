//! Strict Rhai as the author wrote it: names unresolved, types unknown, every node with its place.
//!
//! The script crate makes it from Rhai's own syntax tree; `check` judges it. What is not in the language never gets
//! here. Comments and layout are gone, the order of declarations is kept.

use rust_decimal::Decimal;

use crate::diagnostic::Span;

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// The name.
    pub name: String,
    /// Where.
    pub span: Span,
}

/// All of `rules.rhai`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// `const NAME = <constant expression>;` in file order.
    pub constants: Vec<Constant>,
    /// `derive(...)` and `rule(...)` in file order.
    pub declarations: Vec<Declaration>,
    /// Every `fn` in file order, `decide` included.
    pub functions: Vec<Function>,
}

/// `const NAME = value;`
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    /// Its name.
    pub name: Ident,
    /// Its value.
    pub value: Expr,
}

/// A declaration call at top level.
#[derive(Clone, Debug, PartialEq)]
pub enum Declaration {
    /// `derive("name", |f| expression);`
    Derive {
        /// The derived fact.
        name: Ident,
        /// One parameter, the facts.
        body: Closure,
    },
    /// `rule("id", "effect", |f| condition);`
    Rule {
        /// The rule's id, also its reason code.
        id: Ident,
        /// A value of `outcome` or one of `effects`.
        effect: Ident,
        /// One parameter, the facts.
        body: Closure,
    },
}

/// `fn name(parameters) { body }`
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: Ident,
    /// Its parameters.
    pub parameters: Vec<Ident>,
    /// Its body.
    pub body: Block,
    /// Where it begins.
    pub span: Span,
}

/// `|a, b| body`
#[derive(Clone, Debug, PartialEq)]
pub struct Closure {
    /// Its own parameters; captured variables are not among them.
    pub parameters: Vec<Ident>,
    /// Its body; an expression body is a block of one expression statement.
    pub body: Block,
    /// Where it begins.
    pub span: Span,
}

/// Statements between braces. As in Rhai the value of a block is that of its last statement, with or without a
/// semicolon; a block that ends in `let`, an assignment or a loop has the value `()`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// In order.
    pub statements: Vec<Statement>,
    /// Where it begins.
    pub span: Span,
}

/// One statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Which.
    pub kind: StatementKind,
    /// Where it begins.
    pub span: Span,
}

/// The statements of strict Rhai.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// `let name = value;` or `const name = value;` (`let name;` is refused by the parser front).
    Let {
        /// The new local.
        name: Ident,
        /// Its value.
        value: Expr,
        /// `const`: never assigned again.
        constant: bool,
    },
    /// `name = value;`, `name += value;` (an operator of [`BinaryOp`]'s arithmetic).
    Assign {
        /// The local.
        name: Ident,
        /// `+=` and the like.
        op: Option<BinaryOp>,
        /// The new value or right operand.
        value: Expr,
    },
    /// An expression; `if`, `switch` and blocks too.
    Expression(Expr),
    /// `for name in iterable { body }`
    For {
        /// The loop variable.
        name: Ident,
        /// A list or a range.
        iterable: Expr,
        /// The body.
        body: Block,
    },
    /// `return value;` (`None`: `return;`)
    Return(Option<Expr>),
    /// `break;` (without a value)
    Break,
    /// `continue;`
    Continue,
}

/// One expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Where: for an operator its sign, for a field or a call by method its name, else the beginning.
    pub span: Span,
}

/// The expressions of strict Rhai.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `()`, the missing value.
    Unit,
    /// `true`, `false`
    Boolean(bool),
    /// An integer literal (negative ones are folded: `-1`).
    Integer(i64),
    /// A decimal literal, exact.
    Decimal(Decimal),
    /// A text literal.
    Text(String),
    /// A local, a parameter of a function or closure, or a constant.
    Variable(String),
    /// `target.name`
    Property {
        /// Left of the dot.
        target: Box<Expr>,
        /// Right of it.
        name: Ident,
    },
    /// `target[index]`
    Index {
        /// What is indexed.
        target: Box<Expr>,
        /// By what.
        index: Box<Expr>,
    },
    /// `!x`, `-x`, `+x`
    Unary {
        /// Which.
        op: UnaryOp,
        /// On what.
        operand: Box<Expr>,
    },
    /// Two operands.
    Binary {
        /// Which.
        op: BinaryOp,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// `a && b && c`, flat: a chain of any length is one node.
    And(Vec<Expr>),
    /// `a || b || c`, flat.
    Or(Vec<Expr>),
    /// `start..end`, `start..=end`
    Range {
        /// First.
        start: Box<Expr>,
        /// Last or behind the last.
        end: Box<Expr>,
        /// `..=`
        inclusive: bool,
    },
    /// `[a, b]`
    Array(Vec<Expr>),
    /// `#{ a: 1, b: 2 }` in the order of the file.
    Map(Vec<(Ident, Expr)>),
    /// `name(arguments)`, or `receiver.name(rest)` with the receiver as first argument.
    Call {
        /// The function.
        name: Ident,
        /// All arguments.
        arguments: Vec<Expr>,
        /// Written with a dot.
        method: bool,
    },
    /// A closure as an argument.
    Closure(Box<Closure>),
    /// `if a {} else if b {} else {}`, flat: a chain of any length is one node.
    If {
        /// Conditions and their blocks, in order.
        branches: Vec<(Expr, Block)>,
        /// `else`
        otherwise: Option<Block>,
    },
    /// `switch subject { ... }`
    Switch(Box<Switch>),
    /// `{ ... }`
    Block(Block),
}

/// `switch subject { cases, _ => default }`
#[derive(Clone, Debug, PartialEq)]
pub struct Switch {
    /// What is compared.
    pub subject: Expr,
    /// In the order of the file; the first that matches and whose guard holds wins.
    pub arms: Vec<SwitchArm>,
    /// `_ => ...`
    pub default: Option<Expr>,
}

/// One arm of a `switch`: `1 | 2 | 5..=9 if guard => result`.
#[derive(Clone, Debug, PartialEq)]
pub struct SwitchArm {
    /// Alternatives.
    pub patterns: Vec<SwitchPattern>,
    /// `if guard`
    pub guard: Option<Expr>,
    /// What it yields.
    pub result: Expr,
    /// Where the arm begins.
    pub span: Span,
}

/// One alternative of an arm.
#[derive(Clone, Debug, PartialEq)]
pub enum SwitchPattern {
    /// A literal: integer, decimal, text or boolean.
    Literal(Expr),
    /// An integer range.
    Range {
        /// First.
        start: i64,
        /// Last or behind the last.
        end: i64,
        /// `..=`
        inclusive: bool,
    },
}

/// Unary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Negate,
    /// `+`
    Plus,
}

/// Binary operators. `/` and `**` are parsed so that `check` can say what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the operators explain themselves")]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Coalesce,
}

/// What a parser of Rhai offers to the engine, which knows none itself.
///
/// Implemented by the script crate. Both functions push every problem into `diagnostics` and return what could be read.
pub trait ScriptParser {
    /// Parses all of `rules.rhai`. `None` after a syntax error.
    fn parse_script(
        &self,
        file: crate::diagnostic::FileId,
        text: &str,
        diagnostics: &mut Vec<crate::diagnostic::Diagnostic>,
    ) -> Option<Script>;

    /// Parses one expression that stands in a cell, its first character at `origin`; it may read the facts as `f`.
    fn parse_expression(
        &self,
        origin: Span,
        text: &str,
        diagnostics: &mut Vec<crate::diagnostic::Diagnostic>,
    ) -> Option<Expr>;
}
