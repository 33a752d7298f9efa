//! The policy of a team: accepted changes, custom verdicts, and the condition for failure.

mod accept;
mod fail;
mod levels;

use serde::de::DeserializeOwned;

pub use accept::Acceptances;
pub use fail::FailOn;
pub use levels::Levels;

use crate::Error;

/// Reads a policy file, YAML or JSON.
fn read<T: DeserializeOwned>(text: &str, name: &str, remedy: &str) -> Result<T, Error> {
    yaml_serde::from_str(text).map_err(|error| {
        let message = error.to_string();
        let end = message.find(" at line ").unwrap_or(message.len());
        let unplaced = Error::new(name, &message[..end], remedy);
        match error.location() {
            Some(location) => unplaced.at(location.line(), location.column()),
            None => unplaced,
        }
    })
}
