/// Whether a character controls a terminal, or reorders or hides text: what a service sends is not to be shown with it.
pub fn is_unprintable(character: char) -> bool {
    crate::text::is_unprintable(character)
}
