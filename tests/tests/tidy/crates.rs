//! Crates depend downwards: engine, script, bindings, hosts. No host on a host, no binding on a binding.

use crate::tree::{Finding, Source};

/// The floor of a folder; a crate depends on lower floors only. Tests, benches and tools look at everything.
fn floor(path: &str) -> Option<u8> {
    let floors = [
        ("engine/script", 2),
        ("engine", 1),
        ("bindings/", 3),
        ("hosts/", 4),
        ("benches", 5),
        ("tests/fuzz", 6), // the targets are glue over the tests' library
        ("tests", 5),
        ("xtask", 5),
    ];
    floors.iter().find(|(prefix, _)| path.starts_with(prefix)).map(|(_, floor)| *floor)
}

/// The folder of a crate of this workspace, by the name of its package.
fn folder(package: &str) -> Option<String> {
    match package {
        "trutina-engine" => Some("engine".to_owned()),
        "trutina-script" => Some("engine/script".to_owned()),
        "trutina-abi" | "trutina-js" | "trutina-bake" => Some(package.replace("trutina-", "bindings/")),
        "trutina-tests" => Some("tests".to_owned()),
        "trutina-benches" => Some("benches".to_owned()),
        "xtask" => Some("xtask".to_owned()),
        _ => package.strip_prefix("trutina-").map(|name| format!("hosts/{name}")),
    }
}

/// Dependencies of a manifest on crates of the same or of a higher floor.
pub fn upward_dependencies(source: &Source) -> Vec<Finding> {
    let Some(own) = floor(&source.path) else {
        return Vec::new();
    };
    let manifest: toml::Table = source.text.parse().unwrap_or_else(|error| panic!("{}: {error}", source.path));
    let sections = ["dependencies", "build-dependencies"].into_iter().filter_map(|name| manifest.get(name)?.as_table());
    let names = sections.flat_map(|table| table.keys());
    let upward = names.filter(|name| {
        folder(name)
            .and_then(|path| floor(&path))
            .is_some_and(|theirs| own < 5 && theirs >= own || theirs == 5 && own <= 5)
    });
    upward.map(|name| source.finding(1, format!("depends on `{name}`, which stands as high or higher"))).collect()
}

/// Packages that were locked from anywhere but the public registry.
pub fn foreign_sources(lock: &str) -> Vec<Finding> {
    let file = Source::new("Cargo.lock", lock);
    let allowed = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let lines = file.text.lines().enumerate().filter(|(_, line)| line.starts_with("source = ") && *line != allowed);
    lines.map(|(number, line)| file.finding(number + 1, line)).collect()
}

#[test]
fn an_upward_dependency_is_found() {
    let bad = [
        ("engine/Cargo.toml", "trutina-script = \"1\""),
        ("engine/Cargo.toml", "trutina-tests = \"1\""),
        ("bindings/js/Cargo.toml", "trutina-abi = \"1\""),
        ("hosts/server/Cargo.toml", "trutina-cli = \"1\""),
        ("benches/Cargo.toml", "trutina-tests = \"1\""),
    ];
    for (path, line) in bad {
        assert_eq!(
            upward_dependencies(&Source::new(path, &format!("[dependencies]\n{line}"))).len(),
            1,
            "{path}: {line}"
        );
    }
}

#[test]
fn a_downward_dependency_is_not_found() {
    let good = "[dependencies]\ntrutina-engine = \"1\"\ntrutina-script.workspace = true\nserde = \"1\"";
    assert!(upward_dependencies(&Source::new("hosts/cli/Cargo.toml", good)).is_empty());
    assert!(upward_dependencies(&Source::new("benches/Cargo.toml", good)).is_empty());
}

#[test]
fn a_foreign_source_is_found() {
    let line = "source = \"git+https://example.org/x\"\n";
    assert_eq!(foreign_sources(line).len(), 1);
}
