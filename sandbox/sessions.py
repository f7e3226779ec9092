"""Who is signed in to the stand-in's own pages; in memory, known by the digest of a cookie."""

import secrets
from dataclasses import dataclass, field

from sandbox import keys

COOKIE = "sandbox_session"


@dataclass
class Session:
    """One browser: whose it is, the token its forms carry, and the forms it has not sent yet."""

    account_id: str
    form_token: str
    open_forms: set[str] = field(default_factory=set)

    def open_form(self) -> str:
        """Give a number that lets one form be sent once."""
        number = secrets.token_urlsafe(12)
        self.open_forms.add(number)
        return number

    def close_form(self, number: str) -> bool:
        """Take a form's number; False when it was sent before or never given out."""
        if number not in self.open_forms:
            return False
        self.open_forms.discard(number)
        return True


class Sessions:
    """The open sessions."""

    def __init__(self) -> None:
        """Start with nobody signed in."""
        self._sessions: dict[str, Session] = {}

    def start(self, account_id: str) -> str:
        """Sign a person in; gives the cookie's value."""
        value = secrets.token_urlsafe(24)
        self._sessions[keys.digest(value)] = Session(account_id, secrets.token_urlsafe(16))
        return value

    def get(self, value: str) -> Session | None:
        """Find the session of a cookie's value."""
        return self._sessions.get(keys.digest(value)) if value else None

    def end(self, value: str) -> None:
        """Sign out."""
        self._sessions.pop(keys.digest(value), None)
