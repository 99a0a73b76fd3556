//! The pack `retail-credit-rating` is the published card and the published applicants, nothing lost on the way.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing it does not understand"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// One line of a CSV file, by column.
type Row = BTreeMap<String, String>;

fn rows(path: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn pack(file: &str) -> Vec<Row> {
    rows(&format!("rulesets/retail-credit-rating/{file}"))
}

fn published(file: &str) -> Vec<Row> {
    rows(&format!("tests/data/german-credit/{file}"))
}

/// `600.0` of the published files is our `600`; a figure with a fraction would be a mistake.
fn whole(figure: &str) -> i64 {
    figure.strip_suffix(".0").unwrap_or(figure).parse().expect("a whole number")
}

/// The original name of each fact, read from the manifest.
fn originals() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rulesets/retail-credit-rating/ruleset.toml");
    let manifest: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let facts = manifest["facts"].as_table().unwrap();
    facts
        .iter()
        .map(|(name, fact)| (name.clone(), fact.get("source").map_or(name.clone(), |s| s.as_str().unwrap().to_owned())))
        .collect()
}

/// A bin in words of the published file: original name, bin, points.
fn bin(row: &Row, originals: &BTreeMap<String, String>) -> (String, String, i64) {
    let bound = |text: &str| {
        if text.ends_with("inf") { text.to_owned() } else { format!("{text}.0") }
    };
    let text = if row["value"].is_empty() {
        format!("[{},{})", bound(&row["lower"]), bound(&row["upper"]))
    } else {
        row["value"].replace('|', "%,%")
    };
    (originals[&row["characteristic"]].clone(), text, whole(&row["points"]))
}

#[test]
fn the_card_is_the_published_card() {
    let originals = originals();
    let ours: Vec<_> = pack("application.scorecard.csv").iter().map(|row| bin(row, &originals)).collect();
    let mut theirs: Vec<_> = published("card.csv")
        .iter()
        .map(|row| (row["variable"].clone(), row["bin"].clone(), whole(&row["points"])))
        .collect();
    assert_eq!(theirs.remove(0), ("basepoints".to_owned(), String::new(), 448));
    assert_eq!(ours, theirs);
}

#[test]
fn each_characteristic_has_a_reason_code_of_its_own() {
    let card = pack("application.scorecard.csv");
    let pairs: BTreeSet<_> = card.iter().map(|row| (&row["characteristic"], &row["reason"])).collect();
    let codes: BTreeSet<_> = card.iter().map(|row| &row["reason"]).collect();
    assert_eq!((pairs.len(), codes.len()), (13, 13));
}

#[test]
fn every_reason_has_a_text_in_both_languages() {
    let texts = pack("reasons.csv");
    let blank = texts.iter().filter(|row| row["en"].trim().is_empty() || row["zh-CN"].trim().is_empty()).count();
    assert_eq!((texts.len(), blank), (24, 0));
    let known: BTreeSet<_> = texts.iter().map(|row| &row["code"]).collect();
    let used = [pack("application.scorecard.csv"), pack("limit.table.csv")].concat();
    for row in used.iter().filter(|row| !row["reason"].is_empty()) {
        assert!(known.contains(&row["reason"]), "{} has no text", row["reason"]);
    }
}

#[test]
fn the_portfolio_is_the_published_applicants() {
    let (ours, theirs) = (pack("portfolio.csv"), published("rows_scored.csv"));
    assert_eq!((ours.len(), theirs.len()), (1000, 1000));
    for (number, (our, their)) in (1..).zip(ours.iter().zip(&theirs)) {
        assert_eq!(our["applicant"], format!("A{number:04}"));
        let facts = our.iter().filter(|(column, _)| *column != "applicant");
        for (column, value) in facts {
            assert_eq!(value, &their[column], "applicant {number}, {column}");
        }
        assert_eq!(our.len(), their.len(), "applicant {number}: the same columns, `applicant` for `score`");
    }
}

#[test]
fn the_expected_scores_and_reasons_are_the_published_ones() {
    let codes: BTreeMap<String, String> = {
        let originals = originals();
        pack("application.scorecard.csv")
            .iter()
            .map(|row| (originals[&row["characteristic"]].clone(), row["reason"].clone()))
            .collect()
    };
    let (ours, theirs) = (pack("portfolio_expected.csv"), published("reasons.csv"));
    assert_eq!((ours.len(), theirs.len()), (1000, 1000));
    for (our, their) in ours.iter().zip(&theirs) {
        assert_eq!(whole(&our["score"]), whole(&their["score"]), "{}", our["applicant"]);
        for place in 1..=4 {
            assert_eq!(our[&format!("reason_{place}")], codes[&their[&format!("rc{place}")]], "{}", our["applicant"]);
        }
    }
    assert_eq!(ours.iter().map(|row| whole(&row["score"])).sum::<i64>(), 472_608);
}

/// The master scale states its convention: the probability in the middle of the band, open bands 50 points wide.
#[test]
fn the_scale_doubles_the_odds_every_50_points() {
    use trutina_engine::value::decimal::{Decimal, RoundingMode, plain_text};
    use trutina_engine::value::odds::pd_from_score;
    let figure = |n: i64| Decimal::from(n);
    let bands = pack("master.scale.csv");
    assert_eq!(bands.len(), 8);
    for band in &bands {
        let from = if band["from"] == "-inf" { 300 } else { whole(&band["from"]) };
        let to = if band["to"] == "inf" { from + 50 } else { whole(&band["to"]) };
        assert_eq!(to - from, 50, "{}", band["grade"]);
        let pd =
            pd_from_score(figure(from + 25), figure(50), figure(600), figure(19), 6, RoundingMode::HalfUp).unwrap();
        assert_eq!(plain_text(pd), band["pd"], "{}", band["grade"]);
    }
}
