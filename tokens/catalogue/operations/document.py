"""From Bitbucket's official OpenAPI document to our rows: facts only, none of its prose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from tokens.catalogue.operations.model import Operation, Scopes
from tokens.catalogue.operations.removals import removal_of

METHODS: Final = ("get", "post", "put", "patch", "delete")


class NotTheDocument(ValueError):
    """What was given is not Bitbucket's OpenAPI document; the text says what is missing."""


def operations_from_document(document: Mapping[str, Any]) -> tuple[Operation, ...]:
    """Every operation of the document, sorted by path and method.

    Args:
        document: https://api.bitbucket.org/swagger.json, parsed.

    Raises:
        NotTheDocument: it has no paths, an operation is not shaped like one, or none names a scope.
    """
    paths = document.get("paths")
    if not isinstance(paths, Mapping) or not paths:
        raise NotTheDocument("The document has no paths.")
    try:
        found = sorted(_operations(paths), key=_place)
    except (AttributeError, KeyError, TypeError):
        raise NotTheDocument("An operation of the document is not shaped like one.") from None
    if not any(operation.api_token_scopes for operation in found):
        raise NotTheDocument("No operation of the document names the scopes of API tokens.")
    return tuple(found)


def _place(operation: Operation) -> tuple[str, int]:
    return operation.path, METHODS.index(operation.method.lower())


def _operations(paths: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in paths.items():
        for method in METHODS:
            if method in methods:
                yield _operation(method.upper(), path, methods[method])


def _operation(method: str, path: str, facts: Mapping[str, Any]) -> Operation:
    removal = removal_of(method, path)
    return Operation(
        method=method,
        path=path,
        classic_scopes=_named(scope for way in facts.get("security", ()) for scope in way.get("oauth2", ())),
        api_token_scopes=_named(scope for way in facts.get("x-atlassian-oauth2-scopes", ()) for scope in way["scopes"]),
        auth_types=_named(facts.get("x-atlassian-auth-types", ())),
        deprecated=bool(facts.get("deprecated", False)),
        removed_on=removal.removed_on if removal else None,
    )


def _named(names: Any) -> Scopes | None:
    return tuple(sorted(set(names))) or None


def differences(old: Sequence[Operation], new: Sequence[Operation]) -> list[str]:
    """One sentence per operation that came, went or changed, in the order of their paths."""
    before, after = {row.name: row for row in old}, {row.name: row for row in new}
    sentences = []
    for name in sorted(before.keys() | after.keys(), key=lambda name: name.partition(" ")[::-1]):
        if name not in before:
            sentences.append(f"new: {name} ({_scopes_in_words(after[name])})")
        elif name not in after:
            sentences.append(f"gone: {name} ({_scopes_in_words(before[name])})")
        elif before[name] != after[name]:
            sentences.append(f"changed: {name}: {'; '.join(_changes(before[name], after[name]))}")
    return sentences


def _scopes_in_words(operation: Operation) -> str:
    return f"API token: {_value(operation.api_token_scopes)}, classic: {_value(operation.classic_scopes)}"


def _changes(old: Operation, new: Operation) -> Iterator[str]:
    for field in fields(Operation):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before != after:
            yield f"{field.name.replace('_', ' ')} {_value(before)} → {_value(after)}"


def _value(value: object) -> str:
    if value is None:
        return "none known"
    if isinstance(value, tuple):
        return " ".join(value)
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
