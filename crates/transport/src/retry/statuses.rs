use http::StatusCode;

/// A set of statuses, with a bit for each number from 0 to 1023.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Statuses([u64; 16]);

impl Statuses {
    /// Adds a status. Numbers above 999 are ignored.
    pub(super) fn insert(&mut self, status: u16) {
        if status < 1000 {
            self.0[usize::from(status / 64)] |= 1 << (status % 64);
        }
    }

    pub(super) fn contains(self, status: StatusCode) -> bool {
        let status = status.as_u16();
        self.0[usize::from(status / 64)] & (1 << (status % 64)) != 0
    }

    fn iter(self) -> impl Iterator<Item = u16> {
        (0..1000).filter(move |status| self.0[usize::from(status / 64)] & (1 << (status % 64)) != 0)
    }
}

impl std::fmt::Debug for Statuses {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_can_be_in_a_set_and_nothing_else() {
        let mut all = Statuses::default();
        for number in 0..=u16::MAX {
            all.insert(number);
        }
        assert_eq!(all.iter().count(), 1000);
        let mut one = Statuses::default();
        one.insert(529);
        for number in 100..1000 {
            let status = StatusCode::from_u16(number).unwrap();
            assert_eq!(one.contains(status), number == 529);
        }
        assert_eq!(format!("{one:?}"), "{529}");
    }
}
