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
                        "  No change of one or two facts that can be changed.",
                        "  改变任何一项或两项可变更的事实都不会改善结果。",
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
    /// `"Amount requested" changed from 5951 DEM to 1799 DEM`
    fn step(&self, changed: &ChangedFact) -> String {
        let Some(fact) = self.program.facts.get(changed.fact) else { return String::new() };
        let unit = fact.unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
        let value = |value: &TraceValue| match (value, &fact.spec.data_type) {
            (TraceValue::Shown(shown), DataType::Decimal { scale }) => {
                format!("{}{unit}", self.value(shown, Some(*scale)))
            }
            (TraceValue::Shown(_), _) => format!("{}{unit}", self.shown(value)),
            (TraceValue::Masked, _) => self.shown(value),
        };
        let (label, from, to) = (self.label(&fact.name), value(&changed.from), value(&changed.to));
        match self.language {
            Language::English => format!("\"{label}\" changed from {from} to {to}"),
            Language::Chinese => format!("“{label}”由 {from} 变为 {to}"),
        }
    }
}
