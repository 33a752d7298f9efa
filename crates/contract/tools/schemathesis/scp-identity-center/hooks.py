"""Samsung Cloud Platform's signature on the requests that schemathesis makes, what the documentation says in
prose, and which findings are none."""

import base64
import hashlib
import hmac
import os
import time

import requests
import schemathesis

ACCESS_KEY = os.environ["SANDBOX_ACCESS_KEY"]
SECRET_KEY = os.environ["SANDBOX_SECRET_KEY"]


def signed(method, url, secret_key=SECRET_KEY):
    """The headers that sign a request of this URL, which is the one that is sent, byte for byte."""
    timestamp = str(int(time.time() * 1000))
    text = f"{method}{url}{timestamp}{ACCESS_KEY}Openapi"
    digest = hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).digest()
    return {
        "Scp-Accesskey": ACCESS_KEY,
        "Scp-ClientType": "Openapi",
        "Scp-Timestamp": timestamp,
        "Scp-Signature": base64.b64encode(digest).decode(),
    }


class Signature(requests.auth.AuthBase):
    def __call__(self, request):
        request.headers.update(signed(request.method, request.url))
        return request


schemathesis.auth.set_from_requests(Signature())


@schemathesis.hook
def before_load_schema(context, raw_schema):
    parameters = raw_schema["components"]["parameters"]
    version = parameters["ApiVersion"]
    # "The service responds without it too": the document asks for it so that clients pin a version.
    version["required"] = False
    # The versions stand in the document, for those who read its extensions.
    version["schema"] = {
        "enum": [f"iam-identity-center {one['version']}" for one in raw_schema["x-api-versions"]],
    }
    for parameter in raw_schema["paths"]["/v1/users"]["get"]["parameters"]:
        schema = parameter.get("schema", {})
        # The sandbox refuses what a client should not send, such as an empty parameter.
        schema.update(SHARPER.get(parameter.get("name"), {"minLength": 1}))


SHARPER = {
    "page": {"minimum": 0, "maximum": 2**31 - 1},
    "size": {"minimum": 1, "maximum": 2**31 - 1},
    # "field:asc or field:desc"
    "sort": {"pattern": "^(created_at|id|name|user_id):(asc|desc)$"},
}


@schemathesis.check
def unsigned_calls_are_refused(ctx, response, case):
    """In place of `ignored_auth`, which takes 401 and 403 alone: an unsigned call gets 404 from the gateway."""
    if response.status_code != 200 or not case.operation.definition.raw.get("security", True):
        return
    request = response.request
    headers = {"Accept-Language": "en-US"}
    wrong = signed(request.method, request.url, "another secret key")
    for credentials, expected in (({}, 404), (wrong, 401)):
        probe = requests.request(request.method, request.url, headers=headers | credentials, timeout=10)
        if probe.status_code != expected:
            raise AssertionError(f"{request.method} {request.url} got {probe.status_code}, not {expected}")
