//! What a page says of the listing besides its items: hints, which must not make the page unreadable.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::operation::Paging;

/// Members that hold the number of items of the whole listing, best first.
pub(crate) const TOTALS: [&str; 5] = [
    "total",
    "total_count",
    "totalCount",
    "totalElements",
    "count",
];

/// A whole number in JSON. Services write it as a string or with a fraction of nothing too: `"7"`, `7.0`.
pub(crate) fn number(json: &[u8]) -> Option<u64> {
    if let Ok(number) = std::str::from_utf8(json).ok()?.parse() {
        return Some(number);
    }
    match serde_json::from_slice(json).ok()? {
        Value::String(text) => whole(text.trim()),
        Value::Number(number) => whole(&number.to_string()),
        _ => None,
    }
}

fn whole(text: &str) -> Option<u64> {
    let digits = match text.split_once('.') {
        Some((digits, fraction)) if fraction.bytes().all(|byte| byte == b'0') => digits,
        Some(_) => return None,
        None => text,
    };
    digits
        .parse()
        .ok()
        .filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Reads a page whose hints are of another type than the documented one: as the whole numbers that they stand for, and
/// those that stand for none as absent, or as 0 where they are required. `None` where that is not what is wrong.
pub(super) fn read<T: DeserializeOwned>(document: &[u8], paging: Paging) -> Option<T> {
    let Ok(Value::Object(page)) = serde_json::from_slice(document) else {
        return None;
    };
    let names = names(paging);
    let with = |absent: Option<Value>| {
        let mut page: Map<String, Value> = page.clone();
        for name in &names {
            let Some(hint) = page.get(*name).filter(|hint| !hint.is_u64()) else {
                continue;
            };
            match number(hint.to_string().as_bytes())
                .map(Value::from)
                .or(absent.clone())
            {
                Some(number) => page.insert((*name).to_owned(), number),
                None => page.remove(*name),
            };
        }
        serde_json::from_value(Value::Object(page)).ok()
    };
    with(None).or_else(|| with(Some(Value::from(0))))
}

fn names(paging: Paging) -> Vec<&'static str> {
    let mut names = TOTALS.to_vec();
    if let Paging::Numbered {
        parameter,
        size_parameter,
        items,
        ..
    } = paging
    {
        names.push(parameter);
        names.extend(size_parameter);
        names.retain(|name| *name != items.member);
    }
    names
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::operation::Items;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Page {
        count: i64,
        total: Option<i64>,
        size: i64,
        users: Vec<u8>,
    }

    const PAGING: Paging = Paging::Numbered {
        parameter: "page",
        first: 0,
        size_parameter: Some("size"),
        default_size: 20,
        items: Items {
            member: "users",
            required: true,
        },
    };

    fn page(document: &str) -> Option<(i64, Option<i64>, i64)> {
        let page: Page = read(document.as_bytes(), PAGING)?;
        assert_eq!(page.users, [1]);
        Some((page.count, page.total, page.size))
    }

    #[test]
    fn hints_of_another_type_do_not_make_a_page_unreadable() {
        for (document, wanted) in [
            (r#"{"count":"7","size":20.0,"users":[1]}"#, (7, None, 20)),
            (r#"{"count":null,"size":20,"users":[1]}"#, (0, None, 20)),
            (
                r#"{"count":7,"total":"many","size":"20","users":[1]}"#,
                (7, None, 20),
            ),
        ] {
            assert_eq!(page(document), Some(wanted), "{document}");
        }
    }

    #[test]
    fn what_is_wrong_elsewhere_stays_wrong() {
        for document in [
            r#"{"count":7,"size":20,"users":"1"}"#,
            "[1]",
            "",
            r#"{"count":"#,
        ] {
            assert_eq!(page(document), None, "{document}");
        }
    }

    #[test]
    fn a_number_is_read_however_it_is_written() {
        for (json, wanted) in [
            ("7", Some(7)),
            ("7.0", Some(7)),
            ("\"7\"", Some(7)),
            ("\" 7.00 \"", Some(7)),
            ("18446744073709551615", Some(u64::MAX)),
            ("7.5", None),
            ("-7", None),
            ("\"+7\"", None),
            ("\"\"", None),
            ("null", None),
            ("[7]", None),
            ("1e400", None),
        ] {
            assert_eq!(number(json.as_bytes()), wanted, "{json}");
        }
    }
}
