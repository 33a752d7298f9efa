//! The methods that declarations expand to.

use crate::item::{Argument, Item, Kind, Takes};

/// A method that takes `&self`.
pub(super) fn by_reference(path: String, arguments: Vec<Argument>, returns: &str) -> Item {
    let mut item = method(path, arguments, returns);
    if let Kind::Function { receiver, .. } = &mut item.kind {
        *receiver = Some("&self".to_owned());
    }
    item
}

/// A method that takes a builder and returns it.
pub(super) fn setter(path: String, takes: Takes) -> Item {
    let argument = Argument {
        name: match takes {
            Takes::Items(_) => "values",
            _ => "value",
        }
        .to_owned(),
        takes,
    };
    method(path, vec![argument], "Self")
}

pub(super) fn method(path: String, arguments: Vec<Argument>, returns: &str) -> Item {
    let kind = Kind::Function {
        receiver: Some("self".to_owned()),
        asynchronous: false,
        arguments,
        returns: returns.to_owned(),
    };
    Item::new(path, kind)
}
