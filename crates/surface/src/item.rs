//! An item of a surface.

use std::fmt;
use std::sync::Arc;

/// An item that a program can use.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Item {
    /// Its path in the crate: `types::User::email`.
    pub path: String,
    /// The kind.
    pub kind: Kind,
    /// The features that the item requires.
    pub features: Features,
    /// Whether the item is deprecated.
    pub deprecated: bool,
    /// Whether a program that does not set it fails at run time.
    pub required: bool,
    /// The location in requests or responses: a name, a header, a method and path.
    pub wire: Option<String>,
    /// The path of the item that contains it: `Client::user_get`, `types::User`.
    pub owner: String,
    /// The location in the normalised document that it is generated from, as a JSON pointer.
    pub place: Option<String>,
}

/// The kind of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A feature of the package.
    Feature,
    /// An environment variable that `from_env` reads.
    Variable,
    /// A header that every request has.
    Header,
    /// A struct, with its traits.
    Struct(Vec<String>),
    /// An enum, with its traits.
    Enum(Vec<String>),
    /// An alias of a type.
    Alias(String),
    /// A field, with its type.
    Field(String),
    /// A variant, with its content.
    Variant(Option<String>),
    /// A function or a method.
    Function {
        /// The receiver: `self`, `&self`; `None` if there is none.
        receiver: Option<String>,
        /// Whether the function is async.
        asynchronous: bool,
        /// The arguments, without `self`.
        arguments: Vec<Argument>,
        /// The return type.
        returns: String,
    },
    /// A constant or a static, with its type.
    Constant(String),
    /// A re-export from another crate.
    Reexport(String),
    /// A trait that a type implements, with its associated types.
    Implements(String),
    /// An unknown declaration, unchanged.
    Declaration(String),
}

/// An argument of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Argument {
    /// The name.
    pub name: String,
    /// The accepted values.
    pub takes: Takes,
}

/// The values that an argument accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Takes {
    /// A value of this type.
    Value(String),
    /// Values that convert into this type.
    Into(String),
    /// Values that may convert into this type.
    TryInto(String),
    /// An iterator of values that convert into this type.
    Items(String),
}

/// The features that an item requires: at least one of each list. The items of a type share the lists, which may be long.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Features(pub Arc<Vec<Vec<String>>>);

impl Features {
    /// Adds further features.
    pub(super) fn and(&self, others: &Self) -> Self {
        let mut all = Arc::clone(&self.0);
        for one in others.0.iter() {
            if !all.contains(one) {
                Arc::make_mut(&mut all).push(one.clone());
            }
        }
        Self(all)
    }

    /// Whether these features include the others.
    pub fn give(&self, others: &Self) -> bool {
        let within = |one: &Vec<String>, other: &Vec<String>| {
            one.iter().all(|feature| other.contains(feature))
        };
        let mut needed = others.0.iter();
        needed.all(|needed| self.0.iter().any(|given| within(given, needed)))
    }
}

impl Kind {
    /// Types.
    pub(super) const TYPE: u8 = 1;
    /// Functions.
    pub(super) const FUNCTION: u8 = 4;

    /// Distinguishes items with the same path.
    pub(super) fn sort(&self) -> u8 {
        match self {
            Self::Feature | Self::Variable | Self::Header => 0,
            Self::Struct(_) | Self::Enum(_) | Self::Alias(_) | Self::Reexport(_) => Self::TYPE,
            Self::Field(_) | Self::Constant(_) => 2,
            Self::Variant(_) => 3,
            Self::Function { .. } => Self::FUNCTION,
            Self::Implements(_) => 5,
            Self::Declaration(_) => 6,
        }
    }

    /// The keyword before the path.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Feature => "feature",
            Self::Variable => "variable",
            Self::Header => "header",
            Self::Struct(_) => "struct",
            Self::Enum(_) => "enum",
            Self::Alias(_) => "type",
            Self::Field(_) => "field",
            Self::Variant(_) => "variant",
            Self::Function { .. } => "fn",
            Self::Constant(_) => "const",
            Self::Reexport(_) => "use",
            Self::Implements(_) => "impl",
            Self::Declaration(_) => "declaration",
        }
    }
}

impl Item {
    pub(super) fn new(path: impl Into<String>, kind: Kind) -> Self {
        let path = path.into();
        Self {
            owner: path.clone(),
            path,
            kind,
            features: Features::default(),
            deprecated: false,
            required: false,
            wire: None,
            place: None,
        }
    }

    /// The signature of the item: its type, or its arguments and its return type.
    pub fn signature(&self) -> String {
        match &self.kind {
            Kind::Feature | Kind::Variable | Kind::Header | Kind::Variant(None) => String::new(),
            Kind::Struct(traits) | Kind::Enum(traits) => format!(": {}", traits.join(" + ")),
            Kind::Alias(of) | Kind::Reexport(of) => format!(" = {of}"),
            Kind::Field(of) | Kind::Constant(of) | Kind::Implements(of) => format!(": {of}"),
            Kind::Variant(Some(holds)) => format!("({holds})"),
            Kind::Function {
                receiver,
                arguments,
                returns,
                ..
            } => {
                let receiver = receiver.clone();
                let arguments = arguments
                    .iter()
                    .map(|one| format!("{}: {}", one.name, one.takes));
                let arguments: Vec<String> = receiver.into_iter().chain(arguments).collect();
                let arguments = arguments.join(", ");
                if returns.is_empty() {
                    format!("({arguments})")
                } else {
                    format!("({arguments}) -> {returns}")
                }
            }
            Kind::Declaration(tokens) => format!(" {tokens}"),
        }
    }
}

impl fmt::Display for Takes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(of) => f.write_str(of),
            Self::Into(of) => write!(f, "impl Into<{of}>"),
            Self::TryInto(of) => write!(f, "impl TryInto<{of}>"),
            Self::Items(of) => write!(f, "impl IntoIterator<Item = impl Into<{of}>>"),
        }
    }
}

impl fmt::Display for Features {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, one) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { " and " })?;
            for (index, feature) in one.iter().enumerate() {
                f.write_str(if index == 0 { "" } else { " or " })?;
                f.write_str(feature)?;
            }
        }
        Ok(())
    }
}

/// A line of `surface.txt`.
impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Kind::Function {
            asynchronous: true, ..
        } = self.kind
        {
            f.write_str("async ")?;
        }
        match self.kind {
            Kind::Feature => f.write_str(&self.path)?,
            _ => write!(f, "{} {}{}", self.kind.word(), self.path, self.signature())?,
        }
        if !self.features.0.is_empty() {
            write!(f, " [feature {}]", self.features)?;
        }
        if self.required {
            f.write_str(" [required]")?;
        }
        if self.deprecated {
            f.write_str(" [deprecated]")?;
        }
        match &self.wire {
            Some(wire) => write!(f, "  # {wire}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(all: &[&[&str]]) -> Features {
        let list = |one: &&[&str]| one.iter().map(|name| (*name).to_owned()).collect();
        Features(Arc::new(all.iter().map(list).collect()))
    }

    #[test]
    fn an_item_that_needs_fewer_features_is_available_with_more() {
        assert!(features(&[&["builders"]]).give(&features(&[])));
        assert!(!features(&[]).give(&features(&[&["builders"]])));
        assert!(features(&[&["a"]]).give(&features(&[&["a", "b"]])));
        assert!(!features(&[&["a", "b"]]).give(&features(&[&["a"]])));
    }
}
