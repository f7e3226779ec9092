"""The faults of one call hold for every call of the client: no listing and no object is an exception."""

from collections.abc import Callable, Iterator

import pytest
from werkzeug.wrappers import Request as Seen
from werkzeug.wrappers import Response

from bitbucket.admin import AdminClient
from bitbucket.errors import BadAnswer, TimedOut
from tests.bitbucket.calls import ADDITIONS, BOUNDED, DELETIONS, LISTINGS, OBJECTS, READS, call
from tests.bitbucket.conftest import MakeTransport
from tests.bitbucket.servers import HttpService, RawService, as_json, canned, http_service, raw_service, silent
from tests.bitbucket.test_faults import F15, admin, cloud, elsewhere

EMPTY_OK = canned(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
ONE_PAGE = ("first_workspaces", "first_workspace_permissions", "first_repository_permissions")
ADMIN_PAGES: tuple[Callable[..., object], ...] = (AdminClient.events, AdminClient.newest_organisation_tokens)


class Shared:
    """One server for all; it answers with what the test says."""

    body = ""
    service: HttpService


@pytest.fixture(scope="module")
def shared() -> Iterator[Shared]:
    one = Shared()
    with http_service(lambda _: Response(one.body, content_type="application/json")) as one.service:
        yield one


def test_every_read_is_an_object_or_a_listing() -> None:
    assert set(OBJECTS) | set(LISTINGS) == set(READS)
    assert len(READS) > 25


@pytest.mark.parametrize("name", [*READS, *ADDITIONS])
def test_f15_an_odd_success_is_an_error_and_never_nothing_found(
    name: str, shared: Shared, make_transport: MakeTransport
) -> None:
    client = cloud(shared.service.url, make_transport)
    for shared.body in F15.values():
        with pytest.raises(BadAnswer):
            call(client, name)


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_f15_the_organisation_s_pages_too(
    page: Callable[..., object], shared: Shared, make_transport: MakeTransport
) -> None:
    client = admin(shared.service.url, make_transport)
    for shared.body in F15.values():
        with pytest.raises(BadAnswer):
            page(client, "org-1")


@pytest.mark.parametrize("name", sorted(set(LISTINGS) - set(ONE_PAGE)))
def test_f16_every_listing_goes_over_an_empty_page_and_stops_in_a_circle(
    name: str, shared: Shared, make_transport: MakeTransport
) -> None:
    client, more = cloud(shared.service.url, make_transport), {"pages_at_most": 9} if name in BOUNDED else {}
    shared.body = '{"values": [], "next": "?page=2"}'
    with pytest.raises(BadAnswer, match="circle"):
        call(client, name, **more)
    assert client.requests_sent == 2


@pytest.mark.parametrize("way", list(elsewhere("x:1", RawService(2))))
def test_f17_no_listing_follows_a_page_elsewhere(way: str, make_transport: MakeTransport) -> None:
    with raw_service(EMPTY_OK) as canary:

        def tempting(seen: Seen) -> Response:
            link = elsewhere(seen.host_url.rstrip("/"), canary)[way]
            return as_json({"values": [], "data": [], "next": link, "links": {"next": link}})

        with http_service(tempting) as service:
            for name in LISTINGS:
                with pytest.raises(BadAnswer, match="outside"):
                    call(cloud(service.url, make_transport), name)
            for page in ADMIN_PAGES:
                with pytest.raises(BadAnswer, match="outside"):
                    page(admin(service.url, make_transport), "org-1")
            assert len(service.seen) == len(LISTINGS) + len(ADMIN_PAGES)
    assert (canary.connections, bytes(canary.received)) == (0, b"")


def test_f14_a_change_without_an_answer_is_an_unknown_outcome(make_transport: MakeTransport) -> None:
    for name in (*DELETIONS, *ADDITIONS):
        with raw_service(silent) as service, pytest.raises(TimedOut):
            call(cloud(f"http://127.0.0.1:{service.port}", make_transport, deadline_seconds=0.3), name)
        assert bytes(service.received).startswith(b"DELETE /" if name in DELETIONS else b"POST /"), name


def test_f17_no_call_follows_a_redirect(make_transport: MakeTransport) -> None:
    with raw_service(EMPTY_OK) as canary:
        target = f"http://127.0.0.1:{canary.port}/2.0/user"
        with http_service(lambda _: Response("", 307, {"Location": target})) as service:
            for name in (*READS, *DELETIONS, *ADDITIONS):
                with pytest.raises(BadAnswer, match="redirect"):
                    call(cloud(service.url, make_transport), name)
    assert (canary.connections, bytes(canary.received)) == (0, b"")
