"""What can be done by machine here. Workers observe it; everybody else reads the rows."""

from django.utils import timezone

from tokens.models import Capability


def observe(name: Capability.Name, level: Capability.Level, reason: str) -> None:
    """Write down what a worker just saw.

    Args:
        reason: a sentence for the people who read the set-up page; no secret.
    """
    Capability.objects.update_or_create(
        name=name, defaults={"level": level, "reason": reason[:300], "observed_at": timezone.now()}
    )


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
