//! Civil dates by counting: year after year, month after month.

/// A date as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    /// Year.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
}

fn is_leap(year: i64) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

fn days_in_year(year: i64) -> i64 {
    if is_leap(year) { 366 } else { 365 }
}

/// Length of a month.
pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

impl Civil {
    /// The date with these figures, if the calendar has it.
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let exists = (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
        exists.then_some(Self { year, month, day })
    }

    /// Days since 1970-01-01.
    pub fn day_number(self) -> i64 {
        let mut days = 0;
        for year in 1970..self.year {
            days += days_in_year(year);
        }
        for year in self.year..1970 {
            days -= days_in_year(year);
        }
        for month in 1..self.month {
            days += days_in_month(self.year, month);
        }
        days + self.day - 1
    }

    /// The date so many days after 1970-01-01.
    pub fn from_day_number(number: i64) -> Self {
        let (mut year, mut rest) = (1970, number);
        while rest < 0 {
            year -= 1;
            rest += days_in_year(year);
        }
        while rest >= days_in_year(year) {
            rest -= days_in_year(year);
            year += 1;
        }
        let mut month = 1;
        while rest >= days_in_month(year, month) {
            rest -= days_in_month(year, month);
            month += 1;
        }
        Self { year, month, day: rest + 1 }
    }

    /// Whether the engine knows such a date.
    pub fn in_range(self) -> bool {
        (1..=9999).contains(&self.year)
    }

    fn is_end_of_month(self) -> bool {
        self.day == days_in_month(self.year, self.month)
    }

    /// The same day `months` later, clamped to the end of its month.
    pub fn add_months(self, months: i64, end_of_month: bool) -> Self {
        let count = self.year * 12 + (self.month - 1) + months;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let last = days_in_month(year, month);
        let day = if end_of_month && self.is_end_of_month() { last } else { self.day.min(last) };
        Self { year, month, day }
    }

    /// `2026-01-31`
    pub fn text(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// Reads `2026-01-31`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shape = bytes.len() == 10
            && bytes
                .iter()
                .enumerate()
                .all(|(at, byte)| if at == 4 || at == 7 { *byte == b'-' } else { byte.is_ascii_digit() });
        if !shape {
            return None;
        }
        let date = Self::new(text[0..4].parse().ok()?, text[5..7].parse().ok()?, text[8..10].parse().ok()?)?;
        date.in_range().then_some(date)
    }
}

/// The largest n with `add_months(a, n) <= b`.
pub fn months_between(a: Civil, b: Civil) -> i64 {
    let mut n = (b.year - a.year) * 12 + (b.month - a.month) + 2;
    while a.add_months(n, false) > b {
        n -= 1;
    }
    n
}

/// Full years; who was born on 29 February grows older on 1 March in common years.
pub fn age_in_years(birth: Civil, on: Civil) -> i64 {
    let birthday_reached = (on.month, on.day) >= (birth.month, birth.day);
    on.year - birth.year - i64::from(!birthday_reached)
}

/// Days by a 30/360 convention; `european` ends every month on the 30th.
pub fn days_thirty_360(a: Civil, b: Civil, european: bool) -> i64 {
    let start = if a.day == 31 { 30 } else { a.day };
    let end = if b.day == 31 && (european || a.day >= 30) { 30 } else { b.day };
    360 * (b.year - a.year) + 30 * (b.month - a.month) + (end - start)
}
