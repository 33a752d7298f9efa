//! The clock of the sandbox: the system clock, or one that a test controls.

use std::{fmt, sync::Arc, time::SystemTime};

use jiff::Timestamp;

#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    pub(crate) fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(crate) fn now(&self) -> SystemTime {
        (self.0)()
    }

    /// The current time as RFC 3339, in the format of the services.
    pub(crate) fn rfc3339(&self) -> String {
        Timestamp::try_from(self.now())
            .unwrap_or(Timestamp::UNIX_EPOCH)
            .to_string()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(SystemTime::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Clock").field(&self.now()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_have_the_format_of_the_services() {
        let clock = Clock::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777));
        assert_eq!(clock.rfc3339(), "1994-11-06T08:49:37Z");
    }
}
