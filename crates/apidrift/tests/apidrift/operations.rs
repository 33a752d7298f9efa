use crate::support::{only, report, wire};

fn paths(paths: &str) -> String {
    format!("openapi: 3.0.0\npaths: {{{paths}}}\n")
}

#[test]
fn a_renamed_operation_is_reported_once() {
    let old = paths("/a: {get: {operationId: readA, responses: {}}}");
    let new = paths("/a: {get: {operationId: getA, responses: {}}}");
    assert_eq!(
        wire(&report(&old, &new)),
        ["api-operation-renamed: compatible"]
    );
}

#[test]
fn an_operation_that_moved_is_reported_once_and_compared() {
    let old = paths(
        "/a: {get: {operationId: getA, parameters: [{in: query, name: q, schema: {type: string}}], responses: {}}}",
    );
    let new = paths("/b: {get: {operationId: getA, responses: {}}}");
    assert_eq!(
        wire(&report(&old, &new)),
        [
            "endpoint-moved: breaking",
            "request-parameter-removed: warning"
        ]
    );
}

#[test]
fn an_operation_without_an_id_is_recognised_by_its_content() {
    let content = "{summary: s, parameters: [{in: query, name: q, schema: {type: string}}], responses: {'204': {}}}";
    let old = paths(&format!("/a: {{get: {content}}}"));
    let new = paths(&format!("/b: {{get: {content}}}"));
    assert_eq!(wire(&report(&old, &new)), ["endpoint-moved: breaking"]);
}

#[test]
fn a_path_variable_that_was_renamed_breaks_builders_only() {
    let old = paths(
        "'/a/{id}': {get: {parameters: [{in: path, name: id, required: true, schema: {type: string}}], responses: {}}}",
    );
    let new = paths(
        "'/a/{key}': {get: {parameters: [{in: path, name: key, required: true, schema: {type: string}}], responses: {}}}",
    );
    let found = report(&old, &new);
    let change = only(&found);
    assert_eq!(change.rule.id(), "request-path-parameter-renamed");
    assert_eq!(change.wire, apidrift::Verdict::Compatible);
    assert_eq!(change.rust, apidrift::Verdict::Breaking);
}

#[test]
fn a_removed_path_and_a_removed_operation_are_distinguished() {
    let old = paths(
        "/a: {get: {responses: {}}}, /b: {get: {responses: {}}, put: {operationId: putB, responses: {}}}",
    );
    let new = paths("/b: {get: {responses: {}}}");
    assert_eq!(
        wire(&report(&old, &new)),
        [
            "api-path-removed-without-deprecation: breaking",
            "api-removed-without-deprecation: breaking"
        ]
    );
}

#[test]
fn a_status_is_covered_by_its_range() {
    let status = |status: &str| {
        paths(&format!(
            "/a: {{get: {{responses: {{'{status}': {{description: d}}}}}}}}"
        ))
    };
    assert_eq!(
        wire(&report(&status("200"), &status("2XX"))),
        ["response-success-status-added: compatible"]
    );
    assert_eq!(
        wire(&report(&status("2XX"), &status("200"))),
        ["response-success-status-removed: compatible"]
    );
    assert_eq!(
        wire(&report(&status("200"), &status("404"))),
        [
            "response-non-success-status-added: compatible",
            "response-success-status-removed: breaking"
        ]
    );
}

#[test]
fn header_names_are_case_insensitive() {
    let header = |name: &str| {
        paths(&format!(
            "/a: {{get: {{parameters: [{{in: header, name: {name}, schema: {{type: string}}}}], \
             responses: {{'200': {{headers: {{{name}: {{schema: {{type: string}}}}}}}}}}}}}}"
        ))
    };
    assert!(
        report(&header("X-Limit"), &header("x-limit"))
            .changes
            .is_empty()
    );
}

#[test]
fn an_additional_security_alternative_is_compatible_and_a_first_one_is_not() {
    let security = |list: &str| {
        paths(&format!(
            "/a: {{get: {{security: [{list}], responses: {{}}}}}}"
        ))
    };
    let verdict = |old: &str, new: &str| wire(&report(&security(old), &security(new)));
    assert_eq!(
        verdict("{key: []}", "{key: []}, {token: []}"),
        ["api-security-added: compatible"]
    );
    assert_eq!(verdict("", "{key: []}"), ["api-security-added: breaking"]);
    assert_eq!(
        verdict("{key: []}", ""),
        ["api-security-removed: compatible"]
    );
    assert_eq!(
        verdict("{key: []}", "{token: []}"),
        [
            "api-security-added: breaking",
            "api-security-removed: breaking"
        ]
    );
}

#[test]
fn the_request_of_a_webhook_is_compared_as_a_response() {
    let hook = |properties: &str| {
        format!(
            "openapi: 3.1.0\nwebhooks: {{done: {{post: {{requestBody: {{content: {{application/json: {{schema: \
             {{type: object, properties: {{{properties}}}}}}}}}}}}}}}}}\n"
        )
    };
    assert_eq!(
        wire(&report(
            &hook("a: {type: integer}"),
            &hook("a: {type: number}")
        )),
        ["response-property-type-generalized: breaking"]
    );
}

#[test]
fn a_changed_style_breaks_array_parameters_only() {
    let parameter = |kind: &str, explode: bool| {
        paths(&format!(
            "/a: {{get: {{parameters: [{{in: query, name: q, explode: {explode}, schema: {{type: {kind}}}}}], responses: {{}}}}}}"
        ))
    };
    assert_eq!(
        wire(&report(
            &parameter("array", true),
            &parameter("array", false)
        )),
        ["request-parameter-style-changed: breaking"]
    );
    assert!(
        report(&parameter("string", true), &parameter("string", false))
            .changes
            .is_empty()
    );
}

#[test]
fn a_media_type_that_includes_the_old_one_is_not_a_removal() {
    let body = |media: &str| {
        paths(&format!(
            "/a: {{post: {{requestBody: {{content: {{'{media}': {{}}}}}}, responses: {{}}}}}}"
        ))
    };
    assert_eq!(
        wire(&report(&body("application/json"), &body("application/*"))),
        ["request-body-media-type-name-generalized: compatible"]
    );
    assert_eq!(
        wire(&report(&body("application/json"), &body("application/xml"))),
        [
            "request-body-media-type-added: compatible",
            "request-body-media-type-removed: breaking"
        ]
    );
}
