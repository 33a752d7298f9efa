//! Conversion of published names to Rust names.
//!
//! Each name depends only on the published name, so that a page that is added later does not rename anything.

use std::borrow::Cow;

use heck::ToPascalCase as _;

use crate::signs;

/// The words of a name, split at characters that are neither letters nor digits, and at changes of case.
///
/// `S3LogSource` is `S3`, `Log`, `Source`; `HTTPServer` is `HTTP`, `Server`.
pub fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split(|c: char| !is_part(c)) {
        let characters: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (index, &character) in characters.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| characters[before]);
            let after = characters.get(index + 1);
            let begins = character.is_uppercase()
                && before.is_some_and(|before| {
                    !before.is_uppercase()
                        || (after.is_some_and(|after| after.is_lowercase())
                            && !is_plural(&characters[index..]))
                });
            if begins && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.push(character);
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

/// Whether a character can be part of a word: a letter or a digit that is allowed in a Rust identifier.
///
/// `½` and `①` are numeric characters that identifiers may not contain.
fn is_part(character: char) -> bool {
    character.is_alphanumeric() && unicode_ident::is_xid_continue(character)
}

/// Whether a character is visible and neither controls a terminal nor changes the direction of text.
pub fn is_visible(character: char) -> bool {
    // Characters that Unicode classifies as default-ignorable, and line marks.
    let hidden = matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}');
    !character.is_control() && !hidden
}

/// `IDs` is one word, not `I` and `Ds`.
fn is_plural(rest: &[char]) -> bool {
    matches!(rest, [_, 's'] | [_, 's', _]) && rest.get(2).is_none_or(|next| next.is_uppercase())
}

/// The name in snake case: `include-deactivated` is `include_deactivated`.
pub fn snake_case(name: &str) -> String {
    let words: Vec<String> = words(name).iter().map(|word| lower_case(word)).collect();
    words.join("_")
}

/// The name in Pascal case: `api token` is `ApiToken`.
pub fn pascal_case(name: &str) -> String {
    words(name).iter().map(|word| capitalised(word)).collect()
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first
        .chain(characters.flat_map(char::to_lowercase))
        .filter(|c| is_part(*c))
        .collect()
}

/// A word in lower case, without the combining marks that some letters produce.
fn lower_case(word: &str) -> String {
    word.to_lowercase()
        .chars()
        .filter(|c| is_part(*c))
        .collect()
}

/// The name of an operation in the normalised document: `api token#rotate` is `api_token_rotate`.
pub fn operation_name(published: &str) -> String {
    snake_case(published)
}

/// The name of an operation without an operationId: the method and the words of the path, with `by_…` for a parameter.
/// `GET /users/{id}/roles` is `get_users_by_id_roles`, `GET /` is `get_root`.
pub fn unnamed_operation(method: &str, path: &str) -> String {
    let mut words = vec![snake_case(method)];
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            let (parameter, tail) = after.split_once('}').unwrap_or((after, ""));
            words.extend([snake_case(before), format!("by_{}", snake_case(parameter))]);
            rest = tail;
        }
        words.push(snake_case(rest));
    }
    words.retain(|word| !word.is_empty());
    if words.len() == 1 {
        words.push("root".to_owned());
    }
    words.join("_")
}

/// The name of a component schema in the normalised document.
///
/// It is in Pascal case. If a vendor publishes names with a namespace, `suffix` is the end of each namespace: with
/// `API`, `UserAPI.Role` is `UserRole`. The words of the namespace come first, unless the name already contains them
/// (`UserAPI.ModifyUser` is `ModifyUser`).
pub fn schema_name(published: &str, suffix: Option<&str>) -> String {
    let namespace = suffix.and_then(|suffix| namespace_of(published, suffix));
    let Some((service, name)) = namespace else {
        return pascal_case(published);
    };
    let service_words: Vec<String> = words(service)
        .iter()
        .map(|word| word.to_lowercase())
        .collect();
    let name_words: Vec<String> = words(name).iter().map(|word| word.to_lowercase()).collect();
    let held = name_words
        .windows(service_words.len().max(1))
        .any(|window| window == service_words);
    if held {
        pascal_case(name)
    } else {
        pascal_case(service) + &pascal_case(name)
    }
}

/// The namespace of a published name without the suffix that ends it, and the name in it.
fn namespace_of<'a>(published: &'a str, suffix: &str) -> Option<(&'a str, &'a str)> {
    let (namespace, name) = published.split_once('.')?;
    Some((namespace.strip_suffix(suffix)?, name))
}

/// Common ends of namespaces without a meaning.
const SUFFIXES: [&str; 3] = ["API", "Api", "Service"];

/// The common end of the namespaces of all published names, such as the `API` of `UserAPI.Role`. `None` if they have
/// none in common.
pub fn namespace_suffix<'a>(published: impl IntoIterator<Item = &'a str>) -> Option<&'static str> {
    let names: Vec<&str> = published
        .into_iter()
        .filter(|name| name.contains('.'))
        .collect();
    let ends_all = |suffix: &&'static str| {
        names.iter().all(|name| {
            namespace_of(name, suffix).is_some_and(|(namespace, _)| !namespace.is_empty())
        })
    };
    let suffix = SUFFIXES.into_iter().find(ends_all);
    suffix.filter(|_| !names.is_empty())
}

/// A Rust identifier in snake case for a name: a keyword gets a trailing underscore, and a name that would begin with a digit
/// begins with an underscore. A sign before the name becomes a word: `-1` is `minus_1`. A name that consists of signs becomes
/// their words: `>=` is `greater_or_equal`.
pub fn field_identifier(name: &str) -> String {
    identifier(&snake_case(&signed(name)), "empty")
}

/// A name with its leading sign, if any, replaced by a word.
fn signed(name: &str) -> Cow<'_, str> {
    let mut characters = name.chars();
    let sign = match characters.next() {
        Some('+') => "plus",
        Some('-' | '\u{2212}') => "minus",
        _ if !name.is_empty() && !name.contains(is_part) => return Cow::Owned(signs::words(name)),
        _ => return Cow::Borrowed(name),
    };
    let rest = characters.as_str();
    if rest.starts_with(is_part) {
        Cow::Owned(format!("{sign} {rest}"))
    } else if name.contains(is_part) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(signs::words(name))
    }
}

/// A Rust identifier in Pascal case, built like [`field_identifier`].
pub fn type_identifier(name: &str) -> String {
    let name = identifier(&pascal_case(&signed(name)), "Empty");
    // Spelled-out signs begin with a lower-case letter.
    let mut characters = name.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

/// The name of a variant for a value of an enumeration: like [`type_identifier`], but numbers stay separate, so that `1.5` and
/// `15` are `_1_5` and `_15`, and `2024-01-01` is `_2024_01_01`.
pub fn variant_identifier(value: &str) -> String {
    let signed = signed(value);
    let mut name = String::new();
    for word in words(&signed) {
        let is_digit = |character: Option<char>| character.is_some_and(|c| c.is_ascii_digit());
        if is_digit(name.chars().next_back()) && is_digit(word.chars().next()) {
            name.push('_');
        }
        name.push_str(&capitalised(&word));
    }
    let name = identifier(&name, "Empty");
    let mut characters = name.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

/// Types that generated code refers to without a path, so that types of an API must have other names.
const TAKEN_TYPES: [&str; 34] = [
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Some",
    "String",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Vec",
];

/// The name of a generated type, which follows the rules of typify for splitting words. A name of Rust's prelude gets
/// the suffix `Type`.
pub fn type_name(name: &str) -> String {
    let identifier = type_identifier(name);
    let mut pascal = identifier.to_pascal_case();
    if pascal.starts_with(|c: char| c.is_ascii_digit()) || pascal.is_empty() {
        pascal.insert(0, 'X');
    }
    if TAKEN_TYPES.contains(&pascal.as_str()) {
        pascal.push_str("Type");
    }
    identifier_of(pascal)
}

/// The name of a field of a generated type. Unlike that of a parameter, it begins with `x` if the name begins with a
/// digit, like typify's. `build` is reserved for the builder.
pub fn member_identifier(name: &str) -> String {
    let identifier = field_identifier(name);
    if identifier == "build" {
        return "build_".to_owned();
    }
    match identifier.strip_prefix('_') {
        Some(rest) => identifier_of(format!("x{rest}")),
        None => identifier,
    }
}

/// The maximum length of the name of a generated module, in bytes, so that every file system accepts the file.
const LONGEST_MODULE: usize = 100;

/// Crates that generated code refers to, and the modules of the crate itself.
const TAKEN_MODULES: [&str; 13] = [
    "alloc",
    "core",
    "http",
    "lib",
    "main",
    "reqwest",
    "schemars",
    "serde",
    "serde_json",
    "specmill_client",
    "std",
    "tokio",
    "wiremock",
];

/// The name of the module, and so of the file, for a tag or a service.
pub fn module_name(name: &str) -> String {
    let mut module = field_identifier(name);
    if module.len() > LONGEST_MODULE {
        // The digest keeps names distinct that only differ in the removed part.
        let digest = hmac_sha256::Hash::hash(module.as_bytes());
        let mut end = LONGEST_MODULE - 9;
        while !module.is_char_boundary(end) {
            end -= 1;
        }
        module.truncate(end);
        module = format!(
            "{module}_{:02x}{:02x}{:02x}{:02x}",
            digest[0], digest[1], digest[2], digest[3]
        );
    }
    // Letters without case are the same in the name of a type, which the module would hide.
    if TAKEN_MODULES.contains(&module.as_str()) || module == type_name(name) {
        module.push('_');
    }
    module
}

/// The line that declares a module, with the path of its file, relative to `folder`, if Rust does not derive it: rustc
/// loads no file for a name that is not ASCII.
pub fn module_declaration(folder: &str, module: &str) -> String {
    if module.is_ascii() {
        format!("mod {module};")
    } else {
        format!("#[path = \"{folder}/{module}.rs\"]\nmod {module};")
    }
}

fn identifier(name: &str, empty: &str) -> String {
    if name.is_empty() {
        return empty.to_owned();
    }
    if !name.starts_with(unicode_ident::is_xid_start) {
        return format!("_{}", spelled_out(name));
    }
    identifier_of(spelled_out(name))
}

/// A keyword gets a trailing underscore.
fn identifier_of(name: String) -> String {
    if is_keyword(&name) {
        format!("{name}_")
    } else {
        name
    }
}

/// Whether a word is reserved in Rust.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// The strict and reserved keywords of edition 2024, and `_`, which names nothing.
const KEYWORDS: [&str; 53] = [
    "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Letters and digits that are not allowed in identifiers, by their Unicode numbers.
fn spelled_out(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_ascii() || unicode_ident::is_xid_continue(character) {
            out.push(character);
        } else {
            out.push_str(&format!("u{:04x}", u32::from(character)));
        }
    }
    // Some characters are allowed inside an identifier, but not at its start.
    let begins = out
        .chars()
        .next()
        .is_some_and(|first| first.is_ascii() || unicode_ident::is_xid_start(first));
    if begins { out } else { format!("x{out}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_the_case_changes() {
        assert_eq!(words("S3LogSource"), ["S3", "Log", "Source"]);
        assert_eq!(words("HTTPServer"), ["HTTP", "Server"]);
        assert_eq!(words("include-deactivated"), ["include", "deactivated"]);
        assert_eq!(words("userIDs"), ["user", "IDs"]);
        assert_eq!(words("pub/sub source"), ["pub", "sub", "source"]);
    }

    #[test]
    fn a_module_hides_no_type_and_its_file_is_found_in_any_script() {
        assert_eq!(module_name("日本"), "日本_");
        assert_eq!(module_name("Straße"), "straße");
        assert_eq!(module_declaration("types", "users"), "mod users;");
        assert_eq!(
            module_declaration("types", "straße"),
            "#[path = \"types/straße.rs\"]\nmod straße;"
        );
    }

    #[test]
    fn an_operation_is_named_by_its_tag_and_verb() {
        assert_eq!(operation_name("user#list"), "user_list");
        assert_eq!(operation_name("api token#rotate"), "api_token_rotate");
        assert_eq!(operation_name("pub/sub source#put"), "pub_sub_source_put");
        assert_eq!(operation_name("listUsers"), "list_users");
    }

    #[test]
    fn an_operation_without_an_id_is_named_by_method_and_path() {
        assert_eq!(
            unnamed_operation("get", "/users/{id}/roles"),
            "get_users_by_id_roles"
        );
        assert_eq!(
            unnamed_operation("delete", "/v1/api-tokens/{tokenId}"),
            "delete_v1_api_tokens_by_token_id"
        );
        assert_eq!(unnamed_operation("get", "/"), "get_root");
        assert_eq!(
            unnamed_operation("get", "/files/{name}.{format}"),
            "get_files_by_name_by_format"
        );
        assert_eq!(unnamed_operation("post", "/a/{b"), "post_a_by_b");
    }

    #[test]
    fn a_schema_name_contains_the_words_of_its_service_once() {
        let name = |published| schema_name(published, Some("API"));
        assert_eq!(name("UserAPI.User"), "User");
        assert_eq!(name("UserAPI.ModifyUser"), "ModifyUser");
        assert_eq!(name("UserAPI.ListResp"), "UserListResp");
        assert_eq!(name("UserAPI.Role"), "UserRole");
        assert_eq!(name("LogSourceAPI.S3LogSource"), "S3LogSource");
        assert_eq!(name("APITokenAPI.ListResp"), "ApiTokenListResp");
        assert_eq!(name("Pet"), "Pet");
        assert_eq!(name("some.dotted-name"), "SomeDottedName");
    }

    #[test]
    fn a_namespace_is_a_vendors_own() {
        assert_eq!(schema_name("UserAPI.Role", None), "UserApiRole");
        assert_eq!(
            schema_name("billing.Invoice", Some("API")),
            "BillingInvoice"
        );
    }

    #[test]
    fn the_common_end_of_all_namespaces_is_found() {
        let suffix = |names: &[&str]| namespace_suffix(names.iter().copied());
        assert_eq!(
            suffix(&["UserAPI.Role", "LogSourceAPI.Page", "Pet"]),
            Some("API")
        );
        assert_eq!(suffix(&["UserService.Role"]), Some("Service"));
        assert_eq!(suffix(&["UserAPI.Role", "billing.Invoice"]), None);
        assert_eq!(suffix(&["API.Role"]), None);
        assert_eq!(suffix(&["Pet"]), None);
    }

    #[test]
    fn keywords_and_digits_become_identifiers() {
        assert_eq!(field_identifier("type"), "type_");
        assert_eq!(field_identifier("2fa"), "_2fa");
        assert_eq!(type_identifier("self"), "Self_");
        assert_eq!(type_identifier(""), "Empty");
        assert_eq!(
            (field_identifier(""), field_identifier("gen")),
            ("empty".into(), "gen_".into())
        );
        assert_eq!(field_identifier("x\u{b2}"), "x");
    }

    #[test]
    fn a_sign_before_a_name_becomes_a_word() {
        assert_eq!(type_identifier("-1"), "Minus1");
        assert_eq!(type_identifier("+1"), "Plus1");
        assert_eq!(type_identifier("-created_at"), "MinusCreatedAt");
        assert_eq!(member_identifier("+1"), "plus_1");
        assert_eq!(field_identifier("GPT-4"), "gpt_4");
        assert_eq!(field_identifier("--"), "minus_minus");
    }

    #[test]
    fn a_name_of_signs_only_becomes_their_words() {
        assert_eq!(field_identifier("+"), "plus");
        assert_eq!(type_identifier(">="), "GreaterOrEqual");
        assert_eq!(type_identifier("=="), "EqualEqual");
        assert_eq!(field_identifier("[]"), "left_bracket_right_bracket");
        assert_eq!(field_identifier("\u{1f44d}"), "u1f44d");
        assert_eq!(type_identifier(" "), "Space");
    }

    #[test]
    fn numbers_stay_separate_in_the_name_of_a_variant() {
        assert_eq!(variant_identifier("1.5"), "_1_5");
        assert_eq!(variant_identifier("-1.5"), "Minus1_5");
        assert_eq!(variant_identifier("2024-01-01"), "_2024_01_01");
        assert_eq!(variant_identifier("gpt-4"), "Gpt4");
        assert_eq!(variant_identifier(""), "Empty");
    }

    #[test]
    fn type_names_follow_typify_and_avoid_those_of_rust() {
        assert_eq!(type_name("ListResp"), "ListResp");
        assert_eq!(type_name("planAB"), "PlanAb");
        assert_eq!(type_name("2fa"), "X2fa");
        assert_eq!(type_name("option"), "OptionType");
        assert_eq!(type_name("Self"), "Self_");
        assert_eq!(member_identifier("2fa"), "x2fa");
        assert_eq!(member_identifier("createdAt"), "created_at");
    }

    #[test]
    fn a_module_is_named_so_that_its_file_fits_and_its_name_is_free() {
        assert_eq!(module_name("pub/sub source"), "pub_sub_source");
        assert_eq!(module_name("std"), "std_");
        let (one, other) = (module_name(&"a".repeat(300)), module_name(&"a".repeat(301)));
        assert!(one.len() <= 100 && one != other);
    }
}
