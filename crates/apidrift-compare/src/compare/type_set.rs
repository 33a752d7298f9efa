//! The types that a schema allows.

use apidrift_document::Cursor;

/// Types as bits. No bit means any type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NULL: Types = Types(1);
    pub(super) const INTEGER: Types = Types(2);
    pub(super) const NUMBER: Types = Types(4);
    pub(super) const STRING: Types = Types(8);
    pub(super) const BOOLEAN: Types = Types(16);
    pub(super) const OBJECT: Types = Types(32);
    pub(super) const ARRAY: Types = Types(64);
    /// An unknown type.
    pub(super) const OTHER: Types = Types(128);

    fn named(name: Option<&str>) -> Self {
        match name {
            Some("null") => Self::NULL,
            Some("integer") => Self::INTEGER,
            Some("number") => Self::NUMBER,
            Some("string") => Self::STRING,
            Some("boolean") => Self::BOOLEAN,
            Some("object") => Self::OBJECT,
            Some("array") => Self::ARRAY,
            _ => Self::OTHER,
        }
    }

    pub(super) fn is_any(self) -> bool {
        self.0 == 0
    }

    pub(super) fn has(self, other: Types) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn with(self, other: Types) -> Self {
        Types(self.0 | other.0)
    }

    pub(super) fn without(self, other: Types) -> Self {
        Types(self.0 & !other.0)
    }

    pub(super) fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// A number may be an integer, so `integer` beside `number` is redundant.
    pub(super) fn covers(self, other: Types) -> bool {
        let widened = if self.has(Self::NUMBER) {
            self.with(Self::INTEGER)
        } else {
            self
        };
        self.is_any() || (!other.is_any() && other.without(widened).is_any())
    }

    pub(super) fn is_scalar(self) -> bool {
        !self.is_any() && !self.has(Self::OBJECT.with(Self::ARRAY).with(Self::OTHER))
    }
}

pub(super) fn types_of(kind: Cursor<'_>) -> Types {
    if kind.is_array() {
        kind.items().fold(Types::default(), |types, item| {
            types.with(Types::named(item.as_str()))
        })
    } else {
        Types::named(kind.as_str())
    }
}
