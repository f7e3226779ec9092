"""What a coverage statement is made of."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from accounts.models import Person
from offboarding.models import Step


class Covered(StrEnum):
    """How one kind ended, the strongest first; never the same colour."""

    PROVEN = "proven"
    NOTHING = "nothing"
    DISABLED = "disabled"
    ATTESTED = "attested"
    KEPT = "kept"
    FORCED = "forced"
    OPEN = "open"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class CoverageLine:
    """One kind in the statement.

    Attributes:
        kind: its name in our words, such as ``api_token`` or ``grants``.
        name: for people: "API tokens".
        covered: how it ended.
        words: what shows it, or why it cannot be.
        owner: who answers for what is open.
        due_at: until when.
        steps: what it rests on.
    """

    kind: str
    name: str
    covered: Covered
    words: str
    owner: Person | None = None
    due_at: datetime | None = None
    steps: tuple[Step, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Minutes:
    """Whole minutes from a moment to four ends; None where the end, or the moment, is not there.

    What was done before the moment counts in negative minutes.
    """

    since: str
    moment: datetime | None
    last_token_gone: int | None
    account_off: int | None
    last_grant_gone: int | None
    last_manual_step: int | None


@dataclass(frozen=True)
class Coverage:
    """The statement of a plan as it stands now.

    Attributes:
        lines: one for each kind, in a fixed order; complete: a kind nobody can see has its line, too.
        minutes: from `leaves_at`, from `reported_at`, and from the start.
        requests: how many requests the plan has sent that its evidence shows.
        is_final: whether the plan has ended.
    """

    lines: tuple[CoverageLine, ...]
    minutes: tuple[Minutes, ...]
    requests: int
    is_final: bool
