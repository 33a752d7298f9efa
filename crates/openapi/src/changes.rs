//! The changes of transforms, with their locations.

/// A change that a transform made at a location.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The transform, by the name of its function.
    pub transform: &'static str,
    /// The place in the document, as a JSON pointer.
    pub pointer: String,
    /// A description of the change.
    pub what: String,
}

/// The changes of a run, in order.
#[derive(Debug, Default)]
pub struct Changes(Vec<Change>);

impl Changes {
    /// Records a change of a transform at a pointer.
    pub fn add(
        &mut self,
        transform: &'static str,
        pointer: impl Into<String>,
        what: impl Into<String>,
    ) {
        self.0.push(Change {
            transform,
            pointer: pointer.into(),
            what: what.into(),
        });
    }

    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The changes, in their order.
    pub fn into_vec(self) -> Vec<Change> {
        self.0
    }
}
