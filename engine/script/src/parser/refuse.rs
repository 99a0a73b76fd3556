//! What is not in the language, why, and what to write instead.

use std::borrow::Cow;

use trutina_engine::diagnostic::{Diagnostic, Span, codes};

/// Pushes `T1402` with its reason and fix.
pub fn push<'m>(span: Span, message: impl Into<Cow<'m, str>>, help: &str, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.push(Diagnostic::new(codes::NOT_IN_LANGUAGE, span, message).with_help(help));
}

/// `'a'`
pub fn character(span: Span, diagnostics: &mut Vec<Diagnostic>) {
    push(span, "character literals are not in the language", "write a text in double quotes", diagnostics);
}

/// `` `a ${b}` ``
pub fn interpolation(span: Span, diagnostics: &mut Vec<Diagnostic>) {
    let help = "a decision says values of enums and codes of reasons; their texts live in `reasons.csv`";
    push(span, "texts are not built in decisions: interpolation is not in the language", help, diagnostics);
}

/// `` `a` ``
pub fn backtick(span: Span, diagnostics: &mut Vec<Diagnostic>) {
    push(span, "texts between backticks are not in the language", "write the text in double quotes", diagnostics);
}

/// `this`
pub fn this(span: Span, diagnostics: &mut Vec<Diagnostic>) {
    push(span, "`this` is not in the language", "pass the value as a parameter", diagnostics);
}

/// `fn int.name()`
pub fn method(span: Span, diagnostics: &mut Vec<Diagnostic>) {
    push(span, "functions of a type are not in the language", "pass the value as a parameter", diagnostics);
}

/// `private fn`
pub fn private(span: Span, diagnostics: &mut Vec<Diagnostic>) {
    push(
        span,
        "`private` is not in the language: no function is visible outside its file",
        "leave `private` out",
        diagnostics,
    );
}

/// Functions of Rhai that reach outside of a pure decision: name, reason, fix.
const FUNCTIONS: &[(&str, &str, &str)] = &[
    ("eval", "a ruleset says all it does in its own text", "write the expression itself"),
    ("Fn", "functions are not values", "call the function by its name"),
    ("curry", "functions are not values", "use the variable inside the closure; it is captured"),
    ("call", "functions are not values", "call the function by its name"),
    ("is_def_fn", "names are checked when the ruleset is loaded", "leave the test out"),
    ("is_def_var", "names are checked when the ruleset is loaded", "leave the test out"),
    ("is_shared", "types are checked when the ruleset is loaded", "leave the test out"),
    ("type_of", "types are checked when the ruleset is loaded", "leave the test out"),
    ("print", "a decision writes nothing but its record", "use `trutina decide --trace full` to see values"),
    ("debug", "a decision writes nothing but its record", "use `trutina decide --trace full` to see values"),
    ("timestamp", "a decision has no clock", "use `as_of()`, the date that the decision speaks for"),
    ("sleep", "a decision has no clock", "leave it out"),
    ("rand", "a decision has no random numbers", "take the number as a fact"),
];

/// Whether the function is refused by name; then the problem is pushed.
pub fn function(name: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let Some((_, reason, help)) = FUNCTIONS.iter().find(|(refused, ..)| *refused == name) else { return false };
    push(span, format!("`{name}` is not in the language: {reason}"), help, diagnostics);
    true
}
