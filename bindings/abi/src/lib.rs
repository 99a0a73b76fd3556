//! The engine as a plain WebAssembly module: [`ABI.md`](https://docs.rs/trutina-abi) describes it for hosts.
//!
//! A host asks for a buffer, writes a request into it, calls, copies the answer out, and frees both. What a request and an
//! answer say is `wire::call`'s matter; this crate moves bytes.

use std::cell::RefCell;

use trutina_engine::engine::Engine;
use trutina_engine::wire::call::Door;

/// The version of the exports: their names, parameters and who frees what.
pub const ABI_VERSION: i32 = 1;

#[cfg(feature = "full")]
fn open() -> Door {
    Door::new(Engine::default(), Box::new(trutina_script::Parser))
}

#[cfg(not(feature = "full"))]
fn open() -> Door {
    Door::runtime(Engine::default())
}

thread_local! {
    /// The rulesets of this instance. WebAssembly without threads has one.
    /// Nothing until the first call: what has a beginning of its own needs code to begin and to end.
    static DOOR: RefCell<Option<Door>> = const { RefCell::new(None) };
}

/// Answers a request as the export does, for hosts that link this crate.
#[must_use]
pub fn call(verb: i32, request: &[u8]) -> Vec<u8> {
    DOOR.with_borrow_mut(|door| door.get_or_insert_with(open).call(verb, request))
}

/// The version of this interface; a host checks it before anything else.
#[unsafe(no_mangle)]
pub const extern "C" fn trutina_abi_version() -> i32 {
    ABI_VERSION
}

/// The exports that deal in addresses: they need 32 of them.
#[cfg(target_pointer_width = "32")]
mod exports {
    use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};

    use super::call;

    /// Buffers begin at a multiple of this, so that a host may lay columns of 64-bit values into them.
    const ALIGNMENT: usize = 8;

    /// How a buffer of so many bytes lies in memory; an empty one takes a byte, so that its address is its own.
    fn layout(len: usize) -> Option<Layout> {
        Layout::from_size_align(len.max(1), ALIGNMENT).ok()
    }

    fn reserve(len: usize) -> *mut u8 {
        let Some(layout) = layout(len) else { return std::ptr::null_mut() };
        // SAFETY: the layout has at least one byte.
        unsafe { alloc(layout) }
    }

    /// A buffer of `len` bytes, or 0 if there is no room. Its content is undefined until the host writes it.
    #[unsafe(no_mangle)]
    pub extern "C" fn trutina_alloc(len: usize) -> *mut u8 {
        reserve(len)
    }

    /// Gives a buffer back: one of [`trutina_alloc`], or an answer of [`trutina_call`], with the length it has.
    ///
    /// # Safety
    ///
    /// The buffer is one of this instance, it was not freed before, and `len` is its length.
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn trutina_free(pointer: *mut u8, len: usize) {
        let Some(layout) = layout(len).filter(|_| !pointer.is_null()) else { return };
        // SAFETY: the caller vouches for the address; the layout is made of the length as in `reserve`.
        unsafe { dealloc(pointer, layout) }
    }

    /// Answers a request. The address of the answer stands in the high 32 bits, its length in the low ones. The host
    /// frees both buffers.
    ///
    /// # Safety
    ///
    /// `pointer` and `len` are a buffer of this instance that the host has written.
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn trutina_call(verb: i32, pointer: *const u8, len: usize) -> i64 {
        // SAFETY: the caller vouches for the buffer; nothing else writes to it during the call.
        let request = if len == 0 { &[] } else { unsafe { std::slice::from_raw_parts(pointer, len) } };
        let answer = call(verb, request);
        let buffer = reserve(answer.len());
        if buffer.is_null() {
            handle_alloc_error(Layout::new::<u64>());
        }
        // SAFETY: the buffer was made for so many bytes and is nobody else's.
        unsafe { std::ptr::copy_nonoverlapping(answer.as_ptr(), buffer, answer.len()) };
        packed(buffer as usize, answer.len())
    }

    /// An address and a length, 32 bits each, in one number.
    fn packed(address: usize, len: usize) -> i64 {
        ((address as i64) << 32) | (len as i64 & 0xffff_ffff)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::{ABI_VERSION, Door, Engine, call, trutina_abi_version};

    fn json(answer: &[u8]) -> serde_json::Value {
        serde_json::from_slice(answer).unwrap()
    }

    #[test]
    fn the_version_is_exported() {
        assert_eq!(trutina_abi_version(), ABI_VERSION);
    }

    #[test]
    fn a_bad_request_is_an_answer() {
        assert_eq!(json(&call(0, b""))["error"]["code"], "T6001");
        assert_eq!(json(&call(3, b"\xff"))["error"]["code"].as_str().map(str::len), Some(5));
    }

    #[cfg(feature = "full")]
    #[test]
    fn what_was_loaded_stays_loaded() {
        let ruleset = r#"{"files":{"ruleset.toml":"language = 1\nid = \"one\"\nversion = \"1.0.0\"\n[facts.age]\ntype = \"integer\"\n[outputs]\nadult = { type = \"boolean\" }\n","rules.rhai":"fn decide(f, hits) { #{ adult: f.age >= 18 } }\n"}}"#;
        let handle = json(&call(1, ruleset.as_bytes()))["ok"]["handle"].as_i64().unwrap();
        let request = format!(r#"{{"handle":{handle},"as_of":"2026-11-30","facts":{{"age":18}}}}"#);
        for _ in 0..2 {
            assert_eq!(json(&call(3, request.as_bytes()))["outputs"]["adult"], true);
        }
    }

    #[test]
    fn the_runtime_reads_no_sources() {
        let mut door = Door::runtime(Engine::default());
        for verb in [1, 5] {
            assert_eq!(
                json(&door.call(verb, br#"{"files":{"ruleset.toml":"language = 1"}}"#))["error"]["code"],
                "T6004"
            );
        }
    }
}
