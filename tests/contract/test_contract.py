"""The sandbox against Bitbucket's official document: answers, scopes, and the deviations we admit."""

import re
from collections import defaultdict
from typing import Any

import pytest

from sandbox.rest_routes import REMOVED, REST
from tests.contract.cases import answers, credential, name_of, route_names, success_of
from tests.contract.deviations import DEVIATIONS
from tests.contract.document import api_token_scopes, classic_scopes, patched, template_of
from tests.contract.judge import Judge
from tests.contract.required import REQUIRED, missing_fields
from tests.sandbox.helper import Caller

Verdicts = dict[tuple[str, int], list[str]]


@pytest.fixture(scope="module")
def verdicts(judge: Judge, caller: Caller) -> Verdicts:
    """What the judge says of every answer, by route and status."""
    found: Verdicts = defaultdict(list)
    for route, answer in answers(caller):
        found[route, answer.status_code].append(judge.verdict(route, answer))
    return found


@pytest.mark.parametrize("route", route_names())
def test_every_successful_answer_conforms(verdicts: Verdicts, route: str) -> None:
    assert verdicts.get((route, success_of(route))) == [""]


def test_other_answers_deviate_exactly_where_the_table_says(verdicts: Verdicts) -> None:
    deviating = {key: words for key, words in verdicts.items() if any(words)}
    named = {(one.route, one.status) for one in DEVIATIONS}
    assert {key: words for key, words in deviating.items() if key not in named} == {}, "not in the table"
    assert named - set(deviating) == set(), "in the table, but no longer needed"
    assert len(named) == len(DEVIATIONS)


def test_every_deviation_has_a_reason_and_a_source() -> None:
    assert all(one.reason and one.source.startswith("https://") for one in DEVIATIONS)


def test_every_route_refuses_without_credential_and_without_scope(verdicts: Verdicts) -> None:
    assert {(route, status) for route in route_names() for status in (401, 403)} <= set(verdicts)


@pytest.mark.parametrize("route", REST, ids=name_of)
def test_declared_scopes_are_the_documents(official: dict[str, Any], route: Any) -> None:
    operation = official["paths"][template_of(route.path)][route.method.lower()]
    assert set(route.classic) == classic_scopes(operation)
    assert set(route.api_token) == api_token_scopes(operation)


def test_each_patch_of_the_document_is_still_needed(official: dict[str, Any], caller: Caller) -> None:
    unpatched = Judge(official)
    repositories = unpatched.verdict("/repositories/<workspace>", caller.rest("/repositories/acme"))
    auth = credential(caller, "emma", "read:ssh-key")
    keys = caller.rest(f"/users/{caller.account_id('emma')}/ssh-keys", auth)
    assert "parent: None" in repositories
    assert "'source' was unexpected" in repositories
    assert {"last_used: None", "expires_on: None"} <= set(re.findall(r"\w+: None", unpatched.verdict("", keys)))
    assert unpatched.verdict("/user/emails", caller.rest("/user/emails"))


def test_every_route_has_its_required_fields_once() -> None:
    assert [one.route for one in REQUIRED] == route_names()


def test_removed_routes_are_not_served_any_more() -> None:
    assert not {one.path for one in REMOVED} & {one.path for one in REST}


def test_what_the_document_lets_pass_the_table_does_not() -> None:
    """`{}` is a valid page to the document; each of our rows refuses it, and a page without items."""
    for one in REQUIRED:
        assert missing_fields({}, one.fields) == list(one.fields)
    [members] = [one for one in REQUIRED if one.route == "/workspaces/<workspace>/members"]
    assert missing_fields({"values": []}, members.fields)


def test_the_judge_can_refuse(official: dict[str, Any], caller: Caller) -> None:
    """A value of another type, an unknown right, an extra field of a page: all are seen."""
    changed = patched(official)
    changed["components"]["schemas"]["repository_permission"]["properties"]["permission"]["enum"] = ["owner"]
    changed["components"]["schemas"]["account"]["allOf"][1]["properties"]["uuid"] = {"type": "integer"}
    strict = Judge(changed)
    assert "uuid" in strict.verdict("/user", caller.rest("/user"))
    route = "/workspaces/<workspace>/permissions/repositories"
    assert "permission" in strict.verdict(route, caller.rest("/workspaces/acme/permissions/repositories"))
