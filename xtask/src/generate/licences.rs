//! The licences' texts, of which each package holds a copy.

/// Name and content of each file, as they are at the root of the workspace.
pub const LICENCES: [(&str, &str); 2] = [
    ("LICENSE-APACHE", include_str!("../../../LICENSE-APACHE")),
    ("LICENSE-MIT", include_str!("../../../LICENSE-MIT")),
];
