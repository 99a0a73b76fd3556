//! One run of a script.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rhai::packages::{BasicIteratorPackage, Package as _};
use rhai::{AST, CallFnOptions, Dynamic, Engine, FnPtr, Scope};

use super::calendar::Civil;
use super::facts::{Facts, Hits};
use super::failure::{Failure, Kind};
use super::value::{Value, from_dynamic};
use super::{Host, functions};

/// What a run yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What `decide` returned, by name. An integer may stand where the output is a decimal.
    pub outputs: BTreeMap<String, Value>,
    /// Every rule in order: id, effect, whether it held.
    pub rules: Vec<(String, String, bool)>,
    /// The derived facts that were read.
    pub derived: BTreeMap<String, Value>,
}

/// What running the top of the script declares.
#[derive(Clone, Default)]
struct Declared {
    derivations: Vec<(String, FnPtr)>,
    rules: Vec<(String, String, FnPtr)>,
}

type Shared = Arc<Mutex<Declared>>;

/// Runs the script for one customer: all rules in order, then `decide`.
///
/// Facts that are not given must be given as [`Value::Missing`]; a series is the list of its values in order of date.
///
/// # Errors
///
/// The first failure in order. `code` is the engine's where the interpreter's error has one; [`Kind::DataRace`], and
/// any difference where the engine says `T4003`, are excused by the contract.
pub fn run(rules: &str, facts: BTreeMap<String, Value>, as_of: &str, host: impl Host) -> Result<Outcome, Failure> {
    let as_of = Civil::parse(as_of).ok_or_else(|| Failure::of_type(format!("`{as_of}` is no date")))?;
    let ast = parse(rules)?;
    let host: Arc<dyn Host> = Arc::new(host);
    let declared = declare(&ast, as_of, &host)?;
    let facts = Facts::new(facts, declared.derivations);
    let mut engine = interpreter();
    functions::register(&mut engine, &facts, as_of, &host);

    let mut outcomes = Vec::new();
    for (id, effect, closure) in declared.rules {
        let held: Result<bool, _> = closure.call(&engine, &ast, (facts.clone(),));
        outcomes.push((id, effect, held.map_err(|error| Failure::from_rhai(&error))?));
    }
    let hits = outcomes.iter().filter(|(_, _, held)| *held).map(|(_, effect, _)| effect.clone()).collect();
    let options = CallFnOptions::new().eval_ast(false);
    let arguments = (facts.clone(), Hits(Arc::new(hits)));
    let decided: Dynamic = engine
        .call_fn_with_options(options, &mut Scope::new(), &ast, "decide", arguments)
        .map_err(|error| Failure::from_rhai(&error))?;
    let Some(Value::Record(outputs)) = from_dynamic(decided) else {
        return Err(Failure::of_type("`decide` returned no record"));
    };
    let derived = facts.derived().into_iter().filter_map(|(name, value)| Some((name, from_dynamic(value)?))).collect();
    Ok(Outcome { outputs, rules: outcomes, derived })
}

fn parse(rules: &str) -> Result<AST, Failure> {
    interpreter().compile(rules).map_err(|error| {
        let number = |value: Option<usize>| value.and_then(|value| u32::try_from(value).ok());
        let place = number(error.1.line()).zip(number(error.1.position()));
        Failure { kind: Kind::Syntax, code: None, place, message: error.to_string() }
    })
}

/// Runs the top of the script, which declares and decides nothing; its constants may call functions.
fn declare(ast: &AST, as_of: Civil, host: &Arc<dyn Host>) -> Result<Declared, Failure> {
    let declared = Shared::default();
    let mut engine = interpreter();
    functions::register(&mut engine, &Facts::new(BTreeMap::new(), Vec::new()), as_of, host);
    let list = Arc::clone(&declared);
    engine.register_fn("derive", move |name: &str, closure: FnPtr| {
        list.lock().unwrap_or_else(PoisonError::into_inner).derivations.push((name.to_owned(), closure));
    });
    let list = Arc::clone(&declared);
    engine.register_fn("rule", move |id: &str, effect: &str, closure: FnPtr| {
        let rule = (id.to_owned(), effect.to_owned(), closure);
        list.lock().unwrap_or_else(PoisonError::into_inner).rules.push(rule);
    });
    engine.run_ast(ast).map_err(|error| Failure::from_rhai(&error))?;
    let declared = declared.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(declared)
}

/// The interpreter: no optimisation, no functions but the registered ones, a missing field is an error.
fn interpreter() -> Engine {
    let mut engine = Engine::new_raw();
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    engine.set_max_expr_depths(0, 0).set_max_call_levels(64).set_fail_on_invalid_map_property(true);
    engine
}
