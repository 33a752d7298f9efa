use specmill_http::credentials::OAuth2;

use super::Variables;
use crate::{Error, Secret};

impl Variables {
    /// The credential in the variable `name`, or in the file named by `{name}_FILE`: see [`Secret::file`]. `None` if
    /// neither is set.
    ///
    /// # Errors
    /// Both are set, or one is not Unicode. The error names the variables, never a value.
    pub fn credential(&self, name: &str) -> Result<Option<Secret>, Error> {
        let file = format!("{name}_FILE");
        match (self.optional(name)?, self.optional(&file)?) {
            (Some(_), Some(_)) => Err(self.both_set(name, &file)),
            (Some(value), None) => Ok(Some(value.into())),
            (None, Some(path)) => Ok(Some(Secret::file(path))),
            (None, None) => Ok(None),
        }
    }

    /// Like [`credential`](Self::credential), for a required credential.
    ///
    /// # Errors
    /// In addition to those of `credential`: neither variable is set.
    pub fn required_credential(&self, name: &str) -> Result<Secret, Error> {
        match self.credential(name)? {
            Some(credential) => Ok(credential),
            None => self.required(name).map(Secret::from),
        }
    }

    /// The token in the variable `name`, or in the file named by `{name}_FILE`; or an OAuth 2.0 grant from
    /// `{prefix}_CLIENT_ID`, `_CLIENT_SECRET`, `_REFRESH_TOKEN`, `_TOKEN_URL` and `_SCOPES`, which are separated by
    /// spaces. `None` if none of them is set.
    ///
    /// # Errors
    /// Both a token and a client id are set, or a client id without a secret or a refresh token, or one of these
    /// without a client id. The error names the variables, never a value.
    pub fn token(&self, name: &str, prefix: &str) -> Result<Option<Secret>, Error> {
        let variable = |setting: &str| format!("{prefix}_{setting}");
        let of_grant = |setting: &str| self.optional(&variable(setting));
        let id = of_grant("CLIENT_ID")?;
        let (secret, refresh_token) = (of_grant("CLIENT_SECRET")?, of_grant("REFRESH_TOKEN")?);
        let Some(id) = id else {
            let orphan = [
                ("CLIENT_SECRET", &secret),
                ("REFRESH_TOKEN", &refresh_token),
            ];
            let orphan = orphan.iter().find(|(_, value)| value.is_some());
            return match (self.credential(name)?, orphan) {
                (None, Some((setting, _))) => {
                    Err(self.set_without(&variable(setting), &variable("CLIENT_ID"), "set both"))
                }
                (token, _) => Ok(token),
            };
        };
        if self.credential(name)?.is_some() {
            return Err(self.both_set(name, &variable("CLIENT_ID")));
        }
        let mut grant = match (refresh_token, secret) {
            (Some(token), Some(secret)) => OAuth2::refresh_token(id, token).client_secret(secret),
            (Some(token), None) => OAuth2::refresh_token(id, token),
            (None, Some(secret)) => OAuth2::client_credentials(id, secret),
            (None, None) => {
                let remedy = format!("set both, or {}", variable("REFRESH_TOKEN"));
                let (id, secret) = (variable("CLIENT_ID"), variable("CLIENT_SECRET"));
                return Err(self.set_without(&id, &secret, &remedy));
            }
        };
        if let Some(url) = of_grant("TOKEN_URL")? {
            grant = grant.token_url(url);
        }
        if let Some(scopes) = of_grant("SCOPES")? {
            grant = grant.scopes(scopes.split_whitespace());
        }
        Ok(Some(grant.read_from(variable("TOKEN_URL")).into()))
    }

    /// Like [`token`](Self::token), for a required token.
    ///
    /// # Errors
    /// In addition to those of `token`: none of the variables is set.
    pub fn required_token(&self, name: &str, prefix: &str) -> Result<Secret, Error> {
        self.token(name, prefix)?.ok_or_else(|| {
            Error::configuration(format!(
                "{} {name} is not set: set it, or {prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET",
                self.what()
            ))
        })
    }

    fn both_set(&self, one: &str, other: &str) -> Error {
        Error::configuration(format!(
            "{} {one} and {other} are both set: set one",
            self.what()
        ))
    }

    fn set_without(&self, set: &str, unset: &str, remedy: &str) -> Error {
        Error::configuration(format!(
            "{} {set} is set without {unset}: {remedy}",
            self.what()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_a_value_or_in_a_file_and_not_both() {
        let given = Variables::given([
            ("A", "value"),
            ("B_FILE", "/run/b"),
            ("C", "c"),
            ("C_FILE", "f"),
        ]);
        let is_provided = |name: &str| given.credential(name).unwrap().map(|one| one.is_provided());
        assert_eq!(is_provided("A"), Some(false));
        assert_eq!(is_provided("B"), Some(true));
        assert_eq!(is_provided("D"), None);
        assert_eq!(
            given.credential("C").unwrap_err().to_string(),
            "invalid configuration: the variable C and C_FILE are both set: set one"
        );
        let error = given.required_credential("D").unwrap_err().to_string();
        assert!(error.ends_with("the variable D is not set: set it"));
    }

    #[test]
    fn a_token_may_be_an_oauth2_grant() {
        let token = |variables: &[(&str, &str)]| {
            let given = Variables::given(variables.iter().copied());
            let token = given.token("A_TOKEN", "A");
            token
                .map(|token| token.map(|token| token.is_provided()))
                .map_err(|error| error.to_string())
        };
        assert_eq!(token(&[]), Ok(None));
        assert_eq!(token(&[("A_TOKEN", "t")]), Ok(Some(false)));
        let program = [("A_CLIENT_ID", "i"), ("A_CLIENT_SECRET", "s")];
        assert_eq!(token(&program), Ok(Some(true)));
        let user = [("A_CLIENT_ID", "i"), ("A_REFRESH_TOKEN", "r")];
        assert_eq!(token(&user), Ok(Some(true)));
        for (variables, problem) in [
            (
                &[("A_CLIENT_ID", "i")][..],
                "A_CLIENT_ID is set without A_CLIENT_SECRET: set both, or A_REFRESH_TOKEN",
            ),
            (
                &[("A_CLIENT_SECRET", "s")],
                "A_CLIENT_SECRET is set without A_CLIENT_ID: set both",
            ),
            (
                &[("A_CLIENT_ID", "i"), ("A_TOKEN", "t")],
                "A_TOKEN and A_CLIENT_ID are both set: set one",
            ),
        ] {
            let error = token(variables).unwrap_err();
            assert!(error.contains(problem), "{error}");
        }
        let error = Variables::given([("B", "")]).required_token("A_TOKEN", "A");
        assert_eq!(
            error.unwrap_err().to_string(),
            "invalid configuration: the variable A_TOKEN is not set: set it, or A_CLIENT_ID and A_CLIENT_SECRET"
        );
    }
}
