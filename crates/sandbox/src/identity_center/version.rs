//! The versions of the API: those that are served, and those that discovery lists.

use http::HeaderMap;
use serde_json::{Value, json};

use super::refusal::Refusal;

const SERVICE: &str = "iam-identity-center";

#[derive(Debug)]
struct Version {
    number: &'static str,
    status: &'static str,
    /// Empty if no date is published.
    not_before: &'static str,
}

const VERSIONS: [Version; 5] = [
    Version {
        number: "1.4",
        status: "CURRENT",
        not_before: "",
    },
    Version {
        number: "1.3",
        status: "SUPPORTED",
        not_before: "2026-11-30",
    },
    Version {
        number: "1.2",
        status: "SUPPORTED",
        not_before: "2026-09-30",
    },
    Version {
        number: "1.1",
        status: "DEPRECATED",
        not_before: "2026-05-31",
    },
    Version {
        number: "1.0",
        status: "DEPRECATED",
        not_before: "2026-02-23",
    },
];

/// The versions that the sandbox serves.
#[derive(Debug)]
pub(super) struct Versions(Vec<&'static Version>);

impl Versions {
    pub(super) fn without(retired: &[String]) -> Self {
        let served = VERSIONS
            .iter()
            .filter(|version| !retired.iter().any(|r| r == version.number));
        Self(served.collect())
    }

    /// Checks the version header. Without one, the current version applies. All versions
    /// respond alike.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let mut values = headers.get_all("scp-api-version").iter();
        let Some(value) = values.next() else {
            return Ok(());
        };
        let text = value.to_str().unwrap_or_default();
        let number = text
            .strip_prefix(SERVICE)
            .and_then(|rest| rest.strip_prefix(' '));
        let served = number.is_some_and(|number| self.0.iter().any(|v| v.number == number));
        if served && values.next().is_none() {
            return Ok(());
        }
        Err(Refusal::no_such_version(format!(
            "the version {text:?} is not served"
        )))
    }

    pub(super) fn document(&self, url: &str) -> Value {
        let versions = self.0.iter().map(|version| {
            json!({
                "id": format!("v{}", version.number),
                "links": [{ "href": format!("{url}/"), "rel": "self" }],
                "not_before": version.not_before,
                "status": version.status,
            })
        });
        json!({ "versions": versions.collect::<Vec<_>>() })
    }
}
