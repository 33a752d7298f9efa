//! The locations of a schema in a message.

use serde_json::{Value, json};

/// A location, and how a schema is put there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The name of the location in cases.
    pub(super) name: &'static str,
    /// The prefix of rules at this location, and of rules about a property at this location.
    pub(super) prefix: &'static str,
    pub(super) members: &'static str,
    /// Whether the schema is that of a property, so that findings can concern properties.
    pub(super) is_member: bool,
    /// Whether values are sent as strings.
    pub(super) is_text: bool,
    /// The words for this location in a message. The property is separate, since a path may follow it.
    words: &'static str,
    property: bool,
    /// A keyword that is added to those of the schema.
    mark: Option<&'static str>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Body,
    Parameter(&'static str),
    Response,
    Header,
}

const fn place(
    name: &'static str,
    [prefix, members]: [&'static str; 2],
    words: &'static str,
    kind: Kind,
) -> Place {
    Place {
        name,
        prefix,
        members,
        is_member: false,
        is_text: matches!(kind, Kind::Parameter(_) | Kind::Header),
        words,
        property: false,
        mark: None,
        kind,
    }
}

impl Place {
    /// The property `p` of an object at this location.
    const fn property(self, name: &'static str) -> Self {
        Self {
            name,
            prefix: self.members,
            is_member: true,
            property: true,
            ..self
        }
    }

    /// The same, in a message that does not contain it.
    const fn silent(self, name: &'static str, mark: &'static str) -> Self {
        Self {
            name,
            prefix: name,
            members: name,
            mark: Some(mark),
            ..self
        }
    }
}

const BODY: Place = place(
    "request-body",
    ["request-body", "request-property"],
    "POST /a, request body",
    Kind::Body,
);
const PARAMETER: Place = place(
    "request-parameter",
    ["request-parameter", "request-parameter-property"],
    "POST /a, query parameter `q`",
    Kind::Parameter("query"),
);
const HEADER: Place = place(
    "request-header",
    ["request-parameter", "request-parameter-property"],
    "POST /a, header parameter `q`",
    Kind::Parameter("header"),
);
const ANSWER: Place = place(
    "response-body",
    ["response-body", "response-property"],
    "POST /a, response 200",
    Kind::Response,
);
const ANSWER_HEADER: Place = place(
    "response-header",
    ["response-header", "response-header-property"],
    "POST /a, response 200, header `h`",
    Kind::Header,
);

pub(super) const PLACES: [Place; 12] = [
    BODY,
    BODY.property("request-property"),
    BODY.property("request-property")
        .silent("request-read-only-property", "readOnly"),
    PARAMETER,
    PARAMETER.property("request-parameter-property"),
    HEADER,
    HEADER.property("request-header-property"),
    ANSWER,
    ANSWER.property("response-property"),
    ANSWER
        .property("response-property")
        .silent("response-write-only-property", "writeOnly"),
    ANSWER_HEADER,
    ANSWER_HEADER.property("response-header-property"),
];

impl Place {
    pub(super) fn is_request(self) -> bool {
        self.name.starts_with("request")
    }

    /// Whether messages of its side do not contain this location.
    pub(super) fn is_silent(self) -> bool {
        self.mark.is_some()
    }

    /// Whether generated code depends on a finding of this rule here. The method for a response header returns its type.
    pub(super) fn shows(self, rule: &str) -> bool {
        let is_type = ["-type-changed", "-type-generalized", "-type-specialized"]
            .iter()
            .any(|end| rule.ends_with(end));
        !self.name.starts_with("response-header") || (self.name == "response-header" && is_type)
    }

    /// The alternative prefix of some rules: properties of headers share most rules with those of other parameters, but
    /// have some of their own.
    pub(super) fn own_name(self, prefix: &'static str) -> &'static str {
        match prefix {
            "request-parameter-property" if self.name.starts_with("request-header") => {
                "request-header-property"
            }
            prefix => prefix,
        }
    }

    /// A document with the schema at this location and no other schemas, except in the components.
    pub(super) fn document(self, schema: &Value, media: &str, components: &Value) -> Value {
        let mut schema = schema.clone();
        if let (Some(mark), Value::Object(members)) = (self.mark, &mut schema) {
            members.insert(mark.to_owned(), json!(true));
        }
        if self.property {
            schema = json!({"type": "object", "required": ["p"], "properties": {"p": schema}});
        }
        let mut operation = json!({"responses": {"200": {"description": "d"}}});
        match self.kind {
            Kind::Body => {
                operation["requestBody"] = json!({"content": {media: {"schema": schema}}});
            }
            Kind::Parameter(location) => {
                operation["parameters"] = json!([{"in": location, "name": "q", "schema": schema}]);
            }
            Kind::Response => {
                operation["responses"]["200"]["content"] = json!({media: {"schema": schema}});
            }
            Kind::Header => {
                operation["responses"]["200"]["headers"] = json!({"h": {"schema": schema}});
            }
        }
        json!({
            "openapi": "3.1.0",
            "paths": {"/a": {"post": operation}},
            "components": {"schemas": components},
        })
    }

    /// The pointer to the schema in that document.
    pub(super) fn pointer(self, media: &str) -> String {
        let media = media.replace('/', "~1");
        let start = match self.kind {
            Kind::Body => format!("requestBody/content/{media}"),
            Kind::Parameter(_) => "parameters/0".to_owned(),
            Kind::Response => format!("responses/200/content/{media}"),
            Kind::Header => "responses/200/headers/h".to_owned(),
        };
        let end = if self.property { "/properties/p" } else { "" };
        format!("/paths/~1a/post/{start}/schema{end}")
    }

    /// The description of this location in messages, followed by a path below it.
    pub(super) fn words(self, path: &str, media: &str) -> String {
        let start = match (self.kind, media) {
            (Kind::Body | Kind::Response, media) if !media.ends_with("json") => {
                format!("{}, `{media}`", self.words)
            }
            _ => self.words.to_owned(),
        };
        let path = match (self.property, path) {
            (true, path) if path.is_empty() || path.starts_with(['[', '{']) => format!("p{path}"),
            (true, path) => format!("p.{path}"),
            (false, path) => path.to_owned(),
        };
        if path.is_empty() {
            start
        } else {
            format!("{start}, `{path}`")
        }
    }
}
