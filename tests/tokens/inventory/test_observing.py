"""A page of the listing becomes rows: people, products, what moved, what ended, what is back."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Notification, Person, User
from audit.models import Event
from bitbucket.resources import OrganisationToken
from tests.tokens.desk import Desk, Made, tags
from tests.tokens.inventory.entries import JIRA, READ, coded, entry, observe, open_kinds, row_of
from tokens.models import Answer, Credential, Finding, Source
from tokens.operations.observing import end_missing_tokens, observe_tokens
from tokens.operations.revocations import start_revocation

pytestmark = pytest.mark.django_db


def test_what_nobody_asked_for_is_found_with_its_holder() -> None:
    one, other, unscoped, untold = entry(), entry(scopes=JIRA), entry(scopes=()), entry(scopes=None)
    assert observe(one, other, unscoped, untold).found == 4
    standings = [row_of(each).standing for each in (one, other, unscoped, untold)]
    assert standings == ["undeclared", "other_product", "other_product", "unknown_product"]
    row = row_of(one)
    assert row.holder == Person.objects.get(account_id="acc-eve", email="acc-eve@example.test")
    assert (row.request, row.binding, row.holder_proof, row.source) == (None, "bound", "listing", "sync")
    assert (row.created_at, row.expires_at, row.listed_scopes) == (one.created_at, one.expires_at, list(READ))
    event = Event.objects.get(tag="credential:found")
    assert (event.details["count"], len(event.details["ids"]), event.details["undeclared"]) == (4, 4, 1)


def test_the_same_page_again_changes_only_when_it_was_seen() -> None:
    page, now = [entry() for _ in range(3)], timezone.now()
    observe(*page, at=now)
    before = list(Credential.objects.order_by("pk").values())
    again = observe(*page, at=now + timedelta(hours=1))
    assert (again.found, again.refreshed, tags().count("credential:found")) == (0, 3, 1)
    later = list(Credential.objects.order_by("pk").values())
    assert [row | {"seen_at": None} for row in before] == [row | {"seen_at": None} for row in later]
    assert {row["seen_at"] for row in later} == {now + timedelta(hours=1)}
    observe(*page, at=now)
    assert set(Credential.objects.values_list("seen_at", flat=True)) == {now + timedelta(hours=1)}


def test_a_second_read_takes_over_what_moved() -> None:
    one = entry(scopes=None)
    observe(one)
    used = timezone.now()
    observe(replace(one, last_active_at=used, label="server", scopes=READ, user_name="Eve Smith"))
    row = row_of(one)
    assert (row.last_used_at, row.name, row.scopes, row.standing) == (used, "server", list(READ), "undeclared")
    assert str(row.holder) == "Eve Smith"
    assert "server server eve smith" in row.search_text
    observe(replace(one, last_active_at=None, expires_at=None, scopes=None))
    row.refresh_from_db()
    assert (row.last_used_at, row.expires_at, row.standing) == (used, one.expires_at, "undeclared")


def test_not_for_bitbucket_settles_an_unknown_one() -> None:
    one = entry(scopes=None)
    observe(one)
    Credential.objects.update(answer=Answer.NOT_BITBUCKET)
    observe(one)
    assert row_of(one).standing == "other_product"


def test_the_bots_own_tokens_are_own(settings: Settings) -> None:
    settings.AUDIT_BOT_EMAIL = "bot@example.test"
    one = entry(user_email="Bot@example.test")
    observe(one)
    assert row_of(one).standing == "own"


def test_what_somebody_signed_in_with_is_not_overwritten() -> None:
    person = Person.objects.create(
        account_id="acc-eve",
        display_name="Eve",
        email="eve@confirmed.test",
        confirmed_emails=["eve@confirmed.test"],
        last_signed_in_at=timezone.now(),
    )
    observe(entry(person))
    person.refresh_from_db()
    assert (person.display_name, person.email) == ("Eve", "eve@confirmed.test")


def test_a_secret_as_a_label_is_kept_nowhere() -> None:
    secret = "ATATT3xFfGF0" + "a1B2c3D4" * 20
    one = entry(label=f"{secret} laptop", user_name=secret)
    observe(one)
    row = row_of(one)
    everything = f"{row.name} {row.listing_label} {row.search_text} {row.holder} {list(Event.objects.values())}"
    assert secret[:20].lower() not in everything.lower()


def test_one_that_is_over_is_expired_and_never_gone() -> None:
    now = timezone.now()
    over, ending = entry(expires_at=now - timedelta(days=1)), entry(expires_at=now + timedelta(hours=1))
    observe(over, ending, at=now)
    assert row_of(over).state == "expired"
    Credential.objects.filter(listing_id=ending.id).update(expires_at=now - timedelta(minutes=1))
    assert end_missing_tokens(read_began_at=now + timedelta(hours=2), confirmed=frozenset, read_by="listing") == 1
    assert row_of(ending).state == "expired"
    assert not {"credential:gone", "finding:opened"} & set(tags())


def test_what_two_complete_listings_lack_is_gone() -> None:
    now = timezone.now()
    kept, late, gone = entry(), entry(), entry()
    observe(kept, late, gone, at=now)
    began = now + timedelta(hours=1)
    observe(kept, at=began)
    asked: list[int] = []

    def second() -> frozenset[str]:
        asked.append(1)
        return frozenset({kept.id, late.id})

    assert end_missing_tokens(read_began_at=began, confirmed=second, read_by="organisation listing") == 1
    assert [row_of(one).state for one in (kept, late, gone)] == ["active", "active", "gone"]
    assert (len(asked), tags().count("credential:gone")) == (1, 1)
    assert end_missing_tokens(read_began_at=began, confirmed=second, read_by="organisation listing") == 0
    assert len(asked) == 1


def test_a_second_listing_that_fails_ends_nothing() -> None:
    one, now = entry(), timezone.now()
    observe(one, at=now)

    def broken() -> frozenset[str]:
        raise OSError("the listing broke off")

    with pytest.raises(OSError, match="broke off"):
        end_missing_tokens(read_began_at=now + timedelta(hours=1), confirmed=broken, read_by="organisation listing")
    assert row_of(one).state == "active"


def test_what_was_found_while_the_listing_was_read_is_not_missing() -> None:
    began = timezone.now()
    one = entry()
    observe(one, at=began + timedelta(minutes=1), source=Source.RADAR)
    assert end_missing_tokens(read_began_at=began, confirmed=frozenset, read_by="organisation listing") == 0
    assert row_of(one).state == "active"


def test_an_account_that_is_off_may_hide_its_tokens() -> None:
    one, now = entry(), timezone.now()
    observe(one, at=now)
    Person.objects.update(account_status="inactive")
    began = now + timedelta(hours=1)
    assert end_missing_tokens(read_began_at=began, confirmed=frozenset, read_by="organisation listing") == 0
    assert row_of(one).state == "disabled"
    observe(one)
    assert row_of(one).state == "disabled"
    Person.objects.update(account_status="active")
    assert observe(one).returned == 1
    assert row_of(one).state == "active"


def _missing(row: Credential) -> None:
    began = timezone.now() + timedelta(hours=1)
    assert end_missing_tokens(read_began_at=began, confirmed=frozenset, read_by="organisation listing") == 1
    row.refresh_from_db()
    assert row.state == "gone"


def test_an_approved_one_that_is_gone_and_comes_back(held: tuple[Credential, Made]) -> None:
    row, made = held
    _missing(row)
    assert open_kinds(row) == {"gone"}
    back = coded(row.approved_request, id=made.id)
    assert observe(back).returned == 1
    row.refresh_from_db()
    assert (row.state, row.ended_at, open_kinds(row)) == ("active", None, set())
    assert tags()[-2:] == ["finding:closed", "credential:returned"]


def test_a_revoked_one_that_comes_back_needs_a_person(held: tuple[Credential, Made], ada: User) -> None:
    row, made = held
    start_revocation(row, reason="Not needed", acting_user=ada)
    Credential.objects.filter(pk=row.pk).update(state="revoked", ended_at=timezone.now())
    observe(coded(row.approved_request, id=made.id))
    row.refresh_from_db()
    assert (row.state, row.ended_at) == ("needs_human", None)
    assert Notification.objects.filter(person=ada.person, subject__startswith="Alive again").count() == 1
    assert "credential:returned" in tags()


def test_one_that_was_meant_to_end_and_was_gone_needs_a_person(held: tuple[Credential, Made], ada: User) -> None:
    row, made = held
    start_revocation(row, reason="Not needed", acting_user=ada)
    Credential.objects.filter(pk=row.pk).update(state="gone", ended_at=timezone.now())
    observe(coded(row.approved_request, id=made.id))
    row.refresh_from_db()
    assert row.state == "needs_human"


def test_a_large_page_costs_a_few_statements(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    page = [entry(f"acc-{number % 20}") for number in range(300)]
    with django_assert_max_num_queries(20):
        observe(*page)
    moved = [replace(one, last_active_at=timezone.now()) for one in page]
    with django_assert_max_num_queries(20):
        observe(*moved)
    assert Credential.objects.filter(last_used_at__isnull=False).count() == 300


def _read_at_the_barrier(
    start: threading.Barrier, entries: Sequence[OrganisationToken], source: Source, problems: list[Exception]
) -> None:
    try:
        start.wait()
        observe_tokens(entries, read_by=source, source=source, at=timezone.now())
    except Exception as problem:  # noqa: BLE001 - whatever it is, the test has to see it
        problems.append(problem)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_radar_and_sync_at_once_make_one_row_and_one_event_each() -> None:
    problems: list[Exception] = []
    for round_number in range(1, 6):
        page = [entry(f"acc-{number % 3}") for number in range(100)]
        start = threading.Barrier(2)
        both = ((page, Source.SYNC), (page[::-1], Source.RADAR))
        threads = [threading.Thread(target=_read_at_the_barrier, args=(start, *one, problems)) for one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not problems
        assert (Credential.objects.count(), tags().count("credential:found")) == (100 * round_number, round_number)


def _insert_finding(credential: Credential, problems: list[Exception]) -> None:
    """As an evaluation does, which holds the trail by the time that its rows are checked."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        now = timezone.now()
        Finding.objects.create(kind="idle", credential=credential, title="x", read_by="x", opened_at=now)
    except Exception as problem:  # noqa: BLE001 - whatever it is, the test has to see it
        problems.append(problem)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_whoever_writes_about_a_credential_does_not_wait_for_its_reader() -> None:
    """Who reads a page locks its rows and then wants the trail; waiting for each other they would never end."""
    one, problems = entry(), list[Exception]()
    observe(one)
    with transaction.atomic():
        observe(one)
        other = threading.Thread(target=_insert_finding, args=(row_of(one), problems))
        other.start()
        other.join()
    assert not problems


def test_what_bitbucket_calls_somebody_stays_beside_another_name_in_the_organisation() -> None:
    person = Person.objects.create(account_id="acc-eve", uuid="{eve}", display_name="Eve at Bitbucket")
    observe(entry(person))
    person.refresh_from_db()
    assert person.display_name == "Eve at Bitbucket"


# What a request waits for.


def test_a_coded_one_is_no_stranger_while_its_request_waits(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    one = coded(request)
    seen = observe(one)
    assert (seen.found, seen.bound, Credential.objects.count()) == (0, 1, 0)
    request.refresh_from_db()
    assert (request.seen_entry["id"], request.seen_entry["count"]) == (one.id, 1)


def test_an_old_one_with_the_code_is_a_stranger(desk: Desk, emma: User) -> None:
    old = coded(desk.approved(emma), days=2)
    assert observe(old).found == 1
    assert row_of(old).standing == "undeclared"


def test_somebody_elses_with_the_code_is_a_stranger(desk: Desk, emma: User, lee: User) -> None:
    request = desk.approved(emma)
    assert observe(coded(request, owner=lee.person)).found == 1
    request.refresh_from_db()
    assert request.seen_entry == {}


def test_a_second_one_after_the_first_is_bound_is_a_stranger(held: tuple[Credential, Made]) -> None:
    decoy = coded(held[0].approved_request)
    assert observe(decoy).found == 1
    assert row_of(decoy).standing == "undeclared"


def test_one_that_waits_for_nothing_any_more_is_found_in_the_end(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    one = coded(request)
    observe(one)
    request.state = "lapsed"
    request.save()
    assert observe(one).found == 1
    assert not Finding.objects.exists()
