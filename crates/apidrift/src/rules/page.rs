//! The rules page.

/// The page, in markdown.
pub fn page() -> String {
    String::new()
}
