//! Facts, outputs, parameters and the rest of what a program says of itself.

use super::{Check, demand};
use crate::diagnostic::Span;
use crate::program::Program;
use crate::ruleset::OnError;
use crate::ruleset::checked::{Type, TypeKind};
use crate::ruleset::dependency::Source;
use crate::schema::{DataType, Output, ValueSpec};
use crate::value::Value;
use crate::value::decimal::MAX_SCALE;

/// A value's index in its domain, and a special code's among its fact's, have this much room.
const SYMBOLS_MAX: usize = 65_535;
const SPECIALS_MAX: usize = 255;

/// Locals are memory of every decision, whether they are used or not.
const LOCALS_MAX: u32 = 1 << 20;

pub(super) fn check(program: &Program) -> Check {
    for fact in &program.facts {
        check_spec(&fact.spec)?;
        check_span(program, fact.span)?;
    }
    for parameter in &program.parameters {
        check_data(&parameter.data_type)?;
        check_span(program, parameter.span)?;
    }
    check_outputs(program, &program.outputs)?;
    for reason in &program.reasons {
        check_span(program, reason.span)?;
    }
    for derived in &program.derived {
        check_type(&derived.ty)?;
        check_span(program, derived.span)?;
    }
    for rule in &program.rules {
        check_span(program, rule.span)?;
        demand(usize::from(rule.effect) < program.effects.len(), &"a rule has an effect that is not declared")?;
        check_reason(program, rule.reason)?;
    }
    program.code.type_pool.iter().try_for_each(check_type)?;
    demand(program.locals <= LOCALS_MAX, &"there are too many locals")?;
    check_outcome(program)?;
    check_dependencies(program)
}

pub(super) fn check_span(program: &Program, span: Span) -> Check {
    demand(usize::from(span.file.0) < program.paths.len(), &"a place lies in no file")
}

pub(super) fn check_reason(program: &Program, reason: Option<u32>) -> Check {
    demand(reason.is_none_or(|reason| (reason as usize) < program.reasons.len()), &"a reason is not declared")
}

pub(super) fn check_outputs(program: &Program, outputs: &[Output]) -> Check {
    outputs.iter().try_for_each(|output| {
        check_span(program, output.span)?;
        check_data(&output.data_type)
    })
}

fn check_scale(scale: u8) -> Check {
    demand(u32::from(scale) <= MAX_SCALE, &"a decimal has more digits than decimals have")
}

fn check_symbols(count: usize) -> Check {
    demand(count <= SYMBOLS_MAX, &"an enum has too many values")
}

fn check_spec(spec: &ValueSpec) -> Check {
    check_data(&spec.data_type)?;
    demand(spec.special.len() <= SPECIALS_MAX, &"a fact has too many special codes")?;
    let bounded = |bound: &Option<Value>| match bound {
        None => true,
        Some(Value::Integer(_) | Value::Decimal(_)) => {
            matches!(spec.data_type, DataType::Integer | DataType::Decimal { .. })
        }
        Some(Value::Date(_)) => matches!(spec.data_type, DataType::Date),
        Some(_) => false,
    };
    demand(bounded(&spec.min) && bounded(&spec.max), &"a bound is of another type than its fact")
}

fn check_data(data: &DataType) -> Check {
    match data {
        DataType::Boolean | DataType::Integer | DataType::Text | DataType::Date => Ok(()),
        DataType::Decimal { scale } => check_scale(*scale),
        DataType::Enum(domain) => check_symbols(domain.values.len()),
        DataType::List(of) => check_spec(of),
        DataType::Record(fields) => fields.iter().try_for_each(|field| check_spec(&field.spec)),
        DataType::Series { value, .. } => check_spec(value),
    }
}

pub(super) fn check_type(ty: &Type) -> Check {
    demand(ty.special.as_ref().is_none_or(|codes| codes.len() <= SPECIALS_MAX), &"a type has too many special codes")?;
    match &ty.kind {
        TypeKind::Decimal { scale } => check_scale(*scale),
        TypeKind::Enum(domain) => check_symbols(domain.values.len()),
        TypeKind::List(of) | TypeKind::Series(of) => check_type(of),
        TypeKind::Record(fields) => fields.iter().try_for_each(|(_, ty)| check_type(ty)),
        _ => Ok(()),
    }
}

/// Where an error refers, the output `outcome` knows the word.
fn check_outcome(program: &Program) -> Check {
    let outcome = program.outputs.iter().find(|output| output.name == "outcome");
    let refers = outcome.is_some_and(|output| match &output.data_type {
        DataType::Enum(domain) => domain.index_of("refer").is_some(),
        _ => false,
    });
    demand(program.on_error != OnError::Refer || refers, &"an error refers, but no outcome is called so")
}

fn check_dependencies(program: &Program) -> Check {
    let found = &program.dependencies;
    let lists = [
        (&found.derived, program.derived.len()),
        (&found.rules, program.rules.len()),
        (&found.scorecards, program.scorecards.len()),
        (&found.scales, program.scales.len()),
        (&found.tables, program.tables.len()),
        (&found.outputs, program.outputs.len()),
    ];
    let exists = |source: &Source| match *source {
        Source::Scorecard(index) => (index as usize) < program.scorecards.len(),
        Source::Scale(index) => (index as usize) < program.scales.len(),
        Source::Table(index) => (index as usize) < program.tables.len(),
        Source::Effect(index) => usize::from(index) < program.effects.len(),
        Source::Derived(index) => (index as usize) < program.derived.len(),
        Source::Fact(index) => (index as usize) < program.facts.len(),
        Source::Parameter(index) => (index as usize) < program.parameters.len(),
    };
    let sound = |(lists, count): &(&Vec<Vec<Source>>, usize)| {
        lists.len() == *count && lists.iter().all(|list| list.iter().all(exists))
    };
    demand(lists.iter().all(sound), &"something depends on what there is not")
}
