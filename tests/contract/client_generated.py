"""Answers made from the official document's schemas: usual ones, and odd ones that the document allows as well."""

import random
from typing import Any

from tests.contract.client_schemas import Schema, Schemas

_DEEPEST = 5
_PAGE = frozenset({"next", "previous", "page", "size", "pagelen"})
_TEXTS = (
    *("", "a", "Zoë 🦄", "日本語", "x" * 3000, "<b>&amp;</b>", "..", "../..", "a b/c", "'; --", "{}"),
    *("\u202eabc", "\x00", "\ud800"),
)
_MOMENTS = (
    "2026-05-01T08:30:00Z",
    "2026-05-01T08:30:00.123456+00:00",
    "2026-05-01T08:30:00.123456789-11:30",
    "2016-12-31T23:59:60Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "2026-05-01t08:30:00z",
)
_IDS: dict[str, tuple[Any, ...]] = {"uuid": ("{e}", "{r}"), "account_id": ("712020:emma",), "id": (7,)}
_STRANGE: tuple[Any, ...] = (None, True, 0, -1, 2**70, 1.5, [], {}, [[]], "", "unheard-of", {"type": "x"})

# Members that the service sends and the schemas do not know, by schema: the document's examples and descriptions name
# them (key_id of the deletion; the levels of a workspace), /user is described as an `account` there.
_MORE: dict[str, dict[str, Schema]] = {
    "deploy_key": {"id": {"type": "integer"}},
    "project_deploy_key": {"id": {"type": "integer"}},
    "workspace_membership": {"permission": {"type": "string", "enum": ["owner", "create-project", "member"]}},
    "account": {"account_id": {"type": "string"}, "nickname": {"type": "string"}},
}


class Usual:
    """Makes answers with every member the document names."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas

    def answer(self, schema: Schema) -> Any:
        """A whole answer; a page is the last one."""
        return self.value(schema, 0)

    def value(self, schema: Schema, depth: int) -> Any:
        """One value of a schema."""
        plain = self.schemas.resolved(schema)
        kind = plain.get("type") or ("object" if "properties" in plain or "allOf" in plain else "")
        if kind == "object":
            return self.object(schema, depth)
        if kind == "array":
            return [self.value(plain["items"], depth + 1) for _ in range(self.length(depth))]
        return self.scalar(kind, plain)

    def object(self, schema: Schema, depth: int) -> dict[str, Any]:
        """An object."""
        shape = self.schemas.shape(schema)
        members = {**shape.members, **_MORE.get(self.schemas.name_of(schema), {})}
        is_page = "values" in members
        made: dict[str, Any] = {}
        for name, member in members.items():
            is_paging = is_page and name in _PAGE
            if not is_paging and (name in shape.required or (depth < _DEEPEST and self.has(name))):
                made[name] = self.value(member, depth + 1)
        return made | self.more(shape.is_open, depth)

    def length(self, depth: int) -> int:
        """How many items a list has."""
        return 2 if depth < 2 else 1

    def has(self, name: str) -> bool:
        """Whether a member that may be missing is there."""
        return bool(name)

    def more(self, is_open: bool, depth: int) -> dict[str, Any]:
        """Members beyond those that the schema names, where it is open to others."""
        del is_open, depth
        return {}

    def scalar(self, kind: str, schema: Schema) -> Any:
        """A text, number or flag."""
        if not kind:  # the patched members, which the service also sets to null
            return None
        if kind == "boolean":
            return True
        if kind in {"integer", "number"}:
            return 7
        if "enum" in schema:
            return schema["enum"][0]
        return _MOMENTS[0] if schema.get("format") == "date-time" else "acme/web"


class Odd(Usual):
    """One answer with pseudo-random choices: what may be missing is missing, what may be strange is.

    Args:
        schemas: of the patched document.
        chance: decides everything, so that a seed repeats it.
    """

    def __init__(self, schemas: Schemas, chance: random.Random) -> None:
        super().__init__(schemas)
        self.chance = chance
        self._presence = chance.choice((0.0, 0.5, 0.8, 0.8, 1.0, 1.0))
        self._oddness = chance.choice((0.0, 0.1, 0.6))

    def object(self, schema: Schema, depth: int) -> dict[str, Any]:
        """An object, whose ids are often those that a caller asks for."""
        made = super().object(schema, depth)
        for name in sorted(_IDS.keys() & made.keys()):
            if self.chance.random() < 0.5 and type(made[name]) is type(_IDS[name][0]):
                made[name] = self.chance.choice(_IDS[name])
        return made

    def length(self, depth: int) -> int:
        """None, a few, seldom many."""
        del depth
        return self.chance.choice((0, 1, 1, 2, 3))

    def has(self, name: str) -> bool:
        """By this answer's own rate."""
        return self.chance.random() < self._presence

    def more(self, is_open: bool, depth: int) -> dict[str, Any]:
        """Names that a reader may know, with values of any kind."""
        if not is_open or depth == 0 or self.chance.random() >= self._oddness:
            return {}
        names = ("account_id", "permission", "id", "nickname", "name", "slug", "новое")
        return {self.chance.choice(names): self.chance.choice(_STRANGE)}

    def scalar(self, kind: str, schema: Schema) -> Any:
        """Anything of the kind."""
        if kind == "boolean":
            return self.chance.random() < 0.5
        if kind == "integer":
            return self.chance.choice((0, 1, -1, 2**63, 10**30))
        if not kind or kind == "number":  # the patched members: nulls are allowed there
            return self.chance.choice((None, _MOMENTS[0]))
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        if schema.get("format") == "date-time":
            return self.chance.choice(_MOMENTS) if self.chance.random() < self._oddness else _MOMENTS[1]
        return self.chance.choice(_TEXTS) if self.chance.random() < self._oddness else f"w/{self.chance.randrange(99)}"
