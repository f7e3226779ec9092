"""Accepting a finding until a date: a reason, at most a year, and four eyes where the risk is high."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from tests.tokens.desk import tags
from tests.tokens.findings.found import accepted, day, finding_of, found_token, in_days
from tokens.models import Finding, FindingAcceptance
from tokens.operations.acceptances import (
    accept_finding,
    confirm_acceptance,
    decline_acceptance,
    end_acceptance,
    end_passed_acceptances,
)
from tokens.operations.change import NotAllowed, Stale


def accept(finding: Finding, user: User, *, until: date | None = None, because: str = "Goes in May") -> None:
    accept_finding(finding, until=until or day(30), because=because, acting_user=user)
    finding.refresh_from_db()


def test_a_small_risk_is_accepted_at_once(ada: User, emma: User) -> None:
    finding = finding_of(found_token(emma.person))
    accept(finding, ada)
    assert finding.accepted_until == day(30)
    assert [(row["what"], row["by"]) for row in finding.history] == [("accepted", "Ada")]
    assert tags()[-1] == "finding:accepted"


@pytest.mark.parametrize("risk", ["high", "critical"])
def test_a_high_risk_waits_for_a_second_person(ada: User, adam: User, emma: User, risk: str) -> None:
    finding = finding_of(found_token(emma.person), risk=risk)
    accept(finding, ada)
    assert (finding.accepted_until, tags()[-1]) == (None, "finding:acceptance_asked")
    assert (adam.person.notifications.count(), ada.person.notifications.count()) == (1, 0)
    confirm_acceptance(finding, acting_user=adam)
    finding.refresh_from_db()
    row = finding.acceptances.get()
    assert (finding.accepted_until, row.asked_by, row.confirmed_by) == (day(30), ada.person, adam.person)
    assert tags()[-1] == "finding:accepted"


def test_the_second_word_is_never_the_first_ones_nor_the_holders(ada: User, adam: User) -> None:
    finding = finding_of(found_token(adam.person), risk="high")
    accept(finding, ada)
    with pytest.raises(NotAllowed, match="You proposed it"):
        confirm_acceptance(finding, acting_user=ada)
    with pytest.raises(NotAllowed, match="your own credential"):
        confirm_acceptance(finding, acting_user=adam)
    with pytest.raises(NotAllowed, match="your own credential"):
        decline_acceptance(finding, because="No", acting_user=adam)
    finding.refresh_from_db()
    assert finding.accepted_until is None
    assert adam.person.notifications.count() == 0


def test_nobody_accepts_a_finding_about_their_own(ada: User) -> None:
    with pytest.raises(NotAllowed, match="your own credential"):
        accept(finding_of(found_token(ada.person)), ada)


@pytest.mark.parametrize("days", [0, -1, 366])
def test_never_for_ever_and_never_backwards(ada: User, emma: User, days: int) -> None:
    with pytest.raises(NotAllowed, match="at most a year"):
        accept(finding_of(found_token(emma.person)), ada, until=day(days))


def test_a_reason_is_needed(ada: User, emma: User) -> None:
    with pytest.raises(NotAllowed, match="Say why"):
        accept(finding_of(found_token(emma.person)), ada, because="  ")


def test_declining_says_why_and_leaves_it_open(ada: User, adam: User, emma: User) -> None:
    finding = finding_of(found_token(emma.person), risk="high")
    accept(finding, ada)
    with pytest.raises(NotAllowed, match="Say why not"):
        decline_acceptance(finding, because=" ", acting_user=adam)
    decline_acceptance(finding, because="Too long", acting_user=adam)
    finding.refresh_from_db()
    assert finding.accepted_until is None
    assert "Too long" in ada.person.notifications.get().body
    assert finding.history[-1]["what"] == "declined"
    with pytest.raises(Stale, match="Nothing waits"):
        confirm_acceptance(finding, acting_user=adam)
    accept(finding, adam)


def test_ending_it_early_opens_it_again(ada: User, adam: User, emma: User) -> None:
    finding = finding_of(found_token(emma.person))
    accept(finding, ada)
    with pytest.raises(Stale, match="already"):
        accept(finding, adam)
    end_acceptance(finding, because="Changed our mind", acting_user=adam)
    finding.refresh_from_db()
    assert (finding.accepted_until, tags()[-1]) == (None, "finding:acceptance_ended")
    with pytest.raises(Stale, match="Nothing is accepted"):
        end_acceptance(finding, because="Again", acting_user=adam)


def test_the_day_after_it_is_open_again(ada: User, emma: User) -> None:
    over, running = finding_of(found_token(emma.person)), finding_of(found_token(emma.person))
    accepted(over, ada.person, until=day(-1))
    accepted(running, ada.person, until=day(0))
    assert (end_passed_acceptances(), end_passed_acceptances()) == (1, 0)
    over.refresh_from_db()
    running.refresh_from_db()
    assert (over.accepted_until, running.accepted_until) == (None, day(0))
    assert over.history[-1]["words"] == "its date has passed"


def test_what_has_passed_is_no_obstacle(ada: User, emma: User) -> None:
    finding = finding_of(found_token(emma.person))
    accepted(finding, ada.person, until=day(-1))
    accept(finding, ada)
    assert (finding.accepted_until, FindingAcceptance.objects.filter(ended_at=None).count()) == (day(30), 1)


def test_a_proposal_whose_day_has_passed_cannot_be_confirmed(ada: User, adam: User, emma: User) -> None:
    finding = finding_of(found_token(emma.person), risk="high")
    accepted(finding, ada.person, until=day(-1), needs_second=True)
    with pytest.raises(Stale, match="has passed"):
        confirm_acceptance(finding, acting_user=adam)


def test_closed_is_closed_and_only_admins_accept(ada: User, emma: User, otto: User) -> None:
    with pytest.raises(PermissionDenied):
        accept(finding_of(found_token(emma.person)), otto)
    with pytest.raises(Stale, match="closed"):
        accept(finding_of(found_token(emma.person), closed_at=in_days(0)), ada)
