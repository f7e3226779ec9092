"""Asking holders: one mail a person, never in observe mode, not twice a day."""

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import Settings

from accounts.models import Person, User
from tests.tokens.desk import tags
from tests.tokens.findings.found import finding_of, found_token, in_days, unknown_token
from tokens.operations.asking_holders import ask_about_unknown, ask_holder, ask_holders
from tokens.operations.change import NotAllowed, Stale


def told(user: User) -> int:
    return user.person.notifications.count()


def test_the_holder_is_told_and_the_finding_remembers(ada: User, emma: User) -> None:
    finding = finding_of(found_token(emma.person, name="old laptop"))
    ask_holder(finding, acting_user=ada)
    finding.refresh_from_db()
    mail = emma.person.notifications.get()
    assert (mail.subject, mail.path) == ("What is “old laptop” for?", "/declare/")
    assert finding.told_at is not None
    assert [(row["what"], row["by"]) for row in finding.history] == [("asked", "Ada")]
    assert tags()[-1] == "finding:asked"


def test_nobody_is_asked_twice_a_day(ada: User, emma: User) -> None:
    finding = finding_of(found_token(emma.person), told_at=in_days(-2))
    ask_holder(finding, acting_user=ada)
    with pytest.raises(Stale, match="within the last day"):
        ask_holder(finding, acting_user=ada)
    assert told(emma) == 1


def test_a_portal_that_only_observes_asks_nobody(ada: User, emma: User, settings: Settings) -> None:
    settings.INVENTORY_MODE = "observe"
    finding = finding_of(found_token(emma.person))
    with pytest.raises(NotAllowed, match="only observes"):
        ask_holder(finding, acting_user=ada)
    with pytest.raises(NotAllowed, match="only observes"):
        ask_holders([finding.pk], acting_user=ada)
    unknown_token(emma.person)
    with pytest.raises(NotAllowed, match="only observes"):
        ask_about_unknown(emma.person, acting_user=ada)
    assert told(emma) == 0


def test_only_admins_ask(emma: User, otto: User) -> None:
    finding = finding_of(found_token(emma.person))
    for user in (emma, otto):
        with pytest.raises(PermissionDenied):
            ask_holder(finding, acting_user=user)


def test_who_is_not_there_is_not_asked(ada: User, emma: User) -> None:
    with pytest.raises(NotAllowed, match="names no holder"):
        ask_holder(finding_of(found_token(None, kind="deploy_key")), acting_user=ada)
    finding = finding_of(found_token(emma.person))
    Person.objects.filter(pk=emma.person.pk).update(account_status="inactive")
    with pytest.raises(NotAllowed, match="account is off"):
        ask_holder(finding, acting_user=ada)
    closed = finding_of(found_token(emma.person), closed_at=in_days(0))
    with pytest.raises(Stale, match="closed"):
        ask_holder(closed, acting_user=ada)


def test_many_findings_are_one_mail_a_person(ada: User, emma: User, lee: User) -> None:
    of_emma = [finding_of(found_token(emma.person, name=f"laptop {number}")) for number in range(12)]
    of_lee = finding_of(found_token(lee.person))
    asked_today = finding_of(found_token(lee.person), told_at=in_days(0))
    rows = [*of_emma, of_lee, asked_today]
    assert ask_holders([row.pk for row in rows], acting_user=ada) == (2, 13)
    assert (told(emma), told(lee)) == (1, 1)
    assert "What are these 12 credentials for?" in emma.person.notifications.get().subject
    assert "and 2 more" in emma.person.notifications.get().body
    assert tags().count("finding:asked") == 13


def test_asking_about_tokens_of_an_unknown_product(ada: User, emma: User) -> None:
    unknown_token(emma.person)
    unknown_token(emma.person, answer="not_mine")
    assert ask_about_unknown(emma.person, acting_user=ada) == 1
    with pytest.raises(Stale, match="within the last day"):
        ask_about_unknown(emma.person, acting_user=ada)


def test_nothing_unknown_is_nothing_to_ask(ada: User, emma: User) -> None:
    with pytest.raises(Stale, match="no such token"):
        ask_about_unknown(emma.person, acting_user=ada)
