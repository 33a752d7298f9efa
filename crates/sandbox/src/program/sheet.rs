//! The output of the program: everything that is needed to call the two APIs.

use serde_json::json;
use specmill_sandbox::Sandbox;

/// One line per API, with its base URL and credentials.
pub(super) fn json(sandbox: &Sandbox) -> String {
    let services = json!({
        "panther": {
            "base_url": sandbox.panther_url(),
            "api_key": sandbox.panther_api_key(),
        },
        "scp-identity-center": {
            "base_url": sandbox.identity_center_url(),
            "access_key": sandbox.access_key(),
            "secret_key": sandbox.secret_key(),
            "instance_id": sandbox.instance_id(),
        },
    });
    format!("{services}\n")
}

pub(super) fn render(sandbox: &Sandbox) -> String {
    let panther = sandbox.panther_url();
    let api_key = sandbox.panther_api_key();
    let center = sandbox.identity_center_url();
    let access_key = sandbox.access_key();
    let secret_key = sandbox.secret_key();
    let instance = sandbox.instance_id();
    format!(
        r#"Panther
  export PANTHER_BASE_URL='{panther}'
  export PANTHER_API_KEY='{api_key}'

curl -H 'X-API-Key: {api_key}' '{panther}/users?limit=2'

curl -H 'X-API-Key: {api_key}' -H 'Content-Type: application/json' '{panther}/users' \
  -d '{{"email":"new@acme.test","givenName":"Ann","familyName":"Lee","role":{{"name":"Analyst"}}}}'

Samsung Cloud Platform, IAM Identity Center
  export SCP_BASE_URL='{center}'
  export SCP_ACCESS_KEY='{access_key}'
  export SCP_SECRET_KEY='{secret_key}'
  The instance is {instance}.

curl '{center}/'

url='{center}/v1/users?instance_id={instance}&size=2'
timestamp=$(($(date +%s) * 1000))
signature=$(printf '%s' "GET${{url}}${{timestamp}}{access_key}Openapi" |
  openssl dgst -sha256 -hmac '{secret_key}' -binary | openssl base64)
curl "$url" -H 'Scp-Accesskey: {access_key}' -H "Scp-Signature: $signature" \
  -H "Scp-Timestamp: $timestamp" -H 'Scp-ClientType: Openapi' -H 'Accept-Language: en-US' \
  -H 'Scp-Api-Version: iam-identity-center 1.4'

Ctrl-C stops.
"#
    )
}
