"""Who makes an access token, and how, as pages show it."""

from typing import Any

from django.urls import reverse

from accounts.models import User
from tokens.access_token_forms import PresentForm
from tokens.boundaries import UnknownPlace, boundary_of, settings_page, settings_page_of
from tokens.catalogue.data import ACCESS_TOKEN_KINDS
from tokens.makers import makers_of, may_make, may_present, names_in_words
from tokens.models import BoundaryProof, Credential, Makers, Request, Verification
from tokens.operations.presenting import PRESENTABLE
from tokens.presentation import kind_card, kind_name
from tokens.states import RequestState


def making(request: Request, user: User) -> dict[str, Any] | None:
    """Who makes the access token of an approved request, for its page; None where nobody has to."""
    if request.kind not in ACCESS_TOKEN_KINDS or request.state != RequestState.APPROVED:
        return None
    people = makers_of(request) if request.makers == Makers.KNOWN else []
    own = request.person_id == user.person_id
    return {
        "state": request.makers or Makers.LOOKING,
        "kind_name": kind_name(request.kind).lower(),
        "boundary": request.boundary,
        "who": names_in_words(people),
        "because": request.makers_because,
        "can_make": may_make(request, user),
        "create_url": reverse("create", args=[request.code]),
        "again_url": reverse("makers_again", args=[request.code])
        if own or user.has_perm("tokens.revoke_credential")
        else "",
    }


def place_words(request: Request) -> str:
    """The place as Bitbucket's addresses name it today, or as it was typed where that is not known."""
    try:
        return boundary_of(request).words
    except UnknownPlace:
        return request.boundary


def making_steps(request: Request) -> list[dict[str, Any]]:
    """The walk through the place's settings at Bitbucket, one thing a step."""
    place = place_words(request)
    page = settings_page(request.kind, place)
    return [
        {"title": f"Open the access tokens of {place}", "kind": "settings", "url": page.link, "by_hand": page.words},
        {
            "title": "Choose to create an access token, and give it this name",
            "kind": "name",
            "value": request.credential_name,
        },
        {
            "title": "Tick exactly these scopes",
            "kind": "classic",
            "values": kind_card(request.kind, list(request.scopes))["classic"],
        },
        {"title": "Let it end on this day, or earlier", "kind": "date", "value": request.approved_until},
        {"title": "Create it, and copy it: Bitbucket shows it once", "kind": "plain"},
        {"title": f"Put it straight into the secret store of: {request.where_used}", "kind": "store"},
    ]


def token_context(credential: Credential, user: User, form: PresentForm | None) -> dict[str, Any]:
    """What the page of a credential adds for an access token: where it is deleted, by whom, and how that is proven."""
    if credential.kind not in ACCESS_TOKEN_KINDS:
        return {"token": None}
    check = Verification.objects.filter(registered_as=credential).first()
    request = credential.request
    may = may_present(credential, user) and bool(credential.fingerprint) and credential.state in PRESENTABLE
    return {
        "token": {
            "place": credential.place_name,
            "page": settings_page_of(credential),
            "who": names_in_words(makers_of(request)) if request else "",
            "is_proven": check is not None and check.boundary_proof == BoundaryProof.PROVEN,
            "not_proven_because": check.boundary_words if check else "",
            "can_present": may,
            "form": (form or PresentForm()) if may else None,
        }
    }
