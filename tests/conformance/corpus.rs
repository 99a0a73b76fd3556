//! The cases of all hosts, out of everything that the repository decides on.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value, json};
use trutina_engine::parse::csv::Reader;
use trutina_engine::schema::{DataType, Fact};
use trutina_tests::generate;
use trutina_tests::harness::bundles::{self, World};
use trutina_tests::harness::{Files, cells, checks, corpus, load, pages, trials};
use trutina_tests::reference::json::Json;

use crate::entry::Entry;
use crate::{bundles as packed, columns, requests, typed};

/// The date of what has none of its own.
pub const AS_OF: &str = "2026-11-30";

/// Examples of pages beyond this size are about limits of files: they are judged, not decided with.
const PAGE_BYTES_MAX: usize = 256 << 10;

/// The levels of traces.
pub const LEVELS: [&str; 3] = ["none", "reasons", "full"];

/// Collects entries; a ruleset is dropped when its cases are through.
#[derive(Default)]
pub struct Cases {
    /// In order.
    pub entries: Vec<Entry>,
}

/// The whole corpus; with modules that hold their ruleset, if there is a runtime module to make them of.
pub fn all(runtime: Option<&[u8]>) -> Vec<Entry> {
    let mut cases = Cases::default();
    cases.worlds();
    cases.portfolio();
    cases.fail_loud();
    cases.found();
    cases.programs();
    cases.pages();
    cases.cells();
    for check in checks::cases() {
        cases.check(&format!("check/{}", check.name), &check.files);
    }
    for (index, trial) in trials::trials().into_iter().enumerate() {
        let files = trial.files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        cases.check(&format!("script/{index}/{}", trial.name), &files);
    }
    requests::all(&mut cases);
    columns::all_of(&mut cases);
    packed::all(&mut cases, runtime);
    cases.entries
}

/// The generated rulesets of these seeds with their facts.
pub fn generated(seeds: Range<u64>) -> Vec<Entry> {
    let mut cases = Cases::default();
    for seed in seeds.clone() {
        cases.generated_case(&format!("generated/{seed}"), &generate::from_seed(seed));
    }
    packed::of_seeds(&mut cases, seeds);
    cases.entries
}

/// Files as texts; nothing if one is none.
fn texts(files: &Files) -> Option<BTreeMap<String, String>> {
    let text = |(path, bytes): (&String, &Vec<u8>)| Some((path.clone(), String::from_utf8(bytes.clone()).ok()?));
    files.iter().map(text).collect()
}

/// Whether a text is JSON.
pub fn is_json(text: &str) -> bool {
    Json::parse(text).is_some()
}

impl Cases {
    /// Loads a ruleset under a name.
    pub fn ruleset(&mut self, name: &str, files: &Files) {
        let files = texts(files).unwrap_or_else(|| panic!("{name} is not UTF-8"));
        self.entries.push(Entry::Ruleset { ruleset: name.to_owned(), files });
    }

    /// Unloads it.
    pub fn drop(&mut self, name: &str) {
        self.entries.push(Entry::Drop { drop: name.to_owned() });
    }

    /// A request as it is.
    pub fn call(&mut self, id: &str, verb: i32, request: String) {
        self.entries.push(Entry::Call { call: id.to_owned(), verb, request, ruleset: None });
    }

    /// A request to the engine that has this ruleset.
    pub fn call_of(&mut self, id: &str, ruleset: &str, verb: i32, request: String) {
        self.entries.push(Entry::Call { call: id.to_owned(), verb, request, ruleset: Some(ruleset.to_owned()) });
    }

    /// One decision.
    pub fn case(&mut self, id: String, ruleset: &str, as_of: &str, facts: &str, trace: &str) {
        assert!(is_json(facts), "{id}: malformed facts come in a batch");
        let (ruleset, as_of, facts, trace) = (ruleset.to_owned(), as_of.to_owned(), facts.to_owned(), trace.to_owned());
        self.entries.push(Entry::Case { case: id, ruleset, as_of, facts, trace });
    }

    /// Many decisions.
    pub fn batch(&mut self, id: String, ruleset: &str, as_of: &str, lines: Vec<String>, trace: &str) {
        let (ruleset, as_of, trace) = (ruleset.to_owned(), as_of.to_owned(), trace.to_owned());
        self.entries.push(Entry::Batch { batch: id, ruleset, as_of, trace, lines });
    }

    /// Judges a ruleset: its diagnostics are compared, words and places included.
    fn check(&mut self, id: &str, files: &Files) {
        if let Some(files) = texts(files) {
            self.call(id, 5, json!({ "files": files }).to_string());
        }
    }

    /// Every record under every level of traces, and in words.
    fn decisions(&mut self, name: &str, records: &[(String, String)]) {
        for (index, (facts, as_of)) in records.iter().enumerate() {
            for level in LEVELS {
                self.case(format!("{name}/{index} {level}"), name, as_of, facts, level);
            }
            for language in ["en", "zh-CN"] {
                // To search for changes takes a hundred decisions: of many records every fourth is searched.
                let searched = records.len() <= 40 || index % 4 == 0;
                let request = format!(
                    "{{\"handle\":\"@{name}\",\"as_of\":\"{as_of}\",\"facts\":{facts},\"lang\":\"{language}\",\"changes\":{searched}}}"
                );
                self.call(&format!("{name}/{index} in {language}"), 7, request.clone());
                if index == 0 {
                    let unsaid = request.replace(",\"changes\":true", "");
                    self.call(&format!("{name}/{index} in {language} by default"), 7, unsaid);
                }
            }
        }
    }

    fn describe(&mut self, name: &str) {
        self.call(&format!("{name}/description"), 6, format!("{{\"handle\":\"@{name}\"}}"));
    }

    /// The shipped packs with their own cases, and the corpora of decisions and of what would change them.
    fn worlds(&mut self) {
        let all = bundles::packs().into_iter().chain(bundles::decided()).chain(bundles::worlds_in("explain"));
        for World { name, files, records } in all {
            let name = short(&name);
            let records: Vec<_> = records.into_iter().map(|(facts, as_of)| (facts, as_of.to_string())).collect();
            self.ruleset(&name, &files);
            self.describe(&name);
            self.decisions(&name, &records);
            let lines: Vec<String> = records.iter().map(|(facts, _)| one_line(facts)).collect();
            if let Ok(program) = load(&files) {
                self.columns(format!("{name}/columns"), &name, AS_OF, &program.facts, &lines, "reasons");
            }
            self.batch(format!("{name}/batch"), &name, AS_OF, lines, "reasons");
            self.check(&format!("{name}/check"), &files);
            self.drop(&name);
        }
    }

    /// The 1,000 applicants of the shipped pack, as one batch, and with every trace.
    fn portfolio(&mut self) {
        let pack = pack("retail-credit-rating");
        let (program, _) = pack.load().expect("a pack");
        let rows = portfolio(&program.facts);
        self.ruleset("portfolio", &pack.files);
        self.batch("portfolio/batch".to_owned(), "portfolio", AS_OF, rows.clone(), "none");
        self.batch("portfolio/traced".to_owned(), "portfolio", AS_OF, rows.iter().take(100).cloned().collect(), "full");
        self.drop("portfolio");
    }

    /// The fail-loud table: rulesets that do not load, decisions that end in an error.
    fn fail_loud(&mut self) {
        let all = corpus::files_in("evaluate");
        let table = all.into_iter().find(|(path, _)| path.ends_with("fail_loud.json")).expect("the table").1;
        let as_of = corpus::text(&table, "as_of");
        let Some(Json::Array(cases)) = table.get("cases") else { panic!("`cases` is an array") };
        for (index, case) in cases.iter().enumerate() {
            let name = format!("fail-loud/{index}");
            let mut files = corpus::ruleset_files(table.get("files").expect("files"));
            files.extend(case.get("change").map(corpus::ruleset_files).unwrap_or_default());
            let facts = case.get("facts").map_or_else(|| "{}".to_owned(), corpus::write);
            self.ruleset(&name, &files);
            self.case(format!("{name} {}", corpus::text(case, "name")), &name, &as_of, &facts, "full");
            self.check(&format!("{name}/check"), &files);
            self.drop(&name);
        }
    }

    /// What the generators found.
    fn found(&mut self) {
        for (path, document) in corpus::files_in("found") {
            let case = corpus::found(&document);
            let name = format!("found/{}", path.file_stem().unwrap_or_default().display());
            self.generated_case(&name, &case);
        }
    }

    /// The small programs of the differential tests, those that do not load included.
    fn programs(&mut self) {
        for (_, document) in corpus::files_in("differential") {
            let texts = |key: &str| match document.get(key) {
                Some(Json::Array(items)) => items.iter().map(corpus::write).map(|text| unquoted(&text)).collect(),
                _ => Vec::new(),
            };
            let (manifest, records, as_of) =
                (texts("manifest").join("\n"), texts("records"), corpus::text(&document, "as_of"));
            for (index, program) in texts("programs").into_iter().chain(texts("mixed")).enumerate() {
                let files: Files = [
                    ("ruleset.toml", manifest.clone()),
                    ("rules.rhai", program),
                    ("reasons.csv", "code,en\nR1,one\nR2,two\n".to_owned()),
                ]
                .map(|(path, text)| (path.to_owned(), text.into_bytes()))
                .into();
                let name = format!("program/{index}");
                if load(&files).is_err() {
                    self.check(&name, &files);
                    continue;
                }
                self.ruleset(&name, &files);
                for (at, facts) in records.iter().enumerate() {
                    self.case(format!("{name}/{at}"), &name, &as_of, facts, LEVELS[(index + at) % 3]);
                }
                self.drop(&name);
            }
        }
    }

    /// The examples of every diagnostic code.
    fn pages(&mut self) {
        for (code, page) in pages::pages() {
            for section in ["Wrong", "Right"] {
                if pages::section(&page, section).is_some() {
                    self.page(&format!("page/{code} {}", section.to_lowercase()), pages::overlay(&page, section));
                }
            }
        }
    }

    fn page(&mut self, name: &str, mut files: Files) {
        let mut take = |path: &str| files.remove(path).map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
        let (facts, as_of, calls) = (take("facts.json"), take("as_of.txt"), take("calls.txt"));
        let Some(facts) = facts.filter(|_| texts(&files).is_some()) else { return };
        let as_of = as_of.unwrap_or_else(|| AS_OF.to_owned());
        self.check(&format!("{name}/check"), &files);
        if files.values().map(Vec::len).sum::<usize>() > PAGE_BYTES_MAX {
            return;
        }
        self.ruleset(name, &files);
        match is_json(&facts) {
            true => self.case(format!("{name}/facts"), name, &as_of, &facts, "full"),
            false => self.batch(format!("{name}/facts"), name, &as_of, vec![one_line(&facts)], "full"),
        }
        for (index, line) in calls.iter().flat_map(|calls| calls.lines()).enumerate() {
            let (verb, request) = line.split_once(' ').expect("a verb and a request");
            let request = request.replace("\"handle\":1,", &format!("\"handle\":\"@{name}\","));
            let request = request.replace("\"handle\": 1,", &format!("\"handle\": \"@{name}\","));
            self.call(&format!("{name}/call {index}"), verb.parse().expect("a verb"), request);
        }
        self.drop(name);
    }

    /// One table per published cell.
    fn cells(&mut self) {
        for (index, (cell, value)) in cells::published().into_iter().enumerate() {
            let (files, facts) = cells::table(cells::type_for(&cell, &value), &cell, &value);
            let name = format!("cell/{index} {value} in {cell}");
            self.ruleset(&name, &files);
            self.case(format!("{name}/decision"), &name, AS_OF, &facts, "full");
            self.drop(&name);
        }
    }

    fn generated_case(&mut self, name: &str, case: &generate::Case) {
        let Ok(program) = load(&case.files) else { return self.check(name, &case.files) };
        self.ruleset(name, &case.files);
        self.describe(name);
        for (index, facts) in case.records.iter().enumerate().filter(|(_, facts)| is_json(facts)) {
            self.case(format!("{name}/{index}"), name, &case.as_of, facts, LEVELS[index % 3]);
        }
        self.columns(format!("{name}/columns"), name, &case.as_of, &program.facts, &case.records, "full");
        let (said, unsaid): (Vec<String>, Vec<String>) =
            case.records.iter().map(|facts| one_line(facts)).partition(|facts| typed::facts(facts, &[]).is_ok());
        for (lines, what) in [(said, "batch"), (unsaid, "malformed")] {
            if !lines.is_empty() {
                self.batch(format!("{name}/{what}"), name, &case.as_of, lines, "none");
            }
        }
        self.drop(name);
    }
}

/// A pack by the name of its folder.
pub fn pack(name: &str) -> World {
    bundles::packs().into_iter().find(|pack| short(&pack.name) == name).expect("a pack of this name")
}

/// The last part of a path, without its ending.
pub fn short(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or(path);
    last.strip_suffix(".json").unwrap_or(last).to_owned()
}

/// JSON without line ends; between its parts they mean nothing, and within its texts they are escaped.
pub fn one_line(json: &str) -> String {
    json.replace(['\n', '\r'], " ")
}

fn unquoted(json: &str) -> String {
    match Json::parse(json) {
        Some(Json::Text(text)) => text,
        other => panic!("a text is expected, not {other:?}"),
    }
}

/// The rows of the portfolio as facts: columns that are facts, of their types, without empty cells.
pub fn portfolio(facts: &[Fact]) -> Vec<String> {
    let path = pages::root().join("rulesets/retail-credit-rating/portfolio.csv");
    let mut reader = Reader::new();
    reader.feed(&std::fs::read(path).expect("the portfolio"));
    reader.finish();
    let header: Vec<String> =
        reader.next_record().expect("a header").expect("a sound one").iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    while let Some(row) = reader.next_record() {
        let row = row.expect("a sound row");
        let members =
            header.iter().zip(row.iter()).filter(|(_, cell)| !cell.is_empty()).filter_map(|(column, cell)| {
                let fact = facts.iter().find(|fact| fact.input_key() == column)?;
                let is_bare =
                    matches!(fact.spec.data_type, DataType::Integer | DataType::Decimal { .. } | DataType::Boolean);
                let value = if is_bare { cell.to_owned() } else { Value::from(cell).to_string() };
                Some(format!("{}:{value}", Value::from(column.as_str())))
            });
        rows.push(format!("{{{}}}", members.collect::<Vec<_>>().join(",")));
    }
    rows
}
