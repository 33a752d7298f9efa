//! Paths as a person writes them: `Option<String>`, not `::std::option::Option<::std::string::String>`.

use syn::visit_mut::{self, VisitMut};

/// Shortens the paths that the prelude of Rust covers, and the leading colons of others.
pub(super) struct ShortPaths;

const IN_PRELUDE: [&str; 13] = [
    "Option", "String", "Vec", "Result", "Default", "From", "TryFrom", "TryInto", "Into", "Clone",
    "Some", "Ok", "Err",
];

impl VisitMut for ShortPaths {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let keep_from = match names[..] {
            [
                "std",
                "option" | "string" | "vec" | "result" | "default" | "convert" | "clone",
                name,
                ..,
            ] if IN_PRELUDE.contains(&name) => 2,
            _ => 0,
        };
        if keep_from > 0 {
            path.segments = path.segments.iter().skip(keep_from).cloned().collect();
        }
        if keep_from > 0 || matches!(names.first(), Some(&("std" | "serde" | "serde_json"))) {
            path.leading_colon = None;
        }
    }

    fn visit_attribute_mut(&mut self, attribute: &mut syn::Attribute) {
        visit_mut::visit_attribute_mut(self, attribute);
        // Attributes hold tokens and texts, not paths.
        if let syn::Meta::List(list) = &mut attribute.meta {
            let text = list.tokens.to_string();
            let shortened = text
                .replace(":: serde :: ", "serde :: ")
                .replace("::std::option::Option::", "Option::")
                .replace("::std::vec::Vec::", "Vec::");
            if let Ok(tokens) = shortened.parse() {
                list.tokens = tokens;
            }
        }
    }
}
