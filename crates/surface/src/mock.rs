//! The public items of the declaration of a mock server.

use proc_macro2::TokenTree;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, LitStr, Token, Type, braced};

use crate::item::{Item, Kind};
use crate::methods::{by_reference, method};
use crate::scope::{Scope, add};
use crate::surface::Surface;

/// A mock server.
pub(super) struct MockServer(Vec<Operation>);

struct Operation {
    attributes: Vec<Attribute>,
    id: Ident,
    /// The type of the response.
    response: Type,
    /// The type of the stream's values.
    item: Option<Type>,
}

impl Parse for MockServer {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        for _ in ["credentials", "tokens", "client"] {
            skip_clause(input)?;
        }
        let mut operations = Vec::new();
        while !input.is_empty() {
            operations.push(input.parse()?);
        }
        Ok(Self(operations))
    }
}

impl Parse for Operation {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Token![fn]>()?;
        let id = input.call(Ident::parse_any)?;
        input.parse::<Token![->]>()?;
        let response = input.parse()?;
        input.parse::<Token![=]>()?;
        input.parse::<syn::Path>()?;
        let inside;
        braced!(inside in input);
        let mut item = None;
        while !inside.is_empty() {
            if inside.call(Ident::parse_any)? == "streams" {
                inside.parse::<Ident>()?;
                inside.parse::<LitStr>()?;
                inside.parse::<LitStr>()?;
                inside.parse::<Token![as]>()?;
                item = Some(inside.parse()?);
            }
            skip_clause(&inside)?;
        }
        Ok(Self {
            attributes,
            id,
            response,
            item,
        })
    }
}

/// Skips the tokens up to the end of a clause.
fn skip_clause(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.peek(Token![;]) {
        input.parse::<TokenTree>()?;
    }
    input.parse::<Token![;]>()?;
    Ok(())
}

/// Adds the server, and the expectation method of each operation.
pub(super) fn read(server: &MockServer, scope: &Scope<'_>, surface: &mut Surface) {
    let (server_path, expect) = (scope.path("MockServer"), scope.path("Expect"));
    let traits = |names: &[&str]| Kind::Struct(names.iter().map(|one| (*one).to_owned()).collect());
    let of_server = |name: &str, returns: &str| {
        by_reference(format!("{server_path}::{name}"), Vec::new(), returns)
    };
    let start = Kind::Function {
        receiver: None,
        asynchronous: true,
        arguments: Vec::new(),
        returns: "Self".to_owned(),
    };
    let items = [
        Item::new(&server_path, traits(&["Debug"])),
        Item::new(format!("{server_path}::start"), start),
        of_server("client", "Result<Client, Error>"),
        of_server("url", "&str"),
        of_server("expect", &format!("{expect}<'_>")),
        of_server("received", "Vec<specmill_client::mock::ReceivedRequest>"),
        of_server("verify", "Result<(), specmill_client::mock::MockError>"),
    ];
    for item in items {
        add(item, &server_path, &[], scope, surface);
    }
    let of_expect = Item::new(&expect, traits(&["Clone", "Copy", "Debug"]));
    add(of_expect, &expect, &[], scope, surface);
    for operation in &server.0 {
        let item = operation.item.as_ref().map(|item| scope.text(item));
        let item = item.map_or_else(String::new, |item| format!(", {item}"));
        let returns = format!(
            "specmill_client::mock::Expectation<'a, {}{item}>",
            scope.text(&operation.response)
        );
        let path = format!("{expect}::{}", operation.id);
        let item = method(path, Vec::new(), &returns);
        let owner = format!("Client::{}", operation.id);
        add(item, &owner, &operation.attributes, scope, surface);
    }
}
