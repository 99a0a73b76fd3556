//! Civil dates by counting, as one would on paper.
#![expect(clippy::arithmetic_side_effects, reason = "years have four digits, and other operands are checked")]

use std::cmp::Ordering;

/// A civil date of the proleptic Gregorian calendar, years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    /// 1 to 9999
    pub year: i64,
    /// 1 to 12
    pub month: i64,
    /// 1 to 31
    pub day: i64,
}

const fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Civil {
    /// The date, if there is one.
    #[must_use]
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let exists = (1..=9999).contains(&year) && (1..=12).contains(&month) && day >= 1;
        (exists && day <= month_length(year, month)).then_some(Self { year, month, day })
    }

    /// Reads `2026-01-31`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut part = |length: usize| -> Option<i64> {
            let part = parts.next()?;
            let digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        };
        let date = Self::new(part(4)?, part(2)?, part(2)?);
        parts.next().map_or(date, |_| None)
    }

    const fn is_month_end(self) -> bool {
        self.day == month_length(self.year, self.month)
    }

    /// Days since the last day before the year 1.
    fn ordinal(self) -> i64 {
        let years: i64 = (1..self.year).map(|year| if leap(year) { 366 } else { 365 }).sum();
        let months: i64 = (1..self.month).map(|month| month_length(self.year, month)).sum();
        years + months + self.day
    }

    /// The date so many days after the last day before the year 1.
    fn from_ordinal(mut ordinal: i64) -> Option<Self> {
        if !(1..=9999 * 366).contains(&ordinal) {
            return None;
        }
        let (mut year, mut month) = (1, 1);
        loop {
            let length = if leap(year) { 366 } else { 365 };
            if ordinal <= length {
                break;
            }
            ordinal -= length;
            year += 1;
        }
        while ordinal > month_length(year, month) {
            ordinal -= month_length(year, month);
            month += 1;
        }
        Self::new(year, month, ordinal)
    }

    pub(super) fn add_days(self, days: i64) -> Option<Self> {
        self.ordinal().checked_add(days).and_then(Self::from_ordinal)
    }

    pub(super) fn add_months(self, months: i64, end_of_month: bool) -> Option<Self> {
        let count = (self.year * 12 + self.month - 1).checked_add(months)?;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let last = month_length(year, month);
        let day = if end_of_month && self.is_month_end() { last } else { self.day.min(last) };
        Self::new(year, month, day)
    }

    pub(super) fn days_until(self, other: Self) -> i64 {
        other.ordinal() - self.ordinal()
    }

    /// The largest n with `self.add_months(n) <= other`.
    pub(super) fn months_until(self, other: Self) -> i64 {
        let n = (other.year - self.year) * 12 + other.month - self.month;
        let too_late = self.add_months(n, false).is_some_and(|date| date > other);
        n - i64::from(too_late)
    }

    /// Full years of life; who was born on 29 February grows older on 1 March.
    pub(super) fn age_on(self, day: Self) -> i64 {
        let birthday = (day.month, day.day).cmp(&(self.month, self.day));
        day.year - self.year - i64::from(birthday == Ordering::Less)
    }

    /// Numerator and denominator of a year fraction.
    pub(super) fn year_fraction(self, end: Self, convention: &str) -> Option<(i64, i64)> {
        let thirty = |d1: i64, d2: i64| (360 * (end.year - self.year) + 30 * (end.month - self.month) + (d2 - d1), 360);
        Some(match convention {
            "act/360" => (self.days_until(end), 360),
            "act/365f" => (self.days_until(end), 365),
            "30/360" => {
                let d1 = self.day.min(30);
                thirty(d1, if end.day == 31 && d1 == 30 { 30 } else { end.day })
            }
            "30e/360" => thirty(self.day.min(30), end.day.min(30)),
            _ => return None,
        })
    }
}
