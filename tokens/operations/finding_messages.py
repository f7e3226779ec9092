"""What people are told about findings: what was seen, and the one thing to do now. Links carry no authority."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.urls import reverse

from accounts.models import Person
from accounts.notifications import admins, notify
from tokens.models import Credential, Finding, Request

NAMES_IN_A_MAIL: Final = 10
_SAY_WHAT_FOR: Final = (
    "Say what you use it for, that it is not for Bitbucket, that it may be deleted, or that it is not yours."
    " It takes a minute, and nothing is deleted unless you say so."
)
_LOOK_AT_IT: Final = "The credential's page says what differs. If you no longer need it, revoke it there."


def declare_path() -> str:
    """Where holders say what their credentials are for."""
    return reverse("declare")


def tell_asked(person: Person, findings: Sequence[Finding]) -> None:
    """The holder is asked about one or several of their credentials, in one mail.

    What nobody approved is answered on one page; what was approved has a page of its own that says what differs.
    """
    names = [finding.credential.name for finding in findings]
    if any(finding.credential.request_id is None for finding in findings):
        subject = f"What is “{names[0]}” for?" if len(names) == 1 else f"What are these {len(names)} credentials for?"
        path, words = declare_path(), _SAY_WHAT_FOR
    else:
        subject = f"Please look at “{names[0]}”" if len(names) == 1 else f"Please look at {len(names)} credentials"
        path = reverse("finding", args=[findings[0].pk]) if len(names) == 1 else reverse("home")
        words = _LOOK_AT_IT
    notify(person, subject=subject, body=f"{_listed(findings)}\n\n{words}", path=path)


def tell_asked_about_unknown(person: Person, count: int) -> None:
    """The holder is asked about tokens of which nobody can tell whether they open Bitbucket."""
    one = count == 1
    body = (
        f"Atlassian's list shows {'an API token' if one else f'{count} API tokens'} of yours and does not say for which"
        f" product {'it is' if one else 'they are'}.\n\nSay whether {'it is' if one else 'they are'} for Bitbucket."
        " Nothing is deleted unless you say so."
    )
    subject = "What is your API token for?" if one else f"What are your {count} API tokens for?"
    notify(person, subject=subject, body=body, path=declare_path())


def _listed(findings: Sequence[Finding]) -> str:
    lines = [f"“{row.credential.name}”: {row.get_kind_display().lower()}" for row in findings[:NAMES_IN_A_MAIL]]
    more = len(findings) - len(lines)
    return "\n".join([*lines, f"and {more} more"] if more else lines)


def tell_to_confirm(finding: Finding, asker: Person, until: date, because: str) -> None:
    """A second admin is needed before a risky finding is accepted."""
    body = (
        f"{asker.display_name} wants to accept “{finding}” until {until:%d %B %Y}.\n\n"
        f"Why: {because}\n\n"
        f"The risk is {finding.risk}, so a second admin has to agree. Open it to confirm or decline."
    )
    others = admins().exclude(pk__in=[pk for pk in (asker.pk, finding.person_id) if pk])
    for admin in others:
        notify(admin, subject=f"Agree? {finding.title}", body=body, path=reverse("finding", args=[finding.pk]))


def tell_declined(finding: Finding, asker: Person, decliner: Person, because: str) -> None:
    """The second admin said no."""
    body = f"{decliner.display_name} does not agree to accept “{finding}”.\n\nWhy: {because}"
    notify(asker, subject=f"Not accepted: {finding.title}", body=body, path=reverse("finding", args=[finding.pk]))


def tell_not_mine(credential: Credential, words: str) -> None:
    """Somebody's account holds a token that they say they did not make: an admin has to look soon."""
    holder = credential.known_holder
    body = (
        f"{holder.display_name} says that “{credential.name}” is not theirs, although their account lists it.\n\n"
        f"{f'What they wrote: {words}' if words else 'They wrote nothing more.'}\n\n"
        "Somebody else may have made it. Ask them what they know, and revoke it if in doubt."
    )
    for admin in admins().exclude(pk=holder.pk):
        notify(admin, subject=f"Not mine: {credential.name}", body=body, path=credential.get_absolute_url())


def tell_adopted(request: Request, credential: Credential) -> None:
    """What was found is an approved credential now; there is nothing to create."""
    body = (
        f"Your request {request.code} is approved, and “{credential.name}” fits it: it is registered as it is.\n\n"
        "You need no new token. Go on using the one you have."
    )
    notify(request.person, subject=f"Registered: {credential.name}", body=body, path=credential.get_absolute_url())
