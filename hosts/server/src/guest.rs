//! A loaded module and its instances.

use std::sync::Arc;
use std::time::Duration;

use trutina_engine::decision::TraceLevel;
use trutina_engine::value::date::Date;
use trutina_engine::wire::typed::Facts;
use wasmtime::{
    ExternType, Instance, InstancePre, Linker, Memory, Module, ModuleExport, PoolConcurrencyLimitError,
    ResourceLimiter, Store, Trap, TypedFunc, WasmParams, WasmResults,
};

use crate::sandbox::{Shared, TABLE_ELEMENTS, TICK, refused};
use crate::{Limits, SandboxError, decide_request};

/// The version of the interface (`bindings/abi/ABI.md`) that this host speaks.
const ABI_VERSION: i32 = 1;

/// The verbs of the engine's door.
pub mod verb {
    /// Makes a ruleset known under a handle.
    pub const LOAD: i32 = 1;
    /// Forgets a handle.
    pub const UNLOAD: i32 = 2;
    /// Decides one customer.
    pub const DECIDE: i32 = 3;
    /// Decides many.
    pub const DECIDE_BATCH: i32 = 4;
    /// Judges a ruleset.
    pub const CHECK: i32 = 5;
    /// Describes a ruleset.
    pub const DESCRIBE: i32 = 6;
    /// Words a decision.
    pub const EXPLAIN: i32 = 7;
}

/// A module that is ready to decide; with a ruleset baked into it, its handle is 1. Cheap to clone, safe to share.
#[derive(Clone)]
pub struct Guest {
    shared: Arc<Shared>,
    pre: InstancePre<State>,
    exports: Arc<Exports>,
}

impl std::fmt::Debug for Guest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guest").finish_non_exhaustive()
    }
}

/// Where the exports of the interface stand in the module.
struct Exports {
    memory: ModuleExport,
    version: ModuleExport,
    alloc: ModuleExport,
    free: ModuleExport,
    call: ModuleExport,
}

impl Exports {
    fn find(module: &Module) -> Result<Self, SandboxError> {
        let find = |name: &str| {
            let missing = || SandboxError::Refused(format!("it does not export `{name}`"));
            module.get_export_index(name).ok_or_else(missing)
        };
        Ok(Self {
            memory: find("memory")?,
            version: find("trutina_abi_version")?,
            alloc: find("trutina_alloc")?,
            free: find("trutina_free")?,
            call: find("trutina_call")?,
        })
    }
}

impl Guest {
    pub(crate) fn new(shared: Arc<Shared>, module: &Module) -> Result<Self, SandboxError> {
        if let Some(import) = module.imports().next() {
            let name =
                format!("it imports `{}.{}`; modules of the engine import nothing", import.module(), import.name());
            return Err(SandboxError::Refused(name));
        }
        if !matches!(module.get_export("memory"), Some(ExternType::Memory(_))) {
            return Err(SandboxError::Refused("it does not export `memory`".to_owned()));
        }
        let exports = Arc::new(Exports::find(module)?);
        let pre = Linker::new(&shared.engine).instantiate_pre(module).map_err(|error| refused(&error))?;
        Ok(Self { shared, pre, exports })
    }

    /// Makes one instance and asks it for the version of its interface.
    pub(crate) fn check_version(&self) -> Result<(), SandboxError> {
        let mut session = self.session()?;
        let version = session.version(&self.exports.version)?;
        if version == ABI_VERSION {
            return Ok(());
        }
        Err(SandboxError::Refused(format!("it speaks version {version} of the interface, this host {ABI_VERSION}")))
    }

    /// Decides in an instance of its own: `{"handle":1,"as_of":...,"facts":...}` to a decision record.
    ///
    /// # Errors
    ///
    /// [`SandboxError`] if the host stopped or refused it; what the engine refuses is an answer.
    pub fn decide(&self, request: &[u8]) -> Result<Vec<u8>, SandboxError> {
        self.call(verb::DECIDE, request)
    }

    /// Decides facts that a Rust program holds, in an instance of its own.
    ///
    /// # Errors
    ///
    /// [`SandboxError`] if the host stopped or refused it; what the engine refuses is an answer.
    pub fn decide_facts(
        &self,
        handle: i64,
        facts: &Facts,
        as_of: Date,
        trace: TraceLevel,
    ) -> Result<Vec<u8>, SandboxError> {
        self.decide(&decide_request(handle, facts, as_of, trace))
    }

    /// Answers any request in an instance of its own.
    ///
    /// # Errors
    ///
    /// [`SandboxError`] if the host stopped or refused it; what the engine refuses is an answer.
    pub fn call(&self, verb: i32, request: &[u8]) -> Result<Vec<u8>, SandboxError> {
        let mut session = self.session()?;
        // The instance is dropped with its buffers.
        session.guarded(|session| session.exchange(verb, request).map(|exchanged| exchanged.answer))
    }

    /// An instance that is kept: for the rulesets that it loads, or for a long batch of one tenant. It occupies one of the
    /// sandbox's instances until it is dropped.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Busy`] if all are in use; whatever the start of a hostile module gives.
    pub fn session(&self) -> Result<Session, SandboxError> {
        let limits = self.shared.limits;
        let mut store = Store::new(&self.shared.engine, State { limits, refused: false });
        store.limiter(|state| state);
        store.set_epoch_deadline(ticks(limits.deadline));
        let instance = self.pre.instantiate(&mut store).map_err(|error| failure(&store, limits.deadline, &error))?;
        let memory = instance.get_module_export(&mut store, &self.exports.memory).and_then(|found| found.into_memory());
        let memory = memory.ok_or_else(|| SandboxError::Refused("`memory` is no memory".to_owned()))?;
        let alloc = typed(&mut store, &instance, &self.exports.alloc)?;
        let free = typed(&mut store, &instance, &self.exports.free)?;
        let call = typed(&mut store, &instance, &self.exports.call)?;
        Ok(Session { store, instance, memory, alloc, free, call, deadline: limits.deadline, gone: None })
    }
}

/// What the host keeps beside an instance.
struct State {
    limits: Limits,
    refused: bool,
}

impl ResourceLimiter for State {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        if desired <= self.limits.memory_bytes {
            return Ok(true);
        }
        self.refused = true;
        Err(wasmtime::Error::msg("the memory of the instance is used up"))
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ELEMENTS)
    }
}

/// One instance. After an error it is gone: every further call gives the same error.
pub struct Session {
    store: Store<State>,
    instance: Instance,
    memory: Memory,
    alloc: TypedFunc<u32, u32>,
    free: TypedFunc<(u32, u32), ()>,
    call: TypedFunc<(i32, u32, u32), u64>,
    deadline: Duration,
    gone: Option<SandboxError>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("gone", &self.gone).finish_non_exhaustive()
    }
}

/// An answer, and the buffers that are still the host's to free.
struct Exchanged {
    answer: Vec<u8>,
    buffers: [(u32, u32); 2],
}

impl Session {
    /// Answers a request.
    ///
    /// # Errors
    ///
    /// [`SandboxError`] if the host stopped or refused it; what the engine refuses is an answer.
    pub fn call(&mut self, verb: i32, request: &[u8]) -> Result<Vec<u8>, SandboxError> {
        self.guarded(|session| {
            let Exchanged { answer, buffers } = session.exchange(verb, request)?;
            for buffer in buffers {
                let freed = session.free.call(&mut session.store, buffer);
                freed.map_err(|error| failure(&session.store, session.deadline, &error))?;
            }
            Ok(answer)
        })
    }

    /// Decides facts that a Rust program holds.
    ///
    /// # Errors
    ///
    /// [`SandboxError`] if the host stopped or refused it; what the engine refuses is an answer.
    pub fn decide_facts(
        &mut self,
        handle: i64,
        facts: &Facts,
        as_of: Date,
        trace: TraceLevel,
    ) -> Result<Vec<u8>, SandboxError> {
        self.call(verb::DECIDE, &decide_request(handle, facts, as_of, trace))
    }

    /// The time that each further call may take, in place of that of the sandbox.
    pub const fn set_deadline(&mut self, deadline: Duration) {
        self.deadline = deadline;
    }

    /// Bytes of linear memory that the instance has.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    fn version(&mut self, export: &ModuleExport) -> Result<i32, SandboxError> {
        let function: TypedFunc<(), i32> = typed(&mut self.store, &self.instance, export)?;
        function.call(&mut self.store, ()).map_err(|error| failure(&self.store, self.deadline, &error))
    }

    /// Runs something that an error ends the instance for.
    fn guarded<T>(&mut self, run: impl FnOnce(&mut Self) -> Result<T, SandboxError>) -> Result<T, SandboxError> {
        if let Some(error) = &self.gone {
            return Err(error.clone());
        }
        self.store.set_epoch_deadline(ticks(self.deadline));
        let result = run(self);
        self.gone = result.as_ref().err().cloned();
        result
    }

    fn exchange(&mut self, verb: i32, request: &[u8]) -> Result<Exchanged, SandboxError> {
        let too_large = || SandboxError::Memory(self.store.data().limits.memory_bytes);
        let length = u32::try_from(request.len()).map_err(|_| too_large())?;
        let address = self.run(|session| session.alloc.call(&mut session.store, length))?;
        if address == 0 {
            return Err(SandboxError::Memory(self.store.data().limits.memory_bytes));
        }
        let written = self.memory.write(&mut self.store, address as usize, request);
        written.map_err(|_| SandboxError::Failed("its buffer lies outside of its memory".to_owned()))?;
        let packed = self.run(|session| session.call.call(&mut session.store, (verb, address, length)))?;
        let (start, size) = ((packed >> 32) as u32, packed as u32);
        let memory = self.memory.data(&self.store).get(start as usize..).and_then(|rest| rest.get(..size as usize));
        let outside = || SandboxError::Failed("its answer lies outside of its memory".to_owned());
        let answer = memory.ok_or_else(outside)?.to_vec();
        Ok(Exchanged { answer, buffers: [(address, length), (start, size)] })
    }

    fn run<T>(&mut self, run: impl FnOnce(&mut Self) -> wasmtime::Result<T>) -> Result<T, SandboxError> {
        run(self).map_err(|error| failure(&self.store, self.deadline, &error))
    }
}

fn typed<P: WasmParams, R: WasmResults>(
    store: &mut Store<State>,
    instance: &Instance,
    export: &ModuleExport,
) -> Result<TypedFunc<P, R>, SandboxError> {
    let function = instance.get_module_export(&mut *store, export).and_then(|found| found.into_func());
    let function =
        function.ok_or_else(|| SandboxError::Refused("an export of the interface is no function".to_owned()))?;
    function.typed(&*store).map_err(|error| refused(&error))
}

/// Ticks until a deadline: at least the whole time, wherever in a tick the call begins.
fn ticks(deadline: Duration) -> u64 {
    let whole = deadline.as_nanos().div_ceil(TICK.as_nanos());
    u64::try_from(whole).unwrap_or(u64::MAX).saturating_add(1)
}

/// What stopped an instance.
fn failure(store: &Store<State>, deadline: Duration, error: &wasmtime::Error) -> SandboxError {
    let limits = store.data().limits;
    if store.data().refused {
        return SandboxError::Memory(limits.memory_bytes);
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return SandboxError::Busy(limits.instances);
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => SandboxError::Deadline(deadline),
        Some(trap) => SandboxError::Failed(trap.to_string()),
        None => SandboxError::Failed(format!("{error:#}")),
    }
}
