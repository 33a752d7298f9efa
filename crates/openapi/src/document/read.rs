//! Reads JSON and YAML. Duplicate keys are errors, since one of them would be lost silently.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, IgnoredAny, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Map, Number, Value};

use crate::diagnostic::{Diagnostic, Place, Result};

/// The strings for the numbers of YAML that JSON cannot express.
pub(crate) const INFINITE: [&str; 3] = [".inf", "-.inf", ".nan"];

/// The maximum size of a document, in bytes.
const LARGEST_DOCUMENT: u64 = 64 * 1024 * 1024;

/// The maximum nesting of objects and arrays.
const DEEPEST_NESTING: usize = 100;

/// The YAML key whose value is merged into the mapping that contains it.
const MERGE_KEY: &str = "<<";

/// Reads a JSON or YAML file. The extensions `.yaml` and `.yml` are YAML.
///
/// # Errors
/// The file cannot be read or parsed.
pub fn read(file: &Path) -> Result<Value> {
    let text = read_text(file)?;
    let yaml = file
        .extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml");
    if yaml {
        parse_yaml(&text)
    } else {
        parse_json(&text)
    }
    .map_err(|diagnostic| diagnostic.in_file(file).help("correct the file"))
}

/// Reads a text file of at most 64 MiB.
///
/// # Errors
/// The file cannot be read, is too large, or is not UTF-8.
pub fn read_text(file: &Path) -> Result<String> {
    let unreadable = |error: std::io::Error| {
        Diagnostic::new(format!("cannot read the file: {error}"))
            .at(file, Place::Whole)
            .help("check the name and the permissions of the file")
    };
    let mut bytes = Vec::new();
    let open = File::open(file).map_err(unreadable)?;
    open.take(LARGEST_DOCUMENT + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST_DOCUMENT {
        return Err(Diagnostic::new(format!(
            "the file has more than {LARGEST_DOCUMENT} bytes, which is the limit"
        ))
        .at(file, Place::Whole)
        .help("split the document"));
    }
    utf_8(bytes, "file", file)
}

/// Decodes UTF-8. `what` is the name of the input in errors.
///
/// # Errors
/// The bytes are not UTF-8.
pub fn utf_8(bytes: Vec<u8>, what: &str, file: impl AsRef<Path>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid]
            .split(|byte| *byte == b'\n')
            .count();
        Diagnostic::new(format!("the {what} is not UTF-8"))
            .at(file, Place::Line(line))
            .help(format!("save the {what} as UTF-8 text"))
    })
}

/// Parses JSON.
///
/// # Errors
/// The text is not valid JSON, has duplicate keys, or is nested too deeply.
pub fn parse_json(text: &str) -> Result<Value> {
    let text = without_mark(text);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Strict::json()
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| {
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default();
            Diagnostic::new(format!("this is not valid JSON: {reason}"))
                .at_place(Place::LineColumn(error.line(), error.column()))
        })
}

/// Parses YAML: merge keys (`<<`) are merged, local tags ignored, and `.inf`, `-.inf` and `.nan` read as strings.
///
/// # Errors
/// The text is not valid YAML, has duplicate keys, or is nested too deeply.
pub fn parse_yaml(text: &str) -> Result<Value> {
    let text = without_mark(text);
    Strict::yaml()
        .deserialize(yaml_serde::Deserializer::from_str(text))
        .map_err(|error| {
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or_default();
            let place = error
                .location()
                .map_or(Place::Whole, |l| Place::LineColumn(l.line(), l.column()));
            Diagnostic::new(format!("this is not valid YAML: {reason}")).at_place(place)
        })
}

/// A text without the byte order mark that some editors begin a file with.
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Deserialises any value.
#[derive(Clone, Copy)]
struct Strict {
    /// The remaining levels of nesting.
    depth: usize,
    /// Whether merge keys are merged.
    merges: bool,
}

impl Strict {
    fn json() -> Self {
        Self {
            depth: DEEPEST_NESTING,
            merges: false,
        }
    }

    fn yaml() -> Self {
        Self {
            depth: DEEPEST_NESTING,
            merges: true,
        }
    }

    fn deeper<E: serde::de::Error>(self) -> std::result::Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => Err(E::custom(format!(
                "nested deeper than {DEEPEST_NESTING} levels"
            ))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> std::result::Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> std::result::Result<Value, E> {
        as_json(&value.to_string())
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> std::result::Result<Value, E> {
        as_json(&value.to_string())
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<Value, E> {
        // JSON has no such numbers. `infinite` removes the bounds that use them.
        let [positive, negative, not_a_number] = INFINITE;
        Ok(match Number::from_f64(value) {
            Some(number) => Value::Number(number),
            None if value.is_nan() => Value::String(not_a_number.to_owned()),
            None if value > 0.0 => Value::String(positive.to_owned()),
            None => Value::String(negative.to_owned()),
        })
    }

    fn visit_str<E>(self, value: &str) -> std::result::Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> std::result::Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(self.deeper()?)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> std::result::Result<Value, A::Error> {
        let mut object = Map::new();
        // Properties from a merge key; the mapping's own properties replace them.
        let mut merged = BTreeSet::new();
        while let Some(Key(key)) = members.next_key()? {
            if self.merges && key == MERGE_KEY {
                let value = members.next_value_seed(self.deeper()?)?;
                merge(&mut object, &mut merged, value).map_err(A::Error::custom)?;
                continue;
            }
            // Checked before the value is read, so that the error is located at the name.
            if object.contains_key(&key) && !merged.remove(&key) {
                return Err(A::Error::custom(format!(
                    "the property `{key}` is duplicated in an object"
                )));
            }
            let value = members.next_value_seed(self.deeper()?)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }

    // A local tag of YAML, such as `!include`, is ignored, since JSON cannot express it.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> std::result::Result<Value, A::Error> {
        let (IgnoredAny, value) = data.variant()?;
        value.newtype_variant_seed(self)
    }
}

/// An integer of more than 64 bits, as the JSON parser reads it.
fn as_json<E: serde::de::Error>(digits: &str) -> std::result::Result<Value, E> {
    let number: Number = serde_json::from_str(digits).map_err(E::custom)?;
    Ok(Value::Number(number))
}

/// Merges the value of a merge key: a mapping, or a list of mappings of which earlier ones take precedence. Existing
/// properties are kept.
fn merge(
    object: &mut Map<String, Value>,
    merged: &mut BTreeSet<String>,
    value: Value,
) -> std::result::Result<(), &'static str> {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (name, member) in members {
                if !object.contains_key(&name) {
                    merged.insert(name.clone());
                    object.insert(name, member);
                }
            }
        }
        Value::Array(items) if !items.iter().any(Value::is_array) => {
            for item in items {
                merge(object, merged, item)?;
            }
        }
        _ => return Err("a merge key (`<<`) needs a mapping or a list of mappings"),
    }
    Ok(())
}

/// A property name; YAML parses statuses and versions as numbers.
struct Key(String);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let strict = Strict {
            depth: 0,
            merges: false,
        };
        match strict.deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            Value::Number(number) => Ok(Self(number.to_string())),
            Value::Bool(flag) => Ok(Self(flag.to_string())),
            Value::Null => Ok(Self("null".to_owned())),
            _ => Err(D::Error::custom("the name of a property is not a string")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_duplicate_property_is_refused_with_its_line() {
        let error = parse_json("{\n \"a\": 1,\n \"a\": 2\n}").unwrap_err();
        assert!(error.message().contains("`a` is duplicated"), "{error}");
        assert!(
            matches!(error.place(), Place::LineColumn(3, _)),
            "{error:?}"
        );
        assert!(
            parse_yaml("a: 1\na: 2\n")
                .unwrap_err()
                .message()
                .contains("`a`")
        );
    }

    #[test]
    fn numbers_as_yaml_keys_become_strings() {
        assert_eq!(
            parse_yaml("200: {a: [1, null, true, 1.5]}").unwrap(),
            json!({"200": {"a": [1, null, true, 1.5]}})
        );
    }

    #[test]
    fn integers_beyond_64_bits_are_read_as_json_reads_them() {
        for number in [
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "-9223372036854775809",
            "-9223372036854776000",
            "123456789012345678901234567890",
            "340282366920938463463374607431768211456",
            "1.8446744073709552e+19",
        ] {
            let text = format!("{{\"enum\": [{number}], \"default\": {number}}}");
            assert_eq!(
                parse_yaml(&text).unwrap(),
                parse_json(&text).unwrap(),
                "{number}"
            );
        }
    }

    #[test]
    fn a_merge_key_adds_the_missing_properties() {
        let text = "
base: &base {a: 1, b: 1, nested: {x: 1}}
other: &other {<<: *base, b: 2, c: 2}
before: {b: 3, <<: *other}
after: {<<: *other, nested: {y: 1}}
list: {<<: [*base, *other, {d: 4}]}
twice: {<<: *base, <<: {e: 5}}
empty: {<<: , a: 1}
inline: {<<: {a: 1}, a: 2}
";
        let document = parse_yaml(text).unwrap();
        assert_eq!(
            document["before"],
            json!({"a": 1, "b": 3, "c": 2, "nested": {"x": 1}})
        );
        assert_eq!(
            document["after"],
            json!({"a": 1, "b": 2, "c": 2, "nested": {"y": 1}})
        );
        assert_eq!(
            document["list"],
            json!({"a": 1, "b": 1, "c": 2, "d": 4, "nested": {"x": 1}})
        );
        assert_eq!(
            document["twice"],
            json!({"a": 1, "b": 1, "e": 5, "nested": {"x": 1}})
        );
        assert_eq!(document["empty"], json!({"a": 1}));
        assert_eq!(document["inline"], json!({"a": 2}));
    }

    #[test]
    fn a_merge_key_without_a_mapping_is_refused_with_its_line() {
        for text in ["a:\n  <<: 5\n", "a:\n  <<: [1]\n", "a:\n  <<: [[{}]]\n"] {
            let error = parse_yaml(text).unwrap_err();
            assert!(error.message().contains("merge key"), "{error}");
            assert!(matches!(error.place(), Place::LineColumn(..)), "{error:?}");
        }
        let twice = "base: &base {a: 1}\nb: {<<: *base, a: 2, a: 3}\n";
        assert!(
            parse_yaml(twice)
                .unwrap_err()
                .message()
                .contains("`a` is duplicated")
        );
    }

    #[test]
    fn a_merge_key_is_an_ordinary_property_in_json() {
        assert_eq!(
            parse_json("{\"<<\": {\"a\": 1}}").unwrap(),
            json!({"<<": {"a": 1}})
        );
    }

    #[test]
    fn local_tags_are_ignored() {
        assert_eq!(
            parse_yaml("a: !text b\nc: !map {d: 1}\n").unwrap(),
            json!({"a": "b", "c": {"d": 1}})
        );
    }

    #[test]
    fn nesting_beyond_the_limit_is_refused() {
        let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
        assert!(
            parse_json(&deep)
                .unwrap_err()
                .message()
                .contains("nested deeper")
        );
        let error = parse_yaml(&deep).unwrap_err();
        assert!(error.message().contains("not valid YAML"), "{error}");
    }

    #[test]
    fn text_after_the_value_is_refused() {
        assert!(
            parse_json("{} {}")
                .unwrap_err()
                .message()
                .contains("trailing characters")
        );
    }

    #[test]
    fn a_yaml_alias_bomb_is_refused() {
        let mut bomb = vec!["a0: &a0 [x, x, x, x, x, x, x, x, x, x]".to_owned()];
        for level in 1..12 {
            let previous = level - 1;
            let items = vec![format!("*a{previous}"); 10].join(", ");
            bomb.push(format!("a{level}: &a{level} [{items}]"));
        }
        assert!(parse_yaml(&bomb.join("\n")).is_err());
    }
}
