//! Parses the descriptions of an API's operations that the generator writes.
//!
//! The data has the lifetime of the program, like the tables of typed operations.

use serde::Deserialize;
use specmill_http::operation::{
    self, Body, BodyEncoding, Bounds, EventData, Idempotency, Items, Method, Paging,
    ParameterLocation, StreamFlag, Style,
};

use super::{Kind, Member, Operation, Parameter, Stream, Success};

/// Parses the operations of a document.
pub(super) fn read(document: &str) -> Result<Vec<&'static Operation>, String> {
    let document: Document = serde_json::from_str(document).map_err(|error| error.to_string())?;
    let api = text(document.api);
    let operations = document.operations.into_iter();
    operations
        .map(|one| one.operation(api).map(|one| &*Box::leak(Box::new(one))))
        .collect()
}

#[derive(Deserialize)]
struct Document {
    api: String,
    operations: Vec<OperationData>,
}

#[derive(Deserialize)]
struct OperationData {
    id: String,
    method: String,
    path: String,
    #[serde(default)]
    parameters: Vec<ParameterData>,
    body: Option<BodyData>,
    paging: Option<PagingData>,
    permission: Option<String>,
    authenticated: bool,
    #[serde(default)]
    security: Vec<Vec<String>>,
    server: Option<String>,
    accept: Option<String>,
    idempotency: Option<IdempotencyData>,
    group: String,
    #[serde(default)]
    group_description: String,
    verb: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    deprecated: bool,
    success: SuccessData,
    stream: Option<StreamData>,
}

#[derive(Deserialize)]
struct ParameterData {
    name: String,
    location: LocationData,
    #[serde(default)]
    required: bool,
    style: StyleData,
    #[serde(default)]
    allow_reserved: bool,
    #[serde(default)]
    bounds: BoundsData,
    #[serde(flatten)]
    value: ValueData,
    default: Option<String>,
}

/// The description of a value for users.
#[derive(Deserialize)]
struct ValueData {
    words: String,
    kind: KindData,
    #[serde(default)]
    repeats: bool,
    #[serde(default)]
    values: Vec<String>,
    example: Option<String>,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
struct BodyData {
    content_type: String,
    encoding: EncodingData,
    required: bool,
    #[serde(default)]
    styles: Vec<(String, StyleData)>,
    #[serde(default)]
    members: Vec<MemberData>,
}

#[derive(Deserialize)]
struct MemberData {
    path: Vec<String>,
    #[serde(default)]
    required: bool,
    #[serde(flatten)]
    value: ValueData,
}

#[derive(Deserialize)]
struct PagingData {
    kind: PagingKind,
    #[serde(default)]
    parameter: String,
    next: Option<String>,
    #[serde(default)]
    header: String,
    #[serde(default)]
    field: String,
    #[serde(default)]
    id: String,
    more: Option<String>,
    #[serde(default)]
    first: u64,
    size_parameter: Option<String>,
    #[serde(default)]
    default_size: u64,
    items: String,
    items_required: bool,
}

#[derive(Deserialize)]
enum PagingKind {
    Cursor,
    HeaderCursor,
    BodyCursor,
    LastItem,
    Link,
    PageNumber,
    Offset,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum IdempotencyData {
    Always,
    Key { header: String },
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct BoundsData {
    minimum: Option<f64>,
    maximum: Option<f64>,
    exclusive_minimum: bool,
    exclusive_maximum: bool,
    min_length: Option<u64>,
    max_length: Option<u64>,
    min_items: Option<u64>,
    max_items: Option<u64>,
}

/// Declares an enum of names in the data, and its conversion to the type of the runtime.
macro_rules! names {
    ($data:ident of $kind:ident: $($name:ident),*) => {
        #[derive(Deserialize)]
        enum $data { $($name),* }

        impl From<$data> for $kind {
            fn from(data: $data) -> Self {
                match data { $($data::$name => Self::$name),* }
            }
        }
    };
}

names!(LocationData of ParameterLocation: Path, Query, Header, Cookie);
names!(StyleData of Style: Form, FormJoined, SpaceDelimited, PipeDelimited, DeepObject, Simple, SimpleExploded, Label,
    LabelExploded, Matrix, MatrixExploded, Json);
names!(EncodingData of BodyEncoding: Json, Form, FormBrackets, Text, Bytes);
names!(EventDataData of EventData: Json, Text, Envelope);
names!(KindData of Kind: Text, Integer, Number, Boolean, Json);

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SuccessData {
    Empty,
    Json {
        #[serde(default)]
        optional: bool,
        rows: Option<String>,
        #[serde(default)]
        columns: Vec<Vec<String>>,
    },
    Text,
    Bytes,
    Stream,
}

#[derive(Deserialize)]
struct StreamData {
    kind: StreamKindData,
    flag: Option<StreamFlagData>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum StreamKindData {
    Events(EventDataData),
    Lines(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum StreamFlagData {
    Body(String),
    Query(String),
}

impl OperationData {
    fn operation(self, api: &'static str) -> Result<Operation, String> {
        let method = Method::from_bytes(self.method.as_bytes());
        let method = method.map_err(|_| format!("`{}` is not a method", self.method))?;
        let mut body_members = Vec::new();
        let body = self.body.map(|body| {
            body_members = body.members;
            let styles = body.styles.into_iter();
            let styles: Vec<_> = styles
                .map(|(name, style)| (text(name), style.into()))
                .collect();
            Body {
                content_type: text(body.content_type),
                encoding: body.encoding.into(),
                required: body.required,
                styles: styles.leak(),
            }
        });
        let mut tables = Vec::new();
        let mut descriptions = Vec::new();
        for parameter in self.parameters {
            let bounds = parameter.bounds;
            tables.push(operation::Parameter {
                name: text(parameter.name),
                location: parameter.location.into(),
                required: parameter.required,
                style: parameter.style.into(),
                allow_reserved: parameter.allow_reserved,
                bounds: Bounds {
                    minimum: bounds.minimum,
                    maximum: bounds.maximum,
                    exclusive_minimum: bounds.exclusive_minimum,
                    exclusive_maximum: bounds.exclusive_maximum,
                    min_length: bounds.min_length,
                    max_length: bounds.max_length,
                    min_items: bounds.min_items,
                    max_items: bounds.max_items,
                },
            });
            let one = parameter.value;
            descriptions.push(Parameter {
                words: text(one.words),
                kind: one.kind.into(),
                repeats: one.repeats,
                values: texts(one.values),
                default: parameter.default.map(text),
                example: one.example.map(text),
                description: text(one.description),
            });
        }
        let (stream, stream_flag) = match self.stream {
            None => (None, None),
            Some(data) => (Some(data.kind.into()), data.flag.map(StreamFlag::from)),
        };
        let table = operation::Operation {
            api,
            id: text(self.id),
            method,
            path: text(self.path),
            parameters: tables.leak(),
            body,
            paging: self.paging.map(Paging::from),
            permission: self.permission.map(text),
            authenticated: self.authenticated,
            security: self
                .security
                .into_iter()
                .map(texts)
                .collect::<Vec<_>>()
                .leak(),
            server: self.server.map(text),
            accept: self.accept.map(text),
            idempotency: match self.idempotency {
                None => Idempotency::ByMethod,
                Some(IdempotencyData::Always) => Idempotency::Always,
                Some(IdempotencyData::Key { header }) => Idempotency::Key {
                    header: text(header),
                },
            },
            stream_flag,
        };
        let members = body_members.into_iter().map(|member| Member {
            path: texts(member.path),
            words: text(member.value.words),
            kind: member.value.kind.into(),
            repeats: member.value.repeats,
            required: member.required,
            values: texts(member.value.values),
            example: member.value.example.map(text),
            description: text(member.value.description),
        });
        Ok(Operation {
            table: Box::leak(Box::new(table)),
            group: text(self.group),
            group_description: text(self.group_description),
            verb: text(self.verb),
            summary: text(self.summary),
            description: text(self.description),
            deprecated: self.deprecated,
            parameters: descriptions.leak(),
            body: members.collect::<Vec<_>>().leak(),
            success: match self.success {
                SuccessData::Empty => Success::Empty,
                SuccessData::Text => Success::Text,
                SuccessData::Bytes => Success::Bytes,
                SuccessData::Stream => Success::Stream,
                SuccessData::Json {
                    optional,
                    rows,
                    columns,
                } => Success::Json {
                    optional,
                    rows: rows.map(text),
                    columns: columns.into_iter().map(texts).collect::<Vec<_>>().leak(),
                },
            },
            stream,
        })
    }
}

impl From<StreamKindData> for Stream {
    fn from(data: StreamKindData) -> Self {
        match data {
            StreamKindData::Events(data) => Self::Events(data.into()),
            StreamKindData::Lines(media_type) => Self::Lines(text(media_type)),
        }
    }
}

impl From<StreamFlagData> for StreamFlag {
    fn from(data: StreamFlagData) -> Self {
        match data {
            StreamFlagData::Body(name) => Self::Body(text(name)),
            StreamFlagData::Query(name) => Self::Query(text(name)),
        }
    }
}

impl From<PagingData> for Paging {
    fn from(data: PagingData) -> Self {
        let items = Items {
            field: text(data.items),
            required: data.items_required,
        };
        let (parameter, next, more) = (
            text(data.parameter),
            data.next.map(text),
            data.more.map(text),
        );
        let (first, size_parameter, default_size) =
            (data.first, data.size_parameter.map(text), data.default_size);
        match data.kind {
            PagingKind::Cursor => Self::Cursor {
                parameter,
                next: next.unwrap_or_default(),
                more,
                items,
            },
            PagingKind::HeaderCursor => Self::HeaderCursor {
                parameter,
                header: text(data.header),
                items,
            },
            PagingKind::BodyCursor => Self::BodyCursor {
                field: text(data.field),
                next: next.unwrap_or_default(),
                more,
                items,
            },
            PagingKind::LastItem => Self::LastItem {
                parameter,
                id: text(data.id),
                more: more.unwrap_or_default(),
                items,
            },
            PagingKind::Link => Self::Link { next, items },
            PagingKind::PageNumber => Self::PageNumber {
                parameter,
                first,
                size_parameter,
                default_size,
                more,
                items,
            },
            PagingKind::Offset => Self::Offset {
                parameter,
                first,
                size_parameter,
                default_size,
                more,
                items,
            },
        }
    }
}

/// Leaks a string, so that it has the lifetime of the program.
fn text(text: String) -> &'static str {
    // Most descriptions are empty.
    if text.is_empty() { "" } else { text.leak() }
}

fn texts(all: Vec<String>) -> &'static [&'static str] {
    all.into_iter().map(text).collect::<Vec<_>>().leak()
}
