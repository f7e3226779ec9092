"""A whole portal of its own for a module of tests: database, Redis, sandbox, workers, and everything one does to them.

Each process leads a process group; whatever is started is on record and stopped by its id at the end.
"""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.db import connection, connections
from django.db.models.functions import Now
from django.test import Client

from accounts.models import Person, Seat, User, Workspace
from audit.models import Event
from bitbucket.resources import OrganisationToken
from devstack import recipe
from devstack.children import Child, Nursery
from devstack.children import wait_until as wait_for_child
from devstack.environment import environment_of
from devstack.ports import HOST, free_port
from devstack.readiness import Roll, answers_with
from devstack.state import State
from tests.faults import scale
from tests.faults.proxy import Proxy
from tests.faults.servers import Database, OwnPostgres, OwnRedis
from tests.faults.stand_in import StandIn
from tests.workqueue.processes import wait_until
from tokens.inventory.moments import database_now
from tokens.models import Credential, Revocation, Source
from tokens.operations.observing import observe_tokens
from tokens.operations.revocations import start_revocation
from workqueue.models import DUE_STATES, END_STATES, Job

BACKEND = "accounts.roles.RoleBackend"
LISTS = ("PORTAL_ADMINS", "PORTAL_AUDITORS", "BITBUCKET_WORKSPACES")
QUEUES = {"default": "worker", "revoke": "worker-revoke"}
_SANDBOX = ("--repositories", "2", "--members", "1", "--projects", "1", "--tokens", "3", "--hourly-limit", "0")
_READY_SECONDS = 90.0
_LEAVE_SECONDS = 12.0
_TAIL_LINES, _TAIL_WIDTH = 8, 240
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class World:
    """See the module. `start` and `stop` are called by the fixture.

    Args:
        template: a prepared database to copy; None makes a PostgreSQL server of this world's own, which may be stopped.
        proxied: the variables with addresses that workers reach through `proxy`, such as ``ATLASSIAN_API_URL``.
        environment: variables for every process.

    Attributes:
        sandbox: the stand-in.
        proxy: between the workers and the sandbox.
        redis: its Redis.
        postgres: its own PostgreSQL, where it has one.
        values: the portal's variables.
        portal_url: where the web process answers, once started.
    """

    proxy: Proxy
    redis: OwnRedis
    sandbox: StandIn

    def __init__(
        self, template: Database | None, *, proxied: tuple[str, ...] = (), environment: dict[str, str] | None = None
    ) -> None:
        self._template, self._proxied, self._extra = template, proxied, environment or {}
        self.state = State.ephemeral()
        self._nursery = Nursery(self.state.records, self.state.logs)
        self.postgres: OwnPostgres | None = None
        self._database: Database | None = None
        self.values: dict[str, str] = {}
        self._number = 0

    # --- from start to end -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the servers and the sandbox; workers are started by the tests."""
        home = self.state.home()
        self.redis = OwnRedis(home, self._nursery)
        port, sandbox_port = free_port(), free_port()
        command = [*recipe.sandbox_command(self.state, sandbox_port, f"http://{HOST}:{port}"), *_SANDBOX]
        sandbox = self._nursery.start("sandbox", command, run_as=recipe.IN_CHECKOUT)
        self.proxy = Proxy(sandbox_port).start()
        self.values = recipe.portal_values(self.state, port, command)
        for name in self._proxied:
            self.values[name] = self.values[name].replace(str(sandbox_port), str(self.proxy.port))
        self.values |= {"REDIS_URL": self.redis.url, "DJANGO_SETTINGS_MODULE": "tests.faults.settings", **self._extra}
        self.values["DATABASE_URL"] = self._database_url()
        self.portal_url = self.values["PORTAL_URL"]
        wait_for_child(lambda: answers_with(sandbox_port, "/_sandbox/requests"), child=sandbox, seconds=_READY_SECONDS)
        self.sandbox = StandIn(f"http://{HOST}:{sandbox_port}")

    def _database_url(self) -> str:
        if self._template is not None:
            self._database = self._template.sibling(f"faults_{self.state.path.name}")
            self._database.make(self._template.name)
            return self._database.url
        self.postgres = OwnPostgres(self.state.home(), self._nursery)
        recipe.prepare({**self.values, "DATABASE_URL": self.postgres.url}, self.state.logs)
        return self.postgres.url

    def stop(self) -> None:
        """End everything, whatever state it is in, and leave nothing behind."""
        for child in self._nursery.children:
            child.signal_all(signal.SIGCONT)
        servers = [child for child in self._nursery.children if child.name in ("postgres", "redis")]
        others = [child for child in self._nursery.children if child not in servers]
        self._nursery.end(others, patience_seconds=_LEAVE_SECONDS)
        if hasattr(self, "proxy"):
            self.proxy.stop()
        connections.close_all()
        if self._database:
            self._database.drop()
        self._nursery.end(servers, patience_seconds=_LEAVE_SECONDS)
        self.state.remove()

    # --- processes ---------------------------------------------------------------------------------------------------

    def start_worker(self, queue: str = "default", name: str = "", *, clock_seconds: float = 0) -> str:
        """Start a Celery worker and wait until it consumes.

        Args:
            queue: ``default`` or ``revoke``: the worker gets the secrets of that one only.
            name: another one than ``worker`` or ``worker-revoke``, for a second one of the same queue.
            clock_seconds: how wrong its clock is.

        Returns:
            Its name.
        """
        process = QUEUES[queue]
        name = name or process
        environment = environment_of(process, self.values) | {"FAULTS_CLOCK_SECONDS": str(clock_seconds)}
        command = [*recipe.PROCESSES[process][:-1], f"{name}@%h"]
        child = self._nursery.start(name, command, environment=environment, run_as=recipe.IN_CHECKOUT)
        roll = Roll(self.redis.url)
        try:
            wait_for_child(lambda: roll.is_present(name), child=child, seconds=_READY_SECONDS)
        finally:
            roll.close()
        return name

    def start_beat(self, name: str = "beat") -> str:
        """Start beat; a second one needs another name."""
        command = [*recipe.PROCESSES["beat"], str(self.state.path / f"schedule-of-{name}")]
        self._nursery.start(name, command, environment=environment_of("beat", self.values), run_as=recipe.IN_CHECKOUT)
        return name

    def start_web(self) -> str:
        """Start gunicorn and wait until its pages answer."""
        child = recipe.start_process("web", self.state, self._nursery, self.values)
        port = int(self.portal_url.rpartition(":")[2])
        wait_for_child(lambda: answers_with(port, "/readyz"), child=child, seconds=_READY_SECONDS)
        return "web"

    def child(self, name: str) -> Child:
        """A process by its name.

        Raises:
            KeyError: none of that name was started, or it was ended.
        """
        return {child.name: child for child in self._nursery.children}[name]

    def runs(self, name: str) -> bool:
        """Whether a process was started and lives."""
        return any(child.name == name and not child.has_ended() for child in self._nursery.children)

    def signal(self, name: str, number: int) -> None:
        """Send a signal to a process and all of its group."""
        self.child(name).signal_all(number)

    def kill(self, name: str) -> None:
        """End a process and all of its group at once, without a chance to tidy up."""
        self.signal(name, signal.SIGKILL)
        self._nursery.end([self.child(name)], patience_seconds=0)

    def end(self, name: str, *, patience_seconds: float = _LEAVE_SECONDS) -> None:
        """Ask a process to leave, as a deployment does; kill what has not left in time."""
        self._nursery.end([self.child(name)], patience_seconds=patience_seconds)

    def children_of(self, name: str) -> list[int]:
        """The process ids of a worker's own children, which do the work."""
        return _children(self.child(name).pid)

    def kill_children(self, name: str) -> list[int]:
        """Kill every child of a worker, and leave the worker; gives their process ids."""
        pids = self.children_of(name)
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return pids

    def log_of(self, name: str) -> str:
        """What a process has said so far."""
        return (self.state.logs / f"{name}.log").read_text(errors="replace")

    def run_python(self, *arguments: str) -> int:
        """Run a module of these tests as a process of the portal; gives its exit code, negative for a signal."""
        number = self._next()
        command = [sys.executable, "-m", *arguments]
        environment = environment_of("cli", self.values)
        child = self._nursery.start(f"python-{number}", command, environment=environment, run_as=recipe.IN_CHECKOUT)
        wait_until(child.has_ended, seconds=scale.PATIENCE_SECONDS)
        code = child._process.returncode
        self._nursery.end([child], patience_seconds=0)
        return int(code)

    # --- servers -----------------------------------------------------------------------------------------------------

    def stop_postgres(self, *, immediate: bool = True) -> None:
        """Take the database away; only in a world with a PostgreSQL of its own."""
        assert self.postgres is not None, "this world shares its PostgreSQL"
        self.postgres.stop(immediate=immediate)
        connections.close_all()

    def start_postgres(self) -> None:
        """Give it back."""
        assert self.postgres is not None, "this world shares its PostgreSQL"
        self.postgres.start()
        connections.close_all()

    def restart_postgres(self, *, immediate: bool = True) -> None:
        """Stop it and start it again."""
        self.stop_postgres(immediate=immediate)
        self.start_postgres()

    # --- people and credentials --------------------------------------------------------------------------------------

    def person(self, key: str) -> Person:
        """One of the cast as a row."""
        member = self.sandbox.member(key)
        names = {"uuid": member.uuid, "display_name": member.display_name, "nickname": member.nickname}
        addresses = {"email": member.email, "confirmed_emails": [member.email]}
        return Person.objects.update_or_create(account_id=member.account_id, defaults=names | addresses)[0]

    def user(self, key: str) -> User:
        """One of the cast as if they had signed in; with a seat, unless they have none."""
        person = self.person(key)
        user, made = User.objects.get_or_create(username=person.account_id, defaults={"person": person})
        seats = self.sandbox.truth()["workspaces"]["acme"]["members"]
        if made and person.account_id in seats:
            uuid = self.sandbox.truth()["workspaces"]["acme"]["uuid"]
            workspace, _ = Workspace.objects.get_or_create(uuid=uuid, defaults={"slug": "acme", "name": "Acme"})
            Seat.objects.get_or_create(
                person=person, workspace=workspace, defaults={"role": "member", "observed_at": database_now()}
            )
        return User.objects.select_related("person").get(pk=user.pk)

    def make_bound_credential(self, person: str = "emma", label: str = "", **more: Any) -> Credential:
        """A token at the sandbox, and the row that is bound to it, as an inventory run would have found it.

        Args:
            person: short name of its holder.
            label: its name; one that nobody else has where it is empty.
            more: further fields of the sandbox's lever, such as ``expires_in_days``.
        """
        made = self.sandbox.make_token(person, label or f"token {self._next()}", **more)
        observe_tokens([self._entry(person, made)], read_by="test", source=Source.SYNC, at=database_now())
        return Credential.objects.get(listing_id=made["id"])

    def _entry(self, person: str, made: dict[str, Any]) -> OrganisationToken:
        holder = self.person(person)
        return OrganisationToken(
            id=made["id"],
            label=made["label"],
            status="ALLOWED",
            created_at=datetime.fromisoformat(made["created_at"]),
            expires_at=datetime.fromisoformat(made["expires_at"]),
            last_active_at=None,
            user_id=holder.account_id,
            user_name=holder.display_name,
            user_email=holder.email,
            scopes=frozenset(made["scopes"]),
        )

    def revoke(self, credential: Credential, *, by: str = "ada") -> Revocation:
        """Click revoke; a worker does the rest."""
        return start_revocation(credential, reason="Not needed any more", acting_user=self.user(by))

    def browser(self, key: str) -> "Browser":
        """Somebody signed in at the web process."""
        client = Client()
        client.force_login(self.user(key), backend=BACKEND)
        return Browser(self.portal_url, client.cookies[settings.SESSION_COOKIE_NAME].value)

    # --- what became of it -------------------------------------------------------------------------------------------

    def job(self, revocation: Revocation) -> Job:
        """The row of work of a revocation, as it stands."""
        return Job.objects.get(kind="revoke_credential", key=revocation.job_key)

    def state_of(self, credential: Credential) -> str:
        """A credential's state, as it stands."""
        return Credential.objects.values_list("state", flat=True).get(pk=credential.pk)

    def events(self, tag: str, credential: Credential | None = None) -> list[Event]:
        """The trail's events of a tag, those about one credential where it is given."""
        found = Event.objects.filter(tag=tag).order_by("seq")
        return list(found if credential is None else found.filter(subject_type="credential", subject_id=credential.pk))

    def has_ended(self, *jobs: Job | Revocation) -> bool:
        """Whether every one of these has come to an end."""
        rows = [self.job(one) if isinstance(one, Revocation) else one for one in jobs]
        ended = Job.objects.filter(pk__in=[row.pk for row in rows], state__in=END_STATES)
        return ended.count() == len(rows)

    def let_time_pass(self) -> None:
        """Every job that waits for a time is due now; the next sweep rings for it."""
        Job.objects.filter(state__in=DUE_STATES).update(next_attempt_at=Now(), ring_again_at=Now())

    def due_in(self, job: Job) -> float:
        """Seconds until a job's next attempt, by the database's clock."""
        found = Job.objects.annotate(now=Now()).get(pk=job.pk)
        return float((found.next_attempt_at - found.now).total_seconds())

    def wait(self, what: str, is_so: Callable[[], bool], *, seconds: float = scale.PATIENCE_SECONDS) -> float:
        """Wait until something holds.

        Args:
            what: what is waited for, as the message says when it does not come.
            is_so: asked again and again.
            seconds: when to give up.

        Returns:
            How many seconds it took.

        Raises:
            AssertionError: it did not come true; the text holds the open jobs and the ends of all logs.
        """
        began = time.monotonic()
        try:
            wait_until(is_so, seconds=seconds)
        except AssertionError as error:
            raise AssertionError(f"{what}: {error}\n{self.report()}") from None
        return time.monotonic() - began

    def wait_for_end(self, *revocations: Revocation, seconds: float = scale.PATIENCE_SECONDS) -> float:
        """Wait until revocations have ended, in whatever way; gives the seconds it took."""
        return self.wait("revocations end", lambda: self.has_ended(*revocations), seconds=seconds)

    def hurry_to_end(self, *revocations: Revocation) -> None:
        """Wait until revocations have ended, and skip every pause between their attempts."""

        def ended() -> bool:
            self.let_time_pass()
            time.sleep(scale.SWEEP_SECONDS)
            return self.has_ended(*revocations)

        self.wait("revocations end", ended)

    def wait_for_hits(self, count: int = 1, *, number: int = 0) -> None:
        """Wait until the sandbox's fault with this number was matched that often."""
        self.wait(f"fault {number} is hit {count} times", lambda: self.sandbox.hits(number) >= count)

    def report(self) -> str:
        """Where everything stands, for whoever has to find out."""
        lines = []
        if self.postgres is None or self.runs("postgres"):
            open_ones = Job.objects.exclude(state__in=("done", "skipped")).order_by("pk")[:20]
            lines += [f"{job}, attempt {job.attempt}, {job.reason!r}" for job in open_ones]
        for child in self._nursery.children:
            lines.append(f"--- {child.name} {'has ended' if child.has_ended() else 'runs'}")
            lines += [line[:_TAIL_WIDTH] for line in child.last_lines().splitlines()[-_TAIL_LINES:]]
        return "\n".join(lines)

    def _next(self) -> int:
        self._number += 1
        return self._number


class Browser:
    """A signed-in person at the web process.

    Args:
        url: the portal's address.
        session: the session cookie's value.
    """

    def __init__(self, url: str, session: str) -> None:
        self._url, self._http = url, requests.Session()
        self._http.trust_env = False
        self._http.cookies.set("portal_session", session)

    def get(self, path: str) -> requests.Response:
        """Open a page."""
        return self._http.get(self._url + path, timeout=30, allow_redirects=False)

    def post(self, path: str, page: str, form: dict[str, str]) -> requests.Response:
        """Send a form that stands on a page, as a browser would.

        Args:
            path: where to.
            page: the page that holds the form.
            form: its fields.
        """
        found = _TOKEN.search(self.get(page).text)
        assert found, f"{page} holds no form"
        return self.send(path, form | {"csrfmiddlewaretoken": found[1]})

    def send(self, path: str, form: dict[str, str]) -> requests.Response:
        """Send a form that was read before."""
        return self._http.post(
            self._url + path, form, headers={"Referer": self._url}, timeout=30, allow_redirects=False
        )


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] not in "ZX":
            found.append(int(stat.parent.name))
    return found


@contextmanager
def connected_to(world: World) -> Iterator[None]:
    """Let this process's models read and write the world's database."""
    target: dict[str, Any] = settings.DATABASES["default"]
    before = dict(target)
    connections.close_all()
    target.update(_parts(world.values["DATABASE_URL"]))
    connection.settings_dict.update(_parts(world.values["DATABASE_URL"]))
    try:
        yield
    finally:
        connections.close_all()
        target.update(before)
        connection.settings_dict.update(before)


def _parts(url: str) -> dict[str, Any]:
    user, _, rest = url.removeprefix("postgres://").partition("@")
    address, _, name = rest.partition("/")
    host, _, port = address.partition(":")
    return {
        "USER": user.partition(":")[0],
        "PASSWORD": user.partition(":")[2],
        "HOST": host,
        "PORT": port,
        "NAME": name,
    }
