//! The versions of an API, as a type.

use quote::{format_ident, quote};

use crate::api::Api;
use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::ApiVersion;

use super::tokens::{self, identifier};

/// The name of a version's variant: `1.4` is `V1_4`.
fn variant(version: &ApiVersion) -> Result<syn::Ident> {
    identifier(&format!("V{}", version.version.replace('.', "_")))
}

/// The file of the `ApiVersion` type; `None` where the API has no table of versions.
pub(super) fn file(api: &Api, model: &Model) -> Result<Option<String>> {
    let versions = &model.api_versions;
    // The newest CURRENT one, or the newest that is served at all.
    let default = ["CURRENT", "SUPPORTED", "DEPRECATED"]
        .iter()
        .find_map(|state| versions.iter().find(|version| version.state == *state));
    let Some(default) = default.or(versions.first()) else {
        return Ok(None);
    };
    let default_marks = versions
        .iter()
        .map(|version| (version == default).then(|| quote!(#[default])));
    let variants = versions.iter().map(variant).collect::<Result<Vec<_>>>()?;
    let texts: Vec<&str> = versions
        .iter()
        .map(|version| version.version.as_str())
        .collect();
    let docs = versions
        .iter()
        .map(|version| format!(" `{}`: {}.", version.version, facts(version)));
    let deprecated = versions.iter().map(|version| {
        (version.state == "DEPRECATED").then(|| {
            let note = match &version.not_before {
                Some(date) => {
                    format!("the vendor deprecated this version; it is guaranteed up to {date}")
                }
                None => "the vendor deprecated this version".to_owned(),
            };
            quote!(#[deprecated(note = #note)])
        })
    });
    let states = versions.iter().map(|version| {
        let (first, rest) = version.state.split_at(1);
        format_ident!("{first}{}", rest.to_lowercase())
    });
    let dates = versions.iter().map(|version| {
        date(version).map_or_else(
            || quote!(None),
            |(year, month, day)| quote!(Some(Date::new(#year, #month, #day))),
        )
    });
    let title = format!(
        " A version of {}. The default is `{}`, {}.",
        api.settings.title,
        default.version,
        facts(default)
    );
    let text = tokens::file(
        api,
        quote! {
            //! The versions of the API.

            use specmill_client::{Date, VersionState};

            #[doc = #title]
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
            #[non_exhaustive]
            pub enum ApiVersion {
                #(#[doc = #docs] #deprecated #default_marks #variants,)*
            }

            #[allow(deprecated, reason = "a deprecated version can still be chosen")]
            impl ApiVersion {
                /// Every version, the newest first.
                pub const ALL: &'static [Self] = &[#(Self::#variants),*];

                /// The version as it is on the wire.
                pub const fn as_str(self) -> &'static str {
                    match self {
                        #(Self::#variants => #texts,)*
                    }
                }

                /// Its state.
                pub const fn state(self) -> VersionState {
                    match self {
                        #(Self::#variants => VersionState::#states,)*
                    }
                }

                /// The date up to which it is guaranteed; `None` where the vendor gives none.
                pub const fn not_before(self) -> Option<Date> {
                    match self {
                        #(Self::#variants => #dates,)*
                    }
                }
            }

            impl std::fmt::Display for ApiVersion {
                fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    formatter.pad(self.as_str())
                }
            }

            impl std::str::FromStr for ApiVersion {
                type Err = UnknownApiVersion;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    let found = Self::ALL.iter().find(|version| version.as_str() == text);
                    found.copied().ok_or(UnknownApiVersion)
                }
            }

            /// The text is no version that this crate knows.
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            #[non_exhaustive]
            pub struct UnknownApiVersion;

            impl std::fmt::Display for UnknownApiVersion {
                fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    formatter.write_str("unknown API version: known are ")?;
                    for (index, version) in ApiVersion::ALL.iter().enumerate() {
                        let separator = if index == 0 { "" } else { ", " };
                        write!(formatter, "{separator}{version}")?;
                    }
                    Ok(())
                }
            }

            impl std::error::Error for UnknownApiVersion {}
        },
    )?;
    Ok(Some(text))
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
