//! The types that generated sources declare, whether as plain Rust or within a macro.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{GenericArgument, PathArguments, Type};

/// The maximum length of a chain of types that is followed.
const DEEPEST: usize = 64;

/// All declarations of a crate.
#[derive(Default)]
pub(crate) struct Declarations {
    /// Each declaration, with the path of its modules and its name.
    all: Vec<(Vec<String>, Declared)>,
    by_name: HashMap<String, Vec<usize>>,
}

/// The declaration of a name.
enum Declared {
    Alias(Box<Type>),
    Struct(Vec<Field>),
    /// A tuple struct or an enum: each part of a value; `None` for a part without a type of its own.
    Parts(Vec<Option<Type>>),
}

/// A field of a struct, with its name in JSON.
struct Field {
    wire: String,
    kind: Type,
    public: bool,
    /// Whether the field is flattened: its properties belong to the object itself.
    flattened: bool,
}

/// A property: a public field that is not flattened.
pub(crate) struct Property<'a> {
    /// Its name in JSON.
    pub(crate) name: &'a str,
    /// Whether it accepts any value.
    pub(crate) any_value: bool,
    fields: &'a [Field],
}

impl Property<'_> {
    /// The names of all properties of its struct.
    pub(crate) fn siblings(&self) -> BTreeSet<String> {
        let properties = self.fields.iter().filter(|field| field.is_property());
        properties.map(|field| field.wire.clone()).collect()
    }
}

impl Field {
    fn is_property(&self) -> bool {
        self.public && !self.flattened
    }
}

impl Declarations {
    /// Adds the declarations of a file; `file` is its path relative to the source folder.
    pub(crate) fn add(&mut self, file: &Path, text: &str) {
        let mut module: Vec<String> = file
            .with_extension("")
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        if module
            .last()
            .is_some_and(|last| last == "mod" || last == "lib")
        {
            module.pop();
        }
        if let Ok(tokens) = text.parse() {
            self.scan(tokens, &mut module);
        }
    }

    fn scan(&mut self, tokens: TokenStream, module: &mut Vec<String>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            let TokenTree::Ident(word) = token else {
                continue;
            };
            let name = tokens.get(at).and_then(ident);
            match (word.to_string().as_str(), name) {
                ("mod", Some(name)) => {
                    if let Some(inside) = tokens.get(at + 1).and_then(group) {
                        module.push(name);
                        self.scan(inside.stream(), module);
                        module.pop();
                    }
                    at += 2;
                }
                ("struct" | "enum", Some(name)) => {
                    let body = tokens[at..].iter().position(ends_an_item).unwrap_or(0);
                    let declared = tokens.get(at + body).and_then(group).map(|inside| {
                        match (word.to_string().as_str(), inside.delimiter()) {
                            ("struct", Delimiter::Brace) => Declared::Struct(fields(inside)),
                            ("struct", _) => Declared::Parts(parts(inside)),
                            _ => Declared::Parts(variants(inside)),
                        }
                    });
                    at += body + 1;
                    if let Some(declared) = declared {
                        self.insert(module, name, declared);
                    }
                }
                ("type", Some(name)) => {
                    let end = until(&tokens[at..], ';');
                    let kind = tokens[at..at + end].split(|token| is(token, '=')).nth(1);
                    if let Some(kind) = kind.and_then(parse) {
                        self.insert(module, name, Declared::Alias(Box::new(kind)));
                    }
                    at += end;
                }
                // Nested items are not declarations of the module.
                ("fn" | "impl" | "trait", _) => {
                    at += tokens[at..].iter().position(ends_a_body).unwrap_or(0) + 1;
                }
                ("macro_rules", _) => at += 3,
                ("const", Some(name)) if name == "fn" => {}
                ("const" | "static" | "use", _) => at += until(&tokens[at..], ';'),
                _ if tokens.get(at).is_some_and(|next| is(next, '!')) => {
                    if let Some(inside) = tokens.get(at + 1).and_then(group) {
                        self.scan(inside.stream(), module);
                    }
                    at += 2;
                }
                _ => {}
            }
        }
    }

    fn insert(&mut self, module: &[String], name: String, declared: Declared) {
        let mut path = module.to_vec();
        path.push(name.clone());
        self.by_name.entry(name).or_default().push(self.all.len());
        self.all.push((path, declared));
    }

    /// All properties of public structs.
    pub(crate) fn properties(&self) -> impl Iterator<Item = Property<'_>> {
        self.all.iter().flat_map(|(path, declared)| {
            let fields = match declared {
                Declared::Struct(fields) => fields.as_slice(),
                _ => &[],
            };
            let module = &path[..path.len() - 1];
            fields
                .iter()
                .filter(|field| field.is_property())
                .map(|field| Property {
                    name: &field.wire,
                    any_value: self.is_any(&field.kind, module, 0),
                    fields,
                })
        })
    }

    /// Whether a type, as written in a module, accepts any value: `serde_json::Value` itself, behind aliases, in
    /// containers, or in a type that contains nothing else.
    fn is_any(&self, kind: &Type, module: &[String], depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        match kind {
            Type::Array(array) => self.is_any(&array.elem, module, depth + 1),
            Type::Slice(slice) => self.is_any(&slice.elem, module, depth + 1),
            Type::Reference(reference) => self.is_any(&reference.elem, module, depth + 1),
            Type::Paren(inner) => self.is_any(&inner.elem, module, depth + 1),
            Type::Group(inner) => self.is_any(&inner.elem, module, depth + 1),
            Type::Path(path) => {
                let names: Vec<String> = path
                    .path
                    .segments
                    .iter()
                    .map(|segment| segment.ident.to_string())
                    .collect();
                if let Some((path, declared)) = self.declared(&names, module) {
                    let module = &path[..path.len() - 1];
                    return self.declared_is_any(declared, module, depth + 1);
                }
                let is_value = match names.as_slice() {
                    [only] => only == "Value" || only == "JsonValue",
                    [.., from, last] => from == "serde_json" && last == "Value",
                    [] => false,
                };
                // For containers such as `serde_json::Map<String, Value>`, the last argument is the content.
                is_value
                    || path.path.segments.last().is_some_and(|segment| {
                        let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
                            return false;
                        };
                        matches!(arguments.args.last(),
                            Some(GenericArgument::Type(held)) if self.is_any(held, module, depth + 1))
                    })
            }
            _ => false,
        }
    }

    fn declared_is_any(&self, declared: &Declared, module: &[String], depth: usize) -> bool {
        match declared {
            Declared::Alias(kind) => self.is_any(kind, module, depth),
            Declared::Struct(fields) => {
                !fields.is_empty()
                    && fields
                        .iter()
                        .all(|field| field.flattened && self.is_any(&field.kind, module, depth))
            }
            Declared::Parts(parts) => {
                !parts.is_empty()
                    && parts.iter().all(|part| {
                        part.as_ref()
                            .is_some_and(|kind| self.is_any(kind, module, depth))
                    })
            }
        }
    }

    /// The declaration that a path refers to from a module. If there are several, one in the same module is preferred.
    fn declared(&self, names: &[String], module: &[String]) -> Option<&(Vec<String>, Declared)> {
        let relative = |name: &&String| !matches!(name.as_str(), "crate" | "self" | "super");
        let names: Vec<&String> = names.iter().filter(relative).collect();
        let candidates = self.by_name.get(*names.last()?)?;
        let candidates = candidates.iter().map(|index| &self.all[*index]);
        candidates
            .filter(|(path, _)| {
                path.iter()
                    .rev()
                    .zip(names.iter().rev())
                    .all(|(one, other)| one == *other)
            })
            .filter(|(path, _)| path.len() >= names.len())
            .max_by_key(|(path, _)| path[..path.len() - 1] == *module)
    }
}

/// The fields of a struct, in braces.
fn fields(body: &Group) -> Vec<Field> {
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    pieces(&tokens).into_iter().filter_map(field).collect()
}

fn field(tokens: &[TokenTree]) -> Option<Field> {
    let (attributes, tokens) = attributes(tokens);
    let colon = tokens.iter().position(|token| is(token, ':'))?;
    let name = tokens[..colon].last().and_then(ident)?;
    let (words, kind) = words(&tokens[colon + 1..]);
    Some(Field {
        wire: attributes
            .iter()
            .find_map(renamed)
            .unwrap_or_else(|| name.trim_start_matches("r#").to_owned()),
        kind: parse(kind)?,
        public: tokens
            .first()
            .and_then(ident)
            .is_some_and(|word| word == "pub"),
        flattened: words.iter().any(|word| word == "additional")
            || attributes
                .iter()
                .any(|attribute| serde_word(attribute, "flatten").is_some()),
    })
}

/// The types of a tuple struct's fields.
fn parts(body: &Group) -> Vec<Option<Type>> {
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    let types = pieces(&tokens).into_iter().map(|piece| {
        let (_, piece) = attributes(piece);
        let is_public = piece
            .first()
            .and_then(ident)
            .is_some_and(|word| word == "pub");
        parse(&piece[usize::from(is_public)..])
    });
    types.collect()
}

/// The types of an enum's variants.
fn variants(body: &Group) -> Vec<Option<Type>> {
    let tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    let variants = pieces(&tokens).into_iter().filter_map(|piece| {
        let (_, piece) = attributes(piece);
        ident(piece.first()?)?;
        let held = piece.get(1).and_then(group);
        let held = held.filter(|held| held.delimiter() == Delimiter::Parenthesis);
        Some(held.and_then(|held| syn::parse2(held.stream()).ok()))
    });
    variants.collect()
}

/// The parts between commas that are not within `<…>`.
fn pieces(tokens: &[TokenTree]) -> Vec<&[TokenTree]> {
    let mut pieces = Vec::new();
    let (mut begin, mut depth) = (0, 0_usize);
    for (at, token) in tokens.iter().enumerate() {
        if is(token, '<') {
            depth += 1;
        } else if is(token, '>') {
            depth = depth.saturating_sub(1);
        } else if is(token, ',') && depth == 0 {
            pieces.push(&tokens[begin..at]);
            begin = at + 1;
        }
    }
    pieces.push(&tokens[begin..]);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// The attributes before an item, and the rest.
fn attributes(mut tokens: &[TokenTree]) -> (Vec<TokenStream>, &[TokenTree]) {
    let mut attributes = Vec::new();
    while let [sign, TokenTree::Group(attribute), rest @ ..] = tokens
        && is(sign, '#')
    {
        attributes.push(attribute.stream());
        tokens = rest;
    }
    (attributes, tokens)
}

/// The words before a type in the declarations of specmill (`optional String`), and the type.
fn words(mut tokens: &[TokenTree]) -> (Vec<String>, &[TokenTree]) {
    let begins_type = |token: &TokenTree| {
        ident(token).is_some()
            || group(token).is_some_and(|group| group.delimiter() != Delimiter::Brace)
    };
    let mut words = Vec::new();
    while let [TokenTree::Ident(word), next, ..] = tokens
        && begins_type(next)
    {
        words.push(word.to_string());
        tokens = &tokens[1..];
    }
    (words, tokens)
}

/// The name that serde gives to a field.
fn renamed(attribute: &TokenStream) -> Option<String> {
    let after = serde_word(attribute, "rename")?;
    let literal = after.into_iter().find_map(|token| match token {
        TokenTree::Literal(literal) => Some(literal),
        _ => None,
    });
    let literal: syn::LitStr = syn::parse_str(&literal?.to_string()).ok()?;
    Some(literal.value())
}

/// The tokens after a word of an attribute of serde.
fn serde_word(attribute: &TokenStream, word: &str) -> Option<Vec<TokenTree>> {
    let mut tokens = attribute.clone().into_iter();
    if tokens.next().as_ref().and_then(ident)? != "serde" {
        return None;
    }
    let arguments = tokens.next()?;
    let mut inside = group(&arguments)?.stream().into_iter();
    inside.find(|token| ident(token).is_some_and(|there| there == word))?;
    Some(inside.collect())
}

fn parse(tokens: &[TokenTree]) -> Option<Type> {
    syn::parse2(tokens.iter().cloned().collect()).ok()
}

fn ident(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    }
}

fn group(token: &TokenTree) -> Option<&Group> {
    match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    }
}

fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// Whether a token ends the head of a struct or an enum: its body or a semicolon.
fn ends_an_item(token: &TokenTree) -> bool {
    is(token, ';') || group(token).is_some_and(|group| group.delimiter() != Delimiter::Bracket)
}

fn ends_a_body(token: &TokenTree) -> bool {
    is(token, ';') || group(token).is_some_and(|group| group.delimiter() == Delimiter::Brace)
}

/// The number of tokens before a punctuation character, or of all tokens.
fn until(tokens: &[TokenTree], sign: char) -> usize {
    tokens
        .iter()
        .position(|token| is(token, sign))
        .unwrap_or(tokens.len())
}
