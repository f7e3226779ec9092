"""From what is known of one person to what their page shows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Person
from tokens.inventory.holding import short_words
from tokens.inventory.reach import Openers, Reach
from tokens.inventory.rows import standing_badge
from tokens.models import Credential, EffectiveRight, Grant
from tokens.presentation import CREDENTIAL_LOOKS, credential_row, kind_name
from workqueue.models import END_STATES, Job, JobState

LEVELS = {"admin": "Administer", "write": "Write", "read": "Read only", "other": "Something else"}
_TONES = {"admin": "danger", "write": "caution", "read": "accent", "other": "neutral"}
PERMISSIONS = {
    "admin": ("danger", "Administer"),
    "write": ("caution", "Write"),
    "create-repo": ("caution", "Create repositories"),
    "read": ("neutral", "Read"),
}
_ENDS: dict[str, str] = {
    JobState.FAILED: "It could not be read",
    JobState.ERRORED: "Reading it failed inside the portal",
    JobState.NEEDS_HUMAN: "It was tried for hours and given up",
    JobState.SKIPPED: "It was not read",
}


def tabs(person: Person, current: str) -> list[dict[str, Any]]:
    """The page's parts."""
    page = reverse("person", args=[person.account_id])
    parts = (("holds", "Holds"), ("reach", "Reaches"), ("grants", "Given by name"), ("history", "History"))
    return [
        {"label": label, "url": page if name == "holds" else f"{page}?show={name}", "current": name == current}
        for name, label in parts
    ]


def held_row(credential: Credential) -> dict[str, Any]:
    """One credential as their page lists it."""
    tone, icon = CREDENTIAL_LOOKS[credential.state]
    return {
        **credential_row(credential),
        "kind": kind_name(credential.kind),
        "place": credential.place_name,
        "can_do": short_words(credential.scope_list),
        "last_used_at": credential.last_used_at,
        "badges": [standing_badge(credential)]
        + ([] if credential.state == "active" else [_badge(tone, icon, credential.get_state_display())]),
    }


def _badge(tone: str, icon: str, label: str) -> dict[str, str]:
    return {"tone": tone, "icon": icon, "label": label}


def level_bars(reach: Reach) -> list[dict[str, Any]]:
    """Repositories by their highest level."""
    most = max(reach.levels.values(), default=0) or 1
    return [
        {"label": LEVELS[name], "value": number, "share": 100 * number / most, "tone": _TONES[name]}
        for name, number in reach.levels.items()
    ]


def risky_row(right: EffectiveRight) -> dict[str, Any]:
    """One repository whose pipelines run with secrets."""
    held = right.repository.secrets
    places = [one for one in held.get("environments", []) if one.get("secured")]
    return {
        "name": right.repository.full_name,
        "url": f"{right.repository.get_absolute_url()}?show=keys",
        "permission": permission_words(right.permission),
        "own": held.get("variables", {}).get("secured", 0),
        "environments": ", ".join(str(one["name"]) for one in places),
        "deploys": sum(int(one["secured"]) for one in places),
        "secured": held.get("secured", 0),
        "as_of": right.repository.secrets_observed_at,
    }


def permission_words(permission: str) -> str:
    """Bitbucket's word as people read it; an unknown one as it came."""
    return PERMISSIONS.get(permission, ("", permission))[1]


def permission_badge(permission: str) -> dict[str, str]:
    """A level as a badge."""
    tone, words = PERMISSIONS.get(permission, ("neutral", permission))
    return {"tone": tone, "icon": "unlock" if permission != "read" else "eye", "label": words}


def opener_groups(openers: Openers) -> list[dict[str, Any]]:
    """Which credentials open what, the widest first; empty groups are left out."""
    groups = (
        ("Push wherever they may write", "caution", openers.writing),
        ("Read wherever they may read", "neutral", openers.reading),
        ("Nobody knows what these can do: they may open all of it", "caution", openers.unknown),
        ("Open one place only", "neutral", openers.placed),
        ("Neither read nor write code", "neutral", openers.other),
    )
    return [
        {"words": words, "tone": tone, "rows": [_opener(one) for one in rows]} for words, tone, rows in groups if rows
    ]


def _opener(credential: Credential) -> dict[str, Any]:
    request = credential.request
    return {
        "name": request.template_version.name if request else credential.name,
        "code": request.code if request else "",
        "url": credential.get_absolute_url(),
        "kind": kind_name(credential.kind),
        "place": credential.place_name,
        "place_url": credential.repository.get_absolute_url() if credential.repository else "",
        "badge": standing_badge(credential),
    }


def grant_row(grant: Grant) -> dict[str, Any]:
    """One explicit grant of the person."""
    return {
        "place": grant.repository.full_name if grant.repository else str(grant.project),
        "what": "Repository" if grant.repository else f"Project in {grant.project.workspace if grant.project else ''}",
        "url": grant.repository.get_absolute_url() if grant.repository else _project_url(grant),
        "badge": permission_badge(grant.permission),
        "first_seen_at": grant.first_seen_at,
        "observed_at": grant.observed_at,
    }


def _project_url(grant: Grant) -> str:
    return f"{reverse('repositories')}?{urlencode({'project': grant.project_id})}"


def reading_card(jobs: Iterable[Job]) -> dict[str, Any]:
    """How the newest reading of this person went, or goes; while one runs, what the one before left unread."""
    known = list(jobs)[:2]
    newest = known[0] if known else None
    running = newest is not None and newest.state not in END_STATES
    ended = next((job for job in known if job.state in END_STATES), None)
    shown = newest if newest is not None and newest.result else ended
    return {
        "running": running,
        "waiting_because": newest.reason if newest is not None and running else "",
        "failed": _failure(ended) if ended is not None and not running else "",
        "at": shown.ended_at if shown else None,
        "requests": shown.result.get("requests") if shown else None,
        "workspaces": [_workspace(one) for one in shown.result.get("workspaces", [])] if shown else [],
    }


def _failure(job: Job) -> str:
    words = _ENDS.get(job.state)
    return f"{words}: {job.reason}" if words and job.reason else f"{words}." if words else ""


def _workspace(one: dict[str, Any]) -> dict[str, Any]:
    return one | {
        "at": datetime.fromisoformat(one["at"]),
        "unread": [{"part": part[:1].upper() + part[1:], "reason": reason} for part, reason in one["unread"]],
    }
