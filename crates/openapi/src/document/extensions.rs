//! The extensions of documents that are left by a conversion.

/// The extension that replaces an unresolved reference.
pub const UNRESOLVED: &str = "x-unresolved-reference";

/// The extension of a document with its webhooks, by name. Its values are path items, as those of `webhooks` in 3.1.
pub const WEBHOOKS: &str = "x-webhooks";
