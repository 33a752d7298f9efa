//! specmill
