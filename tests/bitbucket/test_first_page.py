"""The beginning of a listing costs one request and says whether it goes on (real HTTP)."""

from collections.abc import Callable
from typing import Any

import pytest

from bitbucket.cloud import CloudClient
from bitbucket.credentials import Basic
from bitbucket.errors import BadAnswer, MissingScope
from bitbucket.pages import FirstPage
from bitbucket.resources import RepositoryPermission, WorkspaceAccess, WorkspacePermission
from tests.bitbucket.conftest import MakeTransport
from tests.bitbucket.servers import as_json, http_service

WORKSPACE = {"administrator": True, "workspace": {"uuid": "{w}", "slug": "acme"}}
RIGHT = {"permission": "read", "repository": {"uuid": "{r}", "full_name": "acme/web"}}
SEAT = {"permission": "member", "user": {"uuid": "{e}", "account_id": "712020:emma"}}
CALLS: list[tuple[Callable[[CloudClient], Any], str, Any, Any]] = [
    (
        lambda client: client.first_workspaces(),
        "/2.0/user/workspaces?pagelen=100",
        WORKSPACE,
        WorkspaceAccess("{w}", "acme", True),
    ),
    (
        lambda client: client.first_repository_permissions("acme"),
        "/2.0/user/workspaces/acme/permissions/repositories?pagelen=100",
        RIGHT,
        RepositoryPermission("", "", "acme/web", "{r}", "read"),
    ),
    (
        lambda client: client.first_workspace_permissions("acme"),
        "/2.0/workspaces/acme/permissions?pagelen=100",
        SEAT,
        WorkspacePermission("712020:emma", "{e}", "member"),
    ),
    (
        lambda client: client.first_workspace_permissions("acme"),
        "/2.0/workspaces/acme/permissions?pagelen=100",
        {**SEAT, "added_on": "2026-01-01T00:00:00+00:00"},
        WorkspacePermission("712020:emma", "{e}", "member", has_dates=True),
    ),
]


@pytest.mark.parametrize("has_more", [True, False])
@pytest.mark.parametrize(("call", "address", "item", "expected"), CALLS)
def test_one_request_however_long_the_listing(  # noqa: PLR0913, RUF100
    call: Callable[[CloudClient], Any],
    address: str,
    item: Any,
    expected: Any,
    has_more: bool,
    make_transport: MakeTransport,
) -> None:
    more = {"next": "?page=2"} if has_more else {}
    with http_service(lambda _: as_json({"values": [item], **more})) as service:
        found = call(CloudClient(make_transport(service.url + "/2.0"), Basic("emma@acme.test", "ATATTx")))
    assert found == FirstPage((expected,), has_more)
    assert service.paths == [address]


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"values": [WORKSPACE], "next": "https://example.org/2.0/user/workspaces?page=2"}, 200, BadAnswer),
        ({"pagelen": 10}, 200, BadAnswer),
        ({"error": {"message": "scopes", "detail": {"required": ["account"], "granted": []}}}, 403, MissingScope),
    ],
)
def test_what_is_no_listing_is_an_error(
    body: Any, status: int, error: type[Exception], make_transport: MakeTransport
) -> None:
    with http_service(lambda _: as_json(body, status)) as service, pytest.raises(error):
        CloudClient(make_transport(service.url + "/2.0"), Basic("emma@acme.test", "ATATTx")).first_workspaces()
