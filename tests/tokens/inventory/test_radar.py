"""The radar against the sandbox: what is made outside appears with its holder, and a create page sees its own."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Notification, Person, User
from tests.tokens.desk import Desk, disconnect_organisation, run_due_jobs, signed_in, tags
from tests.tokens.inventory.entries import listing_read
from tokens.capabilities import observe
from tokens.inventory.ticking import inventory_tick
from tokens.models import Capability, Circuit, Credential, Finding, Request
from workqueue.models import Job, JobState

LISTING = "/api-tokens"
ADMIN = "admin:repository:bitbucket"


def make(desk: Desk, key: str = "lee", label: str = "my own", scopes: tuple[str, ...] = (ADMIN,)) -> str:
    """A token made at the sandbox, outside the portal; its id."""
    account = desk.world.account(key)
    assert account is not None
    end = desk.world.now() + timedelta(days=30)
    made, _ = desk.world.create_api_token(account, label=label, scopes=scopes, expires_at=end)
    return str(made.id)


def look() -> Job:
    """Beat ticks, and the radar looks."""
    inventory_tick(timezone.now())
    return run_due_jobs("radar")[-1]


def test_what_is_made_outside_appears_with_its_holder(desk: Desk) -> None:
    made, jira = make(desk), make(desk, label="boards", scopes=("read:jira-work",))
    assert look().state == JobState.DONE
    row = Credential.objects.get(listing_id=made)
    assert (row.standing, row.source, row.seen_by) == ("undeclared", "radar", "radar")
    lee = desk.world.account("lee")
    assert lee is not None
    assert (row.known_holder.account_id, row.known_holder.email) == (lee.account_id, lee.email)
    finding = Finding.objects.get(credential=row)
    assert (finding.kind, finding.person, finding.action) == ("undeclared", row.holder, "ask_holder")
    assert Credential.objects.get(listing_id=jira).standing == "other_product"
    assert not Finding.objects.filter(credential__listing_id=jira).exists()


def test_it_costs_one_request_and_once_in_five_minutes(desk: Desk) -> None:
    now = timezone.now().replace(minute=0, second=1)
    for seconds in (0, 60, 240):
        inventory_tick(now + timedelta(seconds=seconds))
    desk.world.counters.clear()
    run_due_jobs("radar")
    assert desk.sent(LISTING) == 1
    inventory_tick(now + timedelta(seconds=300))
    assert Job.objects.filter(kind="radar").count() == 2


def test_without_an_organisation_nobody_looks(desk: Desk) -> None:
    disconnect_organisation()
    inventory_tick(timezone.now())
    assert not Job.objects.filter(kind="radar").exists()


def test_a_failed_look_is_left_to_the_next_one(desk: Desk) -> None:
    desk.fault("status", f"*{LISTING}", status=503)
    job = look()
    assert job.state == JobState.FAILED
    assert not Credential.objects.exists()


def test_where_the_key_was_refused_nothing_is_sent(desk: Desk, settings: Settings) -> None:
    Circuit.objects.create(principal=settings.ATLASSIAN_ORG_ID, reason="401", opened_at=timezone.now())
    desk.world.counters.clear()
    assert look().state == JobState.FAILED
    assert desk.sent(LISTING) == 0


def test_a_flood_is_followed_for_five_pages_until_something_is_known(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bitbucket.admin.tokens.TokenCalls.newest_organisation_tokens.__kwdefaults__", {"page_size": 2})
    monkeypatch.setattr(
        "bitbucket.admin.tokens.TokenCalls.organisation_token_pages.__kwdefaults__",
        {"q": "", "sort": "", "page_size": 2},
    )
    ids = [make(desk, label=f"number {number}") for number in range(14)]
    look()
    assert Credential.objects.filter(listing_id__in=ids).count() == 10
    assert Credential.objects.filter(listing_id__in=ids[4:]).count() == 10
    newest = make(desk)
    Job.objects.filter(kind="radar").delete()
    desk.world.counters.clear()
    look()
    assert Credential.objects.filter(listing_id=newest).exists()
    assert desk.sent(LISTING) == 1


@pytest.mark.parametrize(("mode", "mails"), [("observe", 0), ("advise", 1), ("enforce", 1)])
def test_its_holder_gets_one_friendly_mail_where_the_mode_allows_it(
    desk: Desk, settings: Settings, mode: str, mails: int
) -> None:
    settings.INVENTORY_MODE = mode
    listing_read(at=timezone.now() - timedelta(hours=1))
    make(desk, label="my own")
    run_radar_twice()
    mail = Notification.objects.filter(subject__contains="outside the portal")
    assert mail.count() == mails
    assert Notification.objects.exclude(pk__in=mail).count() == 0
    if mails:
        lee = desk.world.account("lee")
        assert lee is not None
        assert (mail.get().person.account_id, mail.get().path) == (lee.account_id, reverse("declare"))
        assert "“my own”" in mail.get().subject
        assert Finding.objects.get(credential__name="my own").told_at is not None
        assert "finding:asked" in tags()


def run_radar_twice() -> None:
    """Two looks in a row, and the tick after them."""
    for _ in range(2):
        Job.objects.filter(kind="radar").delete()
        look()
    # What stood there before the first look is the baseline's, which has a mail of its own.
    Notification.objects.filter(subject__startswith="Say what").delete()


# The create page.


def page(user: User, request: Request, *, hx: bool = False) -> Any:
    """The create page as a browser gets it, or only its live part."""
    return signed_in(user).get(reverse("create", args=[request.code]), headers={"HX-Request": "true"} if hx else {})


def test_an_open_page_makes_the_radar_look_every_twenty_seconds(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    for _ in range(3):
        answer = page(emma, request)
    assert "Not in the organisation&#x27;s list yet" in answer.content.decode()
    assert 'hx-trigger="every 5s, wake"' in answer.content.decode()
    assert Job.objects.filter(kind="radar").count() in {1, 2}
    request.refresh_from_db()
    assert request.create_page_seen_at is not None


def test_the_page_sees_the_token_by_itself(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    page(emma, request)
    made = desk.token(request)
    run_due_jobs("radar")
    for hx in (False, True):
        words = page(emma, request, hx=hx).content.decode()
        assert f"We see {request.code}, expires {request.approved_until:%d %B %Y}" in words
        assert "Now paste it once" in words
        assert ("<html" in words) is not hx
    assert not Credential.objects.filter(listing_id=made.id).exists()
    desk.world.delete_api_token(made.id, actor="sandbox")
    Job.objects.filter(kind="radar").delete()
    look()
    assert "Not in the organisation" in page(emma, request).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scopes": [ADMIN]}, "It can do more than approved"),
        ({"expires_at": timezone.now() + timedelta(days=300)}, "longer than approved"),
    ],
)
def test_the_page_says_what_is_wrong_before_anything_is_pasted(
    desk: Desk, emma: User, change: dict[str, Any], words: str
) -> None:
    request = desk.approved(emma)
    desk.token(request, **change)
    look()
    assert words in page(emma, request).content.decode()


def test_two_with_one_code_are_said_and_never_guessed(desk: Desk, emma: User) -> None:
    observe(Capability.Name.LISTING_SCOPES, Capability.Level.AUTOMATIC, "seen to work")
    request = desk.approved(emma)
    desk.token(request)
    desk.token(request)
    look()
    run_due_jobs("register_listed")
    assert f"2 tokens carry {request.code}" in page(emma, request).content.decode()
    assert not Credential.objects.filter(request=request).exists()


def test_the_page_moves_on_when_the_listing_registered_it(desk: Desk, emma: User) -> None:
    observe(Capability.Name.LISTING_SCOPES, Capability.Level.AUTOMATIC, "seen to work")
    request = desk.approved(emma)
    desk.token(request)
    look()
    assert "It is being registered" in page(emma, request).content.decode()
    run_due_jobs("register_listed")
    row = Credential.objects.get(request=request)
    assert page(emma, request, hx=True)["HX-Redirect"] == reverse("credential_use", args=[row.pk])
    assert page(emma, request)["Location"] == request.get_absolute_url()


def test_what_the_listing_refused_is_said_with_the_way_to_delete_it(desk: Desk, emma: User) -> None:
    observe(Capability.Name.LISTING_SCOPES, Capability.Level.AUTOMATIC, "seen to work")
    request = desk.approved(emma)
    desk.token(request, scopes=[*request.scopes, ADMIN])
    look()
    run_due_jobs("register_listed")
    row = Credential.objects.get(request=request)
    words = page(emma, request).content.decode()
    assert (row.state, row.get_absolute_url() in words) == ("refused", True)
    assert f"Refused: {request.code}" in words


def test_where_the_listing_does_not_tell_scopes_the_paste_stays_the_proof(desk: Desk, emma: User) -> None:
    desk.world.switches.listing_carries_scopes = False
    try:
        make(desk)
        request = desk.approved(emma)
        desk.token(request)
        look()
        assert set(Credential.objects.values_list("standing", flat=True)) <= {"unknown_product", "own"}
        assert not Finding.objects.exists()
        assert "does not tell what it can do" in page(emma, request).content.decode()
    finally:
        desk.world.switches.listing_carries_scopes = True


def test_somebody_who_never_signed_in_becomes_a_person(desk: Desk) -> None:
    make(desk, "lee")
    assert not Person.objects.exists()
    look()
    assert Person.objects.filter(display_name__startswith="Lee", last_signed_in_at=None).exists()
