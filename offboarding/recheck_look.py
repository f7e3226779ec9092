"""How far a later look at an ended plan is, kept in its step."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self

from offboarding.models import Step


@dataclass
class Look:
    """One look.

    Attributes:
        found: what came back, in words.
        troubles: what could not be looked at, in words.
        workspaces: rows of the workspaces still to be read.
        workspace: the one whose places are asked now; None for none.
        ask: its places that are still to be asked.
        asked: how many were.
        is_begun: whether the account and its tokens were looked at.
        is_witnessed: whether an empty list of tokens was confirmed by a second one.
    """

    found: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    workspaces: list[int] = field(default_factory=list)
    workspace: int | None = None
    ask: list[list[str]] = field(default_factory=list)
    asked: int = 0
    is_begun: bool = False
    is_witnessed: bool = True

    @classmethod
    def of(cls, step: Step) -> Self:
        """As the step remembers it. One that ended, and is to be tried again, begins anew."""
        kept: dict[str, Any] = step.target.get("look", {})
        return cls(**kept)

    def save(self, step: Step, *, is_over: bool = False) -> None:
        """Let the step remember it; one that is over leaves only what it showed."""
        step.target = {"found": self.found, "troubles": self.troubles} if is_over else {"look": asdict(self)}
        step.save(update_fields=["target"])

    @property
    def words(self) -> str:
        """What it showed, in a line."""
        if not self.found and not self.troubles:
            words = f"Nothing came back: no token, the account is off, no seat, no grant at {self.asked} places asked"
            return words if self.is_witnessed else f"{words}; no second list could confirm that there is no token"
        said = [f"Came back: {'; '.join(self.found)}"] if self.found else []
        said += [f"Not looked at: {'; '.join(self.troubles)}"] if self.troubles else []
        return ". ".join(said)
