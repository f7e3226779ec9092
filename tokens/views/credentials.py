"""One credential: what it is, how to use it, how to end it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require, require_signed_in, signed_in_user
from accounts.models import User, Workspace
from audit.presentation import trail_url
from tokens import presentation, queries
from tokens.catalogue.rules import grouped
from tokens.credential_timeline import revocations_of, timeline_of
from tokens.forms import AttestForm, ChooseEntryForm, MigrationNoteForm, ReasonForm
from tokens.found_presentation import found_context
from tokens.key_presentation import key_context
from tokens.machine_presentation import machine_context
from tokens.maker_presentation import token_context
from tokens.models import Credential
from tokens.operations.change import NotAllowed, Stale
from tokens.operations.revocations import (
    JOBS,
    MAY_BE_REVOKED,
    NOT_OURS_TO_REVOKE,
    attest_gone,
    choose_entry,
    is_for_admins,
    may_revoke,
    report_lost,
    start_revocation,
)
from tokens.policy import KEY_KIND, PERSONAL_KIND
from tokens.snippets import snippets_for
from tokens.states import CredentialState
from tokens.views.shared import attempt, found, page_or_live_part


@require_safe
@require_signed_in
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one credential; htmx asks for its live part alone."""
    user = signed_in_user(request)
    credential = found(lambda: queries.visible_credential(pk, user))
    template = page_or_live_part(request, "tokens/credential_detail.html")
    return render(request, template, detail_context(credential, user))


def detail_context(credential: Credential, user: User, **forms: Any) -> dict[str, Any]:
    """Everything the page of one credential shows this user."""
    own = credential.holder_id == user.person_id
    needs_human = credential.state == CredentialState.NEEDS_HUMAN
    may_decide = user.has_perm("tokens.revoke_credential") and not own
    can_revoke = may_revoke(credential, user) and credential.state in MAY_BE_REVOKED
    can_revoke = can_revoke and credential.standing not in NOT_OURS_TO_REVOKE
    findings = list(credential.findings.select_related("person"))
    for finding in findings:
        finding.credential = credential
    revocations = revocations_of(credential)
    return {
        "credential": credential,
        "item": presentation.credential_row(credential),
        "own": own,
        "groups": grouped(credential.scopes),
        # The steps are the portal's own; what a person deletes has none of them.
        "steps": presentation.revocation_steps(revocations[0] if revocations else None)
        if credential.kind in (PERSONAL_KIND, KEY_KIND)
        else [],
        **token_context(credential, user, forms.get("present_form")),
        "live": credential.state == CredentialState.REVOKING or credential.binding == "looking",
        "can_use": (own or credential.creator_id == user.person_id)
        and credential.state == CredentialState.ACTIVE
        and credential.request is not None,
        "can_revoke": can_revoke and not needs_human,
        **found_context(credential, user),
        "can_lose": own
        and credential.request is not None
        and credential.kind != KEY_KIND
        and user.has_perm("tokens.request_credential")
        and credential.state == CredentialState.ACTIVE,
        **key_context(credential, user),
        **machine_context(credential, user),
        "note_form": forms.get("note_form") or MigrationNoteForm(initial={"words": credential.migration_note}),
        "revoke_form": forms.get("revoke_form") or ReasonForm(),
        "needs_human": needs_human,
        "key_needs_admin": is_for_admins(credential, user),
        "deletes_itself": credential.kind in JOBS,
        "can_decide": needs_human and may_decide,
        "choose_form": forms.get("choose_form")
        or (ChooseEntryForm(candidates=credential.candidates) if credential.candidates else None),
        "attest_form": forms.get("attest_form") or AttestForm(),
        "findings": [presentation.finding_row(row) for row in findings],
        "moments": timeline_of(credential, findings, revocations),
        "sees_places": user.has_perm("tokens.view_inventory"),
        "timeline_trail_url": trail_url(subject=f"credential:{credential.pk}")
        if user.has_perm("audit.view_event")
        else "",
        "atlassian_url": f"{settings.ATLASSIAN_ID_URL}/manage-profile/security/api-tokens",
    }


@require_safe
@require_signed_in
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """How to use it, with a placeholder where the secret goes."""
    user = signed_in_user(request)
    credential = found(lambda: queries.usable_credential(pk, user))
    workspace = Workspace.objects.filter(uuid__in=settings.BITBUCKET_WORKSPACES).order_by("slug").first()
    context = {
        "credential": credential,
        "item": presentation.credential_row(credential),
        "sections": snippets_for(credential, email=user.person.email, workspace=workspace.slug if workspace else ""),
    }
    return render(request, "tokens/use.html", context)


@require_POST
@require_signed_in
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Start ending a credential."""
    user = signed_in_user(request)
    credential = found(lambda: queries.visible_credential(pk, user))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = detail_context(credential, user, revoke_form=form)
        return render(request, "tokens/credential_detail.html", context, status=422)
    return attempt(
        request,
        lambda: start_revocation(credential, reason=form.cleaned_data["reason"], acting_user=user),
        then=credential.get_absolute_url(),
    )


@require_POST
@require("tokens.request_credential")
def lost(request: HttpRequest, pk: int) -> HttpResponse:
    """The secret is lost: end the credential and ask for the same grant again."""
    user = signed_in_user(request)
    credential = found(lambda: queries.own_credentials(user.person).get(pk=pk))
    try:
        made = report_lost(credential, acting_user=user)
    except (NotAllowed, Stale) as refusal:
        text = str(refusal)

        def refuse() -> None:
            raise Stale(text)

        return attempt(request, refuse, then=credential.get_absolute_url())
    return redirect(made)


@require_POST
@require("tokens.revoke_credential")
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """A person says which entry it is."""
    user = signed_in_user(request)
    credential = found(lambda: queries.visible_credential(pk, user))
    form = ChooseEntryForm(request.POST, candidates=credential.candidates)
    if not form.is_valid():
        context = detail_context(credential, user, choose_form=form)
        return render(request, "tokens/credential_detail.html", context, status=422)
    return attempt(
        request,
        lambda: choose_entry(credential, form.cleaned_data["entry"], acting_user=user),
        then=reverse("credential", args=[pk]),
    )


@require_POST
@require("tokens.revoke_credential")
def attest(request: HttpRequest, pk: int) -> HttpResponse:
    """A person says it is gone."""
    user = signed_in_user(request)
    credential = found(lambda: queries.visible_credential(pk, user))
    form = AttestForm(request.POST)
    if not form.is_valid():
        context = detail_context(credential, user, attest_form=form)
        return render(request, "tokens/credential_detail.html", context, status=422)
    return attempt(
        request,
        lambda: attest_gone(credential, words=form.cleaned_data["words"], acting_user=user),
        then=reverse("credential", args=[pk]),
        done="Recorded as attested, with your name.",
    )
