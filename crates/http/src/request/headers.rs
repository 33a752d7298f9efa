//! The headers of a request, without its credentials.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Headers, each name once. They are stored in a list, since there are few, and converted to a map for each attempt.
#[derive(Clone, Default)]
pub struct Headers(Vec<(HeaderName, HeaderValue)>);

/// The capacity for the headers of nearly every request.
const USUAL: usize = 6;

/// The capacity for the headers of most credentials.
const CREDENTIALS: usize = 4;

impl Headers {
    /// Copies the headers of a map; of several values with the same name, the last one.
    pub fn of(map: &HeaderMap) -> Self {
        let mut headers = Self(Vec::with_capacity(map.len() + USUAL));
        headers.extend(map);
        headers
    }

    /// Sets a header, and replaces one with the same name.
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

    /// Whether a header with this name is set.
    pub fn contains(&self, name: &HeaderName) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Sets all headers of a map.
    pub fn extend(&mut self, map: &HeaderMap) {
        for (name, value) in map {
            self.insert(name.clone(), value.clone());
        }
    }

    /// Converts the headers to a map with capacity for credentials.
    pub fn to_map(&self) -> HeaderMap {
        let mut map = HeaderMap::with_capacity(self.0.len() + CREDENTIALS);
        for (name, value) in &self.0 {
            map.insert(name.clone(), value.clone());
        }
        map
    }
}
