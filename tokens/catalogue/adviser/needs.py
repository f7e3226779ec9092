"""What is needed and why: the union of what operations ask for, in both dialects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tokens.catalogue.adviser.model import Task, Tool
from tokens.catalogue.operations.model import Call, Operation
from tokens.catalogue.operations.table import OPERATION_BY_NAME
from tokens.catalogue.rules.cover import classic_cover
from tokens.catalogue.rules.lattice import reduce_classic

NAMED: Final = "you named it"


@dataclass(frozen=True, slots=True)
class Needs:
    """The smallest set for some operations.

    `because`: for each API-token scope the calls, tasks or tools that need it. `operations`: what was asked about, in
    order. `unproven`: operations of which Bitbucket names no API-token scope, so none is known.
    """

    api_token_scopes: tuple[str, ...] = ()
    classic_scopes: tuple[str, ...] = ()
    because: dict[str, tuple[str, ...]] = field(default_factory=dict)
    operations: tuple[Operation, ...] = ()
    unproven: tuple[Operation, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One operation and the words that name it to the person who asked."""

    operation: Operation
    words: str


def needs_of(wanted: Iterable[Wanted], *, named_scopes: Sequence[str] = ()) -> Needs:
    """Add up what operations need. What was removed adds nothing.

    Args:
        named_scopes: API-token scopes that somebody asks for without saying what they call.
    """
    because: dict[str, list[str]] = {}
    classic: set[str] = set(classic_cover(named_scopes).scopes) if named_scopes else set()
    operations: list[Operation] = []
    for want in wanted:
        if want.operation.removed_on is not None:
            continue
        operations.append(want.operation)
        classic |= set(want.operation.classic_scopes or ())
        for scope in want.operation.api_token_scopes or ():
            because.setdefault(scope, []).append(want.words)
    for scope in named_scopes:
        because.setdefault(scope, []).append(NAMED)
    return Needs(
        api_token_scopes=tuple(sorted(because)),
        classic_scopes=reduce_classic(classic),
        because={scope: tuple(dict.fromkeys(words)) for scope, words in sorted(because.items())},
        operations=tuple(dict.fromkeys(operations)),
        unproven=tuple(dict.fromkeys(row for row in operations if _is_unproven(row))),
    )


def _is_unproven(operation: Operation) -> bool:
    return operation.method != "git" and operation.api_token_scopes is None


def wanted_by_tasks(tasks: Iterable[Task]) -> list[Wanted]:
    """Tasks as operations, each under the task's own words."""
    return [Wanted(OPERATION_BY_NAME[call], task.words) for task in tasks for call in task.calls]


def wanted_by_tool(tool: Tool, *, with_optional: bool = False) -> list[Wanted]:
    """What a tool calls, each under its reason; calls behind a setting only where that is wanted."""
    calls = (call for call in tool.calls if with_optional or not call.optional)
    return [Wanted(OPERATION_BY_NAME[call.call], f"{tool.name}: {call.why}") for call in calls]


def wanted_by_calls(calls: Iterable[Call]) -> list[Wanted]:
    """Matched calls under the names of their operations."""
    matched = (call.operation for call in calls if call.status == "matched")
    return [Wanted(operation, operation.name) for operation in matched if operation is not None]
