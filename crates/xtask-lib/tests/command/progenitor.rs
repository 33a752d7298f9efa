//! `cargo xtask progenitor`: plain progenitor accepts its output.

use std::path::Path;

use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Value, json};
use specmill_codegen::stock_document;
use specmill_xtask::api::Api;

/// The document of an API of this workspace, and its number of operations.
fn document(name: &str) -> (Value, usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap();
    let api = Api::read(root, name).unwrap();
    let file = root.join("specs").join(name).join("openapi.json");
    let normalised = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let model = specmill_model::lower(&api.codegen_options().lowering(), &normalised).unwrap();
    let stock = stock_document::build(&model, Some("Error"));
    assert!(stock.skipped.is_empty(), "{:?}", stock.skipped);
    (stock.document, model.operations.len())
}

#[test]
fn progenitor_generates_its_own_client_with_every_operation() {
    for name in ["panther", "scp-identity-center"] {
        let (document, operations) = document(name);
        let document = serde_json::from_value(document).unwrap();
        for style in [InterfaceStyle::Positional, InterfaceStyle::Builder] {
            let mut settings = GenerationSettings::new();
            settings.with_interface(style);
            let tokens = Generator::new(&settings)
                .generate_tokens(&document)
                .unwrap();
            let file: syn::File = syn::parse2(tokens).unwrap();
            let methods = file.items.iter().flat_map(|item| match item {
                syn::Item::Impl(item) if item.trait_.is_none() => &item.items[..],
                _ => &[],
            });
            let methods = methods.filter(|item| {
                matches!(item, syn::ImplItem::Fn(function)
                if document.operations().any(|(.., one)| {
                    one.operation_id.as_deref() == Some(&function.sig.ident.to_string())
                }))
            });
            assert_eq!(methods.count(), operations, "{name}");
        }
    }
}

#[test]
fn names_are_those_on_the_wire_and_enumerated_values_are_kept() {
    let (document, _) = document("panther");
    let user = &document["components"]["schemas"]["ModifyUser"];
    assert_eq!(user["properties"]["givenName"]["type"], "string");
    let (document, _) = self::document("scp-identity-center");
    let status = &document["components"]["schemas"]["VersionStatus"];
    assert_eq!(
        status["enum"],
        json!(["CURRENT", "SUPPORTED", "PLANNED", "DEPRECATED"])
    );
}
