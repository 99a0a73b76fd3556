//! The engine as WebAssembly modules, which import nothing and have the same bytes wherever they are built.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::module::imports;
use crate::run::{cargo, output, root, succeed};
use crate::shrink::shrunk;

const TARGET: &str = "wasm32-unknown-unknown";
const PACKAGE: &str = "trutina-abi";
const BUILT: &str = "trutina_abi.wasm";
/// Whatever is hashed at compile time is hashed alike in every build.
const SEED: &str = "trutina";
/// Where cargo reads flags for the compiler.
const FLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";
/// Where the sizes are kept.
const SIZES: &str = "bindings/abi/SIZES.md";

/// One of the modules that are built.
#[derive(Clone, Copy)]
pub struct Kind {
    /// `full` or `runtime`.
    pub name: &'static str,
    file: &'static str,
    arguments: &'static [&'static str],
    /// Bytes after `gzip -9` that it should have at most.
    goal: u64,
    /// Bytes after `gzip -9` beyond which the build fails: the next compiler may need a little more.
    most: u64,
}

/// Parser, checker and evaluator; and the evaluator of bundles alone.
pub const KINDS: [Kind; 2] = [
    Kind {
        name: "full",
        file: "trutina.wasm",
        arguments: &["--profile", "wasm-small"],
        goal: 450 * 1024,
        most: 455 * 1024,
    },
    Kind {
        name: "runtime",
        file: "trutina-runtime.wasm",
        arguments: &["--profile", "wasm", "--no-default-features"],
        goal: 200 * 1024,
        most: 200 * 1024,
    },
];

impl Kind {
    /// Where the module lies after the build.
    pub fn path(self) -> PathBuf {
        target_folder().join(self.file)
    }
}

/// How the target is had.
#[derive(Clone, Copy)]
enum Way {
    /// The rustup toolchain in use compiles the standard library for the target, from its own sources.
    Rustup,
    /// Debian's toolchain does, unpacked below `target`.
    Debian,
    /// The standard library as rustup ships it for the target: the same decisions from larger modules, and slower ones,
    /// because a stable compiler does not know the marks of what is to be fast.
    Prebuilt,
}

impl Way {
    const ALL: [Self; 3] = [Self::Rustup, Self::Debian, Self::Prebuilt];

    fn name(self) -> &'static str {
        match self {
            Self::Rustup => "rustup",
            Self::Debian => "debian",
            Self::Prebuilt => "prebuilt",
        }
    }

    /// The build command, once the target is there.
    fn prepare(self, sources: &Path, target: &Path) -> Result<Command, String> {
        match self {
            Self::Rustup => rustup(sources, target),
            Self::Prebuilt => prebuilt(sources, target),
            Self::Debian => debian(sources, target),
        }
    }
}

/// Builds both modules if they are not there.
pub fn modules() -> Result<(), String> {
    if KINDS.iter().all(|kind| kind.path().is_file()) {
        return Ok(());
    }
    build(None).map(drop)
}

/// Builds both modules by the first way that works, or by the one given, and judges them.
pub fn build(via: Option<&str>) -> Outcome {
    let (way, said) = build_in(&root(), &target_folder(), via)?;
    write_sizes(&said)?;
    Ok(format!("{} ({})", said.iter().map(Judged::line).collect::<Vec<_>>().join("; "), way.name()))
}

/// Builds both modules from the sources in a folder.
fn build_in(sources: &Path, target: &Path, via: Option<&str>) -> Result<(Way, Vec<Judged>), String> {
    let ways: Vec<Way> = Way::ALL.into_iter().filter(|way| via.is_none_or(|name| name == way.name())).collect();
    let mut refused = Vec::new();
    for way in ways {
        match way.prepare(sources, target) {
            Ok(_) => {
                return KINDS
                    .iter()
                    .map(|kind| one(*kind, way, sources, target))
                    .collect::<Result<_, _>>()
                    .map(|said| (way, said));
            }
            Err(why) => refused.push(format!("{}: {why}", way.name())),
        }
    }
    Err(format!("{TARGET} cannot be had\n{}", refused.join("\n")))
}

fn one(kind: Kind, way: Way, sources: &Path, target: &Path) -> Result<Judged, String> {
    succeed(way.prepare(sources, target)?.args(kind.arguments))?;
    let profile = kind.arguments.get(1).copied().unwrap_or_default();
    let built = target.join(TARGET).join(profile).join(BUILT);
    let bytes = std::fs::read(&built).map_err(|error| format!("{}: {error}", built.display()))?;
    let bytes = shrunk(&bytes).map_err(|error| format!("{}: {error}", built.display()))?;
    let path = target.join(kind.file);
    std::fs::write(&path, &bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    judge(kind, way, &bytes)
}

/// Builds the modules again from a copy of the sources in another folder: the bytes must be the same.
pub fn reproduce() -> Outcome {
    let built = build(None)?;
    let folder = root().join("target").join("wasm-again");
    let copy = folder.join("elsewhere").join("sources");
    drop(std::fs::remove_dir_all(&copy));
    std::fs::create_dir_all(&copy).map_err(|error| format!("{}: {error}", copy.display()))?;
    let listed = output(Command::new("git").args(["ls-files", "-z"]).current_dir(root()))?;
    for path in listed.split_terminator('\0').filter(|path| root().join(path).is_file()) {
        let to = copy.join(path);
        to.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(|error| format!("{}: {error}", to.display()))?;
        std::fs::copy(root().join(path), &to).map_err(|error| format!("{path}: {error}"))?;
    }
    let target = folder.join("target");
    build_in(&copy, &target, None)?;
    for kind in KINDS {
        let (here, there) = (std::fs::read(kind.path()), std::fs::read(target.join(kind.file)));
        if !matches!((&here, &there), (Ok(here), Ok(there)) if here == there) {
            return Err(format!("{}: two builds differ", kind.file));
        }
    }
    Ok(format!("{built}; the same bytes in two folders"))
}

/// A module that was looked at.
struct Judged {
    kind: Kind,
    bytes: usize,
    packed: u64,
}

impl Judged {
    fn line(&self) -> String {
        format!("{}: 0 imports, {} KiB, {} KiB gzip", self.kind.name, self.bytes / 1024, self.packed.div_ceil(1024))
    }
}

/// Zero imports and a size within the limit, or an error.
fn judge(kind: Kind, way: Way, bytes: &[u8]) -> Result<Judged, String> {
    let found = imports(bytes)?;
    if !found.is_empty() {
        return Err(format!("{}: {} import(s): {}", kind.file, found.len(), found.join(", ")));
    }
    let packed = packed(bytes)?;
    // A prebuilt library is not compiled for size.
    if packed > kind.most && !matches!(way, Way::Prebuilt) {
        return Err(format!("{}: {packed} bytes after gzip, more than {}", kind.file, kind.most));
    }
    Ok(Judged { kind, bytes: bytes.len(), packed })
}

/// Bytes after `gzip -9`.
fn packed(bytes: &[u8]) -> Result<u64, String> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).map_err(|error| error.to_string())?;
    encoder.finish().map_err(|error| error.to_string()).map(|packed| packed.len() as u64)
}

fn write_sizes(judged: &[Judged]) -> Result<(), String> {
    let mut text =
        "# Sizes of the modules\n\nKiB, as `cargo xtask wasm` built them last; the build fails beyond the limit.\n\n\
         | module | KiB | gzip -9 | goal (gzip) | limit (gzip) | imports |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for one in judged {
        let row = [one.bytes as u64 / 1024, one.packed.div_ceil(1024), one.kind.goal / 1024, one.kind.most / 1024];
        let _ = writeln!(text, "| `{}` | {} | 0 |", one.kind.file, row.map(|kib| kib.to_string()).join(" | "));
    }
    let path = root().join(SIZES);
    std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn target_folder() -> PathBuf {
    root().join("target").join("wasm")
}

fn build_command(sources: &Path, target: &Path) -> Command {
    let mut command = cargo();
    command.current_dir(sources);
    // `cargo build` would make the package's other library beside it, and then optimizes nothing across crates
    command.args(["rustc", "--locked", "--package", PACKAGE, "--crate-type", "cdylib", "--target", TARGET]);
    command.arg("--target-dir").arg(target).env("CONST_RANDOM_SEED", SEED).env_remove("RUSTFLAGS");
    command.env(FLAGS, flags(sources));
    command
}

/// No path of this machine gets into the module.
fn flags(sources: &Path) -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let remap = |from: &Path, to: &str| format!("--remap-path-prefix={}={to}", from.display());
    let mut flags = vec![remap(sources, "trutina")];
    // the small form of the digests: a digest is taken when a ruleset is loaded, and for traces
    flags.push("--cfg=sha2_backend_soft=\"compact\"".to_owned());
    flags.extend(home.map(|home| remap(&home, "cargo")));
    flags.extend(sysroot().ok().map(|root| remap(&root, "rust")));
    flags.join("\u{1f}")
}

fn sysroot() -> Result<PathBuf, String> {
    output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()))
        .map(|text| PathBuf::from(text.trim()))
}

fn rustup(sources: &Path, target: &Path) -> Result<Command, String> {
    let library = || sysroot().map(|root| root.join("lib/rustlib/src/rust/library/Cargo.lock"));
    if !library()?.is_file() {
        succeed(Command::new("rustup").args(["component", "add", "rust-src"]).current_dir(root()))?;
    }
    if library()?.is_file() {
        return Ok(with_own_library(build_command(sources, target)));
    }
    Err("the sources of the standard library are not there".to_owned())
}

fn prebuilt(sources: &Path, target: &Path) -> Result<Command, String> {
    let installed = sysroot()?.join("lib/rustlib").join(TARGET).join("lib").is_dir();
    if !installed {
        succeed(Command::new("rustup").args(["target", "add", TARGET]).current_dir(root()))?;
    }
    Ok(build_command(sources, target))
}

/// Compiles the standard library along, for size. A panic is a trap at once: a module without imports has nobody to tell.
fn with_own_library(mut command: Command) -> Command {
    command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]).env("RUSTC_BOOTSTRAP", "1");
    let inherited = command.get_envs().find(|(name, _)| *name == FLAGS).and_then(|(_, value)| value);
    let flags = [inherited.and_then(|value| value.to_str()).unwrap_or_default(), "-Zunstable-options"];
    // What a module answers is never written by `Debug`. The last one is for the marks of what is to be fast.
    let bare = ["-Cpanic=immediate-abort", "-Zlocation-detail=none", "-Zfmt-debug=none", "--cfg=trutina_wasm"];
    let flags = [flags.join("\u{1f}"), bare.join("\u{1f}")].join("\u{1f}");
    command.env(FLAGS, flags);
    // As rustup ships it: the library's own arithmetic is not checked twice.
    for library in ["core", "alloc", "std", "compiler_builtins"] {
        command.arg("--config").arg(format!("profile.wasm.package.{library}.overflow-checks=false"));
    }
    // Every decision asks for memory.
    for library in ["alloc", "dlmalloc"] {
        command.arg("--config").arg(format!("profile.wasm-small.package.{library}.opt-level=3"));
    }
    command
}

/// Debian's own WebAssembly toolchain, unpacked below `target` without installing anything.
fn debian(sources: &Path, target: &Path) -> Result<Command, String> {
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
    let mut command = with_own_library(build_command(sources, target));
    command.env("RUSTC", compiler).env("LD_LIBRARY_PATH", libraries).env("PATH", path);
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
