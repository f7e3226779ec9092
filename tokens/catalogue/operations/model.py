"""The shapes of the operation table and of what a line of text turned out to mean."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

CallStatus = Literal["matched", "unknown", "removed"]
Scopes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of Bitbucket's REST API, or of git.

    `path` is the document's pattern (`/repositories/{workspace}/{repo_slug}`). `classic_scopes` and
    `api_token_scopes` are what the document names, sorted; None where it names none: none *known*, not none needed.
    `auth_types`: what it says may call it; None where it is silent. `removed_on`: the day Bitbucket withdrew it.
    """

    method: str
    path: str
    classic_scopes: Scopes | None
    api_token_scopes: Scopes | None
    auth_types: Scopes | None = None
    deprecated: bool = False
    removed_on: date | None = None

    @property
    def name(self) -> str:
        """`GET /user`, `git push`: how the table, the adviser's data and the answers call it."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Call:
    """What one call of a pasted text means.

    `text` is the masked text. `operation` is None where it is unknown, or gone for so long that the document no longer
    has it. `because` says in words why it is unknown or what became of it; empty where it matched.
    """

    text: str
    status: CallStatus
    operation: Operation | None = None
    because: str = ""

    @property
    def api_token_scopes(self) -> Scopes | None:
        """As the document declares them for this operation; None where none are known."""
        return self.operation.api_token_scopes if self.operation else None

    @property
    def classic_scopes(self) -> Scopes | None:
        """As the document declares them for this operation; None where none are known."""
        return self.operation.classic_scopes if self.operation else None
