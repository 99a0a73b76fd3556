//! The conformance runner of the sandbox: `conformance CASES.ndjson ANSWERS.ndjson`, one answer per case, call or batch.
//!
//! The modules are those of `target/wasm`. One instance of the full one holds all rulesets that come as sources, one of the
//! runtime module those out of trusted bundles; a module with its ruleset in it has an instance of its own. The bytes that
//! leave them are written as they are.
#![allow(clippy::indexing_slicing, reason = "a member that a JSON value lacks is null")]

#[path = "../../../../tests/conformance/plain.rs"]
#[allow(clippy::arithmetic_side_effects, reason = "lengths of short texts")]
mod plain;
mod typed;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use trutina_engine::decision::TraceLevel;
use trutina_engine::value::date::Date;
use trutina_engine::wire::bundle::bytes_of_base64;
use trutina_server::verb::{DECIDE, DECIDE_BATCH, DESCRIBE, LOAD, UNLOAD};
use trutina_server::{Limits, Sandbox, Session};

use plain::Why;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [cases, answers] = arguments.as_slice() else {
        return Err("usage: conformance CASES.ndjson ANSWERS.ndjson".into());
    };
    let limits = Limits { instances: 3, memory_bytes: 1 << 30, deadline: Duration::from_secs(60), ..Limits::default() };
    let mut host = Host::new(Sandbox::new(limits)?)?;
    let mut out = BufWriter::new(fs::File::create(answers)?);
    for line in fs::read_to_string(cases)?.lines() {
        if let Some(answer) = host.answer(&serde_json::from_str(line)?)? {
            writeln!(out, "{answer}")?;
        }
    }
    out.flush()?;
    Ok(())
}

fn module(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/wasm").join(name)
}

struct Host {
    sandbox: Sandbox,
    sessions: BTreeMap<Place, Session>,
    /// The rulesets, or why they did not load.
    rulesets: BTreeMap<String, Result<Ruleset, String>>,
}

/// Which instance has a ruleset.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Full,
    Runtime,
    /// That of the module which was made for this ruleset.
    Own(String),
}

#[derive(Clone)]
struct Ruleset {
    place: Place,
    handle: i64,
    /// Its facts, as it describes them.
    facts: Value,
}

impl Host {
    fn new(sandbox: Sandbox) -> Outcome<Self> {
        let mut host = Self { sandbox, sessions: BTreeMap::new(), rulesets: BTreeMap::new() };
        host.open(Place::Full, &fs::read(module("trutina.wasm"))?)?;
        host.open(Place::Runtime, &fs::read(module("trutina-runtime.wasm"))?)?;
        Ok(host)
    }

    fn open(&mut self, place: Place, module: &[u8]) -> Outcome<()> {
        let session = self.sandbox.load(&self.sandbox.compile(module)?)?.session()?;
        self.sessions.insert(place, session);
        Ok(())
    }

    /// Does what a line says; a ruleset has no answer of its own.
    fn answer(&mut self, line: &Value) -> Outcome<Option<Value>> {
        let raw = |id, bytes| json!({"id": id, "bytes": bytes, "typed": null, "why": "a raw call"});
        if let Some(id) = line.get("case") {
            let (bytes, typed) = (self.decide(line)?, self.decide_typed(line)?);
            let (typed, why) = typed.map_or_else(|why| (None, Some(why)), |typed| (Some(typed), None));
            return Ok(Some(json!({"id": id, "bytes": bytes, "typed": typed, "why": why})));
        }
        if let Some(id) = line.get("call") {
            return Ok(Some(raw(id, self.call(line)?)));
        }
        if let Some(id) = line.get("columns") {
            return Ok(Some(raw(id, self.columns(line)?)));
        }
        if let Some(id) = line.get("batch") {
            let (bytes, typed) = (self.batch(line)?, self.batch_typed(line)?);
            let (typed, why) = typed.map_or_else(|why| (None, Some(why)), |typed| (Some(typed), None));
            return Ok(Some(json!({"id": id, "bytes": bytes, "typed": typed, "why": why})));
        }
        if let Some(name) = line.get("drop") {
            self.drop(name.as_str().ok_or("`drop` is a name")?)?;
        } else {
            self.load(line)?;
        }
        Ok(None)
    }

    fn drop(&mut self, name: &str) -> Outcome<()> {
        if let Some(Ok(ruleset)) = self.rulesets.remove(name) {
            self.send(&ruleset.place, UNLOAD, json!({"handle": ruleset.handle}).to_string().as_bytes())?;
            if let Place::Own(_) = ruleset.place {
                self.sessions.remove(&ruleset.place);
            }
        }
        Ok(())
    }

    fn load(&mut self, line: &Value) -> Outcome<()> {
        let name = text(line, "ruleset")?.to_owned();
        let (place, payload) = match (line.get("bundle"), line.get("trust")) {
            (None, _) => (Place::Full, json!({"files": member(line, "files")?}).to_string().into_bytes()),
            (Some(_), None | Some(Value::Null)) => (Place::Full, bundle(line)?),
            (Some(_), Some(_)) => (Place::Runtime, bundle(line)?),
        };
        let ruleset = match line.get("module").and_then(Value::as_str) {
            None => self.answered(&place, &payload)?,
            Some(module) => {
                let place = Place::Own(name.clone());
                self.open(place.clone(), &bytes_of_base64(module).ok_or("the module is no base64")?)?;
                Ok((place, 1))
            }
        };
        let ruleset = match ruleset {
            Err(refusal) => Err(refusal),
            Ok((place, handle)) => {
                let described = self.send(&place, DESCRIBE, json!({"handle": handle}).to_string().as_bytes())?;
                let described: Value = serde_json::from_str(&described)?;
                Ok(Ruleset { place, handle, facts: described["ok"]["facts"].clone() })
            }
        };
        self.rulesets.insert(name, ruleset);
        Ok(())
    }

    /// The handle under which an instance has loaded a ruleset, or its refusal.
    fn answered(&mut self, place: &Place, payload: &[u8]) -> Outcome<Result<(Place, i64), String>> {
        let answer = self.send(place, LOAD, payload)?;
        let loaded: Value = serde_json::from_str(&answer)?;
        Ok(loaded.pointer("/ok/handle").and_then(Value::as_i64).map(|handle| (place.clone(), handle)).ok_or(answer))
    }

    /// The case through the public interface for Rust programs, or why it has no form there.
    fn decide_typed(&mut self, line: &Value) -> Outcome<Result<String, Why>> {
        self.record_typed(line, text(line, "facts")?)
    }

    /// A batch through it: record by record, each with its line end.
    fn batch_typed(&mut self, line: &Value) -> Outcome<Result<String, Why>> {
        let mut records = String::new();
        for row in member(line, "lines")?.as_array().ok_or("`lines` is a list")? {
            match self.record_typed(line, row.as_str().ok_or("a line is a text")?)? {
                Ok(record) => records.extend([record.as_str(), "\n"]),
                Err(why) => return Ok(Err(why)),
            }
        }
        Ok(Ok(records))
    }

    fn record_typed(&mut self, line: &Value, facts: &str) -> Outcome<Result<String, Why>> {
        let Ok(ruleset) = self.ruleset(line)? else { return Ok(Err("the ruleset does not load")) };
        let facts = match typed::facts(facts, &ruleset.facts) {
            Ok(facts) => facts,
            Err(why) => return Ok(Err(why)),
        };
        let Ok(as_of) = Date::parse_iso(text(line, "as_of")?) else { return Ok(Err("no date")) };
        let trace = match text(line, "trace")? {
            "none" => TraceLevel::None,
            "reasons" => TraceLevel::Reasons,
            "full" => TraceLevel::Full,
            _ => return Ok(Err("no such trace")),
        };
        let bytes = self.session(&ruleset.place)?.decide_facts(ruleset.handle, &facts, as_of, trace)?;
        Ok(Ok(String::from_utf8(bytes)?))
    }

    fn decide(&mut self, line: &Value) -> Outcome<String> {
        let Ruleset { place, handle, .. } = match self.ruleset(line)? {
            Ok(ruleset) => ruleset,
            Err(refusal) => return Ok(refusal),
        };
        let request = format!(
            r#"{{"handle":{handle},"as_of":{},"facts":{},"trace":{}}}"#,
            member(line, "as_of")?,
            text(line, "facts")?,
            member(line, "trace")?
        );
        self.send(&place, DECIDE, request.as_bytes())
    }

    fn call(&mut self, line: &Value) -> Outcome<String> {
        let verb = member(line, "verb")?.as_i64().ok_or("`verb` is a number")?;
        let mut request = text(line, "request")?.to_owned();
        let asked = line.get("ruleset").and_then(Value::as_str);
        let mut place = Place::Full;
        for (name, ruleset) in &self.rulesets {
            let Ok(ruleset) = ruleset else { continue };
            let reference = format!("\"@{name}\"");
            if asked == Some(name) || request.contains(&reference) {
                place = ruleset.place.clone();
                request = request.replace(&reference, &ruleset.handle.to_string());
            }
        }
        self.send(&place, i32::try_from(verb)?, request.as_bytes())
    }

    /// A batch of columns: the header with its handle, blanks so that the columns begin at a multiple of 8, the columns.
    fn columns(&mut self, line: &Value) -> Outcome<String> {
        const ALIGNMENT: usize = 8;
        let Ruleset { place, handle, .. } = self.ruleset(line)??;
        let reference = format!("\"@{}\"", text(line, "ruleset")?);
        let mut request = text(line, "header")?.replace(&reference, &handle.to_string()).into_bytes();
        request.push(b' ');
        request.resize(request.len().next_multiple_of(ALIGNMENT), b' ');
        if let Some(last) = request.last_mut() {
            *last = b'\n';
        }
        request.extend(bytes_of_base64(text(line, "body")?).ok_or("the body is no base64")?);
        self.send(&place, DECIDE_BATCH, &request)
    }

    fn batch(&mut self, line: &Value) -> Outcome<String> {
        let Ruleset { place, handle, .. } = match self.ruleset(line)? {
            Ok(ruleset) => ruleset,
            Err(refusal) => return Ok(refusal),
        };
        let rows = member(line, "lines")?.as_array().ok_or("`lines` is a list")?;
        let mut request = format!(
            r#"{{"handle":{handle},"as_of":{},"rows":{},"format":"ndjson","trace":{}}}"#,
            member(line, "as_of")?,
            rows.len(),
            member(line, "trace")?
        );
        for row in rows {
            request.push('\n');
            request.push_str(row.as_str().ok_or("a line is a text")?);
        }
        self.send(&place, DECIDE_BATCH, request.as_bytes())
    }

    fn ruleset(&self, line: &Value) -> Outcome<Result<Ruleset, String>> {
        Ok(self.rulesets.get(text(line, "ruleset")?).cloned().ok_or("a ruleset is defined before it is used")?)
    }

    fn session(&mut self, place: &Place) -> Outcome<&mut Session> {
        Ok(self.sessions.get_mut(place).ok_or("an instance is made before it is asked")?)
    }

    fn send(&mut self, place: &Place, verb: i32, request: &[u8]) -> Outcome<String> {
        Ok(String::from_utf8(self.session(place)?.call(verb, request)?)?)
    }
}

/// A bundle, behind the line that says whom to trust.
fn bundle(line: &Value) -> Outcome<Vec<u8>> {
    let mut payload = match line.get("trust") {
        None | Some(Value::Null) => Vec::new(),
        Some(trust) => format!("{}\n", json!({"trust": trust})).into_bytes(),
    };
    payload.extend(bytes_of_base64(text(line, "bundle")?).ok_or("the bundle is no base64")?);
    Ok(payload)
}

fn member<'l>(line: &'l Value, key: &str) -> Outcome<&'l Value> {
    Ok(line.get(key).ok_or_else(|| format!("no `{key}`: {line}"))?)
}

fn text<'l>(line: &'l Value, key: &str) -> Outcome<&'l str> {
    Ok(member(line, key)?.as_str().ok_or_else(|| format!("`{key}` is no text: {line}"))?)
}
