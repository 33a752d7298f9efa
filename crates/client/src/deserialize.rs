//! Helpers for the generated types' `#[serde(deserialize_with = "...")]`.

use serde::{Deserialize, Deserializer};

/// Takes `null` for an absent value: the type's default.
pub fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #[derive(serde::Deserialize)]
    struct Page {
        #[serde(default, deserialize_with = "super::null_as_default")]
        results: Vec<u8>,
    }

    #[test]
    fn null_and_absent_lists_are_empty() {
        for document in [r#"{"results":null}"#, "{}", r#"{"results":[]}"#] {
            assert!(
                serde_json::from_str::<Page>(document)
                    .unwrap()
                    .results
                    .is_empty(),
                "{document}"
            );
        }
        let page: Page = serde_json::from_str(r#"{"results":[1]}"#).unwrap();
        assert_eq!(page.results, [1]);
    }
}
