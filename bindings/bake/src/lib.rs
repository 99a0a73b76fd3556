//! Bakes a ruleset into a WebAssembly module of the engine: one file that decides.
//!
//! The module is run once, in an interpreter: it loads the ruleset, and its memory as it is then becomes the memory that every
//! new instance starts with. The baked module has the interface of the plain one (`bindings/abi/ABI.md`), imports as little, and
//! runs wherever that one does; its ruleset has the handle 1.
//!
//! The same module and payload give the same bytes.

mod guest;
mod snapshot;

use guest::Guest;

/// The version of the interface that this crate speaks.
const ABI_VERSION: i32 = 1;
/// The verb that loads a ruleset.
const LOAD: i32 = 1;
/// What the answer begins with when the ruleset was loaded into a module that had none.
const LOADED: &[u8] = br#"{"ok":{"handle":1,"#;

/// Why nothing was baked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BakeError {
    /// It is no WebAssembly module, or not one of the engine's.
    #[error("this is no module of the engine: {0}")]
    Module(String),
    /// The module did not load the ruleset; this is its answer, the error envelope of the interface.
    #[error("the module does not load the ruleset: {}", String::from_utf8_lossy(.0))]
    Ruleset(Vec<u8>),
    /// The module already holds a ruleset.
    #[error("the module has a ruleset already: bake a plain one")]
    Baked,
    /// The module trapped.
    #[error("the module failed: {0}")]
    Failed(String),
}

/// Bakes a ruleset into a module.
///
/// `payload` is what `load` takes: `{"files":{...}}` for the full module; a bundle with a line that trusts it for the runtime
/// module as well. Nothing of a decision is in the result, for none was made.
///
/// # Errors
///
/// [`BakeError`]; in particular [`BakeError::Ruleset`] with the module's own answer if it refuses the payload.
pub fn bake(module: &[u8], payload: &[u8]) -> Result<Vec<u8>, BakeError> {
    let plan = snapshot::Plan::new(module)?;
    let mut guest = Guest::start(plan.instrumented())?;
    if guest.version()? != ABI_VERSION {
        return Err(BakeError::Module(format!("it does not speak version {ABI_VERSION} of the interface")));
    }
    let answer = guest.call(LOAD, payload)?;
    if !answer.starts_with(LOADED) {
        let again = answer.starts_with(br#"{"ok":"#);
        return Err(if again { BakeError::Baked } else { BakeError::Ruleset(answer) });
    }
    guest.clear_free_memory()?;
    plan.finish(&guest)
}
