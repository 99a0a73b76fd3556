//! Engine and parser as one WebAssembly module, which must import nothing.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::module::imports;
use crate::run::{cargo, output, root, succeed};

const TARGET: &str = "wasm32-unknown-unknown";
const PACKAGE: &str = "trutina-wasm-probe";
const MODULE: &str = "trutina_wasm_probe.wasm";
/// Whatever is hashed at compile time is hashed alike in every build.
const SEED: &str = "trutina";

/// How the target is had.
#[derive(Clone, Copy)]
enum Way {
    Installed,
    Rustup,
    Debian,
}

impl Way {
    const ALL: [Self; 3] = [Self::Installed, Self::Rustup, Self::Debian];

    fn name(self) -> &'static str {
        match self {
            Self::Installed => "installed",
            Self::Rustup => "rustup",
            Self::Debian => "debian",
        }
    }

    /// The build command, once the target is there.
    fn prepare(self) -> Result<Command, String> {
        match self {
            Self::Installed => installed(),
            Self::Rustup => succeed(Command::new("rustup").args(["target", "add", TARGET])).and_then(|()| installed()),
            Self::Debian => debian(),
        }
    }
}

/// Builds the probe by the first way that works, or by the one given, and judges the module.
pub fn build(via: Option<&str>) -> Outcome {
    let ways: Vec<Way> = Way::ALL.into_iter().filter(|way| via.is_none_or(|name| name == way.name())).collect();
    let mut refused = Vec::new();
    for way in ways {
        match way.prepare() {
            Ok(mut command) => {
                succeed(&mut command)?;
                return judge(&module_path(), way);
            }
            Err(why) => refused.push(format!("{}: {why}", way.name())),
        }
    }
    Err(format!("{TARGET} cannot be had\n{}", refused.join("\n")))
}

/// Zero imports, or an error that lists them.
fn judge(path: &Path, way: Way) -> Outcome {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let found = imports(&bytes)?;
    if found.is_empty() {
        return Ok(format!("0 imports, {} bytes ({})", bytes.len(), way.name()));
    }
    Err(format!("{} import(s): {}", found.len(), found.join(", ")))
}

fn target_folder() -> PathBuf {
    root().join("target").join("wasm")
}

fn module_path() -> PathBuf {
    target_folder().join(TARGET).join("release").join(MODULE)
}

fn build_command() -> Command {
    let mut command = cargo();
    command.args(["build", "--release", "--locked", "--package", PACKAGE, "--target", TARGET, "--target-dir"]);
    command.arg(target_folder()).env("CONST_RANDOM_SEED", SEED).env_remove("RUSTFLAGS");
    command
}

fn sysroot() -> Result<PathBuf, String> {
    output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()))
        .map(|text| PathBuf::from(text.trim()))
}

fn installed() -> Result<Command, String> {
    let library = sysroot()?.join("lib/rustlib").join(TARGET).join("lib");
    if library.is_dir() { Ok(build_command()) } else { Err("the target is not installed".to_owned()) }
}

/// Debian's own WebAssembly toolchain, unpacked below `target` without installing anything.
fn debian() -> Result<Command, String> {
    let folder = root().join("target").join("wasm-toolchain");
    let compiler = folder.join("root/usr/bin/rustc");
    if !compiler.is_file() {
        download(&folder)?;
    }
    let own = folder.join("root/usr/lib");
    let host = format!("{}-linux-gnu", std::env::consts::ARCH);
    let llvm = subfolder(&own, "llvm-").map(|folder| folder.join("lib"));
    let libraries = join(&std::iter::once(own.join(host)).chain(llvm).collect::<Vec<_>>())?;
    let linker =
        sysroot()?.join("lib/rustlib").join(format!("{}-unknown-linux-gnu", std::env::consts::ARCH)).join("bin");
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let path = join(&std::iter::once(linker).chain(std::env::split_paths(&inherited)).collect::<Vec<_>>())?;
    let mut command = build_command();
    command.arg("-Zbuild-std=std,panic_abort");
    command.env("RUSTC", compiler).env("RUSTC_BOOTSTRAP", "1").env("LD_LIBRARY_PATH", libraries).env("PATH", path);
    Ok(command)
}

fn join(paths: &[PathBuf]) -> Result<OsString, String> {
    std::env::join_paths(paths).map_err(|error| error.to_string())
}

/// Fetches and unpacks the packages; the versions in their names are asked of the package lists.
fn download(folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let standard = depends("libstd-rust-web-dev", "libstd-rust-web-")?;
    let llvm = depends(&standard, "libllvm")?;
    let mut fetch = Command::new("apt-get");
    fetch.arg("download").args(["rustc-web", "libstd-rust-web-dev", "rust-web-src", "rust-web-llvm", &standard, &llvm]);
    succeed(fetch.current_dir(folder))?;
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.extension().is_some_and(|extension| extension == "deb") {
            succeed(Command::new("dpkg").arg("-x").arg(&path).arg(folder.join("root")))?;
        }
    }
    Ok(())
}

/// The dependency of a Debian package whose name begins as given.
fn depends(package: &str, prefix: &str) -> Result<String, String> {
    let list = output(Command::new("apt-cache").args(["depends", package]))?;
    let names = list.lines().filter_map(|line| line.trim().strip_prefix("Depends: "));
    names
        .into_iter()
        .find(|name| name.starts_with(prefix))
        .map(str::to_owned)
        .ok_or_else(|| format!("`{package}` names no {prefix}"))
}

/// Some versions of the packages keep LLVM in a folder of its own.
fn subfolder(folder: &Path, prefix: &str) -> Option<PathBuf> {
    let mut entries = std::fs::read_dir(folder).ok()?.filter_map(Result::ok);
    entries.find(|entry| entry.file_name().to_string_lossy().starts_with(prefix)).map(|entry| entry.path())
}
