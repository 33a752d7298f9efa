//! An API whose only version is deprecated: its declaration compiles without a warning.

#![deny(deprecated)]

use specmill_client::VersionState;

specmill_client::api_versions! {
    /// A version of the API.
    pub enum ApiVersion {
        /// The only one.
        #[deprecated(note = "it ends soon")]
        #[default]
        V1 = "1", VersionState::Deprecated, None;
    }
}

#[test]
fn a_deprecated_version_may_be_the_default() {
    assert_eq!(ApiVersion::default().as_str(), "1");
    assert_eq!(ApiVersion::default().state(), VersionState::Deprecated);
    assert_eq!(ApiVersion::ALL.len(), 1);
}
