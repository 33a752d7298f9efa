//! The models that the tables and the examples of a page refer to.

use std::collections::BTreeSet;

use serde_json::Value;

use super::page::{ModelSection, OperationSection, Parameter, ParameterPlace};
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
            .find(|row| row.place == ParameterPlace::Body);
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
