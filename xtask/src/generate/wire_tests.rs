//! The tests of a generated crate: what each operation sends, and that an answer made from the
//! document is read.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::api::Api;
use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::{
    Authentication, Body, Encoding, Operation, Parameter, ParameterPlace, Style, Success,
};

use super::sample_calls::{
    Values as _, body_setter, client_settings, given, json_literal, setters,
};
use super::samples::Samples;
use super::source::{self, identifier};
use super::{by_tag, operations};

/// The files of the `wire` test: `main.rs` with what the tests share, and one for each tag.
pub(super) fn files(api: &Api, model: &Model) -> Result<Vec<(String, String)>> {
    let tags = by_tag(model);
    let modules = tags
        .keys()
        .map(|tag| identifier(tag))
        .collect::<Result<Vec<_>>>()?;
    let krate = identifier(&api.crate_name())?;
    let settings = client_settings(model)?;
    let credentials = credential_checks(&model.authentication);
    let mut files = vec![(
        "main.rs".to_owned(),
        source::file(
            api,
            quote! {
                //! What each operation sends, with the required parameters alone and with all of them, and
                //! that an answer made from the document is read.
                #![allow(clippy::unwrap_used, missing_docs, reason = "these are tests")]
                #![allow(dead_code, reason = "not every API has operations of every kind")]

                #(mod #modules;)*

                use wiremock::matchers::any;
                use wiremock::{Mock, MockServer, Request, ResponseTemplate};

                /// A server that gives one answer to everything, and a client of it.
                async fn serve(answer: ResponseTemplate) -> (MockServer, #krate::Client) {
                    let server = MockServer::start().await;
                    Mock::given(any()).respond_with(answer).mount(&server).await;
                    let client = #krate::Client::builder().base_url(server.uri())#settings.build().unwrap();
                    (server, client)
                }

                /// The one request that arrived, its line and credentials checked.
                async fn sent(server: &MockServer, method: &str, path: &str, authenticated: bool) -> Request {
                    let mut requests = server.received_requests().await.unwrap();
                    assert_eq!(requests.len(), 1);
                    let request = requests.remove(0);
                    assert_eq!((request.method.as_str(), request.url.path()), (method, path));
                    assert!(header(&request, "user-agent").is_some());
                    assert_eq!(header(&request, "api-version"), None);
                    #credentials
                    request
                }

                fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
                    request.headers.get(name).map(|value| value.to_str().unwrap())
                }

                /// The query, decoded, in the order of names and then as sent.
                fn query(request: &Request) -> Vec<(String, String)> {
                    let mut pairs: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
                    pairs.sort_by(|one, other| one.0.cmp(&other.0));
                    pairs
                }

                fn json(text: &str) -> serde_json::Value {
                    serde_json::from_str(text).unwrap()
                }

                fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
                    expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
                }
            },
        )?,
    )];
    let samples = Samples::new(model);
    for (tag, operations) in tags {
        let mut items = TokenStream::new();
        for operation in operations {
            for every in [false, true] {
                items.extend(test(operation, &samples, every)?);
            }
            items.extend(bodiless(operation, &samples)?);
        }
        let docs = format!(" Requests and answers of the operations of `{tag}`.");
        let text = source::file(
            api,
            quote! {
                #![doc = #docs]
                #[allow(unused_imports, reason = "not every operation has parameters, a body and an answer")]
                use super::{ResponseTemplate, header, json, pairs, query, sent, serve};
                #[allow(unused_imports, reason = "not every operation has a typed body or answer")]
                use #krate::types;
                #items
            },
        )?;
        // prettyplease leaves the arguments of macros as the tokens print.
        files.push((format!("{tag}.rs"), text.replace("(& ", "(&")));
    }
    Ok(files)
}

/// What proves who sends a request, and that an unauthenticated one carries none of it.
fn credential_checks(authentication: &Authentication) -> TokenStream {
    let carried = |name: &str, value: &str| {
        quote! {
            assert_eq!(header(&request, #name), authenticated.then_some(#value));
        }
    };
    match authentication {
        Authentication::None => quote!(assert!(!authenticated);),
        Authentication::ApiKeyHeader(name) => carried(name, "test-key"),
        Authentication::ApiKeyQuery(name) => quote! {
            let carried = query(&request).contains(&(#name.to_owned(), "test-key".to_owned()));
            assert_eq!(carried, authenticated);
        },
        Authentication::Bearer => carried("authorization", "Bearer test-token"),
        Authentication::Basic => carried("authorization", "Basic dGVzdC11c2VyOnRlc3QtcGFzc3dvcmQ="),
        Authentication::ScpSignature => {
            let access_key = carried("scp-accesskey", "test-access");
            let client_type = carried("scp-clienttype", "Openapi");
            quote! {
                #access_key
                #client_type
                for name in ["scp-signature", "scp-timestamp"] {
                    assert_eq!(header(&request, name).is_some(), authenticated, "{name}");
                }
            }
        }
    }
}

fn test(operation: &Operation, samples: &Samples<'_>, every: bool) -> Result<TokenStream> {
    let with = if every {
        "all_its_parameters"
    } else {
        "what_is_required"
    };
    let name = format_ident!("{}_is_sent_with_{with}", operation.id.trim_end_matches('_'));
    let method = identifier(&operation.id)?;
    let Some(given) = given(operation, samples, every) else {
        return Ok(TokenStream::new());
    };
    let setters = setters(&given)?;
    let body = operation
        .body
        .as_ref()
        .filter(|body| every || body.required);
    let (set_body, check_body) = match body {
        Some(body) => (
            body_setter(body, &samples.body(body, every).unwrap_or_default())?,
            body_check(body, samples, every),
        ),
        None => (quote!(), quote!(assert!(request.body.is_empty());)),
    };
    let mut path = operation.path.clone();
    for (parameter, value) in given
        .iter()
        .filter(|(parameter, _)| parameter.place == ParameterPlace::Path)
    {
        path = path.replace(
            &format!("{{{}}}", parameter.name),
            &percent_encoded(&simple(parameter, value)),
        );
    }
    let mut expected_query: Vec<(String, String)> = given
        .iter()
        .filter(|(parameter, _)| parameter.place == ParameterPlace::Query)
        .flat_map(|(parameter, value)| query_pairs(parameter, value))
        .collect();
    expected_query.sort_by(|one, other| one.0.cmp(&other.0));
    let (names, values): (Vec<_>, Vec<_>) = expected_query.into_iter().unzip();
    let headers = given
        .iter()
        .filter(|(parameter, _)| parameter.place == ParameterPlace::Header)
        .map(|(parameter, value)| {
            let (name, value) = (&parameter.name, simple(parameter, value));
            quote!(assert_eq!(header(&request, #name), Some(#value));)
        });
    let cookies: Vec<String> = given
        .iter()
        .filter(|(parameter, _)| parameter.place == ParameterPlace::Cookie)
        .map(|(parameter, value)| {
            format!(
                "{}={}",
                parameter.name,
                percent_encoded(&simple(parameter, value))
            )
        })
        .collect();
    let check_cookies = (!cookies.is_empty()).then(|| {
        let cookies = cookies.join("; ");
        quote!(assert_eq!(header(&request, "cookie"), Some(#cookies));)
    });
    let (answer, check_answer) = answer(operation, samples, every);
    let bind = (operation.success != Success::Empty).then(|| quote!(let answer =));
    let (http_method, authenticated) = (&operation.method, operation.authenticated);
    let deprecated = operation
        .deprecated
        .then(|| quote!(#[allow(deprecated, reason = "deprecated operations are tested too")]));
    Ok(quote! {
        #[tokio::test]
        #deprecated
        async fn #name() {
            #answer
            #bind client.#method()#(#setters)*#set_body.send().await.unwrap();
            #check_answer
            let request = sent(&server, #http_method, #path, #authenticated).await;
            let expected = pairs(&[#((#names, #values)),*]);
            assert_eq!(query(&request), expected);
            #(#headers)*
            #check_cookies
            #check_body
        }
    })
}

/// The test that a success without a body is told from one with a body, where an operation has both.
fn bodiless(operation: &Operation, samples: &Samples<'_>) -> Result<TokenStream> {
    let (Success::OptionalJson(_), Some(given)) =
        (&operation.success, given(operation, samples, false))
    else {
        return Ok(TokenStream::new());
    };
    let name = format_ident!(
        "{}_may_answer_without_a_body",
        operation.id.trim_end_matches('_')
    );
    let (method, setters) = (identifier(&operation.id)?, setters(&given)?);
    let body = operation.body.as_ref().filter(|body| body.required);
    let set_body = body
        .map(|body| body_setter(body, &samples.body(body, false).unwrap_or_default()))
        .transpose()?;
    let deprecated = operation
        .deprecated
        .then(|| quote!(#[allow(deprecated, reason = "deprecated operations are tested too")]));
    Ok(quote! {
        #[tokio::test]
        #deprecated
        async fn #name() {
            let (_server, client) = serve(ResponseTemplate::new(204)).await;
            let answer = client.#method()#(#setters)*#set_body.send_response().await.unwrap();
            assert_eq!(answer.status().as_u16(), 204);
            assert!(answer.into_body().is_none());
        }
    })
}

/// The check of what was sent as a body.
fn body_check(body: &Body, samples: &Samples<'_>, every: bool) -> TokenStream {
    let content_type = match body.encoding {
        Encoding::BytesOfType => operations::sample_content_type(&body.content_type),
        _ => body.content_type.clone(),
    };
    let check = match body.encoding {
        Encoding::Json => {
            let json = json_literal(&samples.value(&body.lowered, every));
            quote! {
                let expected = #json;
                assert_eq!(serde_json::from_slice::<serde_json::Value>(&request.body).unwrap(), expected);
            }
        }
        Encoding::Form | Encoding::FormBrackets => quote!(assert!(!request.body.is_empty());),
        Encoding::BytesOfType | Encoding::Text | Encoding::Bytes => {
            quote!(assert_eq!(request.body, b"text");)
        }
    };
    quote! {
        assert_eq!(header(&request, "content-type"), Some(#content_type));
        #check
    }
}

/// The answer that the server gives, and the check of what the client made of it.
fn answer(operation: &Operation, samples: &Samples<'_>, every: bool) -> (TokenStream, TokenStream) {
    let status = operation
        .statuses
        .iter()
        .find_map(|(status, _)| {
            status
                .parse::<u16>()
                .ok()
                .filter(|status| (200..300).contains(status))
        })
        .unwrap_or(200);
    match &operation.success {
        Success::Empty => (serve(&quote!(ResponseTemplate::new(#status))), quote!()),
        Success::Json(lowered) | Success::OptionalJson(lowered) => {
            let json = json_literal(&samples.value(lowered, every));
            // A 204 has no body; where one is declared beside a body, the body is tested.
            let status = if status == 204 { 200 } else { status };
            let served = quote! {
                let served = #json;
                let (server, client) = serve(ResponseTemplate::new(#status).set_body_json(&served)).await;
            };
            (
                served,
                quote!(assert_eq!(serde_json::to_value(&answer).unwrap(), served);),
            )
        }
        Success::Text => (
            serve(&quote!(ResponseTemplate::new(#status).set_body_string("text"))),
            quote!(assert_eq!(answer, "text");),
        ),
        Success::Bytes => (
            serve(&quote!(ResponseTemplate::new(#status).set_body_bytes(*b"text"))),
            quote!(assert_eq!(answer.as_ref(), b"text");),
        ),
    }
}

/// The query that a parameter makes, decoded.
fn query_pairs(parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    let name = parameter.name.clone();
    let pairs = |name: String, value: &Value| -> Vec<(String, String)> {
        match value {
            Value::Array(items) => items
                .iter()
                .map(|item| (name.clone(), text(item)))
                .collect(),
            one => vec![(name, text(one))],
        }
    };
    match (parameter.style, value) {
        (Style::DeepObject, Value::Object(members)) => members
            .iter()
            .flat_map(|(member, value)| pairs(format!("{name}[{member}]"), value))
            .collect(),
        (Style::Form, Value::Object(members)) => members
            .iter()
            .flat_map(|(member, value)| pairs(member.clone(), value))
            .collect(),
        (Style::Form | Style::DeepObject, value) => pairs(name, value),
        (Style::SpaceDelimited, value) => vec![(name, joined(value, " "))],
        (Style::PipeDelimited, value) => vec![(name, joined(value, "|"))],
        _ => vec![(name, simple(parameter, value))],
    }
}

/// A value as one text.
fn simple(parameter: &Parameter, value: &Value) -> String {
    match (parameter.style, value) {
        (Style::Json, value) => value.to_string(),
        (_, Value::Object(members)) => {
            let parts: Vec<String> = members
                .iter()
                .flat_map(|(name, value)| [name.clone(), text(value)])
                .collect();
            parts.join(",")
        }
        (_, value) => joined(value, ","),
    }
}

/// Everything but the unreserved characters of RFC 3986 by its bytes.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn joined(value: &Value, separator: &str) -> String {
    match value {
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(separator),
        other => text(other),
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn serve(answer: &TokenStream) -> TokenStream {
    quote!(let (server, client) = serve(#answer).await;)
}
