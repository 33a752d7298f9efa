//! What a service says about a failure, found by the names of its JSON members rather than API by API.

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

use super::text::{LIMIT, one_line};

/// Members that hold what a person can read, best first.
const MESSAGES: [&str; 8] = [
    "message",
    "detail",
    "error_description",
    "errorMessage",
    "description",
    "title",
    "reason",
    "error",
];
/// Members that hold the service's name for the failure, best first.
const CODES: [&str; 6] = ["code", "error_code", "errorCode", "name", "error", "status"];
/// Members that hold the id of the request, best first. All are compared without case and `_`.
const REQUEST_IDS: [&str; 5] = [
    "requestid",
    "globalrequestid",
    "xrequestid",
    "traceid",
    "correlationid",
];
/// Headers that hold the id of the request, best first.
const REQUEST_ID_HEADERS: [&str; 8] = [
    "x-request-id",
    "request-id",
    "x-amzn-requestid",
    "x-amz-request-id",
    "x-openstack-request-id",
    "x-correlation-id",
    "x-trace-id",
    "cf-ray",
];
/// Longest code or request id that is shown.
const SHORT: usize = 120;
/// Most errors of a list whose messages are shown.
const MOST_ERRORS: usize = 3;

/// What a service said about a failure. All texts are safe to print.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) message: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) request_id: Option<String>,
    /// What the body is where it says nothing: an HTML page, say.
    pub(crate) form: Option<String>,
}

impl Report {
    /// Reads an answer's headers alone.
    pub(crate) fn of_headers(headers: &HeaderMap) -> Self {
        Self {
            request_id: request_id(headers),
            ..Self::default()
        }
    }

    /// Reads the answer to a failed call.
    pub(crate) fn of(headers: &HeaderMap, body: &[u8]) -> Self {
        let mut report = Self::default();
        match serde_json::from_slice::<Value>(body) {
            Ok(Value::Object(object)) => report.read_object(&object, 0),
            Ok(Value::Array(list)) => report.read_list(&list, 0),
            Ok(Value::String(text)) => report.message = one_line(&text, LIMIT),
            Ok(_) => {}
            Err(_) => report.read_other(headers, body),
        }
        // The id in the body is the one the service's support asks for; a header may be a proxy's.
        report.request_id = report.request_id.or_else(|| request_id(headers));
        report
    }

    fn read_object(&mut self, object: &Map<String, Value>, depth: u8) {
        // Errors wrapped in `errors` or `error` say more than what is around them.
        if depth < 2 {
            match object.get("errors").or_else(|| object.get("error")) {
                Some(Value::Array(list)) => self.read_list(list, depth + 1),
                Some(Value::Object(inner)) => self.read_object(inner, depth + 1),
                _ => {}
            }
        }
        let find = |names: &[&str], limit| {
            names
                .iter()
                .filter_map(|name| object.get(*name))
                .find_map(|value| text(value, limit))
        };
        self.message = self.message.take().or_else(|| find(&MESSAGES, LIMIT));
        let message = self.message.clone();
        self.code = self.code.take().or_else(|| {
            // A number is the HTTP status again unless it is called a code; and what is the message is not the code.
            find(&CODES, SHORT)
                .filter(|code| Some(code) != message.as_ref())
                .filter(|code| object.contains_key("code") || code.parse::<u16>().is_err())
        });
        self.request_id = self.request_id.take().or_else(|| {
            REQUEST_IDS.iter().find_map(|wanted| {
                object
                    .iter()
                    .filter(|(name, _)| name.replace(['_', '-'], "").eq_ignore_ascii_case(wanted))
                    .find_map(|(_, value)| text(value, SHORT))
            })
        });
        // Goa's errors carry the id of the failure itself.
        if self.request_id.is_none()
            && object.contains_key("fault")
            && object.contains_key("temporary")
        {
            self.request_id = find(&["id"], SHORT);
        }
    }

    fn read_list(&mut self, list: &[Value], depth: u8) {
        let mut messages = Vec::new();
        for value in list.iter().take(MOST_ERRORS) {
            let mut one = Self::default();
            match value {
                Value::Object(object) => one.read_object(object, depth),
                other => one.message = text(other, LIMIT),
            }
            messages.extend(one.message);
            self.code = self.code.take().or(one.code);
            self.request_id = self.request_id.take().or(one.request_id);
        }
        if list.len() > MOST_ERRORS {
            messages.push(format!("and {} more", list.len() - MOST_ERRORS));
        }
        self.message = one_line(&messages.join("; "), LIMIT);
    }

    fn read_other(&mut self, headers: &HeaderMap, body: &[u8]) {
        let content_type = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let start = String::from_utf8_lossy(&body[..body.len().min(4 * LIMIT)]);
        if body.iter().all(u8::is_ascii_whitespace) {
            self.form = Some("an empty answer".to_owned());
        } else if content_type.contains("html") || start.trim_start().starts_with('<') {
            self.form = Some("an HTML page".to_owned());
        } else if content_type.contains("json") || start.trim_start().starts_with(['{', '[']) {
            self.form = Some("unreadable JSON".to_owned());
        } else if content_type.starts_with("text/") {
            self.message = one_line(&start, LIMIT);
        } else {
            self.form = Some("an answer that is not JSON".to_owned());
        }
    }
}

/// A string, a number, or a list of those, as one line.
fn text(value: &Value, limit: usize) -> Option<String> {
    match value {
        Value::String(text) => one_line(text, limit),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => {
            let parts: Vec<String> = list
                .iter()
                .take(MOST_ERRORS)
                .filter(|item| !item.is_array())
                .filter_map(|item| text(item, limit))
                .collect();
            one_line(&parts.join("; "), limit)
        }
        _ => None,
    }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    REQUEST_ID_HEADERS
        .iter()
        .filter_map(|name| headers.get(*name))
        .filter_map(|value| value.to_str().ok())
        .find_map(|value| one_line(value, SHORT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(body: &str) -> (Option<String>, Option<String>, Option<String>) {
        let report = Report::of(&HeaderMap::new(), body.as_bytes());
        (report.message, report.code, report.request_id)
    }

    fn found(
        message: &str,
        code: &str,
        request_id: &str,
    ) -> (Option<String>, Option<String>, Option<String>) {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        (some(message), some(code), some(request_id))
    }

    #[test]
    fn a_lone_message_is_found() {
        assert_eq!(
            report(r#"{"message":"no such user"}"#),
            found("no such user", "", "")
        );
    }

    #[test]
    fn goa_errors_are_read() {
        let body = r#"{"name":"timeout","id":"3F1FKVRR","message":"took too long","temporary":true,"timeout":true,"fault":false}"#;
        assert_eq!(report(body), found("took too long", "timeout", "3F1FKVRR"));
    }

    #[test]
    fn a_list_of_errors_is_read_whether_detail_is_text_or_a_list() {
        let body = r#"{"errors":[{"code":"Invalid","detail":"size is wrong","global_request_id":null,"request_id":"req-1","status":400,"title":"Bad Request"}]}"#;
        assert_eq!(report(body), found("size is wrong", "Invalid", "req-1"));
        let body = r#"{"errors":[{"code":null,"detail":["a","b"],"title":"Bad Request"},{"detail":"c","request_id":"req-2"}]}"#;
        assert_eq!(report(body), found("a; b; c", "", "req-2"));
    }

    #[test]
    fn a_gateways_error_is_read() {
        let body = r#"{"timestamp":"2026-01-01T00:00:00Z","path":"/v1/users","status":404,"error":"Not Found","requestId":"9a-1"}"#;
        assert_eq!(report(body), found("Not Found", "", "9a-1"));
    }

    #[test]
    fn a_refused_signature_is_read() {
        let body = r#"{"status":"UNAUTHORIZED","name":"SignatureMismatch","message":"signature does not match"}"#;
        assert_eq!(
            report(body),
            found("signature does not match", "SignatureMismatch", "")
        );
    }

    #[test]
    fn a_services_error_is_read() {
        let body = r#"{"message":"m","code":"SCP-1","service":"iam","path":"/v1","requestId":"r1","timestamp":1,"params":[]}"#;
        assert_eq!(report(body), found("m", "SCP-1", "r1"));
    }

    #[test]
    fn nested_errors_and_problem_details_are_read() {
        assert_eq!(
            report(r#"{"error":{"code":7,"message":"deep"}}"#),
            found("deep", "7", "")
        );
        assert_eq!(
            report(r#"{"title":"T","detail":"D","status":400}"#),
            found("D", "", "")
        );
        assert_eq!(
            report(r#"{"error":"invalid_grant","error_description":"no"}"#),
            found("no", "invalid_grant", "")
        );
    }

    #[test]
    fn other_bodies_are_named_not_shown() {
        let form = |body: &str| Report::of(&HeaderMap::new(), body.as_bytes()).form.unwrap();
        assert_eq!(form("<html><h1>502</h1></html>"), "an HTML page");
        assert_eq!(form(""), "an empty answer");
        assert_eq!(form("{\"message\":\"cut o"), "unreadable JSON");
        assert_eq!(form("\u{1}\u{2}"), "an answer that is not JSON");
    }

    #[test]
    fn the_request_id_may_be_a_header() {
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", "from-header".parse().unwrap());
        assert_eq!(Report::of(&headers, b"").request_id.unwrap(), "from-header");
        assert_eq!(
            Report::of(&headers, br#"{"requestId":"from-body"}"#)
                .request_id
                .unwrap(),
            "from-body"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_answer_is_read_without_failing_and_shown_on_one_line(body: Vec<u8>, text: String) {
            for body in [body, serde_json::json!({"errors": [{"message": text, "code": text}]}).to_string().into_bytes()] {
                let report = Report::of(&HeaderMap::new(), &body);
                for shown in [report.message, report.code, report.request_id].into_iter().flatten() {
                    proptest::prop_assert!(!shown.chars().any(char::is_control));
                    proptest::prop_assert!(shown.chars().count() <= LIMIT + 1);
                }
            }
        }
    }
}
