//! Scorecards of the DMG sample and of Apache KIE, the answers of a PMML engine to 4,000 random applicants, and the
//! German credit card with its principal reasons: through the whole pipeline.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing it does not understand"
)]

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;
use trutina_engine::decision::{Decision, TraceLevel};
use trutina_engine::diagnostic::codes::{INPUT_MISSING, UNSCORABLE};
use trutina_engine::engine::{Decider, Engine};
use trutina_engine::program::Program;
use trutina_engine::value::Value;
use trutina_engine::value::date::Date;
use trutina_engine::value::decimal::parse_decimal;

/// Digits after the point of the applicants' figures; `<= 18` is `< 18.01` among them.
const STEP: &str = "01";

fn published(file: &str) -> String {
    std::fs::read_to_string(format!("{}/data/published/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// One case; figures stay text.
#[derive(Deserialize)]
struct Case {
    card: String,
    inputs: BTreeMap<String, Box<RawValue>>,
    score: Option<Box<RawValue>>,
    reason_codes: Vec<Option<String>>,
    #[serde(default)]
    undefined: bool,
}

/// The row of our file that says what an attribute's condition says: lower, upper, value.
fn condition(when: &Json) -> [String; 3] {
    let bound = |json: &Json| format!("{json}.{STEP}");
    match (when[0].as_str().unwrap(), when) {
        ("missing", _) => ["".into(), "".into(), "MISSING".into()],
        ("eq", when) => ["".into(), "".into(), when[2].as_str().unwrap().to_owned()],
        ("le", when) => ["".into(), bound(&when[2]), "".into()],
        ("gt", when) => [bound(&when[2]), "".into(), "".into()],
        ("and", when) => {
            let ([lower, _, _], [_, upper, _]) = (condition(&when[1]), condition(&when[2]));
            [lower, upper, "".into()]
        }
        other => panic!("{other:?}"),
    }
}

/// Bounds in PMML are at most one digit below ours: -5 becomes -4.99.
fn mend(bound: String) -> String {
    match bound.strip_prefix('-') {
        Some(rest) => {
            let whole: i64 = rest.split('.').next().unwrap().parse().unwrap();
            format!("-{}.99", whole - 1)
        }
        None => bound,
    }
}

fn files(card: &Json) -> BTreeMap<String, Vec<u8>> {
    let characteristics = card["characteristics"].as_array().unwrap();
    let mut csv = "characteristic,lower,upper,value,points,reason,baseline\n".to_owned();
    let mut optional = BTreeMap::new();
    for characteristic in characteristics {
        let attributes = characteristic["attributes"].as_array().unwrap();
        let field = attributes.iter().map(|a| &a["when"][1]).find_map(Json::as_str).unwrap().to_owned();
        optional.insert(field.clone(), attributes.iter().any(|a| a["when"][0] == "missing"));
        for (attribute, first) in attributes.iter().zip([true].into_iter().chain(std::iter::repeat(false))) {
            let [lower, upper, value] = condition(&attribute["when"]);
            let baseline = if first { characteristic["baseline"].to_string() } else { String::new() };
            csv.push_str(&format!(
                "{field},{},{},{value},{},{},{baseline}\n",
                mend(lower),
                mend(upper),
                attribute["score"],
                characteristic["reason_code"].as_str().unwrap()
            ));
        }
    }
    let facts = card["fields"].as_object().unwrap().iter().map(|(name, ty)| {
        let ty = if ty == "number" { "type = \"decimal\", scale = 2" } else { "type = \"text\"" };
        format!("{name} = {{ {ty}, optional = {} }}\n", optional[name])
    });
    let manifest = format!(
        "language = 1\nid = \"published\"\nversion = \"1.0.0\"\n\n[facts]\n{}\n[outputs]\nscore = {{ type = \"integer\" }}\n\n\
         [scorecards.card]\nfile = \"c.scorecard.csv\"\ninitial_score = {}\npoints = {{ type = \"integer\" }}\n\
         reasons = {{ algorithm = \"points_below\", baseline = \"given\", most = 9, zero = \"keep\" }}\n",
        facts.collect::<String>(),
        card["initial"]
    );
    let reasons =
        characteristics.iter().map(|c| c["reason_code"].as_str().unwrap()).map(|code| format!("{code},{code}\n"));
    let reasons = format!("code,en\n{}", reasons.collect::<String>());
    let script = "fn decide(f, hits) {\n    #{ score: scorecard(\"card\", f).score }\n}\n".to_owned();
    [("ruleset.toml", manifest), ("rules.rhai", script), ("c.scorecard.csv", csv), ("reasons.csv", reasons)]
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text.into_bytes()))
        .collect()
}

fn load(files: &BTreeMap<String, Vec<u8>>) -> Program {
    let loaded = Engine::default().load(files, &trutina_script::Parser);
    loaded.program.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
}

fn as_of() -> Date {
    Date::parse_iso("2026-11-30").unwrap()
}

fn codes(decision: &Decision) -> Vec<String> {
    decision.reasons.iter().map(|reason| reason.code.clone()).collect()
}

fn run(cases: &[Case]) -> usize {
    let cards: Vec<Json> = serde_json::from_str(&published("pmml_cards.json")).unwrap();
    let programs: BTreeMap<String, Program> =
        cards.iter().map(|card| (card["name"].as_str().unwrap().to_owned(), load(&files(card)))).collect();
    let mut deciders: BTreeMap<&str, Decider<'_>> =
        programs.iter().map(|(name, program)| (name.as_str(), Decider::new(program))).collect();
    for case in cases {
        let facts: Vec<String> =
            case.inputs.iter().map(|(name, value)| format!("\"{name}\":{}", value.get())).collect();
        let facts = format!("{{{}}}", facts.join(","));
        let decider = deciders.get_mut(case.card.as_str()).unwrap();
        let decision = decider.decide_json(facts.as_bytes(), as_of(), TraceLevel::None);
        if case.undefined {
            // A fact that no attribute can take when it is missing is demanded from the input.
            let code = decision.error.unwrap().code;
            let missing = case.inputs.values().any(|value| value.get() == "null");
            assert!(code == UNSCORABLE || (missing && code == INPUT_MISSING), "{facts} {code}");
            continue;
        }
        assert_eq!(decision.error, None, "{facts}");
        let score = parse_decimal(case.score.as_ref().unwrap().get()).unwrap();
        let Value::Integer(found) = decision.outputs.as_ref().unwrap()[0].value else { panic!() };
        assert_eq!(parse_decimal(found.to_string()).unwrap(), score, "{} {facts}", case.card);
        let expected: Vec<String> = case.reason_codes.iter().flatten().cloned().collect();
        assert_eq!(codes(&decision), expected, "{} {facts}", case.card);
    }
    cases.len()
}

#[test]
fn published_cases() {
    let cases: Vec<Case> = serde_json::from_str(&published("pmml_published_cases.json")).unwrap();
    assert_eq!(run(&cases), 15);
}

#[test]
fn random_applicants_of_a_pmml_engine() {
    let cases: Vec<Case> = serde_json::from_str(&published("pmml_jpmml_random_cases.json")).unwrap();
    assert!(cases.iter().filter(|case| case.undefined).count() > 100);
    assert_eq!(run(&cases), 4_000);
}

/// Scores and the four principal reasons of the 1,000 applicants, with the pack's own card.
#[test]
fn german_credit() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let pack = root.join("rulesets/retail-credit-rating");
    let mut files: BTreeMap<String, Vec<u8>> = std::fs::read_dir(&pack)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap()))
        .collect();
    // The card alone: no rule and no row says anything beside it.
    let manifest: toml::Table = std::str::from_utf8(&files["ruleset.toml"]).unwrap().parse().unwrap();
    let program = load(&files);
    let originals: BTreeMap<String, String> = manifest["facts"]
        .as_table()
        .unwrap()
        .iter()
        .map(|(name, fact)| (name.clone(), fact.get("source").map_or(name.clone(), |s| s.as_str().unwrap().to_owned())))
        .collect();
    let reason_of =
        reason_names(&String::from_utf8(files.remove("application.scorecard.csv").unwrap()).unwrap(), &originals);
    let rows = |file: &str| -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_path(root.join("tests/data/german-credit").join(file)).unwrap();
        reader.deserialize().map(Result::unwrap).collect()
    };
    let (applicants, principal) = (rows("rows_scored.csv"), rows("reasons.csv"));
    let mut decider = Decider::new(&program);
    let (mut sum, mut count) = (0, 0);
    for (applicant, principal) in applicants.iter().zip(&principal) {
        let facts = program.facts.iter().map(|fact| {
            let text = &applicant[fact.input_key()];
            match fact.spec.data_type {
                trutina_engine::schema::DataType::Integer => format!("\"{}\":{text}", fact.input_key()),
                _ => format!("\"{}\":{}", fact.input_key(), Json::from(text.as_str())),
            }
        });
        let facts = format!("{{{}}}", facts.collect::<Vec<_>>().join(","));
        let decision = decider.decide_json(facts.as_bytes(), as_of(), TraceLevel::Reasons);
        assert_eq!(decision.error, None, "{facts}");
        let score = decision.outputs.as_ref().unwrap().iter().find(|output| output.name == "score").unwrap();
        let Value::Integer(score) = score.value else { panic!() };
        assert_eq!(format!("{score}.0"), applicant["score"]);
        let own = decision.reasons.iter().filter(|reason| reason.points.is_some());
        let own: Vec<&str> = own.map(|reason| reason_of[&reason.code].as_str()).collect();
        let expected: Vec<&str> = ["rc1", "rc2", "rc3", "rc4"].iter().map(|rank| principal[*rank].as_str()).collect();
        assert_eq!(own, expected, "{facts}");
        sum += score;
        count += 1;
    }
    assert_eq!((count, sum), (1_000, 472_608));
}

/// The original characteristic behind each of the card's codes.
fn reason_names(card: &str, originals: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_reader(card.as_bytes());
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    rows.iter().map(|row| (row["reason"].clone(), originals[&row["characteristic"]].clone())).collect()
}
