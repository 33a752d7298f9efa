//! The progress of reading a list, on a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A line on standard error, if that is a terminal.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// The progress of the items of a list.
    pub(crate) fn new() -> Self {
        Self::of("items")
    }

    /// The progress of a task with this name.
    pub(crate) fn of(what: &'static str) -> Self {
        let bar = ProgressBar::new_spinner();
        bar.enable_steady_tick(std::time::Duration::from_millis(100));
        bar.set_message(what);
        Self(bar)
    }

    /// Sets the number that was read. With a total, the line shows a bar.
    pub(crate) fn show(&self, items: u64, total: Option<u64>) {
        self.0.set_position(items);
        let total = total.filter(|total| *total >= items);
        if self.0.length() != total
            && let Some(total) = total
            && let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos} of {len} {msg}")
        {
            self.0.set_style(style);
            self.0.set_length(total);
        }
        if self.0.length().is_none()
            && let Ok(style) = ProgressStyle::with_template("{spinner} {pos} {msg}")
        {
            self.0.set_style(style);
        }
    }

    /// Hides the line while something else is written.
    pub(crate) fn hide<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

/// Removes the line if the run ends early.
impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}
