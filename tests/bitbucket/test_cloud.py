"""Bitbucket's listings and objects, parsed at the edge (real HTTP)."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.wrappers import Request as Seen
from werkzeug.wrappers import Response

from bitbucket.cloud import CloudClient
from bitbucket.credentials import Basic
from bitbucket.errors import BadAnswer, NotFound, ServerDown
from bitbucket.resources import (
    CurrentUser,
    EmailAddress,
    Member,
    Repository,
    RepositoryPermission,
    Workspace,
    WorkspaceAccess,
    WorkspacePermission,
)
from tests.bitbucket.conftest import MakeTransport
from tests.bitbucket.servers import HttpService, as_json, http_service

EMMA = {
    "type": "user",
    "account_id": "712020:emma",
    "uuid": "{e}",
    "display_name": "Emma",
    "nickname": "em",
    "account_status": "active",
    "links": {},
}
ACME = {"type": "workspace", "uuid": "{w}", "slug": "acme", "name": "Acme"}
WEB = {"uuid": "{r}", "full_name": "acme/web", "name": "web", "is_private": True, "mainbranch": {"name": "main"}}
EMPTY = {**WEB, "full_name": "acme/new", "is_private": False, "mainbranch": None}
GRANT = {"type": "repository_permission", "permission": "write", "user": EMMA, "repository": WEB}

ANSWERS: dict[str, Any] = {
    "/2.0/user": EMMA,
    "/2.0/user/emails": {"values": [{"email": "emma@acme.test", "is_primary": True, "is_confirmed": False}]},
    "/2.0/user/workspaces": {"values": [{"administrator": False, "workspace": {"uuid": "{w}", "slug": "acme"}}]},
    "/2.0/user/workspaces/{w}/permission": {"permission": "owner", "user": EMMA, "workspace": ACME},
    "/2.0/user/workspaces/{w}/permissions/repositories": {"values": [{"permission": "read", "repository": WEB}]},
    "/2.0/workspaces/{w}": ACME,
    "/2.0/workspaces/{w}/members": {"values": [{"user": EMMA}, {"user": {"uuid": "{x}", "account_id": None}}]},
    "/2.0/workspaces/{w}/members/712020:emma": {"user": EMMA, "workspace": ACME},
    "/2.0/workspaces/{w}/members/712020:lee": {"user": EMMA, "workspace": ACME},
    "/2.0/workspaces/{w}/permissions": {"values": [{"permission": "member", "user": EMMA, "workspace": ACME}]},
    "/2.0/workspaces/{w}/permissions/repositories": {"values": [GRANT]},
    "/2.0/workspaces/{w}/permissions/repositories/{r}": {"values": [GRANT]},
    "/2.0/repositories/{w}": {"values": [WEB, EMPTY]},
    "/2.0/repositories/{w}/{r}": WEB,
    "/2.0/workspaces/{w}/projects/WEB": {"uuid": "{p}", "key": "WEB", "is_private": False},
}

_GRANTED = RepositoryPermission("712020:emma", "{e}", "acme/web", "{r}", "write", "Emma")
CALLS: list[tuple[Callable[[CloudClient], Any], Any]] = [
    (lambda c: c.current_user(), CurrentUser("712020:emma", "{e}", "Emma", "em", "active")),
    (lambda c: c.emails(), [EmailAddress("emma@acme.test", True, False)]),
    (lambda c: c.my_workspaces(), [WorkspaceAccess("{w}", "acme", False)]),
    (lambda c: c.my_role("{w}"), "owner"),
    (lambda c: list(c.my_repository_permissions("{w}")), [RepositoryPermission("", "", "acme/web", "{r}", "read")]),
    (lambda c: c.workspace("{w}"), Workspace("{w}", "acme", "Acme")),
    (lambda c: c.opens_workspace("{w}"), None),
    (lambda c: c.opens_repository("{w}", "{r}"), True),
    (lambda c: c.opens_project("{w}", "WEB"), False),
    (lambda c: list(c.members("{w}")), [Member("712020:emma", "{e}", "Emma"), Member("", "{x}", "")]),
    (lambda c: c.member("{w}", "712020:emma"), Member("712020:emma", "{e}", "Emma")),
    (
        lambda c: list(c.workspace_permissions("{w}")),
        [WorkspacePermission("712020:emma", "{e}", "member", False, "Emma")],
    ),
    (
        lambda c: list(c.repositories("{w}", role="contributor")),
        [
            Repository("{r}", "acme/web", "web", True, "main"),
            Repository("{r}", "acme/new", "web", False, ""),
        ],
    ),
    (lambda c: list(c.repository_permissions("{w}", user_uuid='{e"} OR "')), [_GRANTED]),
    (lambda c: list(c.permissions_of_repository("{w}", "{r}")), [_GRANTED]),
]  # fmt: skip


def client_of(service: HttpService, make_transport: MakeTransport) -> CloudClient:
    return CloudClient(make_transport(service.url + "/2.0"), Basic("emma@acme.test", "ATATTsecret"))


@pytest.mark.parametrize(("call", "expected"), CALLS)
def test_every_call_reads_what_bitbucket_answers(
    call: Callable[[CloudClient], Any], expected: Any, make_transport: MakeTransport
) -> None:
    with http_service(lambda seen: as_json(ANSWERS[seen.path])) as service:
        assert call(client_of(service, make_transport)) == expected
    assert [one.authorization and one.authorization.username for one in service.seen] == ["emma@acme.test"]


def test_the_query_of_listings(make_transport: MakeTransport) -> None:
    with http_service(lambda seen: as_json(ANSWERS[seen.path])) as service:
        client = client_of(service, make_transport)
        list(client.repositories("{w}", role="admin"))
        list(client.repository_permissions("{w}", user_uuid='{e"}\\'))
    assert service.seen[0].args.to_dict() == {"pagelen": "100", "role": "admin"}
    assert service.seen[1].args.to_dict() == {"pagelen": "100", "q": 'user.uuid="{e}"'}


def test_a_member_answer_about_someone_else_is_no_proof(make_transport: MakeTransport) -> None:
    with (
        http_service(lambda seen: as_json(ANSWERS[seen.path])) as service,
        pytest.raises(BadAnswer, match="another account"),
    ):
        client_of(service, make_transport).member("{w}", "712020:lee")


def without(field: str, body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != field}


WRONG = [
    without("account_id", EMMA), {**EMMA, "account_id": 5}, {**EMMA, "account_id": ""}, {**EMMA, "display_name": ["E"]},
    {**EMMA, "uuid": None}, [EMMA], "Emma", None, 1,
]  # fmt: skip


@pytest.mark.parametrize("body", WRONG)
def test_an_object_of_another_shape_is_an_error(body: Any, make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json(body)) as service, pytest.raises(BadAnswer):
        client_of(service, make_transport).current_user()


@pytest.mark.parametrize("flag", ["true", 1, None, {}])
def test_an_address_is_confirmed_only_by_a_real_yes(flag: Any, make_transport: MakeTransport) -> None:
    listed = {"values": [{"email": "emma@acme.test", "is_primary": True, "is_confirmed": flag}]}
    with http_service(lambda _: as_json(listed)) as service, pytest.raises(BadAnswer):
        client_of(service, make_transport).emails()


def paged(pages: dict[str, Any]) -> Callable[[Seen], Response]:
    """Pages by their `page` parameter; NEXT(n) becomes a link to page n."""

    def answer(seen: Seen) -> Response:
        body = dict(pages[seen.args.get("page", "1")])
        if isinstance(body.get("next"), int):
            body["next"] = f"{seen.base_url}?page={body['next']}"
        return as_json(body)

    return answer


def seat(number: int) -> dict[str, Any]:
    return {"user": {"uuid": f"{{{number}}}", "account_id": f"a:{number}", "display_name": ""}}


def test_an_empty_page_in_the_middle_is_no_end(make_transport: MakeTransport) -> None:
    pages = {"1": {"values": [], "next": 2}, "2": {"values": [seat(1)], "next": 3}, "3": {"values": [seat(2)]}}
    with http_service(paged(pages)) as service:
        found = [member.uuid for member in client_of(service, make_transport).members("acme")]
    assert found == ["{1}", "{2}"]
    assert len(service.seen) == 3


@pytest.mark.parametrize("back_to", [1, 2])
def test_pages_in_a_circle_stop_and_are_no_whole_listing(back_to: int, make_transport: MakeTransport) -> None:
    pages = {"1": {"values": [seat(1)], "next": 2}, "2": {"values": [seat(2)], "next": back_to}}
    with http_service(paged(pages)) as service, pytest.raises(BadAnswer, match="circle"):
        list(client_of(service, make_transport).members("acme"))
    assert len(service.seen) <= 3


def test_pages_without_end_stop(make_transport: MakeTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bitbucket.pages.MOST_PAGES", 5)

    def endless(seen: Seen) -> Response:
        return as_json({"values": [], "next": f"{seen.base_url}?page={int(seen.args.get('page', 1)) + 1}"})

    with http_service(endless) as service, pytest.raises(BadAnswer):
        list(client_of(service, make_transport).members("acme"))
    assert len(service.seen) == 5


def test_a_listing_whose_second_page_fails_is_an_error(make_transport: MakeTransport) -> None:
    def answer(seen: Seen) -> Response:
        if seen.args.get("page") == "2":
            return Response("", 502)
        return as_json({"values": [seat(1)], "next": f"{seen.base_url}?page=2"})

    with http_service(answer) as service:
        members = client_of(service, make_transport).members("acme")
        assert next(members).uuid == "{1}"
        with pytest.raises(ServerDown):
            next(members)


def test_not_found_is_said_as_such(make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json({"error": {"message": "no"}}, 404)) as service, pytest.raises(NotFound):
        client_of(service, make_transport).member("acme", "712020:emma")


def test_an_empty_account_never_turns_a_member_question_into_the_listing(make_transport: MakeTransport) -> None:
    with http_service(lambda _: as_json(ANSWERS["/2.0/workspaces/{w}/members"])) as service:
        with pytest.raises(ValueError, match="segment"):
            client_of(service, make_transport).member("acme", "")
        assert service.seen == []
