"""How far the reading of the rotate list is, kept in its step, and what it says in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils import timezone

from offboarding.models import RotateItem, Step
from offboarding.pipeline_holdings import HIDDEN, Holding
from tokens.models import Repository
from tokens.operations.secrets import FRESH_FOR

REPOSITORY, WORKSPACE = "repository", "workspace"
NOT_KNOWN = "{} repositories that they reach are not in the inventory yet"
NOT_NARROWED = "their rights could not be narrowed to one person, so that some repositories may be missing"


@dataclass(frozen=True)
class Place:
    """One place to read, by its row, and what the leaver could do there."""

    where: str
    pk: int
    level: str = ""

    @property
    def is_repository(self) -> bool:
        """Whether it is a repository; a workspace otherwise."""
        return self.where == REPOSITORY


def target_of(written: dict[int, str], gaps: Iterable[str]) -> dict[str, Any]:
    """A rotate step's target: every place to read, in the order of reading.

    Args:
        written: repositories by row with the leaver's level.
        gaps: what is not known of where they could write.
    """
    workspaces = Repository.objects.filter(pk__in=written).order_by("workspace").values_list("workspace", flat=True)
    places = [[WORKSPACE, pk, ""] for pk in dict.fromkeys(workspaces)]
    places += [[REPOSITORY, pk, level] for pk, level in written.items()]
    return {"places": places, "gaps": [*gaps]}


@dataclass
class Rotation:
    """The progress.

    Attributes:
        places: all of them.
        gaps: what is not known of where they could write.
        at: how many are read.
        empty: how many of them the inventory knows as empty.
        hidden: how many answered 404 to something.
        reasons: why something was not read, with the number of places.
    """

    places: list[Place]
    gaps: list[str]
    at: int = 0
    empty: int = 0
    hidden: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    rights: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, step: Step) -> Self:
        """As the step remembers it; one that was read to its end begins anew."""
        kept = step.target
        places = [Place(*one) for one in kept.get("places", [])]
        gaps = list(kept.get("gaps", []))
        if kept.get("is_read"):
            return cls(places, gaps)
        at, empty, hidden = (int(kept.get(name, 0)) for name in ("at", "empty", "hidden"))
        return cls(places, gaps, at, empty, hidden, dict(kept.get("reasons", {})))

    def save(self, step: Step, *, is_read: bool = False) -> None:
        """Let the step remember it."""
        step.target |= {
            "at": self.at,
            "empty": self.empty,
            "hidden": self.hidden,
            "reasons": self.reasons,
            "is_read": is_read,
        }
        step.save(update_fields=["target"])

    @property
    def left(self) -> list[Place]:
        """What is not read yet."""
        return self.places[self.at :]

    @property
    def workspaces(self) -> list[int]:
        """The rows of the workspaces they could write in."""
        return [one.pk for one in self.places if not one.is_repository]

    @property
    def unread(self) -> list[str]:
        """What keeps "there is nothing" from being said, in words."""
        counted = [
            f"{reason} ({count} place{'s' if count > 1 else ''})" for reason, count in sorted(self.reasons.items())
        ]
        return [*self.gaps, *self.rights, *counted]

    def is_known_empty(self, repository: Repository) -> bool:
        """Whether the inventory read lately that its pipelines hold nothing."""
        read_at, kept = repository.secrets_observed_at, repository.secrets
        if read_at is None or read_at < timezone.now() - FRESH_FOR or kept.get("unread"):
            return False
        counted = [kept.get("variables", {}), *kept.get("environments", [])]
        return not kept.get("runners") and not any(one.get("secured") or one.get("readable") for one in counted)

    def go_on(self) -> None:
        """One place is done."""
        self.at += 1

    def note_empty(self) -> None:
        """One place needed no request."""
        self.empty += 1

    def note(self, read: Holding) -> None:
        """Count what one place did not show."""
        reasons = set(read.unread.values())
        self.hidden += HIDDEN in reasons
        for reason in sorted(reasons - {HIDDEN}):
            self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def note_right(self, trouble: str) -> None:
        """Note what is wrong with our own right; empty for nothing."""
        if trouble:
            self.rights.append(f"{trouble}, so that what it did not see may be there")

    def words(self) -> str:
        """What was read and what was not."""
        repositories = sum(1 for one in self.places if one.is_repository)
        said = [f"{repositories} repositories they could write were looked at"]
        if self.empty:
            said.append(f"of {self.empty} the inventory knows that they hold nothing")
        if self.hidden:
            said.append(f"{self.hidden} places answer 404 to some of it: pipelines are off there")
        if self.unread:
            said.append(f"NOT READ: {'; '.join(self.unread)}")
        return "; ".join(said)


def title_of(items: list[RotateItem], leaver: str) -> str:
    """What one has to do, in one line.

    Args:
        items: with their repositories.
        leaver: their name.
    """
    if not items:
        return f"Look by hand what the pipelines hold that {leaver} could start: it could not be read"
    secrets = sum(one.secured + one.has_pipeline_key for one in items)
    head = f"Rotate {_counted(secrets, 'secret')}" if secrets else "Look through what pipelines hold"
    last = max((one.last_run_at for one in items if one.last_run_at), default=None)
    tail = f"; last run by them {last:%d %B %H:%M} UTC" if last else ""
    return f"{head} in {_places(items)}{tail}"


def _places(items: list[RotateItem]) -> str:
    repositories = sum(1 for one in items if one.repository_id)
    workspaces = len(items) - repositories
    said = [_counted(repositories, "repository", "repositories")] if repositories else []
    said += ["the workspace" if workspaces == 1 else f"{workspaces} workspaces"] if workspaces else []
    return " and ".join(said)


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
