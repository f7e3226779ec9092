"""What pages show of a deploy key: the line that makes a pair, how it is being added, and how it is being replaced."""

import re
from typing import Any, Final

from django.utils import timezone

from accounts.models import User
from tokens.catalogue.public_keys import parse_public_key
from tokens.models import Credential, KeyRegistration, Request
from tokens.models.key_registration import RegistrationOutcome
from tokens.operations.key_rotations import may_rotate, overlap_ends, rotation_of, why_not_rotated
from tokens.policy import KEY_KIND
from tokens.states import CredentialState

_NOT_IN_A_NAME: Final = re.compile(r"[^a-z0-9]+")


def keygen_line(name: str) -> str:
    """The line that a machine's pair is made with. The private half stays where it runs.

    Args:
        name: what the files and the comment are called after; the words are made short and plain.
    """
    plain = _NOT_IN_A_NAME.sub("-", name.lower()).strip("-")[:40] or "deploy"
    return f"ssh-keygen -t ed25519 -N '' -C {plain} -f ./{plain}"


def fingerprint_of(request: Request) -> str:
    """The fingerprint of the key that a request is about, as `ssh-keygen -lf` prints it; empty where it has none."""
    return parse_public_key(request.public_key).fingerprint if request.public_key else ""


def registration_of(request: Request) -> KeyRegistration | None:
    """The adding of a request's key; None where nobody asked for it."""
    if request.kind != KEY_KIND:
        return None
    return KeyRegistration.objects.filter(request=request).first()


def registration_steps(row: KeyRegistration | None) -> list[dict[str, Any]]:
    """What has happened of adding a key, as it happens; nothing where there is none."""
    if row is None or row.outcome == RegistrationOutcome.WITHDRAWN:
        return []
    total = "" if row.reread_total is None else f"{row.reread_total} in the list"
    moments = [
        ("Approved, to be added", row.asked_at, ""),
        ("Sent to Bitbucket", row.sent_at, row.answer),
        ("List read again, and it is there", row.reread_at, total),
    ]
    steps = [
        {"title": title, "at": at, "detail": detail, "state": "done" if at else "todo"} for title, at, detail in moments
    ]
    for step in steps:
        if step["state"] != "done":
            step["state"] = "failed" if row.outcome == RegistrationOutcome.NEEDS_HUMAN else "current"
            step["detail"] = row.waiting_because or step["detail"]
            break
    return steps


def key_context(credential: Credential, user: User) -> dict[str, Any]:
    """What the page of a deploy key adds: whether it can be replaced, and what a running replacement waits for."""
    if credential.kind != KEY_KIND:
        return {}
    rotation = rotation_of(credential) if credential.state == CredentialState.ROTATING else None
    waits_until = overlap_ends(rotation) if rotation else None
    may = user.has_perm("tokens.request_credential") and may_rotate(credential, user)
    return {
        "can_rotate": may and not why_not_rotated(credential),
        "newer": rotation.newer if rotation else None,
        "waits_until": waits_until if waits_until and waits_until > timezone.now() else None,
        "replaces": credential.request.rotates if credential.request else None,
    }
