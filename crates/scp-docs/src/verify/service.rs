//! The service: its base URL, and its environments and regions.

use std::collections::BTreeSet;

use serde_json::Value;

use scp_pages::{Located, ServiceSection};
use specmill_openapi::document::text;

use super::report::Report;
use super::spec::Spec;

const SERVERS: &str = "/servers";

/// Compares what a page says of the service with the servers of the spec.
pub(super) fn compare(spec: &Spec, section: &ServiceSection, report: &mut Report) {
    let servers = spec.document.pointer(SERVERS).and_then(Value::as_array);
    let servers: Vec<&Value> = servers.into_iter().flatten().collect();
    if let Some(Located { line, value, .. }) = &section.url {
        let urls: Vec<&str> = servers
            .iter()
            .filter_map(|server| text(server, "url"))
            .collect();
        if !urls.iter().any(|url| shape(url) == shape(value)) {
            let other = urls.first().copied().unwrap_or("nothing");
            report.difference(*line, SERVERS, "base URL", value, other);
        }
    }
    let Some(first) = section.regions.first() else {
        return;
    };
    let own: BTreeSet<(String, String)> = servers.iter().flat_map(|server| pairs(server)).collect();
    let mut printed = BTreeSet::new();
    for row in &section.regions {
        let pair = (row.environment.clone(), row.region.clone());
        if !own.contains(&pair) {
            report.difference(
                row.line,
                SERVERS,
                "environment and region",
                shown(&pair),
                "nothing",
            );
        }
        printed.insert(pair);
    }
    for pair in own.difference(&printed) {
        report.difference(
            first.line,
            SERVERS,
            "environment and region",
            "nothing",
            shown(pair),
        );
    }
}

fn shown((environment, region): &(String, String)) -> String {
    format!("{environment} with {region}")
}

/// The pairs of environment and region that a server has.
fn pairs(server: &Value) -> Vec<(String, String)> {
    let values = |is: &dyn Fn(&str) -> bool| -> Vec<String> {
        let variables = server
            .get("variables")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let found = variables.filter(|(name, _)| is(&name.to_lowercase()));
        found
            .flat_map(|(_, variable)| {
                variable
                    .get("enum")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
            })
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect()
    };
    let regions = values(&|name| name.contains("region"));
    let environments = values(&|name| name.starts_with("env") || name.contains("offering"));
    environments
        .iter()
        .flat_map(|environment| {
            regions
                .iter()
                .map(move |region| (environment.clone(), region.clone()))
        })
        .collect()
}

/// A URL without the names in its braces.
fn shape(url: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for character in url.trim_end_matches('/').chars() {
        match character {
            '{' => {
                inside = true;
                out.push_str("{}");
            }
            '}' => inside = false,
            other if !inside => out.push(other),
            _ => {}
        }
    }
    out
}
