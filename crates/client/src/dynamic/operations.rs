use std::ops::Deref;
use std::sync::OnceLock;

use super::{Operation, data};

/// The operations of an API, in the order of the document. The document is parsed on first use.
pub struct Operations(Source);

enum Source {
    Listed(&'static [&'static Operation]),
    Document {
        text: &'static str,
        read: OnceLock<Vec<&'static Operation>>,
    },
}

impl Operations {
    /// The operations of a generated document.
    pub const fn from_json(document: &'static str) -> Self {
        Self(Source::Document {
            text: document,
            read: OnceLock::new(),
        })
    }

    /// Operations that the program lists itself.
    pub const fn listed(operations: &'static [&'static Operation]) -> Self {
        Self(Source::Listed(operations))
    }
}

impl Deref for Operations {
    type Target = [&'static Operation];

    /// # Panics
    /// The document was not written by this version of the generator.
    fn deref(&self) -> &Self::Target {
        let (text, read) = match &self.0 {
            Source::Listed(operations) => return operations,
            Source::Document { text, read } => (text, read),
        };
        read.get_or_init(|| match data::read(text) {
            Ok(operations) => operations,
            // The document is compiled into the program beside the code that names it, so it never differs between
            // two runs: the tests of the generated crate read it.
            #[expect(
                clippy::panic,
                reason = "a program cannot go on without its own tables"
            )]
            Err(error) => panic!("the operations of the API cannot be read: {error}"),
        })
    }
}

impl<'a> IntoIterator for &'a Operations {
    type Item = &'static Operation;
    type IntoIter = std::iter::Copied<std::slice::Iter<'a, &'static Operation>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().copied()
    }
}

impl std::fmt::Debug for Operations {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Operations").finish_non_exhaustive()
    }
}
