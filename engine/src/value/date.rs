//! Civil dates.

/// A civil date: days since 1970-01-01 in the proleptic Gregorian calendar, years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i32);

/// Day-count conventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayCount {
    /// Actual days over 360.
    Act360,
    /// Actual days over 365.
    Act365f,
    /// ISDA 2006 4.16(f).
    Thirty360,
    /// Eurobond basis.
    Thirty360E,
}
