"""Every answer that a paste can get, with both answers to whether Bitbucket checks the e-mail."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from tests.tokens.desk import Desk, run_due_jobs, signed_in, tags
from tokens.models import Credential, Finding, PasteAttempt, Verification
from workqueue.models import Job

pytestmark = pytest.mark.usefixtures("email_switch")

READ = "read:repository:bitbucket"
ADMIN = "admin:repository:bitbucket"
WRITE = "write:repository:bitbucket"
USER = "read:user:bitbucket"


def click_accept(user: User, row: Verification) -> None:
    """Click on "register the smaller set"."""
    answer = signed_in(user).post(f"/requests/{row.request.code}/checks/{row.pk}/accept/")
    assert answer.status_code == 302


def test_exact_is_registered_and_its_holder_declared(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    row = desk.check(emma, request, desk.token(request).secret)
    assert (row.outcome, row.holder_proof) == ("exact", "declared")
    credential = row.registered_as
    assert credential is not None
    assert (credential.state, credential.scopes) == ("active", [READ])
    request.refresh_from_db()
    assert request.state == "issued"
    assert tags()[-2:] == ["credential:verified", "credential:registered"]


def test_the_secret_is_nowhere_in_the_rows(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    secret = desk.token(request).secret
    row = desk.check(emma, request, secret)
    assert row.fingerprint.count(":") == 1
    kept = [repr(list(model.objects.values())) for model in (Verification, Credential, Job, PasteAttempt)]
    assert not any(secret in text for text in kept)


def test_with_a_scope_that_names_the_account_the_holder_is_read(desk: Desk, emma: User, aria: User) -> None:
    request = desk.approved(emma, "everyday-development", by=aria)
    assert USER in request.scopes
    row = desk.check(emma, request, desk.token(request).secret)
    assert (row.outcome, row.holder_proof) == ("exact", "read")


def test_the_holder_is_proven_by_the_listing(desk: Desk, emma: User) -> None:
    credential, made = desk.registered(emma)
    assert (credential.holder_proof, credential.binding, credential.listing_id) == ("listing", "bound", made.id)


def test_missing_waits_for_a_click_and_registers_the_smaller_set(desk: Desk, emma: User) -> None:
    request = desk.approved(emma, "clone-pull-and-push")
    row = desk.check(emma, request, desk.token(request, scopes=[READ]).secret)
    assert (row.outcome, row.missing, row.registered_as) == ("missing", [WRITE], None)
    click_accept(emma, row)
    row.refresh_from_db()
    assert row.registered_as is not None
    assert row.registered_as.scopes == [READ]
    click_accept(emma, row)
    assert Credential.objects.count() == 1


def test_an_older_check_registers_nothing_after_a_newer_one(desk: Desk, emma: User) -> None:
    request = desk.approved(emma, "clone-pull-and-push")
    old = desk.check(emma, request, desk.token(request, scopes=[READ]).secret)
    desk.check(emma, request, desk.token(request, scopes=[WRITE]).secret)
    click_accept(emma, old)
    assert not Credential.objects.exists()


def test_somebody_else_cannot_click_it(desk: Desk, emma: User, lee: User) -> None:
    request = desk.approved(emma, "clone-pull-and-push")
    row = desk.check(emma, request, desk.token(request, scopes=[READ]).secret)
    answer = signed_in(lee).post(f"/requests/{request.code}/checks/{row.pk}/accept/")
    assert answer.status_code == 404
    assert not Credential.objects.exists()


def test_excess_is_refused_named_and_not_forgotten(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    secret = desk.token(request, scopes=[READ, ADMIN]).secret
    row = desk.check(emma, request, secret)
    assert (row.outcome, row.excess, row.registered_as) == ("excess", [ADMIN], None)
    refused = Credential.objects.get()
    assert (refused.state, refused.fingerprint) == ("refused", row.fingerprint)
    assert ADMIN in refused.state_reason
    finding = Finding.objects.get(closed_at=None)
    assert (finding.kind, finding.credential, finding.detail["excess"]) == ("refused_alive", refused, [ADMIN])
    request.refresh_from_db()
    assert request.state == "approved"
    page = signed_in(emma).get(f"/requests/{request.code}/checks/{row.pk}/").content.decode()
    assert ADMIN in page
    assert "delete-refused" in page


def test_pasted_twice_it_is_still_one_refused_credential(desk: Desk, emma: User) -> None:
    request = desk.approved(emma)
    secret = desk.token(request, scopes=[READ, ADMIN]).secret
    for _ in range(2):
        desk.check(emma, request, secret)
    assert (Credential.objects.count(), Finding.objects.count()) == (1, 1)


def test_excess_wins_over_missing_and_both_are_listed(desk: Desk, emma: User) -> None:
    request = desk.approved(emma, "clone-pull-and-push")
    row = desk.check(emma, request, desk.token(request, scopes=[READ, ADMIN]).secret)
    assert (row.outcome, row.missing, row.excess) == ("excess", [WRITE], [ADMIN])


@pytest.mark.parametrize("word", ["repo_access_token", "project_access_token", "workspace_access_token", "oauth1"])
def test_a_known_other_kind(desk: Desk, emma: User, word: str) -> None:
    desk.world.switches.credential_type = word
    request = desk.approved(emma)
    row = desk.check(emma, request, desk.token(request).secret)
    assert (row.outcome, row.fingerprint) == ("wrong_kind", "")
    assert not Credential.objects.exists()


@pytest.mark.parametrize("word", ["", "something_new"])
def test_an_unknown_word_for_the_kind_is_no_refusal(desk: Desk, emma: User, word: str) -> None:
    desk.world.switches.credential_type = word
    request = desk.approved(emma)
    assert desk.check(emma, request, desk.token(request).secret).outcome == "exact"


def test_somebody_elses_token(desk: Desk, emma: User, aria: User, *, email_switch: bool) -> None:
    request = desk.approved(emma, "everyday-development", by=aria)
    made = desk.token(request, owner="lee")
    row = desk.check(emma, request, made.secret)
    assert row.outcome == ("invalid" if email_switch else "wrong_holder")
    assert (row.fingerprint, row.granted) == ("", [])
    assert not Credential.objects.exists()
    page = signed_in(emma).get(f"/requests/{request.code}/checks/{row.pk}/").content.decode()
    assert "lee" not in page.lower()


def test_an_undeclared_holder_is_found_out_by_the_listing(desk: Desk, emma: User, *, email_switch: bool) -> None:
    """Without a scope that names the account nobody can tell; the listing then binds nothing of somebody else."""
    request = desk.approved(emma)
    made = desk.token(request, owner="lee")
    row = desk.check(emma, request, made.secret)
    if email_switch:
        assert row.outcome == "invalid"
        return
    run_due_jobs("bind_credential")
    credential = Credential.objects.get()
    assert (credential.holder_proof, credential.binding, credential.listing_id) == ("declared", "looking", None)


FAULTS: dict[str, dict[str, Any]] = {
    "429": {"kind": "status", "status": 429, "retry_after": "3600"},
    "500": {"kind": "status", "status": 500},
    "503": {"kind": "status", "status": 503},
    "404": {"kind": "status", "status": 404},
    "html": {"kind": "html"},
    "empty": {"kind": "empty"},
    "malformed": {"kind": "malformed"},
    "truncated": {"kind": "truncated"},
    "wrong types": {"kind": "wrong_types"},
    "redirect": {"kind": "redirect", "url": "https://example.org/"},
    "hang": {"kind": "hang"},
}


@pytest.mark.parametrize("name", FAULTS)
def test_unreadable_stores_nothing(desk: Desk, emma: User, aria: User, name: str) -> None:
    request = desk.approved(emma, "everyday-development", by=aria)
    secret = desk.token(request).secret
    desk.fault(path="/2.0/user", **FAULTS[name])
    answer = desk.paste(emma, request, secret)
    assert answer.status_code == 503
    assert "paste the token again" in answer.content.decode()
    assert secret not in answer.content.decode()
    assert not Verification.objects.exists()
    assert not Credential.objects.exists()
    assert "credential:registered" not in tags()
    desk.world.faults.clear()
    assert desk.check(emma, request, secret).outcome == "exact"


def test_a_403_without_a_word_about_scopes_is_unreadable(desk: Desk, emma: User) -> None:
    desk.world.switches.scope_headers = False
    request = desk.approved(emma)
    secret = desk.token(request).secret
    desk.fault("status", "/2.0/user", status=403, body="Your address is not on the allowlist")
    assert desk.paste(emma, request, secret).status_code == 503
    desk.world.faults.clear()
    assert desk.check(emma, request, secret).outcome == "exact", "error.detail.granted tells the scopes"


def test_scopes_in_a_detail_that_is_text(desk: Desk, emma: User) -> None:
    desk.world.switches.scope_headers, desk.world.switches.detail_as_text = False, True
    request = desk.approved(emma)
    assert desk.check(emma, request, desk.token(request).secret).outcome == "exact"


def test_invalid_names_every_cause_and_keeps_no_fingerprint(desk: Desk, emma: User, *, email_switch: bool) -> None:
    request = desk.approved(emma)
    ended = desk.world.now() - timedelta(seconds=1)
    expired = desk.token(request, expires_at=ended).secret
    unscoped = desk.token(request, scopes=[]).secret
    unknown = desk.token(request).secret[:-4] + "zzzz"
    for secret in (expired, unscoped, unknown):
        row = desk.check(emma, request, secret)
        assert (row.outcome, row.fingerprint) == ("invalid", "")
    page = signed_in(emma).get(f"/requests/{request.code}/checks/{row.pk}/").content.decode()
    for cause in ("copy it again", "expired or was revoked", "without scopes", "another e-mail"):
        assert cause in page
    other = desk.check(emma, request, desk.token(request).secret, email="emma@second.test")
    assert other.outcome == ("invalid" if email_switch else "exact")
