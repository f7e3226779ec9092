"""What the small probes say of the keys: one account that is not ours says nothing about a key."""

from django.utils import timezone

from accounts.models import Person, User
from tests.tokens.desk import Desk, run_due_jobs
from tokens.models import Capability
from workqueue.claims import enqueue

LISTS = "/users/*/manage/api-tokens"


def probed(key: str) -> str:
    enqueue("probe_deletion", key=key, payload={})
    run_due_jobs("probe_deletion")
    return Capability.objects.get(name=Capability.Name.DELETE_TOKENS).level


def test_an_account_that_is_not_managed_makes_no_key_useless(desk: Desk, emma: User, lee: User) -> None:
    Person.objects.filter(pk=emma.person.pk).update(last_signed_in_at=timezone.now())
    for status in (403, 404):
        desk.fault("status", LISTS, status=status, count=1)
        assert probed(f"one:{status}") == "automatic"
    desk.fault("status", LISTS, status=403)
    assert probed("all") == "unknown"


def test_a_key_with_scopes_cannot_delete(desk: Desk, emma: User) -> None:
    body = "Unauthorized; scope does not match: manage:org"
    desk.fault("status", LISTS, status=403, body=body)
    assert probed("scoped") == "manual"
