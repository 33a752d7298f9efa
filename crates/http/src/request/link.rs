//! Links to the next page of a list.

use reqwest::Url;

use crate::base_url::BaseUrl;

/// The maximum length of a link, in bytes.
const MAX_LENGTH: usize = 16 * 1024;

/// Sets the query of a URL to that of a link, without credentials.
///
/// No other part of the link is used: whatever the service responds with, requests go to the base URL that the caller
/// configured and to the path of the operation.
///
/// # Errors
/// The link has another path, is not a valid URL, or is too long.
pub fn follow(
    url: &mut Url,
    base: &BaseUrl,
    link: &str,
    credentials: &[&str],
) -> Result<(), String> {
    if link.len() > MAX_LENGTH {
        return Err(format!(
            "the link to the next page is longer than {MAX_LENGTH} bytes"
        ));
    }
    let target = url
        .join(link)
        .map_err(|_| "the link to the next page is not a URL".to_owned())?;
    if !same_path(url.path(), base.prefix(), target.path()) {
        return Err("the link to the next page leads to another path".to_owned());
    }
    let query = target.query().unwrap_or_default();
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
            !name.is_empty() && !credentials.contains(&&*name)
        })
        .collect();
    let query = kept.join("&");
    url.set_query((!query.is_empty()).then_some(&query));
    Ok(())
}

/// Whether a path is that of the operation. The service may be behind a gateway, and its own base path may differ from
/// the caller's.
fn same_path(path: &str, prefix: &str, target: &str) -> bool {
    let trimmed = |path: &str| path.trim_end_matches('/').to_owned();
    let (path, target) = (trimmed(path), trimmed(target));
    let operation = path.strip_prefix(prefix).unwrap_or(&path);
    target == path || (!operation.is_empty() && target.ends_with(operation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(link: &str) -> Result<String, String> {
        let base = BaseUrl::parse(
            "https://proxy.test/api",
            &[],
            false,
            &crate::setting_names::SettingNames::default(),
        )
        .unwrap();
        let mut url = Url::parse("https://proxy.test/api/users?limit=2").unwrap();
        follow(&mut url, &base, link, &["key"])?;
        Ok(url.to_string())
    }

    #[test]
    fn a_link_gives_its_query_and_nothing_else() {
        for (link, expected) in [
            (
                "https://proxy.test/api/users?after=a%2Fb",
                "https://proxy.test/api/users?after=a%2Fb",
            ),
            (
                "?page=2&limit=2",
                "https://proxy.test/api/users?page=2&limit=2",
            ),
            ("/api/users/?page=2", "https://proxy.test/api/users?page=2"),
            (
                "http://inner.test:8080/v2/users?page=2&key=secret",
                "https://proxy.test/api/users?page=2",
            ),
            ("/api/users", "https://proxy.test/api/users"),
        ] {
            assert_eq!(followed(link).unwrap(), expected, "{link}");
        }
    }

    #[test]
    fn a_link_to_another_path_is_refused() {
        for link in [
            "/api/admins?page=2",
            "https://evil.test/?page=2",
            "//evil.test",
        ] {
            assert_eq!(
                followed(link).unwrap_err(),
                "the link to the next page leads to another path"
            );
        }
        assert!(followed(&format!("?{}", "a".repeat(MAX_LENGTH))).is_err());
        assert!(followed("https://[").is_err());
    }
}
