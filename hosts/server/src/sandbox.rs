//! The settings under which every module runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmtime::{
    Config, Enabled, Engine, Inlining, InstanceAllocationStrategy, Module, OptLevel, PoolingAllocationConfig, Strategy,
};

use crate::guest::Guest;
use crate::{Compiled, Limits, SandboxError};

/// One step of the deadlines.
pub(crate) const TICK: Duration = Duration::from_millis(1);
/// Entries of the one table a module may have.
pub(crate) const TABLE_ELEMENTS: usize = 20_000;
/// Bytes of the host's own record of an instance.
const INSTANCE_BYTES: usize = 1 << 20;
/// Bytes of an instance's memory that stay mapped for the next one: more than a decision writes. Whatever stays is copied back after every
/// instance, so what a batch wrote beyond that is given back to the system.
const MEMORY_RESIDENT: usize = 256 << 10;
const TABLE_RESIDENT: usize = 1 << 20;

/// Compiles modules and runs them apart from each other and from the host. Cheap to clone.
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
}

/// What all modules of a sandbox share; it lives as long as one of them.
pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) limits: Limits,
    _ticker: Ticker,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("limits", &self.shared.limits).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// A sandbox without modules. It reserves addresses for all its instances, not memory.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Refused`] if the system does not give what the limits ask for.
    pub fn new(limits: Limits) -> Result<Self, SandboxError> {
        let engine = Engine::new(&config(&limits)).map_err(|error| refused(&error))?;
        let ticker = Ticker::start(engine.clone());
        Ok(Self { shared: Arc::new(Shared { engine, limits, _ticker: ticker }) })
    }

    /// Compiles a WebAssembly module to machine code. This takes seconds and is bounded by nothing but the size of the module:
    /// keep it out of the path of requests, and give it modules of your own making only.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Refused`] if it is no valid module, uses what the engine's modules do not use (SIMD, threads, 64-bit
    /// memory, several memories, garbage collection), needs more than the limits, imports anything, or lacks an export of the interface.
    pub fn compile(&self, module: &[u8]) -> Result<Compiled, SandboxError> {
        let module = Module::from_binary(&self.shared.engine, module).map_err(|error| refused(&error))?;
        Guest::new(Arc::clone(&self.shared), &module)?;
        module.serialize().map(Compiled).map_err(|error| refused(&error))
    }

    /// Makes a compiled module ready to decide.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Refused`] if it was compiled by another version, under other settings, or for another processor, or
    /// speaks another version of the interface; whatever the making of a first instance gives.
    pub fn load(&self, compiled: &Compiled) -> Result<Guest, SandboxError> {
        // SAFETY: `Compiled` holds nothing but what `compile` made: its field is private, and it is read back only under a
        // seal that was right.
        #[expect(unsafe_code, reason = "machine code can be taken on trust only, and this one is")]
        let module = unsafe { Module::deserialize(&self.shared.engine, &compiled.0) };
        let guest = Guest::new(Arc::clone(&self.shared), &module.map_err(|error| refused(&error))?)?;
        guest.check_version()?;
        Ok(guest)
    }

    /// The bounds of every call.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.shared.limits
    }
}

pub(crate) fn refused(error: &wasmtime::Error) -> SandboxError {
    SandboxError::Refused(format!("{error:#}"))
}

fn config(limits: &Limits) -> Config {
    let mut config = Config::new();
    config.strategy(Strategy::Cranelift).cranelift_opt_level(OptLevel::Speed);
    // A batch takes less time for it (benches/RESULTS.md); compiling, which no request waits for, takes three to five times as long.
    config.compiler_inlining(Inlining::Yes);
    // The engine uses no binary floats; were there ever one, its bits would not depend on the processor.
    config.cranelift_nan_canonicalization(true).wasm_relaxed_simd(false).wasm_simd(false);
    config.wasm_tail_call(false).wasm_multi_memory(false).wasm_memory64(false).wasm_extended_const(false);
    config.epoch_interruption(true).max_wasm_stack(limits.stack_bytes);
    config.memory_init_cow(true).shared_memory(false);
    // Traps are reported by their kind; frames of a stripped module would tell nobody anything.
    config.wasm_backtrace_max_frames(None).generate_address_map(false).native_unwind_info(false);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)));
    config
}

fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(limits.instances).total_memories(limits.instances).total_tables(limits.instances);
    pool.max_memory_size(limits.memory_bytes).max_memories_per_module(1);
    pool.table_elements(TABLE_ELEMENTS).max_tables_per_module(1).max_core_instance_size(INSTANCE_BYTES);
    // Together or not at all: without the scan, all resident bytes would be cleared after each instance.
    pool.linear_memory_keep_resident(MEMORY_RESIDENT).table_keep_resident(TABLE_RESIDENT).pagemap_scan(Enabled::Auto);
    pool.memory_protection_keys(Enabled::Auto);
    pool
}

/// Counts the milliseconds of the deadlines.
struct Ticker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    fn start(engine: Engine) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let tick = move || {
            while !stopped.load(Ordering::Relaxed) {
                std::thread::sleep(TICK);
                engine.increment_epoch();
            }
        };
        Self { stop, thread: Some(std::thread::spawn(tick)) }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // It ends within a tick, and it cannot have panicked.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
