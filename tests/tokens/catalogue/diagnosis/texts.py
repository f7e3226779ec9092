"""Texts as git, curl, builds and IDEs print them, each with what it means. Only fixed fragments are Bitbucket's.

Secrets are put together from parts, so that no file holds one.
"""

from dataclasses import dataclass

from tokens.catalogue.diagnosis import Cause

_BODY = "T3xFfGF0" + "made-up" + "_" + "Q7" * 20 + "=0A1B2C3D"
API_TOKEN = "ATA" + "T" + _BODY
APP_PASSWORD = "AT" + "BB" + "madeUpAppPassword0A1B2C3D"
ACCESS_TOKEN = "ATC" + "T" + _BODY


@dataclass(frozen=True)
class Text:
    """One pasted text: the rule that must decide it, the cause, and the scopes that must be named."""

    rule: str
    cause: Cause
    text: str
    missing: tuple[str, ...] = ()


URL = "https://bitbucket.org/acme/web.git"
NO_ACCESS = (
    "remote: You may not have access to this repository or it no longer exists in this workspace. If you think this "
    "repository exists and you have access, make sure you are authenticated."
)
INVALID = '{"type": "error", "error": {"message": "Token is invalid, expired, or not supported for this endpoint."}}'


def refused(user: str = "") -> str:
    """git's last line when a credential is not accepted."""
    at = f"{user}@" if user else ""
    return f"fatal: Authentication failed for 'https://{at}bitbucket.org/acme/web.git/'"


def unable(status: int, user: str = "") -> str:
    """git's last line when the server answers with a status."""
    at = f"{user}@" if user else ""
    return (
        f"fatal: unable to access 'https://{at}bitbucket.org/acme/web.git/': The requested URL returned error: {status}"
    )
