//! pack, and bundles wherever a ruleset is taken.

use std::path::Path;
use std::process::Command;

use crate::support::{account, directory, file, first, json, read, trutina};

/// RFC 8410, section 10.3, and its public key.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";

fn packed(ruleset: &str, more: &[&str]) -> (String, String) {
    let out = directory().join("packed.trutina");
    let out = out.to_str().unwrap().to_owned();
    let run = trutina(&[&["pack", ruleset, "--out", &out], more].concat());
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("is packed into"), "{}", run.stderr);
    (out, run.stdout.trim().to_owned())
}

#[test]
fn a_bundle_stands_wherever_a_ruleset_does() {
    let ruleset = first();
    let (bundle, digest) = packed(&ruleset, &[]);
    assert!(digest.starts_with("sha256:") && digest.len() == 71, "{digest}");
    assert_eq!(packed(&ruleset, &[]).1, digest, "the same ruleset, the same bundle");
    assert_eq!(packed(&bundle, &[]).1, digest, "a bundle holds all it is made of");
    for verb in ["check", "test", "inspect"] {
        let (from_files, from_bundle) = (trutina(&[verb, &ruleset]), trutina(&[verb, &bundle]));
        assert_eq!((from_bundle.status, &from_bundle.stdout), (from_files.status, &from_files.stdout), "{verb}");
        assert_eq!(from_bundle.stderr, from_files.stderr, "{verb}");
    }
    let trusting = trutina(&["check", &bundle, "--trust", &digest]);
    assert_eq!(trusting.status, 0, "{}", trusting.stderr);
    let other = trutina(&["check", &bundle, "--trust", &format!("sha256:{}", "0".repeat(64)), "--format", "json"]);
    assert_eq!(other.status, 2);
    assert_eq!(json(&other.stdout)[0]["code"].as_str(), Some("T6007"));
}

#[test]
fn decisions_are_the_same_bytes() {
    let (bundle, _) = packed(account(), &[]);
    let facts = file(&directory(), "facts.json", "{}");
    for verb in ["decide", "explain"] {
        let run = |ruleset: &str| {
            let run = trutina(&[verb, ruleset, "--facts", &facts, "--as-of", "2026-11-30"]);
            (run.status, run.stdout, run.stderr)
        };
        assert_eq!(run(&bundle), run(account()), "{verb}");
    }
}

#[test]
fn a_batch_writes_the_same_rows() {
    let ruleset = first();
    let (bundle, _) = packed(&ruleset, &[]);
    let rows = |from: &str, format: &str| {
        let out = directory().join(format!("out.{format}"));
        let (input, out) = (format!("{ruleset}/applicants.csv"), out.to_str().unwrap().to_owned());
        let ends = ["--as-of", "2026-11-30", "--id", "customer"];
        let run = trutina(&[["batch", from, "--in", &input, "--out", &out].as_slice(), &ends].concat());
        assert_eq!(run.status, 0, "{}", run.stderr);
        read(out.as_str())
    };
    for format in ["csv", "ndjson"] {
        let from_bundle = rows(&bundle, format);
        assert!(from_bundle.lines().count() >= 5, "{from_bundle}");
        assert_eq!(from_bundle, rows(&ruleset, format), "{format}");
    }
}

#[test]
fn a_key_of_openssl_signs() {
    let place = directory();
    let (key, public) = (file(&place, "key.pem", KEY), file(&place, "key.pub", PUBLIC));
    let ruleset = first();
    let (bundle, digest) = packed(&ruleset, &["--key", &key]);
    assert_eq!(packed(&ruleset, &[]).1, digest, "a signature does not change the digest");
    let trusted = trutina(&["check", &bundle, "--trust", &public]);
    assert_eq!(trusted.status, 0, "{}", trusted.stderr);
    let hexadecimal = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
    assert_eq!(trutina(&["check", &bundle, "--trust", hexadecimal]).status, 0);
    let (unsigned, _) = packed(&ruleset, &[]);
    let refused = trutina(&["check", &unsigned, "--trust", &public]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("error[T6007 bundle-untrusted]"), "{}", refused.stderr);
    let no_key = trutina(&["pack", &ruleset, "--out", &unsigned, "--key", &public]);
    assert_eq!(no_key.status, 1);
    assert!(no_key.stderr.contains("is no private key in PEM"), "{}", no_key.stderr);
}

#[test]
fn what_was_changed_is_refused() {
    let (bundle, _) = packed(&first(), &[]);
    let mut bytes = std::fs::read(&bundle).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    let changed = file(&directory(), "changed.trutina", bytes);
    for verb in ["check", "inspect", "test"] {
        let run = trutina(&[verb, &changed]);
        assert_eq!(run.status, 2, "{verb}");
        assert!(run.stderr.contains("error[T6005 bundle-damaged]"), "{verb}: {}", run.stderr);
    }
    let no_bundle = trutina(&["check", &first(), "--trust", &format!("sha256:{}", "0".repeat(64))]);
    assert_eq!(no_bundle.status, 1);
    assert!(no_bundle.stderr.contains("is no bundle, so `--trust` says nothing of it"), "{}", no_bundle.stderr);
}

/// The module that `cargo xtask wasm` built.
fn runtime_module() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/wasm/trutina-runtime.wasm");
    assert!(std::path::Path::new(path).is_file(), "the runtime module is not built: run `cargo xtask wasm` first");
    path.to_owned()
}

#[test]
fn a_ruleset_becomes_a_module() {
    let (ruleset, module) = (first(), runtime_module());
    let bake = || std::fs::read(packed(&ruleset, &["--wasm", "--module", &module]).0).unwrap();
    let baked = bake();
    assert!(baked.starts_with(b"\0asm"));
    assert!(baked.len() > std::fs::read(&module).unwrap().len());
    assert!(baked == bake(), "the same ruleset, other bytes");
}

#[test]
fn no_module_no_baking() {
    let (ruleset, place) = (first(), directory());
    let out = place.join("baked.wasm");
    let out = out.to_str().unwrap();
    let pack = |module: &str| trutina(&["pack", &ruleset, "--out", out, "--wasm", "--module", module]);
    let missing = pack("nowhere.wasm");
    assert_eq!(missing.status, 1);
    assert!(missing.stderr.contains("cannot read `nowhere.wasm`"), "{}", missing.stderr);
    assert!(missing.stderr.contains("--module trutina-runtime.wasm"), "{}", missing.stderr);
    let other = pack(&file(&place, "other.wasm", "no module"));
    assert_eq!(other.status, 1);
    assert!(other.stderr.contains("this is no module of the engine"), "{}", other.stderr);
    assert!(!std::path::Path::new(out).exists());
    assert_ne!(trutina(&["pack", &ruleset, "--out", out, "--module", "x.wasm"]).status, 0, "`--module` needs `--wasm`");
}

/// This program in a folder of its own, which packs into a module without being told which.
fn pack_from(program: &Path, out: &Path) -> (bool, String) {
    let mut pack = Command::new(program);
    let output = pack.args(["pack", &first(), "--wasm", "--out"]).arg(out).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn the_module_is_found_in_a_clone_and_in_a_release() {
    let target = directory();
    for folder in ["release", "wasm"] {
        std::fs::create_dir(target.join(folder)).unwrap();
    }
    let program = target.join("release").join(format!("trutina{}", std::env::consts::EXE_SUFFIX));
    std::fs::hard_link(env!("CARGO_BIN_EXE_trutina"), &program).unwrap();
    let out = target.join("baked.wasm");

    let (packed_it, said) = pack_from(&program, &out);
    assert!(!packed_it && !out.exists(), "{said}");
    assert!(said.contains("the engine's module is not there: `"), "{said}");
    for place in ["release", "wasm"] {
        let place = target.join(place).join("trutina-runtime.wasm");
        assert!(said.contains(&format!("`{}`", place.display())), "{said}");
    }
    assert!(said.contains("`cargo xtask wasm`") && said.contains("`--module trutina-runtime.wasm`"), "{said}");

    let named = std::fs::read(packed(&first(), &["--wasm", "--module", &runtime_module()]).0).unwrap();
    for place in ["wasm", "release"] {
        let module = target.join(place).join("trutina-runtime.wasm");
        std::fs::copy(runtime_module(), &module).unwrap();
        let (packed_it, said) = pack_from(&program, &out);
        assert!(packed_it, "{place}: {said}");
        assert!(std::fs::read(&out).unwrap() == named, "{place}: other bytes");
        std::fs::remove_file(module).unwrap();
    }
}
