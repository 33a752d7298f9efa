//! The request id, by which a service's operators can find the request, in the headers of the response.

use http::HeaderMap;

use super::SHORT;
use crate::text::one_line;

/// Headers that contain the id, in order of preference.
const KNOWN: [&str; 8] = [
    "x-request-id",
    "request-id",
    "x-amzn-requestid",
    "x-amz-request-id",
    "x-openstack-request-id",
    "x-correlation-id",
    "x-trace-id",
    "cf-ray",
];

pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    let known = KNOWN.iter().filter_map(|name| headers.get(*name));
    // Vendor headers, such as `x-acme-request-id`.
    let others = headers.iter().filter_map(|(name, value)| {
        let name = name.as_str();
        (name.ends_with("request-id") || name.ends_with("requestid")).then_some(value)
    });
    let text = |value: &http::HeaderValue| one_line(value.to_str().ok()?, SHORT);
    // Well-known headers first, then vendor headers; the trace id is the last resort.
    known
        .chain(others)
        .find_map(text)
        .or_else(|| trace_id(headers.get("traceparent")?.to_str().ok()?))
}

/// The trace id of a `traceparent` header: `00-<32 hexadecimal digits>-<parent>-<flags>`.
fn trace_id(traceparent: &str) -> Option<String> {
    let trace = traceparent.split('-').nth(1)?;
    let valid = trace.len() == 32
        && trace.bytes().all(|byte| byte.is_ascii_hexdigit())
        && trace.bytes().any(|byte| byte != b'0');
    valid.then(|| trace.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pairs: &[(&'static str, &str)]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        request_id(&headers)
    }

    const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn any_header_that_ends_like_a_request_id_is_one() {
        for name in [
            "x-acme-request-id",
            "x-ms-request-id",
            "acmerequestid",
            "x-amz-cf-requestid",
        ] {
            assert_eq!(found(&[(name, "r")]).as_deref(), Some("r"), "{name}");
        }
        assert_eq!(found(&[("x-request-ids", "r"), ("x-request", "r")]), None);
        let both = [
            ("x-acme-request-id", "own"),
            ("x-request-id", "best"),
            ("traceparent", TRACE),
        ];
        assert_eq!(found(&both).as_deref(), Some("best"));
    }

    #[test]
    fn a_trace_is_the_last_resort() {
        assert_eq!(
            found(&[("traceparent", TRACE)]).as_deref(),
            Some("4bf92f3577b34da6a3ce929d0e0e4736")
        );
        for invalid in [
            "",
            "00",
            "00-short-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-0-0",
        ] {
            assert_eq!(found(&[("traceparent", invalid)]), None, "{invalid}");
        }
    }
}
