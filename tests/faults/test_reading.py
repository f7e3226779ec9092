"""Reading the inventory and the newest tokens with real workers, while answers lie, lead astray or change."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.actors import SYSTEM
from accounts.models import Notification, Person
from tests.bitbucket.servers import RawService, raw_service, silent
from tests.faults.stand_in import ORGANISATION
from tests.faults.world import World
from tests.tokens.inventory.runs import age_parts, inventory, part, truth
from tokens.inventory.planning import top_up
from tokens.models import Circuit, Credential, Grant, Part, PartKind, Sync
from tokens.operations.syncs import start_sync
from workqueue.claims import enqueue
from workqueue.models import END_STATES, Job

LISTS = "re:(members|projects|repositories/[^/]+|users|groups|deploy-keys)$"
NONSENSE = ("malformed", "html", "empty", "wrong_types", "no_values", "truncated")


@pytest.fixture(scope="module", autouse=True)
def _known(world: World) -> None:
    """A worker has read everything once."""
    world.user("ada")
    world.start_worker("default")
    assert read_all(world).result["complete"] is True
    assert inventory() == truth(world.sandbox)


@pytest.fixture(autouse=True)
def _read_again_afterwards(world: World) -> Iterator[None]:
    """Whatever a test broke is whole for the next one."""
    yield
    world.sandbox.no_faults()
    world.wait("every run ends", lambda: _hurried(world))


def _hurried(world: World) -> bool:
    world.let_time_pass()
    top_up()
    # A late answer to the run before would count against the next one.
    reads = Job.objects.filter(kind="read_part", state="running")
    return not (Sync.objects.filter(finished_at=None).exists() or reads.exists())


def started() -> Sync:
    return start_sync(Sync.Mode.FULL, acting_user=SYSTEM)


def read_all(world: World) -> Sync:
    """A whole run by the workers."""
    sync = started()
    world.wait("the run ends", lambda: _hurried(world))
    sync.refresh_from_db()
    return sync


def places(world: World) -> list[str]:
    """Path patterns, one for each place with grants."""
    acme = world.sandbox.truth()["workspaces"]["acme"]
    return [one["uuid"] for one in acme["repositories"].values()] + list(acme["projects"])


def stopped(kind: PartKind) -> list[str]:
    """Why parts of a kind are unread."""
    return [words for words in Part.objects.filter(kind=kind).values_list("problem", flat=True) if words]


def looked_for_newest() -> Job:
    """The radar looks once."""
    return enqueue("radar", key=f"radar:{Job.objects.count()}", payload={})


def has_ended(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, state__in=END_STATES).exists()


def test_an_answer_that_is_none_is_never_clean(world: World) -> None:
    """F15: nothing that was known is gone, and the run does not end as if it had read everything."""
    before = inventory()
    names = places(world)
    for what in ("users", "groups"):
        for place, kind in zip(names, NONSENSE[: len(names)] if what == "users" else NONSENSE[3:], strict=True):
            world.sandbox.fault(kind, f"*/{place}/permissions-config/{what}*")
    world.sandbox.fault("no_values", ORGANISATION)
    sync = started()
    world.wait("seven reads fail", lambda: Part.objects.exclude(problem="").count() == 7)
    sync.refresh_from_db()
    assert sync.finished_at is None
    assert inventory() == before == truth(world.sandbox)
    job = looked_for_newest()
    world.wait("the radar answers", lambda: has_ended(job))
    assert Job.objects.get(pk=job.pk).state == "failed"
    assert inventory() == before
    world.sandbox.no_faults()
    world.wait("the run ends", lambda: _hurried(world))
    sync.refresh_from_db()
    assert sync.result["complete"] is True


def test_an_empty_page_with_a_next_one_goes_on(world: World) -> None:
    """F16."""
    world.sandbox.fault("empty_page", LISTS)
    world.sandbox.fault("empty_page", ORGANISATION)
    assert read_all(world).result["complete"] is True
    assert inventory() == truth(world.sandbox)


def test_pages_in_a_circle_stop(world: World) -> None:
    """F16."""
    before, place = inventory(), places(world)[0]
    world.sandbox.fault("repeat_next", f"*/{place}/permissions-config/users*")
    world.sandbox.forget_requests()
    started()
    world.wait("the read is given up", lambda: bool(stopped(PartKind.USER_GRANTS)))
    assert "in a circle" in stopped(PartKind.USER_GRANTS)[0]
    assert world.sandbox.requests("permissions-config/users") <= 2 + 2 * len(places(world))
    assert inventory() == before


@pytest.fixture
def canary() -> Iterator[RawService]:
    """A server that must not hear a byte of us."""
    with raw_service(silent) as service:
        yield service


ASTRAY = ("another port", "another host", "another scheme", "a name before the host", "a name in front")


def astray(world: World, canary: RawService) -> dict[str, str]:
    """Addresses that no list leads to."""
    ours = world.sandbox.url.removeprefix("http://")
    return {
        "another port": f"http://127.0.0.1:{canary.port}/2.0/x",
        "another host": f"http://localhost:{canary.port}/2.0/x",
        "another scheme": f"https://{ours}/2.0/x",
        "a name before the host": f"http://{ours}@127.0.0.1:{canary.port}/2.0/x",
        "a name in front": f"http://someone@{ours}/2.0/x",
    }


@pytest.mark.parametrize(
    "where", ["another port", "another host", "another scheme", "a name before the host", "a name in front"]
)
@pytest.mark.parametrize("kind", ["foreign_next", "redirect"])
def test_nothing_is_sent_to_where_an_answer_leads(world: World, canary: RawService, kind: str, where: str) -> None:
    """F17: not a byte, not a connection, and what was known stays."""
    before, url = inventory(), astray(world, canary)[where]
    world.sandbox.fault(kind, "*/permissions-config/users*", url=url)
    world.sandbox.fault(kind, "*/members", url=url)
    world.sandbox.fault(kind, ORGANISATION, url=url)
    world.sandbox.forget_requests()
    started()
    job = looked_for_newest()
    places_read = len(places(world))
    world.wait("every read is refused", lambda: len(stopped(PartKind.USER_GRANTS)) == places_read and has_ended(job))
    world.wait(
        "so are the lists", lambda: all(stopped(one) for one in (PartKind.MEMBERS, PartKind.ORGANISATION_TOKENS))
    )
    assert (bytes(canary.received), canary.connections) == (b"", 0)
    assert world.sandbox.requests("(none)") == 0
    assert inventory() == before


# --- F18 -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def emmas_list(world: World) -> str:
    """Emma writes to one repository, that is known, and its list now comes in two pages. Gives the lever's path."""
    lever = f"/workspaces/acme/repositories/web/users/{world.sandbox.member('emma').account_id}"
    world.sandbox.ask("POST", lever, {"permission": "write"})
    assert read_all(world).result["complete"] is True
    assert emmas(world) == {"write"}
    return lever


def emmas(world: World) -> set[str]:
    emma = world.sandbox.member("emma").account_id
    living = Grant.objects.filter(gone_at=None, person__account_id=emma, repository__slug="web")
    return set(living.values_list("permission", flat=True))


def change_before(world: World, lever: str, permissions: dict[int, str]) -> None:
    """Pull the lever right before the requests of these numbers, from 1; every list has an empty first page."""
    path = f"*{world.sandbox.truth()['workspaces']['acme']['repositories']['web']['uuid']}/permissions-config/users*"
    for number, permission in permissions.items():
        body = f'{{"permission": "{permission}"}}'
        world.sandbox.fault("lever", path, url=f"/_sandbox{lever}", body=body, skip=number - 1, count=1)
    world.sandbox.fault("empty_page", path)


def read_emmas_list(world: World) -> None:
    age_parts(48, kind=PartKind.USER_GRANTS, repository__slug="web")
    before = part(PartKind.USER_GRANTS, "web").observed_at
    top_up()
    world.wait("it is read again", lambda: part(PartKind.USER_GRANTS, "web").observed_at != before)


def test_what_comes_back_while_it_is_read_again_is_not_gone(world: World, emmas_list: str) -> None:
    """F18: lost before the second page of the first pass, back before the second pass."""
    change_before(world, emmas_list, {2: "none", 3: "write"})
    read_emmas_list(world)
    assert emmas(world) == {"write"}


def test_what_both_passes_lack_is_gone(world: World, emmas_list: str) -> None:
    """F18."""
    change_before(world, emmas_list, {2: "none"})
    read_emmas_list(world)
    assert emmas(world) == set()


# --- F11, F13: lanes and circuits ------------------------------------------------------------------------------------


def test_a_limit_of_one_lane_stops_no_other(world: World) -> None:
    """F11: Bitbucket wants an hour of quiet; the organisation's tokens are read all the same."""
    world.sandbox.fault("status", "re:^/2.0/", status=429, retry_after="3600")
    tokens = part(PartKind.ORGANISATION_TOKENS).observed_at
    world.sandbox.forget_requests()
    started()
    world.wait("tokens are read", lambda: part(PartKind.ORGANISATION_TOKENS).observed_at != tokens)
    world.wait("the other lane is parked", lambda: Job.objects.filter(kind="read_part", state="waiting").exists())
    # Both children of the worker may have asked before the first one heard it.
    assert 1 <= world.sandbox.requests(status=429) <= 2


@pytest.mark.parametrize(
    ("path", "answer", "operation"),
    [
        ("re:^/2.0/", {"status": 401}, ""),
        (
            "*deploy-keys",
            {"status": 403, "body": "Your credentials lack one or more required privilege scopes."},
            "deploy_keys",
        ),
    ],
    ids=["the credential", "a scope"],
)
def test_a_refusal_opens_a_circuit_and_tells_the_admins_once(
    world: World, path: str, answer: dict[str, Any], operation: str
) -> None:
    """F13: of the credential, or of one operation; what is known stays, and a probe closes it."""
    before = inventory()
    admin = Person.objects.get(account_id=world.sandbox.member("ada").account_id)
    told = Notification.objects.filter(person=admin, subject__startswith="Refused").count()
    world.sandbox.fault("status", path, **answer)
    sync = read_all(world)
    assert sync.result["complete"] is False
    circuit = Circuit.objects.get(closed_at=None)
    assert circuit.operation == operation
    assert Notification.objects.filter(person=admin, subject__startswith="Refused").count() == told + 1
    assert inventory() == before == truth(world.sandbox)
    world.sandbox.no_faults()
    again = read_all(world)
    assert again.result["complete"] is True, again.result
    assert not Circuit.objects.filter(closed_at=None).exists()


def test_a_bot_that_lost_its_right_ends_nothing(world: World) -> None:
    """F27."""
    before = inventory()
    world.sandbox.fault("lost_admin", "re:^/2.0/")
    assert read_all(world).result["complete"] is False
    assert inventory() == before == truth(world.sandbox)
    assert not Credential.objects.filter(state="gone").exists()
