//! The one door for bindings: a verb and bytes in, bytes out. Defaults, limits and error envelopes are made here, so
//! that no binding has any of its own.
//!
//! Verbs: 1 load, 2 unload, 3 decide, 4 decide_batch, 5 check, 6 describe, 7 explain. `decide` answers a decision record
//! and `decide_batch` one per line; everything else is `{"ok":...}` or `{"error":{...},"diagnostics":[...]}`.

use std::collections::BTreeMap;

use crate::decision::changes::Changes;
use crate::decision::{DecisionError, Place, TraceLevel};
use crate::diagnostic::codes::{BAD_REQUEST, NO_PARSER, UNKNOWN_HANDLE};
use crate::diagnostic::{Code, Diagnostic, Sources};
use crate::engine::{Decider, Engine, Loaded, Workspace};
use crate::program::Program;
use crate::ruleset::script::ScriptParser;
use crate::value::date::Date;

use super::bundle::{self, BundleError, Trust};
use super::canonical::{field, object, write_decision, write_error, write_integer, write_string};
use super::changes::write_changes;
use super::columns;
use super::describe::write_description;
use super::diagnostics::write_diagnostics;
use super::input::FACTS_LIMITS;
use super::json::{self, Document, Json, JsonLimits};
use super::scan::{first_newline, split_lines};
use super::words::{Language, explain, explain_changes};

/// Version of the requests and answers described here.
pub const WIRE_VERSION: u32 = 1;

/// Bounds on a request as a whole.
const REQUEST_LIMITS: JsonLimits = JsonLimits { bytes_max: 64 << 20, depth_max: FACTS_LIMITS.depth_max };

/// Makes programs of what is sent. A build has one way to do it, and nothing of the other in it.
pub trait Loader {
    /// Reads, judges and compiles the files of a ruleset; nothing if this build reads no sources.
    fn load(&self, engine: &Engine, files: &mut dyn Iterator<Item = (&str, &str)>) -> Option<Judged>;

    /// Makes a program of a bundle.
    fn load_bundle(&self, engine: &Engine, sent: &[u8], trust: &Trust) -> Result<Judged, BundleError>;
}

/// What became of a ruleset, the ruleset itself left out: a build without a parser has nothing in it to let go of one.
#[derive(Debug, Default)]
pub struct Judged {
    program: Option<Program>,
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

impl From<Loaded> for Judged {
    fn from(Loaded { program, sources, diagnostics, .. }: Loaded) -> Self {
        Self { program, sources, diagnostics }
    }
}

/// With a parser the sources are compiled: those of a bundle must give its program, and the one compiled here is run.
impl<P: ScriptParser> Loader for P {
    fn load(&self, engine: &Engine, files: &mut dyn Iterator<Item = (&str, &str)>) -> Option<Judged> {
        let mut read = BTreeMap::new();
        files.for_each(|(path, text)| drop(read.insert(path.to_owned(), text.as_bytes().to_vec())));
        Some(engine.load(&read, self).into())
    }

    fn load_bundle(&self, engine: &Engine, sent: &[u8], trust: &Trust) -> Result<Judged, BundleError> {
        bundle::load_and_compare(engine, sent, trust, self).map(Judged::from)
    }
}

/// Without a parser a bundle must be trusted, and its program is read and verified.
struct BundlesOnly;

impl Loader for BundlesOnly {
    fn load(&self, _: &Engine, _: &mut dyn Iterator<Item = (&str, &str)>) -> Option<Judged> {
        None
    }

    fn load_bundle(&self, _: &Engine, sent: &[u8], trust: &Trust) -> Result<Judged, BundleError> {
        let (_, program) = bundle::read_compiled(sent, trust)?;
        Ok(Judged { program: Some(program), ..Judged::default() })
    }
}

/// Holds loaded rulesets by handle. Handles belong to the door and are never used again.
pub struct Door {
    engine: Engine,
    loader: Box<dyn Loader>,
    /// By rising handle; in boxes of their own, for this is the memory that a baked module begins with.
    rulesets: Vec<(i64, Box<Ruleset>)>,
    last: i64,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("handles", &self.rulesets.len()).finish_non_exhaustive()
    }
}

/// A loaded ruleset, and the memory in which its last decision was made.
struct Ruleset {
    program: Program,
    workspace: Workspace,
}

/// Why a request got no answer of its own kind.
struct Refusal {
    error: DecisionError,
    judged: Option<Judged>,
}

impl Refusal {
    fn new(code: Code, pointer: &str, message: impl Into<String>) -> Box<Self> {
        let error = DecisionError { code, message: message.into(), at: Place::Pointer(pointer.to_owned()) };
        Box::new(Self { error, judged: None })
    }
}

type Answer = Result<Vec<u8>, Box<Refusal>>;

impl Door {
    /// A door without rulesets; the loader is the parser of `rules.rhai`.
    #[must_use]
    pub fn new(engine: Engine, loader: Box<dyn Loader>) -> Self {
        Self { engine, loader, rulesets: Vec::new(), last: 0 }
    }

    /// A door that takes bundles only.
    #[must_use]
    pub fn runtime(engine: Engine) -> Self {
        Self::new(engine, Box::new(BundlesOnly))
    }

    /// Answers a request. It never fails otherwise than by an error envelope.
    // The verbs stand apart, for HotSpot leaves a method of more than 8,000 bytecodes to its interpreter.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn call(&mut self, verb: i32, request: &[u8]) -> Vec<u8> {
        let answer = match verb {
            1 => self.load(request),
            2 => self.unload(request),
            3 => self.decide(request),
            4 => self.decide_batch(request),
            5 => self.check(request),
            6 => self.describe(request),
            7 => self.explain(request),
            _ => Err(Refusal::new(BAD_REQUEST, "", format!("there is no verb {verb}; verbs are 1 to 7"))),
        };
        answer.unwrap_or_else(|refusal| envelope(&refusal))
    }

    fn read_ruleset(&self, request: &[u8]) -> Result<Judged, Box<Refusal>> {
        if let Some(sent) = bundle::split_trust(request) {
            let read = |(trust, sent)| self.loader.load_bundle(&self.engine, sent, &trust);
            let loaded = sent.and_then(|sent| read(sent).map_err(|error| Box::new(error.into_diagnostic())));
            return loaded.map_err(|problem| refused(Judged { diagnostics: vec![*problem], ..Judged::default() }));
        }
        let document = document(request)?;
        let request = Request::new(&document, &["files"])?;
        let Json::Object(entries) = request.required("files")? else {
            return Err(Refusal::new(BAD_REQUEST, "/files", "`files` is an object of paths and texts"));
        };
        if let Some((path, _)) = entries.iter().find(|(_, text)| !matches!(text, Json::Text(_))) {
            return Err(Refusal::new(BAD_REQUEST, "/files", format!("the file `{path}` is no string")));
        }
        let mut files = entries.iter().filter_map(|(path, text)| match text {
            Json::Text(text) => Some((path.as_ref(), text.as_ref())),
            _ => None,
        });
        let loaded = self.loader.load(&self.engine, &mut files);
        loaded.ok_or_else(|| Refusal::new(NO_PARSER, "", "this build reads no sources; pack the ruleset into a bundle"))
    }

    #[inline(never)]
    fn load(&mut self, request: &[u8]) -> Answer {
        let mut loaded = self.read_ruleset(request)?;
        let Some(program) = loaded.program.take() else { return Err(refused(loaded)) };
        self.last = self.last.saturating_add(1);
        let handle = self.last;
        let answer = ok(|out| {
            object(out, |out| {
                field(out, "handle", |out| write_integer(out, handle));
                field(out, "id", |out| write_string(out, &program.identity.id));
                field(out, "version", |out| write_string(out, &program.identity.version));
                field(out, "digest", |out| write_string(out, &program.identity.digest));
            });
        });
        self.rulesets.push((handle, Box::new(Ruleset { workspace: Workspace::new(&program), program })));
        Ok(answer)
    }

    #[inline(never)]
    fn check(&self, request: &[u8]) -> Answer {
        let loaded = self.read_ruleset(request)?;
        let Some(program) = &loaded.program else { return Err(refused(loaded)) };
        Ok(ok(|out| {
            object(out, |out| {
                field(out, "id", |out| write_string(out, &program.identity.id));
                field(out, "version", |out| write_string(out, &program.identity.version));
                field(out, "digest", |out| write_string(out, &program.identity.digest));
                field(out, "diagnostics", |out| write_diagnostics(out, &loaded.diagnostics, &loaded.sources));
            });
        }))
    }

    #[inline(never)]
    fn unload(&mut self, request: &[u8]) -> Answer {
        let document = document(request)?;
        let handle = Request::new(&document, &["handle"])?.handle()?;
        let at = self.place(handle)?;
        drop(self.rulesets.remove(at));
        Ok(ok(|out| object(out, |out| field(out, "handle", |out| write_integer(out, handle)))))
    }

    /// Where a ruleset stands.
    fn place(&self, handle: i64) -> Result<usize, Box<Refusal>> {
        self.rulesets.binary_search_by_key(&handle, |(held, _)| *held).map_err(|_| unknown_handle(handle))
    }

    fn program(&self, handle: i64) -> Result<&Program, Box<Refusal>> {
        self.rulesets
            .get(self.place(handle)?)
            .map(|(_, ruleset)| &ruleset.program)
            .ok_or_else(|| unknown_handle(handle))
    }

    /// Works in the memory of a ruleset's last decision.
    fn with_decider<T>(
        &mut self,
        handle: i64,
        work: impl FnOnce(&Program, &mut Decider<'_>) -> Result<T, Box<Refusal>>,
    ) -> Result<T, Box<Refusal>> {
        let at = self.place(handle)?;
        let (_, ruleset) = self.rulesets.get_mut(at).ok_or_else(|| unknown_handle(handle))?;
        let Ruleset { program, workspace } = ruleset.as_mut();
        let mut decider = Decider::within(program, self.engine.limits, std::mem::take(workspace));
        let answer = work(program, &mut decider);
        *workspace = decider.leave();
        answer
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn decide(&mut self, request: &[u8]) -> Answer {
        let (document, facts) = facts_apart(request)?;
        let request = Request::new(&document, &["handle", "as_of", "facts", "trace"])?;
        self.with_decider(request.handle()?, |_, decider| {
            let (as_of, level) = (request.as_of()?, request.trace()?);
            request.required("facts")?;
            let decision = decider.decide_json(facts, as_of, level);
            let mut out = Vec::with_capacity(1024);
            write_decision(&decision, &mut out);
            Ok(out)
        })
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn decide_batch(&mut self, request: &[u8]) -> Answer {
        let end = first_newline(request).unwrap_or(request.len());
        let (header, body) = request.split_at_checked(end).unwrap_or((request, &[]));
        let document = document(header)?;
        let columnar = matches!(document.value.get("format"), Some(Json::Text(format)) if format == "columns/1");
        let known = ["handle", "as_of", "rows", "format", "trace", "columns"];
        let request = Request::new(&document, if columnar { &known } else { known.get(..5).unwrap_or(&known) })?;
        self.with_decider(request.handle()?, |program, decider| {
            let (as_of, level) = (request.as_of()?, request.trace()?);
            match request.required("format")? {
                Json::Text(format) if format == "ndjson" => lines(&request, body, decider, as_of, level),
                Json::Text(_) if columnar => columns(&request, program, (body, end), decider, as_of, level),
                _ => Err(Refusal::new(BAD_REQUEST, "/format", "`format` is `ndjson` or `columns/1`")),
            }
        })
    }

    #[inline(never)]
    fn describe(&self, request: &[u8]) -> Answer {
        let document = document(request)?;
        let program = self.program(Request::new(&document, &["handle"])?.handle()?)?;
        Ok(ok(|out| write_description(program, out)))
    }

    #[inline(never)]
    fn explain(&mut self, request: &[u8]) -> Answer {
        let (document, facts) = facts_apart(request)?;
        let request = Request::new(&document, &["handle", "as_of", "facts", "lang", "changes"])?;
        self.with_decider(request.handle()?, |program, decider| {
            let (as_of, language) = (request.as_of()?, request.language()?);
            request.required("facts")?;
            let searched = request.changes()?;
            let decision = decider.decide_json(facts, as_of, TraceLevel::Reasons);
            let mut text = explain(program, &decision, language);
            let changes = searched.then(|| decider.changes_json(facts, as_of));
            if let Some(changes) = &changes {
                text.push_str(&explain_changes(program, changes, language));
            }
            Ok(explained(program, &text, changes.as_ref()))
        })
    }
}

/// The answer of `explain`.
fn explained(program: &Program, text: &str, changes: Option<&Changes>) -> Vec<u8> {
    ok(|out| {
        object(out, |out| {
            field(out, "text", |out| write_string(out, text));
            if let Some(changes) = changes {
                field(out, "changes", |out| write_changes(out, program, changes));
            }
        });
    })
}

/// A batch of one JSON object per line.
#[cfg_attr(trutina_wasm, optimize(speed))]
fn lines(request: &Request<'_, '_>, body: &[u8], decider: &mut Decider<'_>, as_of: Date, level: TraceLevel) -> Answer {
    let body = body.strip_prefix(b"\n").unwrap_or(body);
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    let rows = request.integer("rows")?;
    // Nothing is no row, unless the header says that it is one: that of empty facts.
    let none = body.is_empty() && rows != 1;
    let lines = if none { Vec::new() } else { split_lines(body) };
    if rows != i64::try_from(lines.len()).unwrap_or(i64::MAX) {
        return Err(Refusal::new(BAD_REQUEST, "/rows", format!("`rows` is not the number of lines, {}", lines.len())));
    }
    let mut out = Vec::with_capacity(lines.len().saturating_mul(512));
    for line in lines {
        write_decision(&decider.decide_json(line, as_of, level), &mut out);
        out.push(b'\n');
    }
    Ok(out)
}

/// A batch of columns.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline(never)]
fn columns(
    request: &Request<'_, '_>,
    program: &Program,
    (body, end): (&[u8], usize),
    decider: &mut Decider<'_>,
    as_of: Date,
    level: TraceLevel,
) -> Answer {
    let body = body.strip_prefix(b"\n").unwrap_or(body);
    let reader = columns::read_header(request.value, &program.facts, body, end.saturating_add(1))
        .map_err(|(pointer, message)| Refusal::new(BAD_REQUEST, &pointer, message))?;
    let mut out = Vec::with_capacity(reader.rows.min(1 << 16).saturating_mul(512));
    for row in 0..reader.rows {
        write_decision(&decider.decide_row(&reader.columns, row, as_of, level), &mut out);
        out.push(b'\n');
    }
    Ok(out)
}

/// A request without duplicate keys.
fn document(request: &[u8]) -> Result<Document<'_>, Box<Refusal>> {
    document_around(request, None).map(|(document, _)| document)
}

/// A request whose facts are left as they stand: what is wrong with them is an error of the decision, as it is in a batch.
#[cfg_attr(trutina_wasm, optimize(speed))]
fn facts_apart(request: &[u8]) -> Result<(Document<'_>, &[u8]), Box<Refusal>> {
    document_around(request, Some("facts")).map(|(document, facts)| (document, facts.unwrap_or_default()))
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn document_around<'a>(
    request: &'a [u8],
    member: Option<&'static str>,
) -> Result<(Document<'a>, Option<&'a [u8]>), Box<Refusal>> {
    let (document, left) = json::read_around(request, REQUEST_LIMITS, member)
        .map_err(|error| Refusal::new(error.code, "", error.message))?;
    match &document.duplicate {
        None => Ok((document, left)),
        Some(pointer) => Err(Refusal::new(BAD_REQUEST, pointer, "a key stands twice in one object")),
    }
}

#[cold]
fn unknown_handle(handle: i64) -> Box<Refusal> {
    Refusal::new(UNKNOWN_HANDLE, "/handle", format!("no ruleset is loaded under the handle {handle}"))
}

fn refused(loaded: Judged) -> Box<Refusal> {
    let first = loaded.diagnostics.iter().find(|found| found.is_error());
    let place = |found: &Diagnostic| match found.span {
        Some(span) => {
            let file = loaded.sources.path(span.file).to_owned();
            Place::Source { file, line: span.line, column: span.column }
        }
        None => Place::Unknown,
    };
    let error = first.map(|found| DecisionError { code: found.code, message: found.message.clone(), at: place(found) });
    let unknown =
        || DecisionError { code: BAD_REQUEST, message: "the ruleset does not load".to_owned(), at: Place::Unknown };
    Box::new(Refusal { error: error.unwrap_or_else(unknown), judged: Some(loaded) })
}

fn envelope(refusal: &Refusal) -> Vec<u8> {
    let mut out = Vec::new();
    object(&mut out, |out| {
        field(out, "error", |out| write_error(out, &refusal.error));
        field(out, "diagnostics", |out| match &refusal.judged {
            Some(judged) => write_diagnostics(out, &judged.diagnostics, &judged.sources),
            None => out.extend_from_slice(b"[]"),
        });
    });
    out
}

/// The error envelope of a host that refused or stopped a request itself.
#[must_use]
pub fn refusal(code: Code, message: &str) -> Vec<u8> {
    let error = DecisionError { code, message: message.to_owned(), at: Place::Unknown };
    envelope(&Refusal { error, judged: None })
}

fn ok(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    object(&mut out, |out| field(out, "ok", write));
    out
}

/// The fields of a request.
struct Request<'r, 'a> {
    value: &'r Json<'a>,
}

impl<'r, 'a> Request<'r, 'a> {
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn new(document: &'r Document<'a>, known: &[&str]) -> Result<Self, Box<Refusal>> {
        let Json::Object(entries) = &document.value else {
            return Err(Refusal::new(BAD_REQUEST, "", "a request is a JSON object"));
        };
        match entries.iter().find(|(key, _)| !known.contains(&key.as_ref())) {
            None => Ok(Self { value: &document.value }),
            Some((key, _)) => {
                let mut pointer = String::new();
                json::push_pointer(&mut pointer, key);
                let fields = known.join("`, `");
                Err(Refusal::new(BAD_REQUEST, &pointer, format!("unknown field `{key}`; this verb takes `{fields}`")))
            }
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn required(&self, key: &str) -> Result<&'r Json<'a>, Box<Refusal>> {
        let absent = || Refusal::new(BAD_REQUEST, &format!("/{key}"), format!("`{key}` is required"));
        self.value.get(key).ok_or_else(absent)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn integer(&self, key: &str) -> Result<i64, Box<Refusal>> {
        match self.required(key)? {
            Json::Number(text) => text.parse().ok(),
            _ => None,
        }
        .ok_or_else(|| Refusal::new(BAD_REQUEST, &format!("/{key}"), format!("`{key}` is an integer")))
    }

    fn handle(&self) -> Result<i64, Box<Refusal>> {
        self.integer("handle")
    }

    fn as_of(&self) -> Result<Date, Box<Refusal>> {
        match self.required("as_of")? {
            Json::Text(text) => Date::parse_iso(text.as_ref()).ok(),
            _ => None,
        }
        .ok_or_else(|| Refusal::new(BAD_REQUEST, "/as_of", "`as_of` is a date written as `YYYY-MM-DD`"))
    }

    fn trace(&self) -> Result<TraceLevel, Box<Refusal>> {
        match self.value.get("trace") {
            None | Some(Json::Null) => Ok(TraceLevel::None),
            Some(Json::Text(text)) if text == "none" => Ok(TraceLevel::None),
            Some(Json::Text(text)) if text == "reasons" => Ok(TraceLevel::Reasons),
            Some(Json::Text(text)) if text == "full" => Ok(TraceLevel::Full),
            Some(_) => Err(Refusal::new(BAD_REQUEST, "/trace", "`trace` is `none`, `reasons` or `full`")),
        }
    }

    /// Whether to look for what would change the outcome.
    fn changes(&self) -> Result<bool, Box<Refusal>> {
        match self.value.get("changes") {
            None | Some(Json::Null) => Ok(true),
            Some(Json::Boolean(wanted)) => Ok(*wanted),
            Some(_) => Err(Refusal::new(BAD_REQUEST, "/changes", "`changes` is `true` or `false`")),
        }
    }

    fn language(&self) -> Result<Language, Box<Refusal>> {
        match self.value.get("lang") {
            None | Some(Json::Null) => Ok(Language::English),
            Some(Json::Text(text)) if text == "en" => Ok(Language::English),
            Some(Json::Text(text)) if text == "zh-CN" => Ok(Language::Chinese),
            Some(_) => Err(Refusal::new(BAD_REQUEST, "/lang", "`lang` is `en` or `zh-CN`")),
        }
    }
}
