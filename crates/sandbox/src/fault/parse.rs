//! Parses faults for the command line: `429,retry-after=2@5%`.

use std::{str::FromStr, time::Duration};

use super::{Fault, Faults};

/// A string that does not describe a fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{part:?} {problem}")]
pub struct ParseFaultError {
    part: String,
    problem: &'static str,
}

impl ParseFaultError {
    fn new(part: &str, problem: &'static str) -> Self {
        Self {
            part: part.to_owned(),
            problem,
        }
    }
}

const KINDS: &str = "is not a fault; use a status (429), html=STATUS, empty=STATUS, \
    redirect=STATUS, close, reset, hang, response, truncated, truncated-chunked, endless, \
    drip=MILLISECONDS, huge=BYTES, unknown-fields, unknown-values, nulls, null-list, empty-list, \
    empty-cursor, ignoring-page, ignoring-size, repeating-cursor";
const DEFECTS: &str = "is not part of a fault; use retry-after=SECONDS, \
    retry-after-date=SECONDS, delayed=MILLISECONDS, after-effect, on=OPERATION and, of the \
    faults, those that spoil a body";
const OCCASIONS: &str = "is not a schedule; use always, next=COUNT, every=NTH, and a share \
    such as 5% or 0.5%";

/// The format of [`FromStr`]: the names of the methods, joined by commas.
///
/// ```
/// # use specmill_sandbox::Fault;
/// let fault: Fault = "429,retry-after=2,on=user_list".parse()?;
/// # Ok::<_, specmill_sandbox::ParseFaultError>(())
/// ```
impl FromStr for Fault {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split(',').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let fault = match response(first)? {
            Some(fault) => fault,
            // A defect alone applies to the API's own response.
            None => {
                spoil(Self::response(), first)?.ok_or_else(|| ParseFaultError::new(first, KINDS))?
            }
        };
        parts.try_fold(fault, |fault, part| {
            let spoiled = match spoil(fault.clone(), part)? {
                Some(spoiled) => Some(spoiled),
                None => qualify(fault, part)?,
            };
            spoiled.ok_or_else(|| ParseFaultError::new(part, DEFECTS))
        })
    }
}

impl Faults {
    /// Parses `FAULT@WHEN` and adds the fault. Without `@WHEN` it always applies.
    ///
    /// `WHEN` is `always`, `next=COUNT`, `every=NTH`, or a percentage of the requests such as `5%`.
    ///
    /// ```
    /// # use specmill_sandbox::Faults;
    /// let weather = Faults::seeded(7).parse("429,retry-after=1@5%")?.parse("reset@2%")?;
    /// # Ok::<_, specmill_sandbox::ParseFaultError>(())
    /// ```
    ///
    /// # Errors
    /// The string has another format.
    pub fn parse(self, text: &str) -> Result<Self, ParseFaultError> {
        let (fault, when) = text.split_once('@').unwrap_or((text, "always"));
        let fault = fault.parse()?;
        if let Some(percent) = when.strip_suffix('%') {
            let share = percent
                .parse::<f64>()
                .ok()
                .filter(|share| (0.0..=100.0).contains(share));
            let share = share.ok_or_else(|| ParseFaultError::new(when, OCCASIONS))?;
            return Ok(self.rate(share / 100.0, fault));
        }
        match when.split_once('=') {
            None if when == "always" => Ok(self.every(1, fault)),
            Some(("next", count)) => Ok(self.next(number(when, count)?, fault)),
            Some(("every", nth)) => Ok(self.every(number(when, nth)?, fault)),
            _ => Err(ParseFaultError::new(when, OCCASIONS)),
        }
    }
}

fn response(part: &str) -> Result<Option<Fault>, ParseFaultError> {
    if part.starts_with(|first: char| first.is_ascii_digit()) {
        return Ok(Some(Fault::status(status(part, part)?)));
    }
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    Ok(Some(match name {
        "response" => Fault::response(),
        "html" => Fault::html(status(part, value)?),
        "empty" => Fault::empty(status(part, value)?),
        "redirect" => Fault::redirect(status(part, value)?),
        "close" => Fault::close(),
        "reset" => Fault::reset(),
        "hang" => Fault::hang(),
        _ => return Ok(None),
    }))
}

fn spoil(fault: Fault, part: &str) -> Result<Option<Fault>, ParseFaultError> {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    Ok(Some(match name {
        "truncated" => fault.truncated(),
        "truncated-chunked" => fault.truncated_chunked(),
        "endless" => fault.endless(),
        "drip" => fault.drip(1, Duration::from_millis(number(part, value)?)),
        "huge" => fault.huge(number(part, value)?),
        "unknown-fields" => fault.unknown_fields(),
        "unknown-values" => fault.unknown_values(),
        "nulls" => fault.nulls(),
        "null-list" => fault.null_list(),
        "empty-list" => fault.empty_list(),
        "empty-cursor" => fault.empty_cursor(),
        "ignoring-page" => fault.ignoring_page(),
        "ignoring-size" => fault.ignoring_size(),
        "repeating-cursor" => fault.repeating_cursor(),
        "delayed" => fault.delayed(Duration::from_millis(number(part, value)?)),
        _ => return Ok(None),
    }))
}

fn qualify(fault: Fault, part: &str) -> Result<Option<Fault>, ParseFaultError> {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    Ok(Some(match name {
        "retry-after" => fault.retry_after(Duration::from_secs(number(part, value)?)),
        "retry-after-date" => fault.retry_after_date(Duration::from_secs(number(part, value)?)),
        "after-effect" => fault.after_effect(),
        "on" => match value.parse() {
            Ok(operation) => fault.on(operation),
            Err(_) => return Err(ParseFaultError::new(value, "is not an operation")),
        },
        _ => return Ok(None),
    }))
}

fn number(part: &str, text: &str) -> Result<u64, ParseFaultError> {
    let number = text.parse::<u32>();
    number
        .map(u64::from)
        .map_err(|_| ParseFaultError::new(part, "needs a whole number"))
}

fn status(part: &str, text: &str) -> Result<u16, ParseFaultError> {
    let status = text
        .parse()
        .ok()
        .filter(|status| (200..=999).contains(status));
    status.ok_or_else(|| ParseFaultError::new(part, "needs a status from 200 to 999"))
}
