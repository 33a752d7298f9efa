//! Extracts the message of an error from JSON.

use serde_json::{Map, Value};

use super::{Report, SHORT};
use crate::text::{LIMIT, one_line};

// Names are compared in lower case, without `_` and `-`.

/// Properties that contain a message for people, in order of preference.
const MESSAGES: [&str; 13] = [
    "message",
    "detail",
    "errordescription",
    "errormessage",
    "errormessages",
    "msg",
    "faultstring",
    "description",
    "title",
    "reason",
    "errorsummary",
    "error",
    "details",
];
/// Properties that contain the service's error code, in order of preference.
const CODES: [&str; 8] = [
    "code",
    "errorcode",
    "name",
    "error",
    "status",
    "reason",
    "type",
    "faultcode",
];
/// Properties that contain the request id, in order of preference.
const REQUEST_IDS: [&str; 5] = [
    "requestid",
    "globalrequestid",
    "xrequestid",
    "traceid",
    "correlationid",
];
/// Properties that contain the error itself, which is more specific than the object around it; in order of preference.
const CONTAINERS: [&str; 5] = ["errors", "error", "fault", "detail", "status"];
/// Properties that contain the location of the error in the request.
const LOCATIONS: [&str; 4] = ["loc", "pointer", "field", "param"];
/// Values of `status` that state that there is an error, but not which.
const FAILURES: [&str; 5] = ["error", "errors", "fail", "failed", "failure"];
/// The maximum number of errors of a list whose messages are shown.
const MAX_ERRORS: usize = 3;
/// The maximum depth of nested containers.
const MAX_DEPTH: u8 = 4;

/// Reads a document. The report is empty if it is not valid JSON.
pub(super) fn read(text: &str) -> Report {
    let mut report = Report::default();
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(object)) => read_object(&mut report, &object, "", 0),
        Ok(Value::Array(list)) => read_list(&mut report, &list, 0),
        Ok(Value::String(text)) => report.message = one_line(&text, LIMIT),
        Ok(_) | Err(_) => {}
    }
    report
}

fn normalised(name: &str) -> String {
    name.replace(['_', '-'], "").to_ascii_lowercase()
}

/// `container` is the name of the property that contains the object, if it is one of [`CONTAINERS`].
fn read_object(report: &mut Report, object: &Map<String, Value>, container: &str, depth: u8) {
    let properties: Vec<(String, &Value)> = object
        .iter()
        .map(|(name, value)| (normalised(name), value))
        .collect();
    let find = |wanted: &str| {
        let mut properties = properties.iter();
        properties
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| *value)
    };
    let find_text = |names: &[&str], limit| {
        let mut values = names.iter().filter_map(|name| find(name));
        values.find_map(|value| text(value, limit))
    };
    if depth < MAX_DEPTH {
        for container in CONTAINERS {
            match find(container) {
                Some(Value::Array(list)) => read_list(report, list, depth + 1),
                Some(Value::Object(inner)) => read_object(report, inner, container, depth + 1),
                _ => {}
            }
        }
        // An envelope with a single field of any name.
        if let [(_, Value::Object(inner))] = properties[..] {
            read_object(report, inner, "", depth + 1);
        }
    }
    report.message = report
        .message
        .take()
        .or_else(|| fields(object, Value::is_array).filter(|_| container == "errors"))
        .or_else(|| {
            let message = find_text(&MESSAGES, LIMIT)?;
            Some(match location(&find) {
                Some(location) => format!("{location}: {message}"),
                None => message,
            })
        })
        .or_else(|| match container {
            "errors" | "error" => fields(object, |value| value.is_array() || value.is_string()),
            _ => fields(object, Value::is_array),
        });
    report.code = report.code.take().or_else(|| {
        code(&find, report.message.as_deref()).or_else(|| code_of_extensions(find("extensions")?))
    });
    report.request_id = report
        .request_id
        .take()
        .or_else(|| find_text(&REQUEST_IDS, SHORT));
    // Errors of Goa services contain an id of the failure.
    if report.request_id.is_none() && find("fault").is_some() && find("temporary").is_some() {
        report.request_id = find_text(&["id"], SHORT);
    }
}

fn read_list(report: &mut Report, list: &[Value], depth: u8) {
    let mut messages = Vec::new();
    for value in list.iter().take(MAX_ERRORS) {
        let mut one = Report::default();
        match value {
            Value::Object(object) => read_object(&mut one, object, "", depth),
            other => one.message = text(other, LIMIT),
        }
        messages.extend(one.message);
        report.code = report.code.take().or(one.code);
        report.request_id = report.request_id.take().or(one.request_id);
    }
    if list.len() > MAX_ERRORS && !messages.is_empty() {
        messages.push(format!("and {} more", list.len() - MAX_ERRORS));
    }
    report.message = report
        .message
        .take()
        .or_else(|| one_line(&messages.join("; "), LIMIT));
}

/// The service's error code. A number that is an HTTP status is used only if there is no other code, and only if the
/// property is named `code`.
fn code<'a>(find: &impl Fn(&str) -> Option<&'a Value>, message: Option<&str>) -> Option<String> {
    let is_status =
        |code: &str| code.len() == 3 && code.parse::<u16>().is_ok_and(|code| code < 600);
    let named = CODES.iter().find_map(|name| {
        let code = text(find(name).filter(|code| !code.is_array())?, SHORT)?;
        // AWS writes the namespace before the name.
        let code = code.rsplit('#').next().unwrap_or_default().to_owned();
        let says_nothing = Some(&*code) == message
            || code.is_empty()
            || code == "about:blank"
            || FAILURES.contains(&code.to_ascii_lowercase().as_str());
        let is_number = code.parse::<u16>().is_ok();
        let is_code = matches!(*name, "code" | "errorcode");
        (!says_nothing && !is_status(&code) && (is_code || !is_number)).then_some(code)
    });
    named.or_else(|| text(find("code")?, SHORT))
}

/// The code of a GraphQL error, which is one of its extensions.
fn code_of_extensions(extensions: &Value) -> Option<String> {
    text(extensions.get("code")?, SHORT)
}

/// The location of the error: a path such as `FastAPI`'s `["body", "email"]`, a JSON pointer, or the name of a field.
fn location<'a>(find: &impl Fn(&str) -> Option<&'a Value>) -> Option<String> {
    let own = LOCATIONS.iter().find_map(|name| find(name));
    match own.or_else(|| find("source")?.get("pointer"))? {
        Value::String(name) => one_line(name, SHORT),
        Value::Array(path) => {
            let steps: Vec<String> = path.iter().filter_map(|step| text(step, SHORT)).collect();
            one_line(&steps.join("."), SHORT)
        }
        _ => None,
    }
}

/// Messages by field name, as in responses of Rails, Django and ASP.NET. `is_form` restricts the type of the values;
/// each is a string or a list of strings.
fn fields(object: &Map<String, Value>, is_form: impl Fn(&Value) -> bool) -> Option<String> {
    let is_messages = |value: &Value| match value {
        Value::Array(list) => !list.is_empty() && list.iter().all(Value::is_string),
        other => other.is_string(),
    };
    let mut values = object.values();
    if object.is_empty() || !values.all(|value| is_form(value) && is_messages(value)) {
        return None;
    }
    let mut parts: Vec<String> = object
        .iter()
        .take(MAX_ERRORS)
        .filter_map(|(name, value)| Some(format!("{name}: {}", text(value, LIMIT)?)))
        .collect();
    if object.len() > MAX_ERRORS {
        parts.push(format!("and {} more", object.len() - MAX_ERRORS));
    }
    one_line(&parts.join("; "), LIMIT)
}

/// A string, a number, a list of those, or the string in the property `value` of an object, as one line.
fn text(value: &Value, limit: usize) -> Option<String> {
    match value {
        Value::String(text) => one_line(text, limit),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => {
            let parts: Vec<String> = list
                .iter()
                .take(MAX_ERRORS)
                .filter(|item| matches!(item, Value::String(_) | Value::Number(_)))
                .filter_map(|item| text(item, limit))
                .collect();
            one_line(&parts.join("; "), limit)
        }
        Value::Object(object) => match object.get("value") {
            Some(Value::String(text)) => one_line(text, limit),
            _ => None,
        },
        Value::Null | Value::Bool(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn says(body: &str, message: &str, code: &str) {
        let report = read(body);
        assert_eq!(report.message.as_deref().unwrap_or_default(), message);
        assert_eq!(report.code.as_deref().unwrap_or_default(), code);
    }

    #[test]
    fn fastapi_names_the_place_of_each_problem() {
        says(
            r#"{"detail":[{"loc":["body","users",0,"email"],"msg":"field required","type":"value_error.missing"}]}"#,
            "body.users.0.email: field required",
            "value_error.missing",
        );
        says(r#"{"detail":"Not authenticated"}"#, "Not authenticated", "");
        says(r#"{"detail":{"code":"E1","message":"no"}}"#, "no", "E1");
    }

    #[test]
    fn rails_django_laravel_and_aspnet_name_fields() {
        let rails = r#"{"errors":{"email":["is taken","is invalid"],"name":["is blank"]}}"#;
        says(rails, "email: is taken; is invalid; name: is blank", "");
        says(
            r#"{"email":["This field is required."]}"#,
            "email: This field is required.",
            "",
        );
        let laravel =
            r#"{"message":"The given data was invalid.","errors":{"email":["is taken"]}}"#;
        says(laravel, "email: is taken", "");
        let aspnet = r#"{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.1","title":"One or more validation errors occurred.","status":400,"errors":{"Email":["not valid"]},"traceId":"00-1"}"#;
        says(aspnet, "Email: not valid", "section-15.5.1");
        says(r#"{"errors":["first","second"]}"#, "first; second", "");
        says(
            r#"{"errorMessages":[],"errors":{"summary":"is required"}}"#,
            "summary: is required",
            "",
        );
        let many = r#"{"errors":{"a":["1"],"b":["2"],"c":["3"],"d":["4"]}}"#;
        says(many, "a: 1; b: 2; c: 3; and 1 more", "");
    }

    #[test]
    fn apigee_is_read() {
        says(
            r#"{"fault":{"faultstring":"Invalid access token","detail":{"errorcode":"oauth.v2.InvalidAccessToken"}}}"#,
            "Invalid access token",
            "oauth.v2.InvalidAccessToken",
        );
    }

    #[test]
    fn problem_details_are_read() {
        says(
            r#"{"type":"https://acme.test/probs/credit","title":"No credit","detail":"30 needed","status":403,"instance":"/a"}"#,
            "30 needed",
            "https://acme.test/probs/credit",
        );
        says(
            r#"{"type":"about:blank","title":"Not Found","status":404}"#,
            "Not Found",
            "",
        );
        says(
            r##"{"title":"Invalid","errors":[{"detail":"must be positive","pointer":"#/age"}]}"##,
            "#/age: must be positive",
            "",
        );
    }

    #[test]
    fn google_aws_json_api_graphql_and_oauth_are_read() {
        says(
            r#"{"error":{"code":404,"message":"no such project","status":"NOT_FOUND","details":[{"@type":"x"}]}}"#,
            "no such project",
            "NOT_FOUND",
        );
        says(
            r#"{"__type":"com.amazonaws.x#ResourceNotFoundException","message":"no table"}"#,
            "no table",
            "ResourceNotFoundException",
        );
        says(r#"{"Message":"no","Code":"Denied"}"#, "no", "Denied");
        says(
            r#"{"errors":[{"status":"422","code":"E7","title":"Invalid","detail":"too long","source":{"pointer":"/data/name"}}]}"#,
            "/data/name: too long",
            "E7",
        );
        says(
            r#"{"data":null,"errors":[{"message":"no such user","path":["user"],"extensions":{"code":"NOT_FOUND"}}]}"#,
            "no such user",
            "NOT_FOUND",
        );
        says(
            r#"{"error":"invalid_grant","error_description":"expired"}"#,
            "expired",
            "invalid_grant",
        );
    }

    #[test]
    fn azure_odata_stripe_elastic_kubernetes_and_envelopes_are_read() {
        says(
            r#"{"error":{"code":"BadRequest","message":"no"}}"#,
            "no",
            "BadRequest",
        );
        says(
            r#"{"error":{"code":"","message":{"lang":"en","value":"no"}}}"#,
            "no",
            "",
        );
        says(
            r#"{"error":{"type":"card_error","code":"card_declined","message":"declined","param":"card"}}"#,
            "card: declined",
            "card_declined",
        );
        says(
            r#"{"error":{"root_cause":[],"type":"index_not_found","reason":"no such index"},"status":404}"#,
            "no such index",
            "index_not_found",
        );
        says(
            r#"{"kind":"Status","status":"Failure","message":"pods \"a\" not found","reason":"NotFound","code":404}"#,
            "pods \"a\" not found",
            "NotFound",
        );
        says(
            r#"{"ErrorResponse":{"Error":{"Code":"X","Message":"m"}}}"#,
            "m",
            "X",
        );
        says(r#"{"ok":false,"error":"invalid_auth"}"#, "invalid_auth", "");
        says(r#"{"error":{"code":503,"message":"m"}}"#, "m", "503");
        says(
            r#"[{"message":"m","errorCode":"INVALID_FIELD"}]"#,
            "m",
            "INVALID_FIELD",
        );
    }

    #[test]
    fn an_unknown_structure_has_no_message_and_no_code() {
        for body in [
            "{}",
            "[]",
            "null",
            "17",
            "true",
            r#"{"oops":{"deep":[1]}}"#,
            r#"{"a":[]}"#,
            "{",
        ] {
            says(body, "", "");
        }
    }
}
