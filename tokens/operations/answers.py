"""What its holder says about a credential that nobody approved."""

from accounts.models import User
from audit.tags import Tag
from tokens.catalogue.data.api_scopes import SUFFIX
from tokens.inventory.differences import risk_of_a_stranger
from tokens.models import Answer, Credential, Finding, FindingAction, Standing
from tokens.operations import finding_messages
from tokens.operations.acceptances import end_weak_acceptance
from tokens.operations.change import Change, NotAllowed, Stale, credential_subject
from tokens.operations.credentials import lock_credential
from tokens.operations.findings import close_findings, remember
from tokens.operations.revocations import start_revocation_in
from tokens.policy import PERSONAL_KIND
from tokens.states import LIVE

ASKED_ABOUT = (Standing.UNDECLARED, Standing.UNKNOWN_PRODUCT)


def answer_credential(credential: Credential, answer: Answer, *, words: str = "", acting_user: User) -> Credential:
    """Keep the holder's answer, and do what follows from it. A later answer takes the place of an earlier one.

    *I use it* keeps it and leads to asking properly; *not for Bitbucket* takes a token of an unknown product out of
    every count; *delete it* starts the revocation; *not mine* raises the risk and calls the admins.

    Args:
        words: what it is used for; needed with `Answer.USES`.

    Raises:
        NotAllowed: somebody else's, no words where some are needed, or "not for Bitbucket" against what is known.
        Stale: it is approved by now, or has ended.
    """
    with Change(acting_user) as change:
        locked = lock_credential(credential.pk)
        _require_answerable(locked, acting_user)
        _require_possible(locked, answer, words)
        before = locked.answer
        locked.standing = _standing_after(locked, answer)
        locked.answer, locked.answer_words, locked.answered_at = answer, words.strip()[:300], change.at
        locked.save()
        change.event(
            Tag.CREDENTIAL_ANSWERED, credential_subject(locked), answer=answer.value, words=locked.answer_words
        )
        _follow(locked, answer, change, acting_user, said_before=before == answer)
    return locked


def why_it_is_bitbuckets(credential: Credential) -> str:
    """How we know that a credential is for Bitbucket, in words; empty where nobody can tell."""
    if credential.kind != PERSONAL_KIND:
        return "Bitbucket itself lists it."
    scopes = credential.listed_scopes or credential.scopes
    own = sorted(scope for scope in scopes if scope.endswith(SUFFIX))
    return f"The organisation's listing shows that it opens Bitbucket: {', '.join(own)}." if own else ""


def was_set_aside(credential: Credential) -> bool:
    """Whether it counts as another product's on its holder's word alone, who may change their mind."""
    return credential.standing == Standing.OTHER_PRODUCT and credential.answer == Answer.NOT_BITBUCKET


def _require_answerable(credential: Credential, acting_user: User) -> None:
    if credential.holder_id != acting_user.person.pk:
        raise NotAllowed("Only its holder can say what a credential is for.")
    if credential.standing not in ASKED_ABOUT and not was_set_aside(credential):
        raise Stale("There is nothing to say about this credential any more.")
    if credential.state not in LIVE:
        raise Stale(f"This credential has ended: it is {credential.get_state_display().lower()}.")


def _require_possible(credential: Credential, answer: Answer, words: str) -> None:
    if answer is Answer.USES and not words.strip():
        raise NotAllowed("Say what you use it for: one sentence is enough.")
    if answer is Answer.NOT_BITBUCKET:
        known = why_it_is_bitbuckets(credential)
        if known:
            raise NotAllowed(f"It cannot be set aside as another product's. {known}")


def _standing_after(credential: Credential, answer: Answer) -> Standing:
    if answer is Answer.NOT_BITBUCKET:
        return Standing.OTHER_PRODUCT
    if answer is Answer.USES:
        return Standing.UNDECLARED
    if was_set_aside(credential):
        return Standing.UNKNOWN_PRODUCT
    return Standing(credential.standing)


def _follow(credential: Credential, answer: Answer, change: Change, acting_user: User, *, said_before: bool) -> None:
    if answer is Answer.NOT_BITBUCKET:
        close_findings(credential, change, because="its holder says that it is not for Bitbucket")
        return
    _note(credential, answer, change, acting_user)
    if answer is Answer.DELETE:
        start_revocation_in(change, credential, reason="Its holder asked to delete it", acting_user=acting_user)
    elif answer is Answer.NOT_MINE and not said_before:
        finding_messages.tell_not_mine(credential, credential.answer_words)


def _note(credential: Credential, answer: Answer, change: Change, acting_user: User) -> None:
    words = credential.answer_words or answer.label
    for finding in Finding.objects.select_for_update().filter(credential=credential, closed_at=None):
        remember(finding, change.at, "answered", words, by=str(acting_user.person))
        if answer is Answer.NOT_MINE:
            finding.risk, finding.action = risk_of_a_stranger(finding.risk), FindingAction.LOOK
            end_weak_acceptance(finding, change, because="its holder says that it is not theirs")
        finding.save()
