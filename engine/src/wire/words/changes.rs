//! What would change a decision, in words.

use super::{Language, Text};
use crate::decision::TraceValue;
use crate::decision::changes::{ChangedFact, Changes, ChangesStatus};
use crate::program::Program;
use crate::schema::DataType;

/// Words what would give a better outcome, as a section of its own, to stand behind [`super::explain`]. Nothing where
/// there is no outcome to better, or no better one.
#[must_use]
pub fn explain_changes(program: &Program, changes: &Changes, language: Language) -> String {
    let mut text = Text { program, language, text: String::new() };
    if matches!(changes.status, ChangesStatus::BestAlready | ChangesStatus::NotDecided) {
        return text.text;
    }
    text.heading("What would change it", "如何获得更好的结果");
    for change in changes.single.iter().chain(&changes.pairs) {
        let steps: Vec<String> = change.facts.iter().map(|changed| text.step(changed)).collect();
        let outcome = &change.outcome;
        let line = match language {
            Language::English => format!("  With {} the outcome would be {outcome}.", steps.join(" and ")),
            Language::Chinese => format!("  若{},结果将为 {outcome}。", steps.join(",且")),
        };
        text.line(line);
    }
    match changes.status {
        ChangesStatus::NothingWould => {
            text.line(
                language
                    .pick(
                        "  Nothing would: no change of one or two of the facts that can be changed.",
                        "  没有:改变任何一项或两项可变更的事实都不会改善结果。",
                    )
                    .to_owned(),
            );
        }
        ChangesStatus::NoneFound => {
            text.line(
                language
                    .pick("  None found; not everything could be searched.", "  未找到;未能搜索全部可能。")
                    .to_owned(),
            );
        }
        _ if !changes.complete => {
            text.line(language.pick("  There may be other ways.", "  可能还有其他方式。").to_owned());
        }
        _ => {}
    }
    text.text
}

impl Text<'_> {
    /// `"Amount requested" changed from 5951 DEM to 1799 DEM`; nothing is quoted of a sensitive fact.
    fn step(&self, changed: &ChangedFact) -> String {
        let Some(fact) = self.program.facts.get(changed.fact) else { return String::new() };
        let label = self.label(&fact.name);
        let (TraceValue::Shown(from), TraceValue::Shown(to)) = (&changed.from, &changed.to) else {
            return match self.language {
                Language::English => format!("another value of \"{label}\""),
                Language::Chinese => format!("“{label}”取另一值"),
            };
        };
        let scale = match fact.spec.data_type {
            DataType::Decimal { scale } => Some(scale),
            _ => None,
        };
        let unit = fact.unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
        let (from, to) = (self.value(from, scale), self.value(to, scale));
        match self.language {
            Language::English => format!("\"{label}\" changed from {from}{unit} to {to}{unit}"),
            Language::Chinese => format!("“{label}”由 {from}{unit} 变为 {to}{unit}"),
        }
    }
}
