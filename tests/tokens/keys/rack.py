"""What the tests of deploy keys do over and over: ask, approve, add, look at what Bitbucket holds."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from sandbox.deploy_keys import DeployKey, public_key
from tests.tokens.desk import run_due_jobs
from tests.tokens.places.known import Shelf
from tokens.clients import revoke_bot
from tokens.inventory.moments import database_now
from tokens.key_place import KeyPlace, key_id_of
from tokens.models import Credential, KeyRegistration, Request, Revocation
from tokens.operations.asking import Ask, submit_request
from tokens.operations.observed_keys import observe_deploy_keys
from tokens.operations.reads import READ_BY_DEPLOY_KEYS
from tokens.operations.requests import approve_request
from tokens.operations.revocations import start_revocation
from tokens.queries import current_version
from workqueue.models import Job

KEYS = "*/deploy-keys"


class Rack:
    """Keys of machines, here and at Bitbucket.

    Args:
        shelf: the places that the portal knows, beside the sandbox.
        people: who asks, who answers when they cannot, who approves.
    """

    def __init__(self, shelf: Shelf, people: tuple[User, User, User]) -> None:
        self.shelf, self.desk = shelf, shelf.desk
        self.holder, self.deputy, self.approver = people
        self.acme = shelf.acme

    def asked(self, *, key: str = "", boundary: str = "acme/web", days: int = 30, **more: Any) -> Request:
        """A request for a key."""
        ask = Ask(
            version=current_version("gitops-reader"),
            kind="deploy_key",
            machine="Staging cluster",
            reason="Pull the manifests",
            where_used="eu-1",
            lifetime_days=days,
            deputy=self.deputy.person,
            boundary=boundary,
            public_key=key or public_key("machine", boundary),
            **more,
        )
        return submit_request(ask, acting_user=self.holder)

    def approved(self, **more: Any) -> Request:
        """An approved one: the portal is about to add the key."""
        return approve_request(self.asked(**more), acting_user=self.approver)

    def added(self, **more: Any) -> Credential:
        """A key that works."""
        request = self.approved(**more)
        self.work("register_key")
        return Credential.objects.select_related("request").get(request=request)

    def work(self, *kinds: str, rounds: int = 1) -> list[Job]:
        """Do attempts at every due or waiting job of these kinds; the jobs of the last round as they stand."""
        jobs: list[Job] = []
        for _ in range(rounds):
            jobs = run_due_jobs(*kinds)
        return jobs

    def held(self, slug: str = "web") -> list[DeployKey]:
        """What Bitbucket holds at a repository, or at a project by its key, beyond what it began with."""
        place = self.acme.repository(slug) or self.acme.project(slug)
        assert place is not None
        return [one for one in self.acme.deploy_keys.of(place.uuid) if "bcp-" in one.label]

    def put(self, key: str, label: str, *, slug: str = "web", owner: str | None = None) -> DeployKey:
        """A key that came there without the portal."""
        place = self.acme.repository(slug)
        assert place is not None
        number = self.acme.deploy_keys.next_id()
        entry = DeployKey(number, place.uuid, key, label, "", self.desk.world.now(), owner)
        self.acme.deploy_keys.put(entry)
        return entry

    def observe(self, slug: str = "web") -> None:
        """What an inventory run does at one repository."""
        place, bot = self.shelf.repository(slug), revoke_bot()
        assert bot is not None
        began = database_now()
        observe_deploy_keys(place, KeyPlace(bot, place).keys(), read_by=READ_BY_DEPLOY_KEYS, at=began)

    def sent(self, method: str) -> int:
        """How many requests with this method Bitbucket was sent since its counters were cleared."""
        return sum(one["method"] == method for one in self.desk.world.counters.report()["recent"])

    def entry(self, credential: Credential) -> DeployKey:
        """A key at Bitbucket."""
        entry = self.acme.deploy_keys.by_id(int(key_id_of(credential)))
        assert entry is not None
        return entry

    def revoke(self, credential: Credential, *, by: User | None = None) -> Revocation:
        """Ask for its end, and do one attempt at it."""
        revocation = start_revocation(credential, reason="Not needed", acting_user=by or self.holder)
        self.work("delete_key")
        credential.refresh_from_db()
        revocation.refresh_from_db()
        return revocation

    def use(self, credential: Credential, *, ago: timedelta = timedelta()) -> None:
        """Let a machine fetch with it."""
        self.entry(credential).last_used = self.desk.world.now() - ago

    def age(self, credential: Credential, days: int) -> None:
        """Let it have been added so many days ago."""
        Credential.objects.filter(pk=credential.pk).update(registered_at=timezone.now() - timedelta(days=days))


def registration_of(request: Request) -> KeyRegistration:
    """The adding of its key, as it stands now."""
    return KeyRegistration.objects.get(request=request)
