//! Checks that all items arrived, according to the total of the service.

use specmill_http::error::Kind;

/// The number of items so far, which is compared with the total of the service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress {
    /// The minimum number of items so far, including those of the pages before the first one.
    least: u64,
    /// The maximum number of items so far; `None` if it is unknown.
    most: Option<u64>,
    /// The last total that the service stated.
    total: Option<u64>,
}

impl Progress {
    /// The progress of a list that starts with its first item.
    pub(super) const fn from_the_start() -> Self {
        Self {
            least: 0,
            most: Some(0),
            total: None,
        }
    }

    /// The progress of a list that starts after other items, of which the minimum and maximum numbers are given.
    pub(super) const fn after(least: u64, most: Option<u64>) -> Self {
        Self {
            least,
            most,
            total: None,
        }
    }

    /// Adds the items of a page, and updates the total.
    pub(super) fn add(&mut self, items: u64, total: Option<u64>) {
        self.least = self.least.saturating_add(items);
        self.most = self.most.map(|most| most.saturating_add(items));
        self.total = total.or(self.total);
    }

    /// Updates the total from a page that ends the list.
    ///
    /// A total that is less than the number of items so far is not that of the whole list: an empty page may count
    /// itself.
    pub(super) fn conclude(&mut self, total: Option<u64>) {
        self.total = total
            .filter(|total| self.most.is_none_or(|most| *total >= most))
            .or(self.total);
    }

    /// The total, if the service may have more items than those so far.
    pub(super) fn more(&self) -> Option<u64> {
        self.total
            .filter(|total| *total > self.least && self.most != Some(*total))
    }

    /// The error of a list that ends although the service has more items.
    pub(super) fn missing(&self, page: Option<u64>) -> Option<Kind> {
        let (total, came) = (self.total?, self.most?);
        (total > came).then_some(Kind::Incomplete { total, came, page })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_held_against_the_total_that_was_told_last() {
        let mut progress = Progress::from_the_start();
        progress.add(3, Some(7));
        assert_eq!(progress.more(), Some(7));
        progress.add(3, None);
        assert_eq!(progress.more(), Some(7));
        assert!(progress.missing(None).is_some());
        // An item was deleted during the listing.
        progress.conclude(Some(6));
        assert!(progress.missing(None).is_none());
    }

    #[test]
    fn an_empty_page_that_counts_itself_does_not_hide_what_is_missing() {
        let mut progress = Progress::from_the_start();
        progress.add(3, Some(7));
        progress.conclude(Some(0));
        let missing = Kind::Incomplete {
            total: 7,
            came: 3,
            page: Some(1),
        };
        assert_eq!(progress.missing(Some(1)), Some(missing));
    }

    #[test]
    fn a_listing_that_began_later_reads_on_where_it_may_lack_items_and_fails_where_it_does() {
        let mut progress = Progress::after(4, Some(20));
        progress.add(2, Some(22));
        assert_eq!(progress.more(), None, "the size was right");
        let mut progress = Progress::after(4, Some(20));
        progress.add(2, Some(10));
        assert_eq!(progress.more(), Some(10), "the size was not");
        assert!(progress.missing(None).is_none());
        let mut progress = Progress::after(0, None);
        progress.add(2, Some(10));
        assert!(
            progress.missing(None).is_none(),
            "nobody knows what came before"
        );
    }
}
