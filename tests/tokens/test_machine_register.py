"""What machines work with: the register, and the note about one that runs as a person."""

from django.urls import reverse

from accounts.models import User
from tests.tokens.adviser.pages import SECRET, page_of
from tests.tokens.desk import Desk, run_due_jobs, signed_in, tags
from tests.tokens.machines import asked, machine_form
from tokens.models import Credential


def runs_as_emma(desk: Desk, emma: User, lee: User) -> Credential:
    """A registered API token of Emma's that a machine works with."""
    form = machine_form(lee, boundary="", deputy=lee.person.email)
    request = asked(emma, "clone-and-pull", form, used_by="machine", kind="api_token")
    assert request.state == "approved", "a rule approves what only reads"
    made = desk.token(request)
    check = desk.check(emma, request, made.secret)
    run_due_jobs("bind_credential")
    assert check.registered_as is not None
    return Credential.objects.get(pk=check.registered_as.pk)


def test_the_register_tells_who_answers_and_where_it_should_go(
    desk: Desk, emma: User, lee: User, aria: User, otto: User
) -> None:
    credential = runs_as_emma(desk, emma, lee)
    desk.registered(emma, "review-pull-requests")
    page = page_of(signed_in(otto).get(reverse("machines")))
    assert "Nightly build" in page
    assert "deputy: Lee" in page
    assert "All that its holder reaches" in page
    assert "to a repository access token" in page
    assert page.count("<tr>") == 2, "the head, and the one machine: what a person uses is none"
    assert credential.get_absolute_url() in page


def test_holder_and_deputy_keep_the_note(desk: Desk, emma: User, lee: User, aria: User, otto: User) -> None:
    credential = runs_as_emma(desk, emma, lee)
    url = reverse("credential_note", args=[credential.pk])
    page = page_of(signed_in(emma).get(credential.get_absolute_url()))
    assert "A machine runs as a person" in page
    assert "would do" in page
    assert signed_in(lee).post(url, {"words": "With the new runner"}).status_code == 302
    credential.refresh_from_db()
    assert credential.migration_note == "With the new runner"
    assert tags()[-1] == "credential:migration_noted"
    assert "With the new runner" in page_of(signed_in(otto).get(reverse("machines")))


def test_others_cannot_and_no_secret_is_kept(desk: Desk, emma: User, lee: User, aria: User, otto: User) -> None:
    credential = runs_as_emma(desk, emma, lee)
    url = reverse("credential_note", args=[credential.pk])
    assert signed_in(aria).post(url, {"words": "x"}).status_code == 404
    signed_in(otto).post(url, {"words": "x"})
    answer = signed_in(emma).post(url, {"words": f"use {SECRET}"})
    assert answer.status_code == 422
    credential.refresh_from_db()
    assert credential.migration_note == ""


def test_nothing_is_said_where_nothing_is(desk: Desk, ada: User) -> None:
    assert "No machine works with anything yet" in page_of(signed_in(ada).get(reverse("machines")))
