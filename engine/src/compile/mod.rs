//! Lowers a checked ruleset to a program. Total: what `check` accepts compiles, but for limits of size and depth.

mod artefacts;
mod builder;
mod classes;
mod compare;
mod constants;
mod lower;
mod secrecy;

use crate::diagnostic::Diagnostic;
use crate::program::{DerivedProgram, Program, RuleProgram};
use crate::ruleset::checked::CheckedRuleset;
use builder::Builder;

/// Compiles a ruleset.
///
/// # Errors
///
/// T5001 if a scorecard or scale needs more digits than the engine computes with, T5004 if derived facts and functions
/// call each other too deeply.
pub fn compile(checked: &CheckedRuleset) -> Result<Program, Vec<Diagnostic>> {
    let mut builder = Builder::new(checked);
    for index in &checked.derive_order {
        builder.derived(*index);
    }
    let derived: Vec<_> = (0..checked.derived.len()).map(|index| builder.derived(index)).collect();
    let rules: Vec<_> = checked.rules.iter().map(|rule| builder.rule(&rule.body)).collect();
    let decide = builder.expression(&checked.decide);
    let tables = artefacts::tables(&mut builder);
    let scales = artefacts::scales(&mut builder);
    let mut scorecards = artefacts::scorecards(&mut builder);
    if !builder.diagnostics.is_empty() {
        return Err(builder.diagnostics);
    }
    secrecy::mark(&mut builder, &mut scorecards);
    let ruleset = &checked.ruleset;
    let manifest = &ruleset.manifest;
    Ok(Program {
        identity: crate::program::Identity {
            id: manifest.id.clone(),
            version: manifest.version.clone(),
            digest: ruleset.digest.clone(),
        },
        facts: ruleset.facts.clone(),
        outputs: ruleset.outputs.clone(),
        parameters: ruleset.parameters.clone(),
        effects: checked.effects.clone(),
        reasons: ruleset.reasons.clone(),
        effective_from: manifest.effective_from,
        effective_until: manifest.effective_until,
        on_error: manifest.on_error,
        paths: ruleset.sources.iter().map(|file| file.path.clone()).collect(),
        derived: checked
            .derived
            .iter()
            .zip(derived)
            .map(|(source, body)| DerivedProgram {
                name: source.name.clone(),
                ty: source.body.ty.clone(),
                body,
                sensitive: builder.code.is_sensitive(body),
                span: source.span,
            })
            .collect(),
        rules: checked
            .rules
            .iter()
            .zip(rules)
            .map(|(source, body)| RuleProgram {
                id: source.id.clone(),
                effect: source.effect,
                body,
                reason: builder.reason(&source.id),
                span: source.span,
            })
            .collect(),
        scorecards,
        scales,
        tables,
        dependencies: checked.dependencies.clone(),
        decide,
        locals: u32::try_from(checked.locals.len()).unwrap_or(u32::MAX),
        code: builder.code,
    })
}
