//! What an instance may use.

use std::time::Duration;

/// Bounds of a sandbox; [`Limits::default`] is for a server with many tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Instances that may exist at once; one more is [`SandboxError::Busy`](crate::SandboxError::Busy).
    pub instances: u32,
    /// Bytes of linear memory per instance: the ruleset, the request, the answer, and the work between them.
    pub memory_bytes: usize,
    /// Bytes of stack per call.
    pub stack_bytes: usize,
    /// The time that one call may take, in steps of a millisecond.
    pub deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { instances: 256, memory_bytes: 64 << 20, stack_bytes: 512 << 10, deadline: Duration::from_secs(1) }
    }
}
