"""The invented company's credentials, the requests behind the approved ones, and their findings."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.models import Person
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.codes import ALPHABET
from tokens.inventory.scale.copying import copy_rows
from tokens.models import (
    Credential,
    Finding,
    FindingAction,
    FindingKind,
    Project,
    Repository,
    Request,
    Standing,
    TemplateVersion,
)
from tokens.policy import scopes_hash
from tokens.states import ENDED, LIVE, RequestState
from tokens.states import CredentialState as C

_API = "api_token"
_KEY = "deploy_key"
# What is how frequent, as weights.
_KINDS = {
    _API: 80,
    _KEY: 8,
    "repository_access_token": 5,
    "project_access_token": 2,
    "workspace_access_token": 1,
    "ssh_key": 2,
    "oauth_grant": 1,
    "runner": 0.5,
    "app_password": 0.5,
}
_STATES = {
    C.ACTIVE: 80,
    C.EXPIRED: 6,
    C.REVOKED: 5,
    C.GONE: 4,
    C.RETIRED: 2,
    C.NEEDS_HUMAN: 1,
    C.DISABLED: 1,
    C.REFUSED: 0.6,
    C.REVOKING: 0.4,
}
_STANDINGS = {Standing.APPROVED: 55, Standing.UNDECLARED: 28, Standing.UNKNOWN_PRODUCT: 10, Standing.OTHER_PRODUCT: 7}
_OUTCOMES = {"exact": 85, "missing": 8, "": 6, "excess": 1}
_PROOFS = {"read": 30, "listing": 55, "declared": 15}
_FOR = [
    "the laptop",
    "the nightly job",
    "the release script",
    "Jenkins",
    "Renovate",
    "an IDE",
    "a dashboard",
    "the mirror",
]
_ACTIONS = {
    FindingKind.UNDECLARED: FindingAction.ASK_HOLDER,
    FindingKind.EXCESS: FindingAction.REVOKE,
    FindingKind.OVERDUE: FindingAction.REVOKE,
    FindingKind.IDLE: FindingAction.ASK_HOLDER,
    FindingKind.ORPHANED: FindingAction.REVOKE,
    FindingKind.NO_DEPUTY: FindingAction.NAME_DEPUTY,
    FindingKind.REFUSED_ALIVE: FindingAction.REVOKE,
}
_IDLE_DAYS = 90


class Holdings:
    """Makes credentials, each from its number and the dice alone.

    Args:
        dice: seeded, so that every run throws the same.
        now: the moment that everything is told from.
    """

    def __init__(
        self,
        dice: Random,
        now: datetime,
        *,
        people: list[Person],
        projects: list[Project],
        repositories: list[Repository],
        versions: list[TemplateVersion],
    ) -> None:
        self._dice, self._now = dice, now
        self._people, self._projects, self._repositories = people, projects, repositories
        self._versions = versions

    def make(self, first: int, count: int) -> Sequence[Credential]:
        """Make a batch, with its requests."""
        plans = [self._plan(number) for number in range(first, first + count)]
        copy_rows([plan["request"] for plan in plans if plan["request"]])
        return copy_rows([Credential(**plan) for plan in plans])

    def _plan(self, number: int) -> dict[str, Any]:
        kind = _thrown(self._dice, _KINDS)
        standing = _thrown(self._dice, _STANDINGS)
        if kind != _API and standing not in (Standing.APPROVED, Standing.UNDECLARED):
            standing = Standing.UNDECLARED
        version = self._dice.choice(self._versions)
        state = self._state(standing)
        age = self._dice.randrange(1, 700)
        fields = {
            "kind": kind,
            "standing": standing,
            "state": state,
            "registered_at": self._ago(age),
            "created_at": self._ago(age, more_minutes=20),
            "ended_at": self._ago(self._dice.randrange(age)) if state in ENDED or state == C.EXPIRED else None,
            "seen_at": self._now - timedelta(hours=5),
            **self._scopes(kind, standing, version),
            **self._times(age, state),
            **self._whose(kind, standing),
            **self._listing(number, kind),
        }
        return {**fields, **self._approval(number, version, fields)}

    def _state(self, standing: Standing) -> C:
        state = _thrown(self._dice, _STATES)
        return C.ACTIVE if state == C.REFUSED and standing != Standing.APPROVED else state

    def _scopes(self, kind: str, standing: Standing, version: TemplateVersion) -> dict[str, Any]:
        if standing in (Standing.UNKNOWN_PRODUCT, Standing.OTHER_PRODUCT):
            return {"scopes": [], "listed_scopes": None if standing == Standing.UNKNOWN_PRODUCT else ["read:jira-work"]}
        if kind == _KEY:
            return {"scopes": ["read:repository:bitbucket"]}
        return {"scopes": list(version.scopes), "listed_scopes": list(version.scopes) if kind == _API else None}

    def _times(self, age: int, state: C) -> dict[str, Any]:
        used = None if self._dice.random() < 0.2 else self._ago(min(age, int(self._dice.expovariate(1 / 60))))
        if self._dice.random() < 0.12:
            return {"expires_at": None, "last_used_at": used}
        ahead = self._dice.randrange(-30, 0) if state == C.EXPIRED else self._dice.randrange(-3, 365)
        return {
            "expires_at": self._now + timedelta(days=ahead, minutes=self._dice.randrange(1440)),
            "last_used_at": used,
        }

    def _whose(self, kind: str, standing: Standing) -> dict[str, Any]:
        holder = self._dice.choice(self._people)
        repository, project = self._dice.choice(self._repositories), self._dice.choice(self._projects)
        place: dict[str, Any] = {"workspace": None}
        if kind in (_KEY, "repository_access_token"):
            place = {"repository": repository, "workspace": repository.workspace}
        elif kind == "project_access_token":
            place = {"project": project, "workspace": project.workspace}
        nobody = standing == Standing.UNDECLARED and kind == _KEY and self._dice.random() < 0.4
        return {**place, "holder": None if nobody else holder, "holder_proof": _thrown(self._dice, _PROOFS)}

    def _listing(self, number: int, kind: str) -> dict[str, Any]:
        if kind not in (_API, _KEY):
            return {"binding": "no_listing" if kind in ACCESS_TOKEN_KINDS else "not_connected", "source": "paste"}
        if self._dice.random() < 0.03:
            return {"binding": "unbound", "binding_reason": "several entries could be it", "source": "paste"}
        seen_by = "organisation listing" if kind == _API else "deploy keys"
        return {
            "binding": "bound", "listing_id": f"scale-{number:08}", "bound_at": self._now, "seen_by": seen_by,
            "source": "sync",
        }  # fmt: skip

    def _approval(self, number: int, version: TemplateVersion, fields: dict[str, Any]) -> dict[str, Any]:
        """A request where it is approved; a name either way."""
        where = self._dice.choice(_FOR)
        if fields["standing"] != Standing.APPROVED:
            name = f"{where.removeprefix('the ').removeprefix('an ').removeprefix('a ')} {number}"
            return {"name": name, "listing_label": name, "request": None, "verification_outcome": ""}
        request = self._request(number, version, where, fields)
        return {
            "name": f"{request.code} {version.name}",
            "listing_label": f"{request.code} {version.name}",
            "request": request,
            "verification_outcome": _thrown(self._dice, _OUTCOMES),
            "fingerprint": f"scale:{number}",
        }

    def _request(self, number: int, version: TemplateVersion, where: str, fields: dict[str, Any]) -> Request:
        asked = fields["registered_at"] - timedelta(hours=3)
        return Request(
            code=_code(number),
            person=fields["holder"],
            template_version=version,
            kind=fields["kind"],
            scopes=fields["scopes"],
            scopes_hash=scopes_hash(fields["scopes"]),
            risk=version.risk,
            reason=f"Needed for {where}",
            where_used=where,
            deputy=None if fields["kind"] == _API else self._dice.choice(self._people),
            lifetime_days=90,
            state=RequestState.ISSUED,
            decided_by_rule=True,
            submitted_at=asked,
            decided_at=asked,
            approved_until=(fields["expires_at"] or self._now + timedelta(days=300)).date(),
        )

    def _ago(self, days: int, *, more_minutes: int = 0) -> datetime:
        return self._now - timedelta(days=days, minutes=self._dice.randrange(1440) + more_minutes)


def make_findings(rows: Sequence[Credential], share: float, dice: Random, now: datetime) -> int:
    """Findings of some of these credentials, as far as they have a reason; how many."""
    found = [
        _finding(row, kind, dice, now)
        for row in rows
        if row.state in LIVE and dice.random() < share
        for kind in [_reason(row, now)]
        if kind is not None
    ]
    copy_rows(found)
    return len(found)


def _reason(row: Credential, now: datetime) -> FindingKind | None:
    """The first thing that is wrong with it."""
    if row.standing not in (Standing.APPROVED, Standing.UNDECLARED):
        return None
    if row.state == C.REFUSED:
        return FindingKind.REFUSED_ALIVE
    if row.holder is not None and row.holder.account_status != "active":
        return FindingKind.ORPHANED
    if row.expires_at is not None and row.expires_at < now:
        return FindingKind.OVERDUE
    if row.standing == Standing.UNDECLARED:
        return FindingKind.UNDECLARED
    if row.verification_outcome == "excess":
        return FindingKind.EXCESS
    idle = row.last_used_at is None or row.last_used_at < now - timedelta(days=_IDLE_DAYS)
    return FindingKind.IDLE if idle else FindingKind.NO_DEPUTY if row.kind != _API else None


def _finding(row: Credential, kind: FindingKind, dice: Random, now: datetime) -> Finding:
    opened = now - timedelta(days=dice.randrange(90), minutes=dice.randrange(1440))
    closed = now - timedelta(minutes=dice.randrange(600)) if dice.random() < 0.15 else None
    return Finding(
        kind=kind,
        person=row.holder,
        credential=row,
        title=f"{row.name}: {kind.label.lower()}"[:200],
        risk=dice.choice(("low", "medium", "medium", "high")),
        action=_ACTIONS[kind],
        read_by="organisation listing",
        opened_at=opened,
        checked_at=now,
        closed_at=closed,
        closed_because="The difference is gone" if closed else "",
    )


def _code(number: int) -> str:
    """A code no real request can have: its first letter is none of theirs."""
    letters = []
    for _ in range(5):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return f"bcp-S{''.join(reversed(letters))}"


def _thrown(dice: Random, weights: Mapping[Any, float]) -> Any:
    return dice.choices(list(weights), list(weights.values()))[0]
