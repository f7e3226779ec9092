"""The organisation's newest tokens, its listing page by page, its directory and its audit log (real HTTP)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.wrappers import Request as Seen
from werkzeug.wrappers import Response

from bitbucket.admin import AdminClient
from bitbucket.errors import BadAnswer, Forbidden, NotFound, RateLimited, ServerDown
from bitbucket.limits import RateLimits
from bitbucket.resources import DirectoryUser, EventObject, EventPage, OrganisationEvent
from tests.bitbucket.conftest import MakeTransport
from tests.bitbucket.servers import as_json, http_service
from tests.bitbucket.test_admin import EMMA, LISTING, client_of, token

STREAM = "/admin/v1/orgs/org-1/events-stream"
MAY = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(("links", "has_more"), [({"next": "?cursor=c1"}, True), ({"next": None}, False), ({}, False)])
def test_the_newest_tokens_are_one_request(
    links: dict[str, Any], has_more: bool, make_transport: MakeTransport
) -> None:
    with http_service(lambda _: as_json({"data": [token(2), token(1)], "links": links})) as service:
        found = client_of(service, make_transport).newest_organisation_tokens("org-1", page_size=20)
    assert ([one.id for one in found.items], found.has_more) == (["t2", "t1"], has_more)
    assert [(one.path, one.args.to_dict()) for one in service.seen] == [
        (LISTING, {"sort": "-createdAt", "pageSize": "20"})
    ]


def test_pages_are_asked_for_when_they_are_wanted(make_transport: MakeTransport) -> None:
    def answer(seen: Seen) -> Response:
        number = int(seen.args.get("cursor", "c0")[1:])
        links = {"next": f"c{number + 1}"} if number < 3 else {}
        return as_json({"data": [token(number)] if number != 1 else [], "links": links})

    with http_service(answer) as service:
        pages = client_of(service, make_transport).organisation_token_pages("org-1", sort="createdAt")
        assert service.seen == []
        assert [one.id for one in next(pages)] == ["t0"]
        assert len(service.seen) == 1
        assert [[one.id for one in page] for page in pages] == [[], ["t2"], ["t3"]]
    assert [one.args.get("cursor") for one in service.seen] == [None, "c1", "c2", "c3"]


def test_a_walk_that_breaks_is_no_whole_listing(make_transport: MakeTransport) -> None:
    def answer(seen: Seen) -> Response:
        return Response("", 503) if "cursor" in seen.args else as_json({"data": [token(1)], "links": {"next": "c1"}})

    with http_service(answer) as service:
        pages = client_of(service, make_transport).organisation_token_pages("org-1")
        next(pages)
        with pytest.raises(ServerDown):
            next(pages)


@pytest.mark.parametrize("verb", ["suspend", "restore"])
def test_the_directory_takes_access_away_and_gives_it_back(verb: str, make_transport: MakeTransport) -> None:
    status = 200
    with http_service(lambda _: Response("", status)) as service:
        switch = getattr(client_of(service, make_transport), f"{verb}_account")
        for status in (200, 202, 204):  # noqa: B007
            switch("org-1", "dir-1", EMMA)
        for status, error in ((404, NotFound), (403, Forbidden), (302, BadAnswer)):  # noqa: B007
            with pytest.raises(error):
                switch("org-1", "dir-1", EMMA)
    where = f"/admin/v2/orgs/org-1/directories/dir-1/users/{EMMA}/{verb}"
    assert {(one.method, one.path, one.data) for one in service.seen} == {("POST", where, b"")}


def test_nobody_is_suspended_without_a_name(make_transport: MakeTransport) -> None:
    with http_service(lambda _: Response("", 204)) as service:
        for arguments in (("org-1", "dir-1", ""), ("org-1", "", EMMA), ("", "dir-1", EMMA), ("org-1", "..", EMMA)):
            with pytest.raises(ValueError, match="segment"):
                client_of(service, make_transport).suspend_account(*arguments)
        assert service.seen == []


EVENT = {
    "id": "ev-1",
    "type": "events",
    "attributes": {
        "time": "2026-05-01T08:30:00.000Z",
        "action": "user_api_token_created",
        "actor": {"id": EMMA, "name": "Emma", "email": "emma@acme.test"},
        "context": [{"id": "t1", "type": "api-token", "attributes": {"label": "bcp-7K2QXM"}}],
        "container": [{"id": "org-1", "type": "organization"}],
        "location": {"ip": "192.0.2.7"},
    },
}
BARE = {"id": "ev-2", "attributes": {"action": "something_new", "actor": None}}
THINGS = EventObject("api-token", "t1"), EventObject("organization", "org-1")
TOLD = OrganisationEvent("ev-1", "user_api_token_created", MAY, EMMA, THINGS[:1], THINGS[1:])


def test_a_page_of_events_is_one_request(make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json({"data": [EVENT, BARE], "meta": {"next": "c1", "page_size": 2}})) as service:
        client = client_of(service, make_transport)
        page = client.events("org-1", since=MAY, until=datetime(2026, 5, 2, tzinfo=UTC), limit=2)
        client.events("org-1", cursor=page.next_cursor)
    assert page == EventPage((TOLD, OrganisationEvent("ev-2", "something_new", None, "", (), ())), "c1")
    assert "emma@acme.test" not in repr(page)
    assert [(one.path, one.args.to_dict()) for one in service.seen] == [
        (STREAM, {"limit": "2", "from": "1777624200000", "to": "1777680000000"}),
        (STREAM, {"limit": "500", "cursor": "c1"}),
    ]


CURSORS: list[tuple[dict[str, Any], str]] = [
    ({"meta": {"next": "c1"}}, "c1"),
    ({"links": {"next": f"{STREAM}?limit=2&cursor=c1"}}, "c1"),
    ({"links": {"next": "c1"}}, "c1"),
    ({"meta": {"next": "c1"}, "links": {"next": f"{STREAM}?cursor=c2"}}, "c1"),
    ({"meta": None, "links": None}, ""),
    ({}, ""),
]


@pytest.mark.parametrize(("body", "cursor"), CURSORS)
def test_where_the_stream_goes_on(body: dict[str, Any], cursor: str, make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json({"data": [], **body})) as service:
        assert client_of(service, make_transport).events("org-1") == EventPage((), cursor)


BROKEN: list[Any] = [
    {"meta": {"next": "c1"}},
    {"data": [{"id": "ev-1"}]},
    {"data": [{"attributes": {"action": "x"}}]},
    {"data": [{"id": "ev-1", "attributes": {"action": None}}]},
    {"data": [{"id": "ev-1", "attributes": {"action": "x", "time": 5}}]},
    {"data": [{"id": "ev-1", "attributes": {"action": "x", "context": {}}}]},
    {"data": [], "meta": {"next": 7}},
    {"data": [], "links": {"next": "https://elsewhere.test/x?cursor=c1"}},
]


@pytest.mark.parametrize("body", BROKEN)
def test_a_stream_of_another_shape_is_an_error(body: Any, make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json(body)) as service, pytest.raises(BadAnswer):
        client_of(service, make_transport).events("org-1")


def test_the_organisation_s_limit_is_remembered(make_transport: MakeTransport) -> None:
    headers = {"X-RateLimit-Limit": "500", "X-RateLimit-Remaining": "0"}
    with http_service(lambda _: Response("", 429, headers)) as service:
        client: AdminClient = client_of(service, make_transport)
        with pytest.raises(RateLimited):
            client.events("org-1")
    assert client.last_limits == RateLimits(500, 0)


@pytest.mark.parametrize(("status", "is_suspended"), [("suspended", True), ("active", False), ("no_membership", False)])
def test_a_directory_tells_who_is_suspended(status: str, is_suspended: bool, make_transport: MakeTransport) -> None:
    body = {"data": {"accountId": EMMA, "membershipStatus": status, "accountStatus": "active", "status": "active"}}
    with http_service(lambda _: as_json(body)) as service:
        found = client_of(service, make_transport).directory_user("org-1", "dir-1", EMMA)
    assert (found, found.is_suspended) == (DirectoryUser(EMMA, status, "active"), is_suspended)
    assert service.paths == [f"/admin/v2/orgs/org-1/directories/dir-1/users/{EMMA}"]


@pytest.mark.parametrize(
    "data",
    [None, {}, {"accountId": EMMA}, {"accountId": EMMA, "membershipStatus": None}, {"membershipStatus": "suspended"}],
)
def test_a_directory_that_does_not_say_it_is_an_error(data: Any, make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json({"data": data})) as service, pytest.raises(BadAnswer):
        client_of(service, make_transport).directory_user("org-1", "dir-1", EMMA)


def test_a_directory_that_tells_of_somebody_else_is_an_error(make_transport: MakeTransport) -> None:
    body = {"data": {"accountId": "712020:lee", "membershipStatus": "suspended"}}
    with http_service(lambda _: as_json(body)) as service, pytest.raises(BadAnswer, match="another account"):
        client_of(service, make_transport).directory_user("org-1", "dir-1", EMMA)
