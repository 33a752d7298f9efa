//! Deserializes a [`Tree`] from any serde format in one pass, without an intermediate value.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::file_reference::whole;
use super::strings::Symbol;
use super::tree::{Builder, NodeId, Number};

/// The maximum depth of values; the root has depth 1. The JSON and YAML parsers have the same limit.
const MAX_DEPTH: usize = 128;

pub(crate) struct Seed<'b> {
    pub(crate) builder: &'b mut Builder,
    pub(crate) depth: usize,
    /// The path of the parsed file, if references to files are followed.
    pub(crate) file: Option<&'b str>,
}

impl Seed<'_> {
    fn deeper(&mut self) -> Seed<'_> {
        Seed {
            builder: self.builder,
            depth: self.depth + 1,
            file: self.file,
        }
    }

    fn check<E: Error>(&self) -> Result<(), E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        if self.builder.full() {
            return Err(E::custom("too many values"));
        }
        Ok(())
    }

    /// A reference with the path of its file, relative to the folder of the document.
    fn whole(&mut self, file: &str, value: NodeId) -> NodeId {
        let text = self.builder.text(value);
        match text.and_then(|text| whole(file, text)) {
            Some(whole) => self.builder.string(&whole),
            None => value,
        }
    }

    /// YAML's merge key (`<<: *defaults`) adds the properties that the object does not contain.
    fn merge(&self, members: &mut Vec<(Symbol, NodeId)>, merged: NodeId) {
        let sources = match self.builder.members(merged) {
            Some(_) => vec![merged],
            None => self.builder.items(merged),
        };
        for source in sources {
            for (name, value) in self.builder.members(source).unwrap_or_default() {
                if !members.iter().any(|member| member.0 == name) {
                    members.push((name, value));
                }
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = NodeId;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<NodeId, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = NodeId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<NodeId, E> {
        self.check()?;
        Ok(self.builder.bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<NodeId, E> {
        self.check()?;
        Ok(self.builder.number(Number::Integer(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<NodeId, E> {
        self.check()?;
        let number = i64::try_from(value).map_or(Number::Unsigned(value), Number::Integer);
        Ok(self.builder.number(number))
    }

    /// A number of more than 64 bits is read as a double, as JSON parsers do.
    #[expect(
        clippy::cast_precision_loss,
        reason = "compared as doubles, as JSON readers do"
    )]
    fn visit_i128<E: Error>(self, value: i128) -> Result<NodeId, E> {
        self.visit_f64(value as f64)
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "compared as doubles, as JSON readers do"
    )]
    fn visit_u128<E: Error>(self, value: u128) -> Result<NodeId, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<NodeId, E> {
        self.check()?;
        Ok(self.builder.number(Number::from_f64(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<NodeId, E> {
        self.check()?;
        Ok(self.builder.string(value))
    }

    fn visit_unit<E: Error>(self) -> Result<NodeId, E> {
        self.check()?;
        Ok(self.builder.null())
    }

    fn visit_none<E: Error>(self) -> Result<NodeId, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<NodeId, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<NodeId, D::Error> {
        deserializer.deserialize_any(self)
    }

    /// A YAML tag (`!name value`) is ignored; only the value is kept.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<NodeId, A::Error> {
        let (_tag, content) = data.variant::<serde::de::IgnoredAny>()?;
        content.newtype_variant_seed(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<NodeId, A::Error> {
        self.check()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self.deeper())? {
            items.push(item);
        }
        Ok(self.builder.array(&items))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<NodeId, A::Error> {
        self.check()?;
        let merge_key = self.builder.symbol("<<");
        let reference = self.builder.symbol("$ref");
        let mut members = Vec::new();
        let mut merged = Vec::new();
        while let Some(name) = map.next_key_seed(Name(self.builder))? {
            let value = map.next_value_seed(self.deeper())?;
            if name == merge_key {
                merged.push(value);
            } else if name == reference
                && let Some(file) = self.file
            {
                members.push((name, self.whole(file, value)));
            } else {
                members.push((name, value));
            }
        }
        for value in merged {
            self.merge(&mut members, value);
        }
        Ok(self.builder.object(&mut members))
    }
}

/// A property name. YAML parses response codes as numbers and `on` as a boolean.
struct Name<'b>(&'b mut Builder);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Symbol;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Symbol, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Symbol;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property name")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Symbol, E> {
        Ok(self.0.symbol(value))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Symbol, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Symbol, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Symbol, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Symbol, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_unit<E: Error>(self) -> Result<Symbol, E> {
        self.visit_str("null")
    }
}
