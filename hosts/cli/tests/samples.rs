//! The samples print what every host's samples print: `tests/samples/*.txt`. `UPDATE_GOLDEN=1` rewrites the files.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::Command;

/// Builds a sample if it must be, and runs it.
fn printed(sample: &str) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["run", "--quiet", "--locked", "--package", "trutina-cli", "--example", sample];
    let output = Command::new(cargo).current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{sample}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_sample_prints_what_all_hosts_print() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples");
    for sample in ["one", "batch", "explain", "limits"] {
        let (path, printed) = (folder.join(format!("{sample}.txt")), printed(sample));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &printed).unwrap();
        }
        assert_eq!(printed, std::fs::read_to_string(&path).unwrap(), "{sample}");
    }
}
