"""A place, a key pair's public half, and the rows of work that add and delete it, in a world of its own."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import requests
from django.utils import timezone

from accounts.models import Workspace
from audit.models import Event
from sandbox.deploy_keys import public_key
from tests.faults.effects import LONG
from tests.faults.world import World
from tokens.catalogue.public_keys import parse_public_key
from tokens.models import Credential, KeyRegistration, Repository, Request, Revocation, UsedBy
from tokens.operations.change import Change
from tokens.operations.key_asking import ask_for_registration
from tokens.operations.key_rotations import rotate_key
from tokens.operations.revocations import start_revocation
from tokens.policy import scopes_hash
from tokens.queries import current_version
from workqueue.models import END_STATES, Job

# Of the requests about one place's keys: the list, the change, the list again.
KEYS = "*/deploy-keys*"


@dataclass
class KeyDesk:
    """Approves keys of one repository and sees what became of them."""

    world: World
    repository: Repository
    count: int = 0

    def approve(self, *, rotates: Credential | None = None) -> KeyRegistration:
        """An approved request for a new key, as an approver's click leaves it."""
        self.count += 1
        version, emma = current_version("gitops-reader"), self.world.user("emma")
        code = f"bcp-{self.repository.pk:02}K{self.count:03}"
        with Change(emma) as change:
            request = Request.objects.create(
                code=code,
                person=emma.person,
                template_version=version,
                kind="deploy_key",
                used_by=UsedBy.MACHINE,
                machine="Staging cluster",
                public_key=public_key("faults", self.repository.uuid, self.count),
                deputy=self.world.person("aria"),
                boundary="acme/web",
                scopes=list(version.scopes),
                scopes_hash=scopes_hash(version.scopes),
                risk=version.risk,
                reason="Pull the manifests",
                where_used="eu-1",
                lifetime_days=30,
                state="approved",
                submitted_at=change.at,
                decided_at=change.at,
                approved_until=(change.at + timedelta(days=30)).date(),
                rotates=rotates,
            )
            ask_for_registration(request, change)
        return KeyRegistration.objects.get(request=request)

    def add(self) -> Credential:
        """A key that works."""
        row = self.approve()
        self.wait_for(row)
        row.refresh_from_db()
        assert row.credential is not None, self.world.report()
        return row.credential

    def rotate(self, older: Credential) -> KeyRegistration:
        """Ask for a newer key beside an older one."""
        self.count += 1
        key = public_key("faults", "newer", self.repository.uuid, self.count)
        request = rotate_key(older, key, parse_public_key(key).fingerprint, acting_user=self.world.user("emma"))
        return KeyRegistration.objects.get(request=request)

    def revoke(self, credential: Credential) -> Revocation:
        """Click delete; a worker does the rest."""
        return start_revocation(credential, reason="Not needed any more", acting_user=self.world.user("ada"))

    def job(self, row: KeyRegistration | Revocation) -> Job:
        """The row of work of an adding or a deletion."""
        if isinstance(row, Revocation):
            return Job.objects.get(kind="delete_key", key=row.job_key)
        return Job.objects.get(kind="register_key", key=row.job_key)

    def wait_for(self, *rows: KeyRegistration | Revocation, hurry: bool = False) -> None:
        """Wait until they have ended, in whatever way."""

        def ended() -> bool:
            if hurry:
                self.world.let_time_pass()
            return all(self.job(row).state in END_STATES for row in rows)

        self.world.wait("the keys' work ends", ended)

    def stopped_in(self, request_number: int) -> None:
        """Let one of the next requests about the place's keys hang: 0 the list, 1 the change, 2 the list again."""
        self.world.sandbox.fault("latency", KEYS, milliseconds=LONG, skip=request_number, count=1)

    def held(self) -> list[dict[str, Any]]:
        """The keys of the place that carry a code, as Bitbucket holds them."""
        place = self.world.sandbox.truth()["workspaces"]["acme"]["repositories"]["web"]
        return [one for one in place["deploy_keys"] if "bcp-" in one["label"]]

    def clear(self) -> None:
        """Take every key with a code away, past the portal; what it knew of them is no test's concern any more."""
        for one in self.held():
            self.world.sandbox.ask("DELETE", f"/workspaces/acme/deploy-keys/{one['id']}")

    def assert_added_once(self, *rows: KeyRegistration, posts: int | None = None) -> None:
        """One key at Bitbucket for each approval, one row for each key, said once."""
        held = {one["label"].partition(" ")[0] for one in self.held()}
        for row in rows:
            row.refresh_from_db()
            assert row.outcome == "registered", f"{row.waiting_because}\n{self.world.report()}"
            [credential] = Credential.objects.filter(request=row.request_id)
            assert row.request.code in held
            assert len(events("credential:registered", credential)) == 1
            assert self.job(row).state == "done"
        assert len(self.held()) == len(held), "two keys where one was approved"
        if posts is not None:
            sent = self.world.sandbox.requests("deploy-keys", method="POST", status=200)
            assert sent == posts, f"{sent} keys were accepted"

    def assert_deleted_once(self, *credentials: Credential, state: str = "revoked") -> None:
        """Gone, said so once."""
        ids = {str(one["id"]) for one in self.held()}
        for credential in credentials:
            credential.refresh_from_db()
            assert credential.state == state, f"{credential.state_reason}\n{self.world.report()}"
            assert (credential.listing_id or "").rpartition(":")[2] not in ids
            tag = "credential:retired" if state == "retired" else "credential:revoked"
            assert len(events(tag, credential)) == 1


def events(tag: str, credential: Credential) -> list[Event]:
    """The trail's events of a tag about one credential."""
    return list(Event.objects.filter(tag=tag, subject_type="credential", subject_id=credential.pk))


def key_desk(world: World) -> KeyDesk:
    """Write down that acme/web is known, as an inventory run leaves it."""
    acme = world.sandbox.world["workspaces"]
    slug = next(one for one in acme if one["slug"] == "acme")
    bot = (world.values["REVOKE_BOT_EMAIL"], world.values["REVOKE_BOT_TOKEN"])
    told = requests.get(f"{world.sandbox.url}/2.0/repositories/acme/web", auth=bot, timeout=10).json()
    workspace, _ = Workspace.objects.get_or_create(uuid=slug["uuid"], defaults={"slug": "acme", "name": "Acme"})
    now = timezone.now()
    repository, _ = Repository.objects.get_or_create(
        workspace=workspace,
        uuid=told["uuid"],
        defaults={"slug": "web", "full_name": "acme/web", "name": "web", "first_seen_at": now, "observed_at": now},
    )
    return KeyDesk(world, repository)
