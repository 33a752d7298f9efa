//! Model pages: the properties of component schemas.

use scp_pages::{Extent, ModelSection, Parameter, Schema};

use super::parameters::{Said, one};
use super::report::Report;
use super::schemas::{Property, is_same, properties, schema_of, shown_schema};
use super::spec::{At, Spec, is_unknown};

/// Compares a model with the component schema of its name.
pub(super) fn compare(spec: &Spec, section: &ModelSection, report: &mut Report) {
    let Some(name) = &section.name else {
        report.subject(String::new());
        report.unknown(
            Some(section.line),
            "which model the table is of",
            "/components/schemas",
        );
        return;
    };
    report.subject(format!("model `{}`", name.value));
    let Some(at) = spec.model(&name.value) else {
        report.difference(
            name.line,
            "/components/schemas",
            "schema",
            &name.value,
            "nothing",
        );
        return;
    };
    report.models.insert(spec.model_name(&name.value));
    if is_unknown(&at) {
        report.unknown(
            Some(section.line),
            "schema: the spec marks it as unknown",
            at.pointer,
        );
        return;
    }
    if let Some(printed) = &section.schema {
        let other = schema_of(at.value);
        if !other
            .as_ref()
            .is_some_and(|other| is_same(spec, &printed.value, other))
        {
            let page = printed.value.to_string();
            report.difference(
                printed.line,
                at.pointer,
                "type",
                page,
                shown_schema(other.as_ref()),
            );
        }
        return;
    }
    compare_properties(spec, section, &at, report);
}

/// Compares the rows of a model's table with the properties of its schema.
fn compare_properties(spec: &Spec, section: &ModelSection, at: &At<'_>, report: &mut Report) {
    let Some(mut left) = properties(spec, at) else {
        let other = shown_schema(schema_of(at.value).as_ref());
        report.difference(section.line, &at.pointer, "type", "properties", other);
        return;
    };
    let mut rows: Vec<&Parameter> = section.properties.rows.iter().collect();
    rows.retain(|row| {
        let named = |property: &Property<'_>| {
            row.name
                .as_ref()
                .is_some_and(|name| name.value == property.name)
        };
        let Some(index) = left.iter().position(named) else {
            return true;
        };
        let property = left.remove(index);
        let what = format!("property `{}`", property.name);
        one(spec, row, &said(&property), &what, report);
        false
    });
    // One name on either side is a renamed property where its type is the same.
    if let ([row], [property]) = (&rows[..], &left[..])
        && let (Some(name), Some(page)) = (&row.name, row.schema.value())
        && schema_of(property.at.value).is_some_and(|other| is_same(spec, page, &other))
    {
        let what = format!("property `{}`: name", property.name);
        report.difference(
            name.line,
            &property.at.pointer,
            &what,
            &name.value,
            &property.name,
        );
        return;
    }
    for row in rows {
        let name = row.name.as_ref().map_or("", |name| name.value.as_str());
        let says = row.shown();
        report.difference(
            row.line,
            at.child("properties"),
            &format!("property `{name}`"),
            says,
            "nothing",
        );
    }
    for property in left {
        let what = format!("property `{}`", property.name);
        if section.properties.extent == Extent::Whole {
            let other = schema_of(property.at.value);
            let other = other
                .as_ref()
                .map_or_else(|| "anything".to_owned(), Schema::to_string);
            report.difference(section.line, &property.at.pointer, &what, "nothing", other);
        } else {
            report.unknown(Some(section.line), &what, &property.at.pointer);
        }
    }
}

fn said<'a>(property: &Property<'a>) -> Said<'a> {
    Said {
        name: property.name.clone(),
        required: property.required,
        required_pointer: property.required_pointer.clone(),
        at: property.at.clone(),
        schema: property.at.clone(),
        nullable: None,
    }
}
