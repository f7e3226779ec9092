"""Open pull requests: whose review is waited for is checked here, whatever the filter does (real HTTP)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.wrappers import Request as Seen
from werkzeug.wrappers import Response

from bitbucket.cloud import CloudClient
from bitbucket.credentials import Basic
from bitbucket.errors import BadAnswer, Invalid, NotFound
from bitbucket.pages import FirstPage
from bitbucket.resources import AccountReference, PullRequest
from bitbucket.transport import Transport
from sandbox.automation import PullRequest as Seeded
from sandbox.server import start
from tests.bitbucket.conftest import MakeTransport
from tests.bitbucket.servers import HttpService, as_json, http_service
from tests.sandbox.helper import Caller

EMMA = {"type": "user", "account_id": "712020:emma", "uuid": "{e}", "display_name": "Emma"}
LEE = {"type": "user", "account_id": "712020:lee", "uuid": "{l}", "display_name": "Lee"}
MAY = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
WHEN = "2026-05-01T08:30:00.000000+00:00"
PAGE = "https://bitbucket.org/acme/web/pull-requests/41"


def pull(number: int, *reviewers: dict[str, str], **more: Any) -> dict[str, Any]:
    """One of a listing that was asked for reviewers."""
    return {"type": "pullrequest", "id": number, "title": f"Change {number}", "reviewers": list(reviewers), **more}


def client_of(service: HttpService, make_transport: MakeTransport) -> CloudClient:
    return CloudClient(make_transport(service.url + "/2.0"), Basic("bot@acme.test", "ATATTsecret"))


def ids(page: FirstPage[PullRequest]) -> list[str]:
    return [one.id for one in page.items]


def test_it_is_asked_for_one_reviewer_fifty_a_page_with_reviewers(make_transport: MakeTransport) -> None:
    whole = pull(41, LEE, author=EMMA, created_on=WHEN, updated_on=WHEN, links={"html": {"href": PAGE}})
    whole["destination"] = {"repository": {"full_name": "acme/web"}}
    with http_service(lambda _: as_json({"values": [whole]})) as service:
        found = client_of(service, make_transport).pull_requests_to_review("acme", "web", "{l}")
    lee, emma = AccountReference("712020:lee", "{l}", "Lee"), AccountReference("712020:emma", "{e}", "Emma")
    expected = PullRequest("41", "Change 41", "acme/web", emma, (lee,), PAGE, MAY, MAY)
    assert found == FirstPage((expected,), has_more=False)
    assert service.seen[0].path == "/2.0/repositories/acme/web/pullrequests"
    assert service.seen[0].args.to_dict() == {
        "pagelen": "50",
        "state": "OPEN",
        "q": 'reviewers.uuid="{l}"',
        "fields": "+values.reviewers",
    }
    # A plain + would be read as a space, which matches no field.
    assert b"fields=%2Bvalues.reviewers" in service.seen[0].query_string


def test_a_filter_that_is_ignored_makes_nobody_a_reviewer(make_transport: MakeTransport) -> None:
    some = [pull(1, EMMA), pull(2, EMMA, LEE), pull(3)]
    with http_service(lambda _: as_json({"values": some})) as service:
        found = client_of(service, make_transport).pull_requests_to_review("acme", "web", "{l}")
    assert (ids(found), found.has_more) == (["2"], False)


@pytest.mark.parametrize("reviewers", [None, "lost"])
def test_one_that_does_not_tell_its_reviewers_is_an_error(reviewers: Any, make_transport: MakeTransport) -> None:
    one = {"type": "pullrequest", "id": 5, "title": "x"} | ({} if reviewers == "lost" else {"reviewers": reviewers})
    with http_service(lambda _: as_json({"values": [pull(4, LEE), one]})) as service, pytest.raises(BadAnswer):
        client_of(service, make_transport).pull_requests_to_review("acme", "web", "{l}")


@pytest.mark.parametrize(
    ("pages", "seen", "has_more"), [(1, ["1"], True), (2, ["1", "2"], True), (9, ["1", "2", "3"], False)]
)
def test_pages_are_bounded_and_the_rest_is_said(
    pages: int, seen: list[str], has_more: bool, make_transport: MakeTransport
) -> None:
    def answer(request: Seen) -> Response:
        number = int(request.args.get("page", "1"))
        following = {"next": f"?page={number + 1}"} if number < 3 else {}
        return as_json({"values": [pull(number, LEE)], **following})

    with http_service(answer) as service:
        client = client_of(service, make_transport)
        for found in (
            client.pull_requests_to_review("acme", "web", "{l}", pages_at_most=pages),
            client.pull_requests_of_author("acme", "{l}", pages_at_most=pages),
        ):
            assert (ids(found), found.has_more) == (seen, has_more)
    assert len(service.seen) == 2 * len(seen)


def test_a_quote_does_not_end_the_filter(make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json({"values": []})) as service:
        client_of(service, make_transport).pull_requests_to_review("acme", "web", '{l}" OR state="OPEN')
    assert service.seen[0].args["q"] == 'reviewers.uuid="{l} OR state=OPEN"'


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//elsewhere.test", "", None])
def test_only_a_page_is_a_link(address: str | None, make_transport: MakeTransport) -> None:
    body = {"values": [pull(1, LEE, links={"html": {"href": address}})]}
    with http_service(lambda _: as_json(body)) as service:
        found = client_of(service, make_transport).pull_requests_of_author("acme", "{l}")
    assert [one.link for one in found.items] == [""]


def test_an_author_s_may_leave_reviewers_out(make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json({"values": [{"id": "7", "author": None, "reviewers": None}]})) as service:
        found = client_of(service, make_transport).pull_requests_of_author("acme", "{l}")
    nobody = AccountReference()
    assert found.items == (PullRequest("7", "", "", nobody, None, "", None, None),)
    assert service.seen[0].path == "/2.0/workspaces/acme/pullrequests/{l}"


# Against the stand-in.


@pytest.fixture
def caller() -> Iterator[Caller]:
    with start(repositories=30, members=2, tokens=0, hourly_limit=0) as running:
        yield Caller(running)


@pytest.fixture
def bot(caller: Caller) -> Iterator[CloudClient]:
    with Transport(f"{caller.url}/2.0") as transport:
        yield CloudClient(transport, Basic(*caller.audit_bot()))


@pytest.mark.parametrize("mode", ["works", "ignored"])
def test_two_wait_for_lee_whether_or_not_the_filter_works(mode: str, caller: Caller, bot: CloudClient) -> None:
    caller.lever("/switches", reviewer_filter=mode)
    lee = caller.uuid("lee")
    waiting = [bot.pull_requests_to_review("acme", slug, lee) for slug in ("web", "api", "docs")]
    assert [ids(page) for page in waiting] == [["41"], ["17"], []]
    [one] = waiting[0].items
    assert (one.author.display_name, one.repository) == ("Emma", "acme/web")
    assert one.link == f"{caller.url}/acme/web/pull-requests/41"
    assert [ids(bot.pull_requests_of_author("acme", uuid)) for uuid in (lee, caller.uuid("emma"))] == [
        ["42"],
        ["41", "17"],
    ]


def test_a_filter_that_is_refused_is_an_error(caller: Caller, bot: CloudClient) -> None:
    caller.lever("/switches", reviewer_filter="refused")
    with pytest.raises(Invalid):
        bot.pull_requests_to_review("acme", "web", caller.uuid("lee"))


def test_more_than_a_page_with_a_filter_that_is_ignored_is_not_all(caller: Caller, bot: CloudClient) -> None:
    acme = caller.running.world.workspaces["acme"]
    web, emma, now = acme.repository("web"), caller.account_id("emma"), caller.running.world.now()
    assert web is not None
    others = [Seeded(number, "x", emma, (), now) for number in range(100, 160)]
    acme.automation.pull_requests[web.uuid] = others + acme.automation.pull_requests[web.uuid]
    caller.lever("/switches", reviewer_filter="ignored")
    found = bot.pull_requests_to_review("acme", "web", caller.uuid("lee"))
    assert (ids(found), found.has_more) == ([], True)
    assert ids(bot.pull_requests_to_review("acme", "web", caller.uuid("lee"), pages_at_most=2)) == ["41"]


def test_what_the_caller_does_not_reach_is_not_found(caller: Caller, bot: CloudClient) -> None:
    with pytest.raises(NotFound):
        bot.pull_requests_of_author("acme", "{nobody}")
    with pytest.raises(NotFound):
        bot.pull_requests_to_review("acme", "nothing", caller.uuid("lee"))
