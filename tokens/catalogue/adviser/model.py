"""The shapes of the adviser: tasks, tools and what they call."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

UsedBy = Literal["person", "machine", "pipelines"]


@dataclass(frozen=True, slots=True)
class Task:
    """Something people do, in their words.

    `calls`: operations as the table spells them (`POST /repositories/{workspace}/{repo_slug}/pullrequests`), or
    `git fetch` and `git push`. `note`: what somebody who ticks it should know; may be empty.
    """

    slug: str
    group: str
    words: str
    calls: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One thing a tool does. `call` is spelt as in `Task.calls`; `optional`: only with a setting that `why` names."""

    call: str
    why: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that people connect to Bitbucket.

    `words`: what it is connected for. `used_by`: who holds its credential as a rule. `asks`: the scopes its own
    documentation asks for, as it spells them, in `asks_dialect`; empty where it names none. `note`: what else matters
    (settings, user names, what it cannot take). `source`: where the calls were read; `asks_source`: where `asks` was.
    """

    slug: str
    name: str
    words: str
    used_by: UsedBy
    calls: tuple[ToolCall, ...]
    source: str
    seen_on: date
    asks: tuple[str, ...] = ()
    asks_dialect: Literal["classic", "api_token", ""] = ""
    asks_source: str = ""
    note: str = ""
