use serde_json::json;

use super::{Cursor, Document, Number, last_token};

fn document(text: &str) -> Document {
    Document::parse(text, "document").unwrap()
}

/// The value of a property of the root.
fn at<'a>(document: &'a Document, name: &str) -> Cursor<'a> {
    document.root().get_any(name).unwrap()
}

#[test]
fn properties_are_found_by_name_in_objects_of_any_size() {
    for count in [0, 1, 24, 25, 26, 60] {
        let members: Vec<String> = (0..count)
            .map(|index| format!("\"m{index}\": {index}"))
            .collect();
        let document = document(&format!("{{{}}}", members.join(",")));
        for index in 0..count {
            let found = document.root().get_any(&format!("m{index}")).unwrap();
            assert_eq!(
                found.as_number(),
                Some(Number::Integer(index)),
                "m{index} of {count}"
            );
            assert_eq!(found.name(), format!("m{index}"));
        }
        assert!(document.root().get_any("m").is_none());
        assert_eq!(document.root().len(), usize::try_from(count).unwrap());
    }
}

/// Both names have the short hash 0x5e4daa9d.
#[test]
fn names_with_equal_short_hashes_are_distinguished() {
    let document = document(r#"{"costarring": 1, "liquid": 2}"#);
    assert_eq!(
        at(&document, "liquid").as_number(),
        Some(Number::Integer(2))
    );
    assert_eq!(
        at(&document, "costarring").as_number(),
        Some(Number::Integer(1))
    );
}

#[test]
fn get_treats_null_as_absent() {
    let document = document(r#"{"a": null, "b": 0}"#);
    assert!(document.root().get("a").is_none());
    assert!(at(&document, "a").is_null());
    assert!(document.root().get("b").is_some());
}

#[test]
fn a_value_has_one_kind() {
    let document = document(
        r#"{"null": null, "true": true, "false": false, "number": 1.5, "text": "t", "list": [1], "object": {"a": 1}}"#,
    );
    let kinds = |value: Cursor<'_>| {
        [
            value.is_null(),
            value.as_bool().is_some(),
            value.as_number().is_some(),
            value.as_str().is_some() && value.as_symbol().is_some(),
            value.is_array() && value.items().len() == 1,
            value.is_object() && value.members().count() == 1,
        ]
    };
    for (index, name) in ["null", "true", "number", "text", "list", "object"]
        .into_iter()
        .enumerate()
    {
        let kinds = kinds(at(&document, name));
        for (other, holds) in kinds.into_iter().enumerate() {
            assert_eq!(holds, index == other, "{name}: {other}");
        }
    }
    assert!(at(&document, "true").is_true() && !at(&document, "false").is_true());
    assert_eq!(at(&document, "text").as_str(), Some("t"));
    assert_eq!(
        (at(&document, "text").len(), at(&document, "list").len()),
        (0, 1)
    );
}

#[test]
fn equal_values_have_equal_digests_and_different_values_do_not() {
    let digest = |text: &str| {
        let document = document(&format!("{{\"a\": {text}}}"));
        at(&document, "a").digest()
    };
    for (one, other) in [
        ("1", "1.0"),
        ("9007199254740992", "9007199254740992.0"),
        ("-9007199254740992", "-9007199254740992.0"),
        (r#"{"b": 1, "c": [2]}"#, r#"{"c": [2], "b": 1}"#),
        (r#"{"b": 1, "b": 2}"#, r#"{"b": 2}"#),
    ] {
        assert_eq!(digest(one), digest(other), "{one} and {other}");
    }
    let different = [
        "null",
        "true",
        "false",
        "0",
        "1",
        "0.5",
        "-1",
        "1e300",
        "1e301",
        "18446744073709551615",
        "18446744073709551614",
        r#""""#,
        r#""1""#,
        r#""null""#,
        "[]",
        "[1]",
        "[1, 2]",
        "[2, 1]",
        "[[1]]",
        "{}",
        r#"{"a": 1}"#,
        r#"{"b": 1}"#,
        r#"{"a": 2}"#,
        r#"{"a": 1, "b": 1}"#,
    ];
    for (index, one) in different.iter().enumerate() {
        for other in &different[..index] {
            assert_ne!(digest(one), digest(other), "{one} and {other}");
        }
    }
}

#[test]
fn numbers_keep_their_value() {
    let number = |text: &str| {
        let document = document(&format!("{{\"a\": {text}}}"));
        let number = at(&document, "a").as_number().unwrap();
        (number, number.as_f64())
    };
    assert_eq!(number("-5"), (Number::Integer(-5), -5.0));
    assert_eq!(number("2.0"), (Number::Integer(2), 2.0));
    assert_eq!(number("2.5"), (Number::Float(2.5), 2.5));
    assert_eq!(number("1e16"), (Number::Float(1e16), 1e16));
    let greatest = Number::Unsigned(u64::MAX);
    assert_eq!(
        number("18446744073709551615"),
        (greatest, 18_446_744_073_709_551_615.0)
    );
}

#[test]
fn a_value_knows_its_location() {
    let document = document(r#"{"a/b": {"m~n": [1, {"c": 2}]}}"#);
    let list = at(&document, "a/b").get("m~n").unwrap();
    let second = list.items().nth(1).unwrap();
    let inner = second.get("c").unwrap();
    assert_eq!(inner.pointer(), "/a~1b/m~0n/1/c");
    assert_eq!(inner.tokens(), ["a/b", "m~n", "1", "c"]);
    assert_eq!(
        (document.root().pointer(), document.root().name()),
        (String::new(), "")
    );
    assert_eq!((list.name(), second.name()), ("m~n", ""));
    assert_eq!(second.parent().map(|parent| parent.id), Some(list.id));
    assert!(document.root().parent().is_none());
    assert_eq!(document.size(), 6);
}

#[test]
fn a_value_is_returned_unless_it_is_too_large() {
    let value = json!({"a": [1, -2.5, 18_446_744_073_709_551_615_u64, null, true, "t"], "b": {}});
    let document = Document::from_value(&value, "value").unwrap();
    let mut budget = 9;
    assert_eq!(document.root().to_json(&mut budget), Some(value));
    assert_eq!(budget, 0);
    assert_eq!(document.root().to_json(&mut 8), None);
}

#[test]
fn references_are_listed_up_to_the_root() {
    let document = document(r##"{"a": [{"b": {"$ref": "#/c"}}], "c": {"ref": ["$ref"]}}"##);
    assert!(document.root().refers() && at(&document, "a").refers());
    assert!(!at(&document, "c").refers());
    let reference = at(&document, "a").items().next().unwrap().get("b").unwrap();
    assert!(reference.refers() && !reference.get("$ref").unwrap().refers());
}

#[test]
fn yaml_property_names_are_strings() {
    let document = document("200: a\n-1: b\n18446744073709551615: c\n1.5: d\ntrue: e\nnull: f\n");
    for (name, value) in [
        ("200", "a"),
        ("-1", "b"),
        ("18446744073709551615", "c"),
        ("1.5", "d"),
        ("true", "e"),
        ("null", "f"),
    ] {
        assert_eq!(at(&document, name).as_str(), Some(value), "{name}");
    }
    let refusal = Document::parse("? [1]\n: 2\n", "document")
        .unwrap_err()
        .to_string();
    assert!(refusal.contains("expected a property name"), "{refusal}");
}

#[test]
fn merge_keys_add_missing_properties_and_the_first_object_wins() {
    let document = document(
        "a: &a {x: 1, y: 1, z: 1}\nb: &b {y: 2, w: 2}\nc: {<<: [*b, *a], z: 3}\nd: {<<: *a}\n",
    );
    let value = |name: &str| at(&document, name).to_json(&mut 100);
    assert_eq!(value("c"), Some(json!({"x": 1, "y": 2, "z": 3, "w": 2})));
    assert_eq!(value("d"), Some(json!({"x": 1, "y": 1, "z": 1})));
}

#[test]
fn references_resolve_to_pointers_anchors_and_ids() {
    let document = document(
        r##"{
            "a b": {"c/d": [{"x": 1}, {"$anchor": "Here"}]},
            "": {"x": 2},
            "~1": {"$id": "https://a.test/schema"},
            "e": {"$dynamicAnchor": "There", "$ref": "#/f"},
            "f": {"$ref": "#/g"},
            "g": {"x": 3},
            "loop": {"$ref": "#/loop"},
            "gone": {"$ref": "#/nowhere"}
        }"##,
    );
    let followed = |reference: &str| {
        let text = json!({"$ref": reference});
        let mut all = document.root().to_json(&mut 100).unwrap();
        all["start"] = text;
        let document = Document::from_value(&all, "document").unwrap();
        let next = document.follow(at(&document, "start"));
        next.map(Cursor::pointer)
    };
    for (reference, target) in [
        ("#", Some("")),
        ("#/", Some("/")),
        ("#/a b/c~1d/1", Some("/a b/c~1d/1")),
        ("#/a%20b/c%2fd/0", Some("/a b/c~1d/0")),
        ("#/~01", Some("/~01")),
        ("#Here", Some("/a b/c~1d/1")),
        ("#There", Some("/e")),
        ("https://a.test/schema", Some("/~01")),
        ("#/a b/c~1d/2", None),
        ("#/a b/c~1d/x", None),
        ("#/nowhere", None),
        ("#Nowhere", None),
        ("other.yaml#/g", None),
        ("", None),
    ] {
        assert_eq!(followed(reference).as_deref(), target, "{reference}");
    }
    let resolved = |name: &str| {
        let resolved = document.resolve(at(&document, name));
        (
            resolved.target.pointer(),
            resolved.dangling.map(str::to_owned),
        )
    };
    assert_eq!(resolved("e"), ("/g".to_owned(), None));
    assert_eq!(resolved("g"), ("/g".to_owned(), None));
    assert_eq!(
        resolved("loop"),
        ("/loop".to_owned(), Some("#/loop".to_owned()))
    );
    assert_eq!(
        resolved("gone"),
        ("/gone".to_owned(), Some("#/nowhere".to_owned()))
    );
}

#[test]
fn a_reference_ends_in_the_name_of_a_component() {
    assert_eq!(last_token("#/components/schemas/User"), "User");
    assert_eq!(
        last_token("#/components/schemas/a~1b~0c%20d%4"),
        "a/b~c d%4"
    );
    assert_eq!(last_token("#/x/%C3%A9%zz%4g"), "é%zz%4g");
    assert_eq!(last_token("User"), "User");
}

#[test]
fn a_document_may_start_with_a_byte_order_mark_or_whitespace() {
    for text in [
        "\u{feff}{\"a\": 1}",
        "\u{feff}a: 1",
        "\n  {\"a\": 1}\n",
        "{a: 1} # as YAML",
    ] {
        assert_eq!(
            at(&document(text), "a").as_number(),
            Some(Number::Integer(1)),
            "{text:?}"
        );
    }
}

#[test]
fn a_document_has_the_name_it_was_given() {
    assert_eq!(document("{}").name(), "document");
}
