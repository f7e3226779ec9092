"""Say what works here by machine, and what is missing."""

import json
import textwrap
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tokens.inventory.setup.running import Probed, probe_with_audit_keys, probe_with_revoke_keys
from tokens.inventory.setup.seen import Level, Name, Seen
from tokens.inventory.setup.sheet import KEYS
from tokens.models import Capability

_KEYS = (
    ("ATLASSIAN_ORG_ID", "the organisation"),
    ("ATLASSIAN_AUDIT_KEY", "the audit key"),
    ("AUDIT_BOT_EMAIL", "the audit bot's address"),
    ("AUDIT_BOT_TOKEN", "the audit bot's token"),
    ("ATLASSIAN_REVOKE_KEY", "the revoke key"),
    ("REVOKE_BOT_EMAIL", "the revoke bot's address"),
    ("REVOKE_BOT_TOKEN", "the revoke bot's token"),
    ("AUDIT_SIGNING_KEY", "the key that signs evidence packs"),
    ("BITBUCKET_WORKSPACES", "the workspaces"),
)
_AUDIT = ("ATLASSIAN_AUDIT_KEY", "AUDIT_BOT_TOKEN", "AUDIT_WORKSPACE_TOKEN")
_REVOKE = ("ATLASSIAN_REVOKE_KEY", "REVOKE_BOT_TOKEN")
_WIDTH = 78


class Command(BaseCommand):
    """``manage.py check_setup``: reads, and changes nothing at Bitbucket or Atlassian.

    It asks with the keys that this process has (PORTAL_PROCESS=cli has all that are set) and writes down what it saw,
    as the workers do. It ends with 0 where the mode *observe* has what it needs, else with 1 and a sentence.
    """

    help = "Probe the configured Bitbucket and organisation: per capability automatic, manual or impossible, and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A table for people, or JSON."""
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *_: Any, **options: Any) -> None:
        """Probe, print, and say whether observing works."""
        probed = _probed()
        missing = _missing(probed)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(probed, missing), indent=2, default=str))
        else:
            self._print(probed)
        if missing:
            raise CommandError(missing)

    def _print(self, probed: Probed) -> None:
        for setting, what in _unset():
            self.stdout.write(f"Not set in this process: {setting} ({what}).")
        for seen in sorted(probed.seen, key=_place_on_sheet):
            where = f" · {seen.workspace}" if seen.workspace else ""
            self.stdout.write(f"{seen.level.label:<16}{seen.name.label}{where}")
            self.stdout.write(textwrap.indent(_wrapped(seen.reason), " " * 16))
        for trouble in probed.troubles:
            self.stdout.write(f"Could not be asked now: {trouble}")


def _wrapped(reason: str) -> str:
    """Scopes and addresses stay in one piece, so that they can be copied."""
    return textwrap.fill(reason, _WIDTH, break_on_hyphens=False, break_long_words=False)


def _probed() -> Probed:
    """Both groups of probes, each where this process has a key of it, or where no process of its own could."""
    probed = Probed()
    is_nothing_set = not any(getattr(settings, name) for name in (*_AUDIT, *_REVOKE))
    for names, probe in ((_AUDIT, probe_with_audit_keys), (_REVOKE, probe_with_revoke_keys)):
        if is_nothing_set or not any(getattr(settings, name) for name in names):
            continue
        found = probe()
        probed.seen += found.seen
        probed.troubles += found.troubles
    probed.seen += [] if is_nothing_set else _bot_tokens()
    return probed


def _bot_tokens() -> list[Seen]:
    """What both bots are known to hold; each writes down its own half."""
    found = Capability.objects.filter(name=Name.BOT_TOKENS)
    return [Seen(Name.BOT_TOKENS, Level(row.level), row.reason, facts=row.facts) for row in found]


def _unset() -> list[tuple[str, str]]:
    return [(name, what) for name, what in _KEYS if not getattr(settings, name)]


def _missing(probed: Probed) -> str:
    """Why the mode *observe* would not work here; empty where it does."""
    listing = next((seen for seen in probed.seen if seen.name == Name.LIST_TOKENS), None)
    if listing is not None and listing.level == Level.AUTOMATIC:
        return ""
    needed = [f"{name} ({what})" for name, what in _unset() if name in ("ATLASSIAN_ORG_ID", "ATLASSIAN_AUDIT_KEY")]
    if needed:
        return f"Observing needs the organisation's listing, and here is not set: {', '.join(needed)}."
    if listing is not None:
        return f"Observing needs the organisation's listing. {listing.reason}"
    return "Observing needs the organisation's listing, which could not be asked now. Try again in a while."


def _place_on_sheet(seen: Seen) -> tuple[int, str]:
    return list(Name).index(seen.name), str(seen.workspace or "")


def _as_json(probed: Probed, missing: str) -> dict[str, Any]:
    return {
        "observe": not missing,
        "missing": missing,
        "mode": settings.INVENTORY_MODE,
        "not_set": [name for name, _ in _unset()],
        "capabilities": [
            {
                "name": str(seen.name),
                "level": str(seen.level),
                "reason": seen.reason,
                "workspace": seen.workspace.uuid if seen.workspace else None,
                "key": KEYS[seen.name],
                "facts": seen.facts or {},
            }
            for seen in sorted(probed.seen, key=_place_on_sheet)
        ],
        "not_asked": [str(trouble) for trouble in probed.troubles],
    }
