//! The sandbox's idea of now: the system's, or one that a test controls.

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

    /// Now as RFC 3339, as the services write it.
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
