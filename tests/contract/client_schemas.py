"""The official document's schemas as flat tables of members, so that answers can be made from them."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

Schema = dict[str, Any]
_PLACEHOLDER = re.compile(r"\{[^}]+\}")


class Shape(NamedTuple):
    """An object's members, those it must have, and whether it may have others."""

    members: Mapping[str, Schema]
    required: frozenset[str]
    is_open: bool


class Schemas:
    """Reads schemas of a (patched) document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._shapes: dict[str, Shape] = {}

    def resolved(self, schema: Schema) -> Schema:
        """The schema behind a reference."""
        reference = schema.get("$ref")
        return self.named(reference.rpartition("/")[2]) if reference else schema

    def named(self, name: str) -> Schema:
        """A schema by its name."""
        found: Schema = self.document["components"]["schemas"][name]
        return found

    def shape(self, schema: Schema) -> Shape:
        """The members of an object schema, those of everything it is made of included."""
        key = schema.get("$ref", "")
        if key and key in self._shapes:
            return self._shapes[key]
        plain = self.resolved(schema)
        members: dict[str, Schema] = {}
        required: set[str] = set(plain.get("required", ()))
        is_open = plain.get("additionalProperties", True) is not False
        for part in plain.get("allOf", ()):
            inner = self.shape(part)
            members |= inner.members
            required |= inner.required
            is_open = is_open and inner.is_open
        found = Shape(members | plain.get("properties", {}), frozenset(required), is_open)
        if key:
            self._shapes[key] = found
        return found

    def name_of(self, schema: Schema) -> str:
        """The name a reference gives, or empty."""
        return str(schema.get("$ref", "")).rpartition("/")[2]

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        # What has fewer placeholders is the nearer address.
        templates = sorted(self.document["paths"], key=lambda template: template.count("{"))
        return [(re.compile(_PLACEHOLDER.sub("[^/]+", template)), template) for template in templates]

    def template_at(self, path: str) -> str | None:
        """The documented address that a path (without `/2.0`) is; None where there is none."""
        return next((template for pattern, template in self._patterns if pattern.fullmatch(path)), None)

    def operation(self, method: str, template: str) -> dict[str, Any] | None:
        """A documented operation, with the parameters of its address."""
        at_path = self.document["paths"][template]
        found: dict[str, Any] | None = at_path.get(method.lower())
        if found is None:
            return None
        return found | {"parameters": [*at_path.get("parameters", ()), *found.get("parameters", ())]}

    def success(self, operation: dict[str, Any]) -> Schema | None:
        """The schema of a 200; None where none is described."""
        content = operation["responses"].get("200", {}).get("content", {})
        found: Schema | None = content.get("application/json", {}).get("schema")
        return found

    def example(self, operation: dict[str, Any]) -> Any:
        """The document's own example of a 200; None where it has none."""
        content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
        named = content.get("examples", {}).get("response", {}).get("value")
        return named if named is not None else content.get("example")
