//! The public items that the declarations of generated files expand to, as the macros of `specmill_client::declare` define
//! them.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::{Attribute, Ident, LitStr, Token, Type, braced, parenthesized};

use crate::held::Held;
use crate::item::{Item, Kind, Takes};
use crate::methods::{by_reference, method, setter};
use crate::scope::{Scope, add, derived};
use crate::surface::Surface;
use crate::{forms, headers, mock, operation};

/// The traits of types that `object!` declares, in alphabetical order.
const OBJECT: [&str; 5] = ["Clone", "Debug", "Deserialize", "PartialEq", "Serialize"];
const OPEN_ENUM: [&str; 14] = [
    "Clone",
    "Debug",
    "Deserialize",
    "Display",
    "Eq",
    "From<&String>",
    "From<&str>",
    "From<String>",
    "FromStr",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Serialize",
];
const API_VERSIONS: [&str; 9] = [
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Display",
    "Eq",
    "FromStr",
    "Hash",
    "PartialEq",
];

/// The names that a declaration defines.
pub(super) fn names(tokens: TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let pairs = tokens.windows(2).filter_map(|pair| match pair {
        [TokenTree::Ident(word), TokenTree::Ident(name)]
            if word == "struct" || word == "enum" || word == "builder" =>
        {
            Some(name.to_string())
        }
        _ => None,
    });
    let request = tokens.windows(3).filter_map(|three| match three {
        [
            TokenTree::Punct(minus),
            TokenTree::Punct(_),
            TokenTree::Ident(name),
        ] if minus.as_char() == '-' => Some(name.to_string()),
        _ => None,
    });
    pairs.chain(request).collect()
}

/// Reads a declaration. A declaration that is unknown or malformed becomes an item that contains all its tokens.
pub(super) fn read(name: &str, tokens: &TokenStream, scope: &Scope<'_>, surface: &mut Surface) {
    let parsed = match name {
        "object" => parse(tokens, |one: &Object| {
            object(one, scope, surface);
        }),
        "open_enum" => parse(tokens, |one: &Enumeration| {
            open_enum(one, scope, surface);
        }),
        "api_versions" => parse(tokens, |one: &Enumeration| {
            api_versions(one, scope, surface);
        }),
        "by_status" => parse(tokens, |one: &Enumeration| {
            by_status(one, scope, surface);
        }),
        "union" | "tagged_union" => parse(tokens, |one: &Enumeration| {
            union(one, scope, surface);
        }),
        "operation" => parse(tokens, |one: &operation::Operation| {
            operation::read(one, scope, surface);
        }),
        "response_headers" => parse(tokens, |one: &headers::ResponseHeaders| {
            headers::read(one, scope, surface);
        }),
        "form" => parse(tokens, |one: &forms::Form| {
            forms::read(one, scope, surface);
        }),
        "typed_fields" => parse(tokens, |one: &TypedFields| {
            typed_fields(one, scope, surface);
        }),
        "mock_server" => parse(tokens, |one: &mock::MockServer| {
            mock::read(one, scope, surface);
        }),
        "page" => (|input: ParseStream<'_>| {
            let page = input.parse::<Ident>()?;
            input.parse::<Ident>()?;
            let item = input.parse::<Type>()?;
            input.parse::<TokenStream>()?;
            let (page, of) = (scope.path(&page), format!("Item = {}", scope.text(&item)));
            let item = Item::new(format!("paging::Page for {page}"), Kind::Implements(of));
            add(item, &page, &[], scope, surface);
            Ok(())
        })
        .parse2(tokens.clone()),
        _ => Err(syn::Error::new(
            proc_macro2::Span::call_site(),
            "another declaration",
        )),
    };
    if parsed.is_err() {
        let (declared, text) = (names(tokens.clone()), scope.text(tokens));
        let (path, text) = match declared.first() {
            Some(first) => (format!("{name}! {}", scope.path(first)), text),
            None => (format!("{name}!({text})"), String::new()),
        };
        add(
            Item::new(&path, Kind::Declaration(text)),
            &path,
            &[],
            scope,
            surface,
        );
    }
}

fn parse<T: Parse>(tokens: &TokenStream, read: impl FnOnce(&T)) -> syn::Result<()> {
    let declaration: T = syn::parse2(tokens.clone())?;
    read(&declaration);
    Ok(())
}

struct Field {
    attributes: Vec<Attribute>,
    name: Ident,
    held: Held,
    /// The setter for `null`, if there is one.
    null: Option<Ident>,
}

struct Object {
    attributes: Vec<Attribute>,
    name: Ident,
    fields: Vec<Field>,
    when: Vec<Attribute>,
    builder: Ident,
}

impl Parse for Object {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Token![pub]>()?;
        input.parse::<Token![struct]>()?;
        let name = input.parse()?;
        let inside;
        braced!(inside in input);
        let mut fields = Vec::new();
        while !inside.is_empty() {
            let attributes = inside.call(Attribute::parse_outer)?;
            inside.parse::<Token![pub]>()?;
            let name = inside.call(Ident::parse_any)?;
            inside.parse::<Token![:]>()?;
            let held = inside.parse()?;
            inside.parse::<Option<Token![,]>>()?;
            // The setter for `null` follows the type of a nullable property.
            let null = if inside.peek(Ident) && inside.peek2(Ident) {
                inside.parse::<Ident>()?;
                let null = inside.call(Ident::parse_any)?;
                inside.parse::<Option<Token![,]>>()?;
                Some(null)
            } else {
                None
            };
            fields.push(Field {
                attributes,
                name,
                held,
                null,
            });
        }
        let when = input.call(Attribute::parse_outer)?;
        let word: Ident = input.parse()?;
        if word != "builder" {
            return Err(syn::Error::new(word.span(), "expected `builder`"));
        }
        let builder = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self {
            attributes,
            name,
            fields,
            when,
            builder,
        })
    }
}

fn traits(known: &[&str], attributes: &[Attribute]) -> Vec<String> {
    let mut traits: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
    traits.extend(derived(attributes));
    traits.sort();
    traits
}

fn object(object: &Object, scope: &Scope<'_>, surface: &mut Surface) {
    let (path, builder) = (scope.path(&object.name), scope.path(&object.builder));
    let kind = Kind::Struct(traits(&OBJECT, &object.attributes));
    add(
        Item::new(&path, kind),
        &path,
        &object.attributes,
        scope,
        surface,
    );
    let scope_of_builder = scope.with(&object.when);
    let mut of_builder = vec![
        Item::new(
            &builder,
            Kind::Struct(
                traits(&["Clone", "Debug", "Default"], &[])
                    .into_iter()
                    .chain([format!("From<{path}>")])
                    .collect(),
            ),
        ),
        Item::new(
            format!("{path}::builder"),
            Kind::Function {
                receiver: None,
                asynchronous: false,
                arguments: Vec::new(),
                returns: builder.clone(),
            },
        ),
        method(
            format!("{builder}::build"),
            Vec::new(),
            &format!("Result<{path}, types::ConversionError>"),
        ),
    ];
    for Field {
        attributes,
        name,
        held,
        null,
    } in &object.fields
    {
        let mut field = Item::new(format!("{path}::{name}"), Kind::Field(held.field(scope)));
        field.wire = renamed(attributes);
        add(field, &path, &[], scope, surface);
        let mut setter = setter(format!("{builder}::{name}"), held.takes(scope));
        setter.required = held.is_required();
        of_builder.push(setter);
        if let Some(null) = null {
            of_builder.push(method(format!("{builder}::{null}"), Vec::new(), "Self"));
        }
    }
    for item in of_builder {
        add(item, &path, &[], &scope_of_builder, surface);
    }
}

/// The typed accessors of an object's string fields.
struct TypedFields {
    name: Ident,
    methods: Vec<TypedField>,
    when: Vec<Attribute>,
    builder: Ident,
}

struct TypedField {
    name: Ident,
    format: Ident,
    need: Ident,
}

impl Parse for TypedFields {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Token![impl]>()?;
        let name = input.parse()?;
        let inside;
        braced!(inside in input);
        let mut methods = Vec::new();
        while !inside.is_empty() {
            let name = inside.parse()?;
            inside.parse::<Token![:]>()?;
            let format = inside.parse()?;
            inside.parse::<Ident>()?;
            let need = inside.parse()?;
            inside.call(Ident::parse_any)?;
            inside.parse::<Token![;]>()?;
            methods.push(TypedField { name, format, need });
        }
        let when = input.call(Attribute::parse_outer)?;
        input.parse::<Ident>()?;
        let builder = input.parse()?;
        input.parse::<Token![;]>()?;
        Ok(Self {
            name,
            methods,
            when,
            builder,
        })
    }
}

fn typed_fields(typed: &TypedFields, scope: &Scope<'_>, surface: &mut Surface) {
    let (path, builder) = (scope.path(&typed.name), scope.path(&typed.builder));
    let scope_of_builder = scope.with(&typed.when);
    for one in &typed.methods {
        let (feature, of) = match one.format.to_string().as_str() {
            "timestamp" => ("jiff", "jiff::Timestamp"),
            "date" => ("jiff", "jiff::civil::Date"),
            "span" => ("jiff", "jiff::Span"),
            "uuid" => ("uuid", "uuid::Uuid"),
            _ => ("base64", "Vec<u8>"),
        };
        let condition: [Attribute; 1] = [syn::parse_quote!(#[cfg(feature = #feature)])];
        let returns = if one.need == "required" {
            format!("Result<{of}, declare::FormatError>")
        } else {
            format!("Result<Option<{of}>, declare::FormatError>")
        };
        let getter = by_reference(format!("{path}::{}", one.name), Vec::new(), &returns);
        add(getter, &path, &condition, scope, surface);
        let setter = setter(
            format!("{builder}::{}", one.name),
            Takes::Into(of.to_owned()),
        );
        add(setter, &path, &condition, &scope_of_builder, surface);
    }
}

/// The name on the wire, if serde renames the field.
fn renamed(attributes: &[Attribute]) -> Option<String> {
    let lists = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
        .filter_map(|attribute| attribute.meta.require_list().ok());
    let mut found = lists.filter_map(|list| {
        let mut tokens = list.tokens.clone().into_iter();
        tokens.find(|token| matches!(token, TokenTree::Ident(name) if name == "rename"))?;
        tokens.nth(1).map(|value| value.to_string())
    });
    found.next()
}

/// An enum of any declaration: its variants, each with its content and the tokens after `=`.
struct Enumeration {
    attributes: Vec<Attribute>,
    name: Ident,
    tag: Option<LitStr>,
    variants: Vec<EnumerationVariant>,
}

struct EnumerationVariant {
    attributes: Vec<Attribute>,
    name: Ident,
    holds: Option<Type>,
    wire: TokenStream,
}

impl Parse for Enumeration {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        input.parse::<Token![pub]>()?;
        input.parse::<Token![enum]>()?;
        let name = input.parse()?;
        let tag = if input.peek(syn::token::Brace) {
            None
        } else {
            input.parse::<Ident>()?;
            Some(input.parse()?)
        };
        let inside;
        braced!(inside in input);
        // Versions end with semicolons and contain commas; other variants end with a comma.
        let by_semicolon = has_semicolon(&inside);
        let ends = |input: ParseStream<'_>| {
            input.peek(Token![;]) || (input.peek(Token![,]) && !by_semicolon)
        };
        let mut variants = Vec::new();
        while !inside.is_empty() {
            let attributes = inside.call(Attribute::parse_outer)?;
            let name = inside.parse()?;
            let holds = if inside.peek(syn::token::Paren) {
                let held;
                parenthesized!(held in inside);
                Some(held.parse()?)
            } else {
                None
            };
            let mut wire = TokenStream::new();
            let told = inside.parse::<Option<Token![=]>>()?.is_some()
                || inside.parse::<Option<Token![:]>>()?.is_some();
            if told {
                while !(inside.is_empty() || ends(&inside)) {
                    wire.extend([inside.parse::<TokenTree>()?]);
                }
            }
            inside.parse::<Option<Token![;]>>()?;
            inside.parse::<Option<Token![,]>>()?;
            variants.push(EnumerationVariant {
                attributes,
                name,
                holds,
                wire,
            });
        }
        Ok(Self {
            attributes,
            name,
            tag,
            variants,
        })
    }
}

/// Whether the variants of a declaration end with semicolons.
fn has_semicolon(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let Ok(rest) = ahead.parse::<TokenStream>() else {
        return false;
    };
    rest.into_iter()
        .any(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';'))
}

fn variants(one: &Enumeration, path: &str, scope: &Scope<'_>, surface: &mut Surface) {
    for variant in &one.variants {
        let holds = variant.holds.as_ref().map(|of| scope.text(of));
        let mut item = Item::new(format!("{path}::{}", variant.name), Kind::Variant(holds));
        let wire = scope.text(&variant.wire);
        let is_default = variant
            .attributes
            .iter()
            .any(|one| one.path().is_ident("default"));
        let wire = if is_default {
            format!("{wire}, the default")
        } else {
            wire
        };
        item.wire = (!wire.is_empty()).then(|| wire.trim_end_matches([',', ' ']).to_owned());
        add(item, path, &variant.attributes, scope, surface);
    }
}

fn open_enum(one: &Enumeration, scope: &Scope<'_>, surface: &mut Surface) {
    let path = scope.path(&one.name);
    let kind = Kind::Enum(traits(&OPEN_ENUM, &one.attributes));
    add(
        Item::new(&path, kind),
        &path,
        &one.attributes,
        scope,
        surface,
    );
    variants(one, &path, scope, surface);
    let unknown = Kind::Variant(Some("String".to_owned()));
    add(
        Item::new(format!("{path}::Unknown"), unknown),
        &path,
        &[],
        scope,
        surface,
    );
    add(
        by_reference(format!("{path}::as_str"), Vec::new(), "&str"),
        &path,
        &[],
        scope,
        surface,
    );
}

fn api_versions(one: &Enumeration, scope: &Scope<'_>, surface: &mut Surface) {
    let path = scope.path(&one.name);
    let kind = Kind::Enum(traits(&API_VERSIONS, &[]));
    add(
        Item::new(&path, kind),
        &path,
        &one.attributes,
        scope,
        surface,
    );
    variants(one, &path, scope, surface);
    let error = scope.path("UnknownApiVersion");
    let of_error = Kind::Struct(traits(
        &[
            "Clone",
            "Copy",
            "Debug",
            "Display",
            "Eq",
            "Error",
            "PartialEq",
        ],
        &[],
    ));
    let items = [
        Item::new(
            format!("{path}::ALL"),
            Kind::Constant("&'static [Self]".to_owned()),
        ),
        method(format!("{path}::as_str"), Vec::new(), "&'static str"),
        method(format!("{path}::state"), Vec::new(), "VersionState"),
        method(format!("{path}::not_before"), Vec::new(), "Option<Date>"),
        Item::new(error, of_error),
    ];
    for item in items {
        add(item, &path, &[], scope, surface);
    }
}

fn by_status(one: &Enumeration, scope: &Scope<'_>, surface: &mut Surface) {
    let path = scope.path(&one.name);
    let kind = Kind::Enum(traits(&["Clone", "Debug", "PartialEq", "Serialize"], &[]));
    add(
        Item::new(&path, kind),
        &path,
        &one.attributes,
        scope,
        surface,
    );
    variants(one, &path, scope, surface);
    let other = Kind::Variant(Some("serde_json::Value".to_owned()));
    add(
        Item::new(format!("{path}::Other"), other),
        &path,
        &[],
        scope,
        surface,
    );
}

fn union(one: &Enumeration, scope: &Scope<'_>, surface: &mut Surface) {
    let path = scope.path(&one.name);
    let conversions = one.variants.iter().flat_map(|variant| {
        let of = variant.holds.iter().map(|of| scope.text(of));
        let kind = scope.text(&variant.wire);
        // The further conversions depend on the JSON type, if the variant has only one.
        let more: &[&str] = match kind.as_str() {
            "string" => &["&str"],
            "enumeration" => &["&str", "String"],
            "integer" => &["i32"],
            "unsigned" => &["u32"],
            _ => &[],
        };
        let more = more.iter().map(|of| (*of).to_owned());
        of.chain(more)
            .map(|of| format!("From<{of}>"))
            .collect::<Vec<_>>()
    });
    let known = OBJECT.map(str::to_owned);
    let mut traits: Vec<String> = known.into_iter().chain(conversions).collect();
    traits.sort();
    let mut item = Item::new(&path, Kind::Enum(traits));
    item.wire = one.tag.as_ref().map(|tag| format!("by {:?}", tag.value()));
    add(item, &path, &one.attributes, scope, surface);
    variants(one, &path, scope, surface);
    let unknown = Kind::Variant(Some("serde_json::Value".to_owned()));
    add(
        Item::new(format!("{path}::Unknown"), unknown),
        &path,
        &[],
        scope,
        surface,
    );
}
