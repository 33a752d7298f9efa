//! API versions: their states and dates.

use std::fmt;

/// The state of an API version according to the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VersionState {
    /// The current version.
    Current,
    /// The version receives only fixes.
    Supported,
    /// The version is documented, but not available yet.
    Planned,
    /// The version is, or will soon be, unavailable: see its date.
    Deprecated,
}

impl fmt::Display for VersionState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Current => "CURRENT",
            Self::Supported => "SUPPORTED",
            Self::Planned => "PLANNED",
            Self::Deprecated => "DEPRECATED",
        })
    }
}

/// A date in the Gregorian calendar. `Display` formats it as `2026-11-30`. Earlier dates are less than later ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Creates a date. For generated code, whose dates have been validated.
    pub const fn new(year: u16, month: u8, day: u8) -> Self {
        Self { year, month, day }
    }

    /// The year.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1.
    pub const fn day(self) -> u8 {
        self.day
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:04}-{:02}-{:02}",
            self.year, self.month, self.day
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_order_by_time_and_print_as_in_documents() {
        assert!(Date::new(2026, 9, 30) < Date::new(2026, 11, 30));
        assert!(Date::new(2025, 12, 31) < Date::new(2026, 1, 1));
        assert_eq!(Date::new(2026, 5, 31).to_string(), "2026-05-31");
    }
}
