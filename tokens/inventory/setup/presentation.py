"""The rest of the set-up page: what each bot may do, when keys end, and what each mode needs."""

from datetime import datetime
from typing import Any

from django.conf import settings

from tokens.catalogue.rules import grouped
from tokens.inventory import modes
from tokens.inventory.setup.bot_tokens import ROLES
from tokens.inventory.setup.seen import Level, Name
from tokens.inventory.setup.sheet import TONES
from tokens.models import Capability

Known = dict[Name, list[Capability]]
_FOR = {
    "audit": "Reads members, projects, repositories, grants and deploy keys. Its token is in the worker alone.",
    "revoke": "Removes grants and deploy keys. Its token is in worker-revoke alone.",
}
_KEY_END = (
    "Not known: its end can only be read with the scope read:keys:admin, which the audit key should not have. Ask who"
    " made it; it lives at most a year."
)
_GRANTS = (Name.READ_MEMBERS, Name.READ_USER_GRANTS, Name.READ_GROUP_GRANTS, Name.READ_DEPLOY_KEYS)
# (mode, what it does, what it cannot do without, what makes it see more)
_MODES: tuple[tuple[str, str, tuple[Name, ...], tuple[Name, ...]], ...] = (
    (modes.OBSERVE, "Looks, and writes to no holder. A new installation starts here.", (Name.LIST_TOKENS,), _GRANTS),
    (
        modes.ADVISE,
        "Also writes to holders: about a token made outside the portal, and what to do about a finding.",
        (Name.LIST_TOKENS,),
        _GRANTS,
    ),
    (
        modes.ENFORCE,
        "Also revokes what nobody declared by its date.",
        (Name.LIST_TOKENS, Name.DELETE_TOKENS),
        (Name.DELETE_DEPLOY_KEYS,),
    ),
)


def bots(known: Known) -> list[dict[str, Any]]:
    """Each bot: what it is for, the scopes its token has, and what it cannot do for lack of which."""
    facts: dict[str, Any] = next((row.facts for row in known.get(Name.BOT_TOKENS, [])), {})
    return [_bot(role, facts) for role in ROLES]


def _bot(role: str, facts: dict[str, Any]) -> dict[str, Any]:
    may = facts.get("may", {}).get(role, {})
    has = may.get("has")
    return {
        "role": role,
        "name": f"{role.capitalize()} bot",
        "for": _FOR[role],
        "words": facts.get("words", {}).get(role, ""),
        "refused": role in facts.get("refused", {}),
        "end": _moment(facts.get(role)),
        "told": has is not None,
        "groups": grouped(has or ()),
        "lacks": [{"work": work, "groups": grouped(scopes)} for work, scopes in may.get("lacks", {}).items()],
    }


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None


def organisation_keys() -> list[dict[str, str]]:
    """The organisation's own keys, whose end nobody here can read."""
    return [{"name": name, "words": _KEY_END} for name in ("Audit key", "Revoke key")]


def mode_rows(known: Known) -> list[dict[str, Any]]:
    """The modes, which one is on, and how the capabilities that each needs stand."""
    return [
        {
            "name": mode,
            "words": words,
            "current": mode == settings.INVENTORY_MODE,
            "needs": [_standing(name, known) for name in needs],
            "better": [_standing(name, known) for name in better],
        }
        for mode, words, needs, better in _MODES
    ]


def _standing(name: Name, known: Known) -> dict[str, str]:
    """The weakest level over all workspaces: what one of them refuses is not there."""
    levels = {Level(row.level) for row in known.get(name, [])} or {Level.UNKNOWN}
    weakest_first = (Level.IMPOSSIBLE, Level.MANUAL, Level.UNKNOWN, Level.AUTOMATIC)
    level = next(one for one in weakest_first if one in levels)
    tone, icon = TONES[level]
    return {"name": str(name.label), "tone": tone, "icon": icon, "label": str(level.label)}
