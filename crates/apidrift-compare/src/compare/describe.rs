//! Describes a location in a document for people.

use super::paths::METHODS;
use apidrift_document::{Cursor, FILES};

/// `GET /users: query parameter `limit``, `schema `User`: `address.city``, and so on.
pub(super) fn place(here: Cursor<'_>) -> String {
    let mut steps = Vec::new();
    let mut at = here;
    steps.push(at);
    while let Some(parent) = at.parent() {
        steps.push(parent);
        at = parent;
    }
    steps.reverse();
    let mut words = Words::default();
    words.root(&steps);
    words.finish()
}

#[derive(Default)]
struct Words {
    /// Such as `GET /users`, or the name of a component.
    subject: Vec<String>,
    /// `address.items[].city`
    path: String,
}

impl Words {
    fn finish(mut self) -> String {
        if !self.path.is_empty() {
            let path = format!("`{}`", self.path.trim_start_matches('.'));
            self.subject.push(path);
        }
        if self.subject.is_empty() {
            "API".to_owned()
        } else {
            self.subject.join(", ")
        }
    }

    fn root(&mut self, steps: &[Cursor<'_>]) {
        let Some(section) = steps.get(1) else {
            return;
        };
        match (section.name(), steps.len()) {
            (FILES, 3..) => self.file(&steps[2..]),
            ("paths" | "webhooks" | "x-webhooks", 3..) => self.path_item(&steps[2..]),
            ("components", 4..) => self.component(&steps[2..]),
            ("components", _) => self.subject.push("components".to_owned()),
            (name, _) => self.subject.push(format!("`{name}`")),
        }
    }

    /// Handles locations in other files, which are described like those of the document itself.
    fn file(&mut self, steps: &[Cursor<'_>]) {
        let name = format!("file `{}`", steps[0].name());
        match &steps[1..] {
            [section, rest @ ..] if section.name() == "components" && rest.len() > 1 => {
                self.subject.push(name);
                self.component(rest);
            }
            [section, rest @ ..] if section.name() == "paths" && !rest.is_empty() => {
                self.subject.push(name);
                self.path_item(rest);
            }
            [method, ..] if METHODS.contains(&method.name()) => {
                self.item_parts(name, &steps[1..]);
            }
            rest => {
                self.subject.push(name);
                self.message(rest);
                self.schema(rest);
            }
        }
    }

    fn component(&mut self, steps: &[Cursor<'_>]) {
        let noun = match steps[0].name() {
            "schemas" => "schema",
            "parameters" => "parameter",
            "responses" => "response",
            "requestBodies" => "request body",
            "headers" => "header",
            "securitySchemes" => "security scheme",
            "callbacks" => "callback",
            "pathItems" => "path item",
            other => other,
        };
        let (name, rest) = (format!("{noun} `{}`", steps[1].name()), &steps[2..]);
        if noun == "path item" {
            return self.item_parts(name, rest);
        }
        self.subject.push(name);
        match (noun, rest) {
            ("schema", _) => self.schema(rest),
            ("callback", [_, ..]) => self.path_item(rest),
            ("security scheme", _) => {}
            _ => self.message(rest),
        }
    }

    fn path_item(&mut self, steps: &[Cursor<'_>]) {
        self.item_parts(steps[0].name().to_owned(), &steps[1..]);
    }

    /// A path item, or a location inside it.
    fn item_parts(&mut self, name: String, steps: &[Cursor<'_>]) {
        match steps {
            [method, rest @ ..] if method.name() != "parameters" => {
                let method = method.name().to_uppercase();
                self.subject.push(format!("{method} {name}"));
                self.operation_parts(rest);
            }
            steps => {
                self.subject.push(name);
                self.operation_parts(steps);
            }
        }
    }

    fn operation_parts(&mut self, steps: &[Cursor<'_>]) {
        let (Some(part), Some(rest)) = (steps.first(), steps.get(1..)) else {
            return;
        };
        match (part.name(), rest) {
            ("parameters", [parameter, rest @ ..]) => {
                self.subject.push(parameter_name(*parameter));
                self.message(rest);
            }
            ("requestBody", rest) => {
                self.subject.push("request body".to_owned());
                self.message(rest);
            }
            ("responses", [response, rest @ ..]) => {
                self.subject.push(format!("response {}", response.name()));
                self.message(rest);
            }
            ("callbacks", [callback, item, rest @ ..]) => {
                self.subject.push(format!("callback `{}`", callback.name()));
                let mut steps = vec![*item];
                steps.extend(rest);
                self.path_item(&steps);
            }
            _ => {}
        }
    }

    /// Inside a parameter, body, response or header.
    fn message(&mut self, steps: &[Cursor<'_>]) {
        match steps {
            [content, media, rest @ ..] if content.name() == "content" => {
                if !media.name().ends_with("json") {
                    self.subject.push(format!("`{}`", media.name()));
                }
                self.message(rest);
            }
            [headers, header, rest @ ..] if headers.name() == "headers" => {
                self.subject.push(format!("header `{}`", header.name()));
                self.message(rest);
            }
            [schema, rest @ ..] if schema.name() == "schema" => self.schema(rest),
            _ => {}
        }
    }

    fn schema(&mut self, steps: &[Cursor<'_>]) {
        let mut steps = steps.iter();
        while let Some(step) = steps.next() {
            match step.name() {
                "properties" => {
                    if let Some(property) = steps.next() {
                        self.path.push('.');
                        self.path.push_str(property.name());
                    }
                }
                "patternProperties" | "dependentSchemas" => {
                    if let Some(pattern) = steps.next() {
                        self.path.extend(["{", pattern.name(), "}"]);
                    }
                }
                "items" | "prefixItems" | "contains" | "unevaluatedItems" => {
                    self.path.push_str("[]");
                }
                "additionalProperties" | "unevaluatedProperties" => self.path.push_str("{}"),
                _ => {}
            }
        }
    }
}

fn parameter_name(parameter: Cursor<'_>) -> String {
    let text = |name| parameter.get(name).and_then(Cursor::as_str);
    if let (Some(location), Some(name)) = (text("in"), text("name")) {
        return format!("{location} parameter `{name}`");
    }
    let reference = text("$ref").map(apidrift_document::last_token);
    format!("parameter `{}`", reference.unwrap_or_default())
}

/// A pointer in which list indices that may shift are replaced by the content, so that an inserted item does not change the
/// identity of a change.
pub(super) fn stable(here: Cursor<'_>) -> String {
    let mut tokens = Vec::new();
    let mut at = here;
    while let Some(parent) = at.parent() {
        tokens.push(if parent.is_object() {
            at.name().to_owned()
        } else {
            item_name(at)
        });
        at = parent;
    }
    tokens.reverse();
    tokens.join("\u{1f}")
}

fn item_name(item: Cursor<'_>) -> String {
    let text = |name| item.get(name).and_then(Cursor::as_str);
    match (text("in"), text("name"), text("$ref"), text("title")) {
        (Some(location), Some(name), ..) => format!("{location}:{name}"),
        (_, _, Some(reference), _) => reference.to_owned(),
        (_, _, _, Some(title)) => title.to_owned(),
        _ => item.tokens().pop().unwrap_or_default(),
    }
}
