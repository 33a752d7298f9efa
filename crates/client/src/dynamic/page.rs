use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use specmill_http::decode;
use specmill_http::error::Error;
use specmill_http::operation::{Operation, Paging};
use specmill_http::request::accept::JSON;

use crate::call::{Call, undecoded};
use crate::paging::{self, Contents};

impl Call {
    /// Sends the call and returns a page of a list.
    pub(super) async fn send_page<P: paging::Page>(self) -> Result<P, Error> {
        let operation = self.operation();
        let response = self.execute(JSON).await?;
        match decode::json_or_empty::<P>(&response.body).and_then(|page| page.of(operation)) {
            Ok(page) => Ok(page),
            Err(problem) => Err(undecoded(operation, response, problem)),
        }
    }
}

/// A page whose items are unchanged JSON.
#[derive(Debug, Deserialize)]
#[serde(from = "Box<RawValue>")]
pub struct Page {
    document: Box<RawValue>,
    items: Vec<Box<RawValue>>,
    next: Option<String>,
    total: Option<u64>,
}

impl From<Box<RawValue>> for Page {
    fn from(document: Box<RawValue>) -> Self {
        Self {
            document,
            items: Vec::new(),
            next: None,
            total: None,
        }
    }
}

impl Page {
    /// The items.
    pub fn items(&self) -> &[Box<RawValue>] {
        &self.items
    }

    /// The cursor of the next page; `None` at the end, and if pages are numbered.
    pub fn next_cursor(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// The total number of items on all pages, if the service states it. It is only a hint.
    pub fn total(&self) -> Option<u64> {
        self.total
    }
}

impl paging::Page for Page {
    type Item = Box<RawValue>;

    fn of(mut self, operation: &'static Operation) -> Result<Self, String> {
        let Some(paging) = operation.paging else {
            return Err("the operation has no pages".to_owned());
        };
        let document = self.document.get().as_bytes();
        let items = paging.items();
        if !items.field.is_empty() {
            // Only an object has fields.
            decode::json::<BTreeMap<String, IgnoredAny>>(document)?;
        }
        let contents = Contents::of(&Bytes::copy_from_slice(document));
        let at = |field: &str, problem: String| format!("at {field}: {problem}");
        if let Some(list) = contents.value(items.field) {
            let list: Option<Vec<Box<RawValue>>> =
                decode::json(list).map_err(|problem| at(items.field, problem))?;
            self.items = list.unwrap_or_default();
        } else if items.required {
            return Err(format!("missing field `{}`", items.field));
        }
        if let Paging::Cursor { next, .. } | Paging::BodyCursor { next, .. } = paging {
            if let Some(value) = contents
                .value(next)
                .filter(|value| matches!(value.first(), Some(b'[' | b'{' | b't')))
            {
                decode::json::<String>(value).map_err(|problem| at(next, problem))?;
            }
            self.next = contents.text(next);
        }
        self.total = contents.total();
        Ok(self)
    }

    fn items(&self) -> &[Self::Item] {
        &self.items
    }

    fn into_items(self) -> Vec<Self::Item> {
        self.items
    }
}
