//! `trutina pack`

use std::io::Write as _;
use std::path::{Path, PathBuf};

use trutina_engine::wire::bundle::{Bundle, Trust, load_compiled, pack, sign};

use crate::args::{Format, Pack};
use crate::failure::{Failure, Status};
use crate::key::SigningKey;
use crate::{files, report};

/// Packs a ruleset into one file, and signs it where a key is given. Its digest goes to stdout.
pub fn run(arguments: &Pack, format: Format) -> Result<Status, Failure> {
    let key = arguments.key.as_deref().map(SigningKey::read).transpose()?;
    let (program, files, loaded) = files::load_program(&arguments.ruleset, format)?;
    let made = (|| {
        let mut bundle = pack(&program, &loaded.sources, &files)?;
        if let Some(key) = &key {
            bundle = sign(&bundle, key.public(), |bytes| key.sign(bytes))?;
        }
        let digest = Bundle::read(&bundle)?.digest();
        // A host without the parser must take what is handed out here.
        load_compiled(&bundle, &Trust { digests: vec![digest.clone()], keys: Vec::new() })?;
        Ok((bundle, digest))
    })();
    let (bundle, digest) = match made {
        Ok(made) => made,
        Err(error) => {
            let error: trutina_engine::wire::bundle::BundleError = error;
            report::diagnostics(&[error.into_diagnostic()], &loaded.sources, format)?;
            return Err(Failure::Told(Status::Refused));
        }
    };
    let written = if arguments.wasm { baked(arguments.module.as_deref(), &bundle, &digest)? } else { bundle };
    write_whole(&arguments.out, &written)?;
    let identity = &program.identity;
    let mut told = format!("{} {} is packed into `{}`", identity.id, identity.version, arguments.out.display());
    if let Some(key) = &key {
        told.push_str(&format!("\nsigned by {}", key.public_text()));
    }
    report::note(&told);
    writeln!(std::io::stdout().lock(), "{digest}")?;
    Ok(Status::Done)
}

/// The runtime module with the bundle inside.
fn baked(module: Option<&Path>, bundle: &[u8], digest: &str) -> Result<Vec<u8>, Failure> {
    let path = module.map_or_else(found, |path| Ok(path.to_path_buf()))?;
    let failed = |error| Failure::file("read", &path, &error).with_help(MODULE_HELP);
    let module = std::fs::read(&path).map_err(failed)?;
    let trusting = format!("{{\"trust\":{{\"digests\":[\"{digest}\"]}}}}\n");
    trutina_bake::bake(&module, &[trusting.as_bytes(), bundle].concat())
        .map_err(|error| Failure::new(format!("cannot bake into `{}`: {error}", path.display())).with_help(MODULE_HELP))
}

const MODULE: &str = "trutina-runtime.wasm";
const MODULE_HELP: &str = "name the engine's module, of the version of this program: `--module trutina-runtime.wasm`; \
                           in a clone of the repository, `cargo xtask wasm` builds it as `target/wasm/trutina-runtime.wasm`";

/// The module where a release has it, beside this program, or where `cargo xtask wasm` builds it, in `target/wasm` while this
/// program lies in `target/release`.
fn found() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe().ok();
    let Some(folder) = program.as_deref().and_then(Path::parent) else {
        return Err(Failure::new("this program does not know where it lies").with_help(MODULE_HELP));
    };
    let built = folder.parent().map(|target| target.join("wasm").join(MODULE));
    let places: Vec<PathBuf> = std::iter::once(folder.join(MODULE)).chain(built).collect();
    places.iter().find(|place| place.is_file()).cloned().ok_or_else(|| {
        let looked: Vec<String> = places.iter().map(|place| format!("`{}`", place.display())).collect();
        Failure::new(format!("the engine's module is not there: {}", looked.join(", "))).with_help(MODULE_HELP)
    })
}

/// Writes a file whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::file("write", path, &error);
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".{}.part", std::process::id()));
    let draft = PathBuf::from(draft);
    let written = std::fs::write(&draft, bytes).and_then(|()| std::fs::rename(&draft, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&draft); // it may not be there
        failed(error)
    })
}
