"""Many at once: what would happen comes first, nothing happens before it is confirmed, nothing happens twice."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Notification, Person, User
from tests.tokens.desk import signed_in, tags
from tests.tokens.inventory_list.rows import DAY, found, open_finding
from tokens.inventory import bulk
from tokens.models import Credential, Revocation
from tokens.states import CredentialState

pytestmark = pytest.mark.django_db


def post(browser: Client, **form: Any) -> Any:
    return browser.post(reverse("credentials_bulk"), form)


def confirmed(browser: Client, html: str, **more: str) -> Any:
    """Send the form of a preview."""
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html.split('class="form"', 1)[1])
    form: dict[str, Any] = {name: value for name, value in fields if name != "pick"}
    return post(browser, **form, pick=[value for name, value in fields if name == "pick"], **more)


def groups(answer: Any) -> dict[str, list[str]]:
    return {each["verdict"]: [row.credential.name for row in each["rows"]] for each in answer.context["groups"]}


def every_sort(emma: Person) -> dict[str, Credential]:
    return {
        "bound": found(holder=emma),
        "unknown": found(holder=emma, standing="unknown_product"),
        "unbound": found(holder=emma, binding="unbound"),
        "key": found(kind="deploy_key"),
        "other": found(holder=emma, standing="other_product"),
        "own": found(holder=emma, standing="own"),
        "revoking": found(holder=emma, state="revoking"),
        "gone": found(holder=emma, state="gone", ended_at=timezone.now()),
    }


def test_the_preview_tells_of_each_and_does_nothing(ada: User, emma: Person) -> None:
    rows = every_sort(emma)
    before = list(Credential.objects.order_by("pk").values())
    answer = post(signed_in(ada), action="revoke", pick=[row.pk for row in rows.values()])
    assert groups(answer) == {
        "will": [rows["bound"].name, rows["unknown"].name],
        "person": [rows["unbound"].name, rows["key"].name],
        "not": [rows[name].name for name in ("other", "own", "revoking", "gone")],
    }
    html = answer.content.decode()
    assert html.count("It may break Jira or Confluence.") == 1
    assert list(Credential.objects.order_by("pk").values()) == before
    assert (Revocation.objects.count(), tags()) == (0, [])


def test_revoking_many(ada: User, emma: Person) -> None:
    rows = every_sort(emma)
    browser = signed_in(ada)
    preview = post(browser, action="revoke", pick=[row.pk for row in rows.values()]).content.decode()
    answer = confirmed(browser, preview, reason="The laptop was stolen")
    result = browser.get(answer["Location"])
    assert dict(result.context["counts"]) == {
        "Being deleted and proven": 3,
        "Waiting for a person": 1,
        "Refused": 0,
        "Not reached in time": 0,
    }
    states = {name: Credential.objects.get(pk=row.pk).state for name, row in rows.items()}
    assert states == {
        "bound": "revoking", "unknown": "revoking", "unbound": "needs_human", "key": "revoking",
        "other": "active", "own": "active", "revoking": "revoking", "gone": "gone",
    }  # fmt: skip
    assert set(Revocation.objects.values_list("reason", flat=True)) == {"The laptop was stolen"}


def test_a_second_click_does_nothing_more(ada: User, emma: Person) -> None:
    credential = found(holder=emma)
    browser = signed_in(ada)
    preview = post(browser, action="revoke", pick=[credential.pk]).content.decode()
    first = confirmed(browser, preview, reason="Not needed")
    happened = tags()
    second = confirmed(browser, preview, reason="Not needed")
    assert first["Location"] == second["Location"]
    assert (Revocation.objects.count(), tags()) == (1, happened)
    # Both clicks at the same time, each in a session that does not know of the other.
    other = confirmed(signed_in(ada), preview, reason="Not needed")
    assert other.status_code == 302
    assert (Revocation.objects.count(), tags()) == (1, happened)


def test_it_needs_a_reason(ada: User, emma: Person) -> None:
    browser = signed_in(ada)
    preview = post(browser, action="revoke", pick=[found(holder=emma).pk]).content.decode()
    answer = confirmed(browser, preview, reason=" ")
    assert (answer.status_code, Revocation.objects.count()) == (422, 0)
    assert groups(answer)["will"]


def test_what_changed_meanwhile_is_refused_and_the_rest_goes_on(ada: User, emma: Person) -> None:
    changed, stays = found(holder=emma), found(holder=emma)
    browser = signed_in(ada)
    preview = post(browser, action="revoke", pick=[changed.pk, stays.pk]).content.decode()
    Credential.objects.filter(pk=changed.pk).update(standing="other_product")
    result = browser.get(confirmed(browser, preview, reason="Not needed")["Location"])
    assert dict(result.context["counts"])["Refused"] == 1
    assert changed.name in result.content.decode()
    assert Credential.objects.get(pk=stays.pk).state == CredentialState.REVOKING


def test_what_is_not_reached_in_time_is_left(ada: User, emma: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokens.views.inventory_bulk.WITHIN_SECONDS", -1.0)
    credential = found(holder=emma)
    browser = signed_in(ada)
    answer = post(browser, action="revoke", confirm="yes", key="k", reason="Not needed", pick=[credential.pk])
    result = browser.get(answer["Location"])
    assert result.context["left"] == [credential]
    assert Revocation.objects.count() == 0


def test_all_that_match_is_bounded_and_follows_the_filter(
    ada: User, emma: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_AT_ONCE", 2)
    now = timezone.now()
    keys = [found(kind="deploy_key", expires_at=now + each * DAY) for each in (3, 1, 2)]
    found(holder=emma)
    answer = post(signed_in(ada), action="revoke", all="yes", filter="kind=deploy_key&sort=ends")
    assert groups(answer) == {"person": [keys[1].name, keys[2].name]}
    assert "More match" in answer.content.decode()


def test_nothing_chosen_is_said(ada: User) -> None:
    answer = post(signed_in(ada), action="revoke", pick=["x"], filter="kind=deploy_key")
    assert answer["Location"] == "/credentials/?kind=deploy_key"


def test_asking_the_holders(ada: User, emma: Person) -> None:
    one, two, quiet, nobodys = found(holder=emma), found(holder=emma), found(holder=emma), found()
    for row in (one, two, nobodys):
        open_finding(row)
    browser = signed_in(ada)
    preview = post(browser, action="ask", pick=[row.pk for row in (one, two, quiet, nobodys)])
    assert groups(preview) == {"will": [one.name, two.name], "not": [quiet.name, nobodys.name]}
    assert Notification.objects.count() == 0
    answer = confirmed(browser, preview.content.decode())
    expected = {"People asked": 1, "Findings they were asked about": 2}
    assert dict(browser.get(answer["Location"]).context["counts"]) == expected
    assert Notification.objects.filter(person=emma).count() == 1
    again = confirmed(browser, preview.content.decode())
    assert dict(browser.get(again["Location"]).context["counts"]) == expected
    assert Notification.objects.count() == 1


def test_nobody_is_asked_while_the_portal_only_observes(ada: User, emma: Person, settings: Settings) -> None:
    settings.INVENTORY_MODE = "observe"
    credential = found(holder=emma)
    open_finding(credential)
    browser = signed_in(ada)
    assert "only observes" in post(browser, action="ask", pick=[credential.pk]).content.decode()
    post(browser, action="ask", confirm="yes", key="k", pick=[credential.pk])
    assert Notification.objects.count() == 0


def test_the_auditor_is_refused_in_the_trail(otto: User, emma: Person) -> None:
    answer = post(signed_in(otto), action="revoke", confirm="yes", reason="x", pick=[found(holder=emma).pk])
    assert (answer.status_code, tags()) == (403, ["access:refused"])
