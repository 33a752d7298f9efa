//! The public items of the declaration of an operation.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, LitStr, Token, Type, braced};

use crate::held::Held;
use crate::item::{Argument, Item, Kind, Takes};
use crate::methods::{by_reference, method, setter};
use crate::scope::{Scope, add};
use crate::surface::Surface;

/// An operation.
pub(super) struct Operation {
    attributes: Vec<Attribute>,
    id: Ident,
    request: Ident,
    method: Ident,
    path: LitStr,
    parameters: Vec<Parameter>,
    /// The remaining clauses: `permission "Read";`, `paging … { … }`.
    clauses: Vec<(String, TokenStream)>,
    body: Option<(Held, TokenStream)>,
    response: (String, TokenStream),
}

struct Parameter {
    name: Ident,
    held: Held,
    wire: TokenStream,
}

impl Parse for Operation {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Token![fn]>()?;
        let id = input.call(Ident::parse_any)?;
        input.parse::<Token![->]>()?;
        let request = input.parse()?;
        input.parse::<Token![=]>()?;
        let (method, path) = (input.parse()?, input.parse()?);
        let inside;
        braced!(inside in input);
        let mut parameters = Vec::new();
        while !inside.is_empty() {
            inside.call(Attribute::parse_outer)?;
            let name = inside.call(Ident::parse_any)?;
            inside.parse::<Token![:]>()?;
            let held = inside.parse()?;
            inside.parse::<Token![,]>()?;
            inside.parse::<Token![in]>()?;
            let mut wire = TokenStream::new();
            while !inside.is_empty() && !inside.peek(Token![;]) {
                wire.extend([inside.parse::<TokenTree>()?]);
            }
            inside.parse::<Option<Token![;]>>()?;
            parameters.push(Parameter { name, held, wire });
        }
        let (mut clauses, mut body, mut response) = (Vec::new(), None, None);
        while !input.is_empty() {
            let word = input.call(Ident::parse_any)?.to_string();
            match word.as_str() {
                "body" => {
                    let inside;
                    braced!(inside in input);
                    inside.call(Attribute::parse_outer)?;
                    let held = inside.parse()?;
                    inside.parse::<Option<Token![,]>>()?;
                    body = Some((held, inside.parse()?));
                }
                "response" => {
                    let inside;
                    braced!(inside in input);
                    inside.call(Attribute::parse_outer)?;
                    let word = inside.call(Ident::parse_any)?.to_string();
                    response = Some((word, inside.parse()?));
                }
                _ => {
                    let mut tokens = TokenStream::new();
                    while !input.is_empty() && !input.peek(Token![;]) {
                        let token = input.parse::<TokenTree>()?;
                        let is_group = matches!(token, TokenTree::Group(_));
                        tokens.extend([token]);
                        if is_group {
                            break;
                        }
                    }
                    input.parse::<Option<Token![;]>>()?;
                    clauses.push((word, tokens));
                }
            }
        }
        let response = response.ok_or_else(|| input.error("expected `response`"))?;
        Ok(Self {
            attributes,
            id,
            request,
            method,
            path,
            parameters,
            clauses,
            body,
            response,
        })
    }
}

/// Adds the method of the client, and the request with its methods.
pub(super) fn read(operation: &Operation, scope: &Scope<'_>, surface: &mut Surface) {
    let request = scope.path(&operation.request);
    let owner = format!("Client::{}", operation.id);
    let in_path = |parameter: &&Parameter| parameter.held.is_path();
    let arguments = operation.parameters.iter().filter(in_path);
    let arguments = arguments.map(|parameter| Argument {
        name: parameter.name.to_string(),
        takes: parameter.held.takes(scope),
    });
    let mut call = by_reference(owner.clone(), arguments.collect(), &request);
    let mut wire = format!("{} {}", operation.method, operation.path.value());
    for (word, tokens) in &operation.clauses {
        let told = format!("; {word} {}", scope.text(tokens));
        wire += told.trim_end();
    }
    call.wire = Some(wire);
    add(call, &owner, &operation.attributes, scope, surface);
    let traits = vec!["Clone".to_owned(), "Debug".to_owned()];
    let mut items = vec![Item::new(&request, Kind::Struct(traits))];
    let setters = operation.parameters.iter().filter(|one| !in_path(one));
    items.extend(setters.map(|parameter| {
        let name = format!("{request}::{}", parameter.name);
        let mut item = setter(name, parameter.held.takes(scope));
        item.required = parameter.held.is_required();
        item.wire = Some(scope.text(&parameter.wire));
        item
    }));
    if let Some((held, wire)) = &operation.body {
        let wire = scope.text(wire);
        let wire = wire.strip_prefix("as ").unwrap_or(&wire);
        let mut item = body(&request, held, scope);
        item.required = wire.ends_with(" required");
        item.wire = Some(
            wire.trim_end_matches(" required")
                .trim_end_matches(" optional")
                .to_owned(),
        );
        items.push(item);
    }
    let options = Argument {
        name: "options".to_owned(),
        takes: Takes::Value("CallOptions".to_owned()),
    };
    items.push(method(
        format!("{request}::with_options"),
        vec![options],
        "Self",
    ));
    let mut results = Vec::new();
    let stream = stream(operation, scope);
    let always = operation.response.0 == "stream";
    if !always {
        results.push(("send".to_owned(), result(operation, scope)));
    }
    if let Some((word, of)) = stream {
        let name = if always {
            "send".to_owned()
        } else {
            format!("send_{word}")
        };
        results.push((name, of));
    }
    for (name, result) in results {
        let response = format!("Result<Response<{result}>, Error>");
        for (name, returns) in [
            (name.clone(), format!("Result<{result}, Error>")),
            (format!("{name}_response"), response),
        ] {
            let kind = Kind::Function {
                receiver: Some("self".to_owned()),
                asynchronous: true,
                arguments: Vec::new(),
                returns,
            };
            items.push(Item::new(format!("{request}::{name}"), kind));
        }
    }
    items.extend(paging(operation, &request, scope));
    for item in items {
        add(item, &owner, &[], scope, surface);
    }
}

fn body(request: &str, held: &Held, scope: &Scope<'_>) -> Item {
    let path = format!("{request}::body");
    if !held.has_content_type() {
        // Items of a list are set one at a time.
        return setter(path, held.takes(scope));
    }
    let argument = |name: &str, of: String| Argument {
        name: name.to_owned(),
        takes: Takes::Into(of),
    };
    let arguments = vec![
        argument("content_type", "String".to_owned()),
        argument("value", held.of(scope)),
    ];
    method(path, arguments, "Self")
}

/// The success of an operation.
fn result(operation: &Operation, scope: &Scope<'_>) -> String {
    let (word, of) = &operation.response;
    let of = scope.text(of);
    match word.as_str() {
        "empty" => "()".to_owned(),
        "json" | "by_status" => of,
        "optional_json" => format!("Option<{of}>"),
        "text" => "String".to_owned(),
        "bytes" => "specmill_client::ByteStream".to_owned(),
        other => format!("{other} {of}"),
    }
}

/// The type of the stream, and the word for it in method names.
fn stream(operation: &Operation, scope: &Scope<'_>) -> Option<(&'static str, String)> {
    let (_, tokens) = operation
        .clauses
        .iter()
        .find(|(word, _)| word == "stream")?;
    let parsed = syn::parse::Parser::parse2(
        |input: ParseStream<'_>| {
            let inside;
            braced!(inside in input);
            let kind: Ident = inside.parse()?;
            inside.parse::<TokenTree>()?;
            inside.parse::<Token![as]>()?;
            let item: Type = inside.parse()?;
            inside.parse::<TokenStream>()?;
            Ok((kind.to_string(), item))
        },
        tokens.clone(),
    );
    let (kind, item) = parsed.ok()?;
    let item = scope.text(&item);
    Some(if kind == "lines" {
        ("lines", format!("specmill_client::JsonLines<{item}>"))
    } else {
        ("events", format!("specmill_client::EventStream<{item}>"))
    })
}

/// The methods of a paged list.
fn paging(operation: &Operation, request: &str, scope: &Scope<'_>) -> Vec<Item> {
    let Some((_, tokens)) = operation.clauses.iter().find(|(word, _)| word == "paging") else {
        return Vec::new();
    };
    let parsed = syn::parse::Parser::parse2(
        |input: ParseStream<'_>| {
            let kind: Ident = input.parse()?;
            input.parse::<Ident>()?;
            let page: Type = input.parse()?;
            input.parse::<TokenStream>()?;
            Ok((kind.to_string(), page))
        },
        tokens.clone(),
    );
    let Ok((kind, page)) = parsed else {
        return Vec::new();
    };
    let prefix = match kind.as_str() {
        "PageNumber" | "Offset" => "Numbered",
        _ => "Cursor",
    };
    let page = scope.text(&page);
    [("stream", "Items"), ("pages", "Pages")]
        .map(|(name, of)| {
            let returns = format!("paging::{prefix}{of}<{page}>");
            method(format!("{request}::{name}"), Vec::new(), &returns)
        })
        .into()
}
