//! Parses a document, and records the locations of the properties of its outermost object.
//!
//! A second parse for the locations alone would take another quarter of the time.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

/// The names of the properties, each with the location of its value.
pub(super) type Members = Vec<(Name, Range<usize>)>;

/// The name of a property.
#[derive(Debug, Clone)]
pub(super) enum Name {
    /// The location of the name in the document.
    At(Range<usize>),
    /// The name without its escapes.
    Unescaped(String),
}

impl Name {
    pub(super) fn of<'a>(&'a self, document: &'a [u8]) -> &'a [u8] {
        match self {
            Self::At(place) => document.get(place.clone()).unwrap_or_default(),
            Self::Unescaped(name) => name.as_bytes(),
        }
    }

    /// Whether this is the name `name`.
    pub(super) fn is(&self, name: &[u8], document: &[u8]) -> bool {
        // Nearly all other names differ in length, and are not compared.
        match self {
            Self::At(place) if place.len() != name.len() => false,
            known => known.of(document) == name,
        }
    }
}

/// Decodes the document as a value, and locates its properties, of which there are none if it is not an object.
///
/// `None` if that fails. The document may then still be decoded without its properties.
pub(super) fn read<T: DeserializeOwned>(document: &[u8]) -> Option<(T, Members)> {
    let mut names = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_slice(document);
    let outermost = Noting {
        inner: &mut deserializer,
        names: &mut names,
    };
    let value = T::deserialize(outermost).ok()?;
    deserializer.end().ok()?;
    let members = members(document, &names)?;
    Some((value, members))
}

/// Locates the values of properties: each is between its name and the next one, or the end.
fn members(document: &[u8], names: &[&str]) -> Option<Members> {
    let mut members = Vec::with_capacity(names.len());
    let mut names = names.iter().map(|name| place(document, name));
    let mut next = names.next();
    while let Some(name) = next {
        let name = name?;
        next = names.next();
        // Both are quoted strings.
        let from = name.end + 1;
        let (to, end) = match &next {
            Some(next) => (next.as_ref()?.start.checked_sub(1)?, b","),
            None => (document.len(), b"}"),
        };
        let value = document.get(from..to)?.trim_ascii_start();
        let value = value.strip_prefix(b":")?.trim_ascii_start();
        let start = to - value.len();
        let value = value.trim_ascii_end().strip_suffix(end)?.trim_ascii_end();
        members.push((Name::At(name), start..start + value.len()));
    }
    Some(members)
}

/// The location of a part of the document.
pub(super) fn place(document: &[u8], part: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(document.as_ptr() as usize)?;
    let end = start.checked_add(part.len())?;
    (end <= document.len()).then_some(start..end)
}

/// A wrapper that records the names of the outermost object, as a deserializer, a visitor or a map.
struct Noting<'a, 'de, T> {
    inner: T,
    names: &'a mut Vec<&'de str>,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Noting<'_, 'de, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_any(Noting {
            inner: visitor,
            names: self.names,
        })
    }

    // Other values would be accepted as the fields of the structure.
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Noting<'_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(formatter)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Noting {
            inner: map,
            names: self.names,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(items)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        self.inner.visit_bool(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        self.inner.visit_i64(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        self.inner.visit_u64(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        self.inner.visit_f64(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<V::Value, E> {
        self.inner.visit_str(value)
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<V::Value, E> {
        self.inner.visit_borrowed_str(value)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }
}

/// A name that is borrowed from the document, or without its escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Noting<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.inner.next_key()? {
            None => Ok(None),
            Some(Key(Cow::Borrowed(name))) => {
                self.names.push(name);
                seed.deserialize(BorrowedStrDeserializer::new(name))
                    .map(Some)
            }
            Some(Key(Cow::Owned(_))) => Err(A::Error::custom("where the name is, is not known")),
        }
    }

    fn next_value_seed<W: DeserializeSeed<'de>>(&mut self, seed: W) -> Result<W::Value, A::Error> {
        self.inner.next_value_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}
