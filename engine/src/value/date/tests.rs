#![expect(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "tests: the numbers are small")]

use super::super::decimal::plain_text;
use super::*;
use proptest::prelude::*;

fn d(text: &str) -> Date {
    Date::parse_iso(text).unwrap()
}

/// The calendar as it is taught.
fn obvious_month_length(year: i32, month: u32) -> u32 {
    let leap = if year % 400 == 0 {
        true
    } else if year % 100 == 0 {
        false
    } else {
        year % 4 == 0
    };
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        2 if leap => 29,
        2 => 28,
        _ => 30,
    }
}

#[test]
fn every_day_of_the_calendar_is_counted() {
    let mut days = Date::MIN.days();
    for year in 1..=9999 {
        for month in 1..=12 {
            let length = obvious_month_length(year, month);
            for day in 1..=length {
                let date = Date::from_days(days).unwrap();
                assert_eq!(date.civil(), (year, month, day));
                assert_eq!(Date::new(year, month, day), Some(date));
                days += 1;
            }
            assert_eq!(Date::new(year, month, 0), None);
            assert_eq!(Date::new(year, month, length + 1), None);
        }
    }
    assert_eq!(days - 1, Date::MAX.days());
    assert_eq!(d("1970-01-01").days(), 0);
    assert_eq!(Date::from_days(days), Err(DateError::OutOfRange));
    assert_eq!(Date::from_days(Date::MIN.days() - 1), Err(DateError::OutOfRange));
    assert_eq!(Date::from_days(i32::MAX), Err(DateError::OutOfRange));
    for (year, month) in [(0, 1), (10_000, 1), (2026, 0), (2026, 13), (i32::MIN, 1)] {
        assert_eq!(Date::new(year, month, 1), None);
    }
}

#[test]
fn texts_other_than_civil_dates_say_what_they_are() {
    use ParseDateError::{NoSuchDay, Notation, Syntax, Timestamp};
    let cases = [
        ("2026-01-31T10:00:00Z", Timestamp),
        ("2026-01-31t10:00:00+08:00", Timestamp),
        ("2026-01-31 10:00", Timestamp),
        ("2026-01-31T", Timestamp),
        ("2026/1/1", Notation),
        ("2026/01/31", Notation),
        ("2026-1-1", Notation),
        ("31.01.2026", Notation),
        ("20260131", Notation),
        ("2026年1月31日", Notation),
        ("2026-02-29", NoSuchDay),
        ("1900-02-29", NoSuchDay),
        ("2026-13-01", NoSuchDay),
        ("2026-00-01", NoSuchDay),
        ("2026-01-00", NoSuchDay),
        ("0000-01-01", NoSuchDay),
        ("", Syntax),
        ("2026-01-31x", Syntax),
        ("2026-01-3１", Syntax),
        ("-026-01-31", Syntax),
        ("+2026-01-31", Syntax),
        (" 2026-01-31", Syntax),
        ("2026-01", Syntax),
        ("2026-01-", Syntax),
        ("yesterday!", Syntax),
    ];
    for (text, expected) in cases {
        assert_eq!(Date::parse_iso(text), Err(expected), "{text}");
    }
    assert_eq!(Date::parse_iso(b"2026-01\xff31"), Err(Syntax));
    assert_eq!(d("2024-02-29").civil(), (2024, 2, 29));
    assert_eq!((d("0001-01-01"), d("9999-12-31")), (Date::MIN, Date::MAX));
}

#[test]
fn months_are_clamped_or_stick_to_the_end() {
    let cases = [
        // start, months, clamped, end of month
        ("2026-01-31", 1, "2026-02-28", "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29", "2024-02-29"),
        ("2026-02-28", 1, "2026-03-28", "2026-03-31"),
        ("2024-02-28", 1, "2024-03-28", "2024-03-28"),
        ("2024-02-29", 12, "2025-02-28", "2025-02-28"),
        ("2025-02-28", -12, "2024-02-28", "2024-02-29"),
        ("2026-04-30", 1, "2026-05-30", "2026-05-31"),
        ("2026-03-31", -1, "2026-02-28", "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15", "2025-12-15"),
        ("2026-11-30", 0, "2026-11-30", "2026-11-30"),
        ("2026-12-31", 1, "2027-01-31", "2027-01-31"),
    ];
    for (start, months, clamped, end_of_month) in cases {
        assert_eq!(d(start).add_months(months), Ok(d(clamped)), "{start} {months}");
        assert_eq!(d(start).add_months_end_of_month(months), Ok(d(end_of_month)), "{start} {months}");
    }
    for months in [1, 12, i64::MAX] {
        assert_eq!(Date::MAX.add_months(months), Err(DateError::OutOfRange));
        assert_eq!(Date::MAX.add_months_end_of_month(months), Err(DateError::OutOfRange));
        assert_eq!(Date::MIN.add_months(-months), Err(DateError::OutOfRange));
    }
    for days in [1, i64::MAX, i64::from(i32::MAX)] {
        assert_eq!(Date::MAX.add_days(days), Err(DateError::OutOfRange));
        assert_eq!(Date::MIN.add_days(-days), Err(DateError::OutOfRange));
    }
    assert_eq!(months_between(d("0001-01-15"), Date::MIN), -1);
}

/// RBI, circular of 12 November 2021: due on 31 March and unpaid at the end of the day.
#[test]
fn days_past_due_of_the_rbi_example() {
    let due = d("2021-03-31");
    for (stage, day) in [(30, "2021-04-30"), (60, "2021-05-30"), (90, "2021-06-29")] {
        assert_eq!(days_between(due, d(day)), stage);
        assert_eq!(due.add_days(stage), Ok(d(day)));
    }
    assert_eq!(days_between(d("2026-08-20"), d("2026-09-10")), 21);
    assert_eq!(days_between(d("2026-09-10"), d("2026-08-20")), -21);
}

#[test]
fn ages() {
    let cases = [
        ("2000-02-29", "2001-02-28", 0),
        ("2000-02-29", "2001-03-01", 1),
        ("2000-02-29", "2004-02-28", 3),
        ("2000-02-29", "2004-02-29", 4),
        ("1990-06-15", "2026-06-14", 35),
        ("1990-06-15", "2026-06-15", 36),
        ("1990-06-15", "1990-06-15", 0),
        ("1990-12-31", "1991-01-01", 0),
        ("0001-01-01", "9999-12-31", 9998),
    ];
    for (birth, on, age) in cases {
        assert_eq!(age_in_years(d(birth), d(on)), Ok(age), "{birth} {on}");
    }
    assert_eq!(age_in_years(d("2026-01-02"), d("2026-01-01")), Err(DateError::NotYetBorn));
}

#[test]
fn year_fractions() {
    use DayCount::{Act360, Act365f, Thirty360, Thirty360E};
    let cases = [
        ("2026-01-01", "2026-07-01", Act360, "0.502778"),  // 181 / 360
        ("2024-01-01", "2025-01-01", Act365f, "1.002740"), // 366 / 365
        // ISDA 2006 4.16(f) and (g), days out of 360
        ("2007-01-15", "2007-01-30", Thirty360, "0.041667"),  // 15
        ("2007-01-15", "2007-01-31", Thirty360, "0.044444"),  // 16: the start is not on 30 or 31
        ("2007-01-15", "2007-01-31", Thirty360E, "0.041667"), // 15
        ("2007-01-30", "2007-01-31", Thirty360, "0.000000"),
        ("2007-01-31", "2007-07-31", Thirty360, "0.500000"),
        ("2007-02-28", "2007-03-31", Thirty360, "0.091667"), // 33: February's end is no special case
        ("2007-02-28", "2007-03-31", Thirty360E, "0.088889"), // 32
        ("2007-08-31", "2008-02-28", Thirty360, "0.494444"), // 178
        ("2007-07-31", "2007-01-31", Thirty360, "-0.500000"),
        ("2026-07-01", "2026-01-01", Act360, "-0.502778"),
    ];
    for (from, to, day_count, expected) in cases {
        let years = year_fraction(d(from), d(to), day_count, 6, RoundingMode::HalfUp);
        assert_eq!(years.map(plain_text), Ok(expected.to_owned()), "{from} {to} {}", day_count.name());
    }
    let down = year_fraction(d("2026-07-01"), d("2026-01-01"), Act360, 2, RoundingMode::Down);
    assert_eq!(down.map(plain_text), Ok("-0.50".to_owned()));
    assert_eq!(
        year_fraction(d("2026-07-01"), d("2026-01-01"), Act360, 29, RoundingMode::Down),
        Err(NumberError::LostDigits)
    );
    for day_count in DayCount::ALL {
        assert_eq!(DayCount::from_name(day_count.name()), Some(day_count));
    }
    assert_eq!(DayCount::from_name("act/act"), None);
}

fn date() -> impl Strategy<Value = Date> {
    prop_oneof![Date::MIN.days()..=Date::MAX.days(), 10_000..25_000_i32].prop_map(|days| Date::from_days(days).unwrap())
}

/// Dates at and around the ends of months.
fn near_month_end() -> impl Strategy<Value = Date> {
    (1900_i32..2100, 1_u32..=12, -3_i64..=1).prop_map(|(year, month, off)| {
        Date::new(year, month, obvious_month_length(year, month)).unwrap().add_days(off).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn dates_are_written_as_they_are_read(date in date()) {
        let text = date.to_string();
        prop_assert_eq!(Date::parse_iso(&text), Ok(date));
        let mut out = Vec::new();
        date.write_iso(&mut out);
        prop_assert_eq!(out, text.into_bytes());
        prop_assert_eq!((date.year(), date.month(), date.day()), date.civil());
    }

    #[test]
    fn days_are_added_and_subtracted(date in date(), other in date()) {
        prop_assert_eq!(date.add_days(days_between(date, other)), Ok(other));
        prop_assert_eq!(days_between(date, other).signum(), i64::from(other > date) - i64::from(other < date));
    }

    /// The definition: the largest n with from + n months <= to.
    #[test]
    fn months_between_is_the_largest(from in near_month_end(), to in prop_oneof![near_month_end(), date()]) {
        let months = months_between(from, to);
        if let Ok(reached) = from.add_months(months) {
            prop_assert!(reached <= to);
        }
        if let Ok(next) = from.add_months(months + 1) {
            prop_assert!(next > to);
        }
    }

    /// Month by month on a calendar page.
    #[test]
    fn months_are_walked(start in near_month_end(), months in -300_i64..300) {
        let (mut year, mut month, day) = start.civil();
        for _ in 0..months.abs() {
            (year, month) = match (month, months > 0) {
                (12, true) => (year + 1, 1),
                (_, true) => (year, month + 1),
                (1, false) => (year - 1, 12),
                (_, false) => (year, month - 1),
            };
        }
        let length = obvious_month_length(year, month);
        prop_assert_eq!(start.add_months(months), Ok(Date::new(year, month, day.min(length)).unwrap()));
        let stuck = day == obvious_month_length(start.year(), start.month());
        let day = if stuck { length } else { day.min(length) };
        prop_assert_eq!(start.add_months_end_of_month(months), Ok(Date::new(year, month, day).unwrap()));
    }

    /// Counting birthdays one by one.
    #[test]
    fn ages_count_birthdays(birth in near_month_end(), days in 0_i64..40_000) {
        let on = birth.add_days(days).unwrap();
        let birthday = |age: i32| {
            let (year, month, day) = birth.civil();
            Date::new(year + age, month, day).unwrap_or_else(|| Date::new(year + age, 3, 1).unwrap())
        };
        let age = (1..).take_while(|age| birthday(*age) <= on).count();
        prop_assert_eq!(age_in_years(birth, on), Ok(i64::try_from(age).unwrap()));
    }
}
