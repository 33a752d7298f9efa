//! The facts about the service: its base URL, its regions and its versions.

use super::label::{Label, method_line};
use super::line::Line;
use super::page::{Located, RegionRow, ServiceSection};
use super::row;
use super::table::Table;
use super::versions;

/// The environments of the platform, and what stands for them in URLs.
const ENVIRONMENTS: [(&str, &str); 3] = [("Samsung", "s"), ("Enterprise", "e"), ("Sovereign", "g")];

/// What the table is about that the reader is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Inside {
    #[default]
    Nothing,
    Regions,
    Versions,
}

/// Reads the lines that belong to no operation and to no model.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) section: ServiceSection,
    inside: Inside,
    /// Whether the line before names a URL.
    labelled: bool,
    /// The environment of the rows that follow, where a line names nothing else.
    environment: Option<(String, Option<String>)>,
    /// What the table of versions holds so far.
    versions: Vec<row::Token>,
    /// How many versions were known before that table.
    before: usize,
}

impl Reader {
    /// Reads a line; `begins` is the table whose header it is.
    pub(super) fn line(&mut self, line: &Line<'_>, begins: Option<Table>) {
        let text = &line.text;
        if self.section.url.is_none() {
            self.section.url = url(text, self.labelled || is_url_label(text))
                .map(|url| Located::new(line.number, url));
        }
        self.labelled = is_url_label(text);
        if begins == Some(Table::Versions) {
            self.inside = Inside::Versions;
            self.versions.clear();
            self.before = self.section.versions.len();
        } else if is_region_header(text) {
            self.inside = Inside::Regions;
            self.environment = None;
        } else if Label::read(text).is_some() || method_line(text).is_some() || line.heading {
            self.inside = Inside::Nothing;
        } else if self.inside == Inside::Regions {
            self.regions(line);
        } else if self.inside == Inside::Versions {
            self.versions.extend(row::tokens(line));
            let before = self.before;
            let rows = versions::read(&self.versions);
            if rows[..] == self.section.versions[before..] {
                self.inside = Inside::Nothing;
            }
            self.section.versions.truncate(before);
            self.section.versions.extend(rows);
        }
    }

    fn regions(&mut self, line: &Line<'_>) {
        let text = line.text.replace(['\n', ',', '/', '|'], " ");
        let mut rest = text.clone();
        let mut regions = Vec::new();
        while let Some((start, end)) = region(&rest) {
            regions.push(rest[start..end].to_owned());
            rest.replace_range(start..end, " ");
        }
        if regions.is_empty() {
            self.environment = named_environment(&rest);
            if self.environment.is_none() {
                self.inside = Inside::Nothing;
            }
            return;
        }
        let here = environment(&rest).or_else(|| self.environment.take());
        let before = self
            .section
            .regions
            .last()
            .map(|row| (row.environment.clone(), row.environment_name.clone()));
        // A cell that spans several rows is printed in the first of them.
        let Some((environment, environment_name)) = here.or(before) else {
            return;
        };
        for region in regions {
            self.section.regions.push(RegionRow {
                line: line.number,
                environment: environment.clone(),
                environment_name: environment_name.clone(),
                region,
            });
        }
    }
}

fn is_url_label(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["url", "endpoint", "엔드포인트", "서비스 주소"]
        .iter()
        .any(|word| lower.contains(word))
}

/// The base URL in a line: one with regions or environments in it, or any where the line is about one.
fn url(text: &str, labelled: bool) -> Option<String> {
    let start = text.find("https://")?;
    let url = text[start..]
        .split([' ', '\n', '"', '\'', '`', ')', '|'])
        .next()?
        .trim_end_matches(['.', ',', '/']);
    let url = url.replace('<', "{").replace('>', "}");
    let host = url
        .trim_start_matches("https://")
        .split('/')
        .next()
        .unwrap_or_default();
    let templated = host.contains('{') && host.contains('}');
    let plain = labelled && host.contains('.') && !url.contains("docs.") && !url.contains('#');
    ((templated || plain) && url.matches('{').count() == url.matches('}').count()).then_some(url)
}

fn is_region_header(text: &str) -> bool {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    text.len() <= 100
        && has(&["region", "리전"])
        && has(&["environment", "offering", "환경", "오퍼링"])
        && !text.ends_with(['.', '다'])
        && region(text).is_none()
        && !text.contains("://")
}

/// Where the first region stands in a text: `kr-west1`.
fn region(text: &str) -> Option<(usize, usize)> {
    text.match_indices('-').find_map(|(at, _)| {
        let start = at.checked_sub(2)?;
        let country = text.get(start..at)?;
        let rest = &text[at + 1..];
        let letters = rest.bytes().take_while(u8::is_ascii_lowercase).count();
        let digits = rest[letters..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        let is_region = country.bytes().all(|byte| byte.is_ascii_lowercase())
            && (3..=12).contains(&letters)
            && (1..=2).contains(&digits);
        is_region.then_some((start, at + 1 + letters + digits))
    })
}

/// The environment that a text names: what stands for it in URLs, and what people call it.
fn environment(text: &str) -> Option<(String, Option<String>)> {
    let text = text.trim();
    if let Some((name, code)) = text
        .split_once('(')
        .and_then(|(name, rest)| Some((name.trim(), rest.split_once(')')?.0.trim())))
    {
        let (name, code) = if is_code(code) {
            (name, code)
        } else {
            (code, name)
        };
        return is_code(code).then(|| {
            (
                code.to_owned(),
                Some(name.to_owned()).filter(|name| !name.is_empty()),
            )
        });
    }
    for (name, code) in ENVIRONMENTS {
        let found = text
            .get(..name.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(name));
        let rest = if found { text[name.len()..].trim() } else { "" };
        if found {
            let code = if is_code(rest) { rest } else { code };
            return Some((code.to_owned(), Some(name.to_owned())));
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let code = words.iter().find(|word| is_code(word))?;
    let names: Vec<&str> = words.iter().filter(|word| word != &code).copied().collect();
    Some((
        (*code).to_owned(),
        Some(names.join(" ")).filter(|name| !name.is_empty()),
    ))
}

/// The environment that a line names which holds nothing else.
fn named_environment(text: &str) -> Option<(String, Option<String>)> {
    let text = text.trim();
    let known = ENVIRONMENTS
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case(text));
    (known || (text.len() <= 40 && text.ends_with(')')))
        .then(|| environment(text))
        .flatten()
}

fn is_code(word: &str) -> bool {
    (1..=12).contains(&word.len())
        && word
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_has_regions_in_it_or_a_label() {
        for (text, labelled, found) in [
            (
                "https://server.{region}.{environment}.example.com/",
                false,
                Some("https://server.{region}.{environment}.example.com"),
            ),
            (
                "URL : https://server.<region>.e.example.com.",
                false,
                Some("https://server.{region}.e.example.com"),
            ),
            (
                "https://server.example.com",
                true,
                Some("https://server.example.com"),
            ),
            ("see https://server.example.com", false, None),
            ("URL https://docs.example.com/a", true, None),
        ] {
            assert_eq!(url(text, labelled).as_deref(), found, "{text}");
        }
    }

    #[test]
    fn environments_and_regions_are_told_however_their_cells_are_parted() {
        for (text, environment_of, name) in [
            ("Enterprise e kr-west1", "e", Some("Enterprise")),
            ("Enterprise (e) kr-west1, kr-east1", "e", Some("Enterprise")),
            ("Enterprisekr-west1", "e", Some("Enterprise")),
            ("Enterpriseekr-west1", "e", Some("Enterprise")),
            ("s kr-west1", "s", None),
        ] {
            let (start, end) = region(text).unwrap();
            assert_eq!(&text[start..end], "kr-west1");
            let (code, found) = environment(&text[..start]).unwrap();
            assert_eq!(
                (code.as_str(), found.as_deref()),
                (environment_of, name),
                "{text}"
            );
        }
        assert!(is_region_header("EnvironmentRegion") && is_region_header("환경 리전"));
        assert!(!is_region_header("The region of the environment."));
    }
}
