//! Why there is no answer.

use std::time::Duration;

use trutina_engine::diagnostic::Code;
use trutina_engine::diagnostic::codes::{
    DEADLINE_EXCEEDED, ENGINE_STOPPED, MEMORY_EXHAUSTED, MODULE_REFUSED, SANDBOX_BUSY,
};

/// Why the sandbox gave no answer. What the engine refuses is an answer; this is what the host refused or stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// T6010: the call took too long and was stopped.
    #[error("the call was stopped after {} ms", .0.as_millis())]
    Deadline(Duration),
    /// T6011: the instance asked for more memory than it may have.
    #[error("the instance needs more than its {} KiB of memory", .0 >> 10)]
    Memory(usize),
    /// T6022: the instance trapped, or its answer is none; it is gone.
    #[error("the module failed: {0}")]
    Failed(String),
    /// T6023: this is no module for the sandbox.
    #[error("the module is refused: {0}")]
    Refused(String),
    /// T6012: as many instances as may exist do exist.
    #[error("all {0} instances are in use")]
    Busy(u32),
}

impl SandboxError {
    /// The code under which the error is documented.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Deadline(_) => DEADLINE_EXCEEDED,
            Self::Memory(_) => MEMORY_EXHAUSTED,
            Self::Failed(_) => ENGINE_STOPPED,
            Self::Refused(_) => MODULE_REFUSED,
            Self::Busy(_) => SANDBOX_BUSY,
        }
    }

    /// The error as the envelope that the engine's own refusals have: `{"error":{...},"diagnostics":[]}`.
    #[must_use]
    pub fn envelope(&self) -> Vec<u8> {
        trutina_engine::wire::call::refusal(self.code(), &self.to_string())
    }
}
