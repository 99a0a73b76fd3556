//! Civil dates of the proleptic Gregorian calendar, years 0001 to 9999: no times, no zones, no clock.

use super::decimal::{Decimal, NumberError, RoundingMode, div};
use std::fmt;

/// A civil date.
///
/// ```
/// use trutina_engine::value::date::{Date, days_between};
/// let due = Date::parse_iso("2021-03-31").unwrap();
/// assert_eq!(due.add_days(90).unwrap().to_string(), "2021-06-29");
/// assert_eq!(days_between(due, Date::new(2021, 6, 29).unwrap()), 90);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(i32);

/// Why there is no such date, or no such distance between two dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DateError {
    /// Outside the years 0001 to 9999.
    #[error("the date is outside the years 0001 to 9999")]
    OutOfRange,
    /// The date of birth lies after the day on which the age is asked for.
    #[error("the date of birth is later than the day the age is asked for")]
    NotYetBorn,
}

/// Why a text is not a civil date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ParseDateError {
    /// A date with a time behind it, such as `2026-01-31T10:00:00Z`: which civil day that is depends on the zone, so
    /// the sender has to say.
    #[error("a timestamp, not a civil date")]
    Timestamp,
    /// A date in another notation, such as `2026/1/1`, `20260101` or `2026年1月1日`.
    #[error("a date that is not written as YYYY-MM-DD")]
    Notation,
    /// `YYYY-MM-DD`, but the calendar has no such day.
    #[error("the calendar has no such day")]
    NoSuchDay,
    /// Nothing like a date.
    #[error("not a date written as YYYY-MM-DD")]
    Syntax,
}

/// How days are counted into a fraction of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DayCount {
    /// Actual days by 360 (money market, Chinese loans).
    Act360,
    /// Actual days by 365, in leap years too.
    Act365f,
    /// 30/360 of ISDA 2006 4.16(f): day 31 counts as 30, at the end only after a start on day 30 or 31. The end of
    /// February is no special case.
    Thirty360,
    /// 30E/360 of ISDA 2006 4.16(g): day 31 counts as 30 at both ends.
    Thirty360E,
}

impl DayCount {
    /// All conventions, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Act360, Self::Act365f, Self::Thirty360, Self::Thirty360E];

    /// The convention that a ruleset names, or nothing.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|count| count.name() == name)
    }

    /// The name that rulesets use: `act/360`, `act/365f`, `30/360` or `30e/360`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Act360 => "act/360",
            Self::Act365f => "act/365f",
            Self::Thirty360 => "30/360",
            Self::Thirty360E => "30e/360",
        }
    }
}

impl Date {
    /// 0001-01-01.
    pub const MIN: Self = Self(-719_162);
    /// 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// The day so many days after 1970-01-01. Error: `OutOfRange`.
    pub fn from_days(days: i32) -> Result<Self, DateError> {
        let date = Self(days);
        if (Self::MIN..=Self::MAX).contains(&date) { Ok(date) } else { Err(DateError::OutOfRange) }
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The date of that year, month (1 to 12) and day (from 1), if the calendar has it.
    #[must_use]
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let exists =
            (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=month_length(year, month)).contains(&day);
        exists.then(|| Self(days_from_civil(year, month, day)))
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub fn year(self) -> i32 {
        self.civil().0
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u32 {
        self.civil().1
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> u32 {
        self.civil().2
    }

    /// The date that `text` writes as `YYYY-MM-DD`: ten ASCII characters, nothing else.
    ///
    /// ```
    /// use trutina_engine::value::date::{Date, ParseDateError};
    /// assert!(Date::parse_iso("2026-01-31").is_ok());
    /// assert_eq!(Date::parse_iso("2026-02-30"), Err(ParseDateError::NoSuchDay));
    /// assert_eq!(Date::parse_iso("2026-01-31T10:00:00Z"), Err(ParseDateError::Timestamp));
    /// assert_eq!(Date::parse_iso("2026/1/31"), Err(ParseDateError::Notation));
    /// assert_eq!(Date::parse_iso("tomorrow"), Err(ParseDateError::Syntax));
    /// ```
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn parse_iso(text: impl AsRef<[u8]>) -> Result<Self, ParseDateError> {
        let text = text.as_ref();
        let Some((head, tail)) = text.split_first_chunk::<10>() else { return Err(explain(text)) };
        let Some((year, month, day)) = fields(head) else { return Err(explain(text)) };
        match tail {
            [] => Self::new(year, month, day).ok_or(ParseDateError::NoSuchDay),
            [b'T' | b't' | b' ', ..] => Err(ParseDateError::Timestamp),
            _ => Err(ParseDateError::Syntax),
        }
    }

    /// `YYYY-MM-DD`, as bytes.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[must_use]
    pub fn iso(self) -> [u8; 10] {
        let (year, month, day) = self.civil();
        let year = year.unsigned_abs();
        let digit = |number: u32| b'0' | u8::try_from(number % 10).unwrap_or_default();
        [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
            b'-',
            digit(day / 10),
            digit(day),
        ]
    }

    /// `YYYY-MM-DD` appended to `out`, without an allocation of its own.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn write_iso(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.iso());
    }

    /// The day `days` later; earlier if negative. Error: `OutOfRange`.
    pub fn add_days(self, days: i64) -> Result<Self, DateError> {
        let sum = i64::from(self.0).checked_add(days).and_then(|sum| i32::try_from(sum).ok());
        Self::from_days(sum.ok_or(DateError::OutOfRange)?)
    }

    /// The same day of the month `months` later (earlier if negative), or the month's last day if it is shorter.
    /// Error: `OutOfRange`.
    ///
    /// ```
    /// # use trutina_engine::value::date::Date;
    /// let date = Date::parse_iso("2026-01-31").unwrap();
    /// assert_eq!(date.add_months(1).unwrap().to_string(), "2026-02-28");
    /// ```
    pub fn add_months(self, months: i64) -> Result<Self, DateError> {
        let (year, month, day) = self.civil();
        let (year, month) = month_after(year, month, months)?;
        Ok(Self(days_from_civil(year, month, day.min(month_length(year, month)))))
    }

    /// As [`Date::add_months`], but the last day of a month always becomes the last day of a month.
    /// Error: `OutOfRange`.
    ///
    /// ```
    /// # use trutina_engine::value::date::Date;
    /// let date = Date::parse_iso("2026-02-28").unwrap();
    /// assert_eq!(date.add_months_end_of_month(1).unwrap().to_string(), "2026-03-31");
    /// ```
    pub fn add_months_end_of_month(self, months: i64) -> Result<Self, DateError> {
        let (year, month, day) = self.civil();
        if day < month_length(year, month) {
            return self.add_months(months);
        }
        let (year, month) = month_after(year, month, months)?;
        Ok(Self(days_from_civil(year, month, month_length(year, month))))
    }

    /// Year, month and day.
    #[must_use]
    #[expect(clippy::arithmetic_side_effects, reason = "bounded by the years 1 to 9999")]
    pub fn civil(self) -> (i32, u32, u32) {
        // In eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
        let days = self.0 + DAYS_TO_EPOCH;
        let (era, day_of_era) = (days.div_euclid(DAYS_IN_ERA), days.rem_euclid(DAYS_IN_ERA));
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let (month, next_year) =
            if month_from_march < 10 { (month_from_march + 3, 0) } else { (month_from_march - 9, 1) };
        (era * 400 + year_of_era + next_year, month.unsigned_abs(), day.unsigned_abs())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// `to − from` in days: negative if `to` is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(to.0).wrapping_sub(i64::from(from.0))
}

/// Full months from `from` to `to`: the largest `n` with `from.add_months(n) <= to`; negative if `to` is earlier.
///
/// ```
/// use trutina_engine::value::date::{Date, months_between};
/// let d = |text| Date::parse_iso(text).unwrap();
/// assert_eq!(months_between(d("2026-01-31"), d("2026-02-28")), 1);
/// assert_eq!(months_between(d("2026-01-31"), d("2026-02-27")), 0);
/// assert_eq!(months_between(d("2026-02-28"), d("2026-02-27")), -1);
/// ```
#[must_use]
pub fn months_between(from: Date, to: Date) -> i64 {
    let (from_year, from_month, from_day) = from.civil();
    let (to_year, to_month, to_day) = to.civil();
    let months = month_number(to_year, to_month).wrapping_sub(month_number(from_year, from_month));
    let reached = from_day.min(month_length(to_year, to_month)) <= to_day;
    months.wrapping_sub(i64::from(!reached))
}

/// Full years of age. Who was born on 29 February grows older on 1 March in common years.
///
/// Error: `NotYetBorn` if `on` is before `birth`. A negative age would pass for a minor's where the data are wrong.
///
/// ```
/// use trutina_engine::value::date::{Date, age_in_years};
/// let d = |text| Date::parse_iso(text).unwrap();
/// assert_eq!(age_in_years(d("2008-02-29"), d("2026-02-28")), Ok(17));
/// assert_eq!(age_in_years(d("2008-02-29"), d("2026-03-01")), Ok(18));
/// ```
pub fn age_in_years(birth: Date, on: Date) -> Result<i64, DateError> {
    if on < birth {
        return Err(DateError::NotYetBorn);
    }
    let (birth_year, birth_month, birth_day) = birth.civil();
    let (year, month, day) = on.civil();
    let had_birthday = (month, day) >= (birth_month, birth_day);
    Ok(i64::from(year).wrapping_sub(i64::from(birth_year)).wrapping_sub(i64::from(!had_birthday)))
}

/// The time from `from` to `to` in years by a day count, the exact fraction rounded once to exactly `scale` digits;
/// negative if `to` is earlier (the day count is not symmetric: ends keep their roles).
///
/// Error: `LostDigits` for a scale above 28.
///
/// ```
/// use trutina_engine::value::date::{Date, DayCount, year_fraction};
/// use trutina_engine::value::decimal::{RoundingMode, plain_text};
/// let d = |text| Date::parse_iso(text).unwrap();
/// let years = year_fraction(d("2026-01-31"), d("2026-07-31"), DayCount::Thirty360, 4, RoundingMode::HalfUp);
/// assert_eq!(plain_text(years.unwrap()), "0.5000");
/// ```
pub fn year_fraction(
    from: Date,
    to: Date,
    day_count: DayCount,
    scale: u32,
    mode: RoundingMode,
) -> Result<Decimal, NumberError> {
    let (days, year) = match day_count {
        DayCount::Act360 => (days_between(from, to), 360_i64),
        DayCount::Act365f => (days_between(from, to), 365),
        DayCount::Thirty360 => {
            let (start, end) = (from.day().min(30), to.day());
            (days_of_30(from, start, to, if start == 30 { end.min(30) } else { end }), 360)
        }
        DayCount::Thirty360E => (days_of_30(from, from.day().min(30), to, to.day().min(30)), 360),
    };
    div(Decimal::from(days), Decimal::from(year), scale, mode)
}

/// Days in a calendar whose months have 30 days each.
#[expect(clippy::arithmetic_side_effects, reason = "bounded by the years 1 to 9999")]
fn days_of_30(from: Date, start: u32, to: Date, end: u32) -> i64 {
    let (from_year, from_month, _) = from.civil();
    let (to_year, to_month, _) = to.civil();
    let months = month_number(to_year, to_month) - month_number(from_year, from_month);
    months * 30 + i64::from(end) - i64::from(start)
}

const DAYS_IN_ERA: i32 = 146_097;
/// From 0000-03-01 to 1970-01-01.
const DAYS_TO_EPOCH: i32 = 719_468;

/// The inverse of [`Date::civil`].
#[expect(clippy::arithmetic_side_effects, reason = "bounded by the years 1 to 9999, months and days")]
fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    let (year, month_from_march) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year.cast_signed();
    era * DAYS_IN_ERA + day_of_era - DAYS_TO_EPOCH
}

fn month_length(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Months since January of year 0.
fn month_number(year: i32, month: u32) -> i64 {
    i64::from(year).wrapping_mul(12).wrapping_add(i64::from(month)).wrapping_sub(1)
}

fn month_after(year: i32, month: u32, months: i64) -> Result<(i32, u32), DateError> {
    let number = month_number(year, month).checked_add(months).ok_or(DateError::OutOfRange)?;
    let year = i32::try_from(number.div_euclid(12)).map_err(|_| DateError::OutOfRange)?;
    let month = u32::try_from(number.rem_euclid(12)).unwrap_or_default().wrapping_add(1);
    if (1..=9999).contains(&year) { Ok((year, month)) } else { Err(DateError::OutOfRange) }
}

/// The three numbers of `YYYY-MM-DD`.
#[cfg_attr(trutina_wasm, optimize(speed))]
fn fields(text: &[u8; 10]) -> Option<(i32, u32, u32)> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let number = |digits: &[&u8]| {
        digits.iter().try_fold(0_u32, |number, digit| {
            digit.is_ascii_digit().then(|| number.wrapping_mul(10).wrapping_add(u32::from(**digit & 0x0f)))
        })
    };
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    Some((year, number(&[m1, m2])?, number(&[d1, d2])?))
}

/// What is wrong with a text that does not begin with `YYYY-MM-DD`.
fn explain(text: &[u8]) -> ParseDateError {
    let Ok(text) = std::str::from_utf8(text) else { return ParseDateError::Syntax };
    let text = text.strip_suffix('日').unwrap_or(text);
    let mut groups = text.split(['/', '.', '-', '年', '月']);
    let is_number = |group: &str| (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit());
    let three = groups.by_ref().take(3).filter(|group| is_number(group)).count() == 3 && groups.next().is_none();
    let compact = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    if three || compact { ParseDateError::Notation } else { ParseDateError::Syntax }
}

#[cfg(test)]
mod tests;
