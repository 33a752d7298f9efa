//! The request body.

use scp_pages::{Extent, OperationSection, Parameter, ParameterLocation, Told};

use super::report::Report;
use super::schemas::{is_same, schema_of, shown_schema};
use super::spec::{Found, Spec};

/// Compares the body that the page's parameters name.
pub(super) fn compare(
    spec: &Spec,
    section: &OperationSection,
    found: &Found<'_>,
    report: &mut Report,
) {
    let table = &section.parameters;
    let bodies: Vec<&Parameter> = table
        .rows
        .iter()
        .filter(|row| row.location == ParameterLocation::Body)
        .collect();
    let said = found
        .at
        .member("requestBody")
        .map(|body| spec.resolve(body));
    let pointer = found.at.child("requestBody");
    let form = table
        .rows
        .iter()
        .any(|row| row.location == ParameterLocation::Form);
    match (&bodies[..], said) {
        ([], None) => {}
        ([], Some(_)) if table.extent == Extent::Whole && !form => {
            report.difference(
                table.line.unwrap_or(section.line),
                pointer,
                "body",
                "nothing",
                "a body",
            );
        }
        ([], Some(_)) => report.unknown(table.line, "body", pointer),
        ([row, ..], None) => {
            report.difference(row.line, pointer, "body", row.shown(), "nothing");
        }
        ([row], Some(said)) => {
            match &row.required {
                None => report.unknown(
                    Some(row.line),
                    "body: whether it is required",
                    said.child("required"),
                ),
                Some(required) if required.value != said.flag("required") => {
                    let word = |required: bool| if required { "required" } else { "optional" };
                    let (page, spec) = (word(required.value), word(said.flag("required")));
                    report.difference(
                        required.line,
                        said.child("required"),
                        "body: required",
                        page,
                        spec,
                    );
                }
                Some(_) => {}
            }
            let schema = said.media().and_then(|media| media.member("schema"));
            let pointer = schema
                .as_ref()
                .map_or_else(|| said.child("content"), |schema| schema.pointer.clone());
            let other = schema.and_then(|schema| schema_of(schema.value));
            match &row.schema {
                Told::Says(printed) => {
                    let same = other
                        .as_ref()
                        .is_some_and(|other| is_same(spec, &printed.value, other));
                    if !same {
                        let page = printed.value.to_string();
                        report.difference(
                            printed.line,
                            pointer,
                            "body: type",
                            page,
                            shown_schema(other.as_ref()),
                        );
                    }
                }
                Told::Nothing(line) if other.is_some() => {
                    report.difference(
                        *line,
                        pointer,
                        "body: type",
                        "None",
                        shown_schema(other.as_ref()),
                    );
                }
                Told::Nothing(_) => {}
                Told::Unknown => report.unknown(Some(row.line), "body: type", pointer),
            }
        }
        ([row, ..], Some(said)) => {
            report.unknown(
                Some(row.line),
                "how the several bodies of the page make one",
                said.pointer,
            );
        }
    }
}
