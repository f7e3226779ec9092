"""The report as PDF: what it says, in which letters, and that it always comes out the same."""

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from pytest_django import Settings

from accounts.models import User
from offboarding.models import Evidence, Plan
from offboarding.operations.attesting import confirm_step, force_close
from offboarding.report import step_parts
from offboarding.report.letters import spelled
from offboarding.report_pdf import report_pdf
from offboarding.states import StepKind
from tests.offboarding.leaving import CLEAN_UP, Leaving
from tests.offboarding.many import add_removed_grants
from tests.tokens.desk import signed_in

AT = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
LATIN = frozenset(range(32, 0x180))


@pytest.fixture(autouse=True)
def addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.offboarding.addresses"


def words_of(pdf: bytes) -> str:
    """Its text, in one line."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def a_plan(leaving: Leaving, second_admin: User) -> Plan:
    """Cut and cleaned up, its seat closed by force."""
    person = leaving.leaver.person
    person.display_name = "Łukasz 王芳 Żółć"
    person.save()
    plan = leaving.cut()
    leaving.run(*CLEAN_UP)
    seat = leaving.step(plan, StepKind.MEMBERSHIP)
    asked = force_close(seat, because="The workspace is being deleted", acting_user=leaving.admin)
    confirm_step(asked, acting_user=second_admin)
    return Plan.objects.select_related("person").get(pk=plan.pk)


def test_it_says_what_holds_and_who_said_what(leaving: Leaving, second_admin: User) -> None:
    secret = "ATATT3xFfGF0aVerySecretText99"
    leaving.token("laptop")
    plan = a_plan(leaving, second_admin)
    pdf = report_pdf(plan, at=AT)
    said = words_of(pdf)
    assert "Offboarding of Łukasz WangFang* Żółć" in said
    assert "* Letters that this document's font does not have are spelled in Latin ones." in said
    assert plan.person.account_id in said
    assert "FORCED Seat in Acme Closed by force by Ada and Emma: The workspace is being deleted" in said
    assert "Proof: 200, account_status inactive (revoke key" in said
    assert f"GET /users/{plan.person.account_id}/manage/profile" in said
    assert "Emma confirmed" in said
    assert "made 2026-03-04 12:00 UTC" in said
    assert secret not in said
    assert "ATAT" not in said
    assert report_pdf(plan, at=AT) == pdf
    assert report_pdf(plan, at=AT.replace(minute=1)) != pdf


def test_hundreds_of_steps_go_over_pages_and_what_is_not_proven_is_never_left_out(
    leaving: Leaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_parts, "DRAWN_AT_MOST", 100)
    plan = leaving.cut()
    add_removed_grants(plan, 140)
    Evidence.objects.filter(step__key="many:138").delete()
    pdf = report_pdf(plan, at=AT)
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 5
    said = words_of(pdf)
    assert "Remove a grant at acme/many:99 " in said
    assert "OPEN Remove a grant at acme/many:138 " in said
    assert "acme/many:139 " not in said
    assert "39 more proven steps, each with its proof, are in the evidence pack." in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Łukasz Żółć", "Łukasz Żółć"),
        ("王芳 and Emma", "WangFang* and Emma"),
        ("שלום", "slvm*"),
        ("a\tb\x07", "a?b?*"),
        ("two\nlines", "two\nlines"),
        ("", ""),
    ],
)
def test_letters_that_the_font_lacks_are_spelled_and_marked(text: str, expected: str) -> None:
    assert spelled(text, LATIN) == expected


def test_who_may_open_it(leaving: Leaving, otto: User, emma: User) -> None:
    plan = leaving.cut()
    address = f"/offboardings/{plan.pk}/report.pdf"
    for user in (leaving.admin, otto):
        answer = signed_in(user).get(address)
        assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
            200,
            "application/pdf",
            "no-store",
        )
        assert answer["Content-Disposition"].startswith("inline;")
    assert signed_in(emma).get(address).status_code == 403
    assert signed_in(otto).get("/offboardings/999999/report.pdf").status_code == 404
