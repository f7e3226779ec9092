"""Offboardings through the HTTP API: what another system may say, and what it is answered."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as searching
from hypothesis import strategies as some
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from openapi_spec_validator import validate

from accounts.models import Notification, Person, ServiceToken, User
from accounts.operations import revoke_service_token
from audit.models import Event
from offboarding import policy
from offboarding.models import Order, Plan
from offboarding.operations import many
from offboarding.operations.planning import plan_offboarding
from offboarding.operations.scheduling import start_due_plans
from portal.api import api
from tests.offboarding.api_desk import ADDRESS, Caller, system
from tests.offboarding.holding import a_token, members_read
from tests.offboarding.leaving import CLEAN_UP, CUT, Leaving
from workqueue.budgets import spend

SECRET = "ATATT3x" + "F" * 60


@pytest.fixture
def hr(lee: User, ada: User) -> Caller:
    """HR's system; Lee is somebody it knows of."""
    return system("hr", ada)


@pytest.fixture
def payroll(ada: User) -> Caller:
    """Another system."""
    return system("payroll", ada)


@pytest.fixture
def document() -> OpenAPI:
    """What the API says of itself."""
    described = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    validate(described)
    return OpenAPI.from_dict(described)


def judge(document: OpenAPI, answer: Any, *, method: str = "post", path: str = ADDRESS) -> Any:
    """Hold an answer against the document; gives the answer."""
    document.validate_response(
        MockRequest("http://testserver", method, path),
        MockResponse(answer.content, answer.status_code, content_type=answer["Content-Type"].partition(";")[0]),
    )
    return answer


def test_one_leaver_becomes_a_draft(hr: Caller, lee: User, document: OpenAPI) -> None:
    body = {"account_id": lee.username, "leaves_at": "2026-12-01T17:00:00+01:00", "reference": "HR-7"}
    answer = judge(document, hr.send(body))
    plan = Plan.objects.get()
    assert (answer.status_code, answer.json()["answer"], answer.json()["plan"]) == (201, "planned", plan.pk)
    assert (plan.state, plan.origin, plan.token_name, plan.planned_by, plan.reference) == (
        "draft",
        "api",
        "hr",
        None,
        "HR-7",
    )
    assert plan.leaves_at is not None
    assert plan.leaves_at.isoformat() == "2026-12-01T16:00:00+00:00"
    assert "hr" in Event.objects.get(tag="plan:drafted").actor_label
    start_due_plans()
    plan.refresh_from_db()
    assert plan.state == "draft", "without a time, an admin starts it"


def test_a_confirmed_address_names_somebody_in_whatever_spelling(hr: Caller, lee: User) -> None:
    assert hr.send({"email": lee.person.email.upper()}).json()["answer"] == "planned"
    assert Plan.objects.get().person == lee.person


def test_an_address_that_is_not_confirmed_names_nobody(hr: Caller, lee: User) -> None:
    Person.objects.filter(pk=lee.person_id).update(confirmed_emails=[])
    answer = hr.send({"email": lee.person.email})
    assert (answer.status_code, answer.json()["answer"]) == (200, "unknown")
    assert not Plan.objects.exists()


def test_an_address_of_two_people_is_refused(hr: Caller, lee: User) -> None:
    Person.objects.create(account_id="712020:two", confirmed_emails=[lee.person.email.upper()])
    answer = hr.send({"email": lee.person.email}).json()
    assert (answer["answer"], "Several people" in answer["words"]) == ("refused", True)


def test_an_id_and_an_address_of_different_people_are_refused(hr: Caller, lee: User, emma: User) -> None:
    answer = hr.send({"account_id": lee.username, "email": emma.person.email}).json()
    assert answer["answer"] == "refused"
    assert not Plan.objects.exists()


def test_it_starts_by_itself_only_at_a_time(hr: Caller, lee: User) -> None:
    later = timezone.now() + timedelta(hours=1)
    hr.send({"account_id": lee.username, "starts_at": later.isoformat()})
    start_due_plans()
    plan = Plan.objects.get()
    assert plan.state == "draft"
    Plan.objects.update(starts_at=timezone.now())
    start_due_plans()
    plan.refresh_from_db()
    assert plan.is_started


def test_the_same_key_is_answered_alike(hr: Caller, lee: User) -> None:
    body = {"account_id": lee.username}
    first, again = hr.send(body), hr.send(body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Plan.objects.count() == 1
    Plan.objects.update(state="cancelled", cancelled_at=timezone.now())
    assert hr.send(body).json() == first.json(), "whatever became of it"
    assert Plan.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(hr: Caller, lee: User, emma: User, document: OpenAPI) -> None:
    hr.send({"account_id": lee.username})
    answer = judge(document, hr.send({"account_id": emma.username}))
    assert (answer.status_code, "another body" in answer.json()["detail"]) == (409, True)
    assert Plan.objects.count() == 1


def test_the_same_key_of_another_token_is_another_one(hr: Caller, payroll: Caller, lee: User, emma: User) -> None:
    hr.send({"account_id": lee.username})
    assert payroll.send({"account_id": emma.username}).status_code == 201


def test_another_key_for_the_same_leaver_finds_the_plan(hr: Caller, lee: User) -> None:
    first = hr.send({"account_id": lee.username})
    answer = hr.send({"account_id": lee.username}, key="k2")
    assert (answer.status_code, answer.json()["plan"]) == (200, first.json()["plan"])
    assert "planned before" in answer.json()["words"]


def test_a_process_that_died_between_two_lines_goes_on_where_it_was(
    hr: Caller, lee: User, emma: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"account_id\n{lee.username}\n{emma.username}\n"
    with monkeypatch.context() as patch:
        patch.setattr("offboarding.operations.many.plan_one", _dies_at_the_second())
        with pytest.raises(InterruptedError):
            hr.send_list(text)
    assert Plan.objects.count() == 1
    Plan.objects.update(state="cancelled", cancelled_at=timezone.now())
    answer = hr.send_list(text)
    assert [line["answer"] for line in answer.json()["lines"]] == ["planned", "planned"]
    assert Plan.objects.count() == 2


def _dies_at_the_second() -> Any:
    whole = many.plan_one

    def one(row: Any, *, line: int, **more: Any) -> Any:
        if line == 3:
            raise InterruptedError
        return whole(row, line=line, **more)

    return one


def test_a_list_is_answered_line_by_line(hr: Caller, lee: User, emma: User, aria: User, document: OpenAPI) -> None:
    gone = Person.objects.create(account_id="712020:gone")
    members_read(lee.person, emma.person)
    now = timezone.now()
    Plan.objects.create(
        person=aria.person, origin="page", state="completed", planned_at=now, started_at=now, completed_at=now
    )
    rows = [
        ("email", lee.person.email),
        ("account_id", "712020:nobody"),
        ("account_id", gone.account_id),
        ("account_id", aria.username),
        ("account_id", emma.username),
    ]
    lines = [f"{value};;" if name == "account_id" else f";{value};" for name, value in rows]
    lines[-1] = f"{emma.username};;tomorrow"
    text = "\ufeffaccount_id;email;starts_at\r\n" + "\r\n".join(lines)
    answer = judge(document, hr.send_list(text))
    told = {line["line"]: (line["answer"], line["plan"] is not None) for line in answer.json()["lines"]}
    assert told == {
        2: ("planned", True),
        3: ("unknown", False),
        4: ("not a member", False),
        5: ("done", True),
        6: ("refused", False),
    }
    assert answer.status_code == 201
    assert hr.send_list(text).json() == answer.json()


def test_done_is_not_said_of_who_holds_something_since(hr: Caller, lee: User) -> None:
    then = timezone.now() - timedelta(hours=2)
    Plan.objects.create(
        person=lee.person, origin="page", state="completed", planned_at=then, started_at=then, completed_at=then
    )
    a_token(lee.person, at=then - timedelta(hours=1))
    assert hr.send({"account_id": lee.username}).json()["answer"] == "done"
    a_token(lee.person, at=timezone.now(), listing_id="new")
    assert hr.send({"account_id": lee.username}, key="k2").json()["answer"] == "planned"


def test_nobody_is_called_no_member_before_the_members_are_read(hr: Caller) -> None:
    one = Person.objects.create(account_id="712020:one")
    assert hr.send({"account_id": one.account_id}).json()["answer"] == "planned"


def test_an_admin_without_a_seat_is_somebody(hr: Caller, lee: User, ada: User) -> None:
    members_read(lee.person)
    assert hr.send({"account_id": ada.username}).json()["answer"] == "planned"


WRONG: dict[str, tuple[Any, str, int, str]] = {
    "nobody named": ({}, "application/json", 422, "Name an account_id"),
    "a field nobody knows": ({"account_id": "a", "start_at": "x"}, "application/json", 422, "not permitted"),
    "a time nobody can read": ({"account_id": "a", "leaves_at": SECRET}, "application/json", 422, "datetime"),
    "too long": ({"account_id": "a", "reference": "x" * 101}, "application/json", 422, "at most 100"),
    "a number": ({"account_id": 7}, "application/json", 422, "valid string"),
    "a list of objects": ([{"account_id": SECRET}], "application/json", 422, "object"),
    "no JSON": (f'{{"account_id": "{SECRET}', "application/json", 400, "Cannot parse"),
    "nothing": (" ", "application/json", 400, "Cannot parse"),
    "another kind": ("account_id=x", "application/x-www-form-urlencoded", 415, "application/json"),
    "no columns": ("\n", "text/csv", 400, "Line 1"),
    "a column nobody knows": (f"account_id,{SECRET}\n", "text/csv", 400, "Line 1: a column is none of"),
    "columns that are missing": ("account_id,email\n\nx\n", "text/csv", 400, "Line 3: it has 1 columns"),
    "nobody named in a list": ("reference\nHR-7\n", "text/csv", 400, "who leaves"),
    "a column twice": ("email,email\n", "text/csv", 400, "twice"),
    "an open quote": ('account_id\n"x\n', "text/csv", 400, "no CSV"),
    "no UTF-8": (b"account_id\n\xff\n", "text/csv", 400, "UTF-8"),
    "too many": ("account_id\n" + "x\n" * 1001, "text/csv", 400, "at most 1000"),
    "beyond all measure": ("x" * 300_000, "text/csv", 413, "too long"),
}


@pytest.mark.parametrize("which", WRONG)
def test_what_is_wrong_is_said_in_words_and_not_repeated(hr: Caller, document: OpenAPI, which: str) -> None:
    body, kind, status, words = WRONG[which]
    answer = judge(document, hr.send(body, kind=kind))
    assert answer.status_code == status, answer.content
    assert words in answer.content.decode()
    assert SECRET not in answer.content.decode()
    assert not Order.objects.exists(), "the key is still free"
    assert not Plan.objects.exists()


def test_a_thousand_lines_are_read(hr: Caller) -> None:
    lines = hr.send_list("account_id\n" + "".join(f"712020:no{n}\n" for n in range(1000))).json()["lines"]
    assert {line["answer"] for line in lines} == {"unknown"}
    assert lines[-1]["line"] == 1001


@pytest.mark.parametrize("reference", [SECRET, "a\x00b", "a\x1b[31m"])
def test_a_reference_that_the_trail_may_not_hold_is_refused(hr: Caller, lee: User, reference: str) -> None:
    answer = hr.send({"account_id": lee.username, "reference": reference})
    assert (answer.json()["answer"], Plan.objects.count()) == ("refused", 0)
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize("key", [None, "", "x" * 201, "ключ", "a\tb"])
def test_a_key_is_needed(hr: Caller, lee: User, key: str | None, document: OpenAPI) -> None:
    answer = judge(document, hr.send({"account_id": lee.username}, key=key))
    assert answer.status_code == 422
    assert not Plan.objects.exists()


@pytest.mark.parametrize("token", ["", "nobody", "bcps_guessed"])
def test_without_a_token_nothing_is_told(lee: User, token: str, document: OpenAPI) -> None:
    caller = Caller(token)
    answer = judge(document, caller.send({"account_id": lee.username}))
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "service token" in answer.json()["detail"]
    assert caller.look(1).status_code == 401
    assert not Order.objects.exists()


def test_a_plan_is_told_to_the_token_that_asked_for_it(leaving: Leaving, document: OpenAPI) -> None:
    hr = system("hr", leaving.admin)
    pk = hr.send({"account_id": leaving.leaver.username, "starts_at": timezone.now().isoformat()}).json()["plan"]
    path = f"{ADDRESS}/{pk}"
    answer = judge(document, hr.look(pk), method="get", path=path)
    assert (answer.status_code, answer.json()["state"]) == (200, "draft")
    assert answer.json()["steps"] == {"cut": {}, "clean_up": {}, "hand_over": {}, "proof": {}}
    start_due_plans()
    leaving.run(*CUT, *CLEAN_UP)
    told = judge(document, hr.look(pk), method="get", path=path).json()
    assert told["steps"]["cut"] == {"done": 4}
    assert told["cut_at"]
    assert {"coverage", "minutes", "requests", "is_final"} <= set(told)
    assert "no-store" in answer["Cache-Control"]


def test_plans_of_others_are_not_there(
    hr: Caller, payroll: Caller, lee: User, emma: User, ada: User, document: OpenAPI
) -> None:
    theirs = payroll.send({"account_id": lee.username}).json()["plan"]
    by_page = plan_offboarding(emma.person, acting_user=ada).pk
    for number in (theirs, by_page, 999_999):
        answer = judge(document, hr.look(number), method="get", path=f"{ADDRESS}/{number}")
        assert (answer.status_code, "no such plan" in answer.json()["detail"]) == (404, True)
    hr.send({"account_id": emma.username})
    assert hr.look(by_page).status_code == 200, "it was told of that one"


def test_a_token_for_something_else_is_refused(hr: Caller, lee: User, document: OpenAPI) -> None:
    ServiceToken.objects.update(scopes=[])
    answer = judge(document, hr.send({"account_id": lee.username}))
    assert (answer.status_code, Order.objects.count()) == (403, 0)


def test_a_session_in_a_browser_is_no_token(lee: User, ada: User) -> None:
    caller = Caller("")
    caller.client.force_login(ada, backend="accounts.roles.RoleBackend")
    assert caller.send({"account_id": lee.username}).status_code == 401


def test_what_a_revoked_token_scheduled_does_not_start(hr: Caller, lee: User, ada: User) -> None:
    hr.send({"account_id": lee.username, "starts_at": timezone.now().isoformat()})
    revoke_service_token(ServiceToken.objects.get(), acting_user=ada)
    start_due_plans()
    plan = Plan.objects.get()
    assert (plan.started_at, plan.state) == (None, "draft")
    assert Notification.objects.filter(person=ada.person, subject__startswith="Not started").exists()
    assert hr.look(plan.pk).status_code == 401


def test_what_a_token_scheduled_that_ran_out_starts(hr: Caller, lee: User) -> None:
    hr.send({"account_id": lee.username, "starts_at": timezone.now().isoformat()})
    ServiceToken.objects.update(expires_at=timezone.now())
    start_due_plans()
    assert Plan.objects.get().is_started


def test_a_token_has_a_budget_of_its_own(hr: Caller, payroll: Caller, lee: User, document: OpenAPI) -> None:
    for _ in range(policy.API_REQUESTS_AN_HOUR):
        spend("portal", "service token hr", policy.API_REQUESTS_AN_HOUR)
    answer = judge(document, hr.send({"account_id": lee.username}))
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert hr.look(1).status_code == 429
    assert not Order.objects.exists()
    assert payroll.send({"account_id": lee.username}).status_code == 201


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("account_id", "email", "leaves_at", "reported_at", "starts_at", "reference")
TEXT = some.text(max_size=30) | some.sampled_from(["712020:x", "2026-12-01", "0001-01-01T00:00:00+14:00", "9" * 30])
BODIES = some.dictionaries(some.sampled_from(FIELDS), TEXT | some.none() | JSON) | JSON
CELLS = some.lists(some.lists(TEXT, min_size=1, max_size=4).map(",".join), max_size=4).map("\n".join)


@pytest.mark.parametrize("kind", ["application/json", "text/csv"])
def test_whatever_is_sent_the_answer_keeps_to_the_document(hr: Caller, document: OpenAPI, kind: str) -> None:
    numbers, seen = iter(range(10_000)), set[int]()

    @searching(max_examples=80, suppress_health_check=[HealthCheck.nested_given])
    @given(body=BODIES.map(json.dumps) if kind == "application/json" else CELLS.map("account_id,reference\n".__add__))
    def send(body: str) -> None:
        content = body.encode("utf-8", "surrogatepass")
        answer = judge(document, hr.send(content, key=f"key {next(numbers)}", kind=kind))
        seen.add(answer.status_code)
        assert answer.status_code in {200, 201, 400, 422}

    send()
    assert {200} < seen, seen


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_there_is_one_way_to_ask(hr: Caller, method: str) -> None:
    assert getattr(hr.client, method)(ADDRESS, headers=hr.headers("k1")).status_code == 405
