//! Idempotent operations, and idempotency keys.

use http::{HeaderName, HeaderValue};
use specmill_http::operation::{Idempotency, Operation};
use specmill_http::platform;
use specmill_http::request::Headers;

use super::CallOptions;

/// Whether the operation may be sent twice according to the API's document or the caller.
pub fn is_idempotent(operation: &Operation, options: &CallOptions) -> bool {
    options.idempotent || operation.idempotency != Idempotency::ByMethod
}

/// Adds the idempotency key, if the operation has one: that of the options, that of the headers, or a new one. All
/// attempts of the call send the same headers, and so the same key.
pub fn add_key(
    operation: &Operation,
    options: &CallOptions,
    headers: &mut Headers,
) -> Result<(), String> {
    let Idempotency::Key { header } = operation.idempotency else {
        return match options.idempotency_key {
            None => Ok(()),
            Some(_) => Err(
                "the operation takes no idempotency key: CallOptions::idempotent has it retried without one".to_owned(),
            ),
        };
    };
    let name = HeaderName::from_bytes(header.as_bytes())
        .map_err(|_| format!("{header:?} is not a valid header name"))?;
    let key = match &options.idempotency_key {
        Some(key) => key.clone(),
        None if headers.contains(&name) => return Ok(()),
        None => new_key(),
    };
    let value = HeaderValue::from_str(&key)
        .ok()
        .filter(|value| !value.is_empty())
        .ok_or_else(|| format!("the idempotency key cannot be sent in the header {name}"))?;
    headers.insert(name, value);
    Ok(())
}

/// 128 random bits in the form of a UUID of version 4.
fn new_key() -> String {
    let random = platform::random_bits();
    let version = 0x4 << 76;
    let variant = 0x2 << 62;
    let bits = (random & !(0xf << 76) & !(0x3 << 62)) | version | variant;
    let digits = format!("{bits:032x}");
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32];
    groups.map(|group| &digits[group]).join("-")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn new_keys_are_uuids_and_all_different() {
        let keys: HashSet<String> = (0..10_000).map(|_| new_key()).collect();
        assert_eq!(keys.len(), 10_000);
        for key in keys {
            let lengths: Vec<usize> = key.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{key}");
            assert!(key.as_bytes()[14] == b'4' && b"89ab".contains(&key.as_bytes()[19]));
        }
    }
}
