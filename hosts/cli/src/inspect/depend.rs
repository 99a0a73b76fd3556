//! What depends on what, in words.

use trutina_engine::program::Program;
use trutina_engine::ruleset::dependency::Source;

use crate::table::{Align, Table};

/// Derived facts, artefacts and outputs, each with what it depends on.
pub fn table(program: &Program) -> Table {
    let mut table = Table::new(&[Align::Left, Align::Left, Align::Left]);
    let found = &program.dependencies;
    let mut part = |name: String, sources: &[Source]| {
        if !sources.is_empty() {
            table.row([name, "←".to_owned(), names(program, sources)]);
        }
    };
    for (derived, sources) in program.derived.iter().zip(&found.derived) {
        part(derived.name.clone(), sources);
    }
    for (card, sources) in program.scorecards.iter().zip(&found.scorecards) {
        part(format!("scorecard {}", card.name), sources);
    }
    for (scale, sources) in program.scales.iter().zip(&found.scales) {
        part(format!("scale {}", scale.name), sources);
    }
    for (one, sources) in program.tables.iter().zip(&found.tables) {
        part(format!("table {}", one.name), sources);
    }
    for (output, sources) in program.outputs.iter().zip(&found.outputs) {
        part(output.name.clone(), sources);
    }
    table
}

/// What a rule reads, by its index.
pub fn of_rule(program: &Program, index: usize) -> String {
    program.dependencies.rules.get(index).map_or_else(String::new, |sources| names(program, sources))
}

fn names(program: &Program, sources: &[Source]) -> String {
    let word = |source: &Source| {
        let name = program.name_of(*source);
        match source {
            Source::Scorecard(_) => format!("scorecard {name}"),
            Source::Scale(_) => format!("scale {name}"),
            Source::Table(_) => format!("table {name}"),
            Source::Effect(effect) => {
                let rules: Vec<&str> =
                    program.rules.iter().filter(|rule| rule.effect == *effect).map(|rule| rule.id.as_str()).collect();
                format!("rules that say {name} ({})", rules.join(" "))
            }
            Source::Derived(_) | Source::Fact(_) => name.to_owned(),
            Source::Parameter(_) => format!("parameter {name}"),
        }
    };
    sources.iter().map(word).collect::<Vec<_>>().join(", ")
}
