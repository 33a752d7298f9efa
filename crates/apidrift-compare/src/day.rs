//! A calendar day.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A calendar day, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The current day in UTC.
    pub fn today() -> Self {
        Self(
            jiff::Timestamp::now()
                .to_zoned(jiff::tz::TimeZone::UTC)
                .date(),
        )
    }

    /// The number of days between this day and `later`; negative if `later` is earlier.
    pub(crate) fn days_until(self, later: Day) -> i32 {
        self.0.until(later.0).map_or(0, |span| span.get_days())
    }
}

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Self, NotADay> {
        let plain = text.len() == 10
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-');
        if !plain {
            return Err(NotADay);
        }
        text.parse().map(Day).map_err(|_| NotADay)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The string is not a day in the form `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotADay;

impl fmt::Display for NotADay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day written YYYY-MM-DD")
    }
}

impl std::error::Error for NotADay {}

#[cfg(test)]
mod tests {
    use super::{Day, NotADay};

    fn day(text: &str) -> Result<Day, NotADay> {
        text.parse()
    }

    #[test]
    fn a_day_round_trips() {
        assert_eq!(
            day("2030-06-01").map(|day| day.to_string()),
            Ok("2030-06-01".to_owned())
        );
    }

    #[test]
    fn a_string_in_another_form_is_not_a_day() {
        for text in [
            "",
            "2030-6-1",
            "2030-02-30",
            "2030-06-01T00:00:00Z",
            "20300601",
            "+2030-6-01",
            "2030-06-1x",
            "0203006-01",
        ] {
            assert_eq!(day(text), Err(NotADay), "{text}");
        }
        assert_eq!(NotADay.to_string(), "not a day written YYYY-MM-DD");
    }

    #[test]
    fn days_are_counted_over_months_and_years() {
        let between = |one: &str, other: &str| Some(day(one).ok()?.days_until(day(other).ok()?));
        assert_eq!(between("2030-06-01", "2030-06-01"), Some(0));
        assert_eq!(between("2030-02-28", "2030-03-01"), Some(1));
        assert_eq!(between("2030-06-01", "2031-06-01"), Some(365));
        assert_eq!(between("2030-06-02", "2030-06-01"), Some(-1));
    }

    #[test]
    fn today_is_a_plausible_day() {
        assert!(Day::today() > day("2024-01-01").unwrap_or_else(|_| Day::today()));
    }
}
