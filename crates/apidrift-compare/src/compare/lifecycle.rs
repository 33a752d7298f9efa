//! Deprecation, removal dates and stability levels.

use super::view::Use;
use super::{Engine, Shown};
use crate::rules::{Finding, General, Place};
use crate::{Day, Verdict};
use apidrift_document::Cursor;

/// The options of a comparison.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The day that counts as today for removal dates.
    pub today: Day,
    /// The minimum number of days between a deprecation and the removal, for operations that are stable or have no level. With
    /// 0, no date is required.
    pub sunset_days_stable: u32,
    /// The same for operations at level `beta`.
    pub sunset_days_beta: u32,
    /// Prefixes of the paths of each document that are ignored, such as `/api/v1` and `/v2`.
    pub path_prefixes: Option<(String, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            today: Day::today(),
            sunset_days_stable: 0,
            sunset_days_beta: 0,
            path_prefixes: None,
        }
    }
}

/// A removal date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sunset {
    None,
    Unreadable,
    On(Day),
}

/// The levels of `x-stability-level`, from the least to the most stable.
const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Unstated,
    Unknown,
    At(usize),
}

/// The severity of a deprecation.
enum Deprecation {
    Plain,
    Dated,
    Missing,
    Unreadable,
    TooSoon,
}

/// The change of the date of an item that is deprecated in both documents.
enum Postponement {
    Sooner,
    Deleted,
    Later,
    Unreadable,
}

/// The severity of a removal.
pub(super) enum Removal {
    Unannounced,
    Announced,
    TooSoon,
    Unreadable,
}

fn sunset(value: Option<Cursor<'_>>) -> Sunset {
    match value {
        None => Sunset::None,
        Some(value) => value
            .as_str()
            .and_then(date)
            .map_or(Sunset::Unreadable, Sunset::On),
    }
}

/// The day of a date, with or without a time.
fn date(text: &str) -> Option<Day> {
    let day = text.get(..10)?;
    let rest = &text[10..];
    if !rest.is_empty() && !rest.starts_with(['T', 't', ' ']) {
        return None;
    }
    day.parse().ok()
}

fn level(value: Option<Cursor<'_>>) -> Level {
    let Some(value) = value else {
        return Level::Unstated;
    };
    let text = value.as_str().unwrap_or_default();
    match LEVELS.iter().position(|level| *level == text) {
        Some(index) => Level::At(index),
        None => Level::Unknown,
    }
}

/// Operations at `draft` and `alpha` may change without notice.
pub(super) fn is_unstable(operation: Cursor<'_>) -> bool {
    matches!(level(operation.get("x-stability-level")), Level::At(0 | 1))
}

impl<'a> Engine<'a> {
    fn days(&self, level: Level) -> u32 {
        match level {
            Level::At(0 | 1) => 0,
            Level::At(2) => self.options.sunset_days_beta,
            _ => self.options.sunset_days_stable,
        }
    }

    fn is_too_soon(&self, day: Day, level: Level) -> bool {
        let days = self.days(level);
        days > 0 && self.options.today.days_until(day) < i32::try_from(days).unwrap_or(i32::MAX)
    }

    fn deprecation(&self, date: Option<Cursor<'a>>, level: Level) -> Deprecation {
        match sunset(date) {
            Sunset::None if self.days(level) > 0 => Deprecation::Missing,
            Sunset::None => Deprecation::Plain,
            Sunset::Unreadable => Deprecation::Unreadable,
            Sunset::On(day) if self.is_too_soon(day, level) => Deprecation::TooSoon,
            Sunset::On(_) => Deprecation::Dated,
        }
    }

    fn postponement(was: Option<Cursor<'a>>, is: Option<Cursor<'a>>) -> Option<Postponement> {
        match (sunset(was), sunset(is)) {
            (Sunset::None, Sunset::None) | (Sunset::Unreadable, Sunset::Unreadable) => None,
            (_, Sunset::None) => Some(Postponement::Deleted),
            (Sunset::None, Sunset::On(_)) => Some(Postponement::Later),
            (Sunset::Unreadable, _) | (_, Sunset::Unreadable) => Some(Postponement::Unreadable),
            (Sunset::On(was), Sunset::On(is)) if is < was => Some(Postponement::Sooner),
            (Sunset::On(was), Sunset::On(is)) if is > was => Some(Postponement::Later),
            _ => None,
        }
    }

    /// The severity of the removal of an item, according to the older document.
    pub(super) fn removal(&self, gone: Cursor<'a>) -> Removal {
        if !gone.get("deprecated").is_some_and(Cursor::is_true) {
            return Removal::Unannounced;
        }
        match sunset(gone.get("x-sunset")) {
            Sunset::Unreadable => Removal::Unreadable,
            Sunset::On(day) if self.options.today < day => Removal::TooSoon,
            Sunset::None | Sunset::On(_) => Removal::Announced,
        }
    }

    pub(super) fn operation_lifecycle(&mut self, old: Cursor<'a>, new: Cursor<'a>) {
        let (was, is) = (Use::of(old), Use::of(new));
        let stated = level(is.stability);
        let finding = match (was.deprecated, is.deprecated) {
            (false, true) => Some(match self.deprecation(is.sunset, stated) {
                Deprecation::Plain => General::OperationDeprecated,
                Deprecation::Dated => General::OperationDeprecatedWithSunset,
                Deprecation::Missing => General::OperationSunsetMissing,
                Deprecation::Unreadable => General::OperationSunsetUnreadable,
                Deprecation::TooSoon => General::OperationSunsetTooSmall,
            }),
            (true, false) => Some(General::OperationReactivated),
            (true, true) => Self::postponement(was.sunset, is.sunset).map(|moved| match moved {
                Postponement::Sooner => General::OperationSunsetChangedTooSmall,
                Postponement::Deleted => General::OperationSunsetDeleted,
                Postponement::Later => General::OperationSunsetPostponed,
                Postponement::Unreadable => General::SunsetUnreadable,
            }),
            (false, false) => None,
        };
        if let Some(finding) = finding {
            let shown = (
                date_shown(was.sunset, Shown::Old),
                date_shown(is.sunset, Shown::New),
            );
            let in_time = finding == General::OperationSunsetChangedTooSmall
                && !self.is_early(is.sunset, stated);
            let found = self.general(finding, Some(old), Some(new));
            found.shows(shown.0, shown.1);
            if in_time {
                found.wire(Verdict::Warning);
            }
        }
        self.operation_stability(old, new, &was, &is);
    }

    /// An earlier date is a finding if less time remains than the policy requires, or if the date has passed.
    fn is_early(&self, date: Option<Cursor<'a>>, level: Level) -> bool {
        let Sunset::On(day) = sunset(date) else {
            return false;
        };
        self.is_too_soon(day, level) || day <= self.options.today
    }

    fn operation_stability(
        &mut self,
        old: Cursor<'a>,
        new: Cursor<'a>,
        was: &Use<'a>,
        is: &Use<'a>,
    ) {
        let finding = match (level(was.stability), level(is.stability)) {
            (Level::At(was), Level::At(is)) if is > was => General::StabilityIncreased,
            (Level::At(was), Level::At(is)) if is < was => General::StabilityDecreased,
            (Level::Unknown, Level::Unknown) => return,
            (Level::Unknown, _) | (_, Level::Unknown) => General::StabilityInvalid,
            // An operation without a level promises as much as the highest level.
            (Level::Unstated, Level::At(is)) if is + 1 < LEVELS.len() => {
                General::StabilityDecreased
            }
            (Level::At(was), Level::Unstated) if was + 1 < LEVELS.len() => {
                General::StabilityIncreased
            }
            _ => return,
        };
        let shown = (
            date_shown(was.stability, Shown::Old),
            date_shown(is.stability, Shown::New),
        );
        self.general(finding, Some(old), Some(new))
            .shows(shown.0, shown.1);
    }

    pub(super) fn schema_lifecycle(
        &mut self,
        old: Cursor<'a>,
        new: Cursor<'a>,
        was: &Use<'a>,
        is: &Use<'a>,
        place: Place,
    ) {
        let stated = level(is.stability);
        let finding = match (was.deprecated, is.deprecated) {
            (false, true) => Some(match self.deprecation(is.sunset, stated) {
                Deprecation::Plain => Finding::Deprecated,
                Deprecation::Dated => Finding::DeprecatedWithSunset,
                Deprecation::Missing => Finding::DeprecatedSunsetMissing,
                Deprecation::Unreadable => Finding::DeprecatedSunsetInvalid,
                Deprecation::TooSoon => Finding::SunsetDateTooSmall,
            }),
            (true, false) => Some(Finding::Reactivated),
            (true, true) => Self::postponement(was.sunset, is.sunset).map(|moved| match moved {
                Postponement::Sooner => Finding::SunsetDateChangedTooSmall,
                Postponement::Deleted => Finding::SunsetDeleted,
                Postponement::Later => Finding::SunsetAdded,
                Postponement::Unreadable => Finding::DeprecatedSunsetInvalid,
            }),
            (false, false) => None,
        };
        if let Some(finding) = finding {
            let shown = (
                date_shown(was.sunset, Shown::Old),
                date_shown(is.sunset, Shown::New),
            );
            let in_time =
                finding == Finding::SunsetDateChangedTooSmall && !self.is_early(is.sunset, stated);
            let found = self.finding(finding, place, Some(old), Some(new));
            found.shows(shown.0, shown.1);
            if in_time {
                found.wire_at(place, Verdict::Warning);
            }
        }
        let shown = (
            date_shown(was.stability, Shown::Old),
            date_shown(is.stability, Shown::New),
        );
        match (level(was.stability), stated) {
            (Level::At(before), Level::At(now)) if before != now => {
                let finding = if now > before {
                    Finding::StabilityIncreased
                } else {
                    Finding::StabilityDecreased
                };
                self.finding(finding, place, Some(old), Some(new))
                    .shows(shown.0, shown.1);
            }
            (Level::Unknown, Level::Unknown) => {}
            (Level::Unknown, _) | (_, Level::Unknown) => {
                self.general(General::StabilityInvalid, Some(old), Some(new))
                    .shows(shown.0, shown.1);
            }
            _ => {}
        }
    }
}

fn date_shown(value: Option<Cursor<'_>>, side: fn(apidrift_document::NodeId) -> Shown) -> Shown {
    value.map_or(Shown::Nothing, |value| side(value.id))
}
