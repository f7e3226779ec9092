"""Worlds for these tests, and the mark that keeps them out of `make test`."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.test import override_settings

from devstack import recipe
from devstack.state import State
from portal import job_kinds
from portal.celery import app
from tests.faults import scale
from tests.faults.servers import Database
from tests.faults.world import LISTS, World, connected_to
from workqueue import doorbell

HERE = Path(__file__).parent
WorldMaker = Callable[..., World]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder takes minutes and kills processes: nobody runs it by accident."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def prepared_database() -> Iterator[Database]:
    """A migrated database with the templates in it; worlds copy it."""
    shared = Database(os.environ["DATABASE_URL"])
    ours = shared.sibling(f"{shared.name}_faults_template")
    ours.make()
    state = State.ephemeral()
    try:
        values = {"DATABASE_URL": ours.url, "SECRET_KEY": "only-for-tests-" * 4, "PORTAL_URL": "http://127.0.0.1:1"}
        recipe.prepare(values, state.logs)
        yield ours
    finally:
        state.remove()
        ours.drop()


@pytest.fixture(scope="module")
def make_world(django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[WorldMaker]:
    """Makes worlds that live as long as the module; the last one made is the one this process is connected to."""
    with ExitStack() as ends:

        def make(*, own_postgres: bool = False, **more: Any) -> World:
            template = None if own_postgres else request.getfixturevalue("prepared_database")
            world = World(template, **more)
            ends.callback(world.stop)
            world.start()
            ends.enter_context(django_db_blocker.unblock())
            ends.enter_context(connected_to(world))
            ends.enter_context(_settings_of(world))
            ends.enter_context(_bell_of(world))
            return world

        yield make


@pytest.fixture(scope="module")
def world(make_world: WorldMaker) -> World:
    """A fresh world with a database of its own; a module that needs another one makes it itself."""
    return make_world()


@pytest.fixture(autouse=True)
def _well_again(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test begins at a sandbox without faults and counts, and a proxy that passes everything on."""
    yield
    if "world" in request.fixturenames:
        living: World = request.getfixturevalue("world")
        living.sandbox.no_faults()
        living.sandbox.forget_requests()
        living.proxy.behave("pass")  # type: ignore[arg-type]


@contextmanager
def _settings_of(world: World) -> Iterator[None]:
    """This process asks and rings as a shell beside the workers would."""
    told = {
        name: value.split(",") if name in LISTS else value for name, value in world.values.items() if name in _KNOWN
    }
    kinds = scale.shortened(job_kinds.JOB_KINDS)
    with override_settings(**told, DEMO=True, JOB_KINDS=kinds, SWEEP_SECONDS=scale.SWEEP_SECONDS):
        yield


_KNOWN = {
    *LISTS,
    "SECRET_KEY",
    "REDIS_URL",
    "PORTAL_URL",
    "BITBUCKET_WEB_URL",
    "BITBUCKET_API_URL",
    "ATLASSIAN_API_URL",
    "ATLASSIAN_ORG_ID",
    "ATLASSIAN_DIRECTORY_ID",
    "ATLASSIAN_AUDIT_KEY",
    "AUDIT_BOT_EMAIL",
    "AUDIT_BOT_TOKEN",
    "REVOKE_BOT_EMAIL",
}


@contextmanager
def _bell_of(world: World) -> Iterator[None]:
    """A bell that rings at the world's Redis, as bounded as the web process's."""
    ours = Celery("faults", broker=world.redis.url, set_as_current=False)
    options = {"socket_timeout": 2, "socket_connect_timeout": 2, "max_retries": 0}
    ours.conf.update(broker_transport_options=options, task_publish_retry=app.conf.task_publish_retry)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workqueue.doorbell.current_app", ours)
        patch.setattr("workqueue.doorbell._bell", doorbell._Bell())
        yield
    ours.close()
