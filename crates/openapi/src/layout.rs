//! The names of the files in `specs/<api>/`.

/// The file with the settings of an API, which every folder in `specs/` must have.
pub const API_FILE: &str = "api.toml";

/// The normalised document of an API.
pub const NORMALISED: &str = "openapi.json";

/// The possible files of an API's single document, which is hand-written or was passed to `cargo xtask new`.
pub const GIVEN: [&str; 2] = ["spec.yaml", "spec.json"];

/// The overlay of an API.
pub const OVERLAY: &str = "overlay.yaml";

/// The folder of published documents.
pub const PUBLISHED: &str = "published";

/// The record of the source of each published document.
pub const RECORD: &str = "sources.json";
