"""What Panther's documentation says in prose, told to schemathesis, and which of its findings are none."""

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData


@schemathesis.hook
def before_load_schema(context, raw_schema):
    # The same schema describes the role of a response, which has both members. A request has one: "id should
    # be excluded if name is provided". The values are the sandbox's roles.
    user = raw_schema["components"]["schemas"]["ModifyUser"]
    user["properties"]["role"] = {
        "oneOf": [one_of("name", ["Admin", "Analyst", "AnalystReadOnly"]), one_of("id", ROLE_IDS)],
    }
    # "The email address of the user".
    user["properties"]["email"]["format"] = "email"
    # The sandbox refuses members that are not documented.
    user["additionalProperties"] = False


ROLE_IDS = [f"9f2c1f6e-3b0a-4c57-8a52-6d2f0c1e7a0{number}" for number in (1, 2, 3)]


def one_of(member, values):
    return {
        "type": "object",
        "required": [member],
        "properties": {member: {"enum": values}},
        "additionalProperties": False,
    }


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Whether a failure is one."""
    # "If provided all other parameters are ignored", wrong ones too.
    if isinstance(failure, AcceptedNegativeData) and case.operation.label == "GET /users":
        return not (case.query or {}).get("email")
    if isinstance(failure, RejectedPositiveData):
        message = response.json().get("message", "")
        # What no schema can say: which cursors were given, which users there are.
        return not message.startswith('"cursor" is not one') and not message.startswith("a user with the email")
    return True
