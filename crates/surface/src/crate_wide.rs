//! Parts of the surface that are not code: features, environment variables, headers, servers. Also links each item to the
//! location in the document that it is generated from.

use std::collections::BTreeMap;

use specmill_openapi::document::child;
use specmill_openapi::names;

use crate::item::{Item, Kind};
use crate::settings::{CREDENTIALS, Setting, setting_place};
use crate::surface::Surface;
use specmill_model::Model;
use specmill_model::{Authentication, Server};

/// The maximum number of base URLs that are listed one by one.
const MOST_ADDRESSES: usize = 1000;

pub(crate) fn read(manifest: &str, settings: &[Setting], model: &Model, surface: &mut Surface) {
    features(manifest, surface);
    for one in settings {
        setting(one, surface);
    }
    headers(model, surface);
    if surface
        .code
        .get("client.rs")
        .is_some_and(|code| code.contains("server::Server {"))
    {
        surface.servers = addresses(&model.servers);
    }
    places(model, surface);
}

/// The features in the section `[features]` of the manifest.
fn features(manifest: &str, surface: &mut Surface) {
    let lines = manifest
        .lines()
        .skip_while(|line| *line != "[features]")
        .skip(1);
    for line in lines.take_while(|line| !line.starts_with('[')) {
        let Some((name, gives)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let name = name.trim_matches('"');
        if name == "default" {
            let gives = gives.trim_matches(['[', ']']).split(", ");
            surface.default_features = gives.map(|one| one.trim_matches('"').to_owned()).collect();
        }
        let mut item = Item::new(name, Kind::Feature);
        item.wire = (name == "default").then(|| surface.default_features.join(", "));
        item.path = format!("feature {name}");
        surface.add(Item {
            owner: item.path.clone(),
            ..item
        });
    }
}

fn setting(facts: &Setting, surface: &mut Surface) {
    let mut item = Item::new(&facts.variable, Kind::Variable);
    item.required = facts.required;
    item.place.clone_from(&facts.place);
    surface.add(item);
    if let Some(own) = &facts.own {
        let mut item = Item::new(own, Kind::Variable);
        item.place.clone_from(&facts.place);
        surface.add(item);
    }
    let setter = facts
        .setter
        .as_deref()
        .map(|name| format!("ClientBuilder::{name}"));
    if let Some(item) = setter.and_then(|path| surface.item_mut(&path, Kind::FUNCTION)) {
        item.required = facts.required;
        item.place.clone_from(&facts.place);
    }
    let of = facts.value_type.as_deref().unwrap_or_default();
    for item in surface.items.values_mut().filter(|item| item.owner == of) {
        item.place.clone_from(&facts.place);
    }
}

/// The headers that every request has: credentials and settings.
fn headers(model: &Model, surface: &mut Surface) {
    let credentials = credentials(&model.authentication);
    if let Some(credentials) = credentials {
        let mut item = Item::new("credentials", Kind::Header);
        item.wire = Some(credentials);
        item.place = Some(CREDENTIALS.to_owned());
        surface.add(item);
    }
    for setting in &model.settings {
        let value = setting
            .template
            .replace("{}", &format!("{{{}}}", setting.setting));
        let mut item = Item::new(&setting.header, Kind::Header);
        let default = setting
            .default
            .as_ref()
            .map(|value| format!(", by default {value:?}"));
        item.wire = Some(format!("{value:?}{}", default.unwrap_or_default()));
        item.place = Some(setting_place(setting));
        surface.add(item);
    }
}

/// A description of the credentials that are sent.
fn credentials(kind: &Authentication) -> Option<String> {
    Some(match kind {
        Authentication::None => return None,
        Authentication::ApiKeyHeader(header) => format!("an API key in the header {header:?}"),
        Authentication::ApiKeyQuery(name) => format!("an API key in the query, as {name:?}"),
        Authentication::ApiKeyCookie(name) => format!("an API key in the cookie {name:?}"),
        Authentication::Bearer | Authentication::OAuth2(_) => "a bearer token".to_owned(),
        Authentication::Basic => "user and password".to_owned(),
        Authentication::ScpSignature => "a signature".to_owned(),
        Authentication::Several(schemes) => {
            let all = schemes
                .iter()
                .filter_map(|scheme| credentials(&scheme.kind));
            all.collect::<Vec<_>>().join(" or ")
        }
    })
}

/// The base URL for each combination of server variables.
fn addresses(servers: &[Server]) -> BTreeMap<String, String> {
    let mut addresses = BTreeMap::new();
    for server in servers {
        let mut choices = vec![String::new()];
        for variable in &server.variables {
            let with = choices.iter().flat_map(|before| {
                variable.values.iter().map(move |(value, _)| {
                    let separator = if before.is_empty() { "" } else { ", " };
                    format!("{before}{separator}{} {value:?}", variable.name)
                })
            });
            choices = with.take(MOST_ADDRESSES).collect();
        }
        for choice in choices {
            addresses
                .entry(choice)
                .or_insert_with(|| server.url.clone());
        }
    }
    addresses
}

/// Links each item to the location that it is generated from.
fn places(model: &Model, surface: &mut Surface) {
    let operations: BTreeMap<String, String> = model
        .operations
        .iter()
        .flat_map(|one| {
            let method = one.method.to_lowercase();
            let place = format!("{}/{method}", child("/paths", &one.path));
            let name = names::type_name(&one.id);
            [
                (format!("Client::{}", one.id), place.clone()),
                (format!("operations::{name}Headers"), place.clone()),
                (format!("operations::{name}Form"), place),
            ]
        })
        .collect();
    let types: BTreeMap<String, (&str, &BTreeMap<String, String>)> = model
        .types
        .iter()
        .filter_map(|one| {
            let place = model.places.get(&one.name)?;
            Some((
                format!("types::{}", one.name),
                (place.as_str(), &one.properties),
            ))
        })
        .collect();
    // The module of parts exists for the operations with forms.
    let form = model.operations.iter().find(|one| {
        let body = one.body.as_ref();
        body.is_some_and(|body| !body.form.is_empty())
    });
    let form = form.and_then(|one| operations.get(&format!("Client::{}", one.id)));
    for item in surface.items.values_mut() {
        if item.path == "multipart" {
            item.place = form.cloned();
        } else if let Some(place) = operations.get(&item.owner) {
            item.place = Some(place.clone());
        } else if let Some((place, members)) = types.get(&item.owner) {
            let name = item.path.rsplit("::").next().unwrap_or_default();
            item.place = Some(match (&item.kind, members.get(name)) {
                (Kind::Field(_) | Kind::Function { .. }, Some(wire)) => {
                    child(&format!("{place}/properties"), wire)
                }
                _ => (*place).to_owned(),
            });
        } else if item.path.starts_with("Client::set_") {
            item.place = Some(CREDENTIALS.to_owned());
        }
    }
}
