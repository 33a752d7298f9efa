//! Reports in custom templates.

use apidrift::render::{template, template_data};
use apidrift::{Document, Report};

fn report(name: &str) -> Report {
    let paths = serde_json::json!({ name: {"get": {}}, "/b": {"get": {}} });
    let document = |paths| serde_json::json!({"openapi": "3.0.3", "paths": paths}).to_string();
    let old = Document::parse(&document(paths), "old.yaml").unwrap();
    let new = document(serde_json::json!({"/b": {"get": {}}, "/c": {"post": {}}}));
    apidrift::compare(&old, &Document::parse(&new, "new.yaml").unwrap())
}

fn rendered(file: &str, text: &str, path: &str) -> Result<String, String> {
    let data = template_data(&[report(path)]);
    template(file, text, &data).map_err(|error| error.to_string())
}

#[test]
fn a_template_lists_lines_by_severity() {
    let text = "{% for document in documents %}\n# {{ document.old }} to {{ document.new }}: {{ document.report.semver }}\n\n\
                {% for line in document.lines %}\n- {{ line.wire }}: {{ line.message | code }} ({{ line.rules | join(\", \") | safe }})\n\
                {% endfor %}\n{% endfor %}\n";
    assert_eq!(
        rendered("comment.md.j2", text, "/a").unwrap(),
        "# old.yaml to new.yaml: major\n\n\
         - breaking: `GET /a: path was removed without having been deprecated: GET /a` (api-path-removed-without-deprecation)\n\
         - compatible: `POST /c: operation was added: POST /c` (endpoint-added)\n"
    );
}

#[test]
fn text_of_a_document_is_never_markup_in_the_output() {
    let path = "/<b>*a*|`x`@me\u{1b}\"";
    let message = "{{ documents[0].lines[0].message }}";
    for (file, says) in [
        (
            "a.md",
            "GET /&lt;b&gt;\\*a\\*\\|\\`x\\`&#64;me\\\\u{1b}\": path was removed",
        ),
        (
            "a.xml.jinja",
            "GET &#x2f;&lt;b&gt;*a*|`x`@me\u{1b}&quot;: path was removed",
        ),
        ("a.txt", "GET /<b>*a*|`x`@me\\u{1b}\": path was removed"),
    ] {
        let text = rendered(file, message, path).unwrap();
        assert!(text.starts_with(says), "{file}: {text}");
    }
    let json = rendered("a.json", &format!("{{\"m\": {message}}}"), path).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(
        json["m"]
            .as_str()
            .unwrap()
            .starts_with("GET /<b>*a*|`x`@me")
    );
}

#[test]
fn an_invalid_template_is_reported_with_its_line() {
    for (text, says) in [
        ("a\n{{ documents[0].nothing }}", "a.md:2:1: undefined value"),
        ("a\n{% for x in documents %}", "a.md:2:1: syntax error"),
        ("{% include \"/etc/passwd\" %}", "a.md:1:1: "),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}",
            "a.md:1:1: engine ran out of fuel",
        ),
    ] {
        let error = rendered("a.md", text, "/a").unwrap_err();
        assert!(error.starts_with(says), "{error}");
        assert!(
            error.ends_with("README lists what a template is given"),
            "{error}"
        );
    }
}
