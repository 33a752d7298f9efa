//! Files that a document refers to.
//!
//! They become members of the root, below a name that no document has, by their paths from the folder of
//! the document. References to them, and references within them, are read with these paths.

use std::collections::HashSet;

use super::reference::unescape;
use super::{Builder, MAX_BYTES, NodeId, any};

/// The member of the root that holds other files.
pub(crate) const FILES: &str = "\0files";

/// How many files one document may refer to.
const MAX_FILES: usize = 1000;

/// Reads the files that are referred to, and those they refer to. Returns the root that has them.
pub(super) fn read(
    root: NodeId,
    size: usize,
    builder: &mut Builder,
    files: &mut dyn FnMut(&str) -> Option<String>,
) -> Result<NodeId, String> {
    let mut asked: HashSet<String> = HashSet::new();
    let (mut found, mut size) = (Vec::new(), size);
    let mut open = referred(builder, 0);
    while let Some(path) = open.pop() {
        if !asked.insert(path.clone()) || asked.len() > MAX_FILES {
            continue;
        }
        let Some(text) = files(&path) else {
            continue;
        };
        size += text.len();
        if size > MAX_BYTES {
            return Err(format!(
                "larger than {MAX_BYTES} bytes with the files it refers to"
            ));
        }
        let before = builder.len();
        if let Ok(content) = any(&text, &path, builder, Some(&path)) {
            open.extend(referred(builder, before));
            found.push((builder.symbol(&path), content));
        }
    }
    let Some(mut members) = builder.members(root).filter(|_| !found.is_empty()) else {
        return Ok(root);
    };
    let files = builder.object(&mut found);
    members.push((builder.symbol(FILES), files));
    Ok(builder.object(&mut members))
}

/// The files that references name, among the values from a position on.
fn referred(builder: &Builder, from: usize) -> Vec<String> {
    let references = builder.references(from);
    let files = references.filter_map(|text| split(text).map(|(path, _)| path.to_owned()));
    files.collect()
}

/// Path and fragment of a reference to a file in the folder of the document.
pub(super) fn split(reference: &str) -> Option<(&str, &str)> {
    let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    (!path.is_empty() && is_relative(path)).then_some((path, fragment))
}

/// A reference of a file, with the path of the file that it leads to. `None` where it stays as it is: in
/// the document itself, and where it leads out of the folder.
pub(super) fn whole(file: &str, reference: &str) -> Option<String> {
    let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    if path.is_empty() {
        return (!file.is_empty()).then(|| format!("{file}#{fragment}"));
    }
    if !is_relative(path) {
        return None;
    }
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = unescape_path(path);
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    let path = steps.join("/");
    (!path.is_empty()).then(|| {
        if fragment.is_empty() {
            path.clone()
        } else {
            format!("{path}#{fragment}")
        }
    })
}

/// A path has no scheme, host or drive, and does not begin at the root.
fn is_relative(path: &str) -> bool {
    !path.starts_with('/') && !path.contains([':', '\\', '\0'])
}

fn unescape_path(path: &str) -> String {
    path.split('/').map(unescape).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn references_get_the_path_from_the_folder_of_the_document() {
        let whole = |file, reference| whole(file, reference).unwrap_or_default();
        assert_eq!(whole("", "./a.yaml#/X"), "a.yaml#/X");
        assert_eq!(whole("s/a.yaml", "b.yaml"), "s/b.yaml");
        assert_eq!(whole("s/a.yaml", "../t/b%20c.yaml#/X"), "t/b c.yaml#/X");
        assert_eq!(whole("s/a.yaml", "#/X"), "s/a.yaml#/X");
    }

    #[test]
    fn references_out_of_the_folder_stay_as_they_are() {
        for reference in [
            "../a.yaml",
            "s/../../a.yaml",
            "%2e%2e/a.yaml",
            "/etc/a.yaml",
            "https://a.test/a.yaml",
            "c:\\a.yaml",
            "#/X",
        ] {
            assert_eq!(whole("", reference), None, "{reference}");
        }
    }
}
