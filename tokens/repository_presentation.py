"""From what is known of repositories to what their pages show."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from tokens.inventory.repository_list import Counted
from tokens.inventory.rows import inventory_row
from tokens.inventory.secrets import ENVIRONMENTS, RUNNERS, VARIABLES
from tokens.models import Credential, EffectiveRight, Grant, Part, Repository
from tokens.people_presentation import permission_badge

SECRET_PARTS = {
    VARIABLES: "Variables of the repository",
    ENVIRONMENTS: "Deployment environments",
    RUNNERS: "Runners of its own",
}


def list_row(repository: Repository, counted: Counted) -> dict[str, Any]:
    """One line of the list."""
    secrets = repository.secrets
    return {
        "name": repository.full_name,
        "url": repository.get_absolute_url(),
        "project": str(repository.project) if repository.project else "",
        "is_private": repository.is_private,
        "counted": counted,
        "secured": secrets.get("secured", 0) if repository.secrets_observed_at else None,
        "secrets_as_of": repository.secrets_observed_at,
        "secrets_problem": next(iter(secrets.get("unread", {}).values()), ""),
        "problem": counted.problems[0] if counted.problems else "",
    }


def grant_row(grant: Grant) -> dict[str, Any]:
    """One explicit grant that reaches a repository."""
    person = grant.person
    return {
        "who": str(person) if person else grant.group_name or grant.group_slug,
        "url": f"{reverse('person', args=[person.account_id])}?show=reach" if person else "",
        "is_group": person is None,
        "through": f"project {grant.project}" if grant.project else "this repository",
        "badge": permission_badge(grant.permission),
        "first_seen_at": grant.first_seen_at,
        "observed_at": grant.observed_at,
    }


def right_row(right: EffectiveRight) -> dict[str, Any]:
    """One person's effective right here."""
    return {
        "who": str(right.person),
        "url": f"{reverse('person', args=[right.person.account_id])}?show=reach",
        "badge": permission_badge(right.permission),
        "observed_at": right.observed_at,
    }


def key_row(credential: Credential) -> dict[str, Any]:
    """One deploy key, or one credential that was approved for this place."""
    return inventory_row(credential) | {
        "created_at": credential.created_at,
        "seen_at": credential.seen_at,
        "from_project": str(credential.project) if credential.project else "",
        "boundary": credential.request.boundary if credential.request else "",
    }


def part_groups(repository: Repository, parts: Iterable[Part], *, secrets_wait: bool) -> list[dict[str, Any]]:
    """How fresh each part is: of the repository, and of its project where that has some."""
    known = list(parts)
    own = [_part(part) for part in known if part.repository_id is not None]
    inherited = [_part(part) for part in known if part.repository_id is None]
    groups = [{"words": "", "rows": [*own, _pipelines(repository, secrets_wait=secrets_wait)]}]
    return [*groups, {"words": f"Inherited from {repository.project}", "rows": inherited}] if inherited else groups


def _part(part: Part) -> dict[str, Any]:
    if part.asked_at is not None:
        look = _look("accent", "refresh", "Waits to be read")
    elif part.problem:
        look = _look("caution", "alert", "Unread")
    elif part.observed_at is None:
        look = _look("neutral", "clock", "Not read yet")
    else:
        look = _look("good", "check", "Read")
    never = "never read to its end"
    return look | {"label": part.get_kind_display(), "at": part.observed_at, "problem": part.problem, "never": never}


def _pipelines(repository: Repository, *, secrets_wait: bool) -> dict[str, Any]:
    at, unread = repository.secrets_observed_at, repository.secrets.get("unread", {})
    if secrets_wait:
        look = _look("accent", "refresh", "Waits to be read")
    elif unread:
        look = _look("caution", "alert", "Unread" if at is None else "Not all of it")
    else:
        look = _look("good", "check", "Read") if at else _look("neutral", "clock", "Not read yet")
    never = "never read" if unread else "read on demand only"
    return look | {"label": "Pipelines", "at": at, "problem": next(iter(unread.values()), ""), "never": never}


def _look(tone: str, icon: str, word: str) -> dict[str, str]:
    return {"tone": tone, "icon": icon, "word": word}


def secrets_rows(repository: Repository) -> list[dict[str, Any]]:
    """What its pipelines hold, part by part; a part that was never read says so."""
    held, unread = repository.secrets, repository.secrets.get("unread", {})
    times = held.get("at", {})
    return [
        {
            "label": label,
            "words": _words(part, held[part]) if part in held else "",
            "at": datetime.fromisoformat(times[part]) if part in times else None,
            "problem": unread.get(part, ""),
        }
        for part, label in SECRET_PARTS.items()
    ]


def _words(part: str, found: Any) -> list[str]:
    if part == VARIABLES:
        return [_variables(found)]
    if part == ENVIRONMENTS:
        return [f"{one['name']}: {_variables(one)}" for one in found] or ["none"]
    return [f"{found}" if found else "none"]


def _variables(counts: dict[str, int]) -> str:
    secured, readable = counts.get("secured", 0), counts.get("readable", 0)
    if not secured and not readable:
        return "no variables"
    return f"{secured} secured, {readable} readable"


def is_being_read(repository: Repository, parts: Iterable[Part], *, secrets_wait: bool) -> bool:
    """Whether a read of this repository waits or runs."""
    return secrets_wait or any(part.asked_at is not None for part in parts if part.repository_id == repository.pk)


def list_url(asked: dict[str, str]) -> str:
    """The list's address for what is asked."""
    return f"{reverse('repositories')}?{urlencode(asked)}" if asked else reverse("repositories")
