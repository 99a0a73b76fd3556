#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use super::super::decimal::{parse_decimal, plain_text};
use super::*;
use proptest::prelude::*;

fn d(text: &str) -> Decimal {
    parse_decimal(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

type Function = fn(Decimal, Decimal, Decimal, Decimal, u32, RoundingMode) -> Result<Decimal, OddsError>;

fn function(name: &str) -> Function {
    match name {
        "score_from_good_odds" => score_from_good_odds,
        "good_odds_from_score" => good_odds_from_score,
        "pd_from_score" => pd_from_score,
        other => panic!("{other}"),
    }
}

/// Computed at 120 digits by Python (tests/data/numbers/odds.py): everyday operands, exact ties, near ties, extremes.
#[test]
fn results_are_the_real_number_rounded_once() {
    let cases: Vec<[serde_json::Value; 8]> =
        serde_json::from_str(include_str!("../../../../tests/data/numbers/odds.json")).unwrap();
    assert!(cases.len() > 800);
    for case in cases {
        let text = |i: usize| case[i].as_str().unwrap();
        let scale = u32::try_from(case[5].as_u64().unwrap()).unwrap();
        let mode = RoundingMode::from_name(text(6)).unwrap();
        let result = function(text(0))(d(text(1)), d(text(2)), d(text(3)), d(text(4)), scale, mode);
        let shown = match result {
            Ok(x) => plain_text(x),
            Err(OddsError::Overflow) => "overflow".to_owned(),
            Err(error) => panic!("{error}: {case:?}"),
        };
        assert_eq!(shown, text(7), "{case:?}");
    }
}

/// Factor and offset of published scorecard conventions, computed at 34 digits; of the third, points fall with the odds.
#[test]
fn published_constants() {
    let cases = [
        ("20", "600", "50", "28.85390081777926814719849362", "487.1228762045055060851872228"),
        ("50", "600", "19", "72.13475204444817036799623405", "387.6036243278207253103240289"),
        ("60", "750", "35", "86.56170245333780444159548086", "442.2430189833020126812626752"),
    ];
    for (pdo, base, odds, expected_factor, expected_offset) in cases {
        let factor = factor(d(pdo), 26, RoundingMode::HalfEven).unwrap();
        assert_eq!(plain_text(factor), expected_factor);
        let offset = offset(d(pdo), d(base), d(odds), 25, RoundingMode::HalfEven).unwrap();
        assert_eq!(plain_text(offset), expected_offset);
    }
    let falling = factor(d("-20"), 4, RoundingMode::Floor).unwrap();
    assert_eq!(plain_text(falling), "-28.8540");
    // Odds of 1/60 bad are 60 good.
    let blog = offset(d("20"), d("600"), d("60"), 4, RoundingMode::HalfUp).unwrap();
    assert_eq!(plain_text(blog), "481.8622");
    assert_eq!(factor(d("0"), 2, RoundingMode::Up), Ok(d("0")));
}

#[test]
fn checks_at_20_points_and_odds_of_50_at_600() {
    let cases = [
        ("620", "100.0000", "0.009901"),
        ("640", "200.0000", "0.004975"),
        ("600", "50.0000", "0.019608"),
        ("550", "8.8388", "0.101638"),
        ("500", "1.5625", "0.390244"),
        ("700", "1600.0000", "0.000625"),
    ];
    for (score, odds, pd) in cases {
        let (score, pdo, base, base_odds) = (d(score), d("20"), d("600"), d("50"));
        let half_up = RoundingMode::HalfUp;
        assert_eq!(plain_text(good_odds_from_score(score, pdo, base, base_odds, 4, half_up).unwrap()), odds);
        assert_eq!(plain_text(pd_from_score(score, pdo, base, base_odds, 6, half_up).unwrap()), pd);
        let back = score_from_good_odds(d(odds), pdo, base, base_odds, 0, half_up);
        assert_eq!(back, Ok(score));
    }
}

#[test]
fn what_has_no_answer_is_an_error() {
    let mode = RoundingMode::HalfUp;
    let (one, zero, minus) = (d("1"), d("0"), d("-1"));
    for name in ["score_from_good_odds", "good_odds_from_score", "pd_from_score"] {
        let f = function(name);
        assert_eq!(f(one, zero, one, one, 2, mode), Err(OddsError::ZeroPdo));
        assert_eq!(f(one, one, one, zero, 2, mode), Err(OddsError::OddsNotPositive));
        assert_eq!(f(one, one, one, minus, 2, mode), Err(OddsError::OddsNotPositive));
        assert_eq!(f(one, one, one, one, 13, mode), Err(OddsError::ScaleTooLarge));
    }
    assert_eq!(score_from_good_odds(zero, one, one, one, 2, mode), Err(OddsError::OddsNotPositive));
    assert_eq!(score_from_good_odds(minus, one, one, one, 2, mode), Err(OddsError::OddsNotPositive));
    assert_eq!(good_odds_from_score(d("1e28"), d("1e-28"), zero, one, 2, mode), Err(OddsError::Overflow));
    assert_eq!(offset(zero, one, one, 2, mode), Err(OddsError::ZeroPdo));
    assert_eq!(offset(one, one, one, 29, mode), Err(OddsError::ScaleTooLarge));
    assert_eq!(factor(one, 29, mode), Err(OddsError::ScaleTooLarge));
    assert_eq!(factor(d("79228162514264337593543950335"), 0, mode), Err(OddsError::Overflow));
}

fn operand(signed: bool) -> impl Strategy<Value = Decimal> {
    (1_u128..1 << 96, 0_u32..96, 0_u32..=28, any::<bool>()).prop_map(move |(bits, cut, scale, negative)| {
        let magnitude = i128::try_from((bits >> cut).max(1)).unwrap();
        from_mantissa(if signed && negative { magnitude.wrapping_neg() } else { magnitude }, scale).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any operands end in a result or an error, and the modes bracket each other by at most one unit.
    #[test]
    fn any_operands_end(
        first in operand(true), pdo in operand(true), base in operand(true), odds in operand(false), scale in 0_u32..=12,
    ) {
        for name in ["score_from_good_odds", "good_odds_from_score", "pd_from_score"] {
            let first = if name == "score_from_good_odds" { super::super::decimal::abs(first) } else { first };
            let by = |mode| function(name)(first, pdo, base, odds, scale, mode);
            let (Ok(floor), Ok(ceiling)) = (by(RoundingMode::Floor), by(RoundingMode::Ceiling)) else {
                prop_assert!(name != "pd_from_score");
                continue;
            };
            let units = ceiling.mantissa().wrapping_sub(floor.mantissa());
            prop_assert!(units == 0 || units == 1);
            prop_assert_eq!((floor.scale(), ceiling.scale()), (scale, scale));
            for mode in RoundingMode::ALL {
                let x = by(mode).unwrap();
                prop_assert!(x == floor || x == ceiling);
            }
        }
    }
}
