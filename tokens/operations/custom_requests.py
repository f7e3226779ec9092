"""Asking for exactly what is needed where no template covers it: a person decides, and the set becomes a proposal."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from accounts.access import authorise
from accounts.models import Person, User
from audit.tags import Tag
from tokens.catalogue.data import SCOPE_BY_NAME
from tokens.catalogue.data.api_scopes import SUFFIX
from tokens.catalogue.linter import OFFERED_KINDS, TemplateDraft
from tokens.catalogue.rules import can_be_issued_as, risk_of, words_for
from tokens.models import Request, Template, TemplateVersion
from tokens.models.template import ApprovalRule
from tokens.operations import messages
from tokens.operations.asking import Ask, submit
from tokens.operations.change import Change, NotAllowed
from tokens.operations.templates.rows import template_subject, version_fields
from tokens.policy import PERSONAL_KIND, custom_max_days, scopes_hash

NAME_LENGTH: Final = 80
PURPOSE_LENGTH: Final = 200
_HASH_LENGTH: Final = 16
# A deploy key that pushes has no end and nobody behind it.
_DEPLOY_KEY_SCOPES: Final = ("read:repository" + SUFFIX,)


def custom_draft(scopes: Iterable[str], *, kind: str) -> TemplateDraft:
    """A set as if it were a template: never approved by a rule, short-lived where it is risky.

    Args:
        scopes: API-token scopes, the smallest set.
        kind: the one kind it is asked for.

    Raises:
        NotAllowed: empty, unknown or removed scopes, or a kind that cannot do it.
    """
    wanted = tuple(sorted(set(scopes)))
    _require_sensible(wanted, kind)
    by_machine = kind != PERSONAL_KIND
    risk = risk_of(wanted, used_by_machine=by_machine).level
    names = " + ".join(scope.removesuffix(SUFFIX) for scope in wanted)
    return TemplateDraft(
        slug=f"custom-{scopes_hash((*wanted, kind))[:_HASH_LENGTH]}",
        name=_cut(f"Custom: {names}", NAME_LENGTH),
        purpose=_cut(words_for(wanted), PURPOSE_LENGTH),
        scopes=wanted,
        kinds=(kind,),
        machine_kinds=(kind,) if by_machine else (),
        max_days=custom_max_days(risk),
        rule=ApprovalRule.TWO_PEOPLE if risk == "critical" else ApprovalRule.APPROVERS,
        deputy_required=by_machine,
        used_by_machine=by_machine,
    )


def submit_custom_request(ask: Ask, scopes: Iterable[str], *, acting_user: User) -> Request:
    """Submit a request for a set of the acting person's own; it always goes to a person.

    Args:
        ask: what `submit_request` takes; its version is replaced by the set's.
        scopes: API-token scopes.

    Raises:
        PermissionDenied: the person may not ask (any more).
        NotAllowed: see `custom_draft` and `submit_request`.
    """
    authorise(acting_user, "tokens.request_credential")
    draft = custom_draft(scopes, kind=ask.kind)
    with Change(acting_user) as change:
        version = _version_of_set(draft, acting_user.person, change)
        return submit(replace(ask, version=version), acting_user.person, change)


def unsaved_version(draft: TemplateDraft) -> TemplateVersion:
    """The version a draft would become, for a page that shows it before anybody asks."""
    return TemplateVersion(template=Template(slug=draft.slug, is_custom=True), number=1, **version_fields(draft))


def _version_of_set(draft: TemplateDraft, person: Person, change: Change) -> TemplateVersion:
    template, _ = Template.objects.get_or_create(slug=draft.slug, defaults={"is_custom": True})
    version, is_new = TemplateVersion.objects.get_or_create(
        template=template, number=1, defaults={**version_fields(draft), "created_by": person}
    )
    if is_new:
        messages.tell_proposed(version, person)
        change.event(
            Tag.TEMPLATE_PROPOSED,
            template_subject(template, version.name),
            scopes=list(version.scopes),
            risk=version.risk,
        )
    return version


def _require_sensible(scopes: tuple[str, ...], kind: str) -> None:
    if not scopes:
        raise NotAllowed("Nothing is needed, so there is nothing to ask for.")
    for name in scopes:
        scope = SCOPE_BY_NAME.get(name)
        if scope is None or scope.dialect != "api_token":
            raise NotAllowed(f"{name} is no scope of API tokens that the portal knows.")
        if scope.removed_on is not None:
            raise NotAllowed(f"{name} opens nothing any more: Bitbucket removed what it was for.")
    if kind not in OFFERED_KINDS:
        raise NotAllowed("The portal hands out no credential of that kind.")
    if not can_be_issued_as(kind, scopes) or (kind == "deploy_key" and scopes != _DEPLOY_KEY_SCOPES):
        raise NotAllowed("That kind of credential cannot do all of this.")


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
