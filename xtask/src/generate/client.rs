//! The file of the client and its builder.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::api::Api;
use crate::diagnostic::Result;
use crate::lower::Model;
use crate::lower::model::{Authentication, ClientSetting};
use crate::names;

use super::fields::{Role, fields, is_version, tls_variables};
use super::tokens::{self, identifier};
use super::{common_settings, credentials, documentation, settings};

/// The file of `Client` and `ClientBuilder`.
pub(super) fn file(api: &Api, model: &Model) -> Result<String> {
    let fields = fields(api, model)?;
    let prefix = &api.settings.environment;
    let variables = settings::variables(model);
    let names: Vec<&syn::Ident> = fields.iter().map(|field| &field.name).collect();
    let kinds = fields.iter().map(|field| &field.kind);
    let setters = fields.iter().map(|field| &field.setters);
    let reads = fields.iter().map(|field| &field.from_environment);
    let environment_docs = documentation::attributes(&format!(
        "A client from environment variables:\n{}\n\nAn error names the variable, never its value.",
        fields
            .iter()
            .map(|field| format!("- {}", field.variable.line()))
            .chain(tls_variables(prefix).map(|variable| format!("- {}", variable.line())))
            .collect::<Vec<_>>()
            .join("\n")
    ));
    let (api_name, title) = (&api.name, &api.settings.title);
    let client_docs = documentation::attributes(&format!(
        "A client of {title}.\n\nIt is cheap to clone; clones share connections, credentials and the retry budget."
    ));
    let suffixes = &model.base_url_suffixes;
    let servers = servers(model);
    let values = variables.iter().map(|variable| {
        let (name, setting) = (&variable.name, &variable.setting);
        let field = format_ident!("{setting}");
        quote!(server::Part { name: #name, setting: #setting, value: self.#field.as_ref().map(|value| value.as_str()) })
    });
    let of_address = fields
        .iter()
        .filter(|field| matches!(field.variable.role, Role::Address | Role::AddressPart));
    let of_address = of_address.map(|field| {
        let (setting, variable) = (field.name.to_string(), &field.variable.name);
        quote!((#setting, #variable))
    });
    let authentication = credentials::authentication(&model.authentication);
    let headers = model
        .settings
        .iter()
        .map(fixed_header)
        .collect::<Result<Vec<_>>>()?;
    let replace = credentials::replacing(&model.authentication);
    let imports = imports(model)?;
    let common = common_settings::methods();
    let secret = (model.authentication != Authentication::None).then(|| quote!(Secret,));
    tokens::file(
        api,
        quote! {
            //! The client and its builder.

            use std::time::Duration;

            use specmill_client::{Api, Authentication, Clock, Error, HttpClient, Proxy, RetryBudget, RetryPolicy, #secret Settings, Tls, Transport, environment::Variables, server};
            #imports

            pub(crate) static API: Api = Api {
                name: #api_name,
                title: #title,
                version: env!("CARGO_PKG_VERSION"),
                base_url_suffixes: &[#(#suffixes),*],
            };

            static SERVERS: &[server::Server] = &[#(#servers),*];

            #client_docs
            #[derive(Debug, Clone)]
            pub struct Client {
                pub(crate) transport: Transport,
            }

            impl Client {
                /// The name of the API, as errors begin.
                pub(crate) const API: &str = API.name;

                /// Begins a client.
                pub fn builder() -> ClientBuilder {
                    ClientBuilder {
                        settings: Settings::new(&API),
                        #(#names: None,)*
                    }
                }

                #environment_docs
                pub fn from_env() -> Result<Self, Error> {
                    read(&Variables::environment())
                }

                /// A client from variables that are given in place of the environment's, by the names that
                /// [`from_env`](Self::from_env) reads; others are ignored.
                ///
                /// An error names the variable, never its value.
                pub fn from_variables(
                    variables: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
                ) -> Result<Self, Error> {
                    read(&Variables::given(variables))
                }

                /// The address that calls go to, without a slash at the end.
                pub fn base_url(&self) -> &str {
                    self.transport.base_url()
                }

                #replace
            }

            pub(crate) fn read(variables: &Variables) -> Result<Client, Error> {
                let mut builder = Client::builder();
                builder.settings = builder.settings.read_from(&[#(#of_address),*]).tls_from(variables, #prefix)?;
                #(#reads)*
                builder.build()
            }

            /// Builds a [`Client`]. No setting is read or sent before [`build`](Self::build).
            #[derive(Debug)]
            #[must_use = "a builder does nothing before `build`"]
            pub struct ClientBuilder {
                settings: Settings,
                #(#names: #kinds,)*
            }

            impl ClientBuilder {
                #(#setters)*

                #common

                /// Makes the client.
                ///
                /// # Errors
                /// A setting is missing or cannot be used; the error names it, and shows no credential.
                pub fn build(self) -> Result<Client, Error> {
                    let address = server::address(&self.settings, self.base_url.as_deref(), SERVERS, &[#(#values),*])?;
                    let authentication = #authentication;
                    let settings = self.settings;
                    #(#headers)*
                    let transport = settings.build(&address, authentication)?;
                    Ok(Client { transport })
                }
            }
        },
    )
}

fn imports(model: &Model) -> Result<TokenStream> {
    let mut names: Vec<String> = settings::variables(model)
        .iter()
        .map(|variable| names::type_identifier(&variable.setting))
        .collect();
    names.extend(
        model
            .settings
            .iter()
            .filter(|one| settings::has_type(one))
            .map(|one| names::type_identifier(&one.setting)),
    );
    let names = names
        .iter()
        .map(|name| identifier(name))
        .collect::<Result<Vec<_>>>()?;
    let settings = (!names.is_empty()).then(|| quote!(use crate::settings::{#(#names),*};));
    let versions = model
        .settings
        .iter()
        .any(|setting| is_version(setting, model));
    let versions = versions.then(|| {
        quote!(
            use crate::versions::ApiVersion;
        )
    });
    Ok(quote!(#settings #versions))
}

fn fixed_header(setting: &ClientSetting) -> Result<TokenStream> {
    let field = identifier(&setting.setting)?;
    let header = &setting.header;
    let (before, after) = setting
        .template
        .split_once("{}")
        .unwrap_or((&setting.template, ""));
    let value = if (before, after) == ("", "") {
        quote!(value.to_string())
    } else {
        let template = format!("{}{{}}{}", escape_braces(before), escape_braces(after));
        quote!(format!(#template, value))
    };
    let version = setting.setting == "api_version";
    Ok(match &setting.default {
        Some(default) if settings::has_type(setting) => {
            let kind = identifier(&names::type_identifier(&setting.setting))?;
            quote! {
                let value = self.#field.unwrap_or_else(|| #kind::from(#default));
                let settings = settings.fixed_header(#header, #value);
            }
        }
        Some(default) => quote! {
            let value = self.#field.unwrap_or_else(|| #default.to_owned());
            let settings = settings.fixed_header(#header, #value);
        },
        None if version => quote! {
            let value = self.#field.unwrap_or_default();
            let settings = settings.fixed_header(#header, #value);
        },
        None => quote! {
            let settings = match self.#field {
                Some(value) => settings.fixed_header(#header, #value),
                None => settings,
            };
        },
    })
}

fn escape_braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

fn servers(model: &Model) -> Vec<TokenStream> {
    if settings::variables(model).is_empty() {
        return Vec::new();
    }
    let servers = model.servers.iter().map(|server| {
        let url = &server.url;
        let variables = server.variables.iter().map(|variable| {
            let name = &variable.name;
            let values = variable.values.iter().map(|(value, _)| value);
            quote!((#name, &[#(#values),*]))
        });
        quote!(server::Server { url: #url, variables: &[#(#variables),*] })
    });
    servers.collect()
}
