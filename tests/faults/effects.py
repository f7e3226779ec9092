"""What a revocation left behind: exactly one effect, or none and somebody who is asked."""

from collections import Counter

from audit.models import Event
from tests.faults.stand_in import TOKENS_OF
from tests.faults.world import World
from tokens.models import Credential, Revocation
from workqueue.models import Job

LONG = 60_000  # milliseconds that nobody waits for: whoever asks is killed or frozen before


def slowed(world: World, credential: Credential, milliseconds: int = LONG, *, skip: int = 0, method: str = "*") -> None:
    """Let one of the requests about a credential's holder take long: 0 the list, 1 the deletion, 2 the list again.

    Args:
        world: where.
        credential: whose holder's tokens are asked for.
        milliseconds: how long the answer takes.
        skip: how many requests pass before the slow one.
        method: only these requests count.
    """
    path = TOKENS_OF.format(credential.known_holder.account_id) + "*"
    world.sandbox.fault("latency", path, milliseconds=milliseconds, skip=skip, count=1, method=method)


def stopped_in(world: World, credential: Credential, request: int) -> Revocation:
    """A revocation that hangs in its first, second or third request, counted from 0."""
    slowed(world, credential, skip=request)
    revocation = world.revoke(credential)
    world.wait_for_hits(request + 1)
    return revocation


def assert_ended_once(world: World, *credentials: Credential, deletions: int | None = None) -> None:
    """Deleted, said so once, and nothing left that could do it again.

    Args:
        world: where.
        credentials: which.
        deletions: how many deletions had an effect in this test, where it ended others as well.
    """
    living = world.sandbox.living_tokens()
    for credential in credentials:
        job = Job.objects.get(key=credential.revocations.get().job_key)
        assert (world.state_of(credential), job.state) == ("revoked", "done"), f"{job.reason}\n{world.report()}"
        assert credential.listing_id not in living
        assert len(world.events("credential:revoked", credential)) == 1
    deleted = world.sandbox.requests("api-tokens/<token_id>", method="DELETE", status=204)
    assert deleted == (len(credentials) if deletions is None else deletions), f"{deleted} deletions had an effect"


def assert_never_revoked(world: World, credential: Credential) -> None:
    """Nobody says that it ended, in no row and no event."""
    assert world.state_of(credential) not in ("revoked", "gone")
    tags = Counter(Event.objects.filter(subject_id=credential.pk).values_list("tag", flat=True))
    assert not tags.keys() & {"credential:revoked", "credential:gone"}, tags
