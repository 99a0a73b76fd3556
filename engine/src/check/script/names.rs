//! What the author's names stand for, and what may have been meant by a name that stands for nothing.

use crate::diagnostic::codes::{DUPLICATE_DECLARATION, SHADOWING};
use crate::diagnostic::{Diagnostic, Span, did_you_mean};
use crate::ruleset::Ruleset;
use crate::ruleset::script::{Closure, Declaration, Ident};
use crate::value::ordered::Map;

use super::builtin;

/// Index of everything that has a name.
#[derive(Debug, Default)]
pub(super) struct Names<'r> {
    pub(super) facts: Map<&'r str, usize>,
    pub(super) derived: Map<&'r str, usize>,
    pub(super) parameters: Map<&'r str, usize>,
    pub(super) outputs: Map<&'r str, usize>,
    pub(super) scorecards: Map<&'r str, usize>,
    pub(super) scales: Map<&'r str, usize>,
    pub(super) tables: Map<&'r str, usize>,
    pub(super) matrices: Map<&'r str, usize>,
    pub(super) functions: Map<&'r str, usize>,
    pub(super) constants: Map<&'r str, usize>,
    pub(super) effects: Map<&'r str, usize>,
    /// All effects, mildest first.
    pub(super) effect_order: Vec<&'r str>,
    /// The derived facts in file order.
    pub(super) derives: Vec<(&'r Ident, &'r Closure)>,
    /// The rules in file order.
    pub(super) rules: Vec<(&'r Ident, &'r Ident, &'r Closure)>,
}

impl<'r> Names<'r> {
    /// Indexes a ruleset; names given twice are reported.
    pub(super) fn new(ruleset: &'r Ruleset, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut names = Self {
            facts: index(ruleset.facts.iter().map(|fact| fact.name.as_str())),
            parameters: index(ruleset.parameters.iter().map(|parameter| parameter.name.as_str())),
            outputs: index(ruleset.outputs.iter().map(|output| output.name.as_str())),
            scorecards: index(ruleset.scorecards.iter().map(|card| card.name.as_str())),
            scales: index(ruleset.scales.iter().map(|scale| scale.name.as_str())),
            ..Self::default()
        };
        for (position, table) in ruleset.tables.iter().enumerate() {
            let kind = if table.matrix { &mut names.matrices } else { &mut names.tables };
            kind.insert(&table.name, position);
        }
        names.index_effects(ruleset);
        names.index_declarations(ruleset, diagnostics);
        names.index_functions(ruleset, diagnostics);
        names
    }

    fn index_effects(&mut self, ruleset: &'r Ruleset) {
        let outcome =
            ruleset.outputs.iter().find(|output| output.name == "outcome").and_then(|output| match &output.data_type {
                crate::schema::DataType::Enum(domain) => Some(&domain.values),
                _ => None,
            });
        let outcomes = outcome.map_or(&[] as &[String], Vec::as_slice);
        let order = outcomes.iter().take(1).chain(&ruleset.manifest.effects).chain(outcomes.iter().skip(1));
        for effect in order {
            if !self.effects.contains_key(effect.as_str()) {
                self.effects.insert(effect, self.effect_order.len());
                self.effect_order.push(effect);
            }
        }
    }

    fn index_declarations(&mut self, ruleset: &'r Ruleset, diagnostics: &mut Vec<Diagnostic>) {
        let mut rules: Map<&str, Span> = Map::new();
        for declaration in &ruleset.script.declarations {
            match declaration {
                Declaration::Derive { name, body } => {
                    if let Some(fact) = self.facts.get(name.name.as_str()).and_then(|index| ruleset.facts.get(*index)) {
                        diagnostics.push(
                            Diagnostic::new(SHADOWING, name.span, format!("`{}` is already a fact", name.name))
                                .with_help("give the derived fact a name of its own")
                                .with_related(fact.span, "the fact"),
                        );
                    } else if let Some((first, _)) =
                        self.derived.get(name.name.as_str()).and_then(|index| self.derives.get(*index))
                    {
                        diagnostics.push(duplicate("derived fact", name, first.span));
                    } else {
                        self.derived.insert(&name.name, self.derives.len());
                    }
                    self.derives.push((name, body));
                }
                Declaration::Rule { id, effect, body } => {
                    if let Some(first) = rules.insert(&id.name, id.span) {
                        diagnostics.push(duplicate("rule", id, first));
                    }
                    self.rules.push((id, effect, body));
                }
            }
        }
    }

    fn index_functions(&mut self, ruleset: &'r Ruleset, diagnostics: &mut Vec<Diagnostic>) {
        for (position, constant) in ruleset.script.constants.iter().enumerate() {
            let first = self.constants.get(constant.name.name.as_str()).copied();
            if let Some(first) = first.and_then(|first| ruleset.script.constants.get(first)) {
                diagnostics.push(duplicate("constant", &constant.name, first.name.span));
            } else {
                self.constants.insert(&constant.name.name, position);
            }
        }
        for (position, function) in ruleset.script.functions.iter().enumerate() {
            let name = &function.name;
            if builtin::is_builtin(&name.name) {
                diagnostics.push(
                    Diagnostic::new(SHADOWING, name.span, format!("`{}` is a function of the language", name.name))
                        .with_help("give your function another name"),
                );
            }
            let first = self.functions.get(name.name.as_str()).copied();
            if let Some(first) = first.and_then(|first| ruleset.script.functions.get(first)) {
                diagnostics.push(duplicate("function", name, first.name.span));
            } else {
                self.functions.insert(&name.name, position);
            }
        }
    }

    /// All names that may follow `f.`.
    pub(super) fn fields_of_facts(&self) -> impl Iterator<Item = &'r str> {
        self.facts.keys().chain(self.derived.keys()).copied()
    }
}

fn index<'r>(names: impl Iterator<Item = &'r str>) -> Map<&'r str, usize> {
    names.enumerate().map(|(position, name)| (name, position)).collect()
}

fn duplicate(what: &str, name: &Ident, first: Span) -> Diagnostic {
    Diagnostic::new(DUPLICATE_DECLARATION, name.span, format!("the {what} `{}` is declared twice", name.name))
        .with_help("rename one of the two, or remove it")
        .with_related(first, "declared here first")
}

/// Help for an unknown name: the nearest of the known ones, else all of a few, else how to declare it.
pub(super) fn suggestion<'a>(word: &str, known: impl Iterator<Item = &'a str>, declare: &str) -> String {
    let known: Vec<&str> = known.collect();
    if let Some(near) = did_you_mean(word, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    match known.as_slice() {
        [] => declare.to_owned(),
        few if few.len() <= 8 => format!("one of `{}`; {declare}", few.join("`, `")),
        _ => declare.to_owned(),
    }
}
