//! The delay that a response requests.

use std::time::{Duration, SystemTime};

use http::header::{HeaderName, RETRY_AFTER};
use http::{HeaderMap, StatusCode};

/// The maximum delay: a century, so that no sum overflows.
const MAX_WAIT: f64 = 100.0 * 365.0 * 24.0 * 60.0 * 60.0;
/// The minimum number that is a Unix time instead of a delay: the year 2001, in seconds.
const EPOCH_SECONDS: f64 = 1e9;
/// The minimum number that is a Unix time in milliseconds.
const EPOCH_MILLISECONDS: f64 = 1e11;

const RETRY_AFTER_MS: [HeaderName; 2] = [
    HeaderName::from_static("retry-after-ms"),
    HeaderName::from_static("x-ms-retry-after-ms"),
];
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// The headers with the time at which a quota is reset, and with the remaining quota.
const RESETS: [(HeaderName, HeaderName); 3] = [
    (
        HeaderName::from_static("ratelimit-reset"),
        HeaderName::from_static("ratelimit-remaining"),
    ),
    (
        HeaderName::from_static("x-ratelimit-reset"),
        HeaderName::from_static("x-ratelimit-remaining"),
    ),
    (
        HeaderName::from_static("x-rate-limit-reset"),
        HeaderName::from_static("x-rate-limit-remaining"),
    ),
];

/// The delay that an unsuccessful response requests, from the most precise header that it has.
///
/// Services send the state of their quotas with every response. It counts only if a quota is used up, or if the status
/// indicates that and the headers do not contradict it.
pub(crate) fn requested(
    status: StatusCode,
    headers: &HeaderMap,
    now: SystemTime,
) -> Option<Duration> {
    RETRY_AFTER_MS
        .iter()
        .find_map(|name| milliseconds(text(headers, name)?))
        .or_else(|| time(text(headers, &RETRY_AFTER)?, Form::Delta, now))
        .or_else(|| quota_reset(status, headers, now))
}

fn quota_reset(status: StatusCode, headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let quota = |remaining: Option<f64>| match remaining {
        Some(remaining) => remaining <= 0.0,
        None => matches!(status.as_u16(), 429 | 503),
    };
    let structured = headers
        .get_all(RATE_LIMIT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(limits)
        .filter(|limit| quota(limit.remaining))
        .filter_map(|limit| limit.reset)
        .reduce(f64::max);
    structured.and_then(seconds).or_else(|| {
        RESETS.iter().find_map(|(reset, remaining)| {
            let remaining = text(headers, remaining).and_then(number);
            let reset = text(headers, reset).filter(|_| quota(remaining))?;
            time(reset, Form::DeltaOrEpoch, now)
        })
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

/// A plain decimal number. Other formats that Rust accepts (`inf`, `1e9`, a sign) are invalid.
fn number(text: &str) -> Option<f64> {
    let digits = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    text.parse()
        .ok()
        .filter(|_| text.bytes().all(digits) && text.bytes().any(|byte| byte.is_ascii_digit()))
}

fn seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds.clamp(0.0, MAX_WAIT)).ok()
}

fn milliseconds(text: &str) -> Option<Duration> {
    seconds(number(text)? / 1_000.0)
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    Delta,
    DeltaOrEpoch,
}

/// A delay in seconds, a date, or a Unix time.
fn time(text: &str, form: Form, now: SystemTime) -> Option<Duration> {
    let Some(number) = number(text) else {
        let date = httpdate::parse_http_date(text).ok()?;
        return Some(date.duration_since(now).unwrap_or_default());
    };
    if form == Form::Delta || number < EPOCH_SECONDS {
        return seconds(number);
    }
    let since_epoch = seconds(if number < EPOCH_MILLISECONDS {
        number
    } else {
        number / 1_000.0
    })?;
    let passed = now.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(since_epoch.saturating_sub(passed))
}

/// A quota in a `RateLimit` field.
#[derive(Debug, Default, PartialEq)]
struct Limit {
    remaining: Option<f64>,
    reset: Option<f64>,
}

/// The quotas of a `RateLimit` field: a list such as `"burst";r=0;t=30, "day";r=9;t=70`, or, in older drafts, a single
/// quota such as `limit=10, remaining=0, reset=30`.
fn limits(field: &str) -> Vec<Limit> {
    let mut limits = Vec::new();
    let mut older = Limit::default();
    for member in split(field, b',') {
        let mut limit = Limit::default();
        for parameter in split(member, b';') {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let value = number(value.trim());
            match name.trim() {
                "r" => limit.remaining = value,
                "t" => limit.reset = value,
                "remaining" => older.remaining = value,
                "reset" => older.reset = value,
                _ => {}
            }
        }
        limits.push(limit);
    }
    limits.push(older);
    limits.retain(|limit| limit.reset.is_some());
    limits
}

/// Splits a field at separators outside quoted strings.
fn split(field: &str, separator: u8) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    field.split(move |character: char| {
        let escape = std::mem::take(&mut escaped);
        match character {
            _ if escape => {}
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        !quoted && character == char::from(separator)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1994-11-06 08:49:37 UTC, the date in the examples of the HTTP standard.
    const NOW: u64 = 784_111_777;

    fn wait(status: u16, headers: &[(&'static str, &str)]) -> Option<f64> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        let status = StatusCode::from_u16(status).unwrap();
        requested(status, &map, now).map(|wait| wait.as_secs_f64())
    }

    fn after(value: &str) -> Option<f64> {
        wait(503, &[("retry-after", value)])
    }

    #[test]
    fn retry_after_is_read_in_seconds_with_fractions_and_as_a_date() {
        assert_eq!(after("7"), Some(7.0));
        assert_eq!(after(" 1.5 "), Some(1.5));
        assert_eq!(after("0.25"), Some(0.25));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:47 GMT"), Some(10.0));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:27 GMT"), Some(0.0));
    }

    #[test]
    fn a_wait_is_bounded_and_an_invalid_time_is_ignored() {
        for long in ["3153600001", "18446744073709551615", &"9".repeat(400)] {
            assert_eq!(after(long), Some(3_153_600_000.0), "{long}");
        }
        for none in [
            "", "soon", "-1", "+1", "1e3", "inf", "NaN", ".", "1.2.3", "0x10",
        ] {
            assert_eq!(after(none), None, "{none}");
        }
    }

    #[test]
    fn milliseconds_take_precedence_over_seconds_unless_they_are_invalid() {
        let seconds = ("retry-after", "2");
        assert_eq!(
            wait(429, &[seconds, ("retry-after-ms", "1250")]),
            Some(1.25)
        );
        assert_eq!(wait(429, &[seconds, ("retry-after-ms", "soon")]), Some(2.0));
        assert_eq!(wait(429, &[("x-ms-retry-after-ms", "30.5")]), Some(0.0305));
    }

    #[test]
    fn a_reset_is_seconds_to_wait_or_a_time_since_1970() {
        for name in ["x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset"] {
            assert_eq!(wait(429, &[(name, "30")]), Some(30.0), "{name}");
        }
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_763_683_200);
        let mut headers = HeaderMap::new();
        for (value, wanted) in [
            ("1763683230", 30.0),
            ("1763683230.5", 30.5),
            ("1763683230000", 30.0),
            ("1763683100", 0.0),
            ("Fri, 21 Nov 2025 00:00:30 GMT", 30.0),
        ] {
            headers.insert("x-ratelimit-reset", value.parse().unwrap());
            let wait = requested(StatusCode::TOO_MANY_REQUESTS, &headers, now).unwrap();
            assert!((wait.as_secs_f64() - wanted).abs() < 1e-6, "{value}");
        }
    }

    #[test]
    fn the_field_ratelimit_is_read_in_its_current_and_its_older_form() {
        for (field, wanted) in [
            (r#""default";r=0;t=30"#, Some(30.0)),
            (r#""burst";r=0;t=5, "day";r=10;t=5000"#, Some(5.0)),
            (r#""burst";r=0;t=5, "day"; r=0; t=50"#, Some(50.0)),
            (r#""a,b;t=9";r=0;t=3"#, Some(3.0)),
            (r#""quoted \" ;t=9";t=4"#, Some(4.0)),
            ("r=0;t=30", Some(30.0)),
            ("limit=100, remaining=0, reset=20", Some(20.0)),
            ("limit=100,remaining=7,reset=20", None),
            (r#""default";r=3;t=30"#, None),
            (r#""default";r=0"#, None),
            ("nonsense", None),
        ] {
            assert_eq!(wait(429, &[("ratelimit", field)]), wanted, "{field}");
        }
        let two = [
            ("ratelimit", r#""a";r=0;t=1"#),
            ("ratelimit", r#""b";r=0;t=2"#),
        ];
        assert_eq!(wait(429, &two), Some(2.0));
    }

    #[test]
    fn a_quota_that_is_not_used_up_asks_for_no_wait() {
        let reset = ("x-ratelimit-reset", "3000");
        assert_eq!(wait(429, &[reset, ("x-ratelimit-remaining", "57")]), None);
        assert_eq!(wait(502, &[reset]), None);
        assert_eq!(wait(403, &[reset]), None);
        let used_up = ("x-ratelimit-remaining", "0");
        assert_eq!(wait(403, &[reset, used_up]), Some(3000.0));
    }

    proptest::proptest! {
        #[test]
        fn any_headers_are_read_without_failing(value in "[ -~]{0,40}") {
            for name in ["retry-after", "retry-after-ms", "ratelimit", "x-ratelimit-reset"] {
                let wait = wait(429, &[(name, &value)]);
                proptest::prop_assert!(wait.is_none_or(|wait| wait >= 0.0));
            }
        }
    }
}
