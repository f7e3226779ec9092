"""What a probe gives, and how a refused read is said."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import Workspace
from bitbucket.errors import MissingScope, Permanent, Unauthorized
from tokens.capabilities import observe
from tokens.models import Capability

Name = Capability.Name
Level = Capability.Level


@dataclass(frozen=True)
class Seen:
    """One capability as a probe saw it.

    Args:
        name: which one.
        level: how it can be done here.
        reason: why, and what to do; never a secret.
        workspace: where it is about one workspace.
        facts: plain details.
    """

    name: Capability.Name
    level: Capability.Level
    reason: str
    workspace: Workspace | None = None
    facts: dict[str, Any] | None = None

    def write(self) -> None:
        """Put it on the sheet."""
        observe(self.name, self.level, self.reason, workspace=self.workspace, facts=self.facts)


@dataclass(frozen=True)
class Read:
    """One read to try.

    Args:
        name: the capability that it shows.
        what: its words after "reads" or "cannot read".
        ask: does it; what it gives becomes the facts.
        needs: the scopes it takes.
        by_hand: what to do where it cannot be.
    """

    name: Capability.Name
    what: str
    ask: Callable[[], dict[str, Any]]
    needs: tuple[str, ...]
    by_hand: str


def tried(read: Read, *, who: str, has: Collection[str] | None, workspace: Workspace | None) -> Seen:
    """Do a read and say how it went.

    Args:
        read: what to do.
        who: whose credential it is, such as "audit bot".
        has: the scopes of its token, None where they are not told.
        workspace: where.

    Raises:
        Transient: nobody can tell now.
        Unauthorized: the credential is refused as a whole, which is no news about this read.
    """
    lacks = [scope for scope in read.needs if has is not None and scope not in has]
    try:
        facts = read.ask()
    except Unauthorized:
        raise
    except MissingScope:
        return _lacking(read, who, workspace, lacks or list(read.needs))
    except Permanent as refusal:
        words = f"The {who} cannot read {read.what} ({said(refusal)}). Make it an administrator, or {read.by_hand}."
        return Seen(read.name, Level.MANUAL, words, workspace, {})
    if lacks:  # where there was nothing to try, such as no project that could be seen, the scopes still tell
        return _lacking(read, who, workspace, lacks)
    if facts.get("tried_on") == []:
        words = f"The {who} sees no repository and no project, so {read.what} could not be tried."
        return Seen(read.name, Level.UNKNOWN, words, workspace, facts)
    return Seen(read.name, Level.AUTOMATIC, f"The {who} reads {read.what}.", workspace, facts)


def _lacking(read: Read, who: str, workspace: Workspace | None, lacks: list[str]) -> Seen:
    words = (
        f"The {who}'s token may not read all {read.what}: it lacks {' and '.join(lacks)}."
        f" Make it a new token with that, or {read.by_hand}."
    )
    return Seen(read.name, Level.MANUAL, words, workspace, {"lacks": lacks})


def said(error: Permanent, longest: int = 90) -> str:
    """A refusal in a few words: the vendor's own where there are any."""
    words = error.detail or error.words
    number = "" if error.status is None else f"HTTP {error.status}: "
    return number + (words if len(words) <= longest else words[: longest - 1] + "…")


def same_for_all(names: Iterable[Capability.Name], level: Capability.Level, reason: str) -> list[Seen]:
    """One reason that holds for several capabilities everywhere, such as a key that is not set."""
    return [Seen(name, level, reason, facts={}) for name in names]
