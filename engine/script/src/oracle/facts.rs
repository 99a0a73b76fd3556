//! The facts of one customer inside the interpreter, derived facts included.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rhai::{Dynamic, EvalAltResult, FnPtr, NativeCallContext};

use super::failure::Failure;
use super::value::{Value, from_dynamic, to_dynamic};

type Answer = Result<Dynamic, Box<EvalAltResult>>;

/// `f`
#[derive(Clone)]
pub struct Facts(Arc<Inner>);

struct Inner {
    given: BTreeMap<String, Dynamic>,
    derivations: BTreeMap<String, FnPtr>,
    derived: Mutex<BTreeMap<String, Dynamic>>,
}

impl Facts {
    pub fn new(given: BTreeMap<String, Value>, derivations: Vec<(String, FnPtr)>) -> Self {
        let given = given.into_iter().map(|(name, value)| (name, to_dynamic(value))).collect();
        let derivations = derivations.into_iter().collect();
        Self(Arc::new(Inner { given, derivations, derived: Mutex::default() }))
    }

    /// A fact, or a derived fact: evaluated when first read, at most once.
    pub fn read(&self, context: &NativeCallContext<'_>, name: &str) -> Answer {
        if let Some(value) = self.0.given.get(name) {
            return Ok(value.clone());
        }
        if let Some(value) = self.derived().get(name) {
            return Ok(value.clone());
        }
        let Some(closure) = self.0.derivations.get(name) else { return Err(Failure::unknown("fact", name).raise()) };
        let value: Dynamic = closure.call_within_context(context, (self.clone(),))?;
        self.0.derived.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), value.clone());
        Ok(value)
    }

    /// The same for a host.
    pub fn read_value(&self, context: &NativeCallContext<'_>, name: &str) -> Result<Value, Failure> {
        let value = self.read(context, name).map_err(|error| Failure::from_rhai(&error))?;
        from_dynamic(value).ok_or_else(|| Failure::of_type(format!("`{name}` is no value")))
    }

    /// The derived facts read so far.
    pub fn derived(&self) -> BTreeMap<String, Dynamic> {
        self.0.derived.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// `hits`
#[derive(Clone)]
pub struct Hits(pub Arc<Vec<String>>);

impl Hits {
    /// `hits.has(effect)`
    pub fn has(&self, effect: &str) -> bool {
        self.0.iter().any(|hit| hit == effect)
    }
}
