"""What people are told: one sentence about what happened, one about what to do now. Links carry no authority."""

from typing import Final

from django.urls import reverse

from accounts.models import Person
from accounts.notifications import admins, approvers, notify
from tokens.catalogue.data import KIND_BY_SLUG
from tokens.catalogue.rules import words_for
from tokens.models import Credential, Request, TemplateVersion
from tokens.policy import PERSONAL_KIND

_STEP_AFTER_APPROVAL: Final = "Open it to create the token at Atlassian, step by step."
_STEP_FOR_KEY: Final = "The portal adds the key now, and tells you when it works. There is nothing to do."
_STEP_FOR_MACHINE: Final = "Open it: it says who creates the credential at Bitbucket, and how."


def tell_approvers(request: Request, person: Person) -> None:
    """A request waits: who, can do what in words, where, until when, the sentence of the requester."""
    body = (
        f"{person.display_name} asks for “{request.template_version.name}”.\n\n"
        f"It could: {words_for(request.scopes)}\n"
        f"Where it will be used: {request.where_used}\n"
        f"{_machine_lines(request)}"
        f"For: {request.lifetime_days} days from the approval on\n"
        f"Why: {request.reason}\n\n"
        "Open the request to approve or deny it. You have to be signed in; this link alone decides nothing."
    )
    _to_approvers(request, f"{person.display_name} asks for {request.template_version.name}", body)


def _machine_lines(request: Request) -> str:
    if request.deputy is None:
        return ""
    what = KIND_BY_SLUG[request.kind].name + (f" of {request.boundary}" if request.boundary else "")
    machine = f"Machine: {request.machine}\n" if request.machine else ""
    return f"As: {what}\n{machine}Deputy: {request.deputy.display_name}\n"


def tell_approvers_to_look(request: Request) -> None:
    """A rule approved something that a person should look at within a day."""
    person = request.person
    body = (
        f"A rule approved “{request.template_version.name}” for {person.display_name}.\n\n"
        f"It can: {words_for(request.scopes)}\n"
        f"Where it will be used: {request.where_used}\n"
        f"For: {request.lifetime_days} days\n"
        f"Why: {request.reason}\n\n"
        "Look at it within a day. If it is not right, an admin can revoke the credential."
    )
    _to_approvers(request, f"Look at: {request.template_version.name} for {person.display_name}", body)


def _to_approvers(request: Request, subject: str, body: str) -> None:
    for approver in approvers().exclude(pk=request.person_id):
        notify(approver, subject=subject, body=body, path=request.get_absolute_url())


def tell_proposed(version: TemplateVersion, person: Person) -> None:
    """Somebody needs a set that no template covers: whoever looks after the templates hears of it once."""
    body = (
        f"{person.display_name} asked for a set of permissions that no template covers.\n\n"
        f"It could: {words_for(version.scopes)}\n"
        f"Risk: {version.risk}\n\n"
        "An approver decides about the request. Whether it should become a template is up to you."
    )
    path = reverse("template", args=[version.template.slug])
    for admin in admins():
        notify(admin, subject="Proposed: a new template", body=body, path=path)


def tell_approved(request: Request) -> None:
    """The request is approved; the next step is the person's."""
    body = (
        f"Your request {request.code} for “{request.template_version.name}” is approved"
        f" until {request.approved_until:%d %B %Y}.\n\n"
        f"{_next_step(request)}"
    )
    notify(
        request.person,
        subject=f"Approved: {request.template_version.name}",
        body=body,
        path=request.get_absolute_url(),
    )


def _next_step(request: Request) -> str:
    if request.kind == PERSONAL_KIND:
        return _STEP_AFTER_APPROVAL
    return _STEP_FOR_KEY if request.public_key else _STEP_FOR_MACHINE


def tell_denied(request: Request, reason: str) -> None:
    """The request is denied, with the approver's sentence."""
    body = (
        f"Your request {request.code} for “{request.template_version.name}” was denied.\n\n"
        f"What the approver wrote: {reason}\n\n"
        "You can ask again with a smaller template or a better reason."
    )
    notify(
        request.person,
        subject=f"Denied: {request.template_version.name}",
        body=body,
        path=request.get_absolute_url(),
    )


def tell_lapsed(request: Request) -> None:
    """Nothing happened for too long; or a machine's credential, which the portal cannot see, has come to its end."""
    if request.kind != PERSONAL_KIND and request.approved_until is not None:
        _tell_machines_end(request)
        return
    body = (
        f"Your request {request.code} for “{request.template_version.name}” has lapsed: nothing happened to it"
        " for too long.\n\nAsk again when you need it."
    )
    notify(
        request.person,
        subject=f"Lapsed: {request.template_version.name}",
        body=body,
        path=request.get_absolute_url(),
    )


def _tell_machines_end(request: Request) -> None:
    name = KIND_BY_SLUG[request.kind].name.lower()
    body = (
        f"The {name} of {request.boundary} for {request.code} was approved until {request.approved_until:%d %B %Y}.\n\n"
        "The portal cannot see it. Make sure that it is gone at Bitbucket: a deploy key never ends by itself."
        " Ask again if the machine still needs one."
    )
    subject = f"Make sure that it is gone: {request.template_version.name}"
    for person in filter(None, (request.person, request.deputy)):
        notify(person, subject=subject, body=body, path=request.get_absolute_url())


def tell_registered(credential: Credential) -> None:
    """The credential is registered and may be used; what it takes the place of should go."""
    request = credential.approved_request
    body = f"“{credential.name}” is registered. Its page shows how to use it with git, REST and CI."
    if request.adopts is not None and request.adopts.ended_at is None:
        body += f"\n\nDelete the one it takes the place of, “{request.adopts.name}”: it still works."
    tell_holder(credential, f"Ready: {request.template_version.name}", body)


def tell_refused(credential: Credential, why: str) -> None:
    """The credential is broader than approved and must be deleted."""
    tell_holder(
        credential,
        f"Refused: {credential.name}",
        f"The token you pasted for {credential.approved_request.code} was refused: {why}\n\n"
        "It still works at Bitbucket. Delete it at Atlassian, or let the portal delete it, then create a smaller one.",
    )


def tell_revoked(credential: Credential) -> None:
    """The credential is gone, re-read."""
    tell_holder(
        credential,
        f"Revoked: {credential.name}",
        f"“{credential.name}” was deleted at {_where(credential)}, and the list was read again without it.",
    )


def _where(credential: Credential) -> str:
    return "Atlassian" if credential.kind == PERSONAL_KIND else "Bitbucket"


def tell_needs_human(credential: Credential, why: str) -> None:
    """Revoking could not be finished by machine."""
    tell_holder(
        credential,
        f"Not revoked yet: {credential.name}",
        f"Revoking “{credential.name}” needs a person: {why}.",
    )


def tell_holder(credential: Credential, subject: str, body: str) -> None:
    """Tell the holder something about one credential; nobody where nobody is known to hold it."""
    if credential.holder is not None:
        notify(credential.holder, subject=subject, body=body, path=credential.get_absolute_url())
