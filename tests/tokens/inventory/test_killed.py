"""A process that reads is killed in the middle: another one finishes what it left."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now

from sandbox.environment import environment_for
from sandbox.server import RunningSandbox
from tests.tokens.inventory.runs import inventory, truth, work
from tests.workqueue.processes import wait_until
from tokens.models import Part, Sync
from workqueue.models import Job
from workqueue.sweeper import sweep

PROJECT = Path(__file__).resolve().parents[3]


def reading_process(sandbox: RunningSandbox) -> "subprocess.Popen[bytes]":
    """`manage.py sync_inventory --here` on the database of this test."""
    database = connection.settings_dict
    who = f"{database['USER']}:{database['PASSWORD']}"
    return subprocess.Popen(
        [sys.executable, PROJECT / "manage.py", "sync_inventory", "--here", "--json"],
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"postgres://{who}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
            "SECRET_KEY": "only-for-this-test",
            **environment_for(sandbox.world.options, sandbox.url),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
    )


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_in_the_middle_loses_nothing(world: RunningSandbox) -> None:
    world.world.faults.add({"kind": "hang", "path": "*/permissions-config/groups", "milliseconds": 30_000, "skip": 1})
    process = reading_process(world)
    try:
        wait_until(lambda: Job.objects.filter(kind="read_part", state="running", payload__part__in=_hanging()).exists())
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=10)
    world.world.faults.clear()
    read = Part.objects.filter(observed_at__isnull=False).count()
    assert 0 < read < Part.objects.count()
    Job.objects.filter(state="running").update(lease_until=Now())
    assert sweep().taken_back == 1
    work()
    sync = Sync.objects.get()
    assert sync.result["complete"] is True
    assert inventory() == truth(world)
    assert sum(1 for job in Job.objects.filter(kind="read_part") if job.attempt > 1) == 1


def _hanging() -> list[int]:
    """Parts of groups' grants after the first one that was read."""
    groups = Part.objects.filter(kind="group_grants")
    return (
        list(groups.filter(observed_at=None).values_list("pk", flat=True))
        if groups.filter(observed_at__isnull=False).exists()
        else []
    )
