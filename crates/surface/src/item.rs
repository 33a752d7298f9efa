//! An item of a surface.

use std::fmt;

/// An item that a program may use.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Item {
    /// Its path in the crate: `types::User::email`.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// The features that it needs.
    pub features: Features,
    /// Whether its use is warned of.
    pub deprecated: bool,
    /// Whether a program that does not give it fails when it runs.
    pub required: bool,
    /// What is sent for it, or read from where.
    pub wire: Option<String>,
    /// The path of the item that it comes and goes with: `Client::user_get`, `types::User`.
    pub owner: String,
    /// The place in the normalised document that it is made from, as a JSON pointer.
    pub place: Option<String>,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A feature of the package.
    Feature,
    /// A variable that `from_env` reads.
    Variable,
    /// A header that every request has.
    Header,
    /// A struct, with its traits.
    Struct(Vec<String>),
    /// An enum, with its traits.
    Enum(Vec<String>),
    /// Another name of a type.
    Alias(String),
    /// A field, of a type.
    Field(String),
    /// A variant, with what it holds.
    Variant(Option<String>),
    /// A function or a method.
    Function {
        /// How it takes the value that it is called on: `self`, `&self`; `None` where it is called on none.
        receiver: Option<String>,
        /// Whether what it returns must be awaited.
        asynchronous: bool,
        /// What it takes, `self` apart.
        arguments: Vec<Argument>,
        /// The type that it returns.
        returns: String,
    },
    /// A constant or a static, of a type.
    Constant(String),
    /// Something of another crate, re-exported.
    Reexport(String),
    /// A trait that a type implements, with its associated types.
    Implements(String),
    /// A declaration that is not told further, as it stands.
    Declaration(String),
}

/// An argument of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// What it takes.
    pub takes: Takes,
}

/// What an argument takes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Takes {
    /// A value of this type.
    Value(String),
    /// What converts into this type.
    Into(String),
    /// What converts into this type, or fails to.
    TryInto(String),
    /// An iterator of what converts into this type.
    Items(String),
}

/// The features that an item needs: one of each list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Features(pub Vec<Vec<String>>);

impl Features {
    /// These features, and others.
    pub(super) fn and(&self, others: &Self) -> Self {
        let mut all = self.0.clone();
        for one in &others.0 {
            if !all.contains(one) {
                all.push(one.clone());
            }
        }
        Self(all)
    }

    /// Whether every program that has what needs these features has what needs the others.
    pub fn give(&self, others: &Self) -> bool {
        let within = |one: &Vec<String>, other: &Vec<String>| {
            one.iter().all(|feature| other.contains(feature))
        };
        let mut needed = others.0.iter();
        needed.all(|needed| self.0.iter().any(|given| within(given, needed)))
    }
}

impl Kind {
    /// The sort of types.
    pub(super) const TYPE: u8 = 1;
    /// The sort of functions.
    pub(super) const FUNCTION: u8 = 4;

    /// Items of one path differ in this.
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

    /// The word before the path.
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

    /// What the item is, after its path: its type, its arguments, what it returns.
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
        let all: Vec<String> = self.0.iter().map(|one| one.join(" or ")).collect();
        f.write_str(&all.join(" and "))
    }
}

/// A line of the file.
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
        Features(all.iter().map(list).collect())
    }

    #[test]
    fn what_needs_fewer_features_is_there_with_more() {
        assert!(features(&[&["builders"]]).give(&features(&[])));
        assert!(!features(&[]).give(&features(&[&["builders"]])));
        assert!(features(&[&["a"]]).give(&features(&[&["a", "b"]])));
        assert!(!features(&[&["a", "b"]]).give(&features(&[&["a"]])));
    }
}
