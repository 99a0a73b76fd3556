//! The answers of the engine itself, in this process: what every other host is compared with.

use std::collections::BTreeMap;

use serde_json::json;
use trutina_engine::decision::{Decision, TraceLevel};
use trutina_engine::engine::{Decider, Engine};
use trutina_engine::program::Program;
use trutina_engine::value::date::Date;
use trutina_engine::wire::bundle::{bytes_of_base64, load_and_compare, split_trust};
use trutina_engine::wire::call::Door;
use trutina_engine::wire::canonical::write_decision;
use trutina_script::Parser;
use trutina_tests::harness::date;

use crate::entry::{Answer, Entry};
use crate::typed;

/// What became of a ruleset.
enum Loaded {
    /// It decides. The door has it under the handle, once a call has asked for it.
    Program { program: Box<Program>, request: Vec<u8>, handle: Option<i64> },
    /// It does not load; what the door says.
    Refused(String),
}

struct Native {
    door: Door,
    rulesets: BTreeMap<String, Loaded>,
}

/// Answers a file of cases.
///
/// # Errors
///
/// A case that names a ruleset which nobody has loaded.
pub fn answer(entries: &[Entry]) -> Result<Vec<Answer>, String> {
    let door = Door::new(Engine::default(), Box::new(Parser));
    let mut native = Native { door, rulesets: BTreeMap::new() };
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
                self.load(ruleset, program, request);
                Ok(None)
            }
            Entry::Bundle { ruleset, bundle, trust } => {
                let bytes = bytes_of_base64(bundle).ok_or("this is not base 64")?;
                let mut request = trust.as_ref().map_or_else(Vec::new, |trust| format!("{trust}\n").into_bytes());
                request.extend(&bytes);
                let loaded = split_trust(&request)
                    .and_then(Result::ok)
                    .map(|(trust, bytes)| load_and_compare(&Engine::default(), bytes, &trust, &Parser));
                self.load(ruleset, loaded.and_then(|loaded| loaded.ok()?.program), request);
                Ok(None)
            }
            Entry::Drop { drop } => {
                if let Some(Loaded::Program { handle: Some(handle), .. }) = self.rulesets.remove(drop) {
                    self.door.call(2, json!({ "handle": handle }).to_string().as_bytes());
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
            Entry::Call { call, verb, request } => {
                let request = self.with_handles(request)?;
                let bytes = text(self.door.call(*verb, request.as_bytes()));
                Ok(Some(Answer { id: call.clone(), bytes, typed: None, why: Some("raw call".to_owned()) }))
            }
        }
    }

    fn load(&mut self, name: &str, program: Option<Program>, request: Vec<u8>) {
        let loaded = match program {
            Some(program) => Loaded::Program { program: Box::new(program), request, handle: None },
            None => Loaded::Refused(text(self.door.call(1, &request))),
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

    /// The request with handles for `"@name"`.
    fn with_handles(&mut self, request: &str) -> Result<String, String> {
        let Some((before, rest)) = request.split_once("\"@") else { return Ok(request.to_owned()) };
        let (name, after) = rest.split_once('"').ok_or("a handle without an end")?;
        let Some(Loaded::Program { request: load, handle, .. }) = self.rulesets.get_mut(name) else {
            return Err(format!("no ruleset `{name}` is loaded"));
        };
        let number = match handle {
            Some(number) => *number,
            None => {
                let answer = self.door.call(1, load);
                let answer: serde_json::Value = serde_json::from_slice(&answer).map_err(|why| why.to_string())?;
                let number = answer["ok"]["handle"].as_i64().ok_or_else(|| format!("`{name}` does not load"))?;
                *handle.insert(number)
            }
        };
        Ok(format!("{before}{number}{after}"))
    }
}

fn record(decision: &Decision) -> String {
    let mut bytes = Vec::new();
    write_decision(decision, &mut bytes);
    text(bytes)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}
