/// Whether a character controls a terminal, or reorders or hides text. Output from a service must not contain such
/// characters.
pub fn is_unprintable(character: char) -> bool {
    specmill_http::text::is_unprintable(character)
}
