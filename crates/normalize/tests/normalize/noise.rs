//! Keywords without an effect are removed.

use serde_json::json;

use specmill_scratch::{changes_of, document, normalised};

#[test]
fn allow_empty_value_is_removed_from_every_parameter() {
    let parameter =
        json!({"name": "q", "in": "query", "allowEmptyValue": true, "schema": {"type": "string"}});
    let kept = json!({"name": "q", "in": "query", "schema": {"type": "string"}});
    let mut given = document(
        json!({"/users": {
            "parameters": [parameter],
            "get": {"operationId": "list", "parameters": [parameter], "responses": {}}
        }}),
        json!({}),
    );
    given["components"]["parameters"] = json!({"Q": parameter});
    let normalised = normalised(&given);
    let item = &normalised.document["paths"]["/users"];
    assert_eq!(item["parameters"], json!([kept]));
    assert_eq!(item["get"]["parameters"], json!([kept]));
    assert_eq!(normalised.document["components"]["parameters"]["Q"], kept);
    assert_eq!(
        changes_of(&normalised, "drop_noise"),
        [
            "/components/parameters/Q: `allowEmptyValue` was removed",
            "/paths/~1users/parameters/0: `allowEmptyValue` was removed",
            "/paths/~1users/get/parameters/0: `allowEmptyValue` was removed",
        ]
    );
}
