//! Query strings: names and values are decoded; order and repetitions are kept.

/// A decoded query string.
#[derive(Debug)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(raw: Option<&str>) -> Self {
        let raw = raw.unwrap_or_default();
        Self(
            form_urlencoded::parse(raw.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// Rejects any parameter that the operation does not have.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), String> {
        match self
            .0
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()))
        {
            Some((name, _)) => Err(format!("unknown query parameter {name:?}")),
            None => Ok(()),
        }
    }

    /// All values of a parameter, in the order sent.
    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that may occur once.
    pub(crate) fn one(&self, name: &str) -> Result<Option<&str>, String> {
        let mut values = self.all(name);
        let first = values.next();
        match values.next() {
            Some(_) => Err(format!("query parameter {name:?} is given more than once")),
            None => Ok(first),
        }
    }

    /// An integer within bounds. The error message contains the bounds.
    pub(crate) fn integer(&self, name: &str, least: i64, most: i64) -> Result<Option<i64>, String> {
        let Some(text) = self.one(name)?.filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        match text.parse::<i64>() {
            Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
            Ok(number) => Err(format!(
                "query parameter {name:?} must be between {least} and {most}, not {number}"
            )),
            Err(_) => Err(format!("query parameter {name:?} must be an integer")),
        }
    }
}
