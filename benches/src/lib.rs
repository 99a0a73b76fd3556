//! Shared fixtures of the benches: the same rulesets as text for Trutina, as hand-written Rust and as plain Rhai.

pub mod card;
pub mod odds;
pub mod rows;
pub mod rules;
pub mod table;
pub mod turns;

use std::collections::BTreeMap;

use trutina_engine::engine::Engine;
use trutina_engine::program::Program;
use trutina_engine::record::Record;
use trutina_engine::value::date::Date;
use trutina_engine::wire::input::{FACTS_LIMITS, FactsReader};

/// The files of a ruleset, by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A small linear congruential generator: the same applicants in every run and on every machine.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// A generator with a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Loads a ruleset, or says why it does not load.
///
/// # Panics
/// If the ruleset has errors.
#[must_use]
pub fn load(files: &Files) -> Program {
    let loaded = Engine::default().load(files, &trutina_script::Parser);
    let problems: Vec<String> = loaded.diagnostics.iter().map(|d| format!("{}: {}", d.code, d.message)).collect();
    loaded.program.unwrap_or_else(|| panic!("{}", problems.join("\n")))
}

/// Reads facts into records.
///
/// # Panics
/// If a record is no valid input.
#[must_use]
pub fn records(program: &Program, facts: &[String]) -> Vec<Record> {
    let reader = FactsReader::new(&program.facts, FACTS_LIMITS);
    facts
        .iter()
        .map(|facts| {
            let mut record = Record::default();
            if let Err(error) = reader.read_bytes(facts.as_bytes(), &mut record) {
                panic!("{}: {}", error.code, error.message);
            }
            record
        })
        .collect()
}

/// The day all benches decide for.
///
/// # Panics
/// Never: the date is written here.
#[must_use]
pub fn as_of() -> Date {
    Date::parse_iso("2026-11-30").unwrap_or_else(|_| panic!("a date"))
}

/// A Rhai engine set up as fast as it goes: raw, no limits. Trutina builds Rhai without its optimizer, which folds constants
/// when a script is compiled; the scripts of the benches have none to fold.
#[must_use]
pub fn rhai_engine() -> rhai::Engine {
    let mut engine = rhai::Engine::new_raw();
    engine.set_max_expr_depths(0, 0);
    engine
}

/// What a script gives with the facts in a scope, which stays as it was.
///
/// # Panics
/// If the script fails.
pub fn rhai_eval(engine: &rhai::Engine, ast: &rhai::AST, scope: &mut rhai::Scope<'_>) -> i64 {
    let facts = scope.len();
    let result = engine.eval_ast_with_scope(scope, ast).unwrap_or_else(|error| panic!("{error}"));
    scope.rewind(facts);
    result
}
