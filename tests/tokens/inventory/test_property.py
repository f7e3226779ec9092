"""Whatever changes while a run reads: after one quiet run over everything, the rows say what the sandbox says."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sandbox.deploy_keys import DeployKey, public_key
from sandbox.model import Project, Repository
from sandbox.server import RunningSandbox
from tests.tokens.inventory.runs import full_run, inventory, start, time_passes, truth, work
from tokens.models import Part, Sync
from workqueue.models import Job

PEOPLE = ("emma", "lee", "aria")
PERMISSIONS = ("none", "read", "write", "admin")
WAYS = ("user", "group", "key", "drop_key", "add", "rename", "drop", "project", "token", "drop_token", "seat", "fault")

change = st.tuples(st.sampled_from(WAYS), st.integers(0, 7), st.integers(0, 7))
# So many units are read, then so many changes happen, and so on.
moments = st.lists(st.tuples(st.integers(0, 6), st.lists(change, max_size=5)), min_size=1, max_size=4)


class Hand:
    """Changes the sandbox's world."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.world, self.acme, self.made = sandbox.world, sandbox.world.workspaces["acme"], 0

    def do(self, way: str, one: int, other: int) -> None:
        """Make one change; a number that is too large starts again at the first thing there is."""
        self.made += 1
        getattr(self, f"_{way}")(one, other)
        self.acme.touch()

    def _place(self, number: int) -> tuple[Any, Any]:
        places = [("project", one) for one in self.acme.projects] + [
            ("repository", one) for one in self.acme.repositories
        ]
        return places[number % len(places)]

    def _person(self, number: int) -> Any:
        account = self.world.account(PEOPLE[number % len(PEOPLE)])
        assert account
        return account

    def _user(self, one: int, other: int) -> None:
        level, place = self._place(one)
        permission = PERMISSIONS[other % len(PERMISSIONS)]
        self.acme.grants.set(level, "users", place.uuid, self._person(other).account_id, permission)

    def _group(self, one: int, other: int) -> None:
        level, place = self._place(one)
        group = sorted(self.acme.groups)[other % len(self.acme.groups)]
        self.acme.grants.set(level, "groups", place.uuid, group, PERMISSIONS[other % len(PERMISSIONS)])

    def _key(self, one: int, other: int) -> None:
        _, place = self._place(one)
        number = self.acme.deploy_keys.next_id()
        text = public_key("property", number)
        self.acme.deploy_keys.put(DeployKey(number, place.uuid, text, f"key {number}", "", self.world.now()))

    def _drop_key(self, one: int, other: int) -> None:
        keys = self.acme.deploy_keys.everything()
        if keys:
            self.acme.deploy_keys.drop(keys[one % len(keys)])

    def _add(self, one: int, other: int) -> None:
        project = self.acme.projects[one % len(self.acme.projects)]
        uuid = f"{{00000000-0000-4000-8000-{self.made:012}}}"
        name = f"new-{self.made}"
        self.acme.put_repository(Repository(100 + self.made, "acme", name, name, uuid, project.key, self.world.now()))

    def _rename(self, one: int, other: int) -> None:
        repository = self.acme.repositories[one % len(self.acme.repositories)]
        name = f"renamed-{self.made}"
        self.acme.put_repository(replace(repository, slug=name, name=name))

    def _drop(self, one: int, other: int) -> None:
        if len(self.acme.repositories) > 1:
            self.acme.drop_repository(self.acme.repositories[one % len(self.acme.repositories)])

    def _project(self, one: int, other: int) -> None:
        project = self.acme.projects[one % len(self.acme.projects)]
        if other % 2:
            self.acme.put_project(Project(f"{project.key[:3]}{self.made}", project.name, project.uuid))
        else:
            self.acme.put_project(Project(f"N{self.made}", "New", f"{{00000000-0000-4000-9000-{self.made:012}}}"))

    def _token(self, one: int, other: int) -> None:
        self.world.create_api_token(
            self._person(one),
            label=f"made meanwhile {self.made}",
            scopes=("read:repository:bitbucket",),
            expires_at=self.world.now() + timedelta(days=30),
        )

    def _drop_token(self, one: int, other: int) -> None:
        tokens = self.world.tokens_of(self._person(one).account_id)
        if tokens:
            self.world.delete_api_token(tokens[other % len(tokens)].id)

    def _seat(self, one: int, other: int) -> None:
        account = self._person(one)
        if self.acme.seats.pop(account.account_id, None) is None:
            self.acme.seats[account.account_id] = "member"

    def _fault(self, one: int, other: int) -> None:
        kind = ("malformed", "html", "no_values", "empty_page")[other % 4]
        path = ("*/members*", "*/projects*", "*permissions-config*", "*deploy-keys*")[one % 4]
        self.world.faults.add({"kind": kind, "path": path, "count": 1})


@contextmanager
def undone() -> Iterator[None]:
    """Whatever one example writes is gone afterwards."""
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]  # no transaction of the portal's
    with whole:
        yield
        transaction.set_rollback(True)


def quiet_run(sandbox: RunningSandbox) -> tuple[Sync, int]:
    """A full run while nothing changes; the run, and how many requests the sandbox counted."""
    sandbox.world.faults.clear()
    Sync.objects.filter(finished_at=None).update(finished_at="2026-01-01T00:00Z")
    Part.objects.update(asked_at=None)
    sandbox.world.counters.clear()
    sync = full_run()
    return sync, int(sandbox.world.counters.report()["total"])


@pytest.mark.django_db
@given(moments=moments)
@settings(
    max_examples=int(os.environ.get("INVENTORY_EXAMPLES", "4")),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # making an example smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_after_a_quiet_run_the_rows_are_the_world(world: RunningSandbox, moments: list[Any]) -> None:
    world.world.start_over()
    world.world.faults.clear()
    with undone():
        hand = Hand(world)
        start()
        for units, changes in moments:
            work(units)
            for one in changes:
                hand.do(*one)
            time_passes()
        sync, requests = quiet_run(world)
        assert sync.result["complete"] is True, sync.result["unread"]
        assert inventory() == truth(world)
        places = len(hand.acme.repositories) + len(hand.acme.projects)
        # One page of each of the four lists, and the workspace's name where nobody asked for it before. Where a list
        # of places lacks one, it counts as gone only beside a look at our own role.
        assert requests <= 3 * places + 4 + 1 + 2
        assert not Job.objects.filter(kind="read_part", state="errored").exists()
