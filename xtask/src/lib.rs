//! The mill.
