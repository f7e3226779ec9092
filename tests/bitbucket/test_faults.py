"""What the vendor and the network may do to us, row by row, against real servers."""

import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from itertools import chain, repeat
from typing import Any

import pytest
from werkzeug.wrappers import Request as Seen
from werkzeug.wrappers import Response

from bitbucket.admin import AdminClient
from bitbucket.cloud import CloudClient
from bitbucket.credentials import Basic, Bearer
from bitbucket.errors import (
    AuthMethodRefused,
    BadAnswer,
    Forbidden,
    MissingScope,
    RateLimited,
    RemoteError,
    TimedOut,
    Transient,
    Unauthorized,
)
from bitbucket.retry import GiveUp, TryAgain, decide
from tests.bitbucket.conftest import MakeTransport
from tests.bitbucket.servers import HttpService, RawService, as_json, canned, http_service, raw_service, silent

EMMA = "712020:emma"
EMMA_BODY = {"account_id": EMMA, "uuid": "{e}", "display_name": "Emma"}


def cloud(url: str, make_transport: MakeTransport, **options: Any) -> CloudClient:
    return CloudClient(make_transport(url + "/2.0", **options), Basic("emma@acme.test", "ATATTsecretsecret"))


def admin(url: str, make_transport: MakeTransport, **options: Any) -> AdminClient:
    return AdminClient(make_transport(url, **options), Bearer("organisation-key"))


def persevere(call: Callable[[], Any]) -> tuple[Any, list[float]]:
    """Do what the queue does: call, ask for a decision, let time pass (on paper), call again."""
    waits: list[float] = []
    while True:
        try:
            return call(), waits
        except RemoteError as error:
            decision = decide(error, attempt=len(waits) + 1, elapsed_seconds=sum(waits))
            if isinstance(decision, GiveUp):
                raise
            assert isinstance(decision, TryAgain)
            waits.append(decision.after_seconds)


def in_turn(*responses: Callable[[], Response]) -> Callable[[Seen], Response]:
    """One response after the other; the last one for ever."""
    coming: Iterator[Callable[[], Response]] = chain(responses, repeat(responses[-1]))
    return lambda _: next(coming)()


def limited(**headers: str) -> Callable[[], Response]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: Response("Rate limit for this resource has been exceeded", 429, named)


def good() -> Response:
    return as_json(EMMA_BODY)


HOUR = 3600.0
F11 = [
    ("an hour", lambda: limited(retry_after="3600")(), HOUR, HOUR * 1.25),
    ("not said", lambda: limited()(), 2, 2.5),
    ("a date", lambda: limited(retry_after=formatdate(time.time() + 1800, usegmt=True))(), 1795, 1800 * 1.25),
    ("negative", lambda: limited(retry_after="-5")(), 2, 2.5),
    ("absurd", lambda: limited(retry_after="1000000000")(), HOUR, HOUR * 1.25),
    ("organisation's header", lambda: limited(x_ratelimit_reset="2099-01-01T00:00:00Z")(), HOUR, HOUR * 1.25),
]


@pytest.mark.parametrize(("response", "least", "most"), [row[1:] for row in F11], ids=[row[0] for row in F11])
def test_f11_a_rate_limit_is_waited_out(
    response: Callable[[], Response], least: float, most: float, make_transport: MakeTransport
) -> None:
    with http_service(in_turn(response, good)) as service:
        user, waits = persevere(cloud(service.url, make_transport).current_user)
    assert user.account_id == EMMA
    assert len(service.seen) == 2
    assert least <= waits[0] <= most


def test_f11_waits_differ_from_lane_to_lane(make_transport: MakeTransport) -> None:
    with http_service(in_turn(limited(retry_after="60"))) as service, pytest.raises(RateLimited) as caught:
        cloud(service.url, make_transport).current_user()
    decisions = {decide(caught.value, attempt=1, elapsed_seconds=0) for _ in range(20)}
    assert len(decisions) > 10


def test_f11_a_limit_that_never_ends_is_left_after_a_day(make_transport: MakeTransport) -> None:
    with http_service(in_turn(limited(retry_after="3600"))) as service, pytest.raises(RateLimited):
        persevere(cloud(service.url, make_transport).current_user)
    assert 19 <= len(service.seen) <= 25


def test_f12_trouble_passes_and_nothing_follows_success(make_transport: MakeTransport) -> None:
    failures = [lambda status=status: Response("<h1>oops</h1>", status) for status in (500, 502, 503)]
    with http_service(in_turn(*failures, good)) as service:
        user, waits = persevere(cloud(service.url, make_transport).current_user)
    assert user.account_id == EMMA
    assert len(service.seen) == 4
    assert waits == sorted(waits)


REFUSED = {"required": ["admin:repository:bitbucket"], "granted": ["read:repository:bitbucket"]}
F13: list[tuple[str, Callable[[], Response], type[RemoteError]]] = [
    ("401", lambda: Response("", 401), Unauthorized),
    ("scope", lambda: as_json({"error": {"message": "lack", "detail": REFUSED}}, 403), MissingScope),
    (
        "scopeless key wanted",
        lambda: as_json({"code": 403, "message": "scope manage:org is needed"}, 403),
        MissingScope,
    ),
    (
        "method",
        lambda: as_json({"error": {"message": "authentication method was not via app password"}}, 403),
        AuthMethodRefused,
    ),
    ("one object", lambda: as_json({"error": {"message": "You may not administer acme/web."}}, 403), Forbidden),
    ("one account", lambda: as_json({"key": "forbidden.action", "context": {"allowed": False}}, 403), Forbidden),
]


@pytest.mark.parametrize(("response", "kind"), [row[1:] for row in F13], ids=[row[0] for row in F13])
def test_f13_refusals_are_told_apart_and_asked_once(
    response: Callable[[], Response], kind: type[RemoteError], make_transport: MakeTransport
) -> None:
    with http_service(in_turn(response)) as service:
        with pytest.raises(RemoteError) as caught:
            persevere(cloud(service.url, make_transport).current_user)
        assert type(caught.value) is kind
        with pytest.raises(kind):
            admin(service.url, make_transport).user_tokens(EMMA)
    assert len(service.seen) == 2


def test_f14_a_deletion_without_an_answer_is_an_unknown_outcome(make_transport: MakeTransport) -> None:
    with raw_service(silent) as service, pytest.raises(TimedOut) as caught:
        admin(f"http://127.0.0.1:{service.port}", make_transport, deadline_seconds=0.4).delete_user_token(EMMA, "t1")
    assert bytes(service.received).startswith(b"DELETE /users/712020%3Aemma/manage/api-tokens/t1 HTTP/1.1")
    assert isinstance(decide(caught.value, attempt=1, elapsed_seconds=0), TryAgain)


# What an offboarding changes: for each of them the re-read decides, not the lost answer.
CHANGES: dict[str, Callable[[AdminClient], None]] = {
    "delete_user_token": lambda client: client.delete_user_token(EMMA, "t1"),
    "disable_account": lambda client: client.disable_account(EMMA),
    "enable_account": lambda client: client.enable_account(EMMA),
    "suspend_account": lambda client: client.suspend_account("org-1", "dir-1", EMMA),
    "restore_account": lambda client: client.restore_account("org-1", "dir-1", EMMA),
}


@pytest.mark.parametrize("name", CHANGES)
def test_f14_a_change_of_an_account_without_an_answer_is_an_unknown_outcome(
    name: str, make_transport: MakeTransport
) -> None:
    with raw_service(silent) as service, pytest.raises(TimedOut) as caught:
        CHANGES[name](admin(f"http://127.0.0.1:{service.port}", make_transport, deadline_seconds=0.3))
    assert service.connections == 1, "it was sent, once"
    assert isinstance(caught.value, Transient)
    assert isinstance(decide(caught.value, attempt=1, elapsed_seconds=0), TryAgain)


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("status", [429, 500, 503])
def test_f12_a_change_of_an_account_that_was_not_taken_is_worth_another_try(
    name: str, status: int, make_transport: MakeTransport
) -> None:
    with http_service(lambda _: Response("", status)) as service, pytest.raises(Transient):
        CHANGES[name](admin(service.url, make_transport))
    assert len(service.seen) == 1


READS: dict[str, Callable[[str, MakeTransport], Any]] = {
    "current_user": lambda url, make: cloud(url, make).current_user(),
    "emails": lambda url, make: cloud(url, make).emails(),
    "my_workspaces": lambda url, make: cloud(url, make).my_workspaces(),
    "my_role": lambda url, make: cloud(url, make).my_role("acme"),
    "my_repository_permissions": lambda url, make: list(cloud(url, make).my_repository_permissions("acme")),
    "workspace": lambda url, make: cloud(url, make).workspace("acme"),
    "member": lambda url, make: cloud(url, make).member("acme", EMMA),
    "members": lambda url, make: list(cloud(url, make).members("acme")),
    "workspace_permissions": lambda url, make: list(cloud(url, make).workspace_permissions("acme")),
    "repositories": lambda url, make: list(cloud(url, make).repositories("acme")),
    "repository_permissions": lambda url, make: list(cloud(url, make).repository_permissions("acme")),
    "permissions_of_repository": lambda url, make: list(cloud(url, make).permissions_of_repository("acme", "web")),
    "organisation_tokens": lambda url, make: admin(url, make).organisation_tokens("org-1"),
    "user_tokens": lambda url, make: admin(url, make).user_tokens(EMMA),
    "account_profile": lambda url, make: admin(url, make).account_profile(EMMA),
    "directory_user": lambda url, make: admin(url, make).directory_user("org-1", "dir-1", EMMA),
}

F15: dict[str, str] = {
    "malformed": '{"values": [',
    "web page": "<!doctype html><title>Log in</title>",
    "empty": "",
    "spaces": "  \n ",
    "null": "null",
    "text": '"values"',
    "number": "7",
    "no values": '{"page": 1, "size": 0}',
    "values null": '{"values": null, "data": null, "links": {}}',
    "values an object": '{"values": {}, "data": {}, "links": {}}',
    "values of texts": '{"values": ["x"], "data": ["x"], "links": {}}',
    "values of emptiness": '{"values": [{}], "data": [{}], "links": {}}',
    "list of emptiness": "[{}]",
    "wrong types": '{"values": [{"user": 1, "workspace": [], "repository": "x", "email": true}], "account": 1}',
}


@pytest.mark.parametrize("body", F15.values(), ids=F15.keys())
@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_f15_an_odd_success_is_an_error_and_never_nothing_found(
    read: Callable[[str, MakeTransport], Any], body: str, shared: "Shared", make_transport: MakeTransport
) -> None:
    shared.body = body
    with pytest.raises(BadAnswer):
        read(shared.service.url, make_transport)


class Shared:
    """One server for the whole table; it answers with what the row says."""

    body = ""
    service: HttpService


@pytest.fixture(scope="module")
def shared() -> Iterator[Shared]:
    one = Shared()
    with http_service(lambda _: Response(one.body, content_type="application/json")) as one.service:
        yield one


def elsewhere(here: str, canary: RawService) -> dict[str, str]:
    port = here.rsplit(":", 1)[1]
    return {
        "port": f"http://127.0.0.1:{canary.port}/2.0/x?cursor=2",
        "host": f"http://localhost:{port}/2.0/x?cursor=2",
        "scheme": f"https://127.0.0.1:{port}/2.0/x?cursor=2",
        "user-info": f"http://emma@127.0.0.1:{port}/2.0/x?cursor=2",
        "user-info trick": f"http://127.0.0.1:{port}@127.0.0.1:{canary.port}/2.0/x?cursor=2",
        "no scheme": f"//127.0.0.1:{canary.port}/2.0/x?cursor=2",
        "backslash": f"http://127.0.0.1:{canary.port}\\@127.0.0.1:{port}/2.0/x?cursor=2",
    }


@pytest.mark.parametrize("way", list(elsewhere("x:1", RawService(2))))
def test_f17_a_next_page_elsewhere_is_refused_and_the_canary_hears_nothing(
    way: str, make_transport: MakeTransport
) -> None:
    with raw_service(canned(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) as canary:

        def tempting(seen: Seen) -> Response:
            link = elsewhere(seen.host_url.rstrip("/"), canary)[way]
            return as_json({"values": [], "data": [], "next": link, "links": {"next": link}})

        with http_service(tempting) as service:
            with pytest.raises(BadAnswer, match="outside"):
                list(cloud(service.url, make_transport).members("acme"))
            with pytest.raises(BadAnswer, match="outside"):
                admin(service.url, make_transport).organisation_tokens("org-1")
            assert len(service.seen) == 2
    assert (canary.connections, bytes(canary.received)) == (0, b"")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_f17_a_redirect_is_refused_and_the_canary_hears_nothing(
    read: Callable[[str, MakeTransport], Any], status: int, make_transport: MakeTransport
) -> None:
    with raw_service(canned(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) as canary:
        target = f"http://127.0.0.1:{canary.port}/2.0/user"
        redirecting = http_service(lambda _: Response("", status, {"Location": target}))
        with redirecting as service, pytest.raises(BadAnswer, match="redirect"):
            read(service.url, make_transport)
    assert (canary.connections, bytes(canary.received)) == (0, b"")
