//! Parses JSON or YAML into a tree.

use serde::de::DeserializeSeed;

use super::Error;
use super::read::Seed;
use super::tree::{Builder, NodeId};

/// The maximum size of an input.
pub const MAX_BYTES: usize = 1 << 30;

pub(crate) fn build<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
    builder: &mut Builder,
    file: Option<&str>,
) -> Result<NodeId, D::Error> {
    let seed = Seed {
        builder,
        depth: 0,
        file,
    };
    seed.deserialize(deserializer)
}

/// Parses JSON or YAML. With `file`, references in it are prefixed with their files.
pub(crate) fn any(
    text: &str,
    name: &str,
    builder: &mut Builder,
    file: Option<&str>,
) -> Result<NodeId, Error> {
    if text.len() > MAX_BYTES {
        let problem = format!("larger than {MAX_BYTES} bytes");
        return Err(Error::new(
            name,
            problem,
            "split the document or compare parts of it",
        ));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') {
        // Flow-style YAML begins like JSON; if both fail, the error of JSON is more useful.
        json(text, name, builder, file)
            .or_else(|error| yaml(text, name, builder, file).map_err(|_| error))
    } else {
        yaml(text, name, builder, file)
    }
}

fn json(
    text: &str,
    name: &str,
    builder: &mut Builder,
    file: Option<&str>,
) -> Result<NodeId, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    build(&mut deserializer, builder, file)
        .and_then(|root| deserializer.end().map(|()| root))
        .map_err(|error| {
            let message = error.to_string();
            let end = message.rfind(" at line ").unwrap_or(message.len());
            unreadable(name, &message[..end]).at(error.line(), error.column())
        })
}

fn yaml(
    text: &str,
    name: &str,
    builder: &mut Builder,
    file: Option<&str>,
) -> Result<NodeId, Error> {
    build(yaml_serde::Deserializer::from_str(text), builder, file).map_err(|error| {
        let message = error.to_string();
        let end = message.find(" at line ").unwrap_or(message.len());
        let unplaced = unreadable(name, &message[..end]);
        match error.location() {
            Some(location) => unplaced.at(location.line(), location.column()),
            None => unplaced,
        }
    })
}

pub(crate) fn unreadable(name: &str, problem: &str) -> Error {
    Error::new(name, problem, "correct the JSON or YAML at this place")
}
