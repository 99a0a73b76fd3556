//! Modules that mean harm, and what becomes of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests stop at once"
)]

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use trutina_server::{Compiled, Guest, Limits, Sandbox, SandboxError, Session, verb};

const MEMORY_BYTES: usize = 4 << 20;
const DEADLINE: Duration = Duration::from_millis(500);

/// One sandbox for all tests: it reserves addresses for all its instances.
fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| {
        let limits = Limits { instances: 64, memory_bytes: MEMORY_BYTES, deadline: DEADLINE, ..Limits::default() };
        Sandbox::new(limits).unwrap()
    })
}

/// A module with the interface; `call` is the body of `trutina_call(verb, ptr, len)`.
fn module(call: &str) -> String {
    module_of("", "(i32.const 1024)", call)
}

fn module_of(more: &str, alloc: &str, call: &str) -> String {
    format!(
        r#"(module {more}
            (memory (export "memory") 1)
            (data (i32.const 8) "fine")
            (func (export "trutina_abi_version") (result i32) (i32.const 1))
            (func (export "trutina_alloc") (param i32) (result i32) {alloc})
            (func (export "trutina_free") (param i32 i32))
            (func $call (export "trutina_call") (param $verb i32) (param $ptr i32) (param $len i32) (result i64) {call}))"#
    )
}

/// The four bytes at 8.
const FINE: &str = "(i64.const 0x0000000800000004)";

fn compile(text: &str) -> Result<Compiled, SandboxError> {
    sandbox().compile(&wat::parse_str(text).unwrap())
}

fn guest(text: &str) -> Guest {
    sandbox().load(&compile(text).unwrap()).unwrap()
}

fn refused(error: Option<SandboxError>) -> String {
    match error {
        Some(SandboxError::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

/// An instance per call, and a kept one.
fn both(guest: &Guest) -> [SandboxError; 2] {
    let mut session = guest.session().unwrap();
    let errors = [guest.decide(b"{}").unwrap_err(), session.call(verb::DECIDE, b"{}").unwrap_err()];
    assert_eq!(session.call(verb::DECIDE, b"{}").unwrap_err(), errors[1], "an instance that failed is gone");
    errors
}

#[test]
fn what_means_no_harm_answers() {
    let guest = guest(&module(FINE));
    assert_eq!(guest.decide(b"{}").unwrap(), b"fine");
    let mut session = guest.session().unwrap();
    for _ in 0..3 {
        assert_eq!(session.call(verb::DECIDE, b"{}").unwrap(), b"fine");
    }
}

#[test]
fn an_endless_loop_meets_the_deadline() {
    let guest = guest(&module("(loop (br 0)) (unreachable)"));
    let start = Instant::now();
    for error in both(&guest) {
        assert_eq!(error, SandboxError::Deadline(DEADLINE));
        assert_eq!(error.code().to_string(), "T6010");
    }
    let took = start.elapsed();
    assert!(took >= 2 * DEADLINE, "{took:?}");
}

#[test]
fn a_loop_elsewhere_meets_the_deadline() {
    let in_alloc = guest(&module_of("", "(loop (br 0)) (unreachable)", FINE));
    assert_eq!(in_alloc.decide(b"{}").unwrap_err(), SandboxError::Deadline(DEADLINE));
    let at_start = module_of("(func $start (loop (br 0))) (start $start)", "(i32.const 1024)", FINE);
    let error = sandbox().load(&compile(&at_start).unwrap()).err();
    assert_eq!(error, Some(SandboxError::Deadline(DEADLINE)));
}

#[test]
fn a_call_may_have_a_deadline_of_its_own() {
    let mut session = guest(&module("(loop (br 0)) (unreachable)")).session().unwrap();
    session.set_deadline(Duration::from_millis(3));
    assert_eq!(session.call(1, b"").unwrap_err(), SandboxError::Deadline(Duration::from_millis(3)));
}

#[test]
fn a_memory_bomb_meets_the_limit() {
    let bombs = [
        "(loop (drop (memory.grow (i32.const 1))) (br 0)) (unreachable)",
        "(drop (memory.grow (i32.const 65535))) (unreachable)",
    ];
    for bomb in bombs {
        for error in both(&guest(&module(bomb))) {
            assert_eq!(error, SandboxError::Memory(MEMORY_BYTES), "{bomb}");
            assert_eq!(error.code().to_string(), "T6011");
        }
    }
    let no_room = guest(&module_of("", "(i32.const 0)", FINE));
    assert_eq!(no_room.decide(b"{}").unwrap_err(), SandboxError::Memory(MEMORY_BYTES));
    let too_large = module(FINE).replace("\"memory\") 1", "\"memory\") 65");
    assert!(refused(compile(&too_large).err()).contains("memory"), "{:?}", compile(&too_large));
}

#[test]
fn a_table_does_not_grow_beyond_its_limit() {
    let grow = "(i64.extend_i32_s (table.grow $t (ref.null func) (i32.const 30000))) (drop) (i32.const 8)
                (i32.store (table.size $t)) (i64.const 0x0000000800000004)";
    let guest = guest(&module_of("(table $t 10 funcref)", "(i32.const 1024)", grow));
    assert_eq!(guest.decide(b"{}").unwrap(), 10_u32.to_le_bytes());
}

#[test]
fn a_trap_is_an_error_of_the_call() {
    let recursion = "(call $call (local.get 0) (local.get 1) (local.get 2))";
    let deep = "(call $call (local.get 0) (local.get 1) (i32.add (local.get 2) (i32.const 1))) (i64.add (i64.const 1))";
    let traps = [
        ("(unreachable)", "unreachable"),
        ("(i64.div_u (i64.const 1) (i64.const 0))", "divide by zero"),
        ("(i64.load (i32.const -8))", "out of bounds memory access"),
        (deep, "call stack exhausted"),
        ("(i64.const 0x7fffffff_00000001)", "its answer lies outside of its memory"),
        ("(i64.const 0x00000008_7fffffff)", "its answer lies outside of its memory"),
        ("(i64.const -1)", "its answer lies outside of its memory"),
    ];
    for (body, expected) in traps {
        for error in both(&guest(&module(body))) {
            assert!(matches!(&error, SandboxError::Failed(why) if why.contains(expected)), "{body}: {error:?}");
            assert_eq!(error.code().to_string(), "T6022");
        }
    }
    let elsewhere = guest(&module_of("", "(i32.const -4)", FINE));
    assert!(matches!(elsewhere.decide(b"{}"), Err(SandboxError::Failed(why)) if why.contains("buffer")));
    // A call in the last place is compiled as any other: the stack ends.
    assert!(matches!(guest(&module(recursion)).decide(b"{}"), Err(SandboxError::Failed(_))));
}

#[test]
fn imports_are_refused() {
    let imports = [
        r#"(import "env" "f" (func))"#,
        r#"(import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))"#,
        r#"(import "env" "g" (global i32))"#,
        r#"(import "env" "t" (table 1 funcref))"#,
    ];
    for import in imports {
        let error = compile(&module_of(import, "(i32.const 1024)", FINE)).err();
        assert_eq!(error.as_ref().map(|error| error.code().to_string()).as_deref(), Some("T6023"));
        assert!(refused(error).starts_with("it imports `"), "{import}");
    }
    let memory = module(FINE)
        .replace("(memory (export \"memory\") 1)", "(import \"env\" \"m\" (memory 1)) (export \"memory\" (memory 0))");
    assert!(refused(compile(&memory).err()).starts_with("it imports `env.m`"));
}

#[test]
fn modules_without_the_interface_are_refused() {
    for export in ["memory", "trutina_abi_version", "trutina_alloc", "trutina_free", "trutina_call"] {
        let text = module(FINE).replace(&format!("\"{export}\""), "\"other\"");
        assert!(refused(compile(&text).err()).contains(export), "{export}");
    }
    let wrong = [
        ("(result i32) (i32.const 1))", "(result i64) (i64.const 1))"),
        ("(param i32 i32))", "(param i32))"),
        ("(result i32) (i32.const 1))", "(result i32) (i32.const 2))"),
    ];
    for (right, wrong) in wrong {
        let text = module(FINE).replacen(right, wrong, 1);
        refused(compile(&text).and_then(|compiled| sandbox().load(&compiled)).err());
    }
}

#[test]
fn what_the_engine_does_not_use_is_refused() {
    let more = [
        "(func (drop (v128.const i64x2 0 0)))",
        "(memory $second 1)",
        "(memory $shared 1 1 shared)",
        "(func $f (return_call $f))",
        "(memory $large i64 1)",
        "(type (struct (field i32)))",
        "(tag $t)",
    ];
    for text in more {
        refused(compile(&module_of(text, "(i32.const 1024)", FINE)).err());
    }
    for bytes in [b"".as_slice(), b"(module)", b"\0asm\x01\0\0\0", b"\0asm\x0d\0\x01\0"] {
        refused(sandbox().compile(bytes).err());
    }
}

#[test]
fn one_instance_too_many_is_refused() {
    let sandbox = Sandbox::new(Limits { instances: 2, memory_bytes: 1 << 20, ..Limits::default() }).unwrap();
    let guest = sandbox.load(&sandbox.compile(&wat::parse_str(module(FINE)).unwrap()).unwrap()).unwrap();
    let held: Vec<Session> = (0..2).map(|_| guest.session().unwrap()).collect();
    let error = guest.decide(b"{}").unwrap_err();
    assert_eq!((&error, error.code().to_string().as_str()), (&SandboxError::Busy(2), "T6012"));
    drop(held);
    assert_eq!(guest.decide(b"{}").unwrap(), b"fine");
}

#[test]
fn an_error_has_an_envelope() {
    let envelope: serde_json::Value = serde_json::from_slice(&SandboxError::Deadline(DEADLINE).envelope()).unwrap();
    assert_eq!(
        envelope,
        serde_json::json!({"error": {"code": "T6010", "name": "deadline-exceeded", "message": "the call was stopped after 500 ms", "at": null}, "diagnostics": []})
    );
}

/// Counts its calls, at 16, and answers the count.
const COUNTER: &str =
    "(i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (i32.const 1))) (i64.const 0x0000001000000004)";

#[test]
fn no_decision_sees_another() {
    let guest = guest(&module(COUNTER));
    for _ in 0..100 {
        assert_eq!(guest.decide(b"{}").unwrap(), 1_u32.to_le_bytes());
    }
    let mut session = guest.session().unwrap();
    for count in 1..=3_u32 {
        assert_eq!(session.call(verb::DECIDE, b"{}").unwrap(), count.to_le_bytes());
    }
}

#[test]
fn neighbours_of_the_hostile_go_on() {
    let good = guest(&module(COUNTER));
    let bad: Vec<Guest> = [
        "(loop (br 0)) (unreachable)",
        "(loop (drop (memory.grow (i32.const 1))) (br 0)) (unreachable)",
        "(unreachable)",
        "(call $call (local.get 0) (local.get 1) (local.get 2)) (i64.add (i64.const 1))",
        // All of its memory is written before it fails.
        "(memory.fill (i32.const 0) (i32.const 255) (i32.const 65536)) (unreachable)",
    ]
    .into_iter()
    .map(|call| guest(&module(call)))
    .collect();
    std::thread::scope(|scope| {
        for bad in &bad {
            scope.spawn(move || (0..3).for_each(|_| drop(bad.decide(b"{}").unwrap_err())));
        }
        for _ in 0..4 {
            scope.spawn(|| (0..500).for_each(|_| assert_eq!(good.decide(b"{}").unwrap(), 1_u32.to_le_bytes())));
        }
    });
}

/// Resident bytes of this process.
#[cfg(target_os = "linux")]
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = text.split_whitespace().nth(1).unwrap().parse().unwrap();
    pages * 4096
}

#[cfg(target_os = "linux")]
#[test]
fn thousands_of_instances_leave_nothing_behind() {
    // Each writes a MiB that it asked for.
    let greedy = "(drop (memory.grow (i32.const 16))) (memory.fill (i32.const 65536) (i32.const 1) (i32.const 1048576)) (i64.const 0x0000000800000004)";
    let guest = guest(&module(greedy));
    let run = |count: usize| (0..count).for_each(|_| assert_eq!(guest.decide(b"{}").unwrap(), b"fine"));
    run(200);
    let before = resident();
    run(5_000);
    let grown = resident().saturating_sub(before);
    assert!(grown < 200 << 20, "{} KiB more", grown >> 10);
}

#[test]
fn machine_code_comes_back_under_its_seal_only() {
    let key = [7; 32];
    let compiled = compile(&module(FINE)).unwrap();
    let sealed = compiled.sealed(&key);
    let again = Compiled::open(&key, &sealed).unwrap();
    assert_eq!(sandbox().load(&again).unwrap().decide(b"{}").unwrap(), b"fine");
    assert!(refused(Compiled::open(&[8; 32], &sealed).err()).contains("seal"));
    for at in [0, 31, 32, sealed.len() / 2, sealed.len() - 1] {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        refused(Compiled::open(&key, &changed).err());
    }
    for length in [0, 31, 32, sealed.len() - 1] {
        refused(Compiled::open(&key, &sealed[..length]).err());
    }
}
