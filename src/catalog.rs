//! The catalogue of the APIs, which the build script generates from `specs/`.

use specmill_client::{Date, VersionState};

/// An API that specmill has a client for, whether its feature is enabled or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Api {
    /// Its name: `panther`.
    pub name: &'static str,
    /// Its name in prose.
    pub title: &'static str,
    /// The version of its document.
    pub spec_version: &'static str,
    /// The SHA-256 of its normalised document, in hexadecimal.
    pub digest: &'static str,
    /// Its operations, by path.
    pub operations: &'static [Operation],
    /// Its versions, if it has a table of them.
    pub versions: &'static [Version],
}

/// An operation of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The method of the client: `user_list`.
    pub id: &'static str,
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path template.
    pub path: &'static str,
    /// The vendor's summary.
    pub summary: &'static str,
    /// The permission that the credentials need, if the vendor documents one.
    pub required_permission: Option<&'static str>,
}

/// A version of an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Version {
    /// The version: `1.4`.
    pub version: &'static str,
    /// Its state.
    pub state: VersionState,
    /// The date up to which it is guaranteed, if the vendor publishes one.
    pub not_before: Option<Date>,
}

/// All APIs that specmill has a client for, by name.
///
/// ```
/// for api in specmill::catalog() {
///     println!("{}: {} operations", api.title, api.operations.len());
/// }
/// ```
pub fn catalog() -> &'static [Api] {
    APIS
}

/// Whether two strings are equal, at compile time.
#[allow(
    dead_code,
    reason = "without the feature of an API there is nothing to compare"
)]
const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut index = 0;
    while index < one.len() && index < other.len() && one[index] == other[index] {
        index += 1;
    }
    index == one.len() && index == other.len()
}

include!(concat!(env!("OUT_DIR"), "/catalog.rs"));
