//! Credentials in a client and its builder.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::lower::model::Authentication;

use super::fields::{Field, Role, Variable};

fn names(authentication: &Authentication) -> Vec<&'static str> {
    match authentication {
        Authentication::None => vec![],
        Authentication::ApiKeyHeader(_) | Authentication::ApiKeyQuery(_) => vec!["api_key"],
        Authentication::Bearer => vec!["bearer_token"],
        Authentication::Basic => vec!["user", "password"],
        Authentication::ScpSignature => vec!["access_key", "secret_key"],
    }
}

/// The fields of the builder that hold credentials.
pub(super) fn fields(prefix: &str, authentication: &Authentication) -> Vec<Field> {
    let names = names(authentication);
    let pair = names.len() == 2;
    let fields = names.iter().enumerate().map(|(index, name)| {
        let field = format_ident!("{name}");
        let variable = format!("{prefix}_{}", name.to_uppercase());
        let words = name.replace('_', " ").replace("api", "API");
        let setters = if pair && index == 0 {
            let (first, second) = (format_ident!("{}", names[0]), format_ident!("{}", names[1]));
            let docs = format!(" The {} and the {} that requests are made with.", words, names[1].replace('_', " "));
            quote! {
                #[doc = #docs]
                pub fn credentials(mut self, #first: impl Into<Secret>, #second: impl Into<Secret>) -> Self {
                    self.#first = Some(#first.into());
                    self.#second = Some(#second.into());
                    self
                }
            }
        } else if pair {
            TokenStream::new()
        } else {
            let docs = match authentication {
                Authentication::ApiKeyHeader(header) => format!(" The key that requests carry in the header `{header}`."),
                Authentication::ApiKeyQuery(name) => format!(" The key that requests carry in the query, as `{name}`."),
                _ => " The token that requests carry in the header `Authorization`.".to_owned(),
            };
            quote! {
                #[doc = #docs]
                pub fn #field(mut self, value: impl Into<Secret>) -> Self {
                    self.#field = Some(value.into());
                    self
                }
            }
        };
        Field {
            setters,
            from_environment: quote!(builder.#field = variables.required(#variable).map(|value| Some(value.into()))?;),
            kind: quote!(Option<Secret>),
            variable: Variable {
                description: format!("the {words}"),
                role: Role::Credential,
                secret: *name != "user",
                required: true,
                values: Vec::new(),
                name: variable,
            },
            name: field,
        }
    });
    fields.collect()
}

/// The credentials, as the runtime takes them.
pub(super) fn authentication(authentication: &Authentication) -> TokenStream {
    match authentication {
        Authentication::None => quote!(Authentication::none()),
        Authentication::ApiKeyHeader(header) => {
            quote!(Authentication::api_key(#header, server::credential(self.api_key, "api_key")?))
        }
        Authentication::ApiKeyQuery(name) => {
            quote!(Authentication::api_key_query(#name, server::credential(self.api_key, "api_key")?))
        }
        Authentication::Bearer => {
            quote!(Authentication::bearer(server::credential(
                self.bearer_token,
                "bearer_token"
            )?))
        }
        Authentication::Basic => quote!(Authentication::basic(
            server::credential(self.user, "credentials")?,
            server::credential(self.password, "credentials")?,
        )),
        Authentication::ScpSignature => quote!(Authentication::signature(
            server::credential(self.access_key, "credentials")?,
            server::credential(self.secret_key, "credentials")?,
        )),
    }
}

/// The method of the client that replaces its credentials.
pub(super) fn replacing(authentication: &Authentication) -> TokenStream {
    let docs = quote! {
        /// Replaces the credentials, for this client and its clones; attempts that begin later use the new ones.
        ///
        /// # Errors
        /// They cannot be sent; the old ones stay.
    };
    let make = match authentication {
        Authentication::None => return TokenStream::new(),
        Authentication::ApiKeyHeader(header) => quote!(Authentication::api_key(#header, value)),
        Authentication::ApiKeyQuery(name) => quote!(Authentication::api_key_query(#name, value)),
        Authentication::Bearer => quote!(Authentication::bearer(value)),
        Authentication::Basic => {
            return quote! {
                #docs
                pub fn set_credentials(&self, user: impl Into<Secret>, password: impl Into<Secret>) -> Result<(), Error> {
                    self.transport.set_authentication(Authentication::basic(user, password))
                }
            };
        }
        Authentication::ScpSignature => {
            return quote! {
                #docs
                pub fn set_credentials(
                    &self,
                    access_key: impl Into<Secret>,
                    secret_key: impl Into<Secret>,
                ) -> Result<(), Error> {
                    self.transport.set_authentication(Authentication::signature(access_key, secret_key))
                }
            };
        }
    };
    let name = if *authentication == Authentication::Bearer {
        "set_bearer_token"
    } else {
        "set_api_key"
    };
    let name = format_ident!("{name}");
    quote! {
        #docs
        pub fn #name(&self, value: impl Into<Secret>) -> Result<(), Error> {
            self.transport.set_authentication(#make)
        }
    }
}
