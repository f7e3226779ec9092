"""What a credential opens, in at most four requests (real HTTP)."""

from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from bitbucket.cloud import CloudClient
from bitbucket.credentials import Basic
from bitbucket.transport import Transport
from tests.bitbucket.servers import HttpService, as_json, http_service
from tokens.check_reach import MAY_NOT, NO_ANSWER, NOT_OPEN, Reach, WorkspaceReach, reach_of

WORKSPACES = "/2.0/user/workspaces"
KNOWN = {"{w8}": "w8", "{w9}": "w9"}
LACKS = {"error": {"message": "scopes", "detail": {"required": ["account"], "granted": []}}}


class Bitbucket:
    """Answers by address; everything else is a 404."""

    def __init__(self) -> None:
        self.answers: dict[str, Response] = {}
        self.service: HttpService | None = None

    def workspaces(self, count: int, *, has_more: bool = False) -> None:
        values = [{"administrator": n == 0, "workspace": {"uuid": f"{{w{n}}}", "slug": f"w{n}"}} for n in range(count)]
        self.answers[WORKSPACES] = as_json({"values": values, **({"next": "?page=2"} if has_more else {})})

    def repositories(self, workspace: str, *rights: str, has_more: bool = False) -> None:
        rows: list[dict[str, Any]] = [
            {"permission": right, "repository": {"full_name": f"{workspace}/r{n}"}} for n, right in enumerate(rights)
        ]
        more = {"next": "?page=2"} if has_more else {}
        self.answers[self.at(workspace)] = as_json({"values": rows, **more})

    @staticmethod
    def at(workspace: str) -> str:
        return f"{WORKSPACES}/{{{workspace}}}/permissions/repositories"

    def answer(self, request: Request) -> Response:
        return self.answers.get(request.path) or as_json({}, 404)

    def reach(self) -> Reach:
        assert self.service is not None
        with Transport(self.service.url + "/2.0") as transport:
            return reach_of(CloudClient(transport, Basic("emma@acme.test", "ATATTx")), KNOWN)

    def asked(self) -> list[str]:
        assert self.service is not None
        return [one.path for one in self.service.seen]


@pytest.fixture
def bitbucket() -> Iterator[Bitbucket]:
    made = Bitbucket()
    with http_service(made.answer) as made.service:
        yield made


def test_the_known_workspaces_come_first_and_only_three_are_looked_into(bitbucket: Bitbucket) -> None:
    bitbucket.workspaces(10, has_more=True)
    for name in ("w8", "w9", "w0"):
        bitbucket.repositories(name, "read", "none", "admin")
    reach = bitbucket.reach()
    assert [one.slug for one in reach.workspaces] == ["w8", "w9", "w0"]
    assert [one.administrator for one in reach.workspaces] == [False, False, True]
    assert reach.workspaces[0].names == ("w8/r0", "w8/r2"), "a right called none is none"
    assert (reach.others, reach.has_more) == (("w1", "w2", "w3", "w4", "w5"), True)
    assert bitbucket.asked() == [WORKSPACES, *(bitbucket.at(name) for name in ("w8", "w9", "w0"))]


def test_a_long_list_is_counted_by_its_first_page_and_shown_by_its_first_names(bitbucket: Bitbucket) -> None:
    bitbucket.workspaces(1)
    bitbucket.repositories("w0", *["read"] * 100, has_more=True)
    [one] = bitbucket.reach().workspaces
    assert (one.count, len(one.names), one.has_more, one.is_cut) == (100, 5, True, True)
    bitbucket.repositories("w0", *["read"] * 5)
    assert bitbucket.reach().workspaces == (WorkspaceReach("w0", True, 5, tuple(f"w0/r{n}" for n in range(5))),)
    assert not bitbucket.reach().workspaces[0].is_cut


@pytest.mark.parametrize("fails", [as_json(LACKS, 403), as_json({"error": {"message": "no"}}, 403)])
def test_without_the_right_to_list_workspaces_the_known_ones_are_asked(bitbucket: Bitbucket, fails: Response) -> None:
    bitbucket.answers[WORKSPACES] = fails
    bitbucket.repositories("w9", "write")
    assert bitbucket.reach() == Reach(
        (WorkspaceReach("w8", silence=NOT_OPEN), WorkspaceReach("w9", count=1, names=("w9/r0",))), silence=MAY_NOT
    )


@pytest.mark.parametrize("fails", [Response("", 429), Response("", 503), as_json([1]), as_json({}, 401)])
def test_no_usable_list_is_said_and_nothing_more_is_asked(bitbucket: Bitbucket, fails: Response) -> None:
    bitbucket.answers[WORKSPACES] = fails
    assert bitbucket.reach() == Reach(silence=NO_ANSWER)
    assert len(bitbucket.asked()) == 1


def test_a_workspace_that_may_not_be_listed_leaves_the_others(bitbucket: Bitbucket) -> None:
    bitbucket.workspaces(2)
    bitbucket.answers[bitbucket.at("w0")] = as_json(LACKS, 403)
    bitbucket.repositories("w1", "read")
    assert [one.silence for one in bitbucket.reach().workspaces] == [MAY_NOT, ""]


def test_after_trouble_the_rest_is_not_asked(bitbucket: Bitbucket) -> None:
    bitbucket.workspaces(3)
    bitbucket.answers[bitbucket.at("w0")] = Response("", 429)
    assert [one.silence for one in bitbucket.reach().workspaces] == [NO_ANSWER] * 3
    assert len(bitbucket.asked()) == 2
