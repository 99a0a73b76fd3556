//! The verbs in the order in which data flows: parse, check, compile once; read, evaluate, explain per decision.

use std::collections::BTreeMap;

use crate::check;
use crate::compile;
use crate::decision::changes::{Changes, ChangesStatus};
use crate::decision::outcome::Outcome;
use crate::decision::{Decision, DecisionError, TraceLevel};
use crate::diagnostic::codes::NESTING_TOO_DEEP;
use crate::diagnostic::{Diagnostic, Severity, Sources};
use crate::evaluate::{self, Scratch};
use crate::explain;
use crate::parse;
use crate::program::Program;
use crate::program::pool::Memory;
use crate::record::Record;
use crate::ruleset::checked::CheckedRuleset;
use crate::ruleset::script::ScriptParser;
use crate::value::date::Date;
use crate::wire::facts::facts_digest;
use crate::wire::input::columns::ColumnReader;
use crate::wire::input::{FACTS_LIMITS, FactsReader, RowReader};
use crate::wire::json::{Json, JsonLimits};
use crate::wire::typed::Facts;

/// The version of the ruleset language that this engine reads.
pub const LANGUAGE: i64 = 1;

/// What an engine refuses to take on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// One record of facts.
    pub facts: JsonLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self { facts: FACTS_LIMITS }
    }
}

/// Loads rulesets and decides with them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Engine {
    /// Its limits.
    pub limits: Limits,
}

/// What became of a ruleset.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The program; `None` if there are errors.
    pub program: Option<Program>,
    /// The ruleset behind the program, for those who want to look into it.
    pub ruleset: Option<CheckedRuleset>,
    /// The files, so that diagnostics can be shown.
    pub sources: Sources,
    /// Everything found, by file, line and column.
    pub diagnostics: Vec<Diagnostic>,
}

impl Loaded {
    /// Whether anything found is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Whether anything found is a warning.
    #[must_use]
    pub fn has_warnings(&self) -> bool {
        self.diagnostics.iter().any(|found| found.severity == Severity::Warning)
    }
}

fn too_deep() -> Diagnostic {
    let message = "derived facts, functions, cards and tables build on each other too deeply for the evaluator's stack";
    let help = "let fewer of them read the one before";
    let code = NESTING_TOO_DEEP;
    let (message, help) = (message.to_owned(), Some(help.to_owned()));
    Diagnostic { code, severity: code.severity(), message, help, span: None, related: Vec::new() }
}

impl Engine {
    /// Reads, judges and compiles a ruleset: its files by path, `/` between directories.
    ///
    /// Problems of reading and of judging come in one list. A file that could not be read whole makes warnings about
    /// the rest unreliable, so they are left out then.
    #[must_use]
    pub fn load(&self, files: &BTreeMap<String, Vec<u8>>, parser: &dyn ScriptParser) -> Loaded {
        let parsed = parse::parse(files, parser);
        let mut diagnostics = parsed.diagnostics;
        let damaged = diagnostics.iter().any(Diagnostic::is_error);
        let mut loaded = Loaded { program: None, ruleset: None, sources: parsed.sources, diagnostics: Vec::new() };
        if let Some(ruleset) = parsed.ruleset {
            let (checked, found) = check::check(ruleset);
            diagnostics.extend(found.into_iter().filter(|found| !damaged || found.is_error()));
            if let Some(checked) = checked.filter(|_| !damaged) {
                match compile::compile(&checked) {
                    Ok(program) if check::program::nests_too_deeply(&program) => diagnostics.push(too_deep()),
                    Ok(program) => loaded.program = Some(program),
                    Err(found) => diagnostics.extend(found),
                }
                loaded.ruleset = Some(checked);
            }
        }
        diagnostics
            .sort_by(|one, other| (one.span, one.code, &one.message).cmp(&(other.span, other.code, &other.message)));
        diagnostics.dedup();
        loaded.diagnostics = diagnostics;
        loaded
    }

    /// Decides one customer: facts as a JSON object.
    #[must_use]
    pub fn decide(&self, program: &Program, facts: &[u8], as_of: Date, level: TraceLevel) -> Decision {
        Decider::with_limits(program, self.limits).decide_json(facts, as_of, level)
    }
}

/// The memory of a [`Decider`], for a host that keeps it with the program from one decision to the next.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    record: Record,
    scratch: Scratch,
}

impl Workspace {
    /// Memory that a decision of this program finds ready.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        Self { record: Record::default(), scratch: Scratch::new(program) }
    }
}

/// Decides with one program, again and again in the same memory. One per thread.
#[derive(Clone, Debug)]
pub struct Decider<'p> {
    program: &'p Program,
    reader: FactsReader<'p>,
    record: Record,
    scratch: Scratch,
}

impl<'p> Decider<'p> {
    /// With the default limits.
    #[must_use]
    pub fn new(program: &'p Program) -> Self {
        Self::with_limits(program, Limits::default())
    }

    /// With limits of the host's own.
    #[must_use]
    pub fn with_limits(program: &'p Program, limits: Limits) -> Self {
        Self::within(program, limits, Workspace::new(program))
    }

    /// In memory that another decider of the same program left; see [`Decider::leave`].
    #[must_use]
    pub fn within(program: &'p Program, limits: Limits, workspace: Workspace) -> Self {
        let Workspace { record, scratch } = workspace;
        Self { program, reader: FactsReader::new(&program.facts, limits.facts), record, scratch }
    }

    /// Leaves the memory to the next decider of this program.
    #[must_use]
    pub fn leave(self) -> Workspace {
        Workspace { record: self.record, scratch: self.scratch }
    }

    /// Decides facts written as a JSON object.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn decide_json(&mut self, facts: &[u8], as_of: Date, level: TraceLevel) -> Decision {
        self.record.clear();
        let read = if self.in_force(as_of) { self.reader.read_bytes(facts, &mut self.record) } else { Ok(()) };
        self.conclude(read, as_of, level)
    }

    /// Decides facts that a Rust program holds.
    ///
    /// ```
    /// # use trutina_engine::{decision::TraceLevel, engine::Decider, program::Program, value::date::Date};
    /// # use trutina_engine::wire::{canonical::write_decision, typed::Facts};
    /// # fn decided(program: &Program, as_of: Date) -> Vec<u8> {
    /// let facts = Facts::new().integer("age", 34).decimal("monthly_income", "3200.00").text("housing", "rent");
    /// let decision = Decider::new(program).decide_facts(&facts, as_of, TraceLevel::None);
    /// let mut bytes = Vec::new();
    /// write_decision(&decision, &mut bytes);
    /// # bytes
    /// # }
    /// ```
    pub fn decide_facts(&mut self, facts: &Facts, as_of: Date, level: TraceLevel) -> Decision {
        self.decide_value(&facts.json(), as_of, level)
    }

    /// Decides facts that are a JSON value without duplicate keys.
    pub fn decide_value(&mut self, facts: &Json<'_>, as_of: Date, level: TraceLevel) -> Decision {
        self.record.clear();
        let read = if self.in_force(as_of) { self.reader.read(facts, &mut self.record) } else { Ok(()) };
        self.conclude(read, as_of, level)
    }

    /// What would give a better outcome: the nearest values of the facts that are `actionable`, each decided.
    ///
    /// After an error of the input or of the decision the status is `NotDecided`.
    pub fn changes_json(&mut self, facts: &[u8], as_of: Date) -> Changes {
        self.record.clear();
        match self.reader.read_bytes(facts, &mut self.record) {
            Ok(()) => evaluate::changes(self.program, &self.record, as_of, &mut self.scratch),
            Err(_) => Changes::empty(ChangesStatus::NotDecided),
        }
    }

    /// Decides a row of a batch of columns.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn decide_row(
        &mut self,
        reader: &ColumnReader<'_, '_>,
        row: usize,
        as_of: Date,
        level: TraceLevel,
    ) -> Decision {
        self.record.clear();
        let read = if self.in_force(as_of) { reader.read(row, &mut self.record) } else { Ok(()) };
        self.conclude(read, as_of, level)
    }

    /// Evaluates facts written as a JSON object, as another reader reads them; the result is [`Decider::outcome`].
    ///
    /// Errors: those of the input, T3001 to T3013. An error of the evaluation stands in the outcome.
    pub fn evaluate_json(&mut self, reader: &FactsReader<'p>, facts: &[u8], as_of: Date) -> Result<(), DecisionError> {
        self.record.clear();
        if self.in_force(as_of) {
            reader.read_bytes(facts, &mut self.record)?;
        }
        self.evaluate(as_of, TraceLevel::None);
        Ok(())
    }

    /// Evaluates a row of cells; the result is [`Decider::outcome`]. Scalar facts cost no allocation.
    ///
    /// Errors: those of the input, T3004 to T3013. An error of the evaluation stands in the outcome.
    #[inline]
    pub fn evaluate_cells<'c>(
        &mut self,
        reader: &RowReader<'p>,
        cell: impl Fn(usize) -> &'c str,
        as_of: Date,
    ) -> Result<(), DecisionError> {
        self.record.clear();
        if self.in_force(as_of) {
            reader.read(cell, &mut self.record)?;
        }
        self.evaluate(as_of, TraceLevel::None);
        Ok(())
    }

    /// What the last evaluation found.
    #[must_use]
    pub const fn outcome(&self) -> &Outcome {
        &self.scratch.outcome
    }

    /// Where the texts and lists of the last outcome lie.
    #[must_use]
    pub fn memory(&self) -> Memory<'_> {
        Memory { pool: &self.program.code.pool, record: &self.record, arena: &self.scratch.outcome.arena }
    }

    /// The last outcome as a decision, without a trace.
    #[must_use]
    pub fn word(&self, as_of: Date) -> Decision {
        explain::decide(self.program, &self.record, as_of, TraceLevel::None, &self.scratch.outcome)
    }

    /// The decision on facts that could not be read. It has no trace: nothing was evaluated.
    #[must_use]
    pub fn refuse(&self, error: DecisionError, as_of: Date) -> Decision {
        explain::failed(self.program, as_of, error)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn conclude(&mut self, read: Result<(), DecisionError>, as_of: Date, level: TraceLevel) -> Decision {
        if let Err(error) = read {
            return self.refuse(error, as_of);
        }
        self.evaluate(as_of, level);
        let mut decision = explain::decide(self.program, &self.record, as_of, level, &self.scratch.outcome);
        if let Some(trace) = &mut decision.trace
            && self.in_force(as_of)
        {
            trace.facts_digest = facts_digest(&self.program.facts, &self.record);
        }
        decision
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn evaluate(&mut self, as_of: Date, level: TraceLevel) {
        evaluate::evaluate(self.program, &self.record, as_of, level, &mut self.scratch);
    }

    /// Outside its period a ruleset decides nothing, so the facts are not even read: the evaluation says T3014.
    fn in_force(&self, as_of: Date) -> bool {
        let program = self.program;
        program.effective_from.is_none_or(|from| from <= as_of)
            && program.effective_until.is_none_or(|until| as_of < until)
    }
}
