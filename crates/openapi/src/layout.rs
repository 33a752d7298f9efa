//! The names of the files in `specs/<api>/`.

/// The file that makes a folder in `specs/` an API, and holds its settings.
pub const API_FILE: &str = "api.toml";

/// The normalised document of an API.
pub const NORMALISED: &str = "openapi.json";

/// The files that may hold the one document of an API: written by hand where the vendor publishes
/// none, or given to `cargo xtask new`.
pub const GIVEN: [&str; 2] = ["spec.yaml", "spec.json"];

/// The overlay of an API.
pub const OVERLAY: &str = "overlay.yaml";

/// The folder of published documents.
pub const PUBLISHED: &str = "published";

/// The record of where each published document came from.
pub const RECORD: &str = "sources.json";
