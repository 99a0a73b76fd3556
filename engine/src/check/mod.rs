//! Judges a ruleset without data: names, types, domains, costs. What passes may be compiled.

pub mod artefacts;
mod depend;
pub mod program;
mod script;

use crate::diagnostic::Diagnostic;
use crate::ruleset::Ruleset;
use crate::ruleset::checked::CheckedRuleset;
use crate::ruleset::dependency::Dependencies;

/// Checks a parsed ruleset.
///
/// Gives the checked form if nothing is an error (codes T20xx to T24xx, T5001, T5002, T5004), and every diagnostic,
/// warnings included, in order of file, line and column. All mistakes are reported in one run; an expression in error
/// silences only what depends on it.
#[must_use]
pub fn check(ruleset: Ruleset) -> (Option<CheckedRuleset>, Vec<Diagnostic>) {
    let script::Checked { parts, mut diagnostics } = script::check(&ruleset);
    sort(&mut diagnostics);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return (None, diagnostics);
    }
    let checked = parts.map(|parts| {
        let mut checked = CheckedRuleset {
            ruleset,
            effects: parts.effects,
            derived: parts.derived,
            derive_order: parts.derive_order,
            rules: parts.rules,
            decide: parts.decide,
            functions: parts.functions,
            locals: parts.locals,
            scorecards: parts.scorecards,
            tables: parts.tables,
            dependencies: Dependencies::default(),
            warnings: diagnostics.clone(),
        };
        checked.dependencies = depend::dependencies(&checked, &parts.parameters);
        checked
    });
    (checked, diagnostics)
}

/// In order of file, line and column; of several at one place with one code the first stays.
fn sort(diagnostics: &mut Vec<Diagnostic>) {
    crate::diagnostic::sort(diagnostics);
    diagnostics.dedup_by(|later, first| later.span == first.span && later.code == first.code);
}
