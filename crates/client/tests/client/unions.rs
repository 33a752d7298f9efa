//! The selection of a union's variant for a value, without any loss of data.

use serde_json::{Value, json};

specmill_client::object! {
    /// A name.
    #[derive(Default)]
    pub struct Named {
        #[serde(skip_serializing_if = "Option::is_none")]
        pub name: optional String,
    }
    builder NamedBuilder;
}

specmill_client::object! {
    /// A name and an age.
    #[derive(Default)]
    pub struct Aged {
        #[serde(skip_serializing_if = "Option::is_none")]
        pub name: optional String,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub age: optional i64,
    }
    builder AgedBuilder;
}

specmill_client::object! {
    /// A name and a colour.
    #[derive(Default)]
    pub struct Coloured {
        #[serde(skip_serializing_if = "Option::is_none")]
        pub name: optional String,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub colour: optional String,
    }
    builder ColouredBuilder;
}

specmill_client::open_enum! {
    /// A size.
    pub enum Size { Small = "S", Large = "L" }
}

specmill_client::union! {
    /// A union of objects, an enumeration and a number.
    pub enum Thing {
        Named(Named): object,
        Aged(Aged): object,
        Coloured(Coloured): object,
        Size(Size): enumeration,
        Integer(i64): integer,
    }
}

specmill_client::union! {
    /// An expression.
    pub enum Expression {
        Sum(Box<Sum>): object,
        Difference(Box<Difference>): object,
        Named(Named): object,
    }
}

specmill_client::object! {
    /// A sum.
    #[derive(Default)]
    pub struct Sum {
        #[serde(skip_serializing_if = "Option::is_none")]
        pub left: optional Expression,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub plus: optional Expression,
    }
    builder SumBuilder;
}

specmill_client::object! {
    /// A difference.
    #[derive(Default)]
    pub struct Difference {
        #[serde(skip_serializing_if = "Option::is_none")]
        pub left: optional Expression,
        #[serde(skip_serializing_if = "Option::is_none")]
        pub minus: optional Expression,
    }
    builder DifferenceBuilder;
}

fn read(value: &Value) -> Thing {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn the_variant_that_preserves_most_of_a_value_is_selected() {
    assert!(matches!(read(&json!({"name": "a"})), Thing::Named(_)));
    assert!(matches!(
        read(&json!({"name": "a", "age": 1})),
        Thing::Aged(_)
    ));
    assert!(matches!(
        read(&json!({"name": "a", "colour": "red"})),
        Thing::Coloured(_)
    ));
}

#[test]
fn a_property_that_no_variant_has_is_ignored_as_in_any_object() {
    let thing = read(&json!({"name": "a", "age": 1, "new": true}));
    assert!(matches!(thing, Thing::Aged(_)), "{thing:?}");
}

#[test]
fn a_value_that_no_variant_preserves_is_kept_unchanged() {
    for value in [
        json!({"age": 1, "colour": "red"}),
        json!([1]),
        json!(null),
        json!(1.5),
    ] {
        let thing = read(&value);
        assert_eq!(serde_json::to_value(&thing).unwrap(), value);
    }
    assert!(matches!(
        read(&json!({"age": 1, "colour": "red"})),
        Thing::Unknown(_)
    ));
}

#[test]
fn strings_and_integers_convert_to_the_variant_that_holds_them() {
    assert_eq!(Thing::from("L"), Thing::Size(Size::Large));
    assert_eq!(Thing::from("L".to_owned()), Thing::Size(Size::Large));
    assert_eq!(
        (Thing::from(7), Thing::from(7_i64)),
        (Thing::Integer(7), Thing::Integer(7))
    );
}

#[test]
fn nested_unions_are_decoded_in_bounded_work_and_lose_nothing() {
    let mut value = json!({"name": "x"});
    for level in 0..100 {
        let other = if level % 2 == 0 { "plus" } else { "minus" };
        value = json!({"left": value, other: {"name": "y"}});
    }
    let expression: Expression = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&expression).unwrap(), value);
}

#[test]
fn absent_null_and_a_value_are_three_states() {
    specmill_client::object! {
        /// A change.
        #[derive(Default)]
        pub struct Change {
            #[serde(
                default,
                skip_serializing_if = "Option::is_none",
                deserialize_with = "specmill_client::deserialize::null_as_value"
            )]
            pub name: nullable String, null name_null,
            #[serde(
                default,
                skip_serializing_if = "Option::is_none",
                deserialize_with = "specmill_client::deserialize::null_as_value"
            )]
            pub tags: nullable_list String, null tags_null,
        }
        builder ChangeBuilder;
    }
    for (change, written) in [
        (Change::builder(), json!({})),
        (
            Change::builder().name("a").tags(["b"]),
            json!({"name": "a", "tags": ["b"]}),
        ),
        (
            Change::builder().name_null().tags_null(),
            json!({"name": null, "tags": null}),
        ),
    ] {
        let change = change.build().unwrap();
        assert_eq!(serde_json::to_value(&change).unwrap(), written);
        assert_eq!(serde_json::from_value::<Change>(written).unwrap(), change);
    }
}
