//! A program as bytes: its nodes, pools and artefacts, each field in its place.

use super::codec::{Coded, Reader, coded_enum, coded_struct};
use crate::program::artefact::{
    AttributeProgram, BandProgram, CharacteristicProgram, ColumnIndex, ColumnProgram, PointsForm, RowOutputs,
    RowProgram, RowSets,
};
use crate::program::locator::{Locator, LocatorKind};
use crate::program::node::{Family, Items};
use crate::program::{
    Arm, CardProgram, Code, DerivedProgram, Identity, Node, Pattern, Pool, Program, RuleProgram, ScaleProgram, Switch,
    TableProgram, Test, TestKind,
};
use crate::ruleset::dependency::{Dependencies, Source};

/// The version of what this file writes. Any change of it changes the number.
pub const PROGRAM_FORMAT: u32 = 1;

/// A program as bytes. The same program gives the same bytes.
#[must_use]
pub fn encode_program(program: &Program) -> Vec<u8> {
    let mut out = Vec::new();
    program.write(&mut out);
    out
}

/// A program out of bytes; nothing if they are not what [`encode_program`] writes, to the last byte.
///
/// What comes out is shaped like a program and no more: it is to be verified before it runs.
#[must_use]
pub fn decode_program(bytes: &[u8]) -> Option<Program> {
    let mut reader = Reader::new(bytes);
    let program = Program::read(&mut reader);
    reader.finish().then_some(program)
}

coded_struct!(Dependencies { derived, rules, scorecards, scales, tables, outputs });
coded_struct!(Identity { id, version, digest });

coded_struct!(Program {
    identity,
    facts,
    outputs,
    parameters,
    effects,
    reasons,
    effective_from,
    effective_until,
    on_error,
    paths,
    derived,
    rules,
    scorecards,
    scales,
    tables,
    dependencies,
    decide,
    locals,
    code,
});

coded_struct!(Code {
    nodes,
    spans,
    types,
    sensitive,
    type_pool,
    items,
    constants,
    masks,
    bounds,
    switches,
    tests,
    pool,
});

coded_struct!(Pool { text, arena });
coded_struct!(Items { start, len });
coded_struct!(DerivedProgram { name, ty, body, sensitive, span });
coded_struct!(RuleProgram { id, effect, body, reason, span });
coded_struct!(Switch { arms, default });
coded_struct!(Arm { patterns, guard, result });
coded_struct!(Test { node, kind, left, right });
coded_struct!(CardProgram {
    name,
    initial,
    scale,
    integer,
    characteristics,
    codes,
    shared_codes,
    most,
    keep_zero,
    points,
    span,
});
coded_struct!(PointsForm { denominator, digits, integer });
coded_struct!(CharacteristicProgram {
    name,
    input,
    ty,
    sensitive,
    locator,
    attribute_of_class,
    attributes,
    labels,
    span,
});
coded_struct!(AttributeProgram { points, difference, code, span });
coded_struct!(ScaleProgram { name, outputs, locator, band_of_class, bands, span });
coded_struct!(BandProgram { record, label, span });
coded_struct!(TableProgram {
    name,
    matrix,
    hit_policy,
    no_match,
    outputs,
    columns,
    validity,
    words,
    rows,
    default_row,
    decimal,
    span,
});
coded_struct!(ColumnProgram { name, ty, index, texts });
coded_struct!(ColumnIndex { locator, always, rows });
coded_struct!(RowProgram { id, outputs, reason, valid_from, valid_until, span });
coded_struct!(Locator { kind, values });

coded_enum!(Source {
    0 Scorecard(index);
    1 Scale(index);
    2 Table(index);
    3 Effect(index);
    4 Derived(index);
    5 Fact(index);
    6 Parameter(index);
});

coded_enum!(Pattern { 0 Equal(slot); 1 Within(first, last); });
coded_enum!(Family { 0 Number; 1 Integer; 2 Text; 3 Ordinal; });
coded_enum!(RowSets { 0 Dense(sets); 1 PerRow { starts, ranges }; });
coded_enum!(RowOutputs { 0 Constant(record); 1 Computed(items); });

coded_enum!(LocatorKind {
    0 Whole;
    1 Ordinal(cuts);
    2 Fixed(scale, cuts);
    3 FixedWide(scale, cuts);
    4 Doubled(scale, cuts);
    5 Symbol;
    6 Text(texts);
});

coded_enum!(TestKind {
    0 Compare(op);
    1 In;
    2 IsMissing;
    3 IsSpecial;
    4 StartsWith;
    5 EndsWith;
    6 Contains;
    7 All;
    8 Any;
    9 Holds;
});

coded_enum!(Node {
    0 Broken;
    1 Constant(constant);
    2 Fact(fact);
    3 Derived(derived);
    4 Local(local);
    5 AsOf;
    6 Field { record, index };
    7 Index { list, index };
    8 ToDecimal(value);
    9 ToInteger(value);
    10 ToEnum { value, map };
    11 ToText { value, texts };
    12 Not(value);
    13 NegateInteger(value);
    14 NegateDecimal(value);
    15 And(items);
    16 Or(items);
    17 FactWithin { fact, negate, low, high };
    18 Within { value, negate, low, high };
    19 FactDecimalWithin { fact, negate, bounds };
    20 FactDecimalNarrow { fact, negate, low, high };
    21 FactIn { fact, mask };
    22 SymbolIn { value, masks };
    23 Compare { family, op, left, right };
    24 InConstants { value, set };
    25 InList { value, list };
    26 Integer { op, left, right };
    27 Decimal { op, left, right };
    28 Call { function, decimal, arguments };
    29 IsMissing(value);
    30 IsSpecial { value, code };
    31 Coalesce { value, default };
    32 ValueOr { value, default };
    33 If(items);
    34 Switch { subject, arms };
    35 Block { statements, result };
    36 Store { local, value };
    37 ForRange { local, body, start, end };
    38 ForList { local, list, body };
    39 Return(value);
    40 Break;
    41 Continue;
    42 Invoke { body, arguments };
    43 Aggregate { function, decimal, list, closure };
    44 List(items);
    45 Record(items);
    46 Outputs(items);
    47 Scorecard(card);
    48 CardScore { card, scorecard };
    49 CardPoints { card, scorecard, characteristic };
    50 Scale { scale, value };
    51 Table { table, arguments };
    52 Has(effect);
});
