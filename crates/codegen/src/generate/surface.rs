//! The public surface of the generated crate.

use std::collections::BTreeMap;
use std::path::PathBuf;

use specmill_model::Model;
use specmill_openapi::diagnostic::Result;
use specmill_surface::{CREDENTIALS, Setting, Surface, setting_place};

use super::{builder_field, credentials, fields, variables};
use crate::Options;

/// Reads the surface from the files of the crate.
pub(super) fn of(
    options: &Options,
    model: &Model,
    files: &BTreeMap<PathBuf, String>,
) -> Result<Surface> {
    let mark = format!("{} from specs/{}/", options.mark, options.name);
    Surface::read(
        &options.package,
        mark,
        files,
        &settings(options, model),
        model,
    )
}

/// The variables that a client is built from.
fn settings(options: &Options, model: &Model) -> Vec<Setting> {
    let place = |field: &builder_field::Field| match field.variable.role {
        variables::Role::Address | variables::Role::AddressPart => Some("/servers".to_owned()),
        variables::Role::Credential | variables::Role::TokenUrl => Some(CREDENTIALS.to_owned()),
        variables::Role::Other if field.value == "ApiVersion" => Some("/x-api-versions".to_owned()),
        variables::Role::Other => {
            let mut settings = model.settings.iter();
            let setting = settings.find(|setting| setting.setting == field.name);
            setting.map(setting_place)
        }
    };
    let own = fields::fields(options, model)
        .into_iter()
        .map(|field| Setting {
            place: place(&field),
            variable: field.variable.name,
            own: field.variable.own,
            required: field.variable.required,
            setter: field.setter.map(|setter| setter.name().to_owned()),
            value_type: Some(field.value).filter(|of| of != "String" && of != "Secret"),
        });
    let without_setter = |variable: variables::Variable, place: Option<String>| Setting {
        variable: variable.name,
        own: None,
        required: false,
        setter: None,
        value_type: None,
        place,
    };
    let of_credentials = credentials::variables(&options.environment, &model.authentication)
        .into_iter()
        .map(|variable| without_setter(variable, Some(CREDENTIALS.to_owned())));
    let of_tls = variables::tls_variables(&options.environment)
        .map(|variable| without_setter(variable, None));
    own.chain(of_credentials).chain(of_tls).collect()
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
    fn an_item_is_a_line_with_its_signature_and_its_name_on_the_wire() {
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
    fn every_item_of_an_operation_or_type_has_its_location_in_the_document() {
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
}
