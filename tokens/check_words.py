"""A check in words: what it came to, and whose the credential is."""

from collections.abc import Sequence
from dataclasses import replace

from tokens.catalogue.data import KIND_BY_SLUG
from tokens.catalogue.rules import grouped
from tokens.catalogue.shape import SecretShape
from tokens.checking import CheckOutcome, CheckResult
from tokens.models import HolderProof
from tokens.outcomes import INVALID, UNREADABLE, WRONG_HOLDER, OutcomeWords

RATE_LIMITED = 429
SERVER_ERRORS = 500
FORBIDDEN = 403
CONTAINED_SHOWN = 3
RISKY = frozenset({"high", "critical"})
NOT_SENT_TITLE = "This was not sent anywhere"
ORGANISATION_KEY = (
    "It is no access token but an organisation's API key. Tell your organisation's admins: they should revoke it."
)


def words_for_check(result: CheckResult) -> OutcomeWords:
    """What a check came to."""
    if result.outcome is CheckOutcome.INVALID:
        return _invalid(result)
    if result.outcome is CheckOutcome.WRONG_HOLDER:
        return WRONG_HOLDER
    if result.outcome is CheckOutcome.UNREADABLE:
        return replace(UNREADABLE, items=[_unreadable_because(result.status)])
    if not result.scopes:
        return OutcomeWords("neutral", "It opens nothing", "Bitbucket accepts it, and grants it no scope.")
    return _compared(result)


def words_for_not_sent(shape: SecretShape) -> OutcomeWords:
    """Why a pasted text was not sent, and that it is forgotten."""
    return OutcomeWords("danger", NOT_SENT_TITLE, f"{shape.words} The portal has already forgotten what was pasted.")


def kind_words(result: CheckResult) -> str:
    """What the credential is, for people."""
    if result.kind:
        kind = KIND_BY_SLUG[result.kind]
        return f"{kind.name}: {kind.words}"
    return "Access token of a repository, project or workspace: belongs to that, not to a person"


def holder_words(result: CheckResult) -> str:
    """Whose the credential is, and how that is known."""
    if result.holder_proof == HolderProof.READ:
        return "Yours: Bitbucket named your account"
    if result.holder_proof == HolderProof.DECLARED:
        return "Not proven: Bitbucket names the holder only to a token with read:user"
    return "Nobody's: it works for whoever has it, and goes on when people leave"


def _invalid(result: CheckResult) -> OutcomeWords:
    items = INVALID.items
    if result.pasted_as == "access_token":
        # The first two can be true of any token; the others are about API tokens.
        items = [*items[:2], ORGANISATION_KEY]
    return replace(INVALID, body="It answered 401, which it does for each of these.", items=items)


def _unreadable_because(status: int | None) -> str:
    if status is None:
        return "No complete answer came within five seconds."
    if status == RATE_LIMITED:
        return "It says that this account made too many requests in the last hour."
    if status >= SERVER_ERRORS:
        return f"It has a problem of its own: it answered {status}."
    if status == FORBIDDEN:
        return "It refused without naming any scope. An IP allowlist does that, for example."
    return f"It answered {status}, and not what was asked."


def _compared(result: CheckResult) -> OutcomeWords:
    match, tone = result.match, "danger" if result.risk and result.risk.level in RISKY else "caution"
    if match is None:
        return OutcomeWords(tone, "Like none of the templates", "No template gives any of what it can do.")
    if match.is_exact:
        return OutcomeWords("good", f"Exactly “{match.name}”", "It has what this template gives, no more and no less.")
    if match.fits:
        body = "This is the smallest template that contains it. Beyond what it can do, the template also gives:"
        return OutcomeWords("accent", f"Fits within “{match.name}”", body, _phrases(match.lacks))
    body = f"{_contained(result.contained)} “{match.name}” comes closest. Beyond that, it can:"
    return OutcomeWords(tone, "Exceeds every template", body, _phrases(match.adds))


def _contained(names: Sequence[str]) -> str:
    if not names:
        return "No template gives all of it."
    shown = [f"“{name}”" for name in names[:CONTAINED_SHOWN]]
    if len(names) > CONTAINED_SHOWN:
        shown.append(f"{len(names) - CONTAINED_SHOWN} more")
    words = f"{', '.join(shown[:-1])} and {shown[-1]}" if shown[1:] else shown[0]
    return f"It can do all of {words}, and more than any template gives."


def _phrases(scopes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(scope.words for group in grouped(scopes) for scope in group.scopes))
