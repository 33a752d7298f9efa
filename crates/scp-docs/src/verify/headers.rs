//! The headers of the example request: the signature's, and those that are settings of the client.

use serde_json::Value;

use scp_pages::{Header, OperationSection};
use specmill_openapi::document::child;

use super::report::Report;
use super::spec::{At, Found, Spec};
use super::values::{is_same, shown};

/// Headers of HTTP itself, which `OpenAPI` describes elsewhere.
const OF_HTTP: [&str; 5] = [
    "Content-Type",
    "Accept",
    "Host",
    "Content-Length",
    "User-Agent",
];

/// The languages of the platform.
const LANGUAGES: [&str; 2] = ["en-US", "ko-KR"];

/// A header that the spec has.
struct Said<'a> {
    name: String,
    required: bool,
    /// The parameter or the security scheme.
    at: At<'a>,
}

/// Compares the headers of the example with security schemes and header parameters.
pub(super) fn compare(
    spec: &Spec,
    section: &OperationSection,
    found: &Found<'_>,
    report: &mut Report,
) {
    let Some(first) = section.headers.first() else {
        report.unknown(
            Some(section.line),
            "headers of the request",
            found.at.child("parameters"),
        );
        return;
    };
    let mut left = said(spec, found);
    let mut rows: Vec<&Header> = Vec::new();
    for header in &section.headers {
        match left
            .iter()
            .position(|said| said.name.eq_ignore_ascii_case(&header.name))
        {
            Some(index) => value(section, header, &left.remove(index), report),
            None if OF_HTTP
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&header.name)) => {}
            None => rows.push(header),
        }
    }
    let mut missing: Vec<Said<'_>> = left.into_iter().filter(|said| said.required).collect();
    let renamed = rows.len() == missing.len();
    for header in rows {
        if renamed {
            let said = missing.remove(0);
            let what = format!("header `{}`: name", said.name);
            report.difference(
                header.line,
                said.at.child("name"),
                &what,
                &header.name,
                &said.name,
            );
        } else {
            let what = format!("header `{}`", header.name);
            report.difference(
                header.line,
                found.at.child("parameters"),
                &what,
                &header.name,
                "nothing",
            );
        }
    }
    for said in missing {
        let what = format!("header `{}`", said.name);
        report.difference(first.line, &said.at.pointer, &what, "nothing", &said.name);
    }
}

/// The headers that the operation's security and its parameters ask for.
fn said<'a>(spec: &'a Spec, found: &Found<'a>) -> Vec<Said<'a>> {
    let mut all = Vec::new();
    let security = found
        .at
        .value
        .get("security")
        .or_else(|| spec.document.get("security"));
    let schemes = security
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flatten();
    for (name, _) in schemes {
        let pointer = child("/components/securitySchemes", name);
        let Some(value) = spec.document.pointer(&pointer) else {
            continue;
        };
        let at = spec.resolve(At { pointer, value });
        let header = match (at.text("type"), at.text("in")) {
            (Some("apiKey"), Some("header")) => at.text("name").unwrap_or_default(),
            (Some("apiKey"), _) => continue,
            _ => "Authorization",
        };
        if !all.iter().any(|said: &Said<'_>| said.name == header) {
            all.push(Said {
                name: header.to_owned(),
                required: true,
                at,
            });
        }
    }
    for at in spec.parameters(&found.at) {
        if at.text("in") == Some("header") {
            let name = at.text("name").unwrap_or_default().to_owned();
            let setting = at.value.get("x-client-setting").is_some();
            all.push(Said {
                name,
                required: setting && at.flag("required"),
                at,
            });
        }
    }
    all
}

/// Compares the value of a header that is a setting; that of a signature is different each time.
fn value(section: &OperationSection, header: &Header, said: &Said<'_>, report: &mut Report) {
    let Some(setting) = said.at.member("x-client-setting") else {
        return;
    };
    let what = format!("header `{}`", said.name);
    if let Some(template) = setting.text("value") {
        let (before, after) = template.split_once("{}").unwrap_or((template, ""));
        let version = section.version().unwrap_or("");
        let filled = format!("{before}{version}{after}");
        let fits = header
            .value
            .strip_prefix(before)
            .is_some_and(|rest| rest.ends_with(after));
        if header.value != filled && (!fits || !version.is_empty()) {
            report.difference(
                header.line,
                setting.child("value"),
                &what,
                &header.value,
                filled,
            );
        }
        return;
    }
    let (pointer, example) = match said.at.value.get("example") {
        Some(example) => (said.at.child("example"), Some(example)),
        None => (said.at.child("schema"), None),
    };
    let choices = said
        .at
        .value
        .pointer("/schema/enum")
        .and_then(Value::as_array);
    // A page in either language of the platform shows its own.
    let language =
        setting.text("setting") == Some("language") && LANGUAGES.contains(&header.value.as_str());
    let (same, other) = match (example, choices) {
        (Some(example), _) => {
            let spec_language = example
                .as_str()
                .is_some_and(|example| LANGUAGES.contains(&example));
            (
                is_same(&header.value, example) || (language && spec_language),
                shown(example),
            )
        }
        (None, Some(choices)) => {
            let same = choices.iter().any(|choice| is_same(&header.value, choice));
            (
                same,
                choices.iter().map(shown).collect::<Vec<_>>().join(" or "),
            )
        }
        (None, None) => return,
    };
    if !same {
        report.difference(header.line, pointer, &what, &header.value, other);
    }
}
