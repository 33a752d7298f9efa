//! A program that uses everything that a crate offers by default: each function with all accepted arguments, each field,
//! variant and trait. It also creates a client, every request, and every value with a builder.

use std::fmt::Write as _;

use specmill_surface::Surface;
use specmill_surface::{Argument, Item, Kind, Takes};

/// The program for a surface.
pub(crate) fn of(surface: &Surface) -> String {
    let program = Program { surface };
    let mut text = String::from(
        "#![allow(unused, unreachable_patterns, unreachable_code, trivial_bounds)]\n\
         use std::collections::BTreeMap;\n\nuse acme::*;\n\n/// A value that is never made: these functions are compiled, not called.\n\
         fn any<T>() -> T {\n    panic!()\n}\n",
    );
    for (index, item) in surface.items().enumerate() {
        if !program.is_default(item) {
            continue;
        }
        for (number, code) in program.uses(item).into_iter().enumerate() {
            let _ = writeln!(
                text,
                "\n{}",
                code.replace("NAME", &format!("use_{index}_{number}"))
            );
        }
    }
    program.main(&mut text);
    text
}

struct Program<'a> {
    surface: &'a Surface,
}

impl Program<'_> {
    /// Whether the item is available with the default features.
    fn is_default(&self, item: &Item) -> bool {
        let defaults = &self.surface.default_features;
        item.features
            .0
            .iter()
            .all(|one| one.iter().any(|feature| defaults.contains(feature)))
    }

    /// Functions that use an item.
    fn uses(&self, item: &Item) -> Vec<String> {
        let path = &item.path;
        match &item.kind {
            Kind::Struct(traits) | Kind::Enum(traits) => {
                let of = self.named(path);
                traits
                    .iter()
                    .map(|name| format!("fn NAME() where {of}: {} {{}}", bound(name)))
                    .collect()
            }
            Kind::Alias(of) => vec![format!("fn NAME(one: {path}) -> {of} {{ one }}")],
            Kind::Field(of) => {
                let (owner, field) = path.rsplit_once("::").unwrap();
                vec![format!(
                    "fn NAME(of: {owner}) {{ let _: {of} = of.{field}; }}"
                )]
            }
            Kind::Variant(None) => {
                let (owner, _) = path.rsplit_once("::").unwrap();
                vec![format!(
                    "fn NAME(of: {owner}) {{ match of {{ {path} => {{}} _ => {{}} }} let _ = {path}; }}"
                )]
            }
            Kind::Variant(Some(holds)) => {
                let (owner, _) = path.rsplit_once("::").unwrap();
                vec![format!(
                    "fn NAME(of: {owner}) {{ match of {{ {path}(held) => {{ let _: {holds} = held; }} _ => {{}} }} let _ = {path}(any::<{holds}>()); }}"
                )]
            }
            Kind::Function { .. } => self.calls(item),
            Kind::Constant(of) => {
                let owner = path.rsplit_once("::").map_or("", |(owner, _)| owner);
                let of = of.replace("Self", owner);
                vec![format!("fn NAME() {{ let _: {of} = {path}; }}")]
            }
            Kind::Reexport(_) => vec![format!("use acme::{path} as NAME;")],
            Kind::Implements(associated) => {
                let (name, of) = path.split_once(" for ").unwrap();
                vec![format!("fn NAME() where {of}: {name}<{associated}> {{}}")]
            }
            _ => Vec::new(),
        }
    }

    /// A call for each accepted value of each argument.
    fn calls(&self, item: &Item) -> Vec<String> {
        let Kind::Function {
            receiver,
            asynchronous,
            arguments,
            returns,
        } = &item.kind
        else {
            return Vec::new();
        };
        let (owner, name) = item.path.rsplit_once("::").unwrap();
        let named = self.named(owner);
        let given: Vec<Vec<String>> = arguments.iter().map(|one| self.given(one)).collect();
        let most = given.iter().map(Vec::len).max().unwrap_or(1);
        let returns = returns.replace("Self", &named);
        let calls = (0..most).map(|index| {
            let all: Vec<&str> = given
                .iter()
                .map(|one| one[index.min(one.len() - 1)].as_str())
                .collect();
            let all = all.join(", ");
            let call = match receiver {
                Some(_) => format!("of.{name}({all})"),
                None => format!("{owner}::{name}({all})"),
            };
            let awaited = if *asynchronous { ".await" } else { "" };
            let word = if *asynchronous { "async " } else { "" };
            format!("{word}fn NAME(of: {named}) {{ let _: {returns} = {call}{awaited}; }}")
        });
        calls.collect()
    }

    /// A type as it is written at its uses. Types that read response headers borrow them, and need a lifetime.
    fn named(&self, path: &str) -> String {
        let new = self.surface.function(&format!("{path}::new"));
        let borrows = new.is_some_and(|item| {
            matches!(&item.kind, Kind::Function { arguments, .. }
                if arguments.iter().any(|one| matches!(&one.takes, Takes::Value(of) if of.starts_with('&'))))
        });
        if borrows {
            format!("{path}<'static>")
        } else {
            path.to_owned()
        }
    }

    /// The values that callers pass for an argument.
    fn given(&self, argument: &Argument) -> Vec<String> {
        match &argument.takes {
            Takes::Value(of) if of.contains("impl Into<String>, impl Into<String>") => {
                vec!["[(\"a\", \"b\")]".to_owned()]
            }
            Takes::Value(of) if of.contains("impl Into<String>, impl Into<") => {
                let inner = of
                    .split("impl Into<")
                    .last()
                    .unwrap()
                    .trim_end_matches(['>', ')']);
                vec![format!("[(\"a\", any::<{inner}>())]")]
            }
            Takes::Value(of) => vec![format!("any::<{of}>()")],
            Takes::Into(of) => self.converting(of, false),
            Takes::TryInto(of) => self.converting(of, true),
            Takes::Items(of) => {
                let converting = self.converting(of, false);
                converting.iter().map(|one| format!("[{one}]")).collect()
            }
            other => vec![format!("any::<{other}>()")],
        }
    }

    /// Values that convert into a type.
    fn converting(&self, of: &str, may_fail: bool) -> Vec<String> {
        let mut types = vec![of.to_owned()];
        match of {
            "String" | "Secret" => types.extend(["&str", "String"].map(str::to_owned)),
            "i64" | "i32" if may_fail => {
                types.extend(["i32", "i64", "u64", "usize"].map(str::to_owned));
            }
            "f64" => types.extend(["f32", "i32"].map(str::to_owned)),
            "serde_json::Value" => types.extend(["&str", "bool", "i64"].map(str::to_owned)),
            "specmill_client::bytes::Bytes" => types.push("Vec<u8>".to_owned()),
            _ => {}
        }
        if of == "String" {
            types.push("&String".to_owned());
        }
        if let Some(inner) = of
            .strip_prefix("Option<")
            .and_then(|of| of.strip_suffix('>'))
        {
            types.push(inner.to_owned());
        }
        let resolved = self.surface.resolved(of);
        if let Some(Kind::Enum(traits)) = self.surface.type_of(resolved).map(|item| &item.kind) {
            let from = traits
                .iter()
                .filter_map(|name| name.strip_prefix("From<")?.strip_suffix('>'));
            types.extend(from.map(str::to_owned));
        }
        let builder = self.surface.function(&format!("{resolved}::builder"));
        if let Some(Kind::Function { returns, .. }) = builder
            .filter(|item| may_fail && self.is_default(item))
            .map(|item| &item.kind)
        {
            types.push(returns.clone());
        }
        types.dedup();
        types.iter().map(|of| format!("any::<{of}>()")).collect()
    }

    /// The function that is run. It needs no service: a failure to connect shows that the request was built and sent.
    fn main(&self, text: &mut String) {
        text.push_str("\n#[tokio::main(flavor = \"current_thread\")]\nasync fn main() {\n");
        let mut variables = String::from("(\"ACME_BASE_URL\", \"http://127.0.0.1:9\")");
        for item in self
            .surface
            .items()
            .filter(|item| matches!(item.kind, Kind::Variable))
        {
            if item.required && item.path != "ACME_BASE_URL" {
                let _ = write!(variables, ", ({:?}, \"a\")", item.path);
            }
        }
        let _ = writeln!(text, "    Client::from_variables([{variables}]).unwrap();");
        let credentials: String = self
            .required("ClientBuilder")
            .filter(|item| !item.path.ends_with("::base_url"))
            .map(|item| self.setter(item))
            .collect();
        for choice in self.surface.servers.keys() {
            let chosen: String = choice
                .split(", ")
                .map(|one| {
                    let (name, value) = one.split_once(' ').unwrap();
                    format!(".{name}({value})")
                })
                .collect();
            let _ = writeln!(
                text,
                "    Client::builder(){credentials}{chosen}.build().unwrap();"
            );
        }
        // Operations of other servers must not use the network either.
        let servers: String = self
            .surface
            .items()
            .filter(|item| item.owner == "ClientBuilder" && item.path.ends_with("_base_url"))
            .filter_map(|item| item.path.rsplit("::").next())
            .map(|name| format!(".{name}(\"http://127.0.0.1:9\")"))
            .collect();
        let _ = writeln!(
            text,
            "    let client = Client::builder(){credentials}{servers}.base_url(\"http://127.0.0.1:9\").retry(RetryPolicy::none()).no_proxy().build().unwrap();"
        );
        for item in self.surface.items() {
            let Kind::Function {
                returns, arguments, ..
            } = &item.kind
            else {
                continue;
            };
            if !self.is_default(item) {
                continue;
            }
            if let Some(name) = item
                .path
                .strip_prefix("Client::")
                .filter(|_| returns.starts_with("operations::"))
            {
                let given: Vec<String> = arguments
                    .iter()
                    .map(|one| self.sample(of_argument(one)))
                    .collect();
                let setters: String = self
                    .required(returns)
                    .map(|item| self.setter(item))
                    .collect();
                let _ = writeln!(
                    text,
                    "    let sent = client.{name}({}){setters}.send().await;\n    \
                     assert!(!matches!(&sent, Err(error) if error.kind() == ErrorKind::InvalidRequest), \"{name}: {{:?}}\", sent.err());",
                    given.join(", ")
                );
            } else if item.path.ends_with("::builder") && item.path != "Client::builder" {
                let of = item.path.trim_end_matches("::builder");
                let _ = writeln!(text, "    let _ = {};", self.sample(of));
            }
        }
        text.push_str("}\n");
    }

    /// The required methods of a builder.
    fn required<'s>(&'s self, builder: &str) -> impl Iterator<Item = &'s Item> {
        let prefix = format!("{builder}::");
        self.surface
            .items()
            .filter(move |item| item.required && item.path.starts_with(&prefix))
    }

    fn setter(&self, item: &Item) -> String {
        let name = item.path.rsplit("::").next().unwrap();
        let Kind::Function { arguments, .. } = &item.kind else {
            return String::new();
        };
        let given: Vec<String> = arguments
            .iter()
            .map(|one| match &one.takes {
                Takes::Items(of) => format!("[{}]", self.sample(of)),
                _ => self.sample(of_argument(one)),
            })
            .collect();
        format!(".{name}({})", given.join(", "))
    }

    /// Whether a type is a multipart form, whose constructor takes no values.
    fn is_form(&self, of: &str) -> bool {
        let new = self.surface.function(&format!("{of}::new"));
        new.is_some_and(
            |item| matches!(&item.kind, Kind::Function { arguments, .. } if arguments.is_empty()),
        )
    }

    /// A value of a type.
    fn sample(&self, of: &str) -> String {
        let of = self.surface.resolved(of);
        match of {
            "String" | "Secret" => "\"a\".to_owned()".to_owned(),
            "bool" => "true".to_owned(),
            "i64" | "i32" | "u64" | "f64" | "f32" => format!("1_{of}"),
            "serde_json::Value" => "serde_json::Value::Null".to_owned(),
            "specmill_client::multipart::FilePart" => {
                "specmill_client::multipart::FilePart::from(Vec::<u8>::new())".to_owned()
            }
            _ if of.starts_with("Option<") => format!("None::<{}", &of["Option<".len()..]),
            _ if of.starts_with("Vec<") => "Vec::new()".to_owned(),
            _ if of.starts_with("BTreeMap<") => "BTreeMap::new()".to_owned(),
            _ => match self.surface.type_of(of).map(|item| &item.kind) {
                Some(Kind::Struct(_)) if self.is_form(of) => {
                    let setters: String = self.required(of).map(|item| self.setter(item)).collect();
                    format!("{of}::new(){setters}")
                }
                Some(Kind::Struct(_)) => {
                    let Some(Kind::Function { returns, .. }) = self
                        .surface
                        .function(&format!("{of}::builder"))
                        .map(|item| &item.kind)
                    else {
                        return format!("any::<{of}>()");
                    };
                    let setters: String = self
                        .required(returns)
                        .map(|item| self.setter(item))
                        .collect();
                    format!("{of}::builder(){setters}.build().unwrap()")
                }
                Some(Kind::Enum(_)) => {
                    let mut variants = self.surface.items().filter(|item| item.owner == of);
                    let variant = variants.find_map(|item| match &item.kind {
                        Kind::Variant(None) => Some(item.path.clone()),
                        Kind::Variant(Some(holds)) => {
                            Some(format!("{}({})", item.path, self.sample(holds)))
                        }
                        _ => None,
                    });
                    variant.unwrap_or_default()
                }
                _ => format!("any::<{of}>()"),
            },
        }
    }
}

/// The type of an argument, or the type that it converts into.
fn of_argument(argument: &Argument) -> &str {
    match &argument.takes {
        Takes::Value(of) | Takes::Into(of) | Takes::TryInto(of) | Takes::Items(of) => of,
        _ => "",
    }
}

/// A trait as a bound.
fn bound(name: &str) -> String {
    match name {
        "Debug" | "Display" => format!("std::fmt::{name}"),
        "Hash" => "std::hash::Hash".to_owned(),
        "FromStr" => "std::str::FromStr".to_owned(),
        "Error" => "std::error::Error".to_owned(),
        "Serialize" => "serde::Serialize".to_owned(),
        "Deserialize" => "for<'de> serde::Deserialize<'de>".to_owned(),
        _ if name.starts_with("From<&") => format!("for<'a> From<&'a {}", &name["From<&".len()..]),
        _ => name.to_owned(),
    }
}
