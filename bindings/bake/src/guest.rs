//! The module at work, in an interpreter.

use wasmi::{
    CompilationMode, Config, Engine, Instance, Linker, Memory, Module, Store, TypedFunc, Val, WasmParams, WasmResults,
};

use crate::BakeError;

/// Nested calls, and bytes of stack: what the parser needs for the deepest ruleset, and more.
const RECURSION_MAX: usize = 20_000;
const STACK_BYTES: usize = 32 << 20;
/// Sizes of the buffers that free memory is cleared with, the largest first.
const CLEARED: [u32; 8] = [1 << 18, 1 << 15, 1 << 12, 1 << 10, 1 << 8, 1 << 6, 1 << 4, 1];

/// An instance of the module.
pub struct Guest {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
    alloc: TypedFunc<u32, u32>,
    free: TypedFunc<(u32, u32), ()>,
    call: TypedFunc<(i32, u32, u32), u64>,
    /// Where the stack begins (it grows down, to 0), if nothing else lies there.
    stack: Option<usize>,
}

impl Guest {
    /// Makes an instance.
    pub fn start(module: &[u8]) -> Result<Self, BakeError> {
        let mut config = Config::default();
        config.set_max_recursion_depth(RECURSION_MAX).set_max_stack_height(STACK_BYTES);
        config.compilation_mode(CompilationMode::Lazy);
        let engine = Engine::new(&config);
        let module = Module::new(&engine, module).map_err(no_module)?;
        if let Some(import) = module.imports().next() {
            return Err(BakeError::Module(format!("it imports `{}.{}`", import.module(), import.name())));
        }
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module).map_err(failed)?;
        let missing = || BakeError::Module("it does not export `memory`".to_owned());
        let memory = instance.get_memory(&store, "memory").ok_or_else(missing)?;
        let alloc = function(&store, &instance, "trutina_alloc")?;
        let free = function(&store, &instance, "trutina_free")?;
        let call = function(&store, &instance, "trutina_call")?;
        let mut guest = Self { store, instance, memory, alloc, free, call, stack: None };
        guest.stack = guest.stack_pointer().filter(|top| guest.memory().iter().take(*top).all(|byte| *byte == 0));
        Ok(guest)
    }

    /// The one thing that a module of the engine keeps outside of its memory.
    fn stack_pointer(&self) -> Option<usize> {
        match self.globals().as_slice() {
            [(_, Val::I32(pointer))] => usize::try_from(*pointer).ok(),
            _ => None,
        }
    }

    /// The version of the interface.
    pub fn version(&mut self) -> Result<i32, BakeError> {
        let version: TypedFunc<(), i32> = function(&self.store, &self.instance, "trutina_abi_version")?;
        version.call(&mut self.store, ()).map_err(failed)
    }

    /// Answers a request. Neither it nor the answer stays in the memory.
    pub fn call(&mut self, verb: i32, request: &[u8]) -> Result<Vec<u8>, BakeError> {
        let length = u32::try_from(request.len()).map_err(|_| outside())?;
        let address = self.reserve(length)?;
        self.memory.write(&mut self.store, address as usize, request).map_err(|_| outside())?;
        let packed = self.call.call(&mut self.store, (verb, address, length)).map_err(failed)?;
        let answer = ((packed >> 32) as u32, packed as u32);
        let bytes = self.bytes(answer)?.to_vec();
        for buffer in [(address, length), answer] {
            self.clear(buffer)?;
            self.free.call(&mut self.store, buffer).map_err(failed)?;
        }
        Ok(bytes)
    }

    /// Clears memory that is free, and the stack, so that what the ruleset was read from is not in the baked module.
    ///
    /// Of each size as many buffers are taken as there is room for without growing (the last one shows by growing), cleared, and
    /// in the end given back.
    pub fn clear_free_memory(&mut self) -> Result<(), BakeError> {
        let mut taken = Vec::new();
        for size in CLEARED {
            let before = self.memory_bytes();
            let most = before.div_ceil(size as usize).saturating_add(1);
            for _ in 0..most {
                let buffer = (self.reserve(size)?, size);
                self.clear(buffer)?;
                taken.push(buffer);
                if self.memory_bytes() > before {
                    break;
                }
            }
        }
        for buffer in taken.into_iter().rev() {
            self.free.call(&mut self.store, buffer).map_err(failed)?;
        }
        if let (Some(top), Some(now)) = (self.stack, self.stack_pointer())
            && top == now
        {
            self.memory.data_mut(&mut self.store).iter_mut().take(top).for_each(|byte| *byte = 0);
        }
        Ok(())
    }

    /// The whole memory.
    pub fn memory(&self) -> &[u8] {
        self.memory.data(&self.store)
    }

    /// The values of the globals that can change; the prepared module exports them.
    pub fn globals(&self) -> Vec<(String, Val)> {
        let exports = self.instance.exports(&self.store);
        exports
            .filter_map(|export| {
                let name = export.name().to_owned();
                export.into_global().map(|global| (name, global.get(&self.store)))
            })
            .filter(|(name, _)| name.starts_with("__wizer_global_"))
            .collect()
    }

    fn memory_bytes(&self) -> usize {
        self.memory().len()
    }

    fn reserve(&mut self, length: u32) -> Result<u32, BakeError> {
        let address = self.alloc.call(&mut self.store, length).map_err(failed)?;
        if address == 0 { Err(BakeError::Failed("it has no room".to_owned())) } else { Ok(address) }
    }

    fn clear(&mut self, (address, length): (u32, u32)) -> Result<(), BakeError> {
        let memory = self.memory.data_mut(&mut self.store);
        let end = (address as usize).saturating_add(length as usize);
        memory.get_mut(address as usize..end).ok_or_else(outside)?.fill(0);
        Ok(())
    }

    fn bytes(&self, (address, length): (u32, u32)) -> Result<&[u8], BakeError> {
        let end = (address as usize).saturating_add(length as usize);
        self.memory().get(address as usize..end).ok_or_else(outside)
    }
}

fn function<P: WasmParams, R: WasmResults>(
    store: &Store<()>,
    instance: &Instance,
    name: &str,
) -> Result<TypedFunc<P, R>, BakeError> {
    instance.get_typed_func(store, name).map_err(|error| BakeError::Module(format!("`{name}`: {error}")))
}

fn no_module(error: wasmi::Error) -> BakeError {
    BakeError::Module(error.to_string())
}

fn failed(error: wasmi::Error) -> BakeError {
    BakeError::Failed(error.to_string())
}

fn outside() -> BakeError {
    BakeError::Failed("a buffer lies outside of its memory".to_owned())
}
