//! Scorecards, scales and tables: every class leads to a row that there is, every row yields what is declared.

use super::declarations::{check_outputs, check_reason, check_span, check_type};
use super::kinds::{is_type, takes_missing};
use super::nodes::items;
use super::slots::Slots;
use super::{Check, Work, demand, locators};
use crate::check::script::types::{output_type, type_of};
use crate::program::artefact::{CharacteristicProgram, ColumnIndex, NONE, RowOutputs, RowProgram, RowSets};
use crate::program::{CardProgram, Program, ScaleProgram, TableProgram};
use crate::ruleset::checked::{Input, Type, TypeKind};
use crate::ruleset::{Aggregation, HitPolicy, NoMatch};
use crate::schema::Output;
use crate::value::decimal::{MAX_COEFFICIENT, MAX_SCALE};

/// Declared types, as types of expressions.
pub(super) struct Declared {
    /// Of facts.
    pub facts: Vec<Type>,
    /// Of outputs.
    pub outputs: Vec<Type>,
    /// Of the columns of scales.
    pub scales: Vec<Vec<Type>>,
    /// Of the outputs of tables.
    pub tables: Vec<Vec<Type>>,
}

pub(super) fn check(program: &Program, slots: &Slots<'_>, work: &mut Work) -> Check<Declared> {
    let declared = Declared {
        facts: program.facts.iter().map(|fact| type_of(&fact.spec)).collect(),
        outputs: types_of(&program.outputs),
        scales: program.scales.iter().map(|scale| types_of(&scale.outputs)).collect(),
        tables: program.tables.iter().map(|table| types_of(&table.outputs)).collect(),
    };
    for card in &program.scorecards {
        check_card(program, &declared, card, slots)?;
    }
    for (scale, outputs) in program.scales.iter().zip(&declared.scales) {
        check_scale(program, scale, outputs, slots, work)?;
    }
    for (table, outputs) in program.tables.iter().zip(&declared.tables) {
        check_table(program, table, outputs, slots, work)?;
    }
    Ok(declared)
}

fn types_of(outputs: &[Output]) -> Vec<Type> {
    outputs.iter().map(output_type).collect()
}

fn check_card(program: &Program, declared: &Declared, card: &CardProgram, slots: &Slots<'_>) -> Check {
    check_span(program, card.span)?;
    demand(u32::from(card.scale) <= MAX_SCALE, &"a card has more digits than decimals have")?;
    let reasons = card.codes.iter().all(|code| (*code as usize) < program.reasons.len());
    demand(reasons, &"a card has a reason that is not declared")?;
    for characteristic in &card.characteristics {
        check_characteristic(program, declared, card, characteristic, slots)?;
    }
    demand(shares_codes(card) == card.shared_codes, &"a card says wrongly whether it shares codes")?;
    check_points(card)
}

/// Whether a code stands in more than one characteristic.
fn shares_codes(card: &CardProgram) -> bool {
    let mut seen = vec![None; card.codes.len()];
    card.characteristics.iter().zip(0_usize..).any(|(characteristic, place)| {
        // A code beyond the card's is none: those have been checked.
        let mut codes = characteristic.attributes.iter().map(|attribute| attribute.code as usize);
        codes.any(|code| seen.get_mut(code).is_some_and(|seen| *seen.get_or_insert(place) != place))
    })
}

/// Sums and printed forms of differences stay within 128 bits, so that no reason is lost.
fn check_points(card: &CardProgram) -> Check {
    let form = card.points;
    demand(form.denominator > 0 && u32::from(form.digits) <= MAX_SCALE, &"points have no printed form")?;
    let mut sum = 0_u128;
    for characteristic in &card.characteristics {
        let differences = characteristic.attributes.iter().map(|attribute| attribute.difference.unsigned_abs());
        sum = sum.saturating_add(differences.max().unwrap_or(0));
    }
    for _ in 0..form.digits {
        sum = sum.saturating_mul(10);
    }
    let room = sum.saturating_add(form.denominator.unsigned_abs());
    demand(i128::try_from(room).is_ok(), &"the points of a card are too large")
}

fn check_characteristic(
    program: &Program,
    declared: &Declared,
    card: &CardProgram,
    characteristic: &CharacteristicProgram,
    slots: &Slots<'_>,
) -> Check {
    let CharacteristicProgram { ty, locator, attributes, .. } = characteristic;
    check_span(program, characteristic.span)?;
    check_type(ty)?;
    let (input, sensitive) = match characteristic.input {
        Input::Fact(fact) => (declared.facts.get(fact), program.facts.get(fact).is_some_and(|fact| fact.sensitive)),
        Input::Derived(derived) => {
            let derived = program.derived.get(derived);
            (derived.map(|derived| &derived.ty), derived.is_some_and(|derived| derived.sensitive))
        }
    };
    demand(input.is_some_and(|input| is_type(input, ty)), &"a characteristic reads what it does not divide")?;
    demand(characteristic.sensitive || !sensitive, &"a characteristic shows what is sensitive")?;
    locators::check(locator, ty, slots)?;
    let mapped = characteristic.attribute_of_class.len() == locators::classes(locator, ty);
    let known = |index: &u32| *index == NONE || (*index as usize) < attributes.len();
    demand(
        mapped && characteristic.attribute_of_class.iter().all(known),
        &"a class has an attribute that there is not",
    )?;
    demand(characteristic.labels.len() == attributes.len(), &"an attribute has no label")?;
    attributes.iter().try_for_each(|attribute| {
        check_span(program, attribute.span)?;
        let known = attribute.code == NONE || (attribute.code as usize) < card.codes.len();
        demand(known, &"an attribute has a reason that its card has not")?;
        let fits = if card.integer {
            i64::try_from(attribute.points).is_ok()
        } else {
            attribute.points.unsigned_abs() <= MAX_COEFFICIENT.unsigned_abs()
        };
        demand(fits, &"the points of an attribute are too large")
    })
}

fn check_scale(program: &Program, scale: &ScaleProgram, outputs: &[Type], slots: &Slots<'_>, work: &mut Work) -> Check {
    check_span(program, scale.span)?;
    check_outputs(program, &scale.outputs)?;
    let number = Type::plain(TypeKind::Decimal { scale: u8::try_from(MAX_SCALE).unwrap_or(u8::MAX) });
    locators::check(&scale.locator, &number, slots)?;
    let mapped = scale.band_of_class.len() == scale.locator.values as usize;
    let known = |band: &u32| *band == NONE || (*band as usize) < scale.bands.len();
    demand(mapped && scale.band_of_class.iter().all(known), &"a class has a band that there is not")?;
    scale.bands.iter().try_for_each(|band| {
        check_span(program, band.span)?;
        demand(slots.is_record(band.record, outputs, work)?, &"a band yields what is not declared")
    })
}

fn check_table(program: &Program, table: &TableProgram, outputs: &[Type], slots: &Slots<'_>, work: &mut Work) -> Check {
    check_span(program, table.span)?;
    check_outputs(program, &table.outputs)?;
    let rows = table.rows.len();
    demand(table.words as usize == rows.div_ceil(64), &"a table has sets of another size")?;
    for column in &table.columns {
        check_type(&column.ty)?;
        locators::check(&column.index.locator, &column.ty, slots)?;
        check_sets(&column.index, locators::classes(&column.index.locator, &column.ty), table)?;
        demand(column.texts.len() == rows, &"a cell of a table has no text")?;
    }
    if let Some(validity) = &table.validity {
        let date = Type::plain(TypeKind::Date);
        locators::check(&validity.locator, &date, slots)?;
        check_sets(validity, locators::classes(&validity.locator, &date), table)?;
    }
    for row in table.rows.iter().chain(&table.default_row) {
        check_row(program, row, outputs, slots, work)?;
    }
    let default = matches!(table.no_match, NoMatch::Default) == table.default_row.is_some();
    demand(default, &"a table has a default row, or none, that it does not use")?;
    check_policy(table, outputs)
}

fn check_policy(table: &TableProgram, outputs: &[Type]) -> Check {
    let HitPolicy::Collect(aggregation) = table.hit_policy else { return Ok(()) };
    let number = |ty: &Type| matches!(ty.kind, TypeKind::Integer | TypeKind::Decimal { .. });
    let sound = match (aggregation, outputs) {
        (Aggregation::List, _) => true,
        (Aggregation::Count, [_]) => true,
        (Aggregation::Sum | Aggregation::Min | Aggregation::Max, [ty]) => {
            number(ty) && table.decimal == matches!(ty.kind, TypeKind::Decimal { .. })
        }
        _ => false,
    };
    demand(sound, &"a table aggregates what it cannot")
}

fn check_row(program: &Program, row: &RowProgram, outputs: &[Type], slots: &Slots<'_>, work: &mut Work) -> Check {
    check_span(program, row.span)?;
    check_reason(program, row.reason)?;
    let yields = match row.outputs {
        RowOutputs::Constant(record) => slots.is_record(record, outputs, work)?,
        RowOutputs::Computed(cells) => items(&program.code, cells)?.len() == outputs.len(),
    };
    demand(yields, &"a row yields what is not declared")
}

/// The sets of rows of all classes.
fn check_sets(index: &ColumnIndex, classes: usize, table: &TableProgram) -> Check {
    if index.always {
        return Ok(());
    }
    let rows = table.rows.len();
    let sound = match &index.rows {
        RowSets::Dense(sets) => classes.checked_mul(table.words as usize) == Some(sets.len()),
        RowSets::PerRow { starts, ranges } => {
            let ordered = starts.windows(2).all(|pair| matches!(pair, [a, b] if a <= b));
            let whole = starts.first() == Some(&0) && starts.last().map(|last| *last as usize) == Some(ranges.len());
            let inside = ranges.iter().all(|(first, last)| first <= last && (*last as usize) < classes);
            rows.checked_add(1) == Some(starts.len()) && ordered && whole && inside
        }
    };
    demand(sound, &"a column has other sets of rows than classes")
}

/// Whether a record of the outputs of a table, or of the columns of a scale, is of a type.
pub(super) fn is_record_of(outputs: &[Type], missing: bool, to: &TypeKind) -> bool {
    let TypeKind::Record(fields) = to else { return false };
    let field = |(output, (_, to)): (&Type, &(String, Type))| is_type(output, to) && (!missing || takes_missing(to));
    fields.len() == outputs.len() && outputs.iter().zip(fields.iter()).all(field)
}
