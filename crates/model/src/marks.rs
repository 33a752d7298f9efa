//! Extensions that lowering adds to schemas for later steps.

/// The component that a branch referred to before other parts were merged into it.
pub(super) const REFERENCE: &str = "x-specmill-reference";

/// The properties of a component that other components inherit: see `inheritance`.
pub(super) const BASE: &str = "x-specmill-base";

/// Marks a component that inherits from a base, and must not become the union of the children of that base.
pub(super) const INHERITS: &str = "x-specmill-inherits";

/// Marks a merged schema with the values of parts that exclude each other; its value names the places of both.
pub(super) const CONTRADICTION: &str = "x-specmill-contradiction";

/// Marks a lowered schema that accepts any JSON value although the document declares a type; its value is the reason.
pub const UNTYPED: &str = "x-specmill-untyped";
