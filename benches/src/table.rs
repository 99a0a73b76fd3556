//! A decision table of 1,000 rows over two ranges: 25 bands of income by 40 bands of age in days.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use crate::{Files, Random};

const INCOMES: i64 = 25;
const AGES: i64 = 40;

/// One row by hand.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// `[lower, upper)` of the income.
    pub income: (Decimal, Decimal),
    /// `[lower, upper)` of the age.
    pub age: (i64, i64),
    /// What it yields.
    pub limit: Decimal,
}

/// All rows in the order of the file.
#[must_use]
pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for income in 0..INCOMES {
        for age in 0..AGES {
            rows.push(Row {
                income: (Decimal::new(income * 40_050, 2), Decimal::new((income + 1) * 40_050, 2)),
                age: (age * 500, (age + 1) * 500),
                limit: Decimal::new((income * AGES + age) * 1_000, 2),
            });
        }
    }
    rows
}

/// The table as a ruleset.
#[must_use]
pub fn files(rows: &[Row]) -> Files {
    let manifest = "language = 1\nid = \"bench-table\"\nversion = \"1.0.0\"\n[facts.income]\ntype = \"decimal\"\nscale = 2\nmin = 0\nmax = \"10012.49\"\n\
         [facts.age]\ntype = \"integer\"\nmin = 0\nmax = 19999\n[outputs]\nlimit = { type = \"decimal\", scale = 2 }\n\
         [tables.limit]\nfile = \"limit.table.csv\"\nhit = \"unique\"\ninputs = [\"income\", \"age\"]\noutputs = { limit = { type = \"decimal\", scale = 2 } }\nno_match = \"error\"\n";
    let mut table = String::from("id,income,age,->limit\n");
    for (index, row) in rows.iter().enumerate() {
        let _ = writeln!(
            table,
            "r{index},[{}..{}),[{}..{}),{}",
            row.income.0, row.income.1, row.age.0, row.age.1, row.limit
        );
    }
    let rules = "fn decide(f, hits) {\n    #{ limit: table(\"limit\", f.income, f.age).limit }\n}\n";
    [("ruleset.toml", manifest.to_owned()), ("limit.table.csv", table), ("rules.rhai", rules.to_owned())]
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text.into_bytes()))
        .collect()
}

/// Income and age of `count` applicants.
#[must_use]
pub fn facts(count: usize) -> Vec<(Decimal, i64)> {
    let mut random = Random::new(17);
    (0..count)
        .map(|_| {
            let income = i64::try_from(random.below(1_001_250)).unwrap_or(0);
            (Decimal::new(income, 2), i64::try_from(random.below(20_000)).unwrap_or(0))
        })
        .collect()
}

/// The limit by a scan of the rows, as code written in an afternoon would do it.
#[must_use]
pub fn scan(rows: &[Row], income: Decimal, age: i64) -> Option<Decimal> {
    rows.iter()
        .find(|row| row.income.0 <= income && income < row.income.1 && row.age.0 <= age && age < row.age.1)
        .map(|row| row.limit)
}

/// The rows as a Rhai script of `if`s over scope variables.
#[must_use]
pub fn rhai_script(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let _ = writeln!(
            text,
            "if income >= {} && income < {} && age >= {} && age < {} {{ return {}; }}",
            row.income.0, row.income.1, row.age.0, row.age.1, row.limit
        );
    }
    text
}
