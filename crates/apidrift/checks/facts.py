#!/usr/bin/env python3
"""Checks what apidrift calls breaking on the wire against facts of the two documents.

    apidrift OLD NEW --format json > report.json
    facts.py OLD NEW report.json

The facts are gathered from the documents alone: which operations, parameters, bodies, responses, members,
values and forms each has, with `allOf` merged. A fact that breaks callers must be in the report, and a
breaking entry of the report must have such a fact. Prints both kinds of differences; exits with 1 if there
are any. Documents are JSON, OpenAPI 3.0 or 3.1.
"""

import json
import sys

METHODS = {"delete", "get", "head", "options", "patch", "post", "put", "query", "trace"}
REQUEST, RESPONSE = "request", "response"

# Which rules of the report tell a fact, by parts of their names.
TOLD_BY = {
    "operation": ["path-removed", "api-removed", "endpoint-moved", "webhook-removed"],
    "parameter": ["new-required-request", "new-request-path-parameter"],
    "required": ["became-required", "new-required-"],
    "optional": ["became-optional", "required-property-removed", "write-only"],
    "body": ["request-body-added-required", "request-body-became-required", "request-body-removed"],
    "media": ["media-type"],
    "status": ["success-status-removed"],
    "header": ["header-removed", "became-optional"],
    "null": ["nullable", "list-of-types", "type-"],
    "type": ["type-", "wrapped", "list-of-types", "one-of", "any-of"],
    "format": ["type-"],
    "values": ["enum", "const"],
    "closed": ["additional-properties", "property-removed"],
    "bound": ["-increased", "-decreased", "-unset", "-set", "pattern", "unique", "multiple"],
    "form": ["one-of", "any-of", "wrapped", "type-"],
    "default": ["default-value"],
}
TIGHTER_ABOVE = ["maximum", "maxLength", "maxItems", "maxProperties"]
TIGHTER_BELOW = ["minimum", "minLength", "minItems", "minProperties"]


class Document:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.root = json.load(file)

    def at(self, pointer):
        """The value at a pointer, and the pointer it has once references are followed."""
        for _ in range(100):
            value = self.root
            for token in pointer.split("/")[1:]:
                token = token.replace("~1", "/").replace("~0", "~")
                value = value[int(token)] if isinstance(value, list) else value[token]
            if not (isinstance(value, dict) and isinstance(value.get("$ref"), str)):
                return pointer, value
            pointer = value["$ref"][1:]
        raise SystemExit(f"{pointer}: a circle of references")

    def has(self, pointer):
        try:
            self.at(pointer)
            return True
        except (KeyError, IndexError):
            return False

    def parts(self, pointers):
        """All schemas that hold together at a place: through references and `allOf`."""
        parts, seen, stack = [], set(), list(reversed(pointers))
        while stack:
            written = stack.pop()
            pointer, schema = self.at(written)
            if pointer in seen or not isinstance(schema, dict):
                continue
            seen.add(pointer)
            parts.append((written, pointer, schema))
            stack += [f"{pointer}/allOf/{i}" for i in reversed(range(len(schema.get("allOf", []))))]
        return parts


def child(pointer, token):
    return f"{pointer}/{token.replace('~', '~0').replace('/', '~1')}"


class Schema:
    """What the schemas of one place say together."""

    def __init__(self, document, pointers):
        self.document = document
        self.key = tuple(pointers)
        self.parts = document.parts(pointers)
        # Values go by their places: where they are used, and where they are written.
        self.places = {place for written, pointer, _ in self.parts for place in (written, pointer)}
        self.types, self.values, self.required = None, None, set()
        self.properties, self.items, self.extra, self.closed = {}, [], [], False
        self.bounds, self.formats, self.forms, self.null = {}, set(), [], False
        self.read_only = self.write_only = False
        for _, pointer, schema in self.parts:
            self.take(pointer, schema)
        if self.types is not None:
            self.null = self.null or "null" in self.types
            self.types = self.types - {"null"} or {"null"}
        if self.forms and self.values is None and not self.properties:
            forms = [Schema(document, [form]) for form in self.forms]
            if all(form.values and not form.properties for form in forms):
                # A choice of values is a list of values.
                self.values = set().union(*(form.values for form in forms))
                self.types = set().union(*(form.types or set() for form in forms)) or None
                self.forms = []
        if self.values is not None:
            self.values = {value for value in self.values if value != "null"}

    def take(self, pointer, schema):
        types = schema.get("type")
        if types is not None:
            types = set(types if isinstance(types, list) else [types])
            types |= {"null"} if schema.get("nullable") else set()
            self.types = types if self.types is None else meet(self.types, types)
        elif schema.get("nullable"):
            self.null = True
        values = schema.get("enum", [schema["const"]] if "const" in schema else None)
        if values is not None:
            values = {json.dumps(value, sort_keys=True) for value in values}
            self.values = values if self.values is None else self.values & values
        self.required |= set(schema.get("required", []))
        for name in schema.get("properties", {}):
            self.properties.setdefault(name, []).append(child(f"{pointer}/properties", name))
        if isinstance(schema.get("items"), dict):
            self.items.append(f"{pointer}/items")
        if isinstance(schema.get("additionalProperties"), dict):
            self.extra.append(f"{pointer}/additionalProperties")
        self.closed |= schema.get("additionalProperties") is False
        for keyword in TIGHTER_ABOVE + TIGHTER_BELOW:
            if isinstance(schema.get(keyword), (int, float)):
                tighter = min if keyword in TIGHTER_ABOVE else max
                self.bounds[keyword] = tighter(self.bounds.get(keyword, schema[keyword]), schema[keyword])
        for keyword in ["pattern", "uniqueItems", "multipleOf"]:
            if schema.get(keyword):
                self.bounds[keyword] = schema[keyword]
        if "format" in schema:
            self.formats.add(schema["format"])
        for keyword in ["oneOf", "anyOf"]:
            for index in range(len(schema.get(keyword, []))):
                form = f"{pointer}/{keyword}/{index}"
                content = self.document.at(form)[1]
                if content.get("type") == "null" or content.get("enum") == [None]:
                    self.null = True
                else:
                    self.forms.append(form)
        self.read_only |= bool(schema.get("readOnly"))
        self.write_only |= bool(schema.get("writeOnly"))

    def property(self, name):
        return Schema(self.document, self.properties[name])

    def carried(self, name, side):
        """Whether messages of the side hold the member."""
        if name not in self.properties:
            return True
        member = self.property(name)
        return not (member.read_only if side == REQUEST else member.write_only)

    def label(self, form):
        """What a form of a choice is called: its component, title, constant, or members."""
        pointer, content = self.document.at(form)
        if pointer.startswith("/components/schemas/") and pointer.count("/") == 3:
            return pointer
        if "title" in content:
            return content["title"]
        alone = Schema(self.document, [form])
        for name in sorted(alone.properties):
            values = alone.property(name).values
            if values and len(values) == 1:
                return f"{name}={values}"
        return json.dumps([sorted(alone.types or []), sorted(alone.properties)])


def meet(one, other):
    """The types that both take: an integer is a number."""
    both = one & other
    for a, b in ((one, other), (other, one)):
        if "integer" in a and "number" in b:
            both = both | {"integer"}
    return both


def whole(wide, narrow):
    """Whether both are whole numbers, and the format of the first takes all of the second."""
    integers = {"integer"}
    return narrow.types == integers and (
        (wide.types == {"number"})
        or (wide.types == integers and (wide.formats <= {"int64"} or narrow.formats == {"int32"}))
    )


def takes(wide, narrow):
    """Whether the first types take all that the second do; `None` is any type."""
    if wide is None:
        return True
    return narrow is not None and narrow <= wide | ({"integer"} if "number" in wide else set())


class Facts:
    """What breaks callers, as (kind, places in the older document, places in the newer one)."""

    def __init__(self, old, new):
        self.old, self.new = old, new
        self.known = {}
        self.found = []

    # Messages

    def documents(self):
        for section, method in (("paths", self.calls), ("webhooks", self.hooks), ("x-webhooks", self.hooks)):
            pairs = self.paired(section)
            for before, now in pairs:
                if now is None:
                    # What was deprecated may go.
                    if not self.old.at(before)[1].get("deprecated"):
                        self.found.append(("operation", {before}, set()))
                    continue
                if before is not None:
                    if section == "paths" and names_apart(before) != names_apart(now):
                        self.found.append(("operation", {before}, {now}))
                    method(before, now)
        return self.found

    def paired(self, section):
        """Operations of both documents, by path and method, and then by their ids."""
        def operations(document):
            return [
                child(child(f"/{section}", path), method)
                for path, item in document.root.get(section, {}).items()
                for method in item
                if method in METHODS
            ]
        old, new = operations(self.old), operations(self.new)
        by_path = {names_apart(pointer): pointer for pointer in new}
        left = [pointer for pointer in old if names_apart(pointer) not in by_path]
        pairs = [(p, by_path[names_apart(p)]) for p in old if names_apart(p) in by_path]
        taken = {now for _, now in pairs}
        identified = {
            (pointer.split("/")[-1], self.new.at(pointer)[1].get("operationId")): pointer
            for pointer in new
            if pointer not in taken
        }
        for pointer in left:
            key = (pointer.split("/")[-1], self.old.at(pointer)[1].get("operationId"))
            pairs.append((pointer, identified.get(key) if key[1] else None))
        return pairs

    def calls(self, before, now):
        self.parameters(before, now)
        self.body(before, now, REQUEST)
        self.responses(before, now)

    def hooks(self, before, now):
        self.body(before, now, RESPONSE)

    def parameters(self, before, now):
        def listed(document, operation):
            parameters = {}
            for place in (operation.rsplit("/", 1)[0], operation):
                for index in range(len(document.at(place)[1].get("parameters", []))):
                    written = f"{place}/parameters/{index}"
                    pointer, content = document.at(written)
                    name = content["name"].lower() if content["in"] == "header" else content["name"]
                    if content["in"] == "path":
                        name = variables(operation).index(content["name"])
                    parameters[content["in"], name] = (written, pointer, content)
            return parameters

        was, is_ = listed(self.old, before), listed(self.new, now)
        for key, (written, pointer, content) in is_.items():
            required = content.get("required") or content["in"] == "path"
            if key not in was:
                if required:
                    self.found.append(("parameter", set(), {written, pointer}))
                continue
            old_written, old_pointer, old_content = was[key]
            places = ({old_written, old_pointer}, {written, pointer})
            if required and not (old_content.get("required") or content["in"] == "path"):
                self.found.append(("required", *places))
            if "schema" in old_content and "schema" in content:
                schemas = (old_pointer + "/schema", pointer + "/schema")
                old_schema, new_schema = self.old.at(schemas[0]), self.new.at(schemas[1])
                if old_schema[1].get("default") != new_schema[1].get("default"):
                    self.found.append(("default", {schemas[0], old_schema[0]}, {schemas[1], new_schema[0]}))
                self.found += self.schema([schemas[0]], [schemas[1]], REQUEST)

    def body(self, before, now, side):
        place = "requestBody"
        was, is_ = (place in self.old.at(before)[1]), (place in self.new.at(now)[1])
        new = child(now, place)
        if is_ and not was:
            if self.new.at(new)[1].get("required") and side == REQUEST:
                self.found.append(("body", set(), {new}))
        elif was and not is_:
            self.found.append(("body", {child(before, place)}, set()))
        elif was and is_:
            old_place, old_body = self.old.at(child(before, place))
            new_place, new_body = self.new.at(new)
            if side == REQUEST and new_body.get("required") and not old_body.get("required"):
                self.found.append(("body", {old_place}, {new_place}))
            self.content(old_place, new_place, side)

    def responses(self, before, now):
        old, new = self.old.at(before)[1]["responses"], self.new.at(now)[1]["responses"]
        for status in old:
            old_place = self.old.at(child(f"{before}/responses", status))[0]
            if status in new:
                new_place = self.new.at(child(f"{now}/responses", status))[0]
                self.content(old_place, new_place, RESPONSE)
                self.headers(old_place, new_place)
            elif status.startswith("2"):
                self.found.append(("status", {child(f"{before}/responses", status)}, set()))

    def headers(self, before, now):
        old, new = (d.at(p)[1].get("headers", {}) for d, p in ((self.old, before), (self.new, now)))
        kept = {name.lower(): name for name in new}
        for name in old:
            place, header = self.old.at(child(f"{before}/headers", name))
            other = kept.get(name.lower())
            other = other and self.new.at(child(f"{now}/headers", other))
            if header.get("required") and not (other and other[1].get("required")):
                self.found.append(("header", {place}, {other[0]} if other else set()))
            if other and "schema" in header and "schema" in other[1]:
                self.found += self.schema([place + "/schema"], [other[0] + "/schema"], RESPONSE)

    def content(self, before, now, side):
        old, new = (d.at(p)[1].get("content", {}) for d, p in ((self.old, before), (self.new, now)))
        essence = lambda name: name.split(";")[0].strip().lower()
        kept = {essence(name): name for name in new}
        for name in old:
            place = child(f"{before}/content", name)
            if essence(name) not in kept:
                self.found.append(("media", {place}, set()))
                continue
            other = child(f"{now}/content", kept[essence(name)])
            if "schema" in self.old.at(place)[1] and "schema" in self.new.at(other)[1]:
                self.found += self.schema([place + "/schema"], [other + "/schema"], side)

    # Schemas

    def schema(self, before, now, side):
        """The facts of two places; those of a pair that is being looked at are told where that began."""
        key = (tuple(before), tuple(now), side)
        if key not in self.known:
            self.known[key] = []
            self.known[key] = self.forms(before, now, side)
        return self.known[key]

    def forms(self, before, now, side):
        was, is_ = Schema(self.old, before), Schema(self.new, now)
        if not was.forms and not is_.forms:
            return self.one(was, is_, side)
        # A choice is its forms, each with the keywords beside the choice.
        old_forms = [Schema(self.old, [*before, form]) for form in was.forms] or [was]
        new_forms = [Schema(self.new, [*now, form]) for form in is_.forms] or [is_]
        names = lambda schema: [schema.label(form) for form in schema.forms] or [None]
        old_names, new_names = names(was), names(is_)
        facts = self.null(was, is_, side)
        if side == REQUEST and is_.closed and not was.closed:
            facts.append(("closed", was.places, is_.places))
        from_forms, to_forms = (old_forms, new_forms) if side == REQUEST else (new_forms, old_forms)
        from_names, to_names = (old_names, new_names) if side == REQUEST else (new_names, old_names)

        def between(source, target, strict=False):
            pair = (source, target) if side == REQUEST else (target, source)
            others = [("form", set(), set())] if strict and distinguished(source, target) else []
            return others + self.one(*pair, side, with_null=False)

        for name, source in zip(from_names, from_forms):
            same = [form for other, form in zip(to_names, to_forms) if other == name]
            if any(not between(source, target) for target in same):
                continue
            if any(not between(source, target, strict=True) for target in to_forms):
                continue
            # Of the forms that it could be, the one that differs least is it.
            if same:
                facts += min((between(source, target) for target in same), key=len)
            else:
                own = source.places if side == REQUEST else set()
                other = source.places if side == RESPONSE else set()
                facts.append(("form", was.places | own, is_.places | other))
        return facts

    def null(self, was, is_, side):
        typed = lambda schema: schema.types is not None or schema.forms or schema.values is not None
        if typed(was) and typed(is_):
            lost = was.null and not is_.null if side == REQUEST else is_.null and not was.null
            if lost:
                return [("null", was.places, is_.places)]
        return []

    def one(self, was, is_, side, with_null=True):
        facts = self.null(was, is_, side) if with_null else []
        places = (was.places, is_.places)
        wide, narrow = (is_, was) if side == REQUEST else (was, is_)
        add = lambda kind: facts.append((kind, *places))
        if not takes(wide.types, narrow.types):
            add("type")
            return facts
        if wide.values is not None:
            if narrow.values is None or (side == REQUEST and not narrow.values <= wide.values):
                add("values")
        elif wide.formats and wide.formats != narrow.formats and not whole(wide, narrow):
            add("format")
        for keyword in TIGHTER_ABOVE + TIGHTER_BELOW:
            limit, other = wide.bounds.get(keyword), narrow.bounds.get(keyword)
            sign = 1 if keyword in TIGHTER_ABOVE else -1
            loosened = other is not None and limit is not None and sign * other > sign * limit
            # A limit that a request has for the first time may have been there unsaid.
            unset = other is None and limit is not None and side == RESPONSE and narrow.values is None
            if loosened or (unset and not (keyword in TIGHTER_BELOW and limit <= 0)):
                add("bound")
        for keyword in ["pattern", "uniqueItems", "multipleOf"]:
            if keyword in wide.bounds and keyword not in narrow.bounds:
                if side == REQUEST or keyword != "pattern":
                    add("bound")
        if side == REQUEST and is_.closed and not was.closed:
            add("closed")
        facts += self.members(was, is_, side)
        if was.items and is_.items:
            facts += self.schema(was.items, is_.items, side)
        if was.extra and is_.extra:
            facts += self.schema(was.extra, is_.extra, side)
        return facts

    def members(self, was, is_, side):
        facts = []
        places = lambda name: (
            was.places | set(was.properties.get(name, [])),
            is_.places | set(is_.properties.get(name, [])),
        )
        if side == REQUEST:
            for name in is_.required - was.required:
                if is_.carried(name, side):
                    facts.append(("required", *places(name)))
            if is_.closed:
                for name in was.properties.keys() - is_.properties.keys():
                    if was.carried(name, side):
                        facts.append(("closed", *places(name)))
        else:
            for name in was.required:
                gone = name not in is_.properties and name in was.properties
                if was.carried(name, side) and (gone or name not in is_.required):
                    facts.append(("optional", *places(name)))
        for name in was.properties.keys() & is_.properties.keys():
            if was.carried(name, side) and is_.carried(name, side):
                facts += self.schema(was.properties[name], is_.properties[name], side)
        return facts


def distinguished(one, other):
    """Whether a member of both has one value in each, and not the same."""
    for name in one.properties.keys() & other.properties.keys():
        values = [schema.property(name).values for schema in (one, other)]
        if all(value and len(value) == 1 for value in values) and values[0] != values[1]:
            return True
    return False


def variables(operation):
    path = operation.split("/")[2].replace("~1", "/").replace("~0", "~")
    return [part.split("}")[0] for part in path.split("{")[1:]]


def names_apart(operation):
    """The operation with the variables of its path unnamed."""
    for name in variables(operation):
        operation = operation.replace("{" + name + "}", "{}")
    return operation


def tells(change, fact):
    kind, old, new = fact
    pointer = change["pointer"]
    return any(part in change["rule"] for part in TOLD_BY[kind]) and (
        pointer["old"] in old or pointer["new"] in new
    )


def main():
    old_path, new_path, report_path = sys.argv[1:]
    old, new = Document(old_path), Document(new_path)
    with open(report_path, encoding="utf-8") as file:
        breaking = [c for c in json.load(file)["changes"] if c["wire"] == "breaking"]
    facts = Facts(old, new).documents()
    false = [c for c in breaking if not any(tells(c, fact) for fact in facts)]
    missed = {}
    for fact in facts:
        if not any(tells(change, fact) for change in breaking):
            missed[fact[0], tuple(sorted(fact[1] | fact[2]))] = fact
    for change in false:
        print(f"no fact: {change['rule']}: {change['message']}")
    for kind, old_places, new_places in missed.values():
        print(f"not told: {kind} at {sorted(old_places)} → {sorted(new_places)}")
    print(f"{len(breaking)} breaking entries: {len(false)} without a fact, {len(missed)} facts not told")
    sys.exit(bool(false or missed))


if __name__ == "__main__":
    sys.setrecursionlimit(20_000)
    main()
