//! References to files, by their paths from the folder of the document.

use super::pointer::unescape;

/// The property of the root that contains the other files.
pub const FILES: &str = "\0files";

/// Path and fragment of a reference to a file in the folder of the document.
pub(crate) fn split(reference: &str) -> Option<(&str, &str)> {
    let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    (!path.is_empty() && is_relative(path)).then_some((path, fragment))
}

/// A reference of a file, with the path of its target. `None` if it stays unchanged: inside the document itself, and to targets
/// outside the folder.
pub(crate) fn whole(file: &str, reference: &str) -> Option<String> {
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
    fn references_outside_the_folder_are_unchanged() {
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
