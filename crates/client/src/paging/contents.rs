//! Extracts the paging data from the bytes of a page, independent of its type.

mod link;
mod members;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasher;

use bytes::Bytes;
use foldhash::quality::RandomState;
use http::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use specmill_http::operation::Paging;

use self::members::{Members, Name};

/// The properties with the number of items of the whole list, in order of preference.
const TOTALS: [&str; 5] = [
    "total",
    "total_count",
    "totalCount",
    "totalElements",
    "count",
];

/// The document of a page, and the locations of the properties of its outermost object.
pub(crate) struct Contents {
    document: Bytes,
    /// Empty if the document is not an object.
    members: Members,
    /// The cursor of the next page, or the URL of it, in a header.
    of_header: Option<String>,
}

impl Contents {
    /// Decodes the page and its contents at once. `None` if they have to be decoded separately.
    pub(crate) fn with_page<P: DeserializeOwned>(document: &Bytes) -> Option<(P, Self)> {
        let (page, members) = members::read(document)?;
        let document = document.clone();
        Some((
            page,
            Self {
                document,
                members,
                of_header: None,
            },
        ))
    }

    /// Decodes only the contents.
    pub(crate) fn of(document: &Bytes) -> Self {
        let members: BTreeMap<String, &RawValue> =
            serde_json::from_slice(document).unwrap_or_default();
        let place = |value: &RawValue| members::place(document, value.get());
        Self {
            members: members
                .into_iter()
                .filter_map(|(name, value)| Some((Name::Unescaped(name), place(value)?)))
                .collect(),
            document: document.clone(),
            of_header: None,
        }
    }

    /// A hash that is equal for pages with the same content.
    ///
    /// If the page is an object, only its lists and objects count: a service that ignores the requested page number
    /// may still write the number beside the same items.
    pub(super) fn fingerprint(&self, hasher: &RandomState) -> u64 {
        let parts = self
            .members
            .iter()
            .map(|(name, place)| (name.of(&self.document), &self.document[place.clone()]))
            .filter(|(_, value)| value.starts_with(b"[") || value.starts_with(b"{"))
            .map(|part| hasher.hash_one(part));
        // A sum, since the order of members means nothing.
        parts
            .reduce(u64::wrapping_add)
            .unwrap_or_else(|| hasher.hash_one(&self.document[..]))
    }

    /// The number in a property: `7`, `7.0` or `"7"`. `None` for any other value.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        count(self.value(name)?)
    }

    /// Whether the items of a list are different objects with ids. Pages with such items are never equal by
    /// coincidence.
    pub(super) fn has_ids(&self, list: &str) -> bool {
        let items = self
            .value(list)
            .and_then(|list| serde_json::from_slice(list).ok());
        let Some::<Vec<&RawValue>>(items) = items else {
            return false;
        };
        let mut seen = HashSet::new();
        items.into_iter().all(|item| {
            let fields: Option<BTreeMap<Cow<'_, str>, &RawValue>> =
                serde_json::from_str(item.get()).ok();
            let mut names = fields.iter().flat_map(BTreeMap::keys);
            names.any(|name| is_id(name)) && seen.insert(item.get())
        })
    }

    /// The probable number of items of the whole list.
    pub(crate) fn total(&self) -> Option<u64> {
        let totals = self.members.iter().filter_map(|(name, place)| {
            let name = name.of(&self.document);
            let rank = TOTALS.iter().position(|known| known.as_bytes() == name)?;
            Some((rank, count(&self.document[place.clone()])?))
        });
        totals.min_by_key(|(rank, _)| *rank).map(|(_, total)| total)
    }

    /// Adds the next page according to the headers.
    pub(crate) fn with_headers(mut self, headers: &HeaderMap, paging: Option<Paging>) -> Self {
        self.of_header = match paging {
            Some(Paging::HeaderCursor { header, .. }) => {
                // A cursor that is not UTF-8 is refused by the service; without it, the list would seem complete.
                let value = headers
                    .get(header)
                    .map(|value| String::from_utf8_lossy(value.as_bytes()));
                value.map(|value| value.trim().to_owned())
            }
            _ => link::next(headers),
        };
        self
    }

    /// The cursor of the next page, or the URL of it in the `Link` header.
    pub(super) fn of_header(&self) -> Option<&str> {
        self.of_header.as_deref()
    }

    /// A non-empty string or a number, as a string.
    pub(crate) fn text(&self, field: &str) -> Option<String> {
        scalar(self.value(field)?)
    }

    /// A link: a string, or an object with the property `href`.
    pub(super) fn target(&self, field: &str) -> Option<String> {
        let value = self.value(field)?;
        scalar(value).or_else(|| {
            let members: BTreeMap<String, &RawValue> = serde_json::from_slice(value).ok()?;
            scalar(members.get("href")?.get().as_bytes())
        })
    }

    /// Whether a field states that there is a next page: `None` if it is absent, `false` if it is `null`, `false`, 0
    /// or empty.
    pub(super) fn more(&self, field: &str) -> Option<bool> {
        let value = self.value(field)?;
        Some(!matches!(
            value,
            b"null" | b"false" | b"0" | b"\"\"" | b"[]" | b"{}"
        ))
    }

    /// A field of the last item of a list, as a string.
    pub(super) fn of_last_item(&self, list: &str, field: &str) -> Option<String> {
        let items: Vec<&RawValue> = serde_json::from_slice(self.value(list)?).ok()?;
        let fields: BTreeMap<String, &RawValue> = serde_json::from_str(items.last()?.get()).ok()?;
        scalar(fields.get(field)?.get().as_bytes())
    }

    /// The JSON of a field: by its name, by a JSON pointer, or the whole document if `field` is empty.
    pub(crate) fn value(&self, field: &str) -> Option<&[u8]> {
        if field.is_empty() {
            return Some(&self.document);
        }
        if !field.starts_with('/') {
            return self.member(field);
        }
        let mut steps = steps(field).into_iter();
        let mut value = self.member(&steps.next()?)?;
        for step in steps {
            let mut members: BTreeMap<String, &RawValue> = serde_json::from_slice(value).ok()?;
            value = members.remove(&step)?.get().as_bytes();
        }
        Some(value)
    }

    fn member(&self, name: &str) -> Option<&[u8]> {
        let mut members = self.members.iter();
        let (_, place) = members.find(|(known, _)| known.is(name.as_bytes(), &self.document))?;
        Some(&self.document[place.clone()])
    }
}

/// The names on the path to a field: its own name, or the steps of a pointer.
pub(super) fn steps(field: &str) -> Vec<String> {
    match field.strip_prefix('/') {
        None => vec![field.to_owned()],
        Some(path) => path
            .split('/')
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .collect(),
    }
}

/// A count: `7`, `7.0` or `"7"`.
fn count(json: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(json).ok()?;
    text.parse().ok().or_else(|| {
        let text = text.trim_matches('"').trim();
        text.parse().ok().or_else(|| whole(text.parse().ok()?))
    })
}

/// A non-empty string or a number as a string; `None` for any other value.
fn scalar(json: &[u8]) -> Option<String> {
    match serde_json::from_slice(json).ok()? {
        serde_json::Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether the name of a field is that of an id: `id`, `user_id`, `userId`, `uuid`.
fn is_id(name: &str) -> bool {
    let whole = ["id", "uuid", "guid"];
    let ends = ["_id", "-id", "Id", "ID"];
    whole.iter().any(|one| name.eq_ignore_ascii_case(one))
        || ends.iter().any(|end| name.ends_with(end))
}

/// Converts a number without a fraction to an integer.
fn whole(number: f64) -> Option<u64> {
    /// The limit from which not every integer has a floating-point number of its own.
    const MOST: f64 = 9_007_199_254_740_992.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number within the bounds of the type"
    )]
    ((0.0..=MOST).contains(&number) && number.fract() == 0.0).then_some(number as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(document: &'static [u8]) -> Contents {
        Contents::of(&Bytes::from_static(document))
    }

    #[test]
    fn a_cursor_in_a_header_that_is_not_ascii_is_not_the_end() {
        let paging = Paging::HeaderCursor {
            parameter: "cursor",
            header: "x-next-cursor",
            items: specmill_http::operation::Items {
                field: "",
                required: true,
            },
        };
        for (sent, expected) in [(&b" \xc3\xa4 "[..], "\u{e4}"), (b"\xff", "\u{fffd}")] {
            let value = http::HeaderValue::from_bytes(sent).unwrap();
            let headers = HeaderMap::from_iter([("x-next-cursor".parse().unwrap(), value)]);
            let contents = of(b"[]").with_headers(&headers, Some(paging));
            assert_eq!(contents.of_header(), Some(expected));
        }
    }

    #[test]
    fn only_the_content_of_a_page_counts() {
        let hasher = RandomState::default();
        let print = |document: &'static str| of(document.as_bytes()).fingerprint(&hasher);
        assert_eq!(
            print(r#"{"page":0,"users":[1,2]}"#),
            print(r#"{"page":1,"users":[1,2]}"#)
        );
        assert_ne!(
            print(r#"{"page":0,"users":[1,2]}"#),
            print(r#"{"page":0,"users":[2,1]}"#)
        );
        assert_eq!(print("[1]"), print("[1]"));
        assert_ne!(print("[1]"), print("[2]"));
        assert_ne!(print(r#"{"page":0}"#), print(r#"{"page":1}"#));
    }

    #[test]
    fn numbers_beside_the_items_are_read() {
        let contents = of(
            br#"{"count":7,"size": 20.0,"page":"1","users":[],"total":null,"half":0.5,"least":-1,"huge":1e300}"#,
        );
        let numbers = ["size", "page", "users", "none", "half", "least", "huge"]
            .map(|name| contents.number(name));
        assert_eq!(numbers, [Some(20), Some(1), None, None, None, None, None]);
        assert_eq!(contents.total(), Some(7));
        assert_eq!(of(b"[1]").total(), None);
    }

    #[test]
    fn only_objects_with_ids_are_distinguished_reliably() {
        let has_ids = |users: &'static str| {
            let document = Bytes::from(format!(r#"{{"users":{users}}}"#));
            Contents::of(&document).has_ids("users")
        };
        for users in [
            r#"[{"id":1}]"#,
            r#"[{"user_id":1},{"user_id":2}]"#,
            r#"[{"UUID":"a"},{"accountId":"b"}]"#,
        ] {
            assert!(has_ids(users), "{users}");
        }
        for users in [
            "[1]",
            r#"["a","b"]"#,
            r#"[{"level":"info","paid":true}]"#,
            r#"[{"id":1},{"id":1}]"#,
            r#"[{"id":1},2]"#,
            "null",
        ] {
            assert!(!has_ids(users), "{users}");
        }
    }

    #[test]
    fn fields_are_found_by_name_and_by_pointer() {
        let contents = of(br#"{"a.b":1,"meta":{"next/x":"c","end":null,"more":false,"s":""},"d":[{"id":1},{"id":7}]}"#);
        assert_eq!(contents.text("a.b").as_deref(), Some("1"));
        assert_eq!(contents.text("/meta/next~1x").as_deref(), Some("c"));
        for none in ["/meta/end", "/meta/none", "/meta/s", "/d/0", "meta"] {
            assert_eq!(contents.text(none), None, "{none}");
        }
        let links = of(br#"{"a":"?p=2","b":{"href":"?p=3"},"c":{"meta":{}}}"#);
        let targets = ["a", "b", "c"].map(|field| links.target(field));
        assert_eq!(
            targets,
            [Some("?p=2".to_owned()), Some("?p=3".to_owned()), None]
        );
        let more = [
            "/meta/next~1x",
            "/meta/end",
            "/meta/more",
            "/meta/s",
            "/meta/none",
        ];
        assert_eq!(
            more.map(|field| contents.more(field)),
            [Some(true), Some(false), Some(false), Some(false), None]
        );
        assert_eq!(contents.of_last_item("d", "id").as_deref(), Some("7"));
        assert_eq!(
            of(b"[{\"id\":\"x\"}]").of_last_item("", "id").as_deref(),
            Some("x")
        );
    }

    /// The properties that were found in a document.
    fn found(contents: &Contents) -> BTreeMap<String, &str> {
        let text = std::str::from_utf8(&contents.document).unwrap();
        let members = contents.members.iter();
        members
            .map(|(name, place)| {
                let name = name.of(&contents.document).to_vec();
                (String::from_utf8(name).unwrap(), &text[place.clone()])
            })
            .collect()
    }

    #[test]
    fn members_are_found_on_the_way_as_on_a_reading_of_their_own() {
        for document in [
            r#"{"page":1,"users":[{"a":"]}"}],"more":{"page":"},{"}}"#,
            " { \"a\" : [ 1 , 2 ] \n,\t\"b\":\"x\\\"y\", \"c\":null } ",
            "{}",
            "[{\"a\":1}]",
            "7",
            r#""{""#,
        ] {
            let document = Bytes::from_static(document.as_bytes());
            let (page, contents) = Contents::with_page::<serde_json::Value>(&document).unwrap();
            assert_eq!(
                page,
                serde_json::from_slice::<serde_json::Value>(&document).unwrap()
            );
            let separately = Contents::of(&document);
            assert_eq!(found(&contents), found(&separately));
        }
    }

    #[test]
    fn what_cannot_be_read_on_the_way_is_left_to_a_reading_of_its_own() {
        // A name that needs an escape never appears literally.
        let escaped = Bytes::from_static(br#"{"\u0061":[1],"b":2}"#);
        assert!(Contents::with_page::<serde_json::Value>(&escaped).is_none());
        let separately = Contents::of(&escaped);
        assert_eq!(
            found(&separately),
            BTreeMap::from([("a".to_owned(), "[1]"), ("b".to_owned(), "2")])
        );
        for broken in ["{\"a\":1", "{\"a\":1} x", "", "{\"a\":1,}"] {
            let broken = Bytes::from_static(broken.as_bytes());
            assert!(Contents::with_page::<serde_json::Value>(&broken).is_none());
        }
    }

    #[test]
    fn a_structure_around_a_list_is_not_taken_for_its_item() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct List(serde_json::Value);
        let document = Bytes::from_static(b"[[1]]");
        let (page, _) = Contents::with_page::<List>(&document).unwrap();
        assert_eq!(page, serde_json::from_slice::<List>(&document).unwrap());
    }

    proptest! {
        #[test]
        fn members_of_any_document_are_found_on_the_way(
            members in prop::collection::btree_map(".{0,3}", any_value(), 0..5), pretty: bool
        ) {
            let text = if pretty { serde_json::to_vec_pretty(&members) } else { serde_json::to_vec(&members) };
            let document = Bytes::from(text.unwrap());
            if let Some((page, contents)) = Contents::with_page::<BTreeMap<String, serde_json::Value>>(&document) {
                prop_assert_eq!(page, members);
                let separately = Contents::of(&document);
                prop_assert_eq!(found(&contents), found(&separately));
            }
        }
    }

    fn any_value() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i32>().prop_map(Into::into),
            "[\\[\\]{},:\" a]{0,5}".prop_map(Into::into),
        ];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Into::into),
                prop::collection::btree_map("[a\"{:]{0,2}", inner, 0..3)
                    .prop_map(|members| members.into_iter().collect()),
            ]
        })
    }
}
