//! Calls of operations with sample values, for generated tests.

use serde_json::Value;

use specmill_model::Model;
use specmill_model::{
    Authentication, Body, Encoding, Operation, Parameter, ParameterLocation, SecurityScheme,
    Stream, StreamForm, Success,
};
use specmill_samples::{Samples, Values, sample_content_type};

use super::arguments::argument;
use super::sample_forms::sample_form;
use super::settings;
use super::source::literal;

/// The arguments of a call.
pub(super) struct Given<'o> {
    pub(super) parameters: Vec<(&'o Parameter, Value)>,
    pub(super) body: Option<(&'o Body, Value)>,
    /// Whether the call has all optional arguments.
    pub(super) every: bool,
}

impl<'o> Given<'o> {
    /// Values for the required arguments, or for all; `None` if a required one has no value.
    pub(super) fn of(operation: &'o Operation, values: &dyn Values, every: bool) -> Option<Self> {
        let mut parameters = Vec::new();
        for parameter in operation
            .parameters
            .iter()
            .filter(|one| every || one.required)
        {
            match values.parameter(parameter) {
                Some(value) => parameters.push((parameter, value)),
                None if parameter.required => return None,
                None => {}
            }
        }
        let body = operation
            .body
            .as_ref()
            .filter(|body| every || body.required);
        let body = match body.map(|body| (body, values.body(body, every))) {
            Some((body, Some(value))) => Some((body, value)),
            Some((body, None)) if body.required => return None,
            _ => None,
        };
        Some(Self {
            parameters,
            body,
            every,
        })
    }

    /// The call: a future of the response's body.
    pub(super) fn call(
        &self,
        operation: &Operation,
        model: &Model,
        samples: &Samples<'_>,
    ) -> String {
        let call = format!("{}.send()", self.request(operation, model, samples));
        match (&operation.success, &operation.stream) {
            // Bytes are not JSON, but a list of bytes is.
            (Success::Bytes, _) => {
                format!("async move {{ {call}.await?.collect().await.map(|body| body.to_vec()) }}")
            }
            (Success::Stream, Some(stream)) => all_of_stream(&call, stream),
            _ => call,
        }
    }

    /// A call of an operation with an optional stream: a future with its values.
    pub(super) fn stream_call(
        &self,
        operation: &Operation,
        stream: &Stream,
        model: &Model,
        samples: &Samples<'_>,
    ) -> String {
        let method = match stream.form {
            StreamForm::JsonLines => "send_lines",
            _ => "send_events",
        };
        let request = self.request(operation, model, samples);
        all_of_stream(&format!("{request}.{method}()"), stream)
    }

    /// The request with all given arguments.
    fn request(&self, operation: &Operation, model: &Model, samples: &Samples<'_>) -> String {
        let arguments = |in_path: bool| {
            let parameters = self.parameters.iter();
            parameters.filter(move |(one, _)| (one.location == ParameterLocation::Path) == in_path)
        };
        let path: Vec<String> = arguments(true)
            .map(|(parameter, value)| argument(value, &parameter.lowered, model))
            .collect();
        let mut call = format!("client.{}({})", operation.id, path.join(", "));
        for (parameter, value) in arguments(false) {
            call += &format!(
                ".{}({})",
                parameter.identifier,
                argument(value, &parameter.lowered, model)
            );
        }
        if let Some((body, value)) = &self.body {
            call += &match body.encoding {
                Encoding::BytesOfType if !body.form.is_empty() => format!(
                    ".body({})",
                    sample_form(model, samples, operation, &body.form, self.every)
                ),
                Encoding::BytesOfType => {
                    let content_type = sample_content_type(&body.content_type);
                    let text = value.as_str().unwrap_or_default();
                    format!(".body({}, {})", literal(&content_type), literal(text))
                }
                _ => format!(".body({})", argument(value, &body.lowered, model)),
            };
        }
        call
    }
}

/// A future of all values of a stream.
fn all_of_stream(call: &str, stream: &Stream) -> String {
    let collected = format!("{call}.await?.try_collect::<Vec<_>>().await");
    match stream.form {
        StreamForm::JsonLines => format!("async move {{ {collected} }}"),
        _ => format!(
            "async move {{ {collected}.map(|all| all.into_iter().map(|event| event.into_data()).collect::<Vec<_>>()) }}"
        ),
    }
}

/// The calls on a client's builder for settings without a default: test credentials and settings.
pub(super) fn client_settings(model: &Model) -> String {
    let several;
    let mut settings = match &model.authentication {
        Authentication::None => "",
        Authentication::ApiKeyHeader(_)
        | Authentication::ApiKeyQuery(_)
        | Authentication::ApiKeyCookie(_) => ".api_key(\"test-key\")",
        Authentication::Bearer | Authentication::OAuth2(_) => ".bearer_token(\"test-token\")",
        Authentication::Basic => ".credentials(\"test-user\", \"test-password\")",
        Authentication::ScpSignature => ".credentials(\"test-access\", \"test-secret\")",
        Authentication::Several(schemes) => {
            several = several_settings(schemes);
            &several
        }
    }
    .to_owned();
    let others = model.settings.iter().filter(|setting| {
        setting.default.is_none()
            && setting.setting != "api_version"
            && !settings::has_type(setting)
    });
    for setting in others {
        settings += &format!(".{}(\"test\")", setting.setting);
    }
    settings
}

/// The calls that set the credentials of several schemes, each with its own value.
fn several_settings(schemes: &[SecurityScheme]) -> String {
    let calls = schemes.iter().map(|scheme| {
        let setting = &scheme.setting;
        match scheme.kind {
            Authentication::Basic => format!(".{setting}(\"test-user\", \"test-password\")"),
            _ => format!(".{setting}(\"{}\")", test_credential(scheme)),
        }
    });
    calls.collect()
}

/// The test credential of one of several schemes.
pub(super) fn test_credential(scheme: &SecurityScheme) -> String {
    format!("test-{}", scheme.setting.replace('_', "-"))
}

/// The calls on a client's builder that set the base URLs of operations with their own servers.
pub(super) fn server_settings(model: &Model, address: &str) -> String {
    let servers = model.operation_servers.iter();
    servers
        .map(|server| format!(".{}({address})", server.setting))
        .collect()
}
