//! Extensions that lowering leaves in schemas for its later steps.

/// The component that a branch was before other parts were added to it.
pub(super) const REFERENCE: &str = "x-specmill-reference";

/// The members of a component that other components inherit from, see `inheritance`.
pub(super) const BASE: &str = "x-specmill-base";

/// Marks a component that holds what a base does, and is not the choice of the base's children.
pub(super) const INHERITS: &str = "x-specmill-inherits";

/// Marks a lowered schema that takes any JSON value although the document gives a type; its value is the reason.
pub const UNTYPED: &str = "x-specmill-untyped";
