"""What to do now, after a credential was checked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from tokens.catalogue.shape import SecretShape
from tokens.checking import CheckOutcome, CheckResult
from tokens.models import Credential, HolderProof, Request

OF_SOMEBODY_ELSE = (
    "Do not use it. Tell its holder: they should revoke it, in their Atlassian account under Security, API tokens.",
    "If you do not know whose it is, tell an admin where you found it.",
)


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do now; `action` names its button for tests, `is_primary`: it is the page's one big button."""

    words: str
    url: str = ""
    label: str = ""
    action: str = ""
    is_external: bool = False
    is_primary: bool = False


def next_steps(result: CheckResult, *, registered: Credential | None, requests: Sequence[Request]) -> list[NextStep]:
    """What to do now, the first thing first.

    Args:
        result: of the check.
        registered: the person's own credential that this is.
        requests: the person's approved requests for exactly these scopes.
    """
    if result.outcome is CheckOutcome.INVALID:
        return [NextStep("If you still need access, ask for a new one.", *_get_access("Ask for access"))]
    if result.outcome is CheckOutcome.WRONG_HOLDER:
        return [NextStep(words) for words in OF_SOMEBODY_ELSE]
    if result.outcome is CheckOutcome.UNREADABLE:
        return []
    return _with_primary(_steps_when_read(result, registered, requests))


def steps_for_not_sent(shape: SecretShape) -> list[NextStep]:
    """What to do instead of pasting that."""
    if shape.kind == "app_password":
        words = "Ask for what you did with it; the portal shows how to create the token."
        return _with_primary([NextStep(words, *_get_access("Ask for access"))])
    return []


def _steps_when_read(result: CheckResult, registered: Credential | None, requests: Sequence[Request]) -> list[NextStep]:
    if registered is not None:
        words = "The portal knows it: it is one of your own credentials here."
        return [NextStep(words, registered.get_absolute_url(), f"Open {registered.name}", "open")]
    if requests:
        return [_register(request) for request in requests]
    return _steps_for_template(result)


def _with_primary(steps: list[NextStep]) -> list[NextStep]:
    first = next((index for index, step in enumerate(steps) if step.url), None)
    return [replace(step, is_primary=index == first) for index, step in enumerate(steps)]


def _register(request: Request) -> NextStep:
    words = (
        f"You have an approved request for exactly these scopes, {request.code}."
        " Nothing of this check was kept: paste it once more there."
    )
    return NextStep(words, reverse("create", args=[request.code]), f"Register it for {request.code}", "register")


def _steps_for_template(result: CheckResult) -> list[NextStep]:
    match = result.match
    if not result.scopes:
        return [_end_it(result, "It is of no use, so end it:")]
    if match is None or not match.fits:
        words = "Say what you really do, and ask for the smallest that does it."
        smaller = NextStep(words, reverse("advise"), "Ask for a smaller one", "advise")
        return [_end_it(result, "Unless you need all of this, end it:"), smaller]
    words = f"Ask for “{match.name}” and create a new one by the steps you are then shown."
    asks = [NextStep(words, reverse("request_form", args=[match.slug]), f"Ask for “{match.name}”", "ask")]
    if match.lacks and result.pasted_as == "api_token":
        query = urlencode({"scopes": ",".join(result.scopes)})
        words = "Or ask for exactly what this one can do, if you need no more than that."
        asks.append(NextStep(words, f"{reverse('advise')}?{query}", "Ask for exactly this", "advise"))
    return [*asks, _end_it(result, "Then end this one, which nobody approved:")]


def _end_it(result: CheckResult, words: str) -> NextStep:
    if result.pasted_as == "access_token":
        owner = result.kind.removesuffix("_access_token") or "repository, project or workspace"
        return NextStep(f"{words} an admin of the {owner} revokes it in its settings, under “Access tokens”.")
    step = _revoke(f"{words} revoke it in your account at Atlassian.")
    if result.holder_proof == HolderProof.DECLARED:
        step = replace(step, words=f"{step.words} If it is not yours, tell its holder: it should be revoked.")
    return step


def _revoke(words: str) -> NextStep:
    url = f"{settings.ATLASSIAN_ID_URL}/manage-profile/security/api-tokens"
    return NextStep(words, url, "Revoke it at Atlassian", "revoke", is_external=True)


def _get_access(label: str) -> tuple[str, str, str]:
    return reverse("get_access"), label, "get-access"
