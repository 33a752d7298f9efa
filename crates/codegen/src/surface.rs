//! The public surface of a generated crate: what a program may name, what it must give, and what is sent for it.
//!
//! It is read from the declarations of the generated files, so that it follows the generator by itself: what a
//! declaration becomes is written in `specmill-client`, and once more, in short, in `declarations`. A declaration that is
//! not known there is an item too, of all its tokens.

mod crate_wide;
mod declarations;
mod item;
mod mock;
mod modules;
mod operation;
mod tokens;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use specmill_openapi::diagnostic::{Diagnostic, Result};

use crate::Options;
use crate::generate::Generated;
use specmill_model::Model;

pub use item::{Argument, Features, Item, Kind, Takes};

/// The public surface of a generated crate.
///
/// `Display` writes it as the file `surface.txt`: an item a line, sorted.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Surface {
    /// The name of the package.
    pub package: String,
    /// The features that are on by default.
    pub default_features: Vec<String>,
    /// The addresses that server variables select: their values, and the URL template.
    pub servers: BTreeMap<String, String>,
    /// The code of each file without comments, for what no item tells.
    pub code: BTreeMap<String, String>,
    mark: String,
    items: BTreeMap<(String, u8), Item>,
}

/// The name of the file that holds the surface, in the folder of the crate.
pub const FILE: &str = "surface.txt";

impl Surface {
    /// Reads the surface of a crate from its files.
    ///
    /// # Errors
    ///
    /// Where a generated file is not Rust, which is a defect of the generator.
    pub fn of(options: &Options, model: &Model, generated: &Generated) -> Result<Self> {
        let files = generated.files.iter().filter_map(|(file, text)| {
            Some((file.strip_prefix("src").ok()?.to_str()?, text.as_str()))
        });
        let files = files
            .filter(|(file, _)| Path::new(file).extension().is_some_and(|kind| kind == "rs"))
            .map(|(file, text)| (file.to_owned(), text));
        let mut surface = Self {
            package: options.package.clone(),
            mark: format!("{} from specs/{}/", options.mark, options.name),
            ..Self::default()
        };
        let defect = |(file, error): (String, syn::Error)| {
            Diagnostic::new(format!("the generated {file} cannot be read: {error}"))
                .help("this is a defect of the generator; report it with the document")
        };
        modules::read(&files.collect(), &mut surface).map_err(defect)?;
        crate_wide::read(options, model, generated, &mut surface);
        Ok(surface)
    }

    /// The items, by path.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// The item of a path and of the same sort as another.
    pub fn same(&self, item: &Item) -> Option<&Item> {
        self.items.get(&(item.path.clone(), item.kind.sort()))
    }

    /// The type of a path: a struct, an enum or an alias.
    pub fn type_of(&self, path: &str) -> Option<&Item> {
        self.items.get(&(path.to_owned(), Kind::TYPE))
    }

    /// The function of a path.
    pub fn function(&self, path: &str) -> Option<&Item> {
        self.items.get(&(path.to_owned(), Kind::FUNCTION))
    }

    /// A path without aliases: the type that it leads to.
    pub fn resolved<'a>(&'a self, path: &'a str) -> &'a str {
        let mut path = path;
        // An alias of an alias is not generated; the bound is for a file that says otherwise.
        for _ in 0..8 {
            match self.type_of(path).map(|item| &item.kind) {
                Some(Kind::Alias(of)) => path = of,
                _ => break,
            }
        }
        path
    }

    fn add(&mut self, item: Item) {
        self.items
            .insert((item.path.clone(), item.kind.sort()), item);
    }

    fn item_mut(&mut self, path: &str, sort: u8) -> Option<&mut Item> {
        self.items.get_mut(&(path.to_owned(), sort))
    }
}

impl fmt::Display for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# {}. Do not edit.", self.mark)?;
        writeln!(
            f,
            "# The public surface of {}. After `#` stands what is sent for an item.",
            self.package
        )?;
        for (values, url) in &self.servers {
            writeln!(f, "server {values}: {url}")?;
        }
        for item in self.items() {
            writeln!(f, "{item}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use specmill_openapi::document;

    use super::*;

    const DOCUMENT: &str = "openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: 'https://pets.example.com'}]
paths:
  /pets/{id}:
    put:
      operationId: pet_put
      tags: [pet]
      deprecated: true
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: dryRun, in: query, schema: {type: boolean}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'204': {description: Put}}
components:
  schemas:
    Pet:
      type: object
      required: [kind]
      properties:
        kind: {type: string, enum: [cat]}
        givenName: {type: string}
";

    fn surface() -> Surface {
        let document = document::parse_yaml(DOCUMENT).unwrap();
        let options = Options::new("pets", "pets-client", "Pets");
        let model = specmill_model::lower(&options.lowering(), &document).unwrap();
        crate::generate(&options, &document, &model, "")
            .unwrap()
            .surface
    }

    #[test]
    fn an_item_is_a_line_with_its_signature_and_what_is_sent_for_it() {
        let text = surface().to_string();
        for line in [
            "fn Client::pet_put(&self, id: impl TryInto<String>) -> operations::PetPut [deprecated]  # PUT /pets/{id}; authenticated false",
            "fn ClientBuilder::base_url(self, value: impl Into<String>) -> Self [required]",
            "variable PETS_BASE_URL [required]",
            "feature default  # rustls, tracing",
            "struct operations::PetPut: Clone + Debug",
            "fn operations::PetPut::body(self, value: impl TryInto<types::Pet>) -> Self [required]  # Json \"application/json\"",
            "fn operations::PetPut::dry_run(self, value: bool) -> Self  # Query \"dryRun\"",
            "async fn operations::PetPut::send(self) -> Result<(), Error>",
            "field types::Pet::given_name: Option<String>  # \"givenName\"",
            "fn types::PetBuilder::kind(self, value: impl TryInto<types::PetKind>) -> Self [required]",
            "variant types::PetKind::Cat  # \"cat\"",
        ] {
            assert!(text.lines().any(|one| one == line), "{line}\n{text}");
        }
    }

    #[test]
    fn every_item_of_an_operation_and_of_a_type_has_its_place_in_the_document() {
        let surface = surface();
        let place = |path: &str| {
            let found = surface.items().find(|item| item.path == path);
            found.and_then(|item| item.place.clone())
        };
        assert_eq!(
            place("operations::PetPut::body").as_deref(),
            Some("/paths/~1pets~1{id}/put")
        );
        let property = Some("/components/schemas/Pet/properties/givenName");
        assert_eq!(place("types::Pet::given_name").as_deref(), property);
        assert_eq!(place("types::PetBuilder::given_name").as_deref(), property);
    }

    #[test]
    fn a_declaration_that_is_not_known_is_an_item_of_its_tokens() {
        let files = BTreeMap::from([(
            "lib.rs".to_owned(),
            "specmill_client::novelty! { pub struct Pet { pub name: curious String } }",
        )]);
        let mut surface = Surface::default();
        modules::read(&files, &mut surface).unwrap();
        let items: Vec<String> = surface.items().map(ToString::to_string).collect();
        assert_eq!(
            items,
            ["declaration novelty! Pet pub struct Pet { pub name: curious String }"]
        );
    }
}
