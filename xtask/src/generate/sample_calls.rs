//! Calls of operations with sample values, as generated tests and programs make them.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::{Authentication, Body, Encoding, Operation, Parameter};

use super::source::identifier;
use super::{operations, settings, types};

/// Where the values of a call come from.
pub(super) trait Values {
    /// A value of a parameter, as its style can write it; `None` where there is none.
    fn parameter(&self, parameter: &Parameter) -> Option<Value>;

    /// A value of a body, with every member or with the required ones alone; `None` where there is none.
    /// What is no JSON and no form is a text.
    fn body(&self, body: &Body, every: bool) -> Option<Value>;
}

/// The calls on a client's builder that set what has no default: test credentials and settings.
pub(super) fn client_settings(model: &Model) -> Result<TokenStream> {
    let credentials = match model.authentication {
        Authentication::None => quote!(),
        Authentication::ApiKeyHeader(_) | Authentication::ApiKeyQuery(_) => {
            quote!(.api_key("test-key"))
        }
        Authentication::Bearer => quote!(.bearer_token("test-token")),
        Authentication::Basic => quote!(.credentials("test-user", "test-password")),
        Authentication::ScpSignature => quote!(.credentials("test-access", "test-secret")),
    };
    let others = model
        .settings
        .iter()
        .filter(|setting| {
            setting.default.is_none()
                && setting.setting != "api_version"
                && !settings::has_type(setting)
        })
        .map(|setting| {
            let name = identifier(&setting.setting)?;
            Ok(quote!(.#name("test")))
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(quote!(#credentials #(#others)*))
}

/// The parameters that are set, each with its value; `None` where one that is required has none.
pub(super) fn given<'o>(
    operation: &'o Operation,
    values: &dyn Values,
    every: bool,
) -> Option<Vec<(&'o Parameter, Value)>> {
    let mut given = Vec::new();
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| every || parameter.required)
    {
        match values.parameter(parameter) {
            Some(value) => given.push((parameter, value)),
            None if parameter.required => return None,
            None => {}
        }
    }
    Some(given)
}

/// The setters of the parameters that are given, one after the other.
pub(super) fn setters(given: &[(&Parameter, Value)]) -> Result<Vec<TokenStream>> {
    let setters = given.iter().map(|(parameter, value)| {
        let setter = identifier(&parameter.identifier)?;
        let value = argument(value, &parameter.lowered)?;
        Ok(quote!(.#setter(#value)))
    });
    setters.collect()
}

/// A sample as an argument of a setter.
fn argument(value: &Value, lowered: &Value) -> Result<TokenStream> {
    let any = ["$ref", "allOf", "type"]
        .iter()
        .all(|name| lowered.get(name).is_none());
    Ok(match value {
        other if any => {
            let json = json_literal(other);
            quote!(#json)
        }
        Value::String(text) => quote!(#text),
        Value::Bool(flag) => quote!(#flag),
        Value::Number(number) if number.is_i64() => {
            super::examples::whole(number.as_i64().unwrap_or_default())
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            quote!(#number)
        }
        Value::Array(items) if lowered.get("type").is_some_and(|kind| kind == "array") => {
            let items = items
                .iter()
                .map(|item| argument(item, &lowered["items"]))
                .collect::<Result<Vec<_>>>()?;
            quote!([#(#items),*])
        }
        other => {
            let json = json_literal(other);
            let kind = types::rust_type(lowered)?;
            quote!(serde_json::from_value::<#kind>(#json).unwrap())
        }
    })
}

/// The setter of a body.
pub(super) fn body_setter(body: &Body, value: &Value) -> Result<TokenStream> {
    if body.encoding == Encoding::BytesOfType {
        let content_type = operations::sample_content_type(&body.content_type);
        let text = value.as_str().unwrap_or_default();
        return Ok(quote!(.body(#content_type, #text)));
    }
    let argument = argument(value, &body.lowered)?;
    Ok(quote!(.body(#argument)))
}

/// A value, parsed from its JSON.
pub(super) fn json_literal(value: &Value) -> TokenStream {
    let text = value.to_string();
    // As many signs as it takes for the text not to end the literal.
    let signs = (1..=u8::MAX)
        .map(|count| "#".repeat(usize::from(count)))
        .find(|signs| !text.contains(&format!("\"{signs}")));
    let signs = signs.unwrap_or_default();
    let literal = format!("r{signs}\"{text}\"{signs}").parse::<TokenStream>();
    literal.map_or_else(|_| quote!(json(#text)), |literal| quote!(json(#literal)))
}
