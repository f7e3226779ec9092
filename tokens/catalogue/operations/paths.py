"""From a concrete path to the operation it belongs to.

The patterns form a tree of segments. A literal segment goes before a parameter, and a parameter that may hold
slashes (a file's path, a branch's name) takes the rest of the path only where nothing more exact fits. The most exact
pattern decides: where it knows no such method, no other pattern is tried.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from tokens.catalogue.operations.model import Operation
from tokens.catalogue.operations.table import OPERATIONS

# Parameters at the end of a pattern whose values hold slashes: files, branches and tags, and ranges of them.
_HOLDS_SLASHES: Final = frozenset({"{path}", "{name}", "{spec}", "{revision}", "{revspec}"})
# The root of a tree of files is a path without a name: …/src/main/
_MAY_BE_EMPTY: Final = "{path}"
_PARAMETER: Final = re.compile(r"\{[^{}]*\}")
_EMPTY: Final = ""


@dataclass(slots=True)
class _Node:
    literals: dict[str, "_Node"] = field(default_factory=dict)
    mixed: list[tuple[re.Pattern[str], "_Node"]] = field(default_factory=list)
    parameter: "_Node | None" = None
    rest: "_Node | None" = None
    rest_may_be_empty: bool = False
    methods: dict[str, Operation] = field(default_factory=dict)


def operation_at(method: str, segments: Sequence[str]) -> Operation | None:
    """The operation that a method and the decoded segments of a path mean; None where there is none.

    Args:
        method: upper-case; HEAD counts as GET.
        segments: below the API's root. The last one is empty where the path ends with a slash.
    """
    wanted = "GET" if method == "HEAD" else method
    whole = segments[:-1] if len(segments) > 1 and segments[-1] == _EMPTY else segments
    for candidate in (whole, segments):
        node = next(_fitting(_tree(), candidate), None)
        if node and node.methods:
            return node.methods.get(wanted)
    return None


@cache
def first_segments() -> frozenset[str]:
    """What a path below the API's root can start with."""
    return frozenset(_tree().literals)


@cache
def later_literals() -> frozenset[str]:
    """The fixed words that follow a repository in a path: `pullrequests`, `commits`, `src`."""
    repository = _child(_child(_tree().literals["repositories"], "{workspace}"), "{repo_slug}")
    return frozenset(repository.literals)


def _fitting(node: _Node, segments: Sequence[str]) -> Iterator[_Node]:
    if not segments:
        yield node
        return
    head, tail = segments[0], segments[1:]
    if head in node.literals:
        yield from _fitting(node.literals[head], tail)
    for pattern, child in node.mixed:
        if pattern.fullmatch(head):
            yield from _fitting(child, tail)
    if node.parameter and head != _EMPTY:
        yield from _fitting(node.parameter, tail)
    if node.rest and (tuple(segments) != (_EMPTY,) or node.rest.rest_may_be_empty):
        yield node.rest


@cache
def _tree() -> _Node:
    root = _Node()
    for operation in OPERATIONS:
        node = root
        for segment in operation.path.strip("/").split("/"):
            node = _child(node, segment)
        node.methods[operation.method] = operation
        _open_to_slashes(root, operation)
    return root


def _open_to_slashes(root: _Node, operation: Operation) -> None:
    *before, last = operation.path.strip("/").split("/")
    if last in _HOLDS_SLASHES:
        node = root
        for segment in before:
            node = _child(node, segment)
        node.rest = node.rest or _Node()
        node.rest.methods[operation.method] = operation
        node.rest.rest_may_be_empty = last == _MAY_BE_EMPTY


def _child(node: _Node, segment: str) -> _Node:
    if _PARAMETER.fullmatch(segment):
        node.parameter = node.parameter or _Node()
        return node.parameter
    if not _PARAMETER.search(segment):
        return node.literals.setdefault(segment, _Node())
    pattern = re.compile(".+".join(map(re.escape, _PARAMETER.split(segment))))
    for known, child in node.mixed:
        if known == pattern:
            return child
    child = _Node()
    node.mixed.append((pattern, child))
    return child
