//! Rulesets with facts to pack, to damage and to decide on.

use std::fs;
use std::path::{Path, PathBuf};

use trutina_engine::decision::TraceLevel;
use trutina_engine::diagnostic::Sources;
use trutina_engine::engine::{Decider, Engine, Loaded};
use trutina_engine::parse::parse_cases;
use trutina_engine::program::Program;
use trutina_engine::value::date::Date;
use trutina_engine::wire::bundle::{Bundle, Trust, pack};
use trutina_engine::wire::canonical::write_decision;
use trutina_script::Parser;

use super::{Files, corpus, date};
use crate::generate;
use crate::reference::json::Json;

/// A ruleset with facts to decide on.
pub struct World {
    /// Where it comes from.
    pub name: String,
    /// Its files, evidence included.
    pub files: Files,
    /// Facts as JSON, each with its date.
    pub records: Vec<(String, Date)>,
}

impl World {
    /// The ruleset as a host with the parser loads it; nothing if it does not load.
    pub fn load(&self) -> Option<(Program, Loaded)> {
        let mut loaded = Engine::default().load(&self.files, &Parser);
        let program = loaded.program.take()?;
        Some((program, loaded))
    }

    /// The ruleset as a bundle.
    pub fn pack(&self) -> Option<Vec<u8>> {
        let (program, loaded) = self.load()?;
        Some(pack(&program, &loaded.sources, &self.files).unwrap_or_else(|error| panic!("{}: {error:?}", self.name)))
    }

    /// The canonical bytes of every decision, traced in full.
    pub fn decide(&self, program: &Program) -> Vec<Vec<u8>> {
        let mut decider = Decider::new(program);
        let decided = self.records.iter().map(|(facts, as_of)| {
            let mut bytes = Vec::new();
            write_decision(&decider.decide_json(facts.as_bytes(), *as_of, TraceLevel::Full), &mut bytes);
            bytes
        });
        decided.collect()
    }
}

/// Trust in this bundle and no other.
pub fn trust_in(bundle: &[u8]) -> Trust {
    let digest = Bundle::read(bundle).map_or_else(|error| panic!("{error:?}"), |bundle| bundle.digest());
    Trust { digests: vec![digest], keys: Vec::new() }
}

/// The shipped packs with their cases.
pub fn packs() -> Vec<World> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rulesets");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).expect("the packs").map(|entry| entry.expect("one").path()).collect();
    folders.retain(|path| path.join("ruleset.toml").is_file());
    folders.sort();
    folders.iter().map(|folder| pack_in(folder)).collect()
}

fn pack_in(folder: &Path) -> World {
    let mut files = Files::new();
    for below in ["", "cases"] {
        let entries = fs::read_dir(folder.join(below)).into_iter().flatten();
        for path in entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()) {
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            let name = if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
            files.insert(name, fs::read(&path).expect("a readable file"));
        }
    }
    let (cases, found) = parse_cases(&files, &mut Sources::default());
    assert!(found.is_empty(), "{}: {found:?}", folder.display());
    let records = cases.into_iter().map(|case| (case.facts, case.as_of)).collect();
    World { name: folder.display().to_string(), files, records }
}

/// The corpus of decisions.
pub fn decided() -> Vec<World> {
    worlds_in("evaluate")
}

/// The rulesets of a folder of the corpus, with the facts of their cases.
pub fn worlds_in(room: &str) -> Vec<World> {
    let cases = corpus::files_in(room).into_iter().filter(|(path, _)| !path.ends_with("fail_loud.json"));
    let worlds = cases.filter_map(|(path, document)| {
        let files = corpus::ruleset_files(document.get("files")?);
        let as_of = date(&corpus::text(&document, "as_of"));
        let Some(Json::Array(cases)) = document.get("cases") else { return None };
        let records = cases.iter().map(|case| (corpus::write(case.get("facts").expect("facts")), as_of)).collect();
        Some(World { name: path.display().to_string(), files, records })
    });
    worlds.collect()
}

/// A generated ruleset.
pub fn generated(seed: u64) -> World {
    let case = generate::from_seed(seed);
    let as_of = date(&case.as_of);
    let records = case.records.into_iter().map(|facts| (facts, as_of)).collect();
    World { name: format!("generated {seed}"), files: case.files, records }
}
