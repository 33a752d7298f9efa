//! The names of methods in generated crates.

/// The method of a generated crate: the operation's ID in snake case.
pub fn method_name(id: &str) -> String {
    let mut name = String::new();
    let mut previous = '_';
    let mut characters = id.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_alphanumeric() {
            let starts_word = character.is_uppercase()
                && (previous.is_lowercase()
                    || previous.is_ascii_digit()
                    || (previous.is_uppercase()
                        && characters.peek().is_some_and(|next| next.is_lowercase())));
            if starts_word && !name.ends_with('_') && !name.is_empty() {
                name.push('_');
            }
            name.extend(character.to_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        previous = character;
    }
    name.trim_end_matches('_').to_owned()
}
