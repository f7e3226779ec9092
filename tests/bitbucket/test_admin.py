"""The organisation's listings, deletion and lifecycle (real HTTP)."""

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.wrappers import Request as Seen
from werkzeug.wrappers import Response

from bitbucket.admin import AdminClient
from bitbucket.credentials import Bearer
from bitbucket.errors import BadAnswer, Forbidden, NotFound, RemoteError
from bitbucket.resources import AccountProfile, OrganisationToken, Privilege, UserToken
from tests.bitbucket.conftest import MakeTransport
from tests.bitbucket.servers import HttpService, as_json, http_service

EMMA = "712020:emma"
LISTING = "/admin/api-access/v1/orgs/org-1/api-tokens"
MAY = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)


def token(number: int, **more: Any) -> dict[str, Any]:
    user = {"id": EMMA, "orgId": "org-1", "name": "Emma", "email": "emma@acme.test"}
    return {
        "id": f"t{number}",
        "label": f"bcp-7K2QXM {number}",
        "status": "ALLOWED",
        "createdAt": "2026-05-01T08:30:00.000Z",
        "user": user,
        **more,
    }


def client_of(service: HttpService, make_transport: MakeTransport) -> AdminClient:
    return AdminClient(make_transport(service.url), Bearer("organisation-key"))


def organisation_tokens(body: Any, make_transport: MakeTransport) -> list[OrganisationToken]:
    with http_service(lambda _: as_json(body)) as service:
        return client_of(service, make_transport).organisation_tokens("org-1")


def test_a_token_is_read_with_all_it_tells(make_transport: MakeTransport) -> None:
    full = token(
        1,
        expiresAt="2026-12-01T00:00:00Z",
        lastActiveAt="2026-11-22T10:00:00+02:00",
        scopes=["read:repository:bitbucket"],
    )
    first, second = organisation_tokens({"data": [full, token(2, lastActiveAt=None)], "links": {}}, make_transport)
    assert first == OrganisationToken(
        id="t1",
        label="bcp-7K2QXM 1",
        status="ALLOWED",
        created_at=MAY,
        expires_at=datetime(2026, 12, 1, tzinfo=UTC),
        last_active_at=datetime(2026, 11, 22, 8, tzinfo=UTC),
        user_id=EMMA,
        user_name="Emma",
        user_email="emma@acme.test",
        scopes=frozenset({"read:repository:bitbucket"}),
    )
    assert (second.expires_at, second.last_active_at, second.scopes) == (None, None, None)


def test_an_unscoped_token_is_told_from_one_whose_scopes_are_not_told(make_transport: MakeTransport) -> None:
    (found,) = organisation_tokens({"data": [token(1, scopes=[])], "links": {}}, make_transport)
    assert found.scopes == frozenset()


@pytest.mark.parametrize(
    ("scopes", "told"),
    [
        (["read:confluence-space.summary", "read:jira-work"], {"read:confluence-space.summary", "read:jira-work"}),
        (["Something New", "read:jira-work"], None),
        ([7], None),
    ],
)
def test_odd_scopes_of_another_product_do_not_hide_the_listing(
    scopes: list[Any], told: set[str] | None, make_transport: MakeTransport
) -> None:
    (found,) = organisation_tokens({"data": [token(1, scopes=scopes)], "links": {}}, make_transport)
    assert found.scopes == told


BROKEN: list[Any] = [
    {"data": [token(1)]},
    {"links": {}},
    {"data": None, "links": {}},
    {"data": {}, "links": {}},
    {"data": [1], "links": {}},
    {"data": [token(1, createdAt="yesterday")], "links": {}},
    {"data": [token(1, createdAt=1767225600)], "links": {}},
    {"data": [token(1, id=7)], "links": {}},
    {"data": [token(1, user=None)], "links": {}},
    {"data": [token(1, scopes="read")], "links": {}},
    {"data": [], "links": {"next": 7}},
    [],
    {},
]


@pytest.mark.parametrize("body", BROKEN)
def test_a_listing_that_is_not_whole_is_an_error(body: Any, make_transport: MakeTransport) -> None:
    with pytest.raises(BadAnswer):
        organisation_tokens(body, make_transport)


def link_of(style: str, seen: Seen, cursor: str) -> str:
    links = {
        "absolute": f"{seen.base_url}?cursor={cursor}",
        "absolute with all": f"{seen.base_url}?q=bcp&pageSize=1000&cursor={cursor}",
        "relative": f"{LISTING}?cursor={cursor}",
        "query": f"?cursor={cursor}",
        "bare cursor": cursor,
    }
    return links[style]


@pytest.mark.parametrize("style", ["absolute", "absolute with all", "relative", "query", "bare cursor"])
def test_every_page_is_asked_for_with_all_parameters(style: str, make_transport: MakeTransport) -> None:
    def answer(seen: Seen) -> Response:
        number = int(seen.args.get("cursor", "c0")[1:])
        links = {"next": link_of(style, seen, f"c{number + 1}")} if number < 2 else {"next": None}
        return as_json({"data": [token(number)] if number != 1 else [], "links": links})

    with http_service(answer) as service:
        client = client_of(service, make_transport)
        found = client.organisation_tokens("org-1", q="bcp-7K2QXM", sort="createdAt")
    assert [one.id for one in found] == ["t0", "t2"]
    repeated = {"q": "bcp-7K2QXM", "sort": "createdAt", "pageSize": "1000"}
    cursors: list[dict[str, str]] = [{}, {"cursor": "c1"}, {"cursor": "c2"}]
    assert [one.args.to_dict() for one in service.seen] == [{**repeated, **cursor} for cursor in cursors]
    assert {one.path for one in service.seen} == {LISTING}


def test_a_cursor_that_repeats_stops(make_transport: MakeTransport) -> None:
    with pytest.raises(BadAnswer, match="circle"):
        organisation_tokens({"data": [token(1)], "links": {"next": "?cursor=same"}}, make_transport)


def test_a_person_s_tokens(make_transport: MakeTransport) -> None:
    listed = [
        {"id": "t1", "label": "ci", "createdAt": "2026-05-01T08:30:00Z", "lastAccess": "", "expiry": "2026-12-01"},
        {"id": "t2", "label": "", "createdAt": "2026-05-01T08:30:00Z"},
    ]
    with http_service(lambda _: as_json(listed)) as service:
        found = client_of(service, make_transport).user_tokens(EMMA)
    assert found == [
        UserToken("t1", "ci", MAY, None, datetime(2026, 12, 1, tzinfo=UTC)),
        UserToken("t2", "", MAY, None, None),
    ]
    assert service.paths == ["/users/712020:emma/manage/api-tokens"]
    assert service.seen[0].headers["Authorization"] == "Bearer organisation-key"


@pytest.mark.parametrize("body", [{}, {"data": []}, None, "", [[]], [{"id": "t1"}]])
def test_a_person_s_listing_of_another_shape_is_an_error(body: Any, make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json(body)) as service, pytest.raises(BadAnswer):
        client_of(service, make_transport).user_tokens(EMMA)


CHANGES: list[tuple[Callable[[AdminClient], None], str, str, Any]] = [
    (lambda c: c.delete_user_token(EMMA, "t/1"), "DELETE", "/users/712020:emma/manage/api-tokens/t/1", None),
    (lambda c: c.disable_account(EMMA), "POST", "/users/712020:emma/manage/lifecycle/disable", {}),
    (
        lambda c: c.disable_account(EMMA, message="left"),
        "POST",
        "/users/712020:emma/manage/lifecycle/disable",
        {"message": "left"},
    ),
    (lambda c: c.enable_account(EMMA), "POST", "/users/712020:emma/manage/lifecycle/enable", {}),
]


@pytest.mark.parametrize(("change", "method", "where", "body"), CHANGES)
def test_a_change_is_accepted_by_204_alone(
    change: Callable[[AdminClient], None], method: str, where: str, body: Any, make_transport: MakeTransport
) -> None:
    status = 204
    with http_service(lambda _: Response("", status)) as service:
        client = client_of(service, make_transport)
        change(client)
        seen = service.seen[0]
        assert (seen.method, seen.path) == (method, where)
        assert (seen.get_json() if seen.data else None) == body
        for status, error in ((200, BadAnswer), (202, BadAnswer), (404, NotFound), (403, Forbidden)):  # noqa: B007
            with pytest.raises(error):
                change(client)


@pytest.mark.parametrize(("account_id", "token_id"), [(EMMA, ""), (EMMA, ".."), ("", "t1"), ("..", "t1")])
def test_a_deletion_without_an_id_goes_nowhere(account_id: str, token_id: str, make_transport: MakeTransport) -> None:
    with http_service(lambda _: Response("", 204)) as service:
        with pytest.raises(ValueError, match="segment"):
            client_of(service, make_transport).delete_user_token(account_id, token_id)
        assert service.seen == []


def _to_its_end(method: Callable[..., Any], arguments: list[str]) -> None:
    """Call a method; a walk asks only when it is walked."""
    result = method(*arguments)
    if isinstance(result, Iterator):
        next(result)


def test_no_method_ends_every_token_of_the_organisation(make_transport: MakeTransport) -> None:
    def answer(seen: Seen) -> Response:
        assert not (seen.method == "DELETE" and seen.path.startswith("/admin/")), seen.path
        return Response("", 500)

    public = [name for name, _ in inspect.getmembers(AdminClient, inspect.isfunction) if not name.startswith("_")]
    with http_service(answer) as service:
        client = client_of(service, make_transport)
        for name in public:
            method = getattr(client, name)
            needed = [one for one in inspect.signature(method).parameters.values() if one.default is one.empty]
            with pytest.raises(RemoteError):
                _to_its_end(method, ["x"] * len(needed))
    assert len(service.seen) == len(public)


def test_what_the_organisation_may_do_with_an_account(make_transport: MakeTransport) -> None:
    body = {
        "lifecycle.enablement": {"allowed": False, "reason": {"key": "externalDirectory.scim"}},
        "apiToken.read": {"allowed": True},
    }
    with http_service(lambda _: as_json(body)) as service:
        account = client_of(service, make_transport).managed_account(EMMA)
    assert account.enablement == Privilege(False, "externalDirectory.scim")
    assert account.token_listing == Privilege(True, "")
    assert account.token_deletion is None
    assert not account.enablement_allowed


@pytest.mark.parametrize(("rule", "allowed"), [({"allowed": True}, True), ({"allowed": False}, False), (None, False)])
def test_only_a_clear_yes_allows_the_switch(rule: Any, allowed: bool, make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json({"lifecycle.enablement": rule})) as service:
        assert client_of(service, make_transport).managed_account(EMMA).enablement_allowed is allowed


def test_an_account_s_profile(make_transport: MakeTransport) -> None:
    body = {"account": {"account_id": EMMA, "account_status": "inactive", "name": "Emma", "email": None}}
    with http_service(lambda _: as_json(body)) as service:
        profile = client_of(service, make_transport).account_profile(EMMA)
    assert profile == AccountProfile(EMMA, "inactive", "Emma", "")
    assert service.paths == ["/users/712020:emma/manage/profile"]
