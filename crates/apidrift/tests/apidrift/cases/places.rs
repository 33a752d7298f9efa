//! The places that a schema has in a message.

use serde_json::{Value, json};

/// A place, and how a schema is put there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// How cases call it.
    pub(super) name: &'static str,
    /// How rules found there begin, and rules found at a member there.
    pub(super) prefix: &'static str,
    pub(super) members: &'static str,
    /// Whether its schema is a property, so that what is found there can be about members.
    pub(super) is_member: bool,
    /// Whether values are written as text.
    pub(super) is_text: bool,
    /// The part of a message that names it: the property comes apart, as paths go on from it.
    words: &'static str,
    property: bool,
    /// What is put beside the schema's own keywords.
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
    /// The property `p` of an object at this place.
    const fn property(self, name: &'static str) -> Self {
        Self {
            name,
            prefix: self.members,
            is_member: true,
            property: true,
            ..self
        }
    }

    /// The same, not carried by messages of its side.
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

    /// Whether messages of its side do not carry what stands here.
    pub(super) fn is_silent(self) -> bool {
        self.mark.is_some()
    }

    /// Whether generated code shows what a rule finds here. The method that reads a header of a response shows its type.
    pub(super) fn shows(self, rule: &str) -> bool {
        let is_type = ["-type-changed", "-type-generalized", "-type-specialized"]
            .iter()
            .any(|end| rule.ends_with(end));
        !self.name.starts_with("response-header") || (self.name == "response-header" && is_type)
    }

    /// The name that some rules begin with instead of the prefix: properties of headers share most rules
    /// with those of other parameters, and have some of their own.
    pub(super) fn own_name(self, prefix: &'static str) -> &'static str {
        match prefix {
            "request-parameter-property" if self.name.starts_with("request-header") => {
                "request-header-property"
            }
            prefix => prefix,
        }
    }

    /// A document that has the schema here, and no schema elsewhere but for the components.
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

    /// Where the schema stands in that document.
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

    /// What people call it, and what stands below it at this path.
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
