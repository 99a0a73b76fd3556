//! Rhai's engine as the parser front uses it: every setting and limit explicit, alike in every build.

use rhai::Engine;

/// Longest script, in bytes.
pub const MAX_SOURCE: usize = 256 * 1024;
/// Most lines, and most bytes of a line: Rhai counts both to 65,535 and no further.
pub const MAX_LINES: usize = 60_000;
/// Most tokens of one declaration or function, for the same reason.
pub const MAX_TOKENS: usize = 60_000;
/// Deepest nesting of expressions and statements, as Rhai counts it: a chain of 100 `else if` or `&&` loads.
pub const MAX_DEPTH: usize = 128;
/// The flattened form nests one block deeper for a function and for each closure around a node.
const MAX_DEPTH_FLATTENED: usize = 160;
/// Deepest nesting of brackets and closures.
pub const MAX_BRACKETS: usize = 48;
/// Most arms and alternatives of one `switch`: Rhai's parser takes quadratic time for them.
pub const MAX_CASES: usize = 2_000;
/// Most variables and constants of one file: Rhai's parser searches them one by one.
pub const MAX_VARIABLES: usize = 1_000;
/// Most names in one declaration or function, for the same reason.
pub const MAX_NAMES: usize = 10_000;
/// Most functions and closures in one chunk: Rhai's parser searches them one by one.
const MAX_FUNCTIONS: usize = 2_000;

/// An engine that only parses, with the rules of the language for a whole script.
pub fn engine() -> Engine {
    with_depth(MAX_DEPTH)
}

/// The same for the flattened form.
pub fn engine_for_flattened() -> Engine {
    with_depth(MAX_DEPTH_FLATTENED)
}

fn with_depth(depth: usize) -> Engine {
    let mut engine = Engine::new_raw();
    engine
        .set_max_expr_depths(depth, depth)
        .set_max_functions(MAX_FUNCTIONS)
        .set_max_variables(MAX_VARIABLES)
        .set_max_string_size(MAX_SOURCE)
        .set_max_array_size(MAX_NAMES)
        .set_max_map_size(1_000)
        .set_max_modules(0)
        .set_max_operations(1)
        .set_max_call_levels(0)
        .set_allow_anonymous_fn(true)
        .set_allow_if_expression(true)
        .set_allow_loop_expressions(true)
        .set_allow_looping(true)
        .set_allow_statement_expression(true)
        .set_allow_switch_expression(true)
        // Unknown and shadowed names are reported by `check`, all in one run and with "did you mean".
        .set_allow_shadowing(true)
        .set_strict_variables(false)
        .set_fail_on_invalid_map_property(true);
    engine
}
