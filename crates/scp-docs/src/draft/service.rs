//! The servers of a service: its base URL, and the environments and regions in it.

use serde_json::{Map, Value, json};

use scp_pages::{Page, RegionRow};

/// The servers that pages tell: one for each set of environments that have the same regions, since a variable knows nothing of
/// another. `service` is the name of the service, where its pages are about several.
pub(super) fn servers(pages: &[(String, Page)], service: Option<&str>) -> Vec<Value> {
    let sections = || pages.iter().map(|(_, page)| &page.service);
    let urls: Vec<&str> = sections()
        .filter_map(|section| Some(section.url.as_ref()?.value.as_str()))
        .collect();
    let own = urls
        .iter()
        .find(|url| service.is_some_and(|service| host(url).starts_with(&format!("{service}."))));
    let Some(url) = own.or(urls
        .first()
        .filter(|_| service.is_none() || urls.len() == 1))
    else {
        return Vec::new();
    };
    let rows: Vec<&RegionRow> = sections().flat_map(|section| &section.regions).collect();
    let names: Vec<&str> = url
        .split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next())
        .collect();
    if names.is_empty() {
        return vec![json!({ "url": url })];
    }
    let mut groups: Vec<(Vec<&str>, Vec<&RegionRow>)> = Vec::new();
    for row in &rows {
        let mut regions: Vec<&str> = Vec::new();
        for other in rows
            .iter()
            .filter(|other| other.environment == row.environment)
        {
            if !regions.contains(&other.region.as_str()) {
                regions.push(&other.region);
            }
        }
        match groups.iter_mut().find(|(others, _)| *others == regions) {
            Some((_, environments))
                if environments
                    .iter()
                    .any(|other| other.environment == row.environment) => {}
            Some((_, environments)) => environments.push(row),
            None => groups.push((regions, vec![row])),
        }
    }
    if groups.is_empty() {
        groups.push(Default::default());
    }
    groups
        .iter()
        .map(|(regions, environments)| {
            let variables: Map<String, Value> = names
                .iter()
                .map(|name| ((*name).to_owned(), variable(name, regions, environments)))
                .collect();
            json!({ "url": url, "variables": variables })
        })
        .collect()
}

fn host(url: &str) -> &str {
    url.trim_start_matches("https://")
}

fn variable(name: &str, regions: &[&str], environments: &[&RegionRow]) -> Value {
    let lower = name.to_lowercase();
    let (values, description): (Vec<&str>, &str) = if lower.contains("region") {
        (regions.to_vec(), "The region of the service.")
    } else if lower.starts_with("env") || lower.contains("offering") {
        (
            environments
                .iter()
                .map(|row| row.environment.as_str())
                .collect(),
            "The environment of the platform.",
        )
    } else {
        (Vec::new(), "")
    };
    let Some(first) = values.first() else {
        return json!({ "default": name, "x-unknown": ["default", "enum"] });
    };
    let mut out = json!({ "default": first, "enum": values, "description": description });
    let named: Map<String, Value> = environments
        .iter()
        .filter_map(|row| {
            Some((
                row.environment.clone(),
                json!(row.environment_name.as_ref()?),
            ))
        })
        .collect();
    if values.iter().all(|value| named.contains_key(*value)) {
        out["x-names"] = Value::Object(named);
    }
    out
}
