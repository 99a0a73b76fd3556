//! Running other programs from the root of the repository.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The cargo that runs this tool.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// The target for which the compiler compiles unless told otherwise.
pub fn host() -> Result<String, String> {
    let said = output(Command::new("rustc").arg("-vV"))?;
    let line = said.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).ok_or_else(|| "rustc does not say its host".to_owned())
}

/// Where cargo puts what it builds. What this tool makes lies in `target` of the repository, where the hosts look for it.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A program of the workspace, in a build that cargo has made.
pub fn built(profile: &str, name: &str) -> PathBuf {
    target().join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// The path of the release build of the command line, building it first.
pub fn trutina() -> Result<PathBuf, String> {
    succeed(cargo().args(["build", "--release", "--locked", "-p", "trutina-cli"]))?;
    Ok(built("release", "trutina"))
}

/// A new folder, or the one that is there.
pub fn folder(path: PathBuf) -> Result<PathBuf, String> {
    std::fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

/// Packs a ruleset of `rulesets/` into a bundle, by the command line; the digest of the bundle.
pub fn pack(ruleset: &str, bundle: &Path) -> Result<String, String> {
    packed(ruleset, bundle, None)
}

/// The same, signed by a key that was made for it. The public key lies beside the bundle, as `.pub`.
pub fn pack_signed(ruleset: &str, bundle: &Path) -> Result<String, String> {
    let key = bundle.with_extension("pem");
    succeed(Command::new("node").args(["-e", NEW_KEY]).arg(&key).arg(bundle.with_extension("pub")))?;
    packed(ruleset, bundle, Some(&key))
}

/// Writes a private key, and the public one of it, as OpenSSL does; Node is there wherever a signed bundle is tested.
const NEW_KEY: &str = "const { generateKeyPairSync } = require('node:crypto'), { writeFileSync } = require('node:fs');
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
writeFileSync(process.argv[1], privateKey.export({ type: 'pkcs8', format: 'pem' }));
writeFileSync(process.argv[2], publicKey.export({ type: 'spki', format: 'pem' }));";

fn packed(ruleset: &str, bundle: &Path, key: Option<&Path>) -> Result<String, String> {
    let mut pack = Command::new(trutina()?);
    pack.current_dir(root()).args(["pack", &format!("rulesets/{ruleset}"), "--out"]).arg(bundle);
    if let Some(key) = key {
        pack.arg("--key").arg(key);
    }
    let said = output(&mut pack)?;
    let digest = said.lines().find(|line| line.starts_with("sha256:"));
    digest.map(str::to_owned).ok_or_else(|| "trutina pack printed no digest".to_owned())
}

/// Runs a command with our own output; an error names it.
pub fn succeed(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("{}: {error}", shown(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{}: {status}", shown(command))) }
}

/// Runs a command and returns its output; an error carries what it said.
pub fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("{}: {error}", shown(command)))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("{}: {}\n{text}{complaint}", shown(command), output.status))
}

/// Runs a command, repeats its standard output as it comes, and returns it with whether the command succeeded.
pub fn repeat(command: &mut Command) -> Result<(String, bool), String> {
    let name = shown(command);
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("{name}: {error}"))?;
    let mut text = String::new();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line.map_err(|error| format!("{name}: {error}"))?;
            println!("{line}");
            text.push_str(&line);
            text.push('\n');
        }
    }
    let status = child.wait().map_err(|error| format!("{name}: {error}"))?;
    Ok((text, status.success()))
}

/// A command as a person would type it.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
