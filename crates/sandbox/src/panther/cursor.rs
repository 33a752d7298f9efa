//! Opaque cursors, which are valid only for the filters that they were created with.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The length of the authentication code that precedes the position, in bytes.
const SEAL: usize = 16;

/// Creates and decodes cursors.
#[derive(Debug)]
pub(super) struct Cursors {
    seed: u64,
}

impl Cursors {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Standard base64, whose `+`, `/` and `=` a client must percent-encode in a query.
    pub(super) fn seal(&self, position: u64, filters: &str) -> String {
        let mut bytes = self.tag(position, filters).to_vec();
        bytes.extend_from_slice(&position.to_be_bytes());
        BASE64_STANDARD.encode(bytes)
    }

    /// The position. `None` if the cursor was not created for these filters.
    pub(super) fn open(&self, cursor: &str, filters: &str) -> Option<u64> {
        let bytes = BASE64_STANDARD.decode(cursor).ok()?;
        let (tag, position) = bytes.split_at_checked(SEAL)?;
        let position = u64::from_be_bytes(position.try_into().ok()?);
        (tag == self.tag(position, filters)).then_some(position)
    }

    fn tag(&self, position: u64, filters: &str) -> [u8; SEAL] {
        let mut key = [0; 64];
        key[..8].copy_from_slice(&self.seed.to_be_bytes());
        let mut mac = Hmac::<Sha256>::new(&key.into());
        mac.update(&position.to_be_bytes());
        mac.update(filters.as_bytes());
        let tag = mac.finalize().into_bytes();
        std::array::from_fn(|index| tag[index])
    }
}
