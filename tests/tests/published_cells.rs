//! The published cells: every one of them is read and answers as its source says, but for three classes that are left
//! out on purpose and counted here. Those that are read are then decided by loaded tables, too, where `OF_ANOTHER_TYPE`
//! lists by name the ones that no column can hold.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

use serde_json::Value as Json;
use trutina_engine::decision::TraceLevel;
use trutina_engine::diagnostic::codes::{CELL_INVERTED_INTERVAL, CELL_UNSUPPORTED, INPUT_TYPE, TABLE_CELL_TYPE};
use trutina_engine::engine::Engine;
use trutina_engine::parse::cells::{parse_literal, parse_unary_tests};
use trutina_engine::ruleset::{CellValue, UnaryTest, UnaryTests};
use trutina_engine::value::Value;
use trutina_engine::value::date::Date;
use trutina_tests::harness::cells::{table, type_for, type_of};

/// Why a case does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Excluded {
    /// `time(...)`, `duration(...)`, `date and time(...)`.
    TimesAndDurations,
    /// `= 5`, `!= 5`.
    EqualityOperator,
    /// `[5..1]`: it must not load.
    InvertedInterval,
}

/// Whether `value` satisfies a cell; `None` is a missing value.
fn matches(tests: &UnaryTests, value: Option<&CellValue>) -> bool {
    match tests {
        UnaryTests::Any => true,
        UnaryTests::OneOf(tests) => tests.iter().any(|test| holds(test, value)),
        UnaryTests::NoneOf(tests) => !tests.iter().any(|test| holds(test, value)),
    }
}

fn holds(test: &UnaryTest, value: Option<&CellValue>) -> bool {
    let Some(value) = value else { return *test == UnaryTest::Missing };
    let order = |other: &CellValue| match (value, other) {
        (CellValue::Number(a), CellValue::Number(b)) => Some(a.cmp(b)),
        (CellValue::Text(a), CellValue::Text(b)) => Some(a.chars().cmp(b.chars())),
        (CellValue::Date(a), CellValue::Date(b)) => Some(a.cmp(b)),
        _ => None,
    };
    match test {
        UnaryTest::Missing | UnaryTest::Special(_) => false,
        UnaryTest::Equal(other) => value == other,
        UnaryTest::Interval { lower, upper } => {
            let above = lower
                .as_ref()
                .is_none_or(|(end, closed)| order(end).is_some_and(|o| o.is_gt() || (*closed && o.is_eq())));
            let below = upper
                .as_ref()
                .is_none_or(|(end, closed)| order(end).is_some_and(|o| o.is_lt() || (*closed && o.is_eq())));
            above && below
        }
    }
}

/// The answer of a cell for a value in the same notation.
fn answer(cell: &str, value: &str) -> Result<bool, Excluded> {
    let tests = parse_unary_tests(cell).map_err(|error| match error.code {
        CELL_INVERTED_INTERVAL => Excluded::InvertedInterval,
        CELL_UNSUPPORTED if cell.trim_start().starts_with(['=', '!']) => Excluded::EqualityOperator,
        CELL_UNSUPPORTED => Excluded::TimesAndDurations,
        _ => panic!("{cell}: {error:?}"),
    })?;
    let value = (value != "null").then(|| parse_literal(value).unwrap_or_else(|error| panic!("{value}: {error:?}")));
    Ok(matches(&tests, value.as_ref()))
}

/// What the engine says of a value and a table with one cell.
#[derive(Debug, PartialEq, Eq)]
enum Decided {
    /// Whether the row matched.
    Answer(bool),
    /// T2404: the cell is not of the column's type, and the table does not load.
    CellRefused,
    /// T3006: the value is not of the fact's type, and the decision is an error.
    ValueRefused,
}

/// What the engine makes of this cell in a column of the value's type.
fn decided(cell: &str, value: &str) -> Decided {
    decided_as(type_for(cell, value), cell, value)
}

/// The same in a column of a given type.
fn decided_as(data_type: &str, cell: &str, value: &str) -> Decided {
    let (files, facts) = table(data_type, cell, value);
    let engine = Engine::default();
    let loaded = engine.load(&files, &trutina_script::Parser);
    let Some(program) = loaded.program else {
        let errors: Vec<_> = loaded.diagnostics.iter().filter(|found| found.is_error()).collect();
        assert!(errors.iter().all(|found| found.code == TABLE_CELL_TYPE), "{cell}: {errors:#?}");
        return Decided::CellRefused;
    };
    let day = Date::parse_iso("2026-11-30").unwrap();
    let decision = engine.decide(&program, facts.as_bytes(), day, TraceLevel::None);
    if let Some(error) = decision.error {
        assert_eq!(error.code, INPUT_TYPE, "{value} in {cell}");
        return Decided::ValueRefused;
    }
    Decided::Answer(decision.outputs.unwrap()[0].value == Value::Boolean(true))
}

fn load(name: &str) -> Vec<Json> {
    let path = format!("{}/data/published/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What came of published cases.
#[derive(Default)]
struct Run<'c> {
    /// How many answer as published, read as cells.
    passed: usize,
    /// How many of them a loaded table decides, as published.
    in_tables: usize,
    /// The others of them: cell, value and published answer, where a column of the value's type refuses the cell.
    refused: Vec<(&'c str, &'c str, bool)>,
    excluded: Vec<Excluded>,
}

fn run(cases: &[(String, String, bool)]) -> Run<'_> {
    let mut run = Run::default();
    for (cell, value, expected) in cases {
        match answer(cell, value) {
            Ok(found) => {
                assert_eq!(found, *expected, "{value} in {cell}");
                run.passed += 1;
                match decided(cell, value) {
                    Decided::CellRefused => run.refused.push((cell, value, *expected)),
                    decided => {
                        assert_eq!(decided, Decided::Answer(*expected), "{value} in {cell}, decided by a table");
                        run.in_tables += 1;
                    }
                }
            }
            Err(class) => run.excluded.push(class),
        }
    }
    run
}

fn count(excluded: &[Excluded], class: Excluded) -> usize {
    excluded.iter().filter(|found| **found == class).count()
}

fn text(case: &Json, key: &str) -> String {
    case[key].as_str().unwrap().to_owned()
}

/// The cells on which feelin agrees that ask a value of another type: `true` of a text, `> 3.0` of a text. The table they
/// would stand in does not load, for comparing different types does not load. No type of column takes both sides, so
/// there is no answer to give; each cell by itself is read, and answers as published (they are among those that pass).
///
/// Nothing is lost silently: of 21 the published answer is no, which in a table is a row that could never match. The other
/// five are `not(...)`, and there feelin says yes: a text is not the number 1.0. That is its own reading (in DMN such a
/// comparison is null, neither yes nor no), and the one that does harm: a row that matches whatever is sent.
const OF_ANOTHER_TYPE: &[(&str, &str, bool)] = &[
    ("true", "\"C\"", false),
    ("true, false, true", "\"Low\"", false),
    ("]0.1..0.1[, >= 0.1", "false", false),
    ("false", "\"B\"", false),
    ("not(1.0)", "\"AA\"", true),
    ("> 3.0, ]0.1..0.1], [-4.0..1000000000000[", "\"日本\"", false),
    ("false, false, false", "\"x, y\"", false),
    ("]0.1..14]", "false", false),
    ("not(]-9..0.1), < 1000000000000, ]0.3..1000000000000[)", "\"C\"", true),
    ("false", "\"日本\"", false),
    ("0.3", "\"true\"", false),
    ("> -6", "\"Low\"", false),
    ("not(false)", "\"Low\"", true),
    ("\"\"", "false", false),
    ("[-4..1000000000000)", "\"B\"", false),
    ("false", "\"10.0\"", false),
    ("\"\", \"\"", "true", false),
    ("< 0.3", "\"日本\"", false),
    ("-9.86", "\"Low\"", false),
    ("5.0, > 0.1, (0.1..0.3]", "false", false),
    ("not(> 0.1)", "false", true),
    ("]-7..0.1)", "\"B\"", false),
    ("[19.17..1000000000000[", "\"A\"", false),
    ("< 0.1", "\"AA\"", false),
    ("< 11.93", "\"true\"", false),
    ("not(]-20..0.3[)", "\"10\"", true),
];

/// In a column of the cell's own type the same pairs load, and then the value is refused: nothing is decided either way.
/// Only the text `"10"` is a right decimal on the wire, and is answered as published.
#[test]
fn a_value_of_another_type_is_never_decided() {
    for (cell, value, expected) in OF_ANOTHER_TYPE {
        let of_cell = decided_as(type_of(cell), cell, value);
        let right = if *value == "\"10\"" { Decided::Answer(*expected) } else { Decided::ValueRefused };
        assert_eq!(of_cell, right, "{value} in {cell}");
    }
    assert_eq!(OF_ANOTHER_TYPE.iter().filter(|(_, _, expected)| *expected).count(), 5);
    assert!(OF_ANOTHER_TYPE.iter().all(|(cell, _, expected)| !expected || cell.starts_with("not(")));
}

#[test]
fn the_cells_of_the_dmn_tck() {
    let cases: Vec<_> = load("tck_cells.json")
        .iter()
        .map(|case| (text(case, "cell"), text(case, "value"), case["expected"].as_bool().unwrap()))
        .collect();
    let run = run(&cases);
    assert_eq!(cases.len(), 97);
    assert_eq!(count(&run.excluded, Excluded::TimesAndDurations), 44);
    assert_eq!(count(&run.excluded, Excluded::EqualityOperator), 14);
    assert_eq!(count(&run.excluded, Excluded::InvertedInterval), 0);
    assert_eq!((run.passed, run.in_tables, run.refused.len()), (39, 39, 0));
}

#[test]
fn the_cells_on_which_feelin_agrees() {
    let cases: Vec<_> = load("feelin_cells.json")
        .iter()
        .map(|case| (text(case, "cell"), text(case, "value"), case["expected"].as_bool().unwrap()))
        .collect();
    let run = run(&cases);
    assert_eq!(cases.len(), 905);
    assert_eq!(count(&run.excluded, Excluded::InvertedInterval), run.excluded.len());
    assert_eq!((run.passed, run.in_tables, run.excluded.len()), (895, 869, 10));
    assert_eq!(run.refused, OF_ANOTHER_TYPE);
}

#[test]
fn the_cells_of_zen() {
    let cases: Vec<_> = load("zen_unary.json")
        .iter()
        .map(|case| {
            let input = text(case, "input_json5");
            let value = input.split_once(':').unwrap().1.trim().trim_end_matches('}').trim().to_owned();
            (text(case, "cell"), value, text(case, "expected") == "true")
        })
        .collect();
    let run = run(&cases);
    assert_eq!((run.passed, run.in_tables, run.refused.len(), run.excluded.len()), (10, 10, 0, 0));
}
