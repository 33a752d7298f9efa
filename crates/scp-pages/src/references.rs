//! The models that the tables and the examples of a page refer to.

use std::collections::BTreeSet;

use serde_json::Value;

use super::page::{
    Fault, Located, ModelSection, OperationSection, Page, Parameter, ParameterLocation,
};
use super::schema::Schema;

/// The names of the models that the tables of a page refer to.
pub(super) fn models<'a>(
    operations: &'a [OperationSection],
    models: &'a [ModelSection],
) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    let of_operations = operations.iter().flat_map(|section| {
        let parameters = section.parameters.rows.iter().map(|row| &row.schema);
        parameters.chain(section.responses.rows.iter().map(|row| &row.schema))
    });
    let of_models = models
        .iter()
        .flat_map(|model| model.properties.rows.iter().map(|row| &row.schema));
    let schemas = of_operations
        .chain(of_models)
        .filter_map(|schema| schema.value());
    for schema in schemas.chain(
        models
            .iter()
            .filter_map(|model| Some(&model.schema.as_ref()?.value)),
    ) {
        collect(schema, &mut names);
    }
    names
}

fn collect<'a>(schema: &'a Schema, names: &mut BTreeSet<&'a str>) {
    match schema {
        Schema::Model(name) => {
            names.insert(name);
        }
        Schema::Array(items) => collect(items, names),
        Schema::AnyOf(branches) => branches.iter().for_each(|branch| collect(branch, names)),
        Schema::Primitive { .. } | Schema::Enum(_) | Schema::Null => {}
    }
}

/// Adds a fault to each page that ends with the table of a model of which an example on another page has more properties.
pub fn compare_pages(pages: &mut [(String, Page)]) {
    let operations: Vec<OperationSection> = pages
        .iter()
        .flat_map(|(_, page)| page.operations.clone())
        .collect();
    let models: Vec<ModelSection> = pages
        .iter()
        .flat_map(|(_, page)| page.models.clone())
        .collect();
    let services = operations.iter().filter_map(|one| one.header_version());
    let services: BTreeSet<&str> = services.map(|(service, _)| service).collect();
    // Another service may have another model of the same name.
    if services.len() > 1 {
        return;
    }
    for (_, page) in pages {
        let is_open = !page.end.is_proven && page.end.missing.is_none();
        let Some(model) = page.models.last().filter(|_| is_open) else {
            continue;
        };
        let is_last = page.operations.iter().all(|one| one.line < model.line);
        if is_last && lacks_properties(model, &operations, &models) {
            page.end.missing = Some(incomplete(model));
            let fault = Located::new(page.end.line, Fault::CutOff);
            page.faults.push(fault);
        }
    }
}

/// A description of a table of which rows are missing.
pub(super) fn incomplete(model: &ModelSection) -> String {
    let name = model.name.as_ref().map_or("", |name| name.value.as_str());
    format!("the table of the model `{name}` is incomplete")
}

/// Whether an example on the page has all properties in the table of a model, and more behind them: the rest of the table is
/// missing.
pub(super) fn lacks_properties<'a>(
    model: &'a ModelSection,
    operations: &'a [OperationSection],
    models: &'a [ModelSection],
) -> bool {
    let Some(name) = &model.name else {
        return false;
    };
    let mut search = Search {
        name: &name.value,
        models,
        objects: Vec::new(),
        read: BTreeSet::new(),
    };
    for section in operations {
        let body = section
            .parameters
            .rows
            .iter()
            .find(|row| row.location == ParameterLocation::Body);
        if let (Some(schema), Some(example)) = (
            body.and_then(|row| row.schema.value()),
            &section.request_example,
        ) {
            search.value(schema, &example.value);
        }
        for (status, example) in &section.response_examples {
            let row = section
                .responses
                .rows
                .iter()
                .find(|row| row.status == *status);
            if let Some(schema) = row.and_then(|row| row.schema.value()) {
                search.value(schema, &example.value);
            }
        }
    }
    let names: BTreeSet<&str> = model.properties.rows.iter().filter_map(property).collect();
    search.objects.iter().any(|object| {
        let in_table: Vec<bool> = object
            .keys()
            .map(|key| names.contains(key.as_str()))
            .collect();
        let first = in_table.iter().take_while(|known| **known).count();
        first > 0 && first < in_table.len() && !in_table[first..].contains(&true)
    })
}

fn property(row: &Parameter) -> Option<&str> {
    Some(row.name.as_ref()?.value.as_str())
}

/// A search for the objects of a model in examples.
struct Search<'a> {
    name: &'a str,
    models: &'a [ModelSection],
    objects: Vec<&'a serde_json::Map<String, Value>>,
    /// The models that each object was read as: alternatives that share a model would read it again and again.
    read: BTreeSet<(*const serde_json::Map<String, Value>, &'a str)>,
}

impl<'a> Search<'a> {
    fn value(&mut self, schema: &'a Schema, value: &'a Value) {
        match (schema, value) {
            (Schema::Model(name), Value::Object(object)) if name == self.name => {
                self.objects.push(object);
            }
            (Schema::Model(name), Value::Object(object)) => {
                if !self.read.insert((std::ptr::from_ref(object), name)) {
                    return;
                }
                let models = self.models;
                let named = |model: &&ModelSection| {
                    model
                        .name
                        .as_ref()
                        .is_some_and(|found| found.value == *name)
                };
                for row in models
                    .iter()
                    .filter(named)
                    .flat_map(|model| &model.properties.rows)
                {
                    let value = property(row).and_then(|name| object.get(name));
                    if let (Some(schema), Some(value)) = (row.schema.value(), value) {
                        self.value(schema, value);
                    }
                }
            }
            (Schema::Array(items), Value::Array(values)) => {
                for value in values {
                    self.value(items, value);
                }
            }
            (Schema::AnyOf(branches), value) => {
                for branch in branches {
                    self.value(branch, value);
                }
            }
            _ => {}
        }
    }
}
