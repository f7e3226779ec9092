"""The form for exactly what is needed, and the whole way from there."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests.tokens.adviser.pages import page_of
from tests.tokens.check_desk import scopes
from tests.tokens.desk import Desk, run_due_jobs, signed_in
from tests.tokens.machines import REASON, asked, machine_form
from tokens.catalogue.adviser.tasks import TASKS
from tokens.models import Credential, Request, Template
from tokens.operations.requests import approve_request

FORM = {"reason": REASON, "where_used": "a script of mine", "lifetime_days": "7"}
TOKEN = "repository_access_token"


@pytest.mark.parametrize(
    ("query", "to"),
    [
        ("", "advise"),
        ("used_by=person", "advise"),
        ("scopes=read:issue:bitbucket", "advise"),
        ("used_by=pipelines&task=push", "answer"),
        ("used_by=person&task=push&kind=oauth_grant", "answer"),
        ("used_by=person&task=push&kind=deploy_key", "answer"),
        ("used_by=machine&task=grant-repository-access&kind=workspace_access_token", "answer"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_cannot_be_asked_for_leads_back_to_the_adviser(
    desk: Desk, emma: User, query: str, to: str, method: str
) -> None:
    client = signed_in(emma)
    answer = getattr(client, method)(f"{reverse('request_exactly')}?{query}", FORM if method == "post" else None)
    assert answer.status_code == 302
    asked_for = query.partition("&kind=")[0]
    assert answer["Location"] == reverse("advise") + (f"?{asked_for}" if to == "answer" else "")
    assert Request.objects.count() == 0


def test_the_page_says_that_an_approver_decides_and_keeps_the_reasons(desk: Desk, emma: User, aria: User) -> None:
    url = f"{reverse('request_exactly')}?used_by=person&task=create-webhook&task=push"
    page = page_of(signed_in(emma).get(url))
    assert "A set of your own" in page
    assert "At most 30 days" in page
    assert 'data-kind="api_token"' in page
    assert "An approver decides." in page
    answer = signed_in(emma).post(url, FORM)
    row = Request.objects.get()
    assert answer["Location"] == row.get_absolute_url()
    assert row.scopes == scopes("read:repository", "read:webhook", "write:repository", "write:webhook")
    assert row.needed["scopes"] == row.scopes
    seen = page_of(signed_in(aria).get(row.get_absolute_url()))
    for task in TASKS:
        assert (f"<li>{task.words}</li>" in seen) is (task.slug in ("create-webhook", "push"))
    assert "Nothing named needs it" not in seen


def test_looking_at_the_page_proposes_nothing(desk: Desk, emma: User) -> None:
    signed_in(emma).get(f"{reverse('request_exactly')}?used_by=person&task=create-webhook&task=push")
    signed_in(emma).post(f"{reverse('request_exactly')}?used_by=person&task=push", {**FORM, "lifetime_days": "400"})
    assert not Template.objects.filter(is_custom=True).exists()


def test_a_machines_own_set_has_a_deputy_a_boundary_and_a_walk(desk: Desk, emma: User, lee: User, aria: User) -> None:
    form = machine_form(lee, lifetime_days="7")
    row = asked(emma, "exactly", form, used_by="machine", task="run-pipeline", kind=TOKEN)
    assert (row.kind, row.boundary, row.deputy) == (TOKEN, "acme/web", lee.person)
    approve_request(row, acting_user=aria)
    run_due_jobs("read_makers")
    page = page_of(signed_in(aria).get(reverse("create", args=[row.code])))
    assert ">pipeline:write</code>" in page.partition("data-machine-walk")[2]


@pytest.mark.parametrize(
    ("task", "short", "waits"),
    [("read-snippets", ["read:snippet"], False), ("create-webhook", ["read:webhook", "write:webhook"], True)],
    ids=["low", "high"],
)
def test_the_whole_way_of_ones_own_set(
    desk: Desk, emma: User, aria: User, task: str, short: list[str], waits: bool
) -> None:
    """A high risk waits for the listing to name the holder, as it does for a template."""
    row = asked(emma, "exactly", FORM, used_by="person", task=task)
    approve_request(row, acting_user=aria)
    row.refresh_from_db()
    page = page_of(signed_in(emma).get(reverse("create", args=[row.code])))
    assert row.scopes == scopes(*short)
    assert all(f'data-scope="{scope}"' in page for scope in row.scopes)
    assert row.credential_name in page
    made = desk.token(row)
    check = desk.check(emma, row, made.secret)
    assert (check.outcome, check.waits_for_listing) == ("exact", waits)
    run_due_jobs("bind_credential")
    credential = Credential.objects.get()
    assert (credential.state, credential.listing_id) == ("active", made.id)
    row.refresh_from_db()
    assert row.state == "issued"
    assert signed_in(emma).get(reverse("credential_use", args=[credential.pk])).status_code == 200


def test_a_token_that_can_do_more_than_ones_own_set_is_refused(desk: Desk, emma: User, aria: User) -> None:
    row = approve_request(asked(emma, "exactly", FORM, used_by="person", task="read-snippets"), acting_user=aria)
    broad = desk.token(row, scopes=scopes("read:snippet", "write:snippet"))
    assert desk.check(emma, row, broad.secret).outcome == "excess"
