//! The versions of an API, as a type.

use crate::Options;
use specmill_model::ApiVersion;
use specmill_model::Model;

use super::source::{Source, literal};

/// The name of the variant for a version: `1.4` is `V1_4`.
fn variant(version: &ApiVersion) -> String {
    format!("V{}", version.version.replace('.', "_"))
}

/// The file with the `ApiVersion` type; `None` if the API has no table of versions.
pub(super) fn file(options: &Options, model: &Model) -> Option<String> {
    let versions = &model.api_versions;
    // The newest CURRENT version, or else the newest version that is served.
    let default = ["CURRENT", "SUPPORTED", "DEPRECATED"]
        .iter()
        .find_map(|state| versions.iter().find(|version| version.state == *state));
    let default = default.or(versions.first())?;
    let mut source = Source::new(options, "The versions of the API.");
    let has_dates = versions.iter().any(|version| date(version).is_some());
    let date_type = if has_dates { "Date, " } else { "" };
    source.push(&format!(
        "\nuse specmill_client::{{{date_type}VersionState, api_versions}};\n\napi_versions! {{\n"
    ));
    source.docs(
        1,
        &format!(
            "A version of {}. The default is `{}`, {}.",
            options.title,
            default.version,
            facts(default)
        ),
    );
    source.line(1, "pub enum ApiVersion {");
    for version in versions {
        source.docs(2, &format!("`{}`: {}.", version.version, facts(version)));
        if version.state == "DEPRECATED" {
            let until = version.not_before.as_ref();
            let until = until.map(|date| format!("; it is guaranteed up to {date}"));
            let note = format!(
                "the vendor deprecated this version{}",
                until.unwrap_or_default()
            );
            source.line(2, &format!("#[deprecated(note = {})]", literal(&note)));
        }
        if version == default {
            source.line(2, "#[default]");
        }
        let (first, rest) = version.state.split_at(1);
        let date = date(version).map_or("None".to_owned(), |(year, month, day)| {
            format!("Some(Date::new({year}, {month}, {day}))")
        });
        source.line(
            2,
            &format!(
                "{} = {}, VersionState::{first}{}, {date};",
                variant(version),
                literal(&version.version),
                rest.to_lowercase()
            ),
        );
    }
    source.line(1, "}");
    source.line(0, "}");
    Some(source.finish())
}

fn facts(version: &ApiVersion) -> String {
    let date = version
        .not_before
        .as_ref()
        .map(|date| format!(", guaranteed up to {date}"));
    let planned = if version.state == "PLANNED" {
        ", not served yet"
    } else {
        ""
    };
    format!("{}{}{planned}", version.state, date.unwrap_or_default())
}

/// The date's parts; lowering has checked it.
fn date(version: &ApiVersion) -> Option<(u16, u8, u8)> {
    let date: jiff::civil::Date = version.not_before.as_ref()?.parse().ok()?;
    Some((
        date.year().try_into().ok()?,
        date.month().try_into().ok()?,
        date.day().try_into().ok()?,
    ))
}
