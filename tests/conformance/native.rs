//! The answers of the engine itself, in this process: what every other host is compared with.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trutina_engine::decision::{Decision, TraceLevel};
use trutina_engine::engine::{Decider, Engine};
use trutina_engine::program::Program;
use trutina_engine::value::date::Date;
use trutina_engine::wire::bundle::{bytes_of_base64, load_and_compare, split_trust};
use trutina_engine::wire::call::Door;
use trutina_engine::wire::canonical::write_decision;
use trutina_script::Parser;
use trutina_tests::harness::date;

use crate::entry::{Answer, Entry, columnar};
use crate::typed;

/// What became of a ruleset.
enum Loaded {
    /// It decides. Its door has it under the handle, once a call has asked for it.
    Program { program: Box<Program>, door: Of, request: Vec<u8>, handle: Option<i64> },
    /// It does not load; what the door says.
    Refused(String),
}

/// Which of the two builds answers requests.
#[derive(Clone, Copy)]
enum Of {
    /// With the parser.
    Full,
    /// Without it: who is trusted needs none. Decisions are compared with those of the sources all the same.
    Runtime,
}

struct Native {
    full: Door,
    runtime: Door,
    rulesets: BTreeMap<String, Loaded>,
}

/// Answers a file of cases.
///
/// # Errors
///
/// A case that names a ruleset which nobody has loaded.
pub fn answer(entries: &[Entry]) -> Result<Vec<Answer>, String> {
    let full = Door::new(Engine::default(), Box::new(Parser));
    let mut native = Native { full, runtime: Door::runtime(Engine::default()), rulesets: BTreeMap::new() };
    let mut answers = Vec::new();
    for entry in entries {
        answers.extend(native.take(entry)?);
    }
    Ok(answers)
}

/// The trace level of this name.
pub fn level(name: &str) -> TraceLevel {
    match name {
        "none" => TraceLevel::None,
        "reasons" => TraceLevel::Reasons,
        "full" => TraceLevel::Full,
        other => panic!("`{other}` is no level of traces"),
    }
}

impl Native {
    fn take(&mut self, entry: &Entry) -> Result<Option<Answer>, String> {
        match entry {
            Entry::Ruleset { ruleset, files } => {
                let request = json!({ "files": files }).to_string().into_bytes();
                let files = files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
                let program = Engine::default().load(&files, &Parser).program;
                self.load(ruleset, program, Of::Full, request);
                Ok(None)
            }
            Entry::Bundle { ruleset, bundle, trust, module: _ } => {
                let request = bundle_request(bundle, trust.as_ref())?;
                let loaded = split_trust(&request)
                    .and_then(Result::ok)
                    .map(|(trust, bytes)| load_and_compare(&Engine::default(), bytes, &trust, &Parser));
                let door = if trust.is_some() { Of::Runtime } else { Of::Full };
                self.load(ruleset, loaded.and_then(|loaded| loaded.ok()?.program), door, request);
                Ok(None)
            }
            Entry::Drop { drop } => {
                if let Some(Loaded::Program { handle: Some(handle), door, .. }) = self.rulesets.remove(drop) {
                    self.door(door).call(2, json!({ "handle": handle }).to_string().as_bytes());
                }
                Ok(None)
            }
            Entry::Case { case, ruleset, as_of, facts, trace } => {
                let answer = self.decide(ruleset, date(as_of), level(trace), std::slice::from_ref(facts), "")?;
                Ok(Some(Answer { id: case.clone(), ..answer }))
            }
            Entry::Batch { batch, ruleset, as_of, trace, lines } => {
                let answer = self.decide(ruleset, date(as_of), level(trace), lines, "\n")?;
                Ok(Some(Answer { id: batch.clone(), ..answer }))
            }
            Entry::Columns { columns, header, body, rows, .. } => {
                let (door, header) = self.with_handles(header, None)?;
                let request = columnar(&header, &bytes_of_base64(body).ok_or("this is not base 64")?);
                let bytes = text(self.door(door).call(4, &request));
                if *rows > 0 && bytes.lines().count() != *rows {
                    return Err(format!("{columns}: {rows} rows are due, not {bytes}"));
                }
                Ok(Some(Answer { id: columns.clone(), bytes, typed: None, why: Some("columns".to_owned()) }))
            }
            Entry::Call { call, verb, request, ruleset } => {
                let (door, request) = self.with_handles(request, ruleset.as_deref())?;
                let bytes = text(self.door(door).call(*verb, request.as_bytes()));
                Ok(Some(Answer { id: call.clone(), bytes, typed: None, why: Some("raw call".to_owned()) }))
            }
        }
    }

    fn door(&mut self, of: Of) -> &mut Door {
        match of {
            Of::Full => &mut self.full,
            Of::Runtime => &mut self.runtime,
        }
    }

    fn load(&mut self, name: &str, program: Option<Program>, door: Of, request: Vec<u8>) {
        let loaded = match program {
            Some(program) => Loaded::Program { program: Box::new(program), door, request, handle: None },
            None => Loaded::Refused(text(self.door(door).call(1, &request))),
        };
        self.rulesets.insert(name.to_owned(), loaded);
    }

    /// One record or many, each followed by `end`.
    fn decide(
        &self,
        ruleset: &str,
        as_of: Date,
        level: TraceLevel,
        lines: &[String],
        end: &str,
    ) -> Result<Answer, String> {
        let id = String::new();
        let program = match self.rulesets.get(ruleset).ok_or_else(|| format!("no ruleset `{ruleset}`"))? {
            Loaded::Program { program, .. } => program,
            Loaded::Refused(envelope) => {
                let why = Some("the ruleset does not load".to_owned());
                return Ok(Answer { id, bytes: envelope.clone(), typed: None, why });
            }
        };
        let mut decider = Decider::new(program);
        let decided = lines.iter().map(|line| record(&decider.decide_json(line.as_bytes(), as_of, level)) + end);
        let bytes = decided.collect();
        let typed: Result<String, crate::plain::Why> = lines
            .iter()
            .map(|line| typed::facts(line, &program.facts))
            .map(|facts| Ok(record(&decider.decide_facts(&facts?, as_of, level)) + end))
            .collect();
        let why = typed.as_ref().err().map(|why| (*why).to_owned());
        Ok(Answer { id, bytes, typed: typed.ok(), why })
    }

    /// The request with handles for `"@name"`, and who answers it.
    fn with_handles(&mut self, request: &str, ruleset: Option<&str>) -> Result<(Of, String), String> {
        let Some((before, rest)) = request.split_once("\"@") else {
            let door = match ruleset.and_then(|name| self.rulesets.get(name)) {
                Some(Loaded::Program { door, .. }) => *door,
                _ => Of::Full,
            };
            return Ok((door, request.to_owned()));
        };
        let (name, after) = rest.split_once('"').ok_or("a handle without an end")?;
        let (door, handle) = self.handle(name)?;
        Ok((door, format!("{before}{handle}{after}")))
    }

    /// The handle of a ruleset in its door, which loads it if it has not done so yet.
    fn handle(&mut self, name: &str) -> Result<(Of, i64), String> {
        let (door, request) = match self.rulesets.get(name) {
            Some(Loaded::Program { door, handle: Some(handle), .. }) => return Ok((*door, *handle)),
            Some(Loaded::Program { door, request, .. }) => (*door, request.clone()),
            _ => return Err(format!("no ruleset `{name}` is loaded")),
        };
        let answer = self.door(door).call(1, &request);
        let answer: serde_json::Value = serde_json::from_slice(&answer).map_err(|why| why.to_string())?;
        let number = answer["ok"]["handle"].as_i64().ok_or_else(|| format!("`{name}` does not load: {answer}"))?;
        if let Some(Loaded::Program { handle, .. }) = self.rulesets.get_mut(name) {
            *handle = Some(number);
        }
        Ok((door, number))
    }
}

/// A bundle, behind the line that says whom to trust.
fn bundle_request(bundle: &str, trust: Option<&Value>) -> Result<Vec<u8>, String> {
    let mut request = trust.map_or_else(Vec::new, |trust| format!("{}\n", json!({ "trust": trust })).into_bytes());
    request.extend(bytes_of_base64(bundle).ok_or("this is not base 64")?);
    Ok(request)
}

fn record(decision: &Decision) -> String {
    let mut bytes = Vec::new();
    write_decision(decision, &mut bytes);
    text(bytes)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}
