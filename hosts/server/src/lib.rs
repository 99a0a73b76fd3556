//! A sandbox for the WebAssembly build of the engine.
//!
//! A module is compiled once, outside of any request ([`Sandbox::compile`]), and loaded ([`Sandbox::load`]). Then every
//! decision runs in an instance of its own, made from the module's snapshot and dropped afterwards: nothing that one decision
//! leaves behind is seen by the next, and whatever happens in an instance, its neighbours go on. An instance has no imports, so
//! it can do nothing but answer; its memory, its stack and its time are bounded ([`Limits`]).
//!
//! What the host stopped is a [`SandboxError`] with a code of its own (T6010 to T6012, T6022, T6023), never an outcome.
//!
//! ```
//! use trutina_server::{Limits, Sandbox};
//!
//! let sandbox = Sandbox::new(Limits { instances: 4, ..Limits::default() })?;
//! let refused = sandbox.compile(b"no module").err().map(|error| error.code().to_string());
//! assert_eq!(refused.as_deref(), Some("T6023"));
//! # Ok::<(), trutina_server::SandboxError>(())
//! ```
//!
//! Facts enter as the bytes of a request, or as [`Facts`] of Rust values.

mod compiled;
mod error;
mod guest;
mod limits;
mod request;
mod sandbox;

pub use compiled::{Compiled, SEAL_KEY_BYTES};
pub use error::SandboxError;
pub use guest::{Guest, Session, verb};
pub use limits::Limits;
pub use request::decide_request;
pub use sandbox::Sandbox;
pub use trutina_engine::wire::typed::{FactValue, Facts};
