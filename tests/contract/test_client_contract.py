"""The client against Bitbucket's official document: what each call sends, and that it reads what comes back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import pytest
from werkzeug.wrappers import Request as Seen
from werkzeug.wrappers import Response

from bitbucket.cloud import CloudClient
from bitbucket.credentials import Basic
from bitbucket.errors import NotFound
from bitbucket.transport import Transport
from tests.bitbucket.calls import ADDITIONS, DELETIONS, PUBLIC_KEY, READS, SENT, call, methods
from tests.bitbucket.servers import HttpService, http_service
from tests.contract.client_cases import CASES, FULL
from tests.contract.client_generated import Usual
from tests.contract.client_schemas import Schemas
from tests.contract.document import api_token_scopes, patched
from tokens.catalogue.operations import OPERATION_BY_NAME

# Every listing of the API takes a page length (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination);
# the document names it at a few of them only.
PAGING = {"pagelen"}
FILTERS = {"q", "sort"}
# So does a choice of fields (https://developer.atlassian.com/cloud/bitbucket/rest/intro/#partial-response).
FIELDS = {"fields"}
# Generated answers give everybody this uuid, and no usable key.
REVIEWER = {"pull_requests_to_review": {"user_uuid": "acme/web"}}
# What a call about one account asks for is in its answer.
ABOUT_ONE = {"member": "{e}", "repository_user_grant": "{e}", "project_user_grant": "{e}"}
ONE_KEY = {"repository_deploy_key", "project_deploy_key"}
# The document's example of one project key is a page of keys, against its own schema.
MISPLACED_EXAMPLE = {"project_deploy_key"}


@dataclass
class Stage:
    """A server that answers with one prepared body, and a client of it."""

    service: HttpService
    client: CloudClient
    body: Any = None
    status: int = 200


@pytest.fixture(scope="module")
def schemas(official: dict[str, Any]) -> Schemas:
    """The patched document's schemas."""
    return Schemas(patched(official))


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One for all: nothing of it is kept between calls."""

    def answer(seen: Seen) -> Response:
        body = json.dumps(made.body) if made.status == 200 else b""
        return Response(body, made.status, content_type="application/json")

    with http_service(answer) as service, Transport(service.url + "/2.0") as transport:
        made = Stage(service, CloudClient(transport, Basic("bot@acme.test", "ATATTsecret")))
        yield made


def test_every_method_has_a_case() -> None:
    assert set(CASES) == set(methods())


@pytest.mark.parametrize("name", CASES)
def test_the_call_is_a_documented_one(name: str, schemas: Schemas, stage: Stage) -> None:
    case = CASES[name]
    stage.status = 404
    with pytest.raises(NotFound):
        call(stage.client, name, **FULL.get(name, {}))
    seen = stage.service.seen[-1]
    assert (seen.method, schemas.template_at(seen.path.removeprefix("/2.0"))) == (case.method, case.template)
    operation = schemas.operation(case.method, case.template)
    assert operation is not None
    assert not operation.get("deprecated")
    declared = {one["name"]: one for one in operation["parameters"] if one["in"] == "query"}
    sent = parse_qs(seen.query_string.decode())
    # Some operations promise filters in their words and leave the parameters out.
    filters = FILTERS if "supports filtering and sorting" in operation["description"] else set()
    assert set(sent) <= set(declared) | PAGING | FIELDS | filters
    for parameter, values in sent.items():
        allowed = declared.get(parameter, {}).get("schema", {}).get("enum")
        assert allowed is None or {value.removeprefix("-") for value in values} <= set(allowed)
    if name not in ADDITIONS:
        assert not seen.data


@pytest.mark.parametrize("name", ADDITIONS)
def test_an_addition_sends_what_the_answer_documents(name: str, schemas: Schemas, stage: Stage) -> None:
    # The document describes no body here; its examples send these two members of what it answers.
    operation = schemas.operation("POST", CASES[name].template)
    assert operation is not None
    schema = schemas.success(operation)
    assert schema is not None
    stage.status = 404
    with pytest.raises(NotFound):
        call(stage.client, name)
    sent = json.loads(stage.service.seen[-1].data)
    assert sent == SENT
    assert set(sent) <= set(schemas.shape(schema).members)
    assert all(f'"{member}": "' in operation["description"] for member in sent)
    assert "400" in operation["responses"]


@pytest.mark.parametrize("name", CASES)
def test_its_scopes_are_the_documents_and_the_catalogues(name: str, official: dict[str, Any]) -> None:
    case = CASES[name]
    operation = official["paths"][case.template][case.method.lower()]
    assert case.api_token_scopes == api_token_scopes(operation)
    assert case.api_token_scopes == set(OPERATION_BY_NAME[case.name].api_token_scopes or ())
    assert OPERATION_BY_NAME[case.name].removed_on is None


@pytest.mark.parametrize("name", DELETIONS)
def test_a_deletion_is_promised_204(name: str, official: dict[str, Any], stage: Stage) -> None:
    case = CASES[name]
    assert "204" in official["paths"][case.template]["delete"]["responses"]
    stage.status = 204
    assert call(stage.client, name) is None


def _result(stage: Stage, name: str, body: Any) -> Any:
    stage.status, stage.body = 200, body
    if name in ABOUT_ONE and "user" in body:
        stage.body = body | {"user": body["user"] | {"account_id": "712020:emma"}}
    if name in ONE_KEY:
        stage.body = body | {"id": 7}
    if "public_key" in body:
        stage.body = body | {"public_key": PUBLIC_KEY}
    return call(stage.client, name, REVIEWER.get(name))


def _count(result: Any) -> int:
    return len(getattr(result, "items", result)) if not isinstance(result, str) else 1


@pytest.mark.parametrize("name", [*READS, *ADDITIONS])
def test_it_reads_an_answer_with_every_documented_member(name: str, schemas: Schemas, stage: Stage) -> None:
    operation = schemas.operation(CASES[name].method, CASES[name].template)
    assert operation is not None
    schema = schemas.success(operation)
    assert schema is not None
    body = Usual(schemas).answer(schema)
    result = _result(stage, name, body)
    if "values" in body:
        assert _count(result) == len(body["values"]) == 2
    told = "SHA256:" if "public_key" in body else "acme/web"
    assert told in repr(result) or result in body.values()


def test_it_reads_the_documents_own_examples(schemas: Schemas, stage: Stage) -> None:
    with_example = []
    for name in (*READS, *ADDITIONS):
        operation = schemas.operation(CASES[name].method, CASES[name].template)
        body = schemas.example(operation) if operation else None
        if body is not None and name not in MISPLACED_EXAMPLE:
            result = _result(stage, name, body)
            assert "values" not in body or _count(result) == len(body["values"]) > 0, name
            with_example.append(name)
    assert len(with_example) > 12
