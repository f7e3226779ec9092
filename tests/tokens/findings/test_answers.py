"""What holders say about what was found, and what follows from it."""

import pytest

from accounts.models import User
from tests.tokens.desk import Desk, run_due_jobs, tags
from tests.tokens.findings.found import READ, accepted, finding_of, found_token, in_days, unknown_token
from tokens.models import Answer, Credential, Standing
from tokens.operations.answers import answer_credential
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.revocations import start_revocation
from workqueue.models import Job


def say(credential: Credential, answer: Answer, user: User, words: str = "") -> None:
    answer_credential(credential, answer, words=words, acting_user=user)
    credential.refresh_from_db()


def test_in_use_is_kept_with_its_words(emma: User) -> None:
    token = found_token(emma.person, scopes=[READ])
    finding = finding_of(token)
    say(token, Answer.USES, emma, "The nightly report")
    finding.refresh_from_db()
    assert (token.answer, token.answer_words, token.standing) == ("uses", "The nightly report", "undeclared")
    assert token.answered_at is not None
    assert (finding.closed_at, finding.history[-1]["words"]) == (None, "The nightly report")
    assert tags() == ["credential:answered"]


def test_in_use_wants_words(emma: User) -> None:
    with pytest.raises(NotAllowed, match="what you use it for"):
        say(found_token(emma.person), Answer.USES, emma, "  ")


def test_only_the_holder_answers(ada: User, emma: User, lee: User) -> None:
    token = found_token(emma.person)
    for user in (ada, lee):
        with pytest.raises(NotAllowed, match="Only its holder"):
            say(token, Answer.DELETE, user)
    assert Job.objects.filter(kind="revoke_credential").count() == 0


def test_another_products_token_leaves_every_count_and_can_come_back(emma: User) -> None:
    token = unknown_token(emma.person)
    finding = finding_of(token)
    say(token, Answer.NOT_BITBUCKET, emma)
    finding.refresh_from_db()
    assert token.standing == Standing.OTHER_PRODUCT
    assert finding.closed_because == "its holder says that it is not for Bitbucket"
    say(token, Answer.USES, emma, "git after all")
    assert token.standing == Standing.UNDECLARED
    say(token, Answer.NOT_BITBUCKET, emma)
    say(token, Answer.NOT_MINE, emma)
    assert token.standing == Standing.UNKNOWN_PRODUCT


def test_what_is_known_to_be_bitbuckets_is_not_set_aside(emma: User) -> None:
    token = found_token(emma.person, scopes=[READ])
    with pytest.raises(NotAllowed, match=r"shows that it opens Bitbucket: read:repository"):
        say(token, Answer.NOT_BITBUCKET, emma)
    key = found_token(emma.person, kind="deploy_key")
    with pytest.raises(NotAllowed, match="Bitbucket itself lists it"):
        say(key, Answer.NOT_BITBUCKET, emma)
    token.refresh_from_db()
    assert (token.standing, token.answer, tags()) == (Standing.UNDECLARED, "", [])


def test_nobody_declares_what_the_listing_knows_to_be_another_products(emma: User) -> None:
    jira = found_token(emma.person, scopes=["read:jira-work"], standing=Standing.OTHER_PRODUCT)
    with pytest.raises(Stale, match="nothing to say"):
        say(jira, Answer.USES, emma, "Jira")


def test_not_mine_calls_the_admins_once_and_raises_the_risk(ada: User, adam: User, emma: User) -> None:
    token = found_token(emma.person, scopes=[READ])
    finding = finding_of(token, risk="low")
    accepted(finding, ada.person)
    say(token, Answer.NOT_MINE, emma, "I never made this")
    say(token, Answer.NOT_MINE, emma, "Really not")
    finding.refresh_from_db()
    assert (finding.risk, finding.action, finding.accepted_until) == ("high", "look", None)
    assert [user.person.notifications.count() for user in (ada, adam)] == [1, 1]
    assert "I never made this" in ada.person.notifications.get().body


def test_a_worse_risk_stays(emma: User) -> None:
    finding = finding_of(found_token(emma.person), risk="critical")
    say(finding.credential, Answer.NOT_MINE, emma)
    finding.refresh_from_db()
    assert finding.risk == "critical"


def test_an_approved_or_ended_one_has_nothing_to_answer(emma: User) -> None:
    with pytest.raises(Stale, match="nothing to say"):
        say(found_token(emma.person, standing=Standing.OWN), Answer.DELETE, emma)
    with pytest.raises(Stale, match="has ended"):
        say(found_token(emma.person, state="expired"), Answer.DELETE, emma)


def test_delete_deletes_it_at_atlassian(desk: Desk) -> None:
    holder = desk.user("emma")
    account = desk.world.account("emma")
    assert account is not None
    made, _ = desk.world.create_api_token(account, label="old laptop", scopes=(READ,), expires_at=in_days(20))
    token = found_token(holder.person, scopes=[READ], listing_id=made.id)
    say(token, Answer.DELETE, holder)
    assert (token.state, token.answer) == ("revoking", "delete")
    run_due_jobs("revoke_credential")
    token.refresh_from_db()
    assert token.state == "revoked"
    assert made.id not in desk.world.api_tokens


def test_what_is_not_ours_is_never_revoked(ada: User, emma: User) -> None:
    for standing, words in ((Standing.OTHER_PRODUCT, "not for Bitbucket"), (Standing.OWN, "portal itself")):
        with pytest.raises(NotAllowed, match=words):
            start_revocation(found_token(emma.person, standing=standing), reason="Idle", acting_user=ada)
    assert Job.objects.filter(kind="revoke_credential").count() == 0


def test_a_found_deploy_key_is_an_admins_to_delete(ada: User, emma: User) -> None:
    """Machines may live on it, and who added it once may have no right there any more."""
    key = found_token(emma.person, kind="deploy_key")
    start_revocation(key, reason="Not mine any more", acting_user=emma)
    key.refresh_from_db()
    assert (key.state, "an admin decides" in key.state_reason) == ("needs_human", True)
    assert Job.objects.filter(kind="delete_key").count() == 0
    for holder in (emma.person, None):
        start_revocation(found_token(holder, kind="deploy_key"), reason="Idle", acting_user=ada)
    assert Job.objects.filter(kind="delete_key").count() == 2
