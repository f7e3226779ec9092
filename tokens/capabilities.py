"""What can be done by machine here. Workers observe it; everybody else reads the rows."""

from typing import Any

from django.utils import timezone

from accounts.models import Workspace
from tokens.models import Capability


def observe(
    name: Capability.Name,
    level: Capability.Level,
    reason: str,
    *,
    workspace: Workspace | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Write down what a worker just saw.

    Args:
        reason: a sentence for the people who read the set-up page; no secret.
        workspace: where it is about one workspace, not the organisation.
        facts: plain details, such as scopes that a bot has and lacks; what was known stays where None is given.
    """
    seen: dict[str, Any] = {"level": level, "reason": reason[:300], "observed_at": timezone.now()}
    if facts is not None:
        seen["facts"] = facts
    Capability.objects.update_or_create(name=name, workspace=workspace, defaults=seen)


def is_automatic(name: Capability.Name) -> bool:
    """Whether a worker saw this ability work."""
    return Capability.objects.filter(name=name, level=Capability.Level.AUTOMATIC).exists()


def listing_is_connected() -> bool:
    """Whether the organisation's token listing can be read."""
    return is_automatic(Capability.Name.LIST_TOKENS)


def listing_is_out_of_reach() -> bool:
    """Whether a worker found that the listing cannot be read here; before any worker looked, nobody knows."""
    return Capability.objects.filter(name=Capability.Name.LIST_TOKENS, level=Capability.Level.MANUAL).exists()


def revocation_is_automatic() -> bool:
    """Whether a token can be found and deleted by machine."""
    found = Capability.objects.filter(
        name__in=[Capability.Name.LIST_TOKENS, Capability.Name.DELETE_TOKENS],
        level=Capability.Level.AUTOMATIC,
    )
    return found.count() == len({Capability.Name.LIST_TOKENS, Capability.Name.DELETE_TOKENS})
