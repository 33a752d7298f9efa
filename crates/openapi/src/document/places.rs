//! The structure of a document: which properties are objects of the specification, and which are data.

use serde_json::{Map, Value};

use super::METHODS;

/// An object of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Document,
    Components,
    PathItem,
    Operation,
    Parameter,
    Header,
    Body,
    Response,
    MediaType,
    Encoding,
    Example,
    Link,
    Callback,
    SecurityScheme,
    Schema,
}

/// The content of a property of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// One object.
    One(Kind),
    /// Objects by name, or a list of them.
    Each(Kind),
    /// Data, in which `$ref` has no special meaning.
    Data,
}

impl Kind {
    /// What a member of such an object holds.
    #[expect(
        clippy::match_same_arms,
        reason = "each line is one of the specification's"
    )]
    pub(crate) fn member(self, name: &str) -> Place {
        use Place::{Data, Each, One};
        match (self, name) {
            (Self::Document, "paths" | "webhooks" | "x-webhooks") => Each(Self::PathItem),
            (Self::Document, "components") => One(Self::Components),
            // The components of Swagger 2.0.
            (Self::Document, "definitions") | (Self::Components, "schemas") => Each(Self::Schema),
            (Self::Document, "parameters") => Each(Self::Parameter),
            (Self::Document, "responses") => Each(Self::Response),
            (Self::Components, "parameters") => Each(Self::Parameter),
            (Self::Components, "headers") => Each(Self::Header),
            (Self::Components, "requestBodies") => Each(Self::Body),
            (Self::Components, "responses") => Each(Self::Response),
            (Self::Components, "examples") => Each(Self::Example),
            (Self::Components, "links") => Each(Self::Link),
            (Self::Components, "callbacks") => Each(Self::Callback),
            (Self::Components, "securitySchemes") => Each(Self::SecurityScheme),
            (Self::Components, "pathItems") => Each(Self::PathItem),
            (Self::Components, "mediaTypes") => Each(Self::MediaType),
            (Self::PathItem | Self::Operation, "parameters") => Each(Self::Parameter),
            (Self::PathItem, "query") => One(Self::Operation),
            (Self::PathItem, "additionalOperations") => Each(Self::Operation),
            (Self::PathItem, method) if METHODS.contains(&method) => One(Self::Operation),
            (Self::Operation, "requestBody") => One(Self::Body),
            (Self::Operation, "responses") => Each(Self::Response),
            (Self::Operation, "callbacks") => Each(Self::Callback),
            (Self::Callback, expression) if !expression.starts_with("x-") => One(Self::PathItem),
            (Self::Parameter | Self::Header | Self::MediaType | Self::Response, "schema") => {
                One(Self::Schema)
            }
            (Self::MediaType, "itemSchema") => One(Self::Schema),
            (Self::Parameter | Self::Header | Self::MediaType, "examples") => Each(Self::Example),
            (Self::Parameter | Self::Header | Self::Body | Self::Response, "content") => {
                Each(Self::MediaType)
            }
            (Self::MediaType, "encoding") => Each(Self::Encoding),
            (Self::Response | Self::Encoding, "headers") => Each(Self::Header),
            (Self::Response, "links") => Each(Self::Link),
            (
                Self::Schema,
                "items"
                | "additionalItems"
                | "additionalProperties"
                | "contains"
                | "contentSchema"
                | "else"
                | "if"
                | "not"
                | "propertyNames"
                | "then"
                | "unevaluatedItems"
                | "unevaluatedProperties",
            ) => One(Self::Schema),
            (
                Self::Schema,
                "$defs" | "definitions" | "dependentSchemas" | "patternProperties" | "properties"
                | "allOf" | "anyOf" | "oneOf" | "prefixItems",
            ) => Each(Self::Schema),
            _ => Data,
        }
    }

    /// Where a document keeps such objects by name; `None` for what has no place of its own among the components.
    pub(crate) fn components(self, swagger: bool) -> Option<&'static str> {
        Some(match (self, swagger) {
            (Self::Schema, true) => "/definitions",
            (Self::Parameter, true) => "/parameters",
            (Self::Response, true) => "/responses",
            (Self::Schema, false) => "/components/schemas",
            (Self::Parameter, false) => "/components/parameters",
            (Self::Header, false) => "/components/headers",
            (Self::Body, false) => "/components/requestBodies",
            (Self::Response, false) => "/components/responses",
            (Self::Example, false) => "/components/examples",
            (Self::Link, false) => "/components/links",
            (Self::Callback, false) => "/components/callbacks",
            (Self::SecurityScheme, false) => "/components/securitySchemes",
            _ => return None,
        })
    }
}

/// Calls `visit` for each member of an object that holds objects, with its name, or its names for one in a list or a map.
pub(crate) fn each_object(
    members: &mut Map<String, Value>,
    kind: Kind,
    visit: &mut dyn FnMut(&[&str], Kind, &mut Value),
) {
    for (name, member) in members {
        let (kind, many) = match kind.member(name) {
            Place::One(kind) => (kind, member.is_array()),
            Place::Each(kind) => (kind, true),
            Place::Data => continue,
        };
        match member {
            Value::Array(items) if many => {
                for (index, item) in items.iter_mut().enumerate() {
                    visit(&[name, &index.to_string()], kind, item);
                }
            }
            Value::Object(inner) if many => {
                for (key, item) in inner {
                    let extension =
                        matches!(kind, Kind::PathItem | Kind::Response) && key.starts_with("x-");
                    if !extension {
                        visit(&[name, key], kind, item);
                    }
                }
            }
            other => visit(&[name], kind, other),
        }
    }
}
