"""The capability sheet for people, out of what the workers wrote down. No key is needed to read it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tokens.inventory.setup.organisation import TOO_STRONG
from tokens.inventory.setup.seen import Level, Name
from tokens.models import Capability

GROUPS: tuple[tuple[str, str, tuple[Name, ...]], ...] = (
    (
        "see",
        "What can be seen",
        (
            Name.LIST_TOKENS,
            Name.LISTING_SCOPES,
            Name.READ_MEMBERS,
            Name.READ_PROJECTS,
            Name.READ_REPOSITORIES,
            Name.READ_USER_GRANTS,
            Name.READ_GROUP_GRANTS,
            Name.READ_DEPLOY_KEYS,
            Name.FILTER_BY_PERSON,
            Name.COUNT_REACH,
            Name.WORKSPACE_TOKEN_READS,
            Name.READ_EVENTS,
            Name.IP_ALLOWLIST,
            Name.PLAN,
        ),
    ),
    ("make", "What can be made", (Name.ADD_DEPLOY_KEYS,)),
    ("end", "What can be ended", (Name.DELETE_TOKENS, Name.REMOVE_GRANTS, Name.DELETE_DEPLOY_KEYS)),
    (
        "accounts",
        "Members and accounts",
        (Name.MANAGE_MEMBERS, Name.CLAIM_DOMAIN, Name.SWITCH_ACCOUNTS_OFF, Name.SUSPEND_ACCOUNTS, Name.BOT_TOKENS),
    ),
    ("evidence", "Evidence", (Name.SIGN_PACKS,)),
    (
        "impossible",
        "Not possible for anybody",
        (Name.READ_SSH_KEYS, Name.LIST_ACCESS_TOKENS, Name.LIST_GRANTS_OF_APPS),
    ),
)
_AUDIT_KEY = (Name.LIST_TOKENS, Name.READ_EVENTS)
_REVOKE_KEY = (Name.DELETE_TOKENS, Name.CLAIM_DOMAIN, Name.SWITCH_ACCOUNTS_OFF, Name.SUSPEND_ACCOUNTS)
KEYS: dict[Name, str] = {
    **dict.fromkeys(Name, "audit bot"),
    **dict.fromkeys(_AUDIT_KEY, "audit key"),
    **dict.fromkeys(_REVOKE_KEY, "revoke key"),
    **dict.fromkeys(GROUPS[-1][2], "nobody's key"),
    Name.REMOVE_GRANTS: "revoke bot",
    Name.ADD_DEPLOY_KEYS: "revoke bot",
    Name.DELETE_DEPLOY_KEYS: "revoke bot",
    Name.LISTING_SCOPES: "audit key and audit bot",
    Name.WORKSPACE_TOKEN_READS: "workspace access token",
    Name.PLAN: "workspace access token",
    Name.BOT_TOKENS: "both bots, each about itself",
    Name.SIGN_PACKS: "signing key",
}
TONES = {
    Level.AUTOMATIC: ("good", "check"),
    Level.MANUAL: ("caution", "user"),
    Level.IMPOSSIBLE: ("neutral", "cross"),
    Level.UNKNOWN: ("neutral", "info"),
}
NOBODY_LOOKED = "Nobody has looked yet."
_ADDRESS = re.compile(r"(https?://[^\s()]*[^\s().,;:])")


@dataclass(frozen=True)
class Row:
    """One capability as the sheet shows it.

    Attributes:
        name: its words.
        workspace: where; empty for the whole organisation.
        level: the level's value.
        level_words: the level in words.
        tone: of the badge.
        icon: of the badge.
        reason: why, and what to do.
        key: whose key looked.
        at: when; None where nobody did.
    """

    name: str
    workspace: str
    level: str
    level_words: str
    tone: str
    icon: str
    reason: str
    key: str
    at: datetime | None

    @property
    def pieces(self) -> list[dict[str, Any]]:
        """The reason in pieces: its whole addresses are links, a bare name such as admin.atlassian.com is none."""
        texts = _ADDRESS.split(self.reason)
        return [{"text": text, "is_link": number % 2 == 1} for number, text in enumerate(texts) if text]


def rows() -> dict[Name, list[Capability]]:
    """Everything the workers wrote down, by capability. One query."""
    found: dict[Name, list[Capability]] = {}
    for row in Capability.objects.select_related("workspace").order_by("workspace__slug", "pk"):
        found.setdefault(Name(row.name), []).append(row)
    return found


def sheet(known: dict[Name, list[Capability]]) -> list[dict[str, Any]]:
    """The sheet by group: id, title, and rows.

    Args:
        known: what `rows` gave.
    """
    return [
        {"id": slug, "title": title, "rows": [row for name in names for row in _rows_of(name, known.get(name, []))]}
        for slug, title, names in GROUPS
    ]


def _rows_of(name: Name, found: list[Capability]) -> list[Row]:
    if not found:
        return [_row(name, Level.UNKNOWN, NOBODY_LOOKED, "", None)]
    return [_row(name, Level(one.level), _reason(one), str(one.workspace or ""), one.observed_at) for one in found]


def _reason(row: Capability) -> str:
    """The hourly probe of the listing tells nothing of the key's kind, so that is said again here."""
    is_wide = row.facts.get("key") == "unscoped" and row.name == Name.LIST_TOKENS
    return row.reason + (TOO_STRONG if is_wide and TOO_STRONG not in row.reason else "")


def _row(name: Name, level: Level, reason: str, workspace: str, at: datetime | None) -> Row:
    tone, icon = TONES[level]
    return Row(str(name.label), workspace, str(level), str(level.label), tone, icon, reason, KEYS[name], at)
