//! Parameters and properties.

use serde_json::Value;

use scp_pages::{Extent, Located, OperationSection, Parameter, ParameterLocation, Schema, Told};

use crate::limits::limit as limit_of;

use super::report::Report;
use super::schemas::{is_same as is_same_schema, schema_of, shown_schema};
use super::spec::{At, Found, Spec};
use super::values::{is_same, shown};

/// The keywords of limits.
const LIMITS: [&str; 7] = [
    "pattern",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
];

/// What the spec says of a parameter or a property.
pub(super) struct Said<'a> {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) required_pointer: String,
    /// The parameter, or the property's schema: where examples stand.
    pub(super) at: At<'a>,
    /// The schema.
    pub(super) schema: At<'a>,
    /// Whether it may be null; none where that does not matter.
    pub(super) nullable: Option<bool>,
}

/// Compares the parameters of an operation, but for its bodies.
pub(super) fn compare(
    spec: &Spec,
    section: &OperationSection,
    found: &Found<'_>,
    report: &mut Report,
) {
    let table = &section.parameters;
    if table.extent == Extent::Missing {
        report.unknown(
            Some(section.line),
            "parameters",
            found.at.child("parameters"),
        );
        return;
    }
    let all = spec.parameters(&found.at);
    let mut left: Vec<&At<'_>> = all
        .iter()
        .filter(|at| at.value.get("x-client-setting").is_none())
        .collect();
    let rows = table.rows.iter();
    let mut rows: Vec<&Parameter> = rows
        .filter(|row| {
            !matches!(
                row.location,
                ParameterLocation::Body | ParameterLocation::Form
            )
        })
        .collect();
    for row in table
        .rows
        .iter()
        .filter(|row| row.location == ParameterLocation::Form)
    {
        report.unknown(
            Some(row.line),
            "whether the form field is in the spec",
            found.at.child("requestBody"),
        );
    }
    // The same name in the same location; then the same name; then a row that differs in the name alone.
    let mut pairs: Vec<(&Parameter, &At<'_>)> = Vec::new();
    for test in [same_place_and_name, same_name, same_but_for_the_name] {
        rows.retain(|row| {
            let Some(index) = left.iter().position(|at| test(spec, row, at)) else {
                return true;
            };
            pairs.push((row, left.remove(index)));
            false
        });
    }
    pairs.sort_by_key(|(row, _)| row.line);
    for (row, at) in pairs {
        let name = at.text("name").unwrap_or_default();
        let location = at.text("in").unwrap_or_default();
        let what = format!("{location} parameter `{name}`");
        if row.location.as_str() != location {
            report.difference(
                row.line,
                at.child("in"),
                &format!("{what}: location"),
                row.location.as_str(),
                location,
            );
        }
        one(spec, row, &said(spec, at), &what, report);
    }
    for row in rows {
        let name = row.name.as_ref().map_or("", |name| name.value.as_str());
        let what = format!("{} parameter `{name}`", row.location.as_str());
        report.difference(
            row.line,
            found.at.child("parameters"),
            &what,
            row.shown(),
            "nothing",
        );
    }
    for at in left {
        let name = at.text("name").unwrap_or_default();
        let location = at.text("in").unwrap_or_default();
        let what = format!("{location} parameter `{name}`");
        if table.extent == Extent::Whole
            && !(location == "path" && section.path.contains(&format!("{{{name}}}")))
        {
            let line = table.line.unwrap_or(section.line);
            report.difference(line, &at.pointer, &what, "nothing", "the parameter");
        } else {
            report.unknown(table.line, &what, &at.pointer);
        }
    }
}

fn said<'a>(spec: &'a Spec, at: &At<'a>) -> Said<'a> {
    let schema = at.member("schema").or_else(|| at.media()?.member("schema"));
    Said {
        name: at.text("name").unwrap_or_default().to_owned(),
        required: at.flag("required"),
        required_pointer: at.child("required"),
        nullable: spec.is_parameter_nullable(at),
        schema: schema.unwrap_or_else(|| At {
            pointer: at.child("schema"),
            value: &Value::Null,
        }),
        at: at.clone(),
    }
}

fn same_name(_: &Spec, row: &Parameter, at: &At<'_>) -> bool {
    at.text("name")
        .is_some_and(|name| row.name.as_ref().is_some_and(|row| row.value == name))
}

fn same_place_and_name(spec: &Spec, row: &Parameter, at: &At<'_>) -> bool {
    at.text("in") == Some(row.location.as_str()) && same_name(spec, row, at)
}

fn same_but_for_the_name(spec: &Spec, row: &Parameter, at: &At<'_>) -> bool {
    let mut differences = Report::default();
    let said = said(spec, at);
    facts(spec, row, &said, "", &mut differences);
    let tells = row.schema.is_known() && (row.example.is_some() || row.description.is_some());
    let described = row.description.as_ref().is_none_or(|description| {
        at.text("description")
            .is_none_or(|text| text == description.value)
            || row.example.is_some()
    });
    at.text("in") == Some(row.location.as_str())
        && tells
        && described
        && differences.differences.is_empty()
}

/// Compares a row with what the spec says of it.
pub(super) fn one(spec: &Spec, row: &Parameter, said: &Said<'_>, what: &str, report: &mut Report) {
    if let Some(name) = row.name.as_ref().filter(|name| name.value != said.name) {
        report.difference(
            name.line,
            said.at.child("name"),
            &format!("{what}: name"),
            &name.value,
            &said.name,
        );
    }
    facts(spec, row, said, what, report);
}

/// Compares everything but name and location.
fn facts(spec: &Spec, row: &Parameter, said: &Said<'_>, what: &str, report: &mut Report) {
    match &row.required {
        None => report.unknown(
            Some(row.line),
            &format!("{what}: whether it is required"),
            &said.required_pointer,
        ),
        Some(required) if required.value != said.required => {
            let word = |required: bool| if required { "required" } else { "optional" };
            let what = format!("{what}: required");
            report.difference(
                required.line,
                &said.required_pointer,
                &what,
                word(required.value),
                word(said.required),
            );
        }
        Some(_) => {}
    }
    match row.together.as_ref() {
        Some(text) if is_printed_as(said, &text.value) => {
            if row.default.is_known() {
                default(row, said, what, report);
            }
        }
        Some(text) if !row.schema.is_known() && !said.is_marked_unknown("schema") => {
            let other = shown_schema(schema_of(said.schema.value).as_ref());
            let what = format!("{what}: type");
            report.difference(text.line, &said.schema.pointer, &what, &text.value, other);
        }
        _ => {
            type_of(spec, row, said, what, report);
            default(row, said, what, report);
        }
    }
    example(row, said, what, report);
    limits(row, said, what, report);
}

/// Compares the limits that a row prints; one that it does not print is unknown.
fn limits(row: &Parameter, said: &Said<'_>, what: &str, report: &mut Report) {
    for (limit, printed) in &row.limits {
        let Some((keyword, value)) = limit_of(*limit, &printed.value, row.schema.value()) else {
            let what = format!("{what}: {}", limit.as_str());
            report.unknown(Some(printed.line), &what, said.schema.pointer.clone());
            continue;
        };
        let other = said.schema.value.get(keyword);
        if !other.is_some_and(|other| is_same(&shown(&value), other)) {
            let what = format!("{what}: {}", limit.as_str());
            let other = other.map_or_else(|| "nothing".to_owned(), shown);
            report.difference(
                printed.line,
                said.schema.child(keyword),
                &what,
                &printed.value,
                other,
            );
        }
    }
    for keyword in LIMITS {
        let told = row
            .limits
            .iter()
            .filter_map(|(limit, value)| limit_of(*limit, &value.value, row.schema.value()));
        if said.schema.value.get(keyword).is_some()
            && !told.map(|(told, _)| told).any(|told| told == keyword)
        {
            report.unknown(
                Some(row.line),
                &format!("{what}: {keyword}"),
                said.schema.child(keyword),
            );
        }
    }
}

/// Whether type and default of the spec, printed in one, are a text of the page.
fn is_printed_as(said: &Said<'_>, text: &str) -> bool {
    let Some(schema) = schema_of(said.schema.value) else {
        return false;
    };
    let nullable = Schema::AnyOf(vec![schema.clone(), Schema::Null]).simplified();
    let default = said.schema.value.get("default").map(shown);
    let defaults = [
        default.clone().unwrap_or_else(|| "None".to_owned()),
        String::new(),
    ];
    [schema, nullable].iter().any(|schema| {
        defaults
            .iter()
            .any(|default| text == format!("{schema}{default}"))
    }) || default.as_deref() == Some(text)
}

fn type_of(spec: &Spec, row: &Parameter, said: &Said<'_>, what: &str, report: &mut Report) {
    let what = format!("{what}: type");
    let pointer = &said.schema.pointer;
    match &row.schema {
        Told::Says(printed) => {
            let (page, page_null) = printed.value.without_null();
            let other = schema_of(said.schema.value).map(|schema| schema.without_null());
            let same = other.as_ref().is_some_and(|(other, null)| {
                let nullable = said.nullable.unwrap_or(*null);
                let matters = said.nullable.is_some() || said.is_property();
                is_same_schema(spec, &page, other) && (!matters || nullable == page_null)
            });
            if !same {
                let other = other.map(|(schema, null)| {
                    let nullable = said.nullable.unwrap_or(null);
                    if nullable {
                        Schema::AnyOf(vec![schema, Schema::Null]).simplified()
                    } else {
                        schema
                    }
                });
                report.difference(
                    printed.line,
                    pointer,
                    &what,
                    printed.value.to_string(),
                    shown_schema(other.as_ref()),
                );
            }
        }
        Told::Nothing(line) => {
            if let Some(other) = schema_of(said.schema.value) {
                report.difference(*line, pointer, &what, "None", other.to_string());
            }
        }
        Told::Unknown => report.unknown(Some(row.line), &what, pointer),
    }
}

impl Said<'_> {
    /// Whether the spec says of a member that the pages do not tell it.
    fn is_marked_unknown(&self, member: &str) -> bool {
        let marks = self.at.value.get("x-unknown").and_then(Value::as_array);
        marks.is_some_and(|marks| marks.iter().any(|mark| mark == member))
    }

    /// In a property's schema `null` is a value; in a parameter it means leaving it out.
    fn is_property(&self) -> bool {
        self.at.pointer == self.schema.pointer
    }
}

fn default(row: &Parameter, said: &Said<'_>, what: &str, report: &mut Report) {
    let what = format!("{what}: default");
    let pointer = said.schema.child("default");
    let value = said
        .schema
        .value
        .get("default")
        .filter(|value| !value.is_null());
    match (&row.default, value) {
        (Told::Unknown, Some(_)) => report.unknown(Some(row.line), &what, pointer),
        (Told::Unknown | Told::Nothing(_), None) => {}
        (Told::Nothing(line), Some(value)) => {
            report.difference(*line, pointer, &what, "None", shown(value));
        }
        (Told::Says(printed), Some(value)) if is_same(&printed.value, value) => {}
        (Told::Says(printed), value) => {
            let value = value.map_or_else(|| "nothing".to_owned(), shown);
            report.difference(printed.line, pointer, &what, &printed.value, value);
        }
    }
}

fn example(row: &Parameter, said: &Said<'_>, what: &str, report: &mut Report) {
    let what = format!("{what}: example");
    let first = |at: &At<'_>| {
        at.value
            .pointer("/examples")
            .and_then(|all| Some(all.as_object()?.values().next()?.get("value")?.clone()))
    };
    let (pointer, value) = match (
        said.at.value.get("example"),
        said.schema.value.get("example"),
    ) {
        (Some(value), _) => (said.at.child("example"), Some(value.clone())),
        (None, Some(value)) => (said.schema.child("example"), Some(value.clone())),
        (None, None) => (said.at.child("example"), first(&said.at)),
    };
    match (&row.example, value) {
        (None, Some(_)) => report.unknown(Some(row.line), &what, pointer),
        (None, None) => {}
        (Some(Located { value: printed, .. }), Some(value)) if is_same(printed, &value) => {}
        (Some(printed), value) => {
            let value = value.as_ref().map_or_else(|| "nothing".to_owned(), shown);
            report.difference(printed.line, pointer, &what, &printed.value, value);
        }
    }
}
