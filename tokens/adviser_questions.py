"""What somebody asked the adviser, as the query of an address: it can be kept, shared and come back to.

It holds names of ours and of Bitbucket only (tasks, tools, operations, scopes), never a pasted text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar, get_args
from urllib.parse import urlencode

from tokens.catalogue.adviser.model import Task, Tool, UsedBy
from tokens.catalogue.adviser.needs import Needs, Wanted, needs_of, wanted_by_tasks, wanted_by_tool
from tokens.catalogue.adviser.tasks import TASK_BY_SLUG
from tokens.catalogue.adviser.tools import TOOL_BY_SLUG
from tokens.catalogue.data import SCOPE_BY_NAME
from tokens.catalogue.operations import OPERATION_BY_NAME, Operation

Thing = TypeVar("Thing")
USED_BY: Final[dict[str, UsedBy]] = {name: name for name in get_args(UsedBy)}
# A server's limit for the first line of a request is about twice this; what is longer is asked for by its scopes.
LONGEST_QUERY: Final = 2_000


class Parameters(Protocol):
    """What Django's QueryDict offers."""

    def get(self, key: str, default: str, /) -> str | None: ...
    def getlist(self, key: str, /) -> Sequence[str]: ...


@dataclass(frozen=True)
class Question:
    """What is wanted, and who will use it. Names that nobody knows are left out when it is read."""

    used_by: UsedBy | None = None
    tasks: tuple[Task, ...] = ()
    tool: Tool | None = None
    with_optional: bool = False
    operations: tuple[Operation, ...] = ()
    scopes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said about what is wanted."""
        return not (self.tasks or self.tool or self.operations or self.scopes)

    def needs(self) -> Needs:
        """The smallest set for all of it."""
        wanted = [
            *wanted_by_tasks(self.tasks),
            *(wanted_by_tool(self.tool, with_optional=self.with_optional) if self.tool else ()),
            *(Wanted(operation, operation.name) for operation in self.operations),
        ]
        return needs_of(wanted, named_scopes=self.scopes)

    def query(self, **more: str) -> str:
        """The query that asks this again, with further parameters; without a question mark."""
        pairs = [*self._pairs(), *more.items()]
        text = urlencode(pairs)
        if len(text) <= LONGEST_QUERY:
            return text
        short = Question(self.used_by, scopes=self.needs().api_token_scopes)
        return urlencode([*short._pairs(), *more.items()])

    def as_used_by(self, used_by: UsedBy | None) -> "Question":
        """The same, for another user."""
        return replace(self, used_by=used_by)

    def _pairs(self) -> list[tuple[str, str]]:
        pairs = [("used_by", str(self.used_by))] if self.used_by else []
        pairs += [("task", task.slug) for task in self.tasks]
        pairs += [("tool", self.tool.slug)] if self.tool else []
        pairs += [("optional", "1")] if self.with_optional else []
        pairs += [("call", operation.name) for operation in self.operations]
        return pairs + ([("scopes", ",".join(self.scopes))] if self.scopes else [])


def question_from(parameters: Parameters) -> Question:
    """Read a question from the parameters of an address or a form."""
    return Question(
        used_by=USED_BY.get(parameters.get("used_by", "") or ""),
        tasks=tuple(_known(parameters.getlist("task"), TASK_BY_SLUG)),
        tool=TOOL_BY_SLUG.get(parameters.get("tool", "") or ""),
        with_optional=parameters.get("optional", "") == "1",
        operations=tuple(_known(parameters.getlist("call"), OPERATION_BY_NAME)),
        scopes=tuple(scope for scope in _split(parameters.getlist("scopes")) if _is_offered(scope)),
    )


def _known(names: Iterable[str], table: dict[str, Thing]) -> list[Thing]:
    return [table[name] for name in dict.fromkeys(names) if name in table]


def _split(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(part.strip() for value in values for part in value.split(",") if part.strip()))


def _is_offered(name: str) -> bool:
    scope = SCOPE_BY_NAME.get(name)
    return scope is not None and scope.dialect == "api_token" and scope.removed_on is None
