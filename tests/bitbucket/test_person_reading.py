"""One person read live against the sandbox: what is found, what it costs, and what is never taken for clean."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import pytest

from bitbucket.cloud import CloudClient
from bitbucket.credentials import Basic
from bitbucket.errors import BudgetSpent, MissingScope, ServerDown
from bitbucket.person_reading import ExplicitGrant, PersonReading, UserFilter, read_person
from bitbucket.transport import Transport
from sandbox.server import start
from tests.bitbucket.conftest import MakeTransport
from tests.bitbucket.servers import as_json, http_service
from tests.sandbox.helper import Caller

# How many repositories they reach; most tests read the one who reaches few.
REACHED = {"sam": 40, "otto": 9}
FEW = REACHED["otto"]
PROJECT = "/workspaces/<workspace>/projects/<project_key>"
GRANTS = "*permissions-config*"


@dataclass
class Town:
    """A sandbox in which Sam and Otto have a seat, a project and single repositories, and nothing else."""

    caller: Caller
    client: CloudClient
    known: dict[str, tuple[str, str]]
    expected: dict[str, set[ExplicitGrant]]
    project_keys: dict[str, set[str]]

    def read(self, person: str = "otto", client: CloudClient | None = None, **options: Any) -> PersonReading:
        """Read somebody with the audit bot, by a filter that works unless the options say otherwise."""
        account = self.caller.running.world.account(person)
        assert account is not None
        chosen: dict[str, Any] = {"user_filter_works": True, "known": self.known, **options}
        return read_person(client or self.client, "acme", account.uuid, account.account_id, **chosen)

    def requests(self) -> Counter[str]:
        """How often each route was asked since the last look."""
        counted = self.caller.lever("/requests", "GET")
        self.caller.lever("/requests", "DELETE")
        return Counter({row["route"].removeprefix("/2.0"): row["count"] for row in counted["routes"]})

    def bot(self, make_transport: MakeTransport, *scopes: str, **options: Any) -> CloudClient:
        """The audit bot with another token or another transport."""
        secret = self.caller.token(*scopes, account="audit-bot")["secret"] if scopes else self.caller.audit_bot()[1]
        transport = make_transport(f"{self.caller.url}/2.0", **options)
        return CloudClient(transport, Basic(self.caller.audit_bot()[0], secret))


@pytest.fixture(scope="module")
def built() -> Iterator[Town]:
    """The town, once."""
    with start(repositories=60, members=6, tokens=3, hourly_limit=0) as running:
        caller = Caller(running)
        with Transport(f"{running.url}/2.0") as transport:
            client = CloudClient(transport, Basic(*caller.audit_bot()))
            yield _settled(caller, client)


def _settled(caller: Caller, client: CloudClient) -> Town:
    repositories = list(client.repositories("acme"))
    town = Town(caller, client, {one.uuid: (one.slug, one.project_key) for one in repositories}, {}, {})
    whole = Counter(one.project_key for one in repositories).most_common()[-1][0]
    inside = [one for one in repositories if one.project_key == whole]
    outside = [one for one in repositories if one.project_key != whole]
    for person, reached in REACHED.items():
        caller.lever(f"/workspaces/acme/members/{person}", permission="member")
        caller.lever(f"/workspaces/acme/projects/{whole}/users/{person}", permission="write")
        single = outside[: reached - len(inside)]
        for one in single:
            caller.lever(f"/workspaces/acme/repositories/{one.slug}/users/{person}", permission="read")
        grants = {ExplicitGrant("repository", one.full_name, one.uuid, "read") for one in single}
        town.expected[person] = grants | {ExplicitGrant("project", whole, "", "write")}
        town.project_keys[person] = {whole, *(one.project_key for one in single)}
    return town


@pytest.fixture
def town(built: Town) -> Iterator[Town]:
    """The town with fresh counters; faults, switches and seats are put back afterwards."""
    built.requests()
    yield built
    built.caller.lever("/faults", "DELETE")
    built.caller.lever("/switches", user_filter="works", missing_grant_is_none=False)
    built.caller.lever("/workspaces/acme/members/audit-bot", permission="owner")


def parts(reading: PersonReading) -> list[str]:
    return [one.part for one in reading.unread]


def test_p1_forty_repositories_cost_what_the_formula_allows(town: Town) -> None:
    reading, keys = town.read("sam"), town.project_keys["sam"]
    assert reading.is_complete
    assert reading.is_member is True
    assert not reading.is_clean
    assert (reading.own_role, reading.user_filter) == ("owner", UserFilter.WORKED)
    assert len(reading.repositories) == REACHED["sam"] == 40
    assert {one.project_key for one in reading.repositories} == keys
    assert set(reading.grants) == town.expected["sam"]
    asked = town.requests()
    # One of the formula's three fixed requests is the listing of the person's tokens, which is the caller's.
    assert sum(asked.values()) == reading.requests
    assert reading.requests <= 3 + ceil(40 / 100) + 40 + len(keys) - 1
    assert sorted(asked.values()) == sorted([1, 1, 1, 40, len(keys)])


def test_a_place_that_says_none_is_read_as_nothing_given(town: Town) -> None:
    town.caller.lever("/switches", missing_grant_is_none=True)
    reading = town.read()
    assert reading.is_complete
    assert set(reading.grants) == town.expected["otto"]


@pytest.mark.parametrize(("mode", "told"), [("ignored", UserFilter.IGNORED), ("refused", UserFilter.REFUSED)])
def test_without_the_filter_every_page_is_read_and_it_is_said(mode: str, told: UserFilter, town: Town) -> None:
    expected = town.read()
    town.requests()
    town.caller.lever("/switches", user_filter=mode)
    reading = town.read()
    assert (reading.user_filter, reading.is_complete) == (told, True)
    assert (reading.repositories, reading.grants) == (expected.repositories, expected.grants)
    assert town.requests()["/workspaces/<workspace>/permissions/repositories"] > 2
    unfiltered = town.read(user_filter_works=False)
    assert (unfiltered.user_filter, unfiltered.repositories) == (UserFilter.NOT_USED, expected.repositories)


def test_a_listing_that_is_too_long_is_unread(town: Town) -> None:
    reading = town.read(user_filter_works=False, rows_at_most=50)
    assert "effective permissions" in parts(reading)
    assert town.read(rows_at_most=FEW).is_complete
    assert not town.read(rows_at_most=FEW - 1).is_complete


def test_somebody_without_a_seat_and_without_rights_is_clean(town: Town) -> None:
    reading = town.read("ada")
    assert (reading.is_member, reading.repositories, reading.grants, reading.unread) == (False, (), (), ())
    assert reading.is_clean
    assert reading.requests == sum(town.requests().values()) == 3


def test_no_seat_without_our_own_role_is_not_known(town: Town) -> None:
    town.caller.lever("/faults", kind="status", status=503, path="/2.0/user/workspaces/*")
    reading = town.read("ada")
    assert (reading.is_member, reading.own_role, reading.is_clean) == (None, "", False)
    assert {"membership", "our own role"} <= set(parts(reading))


def test_f27_who_sees_404_everywhere_has_read_nothing(town: Town) -> None:
    town.caller.lever("/faults", kind="lost_admin", account="audit-bot")
    reading = town.read()
    assert (reading.is_member, reading.is_complete, reading.is_clean) == (None, False, False)
    assert {"membership", "our own role", "effective permissions", "explicit grants"} == set(parts(reading))


@pytest.mark.parametrize(
    ("how", "role"),
    [
        ({"kind": "lost_admin", "account": "audit-bot", "skip": 6}, ""),
        (
            {
                "kind": "lever",
                "path": GRANTS,
                "skip": 6,
                "count": 1,
                "url": "/_sandbox/workspaces/acme/members/audit-bot",
                "body": '{"permission": "member"}',
            },
            "member",
        ),
    ],
)
def test_f27_a_right_that_is_lost_in_the_middle_leaves_every_404_unread(
    how: dict[str, Any], role: str, town: Town
) -> None:
    town.caller.lever("/faults", **how)
    reading = town.read()
    assert reading.own_role == role
    assert not reading.is_complete
    assert {one.name for one in reading.grants} | {part.rpartition(" ")[2] for part in parts(reading)} >= {
        one.full_name for one in reading.repositories
    }


def test_a_repository_the_inventory_does_not_know_has_an_unread_project(town: Town) -> None:
    first = town.read().repositories[0]
    known = {uuid: row for uuid, row in town.known.items() if uuid != first.uuid}
    reading = town.read(known=known)
    assert parts(reading) == [f"grants at the project of {first.full_name}"]
    assert len(reading.repositories) == FEW


def test_a_renamed_repository_is_still_asked(town: Town) -> None:
    """The inventory's slug is yesterday's; the uuid is not."""
    stale = {uuid: (f"old-{slug}", key) for uuid, (slug, key) in town.known.items()}
    assert set(town.read(known=stale).grants) == town.expected["otto"]


def test_helpers_share_the_work_and_change_nothing(town: Town, make_transport: MakeTransport) -> None:
    alone = town.read()
    town.requests()
    shared = town.read(helpers=[town.bot(make_transport) for _ in range(2)])
    assert shared == alone
    assert sum(town.requests().values()) == alone.requests


def test_f13_a_missing_scope_is_met_once(town: Town, make_transport: MakeTransport) -> None:
    bot = town.bot(make_transport, "read:repository:bitbucket", "read:workspace:bitbucket")
    reading = town.read(client=bot)
    assert parts(reading) == [f"grants at project {key}" for key in dict.fromkeys(_keys(reading))]
    assert all(isinstance(one.error, MissingScope) for one in reading.unread)
    assert town.requests()[f"{PROJECT}/permissions-config/users/<selected_user_id>"] == 1


def _keys(reading: PersonReading) -> list[str]:
    return [one.project_key for one in reading.repositories]


class Purse:
    """A budget of so many requests."""

    def __init__(self, requests: int) -> None:
        self.left = requests

    def spend(self, *_: Any) -> bool:
        """Take one."""
        self.left -= 1
        return self.left >= 0


def test_a_spent_budget_ends_the_pass_and_the_rest_is_unread(town: Town, make_transport: MakeTransport) -> None:
    reading = town.read(client=town.bot(make_transport, budget=Purse(7)))
    assert sum(town.requests().values()) == reading.requests == 7
    untried = [one for one in reading.unread if isinstance(one.error, BudgetSpent)]
    assert len(untried) == 3 + FEW + len(town.project_keys["otto"]) - 7
    assert "our own role" in [one.part for one in untried]


def test_a_service_that_is_down_is_left_after_a_few_tries(town: Town) -> None:
    town.caller.lever("/faults", kind="status", status=503, path=GRANTS)
    reading = town.read()
    assert reading.requests == 2 + 3
    assert isinstance(reading.unread[0].error, ServerDown)
    assert len([part for part in parts(reading) if part.startswith("grants")]) == FEW + len(town.project_keys["otto"])


def test_one_bad_answer_is_one_unread_part(town: Town) -> None:
    town.caller.lever("/faults", kind="html", path=GRANTS, skip=4, count=1)
    reading = town.read()
    assert len(reading.unread) == 1
    assert reading.requests == 3 + FEW + len(town.project_keys["otto"])


def test_explicit_grants_can_be_left_to_a_fresh_inventory(town: Town) -> None:
    reading = town.read(with_grants=False)
    assert (reading.requests, parts(reading)) == (3, ["explicit grants"])
    assert len(reading.repositories) == FEW


def test_a_repository_that_no_address_can_name_is_unread(make_transport: MakeTransport) -> None:
    user = {"uuid": "{o}", "account_id": "712020:otto"}
    answers = {
        "/2.0/workspaces/acme/members/{o}": {"user": user},
        "/2.0/user/workspaces/acme/permission": {"permission": "owner"},
        "/2.0/workspaces/acme/permissions/repositories": {
            "values": [{"permission": "read", "user": user, "repository": {"full_name": "acme/.."}}]
        },
    }
    with http_service(lambda seen: as_json(answers[seen.path])) as service:
        client = CloudClient(make_transport(f"{service.url}/2.0"), Basic("bot@acme.test", "ATATTx"))
        reading = read_person(client, "acme", "{o}", "", user_filter_works=True, known={})
    assert parts(reading) == ["grants at the project of acme/..", "grants at repository acme/.."]
    assert reading.requests == 3


def test_a_person_without_a_name_is_nobody(town: Town) -> None:
    with pytest.raises(ValueError, match="uuid or an account_id"):
        read_person(town.client, "acme", "", "", user_filter_works=True, known={})
    assert town.requests() == Counter()


def test_a_person_known_by_account_id_alone_is_found_without_a_filter(town: Town) -> None:
    account_id = town.caller.account_id("otto")
    reading = read_person(town.client, "acme", "", account_id, user_filter_works=True, known=town.known)
    assert (reading.user_filter, reading.is_complete) == (UserFilter.NOT_USED, True)
    assert set(reading.grants) == town.expected["otto"]
