"""How a call says who it is. Values that never show themselves."""

import base64
import re
from dataclasses import dataclass

_HEADER_SAFE = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, repr=False)
class Basic:
    """An Atlassian account's e-mail and API token.

    Raises:
        ValueError: the e-mail holds a colon, or one of the two a control character (RFC 7617).
    """

    email: str
    secret: str

    def __post_init__(self) -> None:
        if ":" in self.email or not self.email.isprintable() or not self.secret.isprintable():
            message = "e-mail or secret holds a character that HTTP Basic cannot carry"
            raise ValueError(message)

    def header_value(self) -> str:
        """The value of the Authorization header."""
        return f"Basic {self._encoded()}"

    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text."""
        return (self._encoded(), self.secret)

    def _encoded(self) -> str:
        return base64.b64encode(f"{self.email}:{self.secret}".encode()).decode("ascii")

    def __repr__(self) -> str:
        return "Basic(…)"


@dataclass(frozen=True, repr=False)
class Bearer:
    """An OAuth access token, an access token of a repository, project or workspace, or an organisation's API key.

    Raises:
        ValueError: empty, or with a character that no header can carry; it names no value.
    """

    token: str

    def __post_init__(self) -> None:
        if not _HEADER_SAFE.fullmatch(self.token):
            message = "the token is empty or holds a character that a header cannot carry"
            raise ValueError(message)

    def header_value(self) -> str:
        """The value of the Authorization header."""
        return f"Bearer {self.token}"

    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text."""
        return (self.token,)

    def __repr__(self) -> str:
        return "Bearer(…)"


Credential = Basic | Bearer
