//! Merges the published documents, which contain one operation each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use specmill_openapi::changes::Changes;
use specmill_openapi::diagnostic::{Diagnostic, Place, Result};
use specmill_openapi::document::{METHODS, child, first_difference};
use specmill_openapi::layout::API_FILE;

use crate::{Options, Source};

/// The first file that contains the value at a pointer.
pub(super) type Origins = BTreeMap<String, PathBuf>;

/// Merges published documents into one.
///
/// Parts that several documents contain must be equal, since there is one API: the general properties, the components, the
/// tags. Each operation records its page and its published name in `x-source`, and each component schema its published name in
/// `x-published-name`.
pub(super) fn merge(
    options: &Options,
    all: Vec<Source>,
    changes: &mut Changes,
) -> Result<(Value, Origins)> {
    check_preferences(options, &all)?;
    let mut merge = Merge {
        options,
        merged: Map::new(),
        first: BTreeMap::new(),
    };
    let count = all.len();
    for published in all {
        merge.document(published)?;
    }
    changes.add("merge", "", format!("merged {count} published documents"));
    Ok((Value::Object(merge.merged), merge.first))
}

/// Checks that each preference names an existing operation: otherwise the schema would be dropped from every document.
fn check_preferences(options: &Options, all: &[Source]) -> Result<()> {
    for (schema, operation) in &options.prefer {
        let pointer = child("/components/schemas", schema);
        let preferred = all
            .iter()
            .find(|published| published.operation == *operation);
        let message = match preferred {
            None => {
                format!("[prefer] names the operation `{operation}`, which no document contains")
            }
            Some(published) if published.document.pointer(&pointer).is_none() => {
                format!(
                    "[prefer] names the schema `{schema}`, which the document of `{operation}` does not contain"
                )
            }
            Some(_) => continue,
        };
        return Err(Diagnostic::new(message)
            .at(options.file(API_FILE), Place::Whole)
            .help("name an operation whose published document contains the schema"));
    }
    Ok(())
}

struct Merge<'a> {
    options: &'a Options,
    merged: Map<String, Value>,
    first: Origins,
}

impl Merge<'_> {
    fn document(&mut self, published: Source) -> Result<()> {
        let Source {
            file,
            document,
            operation,
            page,
        } = published;
        let Value::Object(members) = document else {
            return Err(not_openapi(&file));
        };
        for (name, value) in members {
            match name.as_str() {
                "paths" => self.paths(&file, value, &page)?,
                "components" => self.components(&file, &operation, value)?,
                "tags" => self.tags(&file, value)?,
                _ => self.member(&file, &format!("/{name}"), &[], &name, value)?,
            }
        }
        Ok(())
    }

    fn paths(&mut self, file: &Path, paths: Value, page: &str) -> Result<()> {
        let Value::Object(paths) = paths else {
            return Err(not_openapi(file));
        };
        for (path, item) in paths {
            let pointer = child("/paths", &path);
            let Value::Object(members) = item else {
                return Err(not_openapi(file));
            };
            for (name, mut member) in members {
                let pointer = child(&pointer, &name);
                if METHODS.contains(&name.as_str()) {
                    if let Some(first) = self.first.get(&pointer) {
                        return Err(Diagnostic::new(format!(
                            "two published documents contain the operation {} {path}",
                            name.to_uppercase()
                        ))
                        .at(file, Place::Pointer(pointer))
                        .note(format!("the other one is {}", first.display()))
                        .help("import the page that contains the operation now; remove the other from the record"));
                    }
                    if let Some(operation) = member.as_object_mut() {
                        let published = operation.get("operationId").cloned().unwrap_or_default();
                        operation.insert(
                            "x-source".into(),
                            json!({ "page": page, "operation": published }),
                        );
                    }
                }
                self.member(file, &pointer, &["paths", &path], &name, member)?;
            }
        }
        Ok(())
    }

    fn components(&mut self, file: &Path, operation: &str, components: Value) -> Result<()> {
        let Value::Object(sections) = components else {
            return Err(not_openapi(file));
        };
        for (section, members) in sections {
            let Value::Object(members) = members else {
                return Err(not_openapi(file));
            };
            for (name, mut component) in members {
                if section == "schemas" {
                    if self
                        .options
                        .prefer
                        .get(&name)
                        .is_some_and(|preferred| preferred != operation)
                    {
                        continue;
                    }
                    if let Some(schema) = component.as_object_mut() {
                        schema.insert("x-published-name".into(), json!(name));
                    }
                }
                let pointer = child(&format!("/components/{section}"), &name);
                self.member(file, &pointer, &["components", &section], &name, component)?;
            }
        }
        Ok(())
    }

    fn tags(&mut self, file: &Path, tags: Value) -> Result<()> {
        let Value::Array(tags) = tags else {
            return Err(not_openapi(file));
        };
        for tag in tags {
            let Some(name) = tag.get("name").and_then(Value::as_str).map(str::to_owned) else {
                return Err(Diagnostic::new("a tag has no name")
                    .at(file, Place::Pointer("/tags".into()))
                    .help("import the page again"));
            };
            let key = format!("/tags (`{name}`)");
            let Some(list) = self
                .merged
                .entry("tags")
                .or_insert_with(|| json!([]))
                .as_array_mut()
            else {
                continue;
            };
            match list.iter().find(|other| other["name"] == name.as_str()) {
                None => {
                    list.push(tag);
                    self.first.insert(key, file.to_path_buf());
                }
                Some(other) if *other == tag => {}
                Some(other) => {
                    let member = first_difference(other, &tag);
                    let what = format!("the tag `{name}`");
                    return Err(self.contradiction(file, &key, "/tags", &what, member));
                }
            }
        }
        Ok(())
    }

    /// Inserts a value, or checks that the existing one is equal.
    fn member(
        &mut self,
        file: &Path,
        pointer: &str,
        parents: &[&str],
        name: &str,
        value: Value,
    ) -> Result<()> {
        let mut object = &mut self.merged;
        for parent in parents {
            let entry = object.entry(*parent).or_insert_with(|| json!({}));
            let Value::Object(inner) = entry else {
                return Err(not_openapi(file));
            };
            object = inner;
        }
        match object.get(name) {
            None => {
                object.insert(name.to_owned(), value);
                self.first.insert(pointer.to_owned(), file.to_path_buf());
                Ok(())
            }
            Some(there) if *there == value => Ok(()),
            Some(there) => {
                let what = format!("`{name}`");
                let member = first_difference(there, &value);
                Err(self.contradiction(file, pointer, pointer, &what, member))
            }
        }
    }

    /// `member` is the location of the difference within the contradictory values.
    fn contradiction(
        &self,
        file: &Path,
        key: &str,
        pointer: &str,
        what: &str,
        member: Option<String>,
    ) -> Box<Diagnostic> {
        let mut diagnostic = Diagnostic::new(format!(
            "two published documents contradict each other about {what}"
        ))
        .at(file, Place::Pointer(pointer.to_owned()));
        if let Some(first) = self.first.get(key) {
            diagnostic =
                diagnostic.note(format!("the other one is at {}#{pointer}", first.display()));
        }
        if let Some(member) = member.filter(|member| !member.is_empty()) {
            diagnostic = diagnostic.note(format!("they differ at `{}`", &member[1..]));
        }
        let prefer = pointer.starts_with("/components/schemas/");
        diagnostic.help(if prefer {
            "import the older page again; if the vendor contradicts itself, name the correct operation in \
             [prefer] of api.toml"
        } else {
            "import the older page again"
        })
    }
}

fn not_openapi(file: &Path) -> Box<Diagnostic> {
    Diagnostic::new("this is not an OpenAPI document")
        .at(file, Place::Whole)
        .help("import the page again")
}
