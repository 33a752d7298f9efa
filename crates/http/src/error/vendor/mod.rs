//! Extracts the service's description of an error, by common property names instead of per API.

mod ids;
mod json;
mod xml;

use bytes::Bytes;
use http::HeaderMap;
use http::header::HeaderName;

use crate::decode::Form;
use crate::text::one_line;

/// The maximum length of a code or request id, in characters.
const SHORT: usize = 120;
/// The maximum number of characters that are shown of a body with an unknown structure.
const EXCERPT: usize = 200;
/// The header with the error code of AWS services.
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// A service's description of a failure. All strings are safe to print.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub(crate) message: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) request_id: Option<String>,
    /// The format of a body without a message, such as an HTML page.
    pub(crate) form: Option<String>,
}

impl Report {
    /// Reads only the headers of a response.
    pub fn of_headers(headers: &HeaderMap) -> Self {
        Self {
            request_id: ids::request_id(headers),
            ..Self::default()
        }
    }

    /// Reads an unsuccessful response. If its body is text, it must be UTF-8.
    pub fn of(headers: &HeaderMap, body: &Bytes) -> Self {
        let form = Form::of(body);
        let text = String::from_utf8_lossy(body);
        let mut report = match &form {
            Form::Text | Form::Html { .. } => json::read(&text),
            Form::Guarded(guard) => json::read(text.trim_start().trim_start_matches(guard)),
            Form::Xml => xml::read(&text).unwrap_or_default(),
            Form::Empty | Form::Compressed(_) | Form::Binary => Self::default(),
        };
        report.code = report.code.or_else(|| {
            let name = headers.get(ERROR_TYPE)?.to_str().ok()?;
            one_line(name.split(':').next()?, SHORT)
        });
        if report.message.is_none() {
            report.form = form.words();
            if report.form.is_none() {
                report.message = one_line(&text, EXCERPT);
            }
        }
        // The id in the body comes from the service itself; a header may come from a proxy.
        report.request_id = report.request_id.or_else(|| ids::request_id(headers));
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::LIMIT;

    fn report(body: &str) -> (Option<String>, Option<String>, Option<String>) {
        let report = Report::of(&HeaderMap::new(), &Bytes::from(body.to_owned()));
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
    fn bodies_that_cannot_be_shown_are_described() {
        let form = |body: &'static [u8]| {
            let report = Report::of(&HeaderMap::new(), &Bytes::from_static(body));
            assert_eq!(report.message, None);
            report.form.unwrap()
        };
        assert_eq!(form(b"<html><h1>502</h1></html>"), "an HTML page");
        assert_eq!(form(b""), "an empty response");
        assert_eq!(form(b"\x01\x02"), "a binary response");
        assert_eq!(form(b"<Unknown/>"), "an XML document");
        assert_eq!(
            form(b"\x1f\x8b\x08"),
            "a response compressed with gzip, which was not requested"
        );
    }

    #[test]
    fn a_body_of_unknown_shape_is_shown_by_its_first_200_characters_on_one_line() {
        for (body, shown) in [
            ("{\"message\":\"cut o", "{\"message\":\"cut o"),
            ("plain\r\n  words", "plain words"),
            (
                r#"{"oops":{"deep":[1]},"x":2}"#,
                r#"{"oops":{"deep":[1]},"x":2}"#,
            ),
            (")]}',\n{\"message\":\"m\"}", "m"),
        ] {
            assert_eq!(report(body), found(shown, "", ""), "{body}");
        }
        let long = report(&"é".repeat(70_000)).0.unwrap();
        assert_eq!(long.chars().count(), 201);
    }

    #[test]
    fn a_failure_in_xml_is_read() {
        let body =
            "<Error><Code>NoSuchKey</Code><Message>gone</Message><RequestId>R1</RequestId></Error>";
        assert_eq!(report(body), found("gone", "NoSuchKey", "R1"));
    }

    #[test]
    fn a_service_of_aws_names_the_failure_in_a_header() {
        let mut headers = HeaderMap::new();
        headers.insert(ERROR_TYPE, "ValidationException:http://x/".parse().unwrap());
        let report = Report::of(&headers, &Bytes::from_static(br#"{"Message":"no"}"#));
        assert_eq!(report.code.as_deref(), Some("ValidationException"));
        assert_eq!(report.message.as_deref(), Some("no"));
    }

    #[test]
    fn the_request_id_may_be_a_header() {
        let mut headers = HeaderMap::new();
        headers.insert("x-request-id", "from-header".parse().unwrap());
        assert_eq!(
            Report::of(&headers, &Bytes::new()).request_id.unwrap(),
            "from-header"
        );
        assert_eq!(
            Report::of(
                &headers,
                &Bytes::from_static(br#"{"requestId":"from-body"}"#)
            )
            .request_id
            .unwrap(),
            "from-body"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_response_is_read_without_failing_and_shown_on_one_line(body: Vec<u8>, text: String) {
            for body in [body, serde_json::json!({"errors": [{"message": text, "code": text}]}).to_string().into_bytes()] {
                let report = Report::of(&HeaderMap::new(), &Bytes::from(body));
                for shown in [report.message, report.code, report.request_id].into_iter().flatten() {
                    proptest::prop_assert!(!shown.chars().any(char::is_control));
                    proptest::prop_assert!(shown.chars().count() <= LIMIT + 1);
                }
            }
        }
    }
}
