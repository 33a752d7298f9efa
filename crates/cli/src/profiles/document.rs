//! The profile file as an editable document: other tables, order and comments are preserved.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, value};

use crate::failure::{Failure, Kind, local};
use crate::options::Options;
use crate::settings::{read_file, usual_file};

/// A profile file. It has no `Debug`, since it contains secrets.
pub(super) struct Document {
    path: PathBuf,
    content: DocumentMut,
}

/// The settings of an API in a profile: `[profile.table]`.
pub(super) struct OfApi {
    pub(super) profile: String,
    pub(super) table: String,
    /// The keys with their values.
    pub(super) keys: Vec<(String, String)>,
}

impl Document {
    /// The file in the options, or the default one; empty if it does not exist.
    pub(super) fn read(options: &Options) -> Result<Self, Failure> {
        let path = options
            .profile_file
            .clone()
            .or_else(usual_file)
            .ok_or_else(|| {
                Failure::new(Kind::Configuration, "there is no configuration folder")
                    .hint("set HOME, or pass a file with --profile-file")
            })?;
        let text = read_file(&path)?.unwrap_or_default();
        let content = text.parse::<DocumentMut>().map_err(|error| {
            // The message of the parser quotes the line, which may contain a credential.
            let at = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
            let problem = format!(
                "the profile file {} is not TOML at line {line}",
                path.display()
            );
            Failure::new(Kind::Configuration, problem)
        })?;
        Ok(Self { path, content })
    }

    /// The path of the file for messages.
    pub(super) fn shown(&self) -> String {
        self.path.display().to_string()
    }

    /// The tables of the profiles.
    pub(super) fn tables(&self) -> Vec<OfApi> {
        let mut found = Vec::new();
        for (profile, tables) in self.content.iter() {
            for (table, keys) in tables
                .as_table_like()
                .into_iter()
                .flat_map(|tables| tables.iter())
            {
                let keys = keys
                    .as_table_like()
                    .into_iter()
                    .flat_map(|keys| keys.iter());
                let keys = keys
                    .filter_map(|(key, item)| Some((key.to_owned(), item.as_str()?.to_owned())));
                found.push(OfApi {
                    profile: profile.to_owned(),
                    table: table.to_owned(),
                    keys: keys.collect(),
                });
            }
        }
        found
    }

    /// Sets keys of a table, which may be missing.
    pub(super) fn set(
        &mut self,
        profile: &str,
        table: &str,
        keys: &[(String, String)],
    ) -> Result<(), Failure> {
        let shown = self.shown();
        let not_a_table = |what: &str| {
            let problem =
                format!("the profile file {shown} has {what} as a value: make it a table");
            Failure::new(Kind::Configuration, problem)
        };
        let implicit = || {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        };
        let tables = self
            .content
            .entry(profile)
            .or_insert_with(implicit)
            .as_table_like_mut();
        let tables = tables.ok_or_else(|| not_a_table(&format!("[{profile}]")))?;
        let of_api = tables
            .entry(table)
            .or_insert_with(toml_edit::table)
            .as_table_like_mut();
        let of_api = of_api.ok_or_else(|| not_a_table(&format!("[{profile}.{table}]")))?;
        for (key, text) in keys {
            of_api.insert(key, value(text));
        }
        Ok(())
    }

    /// Removes a table of a profile, or the whole profile. Returns whether it existed.
    pub(super) fn remove(&mut self, profile: &str, table: Option<&str>) -> bool {
        let Some(table) = table else {
            return self.content.remove(profile).is_some();
        };
        let Some(tables) = self
            .content
            .get_mut(profile)
            .and_then(Item::as_table_like_mut)
        else {
            return false;
        };
        let was_there = tables.remove(table).is_some();
        if tables.is_empty() {
            self.content.remove(profile);
        }
        was_there
    }

    /// Writes the file, which only the user can read, and replaces the old one atomically.
    pub(super) fn save(&self) -> Result<(), Failure> {
        let shown = self.shown();
        let failed = |error: std::io::Error| local(&format!("cannot write {shown}"), error);
        // A symbolic link is kept: the file that it refers to is replaced.
        let path = std::fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        create_folder(folder).map_err(failed)?;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(self.content.to_string().as_bytes())
            .map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

/// Creates a folder and its parents, which other users cannot enter.
fn create_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document {
            path: PathBuf::from("p.toml"),
            content: text.parse().unwrap(),
        }
    }

    fn keys(keys: &[(&str, &str)]) -> Vec<(String, String)> {
        let keys = keys.iter();
        keys.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn the_rest_of_the_file_is_unchanged() {
        let text = "# mine\n[default.scp]\nregion = \"kr\" # here\n\n[default.panther]\nbase-url = \"a\"\napi-key = \"k\"\n";
        let mut document = document(text);
        document
            .set("default", "panther", &keys(&[("base-url", "b\"c")]))
            .unwrap();
        assert_eq!(
            document.content.to_string(),
            text.replace("\"a\"", "'b\"c'")
        );
        document
            .set("other", "panther", &keys(&[("api-key", "x")]))
            .unwrap();
        assert!(
            document
                .content
                .to_string()
                .ends_with("\n[other.panther]\napi-key = \"x\"\n")
        );
    }

    #[test]
    fn a_profile_without_tables_is_removed() {
        let mut document =
            document("[a.panther]\nk = \"1\"\n[b.panther]\nk = \"2\"\n[b.scp]\nk = \"3\"\n");
        assert!(document.remove("a", Some("panther")) && !document.remove("a", Some("panther")));
        assert!(document.remove("b", Some("scp")) && !document.remove("b", Some("scp")));
        assert_eq!(document.content.to_string(), "[b.panther]\nk = \"2\"\n");
        assert!(document.remove("b", None));
        assert_eq!(document.content.to_string(), "");
    }

    #[test]
    fn a_value_where_a_table_belongs_is_refused() {
        assert!(
            document("default = 1\n")
                .set("default", "panther", &[])
                .is_err()
        );
        assert!(
            document("[default]\npanther = 1\n")
                .set("default", "panther", &[])
                .is_err()
        );
    }
}
