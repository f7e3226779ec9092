"""A credential that vanished: who knows why says so, and the finding closes. No other finding closes by a word."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from tests.tokens.desk import signed_in, tags
from tests.tokens.findings.found import finding_of, found_token
from tokens.models import Finding, FindingKind
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.explaining import explain_gone


@pytest.fixture
def gone(emma: User) -> Finding:
    """A finding about a credential of Emma's that vanished."""
    return finding_of(found_token(emma.person), FindingKind.GONE)


def test_the_holder_says_that_they_deleted_it(emma: User, gone: Finding) -> None:
    page = signed_in(emma).get(f"/findings/{gone.pk}/").content.decode()
    assert "If you deleted it yourself, say so" in page
    answer = signed_in(emma).post(f"/findings/{gone.pk}/explain/", {"because": "I deleted it, the laptop is gone"})
    assert answer.status_code == 302
    gone.refresh_from_db()
    assert gone.closed_at is not None
    assert gone.closed_because == "Emma: I deleted it, the laptop is gone"
    assert (gone.history[-1]["what"], gone.history[-1]["by"]) == ("closed", "Emma")
    assert tags()[-1] == "finding:closed"
    with pytest.raises(Stale):
        explain_gone(gone, because="Again", acting_user=emma)


def test_an_empty_sentence_closes_nothing(emma: User, gone: Finding) -> None:
    answer = signed_in(emma).post(f"/findings/{gone.pk}/explain/", {"because": " "})
    assert answer.status_code == 422
    with pytest.raises(NotAllowed):
        explain_gone(gone, because=" ", acting_user=emma)
    gone.refresh_from_db()
    assert gone.closed_at is None


def test_an_admin_may_and_an_auditor_may_not(ada: User, otto: User, gone: Finding) -> None:
    with pytest.raises(PermissionDenied):
        explain_gone(gone, because="I looked", acting_user=otto)
    explain_gone(gone, because="The build server was retired", acting_user=ada)
    gone.refresh_from_db()
    assert gone.closed_at is not None


def test_what_is_alive_is_not_talked_away(emma: User) -> None:
    alive = finding_of(found_token(emma.person))
    with pytest.raises(NotAllowed, match="not by a word"):
        explain_gone(alive, because="It is fine", acting_user=emma)
    alive.refresh_from_db()
    assert alive.closed_at is None
