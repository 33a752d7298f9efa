//! Payloads of webhooks, as a program decodes them.

use specmill_kennel::webhooks::{DogAdopted, DogsCounted};

#[test]
fn a_payload_is_decoded_and_encoded_unchanged() {
    let sent = serde_json::json!({"dog": {"name": "Rex"}, "by": {"email": "a@example.com"}});
    let payload: DogAdopted = serde_json::from_value(sent.clone()).unwrap();
    assert_eq!(payload.by.email, "a@example.com");
    assert_eq!(payload.dog.name, "Rex");
    assert_eq!(serde_json::to_value(payload).unwrap(), sent);
    let counted: DogsCounted = serde_json::from_str("[1, 2]").unwrap();
    assert_eq!(counted, [1, 2]);
}
