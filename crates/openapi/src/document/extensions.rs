//! The extensions of documents that are left by a conversion.

/// The extension that replaces an unresolved reference.
pub const UNRESOLVED: &str = "x-unresolved-reference";

/// The extension of a document with the names of its webhooks, which 3.0 cannot express.
pub const SKIPPED_WEBHOOKS: &str = "x-skipped-webhooks";
