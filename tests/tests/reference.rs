//! The reference evaluator's own figures, against published ones: an oracle must not be trusted unseen.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, reason = "tests stop at once")]

use trutina_tests::reference::calendar::{Civil, age_in_years, days_thirty_360, months_between};
use trutina_tests::reference::json::{Json, quote};
use trutina_tests::reference::number::{Number, digits, fixed_text, parse, representable, round, whole};
use trutina_tests::reference::odds;

fn n(text: &str) -> Number {
    parse(text).unwrap()
}

fn day(text: &str) -> Civil {
    Civil::parse(text).unwrap()
}

#[test]
fn points_to_double_the_odds_to_25_digits() {
    // factor = pdo / ln 2, offset = base score - factor * ln(base odds); the score at odds e is factor + offset. Here:
    // offset = score at odds 1, and the difference of two scores gives the factor's ratio.
    let offset =
        |pdo: i64, base: i64, odds: &Number| odds::score_from_good_odds(&whole(1), &whole(pdo), &whole(base), odds);
    let text = |x: Number| fixed_text(&round(&x, 22, "half_even"), 22);
    assert_eq!(text(offset(20, 600, &whole(50))), "487.1228762045055060851872");
    assert_eq!(text(offset(50, 600, &whole(19))), "387.6036243278207253103240");
    assert_eq!(text(offset(60, 750, &whole(35))), "442.2430189833020126812627");
    let odds = odds::good_odds_from_score(&whole(550), &whole(20), &whole(600), &whole(50));
    assert_eq!(fixed_text(&round(&odds, 4, "half_up"), 4), "8.8388");
    let pd = odds::pd_from_score(&whole(500), &whole(20), &whole(600), &whole(50));
    assert_eq!(fixed_text(&round(&pd, 6, "half_up"), 6), "0.390244");
}

#[test]
fn powers_of_two_are_exact() {
    assert_eq!(odds::log2(&n("0.125")), whole(-3));
    assert_eq!(odds::exp2(&whole(10)), whole(1024));
    assert_eq!(odds::score_from_good_odds(&whole(100), &whole(20), &whole(600), &whole(50)), whole(620));
}

#[test]
fn numbers_read_and_round() {
    assert_eq!(n("0.1"), n("1e-1"));
    assert_eq!(n("0.1") + n("0.2"), n("0.30"));
    for bad in ["+5", ".5", "5.", "01", "1_000", "", "-", "1e", "0x1", "1e+"] {
        assert_eq!(parse(bad), None, "{bad}");
    }
    let rounded = |x: &str, mode: &str| fixed_text(&round(&n(x), 2, mode), 2);
    assert_eq!((rounded("2.345", "half_up"), rounded("2.345", "half_even")), ("2.35".into(), "2.34".into()));
    assert_eq!((rounded("-2.345", "half_up"), rounded("-2.345", "half_even")), ("-2.35".into(), "-2.34".into()));
    assert_eq!((rounded("-2.341", "down"), rounded("-2.341", "up")), ("-2.34".into(), "-2.35".into()));
    assert_eq!((rounded("-2.341", "floor"), rounded("-2.341", "ceiling")), ("-2.35".into(), "-2.34".into()));
    assert_eq!(digits(&n("1.500")), Some(1));
    assert_eq!(digits(&(whole(1) / whole(3))), None);
    assert!(representable(n("79228162514264337593543950335")).is_ok());
    assert_eq!(representable(n("79228162514264337593543950336")).unwrap_err().number(), 4001);
    assert_eq!(representable(n("7.9228162514264337593543950336")).unwrap_err().number(), 4003);
    assert_eq!(fixed_text(&n("-0.05"), 2), "-0.05");
}

#[test]
fn dates_count() {
    assert_eq!(day("1970-01-01").day_number(), 0);
    assert_eq!(day("2000-03-01").day_number(), 11_017);
    for text in ["0001-01-01", "1900-02-28", "1969-12-31", "2024-02-29", "9999-12-31"] {
        assert_eq!(Civil::from_day_number(day(text).day_number()).text(), text);
    }
    assert_eq!(Civil::parse("2026-02-29"), None);
    assert_eq!(day("2026-01-31").add_months(1, false).text(), "2026-02-28");
    assert_eq!(day("2026-02-28").add_months(1, true).text(), "2026-03-31");
    assert_eq!(day("2026-02-28").add_months(1, false).text(), "2026-03-28");
    assert_eq!(months_between(day("2026-01-31"), day("2026-02-28")), 1);
    assert_eq!(months_between(day("2026-02-28"), day("2026-01-31")), -1);
    assert_eq!(age_in_years(day("2008-02-29"), day("2026-02-28")), 17);
    assert_eq!(age_in_years(day("2008-02-29"), day("2026-03-01")), 18);
    // The Reserve Bank of India's example: 90 days after 31 March 2021 is 29 June.
    assert_eq!(Civil::from_day_number(day("2021-03-31").day_number() + 90).text(), "2021-06-29");
    assert_eq!(days_thirty_360(day("2007-01-15"), day("2007-01-31"), false), 16);
    assert_eq!(days_thirty_360(day("2007-01-15"), day("2007-01-31"), true), 15);
    assert_eq!(days_thirty_360(day("2007-01-31"), day("2007-03-31"), false), 60);
    assert_eq!(days_thirty_360(day("2007-02-28"), day("2007-03-31"), false), 33);
}

#[test]
fn json_keeps_what_was_written() {
    let read = Json::parse(r#" {"a": 1.50, "b": ["\u00e9\ud83d\ude00", null, true], "a": -0} "#).unwrap();
    assert_eq!(read.get("a"), Some(&Json::Number("1.50".into())));
    let Json::Object(members) = &read else { panic!("an object") };
    assert_eq!(members.len(), 3);
    assert_eq!(read.get("b"), Some(&Json::Array(vec![Json::Text("é😀".into()), Json::Null, Json::Boolean(true)])));
    for bad in ["{", "{}}", "[1,]", "{\"a\":01}", "\"\u{1}\"", "'a'", "nul", "\"\\ud800\"", "+1", "NaN"] {
        assert_eq!(Json::parse(bad), None, "{bad}");
    }
    assert_eq!(quote("a\"\\\n\u{1}é"), "\"a\\\"\\\\\\n\\u0001é\"");
}
