//! A decision in words, in English and in Chinese, from the record and its trace. Nothing is computed here.

use crate::decision::{Decision, DecisionError, OutputValue, Place, Points, Reason, Trace, TraceValue};
use crate::program::Program;
use crate::value::Value;
use crate::value::decimal::{canonical_text, plain_text};

/// The languages that a decision can be worded in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// The tag of its texts in `ruleset.toml` and `reasons.csv`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    const fn pick(self, english: &'static str, chinese: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

/// Words a decision: the outcome, the other outputs, the reasons, the rules that held, how the score and the look-ups
/// came about, and the error if there is one. Made for a decision with a trace of level `reasons`.
#[must_use]
pub fn explain(program: &Program, decision: &Decision, language: Language) -> String {
    let mut text = Text { program, language, text: String::new() };
    let (id, version, as_of) = (&decision.ruleset.id, &decision.ruleset.version, decision.as_of);
    text.line(match language {
        Language::English => format!("{id} {version}, as of {as_of}"),
        Language::Chinese => format!("{id} {version},基准日 {as_of}"),
    });
    text.line(String::new());
    text.headline(decision);
    text.outputs(decision);
    text.reasons(&decision.reasons);
    text.hits(decision);
    if let Some(trace) = &decision.trace {
        text.trace(trace);
    }
    text.text
}

mod changes;

pub use changes::explain_changes;

struct Text<'p> {
    program: &'p Program,
    language: Language,
    text: String,
}

impl Text<'_> {
    fn line(&mut self, line: String) {
        self.text.push_str(&line);
        self.text.push('\n');
    }

    fn heading(&mut self, english: &'static str, chinese: &'static str) {
        self.text.push('\n');
        self.line(self.language.pick(english, chinese).to_owned());
    }

    fn headline(&mut self, decision: &Decision) {
        if let Some(error) = &decision.error {
            self.line(self.error(error));
        }
        let outcome = decision.outputs.iter().flatten().find(|output| output.name == "outcome");
        let Some(Value::Text(outcome)) = outcome.map(|output| &output.value) else { return };
        let known = match outcome.as_str() {
            "approve" => self.language.pick("Approved.", "审批通过。"),
            "refer" => self.language.pick("Referred: a person has to look at this case.", "转人工审核。"),
            "decline" => self.language.pick("Declined.", "审批拒绝。"),
            _ => "",
        };
        if !known.is_empty() {
            self.line(known.to_owned());
        }
    }

    fn error(&self, error: &DecisionError) -> String {
        let place = match &error.at {
            Place::Pointer(pointer) if !pointer.is_empty() => match self.language {
                Language::English => format!(", in the facts at `{pointer}`"),
                Language::Chinese => format!(",位置:输入 `{pointer}`"),
            },
            Place::Source { file, line, column } => match self.language {
                Language::English => format!(", at {file}, line {line}, column {column}"),
                Language::Chinese => format!(",位置:{file} 第 {line} 行第 {column} 列"),
            },
            _ => String::new(),
        };
        let (code, name, message) = (error.code, error.code.name(), &error.message);
        match self.language {
            Language::English => format!("No decision could be made: {message} ({code} {name}{place})."),
            Language::Chinese => format!("未能作出决策:{message}({code} {name}{place})。"),
        }
    }

    fn outputs(&mut self, decision: &Decision) {
        let Some(outputs) = &decision.outputs else { return };
        self.heading("Result", "结果");
        for OutputValue { name, value, scale } in outputs {
            let value = self.value(value, *scale);
            self.pair(name, &value);
        }
    }

    fn pair(&mut self, name: &str, value: &str) {
        let colon = self.language.pick(": ", ":");
        self.line(format!("  {name}{colon}{value}"));
    }

    fn value(&self, value: &Value, scale: Option<u8>) -> String {
        match value {
            Value::Missing => self.language.pick("none", "无").to_owned(),
            Value::Special(name) => match self.language {
                Language::English => format!("special code {name}"),
                Language::Chinese => format!("特殊值 {name}"),
            },
            Value::Boolean(true) => self.language.pick("yes", "是").to_owned(),
            Value::Boolean(false) => self.language.pick("no", "否").to_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Decimal(number) => match scale {
                Some(scale) => canonical_text(*number, u32::from(scale)),
                None => plain_text(*number),
            },
            Value::Text(text) => text.clone(),
            Value::Date(date) => date.to_string(),
            Value::List(elements) => self.joined(elements.iter().map(|element| self.value(element, scale))),
            Value::Record(fields) => {
                self.joined(fields.iter().map(|(name, value)| format!("{name} {}", self.value(value, scale))))
            }
        }
    }

    fn joined(&self, parts: impl Iterator<Item = String>) -> String {
        let parts: Vec<String> = parts.collect();
        if parts.is_empty() {
            self.language.pick("none", "无").to_owned()
        } else {
            parts.join(self.language.pick(", ", "、"))
        }
    }

    fn shown(&self, value: &TraceValue) -> String {
        match value {
            TraceValue::Shown(value) => self.value(value, None),
            TraceValue::Masked => self.language.pick("(not shown)", "(已隐藏)").to_owned(),
        }
    }

    fn reasons(&mut self, reasons: &[Reason]) {
        if reasons.is_empty() {
            return;
        }
        self.heading("Reasons, the weightiest first", "原因(按重要性排序)");
        for (number, reason) in (1_u32..).zip(reasons) {
            let text = reason.text.get(self.language.tag()).unwrap_or(&reason.code).to_owned();
            let points = match &reason.points {
                None => String::new(),
                Some(points) => self.points(points),
            };
            let code = &reason.code;
            self.line(match self.language {
                Language::English => format!("  {number}. {text} ({code}{points})"),
                Language::Chinese => format!("  {number}. {text}({code}{points})"),
            });
        }
    }

    fn points(&self, points: &Points) -> String {
        let points = match points {
            Points::Integer(points) => points.to_string(),
            Points::Decimal(points) => points.clone(),
        };
        match self.language {
            Language::English => format!(", {points} points off the baseline"),
            Language::Chinese => format!(",与基准相差 {points} 分"),
        }
    }

    fn hits(&mut self, decision: &Decision) {
        if decision.hits.is_empty() {
            return;
        }
        self.heading("Rules that held", "命中的规则");
        for hit in &decision.hits {
            let reason = self.program.reasons.iter().find(|reason| reason.code == hit.rule);
            let text = reason.and_then(|reason| reason.text.get(self.language.tag())).unwrap_or("").to_owned();
            let (rule, effect) = (&hit.rule, &hit.effect);
            let line = match self.language {
                Language::English => format!("{rule} ({effect}) {text}"),
                Language::Chinese => format!("{rule}({effect}){text}"),
            };
            self.line(format!("  {}", line.trim_end()));
        }
    }

    fn trace(&mut self, trace: &Trace) {
        for card in &trace.scorecards {
            let score = self.value(&card.score, None);
            self.text.push('\n');
            let name = &card.scorecard;
            self.line(match self.language {
                Language::English => format!("Scorecard {name}: {score} points"),
                Language::Chinese => format!("评分卡 {name}:{score} 分"),
            });
            for one in &card.characteristics {
                let label = self.label(&one.characteristic);
                let (value, points) = (self.shown(&one.value), self.value(&one.points, None));
                let attribute = &one.attribute;
                let same = value == *attribute;
                self.line(match self.language {
                    Language::English if same => format!("  {label}: {value}, {points} points"),
                    Language::English => format!("  {label}: {value} falls under {attribute}, {points} points"),
                    Language::Chinese if same => format!("  {label}:{value},{points} 分"),
                    Language::Chinese => format!("  {label}:{value},属于 {attribute},{points} 分"),
                });
            }
        }
        self.look_ups(trace);
        if !trace.derived.is_empty() {
            self.heading("Derived facts", "衍生指标");
            for (name, value) in &trace.derived {
                let value = self.shown(value);
                self.pair(name, &value);
            }
        }
    }

    fn look_ups(&mut self, trace: &Trace) {
        if trace.scales.is_empty() && trace.tables.is_empty() {
            return;
        }
        self.heading("Looked up", "查表");
        for scale in &trace.scales {
            let value = self.shown(&scale.value);
            let yields =
                self.joined(scale.outputs.iter().map(|(name, value)| format!("{name} {}", self.value(value, None))));
            let (name, band) = (&scale.scale, &scale.band);
            self.line(match self.language {
                Language::English => format!("  scale {name}: {value} lies in {band} and gives {yields}"),
                Language::Chinese => format!("  标尺 {name}:{value} 落在 {band},得 {yields}"),
            });
        }
        for table in &trace.tables {
            let inputs = self.joined(table.inputs.iter().map(|(name, value)| format!("{name} {}", self.shown(value))));
            let rows = self.joined(table.rows.iter().filter(|row| row.selected).map(|row| row.row.clone()));
            let name = &table.table;
            self.line(match self.language {
                Language::English => format!("  table {name}: {inputs} selects row {rows}"),
                Language::Chinese => format!("  决策表 {name}:{inputs},选中行 {rows}"),
            });
        }
    }

    /// A fact's label, else its name.
    fn label(&self, name: &str) -> String {
        let fact = self.program.facts.iter().find(|fact| fact.name == name);
        let label = fact.and_then(|fact| fact.label.get(self.language.tag()));
        label.unwrap_or(name).to_owned()
    }
}
