//! What the fuzz targets and the no-panic properties do with bytes; nothing here may panic but for a true difference.

use std::sync::OnceLock;

use trutina_engine::check::program::verify;
use trutina_engine::decision::TraceLevel;
use trutina_engine::diagnostic::codes::INTERNAL;
use trutina_engine::engine::{Decider, Engine};
use trutina_engine::program::Program;
use trutina_engine::wire::bundle::{Bundle, Trust, decode_program, encode_program, load_and_compare, load_compiled};
use trutina_script::Parser;

use super::bundles::World;
use super::edits::{edited, resealed};
use super::run::{Verdict, run};
use super::{Files, date, load};
use crate::generate::choices::from_bytes;
use crate::generate::from_choices;
use crate::reference::Reached;

/// Facts of rulesets that are made to be damaged: numbers with a hole, and decimals. A manifest may go on with the decimal.
pub const NUMBERS: &str = r#"[facts.n]
type = "integer"
optional = true
special = { none = -1 }
[facts.d]
type = "decimal"
scale = 2
"#;

/// What else they all have. A manifest goes on with further outputs, or with its artefacts.
pub const SERIES_AND_OUTCOME: &str = r#"[facts.series]
type = "series"
of = "integer"
period = "month"
[outputs]
outcome = { type = "enum", values = ["approve", "refer", "decline"] }
"#;

const HEAD: &str = r#"language = 1
id = "fuzz"
version = "1.0.0"
title = { en = "Fuzz" }
"#;

const FACTS: &str = r#"[facts.e]
type = "enum"
values = ["a", "b"]
[facts.on]
type = "date"
optional = true
[facts.list]
type = "list"
of = "record"
fields = { x = { type = "decimal", scale = 2 } }
"#;

const ARTEFACTS: &str = r#"[scorecards.card]
file = "card.scorecard.csv"
initial_score = 0
reasons = { algorithm = "points_below", baseline = "max", most = 4, zero = "drop" }
[tables.table]
file = "table.table.csv"
hit = "first"
inputs = ["n", "e"]
outputs = { v = { type = "integer" } }
no_match = "error"
"#;

const CARD: &str = "characteristic,lower,upper,value,points,reason\nn,,,MISSING,1,\nn,,,ELSE,2,\n";
const TABLE: &str = "id,n,e,->v\n1,-,-,1\n";
const RULES: &str = "fn decide(f, hits) { let c = scorecard(\"card\", f); let t = table(\"table\", f.n, f.e); #{ outcome: if c.score > t.v { \"approve\" } else { \"refer\" } } }\n";

/// A small ruleset that loads, with one file replaced.
pub fn ruleset_with(path: &str, bytes: &[u8]) -> Files {
    let manifest = [HEAD, NUMBERS, FACTS, SERIES_AND_OUTCOME, ARTEFACTS].concat();
    let sound = [
        ("ruleset.toml", manifest.as_str()),
        ("card.scorecard.csv", CARD),
        ("table.table.csv", TABLE),
        ("rules.rhai", RULES),
        ("reasons.csv", "code,en\nA,a\n"),
    ];
    let mut files: Files = sound.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    files.insert(path.to_owned(), bytes.to_vec());
    files
}

fn load_and_decide(files: &Files) {
    let loaded = Engine::default().load(files, &Parser);
    let Some(program) = loaded.program else {
        assert!(loaded.diagnostics.iter().any(|found| found.is_error()), "neither a program nor an error");
        return;
    };
    let record = br#"{"n":null,"d":0.1,"e":"a","list":[{"x":1}],"series":[{"date":"2026-01-31","value":1}]}"#;
    Decider::new(&program).decide_json(record, date("2026-11-30"), TraceLevel::Full);
}

/// `ruleset.toml`
pub fn toml(bytes: &[u8]) {
    load_and_decide(&ruleset_with("ruleset.toml", bytes));
}

/// A scorecard; its reader of CSV is that of all artefacts.
pub fn csv(bytes: &[u8]) {
    load_and_decide(&ruleset_with("card.scorecard.csv", bytes));
}

/// One input entry of a table.
pub fn cells(bytes: &[u8]) {
    let cell = String::from_utf8_lossy(bytes).replace('"', "\"\"");
    load_and_decide(&ruleset_with("table.table.csv", format!("id,n,e,->v\n1,\"{cell}\",-,1\n").as_bytes()));
}

/// `rules.rhai`
pub fn script(bytes: &[u8]) {
    load_and_decide(&ruleset_with("rules.rhai", bytes));
}

/// Facts of one record, on the engine and on the reference: both take them or both refuse them.
pub fn facts(bytes: &[u8]) {
    let program = load(&ruleset_with("reasons.csv", b"code,en\nA,a\n")).expect("a sound ruleset");
    Decider::new(&program).decide_json(bytes, date("2026-11-30"), TraceLevel::Full);
}

/// The bundle that edits are made in.
fn packed() -> &'static [u8] {
    static PACKED: OnceLock<Vec<u8>> = OnceLock::new();
    PACKED.get_or_init(|| {
        let files = ruleset_with("reasons.csv", b"code,en\nA,a\n");
        World { name: "fuzz".to_owned(), files, records: Vec::new() }.pack().expect("a sound ruleset")
    })
}

/// A bundle, trusted as it is, once these bytes and once a sound one that these bytes edit: read or refused, and what is
/// accepted decides. Whether a program was accepted.
pub fn bundle(bytes: &[u8]) -> bool {
    let edited = resealed(edited(packed(), bytes));
    judge_bundle(bytes) | judge_bundle(&edited)
}

fn judge_bundle(bytes: &[u8]) -> bool {
    let Ok(read) = Bundle::read(bytes) else { return false };
    let trust = Trust { digests: vec![read.digest()], keys: Vec::new() };
    let compiled = load_compiled(bytes, &trust);
    let compared = load_and_compare(&Engine::default(), bytes, &trust, &Parser);
    let vouched = compared.is_ok_and(|loaded| loaded.program.is_some());
    assert!(compiled.is_ok() || !vouched, "its sources vouch for what is refused: {:?}", compiled.err());
    let Ok(loaded) = compiled else { return false };
    decide_with(&loaded.program.expect("a loaded bundle has a program"));
    true
}

/// A serialised program, once these bytes and once a sound one that these bytes edit: refused by the reader or by the
/// verifier, or it decides; never T6003. Whether it decided.
pub fn program(bytes: &[u8]) -> bool {
    let sound = Bundle::read(packed()).expect("a sound bundle").program_bytes();
    judge_program(bytes) | judge_program(&edited(sound, bytes))
}

fn judge_program(bytes: &[u8]) -> bool {
    let Some(program) = decode_program(bytes) else { return false };
    assert_eq!(encode_program(&program), bytes, "two encodings of one program");
    let sound = verify(&program).is_ok();
    if sound {
        decide_with(&program);
    }
    sound
}

fn decide_with(program: &Program) {
    let record = br#"{"n":null,"d":0.1,"e":"a","list":[{"x":1}],"series":[{"date":"2026-01-31","value":1}]}"#;
    let decision = Decider::new(program).decide_json(record, date("2026-11-30"), TraceLevel::Full);
    assert!(decision.error.is_none_or(|error| error.code != INTERNAL), "a verified program was broken");
}

/// A generated case out of these bytes.
pub fn differential(bytes: &[u8]) {
    if let Verdict::Different(difference) = run(&from_choices(&from_bytes(bytes)), &Reached::default()) {
        panic!("{difference}");
    }
}
