//! The headers of a request, without its credentials.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Headers, each name once. There are few, and they become a map once for each attempt: making them one before that
/// would cost as much again.
#[derive(Clone, Default)]
pub struct Headers(Vec<(HeaderName, HeaderValue)>);

/// Room for the headers of nearly every request.
const USUAL: usize = 6;

/// Room for the headers of most credentials.
const CREDENTIALS: usize = 4;

impl Headers {
    /// Those of a map; of a name with several values, the last.
    pub fn of(map: &HeaderMap) -> Self {
        let mut headers = Self(Vec::with_capacity(map.len() + USUAL));
        headers.extend(map);
        headers
    }

    /// Sets a header, in place of one of the same name.
    pub fn insert(&mut self, name: HeaderName, value: HeaderValue) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// The value of a header.
    pub fn get(&self, name: &HeaderName) -> Option<&HeaderValue> {
        let mut all = self.0.iter();
        all.find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether a header of this name is set.
    pub fn contains(&self, name: &HeaderName) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Sets those of a map.
    pub fn extend(&mut self, map: &HeaderMap) {
        for (name, value) in map {
            self.insert(name.clone(), value.clone());
        }
    }

    /// As a map, with room for credentials.
    pub fn to_map(&self) -> HeaderMap {
        let mut map = HeaderMap::with_capacity(self.0.len() + CREDENTIALS);
        for (name, value) in &self.0 {
            map.insert(name.clone(), value.clone());
        }
        map
    }
}
