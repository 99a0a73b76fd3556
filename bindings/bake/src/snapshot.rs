//! From the state of an instance to a module that starts in it.

use std::collections::BTreeMap;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use wasmi::Val;
use wasmtime_wizer::{InstanceState, ModuleContext, SnapshotVal, ValType, Wizer};

use crate::BakeError;
use crate::guest::Guest;

/// The module, prepared so that its state can be read.
pub struct Plan<'m> {
    wizer: Wizer,
    context: ModuleContext<'m>,
    instrumented: Vec<u8>,
}

impl<'m> Plan<'m> {
    /// Looks at a module.
    pub fn new(module: &'m [u8]) -> Result<Self, BakeError> {
        let wizer = Wizer::new();
        let no_module = |error| BakeError::Module(format!("{error:#}"));
        let (context, instrumented) = wizer.instrument(module).map_err(no_module)?;
        Ok(Self { wizer, context, instrumented })
    }

    /// The module to run: the same, with its state exported.
    pub fn instrumented(&self) -> &[u8] {
        &self.instrumented
    }

    /// The module as it was given, in the state of the instance.
    pub fn finish(&self, guest: &Guest) -> Result<Vec<u8>, BakeError> {
        let globals = guest.globals().into_iter().collect();
        let mut state = State { memory: guest.memory(), globals, lacking: false };
        let baked = {
            let snapshot = pin!(self.wizer.snapshot(&self.context, &mut state));
            match snapshot.poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(Ok(baked)) => Some(baked),
                Poll::Ready(Err(error)) => return Err(BakeError::Failed(format!("{error:#}"))),
                Poll::Pending => None, // the state is at hand: nothing waits
            }
        };
        let unread = || BakeError::Module("its state cannot be read".to_owned());
        baked.filter(|_| !state.lacking).ok_or_else(unread)
    }
}

/// The state of an instance, at rest.
struct State<'g> {
    memory: &'g [u8],
    globals: BTreeMap<String, Val>,
    lacking: bool,
}

impl InstanceState for State<'_> {
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        match self.globals.get(name) {
            Some(Val::I32(value)) => SnapshotVal::I32(*value),
            Some(Val::I64(value)) => SnapshotVal::I64(*value),
            Some(Val::F32(value)) => SnapshotVal::F32(value.to_bits()),
            Some(Val::F64(value)) => SnapshotVal::F64(value.to_bits()),
            _ => {
                self.lacking = true;
                SnapshotVal::I32(0)
            }
        }
    }

    async fn memory_contents(&mut self, _: &str, contents: impl FnOnce(&[u8]) + Send) {
        contents(self.memory);
    }
}
