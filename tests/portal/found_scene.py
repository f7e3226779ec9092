"""What was found of Emma's, for the pages about findings."""

from dataclasses import dataclass

from accounts.models import User
from tests.tokens.findings.found import READ, accepted, finding_of, found_token, unknown_token
from tokens.models import Credential, Finding

UNTIL_DAYS = 30


@dataclass(frozen=True)
class Found:
    """A found token, and findings by where they stand."""

    token: Credential
    finding: Finding
    waiting: Finding
    accepted: Finding


def make_found(holder: User, first: User) -> Found:
    """Make them; ``first`` has proposed and accepted."""
    token = found_token(holder.person, scopes=[READ])
    waiting = finding_of(found_token(holder.person, name="risky", scopes=[READ]), risk="high")
    accepted(waiting, first.person, needs_second=True)
    settled = finding_of(found_token(holder.person, name="settled", scopes=[READ]))
    accepted(settled, first.person)
    unknown_token(holder.person, name="no product")
    return Found(token, finding_of(token), waiting, settled)
